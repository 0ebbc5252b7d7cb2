"""When windows occur: RFC 5545 rules in local time, bounded, with working days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.days import Days
from inventory.model import Calendar
from inventory.policy import PolicyChange, Window
from inventory.recurrence import occurrences, starts
from inventory.units import Unfit

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
WEEK = Days(Calendar.model_validate({"working_days": WEEKDAYS, "days_off": [{"day": "2026-08-20", "name": "Libur"}]}))
TUESDAY = datetime(2026, 8, 18, 8)  # noqa: DTZ001  windows are written in local time, without a zone
LATER = datetime(2030, 1, 1)  # noqa: DTZ001


def window(rule: str | None, start: datetime = TUESDAY, calendar: str = "every_day") -> Window:
    written = {"key": "w", "name": "W", "start": start, "end": start.replace(hour=17), "recurrence": rule, "calendar": calendar}
    return Window.model_validate({**written, "policy": PolicyChange()})


def days(rule: str | None, count: int, calendar: str = "every_day") -> list[str]:
    return [f"{start:%m-%d}" for start, *_ in islice(occurrences(window(rule, calendar=calendar), WEEK, LATER), count)]


def test_without_a_rule_it_happens_once() -> None:
    assert list(occurrences(window(None), WEEK, LATER)) == [(TUESDAY, TUESDAY.replace(hour=17), False)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;UNTIL=20260820T235959", ["08-18", "08-19", "08-20"]),
        ("FREQ=DAILY;COUNT=2", ["08-18", "08-19"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3", ["08-18", "08-20", "08-25"]),
        ("FREQ=MONTHLY;BYDAY=3TU;COUNT=2", ["08-18", "09-15"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=8;COUNT=1", ["08-18"]),
        ("FREQ=YEARLY;COUNT=2", ["08-18", "08-18"]),
        ("freq=daily;count=2", ["08-18", "08-19"]),
    ],
)
def test_rules(rule: str, expected: list[str]) -> None:
    assert days(rule, 9) == expected


def test_a_rule_may_be_without_end() -> None:
    assert days("FREQ=DAILY", 3) == ["08-18", "08-19", "08-20"]


def test_days_off_and_weekends_do_not_take_place() -> None:
    assert days("FREQ=DAILY;COUNT=7", 9, calendar="working_days") == ["08-18", "08-19", "08-21", "08-24"]
    assert WEEK.works(date(2026, 8, 19))
    assert not WEEK.works(date(2026, 8, 20))


def test_nothing_begins_at_or_after_the_bound() -> None:
    bound = TUESDAY.replace(day=20)
    assert [start.day for start, *_ in occurrences(window("FREQ=DAILY"), WEEK, bound)] == [18, 19]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("FREQ=DAILY;INTERVAL=0", "window.rule"),
        ("FREQ=DAILY;COUNT=0", "window.rule"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20260820T235959", "window.rule"),
        ("FREQ=DAILY;BYDAY=2TU", "window.rule"),
        ("FREQ=DAILY;BYSETPOS=1", "window.rule"),
        ("FREQ=DAILY;BYHOUR=8,9", "window.rule"),
        ("FREQ=DAILY;FREQ=DAILY", "window.rule"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "window.rule"),
        ("FREQ=YEARLY;BYMONTH=13", "window.rule"),
        ("FREQ=SELALU", "window.rule"),
        ("RRULE:FREQ=DAILY", "window.rule"),
        ("DTSTART:20260101T000000\nRRULE:FREQ=DAILY", "window.rule"),
        ("", "window.rule"),
        ("FREQ=DAILY;UNTIL=20260820", "window.until"),
        ("FREQ=DAILY;UNTIL=20260820T235959Z", "window.until"),
        ("FREQ=DAILY;UNTIL=20261399T235959", "window.rule"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "window.start_not_in_rule"),
        ("FREQ=WEEKLY;BYDAY=MO", "window.start_not_in_rule"),
    ],
)
def test_what_is_refused(rule: str, code: str) -> None:
    with pytest.raises(Unfit) as caught:
        next(starts(window(rule)), None)
    assert caught.value.code == code


PARTS = st.lists(
    st.sampled_from(
        [
            *("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY", "INTERVAL=7", "INTERVAL=366", "INTERVAL=-1", "COUNT=3"),
            *("BYDAY=TU", "BYDAY=MO", "BYDAY=5TU", "BYDAY=,", "BYMONTH=8", "BYMONTH=2", "BYMONTHDAY=18", "BYMONTHDAY=29,18"),
            *("BYMONTHDAY=-14", "UNTIL=20280101T000000", "UNTIL=", "WKST=SU", "X=1", ""),
        ]
    ),
    max_size=5,
)


@settings(deadline=None, max_examples=150)
@given(PARTS)
def test_any_rule_is_refused_or_searched_within_bounds(parts: list[str]) -> None:
    try:
        found = list(islice(occurrences(window(";".join(parts)), WEEK, LATER), 50))
    except Unfit:
        return
    assert found == sorted(found)
    assert all(start < LATER for start, *_ in found)


def dated(rule: str | None, exdates: tuple[str, ...] = (), rdates: tuple[str, ...] = ()) -> list[str]:
    """The first nine starts of a window with dates of its own."""
    found = window(rule).model_copy(update={"exdates": moments(exdates), "rdates": moments(rdates)})
    return [f"{start:%m-%d %H}" for start in islice(starts(found), 9)]


def moments(written: tuple[str, ...]) -> tuple[datetime, ...]:
    return tuple(datetime.fromisoformat(f"2026-{each}:00") for each in written)


@pytest.mark.parametrize(
    ("rule", "exdates", "rdates", "expected"),
    [
        ("FREQ=DAILY;COUNT=3", ("08-19T08",), (), ["08-18 08", "08-20 08"]),
        ("FREQ=DAILY;COUNT=2", ("08-18T08",), (), ["08-19 08"]),
        ("FREQ=DAILY;COUNT=2", (), ("08-25T10", "08-16T08"), ["08-16 08", "08-18 08", "08-19 08", "08-25 10"]),
        ("FREQ=DAILY;COUNT=2", (), ("08-19T08",), ["08-18 08", "08-19 08"]),
        ("FREQ=DAILY;COUNT=2", ("08-30T08",), ("08-30T08",), ["08-18 08", "08-19 08"]),
        ("FREQ=DAILY;COUNT=2", ("08-18T09",), (), ["08-18 08", "08-19 08"]),
        (None, (), ("08-25T08",), ["08-18 08", "08-25 08"]),
        (None, ("08-18T08",), ("08-25T08",), ["08-25 08"]),
    ],
)
def test_dates_are_added_and_left_out(
    rule: str | None, exdates: tuple[str, ...], rdates: tuple[str, ...], expected: list[str]
) -> None:
    assert dated(rule, exdates, rdates) == expected


_hours = st.integers(0, 60).map(lambda day: datetime(2026, 8, 1, 8) + timedelta(days=day))  # noqa: DTZ001


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(["FREQ=DAILY;COUNT=20", "FREQ=WEEKLY;BYDAY=TU,FR;COUNT=9", "FREQ=DAILY"]), st.sets(_hours), st.sets(_hours)
)
def test_dates_are_sets(rule: str, exdates: set[datetime], rdates: set[datetime]) -> None:
    """What takes place is the rule's starts and the further ones, less those left out, in order and each once."""
    found = window(rule).model_copy(update={"exdates": tuple(exdates), "rdates": tuple(rdates)})
    until = datetime(2026, 10, 15)  # noqa: DTZ001
    plain = {start for start, *_ in occurrences(window(rule), WEEK, until)}
    wanted = sorted((plain | rdates) - exdates)
    assert [start for start, *_ in occurrences(found, WEEK, until)] == wanted
