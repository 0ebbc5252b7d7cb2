"""Whether windows and contracts hold in time. Pure; part of `inventory.rules`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain, combinations, islice, takewhile
from typing import Final

from inventory.findings import Finding, finding, warning
from inventory.policy import ServiceClassChange, Window
from inventory.recurrence import occurrences, rule_starts
from inventory.regency import Regency
from inventory.units import Unfit

_SOON: Final = timedelta(days=90)
_HORIZON: Final = timedelta(days=3 * 366)
_MOST_OCCURRENCES: Final = 4000
_MOST_STARTS: Final = 40_000

_Span = tuple[datetime, datetime]


def check(regency: Regency, today: date | None) -> Iterator[Finding]:
    return chain(_windows(regency), _days_off(regency), _contracts(regency, today))


def _windows(regency: Regency) -> Iterator[Finding]:
    spans: dict[int, list[_Span]] = {}
    horizon = max((window.start + _HORIZON for window in regency.windows), default=None)
    if horizon is None:
        return
    for i, window in enumerate(regency.windows):
        if not _touches(window):
            yield warning("window.nothing", "windows", i, "policy", window=window.key)
        try:
            first = next(rule_starts(window), None)
            spans[i] = list(islice(occurrences(window, regency.calendar, horizon), _MOST_OCCURRENCES))
        except Unfit as error:
            yield finding(error.code, "windows", i, error.at or "recurrence", **error.fields)
            continue
        if first is not None and first != window.start:
            yield finding("window.start_not_in_rule", "windows", i, "start", value=window.start, rule=window.recurrence)
        elif not spans[i]:
            yield finding("window.never", "windows", i, window=window.key)
        yield from _dates(i, window)
        twice = next((pair for pair in zip(spans[i], spans[i][1:], strict=False) if pair[1][0] < pair[0][1]), None)
        if twice is not None:
            yield finding(
                "window.meets_itself", "windows", i, "recurrence", window=window.key, start=f"{twice[1][0]:%Y-%m-%d %H:%M}"
            )
    yield from _meetings(regency, spans)


def _dates(i: int, window: Window) -> Iterator[Finding]:
    """Dates that change nothing: usually a wrong hour, and then the window opens on the very day that was left out."""
    if not window.exdates:
        return
    last = max(window.exdates)
    given = set(takewhile(lambda start: start <= last, islice(rule_starts(window), _MOST_STARTS)))
    for position, start in enumerate(window.exdates):
        if start not in given and start not in window.rdates:
            yield warning(
                "window.exdate_idle", "windows", i, "exdates", position, window=window.key, value=f"{start:%Y-%m-%d %H:%M}"
            )


def _meetings(regency: Regency, spans: dict[int, list[_Span]]) -> Iterator[Finding]:
    """Windows of equal precedence that change the same thing at the same time: nobody could say which one wins."""
    for one, other in combinations(spans, 2):
        a, b = regency.windows[one], regency.windows[other]
        both = _touches(a) & _touches(b)
        if a.precedence != b.precedence or not both:
            continue
        start = _first_meeting(spans[one], spans[other])
        if start is not None:
            yield finding(
                "window.meets", "windows", other, "precedence",
                window=b.key, first=a.key, precedence=a.precedence,
                start=f"{start:%Y-%m-%d %H:%M}", things=", ".join(sorted(both)),
            )  # fmt: skip


def _first_meeting(one: list[_Span], other: list[_Span]) -> datetime | None:
    i = j = 0
    while i < len(one) and j < len(other):
        start = max(one[i][0], other[j][0])
        if start < min(one[i][1], other[j][1]):
            return start
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return None


def _touches(window: Window) -> set[str]:
    """What the window replaces, as a reader of windows.yaml would name it."""
    things = {f"{reserve.application}@{reserve.uplink}" for reserve in window.policy.reserves}
    for changes in (window.policy.classes, window.policy.offices):
        things |= {f"{key}.{field}" for key, change in changes.items() for field in _named(change)}
    return things


def _named(change: ServiceClassChange) -> list[str]:
    return [field for field, value in change if value is not None]


def _days_off(regency: Regency) -> Iterator[Finding]:
    seen: dict[date, str] = {}
    for i, off in enumerate(regency.calendar.days_off):
        if off.day in seen:
            yield warning("calendar.day_twice", "calendar", "days_off", i, day=off.day, first=seen[off.day])
        seen.setdefault(off.day, off.name)


def _contracts(regency: Regency, today: date | None) -> Iterator[Finding]:
    for i, uplink in enumerate(regency.uplinks):
        contract = uplink.contract
        facts = {"uplink": uplink.key, "number": contract.number, "start": contract.start, "end": contract.end}
        here = ("uplinks", i, "contract", "end")
        if contract.end < contract.start:
            yield finding("contract.ends_first", *here, **facts)
        elif today is None:
            continue
        elif contract.end < today:
            yield finding("contract.ended", *here, **facts)
        elif contract.end - today <= _SOON:
            yield warning("contract.ends_soon", *here, days=(contract.end - today).days, **facts)
        elif today < contract.start:
            yield warning("contract.not_begun", *here, **facts)
