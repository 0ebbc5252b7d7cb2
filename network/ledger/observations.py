"""What was found out of things that nobody decides. Implements `network.core.building.Observations`; the last word counts.

What was seen in a lab says nothing of the real machines: each place has its own, and so has every lab that is brought up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from network.core.building import Observation
from network.ledger import tables
from network.ledger.database import Database

_KEY: Final = ("regency", "place", "subject")


class SqlObservations:
    """Safe to use from several threads and processes at once. `place`: where it was observed (`RunRecord.place`)."""

    def __init__(self, database: Database, place: str) -> None:
        self._database = database
        self._place = place

    def put(self, regency: str, observations: Sequence[Observation]) -> None:
        with self._database.writing() as connection:
            for each in observations:
                new = _insert(connection)
                rest = {name: new.excluded[name] for name in ("at", "value")}
                row = {
                    "regency": regency,
                    "place": self._place,
                    "subject": each.subject,
                    "at": each.at,
                    "value": dict(each.value),
                }
                connection.execute(new.on_conflict_do_update(index_elements=list(_KEY), set_=rest), row)

    def latest(self, regency: str, prefix: str = "") -> Mapping[str, Observation]:
        table = tables.observations.c
        mine = (table.regency == regency, table.place == self._place, table.subject.startswith(prefix, autoescape=True))
        wanted = select(table.subject, table.at, table.value).where(*mine)
        with self._database.reading() as connection:
            found = [Observation(**row) for row in connection.execute(wanted).mappings()]
        return {each.subject: each for each in sorted(found, key=lambda each: each.subject)}

    def drop(self, regency: str, subjects: Sequence[str]) -> None:
        table = tables.observations.c
        gone = (table.regency == regency, table.place == self._place, table.subject.in_(subjects))
        with self._database.writing() as connection:
            connection.execute(delete(tables.observations).where(*gone))


def _insert(connection: Connection) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(tables.observations)
