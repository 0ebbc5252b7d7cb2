"""`make bench`: measures what is promised, prints a table, and writes `.bench/latest.json`."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from network import wiring
from network.bench import admission, allocate, api, lab, share, shift, slot
from network.bench.cloud import measure_cloud
from network.bench.crash import measure as crash
from network.bench.fleet.measure import measure as fleet
from network.bench.links.cuts import measure as cuts
from network.bench.links.drifts import measure as drifts
from network.bench.push.measure import measure as push
from network.bench.release.accounts import measure as chat_accounts
from network.bench.release.measure import measure_releases, measure_site
from network.bench.release.restore import measure as restore
from network.bench.renting.measure import measure_drift, measure_many, measure_renting, measure_window
from network.bench.rows import Row
from network.bench.scene import Scene, scene
from network.bench.servers.measure import measure_infra, measure_servers
from network.bench.snmp.measure import measure as snmp
from network.cli.output import Output
from network.errors import UsageError
from network.settings import Settings

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Column

LATEST: Final = Path(".bench/latest.json")
REGENCY: Final = "manokwari"
MISSED: Final = 1

_COLUMNS: Final[tuple[Column, ...]] = (
    ("bench.column.id", "left"),
    ("bench.column.what", "left"),
    ("bench.column.value", "right"),
    ("bench.column.bar", "right"),
    ("bench.column.holds", "left"),
    ("bench.column.spread", "right"),
)

Report = Callable[[Row], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchReport:
    """`machine`: what it ran on. A row holds, misses, or (`holds` null) has no bar."""

    machine: dict[str, str | int]
    rows: tuple[Row, ...]


class _Bench:
    """One lab for all suites that need one, brought up when the first of them asks."""

    def __init__(self, settings: Settings, stack: ExitStack) -> None:
        self._stack = stack
        self.settings = settings
        self.regency = wiring.open_regency(settings, REGENCY)
        self.truth = wiring.regency_folder(settings, REGENCY)
        self._scene: Scene | None = None

    @property
    def scene(self) -> Scene:
        if self._scene is None:
            self._scene = self._stack.enter_context(scene(self.settings, self.regency, "bench"))
        return self._scene


def _clouds(bench: _Bench, report: Report) -> None:
    measure_cloud(bench.regency, report)
    measure_renting(bench.settings, bench.regency, report)
    measure_many(bench.settings, bench.regency, report)
    measure_drift(bench.settings, bench.regency, report)
    measure_window(bench.settings, bench.regency, report)


SUITES: Final[dict[str, Callable[[_Bench, Report], None]]] = {
    "allocate": lambda bench, report: allocate.measure(report),
    "admission": lambda bench, report: admission.measure(bench.regency, report),
    "api": lambda bench, report: api.measure(bench.settings, report),
    "lab": lambda bench, report: lab.measure(bench.regency, report),
    "shift": lambda bench, report: shift.measure(bench.scene, report),
    "share": lambda bench, report: share.measure(bench.scene, report),
    "crash": lambda bench, report: crash.measure(bench.truth, lambda: bench.scene, report),
    "fleet": lambda bench, report: fleet(report),
    "push": lambda bench, report: push(bench.scene, report),
    "snmp": lambda bench, report: snmp(report),
    "link": lambda bench, report: cuts(bench.settings, bench.regency, report),
    "drift": lambda bench, report: drifts(bench.scene, report),
    "servers": lambda bench, report: measure_servers(bench.regency, report),
    "infra": lambda bench, report: measure_infra(bench.settings, bench.regency, report),
    "cloud": _clouds,
    "site": lambda bench, report: measure_site(bench.settings, bench.regency, report),
    "release": lambda bench, report: measure_releases(bench.settings, bench.regency, report),
    "chat": lambda bench, report: chat_accounts(bench.settings, bench.regency, report),
    "restore": lambda bench, report: restore(bench.settings, bench.regency, report),
    "slot": lambda bench, report: slot.measure(bench.scene, report),
}


def run(settings: Settings, out: Output, only: str = "") -> int:
    """Measure the suites whose rows begin with `only`. 0 when every bar holds, else 1. Raises UsageError for no such suite."""
    chosen = [name for name in SUITES if name.startswith(only) or only.startswith(f"{name}.")]
    if not chosen:
        raise UsageError("bench.nothing", only=only, known=", ".join(SUITES))
    rows: list[Row] = []
    with out.progress(always=True) as tell, ExitStack() as stack:
        bench = _Bench(settings, stack)

        def report(row: Row) -> None:
            rows.append(row)
            tell(out.say("bench.row", id=row.id, value=f"{row.value:.4g} {row.unit}"))

        for name in chosen:
            tell(out.say("bench.running", suite=name))
            SUITES[name](bench, report)
    found = BenchReport(machine=machine(), rows=tuple(row for row in rows if row.id.startswith(only)))
    write(found, LATEST)
    out.show(found, lambda: _draw(found, out))
    return MISSED if any(row.holds is False for row in found.rows) else 0


def machine() -> dict[str, str | int]:
    """What a reader needs to compare figures."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 10**6,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_1_minute": str(round(os.getloadavg()[0], 2)),
    }


def write(found: BenchReport, file: Path) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"machine": found.machine, "rows": [asdict(row) for row in found.rows]}, indent=2) + "\n")


def _draw(found: BenchReport, out: Output) -> RenderableType:
    from rich.console import Group

    from network.cli.draw import cell, table

    say = out.say
    barred = [row for row in found.rows if row.holds is not None]
    verdict = say("bench.verdict", held=sum(row.holds is True for row in barred), count=len(barred), file=str(LATEST))
    title = say("bench.title", machine=f"{found.machine['processor']}, {found.machine['cores']}")
    return Group(table(say, _COLUMNS, [_cells(row) for row in found.rows], title), cell(verdict, "bold"))


def _cells(row: Row) -> list[str]:
    bar = f"{row.direction} {row.bar:g} {row.unit}" if row.bar is not None else ""
    holds = {True: "✓", False: "✗", None: ""}[row.holds]
    spread = f"{min(row.samples):.4g} … {max(row.samples):.4g}" if row.samples else ""
    return [row.id, row.what, f"{row.value:.4g} {row.unit}", bar, holds, spread]
