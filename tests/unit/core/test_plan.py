"""Plans: what they do, in which order, and that no prefix of them, or of their way back, oversubscribes a ceiling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, event, given, reject, settings
from hypothesis import strategies as st

from inventory.units import Direction
from network.core.allocate import Allocation
from network.core.explain import explain
from network.core.guard import overruns
from network.core.observed import Queue
from network.core.plan import Phase, Plan, QueueStep, RulesStep, ShaperStep, Step, diff, inverse, make_plan, restore
from network.core.tree import DEFAULT, ROOT, NodeId, ShaperId, hub, leaf, office
from network.errors import Refused
from tests.unit.core.worlds import Counted, World, allocations, standing, variants, window, wished, worlds

LONG = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=300)
SHORT = settings(LONG, max_examples=100)
DOWN = ShaperId(1, "main", Direction.DOWN)


def plan_between(now: Counted, then: dict[ShaperId, Allocation], *, detach: bool = False) -> Plan:
    return make_plan(now.states(), wished(then), detach=detach)


def only(plan: Plan, shaper: ShaperId = DOWN) -> list[Step]:
    return [step for step in plan.steps if step.shaper == shaper]


def carried(counted: Counted, steps: Sequence[Step]) -> Counted:
    after = counted.copy()
    for step in steps:
        after.carry(step)
    return after


# ------------------------------------------------------------------------------------------------------ one thing at a time


def test_a_bare_device_is_attached_and_filled_from_the_root_down() -> None:
    steps = only(plan_between(Counted(), allocations(World(hubs=(50_000,)))))

    assert isinstance(steps[0], ShaperStep)
    assert steps[0].attach
    nodes = [step.node for step in steps[1:-1] if isinstance(step, QueueStep)]
    assert nodes == [ROOT, hub(1), DEFAULT, leaf(1), leaf(2)]
    assert isinstance(steps[-1], RulesStep)
    assert [step.phase for step in steps] == [Phase.RAISE] * 6 + [Phase.POINT]


def test_a_device_that_holds_the_wish_needs_nothing() -> None:
    same = allocations(World())
    plan = plan_between(standing(same), same)

    assert plan.steps == ()
    assert plan.hitless


def test_a_window_only_changes_numbers_and_lowers_before_it_raises() -> None:
    world = World(windows=[window("peak", offices={"office1": {"share": 30}})])
    plan = plan_between(standing(allocations(world)), allocations(world, windows=["peak"]))

    assert plan.hitless
    assert [(step.phase, step.node) for step in only(plan) if isinstance(step, QueueStep)] == [
        (Phase.LOWER, leaf(2)),
        (Phase.RAISE, leaf(1)),
    ]
    assert all(isinstance(step, QueueStep) and step.before and step.after for step in plan.steps)
    phases = [step.phase for step in plan.steps]
    assert phases == sorted(phases)


def test_what_one_change_lowers_and_raises_at_once_is_split() -> None:
    before = allocations(World(classes={"plain": {"share": 10, "spare": "lend"}}))
    after = allocations(World(uplinks={"main": 150_000}, classes={"plain": {"share": 10, "spare": "none"}}))
    steps = [step for step in only(plan_between(standing(before), after)) if isinstance(step, QueueStep) and step.node == leaf(1)]

    assert [step.phase for step in steps] == [Phase.LOWER, Phase.RAISE]
    first, last = steps
    assert first.before is not None
    assert first.after is not None
    assert last.after is not None
    assert first.after.ceiling == last.after.ceiling < first.before.ceiling
    assert first.after.guarantee == first.before.guarantee < last.after.guarantee


def test_weight_and_priority_wait_for_the_raise() -> None:
    before = allocations(World(classes={"plain": {"share": 10, "weight": 2, "priority": 3}}))
    after = allocations(World(classes={"plain": {"share": 10, "weight": 4, "priority": 1}}))
    steps = only(plan_between(standing(before), after))

    assert {step.phase for step in steps} == {Phase.RAISE}
    assert {step.node for step in steps if isinstance(step, QueueStep)} == {leaf(1), leaf(2)}


def test_ceilings_are_lowered_from_the_leaves_up_and_raised_from_the_root_down() -> None:
    wide = World(hubs=(90_000,), offices=((1, "plain", 80_000), (1, "plain", 1_000_000)))
    narrow = replace(wide, uplinks={"main": 60_000}, hubs=(50_000,), offices=((1, "plain", 40_000), (1, "plain", 1_000_000)))
    down = [
        step.node for step in only(plan_between(standing(allocations(wide)), allocations(narrow))) if isinstance(step, QueueStep)
    ]
    up = [
        step.node for step in only(plan_between(standing(allocations(narrow)), allocations(wide))) if isinstance(step, QueueStep)
    ]

    assert down == [leaf(1), leaf(2), office(1), hub(1), ROOT]
    assert up == [ROOT, hub(1), office(1), leaf(1), leaf(2)]


def test_burst_and_buffer_may_read_back_a_little_off() -> None:
    same = allocations(World())
    now = standing(same)
    for queues in now.queues.values():
        for node, queue in queues.items():
            buffer = None if queue.buffer is None else queue.buffer + queue.buffer // 100
            queues[node] = replace(queue, burst=queue.burst - 280, ceiling_burst=queue.ceiling_burst - 280, buffer=buffer)
    assert plan_between(now, same).steps == ()

    for queues in now.queues.values():
        queues[leaf(1)] = replace(queues[leaf(1)], burst=14_000)
        queues[leaf(2)] = replace(queues[leaf(2)], ceiling_burst=16_000)
    assert [step.node for step in only(plan_between(now, same)) if isinstance(step, QueueStep)] == [leaf(1), leaf(2)]


def test_what_an_inner_node_shows_as_weight_and_priority_does_not_count() -> None:
    same = allocations(World(hubs=(50_000,)))
    now = standing(same)
    for queues in now.queues.values():
        queues[hub(1)] = replace(queues[hub(1)], priority=0, quantum=1514)
    assert plan_between(now, same).steps == ()


def test_a_missing_leaf_queue_is_set_again_in_place() -> None:
    same = allocations(World())
    now = standing(same)
    for queues in now.queues.values():
        queues[leaf(2)] = replace(queues[leaf(2)], buffer=0)
    steps = only(plan_between(now, same))

    assert [step.node for step in steps if isinstance(step, QueueStep)] == [leaf(2)]
    assert steps[0].phase is Phase.RAISE


def test_a_queue_that_is_not_wished_goes_before_others_get_what_it_had() -> None:
    reserve = {"application": "app1", "uplink": "main", "rate": "10 Mbit/s"}
    before, after = allocations(World(reserves=[reserve])), allocations(World())
    plan = plan_between(standing(before), after)
    steps = only(plan)

    assert isinstance(steps[0], RulesStep)
    assert steps[0].phase is Phase.LOWER
    assert steps[0].after == after[DOWN].rules
    assert [step.node for step in steps if isinstance(step, QueueStep) and step.after is None] == [leaf(1, 1), leaf(2, 1)]
    assert [reason.code for reason in plan.hits] == ["plan.removes", "plan.removes"]


def test_a_move_is_removal_and_creation_and_says_that_it_is_not_hitless() -> None:
    before, after = allocations(World()), allocations(World(hubs=(50_000,)))
    plan = plan_between(standing(before), after)
    kinds = [
        (step.phase, "rules" if isinstance(step, RulesStep) else str(step.node) + ("" if step.after else " gone"))
        for step in only(plan)
        if not isinstance(step, ShaperStep)
    ]

    assert kinds == [
        (Phase.LOWER, "rules"),
        (Phase.LOWER, "leaf:1 gone"),
        (Phase.LOWER, "leaf:2 gone"),
        (Phase.RAISE, "hub:1"),
        (Phase.RAISE, "leaf:1"),
        (Phase.RAISE, "leaf:2"),
        (Phase.POINT, "rules"),
    ]
    assert not plan.hitless
    assert {reason.code for reason in plan.hits} == {"plan.moves"}


def test_what_hangs_on_a_moved_node_moves_with_it() -> None:
    offices = ((1, "plain", 20_000), (1, "plain", 1_000_000))
    before, after = allocations(World(offices=offices)), allocations(World(offices=offices, hubs=(50_000,)))
    plan = plan_between(standing(before), after)
    gone = [step.node for step in only(plan) if isinstance(step, QueueStep) and step.after is None]

    assert gone == [leaf(1), leaf(2), office(1)]
    assert carried(standing(before), plan.steps).states()["core"].shapers[DOWN].queues == after[DOWN].queues


def test_foreign_things_are_reported_and_left_alone() -> None:
    same = allocations(World())
    state = standing(same).states()["core"]
    strange = replace(state.shapers[DOWN], foreign=("class htb 1:7",))
    plan = make_plan({"core": replace(state, shapers={**state.shapers, DOWN: strange})}, wished(same))

    assert plan.steps == ()
    assert plan.foreign == {DOWN: ("class htb 1:7",)}


def test_an_incomplete_shaper_is_attached_again_and_stays_whole_on_the_way_back() -> None:
    same = allocations(World())
    now = standing(same)
    now.incomplete.add(("core", DOWN))
    plan = plan_between(now, same)

    assert [(type(step), step.shaper) for step in plan.steps] == [(ShaperStep, DOWN)]
    assert [reason.code for reason in plan.hits] == ["plan.attaches_again"]
    assert restore(plan) == ()


def test_a_shaper_that_nobody_wishes_stays_unless_asked_away() -> None:
    same = allocations(World())
    now = standing(same)
    rest = {"core": {shaper: state for shaper, state in wished(same)["core"].items() if shaper != DOWN}}

    assert make_plan(now.states(), rest).steps == ()
    plan = make_plan(now.states(), rest, detach=True)
    assert carried(now, plan.steps).queues.keys() == {place for place in now.queues if place[1] != DOWN}
    assert plan.steps[-1] == ShaperStep(device="core", shaper=DOWN, phase=Phase.LOWER, attach=False)


def test_diff_of_one_shaper_is_the_plan_of_it() -> None:
    before, after = allocations(World()), allocations(World(uplinks={"main": 50_000}))
    plan = plan_between(standing(before), after)
    state = standing(before).states()["core"].shapers[DOWN]

    assert list(diff("core", DOWN, state, after[DOWN].desired)) == only(plan)
    assert diff("core", DOWN, None, None) == ()


@pytest.mark.parametrize("windows", [(), ("peak",)])
def test_the_rows_of_a_plan_say_who_has_what_now_and_next_and_why(windows: tuple[str, ...]) -> None:
    world = World(windows=[window("peak", offices={"office1": {"share": 30}})])
    now, then = standing(allocations(world)), allocations(world, windows=windows)
    rows = explain(plan_between(now, then), now.states(), then)

    if not windows:
        assert rows == ()
        return
    assert [(row.office, row.direction) for row in rows] == [
        (key, direction) for direction in Direction for key in ("office1", "office2")
    ]
    gains, gives = rows[0], rows[1]
    assert gains.why.code == "why.window"
    assert gains.why.fields == {"window": "peak", "share": 30, "usual": 10}
    assert gives.why.code == "why.others"
    assert gains.next - gains.now == gives.now - gives.next > 0


def test_an_office_that_left_the_truth_is_in_the_rows() -> None:
    before, after = allocations(World()), allocations(World(offices=((1, "plain", 1_000_000),)))
    now = standing(before)
    rows = explain(plan_between(now, after), now.states(), after)

    gone = [row for row in rows if row.office == "#2" and row.direction is Direction.DOWN]
    assert [(row.next, row.why.code) for row in gone] == [(0, "why.gone")]
    assert gone[0].now == before[DOWN].guarantee("office2")


# ------------------------------------------------------------------------------------------------------- any plan whatever


@st.composite
def journeys(draw: st.DrawFn) -> tuple[Counted, dict[ShaperId, Allocation]]:
    """Devices in some state, and what they are to be carried to.

    The state is bare, or holds one allocation, or is what a run from one allocation to another left behind when it was
    cut after any step; on top of that somebody may have changed numbers by hand.
    """
    world = draw(worlds())
    later = draw(variants(world))
    try:
        first, second = allocations(world, windows=draw(st.sets(st.sampled_from(["one", "two"])))), allocations(later)
        last = allocations(world, windows=draw(st.sets(st.sampled_from(["one", "two"])))) if draw(st.booleans()) else second
    except Refused:
        reject()
    now = Counted() if draw(st.integers(0, 5)) == 0 else standing(first)
    half = plan_between(now, second).steps
    now = carried(now, half[: draw(st.integers(0, len(half)))])
    if draw(st.booleans()):
        _meddle(draw, now)
    return now, last


def _meddle(draw: st.DrawFn, now: Counted) -> None:
    for place, queues in now.queues.items():
        for node in draw(st.sets(st.sampled_from(sorted(queues)), max_size=3)) if queues else ():
            changed: Queue = queues[node]
            factor = draw(st.sampled_from([0.3, 0.98, 1.02, 2]))
            if node.is_leaf:
                changed = replace(
                    changed, guarantee=max(8, int(changed.guarantee * factor)), quantum=draw(st.integers(1514, 9999))
                )
            queues[node] = replace(
                changed, ceiling=max(8, int(changed.ceiling * draw(st.sampled_from([0.5, 1, 3])))), burst=1600, ceiling_burst=1600
            )
        if draw(st.integers(0, 4)) == 0:
            now.incomplete.add(place)


def carry_safely(walking: Counted, steps: Sequence[Step], start: Counted, *, tolerant: bool = False) -> None:
    """Carry out the steps; after each of them no ceiling is oversubscribed, or not by more than it was at the start."""
    for step in steps:
        walking.carry(step, tolerant=tolerant)
        allowed = start.excess(step.device, step.shaper)
        for node, excess in walking.excess(step.device, step.shaper).items():
            assert excess <= allowed.get(node, 0), f"{node} after {step}"


@LONG
@given(journeys())
def test_no_prefix_of_a_plan_oversubscribes_any_ceiling(journey: tuple[Counted, dict[ShaperId, Allocation]]) -> None:
    now, then = journey
    plan = plan_between(now, then)
    event(f"moves or removes: {any(reason.code in ('plan.moves', 'plan.removes') for reason in plan.hits)}")
    event(f"oversubscribed at the start: {any(now.excess(*place) for place in now.queues)}")
    walking = now.copy()
    carry_safely(walking, plan.steps, now)
    assert list(overruns(now.states(), plan.steps)) == []

    assert plan_between(walking, then).steps == (), "the second plan is not empty"
    shown = walking.states()["core"].shapers
    for shaper, allocation in then.items():
        assert shown[shaper].rules == allocation.rules
        assert shown[shaper].queues.keys() == allocation.queues.keys()
        assert shown[shaper].complete
        assert not walking.excess("core", shaper)


@LONG
@given(journeys())
def test_the_way_back_from_every_prefix_is_as_safe_and_ends_where_it_began(
    journey: tuple[Counted, dict[ShaperId, Allocation]],
) -> None:
    now, then = journey
    plan = plan_between(now, then)
    back = restore(plan)
    reached = now.copy()
    stride = 1 + len(plan.steps) // 40
    for done in range(len(plan.steps) + 1):
        if done % stride == 0 or done == len(plan.steps):
            walking = reached.copy()
            carry_safely(walking, back, now, tolerant=True)
            assert walking.queues == now.queues
            assert walking.rules == now.rules
        if done < len(plan.steps):
            reached.carry(plan.steps[done])


@SHORT
@given(journeys())
def test_going_back_by_planning_from_what_is_observed_is_safe_too(journey: tuple[Counted, dict[ShaperId, Allocation]]) -> None:
    now, then = journey
    walking = carried(now, plan_between(now, then).steps)
    before = {"core": now.states()["core"].shapers}
    carry_safely(walking, make_plan(walking.states(), before, detach=True).steps, now)

    assert make_plan(walking.states(), before, detach=True).steps == ()
    assert walking.rules == now.rules
    assert walking.queues.keys() == now.queues.keys()


@SHORT
@given(journeys())
def test_inverses_are_mutual_and_a_plan_depends_on_states_and_wishes_only(
    journey: tuple[Counted, dict[ShaperId, Allocation]],
) -> None:
    now, then = journey
    plan = plan_between(now, then)
    for step in plan.steps:
        assert inverse(step) != step
        assert inverse(inverse(step)) == step

    turned = replace(now, queues={place: backwards(queues) for place, queues in now.queues.items()})
    wishes = {shaper: replace(state, queues=backwards(state.queues)) for shaper, state in wished(then)["core"].items()}
    assert make_plan(turned.states(), {"core": wishes}).steps == plan.steps


def backwards(queues: Mapping[NodeId, Queue]) -> dict[NodeId, Queue]:
    return dict(reversed(list(queues.items())))
