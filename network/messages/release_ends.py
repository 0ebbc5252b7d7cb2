"""What became of a release, of a way back or of a step of them, and what is to be done next."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_ENDINGS: Final[dict[str, Message]] = {
    "release.nothing_switched": Message(
        id=(
            "{workload}: {release} tidak dirilis. Tidak ada server yang dipindahkan; {before} tetap melayani. "
            "{reasons} {remedies}"
        ),
        en="{workload}: {release} was not released. No server was switched; {before} goes on. {reasons} {remedies}",
    ),
    "release.nothing_switched_first": Message(
        id=(
            "{workload}: {release} tidak dirilis. Tidak ada server yang dipindahkan; belum ada versi sebelumnya, jadi {workload} "
            "belum melayani. {reasons} {remedies}"
        ),
        en=(
            "{workload}: {release} was not released. No server was switched; there is no version before it, so {workload} serves "
            "nobody yet. {reasons} {remedies}"
        ),
    ),
    "release.returned_first": Message(
        id=(
            "{workload}: {release} ditarik kembali; tidak ada versi sebelumnya, jadi semua server dikosongkan lagi dan "
            "{workload} belum melayani. {reasons} {remedies}"
        ),
        en=(
            "{workload}: {release} was taken back; there is no version before it, so every server is out again and {workload} "
            "serves nobody yet. {reasons} {remedies}"
        ),
    ),
    "release.left_first": Message(
        id=(
            "{workload}: tidak ada versi sebelumnya, dan tidak semua server keluar lagi: {servers}. Server yang tidak dapat "
            "dijangkau tetap dikeluarkan di edge. {reasons} {remedies}"
        ),
        en=(
            "{workload}: there is no version before it, and not every server is out again: {servers}. Those that cannot be "
            "reached are kept out at the edges. {reasons} {remedies}"
        ),
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
    "release.rollback_left_out": Message(
        id="{workload}: belum ada versi sebelumnya; belum keluar: {servers}. Server lain, bila ada, sudah. {reasons} {remedies}",
        en="{workload}: there is no version before it, and not out yet: {servers}. Any others are. {reasons} {remedies}",
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
}

_BACK: Final[dict[str, Message]] = {
    "release.no_before": Message(
        id=(
            "Tidak tercatat apa yang dijalankan {workload} sebelum {release}. Tidak ada yang diubah. Sebutkan tujuannya: "
            "--to RILIS. Rilis baik lain yang ada di semua server: {known}."
        ),
        en=(
            "It is not on record what {workload} carried before {release}. Nothing was changed. Say where to: --to RELEASE. "
            "Other good ones that are on every server: {known}."
        ),
    ),
    "release.first": Message(
        id=(
            "{release} adalah rilis pertama yang dijalankan {workload}; tidak ada yang sebelumnya, dan tanpa tujuan tidak ada "
            "yang dimajukan lagi. Tidak ada yang diubah. Ke rilis lain: --to RILIS. Yang baik dan ada di semua server: {known}."
        ),
        en=(
            "{release} was the first that {workload} carried; there is nothing before it, and nothing goes forth again unless "
            "you say where to. Nothing was changed. To another one: --to RELEASE. Good ones that are on every server: {known}."
        ),
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
}

_REMEDIES: Final[dict[str, Message]] = {
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
            "Basis data mungkin sudah dikembangkan sebagian; versi sebelumnya, bila ada, tetap bekerja dengannya. Bila mesin "
            "berkata bahwa basis data tidak terjangkau atau menolaknya: lajur play site. Bila tidak: perbaiki migrasinya "
            "sehingga dapat dijalankan ulang. Lalu rilis {workload} lagi."
        ),
        en=(
            "The database may be expanded in part; any version before goes on with it. If the machine says that the database "
            "cannot be reached or refuses it: lajur play site. If not: mend the migration so that it can be run again. Then "
            "deploy {workload} again."
        ),
    ),
    "release.remedy.database": Message(
        id=(
            "Belum dipasang: lajur play site. Sudah: lihat PostgreSQL dan firewall di server itu. Lalu rilis {workload} lagi; "
            "dengan --dry-run terlihat dahulu apakah basis datanya menjawab."
        ),
        en=(
            "Where it is not set up yet: lajur play site. Where it is: look at PostgreSQL and the firewall of that server. Then "
            "deploy {workload} again; --dry-run shows first whether the database answers."
        ),
    ),
    "release.remedy.version": Message(
        id="Perbaiki versinya dan rilis berkas baru untuk {workload}; angka gerbangnya: lajur release history {workload}",
        en="Mend the version and deploy a new file of {workload}; the numbers of its gate: lajur release history {workload}",
    ),
}

_WARNINGS: Final[dict[str, Message]] = {
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

MESSAGES: Final[dict[str, Message]] = {**_ENDINGS, **_BACK, **_REMEDIES, **_WARNINGS}
