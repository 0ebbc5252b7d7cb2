"""The runner: everything at once within its bound, one holder a device, and an error that says who it is."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from network.core.ports import Runner
from network.errors import DeviceBusy, DeviceUnreachable, LajurError, Refused
from network.messages import text
from network.runners.crew import Bounds
from network.runners.threads import ThreadRunner

WAIT = 30.0
"""Seconds after which a test gives up on what must happen; nothing waits for it to pass."""


def at_once(limit: int) -> Bounds:
    """So many and never more, however slow the machine is."""
    return Bounds(limit=limit, most=limit)


def reads_well(error: LajurError) -> bool:
    return all(str(error.fields["device"]) in text(error.code, language, error.fields) for language in ("id", "en"))


def test_results_are_of_each_device_in_the_order_given(tmp_path: Path) -> None:
    results = ThreadRunner(tmp_path).each(["r-c", "r-a", "r-b"], str.upper)
    assert list(results.items()) == [("r-c", "R-C"), ("r-a", "R-A"), ("r-b", "R-B")]


def test_nothing_to_do_is_done(tmp_path: Path) -> None:
    assert ThreadRunner(tmp_path).each([], str.upper) == {}


def test_all_devices_are_worked_on_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(8)
    results = ThreadRunner(tmp_path, bounds=at_once(8)).each(
        [f"r-{n}" for n in range(8)], lambda device: together.wait(WAIT) >= 0
    )
    assert set(results.values()) == {True}


def test_never_more_than_the_bound_at_once(tmp_path: Path) -> None:
    inside, most, guard = 0, 0, threading.Lock()
    together = threading.Barrier(3)

    def work(_device: str) -> None:
        nonlocal inside, most
        with guard:
            inside += 1
            most = max(most, inside)
        together.wait(WAIT)
        with guard:
            inside -= 1

    ThreadRunner(tmp_path, bounds=at_once(3)).each([f"r-{n}" for n in range(12)], work)
    assert most == 3


def test_an_error_is_the_result_of_its_device_and_stops_no_other(tmp_path: Path) -> None:
    dead = DeviceUnreachable("device.unreachable", device="r-1", step="observe")

    def work(device: str) -> str:
        if device == "r-1":
            raise dead
        return "fine"

    results = ThreadRunner(tmp_path).each([f"r-{n}" for n in range(3)], work)
    assert results == {"r-0": "fine", "r-1": dead, "r-2": "fine"}


def test_a_device_that_hangs_delays_nobody(tmp_path: Path) -> None:
    others = threading.Semaphore(0)

    def work(device: str) -> str:
        if device != "r-dead":
            others.release()
            return "fine"
        # Hangs until everybody else has ended: if they waited for it, this would be its time-out.
        if not all(others.acquire(timeout=WAIT) for _ in range(20)):
            raise DeviceUnreachable("device.unreachable", device=device, step="observe")
        return "last"

    results = ThreadRunner(tmp_path, bounds=at_once(4)).each(["r-dead", *[f"r-{n}" for n in range(20)]], work)
    assert results["r-dead"] == "last"


def test_devices_that_all_hang_are_replaced_by_others(tmp_path: Path) -> None:
    others = threading.Semaphore(0)
    dead = [f"r-dead-{number}" for number in range(4)]

    def work(device: str) -> str:
        if device not in dead:
            others.release()
            return "fine"
        if not all(others.acquire(timeout=WAIT) for _ in range(5)):
            raise DeviceUnreachable("device.unreachable", device=device, step="observe")
        return "last"

    runner = ThreadRunner(tmp_path, bounds=Bounds(limit=4, most=8, patience=0.05))
    results = runner.each([*dead, *[f"r-{number}" for number in range(20)]], work)
    assert {results[device] for device in dead} == {"last"}


def test_a_replaced_thread_works_on_nothing_more(tmp_path: Path) -> None:
    inside, guard, silent, replaced = 0, threading.Lock(), threading.Event(), threading.Event()
    seen: list[int] = []

    def work(device: str) -> None:
        nonlocal inside
        with guard:
            inside += 1
            seen.append(inside)
        if device == "r-silent":
            replaced.wait(WAIT)
            silent.set()
        elif device == "r-next":
            replaced.set()
            silent.wait(WAIT)
        with guard:
            inside -= 1

    runner = ThreadRunner(tmp_path, bounds=Bounds(limit=1, most=8, patience=0.5))
    runner.each(["r-silent", "r-next", *[f"r-{number}" for number in range(20)]], work)
    assert max(seen) == 2
    assert seen[-15:] == [1] * 15


def test_a_listener_hears_of_each_device_as_it_ends(tmp_path: Path) -> None:
    first = threading.Event()
    told: list[tuple[str, object, int]] = []

    def work(device: str) -> str:
        if device == "r-slow" and not first.wait(WAIT):
            raise DeviceUnreachable("device.unreachable", device=device, step="observe")
        return device.upper()

    def heard(device: str, result: str | LajurError) -> None:
        told.append((device, result, threading.get_ident()))
        first.set()

    results = ThreadRunner(tmp_path).each(["r-slow", "r-fast"], work, heard)
    me = threading.get_ident()
    assert told == [("r-fast", "R-FAST", me), ("r-slow", "R-SLOW", me)]
    assert list(results) == ["r-slow", "r-fast"]


def test_a_listener_that_raises_has_nothing_more_begun(tmp_path: Path) -> None:
    begun: list[str] = []
    never = threading.Event()

    def work(device: str) -> None:
        begun.append(device)
        never.wait(0.01)

    def heard(device: str, result: object) -> None:
        assert result is None
        raise ValueError(device)

    with pytest.raises(ValueError, match="r-0"):
        ThreadRunner(tmp_path, bounds=at_once(1)).each([f"r-{n}" for n in range(5000)], work, heard)
    assert len(begun) < 5000
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("device")]


def test_a_mistake_of_ours_is_raised_and_nothing_more_is_begun(tmp_path: Path) -> None:
    begun: list[str] = []

    def work(device: str) -> None:
        begun.append(device)
        raise KeyError(device)

    with pytest.raises(KeyError):
        ThreadRunner(tmp_path, bounds=at_once(1)).each([f"r-{n}" for n in range(50)], work)
    assert len(begun) < 50
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("device")]


def test_an_interruption_lets_what_runs_end_and_begins_nothing_more(tmp_path: Path) -> None:
    begun: list[str] = []

    def work(device: str) -> None:
        begun.append(device)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ThreadRunner(tmp_path, bounds=at_once(1)).each([f"r-{n}" for n in range(50)], work)
    assert len(begun) < 50


def busy(runner: Runner, devices: list[str], run: str = "run-2") -> DeviceBusy:
    with pytest.raises(DeviceBusy) as caught, runner.hold(devices, run):
        pytest.fail("held twice")
    assert reads_well(caught.value)
    return caught.value


def test_a_device_has_one_holder_and_the_refusal_names_it(tmp_path: Path) -> None:
    with ThreadRunner(tmp_path).hold(["core"], "run-1"):
        error = busy(ThreadRunner(tmp_path, wait=0.1), ["core"])
        assert error.fields == {"device": "core", "seconds": 0.1, "pid": os.getpid(), "run": "run-1"}
    with ThreadRunner(tmp_path, wait=0.0).hold(["core"], "run-2"):
        assert busy(ThreadRunner(tmp_path, wait=0.0), ["core"], "run-3").fields["run"] == "run-2"


def test_another_device_is_free(tmp_path: Path) -> None:
    with ThreadRunner(tmp_path).hold(["core"], "run-1"), ThreadRunner(tmp_path, wait=0.0).hold(["border"], "run-2"):
        pass


def test_all_are_held_or_none(tmp_path: Path) -> None:
    runner = ThreadRunner(tmp_path, wait=0.0)
    with runner.hold(["core"], "run-1"):
        busy(runner, ["border", "core", "hub-1"])
        with runner.hold(["border", "hub-1"], "run-3"):
            pass


def test_what_raises_within_lets_go(tmp_path: Path) -> None:
    runner = ThreadRunner(tmp_path, wait=0.0)
    with pytest.raises(ValueError, match="within"), runner.hold(["core"], "run-1"):
        raise ValueError("within")
    with runner.hold(["core"], "run-2"):
        pass


def test_a_holder_that_ends_in_time_is_waited_for(tmp_path: Path) -> None:
    order: list[str] = []
    held, tried = threading.Event(), threading.Event()

    def first() -> None:
        with ThreadRunner(tmp_path).hold(["core"], "run-1"):
            held.set()
            tried.wait(WAIT)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    held.wait(WAIT)
    busy(ThreadRunner(tmp_path, wait=0.0), ["core"])
    tried.set()
    with ThreadRunner(tmp_path, wait=WAIT).hold(["core"], "run-2"):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_runs_that_name_devices_in_any_order_do_not_wait_for_each_other_for_ever(tmp_path: Path) -> None:
    devices = [f"r-{n}" for n in range(6)]
    done: list[str] = []

    def turn(run: str, order: list[str]) -> None:
        for _ in range(10):
            with ThreadRunner(tmp_path, wait=WAIT).hold(order, run):
                done.append(run)

    threads = [threading.Thread(target=turn, args=(f"run-{n}", devices[:: 1 - 2 * (n % 2)])) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["run-0"] * 10 + ["run-1"] * 10


_HOLDER = """
import sys
from pathlib import Path
from network.runners.crew import Bounds
from network.runners.threads import ThreadRunner

