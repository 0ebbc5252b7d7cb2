"""Processes that the engine starts live no longer than it does: the engine itself leaves them behind when it is killed."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable
from typing import Protocol


class Readable(Protocol):
    """Something whose being readable means: end now."""

    def fileno(self) -> int: ...


def when_gone(parent: int, do: Callable[[], None]) -> None:
    """Call `do`, in a thread, once the process `parent` is gone."""
    try:
        handle = os.pidfd_open(parent)
    except ProcessLookupError:
        do()
        return

    def watch() -> None:
        select.select([handle], [], [])
        do()

    threading.Thread(target=watch, name="parent", daemon=True).start()


def tie(parent: int, *ends: Readable) -> None:
    """End this process as soon as `parent`, which started it, is gone, or one of `ends` can be read. No lock and no call under
    way can delay it. `parent` is what `os.getppid` said first of all: when it is another by now, that one is gone already."""
    try:
        handle = os.pidfd_open(parent)
    except ProcessLookupError:
        os._exit(1)
    if os.getppid() != parent:
        os._exit(1)

    def watch() -> None:
        select.select([handle, *(end.fileno() for end in ends)], [], [])
        os._exit(1)

    threading.Thread(target=watch, name="leash", daemon=True).start()
