"""The two sessions by which a device on which links end is reached: one that changes, and one that is opened after a change and
nothing else, by which it is proved and kept.

A session that died between two calls is opened anew; one that dies while a change is under way is not asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from network.drivers.link_failures import Where, translated
from network.errors import DeviceError, SessionCut

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTarget:
    """Where a device answers and as what. `known_hosts` is the file of pinned keys; `seconds` bounds each silence."""

    device: str
    host: str
    port: int
    username: str
    known_hosts: str
    seconds: float = 15.0

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


class Which(Enum):
    MAIN = "main"
    FRESH = "fresh"


class Sessions:
    """Opens them with `connect`, asks `lives` of one that it has, and lets go of one with `leave`.

    Whatever the library that is used raises comes out as one of our errors.
    """

    def __init__(
        self, target: LinkTarget, connect: Callable[[], Any], lives: Callable[[Any], bool], leave: Callable[[Any], None]
    ) -> None:
        self._target = target
        self._connect, self._lives, self._leave = connect, lives, leave
        self._open: dict[Which, Any] = {}

    @property
    def latest(self) -> Which:
        """The one that was opened last: what it shows is what somebody sees who comes after the change."""
        return Which.FRESH if Which.FRESH in self._open else Which.MAIN

    def look(self, which: Which, doing: str, work: Callable[[Any], T]) -> T:
        """Work that only looks: once more on a new session when the old one turns out to be dead."""
        had = which in self._open
        try:
            return self._once(which, doing, work)
        except SessionCut:
            if not had:
                raise
        return self._once(which, doing, work)

    def get(self, which: Which, doing: str) -> Any:
        """A session that lives."""
        session = self._open.get(which)
        if session is not None and self._is_alive(session):
            return session
        self.drop(which)
        with self.words(doing, sent=False):
            session = self._connect()
        self._open[which] = session
        return session

    def drop(self, which: Which) -> None:
        session = self._open.pop(which, None)
        if session is not None:
            with suppress(Exception):
                self._leave(session)

    def close(self) -> None:
        for which in Which:
            self.drop(which)

    @contextmanager
    def words(self, doing: str, *, sent: bool) -> Iterator[None]:
        """Foreign exceptions as ours. `sent`: what was asked may have been done."""
        target = self._target
        where = Where(device=target.device, step=doing, address=target.address, host=target.host, port=target.port)
        try:
            yield
        except DeviceError:
            raise
        except Exception as error:
            ours = translated(error, where, known_hosts=target.known_hosts, username=target.username, sent=sent)
            if ours is None:
                raise
            raise ours from error

    def _once(self, which: Which, doing: str, work: Callable[[Any], T]) -> T:
        session = self.get(which, doing)
        try:
            with self.words(doing, sent=True):
                return work(session)
        except DeviceError:
            self.drop(which)
            raise

    def _is_alive(self, session: Any) -> bool:
        try:
            return self._lives(session)
        except Exception:  # noqa: BLE001 - whatever a library says of a dead session, it is dead
            return False
