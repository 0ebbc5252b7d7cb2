"""What findings about addresses that no router can have say. Words only."""

from __future__ import annotations

from typing import Final

from inventory.findings import Message

WORDS: Final[dict[str, Message]] = {
    "address.unspecified": Message(
        id="'{owner}': {value} termasuk {kept}, yang bukan alamat siapa pun; pilih alamat lain, misalnya dari 10.0.0.0/8",
        en="'{owner}': {value} is part of {kept}, which is nobody's address; choose another, for example from 10.0.0.0/8",
    ),
    "address.loopback": Message(
        id="'{owner}': {value} termasuk {kept}, yang selalu berarti perangkat itu sendiri (loopback)"
        "; pilih alamat lain, misalnya dari 10.0.0.0/8",
        en="'{owner}': {value} is part of {kept}, which always means the device itself (loopback)"
        "; choose another, for example from 10.0.0.0/8",
    ),
    "address.link_local": Message(
        id="'{owner}': {value} termasuk {kept}, yang dipilih perangkat sendiri dan tidak dirutekan (link-local)"
        "; pilih alamat lain, misalnya dari 10.0.0.0/8",
        en="'{owner}': {value} is part of {kept}, which devices give themselves and nobody routes (link-local)"
        "; choose another, for example from 10.0.0.0/8",
    ),
    "address.multicast": Message(
        id="'{owner}': {value} termasuk {kept}, yang hanya untuk multicast; pilih alamat lain, misalnya dari 10.0.0.0/8",
        en="'{owner}': {value} is part of {kept}, which is for multicast only; choose another, for example from 10.0.0.0/8",
    ),
    "address.reserved": Message(
        id="'{owner}': {value} termasuk {kept}, yang dicadangkan dan ditolak perangkat"
        "; pilih alamat lain, misalnya dari 10.0.0.0/8",
        en="'{owner}': {value} is part of {kept}, which is reserved and which devices refuse"
        "; choose another, for example from 10.0.0.0/8",
    ),
}
