"""What admission says of random requests is what a slow walk over every moment finds, and every offer is taken when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from inventory.model import Rates
from inventory.policy import Window
from inventory.regency import Regency
from inventory.units import Bandwidth
from network.core.admission.admit import Verdict, admit
from network.core.admission.judging import MOST_TOLD
from network.core.calendar import occurrences
from network.core.intent import Boost
from network.errors import Refused
from network.messages import text
from tests.unit.core.admission_oracle import Fault, faults, place
from tests.unit.core.worlds import CLASSES, NOW, World, window, worlds

RANDOM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=60)
HORIZON = timedelta(days=4)
Request = Boost | Window

RULES = (None, "FREQ=DAILY", "FREQ=DAILY;COUNT=3", "FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=TU,TH,FR", "FREQ=MONTHLY")
WORDS = ("every_day", "every_day", "working_days", "days_off", "office_hours", "fast")


@st.composite
def timed(draw: st.DrawFn, world: World, key: str) -> dict[str, Any]:
    """A window of those days, in whole hours, some over midnight."""
    start, hours = draw(st.integers(0, 23)), draw(st.sampled_from([1, 3, 8, 14, 24, 30]))
    begins = datetime.fromisoformat("2026-08-18") + timedelta(hours=start)
    named = draw(st.sets(st.sampled_from(CLASSES)))
    chosen = draw(st.integers(1, len(world.offices)))
    return window(
        key,
        precedence=draw(st.integers(0, 2)),
        start=begins.isoformat(timespec="minutes"),
        end=(begins + timedelta(hours=hours)).isoformat(timespec="minutes"),
        recurrence=draw(st.sampled_from(RULES)),
        calendar=draw(st.sampled_from(WORDS)),
        emergency=draw(st.sampled_from([False, False, False, True])),
        exdates=draw(st.sampled_from([[], [(begins + timedelta(days=2)).isoformat(timespec="minutes")]])),
        rdates=draw(st.sampled_from([[], [], ["2026-08-21T05:00"]])),
        exempt=draw(st.sampled_from([[], [], ["office1"], [f"office{chosen}"]])),
        classes={kind: {"share": draw(st.integers(0, 1000))} for kind in sorted(named)},
        offices={f"office{chosen}": {draw(st.sampled_from(["share", "weight"])): draw(st.integers(1, 32))}},
        reserves=[{**each, "rate": f"{draw(st.integers(10, 900))} kbit/s"} for each in world.reserves if draw(st.booleans())],
    )


@st.composite
def boosts(draw: st.DrawFn, world: World, id: str) -> Boost:
    offices = draw(st.sets(st.sampled_from([f"office{n}" for n, _ in enumerate(world.offices, 1)]), min_size=1))
    kilobits = st.one_of(st.just(0), st.integers(1, 1_500), st.integers(1, 60_000))
    down = draw(st.integers(1, 60_000))
    starts = NOW + timedelta(minutes=30 * draw(st.integers(0, 90)))
    return Boost(
        id=id,
        offices=tuple(sorted(offices)),
        uplink=draw(st.sampled_from([None, *world.uplinks])),
        amount=Rates(down=Bandwidth(down * 1000), up=Bandwidth(draw(kilobits) * 1000)),
        reason="r",
        created=NOW - timedelta(minutes=draw(st.integers(0, 9))),
        starts=starts,
        expires=starts + timedelta(minutes=30 * draw(st.integers(1, 60))),
        actor="a",
        emergency=draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def scenes(draw: st.DrawFn) -> tuple[World, Request, tuple[Boost, ...]]:
    """A world with windows, one more that is asked for or a boost, and boosts that may fit."""
    world = draw(worlds())
    days = {"fri": {"start": "08:00", "end": "11:30"}} if draw(st.booleans()) else {}
    calendar = {
        "working_days": ["mon", "tue", "wed", "thu", "fri"],
        "days_off": [{"day": "2026-08-21", "name": "Off"}] if draw(st.booleans()) else [],
        "hours": {"start": "07:30", "end": "15:00", **days},
        "calendars": [{"key": "fast", "name": "Fast", "start": "2026-08-19", "end": "2026-08-22"}],
        "exempt": draw(st.sampled_from([[], ["office1"]])),
    }
    world = replace(
        world,
        calendar=calendar,
        largest_move=draw(st.sampled_from([100, 100, 30, 5])),
        contract=draw(
            st.sampled_from([("2026-01-01", "2027-12-31"), ("2026-01-01", "2026-08-22"), ("2026-08-20", "2027-01-01")])
        ),
        windows=[draw(timed(world, key)) for key in ("one", "two", "three")[: draw(st.integers(0, 3))]],
    )
    asked: Request = Window.model_validate(draw(timed(world, "asked"))) if draw(st.booleans()) else draw(boosts(world, "asked"))
    return world, asked, tuple(draw(boosts(world, f"b{n}")) for n in range(draw(st.integers(0, 2))))


def verdict(regency: Regency, request: Request, booked: Sequence[Boost], horizon: timedelta = HORIZON) -> Verdict | Refused:
    try:
        return admit(regency, request, booked, NOW, horizon)
    except Refused as refused:
        return refused


def agree(regency: Regency, request: Request, booked: Sequence[Boost]) -> Verdict | None:
    found = verdict(regency, request, booked)
    if isinstance(found, Refused):
        event(found.code)
        assert text(found.code, "id", found.fields)
        return None
    if isinstance(request, Window) and not _acts(regency, request):
        return found  # it is looked at from its first occurrence on, which may be years away
    wrong = faults(regency, request, booked, NOW, HORIZON)
    event(f"fits: {found.fits}")
    assert found.fits == (not wrong), wrong
    _told_truly(found, wrong)
    return found


def _acts(regency: Regency, request: Window) -> bool:
    return next(occurrences(request, regency, NOW, NOW + HORIZON), None) is not None


def _told_truly(found: Verdict, wrong: Sequence[Fault]) -> None:
    """What is told is so at the moment that is named; and of every kind that is so, something is told."""
    for short in found.shortfalls:
        event(short.cause.code)
        at = [each for each in wrong if each.at == short.since and each.cause.code == short.cause.code]
        same = [each for each in at if place(each) == _kind(short.cause)]
        assert same, (short, wrong)
        if short.cause.code == "boost.does_not_fit":
            assert any(each.cause.fields == short.cause.fields for each in same)
        if short.cause.code == "guard.protected":
            assert any(each.cause.fields["missing"] == short.missing for each in same)
            assert any(each.cause.fields["office"] == short.cause.fields["office"] for each in same)
        if short.cause.code == "guard.largest_move":
            assert any(each.cause.fields["moved"] == short.cause.fields["moved"] for each in same)
        if short.cause.code != "admission.contract":
            assert any(sorted(each.who) == sorted(short.who) for each in at)
        for language in ("id", "en"):
            told = short.told(UTC)
            assert text(told.code, language, told.fields)
    if len(found.shortfalls) < MOST_TOLD:
        kinds = {place(each) for each in wrong}
        assert kinds == {_kind(short.cause) for short in found.shortfalls}


def _kind(cause: Refused) -> tuple[str, str]:
    return place(Fault(at=NOW, who=(), cause=cause))


@RANDOM
@given(scenes())
def test_admission_says_what_a_slow_walk_finds(scene: tuple[World, Request, tuple[Boost, ...]]) -> None:
    world, request, booked = scene
    regency = world.regency()
    found = agree(regency, request, booked)
    for offer in found.offers if found else ():
        event(f"offer: {offer.kind}, {type(offer.value).__name__}")
        again = verdict(regency, offer.value, booked)
        assert isinstance(again, Verdict)
        assert again.fits
        assert agree(regency, offer.value, booked)


def test_what_ends_just_as_the_request_begins_is_a_part_of_the_same_move() -> None:
    """The window gives office 1 nearly all, and gives it back at the moment at which the boost begins: one run does both."""
    world = World(
        uplinks={"main": 20_000}, default=0, floor=1_000, largest_move=30,
        windows=[window("w", end="2026-08-18T13:00", offices={"office1": {"share": 90}})],
    )  # fmt: skip
    request = Boost(
        id="asked", offices=("office2",), uplink=None, amount=Rates(down=Bandwidth(1000), up=Bandwidth(0)), reason="r",
        created=NOW, starts=NOW + timedelta(hours=1), expires=NOW + timedelta(hours=2), actor="a",
    )  # fmt: skip
    found = admit(world.regency(), request, (), NOW)
    assert [(short.cause.code, short.since, short.until) for short in found.shortfalls] == [
        ("guard.largest_move", request.starts, request.starts)
    ]
    assert admit(replace(world, largest_move=50).regency(), request, (), NOW).fits
