"""The shape of a database: makes it new, brings an older one up to date, refuses one that a later release wrote.

A database at its newest shape is only read, and Alembic is not even imported: every command opens the ledger.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from network.errors import LedgerError
from network.ledger.database import Database

KNOWN: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every revision of `migrations/versions`, oldest first."""

_TABLE: Final = "alembic_version"
_FIRST_TABLE: Final = "schema_version"
"""What files had before there were migrations. No release wrote such a file."""


def settle(database: Database) -> None:
    """Bring the database to the newest shape, in one transaction. Raises LedgerError for one that this program does not know."""
    with database.reading() as connection:
        if _version(connection, database.name) == KNOWN[-1]:
            return
    with database.writing() as connection:
        database.serialise(connection)
        if _version(connection, database.name) != KNOWN[-1]:  # somebody else may have done it meanwhile
            upgrade(connection, KNOWN[-1])


def upgrade(connection: Connection, revision: str) -> None:
    """Run the migrations up to `revision` in the transaction of `connection`."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    command.upgrade(config, revision)


def _version(connection: Connection, name: str) -> str | None:
    tables = inspect(connection)
    if tables.has_table(_TABLE):
        found: str | None = connection.execute(text(f"SELECT version_num FROM {_TABLE}")).scalar()  # noqa: S608 - a constant
        if found is None or found in KNOWN:
            return found
        raise LedgerError("ledger.version", ledger=name, found=found, known=KNOWN[-1])
    if tables.has_table(_FIRST_TABLE):
        raise LedgerError("ledger.version", ledger=name, found="0", known=KNOWN[-1])
    return None
