"""The words of `lajur release`: help, flags, tables, and what it says while it works."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_HELP: Final[dict[str, Message]] = {
    "cli.help.release": Message(
        id="Rilis aplikasi ke server, bertahap dan selalu bisa kembali; tahap kantor dibuka satu per satu.",
        en="Releases of applications to servers, step by step and with a way back; stages of offices opened one by one.",
    ),
    "cli.help.release_deploy": Message(
        id=(
            "Rilis sebuah berkas: satu server dulu, lalu sebagian, lalu semua.\n\n"
            "Tiap kelompok dikosongkan di edge, dipindahkan, dimasukkan lagi, lalu dinilai: jawaban sehat, galat, dan waktu dari "
            "log edge. Bila satu gerbang tidak lolos, semua kembali ke versi sebelumnya.\n\n"
            "  lajur release deploy gateway gateway-1.4.2.tar.gz --dry-run\n\n"
            "Kode keluar: 0 selesai · 2 hanya melihat, ada yang akan berubah · 3 ditolak · 4 dikembalikan · 5 perlu orang."
        ),
        en=(
            "Release a file: to one server first, then to some, then to all.\n\n"
            "Each batch is drained at the edge, switched, let in again and judged: good answers, errors, and times from the "
            "edge's log. When a gate is not passed, everything goes back to the version before.\n\n"
            "  lajur release deploy gateway gateway-1.4.2.tar.gz --dry-run\n\n"
            "Exit codes: 0 done · 2 only looked, something would change · 3 refused · 4 taken back · 5 needs a person."
        ),
    ),
    "cli.help.release_status": Message(
        id="Apa yang dijalankan tiap server sekarang, dan hasil rilis terakhir. Hanya melihat.",
        en="What each server carries now, and how the last release ended. Only looks.",
    ),
    "cli.help.release_rollback": Message(
        id=(
            "Kembali ke rilis yang masih ada di server, tanpa gerbang: kelompok demi kelompok, masing-masing paling banyak "
            "sebesar kelompok terbesar sebuah rilis; server yang sedang tidak melayani lebih dulu.\n\n"
            "Tanpa --to: ke yang dijalankan sebelum rilis yang terpotong, atau sebelum yang dijalankan sekarang."
        ),
        en=(
            "Back to a release that the servers still have, without gates: group by group, none larger than the largest batch "
            "of a release, and servers that serve nobody first.\n\n"
            "Without --to: to what was carried before the release that was cut, or before what is carried now."
        ),
    ),
    "cli.help.release_history": Message(
        id="Rilis yang tercatat, yang terbaru dulu, dengan angka gerbangnya. Hanya melihat.",
        en="The releases on record, newest first, with the numbers of their gates. Only looks.",
    ),
    "cli.help.release_open": Message(
        id=(
            "Buka sebuah tahap: semua kantornya harus siap atau dikecualikan tertulis, dan tahap sebelumnya terbuka.\n\n"
            "Begitu tercatat, edge langsung memasukkan kantor-kantor itu. Edge yang tidak dapat diberi tahu disebut namanya "
            "(kode 5); tahapnya tetap terbuka, dan perintah yang sama memberi tahu lagi."
        ),
        en=(
            "Open a stage: all its offices must be ready or waived in writing, and the stages before it open.\n\n"
            "Once that is on record the edges let these offices in. An edge that cannot be told is named (code 5); the stage "
            "stays open, and the same command tells it again."
        ),
    ),
    "cli.help.release_move": Message(
        id="Pindahkan tanggal sebuah tahap di stages.yaml; tanggal lama dan alasannya tetap tertulis.",
        en="Move the day of a stage in stages.yaml; the old day and the reason stay written.",
    ),
    "cli.flag.workload": Message(id="Kunci beban kerja (workloads.yaml).", en="Key of the workload (workloads.yaml)."),
    "cli.flag.release_file": Message(
        id="Berkas rilis: .whl, .deb, atau .tar.gz.", en="The file to release: .whl, .deb or .tar.gz."
    ),
    "cli.flag.release_version": Message(id="Versinya; tanpa ini dari berkas.", en="Its version; without it the file's own."),
    "cli.flag.sha256": Message(
        id="SHA-256 berkas; tanpa ini dari BERKAS.sha256.", en="SHA-256 of the file; without it from FILE.sha256."
    ),
    "cli.flag.signature": Message(
        id="Tanda tangan SSH (ssh-keygen -Y sign -n lajur-release); tanpa ini dari BERKAS.sig.",
        en="SSH signature (ssh-keygen -Y sign -n lajur-release); without it from FILE.sig.",
    ),
    "cli.flag.release_force": Message(
        id="Walau jendela sibuk berlaku, basis data sudah diciutkan, atau rilis tujuan tidak pernah selesai.",
        en="Though a peak window acts, the database was contracted, or the release to go back to never came to its end.",
    ),
    "cli.flag.contract": Message(
        id="Sesudah semua server berpindah: buang dari basis data yang tidak diperlukan lagi. Setelah itu tidak bisa kembali.",
        en="When every server has it: take away what the database no longer needs. There is no way back after that.",
    ),
    "cli.flag.release_to": Message(id="Rilis yang dituju, seperti di status.", en="The release to go to, as in status."),
    "cli.flag.release_reason": Message(id="Alasan, untuk catatan.", en="The reason, for the record."),
    "cli.flag.stage_key": Message(id="Kunci tahap (stages.yaml).", en="Key of the stage (stages.yaml)."),
    "cli.flag.stage_to": Message(id="Hari baru, TTTT-BB-HH.", en="The new day, YYYY-MM-DD."),
    "cli.flag.most_runs": Message(id="Paling banyak sekian.", en="At most so many."),
    "cli.usage.release_day": Message(id="{value} bukan tanggal TTTT-BB-HH.", en="{value} is no date YYYY-MM-DD."),
    "cli.usage.release_day_far": Message(
        id="{value} di luar batas: tahun {first} sampai {last}. Tidak ada yang ditulis.",
        en="{value} is out of bounds: the years {first} to {last} are taken. Nothing was written.",
    ),
    "cli.usage.release_text": Message(
        id="{flag}: satu baris, paling banyak {most} huruf, dan tidak kosong.",
        en="{flag}: one line of at most {most} characters, and not empty.",
    ),
}

_STEPS: Final[dict[str, Message]] = {
    "release.step.look": Message(id="melihat {servers}", en="looking at {servers}"),
    "release.step.doors": Message(id="memberi tahu edge", en="telling the edges"),
    "release.step.fetch": Message(id="mengambil berkas {release} dari server", en="fetching the file of {release} from a server"),
    "release.step.start": Message(id="menjalankan {release} di {servers}", en="starting {release} on {servers}"),
    "release.step.place": Message(id="menaruh {release} di {servers}", en="placing {release} on {servers}"),
    "release.step.expand": Message(id="mengembangkan basis data dari {server}", en="expanding the database from {server}"),
    "release.step.batch": Message(
        id="kelompok {number} dari {of}: mengosongkan dan memindahkan {servers}",
        en="batch {number} of {of}: draining and switching {servers}",
    ),
    "release.step.edge_again": Message(
        id="edge tidak siap, dicoba lagi untuk {servers}", en="an edge is not ready, once more for {servers}"
    ),
    "release.step.watch": Message(id="mengamati {servers} selama {seconds} s", en="watching {servers} for {seconds} s"),
    "release.step.good": Message(
        id="kelompok {number} dari {of} lolos: {in_row} jawaban sehat, {errors} galat dari {requests} permintaan",
        en="batch {number} of {of} passed: {in_row} good answers, {errors} errors of {requests} requests",
    ),
    "release.step.bad": Message(
        id="kelompok {number} dari {of} tidak lolos: {in_row} jawaban sehat, {errors} galat dari {requests} permintaan",
        en="batch {number} of {of} did not pass: {in_row} good answers, {errors} errors of {requests} requests",
    ),
    "release.step.back": Message(id="mengembalikan {servers} ke {release}", en="taking {servers} back to {release}"),
    "release.step.out": Message(id="mengeluarkan {servers} lagi", en="taking {servers} out again"),
    "release.step.contract": Message(id="menciutkan basis data dari {server}", en="contracting the database from {server}"),
    "release.step.prune": Message(id="menghapus rilis lama, {keep} disimpan", en="removing old releases, {keep} are kept"),
    "cli.release.interrupted": Message(
        id="Dihentikan. Tidak ada server yang dipindahkan.", en="Stopped. No server was switched."
    ),
    "cli.release.interrupted_back": Message(
        id="Dihentikan. Semua server kembali menjalankan {before}.", en="Stopped. Every server carries {before} again."
    ),
    "cli.release.interrupted_first": Message(
        id="Dihentikan. Tidak ada versi sebelumnya; semua server dikosongkan lagi.",
        en="Stopped. There is no version before it; every server is out again.",
    ),
}

_TABLES: Final[dict[str, Message]] = {
    "cli.column.batch": Message(id="Kelompok", en="Batch"),
    "cli.column.in_row": Message(id="Sehat berturut", en="Good in a row"),
    "cli.column.requests": Message(id="Permintaan", en="Requests"),
    "cli.column.errors": Message(id="Galat", en="Errors"),
    "cli.column.p95": Message(id="p95", en="p95"),
    "cli.column.gate": Message(id="Gerbang", en="Gate"),
    "cli.column.workload": Message(id="Beban kerja", en="Workload"),
    "cli.column.release_task": Message(id="Tugas", en="Task"),
    "cli.column.release": Message(id="Rilis", en="Release"),
    "cli.column.before": Message(id="Sebelumnya", en="Before"),
    "cli.column.release_actor": Message(id="Oleh", en="By"),
    "cli.column.unit": Message(id="Layanan", en="Service"),
    "cli.column.health": Message(id="Sehat", en="Healthy"),
    "cli.column.edges": Message(id="Di edge", en="At the edges"),
    "cli.column.drained": Message(id="Dikosongkan di", en="Drained at"),
    "cli.release.gate.good": Message(id="lolos", en="passed"),
    "cli.release.gate.bad": Message(id="tidak lolos", en="not passed"),
    "cli.release.gate.none": Message(id="tidak sampai", en="not reached"),
    "cli.release.yes": Message(id="ya", en="yes"),
    "cli.release.no": Message(id="tidak", en="no"),
    "cli.release.let_in": Message(id="masuk", en="let in"),
    "cli.release.kept_out": Message(id="keluar", en="kept out"),
    "cli.release.unknown": Message(id="tidak diketahui", en="unknown"),
    "cli.release.task.deploy": Message(id="rilis", en="deploy"),
    "cli.release.task.rollback": Message(id="kembali", en="rollback"),
    "cli.release.task.contract": Message(id="ciutkan", en="contract"),
    "cli.release.done": Message(
        id="{workload}: semua server menjalankan {release} (sebelumnya {before}).",
        en="{workload}: every server carries {release} (before: {before}).",
    ),
    "cli.release.done_again": Message(
        id="{workload}: semua server menjalankan {release}, seperti sebelumnya.",
        en="{workload}: every server carries {release}, as before.",
    ),
    "cli.release.nothing": Message(
        id="{workload}: semua server sudah menjalankan {release}; tidak ada yang perlu.",
        en="{workload}: every server carries {release} already; nothing to do.",
    ),
    "cli.release.would": Message(
        id="{workload}: {release} menggantikan {before}. Ditaruh di: {place}. Basis data dikembangkan: {expand}.",
        en="{workload}: {release} would take the place of {before}. Placed on: {place}. Database expanded: {expand}.",
    ),
    "cli.release.would_first": Message(
        id="{workload}: {release} menjadi rilis yang pertama. Ditaruh di: {place}. Basis data dikembangkan: {expand}.",
        en="{workload}: {release} would be the first release. Placed on: {place}. Database expanded: {expand}.",
    ),
    "cli.release.done_first": Message(
        id="{workload}: semua server menjalankan {release}, rilis yang pertama.",
        en="{workload}: every server carries {release}, the first release.",
    ),
    "cli.release.would_back": Message(
        id="{workload}: kembali ke {release}; sekarang {before}.", en="{workload}: back to {release}; it carries {before} now."
    ),
    "cli.release.would_back_again": Message(
        id="{workload}: semua server kembali ke {release}, yang dijalankan sebelum rilis yang terpotong.",
        en="{workload}: every server back to {release}, which was carried before the release that was cut.",
    ),
    "cli.release.would_contract": Message(
        id=(
            "Sesudah semua server menjalankan {release}, basis data diciutkan dari {server}. Setelah itu tidak ada jalan kembali "
            "ke versi sebelumnya, kecuali dengan --force atau cadangan basis data."
        ),
        en=(
            "Once every server carries {release}, the database would be contracted from {server}. After that there is no way "
            "back to the versions before, but by --force or a backup of the database."
        ),
    ),
    "cli.release.resumes": Message(id="Melanjutkan {run}, yang terpotong.", en="It goes on with {run}, which was cut."),
    "cli.release.carries": Message(id="{workload} ({name}): {release}", en="{workload} ({name}): {release}"),
    "cli.release.last": Message(
        id="Terakhir: {task} {release}, {result}, {at}, oleh {actor}.",
        en="Last: {task} {release}, {result}, {at}, by {actor}.",
    ),
    "cli.release.open_run": Message(
        id=(
            "Belum selesai, dan tidak terlihat ada yang mengerjakannya: rilis berkas yang sama lagi, atau "
            "lajur release rollback {workload}"
        ),
        en="It is not at its end, and nobody is seen at it: deploy the same file again, or lajur release rollback {workload}",
    ),
    "cli.release.at_work": Message(
        id="Sedang dikerjakan oleh {actor} sejak {since} ({run}, proses {pid}). Tunggu sampai selesai.",
        en="{actor} has been at it since {since} ({run}, process {pid}). Wait until it has ended.",
    ),
    "cli.release.none": Message(id="Belum ada rilis yang tercatat.", en="No release is on record yet."),
    "cli.release.no_workloads": Message(
        id="Tidak ada beban kerja dengan rilis (workloads.yaml, `release`).",
        en="No workload has releases (workloads.yaml, `release`).",
    ),
    "cli.release.gate_line": Message(
        id="{number}: {gate}, {in_row} sehat, {errors}/{requests} galat, p95 {p95}",
        en="{number}: {gate}, {in_row} good, {errors}/{requests} errors, p95 {p95}",
    ),
    "cli.release.opened": Message(
        id="Tahap {stage} dibuka untuk {count} kantor.", en="The stage {stage} is open for its offices ({count})."
    ),
    "cli.release.doors_told": Message(
        id="Mulai sekarang mereka dimasukkan di: {edges}.", en="From now on they are let in at: {edges}."
    ),
    "cli.release.doors_would": Message(
        id="Edge yang akan diberi tahu: {edges}. Tidak ada yang ditulis.",
        en="Edges that would be told: {edges}. Nothing was written.",
    ),
    "cli.release.doors_silent": Message(
        id="Edge yang sekarang tidak akan tahu: {why}", en="An edge that would not know at present: {why}"
    ),
    "cli.release.doors_none": Message(
        id="Tidak ada edge yang perlu tahu: tidak ada server di sini, atau tidak ada beban kerja yang bertahap (`staged`).",
        en="No edge has to know: no server is here, or no workload is opened in stages (`staged`).",
    ),
    "cli.release.open_already": Message(id="Tahap {stage} sudah dibuka pada {at}.", en="The stage {stage} was opened on {at}."),
    "cli.release.would_open": Message(
        id="Tahap {stage} dapat dibuka untuk {count} kantor.", en="The stage {stage} can be opened for its offices ({count})."
    ),
    "cli.release.opened_waived": Message(id="Dikecualikan tertulis: {offices}.", en="Waived in writing: {offices}."),
    "cli.release.opened_late": Message(
        id="{days} hari setelah tanggal yang tertulis.", en="Days after the day that was written: {days}."
    ),
    "cli.release.moved": Message(
        id="Tahap {stage} dibuka pada {opens}, bukan {was}: {reason}.",
        en="The stage {stage} opens on {opens} instead of {was}: {reason}.",
    ),
    "cli.release.would_move": Message(
        id="Tahap {stage} akan dibuka pada {opens}, bukan {was}: {reason}. Tidak ada yang ditulis.",
        en="The stage {stage} would open on {opens} instead of {was}: {reason}. Nothing was written.",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_HELP, **_STEPS, **_TABLES}
