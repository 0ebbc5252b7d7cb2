"""Who holds a lock of the engine's state, and whether it still lives.

A lock names a host, a process and a moment. That is too little: containers may share a host's name and each counts its processes
anew, and numbers are given again. So every engine that we start has a note of its own in the engine's folder, which it holds
locked (flock) from before its first instruction: the kernel lets go of it when the last who has it open is gone, in whichever
container and by whatever death. A lock without a note is of an engine that was started by hand, or that keeps its notes in a
folder that we do not see; of that one only a view of the whole machine can tell. Where nobody can tell, no lock is taken away.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

_ENGINE: Final = "pulumi"
_WHOLE: Final = 0xEFFFFFFC
"""The inode of the process namespace that sees all others (PROC_PID_INIT_INO of the kernel)."""
_SLACK: Final = 60.0
"""Seconds by which a clock may have been set between an engine's start and its lock."""
_TO_LOCK: Final = 300.0
"""Seconds within which an engine has written its lock, or never will."""
_FRESH: Final = 60.0
"""Seconds for which a lock that cannot be read is taken for one that is just being written."""
_LONGEST: Final = 64 * 1024


class Life(IntEnum):
    """How a lock's holder stands; of several locks the greatest counts, as they are taken away together."""

    DEAD = 0
    UNKNOWN = 1
    WRITING = 2
    LIVING = 3


@dataclass(frozen=True, slots=True)
class Lock:
    """As the engine wrote it: `since` in RFC 3339, `place` for a person to find it by. `age`: of one that is not whole, the
    seconds since something was last written to it; None of a whole one."""

    host: str
    pid: int
    since: str
    holder: str
    place: str
    age: float | None = None

    @property
    def moment(self) -> float | None:
        """Seconds since 1970; None when it is not to be understood."""
        try:
            found = datetime.fromisoformat(self.since)
        except ValueError:
            return None
        return found.timestamp() if found.tzinfo else None


@dataclass(frozen=True, slots=True)
class Here:
    """What tells this place from others. `whole`: every process of this machine can be seen in `proc`."""

    host: str
    boot: str
    machine: str
    whole: bool
    proc: Path = Path("/proc")

    @classmethod
    def found(cls) -> Here:
        proc = Path("/proc")
        # Who may not see other users' processes cannot read the first one's.
        whole = (proc / "self/ns/pid").stat().st_ino == _WHOLE and bool(_text(proc / "1/status"))
        boot = _text(proc / "sys/kernel/random/boot_id").strip()
        return cls(socket.gethostname(), boot, _text(Path("/etc/machine-id")).strip(), whole, proc)


def read_lock(file: Path) -> Lock | None:
    """The lock in a file, whole or not; None when it is gone."""
    try:
        with file.open("rb") as opened:
            written = os.fstat(opened.fileno()).st_mtime
            raw = opened.read(_LONGEST)
    except OSError:
        return None
    try:
        said = json.loads(raw)
        user, host, pid, since = (said[name] for name in ("username", "hostname", "pid", "timestamp"))
        return Lock(str(host), int(pid), str(since), f"{user}@{host}", str(file))
    except (ValueError, TypeError, KeyError):
        return Lock("?", 0, "?", "?", str(file), age=_now() - written)


def gravest(locks: Iterable[Lock], notes: Path, here: Here) -> tuple[Life, Lock]:
    """Of these, at least one, that which most forbids to take them away, and how its holder stands."""
    judged = [(judge(lock, notes, here), lock) for lock in locks]
    return max(judged, key=lambda each: each[0])


def judge(lock: Lock, notes: Path, here: Here) -> Life:
    """`notes`: the folder of the notes of this stack's engines."""
    if lock.age is not None:
        return Life.DEAD if lock.age > _FRESH else Life.WRITING
    if lock.host != here.host:
        return Life.UNKNOWN
    said = list(_noted(lock, notes, here))
    return max(said) if said else _by_number(lock, here)


# ------------------------------------------------------------------------------------------------------------- notes


class Note:
    """One engine's, before it is started. `handles` are to be open in the engine; `is_needed`: it was killed, and may have left a
    lock of which nothing else tells."""

    def __init__(self, handle: int | None, here: Here) -> None:
        self._handle = handle
        self._here = here
        self.handles = () if handle is None else (handle,)
        self.is_needed = False

    def of(self, pid: int) -> None:
        """The engine runs: it alone holds the note from now on."""
        if self._handle is None:
            return
        said = {"pid": pid, "boot": self._here.boot, "machine": self._here.machine}
        with suppress(OSError):
            os.write(self._handle, json.dumps(said).encode())
        self.close()

    def close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
        self._handle = None


