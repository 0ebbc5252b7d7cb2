"""What is said of releases: what the record, a server, a step or a gate has against one. What became of it: `release_ends`."""

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
    "release.busy_looking": Message(
        id=(
            "{actor} sedang merilis {workload} sejak {since} dan masih melihat server-servernya ({run}, proses {pid}). Belum ada "
            "yang diubah; tunggu sampai selesai, lalu ulangi."
        ),
        en=(
            "{actor} has been releasing {workload} since {since}, and is still looking at its servers ({run}, process {pid}). "
            "Nothing was changed; wait until it has ended, then try again."
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
        id="{workload}: tidak semua yang diperlukan menjawab, jadi tidak ada yang dimulai. {reasons} Perbaiki itu, lalu ulangi.",
        en="{workload}: not all that it needs answers, so nothing was begun. {reasons} Mend that, then try again.",
    ),
    "release.edge_unknown": Message(
        id="{host}: edge {edge} tidak menjawab, atau tidak mengenal server ini; lajur play site memasang apa yang belum ada.",
        en="{host}: the edge {edge} does not answer, or does not know this server; lajur play site sets up what is missing.",
    ),
    "release.database_silent": Message(
        id=(
            "{host}: basis data {database} ({servers}) tidak menerima sambungan dari sini, jadi migrasi tidak akan berhasil; "
            "lajur play site memasang apa yang belum ada, juga basis datanya."
        ),
        en=(
            "{host}: the database {database} ({servers}) takes no connection from here, so that no migration would come to its "
            "end; lajur play site sets up what is not there yet, the database too."
        ),
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
    "release.database_away": Message(
        id="Basis data {database} ({servers}) tidak menerima sambungan dari {server}, jadi tidak dikembangkan. {reasons}",
        en="The database {database} ({servers}) takes no connection from {server}, so it was not expanded. {reasons}",
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

MESSAGES: Final[dict[str, Message]] = {**_RECORD, **_SERVERS, **_STEPS}
