"""What `lajur drift` says."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "drift.shaper_absent": Message(id="pembagi belum ada", en="the shaper is not there"),
    "drift.shaper_part": Message(id="sebagian pembagi hilang", en="a part of the shaper is missing"),
    "drift.queue": Message(id="antrean berbeda", en="the queue differs"),
    "drift.queue_absent": Message(id="antrean hilang", en="the queue is missing"),
    "drift.queue_extra": Message(id="antrean berlebih", en="a queue too many"),
    "drift.rules": Message(id="aturan berbeda", en="the rules differ"),
    "drift.foreign": Message(id="bukan buatan Lajur, dibiarkan", en="not made by Lajur, left alone"),
    "drift.armed": Message(
        id="masih dipegang sebuah proses: yang terlihat bisa setengah jadi",
        en="a run still holds it: what is seen may be half done",
    ),
    "drift.by_hand": Message(id="dengan tangan", en="by hand"),
    "drift.none": Message(
        id="Tidak ada beda: {count} perangkat memegang yang seharusnya ({at}).",
        en="No difference: {count} devices hold what they are to hold ({at}).",
    ),
    "drift.sum": Message(
        id="{count} beda di {devices} perangkat ({at}). Tidak ada yang diubah; kolom terakhir menyebut yang memperbaikinya.",
        en="{count} differences on {devices} devices ({at}). Nothing was changed; the last column says what would mend them.",
    ),
    "cli.column.where_on": Message(id="Di mana", en="Where"),
    "cli.column.differs": Message(id="Beda", en="Difference"),
    "cli.column.wanted": Message(id="Seharusnya", en="Wanted"),
    "cli.column.found": Message(id="Ditemukan", en="Found"),
    "cli.column.mend": Message(id="Perbaikan", en="Mend with"),
    "cli.help.drift": Message(
        id=(
            "Bandingkan niat dengan yang dipegang perangkat: apa yang berbeda, di mana, dan apa yang memperbaikinya.\n\n"
            "Hanya melihat. Keluar 0 bila tidak ada beda, 2 bila ada, 4 bila sebuah perangkat tidak dapat dibaca."
        ),
        en=(
            "Compare intent with what devices hold: what differs, where, and what would mend it.\n\n"
            "Only looks. Ends with 0 when nothing differs, 2 when something does, 4 when a device could not be read."
        ),
    ),
}
