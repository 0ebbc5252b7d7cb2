"""From wishes to numbers: guarantees, queues, rules, and the prediction of what offices get."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from inventory.units import Direction
from network.core.allocate import allocate, predict
from network.core.intent import intend
from network.core.observed import Queue, Rule
from network.core.sharing import LINUX_TC
from network.core.tree import DEFAULT, ROOT, ShaperId, hub, leaf, office
from network.errors import Refused
from tests.unit.core.worlds import NOW, World, allocations, guarantees, under, worlds

DOWN = ShaperId(1, "main", Direction.DOWN)
MBIT = 1_000_000
RANDOM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=60)


def test_floors_first_and_then_the_rest_by_share() -> None:
    classes = {"plain": {"share": 10}, "more": {"share": 30}}
    offices = ((1, "plain", 10**6), (1, "more", 10**6))
    allocation = allocations(World(classes=classes, offices=offices, floor=1_000, default=1_000))[DOWN]

    assert allocation.capacity == 100 * MBIT
    assert guarantees(allocation) == {DEFAULT: MBIT, leaf(1): 25_250_000, leaf(2): 73_750_000}
    assert [allocation.guarantee(key) for key in ("office1", "office2")] == [25_250_000, 73_750_000]


def test_headroom_is_kept_off_the_contract_and_the_rate_falls_on_a_step() -> None:
    assert allocations(World(uplinks={"main": 1_999_999}, headroom=3))[DOWN].capacity == 1_939_000_000
    assert allocations(World(uplinks={"main": 20_001}, headroom=3))[DOWN].capacity == 19_400_000


@pytest.mark.parametrize(("contracted", "kept"), [(50_000, MBIT), (49_999, 128_000)])
def test_the_default_class_is_smaller_on_a_small_uplink_and_never_borrows(contracted: int, kept: int) -> None:
    default = allocations(World(uplinks={"main": contracted}))[DOWN].queues[DEFAULT]
    assert (default.guarantee, default.ceiling, default.parent) == (kept, kept, ROOT)


def test_a_share_of_nothing_leaves_the_floor_only() -> None:
    classes = {"plain": {"share": 0}, "more": {"share": 1}}
    offices = ((1, "plain", 10**6), (1, "more", 10**6))
    assert guarantees(allocations(World(classes=classes, offices=offices, floor=700))[DOWN])[leaf(1)] == 700_000


def test_a_hub_and_an_access_link_are_nodes_only_where_they_bind() -> None:
    world = World(hubs=(40_000, 10**6), offices=((1, "plain", 50_000), (1, "plain", 30_000), (2, "plain", 99_999)))
    queues = allocations(world)[DOWN].queues

    assert {node: queue.ceiling for node, queue in queues.items() if not node.is_leaf} == {
        ROOT: 100 * MBIT,
        hub(1): 40 * MBIT,
        office(2): 30 * MBIT,
        office(3): 99_999_000,
    }
    assert {node: queue.parent for node, queue in queues.items() if node.is_leaf} == {
        DEFAULT: ROOT,
        leaf(1): hub(1),
        leaf(2): office(2),
        leaf(3): office(3),
    }
    assert (queues[office(2)].parent, queues[office(3)].parent) == (hub(1), ROOT)
    assert [queues[leaf(number)].guarantee for number in (1, 2, 3)] == [20 * MBIT, 20 * MBIT, 59 * MBIT]


def test_what_a_ceiling_keeps_from_some_goes_to_the_others() -> None:
    world = World(hubs=(20_000, 10**6), offices=((1, "plain", 10**6), (2, "plain", 10**6)), default=1_000)
    assert guarantees(allocations(world)[DOWN]) == {DEFAULT: MBIT, leaf(1): 20 * MBIT, leaf(2): 79 * MBIT}


def test_two_uplinks_share_a_link_in_proportion_to_their_contracts() -> None:
    world = World(uplinks={"main": 90_000, "other": 10_000}, hubs=(50_000,))
    found = allocations(world)
    ceilings = {shaper.uplink: found[shaper].queues[hub(1)].ceiling for shaper in found}
    assert ceilings == {"main": 45 * MBIT, "other": 5 * MBIT}


def test_every_field_of_a_queue_follows_from_its_numbers() -> None:
    classes: dict[str, dict[str, object]] = {
        "plain": {"share": 10, "weight": 7, "priority": 2},
        "kept": {"share": 10, "weight": 2, "spare": "none"},
    }
    reserve = {"application": "app2", "uplink": "main", "rate": "1 Mbit/s", "weight": 3, "priority": 5}
    world = World(classes=classes, offices=((1, "plain", 10**6), (1, "kept", 10**6)), reserves=[reserve], hubs=(60_000,))
    queues = allocations(world)[DOWN].queues

    assert queues[ROOT] == Queue(
        node=ROOT,
        parent=None,
        guarantee=100 * MBIT,
        ceiling=100 * MBIT,
        priority=3,
        quantum=60_000,
        burst=15_140,
        ceiling_burst=15_140,
    )
    assert (queues[hub(1)].guarantee, queues[hub(1)].quantum, queues[hub(1)].buffer) == (8_000, 60_000, None)
    # A round of turns: 4 and 3 of the plain office, 1 and 3 of the other.
    assert (queues[hub(1)].burst, queues[hub(1)].ceiling_burst) == (15_140, 11 * 1514)
    rest = queues[leaf(1)]
    assert (rest.ceiling, rest.priority, rest.quantum, rest.burst, rest.ceiling_burst) == (60 * MBIT, 2, 4 * 1514, 15_140, 15_140)
    assert rest.buffer == rest.guarantee * 50 // 8000
    reserved = queues[leaf(1, 2)]
    assert (reserved.guarantee, reserved.priority, reserved.quantum, reserved.buffer) == (500_000, 5, 3 * 1514, 6 * 1514)
    assert queues[leaf(2)].ceiling == queues[leaf(2)].guarantee
    assert queues[leaf(2, 2)].ceiling == 500_000
    assert queues[leaf(2)].quantum == 1514


def test_rules_name_the_office_and_for_a_reserve_the_other_side() -> None:
    reserve = {"application": "app2", "uplink": "main", "rate": "1 Mbit/s"}
    rules = allocations(World(offices=((1, "plain", 10**6),), reserves=[reserve]))[DOWN].rules
    lan, remote = IPv4Network("100.64.1.0/24"), IPv4Network("198.18.2.0/24")
    assert rules == {Rule(lan, None, leaf(1)), Rule(lan, remote, leaf(1, 2))}


def test_the_parts_of_a_reserve_add_up_to_it() -> None:
    reserve = {"application": "app1", "uplink": "main", "rate": "30 Mbit/s"}
    queues = allocations(World(offices=[(1, "plain", 10**6)] * 38, reserves=[reserve]))[DOWN].queues
    parts = [queues[leaf(number, 1)].guarantee for number in range(1, 39)]
    assert sum(parts) == 30 * MBIT
    assert parts == [789_480] * 8 + [789_472] * 30, "ties by id"


def test_a_part_of_nothing_is_still_a_queue() -> None:
    classes = {"plain": {"share": 0}, "more": {"share": 1}}
    reserve = {"application": "app1", "uplink": "main", "rate": "1 Mbit/s", "divide": "by_share"}
    world = World(classes=classes, offices=((1, "plain", 10**6), (1, "more", 10**6)), reserves=[reserve])
    queues = allocations(world)[DOWN].queues
    assert (queues[leaf(1, 1)].guarantee, queues[leaf(2, 1)].guarantee) == (8_000, 1_000_000)


def test_floors_that_do_not_fit_are_refused_by_the_node_they_do_not_fit_under() -> None:
    for world, node in ((World(floor=50_000), "main/down"), (World(floor=5_000, hubs=(9_000,)), "main/down hub1")):
        with pytest.raises(Refused) as refused:
            allocations(world)
        assert refused.value.code == "fill.guarantees_above_ceiling"
        assert refused.value.fields["node"] == node


def test_an_uplink_that_the_default_class_uses_up_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        allocations(World(uplinks={"main": 1_000}, default=1_000))
    assert refused.value.code == "allocate.no_room"


@RANDOM
@given(worlds(), st.sets(st.sampled_from(["one", "two"])))
def test_sums_floors_and_steps_hold_whatever_the_policy(world: World, windows: set[str]) -> None:
    try:
        found, usual = allocations(world, windows=windows), allocations(world)
    except Refused:
        reject()
    for shaper, allocation in found.items():
        queues = allocation.queues
        assert [(node, queue.parent) for node, queue in usual[shaper].queues.items()] == [
            (node, queue.parent) for node, queue in queues.items()
        ], "a window moves nothing"
        for node, queue in queues.items():
            assert queue.guarantee <= queue.ceiling
            assert LINUX_TC.steps.floor(queue.guarantee) == queue.guarantee
            assert LINUX_TC.steps.floor(queue.ceiling) == queue.ceiling
            assert queue.parent is None or queue.ceiling <= queues[queue.parent].ceiling
            assert sum(queues[each].guarantee for each in under(queues, node)) <= queue.ceiling
        for number, _ in enumerate(world.offices, 1):
            assert queues[leaf(number)].guarantee >= world.floor * 1000


@RANDOM
@given(worlds(), st.randoms(use_true_random=False))
def test_numbers_do_not_depend_on_the_order_in_which_things_are_written(world: World, chance: object) -> None:
    regency = world.regency()
    shuffled = list(regency.offices)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    other = regency.model_copy(update={"offices": tuple(shuffled), "windows": tuple(reversed(regency.windows))})
    try:
        found = allocate(regency, intend(regency, NOW))
    except Refused:
        reject()
    for shaper, allocation in allocate(other, intend(other, NOW)).items():
        assert dict(allocation.queues) == dict(found[shaper].queues)
        assert allocation.rules == found[shaper].rules


# ------------------------------------------------------------------------------------------------------------ prediction


def test_idle_guarantees_are_lent_by_weight() -> None:
    classes = {"plain": {"share": 10, "weight": 1}, "heavy": {"share": 10, "weight": 3}}
    world = World(classes=classes, offices=((1, "plain", 10**6), (1, "heavy", 10**6), (1, "plain", 10**6)), default=1_000)
    allocation = allocations(world)[DOWN]
    rates = predict(allocation, {leaf(1): 10**9, leaf(2): 10**9})

    assert (rates[leaf(1)], rates[leaf(2)], rates[leaf(3)], rates[DEFAULT]) == (41_500_000, 58_500_000, 0, 0)
    assert (rates[office(1)], rates[hub(1)], rates[ROOT]) == (41_500_000, 100 * MBIT, 100 * MBIT)


def test_the_spare_goes_by_priority_first_and_ceilings_hold() -> None:
    classes: dict[str, dict[str, object]] = {
        "plain": {"share": 10, "priority": 3},
        "first": {"share": 10, "priority": 1},
        "kept": {"share": 10, "spare": "none"},
    }
    offices = ((1, "plain", 10**6), (1, "first", 60_000), (1, "kept", 10**6))
    allocation = allocations(World(classes=classes, offices=offices, default=1_000))[DOWN]
    rates = predict(allocation, {leaf(1): 10**9, leaf(2): 10**9, leaf(3): 10**9})
    assert (rates[leaf(1)], rates[leaf(2)], rates[leaf(3)]) == (33 * MBIT, 34 * MBIT, 33 * MBIT)
    alone = predict(allocation, {leaf(2): 10**9, leaf(3): 10**9})
    assert (alone[leaf(2)], alone[leaf(3)]) == (60 * MBIT, 33 * MBIT)


@RANDOM
@given(worlds(), st.data())
def test_every_leaf_has_its_guarantee_whatever_the_others_want(world: World, data: st.DataObject) -> None:
    try:
        found = allocations(world)
    except Refused:
        reject()
    for allocation in found.values():
        leaves = guarantees(allocation)
        some = data.draw(st.sets(st.sampled_from(sorted(leaves))))
        demand = {node: data.draw(st.integers(0, 3 * 10**9)) for node in sorted(some)}
        for rates in (predict(allocation, demand), predict(allocation)):
            for node, queue in allocation.queues.items():
                assert sum(rates[each] for each in under(allocation.queues, node)) <= queue.ceiling
            assert rates[ROOT] == sum(rates[node] for node in leaves)
            assert rates[ROOT] == rates[DEFAULT] + sum(rates[hub(n)] for n in {each for each, _, _ in world.offices})
        rates = predict(allocation, demand)
        for node, guarantee in leaves.items():
            wanted = demand.get(node, 0)
            assert rates[node] >= LINUX_TC.steps.floor(min(wanted, guarantee))
            assert rates[node] <= wanted
