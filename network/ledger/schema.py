"""The shape of a database: makes it new, brings an older one up to date, works with what a later release made of it while that
says that this one may, and refuses it from then on.

A database at its newest shape is only read, and Alembic is not even imported: every command opens the ledger.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, select, text

from network.errors import LedgerError
from network.ledger.database import Database
from network.ledger.tables import floors

KNOWN: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Every revision of `migrations/versions`, oldest first."""

_TABLE: Final = "alembic_version"
_FIRST_TABLE: Final = "schema_version"
"""What files had before there were migrations. No release wrote such a file."""


def settle(database: Database) -> None:
    """Bring the database to the newest shape, in one transaction; one that is newer stays as it is. Raises LedgerError for one
    that this program does not know, or may no longer work with."""
    with database.reading() as connection:
        if _fits(connection, database.name):
            return
    with database.writing() as connection:
        database.serialise(connection)
        if not _fits(connection, database.name):  # somebody else may have done it meanwhile
            upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Run the migrations in the transaction of `connection`, and keep how far back the program may go from then on."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    command.upgrade(config, KNOWN[-1])
    lowest = max(each.module.works_from for each in ScriptDirectory.from_config(config).walk_revisions())
    connection.execute(floors.delete())
    connection.execute(floors.insert(), {"revision": lowest})


def _fits(connection: Connection, name: str) -> bool:
    """Whether it may be worked with as it is. False for none yet and an older one."""
    tables = inspect(connection)
    if not tables.has_table(_TABLE):
        if tables.has_table(_FIRST_TABLE):
            raise LedgerError("ledger.version", ledger=name, found="0", known=KNOWN[-1])
        return False
    found: str | None = connection.execute(text(f"SELECT version_num FROM {_TABLE}")).scalar()  # noqa: S608 - a constant
    if found is None or found in KNOWN:
        return found == KNOWN[-1]
    lowest = connection.execute(select(floors.c.revision)).scalar() if tables.has_table(floors.name) else None
    if lowest not in KNOWN:
        raise LedgerError("ledger.version", ledger=name, found=found, known=KNOWN[-1])
    return True
