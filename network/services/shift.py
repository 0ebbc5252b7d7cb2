"""One edge of a window or boost: claim its slot durably, then carry the devices to the intent of now.

Level, not edge: whether a slot was claimed, missed or somebody else's, the devices always end at the intent of `now`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from network.core import calendar
from network.core.booking import Announcement
from network.services.apply import RunReport, Wish, apply
from network.services.bookings import Desk
from network.services.hands import Hands

GRACE: Final = timedelta(minutes=15)
"""How late a slot may still be acted on; an older one is recorded as skipped."""

LOOK_BACK: Final = timedelta(days=2)
"""How far back slots are looked for. Older ones say nothing about now."""

LONGEST: Final = timedelta(days=366)
"""The longest occurrence: its slot keeps the start, also for its close."""

_VERBS: Final = {"open": "opened", "close": "closed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftReport:
    """The edges that this call claimed, by what was recorded, and the run that followed."""

    acted: tuple[calendar.Edge, ...]
    skipped: tuple[calendar.Edge, ...]
    run: RunReport


def due(wish: Wish, hands: Hands) -> tuple[calendar.Edge, ...]:
    """Edges that have come and whose slots nobody has claimed, in order."""
    since = wish.now - LOOK_BACK
    claimed = hands.ledger.claims(wish.regency.head.key, since - LONGEST)
    taken = {slot for slot, _ in claimed}
    return tuple(edge for edge in calendar.edges(wish.regency, since, wish.now, wish.boosts) if edge.slot not in taken)


def shift(wish: Wish, hands: Hands) -> ShiftReport:
    """Claim what is due, then apply. Raises what `apply` raises; the claims stay, the next call converges."""
    acted, skipped = claim(wish, hands)
    run = apply(replace(wish, reason=reason_of(acted) or wish.reason), hands)
    return ShiftReport(acted=acted, skipped=skipped, run=run)


def claim(wish: Wish, hands: Hands) -> tuple[tuple[calendar.Edge, ...], tuple[calendar.Edge, ...]]:
    """Claim every edge that is due: those that are acted on, and those that came too long ago."""
    acted: list[calendar.Edge] = []
    skipped: list[calendar.Edge] = []
    for edge in due(wish, hands):
        late = wish.now - edge.at > GRACE
        if hands.ledger.claim(edge.slot, wish.reason, wish.now, "skipped" if late else "acted"):
            (skipped if late else acted).append(edge)
    return tuple(acted), tuple(skipped)


def announce(desk: Desk, actor: str, acted: Iterable[calendar.Edge], skipped: Iterable[calendar.Edge]) -> None:
    """Into the outbox, for subscribers: what opened and closed, and what was missed. Whoever claimed a slot tells of it."""
    told = [(edge, _VERBS[edge.slot.edge]) for edge in acted] + [(edge, "skipped") for edge in skipped]
    if not told:
        return
    with desk.bookings.book(desk.key, actor, desk.clock.now()) as book:
        for edge, verb in told:
            data = {"at": edge.at.isoformat(), "start": edge.slot.start.isoformat(), "edge": edge.slot.edge}
            book.announce(Announcement(kind=f"{edge.slot.purpose}.{verb}", subject=edge.slot.window, data=data))


def reason_of(edges: Iterable[calendar.Edge]) -> str:
    """As the record has it for the run that follows."""
    return ", ".join(f"{edge.slot.window} {edge.slot.edge}" for edge in edges)
