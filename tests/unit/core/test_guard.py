"""What the guard lets pass, and what it says when it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from inventory.units import Bandwidth, Direction
from network.core import guard
from network.core.allocate import Allocation, allocate
from network.core.guard import Overrun, overruns
from network.core.intent import Intent, intend
from network.core.observed import DeviceState, ShaperState
from network.core.plan import Phase, Plan, QueueStep, ShaperStep, make_plan
from network.core.tree import ROOT, ShaperId, hub, leaf
from network.errors import LajurError, Refused
from network.messages import Language, text
from tests.unit.core.worlds import NOW, Counted, World, standing, window, wished

DOWN = ShaperId(1, "main", Direction.DOWN)
LANGUAGES: tuple[Language, ...] = ("id", "en")
CLASSES = {"plain": {"share": 10}, "safe": {"share": 10, "protected": True}}
OFFICES = ((1, "plain", 1_000_000), (1, "safe", 1_000_000))


def asked(
    world: World, now: Counted, *windows: str, at: datetime = NOW
) -> tuple[Intent, dict[ShaperId, Allocation], Plan, dict[str, DeviceState]]:
    regency = world.regency()
    intent = intend(regency, at, windows=frozenset(windows))
    allocations = allocate(regency, intent)
    states = now.states()
    return intent, allocations, make_plan(states, wished(allocations)), states


def refusal(
    world: World,
    intent: Intent,
    allocations: Mapping[ShaperId, Allocation],
    plan: Plan,
    states: Mapping[str, DeviceState],
) -> list[LajurError]:
    """The guard's reasons, each of which can be told in both languages."""
    with pytest.raises(Refused) as refused:
        guard.check(world.regency(), intent, allocations, plan, states)
    assert refused.value.code == "guard.refused"
    found = refused.value.fields["reasons"]
    assert isinstance(found, tuple)
    for language in LANGUAGES:
        told = text(refused.value.code, language, refused.value.fields)
        assert all(text(reason.code, language, reason.fields) in told for reason in found)
    return list(found)


def reasons(world: World, now: Counted, *windows: str, at: datetime = NOW) -> list[LajurError]:
    return refusal(world, *asked(world, now, *windows, at=at))


def held(world: World, *windows: str) -> Counted:
    return standing(asked(world, Counted(), *windows)[1])


def test_a_first_set_up_and_a_modest_window_pass() -> None:
    world = World(classes=CLASSES, offices=OFFICES, largest_move=30, windows=[window("w", classes={"plain": {"share": 8}})])
    guard.check(world.regency(), *asked(world, Counted()))
    guard.check(world.regency(), *asked(world, held(world), "w"))


def test_a_protected_office_that_would_lose_is_named_with_the_cause() -> None:
    world = World(classes=CLASSES, offices=OFFICES, windows=[window("w", classes={"plain": {"share": 30}})])
    down, up = reasons(world, held(world), "w")

    assert (down.code, down.fields["shaper"], up.fields["shaper"]) == ("guard.protected", "main/down", "main/up")
    assert (down.fields["office"], down.fields["cause"]) == ("office2", "w")
    assert (down.fields["base"], down.fields["guarantee"]) == (49_500_000, 24_800_000)
    assert down.fields["missing"] == Bandwidth(24_700_000)


def test_a_protected_office_may_trade_its_rest_for_its_part_of_a_reserve() -> None:
    reserve = {"application": "app1", "uplink": "main", "rate": "2 Mbit/s"}
    bigger = window("w", reserves=[{**reserve, "rate": "40 Mbit/s"}])
    world = World(classes=CLASSES, offices=OFFICES, reserves=[reserve], windows=[bigger])
    guard.check(world.regency(), *asked(world, held(world), "w"))


def test_one_step_of_rounding_is_not_a_loss() -> None:
    world = World(
        classes=CLASSES, offices=(*OFFICES, (1, "safe", 1_000_000)), windows=[window("w", offices={"office1": {"weight": 2}})]
    )
    intent, allocations, plan, states = asked(world, held(world), "w")
    allocation = allocations[DOWN]
    queue = allocation.queues[leaf(2)]

    def with_less(bits: int) -> dict[ShaperId, Allocation]:
        queues = {**allocation.queues, leaf(2): replace(queue, guarantee=queue.guarantee - bits)}
        return {**allocations, DOWN: replace(allocation, queues=queues)}

    guard.check(world.regency(), intent, with_less(1_000), plan, states)
    with pytest.raises(Refused):
        guard.check(world.regency(), intent, with_less(2_000), plan, states)


def test_an_office_below_its_floor_is_named() -> None:
    world = World()
    intent, allocations, plan, states = asked(world, Counted())
    allocation = allocations[DOWN]
    poor = {**allocation.queues, leaf(1): replace(allocation.queues[leaf(1)], guarantee=99_000)}
    (reason,) = refusal(world, intent, {**allocations, DOWN: replace(allocation, queues=poor)}, plan, states)
    assert (reason.code, reason.fields["office"], reason.fields["floor"]) == ("guard.below_floor", "office1", 100_000)


@pytest.mark.parametrize(("largest", "passes"), [(25, True), (24, False)])
def test_the_largest_move_of_one_run_is_a_part_of_the_shaped_rate(largest: int, passes: bool) -> None:
    change = window("w", offices={"office1": {"share": 30}})
    world = World(largest_move=largest, windows=[change])
    if passes:
        guard.check(world.regency(), *asked(world, held(world), "w"))
        return
    found = reasons(world, held(world), "w")
    assert {reason.code for reason in found} == {"guard.largest_move"}
    assert (found[0].fields["moved"], found[0].fields["percent"], found[0].fields["largest"]) == (24_700_000, 25, 24)


