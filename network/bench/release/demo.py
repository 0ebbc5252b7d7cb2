"""`lajur demo --release`: from bare servers to releases that come and go while people work, with a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inventory.regency import Regency
from network.bench.demo_report import Promise
from network.bench.promises_view import draw_promises
from network.bench.release.operator import operator
from network.bench.release.story import LAB, Told, play
from network.cli.output import Output
from network.settings import Settings

BROKEN: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseReport:
    """`seconds` of each act. `live`: the release that answers at the end."""

    accepted: tuple[str, ...]
    live: str
    seconds: dict[str, float]
    promises: tuple[Promise, ...]
    kept: bool


def run(settings: Settings, regency: Regency, out: Output) -> int:
    """Play it in a lab of its own. 0 when every promise was kept, else 1."""
    with out.progress(always=True) as tell:
        tell(out.say("bench.release.lab", servers=len(regency.servers)))
        with operator(settings, regency, LAB) as who:
            told = play(who, lambda code, fields: tell(out.say(code, **fields)))
            tell(out.say("bench.demo.down"))
    report = _report(told, len(regency.servers))
    out.show(report, lambda: draw_promises(report.promises, "bench.release.seconds", report.seconds, out))
    return 0 if report.kept else BROKEN


def _report(told: Told, servers: int) -> ReleaseReport:
    promises = tuple(_promises(told, servers))
    acts = {
        "configured": told.configured,
        "again": told.again,
        "first": told.first,
        "second": told.second,
        "broken": told.broken,
    }
    return ReleaseReport(
        accepted=told.accepted,
        live=told.live,
        seconds={**{name: round(act.seconds, 1) for name, act in acts.items()}, "restored": round(told.restored.seconds, 1)},
        promises=promises,
        kept=all(promise.kept for promise in promises),
    )


def _promises(told: Told, servers: int) -> Iterator[Promise]:
    fields: dict[str, object] = {"count": len(told.accepted), "servers": ", ".join(told.accepted)}
    yield Promise(code="bench.release.accepted", fields=fields, kept=len(told.accepted) == servers)
    changed = sum(told.again.changed.values())
    yield Promise(code="bench.release.configured", fields={"tasks": told.again.tasks, "changed": changed}, kept=changed == 0)
    yield Promise(code="bench.release.drift", fields={"count": len(told.drifted)}, kept=not told.drifted)
    load = told.under_load
    fields = {"sent": load.sent, "failed": load.failed, "slow": round(load.p95)}
    yield Promise(code="bench.release.hitless", fields=fields, kept=load.failed == 0)
    back = told.broken.document
    fields = {"release": str(back["release"]), "before": str(back["before"]), "live": told.live}
    yield Promise(code="bench.release.returned", fields=fields, kept=back["result"] == "returned" and told.live == back["before"])
    bad = told.broken_load
    dropped = sum(bad.problems.values())
    fields = {"sent": bad.sent, "errors": bad.codes.get(500, 0), "dropped": dropped}
    yield Promise(code="bench.release.drained", fields=fields, kept=dropped == 0)
    yield Promise(code="bench.release.stored", fields={"lost": told.lost}, kept=told.lost == 0)
    copy = told.restored
    fields = {"server": copy.server, "rows": copy.found, "later": copy.later}
    yield Promise(code="bench.release.restored", fields=fields, kept=copy.found == copy.rows and copy.later > 0)
