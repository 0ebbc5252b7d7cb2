"""The record as one SQLite file: how it is opened, locked and kept safe, and what its failures mean.

Never deletes or repairs a file; a damaged one is named and left for a person.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import ConnectionPoolEntry

from network.errors import LedgerError, LedgerRefused
from network.ledger.database import Database
from network.ledger.schema import settle
from network.ledger.store import SqlLedger

FILE: Final = "ledger.sqlite3"
_WAIT: Final = 10.0
"""Seconds that a writer waits for another one. A transaction of ours lasts milliseconds."""

_LEAST_ROOM: Final = 1024 * 1024
"""Bytes on the disk below which the record is not well: a day of it takes less."""

_LOOK_AGAIN: Final = 0.01
"""Seconds between two attempts at what SQLite itself does not wait for."""

_MEANINGS: Final = (
    ("SQLITE_FULL", "ledger.full"),
    ("SQLITE_IOERR", "ledger.disk"),
    ("SQLITE_READONLY", "ledger.read_only"),
    ("SQLITE_CANTOPEN", "ledger.read_only"),
    ("SQLITE_PERM", "ledger.read_only"),
    ("SQLITE_BUSY", "ledger.busy"),
    ("SQLITE_LOCKED", "ledger.busy"),
    ("SQLITE_CORRUPT", "ledger.corrupt"),
    ("SQLITE_NOTADB", "ledger.corrupt"),
)
"""Beginnings of SQLite's own names of its result codes (sqlite.org, "Result and Error Codes")."""


def open_sqlite(folder: Path) -> SqlLedger:
    """Open the record in `folder`, made on first use: folder for its owner only, file 0600.

    Raises LedgerError when the file cannot be used; it is then as it was.
    """
    path = folder / FILE
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": _WAIT})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    database = _database(engine, path)
    try:
        with _translated(path):
            _make_private(path)
        settle(database)
    except BaseException as error:
        engine.dispose()
        if isinstance(error, LedgerError) and error.code == "ledger.read_only":
            raise LedgerRefused(error.code, **error.fields) from error
        raise
    return SqlLedger(database)


def _make_private(path: Path) -> None:
    """Make folder and file. An existing file is never opened here: closing it would drop this process's SQLite locks."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)


def _prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Take transactions out of the driver's hands (it would begin late and deferred) and be strict and durable."""
    connection.isolation_level = None
    _use_wal(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Of several that find a file which is not in this mode yet, each reads before it writes; so SQLite fails all but one at
    once, whatever its timeout says: none of them could have waited for the others to stop reading."""
    deadline = time.monotonic() + _WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() >= deadline:
                raise
            time.sleep(_LOOK_AGAIN)
        else:
            return


def _begin(connection: Connection) -> None:
    """A writer takes the lock first: two that read and then both write could otherwise never both finish."""
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _database(engine: Engine, path: Path) -> Database:
    reader, same = engine.execution_options(reads=True), _SameFile(path)

    @contextmanager
    def writing() -> Iterator[Connection]:
        same.look()
        with _translated(path), engine.begin() as connection:
            yield connection

    @contextmanager
    def reading() -> Iterator[Connection]:
        same.look()
        with _translated(path), reader.begin() as connection:
            yield connection

    return Database(
        name=str(path),
        writing=writing,
        reading=reading,
        serialise=_serialise,
        close=engine.dispose,
        lock=_no_lock,
        room=partial(_look_for_room, path),
    )


class _SameFile:
    """SQLite goes on with a file that somebody has deleted or put another in the place of, and all that is written is lost."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own: tuple[int, int] | None = None

    def look(self) -> None:
        """Raises LedgerError when the file is not the one that was opened."""
        try:
            told = self._path.stat()
        except FileNotFoundError as error:
            raise LedgerError("ledger.replaced", ledger=str(self._path)) from error
        except OSError as error:
            raise LedgerError("ledger.read_only", ledger=str(self._path), reason=error.strerror or str(error)) from error
        found = told.st_dev, told.st_ino
        self._own = self._own or found
        if found != self._own:
            raise LedgerError("ledger.replaced", ledger=str(self._path))


def _serialise(connection: Connection) -> None:
    """A writer holds the whole file already."""


def _look_for_room(path: Path) -> None:
    """A transaction that is taken back never reaches the disk, so the file system is asked."""
    with _translated(path):
        found = os.statvfs(path.parent)
    left = found.f_bavail * found.f_frsize
    if left < _LEAST_ROOM:
        raise LedgerError("ledger.full", ledger=str(path), reason=f"{left} of {_LEAST_ROOM} bytes left")


def _no_lock(*_: object) -> AbstractContextManager[None]:
    """One machine has this file, and its controllers lock each other out by files already."""
    return nullcontext()


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise LedgerError(_meaning(error.orig), ledger=str(path), reason=str(error.orig)) from error
    except NoConnection as error:
        raise LedgerError("ledger.busy", ledger=str(path), reason="no connection is free") from error
    except sqlite3.Error as error:
        raise LedgerError(_meaning(error), ledger=str(path), reason=str(error)) from error
    except OSError as error:
        raise LedgerError("ledger.read_only", ledger=str(path), reason=error.strerror or str(error)) from error


def _meaning(error: Any) -> str:
    name = getattr(error, "sqlite_errorname", "")
    return next((code for begins, code in _MEANINGS if name.startswith(begins)), "ledger.failed")
