"""Rows and checksums of all tables of a database: at one moment that is marked in its log, or of what is there now."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from ansible.module_utils.lajur_database import connected, rows

_DATABASES = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1"
_TABLES = (
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
)


def sums(*, host: str, port: int, point: str | None = None, patience: int = 10) -> dict[str, dict[str, Any]]:
    """By `database.schema.table`: `rows`, and what they add up to. With a `point` as of then; writers that are at work already
    are waited for `patience` seconds. Raises Failed."""
    where: dict[str, Any] = {"host": host, "port": port}
    with ExitStack() as stack:
        first = stack.enter_context(connected("postgres", **where))
        names = [name for (name,) in rows(first, _DATABASES)]
        readers = {name: stack.enter_context(connected(name, **where)) for name in names}
        tables = {name: rows(reader, _TABLES) for name, reader in readers.items()}
        if point:
            lockers = {name: stack.enter_context(connected(name, **where)) for name in names}
            _mark(first, readers, lockers, tables, point, patience)
        return {
            f"{name}.{schema}.{table}": _sum(reader, schema, table)
            for name, reader in readers.items()
            for schema, table in tables[name]
        }


def _mark(
    first: Any, readers: dict[str, Any], lockers: dict[str, Any], tables: dict[str, list[Any]], point: str, patience: int
) -> None:
    """While every table is locked against writers, nothing is half done: what each reader sees from then on, and the mark in
    the log, are the same moment."""
    from psycopg2 import sql

    for name, locker in lockers.items():
        rows(locker, sql.SQL("SET lock_timeout = {}").format(sql.Literal(f"{patience}s")))
        rows(locker, "BEGIN")
        if tables[name]:
            found = [sql.Identifier(schema, table) for schema, table in tables[name]]
            rows(locker, sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.SQL(", ").join(found)))
    for reader in readers.values():
        rows(reader, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        rows(reader, "SELECT pg_current_snapshot()")
    rows(first, "SELECT pg_create_restore_point(%s)", (point,))
    for locker in lockers.values():
        rows(locker, "ROLLBACK")


def _sum(reader: Any, schema: str, table: str) -> dict[str, Any]:
    """The order of rows does not matter; each counts."""
    from psycopg2 import sql

    statement = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t").format(
        sql.Identifier(schema, table)
    )
    count, total = rows(reader, statement)[0]
    return {"rows": int(count), "sum": str(total)}
