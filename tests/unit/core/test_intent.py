"""What should hold now: base, windows by precedence, boosts by age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import Rates
from inventory.units import Bandwidth, Direction
from network.core.intent import Boost, Intent, LeafWish, divide, intend
from network.core.tree import ShaperId, leaf
from network.errors import Refused
from tests.unit.core.worlds import NOW, World, window

DOWN = ShaperId(1, "main", Direction.DOWN)
UP = ShaperId(1, "main", Direction.UP)


def boost(id: str, *offices: str, created: datetime = NOW, hours: float = 1, down: str = "1 Mbit/s") -> Boost:
    return Boost(
        id=id,
        offices=offices,
        uplink=None,
        amount=Rates(down=Bandwidth.parse(down), up=Bandwidth(0)),
        reason="r",
        created=created,
        starts=created,
        expires=created + timedelta(hours=hours),
        actor="a",
    )


def wish(intent: Intent, office: int, application: int = 0, shaper: ShaperId = DOWN) -> LeafWish:
    return next(each for each in intent.leaves[shaper] if each.node == leaf(office, application))


CLASSES = {"plain": {"share": 10, "weight": 4, "priority": 3}, "other": {"share": 20, "weight": 2, "protected": True}}
OFFICES = ((1, "plain", 1_000_000), (1, "other", 1_000_000))
RESERVE = {"application": "app1", "uplink": "main", "rate": {"down": "6 Mbit/s", "up": "3 Mbit/s"}, "weight": 3, "priority": 1}


def test_the_base_policy_gives_floors_shares_and_parts_of_reserves() -> None:
    intent = intend(World(classes=CLASSES, offices=OFFICES, reserves=[RESERVE]).regency(), NOW)

    assert intent.windows == ()
    assert not intent.temporary
    assert intent.until is None
    assert list(intent.leaves) == [DOWN, UP]
    assert wish(intent, 1) == LeafWish(
        node=leaf(1), office="office1", application=None, base=100_000, share=10, weight=1, priority=3, spare="lend"
    )
    assert wish(intent, 2, 1, UP) == LeafWish(
        node=leaf(2, 1), office="office2", application="app1", base=1_500_000, share=0, weight=3, priority=1, spare="lend"
    )


def test_the_rest_keeps_the_weight_that_reserves_leave_and_never_less_than_one() -> None:
    light = {**RESERVE, "weight": 1}
    intent = intend(World(classes=CLASSES, offices=OFFICES, reserves=[light]).regency(), NOW)
    assert wish(intent, 1).weight == 3
    assert wish(intent, 2).weight == 1
    heavy = intend(World(classes=CLASSES, offices=OFFICES, reserves=[RESERVE]).regency(), NOW)
    assert wish(heavy, 2).weight == 1


def test_a_reserve_may_be_divided_by_share() -> None:
    intent = intend(World(classes=CLASSES, offices=OFFICES, reserves=[{**RESERVE, "divide": "by_share"}]).regency(), NOW)
    assert [wish(intent, office, 1).base for office in (1, 2)] == [2_000_000, 4_000_000]


def test_only_confirmed_windows_act() -> None:
    change = {"classes": {"plain": {"share": 99}}}
    world = World(classes=CLASSES, offices=OFFICES, windows=[window("w", confirmed=False, **change)])
    assert wish(intend(world.regency(), NOW), 1).share == 10


def test_a_window_replaces_what_it_names_and_leaves_the_rest() -> None:
    change = {"classes": {"plain": {"share": 99}}, "offices": {"office2": {"priority": 1, "spare": "none"}}}
    intent = intend(World(classes=CLASSES, offices=OFFICES, windows=[window("w", **change)]).regency(), NOW)

    assert intent.windows == ("w",)
    assert intent.temporary
    assert intent.until == datetime(2026, 8, 20, 8, tzinfo=UTC)
    assert (wish(intent, 1).share, wish(intent, 1).weight, intent.offices["office1"].window) == (99, 4, "w")
    assert (wish(intent, 2).share, wish(intent, 2).priority, wish(intent, 2).spare) == (20, 1, "none")


@pytest.mark.parametrize(("low", "high", "share"), [(1, 2, 7), (2, 1, 50)])
def test_the_higher_precedence_has_the_last_word_by_class_or_by_office(low: int, high: int, share: int) -> None:
    by_office = window("by-office", precedence=low, offices={"office1": {"share": 50}})
    by_class = window("by-class", precedence=high, classes={"plain": {"share": 7}})
    intent = intend(World(classes=CLASSES, offices=OFFICES, windows=[by_office, by_class]).regency(), NOW)
    assert wish(intent, 1).share == share


def test_within_one_window_the_office_has_the_last_word() -> None:
    both = window("w", classes={"plain": {"share": 7}}, offices={"office1": {"share": 50}})
    intent = intend(World(classes=CLASSES, offices=OFFICES, windows=[both]).regency(), NOW)
    assert wish(intent, 1).share == 50


def test_a_reserve_of_a_window_replaces_the_one_of_the_same_application_and_uplink() -> None:
    bigger = {**RESERVE, "rate": "20 Mbit/s", "weight": 1}
    other = {**RESERVE, "application": "app2"}
    world = World(classes=CLASSES, offices=OFFICES, reserves=[RESERVE], windows=[window("w", reserves=[bigger, other])])
    intent = intend(world.regency(), NOW)

    assert wish(intent, 1, 1).base == 10_000_000
    assert intent.reserved_by == {("app1", "main"): "w"}
    assert {each.node.application for each in intent.leaves[DOWN]} == {0, 1}, "a window never makes a leaf"


def test_forced_windows_act_instead_of_the_calendar_s_and_have_no_known_end() -> None:
    quiet = window("quiet", confirmed=False, start="2027-01-01T08:00", end="2027-01-01T09:00", classes={"plain": {"share": 1}})
    world = World(classes=CLASSES, offices=OFFICES, windows=[window("w", classes={"plain": {"share": 99}}), quiet])
    regency = world.regency()

    assert intend(regency, NOW, windows=frozenset()).windows == ()
    forced = intend(regency, NOW, windows=frozenset({"quiet"}))
    assert (forced.windows, forced.until) == (("quiet",), None)
    assert wish(forced, 1).share == 1
    with pytest.raises(Refused) as refused:
        intend(regency, NOW, windows=frozenset({"quite"}))
    assert refused.value.code == "intent.no_such_window"
    assert refused.value.fields == {"window": "quite", "known": "quiet, w"}


def test_boosts_hold_from_creation_until_expiry_oldest_first() -> None:
    old = boost("z", "office1", created=NOW - timedelta(minutes=30))
    new = boost("a", "office1")
    later, past = (
        boost("l", "office1", created=NOW + timedelta(seconds=1)),
        boost("p", "office1", created=NOW - timedelta(hours=1)),
    )
    intent = intend(World().regency(), NOW, [new, later, past, old])

    assert [each.id for each in intent.boosts] == ["z", "a"]
    assert intent.until == old.expires
    assert intent.temporary


@given(st.integers(0, 10**13), st.dictionaries(st.integers(1, 4000), st.integers(0, 1000), min_size=1, max_size=40))
def test_a_division_is_whole_and_nowhere_off_by_one(total: int, weights: dict[int, int]) -> None:
    parts = divide(total, weights)
    whole = sum(weights.values())
    assert parts.keys() == weights.keys()
    assert sum(parts.values()) == (total if whole else 0)
    for key, weight in weights.items():
        assert abs(parts[key] * whole - total * weight) < max(whole, 1)
        assert weight or not parts[key]
