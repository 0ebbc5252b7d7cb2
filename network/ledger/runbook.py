"""What the record says of single runs. Implements `network.core.ports.RunBook`; only reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from network.core.ports import RunRecord
from network.ledger import tables
from network.ledger.database import Database

_NAMES: Final = ("id", "regency", "reason", "started", "finished", "result", "steps", "detail", "place")


class SqlRunBook:
    """Safe to use from several threads and processes at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def run(self, id: str) -> RunRecord | None:
        table = tables.runs.c
        with self._database.reading() as connection:
            row = connection.execute(select(*(table[name] for name in _NAMES)).where(table.id == id)).mappings().first()
        return RunRecord(**row) if row else None

    def marks(self, run: str) -> tuple[tuple[str, datetime], ...]:
        table = tables.marks.c
        with self._database.reading() as connection:
            rows = connection.execute(select(table.phase, table.at).where(table.run == run).order_by(table.seq))
            return tuple((phase, at) for phase, at in rows)

    def before(self, regency: str, run: str | None, limit: int) -> tuple[RunRecord, ...]:
        table = tables.runs.c
        wanted = select(*(table[name] for name in _NAMES)).where(table.regency == regency)
        if run is not None:
            wanted = wanted.where(table.seq < select(table.seq).where(table.id == run).scalar_subquery())
        with self._database.reading() as connection:
            return tuple(
                RunRecord(**row) for row in connection.execute(wanted.order_by(table.seq.desc()).limit(limit)).mappings()
            )

    def counts(self, regency: str) -> Mapping[str, int]:
        table = tables.runs.c
        wanted = select(table.result, func.count()).where(table.regency == regency).group_by(table.result)
        with self._database.reading() as connection:
            return dict(connection.execute(wanted).tuples().all())
