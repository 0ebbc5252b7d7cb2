"""The two meters beside each other: interface totals over SNMP against the bytes of the shaper's classes, by uplink."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from network.core.rates import Dropped, InterfaceRate, InterfaceReading, interface_rates
from network.core.reporting import Look
from network.core.tree import Place, ShaperId
from network.errors import LajurError
from network.services.figures import CrossCheck, rates, total

APART: Final = 30.0
"""Seconds between two polls of the SNMP meter: agents keep their totals for up to 3.2 s."""

LEAST: Final = 64_000
"""Bit/s below which routing and management weigh too much to compare."""

Readings = Mapping[str, InterfaceReading | LajurError]


@dataclass(frozen=True, slots=True)
class _Poll:
    """A poll of the SNMP meter, and the last look at the class meter before it."""

    look: Look | None
    readings: Readings
    taken: float


class CrossChecker:
    """Keeps the last poll and what came out of it."""

    def __init__(self) -> None:
        self._last: _Poll | None = None
        self._look: Look | None = None
        self._lines: tuple[CrossCheck, ...] = ()
        self._taken = 0.0

    def looked(self, look: Look) -> None:
        self._look = look

    def polled(self, look: Look | None, readings: Readings, taken: float) -> None:
        """Compare since the last poll."""
        before, self._last = self._last, _Poll(look, readings, taken)
        if look is None:
            return
        self._lines = tuple(_lines(before, self._last, look)) if before else ()
        self._taken = taken

    def lines(self, now: float) -> tuple[CrossCheck, ...]:
        """The last comparison, with its age at `now` (seconds of the monotonic clock)."""
        return tuple(replace(line, age=round(now - self._taken, 1)) for line in self._lines)


def _lines(before: _Poll, after: _Poll, look: Look) -> Iterator[CrossCheck]:
    classes = rates(before.look, look) if before.look else {}
    for shaper, allocation in look.allocations.items():
        by_class = total(classes.get(shaper, {}))
        by_snmp, why = _by_snmp(shaper, allocation.place, before.readings, after.readings)
        if by_snmp is not None and by_class is None:
            why = "no_class_rate"
        ratio = None
        if by_snmp is not None and by_class is not None:
            if min(by_snmp, by_class) >= LEAST:
                ratio = round(by_snmp / by_class, 4)
            elif max(by_snmp, by_class) >= 10 * LEAST:
                ratio = round(by_snmp / max(by_class, 1), 4)
            else:
                why = "too_little"
        yield CrossCheck(
            uplink=shaper.uplink,
            direction=shaper.direction,
            interface=f"{allocation.place.device}:{allocation.place.interface}",
            by_snmp=by_snmp,
            by_class=by_class,
            ratio=ratio,
            why=why,
            age=0.0,
        )


def _by_snmp(shaper: ShaperId, place: Place, before: Readings, after: Readings) -> tuple[int | None, str | None]:
    old, new = before.get(place.device), after.get(place.device)
    if old is None and new is None:
        return None, "no_snmp"
    if not isinstance(old, InterfaceReading) or not isinstance(new, InterfaceReading):
        return None, "silent"
    seen: InterfaceRate | Dropped | None = interface_rates(old, new).get(place.interface)
    if not isinstance(seen, InterfaceRate):
        return None, seen.value if seen else "no_interface"
    # The place looks toward the uplink: what comes down is received there.
    return (seen.received if shaper.direction.value == "down" else seen.sent).bits, None
