"""Releases in the record. Implements `network.core.releases.ports.Releases` for one regency in one place.

A run and its audit entries stand in the same transactions. Never deletes, and never changes what a finished run says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from network.core.releases.record import Mark, Phase, ReleaseRecord, Task
from network.errors import LedgerError
from network.ledger import tables
from network.ledger.chain import Notes
from network.ledger.database import Database

_PLAIN: Final = ("id", "workload", "release", "before", "actor", "started", "version", "sha256", "reason", "finished", "result")
_COLUMNS: Final = (*_PLAIN, "task", "servers", "detail")
_LONGEST: Final = 500
"""Characters of a detail in the audit log."""

_TABLE: Final = tables.releases.c
_WHOLE: Final = select(*(_TABLE[name] for name in _COLUMNS))


class SqlReleases:
    """Safe to use from several threads and processes at once. `place`: where the servers are (`RunRecord.place`)."""

    def __init__(self, database: Database, notes: Notes, regency: str, place: str) -> None:
        self._database, self._notes = database, notes
        self._regency, self._place = regency, place

    def begin(self, record: ReleaseRecord) -> None:
        """What is on record as running of the same workload has lost its controller, and is abandoned."""
        row = {name: getattr(record, name) for name in _PLAIN}
        row |= {"task": record.task.value, "servers": list(record.servers), "detail": dict(record.detail)}
        try:
            with self._database.writing() as connection:
                for id in self._running(connection, record.workload):
                    self._close(connection, id, record.workload, "abandoned", record.started, {"by": record.id})
                connection.execute(insert(tables.releases), {**row, "regency": self._regency, "place": self._place})
                detail = {name: str(getattr(record, name)) for name in ("task", "release", "before", "sha256", "reason")}
                self._note(connection, record.started, "begun", record.workload, record.id, detail)
        except IntegrityError as error:
            raise LedgerError("ledger.run_exists", run=record.id, ledger=self._database.name) from error

    def mark(self, run: str, mark: Mark) -> None:
        with self._database.writing() as connection:
            workload = self._workload(connection, run)
            row = {"run": run, "phase": mark.phase.value, "at": mark.at, "detail": dict(mark.detail)}
            connection.execute(insert(tables.release_marks), row)
            self._note(connection, mark.at, mark.phase.value, workload, run, _short(mark.detail))

    def finish(self, run: str, result: str, at: datetime, detail: Mapping[str, str | int] | None = None) -> None:
        """Raises LedgerError for one that is not running."""
        with self._database.writing() as connection:
            self._close(connection, run, self._workload(connection, run), result, at, detail or {})

    def marks(self, run: str) -> tuple[Mark, ...]:
        table = tables.release_marks.c
        wanted = select(table.phase, table.at, table.detail).where(table.run == run).order_by(table.seq)
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        try:
            return tuple(Mark(phase=Phase(phase), at=at, detail=detail) for phase, at, detail in rows)
        except ValueError as error:
            raise LedgerError("ledger.corrupt", ledger=self._database.name, reason=f"release {run}: {error}") from error

    def last(self, workload: str) -> ReleaseRecord | None:
        return next(iter(self.history(workload, 1)), None)

    def history(self, workload: str | None = None, limit: int = 20) -> tuple[ReleaseRecord, ...]:
        wanted = _WHOLE.where(_TABLE.regency == self._regency, _TABLE.place == self._place)
        if workload is not None:
            wanted = wanted.where(_TABLE.workload == workload)
        with self._database.reading() as connection:
            rows: Sequence[RowMapping] = connection.execute(wanted.order_by(_TABLE.seq.desc()).limit(limit)).mappings().all()
        return tuple(self._record(row) for row in rows)

    def _record(self, row: RowMapping) -> ReleaseRecord:
        try:
            plain = {name: row[name] for name in (*_PLAIN, "detail")}
            return ReleaseRecord(**plain, task=Task(row["task"]), servers=tuple(row["servers"]))
        except (ValueError, TypeError) as error:
            raise LedgerError("ledger.corrupt", ledger=self._database.name, reason=f"release {row['id']}: {error}") from error

    def _running(self, connection: Connection, workload: str) -> Sequence[str]:
        mine = (_TABLE.regency == self._regency, _TABLE.place == self._place, _TABLE.workload == workload)
        return connection.execute(select(_TABLE.id).where(*mine, _TABLE.result == "running")).scalars().all()

    def _workload(self, connection: Connection, run: str) -> str:
        """Raises LedgerError for a run that is not running."""
        found: str | None = connection.execute(
            select(_TABLE.workload).where(_TABLE.id == run, _TABLE.result == "running")
        ).scalar()
        if found is None:
            raise LedgerError("ledger.run_not_running", run=run, ledger=self._database.name)
        return found

    def _close(
        self, connection: Connection, run: str, workload: str, result: str, at: datetime, detail: Mapping[str, str | int]
    ) -> None:
        if result not in tables.RELEASE_RESULTS[1:]:
            raise ValueError(f"not the end of a release: {result!r}")
        still = update(tables.releases).where(_TABLE.id == run, _TABLE.result == "running")
        connection.execute(still.values(result=result, finished=at, detail=dict(detail)))
        word = "returned" if result == "returned" else "finished"
        self._note(connection, at, word, workload, run, {"result": result, **detail})

    def _note(
        self, connection: Connection, at: datetime, word: str, workload: str, run: str, detail: Mapping[str, str | int]
    ) -> None:
        bounded = {name: value[:_LONGEST] if isinstance(value, str) else value for name, value in detail.items()}
        self._notes.note(connection, at, f"release.{word}", self._regency, workload, {"run": run, "via": self._place, **bounded})


def _short(detail: Mapping[str, Any]) -> dict[str, str | int]:
    """What the audit log keeps of a mark: its plain values, and lists of names as one text."""
    found: dict[str, str | int] = {}
    for name, value in detail.items():
        if isinstance(value, (str, int)):
            found[name] = int(value) if isinstance(value, bool) else value
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            found[name] = ", ".join(value)
    total = detail.get("total")
    if isinstance(total, Mapping):
        found |= {name: value for name, value in total.items() if isinstance(value, int)}
    return found
