"""When windows act, a whole time at once: for everybody, and on days off for the calendar's exempt offices alone.

The same as `network.core.calendar`, occurrence by occurrence. Rules of days and weeks, which are most, are worked out as
columns of days where the zone keeps one offset; everything else is left to the calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from inventory.days import DAYS_OFF, EVERY_DAY, OFFICE_HOURS, WORDS
from inventory.policy import Window
from inventory.recurrence import WEEKDAYS, parts
from inventory.regency import Regency
from inventory.units import Unfit
from network.core.admission.overlaps import Spans, lasting, merged, spans, ticks
from network.core.calendar import occurrences
from network.core.levels import Flags, Integers

_DAY: Final = timedelta(days=1)
_DAY_TICKS: Final = lasting(_DAY)
_MINUTE_TICKS: Final = lasting(timedelta(minutes=1))
_FIRST_ORDINAL: Final = date(1970, 1, 1).toordinal()
_THURSDAY: Final = 3
"""The weekday of the first of those days, Monday being 0."""

_KNOWN: Final = frozenset(("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "WKST"))


_NEVER: Final = Spans(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


class When(NamedTuple):
    """When a window acts for everybody, and when for exempt offices alone."""

    whole: Spans
    off: Spans


class Own(NamedTuple):
    """When a request acts, and in which of that time for everybody; None: in all of it."""

    spans: Spans
    whole: Spans | None = None


def halves(regency: Regency, window: Window) -> bool:
    """Whether the window may act for exempt offices alone."""
    return bool(regency.days.exempt) and window.calendar not in (EVERY_DAY, DAYS_OFF)


class Times:
    """When windows act in `since` <= t < `until`, and perhaps before and after it."""

    def __init__(self, regency: Regency, since: datetime, until: datetime) -> None:
        self._regency, self._since, self._until = regency, since, until
        zone = regency.zone
        first, last = _local(since, zone) - _DAY, _local(until, zone) + _DAY
        offset = _offset(zone, first.year - 2, last.year + 1)
        self._steady, self._offset = offset is not None, offset or 0
        self._first, self._last = _ticks(first), _ticks(last)
        self._from, self._to = ticks(since), ticks(until)
        self._years: dict[tuple[int, int], _Column] = {}

    def of(self, window: Window) -> When:
        """The occurrences that have a part in that time; those that meet or overlap are one.

        Raises Refused for a rule that cannot be used.
        """
        length = lasting(window.end - window.start)
        starts = _starts(window, self._first - length, self._last) if self._steady else None
        if starts is None:
            every = tuple(occurrences(window, self._regency, self._since, self._until))
            return When(*(spans((one.start, one.end) for one in every if one.exempt_only is only) for only in (False, True)))
        if window.calendar == EVERY_DAY or not len(starts):
            return When(self._part(starts, starts + length, None), _NEVER)
        starts, ends, working, idle = self._judged(window, starts, length)
        return When(self._part(starts, ends, working), self._part(starts, ends, idle) if idle.any() else _NEVER)

    def _part(self, starts: Integers, ends: Integers, chosen: Flags | None) -> Spans:
        """Of local times those that are chosen and have a part in the time that is asked about."""
        starts, ends = starts - self._offset, ends - self._offset
        here = (ends > self._from) & (starts < self._to)
        here = here if chosen is None else here & chosen
        return merged(Spans(starts[here], ends[here]))

    def _judged(self, window: Window, starts: Integers, length: int) -> tuple[Integers, Integers, Flags, Flags]:
        """Starts and ends, local; which of them are for everybody, and which for exempt offices alone."""
        word, ends, days = window.calendar, starts + length, self._regency.days
        everybody, nobody = np.ones(len(starts), dtype=np.bool_), np.zeros(len(starts), dtype=np.bool_)
        day = starts // _DAY_TICKS
        known = self._calendar(_date(int(day[0])).year, _date(int(day[-1])).year)
        works: Flags = known.works[day - known.first]
        if word == DAYS_OFF:
            return starts, ends, ~works, nobody
        takes = everybody
        if word == OFFICE_HOURS:
            midnight, closes = day * _DAY_TICKS, known.closes[day - known.first]
            starts = midnight + known.opens[day - known.first] * _MINUTE_TICKS
            ends = midnight + closes * _MINUTE_TICKS
            takes = (closes > 0) & np.append(True, day[1:] != day[:-1])
        elif word not in WORDS:
            takes = nobody.copy()
            for period in days.periods(word):
                takes |= (day >= _number(period.start)) & (day <= _number(period.end))
        return starts, ends, takes & works, takes & ~works if days.exempt else nobody

    def _calendar(self, first: int, last: int) -> _Column:
        """The years day by day."""
        found = self._years.get((first, last))
        if found is None:
            years = [self._regency.days.year(year) for year in range(first, last + 1)]
            found = self._years[first, last] = _Column(
                _number(date(first, 1, 1)),
                np.concatenate([np.frombuffer(each.works, dtype=np.bool_) for each in years]),
                np.concatenate([np.frombuffer(each.opens, dtype=np.int64) for each in years]),
                np.concatenate([np.frombuffer(each.closes, dtype=np.int64) for each in years]),
            )
        return found


class _Column(NamedTuple):
    """Days from `first` on: whether each works, and its hours in minutes."""

    first: int
    works: Flags
    opens: Integers
    closes: Integers


def _starts(window: Window, first: int, last: int) -> Integers | None:
    """Local starts in ticks from `first` to `last`, both included, in order; None for a rule that is not of days or weeks."""
    if window.start.microsecond:
        return None
    given = _rule_days(window, first // _DAY_TICKS, last // _DAY_TICKS)
    if given is None:
        return None
    days, until = given
    starts = days * _DAY_TICKS + _ticks(window.start) % _DAY_TICKS
    starts = starts[starts <= until]
    if window.rdates:
        starts = np.union1d(starts, _column(_ticks(each) for each in window.rdates))
    if window.exdates:
        starts = starts[~np.isin(starts, _column(_ticks(each) for each in window.exdates))]
    return starts[(starts >= first) & (starts <= last)]


def _rule_days(window: Window, first: int, last: int) -> tuple[Integers, int] | None:
    """The days of the rule until `last`, those before `first` only if they must be counted; and the tick after which none is."""
    begin = _ticks(window.start) // _DAY_TICKS
    if window.recurrence is None:
        return np.array([begin], dtype=np.int64), _ticks(window.start)
    try:
        rule = parts(window.start, window.recurrence)
        until = _ticks(datetime.fromisoformat(rule["UNTIL"])) if "UNTIL" in rule else last * _DAY_TICKS + _DAY_TICKS
    except (Unfit, ValueError):
        return None  # the calendar says what is wrong
    if not rule.keys() <= _KNOWN or rule["FREQ"] not in ("DAILY", "WEEKLY") or rule.get("WKST", "MO") not in WEEKDAYS:
        return None
    interval, counted = int(rule.get("INTERVAL", 1)), "COUNT" in rule
    near = begin if counted else max(begin, first)
    named = [WEEKDAYS.index(day) for day in rule.get("BYDAY", "").split(",") if day]
    if rule["FREQ"] == "DAILY":
        days = np.arange(begin - (begin - near) // interval * interval, last + 1, interval, dtype=np.int64)
    else:
        named = named or [window.start.weekday()]
        monday = begin - (window.start.weekday() - WEEKDAYS.index(rule.get("WKST", "MO"))) % 7
        days = np.arange(near, last + 1, dtype=np.int64)
        days = days[(days - monday) // 7 % interval == 0]
    if named:
        days = days[_among(named, 7)[(days + _THURSDAY) % 7]]
    if "BYMONTH" in rule:
        months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
        days = days[_among([int(month) for month in rule["BYMONTH"].split(",")], 13)[months]]
    return days[: int(rule["COUNT"])] if counted else days, until


def _among(numbers: Sequence[int], most: int) -> Flags:
    chosen = np.zeros(most, dtype=np.bool_)
    chosen[numbers] = True
    return chosen


@cache
def _offset(zone: tzinfo, first: int, last: int) -> int | None:
    """What local time is ahead of UTC from one year to another, in ticks; None when that changes."""
    noon, end, found = datetime(first, 1, 1, 12), datetime(last, 12, 31, 12), set()  # noqa: DTZ001 - local time
    while noon <= end:
        found.add(zone.utcoffset(noon))
        noon += _DAY
    only = found.pop()
    return None if found or only is None else lasting(only)


def _local(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _ticks(local: datetime) -> int:
    return ticks(local.replace(tzinfo=UTC))


def _number(day: date) -> int:
    return day.toordinal() - _FIRST_ORDINAL


def _date(number: int) -> date:
    return date.fromordinal(number + _FIRST_ORDINAL)


def _column(values: Iterable[int]) -> Integers:
    return np.array(list(values), dtype=np.int64)
