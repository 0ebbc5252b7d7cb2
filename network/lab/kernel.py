"""The few system calls that Python 3.11 has no words for. Nothing else: no name, no path and no decision of a lab.

All raise OSError as the calls of `os` do.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final

_CLONE_NEWNET: Final = 0x40000000
_CLONE_NEWNS: Final = 0x00020000
_CLONE_NEWUSER: Final = 0x10000000
_PR_SET_CHILD_SUBREAPER: Final = 36
_MNT_DETACH: Final = 2
_MS_BIND: Final = 0x1000
_MS_MOVE: Final = 0x2000
_MS_REC: Final = 0x4000
_MS_PRIVATE: Final = 0x40000
_libc: Final = ctypes.CDLL(None, use_errno=True)


def enter_network(handle: int) -> None:
    """Move the calling thread, and no other, into the network namespace that `handle` is open on."""
    _checked(_libc.setns(handle, _CLONE_NEWNET))


def leave_users_and_mounts() -> None:
    """Give the calling process, which may have one thread, users and mounts of its own: nobody else sees what it mounts."""
    _checked(_libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNS))
    _checked(_libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None))


def leave_network() -> None:
    """Give the calling thread a network of its own, with nothing in it."""
    _checked(_libc.unshare(_CLONE_NEWNET))


def enter_users_and_mounts(users: int, mounts: int) -> None:
    """Move the calling process into the namespaces that these are open on. It may have one thread."""
    _checked(_libc.setns(users, _CLONE_NEWUSER))
    _checked(_libc.setns(mounts, _CLONE_NEWNS))


def adopt_orphans() -> None:
    """Make the calling process the parent of whatever its descendants leave behind, so that it can be reaped."""
    _checked(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))


def mount_memory(path: Path, name: str, options: str) -> None:
    """Mount a new tmpfs on `path`; `name` is what the mount table shows."""
    _checked(_libc.mount(name.encode(), os.fsencode(path), b"tmpfs", 0, options.encode()))


def mount_tree(seen: Path, path: Path) -> None:
    """Let `path` show the folder `seen`, with all that is mounted below it."""
    _checked(_libc.mount(os.fsencode(seen), os.fsencode(path), None, _MS_BIND | _MS_REC, None))


def move_mount(path: Path, to: Path) -> None:
    """What is mounted on `path`, with all that is mounted below it, covers `to` instead."""
    _checked(_libc.mount(os.fsencode(path), os.fsencode(to), None, _MS_MOVE, None))


def unmount(path: Path) -> None:
    """Take away what is mounted on `path`: at once for new users, later for those who still have files open there."""
    _checked(_libc.umount2(os.fsencode(path), _MNT_DETACH))


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
