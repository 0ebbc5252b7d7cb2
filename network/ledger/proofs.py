"""Which link was proven, when and by whom. Implements `network.core.proofs.Proofs`; the last proof of a link counts.

What was seen of a lab, or of devices in memory, proves nothing of the network itself: each way of reaching has its own proofs,
and so has every lab that is brought up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from network.core.proofs import Proof
from network.ledger import tables
from network.ledger.chain import Notes
from network.ledger.database import Database

_KEY: Final = ("regency", "link")


class SqlProofs:
    """Safe to use from several threads and processes at once. `via`: where the links were looked at (`RunRecord.place`)."""

    def __init__(self, database: Database, via: str) -> None:
        self._database = database
        self._via = via

    def add(self, regency: str, proofs: Sequence[Proof]) -> None:
        with self._database.writing() as connection:
            for proof in proofs:
                new = _insert(connection)
                rest = {name: new.excluded[name] for name in ("mark", "at", "actor", "seen")}
                row = {"regency": self._key(regency), **asdict(proof), "seen": dict(proof.seen)}
                connection.execute(new.on_conflict_do_update(index_elements=list(_KEY), set_=rest), row)
                notes, detail = Notes(self._database, proof.actor), {"mark": proof.mark, "via": self._via, **proof.seen}
                notes.note(connection, proof.at, "link.proven", regency, proof.link, detail)

    def proofs(self, regency: str) -> Mapping[str, Proof]:
        table = tables.proofs.c
        wanted = select(table.link, table.mark, table.at, table.actor, table.seen).where(table.regency == self._key(regency))
        with self._database.reading() as connection:
            return {row["link"]: Proof(**row) for row in connection.execute(wanted.order_by(table.link)).mappings()}

    def _key(self, regency: str) -> str:
        """No key of a regency has such a sign in it."""
        return regency if self._via == "direct" else f"{regency}@{self._via}"


def _insert(connection: Connection) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(tables.proofs)
