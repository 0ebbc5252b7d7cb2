"""A runner whose locks hold on other machines too. Implements `network.core.ports.Runner` around another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from network.core.ports import Heard, Locks, Runner
from network.errors import LajurError

T = TypeVar("T")


class LockedRunner:
    """First this machine's lock, then the others': so a machine never waits for itself over the network."""

    def __init__(self, runner: Runner, locks: Locks, regency: str, *, wait: float = 10.0) -> None:
        self._runner, self._locks, self._regency, self._wait = runner, locks, regency, wait

    @contextmanager
    def hold(self, devices: Sequence[str], run: str) -> Iterator[None]:
        """Raises DeviceBusy naming who holds one of them."""
        with self._runner.hold(devices, run), self._locks.hold(self._regency, devices, run, self._wait):
            yield

    def each(
        self, devices: Sequence[str], work: Callable[[str], T], heard: Heard[T] | None = None
    ) -> Mapping[str, T | LajurError]:
        return self._runner.each(devices, work, heard)
