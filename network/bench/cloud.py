"""How long the cloud of a lab takes to be made, to stand and to go."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from inventory.regency import Regency
from inventory.views import small_copy
from network import labs
from network.bench.rows import Row, median_row

RUNS: Final = 3
_LAB: Final = "benchcloud"


def measure_cloud(regency: Regency, report: Callable[[Row], None]) -> None:
    """Rows `cloud.*`: the control plane in a lab of one office. What it is made of is prepared before, and not counted."""
    small = small_copy(regency, 1)
    labs.prepare_cloud()
    up: list[float] = []
    down: list[float] = []
    for _ in range(RUNS):
        began = time.perf_counter()
        labs.up(small, _LAB, timeout=180, cloud=True)
        up.append(time.perf_counter() - began)
        began = time.perf_counter()
        labs.down(_LAB)
        down.append(time.perf_counter() - began)
    report(median_row("cloud.snapshot", "from its snapshot until servers can be asked for", up, "s", "<=", 15))
    report(median_row("cloud.down", "until nothing is left of it", down, "s", "<=", 5))
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="lajur-bench-") as folder:
        Path(folder).chmod(0o755)
        labs.build_cloud(Path(folder))
        took = time.perf_counter() - began
    report(median_row("cloud.first", "the first time, with its packages there", [took + min(up)], "s", "<=", 90))