with ThreadRunner(Path(sys.argv[1])).hold(["core"], "run-elsewhere"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _HOLDER, str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_holder_in_another_process_is_named(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        error = busy(ThreadRunner(tmp_path, wait=0.0), ["core"])
        assert (error.fields["pid"], error.fields["run"]) == (process.pid, "run-elsewhere")


def test_a_holder_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        process.kill()
        process.wait()
        begun = time.monotonic()
        with ThreadRunner(tmp_path, wait=WAIT).hold(["core"], "run-2"):
            assert time.monotonic() - begun < WAIT / 2
            assert busy(ThreadRunner(tmp_path, wait=0.0), ["core"]).fields["run"] == "run-2"


def test_a_lock_that_nobody_signed_is_still_a_lock(tmp_path: Path) -> None:
    runner = ThreadRunner(tmp_path, wait=0.0)
    with runner.hold(["core"], "run-1"):
        (tmp_path / "core.lock").write_text("")
        assert busy(runner, ["core"]).fields["run"] == "?"


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    with ThreadRunner(tmp_path / "locks").hold(["core"], "run-1"):
        assert (tmp_path / "locks").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_used_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("a file stands in the way")
    with pytest.raises(Refused) as caught, ThreadRunner(tmp_path / "locks").hold(["core"], "run-1"):
        pytest.fail("held nothing")
    assert caught.value.code == "lock.unusable"
    assert reads_well(caught.value)
