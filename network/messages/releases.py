"""What is said of releases: why a file, a step or a gate is refused, what became of a run, and what is to be done next."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_RECORD: Final[dict[str, Message]] = {
    "release.busy": Message(
        id="Rilis lain sedang berjalan ({run}, proses {pid}). Belum ada yang diubah; tunggu sampai selesai, lalu ulangi.",
        en="Another release is under way ({run}, process {pid}). Nothing was changed; wait until it has ended, then try again.",
    ),
    "release.busy_since": Message(
        id=(
            "{actor} sedang merilis {workload} {release} sejak {since} ({run}, proses {pid}). Belum ada yang diubah; "
            "tunggu sampai selesai, lalu ulangi."
        ),
        en=(
            "{actor} has been releasing {workload} {release} since {since} ({run}, process {pid}). Nothing was changed; "
            "wait until it has ended, then try again."
        ),
    ),
    "release.busy_return": Message(
        id=(
            "{server} sedang dikembalikan dan dihapus isinya ({run}, proses {pid}), jadi {workload} tidak dirilis dan tidak "
            "dikembalikan ke versi lain selama itu. Belum ada yang diubah. Tunggu sampai selesai; bila {server} tidak "
            "kembali, hapus dari workloads.yaml; lalu ulangi."
        ),
        en=(
            "{server} is being wiped and given back ({run}, process {pid}), so {workload} is neither released nor taken back "
            "meanwhile. Nothing was changed. Wait until that has ended; if {server} does not come back, take it out of "
            "workloads.yaml; then try again."
        ),
    ),
    "release.other_open": Message(
        id=(
            "Rilis {open} untuk {workload}, dimulai {actor}, belum selesai: terpotong, atau ada server yang tertinggal. Jadi "
            "{asked} ditolak. Rilis berkas yang sama lagi untuk melanjutkannya, atau kembalikan: "
            "lajur release rollback {workload}."
        ),
        en=(
            "The release {open} of {workload}, begun by {actor}, is not at its end: it was cut, or left servers behind. So "
            "{asked} is refused. Deploy the same file again to go on with it, or take it back: "
            "lajur release rollback {workload}."
        ),
    ),
    "release.rollback_open": Message(
        id="Pengembalian {workload} ke {release} terpotong. Selesaikan dulu: lajur release rollback {workload}.",
        en="A rollback of {workload} to {release} was cut. Finish it first: lajur release rollback {workload}.",
    ),
    "release.contracted": Message(
        id=(
            "Sejak {release} dirilis, basis data {workload} sudah diciutkan untuk versi yang lebih baru; {release} mungkin tidak "
            "bisa bekerja dengannya. Pulihkan basis data dari cadangan dahulu, atau pakai --force bila Anda yakin."
        ),
        en=(
            "Since {release} was deployed the database of {workload} was contracted for a later version; {release} may not work "
            "with it. Restore the database from a backup first, or use --force if you are sure."
        ),
    ),
    "release.unrecorded": Message(
        id="Catatan tidak dapat ditulis: {cause} Pekerjaan di server tetap diselesaikan.",
        en="The record could not be written: {cause} What was to be done on the servers was done all the same.",
    ),
}

_SERVERS: Final[dict[str, Message]] = {
    "release.no_workload": Message(
        id="Tidak ada beban kerja {workload}.{nearest} Yang punya rilis: {known}.",
        en="There is no workload {workload}.{nearest} Those that have releases: {known}.",
    ),
    "release.not_released": Message(
        id="{workload} tidak dirilis dengan perintah ini: workloads.yaml tidak menulis `release` untuknya. Yang punya: {known}.",
        en="{workload} is not released by this command: workloads.yaml writes no `release` for it. Those that have one: {known}.",
    ),
    "release.not_standing": Message(
        id="Server untuk {workload} tidak ada di lab ini: {servers}. Jalankan lab dengan server itu.",
        en="Servers of {workload} are not in this lab: {servers}. Bring the lab up with them.",
    ),
    "release.unreachable": Message(
        id="{workload}: tidak semua server dan edge menjawab, jadi tidak ada yang dimulai. {reasons} Perbaiki itu, lalu ulangi.",
        en="{workload}: not every server and edge answers, so nothing was begun. {reasons} Mend that, then try again.",
    ),
    "release.edge_unknown": Message(
        id="{host}: edge {edge} tidak menjawab, atau tidak mengenal server ini; lajur play workloads membangkitkannya.",
        en="{host}: the edge {edge} does not answer, or does not know this server; lajur play workloads brings it up.",
    ),
    "release.mixed": Message(
        id=(
            "Server {workload} menjalankan rilis yang berbeda: {servers}. Samakan dulu: "
            "lajur release rollback {workload} --to RILIS."
        ),
        en=(
            "The servers of {workload} carry different releases: {servers}. Make them one first: "
            "lajur release rollback {workload} --to RELEASE."
        ),
    ),
    "release.said": Message(id=" Kata mesin: {text}", en=" The machine says: {text}"),
    "release.trouble.unreachable": Message(
        id="{host} tidak dapat dihubungi lewat SSH.{said}", en="{host} cannot be reached over SSH.{said}"
    ),
    "release.trouble.host_key": Message(
        id=(
            "{host}: kunci host SSH bukan yang dipercaya; mungkin mesin lain yang menjawab. Bandingkan sidik jarinya di mesin "
            "itu sendiri; bila memang miliknya: lajur device trust {host} --replace.{said}"
        ),
        en=(
            "{host}: its SSH host key is not the one that is trusted; another machine may be answering. Compare its fingerprint "
            "on the machine itself; if it is its own: lajur device trust {host} --replace.{said}"
        ),
    ),
    "release.trouble.login": Message(id="{host} menolak login.{said}", en="{host} refuses the login.{said}"),
    "release.trouble.edge": Message(
        id="{host}: edge {edge} tidak dapat ditanya atau diperintah.{said}",
        en="{host}: the edge {edge} could not be asked or told.{said}",
    ),
    "release.trouble.forgotten": Message(
        id="{host}: edge {edge} terus memasukkannya lagi walau sudah diminta mengosongkan.{said}",
        en="{host}: the edge {edge} kept letting it in again although it had been told to drain it.{said}",
    ),
    "release.trouble.space": Message(
        id="{host}: ruang disk kurang; perlu {needed} byte, tersisa {free} byte.{said}",
        en="{host}: too little disk space; {needed} bytes are needed and {free} bytes are free.{said}",
    ),
    "release.trouble.checksum": Message(
        id=(
            "{host}: berkas yang sampai bukan yang diperiksa sebelum dikirim (checksum berbeda), jadi tidak dibongkar: berkasnya "
            "diubah sementara itu, atau rusak di jalan. Ambil lagi dari sumbernya, jangan diubah selama rilis.{said}"
        ),
        en=(
            "{host}: the file that arrived is not the one that was checked before it was sent (its checksum differs), so it was "
            "not unpacked: somebody changed the file meanwhile, or it broke on the way. Get it from its source again, and leave "
            "it alone during the release.{said}"
        ),
    ),
    "release.trouble.unpack": Message(
        id="{host}: berkas tidak dapat dibongkar atau dipasang.{said}", en="{host}: the file could not be unpacked.{said}"
    ),
    "release.trouble.packages": Message(
        id="{host}: paket yang diperlukan tidak dapat diambil dari repositori.{said}",
        en="{host}: packages that it needs could not be had from the repository.{said}",
    ),
    "release.trouble.not_placed": Message(
        id="{host}: rilis itu tidak ada di sana.{said}", en="{host}: that release is not there.{said}"
    ),
    "release.trouble.start": Message(id="{host}: layanan tidak mau jalan.{said}", en="{host}: the service does not start.{said}"),
    "release.trouble.answer": Message(
        id="{host}: layanan jalan, tetapi alamat kesehatannya tidak menjawab seperti seharusnya.{said}",
        en="{host}: the service runs, but its health URL does not answer as it should.{said}",
    ),
    "release.trouble.migration": Message(
        id="{host}: migrasi basis data gagal.{said}", en="{host}: the migration of the database failed.{said}"
    ),
    "release.trouble.timeout": Message(
        id=(
            "{host}: tidak selesai dalam waktu yang disediakan, jadi tidak ditunggu lagi; mesinnya mungkin masih sibuk "
            "dengannya sebentar. Periksa beban, disk, dan jalur ke sana, tunggu beberapa menit, lalu jalankan perintah "
            "yang sama lagi.{said}"
        ),
        en=(
            "{host}: it did not end in the time that it has, so nobody waits for it any more; the machine may be at it for a "
            "while still. Look at its load, its disk and the line to it, wait some minutes, then give the same command "
            "again.{said}"
        ),
    ),
    "release.trouble.other": Message(id="{host}: tidak seperti seharusnya.{said}", en="{host}: it is not as it should be.{said}"),
}

_STEPS: Final[dict[str, Message]] = {
    "release.kind": Message(
        id="{workload} dirilis sebagai {wanted}, bukan {kind}. Beri berkas jenis itu, atau ubah `artefact` di workloads.yaml.",
        en="{workload} is released as {wanted}, not as {kind}. Give a file of that kind, or change `artefact` in workloads.yaml.",
    ),
    "release.no_migrations": Message(
        id="{workload} tidak punya migrasi (`migrate` di workloads.yaml), jadi tidak ada yang dapat diciutkan.",
        en="{workload} has no migrations (`migrate` in workloads.yaml), so there is nothing to contract.",
    ),
    "release.peak": Message(
        id=(
            "Jendela {windows} sedang berlaku sampai {until}, dan rilis {workload} ini akan mengambil paket lewat uplink. Tunggu "
            "sampai saat itu, buat berkas yang membawa semua paketnya, atau pakai --force."
        ),
        en=(
            "The window {windows} acts until {until}, and this release of {workload} would pull packages over the uplink. Wait "
            "until then, build a file that brings all its packages, or use --force."
        ),
    ),
    "release.not_placed": Message(id="Rilis tidak dapat ditaruh. {reasons}", en="The release could not be placed. {reasons}"),
    "release.not_expanded": Message(
        id="Basis data tidak dapat dikembangkan dari {server}. {reasons}",
        en="The database could not be expanded from {server}. {reasons}",
    ),
    "release.not_swapped": Message(
        id="Kelompok {batch} tidak dapat dipindahkan. {reasons}", en="Batch {batch} could not be switched. {reasons}"
    ),
    "release.gate_failed": Message(
        id="Kelompok {batch} tidak lolos gerbang. {reasons}", en="Batch {batch} did not pass its gate. {reasons}"
    ),
    "release.gate.silent": Message(
        id="edge {edge} tidak dapat ditanya apa pun.", en="nothing could be asked at the edge {edge}."
    ),
    "release.gate.answers": Message(
        id="{host}: baru {in_row} jawaban sehat berturut-turut dari {good} yang diminta; yang terakhir buruk berstatus {status}.",
        en="{host}: {in_row} good answers in a row of the {good} that are wanted; the last bad one had status {status}.",
    ),
    "release.gate.page": Message(
        id=(
            "{host}: menjawab {status}, tetapi halamannya tidak berisi yang diharapkan; baru {in_row} jawaban sehat "
            "berturut-turut dari {good}."
        ),
        en=(
            "{host}: it answers {status}, but the page does not hold what is expected; {in_row} good answers in a row of the "
            "{good} that are wanted."
        ),
    ),
    "release.gate.errors": Message(
        id="{host}: {errors} dari {requests} permintaan gagal; paling banyak {most} %.",
        en="{host}: {errors} of {requests} requests failed; at most {most} % may.",
    ),
    "release.gate.slow": Message(
        id="{host}: 95 dari seratus jawaban datang dalam {p95} ms; paling lama {most} ms.",
        en="{host}: 95 of a hundred answers came within {p95} ms; at most {most} ms.",
    ),
    "release.stopped_by_hand": Message(id="Dihentikan dengan tangan.", en="It was stopped by hand."),
}

_ENDINGS: Final[dict[str, Message]] = {
    "release.nothing_switched": Message(
        id=(
            "{workload}: {release} tidak dirilis. Tidak ada server yang dipindahkan; {before} tetap melayani. "
            "{reasons} {remedies}"
        ),
        en="{workload}: {release} was not released. No server was switched; {before} goes on. {reasons} {remedies}",
    ),
    "release.returned": Message(
        id="{workload}: {release} ditarik kembali; semua server kembali menjalankan {before}. {reasons} {remedies}",
        en="{workload}: {release} was taken back; every server carries {before} again. {reasons} {remedies}",
    ),
    "release.left": Message(
        id=(
            "{workload}: tidak semua server kembali ke {before}: {servers}. Server yang tidak dapat dijangkau tetap dikeluarkan "
            "di edge. {reasons} {remedies}"
        ),
        en=(
            "{workload}: not every server is back on {before}: {servers}. Those that cannot be reached are kept out at the "
            "edges. {reasons} {remedies}"
        ),
    ),
    "release.rollback_left": Message(
        id="{workload}: belum di {release}: {servers}. Server lain, jika ada, sudah. {reasons} {remedies}",
        en="{workload}: not on {release} yet: {servers}. Any others are. {reasons} {remedies}",
    ),
    "release.not_contracted": Message(
        id=(
            "{workload}: {release} tetap melayani, tetapi penciutan basis data tidak selesai. Perbaiki sebabnya, lalu rilis "
            "berkas yang sama dengan --contract. {reasons}"
        ),
        en=(
            "{workload}: {release} goes on, but contracting the database did not come to its end. Mend the cause, then deploy "
            "the same file with --contract. {reasons}"
        ),
    ),
    "release.still_in": Message(
        id="{why} Edge masih mengirim orang ke sana.", en="{why} People are still sent to it by an edge."
    ),
    "release.kept_out": Message(id="{why} Tidak ada edge yang mengirim orang ke sana.", en="{why} No edge sends anybody to it."),
    "release.kept_on": Message(
        id=(
            "{host}: tetap melayani dengan {current} dan tidak dikeluarkan, karena {before} tidak menjawab di server yang sudah "
            "kembali dan tidak melayani di mana pun."
        ),
        en=(
            "{host}: it goes on serving {current} and was not taken out, since {before} does not answer where it went back to "
            "and serves nowhere."
        ),
    ),
    "release.cut": Message(
        id="Terpotong di tengah: sebagian server {workload} mungkin sudah berpindah. {remedies}",
        en="It was cut in the middle: some servers of {workload} may have been switched. {remedies}",
    ),
    "release.no_before": Message(
        id="Tidak tercatat apa yang dijalankan {workload} sebelum {release}. Sebutkan tujuannya: --to RILIS.",
        en="It is not on record what {workload} carried before {release}. Say where to: --to RELEASE.",
    ),
    "release.never": Message(
        id=(
            "Belum pernah ada rilis {workload} yang selesai, jadi tidak ada yang dapat dikembalikan. Tidak ada yang diubah. "
            "Rilis pertama: lajur release deploy {workload} BERKAS."
        ),
        en=(
            "Nothing of {workload} was ever released, so there is nothing to take back. Nothing was changed. The first release: "
            "lajur release deploy {workload} FILE."
        ),
    ),
    "release.not_there": Message(
        id="Rilis {release} tidak ada di semua server {workload}. Rilis baik yang ada di semuanya: {known}.",
        en="The release {release} is not on every server of {workload}. Good ones that are: {known}.",
    ),
    "release.never_good": Message(
        id=(
            "{release} tidak pernah selesai dirilis untuk {workload}: ditarik kembali atau terpotong. Tidak ada yang diubah. "
            "Rilis baik yang ada di semua server: {known}. Pakai salah satunya, atau --force bila Anda yakin."
        ),
        en=(
            "{release} was never released to the end for {workload}: it was taken back, or cut. Nothing was changed. Good ones "
            "that are on every server: {known}. Name one of them, or use --force if you are sure."
        ),
    ),
    "release.remedy.rollback": Message(
        id="Setelah itu diperbaiki: lajur release rollback {workload}",
        en="When that is mended: lajur release rollback {workload}",
    ),
    "release.remedy.cut": Message(
        id="Rilis berkas yang sama lagi untuk melanjutkan, atau kembalikan: lajur release rollback {workload}",
        en="Deploy the same file again to go on, or take it back: lajur release rollback {workload}",
    ),
    "release.remedy.again": Message(
        id="Perbaiki sebabnya, lalu rilis {workload} lagi.", en="Mend the cause, then deploy {workload} again."
    ),
    "release.remedy.place": Message(
        id="Perbaiki itu di server (rilis lama dihapus sesuai `keep`), lalu rilis {workload} lagi.",
        en="Mend that on the servers (old releases go as `keep` says), then deploy {workload} again.",
    ),
    "release.remedy.migration": Message(
        id=(
            "Basis data mungkin sudah dikembangkan sebagian; versi lama tetap bekerja dengannya. Perbaiki migrasinya sehingga "
            "dapat dijalankan ulang, lalu rilis {workload} lagi."
        ),
        en=(
            "The database may be expanded in part; the version before goes on with it. Mend the migration so that it can be run "
            "again, then deploy {workload} again."
        ),
    ),
    "release.remedy.version": Message(
        id="Perbaiki versinya dan rilis berkas baru untuk {workload}; angka gerbangnya: lajur release history {workload}",
        en="Mend the version and deploy a new file of {workload}; the numbers of its gate: lajur release history {workload}",
    ),
    "release.sessions_cut": Message(
        id="{host}: {count} sesi masih terbuka ketika waktu tunggunya habis, dan terputus.",
        en="{host}: sessions that were still open when the wait for them was over, and were cut: {count}.",
    ),
    "release.without_edge": Message(
        id="Edge {edges} tidak menjawab; {servers} dikembalikan tanpa menunggunya.",
        en="The edge {edges} did not answer; {servers} went back without waiting for it.",
    ),
    "release.unserved": Message(
        id="Kelompok {batch}: permintaan yang tidak mendapat server di edge: {count}.",
        en="Batch {batch}: requests that an edge had no server for: {count}.",
    ),
    "release.log_cut": Message(
        id=(
            "Kelompok {batch}: log edge {edges} lebih panjang daripada yang dibaca; galat dan waktu dinilai dari bagian awalnya "
            "saja."
        ),
        en=(
            "Batch {batch}: the log of the edge {edges} is longer than what is read of it; errors and times were judged by its "
            "beginning alone."
        ),
    ),
    "release.few_requests": Message(
        id=(
            "Kelompok {batch}: hanya {requests} permintaan dari {wanted} yang diminta untuk menilai galat dan waktu; jawaban "
            "sehat saja yang menentukan."
        ),
        en=("Batch {batch}: {requests} requests of the {wanted} that a verdict on errors and times needs; health decided alone."),
    ),
    "release.clock_off": Message(
        id=(
            "{host}: jamnya meleset {seconds} detik dari jam di sini. Gerbang tidak bergantung padanya, tetapi sertifikat dan "
            "jadwal ya: lihat chronyc sources di sana."
        ),
        en=(
            "{host}: its clock is off by {seconds} s from the one here. No gate depends on it, but certificates and timers "
            "do: see chronyc sources there."
        ),
    ),
    "release.not_pruned": Message(
        id="Rilis lama tidak dapat dihapus: {why} Dicoba lagi pada rilis berikutnya.",
        en="Old releases could not be removed: {why} The next release tries again.",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_RECORD, **_SERVERS, **_STEPS, **_ENDINGS}
