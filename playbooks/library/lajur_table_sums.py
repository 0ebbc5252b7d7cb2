#!/usr/bin/python3
"""How many rows every table has and what they add up to: of a database at one moment, and of a copy that was restored to it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_database import Failed, connected, is_name, rows

DOCUMENTATION = """
module: lajur_table_sums
short_description: Rows and checksums of all tables
description:
  - With C(point), marks that moment in the database's log (a restore point) and sums up what held exactly then. Writers wait
    while the mark is set, for milliseconds; the summing up holds up nobody.
  - Without it, sums up what is there now. Reads only.
options:
  point:
    description: The name of the moment.
    type: str
  host:
    description: The folder of the socket.
    type: path
    default: /var/run/postgresql
  port:
    description: The port that names the socket.
    type: int
    default: 5432
  patience:
    description: For so many seconds writers that are at work already are waited for.
    type: int
    default: 10
"""

_DATABASES = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1"
_TABLES = (
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "point": {"type": "str"},
            "host": {"type": "path", "default": "/var/run/postgresql"},
            "port": {"type": "int", "default": 5432},
            "patience": {"type": "int", "default": 10},
        },
        supports_check_mode=True,
    )
    point = module.params["point"]
    if point and not is_name(point):
        module.fail_json(msg=f"{point}: no name for a moment.")
    if module.check_mode:
        module.exit_json(changed=False, lajur={"tables": {}})
    try:
        module.exit_json(changed=False, lajur={"tables": _sums(module.params)})
    except Failed as error:
        module.fail_json(msg=str(error))


def _sums(asked: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By `database.schema.table`."""
    where = {"host": asked["host"], "port": asked["port"]}
    with ExitStack() as stack:
        first = stack.enter_context(connected("postgres", **where))
        names = [name for (name,) in rows(first, _DATABASES)]
        readers = {name: stack.enter_context(connected(name, **where)) for name in names}
        tables = {name: rows(reader, _TABLES) for name, reader in readers.items()}
        if asked["point"]:
            _mark(first, readers, tables, asked, stack)
        return {
            f"{name}.{schema}.{table}": _sum(reader, schema, table)
            for name, reader in readers.items()
            for schema, table in tables[name]
        }


def _mark(first: Any, readers: dict[str, Any], tables: dict[str, list[Any]], asked: dict[str, Any], stack: ExitStack) -> None:
    """While every table is locked against writers, nothing is half done: what each reader sees from then on, and the mark in
    the log, are the same moment."""
    from psycopg2 import sql

    lockers = []
    for name in readers:
        locker = stack.enter_context(connected(name, host=asked["host"], port=asked["port"]))
        lockers.append(locker)
        rows(locker, sql.SQL("SET lock_timeout = {}").format(sql.Literal(f"{asked['patience']}s")))
        rows(locker, "BEGIN")
        if tables[name]:
            found = [sql.Identifier(schema, table) for schema, table in tables[name]]
            rows(locker, sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.SQL(", ").join(found)))
    for reader in readers.values():
        rows(reader, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        rows(reader, "SELECT pg_current_snapshot()")
    rows(first, "SELECT pg_create_restore_point(%s)", (asked["point"],))
    for locker in lockers:
        rows(locker, "ROLLBACK")


def _sum(reader: Any, schema: str, table: str) -> dict[str, Any]:
    """The order of rows does not matter; each counts."""
    from psycopg2 import sql

    statement = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t").format(
        sql.Identifier(schema, table)
    )
    count, total = rows(reader, statement)[0]
    return {"rows": int(count), "sum": str(total)}


if __name__ == "__main__":
    main()
