"""The regency's calendar: the nation's days off and its own, office hours, periods, and who serves on days off too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

import pytest

from inventory import national, rules
from inventory.days import Days
from inventory.findings import Finding
from inventory.load import SHIPPED, load_regency
from inventory.model import Calendar, DayHours
from inventory.policy import Window
from inventory.recurrence import Span, occurrences
from inventory.regency import Regency
from inventory.units import Unfit

WEEK = ["mon", "tue", "wed", "thu", "fri"]
OFFICE: Mapping[str, Any] = {"start": "07:30", "end": "16:00", "fri": {"start": "07:30", "end": "16:30"}}
RAMADAN: Mapping[str, Any] = {
    "key": "ramadan",
    "name": "Ramadan 1448 H",
    "start": "2027-02-08",
    "end": "2027-03-09",
    "hours": {"start": "08:00", "end": "15:00", "fri": {"start": "08:00", "end": "15:30"}},
}


def days(**fields: Any) -> Days:
    return Days(Calendar.model_validate({"working_days": WEEK, **fields}))


def named(*written: str) -> list[dict[str, str]]:
    return [{"day": each, "name": "Hari rekaan"} for each in written]


def window(start: str, end: str, calendar: str, recurrence: str | None = "FREQ=DAILY", **fields: Any) -> Window:
    given: dict[str, Any] = {"key": "w", "name": "W", "start": start, "end": end, "recurrence": recurrence, "policy": {}}
    return Window.model_validate({**given, "calendar": calendar, **fields})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# ------------------------------------------------------------------------------------------------------------ the nation


def test_the_nation_knows_holidays_and_joint_leave() -> None:
    known = national.days_off(2026)
    assert known[date(2026, 8, 17)].name == "Hari Kemerdekaan Republik Indonesia"
    assert known[date(2026, 3, 23)].name.startswith("Cuti Bersama")
    assert not any(each.estimated for each in known.values())
    assert national.settled(2026)


def test_a_year_that_is_not_decreed_is_known_as_such() -> None:
    assert any(each.estimated for each in national.days_off(2060).values())
    assert not national.settled(2060)
    assert not national.settled(1800)
    assert national.days_off(2150) == {}


def test_a_year_is_asked_for_once() -> None:
    assert national.days_off(2031) is national.days_off(2031)


@pytest.mark.parametrize(
    ("day", "alone", "with_nation"),
    [
        ("2026-08-17", True, False),  # a Monday, Independence Day
        ("2026-03-23", True, False),  # a Monday, joint leave
        ("2026-08-18", True, True),
        ("2026-08-22", False, False),  # a Saturday
    ],
)
def test_the_nation_s_days_count_only_where_the_calendar_says_so(day: str, alone: bool, with_nation: bool) -> None:
    assert days().works(date.fromisoformat(day)) is alone
    assert days(national_holidays=True).works(date.fromisoformat(day)) is with_nation


def test_the_regency_has_the_last_word() -> None:
    own = days(national_holidays=True, days_off=named("2026-08-19"), days_on=named("2026-03-23", "2026-08-22"))
    assert not own.works(date(2026, 8, 19))
    assert own.works(date(2026, 3, 23)), "joint leave that the regency does not take"
    assert own.works(date(2026, 8, 22)), "a Saturday on which it works"
    assert not own.leans(date(2026, 3, 23))
    assert own.leans(date(2026, 3, 24))


# ---------------------------------------------------------------------------------------------------------- hours, periods


def hours(start: str, end: str) -> DayHours:
    return DayHours(start=time.fromisoformat(start), end=time.fromisoformat(end))


def test_hours_are_the_period_s_then_the_weekday_s_then_the_usual_ones() -> None:
    own = days(hours=OFFICE, calendars=[RAMADAN])
    assert own.hours(date(2027, 2, 4)) == hours("07:30", "16:00")
    assert own.hours(date(2027, 2, 5)) == hours("07:30", "16:30")
    assert own.hours(date(2027, 2, 8)) == hours("08:00", "15:00")
    assert own.hours(date(2027, 3, 5)) == hours("08:00", "15:30")
    assert own.hours(date(2027, 3, 10)) == hours("07:30", "16:00")
    assert days().hours(date(2027, 2, 4)) is None


def test_a_period_without_hours_leaves_them_alone() -> None:
    plain = {name: value for name, value in RAMADAN.items() if name != "hours"}
    assert days(hours=OFFICE, calendars=[plain]).hours(date(2027, 2, 8)) == hours("07:30", "16:00")


@pytest.mark.parametrize("value", ["7:30", "07:30:00", "24:00", "07.30", 730, 7.5, True, None, "07:30+09:00", ""])
def test_only_hours_and_minutes_are_a_time_of_day(value: object) -> None:
    with pytest.raises(ValueError, match=r"calendar\.clock"):
        DayHours.model_validate({"start": value, "end": "16:00"})


def test_hours_go_out_as_they_came_in() -> None:
    calendar = Calendar.model_validate({"working_days": WEEK, "hours": OFFICE, "calendars": [RAMADAN]})
    assert Calendar.model_validate_json(calendar.model_dump_json()) == calendar


def test_office_hours_follow_the_day_and_not_the_rule() -> None:
    own = days(hours=OFFICE, calendars=[RAMADAN], days_off=named("2027-02-09"))
    rule = window("2027-02-04T01:00", "2027-02-04T02:00", "office_hours", rdates=["2027-02-04T20:00"])
    assert [(each.start, each.end) for each in occurrences(rule, own, at("2027-02-11"))] == [
        (at("2027-02-04T07:30"), at("2027-02-04T16:00")),  # once, although the rule starts it twice
        (at("2027-02-05T07:30"), at("2027-02-05T16:30")),  # Friday
        (at("2027-02-08T08:00"), at("2027-02-08T15:00")),  # Ramadan
        (at("2027-02-10T08:00"), at("2027-02-10T15:00")),
    ]


def test_a_period_is_its_working_days_year_after_year() -> None:
    before = {**RAMADAN, "start": "2026-02-18", "end": "2026-02-20"}
    after = {**RAMADAN, "start": "2027-02-08", "end": "2027-02-08"}
    rule = window("2026-02-01T20:00", "2026-02-01T22:00", "ramadan")
    found = occurrences(rule, days(calendars=[before, after], days_off=named("2026-02-19")), at("2028-01-01"))
    assert [f"{each.start:%Y-%m-%d %H}" for each in found] == ["2026-02-18 20", "2026-02-20 20", "2027-02-08 20"]


def test_days_off_are_what_working_days_are_not() -> None:
    own = days(national_holidays=True, days_off=named("2026-08-20"), days_on=named("2026-08-22"))
    off, on = (
        {each.start.date() for each in occurrences(window("2026-08-01T08:00", "2026-08-01T09:00", word), own, at("2026-09-01"))}
        for word in ("days_off", "working_days")
    )
    assert off | on == {date(2026, 8, day) for day in range(1, 32)}
    assert not off & on
    assert {date(2026, 8, 17), date(2026, 8, 20), date(2026, 8, 23)} <= off
    assert date(2026, 8, 22) in on


def test_on_a_day_off_a_window_is_for_the_exempt_alone() -> None:
    own = days(hours=OFFICE, calendars=[RAMADAN], exempt=["office1"])
    for word in ("working_days", "office_hours", "ramadan"):
        rule = window("2027-02-12T09:00", "2027-02-12T10:00", word)
        friday, saturday = list(occurrences(rule, own, at("2027-02-14")))
        assert (friday.exempt_only, saturday.exempt_only) == (False, True)
        assert saturday.start.date() == date(2027, 2, 13)
    assert list(occurrences(window("2027-02-13T09:00", "2027-02-13T10:00", "days_off"), own, at("2027-02-14"))) == [
        Span(at("2027-02-13T09:00"), at("2027-02-13T10:00"), False)
    ]


def test_a_year_at_once_is_its_days_one_by_one() -> None:
    own = days(national_holidays=True, hours=OFFICE, calendars=[RAMADAN], days_on=named("2028-02-29"))
    for number, length in ((2027, 365), (2028, 366)):
        whole = own.year(number)
        assert len(whole.works) == len(whole.opens) == len(whole.closes) == length
        for index in range(length):
            day = date.fromordinal(date(number, 1, 1).toordinal() + index)
            found = own.hours(day)
            assert found is not None
            assert whole.works[index] == own.works(day)
            assert (whole.opens[index], whole.closes[index]) == tuple(
                60 * each.hour + each.minute for each in (found.start, found.end)
            )
    assert own.year(2028) is own.year(2028)
    assert list(days().year(2027).opens) == [0] * 365


# ------------------------------------------------------------------------------------------------------------ the findings


def judged(today: str | None, *windows: Window, **fields: Any) -> list[Finding]:
    regency = load_regency(SHIPPED / "tolikara").model_copy(
        update={"windows": windows, "calendar": Calendar.model_validate({"working_days": WEEK, **fields})}
    )
    found = rules.check(regency, today=None if today is None else date.fromisoformat(today))
    return [
        each for each in found if each.code.startswith(("calendar.", "window.", "reference.")) and each.code != "window.nothing"
    ]


IDUL_FITRI = window("2027-03-01T08:00", "2027-03-01T09:00", "working_days", "FREQ=DAILY;UNTIL=20270331T000000")


@pytest.mark.parametrize(
    ("today", "fields", "told"),
    [
        ("2027-01-01", {"national_holidays": True}, True),
        ("2027-01-01", {}, False),
        (None, {"national_holidays": True}, False),
        ("2025-12-01", {"national_holidays": True}, False),  # more than a year away
        ("2027-03-14", {"national_holidays": True}, False),  # over
        ("2027-01-01", {"national_holidays": True, "days_off": named("2027-03-10", "2027-03-11")}, False),
        ("2027-01-01", {"national_holidays": True, "days_on": named("2027-03-10"), "days_off": named("2027-03-11")}, False),
    ],
)
def test_a_window_that_leans_on_an_estimate_is_told(today: str | None, fields: dict[str, Any], told: bool) -> None:
    found = judged(today, IDUL_FITRI, **fields)
    assert [each.code for each in found] == (["calendar.estimated"] if told else [])
    if told:
        assert found[0].fields["days"] == (
            "2027-03-10 (Hari Raya Idul Fitri (perkiraan)), 2027-03-11 (Hari kedua dari Hari Raya Idul Fitri (perkiraan))"
        )


def test_a_year_without_joint_leave_is_told_until_the_regency_writes_its_own() -> None:
    daily = window("2059-11-01T08:00", "2059-11-01T09:00", "working_days")
    own = [{"day": "2060-12-24", "name": "Cuti bersama Natal", "decree": "Keputusan rekaan 1/2059"}]
    found = [each for each in judged("2059-12-01", daily, national_holidays=True) if each.code == "calendar.unsettled"]
    assert [(each.fields["year"], each.fields["first"]) for each in found] == [("2059", "2059-12-01"), ("2060", "2060-01-01")]
    settled = judged("2059-12-01", daily, national_holidays=True, days_off=own)
    assert [each.fields["year"] for each in settled if each.code == "calendar.unsettled"] == ["2059"]


def test_equal_windows_meet_on_a_day_off_only_where_the_exempt_are_concerned() -> None:
    regency = load_regency(SHIPPED / "tolikara")
    key = regency.offices[0].key
    works = window("2026-08-15T08:00", "2026-08-15T09:00", "working_days", policy={"offices": {key: {"share": 5}}})
    rests = window("2026-08-15T08:00", "2026-08-15T09:00", "days_off", key="v", name="V", policy={"offices": {key: {"share": 6}}})
    assert judged(None, works, rests) == []
    (told,) = judged(None, works, rests, exempt=[key])
    assert (told.code, told.fields["start"], told.fields["things"]) == ("window.meets", "2026-08-15 08:00", f"{key}.share")
    assert judged(None, works, rests, exempt=[regency.offices[1].key]) == []


def test_a_window_only_for_the_exempt_never_takes_place_on_a_working_day() -> None:
    saturdays = window("2026-08-15T08:00", "2026-08-15T09:00", "working_days", "FREQ=WEEKLY;BYDAY=SA")
    key = load_regency(SHIPPED / "tolikara").offices[0].key
    assert [each.code for each in judged(None, saturdays, exempt=[key])] == ["window.never"]


def test_what_is_unfit_in_a_window_is_told_once_and_never_raised() -> None:
    broken = window("2026-08-15T08:00", "2026-08-15T09:00", "office_hours", "FREQ=NEVER")
    assert {each.code for each in judged("2026-08-01", broken, national_holidays=True)} == {"window.rule", "window.no_hours"}
    with pytest.raises(Unfit):
        next(occurrences(broken, days(), at("2027-01-01")))


# --------------------------------------------------------------------------------------------------- what hangs on the days


def test_a_copy_keeps_its_days_unless_the_calendar_changes(regency: Regency) -> None:
    before = regency.days
    assert regency.model_copy(update={"windows": ()}).days is before
    changed = regency.model_copy(update={"calendar": Calendar.model_validate({"working_days": ["sat"]})})
    assert changed.days is not before
    assert changed.days.works(date(2026, 8, 22))


@pytest.fixture(params=["manokwari", "bontang", "tolikara"])
def regency(request: pytest.FixtureRequest) -> Regency:
    return load_regency(SHIPPED / request.param)


def test_windows_of_one_kind_never_overlap_themselves(regency: Regency) -> None:
    for each in regency.windows:
        found = list(occurrences(each, regency.days, each.start.replace(year=each.start.year + 1)))
        assert all(one.end <= other.start for one, other in pairwise(found))
