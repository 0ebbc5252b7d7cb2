"""Rows `crash.*`: deaths of controllers, counted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from network.bench.crash import boost, campaign, on_lab
from network.bench.rows import Row
from network.bench.scene import Scene
from network.services.returns import RETURN_GRACE

CHANGES: Final = 60
FULL: Final = 1000
"""With LAJUR_FULL set."""


ON_LAB: Final = 50
KEPT: Final = 98


def measure(truth: Path, scene: Callable[[], Scene], report: Callable[[Row], None]) -> None:
    changes = FULL if os.environ.get("LAJUR_FULL") else CHANGES
    tally = campaign.run(truth, changes=changes, seed="bench")
    report(
        Row(
            id="crash.kills",
            what=f"deaths of a controller in {tally.changes} changes: after every command, over every kind of wire",
            value=tally.kills,
            unit="",
        )
    )
    report(_none("crash.oversubscribed", "the most that was ever promised too often", tally.oversubscribed, "bit/s"))
    report(_none("crash.half_done", "devices or records left half done, alone or after a restart", len(tally.faults), ""))

    lab = on_lab.deaths(scene(), ON_LAB, "bench")
    report(
        Row(
            id="crash.lab_kills",
            what=f"deaths of a controller at or within a command over SSH, in {lab.changes} changes of real queues",
            value=lab.kills,
            unit="",
        )
    )
    report(_none("crash.lab_oversubscribed", "the most that the kernel ever promised too often", lab.oversubscribed, "bit/s"))
    report(_none("crash.lab_half_done", "the same as crash.half_done on the lab", len(lab.faults), ""))
    left = boost.left_alone(scene())
    what = "killed in the middle of a boost: seconds from its end until the devices held the base policy by themselves"
    bar = boost.ARM + RETURN_GRACE
    report(Row(id="crash.boost_back", what=what, value=left.back, unit="s", bar=bar, direction="<=", holds=left.back <= bar))
    what = "the least of its guarantee that any flooding office had meanwhile, in any five seconds"
    report(Row(id="crash.boost_kept", what=what, value=left.kept, unit="%", bar=KEPT, direction=">=", holds=left.kept >= KEPT))


def _none(id: str, what: str, value: float, unit: str) -> Row:
    return Row(id=id, what=what, value=value, unit=unit, bar=0, direction="<=", holds=value == 0)
