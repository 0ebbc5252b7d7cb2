"""Whether windows and contracts hold in time. Pure; part of `inventory.rules`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, combinations, islice, takewhile
from typing import Final

from inventory import calendars
from inventory.findings import Finding, finding, warning
from inventory.policy import ServiceClassChange, Window
from inventory.recurrence import Span, occurrences, rule_starts
from inventory.regency import Regency
from inventory.units import Unfit

_SOON: Final = timedelta(days=90)
_HORIZON: Final = timedelta(days=3 * 366)
_MOST_OCCURRENCES: Final = 4000
_MOST_STARTS: Final = 40_000


def check(regency: Regency, today: date | None) -> Iterator[Finding]:
    return chain(_windows(regency), calendars.check(regency, today), _contracts(regency, today))


def _windows(regency: Regency) -> Iterator[Finding]:
    spans: dict[int, list[Span]] = {}
    horizon = max((window.start + _HORIZON for window in regency.windows), default=None)
    if horizon is None:
        return
    for i, window in enumerate(regency.windows):
        if not _touches(regency, window):
            yield warning("window.nothing", "windows", i, "policy", window=window.key)
        try:
            first = next(rule_starts(window), None)
            spans[i] = list(islice(occurrences(window, regency.days, horizon), _MOST_OCCURRENCES))
        except Unfit as error:
            yield finding(error.code, "windows", i, error.at or "recurrence", **error.fields)
            continue
        if first is not None and first != window.start:
            yield finding("window.start_not_in_rule", "windows", i, "start", value=window.start, rule=window.recurrence)
        elif all(each.exempt_only for each in spans[i]) and calendars.usable(regency, window):
            yield finding("window.never", "windows", i, window=window.key, calendar=window.calendar)
        yield from _dates(i, window)
        twice = next((pair for pair in zip(spans[i], spans[i][1:], strict=False) if pair[1].start < pair[0].end), None)
        if twice is not None:
            yield finding(
                "window.meets_itself", "windows", i, "recurrence", window=window.key, start=f"{twice[1].start:%Y-%m-%d %H:%M}"
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


def _meetings(regency: Regency, spans: dict[int, list[Span]]) -> Iterator[Finding]:
    """Windows of equal precedence that change the same thing at the same time: nobody could say which one wins."""
    for one, other in combinations(spans, 2):
        a, b = regency.windows[one], regency.windows[other]
        if a.precedence != b.precedence or not _touches(regency, a) & _touches(regency, b):
            continue
        for first, second in _meeting(spans[one], spans[other]):
            both = _touches(regency, a, first.exempt_only) & _touches(regency, b, second.exempt_only)
            if both:
                yield finding(
                    "window.meets", "windows", other, "precedence",
                    window=b.key, first=a.key, precedence=a.precedence,
                    start=f"{max(first.start, second.start):%Y-%m-%d %H:%M}", things=", ".join(sorted(both)),
                )  # fmt: skip
                break


def _meeting(one: list[Span], other: list[Span]) -> Iterator[tuple[Span, Span]]:
    """Pairs that overlap, in order: every one, when the spans of each window do not overlap among themselves."""
    i = j = 0
    while i < len(one) and j < len(other):
        if max(one[i].start, other[j].start) < min(one[i].end, other[j].end):
            yield one[i], other[j]
        if one[i].end <= other[j].end:
            i += 1
        else:
            j += 1


def _touches(regency: Regency, window: Window, exempt_only: bool = False) -> set[str]:
    """What the window replaces, as a reader of windows.yaml would name it."""
    exempt = regency.days.exempt
    changes = (*window.policy.classes.items(), *window.policy.offices.items())
    things = {f"{reserve.application}@{reserve.uplink}" for reserve in window.policy.reserves}
    if exempt_only:
        near = exempt | {office.service_class for office in regency.offices if office.key in exempt}
        changes, things = tuple((key, change) for key, change in changes if key in near), set()
    return things | {f"{key}.{field}" for key, change in changes for field in _named(change)}


def _named(change: ServiceClassChange) -> list[str]:
    return [field for field, value in change if value is not None]


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
