"""The watch over links on a running lab: a fibre that is cut and mended, coverage that falls and comes back, and a stranger."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inventory.regency import Regency
from network.core.coverage import Lack
from network.core.link_findings import Kind, LinkNotice
from network.core.link_states import LinkTurn, Source, Why, Word
from network.lab import hardware, netns
from network.lab.enter import noc_namespace
from network.lab.lab import LabState
from network.link_wiring import link_ground
from network.services.link_watch import LinkPicture, LinkPost, LinkWatch, News, Pace
from network.settings import Settings
from network.watching import link_post, live_post
from tests.lab.machine import until

pytestmark = pytest.mark.lab

NEVER = Pace(every=3600.0, optics=3600.0, neighbours=3600.0)
"""After the first one nobody is asked again but those of whom a trap speaks: what is known is known by traps."""


class Watching:
    """A watch in a thread of its own, what it told, and its picture at any moment."""

    def __init__(self, post: LinkPost, pace: Pace) -> None:
        self.post = post
        self.told: list[News] = []
        self._watch = LinkWatch(post, pace)
        self._over = threading.Event()
        # A fibre that was just mended has its carrier before its office has its routes.
        until(lambda: {edge.state for edge in self._watch.once().topology.edges} == {Word.UP})
        self._picture = self._watch.picture()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.is_set():
            self.told += self._watch.step()
            self._picture = self._watch.picture()

    def end(self) -> None:
        self._over.set()
        self._thread.join()

    @property
    def picture(self) -> LinkPicture:
        return self._picture

    def word(self, link: str) -> Word:
        return next(edge.state for edge in self.picture.topology.edges if edge.link == link)

    def turns(self, link: str) -> list[LinkTurn]:
        return [news for news in self.told if isinstance(news, LinkTurn) and news.link == link]


@contextmanager
def watching(state: Path, regency: Regency, lab: LabState, pace: Pace = NEVER) -> Iterator[Watching]:
    settings = Settings.read({"LAJUR_STATE": str(state)}, state)
    with (
        link_ground(settings, regency, via="lab", lab_id=lab.plan.lab) as ground,
        live_post(settings, ground) as post,
    ):
        found = Watching(post, pace)
        try:
            yield found
        finally:
            found.end()


@contextmanager
def cut(lab: LabState, link: str) -> Iterator[None]:
    hardware.cut(lab.plan.lab, link)
    try:
        yield
    finally:
        hardware.mend(lab.plan.lab, link)


def access(regency: Regency) -> tuple[str, str]:
    """A fibre office and its own link."""
    office = next(each for each in regency.offices if each.hub == "sgg")
    return office.key, regency.wiring[regency.hub(office.hub).device, office.device][0].key


def lacks(picture: LinkPicture) -> dict[str, Lack | None]:
    return {line.office: line.lack for line in picture.coverage.lines}


def test_a_cut_is_known_by_a_trap_and_coverage_falls_and_comes_back(tmp_path: Path, small: Regency, running: LabState) -> None:
    office, link = access(small)
    with watching(tmp_path, small, running) as seen:
        assert {edge.state for edge in seen.picture.topology.edges} == {Word.UP}
        assert seen.picture.silent == {}
        before = seen.picture.coverage
        assert lacks(seen.picture)[office] is None
        with cut(running, link):
            until(lambda: seen.word(link) is Word.DOWN)
            until(lambda: lacks(seen.picture)[office] is Lack.DOWN)
            assert seen.picture.coverage.covered == before.covered - 1
            assert seen.turns(link)[0].after.source is Source.TRAP
        until(lambda: seen.word(link) is Word.UP)
        until(lambda: seen.picture.coverage.covered == before.covered)
        words = [turn.after.word for turn in seen.turns(link)]
        assert words[0] is Word.DOWN
        assert words[-1] is Word.UP
        counts = seen.picture.traps
        assert counts is not None
        assert counts.believed >= 2
        assert (counts.strangers, counts.refused, counts.stale, counts.garbled) == (0, 0, 0, 0)


def test_a_watch_that_is_started_anew_believes_the_next_trap(tmp_path: Path, small: Regency, running: LabState) -> None:
    _, link = access(small)
    for _ in range(2):
        with watching(tmp_path, small, running) as seen:
            with cut(running, link):
                until(lambda: seen.word(link) is Word.DOWN)
                assert seen.turns(link)[0].after.source is Source.TRAP
            until(lambda: seen.word(link) is Word.UP)
            counts = seen.picture.traps
        assert counts is not None
        assert (counts.stale, counts.refused) == (0, 0)
        assert running.traps.exists()


def test_a_trap_of_a_stranger_changes_nothing(tmp_path: Path, small: Regency, running: LabState) -> None:
    _, link = access(small)
    with watching(tmp_path, small, running) as seen:
        end = small.link(link).ends[0]
        name = ("1.3.6.1.2.1.31.1.1.1.1.2", "s", end.interface)
        words = ["snmptrap", "-v2c", "-c", "public", "127.0.0.1:162", "", "1.3.6.1.6.3.1.1.5.3", *name]
        with netns.inside(noc_namespace(running)):
            subprocess.run(words, check=True, capture_output=True, timeout=240, env={"MIBS": "", "PATH": "/usr/bin:/bin"})
        until(lambda: (seen.picture.traps or pytest.fail("no trap port")).strangers == 1)
        assert seen.word(link) is Word.UP
        assert seen.turns(link) == []


def test_light_that_weakens_is_told_once_and_so_is_its_end(tmp_path: Path, small: Regency, running: LabState) -> None:
    _, link = access(small)
    end = small.link(link).ends[1]
    assert end.optics is not None
    with watching(tmp_path, small, running, Pace(every=3600.0, optics=0.5, neighbours=0.5)) as seen:

        def told() -> list[tuple[Kind, str, bool]]:
            return [(each.finding.kind, each.finding.link, each.over) for each in seen.told if isinstance(each, LinkNotice)]

        try:
            hardware.set_optics(running.plan.lab, end.device, end.interface, end.optics.least - 2.0)
            until(lambda: bool(told() and seen.picture.findings))
            assert seen.picture.findings[0].seen == f"{end.optics.least - 2.0:.1f}"
        finally:
            hardware.set_optics(running.plan.lab, end.device, end.interface, end.optics.handover)
        until(lambda: len(told()) == 2)
        # The neighbours of every other end were heard as the truth names them, and no other light is weak.
        assert told() == [(Kind.LIGHT, link, False), (Kind.LIGHT, link, True)]
        assert seen.word(link) is Word.UP


def test_without_traps_a_poll_knows_it(small: Regency, running: LabState) -> None:
    office, link = access(small)
    with link_post(small, running) as post:
        watch = LinkWatch(post)
        assert lacks(watch.once())[office] is None
        with cut(running, link):
            # The agent itself looks every few seconds only.
            until(lambda: lacks(watch.once())[office] is Lack.DOWN)
            edge = next(edge for edge in watch.picture().topology.edges if edge.link == link)
            assert edge.why in (Why.NO_CARRIER, Why.SWITCHED_OFF)
            assert edge.source is Source.POLL
        until(lambda: lacks(watch.once())[office] is None)
