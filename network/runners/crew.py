"""Threads that work a list of devices off, as many as are worth having: one that waits for a silent device is replaced."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from statistics import median
from threading import Lock, Thread
from typing import Final, Generic, TypeVar

from network.errors import LajurError

T = TypeVar("T")

_LOOK_AGAIN: Final = 0.25
"""Seconds between two looks at who is silent while no answer comes."""

_LONGER: Final = 4.0
"""A device is silent when it has had so many times as long as those that answered: a machine under load is slow with all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """`limit`: devices at once. One that has had `patience` seconds, and far longer than others needed, counts no more; yet
    never are there more than `most`."""

    limit: int = 64
    most: int = 512
    patience: float = 1.0


@dataclass(frozen=True, slots=True)
class _Mistake:
    """What no device can be blamed for."""

    error: BaseException


class Crew(Generic[T]):
    """One list of devices and its threads; gone when the answers have been taken, or nobody wants them any more."""

    def __init__(self, devices: Sequence[str], work: Callable[[str], T], bounds: Bounds) -> None:
        self._work = work
        self._bounds = bounds
        self._left = deque(devices)
        self._count = len(devices)
        self._answers: SimpleQueue[tuple[str, T | LajurError | _Mistake, float]] = SimpleQueue()
        self._guard = Lock()
        self._since: dict[int, float] = {}
        """By thread: when it took the device that it has."""
        self._threads: list[Thread] = []
        self._needed: deque[float] = deque(maxlen=64)
        """Seconds that the last ones took that answered."""

    def answers(self) -> Iterator[tuple[str, T | LajurError]]:
        """Every device and its result, as they come. A mistake of ours is raised when all that was begun has ended; an
        interrupted caller, or one that stops listening, has nothing more begun."""
        try:
            for _ in range(self._count):
                device, result, seconds = self._next()
                if isinstance(result, _Mistake):
                    raise result.error
                if not isinstance(result, LajurError):
                    self._needed.append(seconds)
                yield device, result
        finally:
            with self._guard:
                self._left.clear()
            for thread in self._threads:
                thread.join()

    def _next(self) -> tuple[str, T | LajurError | _Mistake, float]:
        while True:
            self._fill()
            try:
                return self._answers.get(timeout=_LOOK_AGAIN if self._left else None)
            except Empty:
                continue

    def _fill(self) -> None:
        """Start the threads that there is room for."""
        with self._guard:
            for _ in range(min(self._room(), len(self._left))):
                number = len(self._threads)
                self._since[number] = time.monotonic()
                thread = Thread(target=self._labour, args=(number,), name=f"device-{number}")
                self._threads.append(thread)
                thread.start()

    def _room(self) -> int:
        """How many more devices may be begun now."""
        bounds = self._bounds
        late = time.monotonic() - max(bounds.patience, _LONGER * median(self._needed or [0.0]))
        silent = sum(since < late for since in self._since.values())
        return min(bounds.limit + silent, bounds.most) - len(self._since)

    def _labour(self, number: int) -> None:
        while (device := self._take(number)) is not None:
            began = time.monotonic()
            result = self._result(device)
            self._answers.put((device, result, time.monotonic() - began))

    def _take(self, number: int) -> str | None:
        """The next device. None when there is none, or when this thread has been replaced meanwhile."""
        with self._guard:
            del self._since[number]
            if not self._left or self._room() <= 0:
                return None
            self._since[number] = time.monotonic()
            return self._left.popleft()

    def _result(self, device: str) -> T | LajurError | _Mistake:
        try:
            return self._work(device)
        except LajurError as error:
            return error
        except BaseException as error:  # noqa: BLE001 - whatever it is, the caller is to hear of it
            with self._guard:
                self._left.clear()
            return _Mistake(error)
