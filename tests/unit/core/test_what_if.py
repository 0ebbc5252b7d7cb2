"""More of an uplink, or one that fails: what offices would be sure of, against allocations of regencies that are just so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from inventory.load import SHIPPED, load_regency
from inventory.model import Rates
from inventory.regency import Regency
from inventory.units import Bandwidth, Direction
from network.core.allocate import Allocation, allocate, base
from network.core.intent import Boost, Intent, intend
from network.core.sharing import LINUX_TC
from network.core.supposed import Balance, More
from network.core.tree import DEFAULT, ROOT, ShaperId
from network.core.what_if import more, without
from network.errors import Refused
from tests.unit.core.worlds import NOW, World, worlds

UPLINKS = ("main", "other")


def extra(kilobits: int, up: int | None = None) -> Rates:
    return Rates(down=Bandwidth(kilobits * 1000), up=Bandwidth((kilobits if up is None else up) * 1000))


def asked(world: World, *boosts: Boost) -> tuple[Regency, Intent]:
    """A regency in which everything that stands fits, and the base policy too."""
    regency = world.regency()
    intent = intend(regency, NOW, boosts)
    try:
        allocate(regency, intent)
        base(regency, intent)
    except Refused:
        reject()
    return regency, intent


def more_or_none(regency: Regency, intent: Intent, kilobits: int, up: int | None = None) -> More:
    try:
        return more(regency, intent, "main", extra(kilobits, up))
    except Refused as error:
        if error.code in ("what_if.does_not_hold", "what_if.rate", "what_if.above_link"):
            reject()
        raise


def holds(regency: Regency, uplink: str, kilobits: int, up: int) -> Regency:
    """The same regency, written with that rate."""
    written: dict[str, Any] = regency.model_dump(mode="json")
    for each in written["uplinks"]:
        if each["key"] == uplink:
            rate = {way: Bandwidth.parse(each["rate"][way]) for way in ("down", "up")}
            each["rate"] = {
                "down": f"{rate['down'] + kilobits * 1000} bit/s",
                "up": f"{rate['up'] + up * 1000} bit/s",
            }
    return Regency.model_validate(written)


def sums(allocations: dict[ShaperId, Allocation]) -> dict[tuple[str, str, Direction], int]:
    return {
        (office, shaper.uplink, shaper.direction): allocation.guarantee(office)
        for shaper, allocation in allocations.items()
        for office in allocation.offices
    }


def balance(answer: More, direction: Direction = Direction.DOWN, uplink: str = "main") -> Balance:
    return next(each for each in answer.uplinks if (each.uplink, each.direction) == (uplink, direction))


# ---- more


@settings(deadline=None)
@given(worlds())
def test_nothing_more_changes_nothing(world: World) -> None:
    answer = more(*asked(world), "main", extra(0))
    assert all(each.guarantee.difference == each.ceiling.difference == 0 for each in answer.offices)
    for each in answer.uplinks:
        changes = (each.contracted, each.headroom, each.default_class, each.guaranteed, each.unpromised, each.busy)
        assert [change.difference for change in changes] == [0] * 6
        assert not each.bottlenecks
    assert answer.notes == ()


@settings(deadline=None)
@given(worlds(), st.integers(-20_000, 400_000), st.integers(-20_000, 400_000))
def test_what_comes_out_is_the_allocation_of_a_regency_with_that_rate(world: World, down: int, up: int) -> None:
    regency, intent = asked(world)
    answer = more_or_none(regency, intent, down, up)
    told = {(each.office, each.uplink, each.direction): each.guarantee for each in answer.offices}
    before, after = sums(allocate(regency, intent)), sums(allocate(holds(regency, "main", down, up), intent))
    for place in before:
        if place in told:
            assert (told[place].now, told[place].then) == (before[place], after[place])
        else:
            assert place[1] != "main"
            assert before[place] == after[place]


@settings(deadline=None)
@given(worlds(), st.integers(-20_000, 400_000))
def test_every_bit_of_the_contract_is_accounted_for(world: World, kilobits: int) -> None:
    answer = more_or_none(*asked(world), kilobits)
    for each in answer.uplinks:
        parts = (each.headroom, each.default_class, each.guaranteed, each.unpromised)
        assert each.contracted.now == sum(part.now for part in parts)
        assert each.contracted.then == sum(part.then for part in parts)
        assert all(min(part.now, part.then) >= 0 for part in parts)
        assert each.contracted.difference == (kilobits * 1000 if each.uplink == "main" else 0)
        gains = [
            row.guarantee.difference for row in answer.offices if (row.uplink, row.direction) == (each.uplink, each.direction)
        ]
        assert sum(gains) == each.guaranteed.difference


def takes(regency: Regency, intent: Intent, shaper: ShaperId) -> int:
    """What the tree can guarantee when every office has a share: the least of what stands in the way, from the leaves up."""
    allocation = allocate(regency, intent)[shaper]
    room = dict.fromkeys((node for node in allocation.queues if not node.is_leaf), 0)
    for branch in allocation.offices.values():
        if branch.node.kind.value != "office":
            room[branch.node] = allocation.capacity  # behind its link there is more than the tree has
    for node in reversed(list(room)):
        queue = allocation.queues[node]
        own = queue.ceiling - (allocation.queues[DEFAULT].guarantee if node == ROOT else 0)
        room[node] = min(own, room[node] or own) if node.kind.value == "office" else min(own, room[node])
        if queue.parent is not None:
            room[queue.parent] += room[node]
    return room[ROOT]


@settings(deadline=None)
@given(worlds(), st.integers(0, 400_000))
def test_offices_gain_all_that_the_tree_can_take(world: World, kilobits: int) -> None:
    world = replace(
        world, classes={key: {**kind, "share": max(1, kind["share"])} for key, kind in world.classes.items()}, windows=()
    )
    regency, intent = asked(world)
    answer = more_or_none(regency, intent, kilobits)
    for each in answer.uplinks:
        shaper = next(known for known in intent.leaves if (known.uplink, known.direction) == (each.uplink, each.direction))
        most = takes(holds(regency, "main", kilobits, kilobits), intent, shaper)
        slack = len(intent.leaves[shaper]) * LINUX_TC.steps.at(most)
        assert most - slack <= each.guaranteed.then <= most


@settings(deadline=None)
@given(worlds(), st.integers(1, 400_000))
def test_with_one_uplink_and_its_default_class_written_nobody_loses(world: World, kilobits: int) -> None:
    world = replace(world, uplinks={"main": world.uplinks["main"]}, default=64)
    world = replace(world, reserves=[each for each in world.reserves if each["uplink"] == "main"], windows=())
    answer = more_or_none(*asked(world), kilobits)
    for each in answer.offices:
        leaves = 1 + len(world.reserves)
        assert each.guarantee.difference >= -leaves * LINUX_TC.steps.at(each.guarantee.now), "less than rounding explains"


def test_more_of_one_uplink_leaves_less_of_another_where_links_have_no_shares() -> None:
    world = World(uplinks={"main": 20_000, "other": 20_000}, hubs=(20_000,), floor=100)
    answer = more(*asked(world), "main", extra(20_000))
    lost = balance(answer, uplink="other").guaranteed.difference
    assert lost < 0
    assert {each.code for each in answer.notes} >= {"what_if.others_lose"}
    assert (
        sum(each.guarantee.difference for each in answer.offices if (each.uplink, each.direction.value) == ("other", "down"))
        == lost
    )


def test_a_larger_default_class_is_told_and_taken_from_offices() -> None:
    answer = more(*asked(World(uplinks={"main": 49_900})), "main", extra(100))
    each = balance(answer)
    assert each.default_class.difference == 872_000
    assert each.guaranteed.difference == 100_000 - 872_000
    assert "what_if.default_class" in {note.code for note in answer.notes}


def test_a_full_link_stops_its_part_of_the_extra_and_others_get_it() -> None:
    world = World(hubs=(20_000, 1_000_000), offices=((1, "plain", 10**6), (2, "plain", 10**6)), default=1_000)
    answer = more(*asked(world), "main", extra(50_000))
    each = balance(answer)
    (narrow,) = each.bottlenecks
    assert (narrow.kind, narrow.key, narrow.ceiling, narrow.stopped) == ("hub", "hub1", 20_000_000, 25_000_000)
    gains = {row.office: row.guarantee.difference for row in answer.offices if row.direction is Direction.DOWN}
    assert gains == {"office1": 0, "office2": 50_000_000}
    assert each.unpromised.difference == 0


def test_what_no_link_carries_is_for_nobody() -> None:
    world = World(offices=((1, "plain", 30_000), (1, "plain", 30_000)), default=1_000)
    answer = more(*asked(world), "main", extra(50_000))
    each = balance(answer)
    assert (each.guaranteed.difference, each.busy.difference, each.unpromised.difference) == (0, 0, 50_000_000)
    assert [(narrow.kind, narrow.key) for narrow in each.bottlenecks] == [("office", "office1"), ("office", "office2")]
    assert "what_if.for_nobody" in {note.code for note in answer.notes}


def test_less_takes_what_more_would_give() -> None:
    small, large = World(uplinks={"main": 80_000}, default=1_000), World(default=1_000)
    less, gain = more(*asked(large), "main", extra(-20_000)), more(*asked(small), "main", extra(20_000))
    assert [each.guarantee.difference for each in less.offices] == [-each.guarantee.difference for each in gain.offices]


@pytest.mark.parametrize(
    ("kilobits", "code"),
    [
        (-100_000, "what_if.rate"),
        (-100_001, "what_if.rate"),
        (10**10, "what_if.rate"),
        (10**7, "what_if.above_link"),
        (-99_999, "what_if.does_not_hold"),
        (-99_850, "what_if.does_not_hold"),
    ],
)
def test_a_rate_that_cannot_be_is_refused(kilobits: int, code: str) -> None:
    regency, intent = asked(World())
    for rates in (extra(kilobits), extra(0, kilobits)):
        with pytest.raises(Refused) as caught:
            more(regency, intent, "main", rates)
        assert caught.value.code == code


def boost(uplink: str | None, kilobits: int) -> Boost:
    return Boost(
        id="b",
        offices=("office1",),
        uplink=uplink,
        amount=extra(kilobits),
        reason="r",
        created=NOW,
        starts=NOW,
        expires=NOW + timedelta(hours=1),
        actor="a",
    )


def test_a_boost_that_stands_counts_in_both_and_may_have_no_room_in_less() -> None:
    regency, intent = asked(World(), boost("main", 30_000))
    answer = more(regency, intent, "main", extra(10_000))
    first = next(each for each in answer.offices if each.office == "office1")
    assert first.guarantee.now > 70_000_000
    with pytest.raises(Refused) as caught:
        more(regency, intent, "main", extra(-70_000))
    assert isinstance(caught.value.fields["cause"], Refused)


@pytest.mark.parametrize("question", [partial(more, extra=extra(1)), without])
def test_an_uplink_that_is_not_there_is_named_with_those_that_are(question: Callable[..., Any]) -> None:
    regency, intent = asked(World())
    with pytest.raises(Refused) as caught:
        question(regency, intent, "no-such")
    assert (caught.value.code, caught.value.fields["known"]) == ("what_if.no_such_uplink", "main")


# ---- without


@settings(deadline=None)
@given(worlds(), st.sampled_from(UPLINKS))
def test_taking_an_uplink_out_of_the_truth_is_a_regency_without_it(world: World, uplink: str) -> None:
    assume(uplink in world.uplinks)
    regency, intent = asked(world)
    answer = without(regency, intent, uplink)
    written: dict[str, Any] = regency.model_dump(mode="json")
    written["uplinks"] = [each for each in written["uplinks"] if each["key"] != uplink]
    rest = Regency.model_validate(written)
    standing, removed = sums(allocate(regency, intent)), sums(allocate(rest, intend(rest, NOW)))
    for each in answer.offices:
        here = [place for place in standing if (place[0], place[2]) == (each.office, each.direction)]
        assert each.now == sum(standing[place] for place in here)
        assert each.left == sum(standing[place] for place in here if place[1] != uplink)
        assert each.rewritten == sum(removed[place] for place in here if place[1] != uplink)
    assert sum(each.guaranteed for each in answer.uplinks) == sum(each.left for each in answer.offices)
    assert sum(each.rewritten for each in answer.uplinks) == sum(each.rewritten for each in answer.offices)


@settings(deadline=None)
@given(worlds(), st.sampled_from(UPLINKS))
def test_the_worst_hit_come_first_and_nobody_gains_by_a_failure(world: World, uplink: str) -> None:
    assume(uplink in world.uplinks)
    answer = without(*asked(world), uplink)
    assert len(answer.offices) == 2 * len(world.offices)
    parts = [each.left / max(1, each.base) for each in answer.offices]
    assert parts == sorted(parts)
    for each in answer.offices:
        assert each.left <= each.now
        graver = "floor" if each.left < each.floor else "base" if each.left < each.base else None
        assert each.below == graver


def test_without_the_only_uplink_nothing_is_left() -> None:
    answer = without(*asked(World(), boost(None, 1_000)), "main")
    assert (answer.takes_over, answer.uplinks) == (None, ())
    assert {(each.left, each.rewritten, each.below) for each in answer.offices} == {(0, 0, "floor")}
    assert [note.code for note in answer.notes] == ["what_if.only_uplink"]


def test_parts_of_links_are_handed_over_only_when_the_truth_is_changed() -> None:
    regency, intent = asked(World(uplinks={"main": 20_000, "other": 20_000}, hubs=(20_000,)), boost("main", 1_000))
    answer = without(regency, intent, "main")
    for each in answer.offices:
        assert each.left < each.rewritten
    assert "what_if.parts_stay" in {note.code for note in answer.notes}
    shared = regency.model_copy(
        update={
            "links": tuple(
                link.model_copy(update={"shares": {"main": 50, "other": 50}}) if link.key == "core-hub1" else link
                for link in regency.links
            )
        }
    )
    kept = without(shared, intent, "main")
    assert all(each.left == each.rewritten for each in kept.offices)


def test_applications_that_lose_their_uplink_are_named_with_where_they_go() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    intent = intend(regency, NOW)
    answer = without(regency, intent, "domestic")
    assert answer.takes_over == "international"
    cut = {each.application: each for each in answer.applications}
    assert set(cut) == {application.key for application in regency.applications}
    planning = cut["eplanning"]
    assert planning.goes_to == ("international",)
    assert planning.reserved[Direction.DOWN] > 0 == planning.reserved_there[Direction.DOWN]
    assert [note.code for note in answer.notes] == ["what_if.takes_over"]
    worst = [each for each in answer.offices if each.below == "floor"]
    assert any(each.protected for each in worst)


def test_without_the_default_what_is_listed_goes_on() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    answer = without(regency, intend(regency, NOW), "international")
    assert (answer.takes_over, answer.applications) == (None, ())
    assert [note.code for note in answer.notes] == ["what_if.default_uplink"]


def test_a_destination_outside_every_list_has_no_way_out_without_the_default() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    listed = {"domestic": (IPv4Network("198.18.12.0/24"),)}
    regency = regency.model_copy(update={"prefixes": listed})
    answer = without(regency, intend(regency, NOW), "international")
    others = {application.key for application in regency.applications} - {"eplanning"}
    assert {each.application: each.goes_to for each in answer.applications} == dict.fromkeys(others, ())
