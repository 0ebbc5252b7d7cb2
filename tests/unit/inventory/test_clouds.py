"""Rented servers in the truth: when they stand, whom a peak brings, and what a month of them costs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.cloud_costs import MonthCost, month_costs, price_of
from inventory.cloud_model import Capacity, CloudServer
from inventory.cloud_views import keys_of, peaks, standing, stays
from inventory.load import judge
from inventory.messages import render
from inventory.policy import Window
from inventory.regency import Regency
from inventory.units import Duration, Unfit
from tests.unit.inventory.cloud_cases import CLOUDED, CLOUDS
from tests.unit.inventory.server_cases import WHOLE
from tests.unit.inventory.small import as_bytes, judged

WIT = ZoneInfo("Asia/Jayapura")
FAR = datetime(2028, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    """A local time of the regency."""
    return datetime.fromisoformat(text).replace(tzinfo=WIT)


@pytest.fixture
def regency() -> Regency:
    found = judged(CLOUDED).regency
    assert found is not None
    return found


def told(regency: Regency, entry: Capacity, until: datetime = FAR) -> list[str]:
    """Every peak in local time."""
    return [
        f"{peak.start.astimezone(WIT):%Y-%m-%d %H:%M} {peak.end.astimezone(WIT):%Y-%m-%d %H:%M}"
        for peak in peaks(regency, entry, until)
    ]


def follow(regency: Regency, window: dict[str, Any] | None = None, **changes: object) -> tuple[Regency, Capacity]:
    """The regency with another window `rencana`, and its entry of `capacity` otherwise."""
    entry = regency.capacity[0].model_copy(update=changes)
    kept = regency.windows[0].model_dump() | (window or {})
    windows = (Window.model_validate(kept), *regency.windows[1:])
    return regency.model_copy(update={"windows": windows, "capacity": (entry,)}), entry


# ---------------------------------------------------------------------------------------------------------------- files


def test_a_regency_with_a_cloud_is_whole_and_one_without_has_nothing_of_it(regency: Regency) -> None:
    assert [each.code for each in judge(as_bytes(CLOUDED), [], today=date(2026, 6, 1)).findings] == ["link.local"]
    assert regency.cloud("awan").sizes["sedang"].hourly == 450
    without = judged(WHOLE).regency
    assert without is not None
    assert (without.clouds, without.cloud_servers, without.capacity) == ((), (), ())
    assert stays(without, at("2026-01-01T00:00"), FAR) == ()
    assert month_costs(without, date(2026, 1, 1), date(2026, 12, 31)) == ()


def test_a_password_in_the_place_of_the_reference_is_never_shown() -> None:
    findings = judged({**CLOUDED, "clouds.yaml": CLOUDS.replace("file:/etc/lajur/clouds.yaml", "rahasia123")}).findings
    assert findings
    assert all("rahasia123" not in render(each, language) for each in findings for language in ("id", "en"))


def test_all_that_is_wrong_with_clouds_is_told_at_once() -> None:
    clouds = (
        CLOUDS.replace("country: ID", "country: SG").replace("size: sedang", "size: besar").replace("servers: 2", "servers: 9")
    )
    codes = {each.code for each in judged({**CLOUDED, "clouds.yaml": clouds}).findings}
    assert {"rented.abroad", "cloud.no_size", "cloud.too_many"} <= codes
    own = "own: {confirmed: true, start: 2026-08-18T08:00, end: 2026-08-18T12:00, recurrence: FREQ=SELALU}"
    clouds = CLOUDS.replace("window: rencana", own).replace("until: 2026-12-31", "until: 2028-12-31")
    findings = judged({**CLOUDED, "clouds.yaml": clouds}).findings
    assert [each.code for each in findings if each.file == "clouds.yaml"] == ["rented.outlives", "window.rule"]


# ---------------------------------------------------------------------------------------------------------------- peaks


def test_two_more_servers_from_three_days_before_the_deadline_until_it_has_passed(regency: Regency) -> None:
    assert told(regency, regency.capacity[0]) == ["2026-09-09 17:00 2026-09-12 17:00"]
    before, first, end = at("2026-09-09T16:59"), at("2026-09-09T17:00"), at("2026-09-12T17:00")
    assert [each.key for each in standing(regency, before)] == ["arsip-1"]
    assert [each.key for each in standing(regency, first)] == ["app-rencana-1", "app-rencana-2", "arsip-1"]
    assert [each.key for each in standing(regency, end)] == ["arsip-1"]
    one, two, archive = standing(regency, end - timedelta(minutes=1))
    assert (one.start, one.end) == (datetime(2026, 9, 9, 8, tzinfo=UTC), datetime(2026, 9, 12, 8, tzinfo=UTC))
    assert (two.names, archive.names) == (("app-rencana-2.kecil.example",), ("arsip-1.kecil.example",))
    assert isinstance(archive.entry, CloudServer)


def test_keys_are_the_same_every_time_and_of_the_prefix_that_is_written(regency: Regency) -> None:
    _, entry = follow(regency, prefix="app-plan", servers=3)
    assert keys_of(entry) == ("app-plan-1", "app-plan-2", "app-plan-3")


def test_over_a_year_boundary(regency: Regency) -> None:
    window = {"start": "2026-12-30T08:00", "end": "2026-12-30T17:00", "recurrence": "FREQ=DAILY;UNTIL=20270102T235959"}
    changed, entry = follow(regency, window)
    assert told(changed, entry) == ["2026-12-30 17:00 2027-01-02 17:00"]
    changed, entry = follow(regency, window, occurrence="each", counted_from="start", before=Duration(0))
    assert len(told(changed, entry)) == 4
    assert told(changed, entry, at("2026-12-31T23:59"))[-1] == "2026-12-31 08:00 2026-12-31 17:00"
    yearly = {"start": "2026-01-02T08:00", "end": "2026-01-02T17:00", "recurrence": "FREQ=YEARLY"}
    changed, entry = follow(regency, yearly, occurrence="each", counted_from="start")
    assert told(changed, entry) == ["2025-12-30 08:00 2026-01-02 17:00", "2026-12-30 08:00 2027-01-02 17:00",
                                    "2027-12-30 08:00 2028-01-02 17:00"]  # fmt: skip
    # The first begins before the contract, the last ends after it.
    assert [each.key for each in standing(changed, at("2026-01-01T12:00"))] == []
    assert [each.key for each in standing(changed, at("2027-01-01T00:00"))] == ["app-rencana-1", "app-rencana-2"]
    assert [each.key for each in standing(changed, at("2027-12-31T12:00"))] == []


def test_a_window_that_is_cancelled_or_moved_takes_its_servers_along(regency: Regency) -> None:
    once = {"start": "2026-08-18T08:00", "end": "2026-08-18T17:00", "recurrence": "FREQ=WEEKLY;COUNT=2"}
    changed, entry = follow(regency, {**once, "exdates": ["2026-08-25T08:00"]})
    assert told(changed, entry) == ["2026-08-15 17:00 2026-08-18 17:00"]
    changed, entry = follow(regency, {**once, "exdates": ["2026-08-25T08:00"], "rdates": ["2026-08-27T08:00"]})
    assert told(changed, entry) == ["2026-08-24 17:00 2026-08-27 17:00"]
    changed, entry = follow(regency, {**once, "confirmed": False})
    assert told(changed, entry) == []
    changed, entry = follow(regency, {**once, "calendar": "days_off"})
    assert told(changed, entry) == []


def test_times_that_touch_are_one_and_told_whole_from_within(regency: Regency) -> None:
    changed, entry = follow(regency, occurrence="each", counted_from="start", before=Duration.parse("15 hours"))
    assert told(changed, entry) == ["2026-08-17 17:00 2026-09-12 17:00"]
    assert {each.end for each in standing(changed, at("2026-08-18T00:00"))} >= {datetime(2026, 9, 12, 8, tzinfo=UTC)}
    changed, entry = follow(regency, occurrence="each", counted_from="start", before=Duration.parse("14 hours"))
    assert len(told(changed, entry)) == 26
    changed, entry = follow(
        regency, occurrence="each", counted_from="start", before=Duration(0), after=Duration.parse("1 hour")
    )  # fmt: skip
    assert told(changed, entry)[0] == "2026-08-18 08:00 2026-08-18 18:00"


def test_on_a_day_off_an_entry_brings_nobody_though_exempt_offices_work(regency: Regency) -> None:
    calendar = regency.calendar.model_copy(update={"exempt": ("dinkes",)})
    changed, entry = follow(
        regency.model_copy(update={"calendar": calendar}), {"calendar": "working_days"}, occurrence="each",
        counted_from="start", before=Duration(0),
    )  # fmt: skip
    assert "2026-08-22" not in {text[:10] for text in told(changed, entry)}
    assert len(told(changed, entry)) == 19


def test_times_of_ones_own_in_the_calendar_of_the_regency() -> None:
    own = "own: {confirmed: true, start: 2026-08-18T08:00, end: 2026-08-18T12:00, recurrence: FREQ=WEEKLY;COUNT=3}"
    clouds = CLOUDS.replace("window: rencana", own).replace("    occurrence: last\n", "")
    stages = CLOUDED["stages.yaml"].replace("500000", "900000")
    found = judged({**CLOUDED, "clouds.yaml": clouds, "stages.yaml": stages}).regency
    assert found is not None
    assert told(found, found.capacity[0])[1:] == ["2026-08-22 12:00 2026-08-25 12:00", "2026-08-29 12:00 2026-09-01 12:00"]


def test_a_daily_rule_without_end_never_lets_go_and_is_refused() -> None:
    windows = CLOUDED["windows.yaml"].replace(";UNTIL=20260912T235959", "")
    clouds = CLOUDS.replace("    occurrence: last\n", "")
    codes = {each.code for each in judged({**CLOUDED, "windows.yaml": windows, "clouds.yaml": clouds}).findings}
    assert "capacity.outlives" in codes


def test_of_a_yearly_rule_what_comes_after_the_contract_is_left_out_without_a_word() -> None:
    own = "own: {confirmed: true, start: 2026-08-18T08:00, end: 2026-08-18T12:00, recurrence: FREQ=YEARLY}"
    clouds = CLOUDS.replace("window: rencana", own).replace("    occurrence: last\n", "")
    judgement = judged({**CLOUDED, "clouds.yaml": clouds})
    assert [each.code for each in judgement.findings] == ["link.local"]
    assert judgement.regency is not None
    assert [each.start.year for each in stays(judgement.regency, at("2026-01-01T00:00"), at("2031-01-01T00:00"))] == [
        2026, 2026, 2026, 2027, 2027,
    ]  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- costs


@pytest.mark.parametrize(("hours", "month", "expected"), [(720, 720, 374_000), (744, 744, 384_800), (1, 744, 518), (0, 720, 0)])
def test_the_price_of_a_month_with_30_and_31_days_and_of_an_hour(hours: int, month: int, expected: int) -> None:
    assert price_of(hours=hours, hourly=450, gigabytes=50, volume_monthly=1000, month_hours=month) == expected


def test_the_cost_of_each_month_counts_begun_hours_in_the_regencys_own_months(regency: Regency) -> None:
    costs = month_costs(regency, date(2026, 6, 15), date(2027, 1, 31))
    assert [(f"{each.month:%Y-%m}", each.rupiah) for each in costs] == [
        ("2026-06", 504 * 450 + 50_000 * 504 // 720),
        ("2026-07", 384_800),
        ("2026-08", 384_800),
        ("2026-09", 374_000 + 2 * 72 * 450),
        ("2026-10", 384_800),
        ("2026-11", 374_000),
        ("2026-12", 384_800),
    ]
    changed, _ = follow(regency, before=Duration.parse("61 minutes"))
    assert MonthCost(date(2026, 9, 1), "pertama", 374_000 + 2 * 2 * 450) in month_costs(
        changed, date(2026, 9, 1), date(2026, 9, 1)
    )


def test_a_peak_over_the_turn_of_the_year_is_paid_in_both_months(regency: Regency) -> None:
    window = {"start": "2027-01-01T08:00", "end": "2027-01-01T17:00", "recurrence": None}
    changed, _ = follow(regency, window)
    alone = changed.model_copy(update={"cloud_servers": ()})
    assert month_costs(alone, date(2026, 12, 1), date(2027, 1, 1)) == (
        MonthCost(date(2026, 12, 1), "pertama", 2 * 55 * 450),
        MonthCost(date(2027, 1, 1), "pertama", 2 * 17 * 450),
    )


def test_a_budget_that_is_met_to_the_rupiah_holds() -> None:
    stages = CLOUDED["stages.yaml"].replace("500000", "438800")
    assert [each.code for each in judged({**CLOUDED, "stages.yaml": stages}).findings] == ["link.local"]


@given(st.integers(0, 744), st.integers(0, 10**6), st.integers(0, 10**4), st.integers(0, 10**5))
def test_a_volume_never_costs_more_than_its_month_and_parts_never_less_than_the_whole(
    hours: int, hourly: int, gigabytes: int, monthly: int
) -> None:
    def price(hours: int) -> int:
        return price_of(hours=hours, hourly=hourly, gigabytes=gigabytes, volume_monthly=monthly, month_hours=744)

    assert hours * hourly <= price(hours) <= hours * hourly + gigabytes * monthly
    assert price(hours) + price(744 - hours) >= price(744)


# ------------------------------------------------------------------------------------------------------------- duration


@given(st.integers(0, 366 * 24 * 60))
def test_a_printed_duration_reads_back(minutes: int) -> None:
    assert Duration.parse(str(Duration(minutes * 60))) == minutes * 60


@given(st.text(max_size=20))
def test_any_text_is_a_duration_or_refused(text: str) -> None:
    try:
        value: int | Unfit = Duration.parse(text)
    except Unfit as error:
        value = error
    if isinstance(value, Unfit):
        assert value.code.startswith("unit.duration")
    else:
        assert 0 <= value <= 366 * 86_400
