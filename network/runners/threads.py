"""Concurrency over devices in one place: bounded threads, and the one lock that each device has on this machine.

Implements `network.core.ports.Runner`. Never starts work that nobody waits for, and never outlives its caller.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final, TypeVar

from network.core.ports import Heard
from network.errors import DeviceBusy, LajurError, Refused
from network.runners.crew import Bounds, Crew

T = TypeVar("T")

_BOUNDS: Final = Bounds()
_LOOK_AGAIN: Final = 0.05
"""Seconds between two attempts at a lock; flock itself cannot wait with a bound."""

_NOTED: Final = ("actor", "workload")
"""What a note may hold."""


class ThreadRunner:
    """Runs work for devices within `bounds`; locks are files in `folder`, which belongs to one regency.

    A lock is the kernel's: it excludes threads and processes alike and ends with its holder, however that dies.
    `wait` is how long `hold` waits for all locks together, in seconds. `note` is what who holds one lets others know of it.
    """

    def __init__(
        self, folder: Path, *, bounds: Bounds = _BOUNDS, wait: float = 10.0, note: Mapping[str, str] | None = None
    ) -> None:
        self._folder = folder
        self._bounds = bounds
        self._wait = wait
        self._note = dict(note or {})

    @contextmanager
    def hold(self, devices: Sequence[str], run: str) -> Iterator[None]:
        """Hold the locks of all `devices`, or none: raises DeviceBusy with the pid, run and note of the holder.

        Not reentrant: holding a device again within is waiting for oneself.
        """
        deadline = time.monotonic() + self._wait
        with ExitStack() as held:
            # One order for everybody, or two runs could each wait for what the other holds.
            for device in sorted(set(devices)):
                held.enter_context(self._locked(device, run, deadline))
            yield

    def each(
        self, devices: Sequence[str], work: Callable[[str], T], heard: Heard[T] | None = None
    ) -> Mapping[str, T | LajurError]:
        """`work` for every device, in the order given; a LajurError is that device's result.

        Anything else is a mistake of ours and is raised when all work that was begun has ended. When the caller is
        interrupted, nothing more is begun.
        """
        found: dict[str, T | LajurError] = {}
        for device, result in Crew(tuple(dict.fromkeys(devices)), work, self._bounds).answers():
            found[device] = result
            if heard is not None:
                heard(device, result)
        return {device: found[device] for device in devices}

    @contextmanager
    def _locked(self, device: str, run: str, deadline: float) -> Iterator[None]:
        with ExitStack() as stack:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                file = stack.enter_context((self._folder / f"{device}.lock").open("a+b", buffering=0))
                while not _taken(file):
                    if time.monotonic() >= deadline:
                        raise DeviceBusy("lock.busy", device=device, seconds=self._wait, **_holder(file))
                    time.sleep(_LOOK_AGAIN)
                file.truncate(0)
                file.write(json.dumps({**self._note, "pid": os.getpid(), "run": run}).encode())
            except OSError as error:
                raise Refused("lock.unusable", device=device, folder=str(self._folder), reason=error.strerror) from error
            yield


def _taken(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: IO[bytes]) -> dict[str, object]:
    """Who wrote itself down. A holder that has only just locked has not yet, and is shown as `?`."""
    file.seek(0)
    try:
        written = json.loads(file.read())
        note = {name: each for name, each in written.items() if name in _NOTED and isinstance(each, str)}
        return {**note, "pid": written["pid"], "run": written["run"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"pid": "?", "run": "?"}
