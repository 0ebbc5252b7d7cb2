"""What the twin promises beyond the contract: faults on demand, and a witness of every single line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from network.core.ports import Arm, Return
from network.core.tree import DEFAULT, ROOT, hub, leaf, office
from network.drivers.memory import MemoryDevice
from network.errors import DeviceUnreachable, SessionCut, StepRefused
from network.messages.devices import MESSAGES
from tests.contract.conftest import MemoryGround
from tests.contract.wishes import (
    DOWN,
    UP,
    attach,
    back,
    change,
    create,
    differences,
    inner,
    leaf_queue,
    point,
    remove,
    small_rules,
    small_tree,
    standing,
)

TREE = small_tree()
LOWER = change(UP, TREE[leaf(1)], guarantee=1_000_000)
HIGHER = change(UP, TREE[leaf(2)], guarantee=2_000_000)


@pytest.fixture
def ground() -> MemoryGround:
    made = MemoryGround()
    MemoryDevice(made.router).carry(standing(UP))
    return made


@pytest.fixture
def device(ground: MemoryGround) -> MemoryDevice:
    return MemoryDevice(ground.router)


def test_a_sound_tree_is_never_oversubscribed(ground: MemoryGround, device: MemoryDevice) -> None:
    device.carry([LOWER, HIGHER, *back([LOWER, HIGHER]), point(UP, small_rules(), frozenset()), *remove(UP, TREE)])
    assert ground.router.oversubscribed == 0


def test_the_wrong_order_is_noticed_though_the_end_is_sound(ground: MemoryGround, device: MemoryDevice) -> None:
    """Both the hub (10 Mbit/s) and the root (19.4) are promised too often for a while; the hub is the worse."""
    device.carry([change(UP, TREE[leaf(2)], guarantee=17_234_000, ceiling=19_000_000)])
    assert ground.router.oversubscribed == 17_234_000 + 500_000 + 64_000 + 16_008 - 10_000_000
    ground.router.oversubscribed = 0
    device.carry([change(UP, TREE[leaf(2)], guarantee=1_234_000)])
    assert ground.router.oversubscribed == 0


def test_a_ceiling_lowered_below_what_is_promised_is_noticed(ground: MemoryGround, device: MemoryDevice) -> None:
    device.carry([change(UP, TREE[office(3)], ceiling=80_000)])
    assert ground.router.oversubscribed == 8


def test_going_back_alone_is_watched_too(ground: MemoryGround, device: MemoryDevice) -> None:
    device.arm(Arm(run="run-1", seconds=1, restore=(change(UP, TREE[leaf(3)], guarantee=5_000_000),)))
    ground.until(lambda: device.observe().armed is None, "it goes back")
    assert ground.router.oversubscribed == 5_000_000 + 16_008 - 4_000_000


def test_rates_are_held_in_steps(device: MemoryDevice) -> None:
    odd = leaf_queue(leaf(5), ROOT, 99_999, 1_234_567)
    device.carry(create(UP, {odd.node: odd}))
    held = device.observe().shapers[UP].queues[leaf(5)]
    assert (held.guarantee, held.ceiling) == (99_992, 1_234_000)


def test_a_line_is_refused_on_demand_and_the_rest_is_not_done(ground: MemoryGround, device: MemoryDevice) -> None:
    ground.router.faults.refuse_line = 3
    with pytest.raises(StepRefused) as error:
        device.carry([LOWER, HIGHER])
    assert error.value.fields["held"] == 1
    assert MESSAGES[error.value.code].en.format(**error.value.fields).startswith("core (domestic/up leaf:2)")
    queues = device.observe().shapers[UP].queues
    assert (queues[leaf(1)].guarantee, queues[leaf(2)].guarantee) == (1_000_000, 1_234_000)
    device.carry([HIGHER])


@pytest.mark.parametrize(("cut", "guarantee"), [("before", 2_000_000), ("after", 1_000_000)])
def test_a_connection_is_cut_on_demand(ground: MemoryGround, device: MemoryDevice, cut: str, guarantee: int) -> None:
    ground.router.faults.cut = "before" if cut == "before" else "after"
    with pytest.raises(SessionCut) as error:
        device.carry([LOWER])
    assert MESSAGES[error.value.code].id.format(**error.value.fields)
    assert device.observe().shapers[UP].queues[leaf(1)].guarantee == guarantee


def test_a_lost_answer_to_a_confirmation_can_be_asked_for_again(ground: MemoryGround, device: MemoryDevice) -> None:
    device.arm(Arm(run="run-1", seconds=9, restore=()))
    ground.router.faults.cut = "after"
    with pytest.raises(SessionCut):
        device.confirm("run-1")
    device.confirm("run-1")


def test_unreachable_on_demand(ground: MemoryGround, device: MemoryDevice) -> None:
    ground.router.faults.unreachable = True
    for act in (device.observe, lambda: device.carry([LOWER]), lambda: device.confirm("run-1"), lambda: device.leave([])):
        with pytest.raises(DeviceUnreachable):
            act()
    ground.router.faults.unreachable = False
    assert differences(device.observe(), UP, TREE) == []


def test_returns_come_in_the_order_of_their_time(ground: MemoryGround, device: MemoryDevice) -> None:
    later = change(UP, TREE[leaf(1)], guarantee=500_000)
    device.leave([Return(name="b", seconds=1, steps=(LOWER,)), Return(name="a", seconds=2, steps=(later,))])
    ground.clock.sleep(60)
    assert device.observe().shapers[UP].queues[leaf(1)].guarantee == 500_000


def test_an_observation_does_not_change_behind_ones_back(device: MemoryDevice) -> None:
    before = device.observe()
    device.carry([LOWER])
    assert before.shapers[UP].queues[leaf(1)] == TREE[leaf(1)]


def test_what_the_kernel_refuses_is_refused(device: MemoryDevice) -> None:
    for steps in (
        remove(UP, {hub(1): TREE[hub(1)]}),
        [change(DOWN, TREE[DEFAULT])],
        [change(UP, replace(TREE[leaf(1)], node=leaf(30)))],
    ):
        with pytest.raises(StepRefused):
            device.carry(steps)
    assert differences(device.observe(), UP, TREE) == []
    device.carry([attach(DOWN), *create(DOWN, {hub(9): inner(hub(9), hub(8), 1_000_000)})])
    assert device.observe().shapers[DOWN].queues[hub(9)].parent is None
