"""When a window occurs, in the regency's local time. Pure; the wall clock and the intent of now are the brain's."""

from __future__ import annotations

import heapq
import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from dateutil.rrule import rrulestr

from inventory.days import OFFICE_HOURS, Days
from inventory.policy import Times
from inventory.units import Unfit

_PARTS: Final = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "WKST")
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Span(NamedTuple):
    """One time that a window takes place, in local time. `exempt_only`: for the calendar's exempt offices alone."""

    start: datetime
    end: datetime
    exempt_only: bool


def starts(window: Times) -> Iterator[datetime]:
    """Every start, in order, possibly without end; the calendar is not asked. Raises Unfit."""
    return with_dates(window, rule_starts(window))


def with_dates(window: Times, given: Iterator[datetime]) -> Iterator[datetime]:
    """`given` starts of the rule with the window's further dates in their places, and without those that it leaves out.

    A start that is both is left out (RFC 5545, section 3.8.5.1).
    """
    out, last = frozenset(window.exdates), None
    for start in heapq.merge(given, sorted(window.rdates)):
        if start != last and start not in out:
            yield start
        last = start


def rule_starts(window: Times) -> Iterator[datetime]:
    """Every start that the rule alone gives, in order, possibly without end. Raises Unfit."""
    if window.recurrence is None:
        return iter((window.start,))
    parts(window.start, window.recurrence)
    try:
        return iter(rrulestr(window.recurrence, dtstart=window.start))
    except (ValueError, TypeError, OverflowError) as error:
        raise Unfit("window.rule", at="recurrence", value=window.recurrence, part=window.recurrence) from error


def occurrences(window: Times, days: Days, until: datetime) -> Iterator[Span]:
    """Each occurrence that takes place and whose rule starts it before `until`, in order. Raises Unfit.

    With office hours the rule gives the day alone, and a day has one occurrence.
    """
    length, last = window.end - window.start, None
    for start in starts(window):
        if start >= until:
            return
        day = start.date()
        whom = days.concerns(window.calendar, day)
        if whom is None:
            continue
        if window.calendar != OFFICE_HOURS:
            yield Span(start, start + length, whom == "exempt")
        elif day != last:
            last, hours = day, days.hours(day)
            assert hours is not None, "whom a day without hours concerns is nobody"
            yield Span(datetime.combine(day, hours.start), datetime.combine(day, hours.end), whom == "exempt")


def parts(start: datetime, rule: str) -> dict[str, str]:
    """The parts of the rule by name. Raises Unfit for what dateutil would take silently or search for without end: parts it
    ignores, days that never come.

    The rule must give `start` itself, so that the search for the first occurrence ends where it begins.
    """
    found: dict[str, str] = {}
    for text in rule.upper().split(";"):
        name, _, value = text.partition("=")
        if name not in _PARTS or name in found or not value:
            raise Unfit("window.rule", at="recurrence", value=rule, part=text)
        found[name] = value
    frequency = found.get("FREQ")
    _check_form(rule, found, frequency)
    if "UNTIL" in found and not re.fullmatch(r"\d{8}T\d{6}", found["UNTIL"]):
        raise Unfit("window.until", at="recurrence", value=found["UNTIL"])
    months = _numbers(rule, found, "BYMONTH", 12)
    days = _numbers(rule, found, "BYMONTHDAY", 31)
    week = [day[-2:] for day in found.get("BYDAY", "").split(",") if day]
    if not (
        (not months or start.month in months)
        and (not days or start.day in days or start.day - monthrange(start.year, start.month)[1] - 1 in days)
        and (not week or WEEKDAYS[start.weekday()] in week)
    ):
        raise Unfit("window.start_not_in_rule", at="start", value=f"{start:%Y-%m-%d}", rule=rule)
    return found


def _check_form(rule: str, parts: dict[str, str], frequency: str | None) -> None:
    if frequency not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise Unfit("window.rule", at="recurrence", value=rule, part="FREQ")
    for name in ("INTERVAL", "COUNT"):
        if name in parts and not re.fullmatch(r"[1-9]\d{0,3}", parts[name]):
            raise Unfit("window.rule", at="recurrence", value=rule, part=f"{name}={parts[name]}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise Unfit("window.rule", at="recurrence", value=rule, part="COUNT, UNTIL")
    daily = frequency in ("DAILY", "WEEKLY")
    day = r"(MO|TU|WE|TH|FR|SA|SU)" if daily else r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)"
    if "BYDAY" in parts and not re.fullmatch(rf"{day}(,{day})*", parts["BYDAY"]):
        raise Unfit("window.rule", at="recurrence", value=rule, part=f"BYDAY={parts['BYDAY']}")
    if daily and "BYSETPOS" in parts:
        raise Unfit("window.rule", at="recurrence", value=rule, part="BYSETPOS")


def _numbers(rule: str, parts: dict[str, str], name: str, largest: int) -> list[int]:
    """BYMONTH or BYMONTHDAY as numbers, each within its range; negative ones count from the end of a month."""
    if name not in parts:
        return []
    try:
        numbers = [int(number) for number in parts[name].split(",")]
    except ValueError as error:
        raise Unfit("window.rule", at="recurrence", value=rule, part=f"{name}={parts[name]}") from error
    least = -largest if name == "BYMONTHDAY" else 1
    if any(not least <= number <= largest or number == 0 for number in numbers):
        raise Unfit("window.rule", at="recurrence", value=rule, part=f"{name}={parts[name]}")
    return numbers
