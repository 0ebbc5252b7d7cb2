"""What is offered in the place of a request that does not fit: the nearest later, the largest smaller, what is free of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from inventory.model import Rates
from inventory.policy import Window
from inventory.regency import Regency
from inventory.units import Bandwidth
from network.core.admission.admit import admit
from network.core.admission.offers import Offer
from network.core.admission.series import part_of
from network.core.intent import Boost
from network.errors import Refused
from tests.unit.core.test_admission import HORIZON
from tests.unit.core.worlds import NOW, World, window

RANDOM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=40)
Request = Boost | Window


def boost(kilobits: int, hours: float = 2, after: float = 0, **more: Any) -> Boost:
    """Down only, for office1, `after` hours from now."""
    starts = NOW + timedelta(hours=after)
    facts: dict[str, Any] = {
        "id": "asked",
        "offices": ("office1",),
        "uplink": None,
        "amount": Rates(down=Bandwidth(kilobits * 1000), up=Bandwidth(0)),
        "reason": "r",
        "created": NOW,
        "starts": starts,
        "expires": starts + timedelta(hours=hours),
        "actor": "a",
    }
    return Boost(**{**facts, **more})


def offered(regency: Regency, request: Request, booked: Sequence[Boost] = (), kind: str = "") -> list[Offer]:
    found = admit(regency, request, booked, NOW, HORIZON)
    return [each for each in found.offers if each.kind == kind or not kind]


def fits(regency: Regency, request: Request, booked: Sequence[Boost] = ()) -> bool:
    return admit(regency, request, booked, NOW, HORIZON).fits


BUSY = World(uplinks={"main": 20_000}, default=0, floor=1_000)
"""Each of two offices has 10 Mbit/s, of which 9 may be taken."""


def test_a_boost_may_wait_until_what_is_in_its_way_has_ended() -> None:
    regency, other = BUSY.regency(), boost(6_000, hours=3, id="other")
    assert not fits(regency, boost(6_000), [other])
    (later,) = offered(regency, boost(6_000), [other], "later")
    assert (later.starts, later.ends) == (other.expires, other.expires + timedelta(hours=2))
    assert isinstance(later.value, Boost)
    assert later.value.amount == boost(6_000).amount


def test_a_boost_waits_until_it_fits_between_two_others() -> None:
    regency = BUSY.regency()
    others = [boost(6_000, hours=3, id="first"), boost(6_000, hours=3, after=4, id="second")]
    (later,) = offered(regency, boost(6_000, hours=1), others, "later")
    assert later.starts == others[0].expires
    (later,) = offered(regency, boost(6_000, hours=2), others, "later")
    assert later.starts == others[1].expires, "an hour between the two is not enough"


def test_a_boost_may_be_as_large_as_what_others_can_pay() -> None:
    (smaller,) = offered(BUSY.regency(), boost(30_000), kind="smaller")
    assert smaller.amount == Rates(down=Bandwidth(9_000_000), up=Bandwidth(0))
    assert not fits(BUSY.regency(), boost(9_001))


def test_a_boost_may_end_before_or_begin_after_what_is_in_its_way() -> None:
    regency, other = BUSY.regency(), boost(6_000, hours=1, after=1, id="other")
    shorter = offered(regency, boost(6_000, hours=3), [other], "shorter")
    assert [(each.starts, each.ends) for each in shorter] == [
        (NOW, NOW + timedelta(hours=1)),
        (NOW + timedelta(hours=2), NOW + timedelta(hours=3)),
    ]


def test_no_offer_is_of_less_than_five_minutes() -> None:
    regency, other = BUSY.regency(), boost(6_000, hours=1.9, after=0.05, id="other")
    assert offered(regency, boost(6_000), [other], "shorter") == [
        each for each in offered(regency, boost(6_000), [other], "shorter") if each.ends - each.starts >= timedelta(minutes=5)
    ]


def test_a_window_may_be_later_on_its_days_smaller_or_shorter() -> None:
    reserves = [{"application": "app1", "uplink": "main", "rate": "100 kbit/s"}]
    other = window("other", start="2026-08-18T09:00", end="2026-08-18T11:00", reserves=[{**reserves[0], "rate": "12 Mbit/s"}])
    safe = {"plain": {"share": 10}, "safe": {"share": 10, "protected": True}}
    world = replace(BUSY, classes=safe, offices=((1, "plain", 10**6), (1, "safe", 10**6)), reserves=reserves, windows=[other])
    regency = world.regency()
    asked = Window.model_validate(
        window("asked", start="2026-08-21T08:00", end="2026-08-21T10:00", precedence=200, classes={"plain": {"share": 11}})
    )
    assert not fits(regency, asked), "the protected office would have less than it usually has"
    assert not offered(regency, asked, kind="later"), "it never has less without this"


def test_the_parts_of_a_window_that_do_not_meet_another_are_offered() -> None:
    other = window("other", start="2026-08-18T09:00", end="2026-08-18T11:00", classes={"plain": {"share": 30}})
    regency = replace(BUSY, windows=[other]).regency()
    asked = Window.model_validate(
        window(
            "asked", start="2026-08-21T08:00", end="2026-08-21T10:00", recurrence="FREQ=DAILY", classes={"plain": {"share": 5}}
        )
    )
    (later,) = offered(regency, asked, kind="later")
    (shorter,) = offered(regency, asked, kind="shorter")
    assert isinstance(later.value, Window)
    assert isinstance(shorter.value, Window)
    assert (later.value.start, later.value.end) == (_local("2026-08-21T11:00"), _local("2026-08-21T13:00"))
    assert (shorter.value.start, shorter.value.end) == (_local("2026-08-21T08:00"), _local("2026-08-21T09:00"))


def test_a_window_that_meets_another_once_may_begin_after_it_or_end_before() -> None:
    other = window("other", start="2026-08-23T08:00", end="2026-08-23T17:00", recurrence=None, classes={"plain": {"share": 30}})
    regency = replace(BUSY, windows=[other]).regency()
    asked = Window.model_validate(
        window("asked", start="2026-08-21T08:00", end="2026-08-21T10:00", classes={"plain": {"share": 5}})
    )
    found = [each.value for each in offered(regency, asked, kind="shorter")]
    assert [each.start for each in found if isinstance(each, Window)] == [_local("2026-08-21T08:00"), _local("2026-08-24T08:00")]
    assert [each.recurrence for each in found if isinstance(each, Window)] == ["FREQ=DAILY;UNTIL=20260823T075959", "FREQ=DAILY"]


def test_past_the_end_of_a_contract_nothing_later_is_offered() -> None:
    regency = replace(BUSY, contract=("2026-01-01", "2026-08-20")).regency()
    assert offered(regency, boost(30_000), kind="later") == []


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text)


@st.composite
def crowded(draw: st.DrawFn) -> tuple[World, Boost, tuple[Boost, ...]]:
    """A small uplink with boosts and a window on it, all in half hours, and one more boost."""
    classes = {"plain": {"share": 10}, "safe": {"share": 20, "protected": draw(st.booleans())}}
    kinds = draw(st.lists(st.sampled_from(["plain", "plain", "safe"]), min_size=2, max_size=4))
    world = replace(
        BUSY,
        classes=classes,
        offices=[(1, kind, 10**6) for kind in kinds],
        windows=[window("w", classes={"plain": {"share": draw(st.sampled_from([10, 10, 8, 5]))}})][: draw(st.integers(0, 1))],
        contract=draw(st.sampled_from([("2026-01-01", "2027-12-31"), ("2026-01-01", "2026-08-21")])),
        largest_move=draw(st.sampled_from([100, 100, 50, 20])),
    )

    def one(id: str) -> Boost:
        office = f"office{draw(st.integers(1, len(kinds)))}"
        times = draw(st.integers(1, 8)) / 2, draw(st.integers(0, 20)) / 2
        return boost(draw(st.integers(1, 14)) * 500, *times, id=id, offices=(office,))

    return world, one("asked"), tuple(one(f"b{number}") for number in range(draw(st.integers(0, 4))))


@RANDOM
@given(crowded())
def test_nothing_nearer_larger_or_longer_would_have_done(scene: tuple[World, Boost, tuple[Boost, ...]]) -> None:
    world, request, booked = scene
    regency = world.regency()
    found = admit(regency, request, booked, NOW, HORIZON)
    event("fits" if found.fits else "does not fit")
    later = [each.starts for each in found.offers if each.kind == "later"]
    if not found.fits:
        event(f"later: {bool(later)}")
        nearest = _next(regency, request, booked)[:1]
        assert later == nearest or (world.largest_move < 100 and later < nearest), "five minutes after an edge is tried too"
    for offer in found.offers:
        event(offer.kind)
        value = offer.value
        assert isinstance(value, Boost)
        assert fits(regency, value, booked)
        if offer.kind == "smaller" and world.largest_move == 100:
            _largest(regency, request, booked, value.amount)
        if offer.kind == "shorter":
            assert request.starts <= value.starts < value.expires <= request.expires
            assert value.expires - value.starts >= timedelta(minutes=5)


def _next(regency: Regency, request: Boost, booked: Sequence[Boost]) -> list[datetime]:
    """Every later half hour of the next two days at which it fits; what changes, changes at these."""
    found = []
    for number in range(1, 96):
        by = number * timedelta(minutes=30)
        moved = replace(request, starts=request.starts + by, expires=request.expires + by)
        try:
            if fits(regency, moved, booked):
                found.append(moved.starts)
        except Refused:
            assert moved.expires > NOW + timedelta(days=1), "the contract has ended"
    return found


def _largest(regency: Regency, request: Boost, booked: Sequence[Boost], amount: Rates) -> None:
    """A hundredth of what was asked for more, in either direction alone, does not fit, unless it was all that was asked for."""
    for direction, asked in (("down", request.amount.down), ("up", request.amount.up)):
        has = getattr(amount, direction)
        more = Bandwidth(has + max(1000, asked // 100 + 1000))
        if more <= asked:
            assert not fits(regency, replace(request, amount=amount.model_copy(update={direction: more})), booked)


@pytest.mark.parametrize(("rate", "percent", "part"), [(1_000_000, 33, 330_000), (999, 99, 0), (1_999, 100, 1_000)])
def test_a_part_of_a_rate_is_whole_kilobits(rate: int, percent: int, part: int) -> None:
    assert part_of(Bandwidth(rate), percent) == part
