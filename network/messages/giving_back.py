"""What is said to who gives a server back on which a workload or a database still is."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_ELSE_ID: Final = " Tidak ada yang diubah. Bila basis data itu memang boleh hilang: `--without-backup ALASAN`."
_ELSE_EN: Final = " Nothing was changed. If that database may go all the same: `--without-backup REASON`."

MESSAGES: Final[dict[str, Message]] = {
    "infra.backup_none": Message(
        id="{server}: basis data {database} tidak dicadangkan ke server lain (`backup` di workloads.yaml)." + _ELSE_ID,
        en="{server}: database {database} is not backed up to another server (`backup` in workloads.yaml)." + _ELSE_EN,
    ),
    "infra.backup_with": Message(
        id="{server}: cadangan basis data {database} ada di {to}, yang juga hendak dikembalikan." + _ELSE_ID,
        en="{server}: the backups of database {database} are on {to}, which is to be given back, too." + _ELSE_EN,
    ),
    "infra.backup_never": Message(
        id="{server}: di {to} belum ada cadangan basis data {database}; buat dengan `lajur play backup`." + _ELSE_ID,
        en="{server}: there is no backup of database {database} on {to} yet; take one with `lajur play backup`." + _ELSE_EN,
    ),
    "infra.backup_old": Message(
        id="{server}: cadangan terakhir basis data {database} di {to} dari {at}, lebih tua dari {most} jam; buat yang baru "
        "dengan `lajur play backup`." + _ELSE_ID,
        en="{server}: the last backup of database {database} on {to} is of {at}, older than {most} hours; take a new one with "
        "`lajur play backup`." + _ELSE_EN,
    ),
    "infra.backup_unread": Message(
        id="{server}: tidak dapat dilihat apakah di {to} ada cadangan basis data {database} ({reason})." + _ELSE_ID,
        en="{server}: whether there is a backup of database {database} on {to} could not be seen ({reason})." + _ELSE_EN,
    ),
    "infra.backup_kept": Message(
        id="{server}: cadangan basis data {databases} ada di sini, yang tetap berjalan. Tidak ada yang diubah. "
        "Sebut server lain (`backup` di workloads.yaml), jalankan site.yml, lalu `lajur play backup`; yang tersisa di sini "
        "boleh hilang dengan alasan: `--without-backup ALASAN`.",
        en="{server}: the backups of database {databases} are here, and that database goes on. Nothing was changed. Name another "
        "server (`backup` in workloads.yaml), play site.yml, then `lajur play backup`; what is left here may go for a reason: "
        "`--without-backup REASON`.",
    ),
    "infra.playing": Message(
        id="{actor} sedang menjalankan playbook {playbook} sejak {since} (proses {pid}), juga di {server}. Tidak ada yang "
        "dihapus. Tunggu sampai selesai, lalu ulangi.",
        en="{actor} has been playing {playbook} since {since} (process {pid}), on {server}, too. Nothing was wiped. Wait until "
        "that has ended, then try again.",
    ),
    "infra.releasing_since": Message(
        id="{actor} sedang merilis {workload} {release} sejak {since} ({run}, proses {pid}), juga di {server}. Tidak ada yang "
        "dihapus. Tunggu sampai selesai (`lajur release status {workload}`), lalu ulangi.",
        en="{actor} has been releasing {workload} {release} since {since} ({run}, process {pid}), on {server}, too. Nothing was "
        "wiped. Wait until that has ended (`lajur release status {workload}`), then try again.",
    ),
    "infra.releasing": Message(
        id="Sebuah rilis sedang bekerja di {server} ({run}, proses {pid}). Tidak ada yang dihapus. Tunggu sampai selesai "
        "(`lajur release status`), lalu ulangi.",
        en="A release is at work on {server} ({run}, process {pid}). Nothing was wiped. Wait until that has ended (`lajur "
        "release status`), then try again.",
    ),
    "infra.not_drained": Message(
        id="{edge} masih mengirim permintaan {workload} ke {server} ({reason}), jadi tidak ada yang dihapus. Lihat {edge} dan "
        "{log}, lalu jalankan perintah yang sama lagi.",
        en="{edge} still sends requests of {workload} to {server} ({reason}), so nothing was wiped. Look at {edge} and at {log}, "
        "then give the same command again.",
    ),
    "infra.reason_empty": Message(
        id="{flag} perlu alasan: apa yang terjadi dengan datanya.", en="{flag} needs a reason: what becomes of the data."
    ),
    "infra.column.data": Message(id="Data", en="Data"),
    "infra.column.role": Message(id="Peran", en="Role"),
    "infra.column.files": Message(id="Berkas", en="Files"),
    "infra.column.size": Message(id="Ukuran", en="Size"),
}
