"""The audit log's next entry, in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select

from network.core.audit import GENESIS, AuditEntry, AuditEvent, seal
from network.ledger import tables
from network.ledger.database import Database


def append(database: Database, connection: Connection, event: AuditEvent) -> AuditEntry:
    """One after the other, whoever writes: the chain has one end."""
    database.serialise(connection)
    table = tables.audit.c
    last = connection.execute(select(table.number, table.digest).order_by(table.number.desc()).limit(1)).first()
    entry = seal(last[0] + 1, event, last[1]) if last else seal(1, event, GENESIS)
    row = {name: getattr(event, name) for name in ("at", "actor", "action", "regency", "subject")}
    row |= {"number": entry.number, "detail": dict(event.detail), "previous": entry.previous, "digest": entry.digest}
    connection.execute(insert(tables.audit), row)
    return entry


class Notes:
    """Whoever writes lines of the audit log in one name."""

    def __init__(self, database: Database, actor: str) -> None:
        self._database, self.actor = database, actor

    def note(
        self, connection: Connection, at: datetime, action: str, regency: str, subject: str, detail: Mapping[str, str | int]
    ) -> None:
        event = AuditEvent(at=at, actor=self.actor, action=action, regency=regency, subject=subject, detail=detail)
        append(self._database, connection, event)
