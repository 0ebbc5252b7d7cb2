"""Whom a window concerns: exempt offices stay as they are, and on days off it takes place for those alone that serve then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from inventory.policy import Window
from network.core.admission.admit import admit
from network.core.calendar import edges
from network.core.intent import Intent, intend
from tests.unit.core.test_offers import BUSY, boost
from tests.unit.core.worlds import NOW, World, window

CALENDAR = {
    "working_days": ["mon", "tue", "wed", "thu", "fri"],
    "days_off": [{"day": "2026-08-21", "name": "Off"}],
    "hours": {"start": "07:30", "end": "15:00", "fri": {"start": "07:30", "end": "11:30"}},
    "exempt": ["office1"],
}
RESERVES = ({"application": "app1", "uplink": "main", "rate": "1 Mbit/s"},)


def at(day: str, hour: str = "03:00") -> datetime:
    return datetime.fromisoformat(f"2026-08-{day}T{hour}").replace(tzinfo=UTC)


def intent(moment: datetime, **fields: Any) -> Intent:
    """Noon in Jayapura unless said otherwise; the window doubles the share of the class."""
    wanted = window("w", **{"classes": {"plain": {"share": 20}}, "reserves": [{**RESERVES[0], "rate": "5 Mbit/s"}], **fields})
    return intend(World(calendar=CALENDAR, windows=[wanted], reserves=RESERVES).regency(), moment)


def shares(found: Intent) -> list[int]:
    return [wish.share for wish in found.offices.values()]


def test_a_window_leaves_an_office_that_it_exempts_as_it_is() -> None:
    assert shares(intent(NOW, exempt=["office2"])) == [20, 10]
    assert shares(intent(NOW, exempt=["office2"], offices={"office2": {"share": 3}})) == [20, 10]


@pytest.mark.parametrize("word", ["working_days", "office_hours"])
def test_on_a_day_off_it_takes_place_for_those_who_serve_then_without_its_reserves(word: str) -> None:
    working, off = (intent(at(day, "01:00"), calendar=word) for day in ("20", "21"))
    assert (shares(working), dict(working.reserved_by)) == ([20, 20], {("app1", "main"): "w"})
    assert (shares(off), dict(off.reserved_by), off.windows) == ([20, 10], {}, ("w",))


@pytest.mark.parametrize(("word", "days"), [("every_day", "20 21"), ("days_off", "21"), ("working_days", "20 21")])
def test_on_which_days_it_takes_place(word: str, days: str) -> None:
    assert " ".join(day for day in ("20", "21") if intent(at(day), calendar=word).windows) == days


def test_a_night_that_leads_into_a_day_off_is_for_everybody_until_it_ends() -> None:
    """From Thursday evening to Friday noon; the occurrence of Friday, for those alone who serve, begins before that."""
    fields = {"start": "2026-08-18T22:00", "end": "2026-08-20T00:00", "calendar": "working_days"}
    both = intent(at("21", "13:30"), **fields)
    assert shares(both) == [20, 20]
    assert both.until == at("21", "15:00"), "when the one for everybody ends"
    alone = intent(at("21", "15:00"), **fields)
    assert (shares(alone), alone.until) == ([20, 10], at("22", "15:00"))


def test_office_hours_open_and_close_as_the_calendar_says() -> None:
    wanted = window("w", calendar="office_hours", classes={"plain": {"share": 20}})
    regency = World(calendar={**CALENDAR, "days_off": []}, windows=[wanted]).regency()
    found = edges(regency, at("19", "15:00"), at("22", "15:00"))
    assert [(edge.at, edge.slot.edge) for edge in found] == [
        (at("19", "22:30"), "open"), (at("20", "06:00"), "close"), (at("20", "22:30"), "open"), (at("21", "02:30"), "close"),
        (at("21", "22:30"), "open"), (at("22", "06:00"), "close"),
    ]  # fmt: skip


def test_admission_knows_whom_a_window_beside_it_concerns() -> None:
    """On the day off the other window leaves office 2 what it has to pay with."""
    other = window("w", calendar="working_days", offices={"office2": {"share": 0}})
    regency = replace(BUSY, calendar=CALENDAR, windows=[other]).regency()
    assert not admit(regency, boost(5_000), (), NOW).fits
    assert admit(regency, boost(5_000, after=24), (), NOW).fits


def test_windows_of_equal_precedence_may_name_the_same_class_for_different_offices() -> None:
    one = window("one", classes={"plain": {"share": 20}}, exempt=["office1"])
    asked = Window.model_validate(window("two", classes={"plain": {"share": 11}}, exempt=["office2"]))
    assert admit(World(windows=[one]).regency(), asked, (), NOW).fits
    assert not admit(World(windows=[one]).regency(), asked.model_copy(update={"exempt": ()}), (), NOW).fits
