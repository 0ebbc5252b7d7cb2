"""What rented servers cost, from the record: hours that have begun, the regency's own months, what nobody knows any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from inventory.cloud_costs import month_costs, month_of
from inventory.cloud_views import Stay, stays
from inventory.load import load_regency
from inventory.regency import Regency
from network.core.audit import AuditEvent
from network.core.costs import MOST_MONTHS, RENTED, RETURNED, MonthSpent, ahead, month_spent, rents

PLACE = "direct"
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(Path("inventory/regencies/manokwari"))


def local(text: str) -> datetime:
    """A moment of Manokwari, nine hours before UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone(timedelta(hours=9)))


def rented(at: str, server: str = "app-plan-1", via: str = PLACE, regency: str = "manokwari", **other: str | int) -> AuditEvent:
    detail: dict[str, str | int] = {"cloud": "awan", "size": "medium", "entry": "app-plan", "window": "rka-skpd", "via": via}
    return AuditEvent(at=local(at), actor="os:rani", action=RENTED, regency=regency, subject=server, detail={**detail, **other})


def returned(at: str, server: str = "app-plan-1", via: str = PLACE) -> AuditEvent:
    return AuditEvent(
        at=local(at), actor="os:rani", action=RETURNED, regency="manokwari", subject=server, detail={"cloud": "awan", "via": via}
    )


def spent(regency: Regency, events: list[AuditEvent], month: date, now: datetime = LATER) -> MonthSpent:
    return month_spent(regency, rents(events, regency, PLACE), month, now)


@pytest.mark.parametrize(
    ("until", "hours"),
    [("2026-11-10 08:00:01", 1), ("2026-11-10 09:00", 1), ("2026-11-10 09:00:01", 2), ("2026-11-13 08:00", 72)],
)
def test_an_hour_that_has_begun_is_paid_whole(regency: Regency, until: str, hours: int) -> None:
    (one,) = spent(regency, [rented("2026-11-10 08:00"), returned(until)], date(2026, 11, 5)).spent
    assert (one.hours, one.rupiah, one.stands, one.rent.by) == (hours, hours * 500, False, "os:rani")


@pytest.mark.parametrize("size", ["medium", "gone"])
def test_what_was_rented_costs_what_it_did_then_whatever_the_truth_says_today(regency: Regency, size: str) -> None:
    begun = rented("2026-11-10 08:00", size=size, hourly=700, volume_monthly=1440, gigabytes=10, stage="pilot")
    events = [begun, returned("2026-11-10 10:00")]
    (one,) = spent(regency, events, date(2026, 11, 5)).spent
    assert one.rupiah == 2 * 700 + 10 * 1440 * 2 // 720


@pytest.mark.parametrize(("month", "hours"), [(2, 28 * 24), (11, 30 * 24), (12, 31 * 24)])
def test_a_whole_month_is_as_long_as_it_is_and_its_volume_costs_the_same(regency: Regency, month: int, hours: int) -> None:
    events = [rented("2026-01-15", "practice-1", size="small", entry="practice-1"), returned("2027-02-01", "practice-1")]
    (one,) = spent(regency, events, date(2026, month, 28)).spent
    assert (one.hours, one.rupiah) == (hours, hours * 250 + 20 * 1500)
    assert one.rent.stage == "pilot"


def test_months_begin_at_midnight_of_the_regency(regency: Regency) -> None:
    assert month_of(regency, date(2026, 12, 31)) == (local("2026-12-01"), local("2027-01-01"))
    events = [rented("2026-11-30 23:00"), returned("2026-12-01 00:00")]
    assert [each.hours for each in spent(regency, events, date(2026, 11, 1)).spent] == [1]
    assert spent(regency, events, date(2026, 12, 1)).spent == ()


def test_a_stay_over_the_end_of_a_month_is_paid_in_both_and_begun_hours_in_each(regency: Regency) -> None:
    events = [rented("2026-11-30 22:30"), returned("2026-12-01 01:30")]
    told = {month: spent(regency, events, date(2026, month, 1)) for month in (10, 11, 12)}
    assert [sum(each.hours for each in told[month].spent) for month in (10, 11, 12)] == [0, 2, 2]
    assert [told[month].rupiah for month in (10, 11, 12)] == [0, 1000, 1000]
    assert told[12].spent[0].since == local("2026-12-01")
    assert told[12].spent[0].rent.start == local("2026-11-30 22:30")


def test_a_server_that_was_rented_twice_is_two_rents(regency: Regency) -> None:
    events = [
        rented("2026-11-02"),
        returned("2026-11-03"),
        rented("2026-11-20"),
        rented("2026-11-21"),  # the first of the two was gone by then, and nobody said so
        returned("2026-11-22"),
        returned("2026-11-23", "never-rented"),
    ]
    told = spent(regency, events, date(2026, 11, 1))
    assert [each.hours for each in told.spent] == [24, 24, 24]
    (stage,) = told.stages
    assert (stage.stage, stage.rupiah, stage.budget, stage.planned) == ("pilot", 3 * 24 * 500, 500_000, None)


