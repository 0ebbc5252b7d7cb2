"""`lajur demo --cloud`: servers that come for a peak and go when it ends, while people work, with a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from inventory.regency import Regency
from network.bench.demo_report import Promise
from network.bench.release.operator import operator
from network.bench.renting.story import LAB, SERVERS, Told, meant, play
from network.cli.output import Output
from network.cli.words import decimal
from network.settings import Settings

if TYPE_CHECKING:
    from rich.console import RenderableType

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
    report = _report(told)
    out.show(report, lambda: _draw(report, out))
    return 0 if report.kept else BROKEN


def _report(told: Told) -> RentingReport:
    promises = tuple(_promises(told))
    return RentingReport(
        capacity=told.entry.key,
        seconds={"opened": round(told.opened.seconds, 1), "closed": round(told.closed.seconds, 1)},
        served=dict(told.served),
        cost=dict(told.cost),
        promises=promises,
        kept=all(promise.kept for promise in promises),
    )


def _promises(told: Told) -> Iterator[Promise]:
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
    paid = {"month": told.cost["month"], "hours": told.cost["hours"], "rupiah": f"{told.cost['rupiah']:,}".replace(",", ".")}
    yield Promise(code="bench.renting.cost", fields=paid, kept=sorted(rents) == list(wanted) and all(rents.values()))


def _draw(report: RentingReport, out: Output) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    lines = []
    for promise in report.promises:
        mark, style = ("✓", "green") if promise.kept else ("✗", "bold red")
        lines.append(Text(f"{mark} {out.say(promise.code, **promise.fields)}", style=style))
    shown = {name: decimal(f"{seconds:.1f}", out.language) for name, seconds in report.seconds.items()}
    lines.append(Text(out.say("bench.renting.seconds", **shown), style="dim"))
    broken = sum(not promise.kept for promise in report.promises)
    code = "bench.release.kept" if report.kept else "bench.release.not_kept"
    verdict = out.say(code, count=len(report.promises), broken=broken)
    lines.append(Text(verdict, style="bold green" if report.kept else "bold red"))
    return Group(*lines)
