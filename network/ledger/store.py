"""The durable record in a relational database: runs, their steps and phases, the claims on slots, and the audit log.

Implements `network.core.ports.Ledger` and `AuditLog` for any engine; a database's own habits and errors come with its `Session`.
Never deletes, and never changes what a finished run says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from network.core.audit import GENESIS, AuditEntry, AuditEvent, seal
from network.core.codec import decode_step, encode_step
from network.core.plan import Step
from network.core.ports import RunRecord
from network.core.slot import Slot
from network.errors import LedgerError
from network.ledger import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """How one kind of database is used: a transaction that may write, one that only reads, and letting go.

    A transaction is all or nothing and raises LedgerError for the database's own failures; IntegrityError passes.
    `serialise` makes a writing transaction wait until no other one that called it is under way.
    """

    name: str
    writing: Callable[[], AbstractContextManager[Connection]]
    reading: Callable[[], AbstractContextManager[Connection]]
    serialise: Callable[[Connection], None]
    close: Callable[[], None]


class SqlLedger:
    """The record of one installation, all regencies. Safe to use from several threads and processes at once.

    Every write is on the disk when its call returns, and with it, in the same transaction, its entry in the audit log, in
    the name of `actor`. Moments are aware and come back in UTC.
    """

    def __init__(self, database: Database, actor: str = "system") -> None:
        self._database = database
        self._actor = actor

    def acting(self, actor: str) -> SqlLedger:
        """The same record, written to in another name. Closing either closes both."""
        return SqlLedger(self._database, actor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database. What was written stays."""
        self._database.close()

    def begin(self, run: RunRecord, steps: Sequence[Step]) -> None:
        """Record the run and all its steps in one transaction. Raises LedgerError when the id is taken."""
        _check(run.result, tables.RESULTS)
        row = {name: getattr(run, name) for name in ("id", "regency", "reason", "started", "finished", "result", "detail")}
        written = [{"run": run.id, "at": at, "value": encode_step(step)} for at, step in enumerate(steps)]
        try:
            with self._database.writing() as connection:
                connection.execute(insert(tables.runs), {**row, "steps": len(written)})
                if written:
                    connection.execute(insert(tables.steps), written)
                detail: dict[str, str | int] = {"reason": run.reason, "steps": len(written)}
                self._note(connection, run.started, "run.begun", run.regency, run.id, detail)
        except IntegrityError as error:
            raise LedgerError("ledger.run_exists", run=run.id, ledger=self._database.name) from error

    def mark(self, run: str, phase: str, at: datetime) -> None:
        try:
            with self._database.writing() as connection:
                connection.execute(insert(tables.marks), {"run": run, "phase": phase, "at": at})
        except IntegrityError as error:
            raise self._not_running(run) from error

    def finish(self, run: str, result: str, at: datetime, detail: str = "") -> None:
        """Close a run that is running; a finished one is never rewritten (LedgerError)."""
        _check(result, tables.RESULTS[1:])
        table = tables.runs.c
        still = update(tables.runs).where(table.id == run, table.result == "running")
        with self._database.writing() as connection:
            regency = connection.execute(select(table.regency).where(table.id == run)).scalar()
            if connection.execute(still.values(result=result, finished=at, detail=detail)).rowcount != 1 or regency is None:
                raise self._not_running(run)
            self._note(connection, at, "run.finished", regency, run, {"result": result, "detail": detail})

    def claim(self, slot: Slot, run: str, at: datetime, status: str) -> bool:
        _check(slot.edge, tables.EDGES)
        _check(status, tables.STATUSES)
        row = {name: getattr(slot, name) for name in ("regency", "purpose", "window", "start", "edge")}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(tables.claims), {**row, "run": run, "at": at, "status": status})
                subject = f"{slot.purpose} {slot.window} {slot.edge}"
                detail = {"start": slot.start.astimezone(UTC).isoformat(), "run": run}
                self._note(connection, at, f"slot.{status}", slot.regency, subject, detail)
        except IntegrityError:
            return False
        return True

    def runs(self, regency: str, limit: int = 20) -> tuple[RunRecord, ...]:
        """The runs begun last, newest first."""
        table = tables.runs.c
        columns = (
            table.id,
            table.regency,
            table.reason,
            table.started,
            table.finished,
            table.result,
            table.steps,
            table.detail,
        )
        wanted = select(*columns).where(table.regency == regency).order_by(table.seq.desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(RunRecord(**row) for row in connection.execute(wanted).mappings())

    def claims(self, regency: str, since: datetime) -> tuple[tuple[Slot, str], ...]:
        """Claimed slots whose original start is `since` or later, by start, each with its status."""
        table = tables.claims.c
        columns = (table.regency, table.purpose, table.window, table.start, table.edge, table.status)
        wanted = select(*columns).where(table.regency == regency, table.start >= since).order_by(table.start, table.seq)
        with self._database.reading() as connection:
            return tuple((Slot(*row[:5]), row[5]) for row in connection.execute(wanted))

    def steps(self, run: str) -> tuple[Step, ...]:
        """What the run set out to do, in order."""
        table = tables.steps.c
        with self._database.reading() as connection:
            rows = connection.execute(select(table.value).where(table.run == run).order_by(table.at))
            return tuple(decode_step(value) for (value,) in rows)

    def marks(self, run: str) -> tuple[tuple[str, datetime], ...]:
        """The phases the run entered, in order."""
        table = tables.marks.c
        with self._database.reading() as connection:
            rows = connection.execute(select(table.phase, table.at).where(table.run == run).order_by(table.seq))
            return tuple((phase, at) for phase, at in rows)

    def append(self, event: AuditEvent) -> AuditEntry:
        with self._database.writing() as connection:
            return self._append(connection, event)

    def entries(self, after: int = 0, limit: int = 1000) -> tuple[AuditEntry, ...]:
        table = tables.audit.c
        names = ("number", "at", "actor", "action", "regency", "subject", "detail", "previous", "digest")
        wanted = select(*(table[name] for name in names)).where(table.number > after).order_by(table.number).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
        return tuple(
            AuditEntry(
                number=row["number"],
                event=AuditEvent(**{name: row[name] for name in names[1:7]}),
                previous=row["previous"],
                digest=row["digest"],
            )
            for row in rows
        )

    def _note(
        self, connection: Connection, at: datetime, action: str, regency: str, subject: str, detail: Mapping[str, str | int]
    ) -> None:
        event = AuditEvent(at=at, actor=self._actor, action=action, regency=regency, subject=subject, detail=detail)
        self._append(connection, event)

    def _append(self, connection: Connection, event: AuditEvent) -> AuditEntry:
        self._database.serialise(connection)
        table = tables.audit.c
        last = connection.execute(select(table.number, table.digest).order_by(table.number.desc()).limit(1)).first()
        entry = seal(last[0] + 1, event, last[1]) if last else seal(1, event, GENESIS)
        row = {name: getattr(event, name) for name in ("at", "actor", "action", "regency", "subject")}
        row |= {"number": entry.number, "detail": dict(event.detail), "previous": entry.previous, "digest": entry.digest}
        connection.execute(insert(tables.audit), row)
        return entry

    def _not_running(self, run: str) -> LedgerError:
        return LedgerError("ledger.run_not_running", run=run, ledger=self._database.name)


def _check(word: str, words: Sequence[str]) -> None:
    """A word that the record does not know is a mistake of ours; the tables refuse it too, but could not say which."""
    if word not in words:
        raise ValueError(f"not one of {words}: {word!r}")
