"""What can go wrong at one leased server or its controller, and the kinds in which it differs from what was accepted."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_REACH: Final[dict[str, Message]] = {
    "infra.unreachable": Message(
        id=(
            "{server}: {address} tidak dapat dihubungi ({reason}). Tidak ada yang diubah padanya. Periksa mesin, jaringan "
            "dan SSH-nya."
        ),
        en=(
            "{server}: {address} cannot be reached ({reason}). Nothing was changed on it. Check the machine, its network and "
            "its SSH."
        ),
    ),
    "infra.cut": Message(
        id=(
            "{server}: sambungan ke {address} putus di tengah pekerjaan ({reason}). Yang sudah dikerjakan tetap. Jalankan "
            "perintah yang sama lagi: ia membaca ulang dan meneruskan."
        ),
        en=(
            "{server}: the connection to {address} broke in the middle of the work ({reason}). What was done stays. Give the "
            "same command again: it reads back and goes on."
        ),
    ),
    "infra.timed_out": Message(
        id=(
            "{server}: {address} tidak selesai dalam {seconds} detik. Lihat beban mesinnya, lalu jalankan perintah yang sama "
            "lagi."
        ),
        en=(
            "{server}: {address} was not through in {seconds} seconds. See the load of the machine, then give the same "
            "command again."
        ),
    ),
    "infra.no_ssh": Message(
        id=(
            "{server}: di {address} ada yang menjawab, tetapi bukan SSH. Tidak ada yang diubah. Periksa alamat dan port di "
            "servers.yaml."
        ),
        en=(
            "{server}: something answers at {address}, but it is not SSH. Nothing was changed. Check address and port in "
            "servers.yaml."
        ),
    ),
    "infra.login_refused": Message(
        id=(
            "{server}: {address} menolak masuk sebagai {user}. Tidak ada yang diubah. Periksa pengguna dan rujukan rahasianya di "
            "servers.yaml; server yang sudah dikembalikan, hapus dari sana."
        ),
        en=(
            "{server}: {address} refused the login as {user}. Nothing was changed. Check the user and the reference to the "
            "secret in servers.yaml; a server that was given back, take out of there."
        ),
    ),
    "infra.key_unreadable": Message(
        id="{server}: kunci pribadi untuk {user} tidak dapat dipakai ({reason}). Tidak ada yang dikirim. Periksa rujukannya.",
        en="{server}: the private key for {user} cannot be used ({reason}). Nothing was sent. Check the reference to it.",
    ),
    "infra.host_key_unknown": Message(
        id=(
            "{server}: belum ada kunci host yang dipercaya untuk {address} di {file}. Tidak ada yang dikirim. Jalankan "
            "`lajur device trust {server}` dan cocokkan sidik jarinya dengan yang disebut pemberi sewa."
        ),
        en=(
            "{server}: no host key is trusted for {address} in {file}. Nothing was sent. Give `lajur device trust {server}` and "
            "compare the fingerprint with what the lessor says."
        ),
    ),
    "infra.host_key_changed": Message(
        id=(
            "{server}: kunci host {address} berubah: dipercaya {pinned}, yang ditunjukkan {offered}. Kata sandi tidak "
            "dikirim dan tidak ada yang diubah. Tanyakan pemberi sewa apakah mesinnya diganti atau dipasang ulang; bila ya, "
            "`lajur device trust {server} --replace`. Bila tidak, jangan masuk."
        ),
        en=(
            "{server}: the host key of {address} has changed: trusted is {pinned}, shown was {offered}. No password was sent and "
            "nothing was changed. Ask the lessor whether the machine was replaced or installed anew; if so, "
            "`lajur device trust {server} --replace`. If not, do not log in."
        ),
    ),
    "infra.host_keys_unreadable": Message(
        id=(
            "{server}: berkas kunci host {file} tidak dapat dibaca ({reason}). Tidak ada yang dikirim ke {address}. Perbaiki "
            "haknya."
        ),
        en="{server}: the file of host keys {file} cannot be read ({reason}). Nothing was sent to {address}. Mend its rights.",
    ),
    "infra.too_much_output": Message(
        id=(
            "{server}: {address} mengirim lebih dari {most} byte, jadi sambungan ditutup. Tidak ada yang diubah. Periksa "
            "mesin itu."
        ),
        en=(
            "{server}: {address} sent more than {most} bytes, so the connection was closed. Nothing was changed. Check that "
            "machine."
        ),
    ),
    "infra.output_lacking": Message(
        id="{server}: jawaban mesin tidak lengkap (tanpa {section}). Tidak ada yang diubah. Periksa mesinnya, lalu ulangi.",
        en=(
            "{server}: the machine's answer is not whole ({section} is missing). Nothing was changed. Check the machine, "
            "then try again."
        ),
    ),
    "infra.output_too_long": Message(
        id=(
            "{server}: jawaban mesin terlalu panjang ({section}, lebih dari {most} byte). Tidak ada yang diubah. Periksa "
            "mesin itu."
        ),
        en=(
            "{server}: the machine's answer is too long ({section}, more than {most} bytes). Nothing was changed. Check that "
            "machine."
        ),
    ),
    "infra.output_unreadable": Message(
        id="{server}: jawaban mesin tidak dapat dipahami ({section}): {line}. Tidak ada yang diubah. Periksa mesin itu.",
        en="{server}: the machine's answer cannot be understood ({section}): {line}. Nothing was changed. Check that machine.",
    ),
    "infra.section_failed": Message(
        id="{server}: mesin tidak dapat ditanya tentang {section} ({status}). Tidak ada yang diubah. Periksa mesin itu.",
        en="{server}: the machine could not be asked about {section} ({status}). Nothing was changed. Check that machine.",
    ),
    "infra.adopted_elsewhere": Message(
        id=(
            "{server}: mesin ini sudah dipegang kabupaten {regency} sebagai {other}. Tidak ada yang diubah padanya. Periksa "
            "alamatnya di servers.yaml, atau minta pemegangnya melepas dulu (`lajur infra destroy`)."
        ),
        en=(
            "{server}: this machine is held by the regency {regency} as {other}. Nothing was changed on it. Check its address in "
            "servers.yaml, or have its holder release it first (`lajur infra destroy`)."
        ),
    ),
    "infra.command_failed": Message(
        id=(
            "{server}: sebuah perintah di mesin gagal (status {status}): {reason}. Lihat mesinnya, lalu jalankan perintah "
            "yang sama lagi."
        ),
        en=(
            "{server}: a command on the machine failed (status {status}): {reason}. See the machine, then give the same "
            "command again."
        ),
    ),
    "infra.only_copy": Message(
        id=(
            "{server}: di mesin ada basis data, atau cadangannya ({bytes} bita), dan tidak ada yang menyatakan bahwa itu boleh "
            "hilang. Tidak ada yang dihapus. Buat cadangannya di server lain, atau sebut alasannya: `--without-backup ALASAN`."
        ),
        en=(
            "{server}: there is a database on the machine, or backups of one ({bytes} bytes), and nobody said that it may go. "
            "Nothing was wiped. Back it up to another server, or say why it may: `--without-backup REASON`."
        ),
    ),
    "infra.wipe_broke_off": Message(
        id="{server}: penghapusan data terputus. Yang sudah dihapus tercatat di mesin; jalankan perintah yang sama lagi.",
        en="{server}: the wiping of data broke off. What is wiped stands on the machine; give the same command again.",
    ),
    "infra.wipe_incomplete": Message(
        id=(
            "{server}: yang belum terhapus: {count} ({remains}), jadi mesin ini belum dilepas. Buang di mesinnya, lalu "
            "jalankan perintah yang sama lagi."
        ),
        en=(
            "{server}: what is not wiped: {count} ({remains}), so the machine is not released. Remove them on it, then "
            "give the same command again."
        ),
    ),
    "infra.still_let_in": Message(
        id=(
            "{server}: sesudah penghapusan kami masih dapat masuk, jadi mesin ini belum dilepas. Buang kunci dan kata sandi yang "
            "tersisa di sana, lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "{server}: after the wiping we are still let in, so the machine is not released. Take away the keys and "
            "passwords that are left there, then give the same command again."
        ),
    ),
}

_CONTROLLER: Final[dict[str, Message]] = {
    "infra.ironic_busy": Message(
        id=(
            "{server}: mesin {node} masih dikerjakan Ironic di {address} (keadaan {state}, dipegang {holder}), jadi ini tidak "
            "diperintahkan: {doing}. Tunggu sampai selesai (`baremetal node show {node}`), lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "{server}: the Ironic at {address} is still busy with the machine {node} (state {state}, held by {holder}), so this "
            "was not ordered: {doing}. Wait until it is through (`baremetal node show {node}`), then give the same command again."
        ),
    ),
    "infra.ironic_maintenance": Message(
        id=(
            "{server}: mesin {node} di Ironic {address} sedang dalam pemeliharaan (keadaan {state}, alasan: {reason}), jadi ini "
            "tidak diperintahkan: {doing}. Bila pekerjaan di sana selesai, `baremetal node maintenance unset {node}`, lalu "
            "jalankan perintah yang sama lagi."
        ),
        en=(
            "{server}: in the Ironic at {address} the machine {node} is in maintenance (state {state}, reason: {reason}), so "
            "this was not ordered: {doing}. When the work there is done, give `baremetal node maintenance unset {node}`, then "
            "the same command again."
        ),
    ),
    "infra.ironic_no_node": Message(
        id=(
            "{server}: Ironic di {address} tidak mengenal mesin {node}. Tidak ada yang diubah. Periksa `bmc: node`, atau "
            "daftarkan mesinnya di sana (`baremetal node list` menyebut yang ada)."
        ),
        en=(
            "{server}: the Ironic at {address} knows no machine {node}. Nothing was changed. Check `bmc: node`, or enrol the "
            "machine there (`baremetal node list` tells which there are)."
        ),
    ),
    "infra.ironic_state": Message(
        id=(
            "{server}: mesin {node} di Ironic {address} berkeadaan {state}, padahal perlu {wanted}. Tidak ada yang diubah "
            "padanya. Bawa ke keadaan itu di sana (`baremetal node manage` atau `adopt`), lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "{server}: in the Ironic at {address} the machine {node} is {state}, and it has to be {wanted}. Nothing was changed "
            "on it. Bring it there (`baremetal node manage` or `adopt`), then give the same command again."
        ),
    ),
}

_REASONS: Final[dict[str, Message]] = {
    "infra.reason.no_effect": Message(id="pengendali menerimanya tanpa akibat", en="the controller took it to no effect"),
}

_KINDS: Final[dict[str, Message]] = {
    "infra.kind.service_stopped": Message(id="layanan berhenti", en="service stopped"),
    "infra.kind.service_disabled": Message(id="layanan tidak lagi menyala sendiri", en="service no longer starts by itself"),
    "infra.kind.service_added": Message(id="layanan kini menyala sendiri", en="service starts by itself now"),
    "infra.kind.package_removed": Message(id="paket dihapus", en="package removed"),
    "infra.kind.package_changed": Message(id="versi paket berubah", en="package version changed"),
    "infra.kind.package_added": Message(id="paket baru", en="package added"),
    "infra.kind.port_opened": Message(id="port baru terbuka", en="port opened"),
    "infra.kind.port_closed": Message(id="port tertutup", en="port closed"),
    "infra.kind.disk_missing": Message(id="disk hilang", en="disk missing"),
    "infra.kind.disk_changed": Message(id="disk berubah", en="disk changed"),
    "infra.kind.memory_changed": Message(id="memori berubah", en="memory changed"),
    "infra.kind.cpus_changed": Message(id="jumlah prosesor berubah", en="processors changed"),
    "infra.kind.key_added": Message(id="kunci SSH ditambahkan", en="SSH key added"),
    "infra.kind.key_removed": Message(id="kunci SSH dihapus", en="SSH key removed"),
    "infra.kind.keys_unread": Message(id="berkas kunci SSH tidak terbaca", en="file of SSH keys not readable"),
    "infra.kind.user_added": Message(id="pengguna baru", en="user added"),
    "infra.kind.user_removed": Message(id="pengguna dihapus", en="user removed"),
    "infra.kind.host_key": Message(id="kunci host berubah", en="host key changed"),
    "infra.kind.login_enabled": Message(id="akun yang ada kini dapat masuk", en="account can log in now"),
    "infra.kind.login_disabled": Message(id="akun tidak dapat masuk lagi", en="account can no longer log in"),
    "infra.kind.password_set": Message(id="akun diberi kata sandi", en="account was given a password"),
    "infra.kind.password_changed": Message(id="kata sandi akun diganti", en="password of account changed"),
    "infra.kind.password_removed": Message(id="akun tidak lagi punya kata sandi", en="account no longer has a password"),
    "infra.kind.password_empty": Message(id="kata sandi akun kosong", en="password of account is empty"),
    "infra.kind.member_added": Message(id="akun masuk grup yang berkuasa root", en="account put in a group that makes root"),
    "infra.kind.member_removed": Message(
        id="akun keluar dari grup yang berkuasa root", en="account taken out of a group that makes root"
    ),
    "infra.kind.file_added": Message(id="berkas hak masuk atau root baru", en="new file that decides who becomes root"),
    "infra.kind.file_changed": Message(id="berkas hak masuk atau root berubah", en="file that decides who becomes root changed"),
    "infra.kind.file_removed": Message(id="berkas hak masuk atau root hilang", en="file that decides who becomes root gone"),
    "infra.kind.file_loose": Message(id="hak berkas terlalu longgar", en="rights of a file too loose"),
    "infra.kind.short_of_contract": Message(id="kurang dari kontrak", en="short of its contract"),
    "infra.kind.lease_expired": Message(id="sewa sudah berakhir", en="lease has ended"),
    "infra.kind.power_changed": Message(id="daya mesin berubah", en="power of the machine changed"),
    "infra.kind.boot_changed": Message(id="sumber boot berubah", en="boot device changed"),
    "infra.kind.media_changed": Message(id="isi drive virtual berubah", en="image in the virtual drive changed"),
    "infra.kind.node_changed": Message(id="keadaan di Ironic berubah", en="state in Ironic changed"),
    "infra.kind.controller_unreachable": Message(id="pengendali tidak dapat dihubungi", en="controller cannot be reached"),
    "infra.kind.rented_changed": Message(id="di cloud lain dari yang diminta", en="in the cloud other than was asked for"),
    "infra.kind.rented_gone": Message(id="tidak ada lagi di cloud", en="no longer in the cloud"),
    "infra.kind.rented_orphan": Message(
        id="bertanda milik kita di cloud, tidak tercatat", en="with our mark in the cloud, on no record"
    ),
    "infra.kind.rented_begun": Message(
        id="ada dan dibayar untuk server yang belum diambil alih", en="there, and paid for, for a server not taken over yet"
    ),
    "infra.kind.rented_leaving": Message(
        id="ada dan dibayar; pengembaliannya sudah dimulai", en="there, and paid for; giving it back was begun"
    ),
    "infra.kind.truth_changed": Message(id="kebenaran berubah sejak dicatat", en="truth changed since it was recorded"),
    "infra.kind.unreachable": Message(id="tidak dapat dihubungi", en="cannot be reached"),
    "infra.kind.record_missing": Message(id="catatan pengambilalihan hilang", en="record of the adoption missing"),
}

MESSAGES: Final[dict[str, Message]] = {**_REACH, **_CONTROLLER, **_REASONS, **_KINDS}
