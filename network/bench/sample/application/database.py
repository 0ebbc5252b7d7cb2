"""A few kept connections to PostgreSQL. One that has died meanwhile is replaced without anybody noticing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from queue import Empty, LifoQueue
from typing import Any, Final, TypeVar

import psycopg2
from psycopg2.errors import UndefinedColumn, UndefinedTable

PATIENCE: Final = 2.0
"""Seconds to wait for a free connection."""

_MANNERS: Final = {
    "connect_timeout": 2,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 3000,  # ms
    "options": "-c statement_timeout=3000 -c lock_timeout=3000",  # ms: what is under way ends before the service has to
}

_T = TypeVar("_T")


class Away(Exception):
    """The database does not answer, or no connection came free in time."""


class Behind(Exception):
    """The database answers, but its tables are not those of this version."""


def connect(database: Mapping[str, Any], name: str) -> Any:
    """A new connection, each statement its own transaction. `name` is what the database's own lists show."""
    made = psycopg2.connect(**{**_MANNERS, "application_name": name, **database})
    made.autocommit = True
    return made


class Pool:
    """At most `size` connections, opened when first needed; safe for many threads."""

    def __init__(self, database: Mapping[str, Any], name: str, size: int = 6) -> None:
        self._database = database
        self._name = name
        self._slots: LifoQueue[Any] = LifoQueue()
        for _ in range(size):
            self._slots.put(None)

    def run(self, work: Callable[[Any], _T], patience: float = PATIENCE) -> _T:
        """Let `work` use a connection; it is called once more on a new one where a kept one turns out to be dead, so it must
        be repeatable. Raises Away and Behind.
        """
        try:
            kept = self._slots.get(timeout=patience)
        except Empty:
            raise Away from None
        try:
            while True:
                fresh = kept is None
                try:
                    kept = kept or connect(self._database, self._name)
                    return work(kept)
                except (UndefinedColumn, UndefinedTable) as error:
                    raise Behind from error
                except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
                    dead = kept is None or kept.closed
                    kept = None if dead else kept
                    if fresh or not dead:
                        raise Away from error
                except psycopg2.Error as error:  # read-only, no rights, full: it is there and of no use
                    raise Away from error
        finally:
            self._slots.put(kept)

    def close(self) -> None:
        """Close what is idle."""
        while not self._slots.empty():
            kept = self._slots.get_nowait()
            if kept is not None:
                kept.close()
