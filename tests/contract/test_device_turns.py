"""Commands that come late or twice find the device at another turn, and return timers belong to the run that left them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from network.core.observed import DeviceState
from network.core.ports import Arm, Device, Return
from network.core.tree import leaf
from network.errors import ArmExpired, DeviceMoved
from tests.contract.conftest import Ground
from tests.contract.wishes import UP, back, change, small_tree, standing

TREE = small_tree()
RAISED = change(UP, TREE[leaf(2)], guarantee=3_000_000, ceiling=9_000_000, quantum=1514, priority=5, buffer=18_750)


def made(device: Device) -> Device:
    device.carry(standing(UP))
    return device


def guarantee(state: DeviceState) -> int:
    return state.shapers[UP].queues[leaf(2)].guarantee


def test_return_timers_left_under_a_run_are_its_own_until_it_is_confirmed(device: Device, ground: Ground) -> None:
    """Going back to the state before means to its return timers too: those of the run were made for a state that is gone."""
    made(device).leave([Return(name="end-1", seconds=90, steps=())])
    device.arm(Arm(run="run-1", seconds=3, restore=()))
    device.leave([Return(name="end-2", seconds=80, steps=())])
    ground.until(lambda: device.observe().armed is None, "it goes back")
    assert [one.name for one in device.observe().returns] == ["end-1"]
    device.arm(Arm(run="run-2", seconds=30, restore=()))
    device.leave([Return(name="end-3", seconds=80, steps=())])
    device.leave([Return(name="end-4", seconds=80, steps=())])
    assert [one.name for one in device.observe().returns] == ["end-1", "end-4"]
    device.confirm("run-2")
    assert [one.name for one in device.observe().returns] == ["end-4"]
    device.arm(Arm(run="run-3", seconds=30, restore=()))
    device.leave([])
    assert [one.name for one in device.observe().returns] == ["end-4"]
    device.confirm("run-3")
    assert device.observe().returns == ()


def test_every_command_takes_the_next_turn(device: Device) -> None:
    made(device)
    turns = [device.observe().turn]
    acts: list[Callable[[], None]] = [
        lambda: device.arm(Arm(run="run-1", seconds=30, restore=())),
        lambda: device.carry([RAISED]),
        lambda: device.leave([]),
        lambda: device.confirm("run-1"),
    ]
    for act in acts:
        act()
        turns.append(device.observe().turn)
    assert turns == list(range(turns[0], turns[0] + 5))
    assert device.observe().turn == turns[-1]


def test_a_plan_made_at_another_turn_is_not_begun(device: Device, ground: Ground) -> None:
    """Also the arming of a run that was given up long ago: its timer would restore what was there then."""
    made(device)
    seen = device.observe().turn
    ground.device().carry([RAISED])
    with pytest.raises(DeviceMoved):
        device.arm(Arm(run="run-1", seconds=30, restore=back([RAISED]), seen=seen))
    assert device.observe().armed is None
    now = device.observe().turn
    device.arm(Arm(run="run-1", seconds=30, restore=(), seen=now))
    device.confirm("run-1")
    with pytest.raises(DeviceMoved):
        ground.device().arm(Arm(run="run-1", seconds=30, restore=(), seen=now))


def test_a_device_that_has_returned_by_itself_is_at_another_turn(device: Device, ground: Ground) -> None:
    made(device)
    device.leave([Return(name="end-1", seconds=3, steps=(RAISED,))])
    seen = device.observe().turn
    ground.until(lambda: guarantee(device.observe()) == 3_000_000, "it returns")
    with pytest.raises(DeviceMoved):
        device.arm(Arm(run="run-1", seconds=30, restore=(), seen=seen))


def test_a_device_that_went_back_by_itself_is_at_another_turn(device: Device, ground: Ground) -> None:
    made(device)
    device.arm(Arm(run="run-1", seconds=3, restore=(RAISED,)))
    seen = device.observe().turn
    ground.until(lambda: device.observe().armed is None, "it goes back")
    with pytest.raises(DeviceMoved):
        device.arm(Arm(run="run-2", seconds=30, restore=(), seen=seen))


def late(device: Device, ground: Ground) -> Device:
    """A connection of the same run whose command is still on its way while the other takes the device anew."""
    old = ground.device()
    made(device)
    device.leave([Return(name="end-1", seconds=90, steps=())])
    old.arm(Arm(run="run-1", seconds=60, restore=(), seen=device.observe().turn))
    old.leave([Return(name="end-2", seconds=80, steps=())])
    device.arm(Arm(run="run-1", seconds=60, restore=(), seen=device.observe().turn))
    return old


def test_taking_a_device_anew_makes_void_what_was_sent_before(device: Device, ground: Ground) -> None:
    old = late(device, ground)
    acts: list[Callable[[], None]] = [
        lambda: old.carry([RAISED]),
        lambda: old.leave([Return(name="end-3", seconds=80, steps=())]),
        lambda: old.confirm("run-1"),
    ]
    for act in acts:
        with pytest.raises(DeviceMoved):
            act()
    state = device.observe()
    assert guarantee(state) == 1_234_000
    assert [one.name for one in state.returns] == ["end-1"]
    assert state.armed is not None
    device.carry([RAISED])
    device.confirm("run-1")
    state = device.observe()
    assert guarantee(state) == 3_000_000
    assert [one.name for one in state.returns] == ["end-1"]
    with pytest.raises((ArmExpired, DeviceMoved)):
        old.carry([RAISED])


def test_taking_a_device_anew_leaves_its_timer_as_it_is(device: Device, ground: Ground) -> None:
    made(device)
    device.arm(Arm(run="run-1", seconds=4, restore=back([RAISED])))
    device.carry([RAISED])
    device.arm(Arm(run="run-1", seconds=600, restore=()))
    ground.until(lambda: device.observe().armed is None, "it goes back")
    assert guarantee(device.observe()) == 1_234_000


def test_an_arming_that_comes_twice_does_nothing(device: Device, ground: Ground) -> None:
    made(device)
    seen = device.observe().turn
    arm = Arm(run="run-1", seconds=60, restore=back([RAISED]), seen=seen)
    device.arm(arm)
    device.leave([Return(name="end-1", seconds=90, steps=())])
    with pytest.raises(DeviceMoved):
        ground.device().arm(arm)
    assert [one.name for one in device.observe().returns] == ["end-1"]
    device.carry([RAISED])
    device.confirm("run-1")
    assert guarantee(device.observe()) == 3_000_000
