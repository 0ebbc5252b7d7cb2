"""What a platform's own commands say of a link where no getter does: the state of its routing neighbour. Text in, values out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Ask = Callable[[list[str]], Mapping[str, str]]
"""Commands to what the device prints for each."""

_FRR: Final = "show ip ospf neighbor json"
_LONGEST: Final = 4 * 1024 * 1024


def read_neighbours(driver: str, ask: Ask) -> RoutingNeighbours | None:
    """None where nobody knows how to ask."""
    return RoutingNeighbours.of_frr(ask([_FRR])[_FRR]) if driver == "frr" else None


@dataclass(frozen=True, slots=True)
class RoutingNeighbours:
    """Interface, address and state of every neighbour, and the seconds for which it has been in that state."""

    found: tuple[tuple[str, str, str, float | None], ...]

    @classmethod
    def of_frr(cls, said: str) -> RoutingNeighbours:
        """From `show ip ospf neighbor json`: entries by router id, each naming its interface as `name:own address`."""
        try:
            neighbours = json.loads(said[:_LONGEST])["neighbors"]
            entries = [entry for those in neighbours.values() for entry in those]
            return cls(tuple((_interface(entry), _address(entry), _state(entry), _age(entry)) for entry in entries))
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls(())

    def state(self, interface: str, peer: str | None) -> tuple[str, float | None]:
        """Of the neighbour at the other end, in the routing protocol's words, and how long; empty where there is none."""
        here = [(state, age) for name, address, state, age in self.found if name == interface and peer in (None, address)]
        return next((each for each in here if each[0].startswith("Full")), here[0] if here else ("", None))


def _interface(entry: Mapping[str, Any]) -> str:
    return str(entry.get("ifaceName", "")).partition(":")[0]


def _address(entry: Mapping[str, Any]) -> str:
    return str(entry.get("ifaceAddress", entry.get("address", "")))


def _state(entry: Mapping[str, Any]) -> str:
    return str(entry.get("nbrState", entry.get("state", "")))[:40]


def _age(entry: Mapping[str, Any]) -> float | None:
    age = entry.get("upTimeInMsec")
    return age / 1000 if isinstance(age, (int, float)) else None
