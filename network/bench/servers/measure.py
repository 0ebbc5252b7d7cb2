"""Rows `servers.*` and `infra.*`: machines of the lab until they answer, and whole commands over them and over a hundred more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from inventory.regency import Regency
from inventory.views import small_copy
from network import labs
from network.bench.rows import Row, median_row
from network.bench.servers.found import expected_kinds, kinds_found
from network.bench.servers.many import many
from network.errors import LabError
from network.settings import Settings

LAB: Final = "benchsrv"
FIVE: Final = 5
MANY: Final = 100
RUNS: Final = 3
LOOKS: Final = 20

Report = Callable[[Row], None]


def measure_servers(regency: Regency, report: Report) -> None:
    """Rows `servers.*`."""
    with _cache() as cache:
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", "from network.labs import prepare_image; prepare_image()"],
            check=True,
            env={**os.environ, "LAJUR_CACHE": cache},
        )
        built = time.perf_counter() - began
    report(median_row("servers.image", "base image and package pool built, nothing cached", [built], "s", "<=", 120))
    labs.prepare_image()
    ready, down = [], []
    for _ in range(RUNS):
        labs.up(_five(regency), LAB, timeout=120, servers=True)
        try:
            nodes = [node for node in labs.status(LAB).nodes if node.role == "server"]
            ready.append(max(node.ready_after or 0.0 for node in nodes))
        finally:
            began = time.perf_counter()
            labs.down(LAB)
            down.append(time.perf_counter() - began)
    report(median_row("servers.ready", f"{FIVE} lab servers ready for SSH, image cached", ready, "s", "<=", 10))
    report(median_row("servers.down", f"{FIVE} lab servers and their regency gone, nothing left", down, "s"))


def measure_infra(settings: Settings, regency: Regency, report: Report) -> None:
    """Rows `infra.*`."""
    _on_the_lab(settings, regency, report)
    with TemporaryDirectory(prefix="lajur-bench-") as folder, many(Path(folder), _folder(settings), MANY) as site:
        up, _ = _command(site.environment, "up", "--yes")
        drift = [_command(site.environment, "drift")[0] for _ in range(RUNS)]
    report(median_row("infra.up_many", f"{MANY} simulated servers taken over", [up], "s", "<=", 30))
    report(median_row("infra.drift_many", f"{MANY} simulated servers compared", drift, "s", "<=", 15))


def _on_the_lab(settings: Settings, regency: Regency, report: Report) -> None:
    first, again, engine, engine_again, drift = [], [], [], [], []
    for run in range(RUNS):
        with TemporaryDirectory(prefix="lajur-bench-") as state:
            labs.up(_five(regency), LAB, timeout=120, servers=True)
            try:
                environment = {**os.environ, "LAJUR_STATE": state, "LAJUR_LAB": LAB, "LAJUR_REGENCY": regency.head.key}
                seconds, told = _command(environment, "up", "--yes")
                first.append(seconds)
                engine.append(told["engine"])
                seconds, told = _command(environment, "up", "--yes")
                again.append(seconds)
                engine_again.append(told["engine"])
                drift.append(_command(environment, "drift")[0])
                if run == RUNS - 1:
                    own = replace(settings, state=Path(state), lab=LAB)
                    _drifts(own, _five(regency), report)
            finally:
                labs.down(LAB)
    report(median_row("infra.up", f"`lajur infra up`, {FIVE} servers, first", first, "s", "<=", 20))
    report(median_row("infra.up_engine", "of that, the engine's own share", engine, "s"))
    report(median_row("infra.again", f"`lajur infra up`, {FIVE} servers, nothing to do", again, "s", "<=", 6))
    report(median_row("infra.again_engine", "of that, the engine's own share", engine_again, "s"))
    report(median_row("infra.drift", f"`lajur infra drift`, {FIVE} servers", drift, "s", "<=", 15))


def _drifts(settings: Settings, regency: Regency, report: Report) -> None:
    false = kinds_found(settings, regency, looks=LOOKS)
    what = f"differences found in {LOOKS} looks at {FIVE} servers that nobody changed"
    report(Row(id="infra.false", what=what, value=float(len(false)), unit="findings", bar=0, direction="<=", holds=not false))
    wanted = expected_kinds(LAB, regency)
    late = max(lease.end for lease in regency.leases) + timedelta(days=2)
    found = kinds_found(settings, regency, looks=1, day=late)
    hits = len(wanted & set(found))
    what = "of the changes made by hand, found: " + ", ".join(sorted(kind for _, kind in wanted))
    row = Row(
        id="infra.found",
        what=what,
        value=float(hits),
        unit="of 6",
        bar=float(len(wanted)),
        direction=">=",
        holds=wanted <= set(found),
    )
    report(row)


def _command(environment: Mapping[str, str], *words: str) -> tuple[float, dict[str, Any]]:
    """Seconds of a whole `lajur infra` command, and its document."""
    lajur = str(Path(sys.executable).with_name("lajur"))
    began = time.perf_counter()
    done = subprocess.run(
        [lajur, "infra", *words, "--output", "json"], env=dict(environment), capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - began
    if done.returncode not in (0, 2):
        raise LabError("bench.servers.failed", command=" ".join(words), reason=done.stderr.strip()[-300:] or "-")
    document: dict[str, Any] = json.loads(done.stdout)
    return seconds, document


def _five(regency: Regency) -> Regency:
    return small_copy(regency, 1).model_copy(update={"servers": regency.servers[:FIVE]})


@contextmanager
def _cache() -> Iterator[str]:
    with TemporaryDirectory(prefix="lajur-bench-image-") as folder:
        yield folder


def _folder(settings: Settings) -> Path:
    from network import wiring

    return wiring.regency_folder(settings, "manokwari")
