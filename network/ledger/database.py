"""What every part of the record stands on: how one kind of database is used."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """How one kind of database is used: a transaction that may write, one that only reads, and letting go.

    A transaction is all or nothing and raises LedgerError for the database's own failures; IntegrityError passes.
    `serialise` makes a writing transaction wait until no other one that called it is under way. `lock` holds names between
    machines for as long as its context, waiting so many seconds at most; one machine's database has nothing to lock.
    `room` raises LedgerError when there is hardly any left to write to, as far as that can be known before.
    """

    name: str
    writing: Callable[[], AbstractContextManager[Connection]]
    reading: Callable[[], AbstractContextManager[Connection]]
    serialise: Callable[[Connection], None]
    close: Callable[[], None]
    lock: Callable[[str, list[str], str, float], AbstractContextManager[None]]
    room: Callable[[], None]
