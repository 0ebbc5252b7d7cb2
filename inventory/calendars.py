"""Whether the calendar holds, and whether windows can lean on it. Pure; part of `inventory.rules`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, islice, takewhile
from typing import Final

from inventory import national
from inventory.days import EVERY_DAY, OFFICE_HOURS, WORDS, Days
from inventory.findings import Finding, finding, nearest, warning
from inventory.policy import Times, Window
from inventory.recurrence import starts
from inventory.regency import Regency
from inventory.units import Unfit

_YEAR: Final = timedelta(days=366)
_DAY: Final = timedelta(days=1)
_MOST_STARTS: Final = 40_000
_MOST_NAMED: Final = 3
_LEAVE: Final = "cuti bersama"


def check(regency: Regency, today: date | None) -> Iterator[Finding]:
    """What is unsure in the coming year counts only with `today`."""
    ahead = () if today is None else chain.from_iterable(_unsure(regency, i, today) for i in range(len(regency.windows)))
    return chain(_days(regency), _periods(regency), _windows(regency), ahead)


def usable(regency: Regency, window: Times) -> bool:
    """Whether the calendar has what the window asks of it."""
    return regency.days.knows(window.calendar) and (window.calendar != OFFICE_HOURS or regency.calendar.hours is not None)


def known(regency: Regency) -> tuple[str, ...]:
    """What may stand as a calendar."""
    return (*WORDS, *(period.key for period in regency.calendar.calendars))


def _days(regency: Regency) -> Iterator[Finding]:
    calendar = regency.calendar
    off: dict[date, str] = {}
    for i, each in enumerate(calendar.days_off):
        if each.day in off:
            yield warning("calendar.day_twice", "calendar", "days_off", i, day=each.day, first=off[each.day])
        off.setdefault(each.day, each.name)
    on: dict[date, str] = {}
    plain = Days(calendar.model_copy(update={"days_on": ()}))
    for i, each in enumerate(calendar.days_on):
        if each.day in on:
            yield warning("calendar.day_twice", "calendar", "days_on", i, day=each.day, first=on[each.day])
        elif each.day in off:
            yield finding("calendar.on_and_off", "calendar", "days_on", i, day=each.day, off=off[each.day], on=each.name)
        elif plain.works(each.day):
            yield warning("calendar.on_idle", "calendar", "days_on", i, day=each.day)
        on.setdefault(each.day, each.name)


def _periods(regency: Regency) -> Iterator[Finding]:
    """Two periods with hours on one day would leave open which hours hold; without, it may be meant so."""
    periods = regency.calendar.calendars
    for i, period in enumerate(periods):
        first = next((each for each in periods[:i] if each.start <= period.end and period.start <= each.end), None)
        if first is not None:
            say = warning if first.hours is None or period.hours is None else finding
            day = max(first.start, period.start)
            yield say("calendar.periods_overlap", "calendar", "calendars", i, "start", one=period.name, other=first.name, day=day)


def _windows(regency: Regency) -> Iterator[Finding]:
    for i, window in enumerate(regency.windows):
        if not regency.days.knows(window.calendar):
            near = nearest(window.calendar, known(regency))
            yield finding("reference.unknown", "windows", i, "calendar", kind="calendar", key=window.calendar, **near)
        elif not usable(regency, window):
            yield finding("window.no_hours", "windows", i, "calendar", window=window.key)
        if window.calendar == OFFICE_HOURS and window.start.date() != window.end.date():
            yield finding("window.hours_days", "windows", i, "end", window=window.key, end=f"{window.end:%Y-%m-%d %H:%M}")
        for position, key in enumerate(window.exempt):
            if key in window.policy.offices:
                yield warning("window.exempt_idle", "windows", i, "exempt", position, window=window.key, office=key)


def _unsure(regency: Regency, i: int, today: date) -> Iterator[Finding]:
    """What the nation's calendar does not yet know of the days on which this window comes to lean on it."""
    window = regency.windows[i]
    if window.calendar == EVERY_DAY or not regency.calendar.national_holidays or not regency.days.knows(window.calendar):
        return
    days = _leaning(regency, window, today)
    # Where the moon is seen a day earlier or later, the holiday moves by a day.
    near = {day + step * _DAY for day in days for step in (-1, 0, 1)}
    estimates = [
        f"{day} ({each.name})"
        for year in sorted({day.year for day in near})
        for day, each in sorted(national.days_off(year).items())
        if each.estimated and day in near and regency.days.leans(day)
    ]
    if estimates:
        shown = ", ".join((*estimates[:_MOST_NAMED], *(("…",) if len(estimates) > _MOST_NAMED else ())))
        yield warning("calendar.estimated", "windows", i, "calendar", window=window.key, days=shown)
    for year in sorted({day.year for day in days}):
        if not national.settled(year) and not _settled_here(regency, year):
            first = min(day for day in days if day.year == year)
            yield warning("calendar.unsettled", "windows", i, "calendar", window=window.key, year=year, first=first)


def _settled_here(regency: Regency, year: int) -> bool:
    """Whether the regency wrote the joint leave of this year itself."""
    return any(off.day.year == year and off.name.casefold().startswith(_LEAVE) for off in regency.calendar.days_off)


def _leaning(regency: Regency, window: Window, today: date) -> set[date]:
    """The days of the coming year on which the rule starts the window and the nation alone says whether it may."""
    periods = regency.days.periods(window.calendar)
    try:
        coming = takewhile(lambda start: start.date() < today + _YEAR, islice(starts(window), _MOST_STARTS))
        days = {start.date() for start in coming if start.date() >= today}
    except Unfit:
        return set()
    return {
        day
        for day in days
        if regency.days.leans(day) and (window.calendar in WORDS or any(period.has(day) for period in periods))
    }
