"""Rows `restore.*`: a database of a gigabyte, brought back on another server from its backups, to a moment that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from inventory.regency import Regency
from network.bench.release.operator import database_of, operator
from network.bench.rows import Row, median_row
from network.errors import LabError
from network.settings import Settings

LAB: Final = "benchrst"
ROWS: Final = 4_300_000
"""Of 240 bytes with what PostgreSQL keeps of each: a gigabyte."""
BAR: Final = 180.0

_FILL: Final = """
CREATE TABLE permits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, office text, body text);
INSERT INTO permits (office, body) SELECT 'office-' || g % 40,
  md5(g::text) || md5((g * 7)::text) || md5((g * 13)::text) || md5((g * 17)::text) || md5((g * 19)::text)
  FROM generate_series(1, :rows) g;
"""
_SUM: Final = "SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) FROM permits t;"

Report = Callable[[Row], None]


def measure(settings: Settings, regency: Regency, report: Report) -> None:
    """Rows `restore.*`."""
    with operator(settings, regency, LAB) as who:
        if who.spare is None:
            raise LabError("bench.release.no_spare")
        server, database = database_of(who)
        who.play("servers")
        who.play("database")
        who.psql(server, _FILL.replace(":rows", str(ROWS)), database)
        size = int(who.psql(server, "SELECT pg_database_size(current_database());", database))
        backup = who.play("backup")
        wanted = who.psql(server, _SUM, database)
        moment = who.psql(server, "SELECT replace(clock_timestamp()::text, ' ', 'T');", database)
        who.psql(server, "INSERT INTO permits (office, body) VALUES ('later', '');", database)
        restored = who.play("restore", restore_to=who.spare, restore_time=moment)
        differs = float(who.psql(who.spare, _SUM, database) != wanted)
    what = f"a database of {size / 1e9:.2f} GB on a server that had none, to a moment: the whole playbook"
    report(median_row("restore.gigabyte", what, [restored.seconds], "s", "<=", BAR))
    report(
        median_row(
            "restore.differs", "tables in which a row differs from what the original then had", [differs], "tables", "<=", 0
        )
    )
    report(median_row("restore.backup", "the whole backup before it, and the repository read through", [backup.seconds], "s"))
