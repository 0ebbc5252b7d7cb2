"""Whose lock it is and whether he lives: by notes, by processes that run, by processes of another machine's `/proc`."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.complaints import remove_dead_locks, understood
from infra.errors import InfraError
from infra.holders import Here, Life, Lock, forget, judge, noted, read_lock
from infra.request import Request
from infra.state_place import locks, notes
from infra.watch import Heard

HERE = Here.found()
NOBODY = 2**22 + 1  # the kernel gives no process a greater number than 2**22
WHOLE, CONTAINER = replace(HERE, whole=True), replace(HERE, whole=False)
SPOILT = "code: 255\nstdout: \nstderr: error: unexpected end of JSON input\n"


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    made = tmp_path / "state" / ".pulumi" / "locks" / "organization" / "lajur" / "manokwari"
    made.mkdir(parents=True)
    places = {name: str(tmp_path / name) for name in ("home", "folder", "passphrase_file", "known_hosts", "reports")}
    what = {"verb": "recover", "project": "lajur", "stack": "manokwari", "access": {}}
    when = {"today": "2026-11-26", "now": "2026-11-26T08:00:00Z"}
    return Request.model_validate({**places, **what, **when, "state": f"file://{tmp_path / 'state'}"})


def moment(file: Path, seconds: float = 0) -> datetime:
    """The moment that dates a file made now, and some seconds beside it."""
    file.touch()
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) + timedelta(seconds=seconds)


def lock_of(tmp_path: Path, pid: int, *, host: str = HERE.host, seconds: float = 1) -> Lock:
    since = moment(tmp_path / "now", seconds).isoformat()
    return Lock(host, pid, since, f"root@{host}", "lock")


@contextmanager
def running(program: Path) -> Iterator[int]:
    """A process of this program that waits for its input to end."""
    with subprocess.Popen([str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"runs\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"runs\n"
        yield process.pid
        process.stdin.close()


def engine(tmp_path: Path) -> Path:
    """By its name an engine."""
    (tmp_path / "bin").mkdir()
    return Path(shutil.copy(shutil.which("cat") or "cat", tmp_path / "bin" / "pulumi"))


def write(request: Request, name: str, lock: Lock | str) -> Path:
    said = (
        lock
        if isinstance(lock, str)
        else json.dumps({"pid": lock.pid, "username": "root", "hostname": lock.host, "timestamp": lock.since})
    )
    folder = Path(request.state.removeprefix("file://")) / ".pulumi/locks/organization/lajur/manokwari"
    file = folder / f"{name}.json"
    file.write_text(said)
    return file


def aged(file: Path, seconds: float) -> None:
    at = file.stat().st_mtime - seconds
    os.utime(file, (at, at))


def note(folder: Path, **said: Any) -> Path:
    """One that nobody holds any more."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{len(list(folder.iterdir()))}.json"
    file.write_text(json.dumps({"pid": NOBODY, "boot": HERE.boot, "machine": HERE.machine, **said}))
    return file


def engines_words(*found: Lock) -> str:
    said = [f"\n  file:///s/.pulumi/locks/x.json: created by {each.holder} (pid {each.pid}) at {each.since}" for each in found]
    return f"code: 255\nstderr: error: the stack is currently locked by {len(found)} lock(s). Either wait{''.join(said)}"


# ------------------------------------------------------------------------------------------------------- without a note


def test_an_engine_that_runs_holds_its_lock_wherever_we_look_from(tmp_path: Path) -> None:
    with running(engine(tmp_path)) as pid:
        lock = lock_of(tmp_path, pid)
        assert [judge(lock, tmp_path / "notes", here) for here in (WHOLE, CONTAINER)] == [Life.LIVING, Life.LIVING]


def test_a_number_that_another_program_has_now_is_no_holder(tmp_path: Path) -> None:
    with running(Path(shutil.which("cat") or "cat")) as pid:
        assert judge(lock_of(tmp_path, pid), tmp_path, WHOLE) is Life.DEAD
    assert judge(lock_of(tmp_path, NOBODY), tmp_path, WHOLE) is Life.DEAD


def test_an_engine_that_started_after_the_lock_was_written_is_another_one(tmp_path: Path) -> None:
    with running(engine(tmp_path)) as pid:
        assert judge(lock_of(tmp_path, pid, seconds=-3600), tmp_path, WHOLE) is Life.DEAD
        unclear = replace(lock_of(tmp_path, pid), since="yesterday")
        assert judge(unclear, tmp_path, WHOLE) is Life.LIVING, "who cannot compare takes nothing away"


