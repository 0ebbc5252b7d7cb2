"""Boosts: who gets, who pays, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, event, given, reject, settings
from hypothesis import strategies as st

from inventory.model import Rates
from inventory.units import Bandwidth, Direction
from network.core.allocate import Allocation
from network.core.intent import Boost
from network.core.sharing import LINUX_TC
from network.core.tree import DEFAULT, ShaperId, leaf
from network.errors import Refused
from tests.unit.core.worlds import NOW, World, allocations, guarantees, under, window, worlds

DOWN = ShaperId(1, "main", Direction.DOWN)
MBIT = 1_000_000
RANDOM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=60)


def boost(*offices: str, mbit: float = 5, uplink: str | None = None, id: str = "b", minutes: int = 0) -> Boost:
    created = NOW - timedelta(minutes=minutes)
    amount = Rates(down=Bandwidth(round(mbit * MBIT)), up=Bandwidth(0))
    end = NOW + timedelta(hours=1)
    return Boost(
        id=id, offices=offices, uplink=uplink, amount=amount, reason="r", created=created, starts=created, expires=end, actor="a"
    )


FOUR = World(
    uplinks={"main": 41_000},
    default=1_000,
    floor=1_000,
    classes={"plain": {"share": 10}, "safe": {"share": 10, "protected": True}},
    offices=((1, "plain", 10**6), (1, "plain", 10**6), (1, "plain", 10**6), (1, "safe", 10**6)),
)


def test_a_boost_is_paid_by_offices_without_protection_in_proportion_to_what_they_have_above_their_floor() -> None:
    change = window("w", offices={"office2": {"share": 40}})
    world = replace(FOUR, windows=[change])
    usual = guarantees(allocations(world, windows=["w"])[DOWN])
    after = guarantees(allocations(world, boost("office1"), windows=["w"])[DOWN])

    assert after[leaf(1)] == usual[leaf(1)] + 5 * MBIT
    assert after[leaf(4)] == usual[leaf(4)]
    paid = [usual[leaf(number)] - after[leaf(number)] for number in (2, 3)]
    assert sum(paid) == 5 * MBIT
    above = [usual[leaf(number)] - MBIT for number in (2, 3)]
    assert abs(paid[0] * above[1] - paid[1] * above[0]) <= 1_000 * sum(above)


def test_what_does_not_fit_is_refused_whole_with_what_would() -> None:
    with pytest.raises(Refused) as refused:
        allocations(FOUR, boost("office1", mbit=20))
    assert refused.value.code == "boost.does_not_fit"
    fields = refused.value.fields
    assert (fields["boost"], fields["offices"], fields["place"]) == ("b", "office1", "main/down")
    assert (fields["missing"], fields["fits"]) == (2 * MBIT, 18 * MBIT)
    assert guarantees(allocations(FOUR, boost("office1", mbit=18))[DOWN])[leaf(2)] == MBIT


def test_a_ceiling_above_the_boosted_office_is_paid_for_below_it() -> None:
    world = replace(FOUR, hubs=(15_000, 10**6), offices=(*FOUR.offices[:2], (2, "plain", 10**6), (2, "safe", 10**6)))
    usual = guarantees(allocations(world)[DOWN])
    assert usual[leaf(1)] == usual[leaf(2)] == 7_500_000
    after = guarantees(allocations(world, boost("office1", mbit=2))[DOWN])
    assert (after[leaf(1)], after[leaf(2)], after[leaf(3)]) == (9_500_000, 5_500_000, usual[leaf(3)])
    with pytest.raises(Refused) as refused:
        allocations(world, boost("office1", mbit=7))
    assert refused.value.fields["place"] == "main/down hub1"
    assert refused.value.fields["fits"] == 6_500_000


def test_an_office_is_never_boosted_above_its_own_link() -> None:
    world = replace(FOUR, offices=((1, "plain", 12_000), *FOUR.offices[1:]))
    with pytest.raises(Refused) as refused:
        allocations(world, boost("office1", mbit=3))
    assert refused.value.fields["place"] == "main/down office1"
    assert refused.value.fields["fits"] == 2 * MBIT


def test_an_office_that_an_earlier_boost_raised_does_not_pay_for_a_later_one() -> None:
    first, second = boost("office1", mbit=9, id="z", minutes=9), boost("office2", mbit=3, id="a")
    after = guarantees(allocations(FOUR, second, first)[DOWN])
    assert (after[leaf(1)], after[leaf(2)], after[leaf(3)]) == (19 * MBIT, 8_500_000, 2_500_000)
    with pytest.raises(Refused) as refused:
        allocations(FOUR, second, first, boost("office3", mbit=2, id="c"))
    assert (refused.value.fields["boost"], refused.value.fields["fits"]) == ("c", 0)


def test_a_boost_of_another_uplink_or_direction_changes_nothing_here() -> None:
    world = replace(FOUR, uplinks={"main": 41_000, "other": 41_000})
    usual, after = allocations(world), allocations(world, boost("office1", uplink="other"))
    for shaper in usual:
        same = guarantees(usual[shaper]) == guarantees(after[shaper])
        assert same == (shaper.uplink != "other" or shaper.direction is Direction.UP)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (boost("office9"), "boost.no_such_office"),
        (boost(), "boost.no_such_office"),
        (boost("office1", uplink="moon"), "boost.no_such_uplink"),
    ],
)
def test_a_boost_that_names_what_is_not_there_is_refused(wrong: Boost, code: str) -> None:
    with pytest.raises(Refused) as refused:
        allocations(FOUR, wrong)
    assert refused.value.code == code


@RANDOM
@given(worlds(), st.data())
def test_a_boost_gives_what_it_says_and_takes_from_nobody_who_may_not_be_asked(world: World, data: st.DataObject) -> None:
    try:
        usual = allocations(world)
    except Refused:
        reject()
    keys = sorted(data.draw(st.sets(st.sampled_from([f"office{n}" for n, _ in enumerate(world.offices, 1)]), min_size=1)))
    wanted = boost(*keys, mbit=data.draw(st.integers(1, 20_000)) / 1000)
    found: dict[ShaperId, Allocation] | Refused
    try:
        found = allocations(world, wanted)
    except Refused as error:
        found = error
    event(type(found).__name__)
    if isinstance(found, Refused):
        _check_what_fits(world, wanted, found)
        return
    for shaper, allocation in found.items():
        before, after = guarantees(usual[shaper]), guarantees(allocation)
        if shaper.direction is Direction.UP:
            assert before == after
            continue
        for node in after:
            kind = world.offices[node.id - 1][1] if node != DEFAULT else ""
            if node != DEFAULT and node.application == 0 and f"office{node.id}" in keys:
                assert wanted.amount.down <= after[node] - before[node] < wanted.amount.down + LINUX_TC.steps.at(after[node])
            elif node == DEFAULT or node.application or world.classes[kind]["protected"]:
                assert after[node] == before[node]
            else:
                assert world.floor * 1000 <= after[node] <= before[node]
        for node, queue in allocation.queues.items():
            assert sum(after[each] for each in under(allocation.queues, node)) <= queue.ceiling
            assert queue.guarantee <= queue.ceiling
        slack = len(after) * max(map(LINUX_TC.steps.at, before.values()))
        assert sum(after.values()) >= sum(before.values()) - slack, "nobody pays more than is asked"


def _check_what_fits(world: World, wanted: Boost, refused: Refused) -> None:
    assert refused.code == "boost.does_not_fit"
    fits = refused.fields["fits"]
    assert isinstance(fits, Bandwidth)
    assert fits < wanted.amount.down
    one_shaper = str(refused.fields["place"]).split("/")[0]
    allocations(world, replace(wanted, uplink=one_shaper, amount=Rates(down=fits, up=Bandwidth(0))))
    with pytest.raises(Refused):
        allocations(world, replace(wanted, uplink=one_shaper, amount=Rates(down=Bandwidth(fits + 1000), up=Bandwidth(0))))


def test_an_emergency_takes_from_protected_offices_only_what_the_others_cannot_pay() -> None:
    usual = guarantees(allocations(FOUR)[DOWN])
    after = guarantees(allocations(FOUR, replace(boost("office1", mbit=20), emergency=True))[DOWN])

    assert after[leaf(1)] == usual[leaf(1)] + 20 * MBIT
    assert after[leaf(2)] == after[leaf(3)] == MBIT, "to the floor first"
    assert after[leaf(4)] == usual[leaf(4)] - 2 * MBIT


def test_an_emergency_takes_nothing_from_protected_offices_while_others_can_pay() -> None:
    plain, urgent = boost("office1", mbit=9), replace(boost("office1", mbit=9), emergency=True)
    assert guarantees(allocations(FOUR, plain)[DOWN]) == guarantees(allocations(FOUR, urgent)[DOWN])


def test_not_even_an_emergency_takes_a_floor_or_what_an_earlier_boost_gave() -> None:
    earlier = boost("office4", mbit=4, id="first", minutes=1)
    with pytest.raises(Refused) as refused:
        allocations(FOUR, earlier, replace(boost("office1", mbit=20), emergency=True))
    assert (refused.value.fields["fits"], refused.value.fields["missing"]) == (15_334_000, 4_666_000), (
        "office2 and office3 pay all"
    )
