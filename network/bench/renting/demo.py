"""`lajur demo --cloud`: servers that come for a peak and go when it ends, while people work, with a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from inventory.messages import rupiah
from inventory.regency import Regency
from network.bench.demo_report import Promise
from network.bench.promises_view import draw_promises
from network.bench.release.operator import operator
from network.bench.renting.story import LAB, SERVERS, Told, meant, play
from network.cli.output import Output
from network.messages import Language
from network.settings import Settings

BROKEN: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RentingReport:
    """`seconds` of each act; `served`: requests by server; `cost`: what `lajur infra costs` says of the month."""

    capacity: str
    seconds: dict[str, float]
    served: dict[str, int]
    cost: dict[str, Any]
    promises: tuple[Promise, ...]
    kept: bool


def run(settings: Settings, regency: Regency, out: Output) -> int:
    """Play it in a lab of its own. 0 when every promise was kept, else 1."""
    with out.progress(always=True) as tell:
        tell(out.say("bench.renting.lab", servers=SERVERS))
        with operator(settings, regency, LAB, servers=SERVERS, cloud=True) as who:
            told = play(who, lambda code, fields: tell(out.say(code, **fields)))
            tell(out.say("bench.demo.down"))
    report = _report(told, out.language)
    out.show(report, lambda: draw_promises(report.promises, "bench.renting.seconds", report.seconds, out))
    return 0 if report.kept else BROKEN


def _report(told: Told, language: Language) -> RentingReport:
    promises = tuple(_promises(told, language))
    return RentingReport(
        capacity=told.entry.key,
        seconds={"opened": round(told.opened.seconds, 1), "closed": round(told.closed.seconds, 1)},
        served=dict(told.served),
        cost=dict(told.cost),
        promises=promises,
        kept=all(promise.kept for promise in promises),
    )


def _promises(told: Told, language: Language) -> Iterator[Promise]:
    wanted = meant(told.entry)
    yield Promise(
        code="bench.renting.came", fields={"servers": ", ".join(told.came) or "–"}, kept=told.came == wanted
    )  # fmt: skip
    load = told.opened_load
    yield Promise(code="bench.renting.open_hitless", fields={"sent": load.sent, "failed": load.failed}, kept=load.failed == 0)
    nothing = not told.again.document["servers"]
    yield Promise(code="bench.renting.again", fields={}, kept=nothing)
    fields: dict[str, object] = {"served": ", ".join(f"{key} {told.served.get(key, 0)}" for key in wanted)}
    yield Promise(code="bench.renting.served", fields=fields, kept=all(told.served.get(key) for key in wanted))
    load = told.closed_load
    yield Promise(code="bench.renting.close_hitless", fields={"sent": load.sent, "failed": load.failed}, kept=load.failed == 0)
    gone = {"servers": ", ".join(told.went) or "–", "logs": len(told.logs)}
    yield Promise(code="bench.renting.went", fields=gone, kept=told.went == wanted and len(told.logs) == len(wanted))
    yield Promise(code="bench.renting.left", fields={"count": len(told.left)}, kept=not told.left)
    rents = {each["server"]: each["rupiah"] for each in told.cost["rents"]}
    paid = {"month": told.cost["month"], "hours": told.cost["hours"], "rupiah": rupiah(told.cost["rupiah"], language)}
    yield Promise(code="bench.renting.cost", fields=paid, kept=sorted(rents) == list(wanted) and all(rents.values()))
