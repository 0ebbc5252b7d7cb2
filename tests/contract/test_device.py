"""What every Device promises, on the twin and on a real router alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from network.core.observed import DeviceState, Queue
from network.core.plan import QueueStep
from network.core.ports import Arm, Device, Return
from network.core.tree import DEFAULT, ROOT, NodeId, ShaperId, hub, leaf
from network.errors import ArmExpired, DeviceArmed, DeviceUnreachable, SessionCut, StepRefused
from tests.contract.conftest import Ground
from tests.contract.wishes import (
    DOWN,
    OTHER,
    UP,
    attach,
    back,
    change,
    create,
    differences,
    point,
    remove,
    small_rules,
    small_tree,
    standing,
)

TREE = small_tree()
RAISED = change(UP, TREE[leaf(2)], guarantee=3_000_000, ceiling=9_000_000, quantum=1514, priority=5, buffer=18_750)


def made(device: Device) -> Device:
    device.carry(standing(UP))
    return device


def guarantee(state: DeviceState, node: NodeId) -> int:
    return state.shapers[UP].queues[node].guarantee


def wished(step: QueueStep) -> dict[NodeId, Queue]:
    assert step.after is not None
    return TREE | {step.node: step.after}


def test_a_bare_device_shows_nothing(device: Device) -> None:
    state = device.observe()
    assert dict(state.shapers) == {}
    assert state.armed is None
    assert state.returns == ()


@pytest.mark.parametrize("shaper", [UP, DOWN], ids=str)
def test_what_was_made_reads_back_as_it_was_wished(device: Device, shaper: ShaperId) -> None:
    device.carry(standing(shaper))
    state = device.observe()
    assert set(state.shapers) == {shaper}
    assert differences(state, shaper, TREE) == []
    assert state.shapers[shaper].rules == small_rules()
    assert state.shapers[shaper].complete
    assert state.shapers[shaper].foreign == ()
    assert state.shapers[shaper].counters.keys() == TREE.keys()


def test_all_shapers_of_a_device_in_one_batch(device: Device) -> None:
    device.carry([step for shaper in (UP, DOWN, OTHER) for step in standing(shaper)])
    state = device.observe()
    for shaper in (UP, DOWN, OTHER):
        assert differences(state, shaper, TREE) == []
        assert state.shapers[shaper].rules == small_rules()
        assert state.shapers[shaper].complete


def test_carrying_twice_leaves_the_same(device: Device) -> None:
    device.carry([*standing(UP), *standing(DOWN)])
    device.carry([*standing(UP), *standing(DOWN)])
    state = device.observe()
    for shaper in (UP, DOWN):
        assert differences(state, shaper, TREE) == []
        assert state.shapers[shaper].rules == small_rules()
        assert state.shapers[shaper].complete


def test_nothing_to_carry_is_nothing_done(device: Device) -> None:
    device.carry([])
    assert dict(device.observe().shapers) == {}


def test_a_change_in_place_names_every_field(device: Device) -> None:
    made(device).carry([RAISED])
    assert differences(device.observe(), UP, wished(RAISED)) == []


def test_a_change_in_place_keeps_what_waits_and_what_was_counted(device: Device, ground: Ground) -> None:
    made(device)
    slow = change(UP, TREE[leaf(1)], guarantee=64_000, ceiling=64_000, burst=1514, ceiling_burst=1514)
    device.carry([slow])
    ground.wait_in(UP, leaf(1), 7)
    before = device.observe().shapers[UP].counters[leaf(1)]
    assert before.backlog > 2000
    device.carry([change(UP, wished(slow)[leaf(1)], guarantee=72_000, ceiling=80_000, buffer=20_000, quantum=3028, priority=1)])
    after = device.observe().shapers[UP].counters[leaf(1)]
    assert after.drops == 0
    assert after.backlog > 0
    assert after.bytes >= before.bytes
    assert after.bytes + after.backlog == before.bytes + before.backlog


def test_rules_are_replaced_as_a_whole(device: Device) -> None:
    made(device)
    rules = frozenset(rule for rule in small_rules() if rule.leaf != leaf(2, 1))
    for before, after in ((small_rules(), rules), (rules, small_rules()), (small_rules(), rules), (rules, frozenset())):
        device.carry([point(UP, before, after)])
        state = device.observe().shapers[UP]
        assert state.rules == after
        assert state.complete


def test_a_leaf_is_removed_after_its_rules(device: Device) -> None:
    made(device)
    rules = frozenset(rule for rule in small_rules() if rule.leaf.id != 3)
    gone = {node: queue for node, queue in TREE.items() if node.id == 3}
    device.carry([point(UP, small_rules(), rules), *remove(UP, gone)])
    state = device.observe()
    assert differences(state, UP, {node: queue for node, queue in TREE.items() if node.id != 3}) == []
    assert state.shapers[UP].rules == rules
    device.carry(remove(UP, gone))


def test_a_leaf_with_rules_is_not_removed(device: Device) -> None:
    made(device)
    with pytest.raises(StepRefused) as refused:
        device.carry(remove(UP, {leaf(2): TREE[leaf(2)]}))
    assert "in use" in str(refused.value.fields["said"])
    assert differences(device.observe(), UP, TREE) == []


@pytest.mark.parametrize("shaper", [UP, DOWN], ids=str)
def test_the_inverse_of_making_leaves_a_bare_device(device: Device, shaper: ShaperId) -> None:
    device.carry(standing(shaper))
    device.carry(back(standing(shaper)))
    assert dict(device.observe().shapers) == {}
    device.carry([attach(shaper, attach=False)])


def test_a_queue_is_never_moved_to_another_parent(device: Device) -> None:
    made(device)
    held = TREE[leaf(2)]
    moved = QueueStep(device="core", shaper=UP, phase=RAISED.phase, before=held, after=replace(held, parent=ROOT))
    with pytest.raises(ValueError, match="another parent"):
        device.carry([moved])
    assert differences(device.observe(), UP, TREE) == []


@pytest.mark.parametrize("name", ["", "Run", "run 1", "run;reboot", "../run", "run'", "a" * 65])
def test_a_name_that_could_be_more_than_a_name_is_not_sent(device: Device, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        device.arm(Arm(run=name, seconds=5, restore=()))
    with pytest.raises(ValueError, match="not a name"):
        device.leave([Return(name=name, seconds=5, steps=())])
    with pytest.raises(ValueError, match="not a name"):
        device.confirm(name)


def test_a_confirmed_change_stays(device: Device, ground: Ground) -> None:
    made(device)
    device.arm(Arm(run="run-1", seconds=30, restore=back([RAISED])))
    held = device.observe().armed
    assert held is not None
    assert held.run == "run-1"
    device.carry([RAISED])
    device.confirm("run-1")
    assert device.observe().armed is None
    device.arm(Arm(run="run-2", seconds=1, restore=()))
    ground.until(lambda: device.observe().armed is None, "the second timer is over")
    assert guarantee(device.observe(), leaf(2)) == 3_000_000


def test_confirming_again_says_the_same(device: Device, ground: Ground) -> None:
    made(device)
    device.arm(Arm(run="run-1", seconds=30, restore=()))
    device.confirm("run-1")
    device.confirm("run-1")
    ground.device().confirm("run-1")


def test_without_a_confirmation_the_device_goes_back_alone(device: Device, ground: Ground) -> None:
    made(device)
    before = device.observe().shapers[UP]
    rules = frozenset(rule for rule in small_rules() if rule.leaf != leaf(2, 1))
    steps = [
        change(UP, TREE[leaf(1)], guarantee=1_000_000),
        RAISED,
        *create(UP, {leaf(4): replace(TREE[leaf(1)], node=leaf(4))}),
        point(UP, small_rules(), rules),
        *remove(UP, {leaf(2, 1): TREE[leaf(2, 1)]}),
    ]
    device.arm(Arm(run="run-1", seconds=3, restore=back(steps)))
    device.carry(steps)
    assert leaf(4) in device.observe().shapers[UP].queues
    ground.until(lambda: device.observe().armed is None, "it goes back")
    after = device.observe().shapers[UP]
    assert dict(after.queues) == dict(before.queues)
    assert after.rules == before.rules
    assert after.complete
    with pytest.raises(ArmExpired):
        device.confirm("run-1")


def test_a_run_that_went_back_meanwhile_raises_nothing_more(device: Device, ground: Ground) -> None:
    """A controller that slept through its own timer: what it still has in hand belongs to a state that is gone."""
    made(device)
    lower, higher = change(UP, TREE[leaf(1)], guarantee=1_000_000), change(UP, TREE[hub(1)], ceiling=12_000_000)
    device.arm(Arm(run="run-1", seconds=3, restore=back([lower, higher])))
    device.carry([lower])
    other = ground.device()
    ground.until(lambda: other.observe().armed is None, "it goes back")
    with pytest.raises(ArmExpired):
        device.carry([higher])
    assert differences(device.observe(), UP, TREE) == []
    device.carry([higher])
    assert differences(device.observe(), UP, wished(higher)) == []


def test_going_back_tolerates_what_was_never_done(device: Device, ground: Ground) -> None:
    made(device)
    steps = [*standing(DOWN), RAISED]
    device.arm(Arm(run="run-1", seconds=1, restore=back(steps)))
    ground.until(lambda: device.observe().armed is None, "it goes back")
    state = device.observe()
    assert set(state.shapers) == {UP}
    assert differences(state, UP, TREE) == []


def test_confirming_what_was_never_armed_is_refused(device: Device) -> None:
    with pytest.raises(ArmExpired) as refused:
        device.confirm("run-1")
    assert refused.value.fields["run"] == "run-1"


def test_a_second_run_is_refused_and_told_whose_the_first_is(device: Device, ground: Ground) -> None:
    made(device)
    device.arm(Arm(run="run-1", seconds=30, restore=back([RAISED])))
    device.carry([RAISED])
    with pytest.raises(DeviceArmed) as refused:
        ground.device().arm(Arm(run="run-2", seconds=30, restore=()))
    assert refused.value.fields["run"] == "run-1"
    assert refused.value.fields["seconds"] in range(15, 31)
    with pytest.raises(ArmExpired):
        ground.device().confirm("run-2")
    held = device.observe().armed
    assert held is not None
    assert held.run == "run-1"
    device.confirm("run-1")
    device.arm(Arm(run="run-2", seconds=30, restore=()))
    device.confirm("run-2")


def test_a_return_happens_alone(device: Device, ground: Ground) -> None:
    made(device).carry([RAISED])
    device.leave([Return(name="end-1", seconds=3, steps=back([RAISED]))])
    assert [one.name for one in device.observe().returns] == ["end-1"]
    ground.until(lambda: not device.observe().returns, "it returns")
    ground.until(lambda: guarantee(device.observe(), leaf(2)) == 1_234_000, "it has returned")
    assert differences(device.observe(), UP, TREE) == []


def test_return_timers_are_replaced_and_cancelled(device: Device, ground: Ground) -> None:
    made(device).carry([RAISED])
    device.leave([Return(name="end-1", seconds=30, steps=back([RAISED])), Return(name="end-2", seconds=90, steps=())])
    device.leave([Return(name="end-2", seconds=50, steps=()), Return(name="end-3", seconds=4, steps=())])
    held = {one.name: one.seconds_left for one in device.observe().returns}
    assert held.keys() == {"end-2", "end-3"}
    assert held["end-2"] in range(30, 51)
    ground.until(lambda: len(device.observe().returns) == 1, "the third is over")
    assert guarantee(device.observe(), leaf(2)) == 3_000_000
    device.leave([])
    assert device.observe().returns == ()


def test_a_return_waits_for_a_run(device: Device, ground: Ground) -> None:
    made(device)
    device.leave([Return(name="end-1", seconds=1, steps=(RAISED,))])
    device.arm(Arm(run="run-1", seconds=4, restore=()))
    seen: list[DeviceState] = []

    def returned() -> bool:
        seen.append(device.observe())
        return guarantee(seen[-1], leaf(2)) == 3_000_000

    ground.until(returned, "it returns after the run")
    assert any(state.armed is not None for state in seen)
    assert all(guarantee(state, leaf(2)) == 1_234_000 for state in seen if state.armed is not None)


def test_after_a_restart_a_run_goes_back_and_returns_go_on(device: Device, ground: Ground) -> None:
    made(device)
    slower = change(UP, TREE[leaf(1)], guarantee=1_000_000)
    device.leave([Return(name="end-1", seconds=6, steps=(slower,)), Return(name="end-2", seconds=400, steps=())])
    device.arm(Arm(run="run-1", seconds=500, restore=back([RAISED])))
    device.carry([RAISED])
    device.leave([Return(name="end-3", seconds=90, steps=())])
    assert {one.name for one in device.observe().returns} == {"end-1", "end-2", "end-3"}
    ground.restart()
    again = ground.device()
    ground.until(lambda: again.observe().armed is None, "the run is over")
    assert guarantee(again.observe(), leaf(2)) == 1_234_000
    ground.until(lambda: guarantee(again.observe(), leaf(1)) == 1_000_000, "the return goes on")
    ground.until(lambda: [one.name for one in again.observe().returns] == ["end-2"], "the other is left")
    assert again.observe().returns[0].seconds_left in range(380, 401)
    again.arm(Arm(run="run-2", seconds=30, restore=()))
    again.confirm("run-2")


def test_what_we_did_not_make_is_reported_and_left_alone(device: Device, ground: Ground) -> None:
    made(device)
    ground.add_foreign(UP)
    state = device.observe().shapers[UP]
    assert state.foreign == ("class htb 1:10",)
    assert state.queues.keys() == TREE.keys()
    device.carry([RAISED, point(UP, small_rules(), frozenset())])
    with pytest.raises(StepRefused) as refused:
        device.carry([*remove(UP, TREE), attach(UP, attach=False)])
    assert refused.value.code == "device.foreign"
    assert "1:10" in str(refused.value.fields["said"])
    assert device.observe().shapers[UP].foreign == ("class htb 1:10",)


def test_a_refused_line_names_itself_and_what_held(device: Device, ground: Ground) -> None:
    made(device)
    before = device.observe().shapers[UP].queues
    missing = replace(TREE[leaf(1)], node=leaf(9))
    steps = [change(UP, TREE[leaf(1)], guarantee=1_000_000), change(UP, missing, guarantee=8_000), RAISED]
    device.arm(Arm(run="run-1", seconds=3, restore=back(steps)))
    with pytest.raises(StepRefused) as refused:
        device.carry(steps)
    error = refused.value
    assert error.code == "device.refused"
    assert error.step == "domestic/up leaf:9"
    assert (error.fields["held"], error.fields["total"]) == (1, 3)
    assert "No such file" in str(error.fields["said"])
    assert guarantee(device.observe(), leaf(1)) == 1_000_000
    assert guarantee(device.observe(), leaf(2)) == 1_234_000
    ground.until(lambda: device.observe().armed is None, "it goes back")
    assert dict(device.observe().shapers[UP].queues) == dict(before)


def test_a_leaf_cannot_be_made_without_a_shaper(device: Device) -> None:
    with pytest.raises(StepRefused):
        device.carry(create(UP, {DEFAULT: TREE[DEFAULT]}))
    assert dict(device.observe().shapers) == {}


def test_a_connection_lost_between_lower_and_raise_leaves_the_device_to_its_timer(device: Device, ground: Ground) -> None:
    made(device)
    lower, higher = change(UP, TREE[leaf(1)], guarantee=1_000_000), change(UP, TREE[hub(1)], ceiling=12_000_000)
    device.arm(Arm(run="run-1", seconds=3, restore=back([lower, higher])))
    device.carry([lower])
    ground.lose()
    with pytest.raises((DeviceUnreachable, SessionCut)):
        device.carry([higher])
    ground.find_again()
    again = ground.device()
    ground.until(lambda: again.observe().armed is None, "it goes back")
    assert differences(again.observe(), UP, TREE) == []


def test_a_connection_that_died_between_two_operations_is_opened_anew(device: Device, ground: Ground) -> None:
    made(device)
    device.arm(Arm(run="run-1", seconds=30, restore=back([RAISED])))
    ground.cut()
    device.carry([RAISED])
    ground.cut()
    device.confirm("run-1")
    assert differences(device.observe(), UP, wished(RAISED)) == []


def test_unreachable_is_an_error_of_its_own(device: Device, ground: Ground) -> None:
    ground.lose()
    with pytest.raises(DeviceUnreachable) as refused:
        device.observe()
    assert refused.value.device == "core"
    assert refused.value.step == "observe"
