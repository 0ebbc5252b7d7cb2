"""How long a whole regency takes to stand and to go, and what it weighs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from inventory.regency import Regency
from network import labs
from network.bench.rows import Row, median_row

RUNS: Final = 5
_MB: Final = 10**6


def measure(regency: Regency, report: Callable[[Row], None]) -> None:
    """Rows `lab.*`: all offices; ready means that SSH and SNMP answer and OSPF is Full everywhere."""
    up: list[float] = []
    down: list[float] = []
    memory: list[float] = []
    for _ in range(RUNS):
        began = time.perf_counter()
        labs.up(regency, "benchlab", timeout=180)
        up.append(time.perf_counter() - began)
        try:
            memory.append(labs.status("benchlab").memory / _MB)
        finally:
            began = time.perf_counter()
            labs.down("benchlab")
            down.append(time.perf_counter() - began)
    offices = len(regency.offices)
    report(median_row("lab.up", f"{offices} offices until ready", up, "s", "<=", 25))
    report(median_row("lab.down", f"{offices} offices, nothing left", down, "s", "<=", 3))
    report(median_row("lab.memory", f"{offices} offices, proportional share of all processes", memory, "MB", "<=", 1300))
