"""Carries the database to this version's tables: `migrate expand` before it starts, `migrate contract` when no older one is left.

Each file is one transaction; one that says `-- batches` is a statement that is repeated, each time in a transaction of its own,
until it finds nothing more. What was done is recorded with its checksum, so it can be called any number of times.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg2

from network.bench.sample.application import made
from network.bench.sample.application.database import connect
from network.bench.sample.application.settings import SettingWrong, read_database

FOLDER: Final = Path(__file__).parent / "migrations"
KINDS: Final = ("expand", "contract")

_TURN: Final = 0x6C616A7572  # an advisory lock of this application
_BATCHES: Final = "-- batches\n"
_TOKENS: Final = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|(\$\w*\$).*?\1|(;)", re.DOTALL)
_CAUSE: Final = 300
_STANDING: Final = {
    False: "tabel tetap seperti sebelum berkas ini / tables are as before this file",
    True: "sisanya menyusul bila diulang / the rest follows when repeated",
}
_RECORD: Final = """CREATE TABLE IF NOT EXISTS migrasi (
  nama text PRIMARY KEY, jenis text NOT NULL, sidik text NOT NULL, versi text NOT NULL, waktu timestamptz NOT NULL DEFAULT now()
)"""


class MigrationFailed(Exception):
    """Says which file and statement, and how the tables are now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """`line` is the first of its own lines in the file."""

    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    name: str
    kind: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def batches(self) -> bool:
        return self.text.startswith(_BATCHES)

    @property
    def statements(self) -> list[Statement]:
        return list(_split(self.text))


def read_migrations(folder: Path) -> list[Migration]:
    """In their order; NAME.expand.sql or NAME.contract.sql."""
    found = [(path, path.name.removesuffix(".sql").rpartition(".")) for path in sorted(folder.glob("*.sql"))]
    return [Migration(name=name, kind=kind, text=path.read_text("utf-8")) for path, (name, _, kind) in found]


def _split(text: str) -> Iterator[Statement]:
    start = 0
    for token in _TOKENS.finditer(text):
        if token.group(2) is None:
            if token.group().startswith("--") and not text[start : token.start()].strip():
                start = token.end()  # a comment before a statement is none of it
            continue
        piece = text[start : token.start()]
        line = text.count("\n", 0, start + len(piece) - len(piece.lstrip())) + 1
        yield Statement(text=piece.strip(), line=line)
        start = token.end()


def migrate(connection: Any, kind: str, migrations: Sequence[Migration]) -> list[str]:
    """Carry out what is missing and return its names. Raises MigrationFailed."""
    with connection.cursor() as cursor:
        try:
            cursor.execute("SELECT pg_advisory_lock(%s)", (_TURN,))
        except psycopg2.OperationalError as error:
            raise MigrationFailed("migrasi lain sedang berjalan / another migration is under way") from error
        cursor.execute(_RECORD)
        cursor.execute("SELECT nama, sidik FROM migrasi")
        done = dict(cursor.fetchall())
        cursor.execute("SET statement_timeout = 0")
    for each in migrations:
        if done.get(each.name, each.checksum) != each.checksum:
            raise MigrationFailed(f"{each.name}: isi berubah sejak dijalankan / changed since it was carried out; nothing done")
    missing = [each for each in migrations if each.name not in done]
    if kind == "contract" and any(each.kind == "expand" for each in missing):
        raise MigrationFailed("jalankan `migrate expand` dulu / `migrate expand` comes first; nothing done")
    carried_out = []
    for each in missing:
        if each.kind == kind:
            _carry_out(connection, each)
            carried_out.append(each.name)
    return carried_out


def _carry_out(connection: Any, migration: Migration) -> None:
    statements = migration.statements
    if migration.batches:
        while _step(connection, migration, statements[0], "1/1"):
            pass
        statements = []
    connection.autocommit = False
    try:
        for number, statement in enumerate(statements, 1):
            _step(connection, migration, statement, f"{number}/{len(statements)}")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO migrasi (nama, jenis, sidik, versi) VALUES (%s, %s, %s, %s)",
                (migration.name, migration.kind, migration.checksum, made.VERSION),
            )
        connection.commit()
    finally:
        if not connection.closed:
            connection.rollback()
            connection.autocommit = True


def _step(connection: Any, migration: Migration, statement: Statement, number: str) -> int:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement.text)
            return max(0, int(cursor.rowcount))
    except psycopg2.Error as error:
        cause = " ".join(str(error).split())[:_CAUSE]
        place = f"{migration.name}: pernyataan / statement {number}, baris / line {statement.line}"
        raise MigrationFailed(f"{place}: {cause}; {_STANDING[migration.batches]}") from error


def main() -> int:
    """Exit code 0 done, 1 failed with the tables as before, 2 called wrongly or a setting is wrong, 3 the database is away."""
    if len(sys.argv) != 2 or sys.argv[1] not in KINDS:
        _say("migrate expand | migrate contract")
        return 2
    try:
        connection = connect(read_database(os.environ), f"lajur-sample migrate {made.VERSION}")
    except SettingWrong as error:
        _say(str(error))
        return 2
    except psycopg2.OperationalError as error:
        _say(f"basis data tidak terjangkau / the database is away: {' '.join(str(error).split())[:_CAUSE]}")
        return 3
    try:
        done = migrate(connection, sys.argv[1], read_migrations(FOLDER))
    except (MigrationFailed, psycopg2.Error) as error:
        _say(" ".join(str(error).split())[: 3 * _CAUSE])
        return 1
    finally:
        connection.close()
    _say(f"{sys.argv[1]}: {', '.join(done) or 'tidak ada yang kurang / nothing missing'}")
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"lajur-sample: {text}\n")


if __name__ == "__main__":
    raise SystemExit(main())
