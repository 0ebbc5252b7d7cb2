"""Requests that no time or amount would make right, and rules that never end: an answer at once, that says what to change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from inventory.model import Rates
from inventory.policy import Window
from inventory.units import Bandwidth
from network.core.admission.admit import Verdict, admit
from network.core.admission.overlaps import moment
from network.core.admission.requests import YEAR, own_spans
from network.core.calendar import occurrences
from network.core.intent import Boost
from network.errors import Refused
from network.messages import text
from tests.unit.core.test_offers import BUSY, boost
from tests.unit.core.worlds import NOW, World, window

NOTHING = Rates(down=Bandwidth(0), up=Bandwidth(0))


def refused(request: Boost | Window, world: World = BUSY) -> Refused:
    with pytest.raises(Refused) as raised:
        admit(world.regency(), request, (), NOW)
    for language in ("id", "en"):
        assert text(raised.value.code, language, raised.value.fields)
    return raised.value


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"offices": ("office9",)}, "boost.no_such_office"),
        ({"offices": ()}, "boost.no_such_office"),
        ({"uplink": "nothing"}, "boost.no_such_uplink"),
        ({"amount": NOTHING}, "admission.boost_nothing"),
        ({"expires": NOW}, "admission.no_time"),
        ({"starts": NOW - timedelta(hours=2), "expires": NOW - timedelta(hours=1)}, "admission.past"),
        ({"starts": NOW + YEAR + timedelta(days=1), "expires": NOW + YEAR + timedelta(days=2)}, "admission.too_far"),
        ({"expires": NOW + timedelta(days=32)}, "admission.too_long"),
        ({"expires": NOW + timedelta(days=4)}, "admission.boost_contract"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_boost_that_makes_no_sense_is_told_what_would(wrong: dict[str, Any], code: str) -> None:
    world = replace(BUSY, contract=("2026-01-01", "2026-08-22"))
    assert refused(boost(1_000, **{"hours": 2, **wrong}), world).code == code


def test_a_boost_may_last_until_the_last_instant_of_the_contract() -> None:
    """Which ends at midnight in Jayapura."""
    world = replace(BUSY, contract=("2026-01-01", "2026-08-20"))
    midnight = NOW + timedelta(hours=12)
    assert admit(world.regency(), boost(1_000, expires=midnight), (), NOW).fits
    late = refused(boost(1_000, expires=midnight + timedelta(seconds=1)), world)
    assert late.code == "admission.boost_contract"


def test_times_are_told_in_the_regencys_own() -> None:
    assert refused(boost(1_000, expires=NOW)).fields["expires"] == "2026-08-20 12:00 WIT"


def asked(**fields: Any) -> Window:
    return Window.model_validate(window("asked", **{"classes": {"plain": {"share": 11}}, **fields}))


RESERVE = {"application": "app1", "uplink": "main", "rate": "1 Mbit/s"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"offices": {"office9": {"share": 1}}}, "admission.no_such_office"),
        ({"exempt": ["office9"]}, "admission.no_such_office"),
        ({"classes": {"nobody": {"share": 1}}}, "admission.no_such_class"),
        ({"reserves": [{**RESERVE, "application": "nothing"}]}, "admission.no_such_application"),
        ({"reserves": [{**RESERVE, "uplink": "nothing"}]}, "admission.no_such_uplink"),
        ({"reserves": [{**RESERVE, "application": "app2"}]}, "admission.no_base_reserve"),
        ({"reserves": [RESERVE, RESERVE]}, "admission.reserve_twice"),
        ({"calendar": "ramadhan"}, "admission.no_such_calendar"),
        ({"calendar": "office_hours"}, "admission.no_hours"),
        ({"classes": {}}, "admission.window_nothing"),
        ({"end": "2026-08-19T08:01"}, "admission.meets_itself"),
        ({"rdates": ["2026-08-30T16:59"]}, "admission.meets_itself"),
        ({"recurrence": "FREQ=DAILY;UNTIL=20260819T000000"}, "admission.never"),
        ({"recurrence": None, "exdates": ["2026-08-18T08:00"]}, "admission.never"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_window_that_makes_no_sense_is_told_what_would(wrong: dict[str, Any], code: str) -> None:
    assert refused(asked(**wrong), replace(BUSY, reserves=[RESERVE])).code == code


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "freq=secondly", "FREQ=DAILY;BYSECOND=0,1,2", "FREQ=DAILY;BYHOUR=1",
        "FREQ=DAILY;BYMINUTE=1", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=99999999999",
        "FREQ=DAILY;COUNT=999999999", "FREQ=DAILY;COUNT=0", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYEASTER=0",
        "FREQ=DAILY;UNTIL=20260830", "FREQ=DAILY;UNTIL=20261332T000000", "FREQ=DAILY;UNTIL=20260830T000000Z",
        "FREQ=DAILY;COUNT=2;UNTIL=20260830T000000", "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=99MO",
        "FREQ=", "", ";", "FREQ=DAILY;;", "FREQ=DAILY;BYSETPOS=1", "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;BYMONTHDAY=0",
        "RRULE:FREQ=DAILY", "FREQ=DAILY\nEXRULE:FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "' OR 1=1 --", "{{7*7}}",
        "FREQ=YEARLY;BYWEEKNO=53", "FREQ=DAILY;BYMONTHDAY=" + ",".join(["18"] * 120),
    ],
)  # fmt: skip
def test_a_rule_that_fires_every_second_or_cannot_be_read_is_refused_at_once(rule: str) -> None:
    try:
        request = asked(recurrence=rule)
    except ValidationError:
        return  # the model itself says so
    if rule.startswith("FREQ=DAILY;BYMONTHDAY=18,"):
        assert admit(BUSY.regency(), request, (), NOW).fits
        return
    assert refused(request).code == "calendar.rule"


@pytest.mark.parametrize(
    "fields",
    [
        {"recurrence": "FREQ=DAILY"},
        {"recurrence": "FREQ=DAILY;UNTIL=99991231T235959"},
        {"recurrence": "FREQ=DAILY;COUNT=9999"},
        {"recurrence": "FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=18,19,20,21;INTERVAL=9"},
        {"recurrence": "FREQ=MONTHLY;BYDAY=-1FR", "start": "2026-08-28T08:00", "end": "2026-08-28T17:00"},
        {"recurrence": "FREQ=DAILY", "start": "2000-01-01T08:00", "end": "2000-01-01T17:00"},
        {"recurrence": "FREQ=DAILY", "start": "2026-08-18T08:00", "end": "2026-08-19T08:00"},
        {"recurrence": "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(map(str, range(1, 32))), "start": "2000-01-01T08:00",
         "end": "2000-01-01T17:00"},
    ],
)  # fmt: skip
def test_a_rule_that_never_ends_is_looked_at_for_a_year(fields: dict[str, Any]) -> None:
    found = admit(BUSY.regency(), asked(**fields), (), NOW)
    assert isinstance(found, Verdict)


@pytest.mark.parametrize("year", [1, 1970, 1999, 2200, 9999])
def test_years_in_which_no_window_can_be_are_refused_by_the_model(year: int) -> None:
    with pytest.raises(ValidationError):
        asked(start=f"{year:04}-01-01T08:00", end=f"{year:04}-01-01T09:00")
    with pytest.raises(ValidationError):
        asked(rdates=[f"{year:04}-01-01T08:00"])


def test_a_window_of_29_february_is_looked_at_when_it_comes() -> None:
    leap = asked(start="2024-02-29T08:00", end="2024-02-29T17:00", recurrence="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    regency = replace(BUSY, contract=("2020-01-01", "2040-12-31")).regency()
    own = own_spans(regency, leap, NOW, YEAR)
    assert [f"{moment(int(start)):%Y-%m-%d}" for start in own.spans.starts] == ["2028-02-28"], "in UTC; in Jayapura the 29th"
    assert next(occurrences(leap, regency, NOW, NOW + 3 * YEAR)).start == moment(int(own.spans.starts[0]))
    other = window("other", start="2028-02-29T08:00", end="2028-02-29T09:00", recurrence=None, classes={"plain": {"share": 3}})
    busy = replace(BUSY, contract=("2020-01-01", "2040-12-31"), windows=[other]).regency()
    (short,) = admit(busy, leap, (), NOW).shortfalls
    assert (short.cause.code, short.who) == ("admission.precedence", ("other",))


def test_a_window_over_midnight_into_a_day_off_lasts_to_its_end() -> None:
    """The day on which it starts is the one that counts."""
    calendar = {"working_days": ["mon", "tue", "wed", "thu", "fri"]}
    night = asked(start="2026-08-20T22:00", end="2026-08-21T06:00", calendar="working_days")
    regency = replace(BUSY, calendar=calendar).regency()
    own = own_spans(regency, night, NOW, timedelta(days=7)).spans
    local = [datetime.fromtimestamp(int(end) / 10**6, regency.zone) for end in own.ends]
    assert [f"{end:%a %H:%M}" for end in local] == ["Fri 06:00", "Sat 06:00", "Tue 06:00", "Wed 06:00", "Thu 06:00"]


def test_a_window_that_is_on_already_is_judged_from_now_on() -> None:
    own = own_spans(BUSY.regency(), asked(), NOW, YEAR).spans
    assert moment(int(own.starts[0])) == NOW, "it is noon, and the window opened at eight"


def test_too_much_to_look_at_is_said_and_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("network.core.admission.overlaps.MOST_EDGES", 100)
    assert refused(asked()).code == "overlaps.too_many"
