"""How long a shift takes, from the decision to confirmed, beside the bare command that it could not do without."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from network import labs
from network.bench.rows import Row, median_row
from network.bench.scene import Scene, quiet, story
from network.dialects.linux_steps import batch_lines
from network.wiring import places

RUNS: Final = 7


def measure(scene: Scene, report: Callable[[Row], None]) -> None:
    """Rows `shift.*`: all offices, both uplinks, both directions, on the lab's core."""
    cold = [_cold(scene, opening) for opening in _alternating(RUNS)]
    warm, raw = _warm(scene)
    offices = len(scene.regency.offices)
    report(median_row("shift.cold", f"{offices} offices, decision to confirmed, nothing connected", cold, "s", "<=", 1.5))
    report(median_row("shift.warm", f"{offices} offices, decision to confirmed, connections open", warm, "s", "<=", 0.4))
    ratios = [own / bare for own, bare in zip(warm, raw, strict=True)]
    report(median_row("shift.raw", "the same lines, one `tc -batch` over an open ssh master", raw, "s"))
    report(median_row("shift.ratio", "shift.warm to shift.raw, in one run", ratios, "x"))


def _alternating(runs: int) -> Iterator[bool]:
    yield from (number % 2 == 0 for number in range(runs + runs % 2))


def _set(scene: Scene, opening: bool) -> None:
    scene.clock.set(story(scene.regency).start + timedelta(seconds=5) if opening else quiet(scene.regency))


def _cold(scene: Scene, opening: bool) -> float:
    _set(scene, opening)
    with scene.hands() as hands:
        return _timed(scene, hands)


def _warm(scene: Scene) -> tuple[list[float], list[float]]:
    own: list[float] = []
    raw: list[float] = []
    with scene.hands() as hands, _master(scene) as bare:
        scene.apply(hands, "bench")
        for opening in _alternating(RUNS):
            _set(scene, opening)
            began = time.perf_counter()
            run = scene.apply(hands, "bench")
            own.append(time.perf_counter() - began)
            lines = batch_lines(run.preview.plan.steps, places(scene.regency)["core"])
            raw.append(bare(lines))
    return own, raw


def _timed(scene: Scene, hands: object) -> float:
    began = time.perf_counter()
    scene.apply(hands, "bench")  # type: ignore[arg-type]
    return time.perf_counter() - began


@contextmanager
def _master(scene: Scene) -> Iterator[Callable[[str], float]]:
    """An open ssh master to the core; gives a function that sends a batch over it and returns the seconds."""
    core = next(device for device in scene.regency.devices if device.key == "core")
    with TemporaryDirectory(prefix="lajur-ssh-") as folder:
        socket = Path(folder) / "master"
        words = ["ssh", "-F", "none", "-i", str(scene.lab.client_key), "-o", f"UserKnownHostsFile={scene.lab.known_hosts}"]
        words += ["-o", f"ControlPath={socket}", "-o", "StrictHostKeyChecking=yes", f"root@{core.address}"]
        inside = labs.command_in(scene.lab.plan.lab, "noc", words)
        here = len(inside) - 1
        subprocess.run([*inside[:here], "-M", "-N", "-f", inside[here]], check=True, capture_output=True)

        def send(lines: str) -> float:
            began = time.perf_counter()
            subprocess.run([*inside, "tc -batch -"], input=lines.encode(), check=True, capture_output=True)
            return time.perf_counter() - began

        try:
            yield send
        finally:
            subprocess.run([*inside[:here], "-O", "exit", inside[here]], check=False, capture_output=True)
