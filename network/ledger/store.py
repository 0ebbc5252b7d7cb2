"""The durable record in a relational database: runs, their steps and phases, the claims on slots, and the audit log.

Implements `network.core.ports.Ledger` and `AuditLog` for any engine; a database's own habits and errors come with its `Session`.
Never deletes, and never changes what a finished run says.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from network.core.audit import AuditEntry, AuditEvent
from network.core.codec import decode_step, encode_step
from network.core.plan import Step
from network.core.ports import RunRecord
from network.core.slot import Slot
from network.errors import LedgerError
from network.ledger import tables
from network.ledger.book import SqlBookings
from network.ledger.chain import Notes, append
from network.ledger.database import Database
from network.ledger.link_runs import SqlLinkRuns
from network.ledger.locks import SqlLocks
from network.ledger.observations import SqlObservations
from network.ledger.outbox import SqlOutbox
from network.ledger.proofs import SqlProofs
from network.ledger.releases import SqlReleases
from network.ledger.reports import SqlReports
from network.ledger.runbook import SqlRunBook
from network.ledger.tokens import SqlTokens

KEEP_ANSWERS: Final = timedelta(hours=48)
KEEP_DELIVERIES: Final = timedelta(days=30)

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

_RECORDS: Final = select(*(tables.runs.c[column.name] for column in fields(RunRecord)))


class _NotKept(Exception):
    """Ends a transaction without leaving anything."""


class SqlLedger:
    """The record of one installation, all regencies. Safe to use from several threads and processes at once.

    Its parts (`bookings`, `tokens`, `outbox`, `reports`, `runbook`, `locks`, `links`) serve the ports of those names.

    Every write is on the disk when its call returns, and every deed with it, in the same transaction, has its entry in the audit
    log, in the name of `actor`. Moments are aware and come back in UTC.
    """

    def __init__(self, database: Database, actor: str = "system") -> None:
        self._database = database
        self._notes = Notes(database, actor)
        self.bookings = SqlBookings(database)
        self.runbook = SqlRunBook(database)
        self.tokens = SqlTokens(database, self._notes)
        self.outbox = SqlOutbox(database, self._notes)
        self.reports = SqlReports(database)
        self.locks = SqlLocks(database)
        self.links = SqlLinkRuns(database, self._notes, self)

    def acting(self, actor: str) -> SqlLedger:
        """The same record, written to in another name. Closing either closes both."""
        return SqlLedger(self._database, actor)

    def proofs(self, via: str) -> SqlProofs:
        """The record of proven links, as they were seen there: direct, memory, or on one lab."""
        return SqlProofs(self._database, via)

    def observations(self, place: str) -> SqlObservations:
        """What was observed there: at the real machines, or in one lab."""
        return SqlObservations(self._database, place)

    def releases(self, regency: str, place: str) -> SqlReleases:
        """The record of a regency's releases, there."""
        return SqlReleases(self._database, self._notes, regency, place)

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
        row = {
            name: getattr(run, name) for name in ("id", "regency", "reason", "started", "finished", "result", "detail", "place")
        }
        written = [{"run": run.id, "at": at, "value": encode_step(step)} for at, step in enumerate(steps)]
        try:
            with self._database.writing() as connection:
                connection.execute(insert(tables.runs), {**row, "steps": len(written)})
                if written:
                    connection.execute(insert(tables.steps), written)
                detail: dict[str, str | int] = {"reason": run.reason, "steps": len(written)}
                self._notes.note(connection, run.started, "run.begun", run.regency, run.id, detail)
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
            self._notes.note(connection, at, "run.finished", regency, run, {"result": result, "detail": detail})

    def claim(self, slot: Slot, run: str, at: datetime, status: str) -> bool:
        _check(slot.edge, tables.EDGES)
        _check(status, tables.STATUSES)
        row = {name: getattr(slot, name) for name in ("regency", "purpose", "window", "start", "edge")}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(tables.claims), {**row, "run": run, "at": at, "status": status})
                subject = f"{slot.purpose} {slot.window} {slot.edge}"
                detail = {"start": slot.start.astimezone(UTC).isoformat(), "run": run}
                self._notes.note(connection, at, f"slot.{status}", slot.regency, subject, detail)
        except IntegrityError:
            return False
        return True

    def runs(self, regency: str, limit: int = 20) -> tuple[RunRecord, ...]:
        """The runs begun last, newest first."""
        table = tables.runs.c
        return self._records(_RECORDS.where(table.regency == regency).order_by(table.seq.desc()).limit(limit))

    def unfinished(self, regency: str) -> tuple[RunRecord, ...]:
        """Every run that is on record as running, oldest first."""
        table = tables.runs.c
        return self._records(_RECORDS.where(table.regency == regency, table.result == "running").order_by(table.seq))

    def _records(self, wanted: Select[Any]) -> tuple[RunRecord, ...]:
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
            return append(self._database, connection, event)

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

    def ready(self) -> None:
        """Raises LedgerError when nothing could be written now; writes nothing."""
        self._database.room()
        with suppress(_NotKept), self._database.writing() as connection:
            self._notes.note(connection, _NEVER, "ready", "", "", {})
            raise _NotKept

    def prune(self, now: datetime) -> None:
        """Forget answers that nobody will ask for again and deliveries that are long over. Never what was done, or booked."""
        answers, sent = tables.answers.c, tables.deliveries.c
        with self._database.writing() as connection:
            connection.execute(delete(tables.answers).where(answers.at < now - KEEP_ANSWERS))
            connection.execute(delete(tables.deliveries).where(sent.ended < now - KEEP_DELIVERIES))

    def _not_running(self, run: str) -> LedgerError:
        return LedgerError("ledger.run_not_running", run=run, ledger=self._database.name)


def _check(word: str, words: Sequence[str]) -> None:
    """A word that the record does not know is a mistake of ours; the tables refuse it too, but could not say which."""
    if word not in words:
        raise ValueError(f"not one of {words}: {word!r}")
