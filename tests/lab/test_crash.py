"""A controller dies at or within a command over SSH: what real queues then promise, and who puts it right."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from inventory.regency import Regency
from inventory.views import small_copy
from network.bench.crash import boost, on_lab
from network.bench.scene import Scene, scene
from network.settings import Settings

FULL = bool(os.environ.get("LAJUR_FULL"))
DEATHS = 50 if FULL else 6

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1800 if FULL else 600)]


@pytest.fixture(scope="module")
def ground(manokwari: Regency, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    settings = Settings.read({}, tmp_path_factory.mktemp("home"))
    with scene(settings, small_copy(manokwari, 5), f"k{os.getpid() % 10**7}") as found:
        yield found


def test_no_death_promises_twice_on_real_queues_or_leaves_anything_half_done(ground: Scene) -> None:
    tally = on_lab.deaths(ground, DEATHS, "lab")
    assert tally.faults == []
    assert tally.oversubscribed == 0
    assert tally.kills == DEATHS


def test_a_boost_whose_controller_died_ends_without_it_and_everybody_keeps_their_guarantee(ground: Scene) -> None:
    left = boost.left_alone(ground)
    # Not before its end; how long after it, the bench holds.
    assert left.back > 0
    assert left.shared > 90
