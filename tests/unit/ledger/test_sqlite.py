"""The SQLite form: private files, honest errors that leave the file alone, and what a killed process leaves behind."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from network.core.ports import RunRecord
from network.core.slot import Slot
from network.errors import LedgerError
from network.ledger import sqlite
from network.ledger.sqlite import FILE, open_sqlite
from network.messages import text

NOON = datetime(2027, 3, 1, 3, 0, tzinfo=UTC)


def run(id: str, reason: str = "window") -> RunRecord:
    return RunRecord(id=id, regency="manokwari", reason=reason, started=NOON)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}


def refused(folder: Path) -> str:
    """The code of the error that opening gives; both languages of its message name the file."""
    with pytest.raises(LedgerError) as caught:
        open_sqlite(folder)
    for language in ("id", "en"):
        assert str(folder / FILE) in text(caught.value.code, language, caught.value.fields)
    return caught.value.code


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "state"
    before = os.umask(0)
    try:
        with open_sqlite(folder) as ledger:
            ledger.begin(run("run-1"), ())
            found = modes(folder)
    finally:
        os.umask(before)
    assert found == {"state": 0o700, FILE: 0o600, f"{FILE}-wal": 0o600, f"{FILE}-shm": 0o600}


def test_a_file_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    open_sqlite(tmp_path).close()
    (tmp_path / FILE).chmod(0o644)
    open_sqlite(tmp_path).close()
    assert modes(tmp_path)[FILE] == 0o600


def test_a_write_is_on_the_disk_when_the_call_returns(tmp_path: Path) -> None:
    with open_sqlite(tmp_path) as ledger, ledger._database.reading() as connection:
        # Write-ahead log, flushed at every commit (2 is FULL): a claim survives a power cut.
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    with open_sqlite(tmp_path) as ledger:
        ledger.begin(run("run-1"), ())
        with ledger._database.writing():
            assert [found.id for found in ledger.runs("manokwari")] == ["run-1"]


def test_a_second_writer_is_told_who_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_WAIT", 0.05)
    with open_sqlite(tmp_path) as first, open_sqlite(tmp_path) as second:
        with first._database.writing(), pytest.raises(LedgerError) as caught:
            second.begin(run("run-2"), ())
        assert caught.value.code == "ledger.busy"
        second.begin(run("run-2"), ())
        assert [found.id for found in first.runs("manokwari")] == ["run-2"]


def test_what_is_no_ledger_is_left_as_it_is(tmp_path: Path) -> None:
    text = b"offices:\n  - key: diskominfo\n" * 100
    (tmp_path / FILE).write_bytes(text)
    assert refused(tmp_path) == "ledger.corrupt"
    assert (tmp_path / FILE).read_bytes() == text


def test_a_damaged_file_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    with open_sqlite(tmp_path) as ledger:
        ledger.begin(run("run-1"), ())
    damaged = bytearray((tmp_path / FILE).read_bytes())
    damaged[4096:] = b"\xff" * (len(damaged) - 4096)
    (tmp_path / FILE).write_bytes(damaged)
    with pytest.raises(LedgerError) as caught, open_sqlite(tmp_path) as ledger:
        ledger.runs("manokwari")
    assert caught.value.code == "ledger.corrupt"
    assert (tmp_path / FILE).read_bytes() == damaged


def test_a_ledger_of_another_version_is_left_as_it_is(tmp_path: Path) -> None:
    with open_sqlite(tmp_path) as ledger:
        ledger.begin(run("run-1"), ())
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.execute("UPDATE schema_floor SET revision = '9999'")
    connection.commit()
    connection.close()
    assert refused(tmp_path) == "ledger.version"
    connection = sqlite3.connect(tmp_path / FILE)
    assert connection.execute("SELECT id FROM run").fetchall() == [("run-1",)]
    connection.close()


def test_a_folder_that_cannot_be_made_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file stands in the way")
    assert refused(tmp_path / "state") == "ledger.read_only"


def in_child(work: Callable[[], str]) -> str:
    """What `work` answers in a process of its own, which may give up its rights or bound itself."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writing, work().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return text


def attempt(work: Callable[[], object]) -> str:
    try:
        work()
    except LedgerError as error:
        return error.code
    return "done"


def test_a_ledger_of_somebody_else_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with open_sqlite(folder) as ledger:
        ledger.begin(run("run-1"), ())
    for path in (*folder.iterdir(), folder):
        path.chmod(0o555 if path.is_dir() else 0o400)

    def as_nobody() -> str:
        if os.geteuid() == 0:
            os.chown(folder, 65534, 65534)
            os.chown(folder / FILE, 65534, 65534)
            for parent in (tmp_path, *tmp_path.parents[:3]):
                parent.chmod(parent.stat().st_mode | 0o011)
            os.setresuid(65534, 65534, 65534)
        return attempt(lambda: open_sqlite(folder).begin(run("run-2"), ()))

    assert in_child(as_nobody) == "ledger.read_only"


