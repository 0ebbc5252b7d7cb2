"""What stands in the tables of `lajur infra` in the place of a value: states, contract lines, why nobody answered."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_STATES: Final[dict[str, Message]] = {
    "infra.word.absent": Message(id="tidak ada", en="absent"),
    "infra.word.closed": Message(id="tertutup", en="closed"),
    "infra.word.disabled": Message(id="tidak menyala sendiri", en="does not start by itself"),
    "infra.word.empty": Message(id="kosong: siapa saja dapat masuk", en="empty: anybody is let in"),
    "infra.word.enabled": Message(id="menyala sendiri", en="starts by itself"),
    "infra.word.login": Message(id="dapat masuk", en="can log in"),
    "infra.word.masked": Message(id="dikunci mati (masked)", en="masked"),
    "infra.word.no_login": Message(id="tidak dapat masuk", en="cannot log in"),
    "infra.word.none": Message(id="tanpa", en="none"),
    "infra.word.not_plain": Message(id="bukan berkas biasa", en="not a plain file"),
    "infra.word.off": Message(id="mati", en="off"),
    "infra.word.on": Message(id="nyala", en="on"),
    "infra.word.open": Message(id="terbuka", en="open"),
    "infra.word.present": Message(id="ada", en="present"),
    "infra.word.readable": Message(id="terbaca", en="readable"),
    "infra.word.running": Message(id="berjalan", en="running"),
    "infra.word.stopped": Message(id="berhenti", en="stopped"),
}

_LINES: Final[dict[str, Message]] = {
    "infra.line.boot": Message(id="sumber boot", en="boot device"),
    "infra.line.cpus": Message(id="prosesor (utas)", en="processors (threads)"),
    "infra.line.disk": Message(id="disk {number}", en="disk {number}"),
    "infra.line.machine_id": Message(id="nomor mesin", en="machine id"),
    "infra.line.media": Message(id="drive virtual", en="virtual drive"),
    "infra.line.memory": Message(id="memori", en="memory"),
    "infra.line.model": Message(id="tipe", en="model"),
    "infra.line.network": Message(id="jaringan", en="network"),
    "infra.line.node": Message(id="simpul Ironic", en="Ironic node"),
    "infra.line.os": Message(id="sistem operasi", en="operating system"),
    "infra.line.power": Message(id="daya", en="power"),
    "infra.line.serial": Message(id="nomor seri", en="serial number"),
    "infra.section.files": Message(id="daftar berkas hak masuk dan root", en="list of files that decide who becomes root"),
    "infra.section.groups": Message(id="daftar anggota grup root", en="list of members of root's groups"),
    "infra.section.host_keys": Message(id="daftar kunci host", en="list of host keys"),
    "infra.section.keys": Message(id="daftar kunci SSH", en="list of SSH keys"),
    "infra.section.packages": Message(id="daftar paket", en="list of packages"),
    "infra.section.passwords": Message(id="daftar kata sandi", en="list of passwords"),
    "infra.section.ports": Message(id="daftar port", en="list of ports"),
    "infra.section.services": Message(id="daftar layanan", en="list of services"),
    "infra.section.users": Message(id="daftar akun", en="list of accounts"),
}

_SILENCES: Final[dict[str, Message]] = {
    "infra.silence.bmc_certificate": Message(id="sertifikat pengendali bukan yang dipercaya", en="another certificate"),
    "infra.silence.bmc_login_refused": Message(id="pengendali menolak masuk", en="the controller refused the login"),
    "infra.silence.bmc_unreachable": Message(id="pengendali tidak menjawab", en="the controller does not answer"),
    "infra.silence.cloud_away": Message(id="cloud tidak menjawab", en="the cloud does not answer"),
    "infra.silence.cloud_login": Message(id="cloud menolak masuk", en="the cloud refused the login"),
    "infra.silence.cloud_unknown": Message(id="cara masuknya tidak terbaca", en="how it is entered cannot be read"),
    "infra.silence.cut": Message(id="sambungan putus", en="the connection broke"),
    "infra.silence.host_key_unknown": Message(id="kunci host belum dipercaya", en="no host key is trusted yet"),
    "infra.silence.login_refused": Message(id="menolak masuk", en="refused the login"),
    "infra.silence.no_ssh": Message(id="menjawab, tetapi bukan SSH", en="answers, but not SSH"),
    "infra.silence.strange": Message(id="jawabannya tidak dapat dipakai", en="its answer is of no use"),
    "infra.silence.timed_out": Message(id="tidak selesai pada waktunya", en="not through in time"),
    "infra.silence.unknown_server": Message(id="tidak ada di servers.yaml", en="not in servers.yaml"),
    "infra.silence.unreachable": Message(id="tidak menjawab", en="no answer"),
}

MESSAGES: Final[dict[str, Message]] = {**_STATES, **_LINES, **_SILENCES}
