"""What every link carries, by the SNMP meter: interface totals of one end, read twice, at least ten seconds apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from inventory.model import Link, LinkEnd
from inventory.regency import Regency
from network.core.ports import Clock, InterfaceMeter
from network.core.rates import Dropped, InterfaceRate, InterfaceReading, interface_rates
from network.errors import LajurError

APART: Final = 10.0
"""Seconds between two polls; agents keep their totals for up to 3.2 s, so closer ones show the cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """One link, in bit/s as its offices see it: `down` toward them. `by` is the device that was asked.

    `down` and `up` are None when nothing can be said, and then `why` says why not: a reason of the meter, `silent`, `no_snmp`, or
    `no_interface` when the device answered and has none of that name.
    """

    link: str
    ends: tuple[str, str]
    capacity_down: int
    capacity_up: int
    down: int | None
    up: int | None
    by: str | None
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTotals:
    """`over`: seconds between the two polls; `age`: seconds by which a total may have been older than its poll."""

    regency: str
    links: tuple[LinkLine, ...]
    over: float
    age: float


def link_totals(regency: Regency, meter: InterfaceMeter, clock: Clock) -> LinkTotals:
    """Two polls of every device that answers SNMP, and what passed between them. A silent device spoils its links only."""
    first = meter.read()
    began = clock.monotonic()
    clock.sleep(APART)
    second = meter.read()
    rates = dict(_rates(first, second))
    return LinkTotals(
        regency=regency.head.key,
        links=tuple(_line(link, rates) for link in regency.links),
        over=round(clock.monotonic() - began, 1),
        age=3.2,
    )


Seen = Mapping[str, InterfaceRate | Dropped]


def _rates(
    first: Mapping[str, InterfaceReading | LajurError], second: Mapping[str, InterfaceReading | LajurError]
) -> Iterator[tuple[str, Seen]]:
    for device, after in second.items():
        before = first.get(device)
        if isinstance(after, InterfaceReading) and isinstance(before, InterfaceReading):
            yield device, interface_rates(before, after)
        else:
            yield device, {}


def _line(link: Link, rates: Mapping[str, Seen]) -> LinkLine:
    near, far = link.ends
    down = up = by = None
    why: str | None = None
    for end, is_near in ((near, True), (far, False)):
        found, reason = _end(end, rates)
        why = why or reason
        if found is not None:
            sent, received = found.sent.bits, found.received.bits
            down, up, by, why = (sent, received, end.device, None) if is_near else (received, sent, end.device, None)
            break
    return LinkLine(
        link=link.key,
        ends=(f"{near.device}:{near.interface}", f"{far.device}:{far.interface}"),
        capacity_down=link.rate.down,
        capacity_up=link.rate.up,
        down=down,
        up=up,
        by=by,
        why=why,
    )


def _end(end: LinkEnd, rates: Mapping[str, Seen]) -> tuple[InterfaceRate | None, str | None]:
    if end.device not in rates:
        return None, "no_snmp"
    seen = rates[end.device].get(end.interface)
    if isinstance(seen, InterfaceRate):
        return seen, None
    if isinstance(seen, Dropped):
        return None, seen.value
    return None, "no_interface" if rates[end.device] else "silent"
