"""When windows take place: recurrence, zones, working days, edges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.regency import Regency
from network.core import calendar
from network.core.calendar import Edge, Occurrence, active, edges, next_edge, occurrences
from network.core.slot import Slot
from network.errors import Refused
from tests.unit.core.test_intent import boost
from tests.unit.core.worlds import World, window

DAY = timedelta(days=1)


def regency(*windows: dict[str, Any], zone: str = "Asia/Jayapura", **calendar_fields: Any) -> Regency:
    days = {"working_days": ["mon", "tue", "wed", "thu", "fri"], **calendar_fields}
    return World(windows=windows, zone=zone, calendar=days).regency()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def all_of(truth: Regency, since: str, until: str) -> list[Occurrence]:
    return list(occurrences(truth.windows[0], truth, utc(since), utc(until)))


def test_a_window_without_a_rule_takes_place_once() -> None:
    truth = regency(window("once", recurrence=None))
    assert all_of(truth, "2020-01-01", "2030-01-01") == [Occurrence(utc("2026-08-17T23:00"), utc("2026-08-18T08:00"), "once")]


def test_the_local_time_is_the_regency_s() -> None:
    for zone, hour in (("Asia/Jakarta", 1), ("Asia/Makassar", 0)):
        first = next(iter(all_of(regency(window("w"), zone=zone), "2026-08-18", "2026-08-19")))
        assert first.start == utc(f"2026-08-18T0{hour}:00")
        assert first.end - first.start == timedelta(hours=9)


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        ("2026-08-18T08:00", "2026-08-18T23:00", 0),  # the first has ended, the second begins just then
        ("2026-08-18T07:59", "2026-08-18T23:00", 1),
        ("2026-08-18T08:00", "2026-08-18T23:01", 1),
        ("2026-08-18T07:59", "2026-08-18T23:01", 2),
    ],
)
def test_an_occurrence_counts_from_its_start_and_without_its_end(since: str, until: str, count: int) -> None:
    assert len(all_of(regency(window("w")), since, until)) == count


def test_a_window_on_working_days_leaves_out_weekends_and_days_off() -> None:
    off = [{"day": "2026-08-20", "name": "Hari rekaan"}]
    truth = regency(window("w", calendar="working_days"), days_off=off)
    days = [each.start.astimezone(truth.zone).date().isoformat() for each in all_of(truth, "2026-08-17", "2026-08-24T12:00")]
    assert days == ["2026-08-18", "2026-08-19", "2026-08-21", "2026-08-24"]


def test_a_night_that_begins_on_a_working_day_takes_place_although_it_ends_on_a_day_off() -> None:
    night = window("night", start="2026-08-18T22:00", end="2026-08-19T04:00", calendar="working_days")
    truth = regency(night, days_off=[{"day": "2026-08-22", "name": "Hari rekaan"}])
    starts = [each.start.astimezone(truth.zone).date().isoformat() for each in all_of(truth, "2026-08-20", "2026-08-24")]
    assert starts == ["2026-08-20", "2026-08-21"]


def test_active_is_half_open_and_asks_only_confirmed_windows() -> None:
    truth = regency(window("on"), window("off", confirmed=False))
    assert [each.window for each in active(truth, utc("2026-08-17T23:00"))] == ["on"]
    assert active(truth, utc("2026-08-18T08:00")) == ()
    assert active(truth, utc("2026-08-17T22:59:59")) == ()


def test_what_is_active_comes_by_precedence_then_key() -> None:
    truth = regency(window("c", precedence=5), window("a", precedence=9), window("b", precedence=5))
    assert [each.window for each in active(truth, utc("2026-08-18T01:00"))] == ["b", "c", "a"]


def test_overlapping_occurrences_of_one_window_are_active_once_and_keep_their_own_edges() -> None:
    long = window("long", start="2026-08-18T08:00", end="2026-08-20T20:00")
    truth = regency(long)
    assert active(truth, utc("2026-08-20T02:00")) == (Occurrence(utc("2026-08-17T23:00"), utc("2026-08-22T11:00"), "long"),)
    found = edges(truth, utc("2026-08-19T12:00"), utc("2026-08-20T12:00"))
    assert [(each.slot.edge, each.slot.start) for each in found] == [
        ("open", utc("2026-08-19T23:00")),
        ("close", utc("2026-08-17T23:00")),
    ]


def test_edges_are_after_the_one_moment_up_to_and_with_the_other() -> None:
    truth = regency(window("w"))
    opening, closing = utc("2026-08-18T23:00"), utc("2026-08-19T08:00")
    slot = Slot("world", "window", "w", opening, "open")

    assert edges(truth, opening - DAY / 24, opening) == (Edge(opening, slot),)
    assert edges(truth, opening, closing) == (Edge(closing, Slot("world", "window", "w", opening, "close")),)
    assert edges(truth, closing, closing + DAY / 2) == ()


def test_at_one_moment_a_close_comes_before_an_open() -> None:
    truth = regency(window("first"), window("second", start="2026-08-18T17:00", end="2026-08-18T20:00"))
    now = utc("2026-08-18T08:00")
    assert [(each.slot.window, each.slot.edge) for each in edges(truth, now - DAY / 24, now)] == [
        ("first", "close"),
        ("second", "open"),
    ]


def test_next_edge_follows_the_edges_one_by_one() -> None:
    truth = regency(window("w", recurrence="FREQ=DAILY;COUNT=3"), window("v", start="2026-08-19T10:00", end="2026-08-19T11:00"))
    now, walked = utc("2026-08-01"), []
    while (edge := next_edge(truth, now)) is not None and edge.at < utc("2026-08-30"):
        walked.append(edge)
        now = edge.at
    assert tuple(walked) == edges(truth, utc("2026-08-01"), utc("2026-08-30"))


def test_there_is_no_next_edge_when_all_is_over_or_unconfirmed() -> None:
    over = window("over", recurrence="FREQ=DAILY;UNTIL=20260901T000000")
    truth = regency(over, window("never", confirmed=False))
    assert next_edge(truth, utc("2027-01-01")) is None
    assert next_edge(regency(window("never", confirmed=False)), utc("2026-01-01")) is None


def test_a_leap_day_eight_years_away_is_the_next_edge() -> None:
    leap = window("leap", start="2096-02-29T08:00", end="2096-02-29T09:00", recurrence="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    edge = next_edge(regency(leap), utc("2096-03-01"))
    assert edge is not None
    assert edge.at == local("2104-02-29T08:00", "Asia/Jayapura")


# -------------------------------------------------------------------------------------------------------------- boosts


def test_a_boost_has_edges_at_its_start_and_its_expiry() -> None:
    truth = regency(window("w"))
    start, end = utc("2026-08-18T01:00"), utc("2026-08-18T02:30")
    later = boost("b", "office1", created=start, hours=1.5)
    opening = Edge(start, Slot("world", "boost", "b", start, "open"))
    closing = Edge(end, Slot("world", "boost", "b", start, "close"))

    assert edges(truth, start - DAY / 24, end, [later]) == (opening, closing)
    assert edges(truth, start, end, [later]) == (closing,)
    assert next_edge(truth, start - DAY / 48, [later]) == opening
    assert next_edge(truth, start, [later]) == closing
    after = next_edge(truth, end, [later])
    assert after is not None
    assert after.slot.window == "w"


def test_at_one_moment_a_boost_closes_before_a_window_opens() -> None:
    opening = utc("2026-08-17T23:00")
    found = edges(regency(window("w")), opening - DAY / 24, opening, [boost("x", created=opening - DAY / 24, hours=1)])
    assert [(edge.slot.purpose, edge.slot.edge) for edge in found] == [("boost", "close"), ("window", "open")]


# --------------------------------------------------------------------------------------------------- zones that change


def test_a_time_that_the_zone_skips_is_read_with_the_offset_before() -> None:
    truth = regency(window("w", start="2027-03-27T02:30", end="2027-03-27T05:00"), zone="Europe/Berlin")
    assert all_of(truth, "2027-03-28", "2027-03-28T12:00") == [Occurrence(utc("2027-03-28T01:30"), utc("2027-03-28T03:00"), "w")]


def test_a_time_that_the_zone_repeats_is_the_first_of_the_two() -> None:
    truth = regency(window("w", start="2026-10-24T02:30", end="2026-10-24T03:30"), zone="Europe/Berlin")
    (night,) = all_of(truth, "2026-10-25", "2026-10-25T12:00")
    assert night == Occurrence(utc("2026-10-25T00:30"), utc("2026-10-25T02:30"), "w")


def test_an_occurrence_that_vanishes_in_the_gap_does_not_take_place() -> None:
    truth = regency(window("w", start="2027-03-27T02:30", end="2027-03-27T03:15"), zone="Europe/Berlin")
    days = [each.start.date().isoformat() for each in all_of(truth, "2027-03-27", "2027-03-30")]
    assert days == ["2027-03-27", "2027-03-29"]


def test_office_hours_stay_office_hours_over_a_change_of_offset() -> None:
    truth = regency(window("w", start="2026-10-20T08:00", end="2026-10-20T17:00"), zone="America/New_York")
    for each in all_of(truth, "2026-10-28", "2026-11-05"):
        assert each.start.astimezone(truth.zone).hour == 8
        assert each.end.astimezone(truth.zone).hour == 17


# ----------------------------------------------------------------------------------------------------------- any rule


RULES = st.one_of(
    st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 40)),
    st.builds("FREQ=WEEKLY;INTERVAL={};BYDAY=TU,TH,SU;WKST={}".format, st.integers(1, 9), st.sampled_from(["MO", "SU"])),
    st.builds("FREQ=DAILY;INTERVAL={};BYMONTH=8,11;BYDAY=TU,WE,FR".format, st.integers(1, 3)),
    st.builds("FREQ=MONTHLY;INTERVAL={};BYDAY=3TU,-1FR".format, st.integers(1, 5)),
    st.builds("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS={}".format, st.sampled_from([1, -1, 12])),
    st.builds("FREQ=DAILY;COUNT={}".format, st.integers(1, 900)),
    st.builds("FREQ=WEEKLY;UNTIL=20{}0701T000000".format, st.integers(27, 40)),
    st.just("FREQ=YEARLY"),
)


@settings(max_examples=150, deadline=None)
@given(RULES, st.integers(0, 6000), st.integers(1, 60))
def test_picking_a_rule_up_late_gives_what_walking_from_its_beginning_gives(rule: str, days: int, span: int) -> None:
    truth = regency(window("w", recurrence=rule))
    since = utc("2026-08-18") + timedelta(days=days)
    until = since + timedelta(days=span)
    walked = []
    for start in rrulestr(rule, dtstart=datetime.fromisoformat("2026-08-18T08:00")):
        begin = start.replace(tzinfo=truth.zone).astimezone(UTC)
        if begin >= until:
            break
        if begin + timedelta(hours=9) > since:
            walked.append(Occurrence(begin, begin + timedelta(hours=9), "w"))
    assert list(occurrences(truth.windows[0], truth, since, until)) == walked


def _last_beginning(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Where dateutil was told to begin, each time."""
    seen: list[datetime] = []
    original: Callable[..., Any] = rrulestr

    def watched(rule: str, *, dtstart: datetime) -> Any:
        seen.append(dtstart)
        return original(rule, dtstart=dtstart)

    monkeypatch.setattr(calendar, "rrulestr", watched)
    return seen


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SA,TU;INTERVAL=3"])
def test_an_endless_rule_of_long_ago_is_not_walked_from_its_beginning(monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    seen = _last_beginning(monkeypatch)
    truth = regency(window("w", start="2000-01-01T08:00", end="2000-01-01T17:00", recurrence=rule))
    now = utc("2190-08-18T01:00")
    edge = next_edge(truth, now)

    assert edge is not None
    assert edge.at - now < 22 * DAY
    assert all(abs(now.replace(tzinfo=None) - begin) < 70 * DAY for begin in seen)


def test_a_rule_that_cannot_be_picked_up_late_is_walked_only_so_far() -> None:
    dense = "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"
    truth = regency(window("w", start="2000-01-01T08:00", end="2000-01-01T17:00", recurrence=dense))
    with pytest.raises(Refused) as refused:
        next_edge(truth, utc("2190-08-18"))
    assert refused.value.code == "calendar.too_many"
    assert refused.value.fields["window"] == "w"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=FORTNIGHTLY",
        "EVERY DAY",
        "FREQ=DAILY\nRDATE:20260101",
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_by_name(rule: str) -> None:
    broken = regency(window("w"))
    broken = broken.model_copy(update={"windows": (broken.windows[0].model_copy(update={"recurrence": rule}),)})
    with pytest.raises(Refused) as refused:
        active(broken, utc("2026-08-18T01:00"))
    assert refused.value.code == "calendar.rule"
    assert refused.value.fields["window"] == "w"
    assert refused.value.fields["rule"] == rule


def test_a_moment_without_a_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="without zone"):
        active(regency(window("w")), datetime(2026, 8, 18))  # noqa: DTZ001 - that is the mistake


