"""A controller dies at any command, over any wire: nothing is ever promised twice, and nothing stays half done."""

from __future__ import annotations

import os
from pathlib import Path

from network.bench.crash import campaign

TRUTH = Path(__file__).parents[2] / "inventory" / "regencies" / "manokwari"
CHANGES = 1000 if os.environ.get("LAJUR_FULL") else 30


def test_no_death_of_a_controller_promises_twice_or_leaves_anything_half_done() -> None:
    tally = campaign.run(TRUTH, changes=CHANGES, seed="story")
    assert tally.faults == []
    assert tally.oversubscribed == 0
    assert tally.changes == CHANGES
    assert tally.kills > CHANGES * 20, "every change is killed after each of its commands, over each kind of wire"
