"""From wishes to numbers: guarantees, queues, boosts, prediction, and the shipped regency's computed tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, reject, settings
from hypothesis import strategies as st

from inventory.load import SHIPPED, load_regency
from inventory.model import Rates
from inventory.regency import Regency
from inventory.units import Bandwidth, Direction
from network.core.allocate import Allocation, allocate, base, predict
from network.core.intent import Boost, intend
from network.core.observed import Queue, Rule
from network.core.sharing import LINUX_TC
from network.core.tree import DEFAULT, ROOT, NodeId, ShaperId, hub, leaf, office
from network.errors import Refused
from tests.unit.core.worlds import NOW, World, window, worlds

DOWN = ShaperId(1, "main", Direction.DOWN)
MBIT = 1_000_000
RANDOM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=60)


def allocations(world: World, *boosts: Boost, windows: frozenset[str] = frozenset()) -> dict[ShaperId, Allocation]:
    regency = world.regency()
    return allocate(regency, intend(regency, NOW, boosts, windows=windows))


def guarantees(allocation: Allocation) -> dict[NodeId, int]:
    return {node: queue.guarantee for node, queue in allocation.queues.items() if node.is_leaf}


def under(queues: Mapping[NodeId, Queue], node: NodeId) -> list[NodeId]:
    """The leaves below a node."""
    found = []
    for each in queues:
        above: NodeId | None = each
        while above is not None and above != node:
            above = queues[above].parent
        if each.is_leaf and above == node:
            found.append(each)
    return found


# ----------------------------------------------------------------------------------------------------------- the numbers


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
    classes = {"plain": {"share": 10, "weight": 7, "priority": 2}, "kept": {"share": 10, "weight": 2, "spare": "none"}}
    reserve = {"application": "app2", "uplink": "main", "rate": "1 Mbit/s", "weight": 3, "priority": 5}
    world = World(classes=classes, offices=((1, "plain", 10**6), (1, "kept", 10**6)), reserves=[reserve], hubs=(60_000,))
    queues = allocations(world)[DOWN].queues

    assert queues[ROOT] == Queue(
        node=ROOT, parent=None, guarantee=100 * MBIT, ceiling=100 * MBIT, priority=3, quantum=60_000, burst=15_140
    )
    assert (queues[hub(1)].guarantee, queues[hub(1)].quantum, queues[hub(1)].buffer) == (8_000, 60_000, None)
    rest = queues[leaf(1)]
    assert (rest.ceiling, rest.priority, rest.quantum, rest.burst) == (60 * MBIT, 2, 4 * 1514, 15_140)
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
        found, usual = allocations(world, windows=frozenset(windows)), allocations(world)
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


# ---------------------------------------------------------------------------------------------------------------- boosts


def boost(*offices: str, mbit: float = 5, uplink: str | None = None, id: str = "b", minutes: int = 0) -> Boost:
    created = NOW - timedelta(minutes=minutes)
    amount = Rates(down=Bandwidth(round(mbit * MBIT)), up=Bandwidth(0))
    end = NOW + timedelta(hours=1)
    return Boost(id=id, offices=offices, uplink=uplink, amount=amount, reason="r", created=created, expires=end, actor="a")


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
    usual = guarantees(allocations(world, windows=frozenset({"w"}))[DOWN])
    after = guarantees(allocations(world, boost("office1"), windows=frozenset({"w"}))[DOWN])

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


# ------------------------------------------------------------------------------------------------------------ prediction


def test_idle_guarantees_are_lent_by_weight() -> None:
    classes = {"plain": {"share": 10, "weight": 1}, "heavy": {"share": 10, "weight": 3}}
    world = World(classes=classes, offices=((1, "plain", 10**6), (1, "heavy", 10**6), (1, "plain", 10**6)), default=1_000)
    allocation = allocations(world)[DOWN]
    rates = predict(allocation, {leaf(1): 10**9, leaf(2): 10**9})

    assert (rates[leaf(1)], rates[leaf(2)], rates[leaf(3)], rates[DEFAULT]) == (41_500_000, 58_500_000, 0, 0)
    assert (rates[office(1)], rates[hub(1)], rates[ROOT]) == (41_500_000, 100 * MBIT, 100 * MBIT)


def test_the_spare_goes_by_priority_first_and_ceilings_hold() -> None:
    classes = {
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


# --------------------------------------------------------------------------------------------- the shipped regency's tables

GOLDEN = Path(__file__).parents[2] / "golden" / "allocation"
TABLES = {"base": frozenset[str](), "rka-skpd": frozenset({"rka-skpd"})}


def table(regency: Regency, windows: frozenset[str]) -> str:
    """A line an office, uplink and direction, and their sums; as CSV."""
    intent = intend(regency, NOW, windows=windows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("uplink", "direction", "office", "class", "floor", "reserve", "guarantee", "ceiling", "weight"))
    for shaper, allocation in allocate(regency, intent).items():
        writer.writerows(_lines(regency, shaper, allocation))
    return out.getvalue()


def _lines(regency: Regency, shaper: ShaperId, allocation: Allocation) -> Iterator[tuple[object, ...]]:
    head = (shaper.uplink, shaper.direction.value)
    floor = regency.policy.floors[shaper.uplink].of(shaper.direction)
    reserved = 0
    for each in regency.offices:
        rest, *parts = (allocation.queues[node] for node in allocation.leaves[each.key])
        reserve = sum(part.guarantee for part in parts)
        reserved += reserve
        weight = sum(queue.quantum // LINUX_TC.quantum for queue in (rest, *parts))
        numbers = (floor, Bandwidth(reserve), Bandwidth(allocation.guarantee(each.key)), Bandwidth(rest.ceiling), weight)
        yield (*head, each.key, each.service_class, *numbers)
    default = allocation.queues[DEFAULT].guarantee
    given = sum(allocation.guarantee(each.key) for each in regency.offices)
    yield (*head, "(default)", "", "", "", Bandwidth(default), Bandwidth(default), "")
    yield (*head, "(sum)", "", floor * len(regency.offices), Bandwidth(reserved), Bandwidth(given + default), "", "")
    yield (*head, "(shaped)", "", "", "", "", Bandwidth(allocation.capacity), "")


@pytest.fixture(scope="module")
def manokwari() -> Regency:
    return load_regency(SHIPPED / "manokwari")


@pytest.mark.parametrize("name", TABLES)
def test_the_computed_table_of_manokwari_is_the_golden_one(manokwari: Regency, name: str) -> None:
    """Written anew by `python -m tests.unit.core.test_allocate` after the truth or the law was changed on purpose."""
    golden = (GOLDEN / f"manokwari-{name}.csv").read_text("utf-8")
    assert table(manokwari, TABLES[name]).splitlines() == golden.splitlines()


def test_manokwari_s_guarantees_fill_the_uplinks_and_no_more(manokwari: Regency) -> None:
    for windows in TABLES.values():
        for shaper, allocation in allocate(manokwari, intend(manokwari, NOW, windows=windows)).items():
            given = sum(guarantees(allocation).values())
            contracted = manokwari.uplink(shaper.uplink).rate.of(shaper.direction)
            assert allocation.capacity == contracted * 97 // 100
            assert 0 <= allocation.capacity - given < 1_000, "less than a step is left"


def test_manokwari_s_public_service_comes_first_and_keeps_what_it_has(manokwari: Regency) -> None:
    kinds = {each.key: each.service_class for each in manokwari.offices}
    intent = intend(manokwari, NOW, windows=frozenset({"rka-skpd"}))
    usual, peak = base(manokwari, intent), allocate(manokwari, intent)
    for shaper, allocation in usual.items():
        licensing = allocation.guarantee("dpmptsp")
        others = [allocation.guarantee(key) for key, kind in kinds.items() if kind != "public_service"]
        assert licensing > max(others)
        for key, kind in kinds.items():
            if manokwari.policy.classes[kind].protected:
                assert peak[shaper].guarantee(key) >= allocation.guarantee(key), (key, str(shaper))
        assert peak[shaper].guarantee("bappeda") > allocation.guarantee("bappeda")
    down = ShaperId(1, "domestic", Direction.DOWN)
    reserved = [sum(each[down].queues[leaf(office.id, 3)].guarantee for office in manokwari.offices) for each in (usual, peak)]
    assert reserved == [7_600_000, 30 * MBIT]


if __name__ == "__main__":
    for key, active in TABLES.items():
        (GOLDEN / f"manokwari-{key}.csv").write_text(table(load_regency(SHIPPED / "manokwari"), active), "utf-8")