def test_what_still_stands_is_counted_until_now_and_in_a_month_that_is_over_to_its_end(regency: Regency) -> None:
    events, now = [rented("2026-11-29 12:00")], local("2026-12-02 06:30")
    (this,) = spent(regency, events, date(2026, 12, 1), now).spent
    assert (this.stands, this.hours, this.until) == (True, 31, now)
    (before,) = spent(regency, events, date(2026, 11, 1), now).spent
    assert (before.stands, before.hours, before.until) == (False, 36, local("2026-12-01"))
    assert spent(regency, events, date(2026, 11, 1), local("2026-11-29 11:00")).spent == ()


def test_of_other_places_and_regencies_nothing_is_told(regency: Regency) -> None:
    events = [rented("2026-11-02", via="lab x 1.0"), rented("2026-11-02", regency="bontang"), returned("2026-11-03")]
    assert spent(regency, events, date(2026, 11, 1)).spent == ()


def test_what_the_truth_no_longer_has_is_told_without_a_price(regency: Regency) -> None:
    events = [
        rented("2026-11-02", "a", size="gone"),
        rented("2026-11-02", "b", cloud="gone"),
        rented("2026-11-02", "c", entry="gone"),
        rented("2026-11-02", "d", entry="gone", stage="fibre", gigabytes=20),
        *(returned("2026-11-03", server) for server in "abcd"),
    ]
    told = spent(regency, events, date(2026, 11, 1))
    assert {each.rent.server: each.rupiah for each in told.spent} == {"a": None, "b": None, "c": None, "d": 24 * 500 + 1000}
    assert [each.server for each in told.unpriced] == ["a", "b", "c"]
    assert [(each.stage, each.unpriced, each.rupiah) for each in told.stages] == [
        ("pilot", 2, 0),
        ("fibre", 0, 13_000),
        ("", 1, 0),
    ]


def test_a_month_that_has_not_begun_is_what_the_truth_foresees(regency: Regency) -> None:
    now = local("2026-11-27")
    told = spent(regency, [], date(2027, 1, 15), now)
    assert told.planned
    (cost,) = month_costs(regency, date(2027, 1, 1), date(2027, 1, 1))
    assert told.rupiah == cost.rupiah == told.stages[0].planned
    assert {each.rent.by for each in told.spent} == {""}
    this = spent(regency, [], date(2026, 11, 1), now)
    assert (this.planned, this.spent, this.rupiah) == (False, (), 0)
    assert [each.stage for each in this.stages] == ["pilot"], "what is planned for the rest of it"


def test_a_record_in_a_month_ahead_counts_for_more_than_the_plan(regency: Regency) -> None:
    """As where a lab was told of another day."""
    events = [rented("2027-01-02"), returned("2027-01-03")]
    told = spent(regency, events, date(2027, 1, 1), local("2026-11-27"))
    assert (told.planned, told.rupiah) == (False, 12_000)


def test_no_part_of_a_month_costs_less_than_its_share(regency: Regency) -> None:
    start = local("2026-11-01")
    for minutes in (1, 59, 60, 61, 1439):
        until = (start + timedelta(minutes=minutes)).replace(tzinfo=None).isoformat(sep=" ")
        events = [rented("2026-11-01", "practice-1", size="small", entry="practice-1"), returned(until, "practice-1")]
        (one,) = spent(regency, events, date(2026, 11, 1)).spent
        assert one.rupiah is not None
        assert one.rupiah * 60 >= minutes * 250


def stay_of(regency: Regency, server: str) -> Stay:
    return next(each for each in stays(regency, local("2026-01-01"), local("2028-12-31")) if each.key == server)


def test_ahead_of_time_each_month_says_what_stands_and_what_comes_beside_the_budget(regency: Regency) -> None:
    now, practice = local("2026-12-15"), stay_of(regency, "practice-1")
    brief = replace(stay_of(regency, "app-plan-1"), start=local("2026-12-20"), end=local("2026-12-21"))
    told = ahead(regency, [practice], [brief], now)
    assert [(f"{each.month:%Y-%m}", each.stage, each.now, each.after, each.budget) for each in told] == [
        ("2026-12", "pilot", 216_000, 228_000, 500_000),
        ("2027-01", "pilot", 216_000, 216_000, 500_000),
        ("2027-02", "pilot", 198_000, 198_000, 500_000),
    ]
    assert ahead(regency, [], [], now) == ()
    endless = replace(practice, end=local("2028-12-01"))
    assert len({each.month for each in ahead(regency, [endless], [], now)}) == MOST_MONTHS


def test_what_stands_longer_than_it_was_meant_to_is_paid_until_now(regency: Regency) -> None:
    late = replace(stay_of(regency, "app-plan-1"), start=local("2026-11-28"), end=local("2026-12-01"))
    (one,) = ahead(regency, [late], [], local("2026-12-01 05:30"))
    assert (one.now, one.after) == (6 * 500, 6 * 500)
