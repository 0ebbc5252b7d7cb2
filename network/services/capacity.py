"""Capacity windows: claim the edges that are due, then bring and give back the servers that should and should not stand now.

Level, not edge: whether a slot was claimed, missed or somebody else's, what stands is always led to what should stand at `now`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, tzinfo
from secrets import token_hex

from inventory.units import Unfit
from network.core.calendar import Edge
from network.core.capacity import PURPOSE, Course, course, edges
from network.core.reason import Reason
from network.errors import DeviceBusy, NeedsPerson, Refused
from network.services.capacity_close import Closing
from network.services.capacity_open import Opening
from network.services.capacity_parts import TURN, CapacityHands, CapacityReport, Tell, nobody
from network.services.foresight import foresee
from network.services.infra import observed, standing_rents
from network.services.shift import GRACE, LONGEST, LOOK_BACK


def due(hands: CapacityHands, now: datetime) -> tuple[Edge, ...]:
    """Edges that have come and whose slots nobody has claimed, in order. Raises Refused for a rule that cannot be used."""
    with _usable():
        found = edges(hands.regency, now - LOOK_BACK, now)
    since = min([now - LOOK_BACK - LONGEST, *(each.slot.start for each in found)])
    claimed = hands.ledger.claims(hands.build.regency, since)
    taken = {slot for slot, _ in claimed if slot.purpose == PURPOSE}
    return tuple(each for each in found if each.slot not in taken)


def waiting(hands: CapacityHands, now: datetime) -> Course:
    """What would be done. Raises Refused for a rule that cannot be used."""
    with _usable():
        return course(hands.regency, now, hands.seen(), observed(hands.build), standing_rents(hands.build).keys())


def tick(hands: CapacityHands, tell: Tell = nobody) -> CapacityReport:
    """Do what is to be done now; what came of it, errors too. Raises Refused when nothing was begun."""
    now, report = hands.build.clock.now(), CapacityReport()
    run = f"capacity-{now:%Y%m%dt%H%M%S}-{token_hex(3)}"
    with _turn(hands, run):
        report.acted, report.skipped = _claim(hands, run, now)
        asked = waiting(hands, now)
        if asked.closes:
            Closing(hands, asked.closes, run, tell).carry(report)
            asked = waiting(hands, now)  # a key may come again for another entry
        if asked.opens:
            Opening(hands, asked.opens, run, tell).carry(report)
        report.errors += [NeedsPerson(each.code, **each.fields) for each in asked.for_person]
    with _usable():
        seen = foresee(hands, now)
    report.lacks, report.unasked = seen.lacks, seen.unasked
    return report


def _claim(hands: CapacityHands, run: str, now: datetime) -> tuple[tuple[Edge, ...], tuple[Edge, ...]]:
    """Those that are acted on, and those that came too long ago."""
    acted: list[Edge] = []
    skipped: list[Edge] = []
    for edge in due(hands, now):
        late = now - edge.at > GRACE
        if hands.ledger.claim(edge.slot, run, now, "skipped" if late else "acted"):
            (skipped if late else acted).append(edge)
    return tuple(acted), tuple(skipped)


@contextmanager
def _turn(hands: CapacityHands, run: str) -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(hands.build.runner.hold((TURN,), run))
        except DeviceBusy as error:
            raise Refused("capacity.busy", run=error.fields.get("run", "?"), pid=error.fields.get("pid", "?")) from error
        yield


@contextmanager
def _usable() -> Iterator[None]:
    """A rule that cannot be used is told of the truth."""
    try:
        yield
    except Unfit as error:
        raise Refused("capacity.rule", rule=error.code) from error


def told(report: CapacityReport, zone: tzinfo) -> tuple[Reason, ...]:
    """What is said beside what was done: what will lack room, and who could not be asked for it."""
    short = (
        Reason(
            code="capacity.short",
            fields={
                "cloud": each.cloud,
                "capacity": each.entry,
                "start": f"{each.start.astimezone(zone):%Y-%m-%d %H:%M %Z}",
                "quota": Refused(f"capacity.quota.{each.quota}"),
                "needed": each.needed,
                "free": each.free,
                "missing": each.missing,
            },
        )
        for each in report.lacks
    )
    unasked = (Reason(code="capacity.unasked", fields={"cloud": cloud, "why": why}) for cloud, why in report.unasked.items())
    return (*report.warnings, *short, *unasked)
