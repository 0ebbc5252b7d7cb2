"""Runs on links in the record. Implements `network.core.link_ports.LinkLedger` around the record of all runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from network.core.links.deeds import PREFIX, LinkDeed, decode_deed, encode_deed
from network.core.ports import RunRecord
from network.errors import LedgerError
from network.ledger import tables
from network.ledger.chain import Notes
from network.ledger.database import Database

if TYPE_CHECKING:
    from network.core.ports import Ledger

_NAMES = ("id", "regency", "reason", "started", "finished", "result", "steps", "detail", "place")


class SqlLinkRuns:
    """Safe to use from several threads and processes at once."""

    def __init__(self, database: Database, notes: Notes, runs: Ledger) -> None:
        self._database, self._notes, self._runs = database, notes, runs

    def begin(self, run: RunRecord, deeds: Sequence[LinkDeed]) -> None:
        """Record the run and what it sets out to do in one transaction. Raises LedgerError when the id is taken."""
        if not run.id.startswith(PREFIX):
            raise ValueError(f"not the id of a run on a link: {run.id!r}")
        row = {name: getattr(run, name) for name in _NAMES}
        written = [{"run": run.id, "at": at, "value": encode_deed(deed)} for at, deed in enumerate(deeds)]
        try:
            with self._database.writing() as connection:
                connection.execute(insert(tables.runs), {**row, "steps": len(written)})
                if written:
                    connection.execute(insert(tables.steps), written)
                ends = ", ".join(f"{deed.device} ({deed.side})" for deed in deeds)
                detail: dict[str, str | int] = {"reason": run.reason, "steps": len(written), "ends": ends}
                self._notes.note(connection, run.started, "run.begun", run.regency, run.id, detail)
        except IntegrityError as error:
            raise LedgerError("ledger.run_exists", run=run.id, ledger=self._database.name) from error

    def mark(self, run: str, phase: str, at: datetime) -> None:
        self._runs.mark(run, phase, at)

    def finish(self, run: str, result: str, at: datetime, detail: str = "") -> None:
        self._runs.finish(run, result, at, detail)

    def deeds(self, run: str) -> tuple[LinkDeed, ...]:
        """What the run set out to do, in order. Raises LedgerError for what this version cannot read."""
        table = tables.steps.c
        with self._database.reading() as connection:
            rows = connection.execute(select(table.value).where(table.run == run).order_by(table.at)).all()
        try:
            return tuple(decode_deed(value) for (value,) in rows)
        except ValueError as error:
            raise LedgerError("ledger.corrupt", ledger=self._database.name, reason=f"run {run}: {error}") from error

    def unfinished(self, regency: str) -> tuple[RunRecord, ...]:
        table = tables.runs.c
        wanted = select(*(table[name] for name in _NAMES)).where(
            table.regency == regency, table.result == "running", table.id.startswith(PREFIX)
        )
        with self._database.reading() as connection:
            return tuple(RunRecord(**row) for row in connection.execute(wanted.order_by(table.seq)).mappings())
