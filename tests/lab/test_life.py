"""A lab comes, goes and leaves nothing, also when it is killed while it comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.regency import Regency
from inventory.views import small_copy
from network.errors import LabError
from network.lab import enter, lab, standing
from network.lab.layout import LabPlan
from network.lab.progress import Progress
from network.lab.state import Folder, Record
from tests.lab.machine import outside, traces, until

pytestmark = pytest.mark.lab

STAGES = ("keys", "namespaces", "wires", "addresses", "routers")
ROOT = Path(__file__).parents[2]

FULL = bool(os.environ.get("LAJUR_FULL"))

STARTER = """
import sys
from pathlib import Path
from inventory.load import load_regency
from inventory.views import small_copy
from network.lab import lab
regency = small_copy(load_regency(Path(sys.argv[1])), 3)
lab.up(regency, sys.argv[2], lambda progress: (sys.stdout.write(progress.stage + "\\n"), sys.stdout.flush()), timeout=240)
"""


def test_nothing_is_left_and_nothing_outside_is_touched(small: Regency, new_id: Callable[[], str]) -> None:
    lab_id = new_id()
    before = outside()
    said: list[Progress] = []
    state = lab.up(small, lab_id, said.append, timeout=240)
    assert not state.reused
    assert outside() == before
    assert list(dict.fromkeys(each.stage for each in said)) == list(STAGES)
    assert (said[-1].done, said[-1].total) == (len(state.plan.routers), len(state.plan.routers))
    status = standing.status(lab_id)
    assert status.state == "ready"
    assert all(node.ready for node in status.nodes)
    assert status.processes >= 6 * len(state.plan.routers)
    assert lab.find("manokwari") is not None
    assert lab.down(lab_id)
    assert traces(lab_id) == []
    assert outside() == before
    assert standing.status(lab_id).state == "absent"
    assert not lab.down(lab_id)


@pytest.mark.timeout(600)
def test_one_up_and_down_after_the_other_leaves_nothing(small: Regency, new_id: Callable[[], str]) -> None:
    lab_id = new_id()
    for _ in range(20 if FULL else 6):
        lab.up(small, lab_id, timeout=240)
        assert lab.down(lab_id)
        assert traces(lab_id) == []


@pytest.mark.timeout(600)
def test_a_whole_regency_goes_up_and_down(manokwari: Regency, new_id: Callable[[], str]) -> None:
    lab_id = new_id()
    for _ in range(2 if FULL else 1):
        state = lab.up(manokwari, lab_id, timeout=150)
        status = standing.status(lab_id)
        assert sum(node.role == "office" for node in status.nodes) == len(manokwari.offices)
        assert all(node.ready for node in status.nodes)
        assert status.memory < 1_300_000_000
        assert state.ready_after > 0
        assert lab.down(lab_id)
        assert traces(lab_id) == []


def test_up_again_says_that_it_is_up_and_another_plan_is_refused(
    small: Regency, manokwari: Regency, new_id: Callable[[], str]
) -> None:
    lab_id = new_id()
    first = lab.up(small, lab_id, timeout=240)
    record = Record.read(Folder(lab=lab_id))
    again = lab.up(small, lab_id, timeout=240)
    assert again.reused
    assert again.plan == first.plan
    assert Record.read(Folder(lab=lab_id)) == record
    with pytest.raises(LabError) as refused:
        lab.up(small_copy(manokwari, 2), lab_id)
    assert refused.value.code == "lab.other_plan"
    assert refused.value.fields["offices"] == 3
    assert standing.status(lab_id).state == "ready"


def test_two_ups_at_once_make_one_lab(small: Regency, new_id: Callable[[], str]) -> None:
    lab_id = new_id()
    with _starter(lab_id) as other:
        assert other.stdout is not None
        assert other.stdout.readline()
        state = lab.up(small, lab_id, timeout=240)
        assert state.reused
        assert other.wait(90) == 0
    assert standing.status(lab_id).state == "ready"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("next_command", ["down", "up"])
def test_killed_while_starting(small: Regency, new_id: Callable[[], str], stage: str, next_command: str) -> None:
    lab_id = new_id()
    with _starter(lab_id) as starter:
        assert starter.stdout is not None
        until(lambda: starter.stdout is not None and starter.stdout.readline().strip() == stage)
        record = Record.read(Folder(lab=lab_id))
        assert record is not None
        starter.kill()
        os.kill(record.supervisor, signal.SIGKILL)
    until(lambda: standing.status(lab_id).state == "crashed")
    if next_command == "up":
        assert not lab.up(small, lab_id, timeout=240).reused
        assert standing.status(lab_id).state == "ready"
    assert lab.down(lab_id)
    assert traces(lab_id) == []


def test_killed_while_running_takes_its_routers_along(small: Regency, new_id: Callable[[], str]) -> None:
    lab_id = new_id()
    state = lab.up(small, lab_id, timeout=240)
    record = Record.read(Folder(lab=lab_id))
    assert record is not None
    os.kill(record.supervisor, signal.SIGKILL)
    os.waitpid(record.supervisor, 0)
    until(lambda: standing.status(lab_id).processes == 0)
    status = standing.status(lab_id)
    assert status.state == "crashed"
    with pytest.raises(LabError) as refused:
        lab.exec_in(lab_id, "core", ["true"])
    assert refused.value.code == "lab.not_up"
    assert lab.down(lab_id)
    assert traces(lab_id) == []
    with pytest.raises(LabError) as gone:
        enter.dialer(state)("100.65.2.1", 22, 1.0)
    assert gone.value.code == "lab.namespace_gone"


def test_down_while_starting_stops_it(new_id: Callable[[], str]) -> None:
    lab_id = new_id()
    with _starter(lab_id) as starter:
        assert starter.stdout is not None
        until(lambda: starter.stdout is not None and starter.stdout.readline().strip() == "addresses")
        assert lab.down(lab_id)
        assert starter.wait(60) != 0
    assert traces(lab_id) == []


def test_two_labs_side_by_side(small: Regency, new_id: Callable[[], str]) -> None:
    one, other = new_id(), new_id()
    first, second = lab.up(small, one, timeout=240), lab.up(small, other, timeout=240)
    assert first.plan.wires == second.plan.wires
    for state in (first, second):
        host = state.plan.core.address
        assert host is not None
        with enter.dialer(state)(host, 22, 5.0) as connection:
            assert connection.recv(8) == b"SSH-2.0-"
    assert first.known_hosts.read_text() != second.known_hosts.read_text()
    lab.exec_in(one, "core", ["touch", "/var/lib/lajur/mine", "/run/mine"])
    assert lab.exec_in(other, "core", ["ls", "/var/lib/lajur"]).stdout == ""
    assert lab.down(one)
    assert traces(one) == []
    assert standing.status(other).state == "ready"
    assert lab.exec_in(other, "core", ["ls", "/var/lib/lajur"]).returncode == 0


def test_a_router_that_cannot_start_is_given_up_and_the_others_live(small: Regency, new_id: Callable[[], str]) -> None:
    lab_id = new_id()
    lab.up(small, lab_id, timeout=240)
    (Folder(lab=lab_id).path / "init").write_text("echo broken; exit 3")
    with pytest.raises(LabError) as given_up:
        lab.restart(lab_id, "r-setda", timeout=240)
    assert given_up.value.code == "lab.router_down"
    until(lambda: standing.status(lab_id).state == "degraded")
    assert {node.key for node in standing.status(lab_id).nodes if not node.ready} == {"r-setda"}
    assert lab.exec_in(lab_id, "core", ["true"]).returncode == 0


def test_a_lab_that_cannot_be_built_says_why_and_is_gone(
    small: Regency, new_id: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab_id = new_id()
    monkeypatch.setattr("network.lab.layout.LabPlan.to_json", _with_a_bad_address(LabPlan.to_json))
    with pytest.raises(LabError) as failed:
        lab.up(small, lab_id, timeout=240)
    assert failed.value.code == "lab.command_refused"
    assert "999.65.2.1" in str(failed.value.fields["cause"])
    assert traces(lab_id) == []


def _with_a_bad_address(to_json: Callable[[LabPlan], str]) -> Callable[[LabPlan], str]:
    return lambda plan: to_json(plan).replace('"100.65.2.1"', '"999.65.2.1"')


def test_too_little_time_is_an_error_that_names_who_is_silent(small: Regency, new_id: Callable[[], str]) -> None:
    lab_id = new_id()
    with pytest.raises(LabError) as late:
        lab.up(small, lab_id, timeout=0.0)
    assert late.value.code == "lab.not_ready"
    assert traces(lab_id) == []


def _starter(lab_id: str) -> subprocess.Popen[str]:
    """`up` in a process of its own, which says each stage on a line."""
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, str(ROOT / "inventory" / "regencies" / "manokwari"), lab_id],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
