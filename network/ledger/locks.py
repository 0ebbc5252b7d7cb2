"""Locks that hold between controllers. Implements `network.core.ports.Locks` with what the database has."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from network.ledger.database import Database


class SqlLocks:
    """On one machine the files of its runner lock; there this holds nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def hold(self, regency: str, devices: Sequence[str], run: str, wait: float) -> AbstractContextManager[None]:
        return self._database.lock(regency, sorted(set(devices)), run, wait)
