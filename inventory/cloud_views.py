"""When rented servers stand, computed from the truth: the times of each peak, whom they bring, and what holds at a moment.

Pure: `now` and every horizon are arguments. What is returned is in UTC; every rule is in the regency's local time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice, takewhile
from typing import Final

from inventory.cloud_model import Capacity, Cloud, CloudServer
from inventory.policy import Times
from inventory.recurrence import Span, occurrences
from inventory.regency import Regency

_DAY: Final = timedelta(days=1)
_INSTANT: Final = timedelta(microseconds=1)
_AHEAD: Final = timedelta(days=2 * 366)
_FAR: Final = datetime(2300, 1, 1)  # noqa: DTZ001  local time, without a zone
MOST_OCCURRENCES: Final = 40_000
"""Of what one entry follows, from the first on."""


@dataclass(frozen=True, order=True, slots=True)
class Peak:
    """One time for which an entry of `capacity` brings servers: from `start`, included, to `end`, not included."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One rented server from `start`, included, to `end`, not included. `entry` says all that it has beside key and names."""

    key: str
    names: tuple[str, ...]
    entry: CloudServer | Capacity
    start: datetime
    end: datetime


def last_day(regency: Regency, stay: Stay) -> date:
    """The last day on which it stands, of the regency's own."""
    return (stay.end - _INSTANT).astimezone(regency.zone).date()


def times_of(regency: Regency, entry: Capacity) -> Times | None:
    """What the entry follows; None for a window that is not in the truth."""
    if entry.own is not None:
        return entry.own
    return next((window for window in regency.windows if window.key == entry.window), None)


def keys_of(entry: Capacity) -> tuple[str, ...]:
    """Of the servers that it brings, the same every time."""
    return tuple(f"{entry.prefix or entry.key}-{number}" for number in range(1, entry.servers + 1))


def names_of(entry: Capacity, key: str) -> tuple[str, ...]:
    """The DNS names of the server of this key."""
    return () if entry.domain is None else (f"{key}.{entry.domain}",)


def ends_by_itself(times: Times) -> bool:
    """Whether its rule gives a last time."""
    return times.recurrence is None or any(word in times.recurrence.upper() for word in ("UNTIL=", "COUNT="))


def peaks(regency: Regency, entry: Capacity, until: datetime) -> tuple[Peak, ...]:
    """Every time for which this entry brings servers that begins before `until`, in order and whole.

    All of them, whatever the contract says; times that touch are one, and one that goes on for years after `until` is cut.
    Nothing where what it follows is not confirmed, or has no last time though the last is wanted. Raises Unfit for a rule that
    cannot be used.
    """
    times = times_of(regency, entry)
    if times is None or not times.confirmed:
        return ()
    local = until.astimezone(regency.zone).replace(tzinfo=None)
    last = entry.occurrence == "last"
    if last and not ends_by_itself(times):
        return ()
    walked = islice(occurrences(times, regency.days, _FAR if last else min(local + _AHEAD, _FAR)), MOST_OCCURRENCES)
    spans: Iterable[Span] = (span for span in walked if not span.exempt_only)
    if last:
        spans = deque(spans, maxlen=1)
    around = (_around(entry, span, regency.zone) for span in spans)
    return tuple(takewhile(lambda peak: peak.start < until, _joined(peak for peak in around if peak.start < peak.end)))


def stays(regency: Regency, since: datetime, until: datetime) -> tuple[Stay, ...]:
    """Every rented server that stands at some time of `since` <= t < `until`, whole, by start and key.

    A time that is not wholly within the contract of its cloud brings nobody. Raises Unfit as `peaks` does.
    """
    clouds = {cloud.key: cloud for cloud in regency.clouds}
    found = [*_lasting(regency, clouds), *_coming(regency, clouds, until)]
    return tuple(
        sorted((each for each in found if since < each.end and each.start < until), key=lambda each: (each.start, each.key))
    )


def standing(regency: Regency, now: datetime) -> tuple[Stay, ...]:
    """What should stand at `now`, by key; each says until when."""
    return tuple(sorted(stays(regency, now, now + _INSTANT), key=lambda each: each.key))


def term(regency: Regency, cloud: Cloud) -> Peak:
    """From the first moment of the cloud's contract to the end of its last day."""
    return Peak(_midnight(regency, cloud.contract.start), _midnight(regency, cloud.contract.end + _DAY))


def within(term: Peak, start: datetime, end: datetime) -> bool:
    return term.start <= start and end <= term.end


def _lasting(regency: Regency, clouds: dict[str, Cloud]) -> Iterator[Stay]:
    for server in regency.cloud_servers:
        cloud = clouds.get(server.cloud)
        if cloud is None:
            continue
        start = _midnight(regency, server.start or cloud.contract.start)
        end = _midnight(regency, server.until + _DAY)
        if start < end and within(term(regency, cloud), start, end):
            yield Stay(key=server.key, names=server.names, entry=server, start=start, end=end)


def _coming(regency: Regency, clouds: dict[str, Cloud], until: datetime) -> Iterator[Stay]:
    for entry in regency.capacity:
        cloud = clouds.get(entry.cloud)
        if cloud is None:
            continue
        bounds = term(regency, cloud)
        for peak in peaks(regency, entry, until):
            if within(bounds, peak.start, peak.end):
                for key in keys_of(entry):
                    yield Stay(key=key, names=names_of(entry, key), entry=entry, start=peak.start, end=peak.end)


def _around(entry: Capacity, span: Span, zone: tzinfo) -> Peak:
    """From `before` the start or the end of what takes place until `after` its end."""
    edge = span.end if entry.counted_from == "end" else span.start
    return Peak(
        _utc(edge - timedelta(seconds=entry.before), zone), _utc(span.end + timedelta(seconds=entry.after), zone)
    )  # fmt: skip


def _joined(found: Iterable[Peak]) -> Iterator[Peak]:
    """One for those that touch; `found` is in order."""
    held: Peak | None = None
    for peak in found:
        if held is not None and peak.start <= held.end:
            held = Peak(held.start, max(held.end, peak.end))
            continue
        if held is not None:
            yield held
        held = peak
    if held is not None:
        yield held


def _midnight(regency: Regency, day: date) -> datetime:
    return _utc(datetime.combine(day, time()), regency.zone)


def _utc(local: datetime, zone: tzinfo) -> datetime:
    """A time that the zone repeats is the first of the two, one that it skips has the offset before (RFC 5545, 3.3.5)."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
