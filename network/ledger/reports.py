"""What was promised, applied and measured, by occurrence. Implements `network.core.ports.Reports`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from network.core.booking import ReportLine
from network.ledger import tables
from network.ledger.database import Database

_KEY: Final = ("regency", "purpose", "window", "start", "office", "uplink", "direction")


class SqlReports:
    """Safe to use from several threads and processes at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, lines: Sequence[ReportLine]) -> None:
        if not lines:
            return
        with self._database.writing() as connection:
            new = _insert(connection)
            rest = {column.name: new.excluded[column.name] for column in tables.reports.columns if column.name not in _KEY}
            connection.execute(new.on_conflict_do_update(index_elements=list(_KEY), set_=rest), [asdict(line) for line in lines])

    def lines(self, regency: str, purpose: str, window: str, start: datetime) -> tuple[ReportLine, ...]:
        table = tables.reports.c
        here = (table.regency == regency, table.purpose == purpose, table.window == window, table.start == start)
        wanted = select(tables.reports).where(*here).order_by(table.office, table.uplink, table.direction)
        with self._database.reading() as connection:
            return tuple(ReportLine(**row) for row in connection.execute(wanted).mappings())

    def occurrences(
        self, regency: str, after: tuple[str, str, datetime] | None, limit: int
    ) -> tuple[tuple[str, str, datetime], ...]:
        table = tables.reports.c
        wanted = select(table.purpose, table.window, table.start).where(table.regency == regency).distinct()
        if after is not None:
            purpose, window, start = after  # several may begin at one moment
            rest = or_(table.purpose > purpose, and_(table.purpose == purpose, table.window > window))
            wanted = wanted.where(or_(table.start < start, and_(table.start == start, rest)))
        wanted = wanted.order_by(table.start.desc(), table.purpose, table.window).limit(limit)
        with self._database.reading() as connection:
            return tuple((purpose, window, start) for purpose, window, start in connection.execute(wanted))


def _insert(connection: Connection) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(tables.reports)
