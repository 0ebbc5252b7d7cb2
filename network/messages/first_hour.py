"""What the first hour with real equipment says: host keys, the first look at devices, and what to do next."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_ERRORS: Final[dict[str, Message]] = {
    "trust.unlike": Message(
        id=(
            "{device}: kunci host yang ditunjukkan {address} bukan yang diharapkan. Diharapkan {wanted}; ditunjukkan {shown}. "
            "Tidak ada yang dipercaya. Baca sidik jarinya sekali lagi di perangkat itu sendiri; bila tetap berbeda, mungkin "
            "perangkat lain yang menjawab di alamat itu."
        ),
        en=(
            "{device}: the host key that {address} shows is not the one that is expected. Expected {wanted}; shown {shown}. "
            "Nothing was trusted. Read the fingerprint on the device itself once more; if it still differs, another device may "
            "be answering at that address."
        ),
    ),
    "trust.changed": Message(
        id=(
            "{device}: kunci host {address} bukan lagi yang dipercaya. Yang lama {old}; yang ditunjukkan {new}. Yang lama tetap "
            "dipercaya. Tanyakan apakah perangkat itu diganti atau dipasang ulang; bila ya, cocokkan yang baru di perangkatnya, "
            "lalu `lajur device trust {device} --replace`. Bila tidak, jangan: mungkin ada yang menyadap."
        ),
        en=(
            "{device}: the host key of {address} is no longer the one that is trusted. The old one {old}; shown was {new}. The "
            "old one stays trusted. Ask whether the device was replaced or installed anew; if so, compare the new one on the "
            "device, then `lajur device trust {device} --replace`. If not, do not: somebody may be listening."
        ),
    ),
    "trust.file": Message(
        id=(
            "Berkas kunci host {file} tidak dapat dibaca atau ditulis ({reason}). Yang dipercaya tetap seperti semula. "
            "Periksa izin dan ruang folder state (LAJUR_STATE), lalu ulangi."
        ),
        en=(
            "The file of host keys {file} cannot be read or written ({reason}). What was trusted stays as it was. Check the "
            "permissions and the space of the state folder (LAJUR_STATE), then try again."
        ),
    ),
    "reach.memory": Message(
        id=(
            "Perangkat {regency} hanya ada di memori: tidak ada yang bisa dihubungi. Bangun lab (`lajur lab up`), atau buat "
            "kabupaten Anda sendiri dengan `lajur init`; perangkatnya sungguhan bila `illustrative: false`."
        ),
        en=(
            "The devices of {regency} are in memory only: there is nothing to be dialled. Build the lab (`lajur lab up`), or "
            "make a regency of your own with `lajur init`; its devices are real when it says `illustrative: false`."
        ),
    ),
    "device.not_understood": Message(
        id=(
            "{device} ({step}): {address} menerima masuk, tetapi tidak menjawab seperti {platform} ({reason}). Tidak ada yang "
            "diubah. Periksa platform perangkat itu di devices.yaml, dan pesan apa yang ditunjukkannya setelah masuk."
        ),
        en=(
            "{device} ({step}): {address} let us in, but does not answer as {platform} does ({reason}). Nothing was changed. "
            "Check the platform of that device in devices.yaml, and what it shows after a login."
        ),
    ),
    "device.cut_looking": Message(
        id=(
            "{device} ({step}): {address} berhenti menjawab ketika dilihat ({reason}). Tidak ada yang diubah. Periksa apakah "
            "perangkat itu hidup dan platform di devices.yaml benar, lalu jalankan lagi."
        ),
        en=(
            "{device} ({step}): {address} stopped answering while it was looked at ({reason}). Nothing was changed. See whether "
            "the device is up and its platform in devices.yaml is right, then try again."
        ),
    ),
}

_CHECK: Final[dict[str, Message]] = {
    "check.platform": Message(
        id="kebenaran mengatakan {truth}, tetapi yang menjawab {shown}",
        en="the truth says {truth}, but what answers is {shown}",
    ),
    "check.next_platform": Message(
        id="perbaiki platform {device} di devices.yaml, atau alamatnya",
        en="mend the platform of {device} in devices.yaml, or its address",
    ),
    "check.clock_ahead": Message(id="jamnya {seconds} detik terlalu maju", en="its clock is {seconds} seconds ahead of ours"),
    "check.clock_behind": Message(id="jamnya {seconds} detik terlambat", en="its clock is {seconds} seconds behind ours"),
    "check.next_clock": Message(
        id="nyalakan NTP di {device} dan di mesin ini, agar log keduanya dapat dibandingkan",
        en="turn on NTP on {device} and on this machine, so that their logs can be compared",
    ),
    "check.old": Message(
        id="{program} {shown} terlalu lama (usang); yang dikenal di sini mulai dari {least}",
        en="{program} {shown} is too old; what is known here begins with {least}",
    ),
    "check.next_old": Message(
        id="perbarui {program} di {device}; sampai itu, jangan `lajur link apply` dan `lajur apply` ke sana",
        en="upgrade {program} on {device}; until then keep `lajur link apply` and `lajur apply` away from it",
    ),
    "check.lacks": Message(id="tidak punya {what}", en="it lacks {what}"),
    "check.next_lacks": Message(
        id="pasang di {device} (Debian: apt install iproute2 frr util-linux), lalu periksa lagi",
        en="install it on {device} (Debian: apt install iproute2 frr util-linux), then check again",
    ),
    "check.silent": Message(
        id="{what} ada, tetapi tidak menjawab: perutean di sini tidak dapat dilihat, diubah, atau disimpan",
        en="{what} is there, but does not answer: routing here can be neither seen nor changed nor saved",
    ),
    "check.next_silent": Message(
        id="lihat di {device} mengapa (`vtysh -c 'show version'`, `systemctl status frr`), lalu periksa lagi",
        en="see on {device} why (`vtysh -c 'show version'`, `systemctl status frr`), then check again",
    ),
    "check.next_root": Message(
        id="antrean dan tautan hanya dapat diubah oleh root: ubah login.user di devices.yaml",
        en="only root may change queues and links: change login.user in devices.yaml",
    ),
    "check.interface": Message(
        id="tidak ada antarmuka {interface} (tautan {link}); yang ada: {there}",
        en="there is no interface {interface} (link {link}); there are: {there}",
    ),
    "check.next_interface": Message(
        id="samakan nama antarmuka {link} di links.yaml dengan yang ada di {device}",
        en="make the interface of {link} in links.yaml the one that {device} has",
    ),
    "check.address_absent": Message(
        id="alamat {address} untuk {place} belum ada", en="the address {address} for {place} is not there"
    ),
    "check.next_link": Message(id="`lajur link apply {link}`", en="`lajur link apply {link}`"),
    "check.address_other": Message(
        id="menjawab di {address}, tetapi alamat itu bukan miliknya: ada NAT di antaranya?",
        en="it answers at {address}, but does not have that address itself: is there NAT in between?",
    ),
    "check.next_address": Message(
        id="biarkan bila memang demikian; bila tidak, perbaiki address di devices.yaml",
        en="leave it if that is so; else mend address in devices.yaml",
    ),
    "check.lan_absent": Message(id="tidak ada alamat dari LAN {lan}", en="there is no address of the LAN {lan}"),
    "check.next_lan": Message(
        id="beri {device} alamat dari LAN itu, atau perbaiki lan di offices.yaml",
        en="give {device} an address of that LAN, or mend lan in offices.yaml",
    ),
    "check.address_taken": Message(
        id="{address} ({interface}) menurut kebenaran milik {owner}", en="{address} ({interface}) is {owner}'s, the truth says"
    ),
    "check.next_taken": Message(
        id="hapus dari {device} dengan tangan, atau perbaiki kebenarannya; dua pemilik satu alamat saling memutus",
        en="remove it from {device} by hand, or mend the truth; two owners of one address cut each other off",
    ),
    "check.address_strange": Message(
        id="{address} ({interface}) tidak ada dalam kebenaran", en="{address} ({interface}) is not in the truth"
    ),
    "check.next_strange": Message(id="dibiarkan oleh Lajur", en="Lajur leaves it alone"),
    "check.queue_in_way": Message(
        id="antrean {queue} di {interface} bukan buatan Lajur, dan di situlah antreannya berdiri",
        en="the queue {queue} on {interface} was not made by Lajur, and stands where its own queues go",
    ),
    "check.next_queue": Message(
        id="bila tidak dipakai lagi, hapus dengan tangan: `{undo}`; Lajur tidak menghapusnya",
        en="if nobody needs it, remove it by hand: `{undo}`; Lajur never removes it",
    ),
    "check.next_inside": Message(
        id="bila tidak dipakai lagi, hapus hanya itu dengan `tc`, bukan akar di {interface}; Lajur tidak menghapusnya",
        en="if nobody needs it, remove only that with `tc`, not the root of {interface}; Lajur never removes it",
    ),
    "check.queue_beside": Message(
        id="antrean {queue} di {interface} bukan buatan Lajur", en="the queue {queue} on {interface} was not made by Lajur"
    ),
    "check.next_beside": Message(id="dibiarkan; ingatlah bahwa ia juga membatasi", en="left alone; remember that it limits too"),
    "check.armed": Message(
        id="masih dipegang proses {run}; pewaktunya tinggal {seconds} detik",
        en="run {run} still holds it; its timer has {seconds} seconds left",
    ),
    "check.next_armed": Message(id="tunggu, lalu `lajur recover`", en="wait, then `lajur recover`"),
    "check.return": Message(
        id="pewaktu pulang {timer} bekerja dalam {seconds} detik", en="return timer {timer} acts in {seconds} seconds"
    ),
    "check.hook": Message(
        id=(
            "tidak ada yang memanggil {hook} saat dinyalakan: sesudahnya, perubahan yang belum dikonfirmasi atau belum "
            "tersimpan baru diselesaikan saat ada yang masuk lagi"
        ),
        en=(
            "nothing calls {hook} when it starts: after a restart, a change that was not yet confirmed or saved is finished only "
            "when somebody logs in again"
        ),
    ),
    "check.next_hook": Message(
        id="di {device} sebagai root: `{install}`; tanpa systemd: panggil `sh {hook}` dari /etc/rc.local",
        en="on {device} as root: `{install}`; without systemd: call `sh {hook}` from /etc/rc.local",
    ),
    "check.next_return": Message(id="memang demikian selama jendela terbuka", en="as it should be while a window is open"),
}

_VIEW: Final[dict[str, Message]] = {
    "cli.device.column_platform": Message(id="Platform", en="Platform"),
    "cli.device.column_serves": Message(id="Melayani", en="Serves"),
    "cli.device.column_trusted": Message(id="Kunci yang dipercaya", en="Trusted key"),
    "cli.device.column_fingerprint": Message(id="Sidik jari", en="Fingerprint"),
    "cli.device.column_verdict": Message(id="Putusan", en="Verdict"),
    "cli.device.column_seen": Message(id="Terlihat", en="Seen"),
    "cli.device.asking": Message(
        id="Menanyakan kunci host {count} perangkat …", en="Asking {count} devices for their host keys …"
    ),
    "cli.device.checking": Message(id="Melihat {count} perangkat …", en="Looking at {count} devices …"),
    "cli.device.dry_check": Message(
        id="Tidak ada yang dihubungi: ke {count} perangkat ini akan masuk, lalu hanya melihat. Berikutnya: `lajur device check`.",
        en="Nobody was dialled: these {count} devices would be logged in to and only looked at. Next: `lajur device check`.",
    ),
    "cli.device.nobody": Message(id="belum ada", en="none yet"),
    "cli.device.new": Message(id="baru", en="new"),
    "cli.device.trusted": Message(id="dipercaya", en="trusted"),
    "cli.device.changed": Message(id="BERUBAH", en="CHANGED"),
    "cli.device.failed": Message(id="gagal", en="failed"),
    "cli.device.pinned": Message(id="kini dipercaya", en="trusted now"),
    "cli.device.ok": Message(id="baik", en="good"),
    "cli.device.mend": Message(id="perbaiki", en="mend"),
    "cli.device.note": Message(id="catatan", en="note"),
    "cli.device.old": Message(id="lama {key}", en="old {key}"),
    "cli.device.new_key": Message(id="baru {key}", en="new {key}"),
    "cli.device.clock": Message(id="; jam {offset} s", en="; clock {offset} s"),
    "cli.device.next_trust": Message(
        id="{count} perangkat belum punya kunci yang dipercaya. Berikutnya: `lajur device trust`.",
        en="{count} devices have no trusted key yet. Next: `lajur device trust`.",
    ),
    "cli.device.compare": Message(
        id=(
            "Cocokkan setiap sidik jari di perangkat itu sendiri, bukan lewat jaringan (Linux: "
            "`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`). Yang cocok barulah dipercaya."
        ),
        en=(
            "Compare every fingerprint on the device itself, not over the network (Linux: "
            "`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`). Trust only what is equal."
        ),
    ),
    "cli.device.next_again": Message(
        id="Selesaikan yang di atas, lalu jalankan lagi. Yang lain: `lajur device check`.",
        en="Settle what stands above, then try again. For the others: `lajur device check`.",
    ),
    "cli.device.next_check": Message(
        id="Semua dipercaya ({file}). Berikutnya: `lajur device check`.",
        en="All are trusted ({file}). Next: `lajur device check`.",
    ),
    "cli.device.sum": Message(
        id="{ok} baik, {mend} perlu diperbaiki, {failed} gagal dilihat.",
        en="{ok} good, {mend} to be mended, {failed} could not be seen.",
    ),
    "cli.device.next_mend": Message(
        id="Kerjakan kolom Berikutnya, lalu `lajur device check` lagi. Tidak ada yang diubah di perangkat.",
        en="Do what the column Next says, then `lajur device check` again. Nothing was changed on the devices.",
    ),
    "cli.device.next_plan": Message(
        id="Berikutnya: `lajur link plan`, lalu `lajur plan`. Tidak ada yang diubah di perangkat.",
        en="Next: `lajur link plan`, then `lajur plan`. Nothing was changed on the devices.",
    ),
    "cli.ask.trust": Message(
        id="Sudah dicocokkan, dan {count} kunci ini dipercaya? [y/t]",
        en="Did you compare them, and are these {count} keys trusted? [y/n]",
    ),
    "cli.refused.needs_word": Message(
        id=(
            "Tidak ada terminal untuk bertanya, jadi tidak ada yang dipercaya. Beri --fingerprint SHA256:… untuk satu "
            "perangkat, atau --yes bila sidik jarinya sudah dicocokkan."
        ),
        en=(
            "There is no terminal to ask on, so nothing was trusted. Give --fingerprint SHA256:… for one device, or --yes when "
            "the fingerprints were compared already."
        ),
    ),
    "cli.usage.no_device": Message(
        id="Tidak ada perangkat {key} di devices.yaml.{nearest}",
        en="There is no device {key} in devices.yaml.{nearest}",
    ),
    "cli.usage.one_fingerprint": Message(
        id="--fingerprint berlaku untuk satu perangkat, bukan {count}. Sebut perangkatnya.",
        en="--fingerprint is for one device, not for {count}. Name the device.",
    ),
    "cli.usage.fingerprint": Message(
        id="{value} bukan sidik jari SHA256. Bentuknya SHA256: dan 43 huruf, seperti ditunjukkan `ssh-keygen -l`.",
        en="{value} is no SHA256 fingerprint. It is SHA256: and 43 letters, as `ssh-keygen -l` shows it.",
    ),
}

_HELP: Final[dict[str, Message]] = {
    "cli.help.device": Message(
        id="Perangkat: siapa kuncinya, apa yang terlihat, apa yang harus dibereskan lebih dulu.",
        en="Devices: whose key it is, what they show, what must be put right first.",
    ),
    "cli.help.device_list": Message(
        id="Perangkat menurut kebenaran, dan kunci host yang dipercaya. Tidak menghubungi siapa pun.",
        en="The devices of the truth, and the host keys that are trusted. Dials nobody.",
    ),
    "cli.help.device_trust": Message(
        id=(
            "Ambil kunci host tanpa kata sandi, tunjukkan sidik jarinya, percayai setelah dipastikan.\n\n"
            "Kunci yang berubah tidak pernah diganti tanpa --replace. Setiap kunci yang dipercaya tercatat di log audit.\n\n"
            "  lajur device trust                            semua perangkat, bertanya sekali\n"
            "  lajur device trust core --fingerprint SHA256:...   hanya bila sama, untuk skrip"
        ),
        en=(
            "Fetch host keys without credentials, show their fingerprints, trust them once confirmed.\n\n"
            "A key that has changed is never replaced without --replace. Every key that is trusted stands in the audit log.\n\n"
            "  lajur device trust                            every device, asking once\n"
            "  lajur device trust core --fingerprint SHA256:...   only when equal, for scripts"
        ),
    ),
    "cli.help.device_check": Message(
        id=(
            "Masuk ke perangkat dan lihat saja: platform, versi, jam, antrean dan alamat yang bukan milik kita.\n\n"
            "Keluar 0 bila semua baik, 2 bila ada yang perlu diperbaiki, 3 bila kunci atau rahasianya tidak dapat dipakai, 4 "
            "bila perangkat tidak dapat dilihat."
        ),
        en=(
            "Log in to devices and only look: platform, version, clock, queues and addresses that are not ours.\n\n"
            "Ends with 0 when all is good, 2 when something is to be mended, 3 when a key or a secret cannot be used, 4 when a "
            "device could not be seen."
        ),
    ),
    "cli.flag.devices": Message(id="Perangkat, bawaannya semua", en="Devices, all unless named"),
    "cli.flag.fingerprint": Message(
        id="Percayai hanya bila sidik jarinya sama dengan ini; tidak bertanya",
        en="Trust only when the fingerprint equals this; does not ask",
    ),
    "cli.flag.replace": Message(
        id="Percayai juga kunci yang berbeda dari yang dipercaya sebelumnya",
        en="Trust also a key that differs from the one trusted before",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_ERRORS, **_CHECK, **_VIEW, **_HELP}
