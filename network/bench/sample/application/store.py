"""Licence applications as rows. What arrives twice under one key is stored once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from network.bench.sample.application import made
from network.bench.sample.application.database import Pool

_NEWEST: Final = 10
_LOOK_PATIENCE: Final = 1.0


class Different(Exception):
    """The key is known, with another content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """`new` is false where the key was known, and also where an answer was lost between database and application."""

    number: int
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What one schema is asked in. Whole sentences, so that nothing is ever put together from outside."""

    store: str
    known: str
    newest: str
    look: str


_WORDS: Final = {
    "nama": _Words(
        store="INSERT INTO permohonan (kunci, nama, jenis) VALUES (%s, %s, %s) ON CONFLICT (kunci) DO NOTHING RETURNING id",
        known="SELECT id, nama, jenis FROM permohonan WHERE kunci = %s",
        newest="SELECT id, nama, jenis FROM permohonan ORDER BY id DESC LIMIT %s",
        look="SELECT kunci, nama, jenis FROM permohonan LIMIT 0",
    ),
    "pemohon": _Words(
        store="INSERT INTO permohonan (kunci, pemohon, jenis) VALUES (%s, %s, %s) ON CONFLICT (kunci) DO NOTHING RETURNING id",
        known="SELECT id, pemohon, jenis FROM permohonan WHERE kunci = %s",
        newest="SELECT id, pemohon, jenis FROM permohonan ORDER BY id DESC LIMIT %s",
        look="SELECT kunci, pemohon, jenis FROM permohonan LIMIT 0",
    ),
}


class Store:
    """All methods raise `database.Away` and `database.Behind`."""

    def __init__(self, pool: Pool, column: str = made.COLUMN) -> None:
        self._pool = pool
        self._words = _WORDS[column]

    def add(self, key: str, applicant: str, kind: str) -> Stored:
        """Store one application, durably when this returns. Raises Different."""

        def work(connection: Any) -> Stored:
            with connection.cursor() as cursor:
                cursor.execute(self._words.store, (key, applicant, kind))
                if (row := cursor.fetchone()) is not None:
                    return Stored(number=row[0], new=True)
                cursor.execute(self._words.known, (key,))
                number, *content = cursor.fetchone()
                if content != [applicant, kind]:
                    raise Different
                return Stored(number=number, new=False)

        return self._pool.run(work)

    def count(self) -> int:
        def work(connection: Any) -> int:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM permohonan")
                return int(cursor.fetchone()[0])

        return self._pool.run(work)

    def newest(self) -> list[dict[str, Any]]:
        def work(connection: Any) -> list[dict[str, Any]]:
            with connection.cursor() as cursor:
                cursor.execute(self._words.newest, (_NEWEST,))
                return [{"nomor": number, "pemohon": who, "jenis": kind} for number, who, kind in cursor.fetchall()]

        return self._pool.run(work)

    def look(self) -> None:
        """Whether the database is there and has the tables that this version needs."""

        def work(connection: Any) -> None:
            with connection.cursor() as cursor:
                cursor.execute(self._words.look)

        self._pool.run(work, _LOOK_PATIENCE)
