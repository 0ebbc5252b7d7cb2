"""Names on a Linux router: which class, queue and device stands for which node of which shaper.

Everything derives from the permanent ids of the truth, so a new line in a table renumbers nothing. Pure; never looks at
a device and never invents a name that the truth does not give.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from inventory.units import Direction
from network.core.tree import DEFAULT, ROOT, NodeId, NodeKind, Place, ShaperId, hub, leaf, office

ROOT_MINOR: Final = 0x0FFF
DEFAULT_MINOR: Final = 0x0FFE

_SLOT_OFFICE: Final = 1
_SLOT_REST: Final = 2
_LARGEST_ID: Final = 4000
_LARGEST_APPLICATION: Final = 13
_DEVICE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}")


def minor(node: NodeId) -> int:
    """The minor number of the node's class, which is also the major number of its leaf queue.

    Four bits of slot and twelve of id: 0 hub, 1 office, 2 the leaf of the rest, 2 + application id its own leaf. Raises
    ValueError for an id that does not fit (the truth allows 1 to 4000, and 1 to 13 for an application with a reserve).
    """
    if node.kind is NodeKind.UPLINK:
        return ROOT_MINOR
    if node.kind is NodeKind.DEFAULT:
        return DEFAULT_MINOR
    if not 1 <= node.id <= _LARGEST_ID or not 0 <= node.application <= _LARGEST_APPLICATION:
        raise ValueError(f"no class id for {node}")
    if node.kind is NodeKind.HUB:
        return node.id
    slot = _SLOT_OFFICE if node.kind is NodeKind.OFFICE else _SLOT_REST + node.application
    return slot << 12 | node.id


@lru_cache(maxsize=2**16)
def node_of(number: int) -> NodeId | None:
    """The node for which a class of this minor number stands; None for a number that is not in the scheme."""
    if number == ROOT_MINOR:
        return ROOT
    if number == DEFAULT_MINOR:
        return DEFAULT
    slot, ident = number >> 12, number & 0x0FFF
    if not 1 <= ident <= _LARGEST_ID or slot > _SLOT_REST + _LARGEST_APPLICATION:
        return None
    if slot == 0:
        return hub(ident)
    return office(ident) if slot == _SLOT_OFFICE else leaf(ident, slot - _SLOT_REST)


def class_id(node: NodeId) -> str:
    return f"1:{minor(node):x}"


def uplink_device(place: Place) -> str:
    """The interface toward the uplink. Raises ValueError for a name that may not stand in a command."""
    if not _DEVICE.fullmatch(place.interface):
        raise ValueError(f"not an interface name: {place.interface!r}")
    return place.interface


def shaping_device(shaper: ShaperId, places: Mapping[ShaperId, Place]) -> str:
    """Where the tree stands: on the way out for `up`; for `down` on an ifb to which what comes in is redirected."""
    if shaper.direction is Direction.UP:
        return uplink_device(places[shaper])
    return f"ifb{shaper.uplink_id}"
