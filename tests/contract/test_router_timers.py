"""What only a real router can show when a session or a process dies: the device goes back by itself, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic

import pytest

from network.core.plan import Step
from network.core.ports import Arm, Return
from network.core.tree import Place, ShaperId, leaf
from network.dialects.linux_tc import LinuxTc
from network.drivers.netmiko_ssh import NetmikoDevice
from network.errors import ArmExpired, DeviceArmed, SessionCut
from tests.contract.router import Router, until
from tests.contract.wishes import (
    PLACES,
    UP,
    back,
    change,
    differences,
    small_tree,
    standing,
)

pytestmark = pytest.mark.lab

TREE = small_tree()
LOWER = change(UP, TREE[leaf(1)], guarantee=1_000_000)
HIGHER = change(UP, TREE[leaf(2)], guarantee=2_000_000)


@pytest.fixture
def device(router: Router) -> Iterator[NetmikoDevice]:
    made = router.device(PLACES)
    yield made
    made.close()


class Interrupted(LinuxTc):
    """Says something else between the first half of a batch and the second."""

    def __init__(self, words: str) -> None:
        self.words = words

    def carry_script(
        self, steps: Sequence[Step], places: Mapping[ShaperId, Place], run: str = "", turn: int | None = None
    ) -> str:
        first = super().carry_script(steps[:1], places, run, turn).removesuffix("\nlajur\n").removesuffix('say done "$turn"\n}')
        rest = super().carry_script(steps[1:], places).split("\nlajur() {\n")[1]
        return f"{first}{self.words}\n{rest}"


def test_a_session_that_dies_inside_a_batch_is_an_error_and_the_device_goes_back(router: Router, device: NetmikoDevice) -> None:
    device.carry(standing(UP))
    cut = router.device(PLACES, dialect=Interrupted("kill -9 $PPID"))
    cut.arm(Arm(run="run-1", seconds=5, restore=back([LOWER, HIGHER])))
    with pytest.raises(SessionCut) as error:
        cut.carry([LOWER, HIGHER])
    assert error.value.code == "device.cut_during"
    assert error.value.fields["total"] == 2
    until(lambda: device.observe().armed is None, "it goes back")
    assert differences(device.observe(), UP, TREE) == []
    cut.close()


def test_a_device_that_falls_silent_is_not_waited_for_without_end(router: Router, device: NetmikoDevice) -> None:
    device.carry(standing(UP))
    slow = router.device(PLACES, dialect=Interrupted("sleep 8"), answer_seconds=2)
    with pytest.raises(SessionCut) as error:
        slow.carry([LOWER, HIGHER])
    assert error.value.code == "device.silent"
    slow.close()


CONTROLLER = """
import sys
from pathlib import Path
from network.core.ports import Arm
from network.core.tree import leaf
from tests.contract.router import Router
from tests.contract.wishes import PLACES, UP, back, change, small_tree
steps = [change(UP, small_tree()[leaf(number)], guarantee=1_000_000) for number in (1, 2)]
device = Router(Path(sys.argv[1]), sys.argv[2]).device(PLACES)
device.arm(Arm(run="run-1", seconds=6, restore=back(steps)))
device.carry(steps)
print("changed", flush=True)
sys.stdin.read()
"""


def test_a_controller_that_is_killed_leaves_the_device_to_its_timer(router: Router, device: NetmikoDevice) -> None:
    device.carry(standing(UP))
    controller = subprocess.Popen(
        [sys.executable, "-c", CONTROLLER, str(router.folder), router.name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert controller.stdout is not None
    assert controller.stdin is not None
    with controller.stdout as output, controller.stdin:
        assert output.readline() == b"changed\n"
        controller.kill()
        controller.wait(60)
    held = device.observe().armed
    assert held is not None
    assert len(differences(device.observe(), UP, TREE)) == 2
    until(lambda: device.observe().armed is None, "it goes back")
    assert differences(device.observe(), UP, TREE) == []


def test_confirming_and_expiring_at_once_have_one_winner(router: Router, device: NetmikoDevice) -> None:
    device.carry(standing(UP))
    other = router.device(PLACES)
    winners = set()
    for number in range(12):
        run_id = f"run-{number}"
        device.arm(Arm(run=run_id, seconds=0 if number % 2 else 5, restore=(LOWER,)))
        try:
            other.confirm(run_id)
            winner = f"confirmed.{run_id}"
        except ArmExpired:
            winner = f"reverted.{run_id}"
        until((router.home / winner).is_dir, winner)
        assert [entry.name for entry in router.home.iterdir() if entry.name.endswith(run_id)] == [winner]
        winners.add(winner.partition(".")[0])
    assert winners == {"confirmed", "reverted"}
    other.close()


def test_a_timer_whose_process_was_killed_does_not_hold_the_device_for_good(router: Router, device: NetmikoDevice) -> None:
    device.carry(standing(UP))
    device.leave([Return(name="end-1", seconds=600, steps=())])
    device.arm(Arm(run="run-1", seconds=60, restore=back([LOWER])))
    device.carry([LOWER])
    for pid in router.processes(b"lajur/loop"):
        os.kill(pid, signal.SIGKILL)
    until(lambda: not router.processes(b"lajur/loop"), "the loops end")
    assert device.observe().returns == ()
    with pytest.raises(DeviceArmed) as error:
        device.arm(Arm(run="run-2", seconds=60, restore=()))
    assert error.value.fields["run"] == "run-1"
    until(lambda: device.observe().armed is None, "it goes back")
    assert differences(device.observe(), UP, TREE) == []
    assert [one.name for one in device.observe().returns] == ["end-1"]
    device.arm(Arm(run="run-2", seconds=60, restore=()))
    device.confirm("run-2")


def test_a_record_that_was_never_finished_does_not_hold_the_device(router: Router, device: NetmikoDevice) -> None:
    """Who took the lock and died before the timer began has changed nothing; who is still at it has the device."""
    (router.home / "armed").mkdir(parents=True)
    listener = router.processes(b"[listener]")[0]
    (router.home / "armed" / "owner").write_text(f"{listener}\n")
    assert device.observe().armed is None
    with pytest.raises(DeviceArmed):
        device.arm(Arm(run="run-1", seconds=60, restore=()))
    (router.home / "armed" / "owner").write_text("999999999\n")
    device.arm(Arm(run="run-1", seconds=60, restore=()))
    device.confirm("run-1")


def test_whoever_comes_while_a_batch_is_carried_out_waits_for_its_end(router: Router, device: NetmikoDevice) -> None:
    """A batch that nobody waits for any more never mixes with another, and is void if it had not begun."""
    device.carry(standing(UP))
    slow = router.device(PLACES, dialect=Interrupted("sleep 8"), answer_seconds=2)
    slow.arm(Arm(run="run-1", seconds=60, restore=back([LOWER, HIGHER])))
    for _ in range(2):
        with pytest.raises(SessionCut):
            slow.carry([LOWER, HIGHER])
    assert len(differences(device.observe(), UP, TREE)) == 1
    device.arm(Arm(run="run-1", seconds=60, restore=()))
    assert len(differences(device.observe(), UP, TREE)) == 2
    device.carry(back([LOWER, HIGHER]))
    device.confirm("run-1")
    until(lambda: len(router.processes(b"sleep")) == 0, "the second batch ends")
    assert differences(device.observe(), UP, TREE) == []
    slow.close()


def test_a_timer_that_is_over_waits_for_the_batch_that_is_carried_out(router: Router, device: NetmikoDevice) -> None:
    device.carry(standing(UP))
    slow = router.device(PLACES, dialect=Interrupted("sleep 8"), answer_seconds=2)
    slow.arm(Arm(run="run-1", seconds=1, restore=back([LOWER, HIGHER])))
    with pytest.raises(SessionCut):
        slow.carry([LOWER, HIGHER])
    until((router.home / "reverting.run-1").is_dir, "its time is over")
    assert len(differences(device.observe(), UP, TREE)) == 1
    until((router.home / "reverted.run-1").is_dir, "it has gone back")
    assert differences(device.observe(), UP, TREE) == []
    slow.close()


def test_a_script_that_dies_in_the_middle_keeps_nobody_out(router: Router, device: NetmikoDevice) -> None:
    device.carry(standing(UP))
    dying = router.device(PLACES, dialect=Interrupted("kill -9 $$"))
    dying.arm(Arm(run="run-1", seconds=60, restore=back([LOWER, HIGHER])))
    with pytest.raises(SessionCut):
        dying.carry([LOWER, HIGHER])
    device.arm(Arm(run="run-1", seconds=60, restore=()))
    device.carry(back([LOWER, HIGHER]))
    device.confirm("run-1")
    assert differences(device.observe(), UP, TREE) == []
    dying.close()


def test_confirming_that_was_cut_short_is_finished_by_whoever_comes_next(router: Router, device: NetmikoDevice) -> None:
    """The rename is the moment; what the run left takes the place of the others even when nobody got round to it."""
    device.carry(standing(UP))
    device.leave([Return(name="end-1", seconds=90, steps=())])
    device.arm(Arm(run="run-1", seconds=60, restore=()))
    device.leave([Return(name="end-2", seconds=80, steps=())])
    (router.home / "armed").rename(router.home / "confirmed.run-1")
    assert [one.name for one in device.observe().returns] == ["end-1", "end-2"]
    device.arm(Arm(run="run-2", seconds=60, restore=()))
    assert [one.name for one in device.observe().returns] == ["end-2"]
    device.confirm("run-2")
    assert [one.name for one in device.observe().returns] == ["end-2"]


def test_a_timer_is_never_early(router: Router, device: NetmikoDevice) -> None:
    for number in range(3):
        began = monotonic()
        device.arm(Arm(run=f"run-{number}", seconds=1, restore=()))
        until((router.home / f"reverted.run-{number}").is_dir, "it goes back")
        assert monotonic() - began >= 1


def test_no_timer_process_is_left_when_all_is_confirmed(router: Router, device: NetmikoDevice) -> None:
    device.arm(Arm(run="run-1", seconds=60, restore=()))
    device.leave([Return(name="end-1", seconds=40, steps=())])
    until(lambda: len(router.processes(b"lajur/loop")) == 2, "one loop counts for each timer")
    device.leave([])
    device.confirm("run-1")
    until(lambda: not router.processes(b"lajur/loop"), "the loops end")
    assert list((router.home / "returns").iterdir()) == []
