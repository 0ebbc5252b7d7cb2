"""What a lab keeps on disk: one holder at a time, whole files, and nothing left on the machine after the last lab."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from inventory.load import SHIPPED, load_regency
from network.errors import LabError
from network.lab import lab, standing, state, supervisor
from network.lab.state import Folder, NodeRecord, Record, forget, is_held, labs, try_lock
from network.lab.topology import plan_lab


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose folders are not the real ones."""
    monkeypatch.setattr(state, "ROOT", tmp_path / "run" / "lajur")
    monkeypatch.setattr(state, "_NAMES", tmp_path / "netns")
    monkeypatch.setattr(state, "_BORROWED", (tmp_path / "device", tmp_path / "netns"))
    (tmp_path / "run").mkdir()
    return tmp_path


@pytest.mark.usefixtures("machine")
def test_a_lab_has_one_holder_and_its_end_frees_it() -> None:
    folder = Folder(lab="a")
    assert not is_held(folder)
    held = try_lock(folder)
    assert held is not None
    assert try_lock(folder) is None
    assert is_held(folder)
    os.close(held)
    assert not is_held(folder)


@pytest.mark.usefixtures("machine")
def test_a_holder_that_is_killed_frees_it_too() -> None:
    folder = Folder(lab="a")
    ready, done = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        try_lock(folder)
        os.write(ready[1], b"x")
        os.read(done[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    assert is_held(folder)
    os.kill(child, 9)
    os.waitpid(child, 0)
    for handle in (*ready, *done):
        os.close(handle)
    assert not is_held(folder)


def test_the_last_lab_gives_back_what_the_first_borrowed(machine: Path) -> None:
    before = sorted(machine.rglob("*"))
    folders = [Folder(lab="a"), Folder(lab="b")]
    held = []
    for folder in folders:
        handle = try_lock(folder)
        assert handle is not None
        folder.path.mkdir()
        held.append(handle)
    assert (machine / "device").is_dir()
    assert labs() == ["a", "b"]
    forget(folders[0], held[0])
    assert labs() == ["b"]
    assert (machine / "device").is_dir()
    forget(folders[1], held[1])
    assert sorted(machine.rglob("*")) == before


def test_what_only_a_later_lab_needs_is_given_back_too(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(machine.rglob("*"))
    needs = state._BORROWED
    monkeypatch.setattr(state, "_BORROWED", needs[1:])
    first = try_lock(Folder(lab="a"))
    monkeypatch.setattr(state, "_BORROWED", needs)
    second = try_lock(Folder(lab="b"))
    assert first is not None
    assert second is not None
    assert needs[0].is_dir()
    forget(Folder(lab="a"), first)
    forget(Folder(lab="b"), second)
    assert sorted(machine.rglob("*")) == before


def test_what_was_there_before_the_first_lab_stays(machine: Path) -> None:
    (machine / "device").mkdir()
    (machine / "device" / "armed").touch()
    folder = Folder(lab="a")
    handle = try_lock(folder)
    assert handle is not None
    forget(folder, handle)
    assert (machine / "device" / "armed").exists()
    assert not (machine / "netns").exists()


def test_a_name_without_files_is_still_a_lab(machine: Path) -> None:
    (machine / "netns").mkdir()
    (machine / "netns" / "lajur-ghost-core").touch()
    (machine / "netns" / "somebody-else").touch()
    assert labs() == ["ghost"]


@pytest.mark.usefixtures("machine")
def test_a_record_survives_its_file() -> None:
    folder = Folder(lab="a")
    folder.path.mkdir(parents=True)
    assert Record.read(folder) is None
    record = Record(supervisor=7, started=1.5, nodes={"core": NodeRecord(pid=9, starts=1, ready=True)})
    record.write(folder)
    assert Record.read(folder) == record
    assert not record.ready
    record.ready_after = 3.0
    assert record.ready


def test_without_root_the_refusal_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LabError) as refused:
        lab.check_machine()
    assert refused.value.code == "lab.needs_root"


@pytest.mark.skipif(os.geteuid() != 0, reason="the programs are looked at after root")
@pytest.mark.allowed_skip("without root the refusal comes earlier, which the test above shows")
def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("network.lab.daemons._PATH", "/nowhere")
    with pytest.raises(LabError) as refused:
        lab.check_machine()
    assert refused.value.code == "lab.needs_programs"
    assert "zebra" in str(refused.value.fields["programs"])
    assert "frr" in str(refused.value.fields["packages"])


@pytest.mark.usefixtures("machine")
def test_labs_that_come_and_go_at_once_take_no_folder_from_each_other() -> None:
    children = [_forked(partial(_come_and_go, Folder(lab=f"lab-{own}"))) for own in range(4)]
    assert [os.waitpid(each, 0)[1] for each in children] == [0] * 4
    assert not state.ROOT.exists()


def _come_and_go(folder: Folder) -> None:
    for _ in range(300):
        held = try_lock(folder)
        assert held is not None
        forget(folder, held)


def _forked(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - a copy of the test process must end here, whatever happened
            os._exit(1)
        os._exit(0)
    return child


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("text", ["{}", "", '{"lab": "a", "regency": "x", "bare": false, "traps": "unheard of", "area": "0"}'])
def test_a_plan_of_another_version_is_no_plan_and_stops_nobody(text: str) -> None:
    folder = Folder(lab="a")
    held = try_lock(folder)
    folder.path.mkdir()
    folder.plan.write_text(text)
    Record(supervisor=1, started=0.0, ready_after=1.0).write(folder)
    assert state.read_plan(folder) is None
    assert lab.find("x") == ()
    assert held is not None
    os.close(held)


STRANGE = ['{"supervisor": 1, "began": 0.0}', "", "[]", '{"supervisor": "7", "started": 0.0, "nodes": []}', "\udc80"]
"""Records of other versions, or of none."""


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("text", STRANGE)
def test_a_record_of_another_version_is_told_and_stops_nobody(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "_STOP_SECONDS", -2.0)  # that long it waits beyond
    folder, other = Folder(lab="a"), Folder(lab="b")
    held = [try_lock(each) for each in (folder, other)]
    for each in (folder, other):
        each.path.mkdir()
    folder.record.write_bytes(text.encode(errors="surrogateescape"))
    assert (Record.read(folder), state.is_foreign(folder), state.is_foreign(other)) == (None, True, False)
    assert [standing.status(each).state for each in labs()] == ["foreign", "starting"]
    assert lab.find("x") == ()
    for ask in (lab.running, lab.down):
        with pytest.raises(LabError) as refused:
            ask("a")
        assert (refused.value.code, refused.value.fields) == ("lab.other_version", {"lab": "a"})
    for handle in held:
        assert handle is not None
        os.close(handle)
    assert standing.status("a").state == "crashed"


@pytest.mark.usefixtures("machine")
def test_a_lab_of_another_version_is_taken_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "take_down", forget)
    folder = Folder(lab="a")
    held = try_lock(folder)
    assert held is not None
    folder.path.mkdir()
    words = [sys.executable, "-c", "import sys; sys.stdin.read()", "-m", "network.lab.supervisor", "a", str(held)]
    with subprocess.Popen(words, pass_fds=[held], stdin=subprocess.PIPE) as theirs:
        os.close(held)
        folder.record.write_text(f'{{"supervisor": {theirs.pid}, "began": 0.0}}')
        assert lab.down("a")
        theirs.wait(10)
    assert labs() == []


@pytest.mark.usefixtures("machine")
def test_a_lab_that_is_being_taken_down_is_up_for_nobody() -> None:
    tolikara = load_regency(SHIPPED / "tolikara")
    folder = Folder(lab="a")
    held = try_lock(folder)
    assert held is not None
    folder.path.mkdir()
    folder.plan.write_text(plan_lab(tolikara, "a").to_json())
    record = Record(supervisor=1, started=0.0, ready_after=1.0)
    record.write(folder)
    assert [each.plan.lab for each in lab.find("tolikara")] == ["a"]
    record.stopping = True
    record.write(folder)
    assert lab.find("tolikara") == ()
    os.close(held)
