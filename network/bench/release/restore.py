"""Rows `restore.*`: a database of a gigabyte, brought back on another server from its backups, to a moment that is asked for."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from inventory.regency import Regency
from inventory.views import small_copy
from network import labs
from network.bench.rows import Row, median_row
from network.core.plays import PlayRequest
from network.errors import LabError
from network.server_wiring import PlayGround, play_ground, ssh_config, ways
from network.settings import Settings

LAB: Final = "benchrst"
ROWS: Final = 4_000_000
"""Of 240 bytes with what PostgreSQL keeps of each: a gigabyte."""
BAR: Final = 180.0

_PSQL: Final = "cd /tmp && runuser -u postgres -- psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 gateway"
_FILL: Final = """
CREATE TABLE permits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, office text, body text);
INSERT INTO permits (office, body) SELECT 'office-' || g % 40,
  md5(g::text) || md5((g * 7)::text) || md5((g * 13)::text) || md5((g * 17)::text) || md5((g * 19)::text)
  FROM generate_series(1, :rows) g;
"""
_SUM: Final = "SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) FROM permits t;"

Report = Callable[[Row], None]


def measure(settings: Settings, regency: Regency, report: Report) -> None:
    """Rows `restore.*`. Without a database with backups, and a server to spare, there is nothing to measure."""
    database = next(each for each in regency.workloads if each.backup is not None)
    assert database.backup is not None
    original, repository = database.servers[0], database.backup.to
    used = {server for each in regency.workloads for server in each.servers}
    spare = next(each.key for each in regency.servers if each.key not in used)
    with TemporaryDirectory(prefix="lajur-bench-") as folder, _ground(settings, regency, Path(folder)) as (ground, ssh):
        _play(ground, "servers", original, repository, spare)
        _play(ground, "database", original, repository)
        _told(ssh, original, _FILL.replace(":rows", str(ROWS)))
        size = int(_told(ssh, original, "SELECT pg_database_size('gateway');"))
        began = time.perf_counter()
        _play(ground, "backup")
        taken = time.perf_counter() - began
        wanted = _told(ssh, original, _SUM)
        moment = _told(ssh, original, "SELECT replace(clock_timestamp()::text, ' ', 'T');")
        _told(ssh, original, "INSERT INTO permits (office, body) VALUES ('later', '');")
        began = time.perf_counter()
        _play(ground, "restore", restore_to=spare, restore_time=moment)
        seconds = time.perf_counter() - began
        differs = float(_told(ssh, spare, _SUM) != wanted)
    what = f"a database of {size / 1e9:.2f} GB restored to a moment on a server that had none, whole playbook"
    report(median_row("restore.gigabyte", what, [seconds], "s", "<=", BAR))
    report(
        median_row("restore.differs", "tables of the copy that differ from the original at that moment", [differs], "", "<=", 0)
    )
    report(median_row("restore.backup", "the whole backup before it, archive checked, repository read through", [taken], "s"))


@contextmanager
def _ground(settings: Settings, regency: Regency, folder: Path) -> Iterator[tuple[PlayGround, Path]]:
    """A lab of its own with all servers, and the ssh_config(5) by which they are entered."""
    labs.prepare_image()
    try:
        labs.up(small_copy(regency, 1), LAB, timeout=120, servers=True)
        own = replace(settings, lab=LAB, state=folder)
        with play_ground(own, regency) as ground:
            ssh = folder / "ssh_config"
            ssh.write_text(ssh_config(ways(own, ground.servers, ground.lab).values()))
            yield ground, ssh
    finally:
        labs.down(LAB)


def _play(ground: PlayGround, playbook: str, *hosts: str, **variables: str) -> None:
    """Raises LabError when it does not go well."""
    result = ground.plays.play(PlayRequest(playbook=playbook, hosts=hosts, variables=variables), lambda event: None)
    for host, end in result.bad.items():
        raise LabError("lab.command_refused", command=f"{playbook} ({host}: {end.task})", cause=end.message)


def _told(ssh: Path, server: str, statements: str) -> str:
    """The last line that PostgreSQL says. Raises LabError."""
    words = ["ssh", "-F", str(ssh), server, _PSQL]
    done = subprocess.run(words, input=statements, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError("lab.command_refused", command=f"psql ({server})", cause=done.stderr.strip()[-500:])
    return (done.stdout.strip().splitlines() or [""])[-1]