@contextmanager
def noted(folder: Path) -> Iterator[Note]:
    """A note for an engine that ends within the block; it stays when it `is_needed`, until `forget`. Without one where the folder
    cannot be written: its lock is then judged as that of an engine that was started by hand."""
    file = folder / f"{secrets.token_hex(8)}.json"
    note = Note(_held(file), Here.found())
    try:
        yield note
    finally:
        note.close()
        if not note.is_needed:
            with suppress(OSError):
                file.unlink()


def forget(folder: Path) -> None:
    """Remove the notes that nobody holds, once no lock is left that they tell of. One that is only being made is not held yet."""
    for file in (*folder.glob("*.json"), *filter(_is_old, folder.glob("*.new"))):
        if not _is_held(file):
            with suppress(OSError):
                file.unlink()


def _held(file: Path) -> int | None:
    """Open and locked before anybody can find it under its name."""
    new = file.with_suffix(".new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        new.replace(file)
    except OSError:
        os.close(handle)
        new.unlink(missing_ok=True)
        return None
    return handle


def _is_old(file: Path) -> bool:
    with suppress(OSError):
        return _now() - file.stat().st_mtime > _TO_LOCK
    return False


def _is_held(file: Path) -> bool:
    """A shared lock: two who look at once do not take each other for the holder."""
    try:
        with file.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _noted(lock: Lock, notes: Path, here: Here) -> Iterator[Life]:
    """What each note that may be of this lock's engine says."""
    for file in notes.glob("*.json"):
        held, said = _is_held(file), _note(file)
        if "pid" not in said:
            # Whoever started it died before it wrote whom it had started: as long as it runs it may be this one.
            if held:
                yield Life.UNKNOWN
        elif said["pid"] == lock.pid:
            if held:
                yield Life.LIVING
            elif _is_in_time(file, lock):
                restarted = here.whole and bool(here.machine) and said.get("machine") == here.machine
                yield Life.DEAD if restarted or (here.boot and said.get("boot") == here.boot) else Life.UNKNOWN


def _note(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(_text(file))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _is_in_time(file: Path, lock: Lock) -> bool:
    """Whether the engine of this note can have written the lock: an old note must not speak for a new process."""
    moment = lock.moment
    try:
        return moment is not None and -_SLACK <= moment - file.stat().st_mtime <= _TO_LOCK
    except OSError:
        return False


# ----------------------------------------------------------------------------------------------------------- numbers


def _by_number(lock: Lock, here: Here) -> Life:
    """By the processes that can be seen: an engine that has this number, here or in a container that we look into, and did not
    start after the lock was written, is its holder."""
    moment = lock.moment
    for process in here.proc.glob("[0-9]*"):
        numbers = _words(process / "status", "NSpid:")
        if str(lock.pid) in numbers and _is_engine(process):
            started = _started(process)
            if moment is None or started is None or started <= moment + _SLACK:
                return Life.LIVING
    return Life.DEAD if here.whole else Life.UNKNOWN


def _is_engine(process: Path) -> bool:
    """One that waits to be reaped holds nothing. Of another user's process the program cannot be read, only its name."""
    if not _words(process / "status", "State:") or _words(process / "status", "State:")[0] in ("Z", "X"):
        return False
    try:
        program = (process / "exe").readlink().name
    except PermissionError:
        program = _text(process / "comm").strip()
    except OSError:
        return False
    return program.removesuffix(" (deleted)") == _ENGINE


def _started(process: Path) -> float | None:
    """Seconds since 1970, by the clock as it is set now."""
    try:
        ticks = int(_text(process / "stat").rpartition(")")[2].split()[19])
        return int(_words(process.parent / "stat", "btime")[0]) + ticks / os.sysconf("SC_CLK_TCK")
    except (IndexError, ValueError):
        return None


def _words(file: Path, name: str) -> list[str]:
    """What follows the name in its line."""
    for line in _text(file).splitlines():
        if line.startswith(name):
            return line.removeprefix(name).split()
    return []


def _text(file: Path) -> str:
    """Empty when it cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(_LONGEST).decode(errors="replace")
    except OSError:
        return ""


def _now() -> float:
    """By the clock that dates files: that of one made this moment."""
    handle = os.memfd_create("now")
    try:
        return os.fstat(handle).st_mtime
    finally:
        os.close(handle)
