"""`lajur demo --servers`: from a contract to an accepted machine and back, with a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inventory.regency import Regency
from network.bench.demo_report import Promise
from network.bench.promises_view import draw_promises
from network.bench.servers.story import Told, expected, found, play, stage
from network.cli.output import Output
from network.settings import Settings

if TYPE_CHECKING:
    from rich.console import RenderableType

KEEP: Final = Path(".bench/servers")
BROKEN: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ServersReport:
    """`accepted` by server: whether it was taken over. `differences`: what hands had done. `reports`: where they lie now."""

    accepted: dict[str, bool]
    differences: tuple[str, ...]
    returned: tuple[str, ...]
    seconds: dict[str, float]
    promises: tuple[Promise, ...]
    kept: bool
    reports: str


def run(settings: Settings, regency: Regency, out: Output) -> int:
    """Play it in a lab of its own. 0 when every promise was kept, else 1."""
    with out.progress(always=True) as tell:
        tell(out.say("bench.servers.lab", servers=len(regency.servers)))
        with stage(settings, regency) as (ground, who):
            told = play(ground, who, lambda code, fields: tell(out.say(code, **fields)), KEEP)
            tell(out.say("bench.demo.down"))
    report = _report(told)
    out.show(report, lambda: _draw(report, told, out))
    return 0 if report.kept else BROKEN


def _report(told: Told) -> ServersReport:
    promises = tuple(_promises(told))
    acts = {"up": told.taken, "drift": told.seen, "mend": told.mended, "return_": told.returned}
    return ServersReport(
        accepted={each.server: each.accepted for each in told.taken.acceptances},
        differences=tuple(f"{each.server} {each.kind} {each.name}" for each in told.seen.differences),
        returned=tuple(each.server for each in told.returned.releases),
        seconds={name: round(act.seconds, 2) for name, act in acts.items()},
        promises=promises,
        kept=all(promise.kept for promise in promises),
        reports=str(KEEP),
    )


def _promises(told: Told) -> Iterator[Promise]:
    who, taken = told.cast, told.taken
    accepted = sorted(each.server for each in taken.acceptances if each.accepted)
    wanted = len(taken.acceptances) - 1
    fields: dict[str, object] = {"count": len(accepted), "servers": ", ".join(accepted)}
    yield Promise(code="bench.servers.accepted", fields=fields, kept=len(accepted) == wanted and who.short.key not in accepted)
    short = next((each for each in taken.acceptances if each.server == who.short.key), None)
    lines = "; ".join(f"{line['name']} {line['promised']} > {line['found']}" for line in short.lines) if short else "–"
    refused = short is not None and not short.accepted and who.short.key not in taken.outputs
    yield Promise(code="bench.servers.refused", fields={"server": who.short.key, "lines": lines}, kept=refused)
    missing = expected(who) - found(told.seen.differences)
    differences = len(told.seen.differences)
    fields = {"count": len(expected(who)) - len(missing), "of": len(expected(who)), "differences": differences}
    yield Promise(code="bench.servers.found", fields=fields, kept=not missing)
    left = len(told.again.differences)
    fields = {"count": len(told.mended.repaired), "differences": differences, "left": left}
    yield Promise(code="bench.servers.mended", fields=fields, kept=not left and not missing)
    wiped = [each.server for each in told.returned.releases if each.wiped]
    items = sum(len(proof["wiped"]) for proof in told.proofs.values() if isinstance(proof["wiped"], list))
    fields = {"servers": ", ".join(wiped) or "–", "items": items}
    yield Promise(code="bench.servers.returned", fields=fields, kept=sorted(wiped) == sorted(who.returned))
    yield Promise(code="bench.servers.secrets", fields={"files": told.secrets}, kept=told.secrets == 0)


def _draw(report: ServersReport, told: Told, out: Output) -> RenderableType:
    times = {"engine": told.taken.engine, **report.seconds}
    verdicts = ("bench.servers.kept", "bench.servers.broken")
    return draw_promises(report.promises, "bench.servers.seconds", times, out, verdicts, folder=report.reports)
