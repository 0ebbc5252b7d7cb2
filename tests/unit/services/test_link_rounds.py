"""The watch over links in the service: figures that grow old, a truth that changes, and a place that cannot be had."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.load import load_regency
from inventory.regency import Regency
from inventory.views import small_copy
from network.clock import StepClock
from network.core.link_states import Word
from network.errors import Refused
from network.services.link_rounds import LinkRounds
from network.services.link_watch import STALE, LinkPost
from tests.unit.services.fleet import Fleet, Waiting

TRUTH = Path(__file__).parents[3] / "inventory" / "regencies" / "manokwari"
EVERY = 30.0


class Scene:
    def __init__(self) -> None:
        self.regency = small_copy(load_regency(TRUTH), 4)
        self.clock = StepClock(datetime(2026, 11, 26, 3, tzinfo=UTC))
        self.fleet = Fleet(self.regency, self.clock)
        self.trouble: Refused | None = None
        self.opened: list[Regency] = []
        self.rounds = LinkRounds(lambda: self.regency, self.post, self.clock, EVERY)

    @contextmanager
    def post(self, regency: Regency) -> Iterator[LinkPost]:
        if self.trouble is not None:
            raise self.trouble
        self.opened.append(regency)
        self.fleet.regency = regency
        yield LinkPost(regency=regency, meter=self.fleet, clock=self.clock, inbox=Waiting(self.clock))

    def go(self, seconds: float) -> None:
        until = self.clock.monotonic() + seconds
        self.rounds.run(lambda: self.clock.monotonic() >= until)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_before_anybody_looked_nothing_is_known(scene: Scene) -> None:
    found = scene.rounds.figures()
    assert (found.coverage, dict(found.states), found.age, found.error) == (None, {}, None, None)


def test_all_links_their_coverage_and_how_old_the_last_answer_is(scene: Scene) -> None:
    scene.go(5)
    found = scene.rounds.figures()
    assert found.coverage is not None
    assert found.coverage.reached == found.coverage.offices == 4
    assert found.states == {link.key: Word.UP for link in scene.regency.links}
    assert (found.asked, found.silent) == (len(scene.regency.devices), 0)
    assert found.age == pytest.approx(5, abs=1)


def test_a_cut_shows_and_is_logged_once(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.go(5)
    scene.fleet.cut = {("core", "h1"), ("hub-sgg", "core0")}
    with caplog.at_level(logging.INFO):
        scene.go(2 * EVERY)
    assert scene.rounds.figures().states["core-sgg"] is Word.DOWN
    (line,) = [each for each in caplog.records if each.message == "link.turned"]
    assert (line.levelname, vars(line)["link"], vars(line)["after"]) == ("WARNING", "core-sgg", Word.DOWN)


def test_a_watch_that_stands_still_knows_nothing_any_more(scene: Scene) -> None:
    scene.go(5)
    scene.clock.sleep(STALE * EVERY + 2)
    found = scene.rounds.figures()
    assert found.coverage is None
    assert set(found.states.values()) == {Word.UNKNOWN}
    assert found.age is not None
    assert found.age > STALE * EVERY


def test_when_nobody_answers_links_are_unknown_and_no_office_is_covered(scene: Scene) -> None:
    scene.go(5)
    scene.fleet.dead = {device.key for device in scene.regency.devices}
    scene.go(4 * EVERY)
    found = scene.rounds.figures()
    assert found.coverage is not None
    assert found.coverage.covered == 0
    assert set(found.states.values()) == {Word.UNKNOWN}
    assert found.silent == found.asked
    assert found.age is not None
    assert found.age > 3 * EVERY


def test_another_truth_is_watched_from_a_place_of_its_own(scene: Scene) -> None:
    scene.go(5)
    smaller = scene.regency = small_copy(load_regency(TRUTH), 3)
    scene.go(5)
    assert scene.opened == [scene.opened[0], smaller]
    assert scene.rounds.figures().states.keys() == {link.key for link in smaller.links}


def test_what_cannot_be_opened_is_told_and_tried_again(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.trouble = Refused("wiring.no_snmp", regency="manokwari")
    with caplog.at_level(logging.INFO):
        scene.go(100)
    found = scene.rounds.figures()
    assert found.error is scene.trouble
    assert (found.coverage, set(found.states.values())) == (None, {Word.UNKNOWN})
    assert [each.message for each in caplog.records] == ["links.unseen"], "once, however often it was tried"
    scene.trouble = None
    scene.go(5)
    assert scene.rounds.figures().error is None
    assert scene.rounds.figures().coverage is not None
