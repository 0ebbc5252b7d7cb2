"""Answers that serve everybody who asks the same within a while."""

from __future__ import annotations

import threading
from collections.abc import Callable
from math import inf
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")


class Answers:
    """Of one far end, for all threads of this process."""

    def __init__(self) -> None:
        self._locks: dict[str, threading.Lock] = {}
        self._held: dict[str, tuple[float, Any]] = {}

    def lately(self, what: str, seconds: float, get: Callable[[], T]) -> T:
        """What `get` answers; or what it answered to another one who asked for `what`, not earlier than so many seconds ago. What
        it raises serves nobody else. Who would have to wait longer than that for another one's answer asks for himself."""
        lock = self._locks.setdefault(what, threading.Lock())
        alone = lock.acquire(timeout=seconds)
        try:
            now = monotonic()
            when, answer = self._held.get(what, (-inf, None))
            if now - when <= seconds:
                found: T = answer
                return found
            found = get()
            self._held[what] = now, found
            return found
        finally:
            if alone:
                lock.release()
