"""When windows take place: what is active at a moment, and the edges at which that changes.

Never reads a clock: `now` is an argument. Everything returned is in UTC; every rule is in the regency's local time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import chain
from typing import Final, Protocol

from dateutil.rrule import rrulestr

from inventory import recurrence
from inventory.days import OFFICE_HOURS
from inventory.policy import Window
from inventory.regency import Regency
from inventory.units import Unfit
from network.core.slot import Slot
from network.errors import Refused

PURPOSE: Final = "window"
"""The purpose in the slots of windows."""

BOOST: Final = "boost"
"""The purpose in the slots of boosts."""

_DAY: Final = timedelta(days=1)
_INSTANT: Final = timedelta(microseconds=1)
_FAR: Final = timedelta(days=9 * 366)
"""How far the next edge is sought: 29 February may be eight years away."""

_MOST: Final = 40_000
"""Starts that one question may walk over: a century of days, a third of a second."""

_PERIOD: Final = re.compile(r"FREQ=(DAILY|WEEKLY)")
_INTERVAL: Final = re.compile(r"INTERVAL=(\d+)")


@dataclass(frozen=True, order=True, slots=True)
class Occurrence:
    """One time that a window takes place: from `start`, included, to `end`, not included. Both in UTC.

    `exempt_only`: on a day off, for the calendar's exempt offices alone.
    """

    start: datetime
    end: datetime
    window: str
    exempt_only: bool = False


class Lasting(Protocol):
    """What has a name, a start and an end of its own, as a boost has."""

    @property
    def id(self) -> str: ...
    @property
    def starts(self) -> datetime: ...
    @property
    def expires(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Edge:
    """A moment at which a window or boost opens or closes. `slot.start` stays the start, also for the close."""

    at: datetime
    slot: Slot


def occurrences(window: Window, regency: Regency, since: datetime, until: datetime) -> Iterator[Occurrence]:
    """The occurrences that have a part in `since` <= t < `until`, by start. Raises Refused for a rule that cannot be used.

    An occurrence lasts from one local wall-clock time to another. A local time that the zone skips is read with the
    offset before the gap, one that it repeats is the first of the two (RFC 5545, section 3.3.5); an occurrence that
    vanishes in a gap does not take place. A day is judged by the local date of the start; with office hours the rule gives
    the day alone, and a day has one occurrence.
    """
    zone, days = regency.zone, regency.days
    length, last = window.end - window.start, None
    for local in _starts(window, _local(since, zone) - length - _DAY, _local(until, zone) + _DAY):
        day, begins, ends = local.date(), local, local + length
        whom = days.concerns(window.calendar, day)
        if window.calendar == OFFICE_HOURS:
            hours = None if day == last else days.hours(day)
            if hours is None:
                continue
            last, begins, ends = day, datetime.combine(day, hours.start), datetime.combine(day, hours.end)
        if whom is None:
            continue
        start, end = _utc(begins, zone), _utc(ends, zone)
        if start < end and since < end and start < until:
            yield Occurrence(start, end, window.key, whom == "exempt")


def active(regency: Regency, now: datetime) -> tuple[Occurrence, ...]:
    """What takes place at `now`: confirmed windows only, by precedence and then key.

    Occurrences of one window that overlap at `now` are one, from the first start to the last end; while one for everybody
    lasts, those for exempt offices alone say nothing.
    """
    found = []
    for window in sorted(_confirmed(regency), key=lambda window: (window.precedence, window.key)):
        every = tuple(occurrences(window, regency, now, now + _INSTANT))
        here = tuple(each for each in every if not each.exempt_only) or every
        if here:
            start, end = min(each.start for each in here), max(each.end for each in here)
            found.append(Occurrence(start, end, window.key, here[0].exempt_only))
    return tuple(found)


def edges(regency: Regency, after: datetime, until: datetime, boosts: Iterable[Lasting] = ()) -> tuple[Edge, ...]:
    """Every edge with `after` < t <= `until`, in order; at one moment a close comes before an open."""
    windows = (
        edge
        for window in _confirmed(regency)
        for each in occurrences(window, regency, after, until + _INSTANT)
        for edge in _edges(regency, PURPOSE, each)
    )
    return tuple(sorted((edge for edge in chain(windows, _of(regency, boosts)) if after < edge.at <= until), key=_order))


def next_edge(regency: Regency, now: datetime, boosts: Iterable[Lasting] = ()) -> Edge | None:
    """The first edge after `now`, or None when no confirmed window and no boost has one in the years to come."""
    windows = chain.from_iterable(_ahead(regency, window, now) for window in _confirmed(regency))
    return min((edge for edge in chain(windows, _of(regency, boosts)) if edge.at > now), key=_order, default=None)


def _ahead(regency: Regency, window: Window, now: datetime) -> Iterator[Edge]:
    """The edges of what is on and of the first occurrence still to come; no later one can be nearer."""
    for each in occurrences(window, regency, now, now + _FAR):
        yield from _edges(regency, PURPOSE, each)
        if each.start > now:
            return


def _of(regency: Regency, boosts: Iterable[Lasting]) -> Iterator[Edge]:
    for boost in boosts:
        yield from _edges(regency, BOOST, Occurrence(boost.starts, boost.expires, boost.id))


def _edges(regency: Regency, purpose: str, occurrence: Occurrence) -> tuple[Edge, Edge]:
    def edge(at: datetime, name: str) -> Edge:
        return Edge(at, Slot(regency.head.key, purpose, occurrence.window, occurrence.start, name))

    return edge(occurrence.start, "open"), edge(occurrence.end, "close")


def _order(edge: Edge) -> tuple[datetime, str, str, str, datetime]:
    return edge.at, edge.slot.edge, edge.slot.purpose, edge.slot.window, edge.slot.start


def _confirmed(regency: Regency) -> Iterator[Window]:
    return (window for window in regency.windows if window.confirmed)


def _starts(window: Window, first: datetime, last: datetime) -> Iterator[datetime]:
    """Local starts from `first` to `last`, both included, in order."""
    for seen, start in enumerate(_walk(window, first)):
        if start > last:
            return
        if seen >= _MOST:
            raise Refused("calendar.too_many", window=window.key, rule=window.recurrence, most=_MOST)
        if start >= first:
            yield start


def _walk(window: Window, first: datetime) -> Iterator[datetime]:
    """The starts of the rule from about `first` on: a rule of days or weeks is picked up there, however old it is.

    dateutil alone would walk from the first occurrence. The later beginning is a whole number of periods on, two of
    them before `first`, so that nothing of the rule changes; what is counted must be walked from its true beginning.
    """
    rule = window.recurrence
    try:
        every = recurrence.starts(window)
    except Unfit as error:
        raise Refused("calendar.rule", window=window.key, rule=rule, part=error.fields.get("part", rule)) from error
    found = None if rule is None or "COUNT" in rule.upper() else _PERIOD.search(rule.upper())
    if rule is None or found is None or first <= window.start:
        return every
    interval = _INTERVAL.search(rule.upper())
    period = (7 if found[1] == "WEEKLY" else 1) * (int(interval[1]) if interval else 1)
    days = max(0, (first - window.start).days // period - 1) * period
    return recurrence.with_dates(window, iter(rrulestr(rule, dtstart=window.start + timedelta(days=days))))


def _local(moment: datetime, zone: tzinfo) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a moment without zone: {moment}")
    return moment.astimezone(zone).replace(tzinfo=None)


def _utc(local: datetime, zone: tzinfo) -> datetime:
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
