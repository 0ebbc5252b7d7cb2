"""The record in PostgreSQL, for several controllers: how it is reached and locked, and what its failures mean.

The password is libpq's affair (`PGPASSFILE`, `PGPASSWORD`), never part of an address that could be shown.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from hashlib import sha256
from typing import Final

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection

from network.errors import DeviceBusy, LedgerError, UsageError
from network.ledger.database import Database
from network.ledger.schema import settle
from network.ledger.store import SqlLedger

_CONNECT_SECONDS: Final = 5
_SILENT: Final = {"idle": 10, "interval": 5, "count": 3}
"""Seconds of silence after which the other end is asked, between two questions, and how many remain unanswered: a machine that
lost its power or its cable says no goodbye, and would hold its locks for hours."""

_OPTIONS: Final = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "lock_timeout": "10s",
        "statement_timeout": "30s",
        "timezone": "UTC",
        **{f"tcp_keepalives_{name}": seconds for name, seconds in _SILENT.items()},
        "tcp_user_timeout": "25s",
    }.items()
)
_CONNECTION: Final = {
    "connect_timeout": _CONNECT_SECONDS,
    "options": _OPTIONS,
    "application_name": "lajur",
    **{f"keepalives_{name}": seconds for name, seconds in _SILENT.items()},
    "tcp_user_timeout": 25_000,
}
_LOCK: Final = 0x6C616A7572
"""Key of the advisory lock that puts writers of the audit chain one after the other ("lajur" in ASCII)."""

_LOOK_AGAIN: Final = 0.05
"""Seconds between two attempts at a lock: waiting in the server could not be ended at a moment of ours."""

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
        connect_args=dict(_CONNECTION),
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

    def lock(regency: str, devices: list[str], run: str, wait: float) -> AbstractContextManager[None]:
        return _locked(engine, name, regency, devices, run, wait)

    return Database(
        name=name, writing=writing, reading=reading, serialise=_serialise, close=engine.dispose, lock=lock, room=_unknown
    )


@contextmanager
def _locked(engine: Engine, name: str, regency: str, devices: list[str], run: str, wait: float) -> Iterator[None]:
    """Locks of a session that nobody else uses: they end with it, however this controller dies. Raises DeviceBusy."""
    deadline = time.monotonic() + wait
    with ExitStack() as stack:
        with _translated(name):
            session = stack.enter_context(engine.connect().execution_options(isolation_level="AUTOCOMMIT"))
            stack.callback(session.invalidate)  # closed for good, not lent to somebody else with its locks
            session.execute(text("SELECT set_config('application_name', :run, false)"), {"run": f"lajur {run}"})
            for device in devices:
                key = _lock_key(regency, device)
                while not session.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar():
                    if time.monotonic() >= deadline:
                        raise DeviceBusy("lock.busy", device=device, seconds=wait, **_holder(session, key))
                    time.sleep(_LOOK_AGAIN)
        yield


def _lock_key(regency: str, device: str) -> int:
    """64 bits, as advisory locks are named by."""
    return int.from_bytes(sha256(f"{regency}/{device}".encode()).digest()[:8], "big", signed=True)


def _holder(session: Connection, key: int) -> dict[str, object]:
    found = session.execute(
        text(
            "SELECT a.pid, a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
            "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
            "AND l.classid::bigint = ((:key >> 32) & 4294967295) AND l.objid::bigint = (:key & 4294967295)"
        ),
        {"key": key},
    ).first()
    return {"pid": found[0], "run": found[1].removeprefix("lajur ")} if found else {"pid": "?", "run": "?"}


def _unknown() -> None:
    """How much room the server has is not ours to ask; it says so when there is none."""


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
    except NoConnection as error:
        raise LedgerError("ledger.busy", ledger=name, reason="no connection is free") from error


def _meaning(error: BaseException | None) -> str:
    state = getattr(error, "sqlstate", None)
    if state is None:
        # The server never answered, so it said nothing.
        return "ledger.unreachable" if isinstance(error, psycopg.OperationalError) else "ledger.failed"
    return next((code for begins, code in _MEANINGS if state.startswith(begins)), "ledger.failed")