def test_from_inside_a_container_nobody_is_called_dead(tmp_path: Path) -> None:
    assert judge(lock_of(tmp_path, NOBODY), tmp_path, CONTAINER) is Life.UNKNOWN
    assert judge(lock_of(tmp_path, os.getpid()), tmp_path, CONTAINER) is Life.UNKNOWN


def test_another_host_is_not_judged_from_here(tmp_path: Path) -> None:
    with running(engine(tmp_path)) as pid:
        for number in (pid, NOBODY):
            assert judge(lock_of(tmp_path, number, host="elsewhere"), tmp_path, WHOLE) is Life.UNKNOWN


def test_an_engine_in_a_container_of_the_same_name_is_seen_by_its_own_number(tmp_path: Path) -> None:
    """Its process is 4711 here and 7 there."""
    process = tmp_path / "proc" / "4711"
    process.mkdir(parents=True)
    (process / "exe").symlink_to("/usr/bin/pulumi")
    (process / "status").write_text("Name:\tpulumi\nState:\tS (sleeping)\nNSpid:\t4711\t7\n")
    here = replace(WHOLE, proc=tmp_path / "proc")
    assert judge(lock_of(tmp_path, 7), tmp_path, here) is Life.LIVING
    (process / "status").write_text("Name:\tpulumi\nState:\tZ (zombie)\nNSpid:\t4711\t7\n")
    assert judge(lock_of(tmp_path, 7), tmp_path, here) is Life.DEAD


# ---------------------------------------------------------------------------------------------------------- with a note


