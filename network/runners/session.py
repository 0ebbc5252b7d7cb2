"""The end of everything that a child process of ours started, as long as it stayed in the child's session.

A process group is not enough: the engine gives each of its plugins a group of its own, so that Ctrl-C does not reach them.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_PROCESSES: Final = Path("/proc")
_LOOK_AGAIN: Final = 0.02
_POLITE: Final = 2.0
"""Seconds between being asked to end and being ended."""

_MOST: Final = 10.0
"""Seconds after which nobody is waited for any more: a process that hangs in the kernel ends when the kernel lets it."""


def end_session(leader: int) -> None:
    """End every process of the session that `leader` began, itself too: asked first, then killed. Its number is still its own,
    as long as nobody has waited for it."""
    began = time.monotonic()
    asked: set[int] = set()
    while members := session_members(leader):
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
    found = set()
    for each in _PROCESSES.iterdir():
        if each.name.isdecimal():
            with suppress(OSError, ValueError, IndexError):
                # The name of the program stands in brackets and may hold anything, also blanks and brackets.
                state, _, _, session = (each / "stat").read_text(errors="replace").rpartition(")")[2].split()[:4]
                if int(session) == leader and state not in "ZX":
                    found.add(int(each.name))
    return found
