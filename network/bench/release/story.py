"""The story of the stack: bare servers, taken over, configured, three releases, a database that comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from network.bench.release.operator import Done, Operator, database_of
from network.bench.sample.build import Sample, build
from network.bench.sample.load import Report
from network.errors import LabError

LAB: Final = "demorel"
WARM: Final = 100
"""Requests that are answered before a release begins, and after it has ended."""

Tell = Callable[[str, dict[str, object]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """`rows` of the original at the moment that was asked for, and of the copy; `later` were stored after it."""

    server: str
    rows: int
    found: int
    later: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`drifted`: what a look found after the play that was accepted. `under_load` and `broken_load`: what people got
    meanwhile; `lost`: applications that are stored otherwise than they were answered."""

    accepted: tuple[str, ...]
    configured: Done
    again: Done
    drifted: tuple[str, ...]
    first: Done
    second: Done
    under_load: Report
    broken: Done
    broken_load: Report
    lost: int
    live: str
    restored: Restored


def play(operator: Operator, tell: Tell) -> Told:
    """All acts, each as one command of an operator. Raises LabError when one ends otherwise than it should."""
    tell("bench.release.taking", {"servers": len(operator.regency.servers)})
    taken = operator.lajur("infra", "up", "--yes")
    tell("bench.release.configuring", {})
    configured = operator.play("site", "--baseline")
    drift = operator.lajur("infra", "drift", codes=(0, 2, 5)).document["findings"]
    tell("bench.release.again", {})
    again = operator.play("site")
    tell("bench.release.first", {"workload": operator.workload.key})
    first = deploy(operator, Sample.ONE)
    tell("bench.release.second", {"rate": 50})
    second, under_load, missing = released_under_load(operator, Sample.TWO)
    tell("bench.release.broken", {})
    broken, broken_load, missing_too = released_under_load(operator, Sample.BROKEN, code=4)
    live = str(operator.lajur("release", "status", operator.workload.key).document["workloads"][0]["release"])
    tell("bench.release.restoring", {"server": operator.spare or "-"})
    restored = restore(operator)
    return Told(
        accepted=tuple(sorted(taken.document["reports"])),
        configured=configured,
        again=again,
        drifted=tuple(f"{each['server']} {each['kind']} {each['name']}" for each in drift),
        first=first,
        second=second,
        under_load=under_load,
        broken=broken,
        broken_load=broken_load,
        lost=missing + missing_too,
        live=live,
        restored=restored,
    )


def deploy(operator: Operator, version: Sample, code: int = 0) -> Done:
    artefact = build(version, operator.folder)
    return operator.lajur("release", "deploy", operator.workload.key, str(artefact.path), codes=(code,))


def released_under_load(operator: Operator, version: Sample, code: int = 0) -> tuple[Done, Report, int]:
    """Deploy while people work. How many applications that were answered as stored are not there, or there without an answer."""
    with operator.load() as load:
        load.wait_for(WARM)
        done = deploy(operator, version, code)
        load.wait_for(WARM)
        report = load.stop()
    server, database = database_of(operator)
    keys = operator.psql(server, "SELECT string_agg(kunci, ' ') FROM permohonan;", database).split()
    stored = {key for key in keys if key.startswith(f"{load.prefix}-")}
    return done, report, len(stored ^ set(report.stored))


def restore(operator: Operator) -> Restored:
    """Take a backup, go on working, and bring the database back elsewhere as it was before that."""
    if operator.spare is None:
        raise LabError("bench.release.no_spare")
    server, database = database_of(operator)
    count = "SELECT count(*) FROM permohonan;"
    operator.play("backup")
    rows = int(operator.psql(server, count, database))
    moment = operator.psql(server, "SELECT replace(clock_timestamp()::text, ' ', 'T');", database)
    with operator.load() as load:
        load.wait_for(WARM)
        load.stop()
    later = int(operator.psql(server, count, database)) - rows
    done = operator.play("restore", restore_to=operator.spare, restore_time=moment)
    found = int(operator.psql(operator.spare, count, database))
    return Restored(server=operator.spare, rows=rows, found=found, later=later, seconds=done.seconds)
