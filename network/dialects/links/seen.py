"""What a platform's own commands say of a link where no getter does: the state of its routing neighbour. Text in, values out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from network.core.links.sight import Looks

Ask = Callable[[list[str]], Mapping[str, str]]
"""Commands to what the device prints for each."""

_FRR: Final = "show ip ospf neighbor json"
_LONGEST: Final = 4 * 1024 * 1024


def read_neighbour(driver: str, ask: Ask, looks: Looks) -> str | None:
    """The state of the neighbour at the other end in the routing protocol's words, empty where there is none; None where nobody
    knows how to ask."""
    if driver != "frr":
        return None
    return frr_neighbour(ask([_FRR])[_FRR], looks.interface, looks.peer)


def frr_neighbour(said: str, interface: str, peer: str | None) -> str:
    """From `show ip ospf neighbor json`: entries by router id, each naming its interface as `name:own address`."""
    try:
        neighbours = json.loads(said[:_LONGEST])["neighbors"]
        entries = [entry for those in neighbours.values() for entry in those]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    states = [_state(entry) for entry in entries if _is_here(entry, interface, peer)]
    return next((state for state in states if state.startswith("Full")), states[0] if states else "")


def _is_here(entry: Mapping[str, Any], interface: str, peer: str | None) -> bool:
    named = str(entry.get("ifaceName", "")).partition(":")[0]
    address = entry.get("ifaceAddress", entry.get("address"))
    return named == interface and (peer is None or address is None or address == peer)


def _state(entry: Mapping[str, Any]) -> str:
    return str(entry.get("nbrState", entry.get("state", "")))[:40]
