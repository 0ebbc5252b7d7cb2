"""Rows `chat.*`: the accounts and rooms of the whole task force, made on a server that has none, and looked at again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from inventory.regency import Regency
from inventory.release_model import Runs
from inventory.release_views import workloads_of
from inventory.views import small_copy
from network import labs
from network.bench.rows import Row, median_row
from network.core.plays import PlayEvent, PlayRequest
from network.errors import LabError
from network.server_wiring import PlayGround, play_ground
from network.settings import Settings

LAB: Final = "benchchat"
BAR: Final = 60.0
_TASK: Final = "Make the accounts and rooms"

Report = Callable[[Row], None]


def measure(settings: Settings, regency: Regency, report: Report) -> None:
    """Without a chat in the truth there is nothing to measure."""
    (chat,) = workloads_of(regency, Runs.CHAT)[:1] or (None,)
    if chat is None:
        return
    with TemporaryDirectory(prefix="lajur-bench-") as folder, _ground(settings, regency, Path(folder)) as ground:
        first, made = _timed(ground, chat.servers[0])
        again, twice = _timed(ground, chat.servers[0])
    report(
        median_row("chat.accounts", f"{made['made']:,} accounts and rooms made, over a running server", [first], "s", "<=", BAR)
    )
    report(median_row("chat.missing", "places of the truth without an account then", [float(len(made["missing"]))], "", "<=", 0))
    changed = float(sum(twice[name] for name in ("made", "removed", "changed")))
    report(
        median_row(
            "chat.changed", f"of these {made['made']:,} accounts and rooms, changed by a second run", [changed], "", "<=", 0
        )
    )
    report(median_row("chat.again", "the second run's look at all of them", [again], "s"))


def _timed(ground: PlayGround, server: str) -> tuple[float, Mapping[str, Any]]:
    """Seconds from the end of the task before to the end of the one with the accounts, and what it said. Raises LabError."""
    before, taken = time.perf_counter(), 0.0
    said: Mapping[str, Any] = {}

    def heard(event: PlayEvent) -> None:
        nonlocal before, taken, said
        now = time.perf_counter()
        if event.task.endswith(_TASK):
            taken, said = now - before, event.value
        before = now

    result = ground.plays.play(PlayRequest(playbook="site", hosts=(server,)), heard)
    for host, end in result.bad.items():
        raise LabError("lab.command_refused", command=f"site ({host}: {end.task})", cause=end.message)
    return taken, said


@contextmanager
def _ground(settings: Settings, regency: Regency, folder: Path) -> Iterator[PlayGround]:
    """A lab of its own with all servers."""
    labs.prepare_image()
    try:
        labs.up(small_copy(regency, 1), LAB, timeout=120, servers=True)
        with play_ground(replace(settings, lab=LAB, state=folder), regency) as ground:
            yield ground
    finally:
        labs.down(LAB)