def test_a_write_that_the_disk_refuses_half_way_leaves_nothing_of_itself(tmp_path: Path) -> None:
    with open_sqlite(tmp_path) as ledger:
        ledger.begin(run("run-1"), ())

    def bounded() -> str:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        ledger = open_sqlite(tmp_path)
        answers = [attempt(lambda: ledger.begin(run("run-2", reason="x" * 1_000_000), ()))]
        answers += [attempt(lambda: ledger.begin(run("run-3"), ()))]
        return " ".join(answers)

    assert in_child(bounded) == "ledger.disk done"
    with open_sqlite(tmp_path) as ledger:
        assert [found.id for found in ledger.runs("manokwari")] == ["run-3", "run-1"]


_CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from inventory.units import Direction
from network.core.plan import Phase, ShaperStep
from network.core.ports import RunRecord
from network.core.slot import Slot
from network.core.tree import ShaperId
from network.ledger.sqlite import open_sqlite

noon = datetime(2027, 3, 1, 3, 0, tzinfo=UTC)
folder, name, mode = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
print("ready", flush=True)
sys.stdin.readline()
ledger = open_sqlite(folder)
print(ledger.claim(Slot("manokwari", "shift", "e-planning", noon, "open"), name, noon, "acted"), flush=True)
if mode == "run":
    step = ShaperStep(device="core", shaper=ShaperId(1, "domestic", Direction.UP), phase=Phase.RAISE, attach=True)
    ledger.begin(RunRecord(id=name, regency="manokwari", reason="window", started=noon), (step,))
    ledger.mark(name, "armed", noon)
    print("armed", flush=True)
    sys.stdin.readline()
"""


def child(folder: Path, name: str, mode: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _CHILD, str(folder), name, mode]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_of_processes_that_make_the_file_and_claim_at_once_exactly_one_wins(tmp_path: Path) -> None:
    children = [child(tmp_path / "state", f"run-{number}", "claim") for number in range(3)]
    try:
        assert [line(process) for process in children] == ["ready"] * 3
        for process in children:
            go(process)
        assert sorted(line(process) for process in children) == ["False", "False", "True"]
    finally:
        for process in children:
            process.communicate(timeout=30)
    assert [process.returncode for process in children] == [0, 0, 0]


def test_whoever_finds_the_file_being_made_waits_for_it(tmp_path: Path) -> None:
    maker = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    maker.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_sqlite, tmp_path)
        with pytest.raises(TimeoutError):
            opening.result(timeout=0.3)
        maker.close()
        opening.result(timeout=30).close()


def test_a_file_that_is_never_done_being_made_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_WAIT", 0.05)
    maker = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    maker.execute("BEGIN IMMEDIATE")
    try:
        assert refused(tmp_path) == "ledger.busy"
    finally:
        maker.close()


def test_a_process_killed_in_the_middle_of_a_run_is_seen_as_running(tmp_path: Path) -> None:
    process = child(tmp_path, "run-1", "run")
    try:
        assert line(process) == "ready"
        go(process)
        assert [line(process), line(process)] == ["True", "armed"]
    finally:
        process.kill()
        process.communicate()
    with open_sqlite(tmp_path) as ledger:
        (found,) = ledger.runs("manokwari")
        assert (found.id, found.result, found.steps, found.finished) == ("run-1", "running", 1, None)
        assert ledger.marks("run-1") == (("armed", NOON),)
        assert not ledger.claim(Slot("manokwari", "shift", "e-planning", NOON, "open"), "run-2", NOON, "acted")
        ledger.finish("run-1", "returned", NOON, detail="the device went back by itself")
        assert ledger.runs("manokwari")[0].result == "returned"


@pytest.mark.parametrize("replaced", [False, True], ids=["deleted", "another in its place"])
def test_a_file_that_is_taken_away_under_the_service_is_told_and_comes_back(tmp_path: Path, replaced: bool) -> None:
    with open_sqlite(tmp_path) as ledger:
        ledger.begin(RunRecord(id="run-1", regency="manokwari", reason="test", started=NOON), ())
        kept = (tmp_path / FILE).rename(tmp_path / "elsewhere")
        if replaced:
            (tmp_path / FILE).write_bytes(b"")
        for act in (lambda: ledger.runs("manokwari"), lambda: ledger.finish("run-1", "done", NOON), ledger.ready):
            with pytest.raises(LedgerError) as raised:
                act()
            assert raised.value.code == "ledger.replaced"
        kept.rename(tmp_path / FILE)
        ledger.finish("run-1", "done", NOON)
        assert [run.result for run in ledger.runs("manokwari")] == ["done"]
