"""Rows `crash.*`: deaths of controllers, counted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from network.bench.crash import campaign
from network.bench.rows import Row

CHANGES: Final = 60
FULL: Final = 1000
"""With LAJUR_FULL set."""


def measure(truth: Path, report: Callable[[Row], None]) -> None:
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


def _none(id: str, what: str, value: float, unit: str) -> Row:
    return Row(id=id, what=what, value=value, unit=unit, bar=0, direction="<=", holds=value == 0)