def test_a_window_is_found_whatever_zone_the_caller_counts_in() -> None:
    truth = regency(window("w"))
    now = utc("2026-08-18T01:00")
    assert active(truth, now) == active(truth, now.astimezone(ZoneInfo("America/New_York")))


def test_dates_beside_the_rule_hold_however_far_the_rule_is_picked_up() -> None:
    """A rule that is years old is not walked from its beginning; what is left out or added is so all the same."""
    dates = {"exdates": ["2029-03-06T08:00", "2026-08-19T08:00"], "rdates": ["2029-03-07T20:00", "2027-01-01T20:00"]}
    truth = regency(window("daily", recurrence="FREQ=DAILY", **dates))
    found = [each.start for each in all_of(truth, "2029-03-04T12:00", "2029-03-08T00:00")]
    assert found == [utc("2029-03-04T23:00"), utc("2029-03-06T23:00"), utc("2029-03-07T11:00"), utc("2029-03-07T23:00")]


def test_a_window_that_is_left_out_has_no_edges_and_is_not_active() -> None:
    truth = regency(window("daily", recurrence="FREQ=DAILY", exdates=["2026-08-19T08:00"]))
    inside = utc("2026-08-19T01:00")
    assert active(truth, inside) == ()
    assert {edge.at for edge in edges(truth, utc("2026-08-18T09:00"), utc("2026-08-19T22:00"))} == set()
    found = next_edge(truth, inside)
    assert found is not None
    assert found.at == utc("2026-08-19T23:00")