@pytest.mark.parametrize(
    ("at", "passes"),
    [
        (datetime(2025, 12, 31, 14, 59, tzinfo=UTC), False),  # 23:59 in Jayapura, on the last day before
        (datetime(2025, 12, 31, 15, 0, tzinfo=UTC), True),
        (datetime(2027, 12, 31, 14, 59, tzinfo=UTC), True),
        (datetime(2027, 12, 31, 15, 0, tzinfo=UTC), False),
    ],
)
def test_a_contract_counts_in_the_regency_s_own_days(at: datetime, passes: bool) -> None:
    if passes:
        guard.check(World().regency(), *asked(World(), Counted(), at=at))
        return
    (reason,) = reasons(World(), Counted(), at=at)
    assert (reason.code, reason.fields["uplink"]) == ("guard.contract", "main")


def test_where_nothing_changes_an_ended_contract_stops_nobody() -> None:
    guard.check(World().regency(), *asked(World(), held(World()), at=datetime(2031, 1, 1, tzinfo=UTC)))


def test_a_root_that_is_not_ours_is_not_built_upon() -> None:
    world = World()
    intent, allocations, _, _ = asked(world, Counted())
    strange = ShaperState(queues={}, rules=frozenset(), complete=False, foreign=("qdisc tbf 8001: root",))
    states = {"core": DeviceState(shapers={DOWN: strange})}
    (reason,) = refusal(world, intent, allocations, make_plan(states, wished(allocations)), states)
    assert (reason.code, reason.fields["foreign"]) == ("guard.foreign", "qdisc tbf 8001: root")


def test_all_reasons_are_told_at_once() -> None:
    world = World(classes=CLASSES, offices=OFFICES, largest_move=5, windows=[window("w", classes={"plain": {"share": 30}})])
    found = reasons(world, held(world), "w", at=datetime(2031, 1, 1, tzinfo=UTC))
    assert [reason.code for reason in found] == [
        "guard.protected",
        "guard.protected",
        "guard.largest_move",
        "guard.largest_move",
        "guard.contract",
    ]


# ------------------------------------------------------------------------------------------------------------- prefixes


def step(before: int, after: int, number: int, world: World) -> QueueStep:
    queue = allocate(world.regency(), intend(world.regency(), NOW))[DOWN].queues[leaf(number)]
    changed = replace(queue, guarantee=before), replace(queue, guarantee=after)
    return QueueStep(device="core", shaper=DOWN, phase=Phase.RAISE, before=changed[0], after=changed[1])


def test_the_first_step_that_passes_a_ceiling_is_found_at_every_level() -> None:
    world = World(hubs=(60_000,))
    states = held(world).states()
    up, too_far = step(30_000_000, 30_500_000, 1, world), step(30_000_000, 90_000_000, 2, world)
    found = list(overruns(states, (step(30_000_000, 20_000_000, 2, world), up, too_far)))

    assert found == [
        Overrun(step=2, shaper=DOWN, node=leaf(2), guarantees=90_000_000, ceiling=60_000_000),
        Overrun(step=2, shaper=DOWN, node=hub(1), guarantees=120_500_000, ceiling=60_000_000),
        Overrun(step=2, shaper=DOWN, node=ROOT, guarantees=121_500_000, ceiling=100_000_000),
    ]


def test_what_was_oversubscribed_before_may_stay_so_but_not_grow() -> None:
    world = World(hubs=(60_000,))
    now = held(world)
    queues = now.queues["core", DOWN]
    queues[leaf(2)] = replace(queues[leaf(2)], guarantee=40_000_000)
    assert list(overruns(now.states(), (step(30_000_000, 29_000_000, 1, world), step(29_000_000, 30_000_000, 1, world)))) == []
    (found,) = overruns(now.states(), (step(30_000_000, 30_001_000, 1, world),))
    assert (found.node, found.guarantees) == (hub(1), 70_001_000)


def test_a_detached_shaper_has_nothing_to_oversubscribe() -> None:
    world = World()
    gone = ShaperStep(device="core", shaper=DOWN, phase=Phase.LOWER, attach=False)
    plan = asked(world, Counted())[2]
    assert list(overruns(held(world).states(), (gone, *(each for each in plan.steps if each.shaper == DOWN)))) == []


def test_the_guard_refuses_a_plan_whose_order_is_wrong() -> None:
    world = World(windows=[window("w", offices={"office1": {"share": 30}})])
    intent, allocations, plan, states = asked(world, held(world), "w")
    turned = replace(plan, steps=tuple(reversed(plan.steps)))
    (reason,) = refusal(world, intent, allocations, turned, states)
    assert (reason.code, reason.fields["step"], reason.fields["node"]) == ("guard.oversubscribed", 1, "uplink")


@pytest.mark.parametrize("emergency", [False, True])
def test_an_emergency_lifts_what_protects_and_nothing_else(emergency: bool) -> None:
    change = window("w", classes={"plain": {"share": 30}}, emergency=emergency)
    world = World(classes=CLASSES, offices=OFFICES, windows=[change], largest_move=100 if emergency else 1)
    if emergency:
        guard.check(world.regency(), *asked(world, held(world), "w"))
        tight = replace(world, largest_move=1)
        assert {each.code for each in reasons(tight, held(tight), "w")} == {"guard.largest_move"}
    else:
        assert {each.code for each in reasons(world, held(world), "w")} == {"guard.protected", "guard.largest_move"}
