"""The record in PostgreSQL, for several controllers: how it is reached and locked, and what its failures mean.

The password is libpq's affair (`PGPASSFILE`, `PGPASSWORD`), never part of an address that could be shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from network.errors import LedgerError, UsageError
from network.ledger.schema import settle
from network.ledger.store import Database, SqlLedger

_CONNECT_SECONDS: Final = 5
_OPTIONS: Final = "-c lock_timeout=10s -c statement_timeout=30s -c timezone=UTC"
_LOCK: Final = 0x6C616A7572
"""Key of the advisory lock that puts writers of the audit chain one after the other ("lajur" in ASCII)."""

_MEANINGS: Final = (
    ("53100", "ledger.full"),
    ("58030", "ledger.disk"),
    ("25006", "ledger.read_only"),
    ("42501", "ledger.read_only"),
    ("55P03", "ledger.busy"),
    ("57014", "ledger.busy"),
    ("40", "ledger.busy"),
    ("XX001", "ledger.corrupt"),
    ("XX002", "ledger.corrupt"),
    ("08", "ledger.unreachable"),
    ("28", "ledger.unreachable"),
    ("3D000", "ledger.unreachable"),
    ("53300", "ledger.unreachable"),
    ("57P", "ledger.unreachable"),
)
"""Beginnings of SQLSTATEs (PostgreSQL, appendix A)."""


def open_postgres(address: str) -> SqlLedger:
    """Open the record at `postgresql://user@host:port/database`, its tables made on first use.

    Raises UsageError for an address that cannot be used, LedgerError when the database cannot be.
    """
    url = _url(address)
    engine = create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "options": _OPTIONS, "application_name": "lajur"},
    )
    database = _database(engine, url.render_as_string(hide_password=True))
    try:
        settle(database)
    except BaseException:
        engine.dispose()
        raise
    return SqlLedger(database)


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise UsageError("settings.ledger") from error
    if url.drivername != "postgresql" or not url.database:
        raise UsageError("settings.ledger")
    if url.password is not None:
        raise UsageError("settings.ledger_secret")
    return url.set(drivername="postgresql+psycopg")


def _database(engine: Engine, name: str) -> Database:
    reader = engine.execution_options(postgresql_readonly=True)

    @contextmanager
    def writing() -> Iterator[Connection]:
        with _translated(name), engine.begin() as connection:
            yield connection

    @contextmanager
    def reading() -> Iterator[Connection]:
        with _translated(name), reader.begin() as connection:
            yield connection

    return Database(name=name, writing=writing, reading=reading, serialise=_serialise, close=engine.dispose)


def _serialise(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        reason = str(error.orig).strip().replace("\n", "; ")
        raise LedgerError(_meaning(error.orig), ledger=name, reason=reason) from error


def _meaning(error: BaseException | None) -> str:
    state = getattr(error, "sqlstate", None)
    if state is None:
        # The server never answered, so it said nothing.
        return "ledger.unreachable" if isinstance(error, psycopg.OperationalError) else "ledger.failed"
    return next((code for begins, code in _MEANINGS if state.startswith(begins)), "ledger.failed")
