"""Why a play goes no further before it has changed anything (`playbooks/action_plugins/lajur_refuse.py`)."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "play.refused.restore_what": Message(
        id=(
            "Sebut ke server mana, dan basis data mana bila ada beberapa: -e restore_to=SERVER -e restore_of=BASISDATA. Server: "
            "{servers}. Basis data yang punya cadangan: {databases}. Tidak ada yang diubah."
        ),
        en=(
            "Say onto which server, and of which database where there are several: -e restore_to=SERVER -e restore_of=DATABASE. "
            "Servers: {servers}. Databases with backups: {databases}. Nothing was changed."
        ),
    ),
    "play.refused.restore_moment": Message(
        id=(
            "restore_time bukan waktu: “{value}”. Tulis 2026-03-01T10:30:00, waktu setempat kabupaten, atau dengan selisih dari "
            "UTC (2026-03-01T10:30:00+09:00). Tidak ada yang diubah."
        ),
        en=(
            "restore_time is no moment: “{value}”. Write it as 2026-03-01T10:30:00, local time of the regency, or with an offset "
            "from UTC (2026-03-01T10:30:00+09:00). Nothing was changed."
        ),
    ),
    "play.refused.restore_here": Message(
        id=(
            "{server}: di {found} sudah ada basis data, dan tidak ada yang diubah. Pulihkan ke server lain, atau sebut bahwa "
            "yang ini boleh ditimpa: -e restore_over={server}."
        ),
        en=(
            "{server}: there is a database in {found} already, and nothing was changed. Restore to another server, or say by "
            "name that this one is to be overwritten: -e restore_over={server}."
        ),
    ),
    "play.refused.restore_copy": Message(
        id=(
            "{server}: di {found} sudah ada salinan basis data, keadaan {reached}, dan tidak ada yang diubah. Pulihkan ke server "
            "lain, atau sebut bahwa yang ini boleh ditimpa: -e restore_over={server}."
        ),
        en=(
            "{server}: there is a copy of a database in {found} already, restored to {reached}, and nothing was changed. Restore "
            "to another server, or say by name that this one is to be overwritten: -e restore_over={server}."
        ),
    ),
    "play.refused.restore_never": Message(
        id="{server} belum memuat basis data {database}: lajur play site. Tidak ada yang diubah.",
        en="{server} carries no database {database} yet: lajur play site. Nothing was changed.",
    ),
    "play.refused.restore_no_backup": Message(
        id="Di {server} belum ada cadangan basis data {database}. Tidak ada yang diubah. Buat satu: lajur play backup.",
        en="There is no backup of database {database} on {server} yet. Nothing was changed. Take one: lajur play backup.",
    ),
    "play.refused.restore_span": Message(
        id=(
            "{database} tidak dapat dipulihkan ke {wish}: cadangannya dari {first} sampai {last}. Tidak ada yang diubah. Minta "
            "waktu di antaranya, atau yang terakhir: -e restore_time=latest."
        ),
        en=(
            "{database} cannot be restored to {wish}: its backups reach from {first} to {last}. Nothing was changed. Ask for a "
            "moment between these, or for the end: -e restore_time=latest."
        ),
    ),
}
