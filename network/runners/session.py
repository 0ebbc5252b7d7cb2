"""The end of everything that a child process of ours started: what is in its session, and what descends from it.

A process group is not enough: the engine gives each of its plugins a group of its own, so that Ctrl-C does not reach them. Nor is
the session: Ansible's workers begin one of their own. A descendant of another session whose parents all ended before we looked is
not found; it wanted to stay, as a connection that is kept open for a while.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROCESSES: Final = Path("/proc")
_LOOK_AGAIN: Final = 0.02
_POLITE: Final = 2.0
"""Seconds between being asked to end and being ended."""

_MOST: Final = 10.0
"""Seconds after which nobody is waited for any more: a process that hangs in the kernel ends when the kernel lets it."""


def end_session(leader: int) -> None:
    """End every process of the session that `leader` began, itself too, and every descendant: asked first, then killed. Its
    number is still its own, as long as nobody has waited for it."""
    began = time.monotonic()
    asked: set[int] = set()
    known: dict[int, _Process] = {}
    while members := set(known := _family(leader, known)):
        waited = time.monotonic() - began
        if waited > _MOST:
            return
        for pid in members:
            if waited > _POLITE or pid not in asked:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if waited > _POLITE else signal.SIGTERM)
        asked |= members
        time.sleep(_LOOK_AGAIN)


def has_ended(leader: int, until: float) -> bool:
    """Whether all of the session ended by themselves, waited for until that moment of the monotonic clock."""
    while session_members(leader):
        if time.monotonic() > until:
            return False
        time.sleep(_LOOK_AGAIN)
    return True


def session_members(leader: int) -> set[int]:
    """The processes of that session that still run."""
    return {pid for pid, each in _running().items() if each.session == leader and each.runs}


@dataclass(frozen=True, slots=True)
class _Process:
    """`begun`: the kernel's moment of its start, so that a number that is given anew is not taken for the one before."""

    parent: int
    session: int
    begun: int
    runs: bool


def _family(leader: int, known: Mapping[int, _Process]) -> dict[int, _Process]:
    """Who still runs of the session, of its descendants and of `known`: who loses its parent is not found by it any more."""
    every = _running()
    kin = {pid for pid, each in every.items() if each.session == leader}
    kin |= {pid for pid, each in known.items() if pid in every and every[pid].begun == each.begun}
    fresh = kin
    while fresh:
        fresh = {pid for pid, each in every.items() if each.parent in fresh and pid not in kin}
        kin |= fresh
    return {pid: every[pid] for pid in kin if pid in every and every[pid].runs}


def _running() -> dict[int, _Process]:
    """All processes there are, those too that ended and that nobody has waited for yet."""
    found = {}
    for each in _PROCESSES.iterdir():
        if each.name.isdecimal():
            with suppress(OSError, ValueError, IndexError):
                # The name of the program stands in brackets and may hold anything, also blanks and brackets.
                said = (each / "stat").read_text(errors="replace").rpartition(")")[2].split()
                found[int(each.name)] = _Process(int(said[1]), int(said[3]), int(said[19]), said[0] not in "ZX")
    return found
