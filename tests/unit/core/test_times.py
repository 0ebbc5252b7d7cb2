"""A whole time at once is the same as the calendar, occurrence by occurrence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from network.core.admission.overlaps import moment, spans
from network.core.admission.times import Times
from network.core.calendar import occurrences
from network.errors import Refused
from tests.unit.core.worlds import World, window

FROM = datetime(2026, 8, 18, 8, 0)  # noqa: DTZ001 - local time
CALENDAR: dict[str, Any] = {
    "working_days": ["mon", "tue", "wed", "thu", "sat"],
    "days_off": [{"day": "2026-08-20", "name": "Off"}, {"day": "2027-01-04", "name": "Off"}],
    "days_on": [{"day": "2026-09-06", "name": "On"}],
    "national_holidays": True,
    "hours": {"start": "07:30", "end": "15:00", "tue": {"start": "08:00", "end": "11:30"}},
    "calendars": [
        {"key": "fast", "name": "Fast", "start": "2026-08-19", "end": "2026-09-22", "hours": {"start": "08:00", "end": "14:00"}},
        {"key": "fast", "name": "Fast", "start": "2027-08-09", "end": "2027-09-11"},
    ],
    "exempt": ["office1"],
}
WORDS = ("every_day", "working_days", "days_off", "office_hours", "fast")
ZONES = ("Asia/Jayapura", "Asia/Jakarta", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia")


@st.composite
def rules(draw: st.DrawFn, start: datetime) -> str | None:
    every = draw(st.sampled_from(["DAILY", "DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "YEARLY", None]))
    if every is None:
        return None
    parts = [f"FREQ={every}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 40))}")
    bound = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if bound == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 900))}")
    if bound == "UNTIL":
        parts.append(f"UNTIL={start + timedelta(minutes=draw(st.integers(0, 900_000))):%Y%m%dT%H%M%S}")
    if draw(st.booleans()):
        days = {start.strftime("%a").upper()[:2], *draw(st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])))}
        parts.append(f"BYDAY={','.join(sorted(days))}")
    if draw(st.booleans()):
        months = {start.month, *draw(st.sets(st.integers(1, 12)))}
        parts.append(f"BYMONTH={','.join(map(str, sorted(months)))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU', 'WE']))}")
    return ";".join(draw(st.permutations(parts)))


@st.composite
def series(draw: st.DrawFn) -> dict[str, Any]:
    start = FROM + timedelta(minutes=draw(st.sampled_from([0, 15, 60])) * draw(st.integers(-30_000, 9_000)))
    minutes = draw(st.one_of(st.integers(1, 1_500), st.integers(1, 80_000)))
    dates = st.lists(st.integers(-5, 40).map(lambda days: start + timedelta(days=days)), max_size=4)
    apart = st.lists(st.integers(0, 90_000).map(lambda minute: start + timedelta(minutes=minute)), max_size=3)
    return {
        "start": f"{start:%Y-%m-%dT%H:%M}",
        "end": f"{start + timedelta(minutes=minutes):%Y-%m-%dT%H:%M}",
        "recurrence": draw(rules(start)),
        "exdates": [f"{each:%Y-%m-%dT%H:%M}" for each in draw(dates)],
        "rdates": [f"{each:%Y-%m-%dT%H:%M}" for each in draw(dates) + draw(apart)],
        "calendar": draw(st.sampled_from(WORDS)),
    }


@settings(deadline=None, max_examples=250)
@given(series(), st.sampled_from(ZONES), st.booleans(), st.integers(-400, 400), st.integers(1, 500))
def test_a_whole_time_is_every_occurrence_in_it(fields: dict[str, Any], zone: str, serving: bool, hours: int, days: int) -> None:
    calendar = CALENDAR if serving else {**CALENDAR, "exempt": []}
    regency = World(zone=zone, calendar=calendar, windows=[window("w", **fields)]).regency()
    since = FROM.replace(tzinfo=UTC) + timedelta(hours=hours)
    until = since + timedelta(days=days)
    every = list(occurrences(regency.windows[0], regency, since, until))
    wanted = [spans((one.start, one.end) for one in every if one.exempt_only is only) for only in (False, True)]
    found = Times(regency, since, until).of(regency.windows[0])
    event(f"{zone}, {len(every)} > 0: {bool(every)}")
    assert [_pairs(each) for each in found] == [_pairs(each) for each in wanted]


def _pairs(each: Any) -> list[tuple[datetime, datetime]]:
    return [(moment(start), moment(end)) for start, end in zip(each.starts.tolist(), each.ends.tolist(), strict=True)]


def days(truth: dict[str, Any], **fields: Any) -> list[str]:
    """On which days it acts for everybody in a year from August 2026, with the hour."""
    regency = World(calendar=truth, windows=[window("w", **fields)]).regency()
    since = FROM.replace(tzinfo=regency.zone)
    whole = Times(regency, since, since + timedelta(days=365)).of(regency.windows[0]).whole
    return [f"{start.astimezone(regency.zone):%Y-%m-%d %H:%M}" for start, _ in _pairs(whole)]


def test_a_period_takes_place_on_its_working_days_in_every_year() -> None:
    shown = days(CALENDAR, calendar="fast")
    assert shown[:3] == ["2026-08-19 08:00", "2026-08-22 08:00", "2026-08-24 08:00"]
    assert [day for day in shown if day > "2026-10"] == [f"2027-08-{day:02} 08:00" for day in (9, 10, 11, 12, 14, 16)], (
        "Friday the 13th is no working day, Sunday the 15th neither, the 17th a holiday"
    )


def test_office_hours_are_those_of_the_day_and_of_the_period() -> None:
    shown = days(CALENDAR, calendar="office_hours", recurrence="FREQ=DAILY;UNTIL=20260929T235959")
    assert [day for day in shown if day < "2026-08-26"] == [
        "2026-08-18 08:00", "2026-08-19 08:00", "2026-08-22 08:00", "2026-08-24 08:00",
    ]  # fmt: skip
    assert shown[-2:] == ["2026-09-28 07:30", "2026-09-29 08:00"], "on a Tuesday from eight, else from half past seven"


def test_a_calendar_that_is_changed_in_the_middle_of_the_year_holds_from_then_on() -> None:
    """A decree comes: the day after the holiday is off too, and a Sunday is worked instead."""
    later = {
        **CALENDAR,
        "days_off": [*CALENDAR["days_off"], {"day": "2026-10-05", "name": "Cuti bersama"}],
        "days_on": [*CALENDAR["days_on"], {"day": "2026-10-11", "name": "Pengganti"}],
    }
    before, after = (set(days(each, calendar="working_days")) for each in (CALENDAR, later))
    assert before - after == {"2026-10-05 08:00"}
    assert after - before == {"2026-10-11 08:00"}


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY;UNTIL=20261301T000000", "FREQ=WEEKLY;WKST=XX", "FREQ=DAILY;BYHOUR=3", "FREQ=DAILY;X"]
)
def test_a_rule_that_cannot_be_used_is_refused_as_the_calendar_refuses_it(rule: str) -> None:
    regency = World(windows=[window("w", recurrence=rule)]).regency()
    with pytest.raises(Refused) as refused:
        Times(regency, FROM.replace(tzinfo=UTC), FROM.replace(tzinfo=UTC) + timedelta(days=9)).of(regency.windows[0])
    assert refused.value.code == "calendar.rule"
