"""A controller dies at any command, over any wire: nothing is ever promised twice, and nothing stays half done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from network.bench.crash import campaign
from network.bench.crash.box import Kind

TRUTH = Path(__file__).parents[2] / "inventory" / "regencies" / "manokwari"
FULL = bool(os.environ.get("LAJUR_FULL"))
CHANGES = 1000 if FULL else 10


@pytest.mark.timeout(3600 if FULL else 600)
def test_no_death_of_a_controller_promises_twice_or_leaves_anything_half_done() -> None:
    tally = campaign.run(TRUTH, changes=CHANGES, seed="story")
    assert tally.faults == []
    assert tally.oversubscribed == 0
    assert tally.changes == CHANGES
    assert tally.kills > CHANGES * 4 * len(Kind), "every change is killed after each of its commands, over each kind of wire"
