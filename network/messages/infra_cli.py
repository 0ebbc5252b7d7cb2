"""What `lajur infra` says: help, headings, progress, sums."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_HELP: Final[dict[str, Message]] = {
    "cli.help.infra": Message(
        id="Server yang disewa per tahun atau per jam: diambil alih menurut kontrak, dijaga, dikembalikan tanpa kredensial kita.",
        en="Servers, leased or rented by the hour: taken over by contract, kept under watch, given back without our credentials.",
    ),
    "cli.help.infra_preview": Message(
        id=(
            "Apa yang akan dikerjakan pada setiap server. Hanya melihat.\n\n"
            "Keluar dengan 0 bila tidak ada, 2 bila ada, 3 bila sebuah mesin kurang dari kontraknya atau aturan menolak."
        ),
        en=(
            "What would be done on every server. Only looks.\n\nExits with 0 when nothing would, 2 when something would, 3 "
            "when a machine is less than its contract or a rule says no."
        ),
    ),
    "cli.help.infra_up": Message(
        id=(
            "Sewa yang per jam, ambil alih server baru, dan perbaiki yang bergeser: tunjukkan dulu, tanya, lalu jalankan.\n\n"
            "  lajur infra up\n  "
            "lajur infra up --server app-1 --yes\n\nSetiap mesin baru dibandingkan baris demi baris dengan kontraknya; yang "
            "kurang ditolak dengan berita acara (JSON dan halaman cetak), yang lain tetap selesai. Mesin yang sudah diambil "
            "alih dibawa kembali ke keadaan saat diterima: layanan, paket, port, kunci. Keluar dengan 5 bila ada yang hanya "
            "dapat diperbaiki orang."
        ),
        en=(
            "Rent those by the hour, take over new servers and mend those that drifted: show it first, ask, carry it out.\n\n"
            "  lajur infra up\n  "
            "lajur infra up --server app-1 --yes\n\nEvery new machine is compared with its contract line by line; one that "
            "falls short is refused with an acceptance report (JSON and a page to print), the others are finished all the "
            "same. A machine that was taken over is brought back to how it was accepted: services, packages, ports, keys. "
            "Exits with 5 when only a person can mend something."
        ),
    ),
    "cli.help.infra_refresh": Message(
        id=(
            "Lihat semua server dan catat bedanya; di mesin tidak ada yang diubah.\n\n"
            '  lajur infra refresh --baseline db-1 --reason "PostgreSQL 15.9 dipasang sesuai rencana"\n\n'
            "Dengan --baseline keadaan sekarang menjadi patokan baru server itu, yang berbeda ditunjukkan, dan alasannya masuk "
            "log audit; yang kurang dari kontrak tetap beda. Tanpa itu keluar seperti `lajur infra drift`."
        ),
        en=(
            "Look at all servers and record what differs; nothing is changed on the machines.\n\n  lajur infra refresh "
            '--baseline db-1 --reason "PostgreSQL 15.9 installed as planned"\n\nWith --baseline what is there now is what '
            "that server is compared with from now on, what differed is shown, and the reason goes into the audit log; what is "
            "short of the contract stays a difference. Without it, ends as `lajur infra drift` does."
        ),
    ),
    "cli.help.infra_drift": Message(
        id=(
            "Bandingkan setiap server dengan keadaannya saat diterima, dan dengan kontraknya. Hanya melihat.\n\n"
            "Keluar dengan 0 bila tidak ada beda, 2 bila ada yang dapat diperbaiki `lajur infra up` (atau belum ada server yang "
            "diambil alih), 5 bila semuanya perlu orang."
        ),
        en=(
            "Compare every server with how it was accepted, and with its contract. Only looks.\n\n"
            "Exits with 0 when nothing differs, 2 when `lajur infra up` can mend something (or no server was taken over yet), 5 "
            "when all of it needs a person."
        ),
    ),
    "cli.help.infra_outputs": Message(
        id="Apa yang tercatat tentang server yang diambil alih; tidak pernah rahasia.",
        en="What is on record of the servers that were taken over; never a secret.",
    ),
    "cli.help.infra_destroy": Message(
        id=(
            "Kembalikan server: hapus kredensial (kunci, kata sandi, riwayat) di mesinnya, buktikan, lalu lepaskan.\n\n  "
            "lajur infra destroy --server mon-1 --release\n\nServer yang terlindung ditolak tanpa --release. Mesin tidak "
            "dimatikan; kunci pemberi sewa yang disebut `lessor_keys` di leases.yaml tetap di sana. Data aplikasi, basis data, "
            "dan disk tidak dihapus: itu dan syarat kontrak menjadi daftar yang dicentang orang pada berita acara (JSON dan "
            "halaman cetak). Mesin yang sudah tidak ada dilepas dengan --lost dan apa yang terjadi; padanya tidak ada yang "
            "dihapus.\n\nYang disewa per jam (clouds.yaml) dikembalikan ke cloud: mesin, volume, alamat, dan yang dipakainya "
            "sendiri dihapus dengan semua isinya."
        ),
        en=(
            "Give servers back: wipe the credentials (keys, passwords, histories) on the machine, prove it, release it.\n\n  "
            "lajur infra destroy --server mon-1 --release\n\nA protected server is refused without --release. The machine "
            "is not switched off; the lessor's keys that `lessor_keys` in leases.yaml names stay on it. Data of applications, "
            "databases and disks are not wiped: they and the conditions of the contract become a list on the record of the "
            "return (JSON and a page to print) that a person ticks. A machine that is gone is released with --lost and what "
            "became of it; nothing is wiped on it.\n\nOne that is rented by the hour (clouds.yaml) goes back to its cloud: "
            "machine, volume, address and what it alone stands on are deleted, with all that is on them."
        ),
    ),
    "cli.help.infra_recover": Message(
        id=(
            "Sesudah pekerjaan yang mati di tengah: buang kunci proses yang sudah tidak ada, selesaikan yang setengah jadi, dan "
            "hanya itu.\n\nBila tidak ada yang setengah jadi, tidak ada yang disentuh. Bila di sini tidak diketahui apa yang "
            "sedang dikerjakan, server hanya dilihat. Pengembalian dan `--baseline` yang terputus hanya disebut: itu diminta "
            "lagi oleh orang. Pekerjaan yang masih hidup tidak diganggu."
        ),
        en=(
            "After a run that died in the middle: take away the lock of a process that is gone, finish what is half done, and "
            "nothing else.\n\nWhere nothing is half done, nothing is touched. Where nobody here can tell what was being done, "
            "the servers are only looked at. A return or a `--baseline` that was cut off is only named: a person asks for it "
            "again. A run that is alive is left alone."
        ),
    ),
    "cli.flag.infra_server": Message(
        id="Hanya server ini; boleh beberapa kali.", en="This server only; may be given several times."
    ),
    "cli.flag.infra_release": Message(
        id="Lepaskan juga bila server itu terlindung, atau sendirian menjalankan sesuatu.",
        en="Release it though the server is protected, or alone carries something.",
    ),
    "cli.flag.infra_without_backup": Message(
        id="Hapus basis data tanpa cadangan baru, atau cadangan basis data, dan mengapa; masuk log audit dan berita acara.",
        en="Wipe a database without a fresh backup, or the backups of one, and why; in the audit log and the record of return.",
    ),
    "cli.flag.infra_lost": Message(
        id="Mesinnya tidak ada lagi, dan mengapa: tidak ada yang dihapus padanya.",
        en="The machine is gone, and why: nothing is wiped on it.",
    ),
    "cli.flag.infra_baseline": Message(
        id="Jadikan keadaan server ini sekarang patokannya; boleh beberapa kali.",
        en="Compare this server with what is there now from now on; may be given several times.",
    ),
    "cli.flag.infra_reason": Message(
        id="Mengapa patokannya diganti; masuk log audit.", en="Why it is compared with that; goes into the audit log."
    ),
}

_PROGRESS: Final[dict[str, Message]] = {
    "infra.starting": Message(id="Menyiapkan …", en="Making ready …"),
    "infra.stage.opening": Message(id="Membuka catatan Pulumi …", en="Opening Pulumi's state …"),
    "infra.stage.preview": Message(id="Melihat apa yang akan dikerjakan …", en="Looking at what would be done …"),
    "infra.stage.up": Message(id="Mengambil alih dan memperbaiki …", en="Taking over and mending …"),
    "infra.stage.refresh": Message(id="Melihat semua server …", en="Looking at all servers …"),
    "infra.stage.drift": Message(id="Membandingkan dengan keadaan saat diterima …", en="Comparing with how they were accepted …"),
    "infra.stage.outputs": Message(id="Membaca catatan …", en="Reading what is on record …"),
    "infra.stage.destroy": Message(
        id="Menghentikan, menghapus data dan kredensial, lalu melepaskan …",
        en="Stopping, wiping data and credentials, and releasing …",
    ),
    "infra.stage.contents": Message(id="Melihat isi server …", en="Looking at what is on the servers …"),
    "infra.stage.loss": Message(
        id="Mencatat kehilangan dan melepaskan; tidak ada yang dihapus …",
        en="Recording the loss and letting go; nothing is wiped …",
    ),
    "infra.stage.recover": Message(id="Menyelesaikan yang tertinggal …", en="Finishing what was left …"),
    "infra.stage.stopping": Message(
        id="Dihentikan: yang sudah dimulai diselesaikan dahulu …", en="Stopping: what has begun comes to its end first …"
    ),
    "infra.step.begun": Message(id="[{count}] {server}: {operation} …", en="[{count}] {server}: {operation} …"),
    "infra.step.done": Message(id="[{count}] {server}: {operation}, selesai", en="[{count}] {server}: {operation}, done"),
    "infra.step.unrepaired": Message(
        id="[{count}] {server}: {operation}, sisanya perlu orang", en="[{count}] {server}: {operation}, the rest needs a person"
    ),
    "infra.step.failed": Message(id="[{count}] {server}: {operation}, gagal", en="[{count}] {server}: {operation}, failed"),
    "infra.step.would": Message(id="[{count}] {server}: akan: {operation}", en="[{count}] {server}: would be: {operation}"),
    "infra.step.short": Message(
        id="[{count}] {server}: kurang dari kontrak, tidak diambil alih",
        en="[{count}] {server}: short of its contract, not taken over",
    ),
    "infra.step.now_short": Message(
        id="[{count}] {server}: kini kurang dari kontrak, tetap diambil alih",
        en="[{count}] {server}: now short of its contract, stays taken over",
    ),
    "infra.rented.address": Message(id="alamat", en="address"),
    "infra.rented.attachment": Message(id="pasangan volume", en="attachment"),
    "infra.rented.group": Message(id="grup keamanan", en="security group"),
    "infra.rented.key": Message(id="kunci", en="key"),
    "infra.rented.machine": Message(id="mesin", en="machine"),
    "infra.rented.network": Message(id="jaringan", en="network"),
    "infra.rented.router": Message(id="router", en="router"),
    "infra.rented.volume": Message(id="volume", en="volume"),
    "infra.renting.create": Message(id="sewa", en="rent"),
    "infra.renting.update": Message(id="ubah", en="change"),
    "infra.renting.replace": Message(id="ganti", en="replace"),
    "infra.renting.delete": Message(id="kembalikan", en="give back"),
    "infra.operation.create": Message(id="ambil alih", en="take over"),
    "infra.operation.update": Message(id="perbaiki", en="mend"),
    "infra.operation.record": Message(id="catat", en="record"),
    "infra.operation.delete": Message(id="lepaskan", en="release"),
    "infra.operation.replace": Message(id="ganti", en="replace"),
    "infra.operation.same": Message(id="tetap", en="nothing"),
    "infra.operation.refresh": Message(id="lihat", en="look"),
    "infra.operation.read": Message(id="lihat", en="look"),
    "infra.result.done": Message(id="selesai", en="done"),
    "infra.result.failed": Message(id="gagal", en="failed"),
    "infra.result.refused": Message(id="ditolak aturan", en="refused by a rule"),
    "infra.result.short": Message(id="kurang dari kontrak", en="short of its contract"),
    "infra.result.unrepaired": Message(id="perlu orang", en="needs a person"),
    "infra.verdict.ok": Message(id="sesuai", en="as promised"),
    "infra.verdict.short": Message(id="kurang", en="short"),
    "infra.verdict.waived": Message(id="dikecualikan", en="waived"),
    "infra.verdict.unknown": Message(id="tidak diketahui", en="unknown"),
}

_TABLES: Final[dict[str, Message]] = {
    "infra.column.server": Message(id="Server", en="Server"),
    "infra.column.operation": Message(id="Apa", en="What"),
    "infra.column.seconds": Message(id="Lama", en="Took"),
    "infra.column.line": Message(id="Baris kontrak", en="Contract line"),
    "infra.column.promised": Message(id="Dijanjikan", en="Promised"),
    "infra.column.verdict": Message(id="Penilaian", en="Verdict"),
    "infra.column.before": Message(id="Dahulu", en="Before"),
    "infra.column.now": Message(id="Sekarang", en="Now"),
    "infra.column.lease": Message(id="Sewa", en="Lease"),
    "infra.column.adopted": Message(id="Diambil alih", en="Taken over"),
    "infra.column.protected": Message(id="Terlindung", en="Protected"),
    "infra.column.seen": Message(id="Terakhir tercatat", en="Last on record"),
    "infra.yes": Message(id="ya", en="yes"),
    "infra.no": Message(id="tidak", en="no"),
    "infra.reports": Message(
        id="Berita acara dan bukti (JSON, dan HTML untuk dicetak): {folder}",
        en="Reports and proofs (JSON, and HTML to print): {folder}",
    ),
    "infra.proof": Message(
        id="{server}: berita acara pengembaliannya ada di {file}, dan di sampingnya sebagai JSON.",
        en="{server}: the record of its return is in {file}, and beside it as JSON.",
    ),
    "infra.loss": Message(
        id="{server}: berita acara kehilangannya ada di {file}, dan di sampingnya sebagai JSON.",
        en="{server}: the record of its loss is in {file}, and beside it as JSON.",
    ),
    "infra.sum": Message(
        id="Server: {count}, yang dikerjakan {changed}; {seconds}, Pulumi sendiri {engine}.",
        en="Servers: {count}, worked at {changed}; {seconds}, Pulumi itself {engine}.",
    ),
    "infra.sum_preview": Message(
        id="Server: {count}, yang akan dikerjakan {changed} ({seconds}). Tidak ada yang diubah.",
        en="Servers: {count}, something would be done on {changed} ({seconds}). Nothing was changed.",
    ),
    "infra.sum_refresh": Message(
        id="Server yang dilihat: {count}, yang berbeda {differ}; {seconds}, Pulumi sendiri {engine}. Mesinnya tidak diubah.",
        en="Servers looked at: {count}, {differ} with differences; {seconds}, Pulumi itself {engine}. No machine was changed.",
    ),
    "infra.sum_baseline": Message(
        id="Acuan baru: {servers}. Mulai sekarang dibandingkan dengan keadaan ini; beda yang diterima: {count} ({seconds}).",
        en="New baseline: {servers}. What is there now is what to compare with; differences accepted: {count} ({seconds}).",
    ),
    "infra.drift_none": Message(
        id=(
            "Tidak ada beda ({at}, {seconds}). Server: {count}. Yang dibandingkan: perangkat keras dan kontrak, layanan, paket, "
            "port, kunci SSH, akun dan kata sandi, siapa yang dapat menjadi root, masa sewa."
        ),
        en=(
            "No difference ({at}, {seconds}). Servers: {count}. Compared: hardware and contract, services, packages, ports, SSH "
            "keys, accounts and passwords, who may become root, the term of the lease."
        ),
    ),
    "infra.drift_sum": Message(
        id="Beda: {count}, di {servers} server ({at}, {seconds}). Tidak ada yang diubah.",
        en="Differences: {count}, servers with any: {servers} ({at}, {seconds}). Nothing was changed.",
    ),
    "infra.drift_rest": Message(
        id="Belum diambil alih, jadi tidak dilihat: {servers}.", en="Not taken over yet, so not looked at: {servers}."
    ),
    "infra.not_compared_of": Message(
        id=(
            "Acuan server ini belum menyebut siapa yang dapat menjadi root, jadi itu tidak dibandingkan: {servers}. Periksa "
            "mesinnya, lalu `lajur infra refresh --baseline KUNCI --reason ...`."
        ),
        en=(
            "The baselines of these servers do not say who may become root, so that was not compared: {servers}. Check the "
            "machines, then give `lajur infra refresh --baseline KEY --reason ...`."
        ),
    ),
    "infra.no_outputs": Message(
        id="Tidak ada server yang sedang diambil alih. Jalankan `lajur infra up`.",
        en="No server is taken over. Give `lajur infra up`.",
    ),
    "infra.nothing_wanted": Message(
        id="Tidak ada server yang berdiri, dan menurut kebenaran kini tidak ada yang harus berdiri ({at}).",
        en="No server stands, and by the truth none has to stand now ({at}).",
    ),
    "infra.no_output_of": Message(
        id="Belum diambil alih: {servers}. Jalankan `lajur infra up`.", en="Not taken over yet: {servers}. Give `lajur infra up`."
    ),
    "infra.wiping": Message(
        id=(
            "Layanan kita di mesinnya akan dihentikan, datanya dan kredensialnya (kunci, kata sandi, riwayat perintah, kunci "
            "TLS) dihapus, lalu mesin dilepas. Ini tidak dapat dibatalkan. Data lain, ruang bebas, dan disk tidak dihapus."
        ),
        en=(
            "Our services on the machine will be stopped, their data and the credentials (keys, passwords, histories, TLS keys) "
            "wiped, then the machine is released. This cannot be undone. Other data, free space and disks are not wiped."
        ),
    ),
    "infra.returning": Message(
        id=(
            "Dikembalikan ke cloud: {servers}. Mesin, volume, alamat, dan yang dipakainya sendiri dihapus dengan semua isinya. "
            "Ini tidak dapat dibatalkan."
        ),
        en=(
            "Back to the cloud: {servers}. Machine, volume, address and what it alone stands on are deleted, with all that is on "
            "them. This cannot be undone."
        ),
    ),
    "infra.carries": Message(
        id="{server}: menjalankan {workloads}, seperti server lain; di pintu masuk ia dikeluarkan dulu.",
        en="{server}: carries {workloads}, as other servers do; at the edge it is drained first.",
    ),
    "infra.carries_alone": Message(
        id="{server}: sesudah ini tidak ada lagi yang menjalankan {workloads}.",
        en="{server}: after this nobody carries {workloads} any more.",
    ),
    "infra.contents_unseen": Message(
        id="{server}: isinya tidak dapat dilihat: {reason}", en="{server}: nobody could look at what is on it: {reason}"
    ),
    "infra.not_wiping": Message(
        id="Mesinnya dinyatakan hilang: tidak ada yang dihapus padanya, dan berita acaranya mengatakan itu.",
        en="The machine is declared lost: nothing is wiped on it, and the record of the loss says so.",
    ),
    "infra.address_differs": Message(
        id=(
            "{server}: diambil alih di {address}, tetapi servers.yaml menyebut {written}. Yang dilepas ialah mesin di {address}; "
            "periksa bahwa itu yang dimaksud."
        ),
        en=(
            "{server}: it was taken over at {address}, but servers.yaml says {written}. What is released is the machine at "
            "{address}; check that it is meant."
        ),
    ),
    "infra.keys_stay": Message(
        id="{server}: kunci SSH pemberi sewa yang tetap: {count} (`lessor_keys` di leases.yaml); semua yang lain dihapus.",
        en="{server}: SSH keys of the lessor's that stay: {count} (`lessor_keys` in leases.yaml); all others are wiped.",
    ),
    "infra.no_key_stays": Message(
        id=(
            "{servers}: tidak ada kunci SSH yang tetap, milik pemberi sewa pun tidak, karena leases.yaml tidak menyebut "
            "`lessor_keys`. Bila menurut kontrak kuncinya harus tetap, tulis dulu sidiknya di sana."
        ),
        en=(
            "{servers}: no SSH key stays, not even the lessor's, as leases.yaml names no `lessor_keys`. If the contract says "
            "that theirs stay, first write their fingerprints there."
        ),
    ),
    "infra.ask_up": Message(id="Kerjakan ini? [y/t]", en="Do this? [y/n]"),
    "infra.ask_rest": Message(id="Kerjakan yang lain ({servers})? [y/t]", en="Do the others ({servers})? [y/n]"),
    "infra.ask_destroy": Message(id="Kembalikan {servers}? [y/t]", en="Give back {servers}? [y/n]"),
    "infra.next_up": Message(id="Berikutnya: `lajur infra up{named}`.", en="Next: `lajur infra up{named}`."),
    "infra.next_by_hand": Message(
        id="Ini perlu orang: kolom terakhir menyebut yang harus dilakukan.",
        en="This needs a person: the last column says what to do.",
    ),
    "infra.next_baseline": Message(
        id="Berikutnya, bila kuncinya diganti dengan sengaja: `lajur infra refresh --baseline KUNCI --reason ...`.",
        en="Next, if the key was replaced on purpose: `lajur infra refresh --baseline KEY --reason ...`.",
    ),
    "infra.next_after_up": Message(id="Kapan saja: `lajur infra drift`.", en="At any time: `lajur infra drift`."),
    "infra.next_after_refresh": Message(id="Kapan saja: `lajur infra drift`.", en="At any time: `lajur infra drift`."),
    "infra.next_after_recover": Message(id="Berikutnya: `lajur infra drift`.", en="Next: `lajur infra drift`."),
    "infra.next_after_returned": Message(
        id="Selama masanya di clouds.yaml belum habis, `lajur infra up` menyewanya lagi; bila tidak perlu lagi, ubah di sana.",
        en="Until its time in clouds.yaml is over `lajur infra up` rents it again; if it is not needed any more, change that.",
    ),
    "infra.next_after_destroy": Message(
        id=(
            "Hapus server itu dari servers.yaml: kita tidak dapat masuk lagi ke sana. Untuk mengambilnya alih kembali, pemberi "
            "sewa harus memasang kunci kita dulu."
        ),
        en=(
            "Take the server out of servers.yaml: we can no longer log in to it. To take it over again, the lessor must first "
            "let our key in."
        ),
    ),
    "infra.next_after_loss": Message(
        id=(
            "Hapus server itu dari servers.yaml, atau tulis alamat mesin penggantinya di sana dan jalankan `lajur infra up`. "
            "Ganti kunci dan kata sandi yang pernah ada di mesin yang hilang."
        ),
        en=(
            "Take the server out of servers.yaml, or write the address of its replacement there and give `lajur infra up`. "
            "Change the keys and passwords that were on the lost machine."
        ),
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_HELP, **_PROGRESS, **_TABLES}
