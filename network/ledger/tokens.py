"""API tokens in the record. Implements `network.core.ports.Tokens`; never sees a secret."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from network.core.access import EVERYWHERE
from network.core.booking import Token
from network.errors import Conflict
from network.ledger import tables
from network.ledger.chain import Notes
from network.ledger.database import Database


class SqlTokens:
    """Safe to use from several threads and processes at once."""

    def __init__(self, database: Database, notes: Notes) -> None:
        self._database, self._notes = database, notes

    def add(self, token: Token) -> None:
        """Raises Conflict when the id is taken."""
        row = {name: getattr(token, name) for name in ("id", "name", "digest", "actor", "created", "expires", "revoked")}
        row["grants"] = {regency: list(roles) for regency, roles in token.grants.items()}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(tables.tokens), row)
                grants = ", ".join(f"{regency}:{role}" for regency, roles in sorted(token.grants.items()) for role in roles)
                detail = {"name": token.name, "grants": grants, "expires": token.expires.isoformat()}
                notes = Notes(self._database, token.actor)
                notes.note(connection, token.created, "token.made", EVERYWHERE, token.id, detail)
        except IntegrityError as error:
            raise Conflict("booking.exists", kind="token", key=token.id) from error

    def token(self, id: str) -> Token | None:
        with self._database.reading() as connection:
            row = connection.execute(select(tables.tokens).where(tables.tokens.c.id == id)).mappings().first()
        return _token(row) if row else None

    def tokens(self) -> tuple[Token, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(tables.tokens).order_by(tables.tokens.c.seq.desc())).mappings().all()
        return tuple(map(_token, rows))

    def revoke(self, id: str, at: datetime) -> bool:
        table = tables.tokens.c
        with self._database.writing() as connection:
            revoked = update(tables.tokens).where(table.id == id, table.revoked.is_(None)).values(revoked=at)
            if connection.execute(revoked).rowcount != 1:
                return False
            self._notes.note(connection, at, "token.revoked", EVERYWHERE, id, {})
        return True


def _token(row: RowMapping) -> Token:
    grants = {regency: tuple(roles) for regency, roles in row["grants"].items()}
    names = ("id", "name", "digest", "actor", "created", "expires", "revoked")
    return Token(grants=grants, **{name: row[name] for name in names})