def test_a_note_is_held_as_long_as_the_engine_lives_and_no_longer(tmp_path: Path) -> None:
    """The one who started it is killed first: what counts is the engine."""
    text = (
        "import subprocess, sys\nfrom pathlib import Path\nfrom infra.holders import noted\n"
        "with noted(Path(sys.argv[1])) as note:\n"
        "    engine = subprocess.Popen(['cat'], stdin=0, stdout=subprocess.DEVNULL, pass_fds=note.handles)\n"
        "    note.of(engine.pid)\n    print(engine.pid, flush=True)\n    sys.stdout.close()\n    engine.wait()\n"
    )
    folder = tmp_path / "notes"
    with subprocess.Popen([sys.executable, "-c", text, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as starter:
        assert starter.stdin is not None
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        starter.kill()
        starter.wait()
        lock = lock_of(tmp_path, pid)
        for here in (WHOLE, CONTAINER):
            assert judge(lock, folder, here) is Life.LIVING
        forget(folder)
        assert list(folder.iterdir()), "a note that is held is not forgotten"
        with os.fdopen(os.pidfd_open(pid), "rb") as ended:
            starter.stdin.close()
            assert select.select([ended], [], [], 60)[0]
    for here in (WHOLE, CONTAINER):
        assert judge(lock, folder, here) is Life.DEAD, "also from inside a container, as the kernel is the same"
    forget(folder)
    assert not list(folder.iterdir())


def test_forgetting_leaves_a_note_that_is_only_being_made(tmp_path: Path) -> None:
    made, left = tmp_path / "made.new", tmp_path / "left.new"
    made.touch()
    left.touch()
    aged(left, 3600)
    forget(tmp_path)
    assert list(tmp_path.iterdir()) == [made]


def test_an_engine_that_is_being_started_may_be_anybody(tmp_path: Path) -> None:
    """Its note does not say its number yet, or never will, as whoever started it is dead."""
    folder, lock = tmp_path / "notes", lock_of(tmp_path, NOBODY)
    with noted(folder):
        assert judge(lock, folder, WHOLE) is Life.UNKNOWN
    assert judge(lock, folder, WHOLE) is Life.DEAD
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("said", "here", "life"),
    [
        ({}, CONTAINER, Life.DEAD),
        ({"boot": "before"}, WHOLE, Life.DEAD),  # restarted since
        ({"boot": "before"}, CONTAINER, Life.UNKNOWN),  # images are copied, and what names the machine with them
        ({"boot": "before", "machine": "another"}, WHOLE, Life.UNKNOWN),
        ({"boot": "before"}, replace(WHOLE, machine=""), Life.UNKNOWN),
        ({"boot": ""}, replace(CONTAINER, boot=""), Life.UNKNOWN),
        ({"pid": NOBODY + 1}, CONTAINER, Life.UNKNOWN),  # another engine's
    ],
)
def test_a_note_that_nobody_holds_speaks_for_engines_of_this_kernel(
    tmp_path: Path, said: dict[str, Any], here: Here, life: Life
) -> None:
    folder = tmp_path / "notes"
    machine = {"machine": "this", **said}
    note(folder, **machine)
    assert judge(lock_of(tmp_path, NOBODY), folder, replace(here, machine=here.machine and "this")) is life


def test_an_old_note_does_not_speak_for_a_new_process(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    aged(note(folder), 3600)
    assert judge(lock_of(tmp_path, NOBODY), folder, CONTAINER) is Life.UNKNOWN


# ------------------------------------------------------------------------------------------------- locks that lie there


def test_a_lock_is_read_as_the_engine_writes_it(request_: Request) -> None:
    file = write(request_, "a", replace(lock_of(request_.home.parent, 7), since="2026-11-26T18:00:00.123456789+09:00"))
    lock = read_lock(file)
    assert lock is not None
    assert (lock.host, lock.pid, lock.holder, lock.age) == (HERE.host, 7, f"root@{HERE.host}", None)
    assert lock.moment == pytest.approx(datetime(2026, 11, 26, 9, tzinfo=UTC).timestamp(), abs=1)
    assert read_lock(file.with_name("b.json")) is None


@pytest.mark.parametrize("half", ["", '{"pid": 7, "user', "\0\0\0\0", "[]", '{"pid": 7}', '{"pid": "x", "username": "a"}'])
def test_a_lock_that_is_not_whole_is_left_until_nobody_can_be_writing_it(request_: Request, half: str) -> None:
    file = write(request_, "a", half)
    fresh = understood(SPOILT, Heard(), request_)
    assert (fresh.code, fresh.exit_code, fresh.fields["lock"]) == ("infra.state_lock_half", 3, str(file))
    remove_dead_locks(request_)
    assert file.exists()
    aged(file, 3600)
    assert understood(SPOILT, Heard(), request_).code == "infra.state_locked_dead"
    remove_dead_locks(request_)
    assert not file.exists()


def test_of_several_locks_the_one_that_forbids_most_is_told(request_: Request) -> None:
    folder = request_.home.parent
    dead, foreign = lock_of(folder, NOBODY), lock_of(folder, 7, host="elsewhere")
    note(notes(request_))

    def told() -> InfraError:
        return understood(engines_words(*(lock for file in locks(request_) if (lock := read_lock(file)))), Heard(), request_)

    kept = [write(request_, "a", dead)]
    assert told().code == "infra.state_locked_dead"
    kept.append(write(request_, "b", foreign))
    assert (told().code, told().fields["holder"]) == ("infra.state_locked_elsewhere", "root@elsewhere")
    assert told().fields["lock"] == str(kept[1])
    kept.append(write(request_, "c", "{"))
    assert understood(SPOILT, Heard(), request_).code == "infra.state_lock_half"
    with running(engine(folder)) as pid:
        kept.append(write(request_, "d", lock_of(folder, pid)))
        assert (told().code, told().fields["pid"]) == ("infra.state_locked", pid)
        remove_dead_locks(request_)
        assert locks(request_) == kept[1:], "a dead one goes, and nobody else's with it"


def test_one_that_ended_while_we_looked_has_taken_its_lock_with_it(request_: Request) -> None:
    gone = lock_of(request_.home.parent, NOBODY)
    error = understood(engines_words(gone), Heard(), request_)
    assert (error.code, error.fields["pid"]) == ("infra.state_locked", NOBODY)


def test_in_a_database_the_engines_words_are_all_there_is(request_: Request) -> None:
    shared = request_.model_copy(update={"state": "postgres://db/state"})
    foreign = replace(lock_of(request_.home.parent, 7), holder="siti@dinas@elsewhere")
    veiled = "****:****"  # as the engine writes a login
    text = engines_words(foreign).replace("file:///s/", f"postgres://{veiled}@db/state/")
    error = understood(text, Heard(), shared)
    assert error.code == "infra.state_locked_elsewhere"
    assert error.fields == {
        "holder": "siti@dinas@elsewhere",
        "pid": 7,
        "since": foreign.since,
        "lock": "pulumi_state: .pulumi/locks/x.json",
    }
    assert understood(SPOILT, Heard(), shared).code == "infra.state_half"
