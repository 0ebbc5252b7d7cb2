"""Messages of the solver of the law of sharing."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "fill.guarantees_above_ceiling": Message(
        id="Jumlah jaminan di bawah simpul {node} adalah {guarantees} bit/s, melebihi batas atasnya {ceiling} bit/s. "
        "Tidak ada yang dihitung atau diubah. Turunkan jaminan di bawah simpul itu, atau perbesar kapasitasnya.",
        en="The guarantees under node {node} add up to {guarantees} bit/s, above its ceiling of {ceiling} bit/s. "
        "Nothing was computed or changed. Lower guarantees under that node, or raise its capacity.",
    ),
    "fill.equal_ids": Message(
        id="Dua daun memakai id {leaf} yang sama dalam satu pohon. Tidak ada yang dihitung atau diubah. "
        "Beri setiap daun id sendiri.",
        en="Two leaves of one tree have the same id {leaf}. Nothing was computed or changed. Give every leaf an id of its own.",
    ),
    "fill.out_of_range": Message(
        id="{column}[{index}] bernilai {value}; yang diizinkan 0 sampai {largest}. Tidak ada yang dihitung atau diubah. "
        "Perbaiki angka yang menghasilkannya.",
        en="{column}[{index}] is {value}; 0 to {largest} is allowed. Nothing was computed or changed. "
        "Correct the number it comes from.",
    ),
    "fill.too_many": Message(
        id="Pohon dengan {nodes} simpul dan {leaves} daun terlalu besar; batasnya masing-masing {most}. "
        "Tidak ada yang dihitung atau diubah. Bagi pohon itu menjadi beberapa uplink.",
        en="A tree of {nodes} nodes and {leaves} leaves is too large; the most is {most} of each. "
        "Nothing was computed or changed. Divide it into several uplinks.",
    ),
}
