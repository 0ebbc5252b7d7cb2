"""The watch over links beside hands that say what a test tells them to: polls, traps, looks, silence, and news told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from inventory.load import load_regency
from inventory.model import Optics
from inventory.views import small_copy
from network.clock import StepClock
from network.core.coverage import Lack
from network.core.link_findings import Kind, LinkNotice
from network.core.link_states import CONFIRM_SECONDS, LinkTurn, Source, Why, Word
from network.core.watch_ports import Glance, Peer, TrapCounts, TrapHeard
from network.services.link_board import LinkBoard
from network.services.link_watch import LinkPost, LinkWatch, Looked, News, Pace
from tests.unit.services.fleet import Ear, Fleet, Looks, Waiting

TRUTH = Path(__file__).parents[3] / "inventory" / "regencies" / "manokwari"
NOON = datetime(2026, 11, 26, 3, tzinfo=UTC)


class Scene:
    def __init__(self, pace: Pace | None = None) -> None:
        whole = small_copy(load_regency(TRUTH), 4)
        links = tuple(
            link.model_copy(update={"ends": tuple(end.model_copy(update={"optics": Optics(handover=-8.0)}) for end in link.ends)})
            for link in whole.links
        )
        self.regency = whole.model_copy(update={"links": links})
        self.clock = StepClock(NOON)
        self.inbox = Waiting(self.clock)
        self.fleet = Fleet(self.regency, self.clock)
        self.looks = Looks(self.regency)
        post = LinkPost(regency=self.regency, meter=self.fleet, clock=self.clock, inbox=self.inbox, ear=Ear(), looks=self.looks)
        self.watch = LinkWatch(post, pace)
        self.news: list[News] = []

    def go(self, seconds: float) -> list[News]:
        """Let the watch run for so long; what it told."""
        before, until = len(self.news), self.clock.monotonic() + seconds
        self.watch.run(lambda: self.clock.monotonic() >= until, self.news.append)
        return self.news[before:]

    def trap(self, device: str, interface: str, *, up: bool) -> None:
        self.inbox.put(TrapHeard(device=device, up=up, received=self.clock.monotonic(), name=interface))


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    scene.go(1)
    assert scene.news == []
    return scene


@pytest.mark.parametrize("name", ["Gi0/1", "GigabitEthernet0/1"])
def test_a_trap_may_name_its_interface_short(name: str) -> None:
    regency = Scene().regency
    first, *others = regency.links
    near, far = first.ends
    named = first.model_copy(update={"ends": (near.model_copy(update={"interface": "GigabitEthernet0/1"}), far)})
    board = LinkBoard(regency.model_copy(update={"links": (named, *others)}), (near.device, far.device), 75.0)
    trap = TrapHeard(device=near.device, up=False, received=1.0, name=name)
    assert board.trapped(trap) == (near.device, far.device)
    assert board.trapped(replace(trap, name="Gi0/99")) == ()
    board.judge(1.0)
    assert board.states[first.key].word is Word.DOWN


def test_one_poll_shows_every_link_and_what_it_covers() -> None:
    scene = Scene()
    picture = scene.watch.once()
    assert {edge.state for edge in picture.topology.edges} == {Word.UP}
    assert (picture.asked, picture.silent) == (len(scene.regency.devices), {})
    assert picture.coverage.reached == picture.coverage.offices == 4
    assert (picture.traps, picture.at) == (TrapCounts(believed=1), NOON)
    assert len(scene.fleet.asked) == 1
    assert scene.looks.asked == [], "a single poll wakes nobody else"


def test_a_trap_is_known_at_once_and_told_once_and_confirmed_by_both_ends(scene: Scene) -> None:
    scene.fleet.cut = {("core", "h1"), ("hub-sgg", "core0")}
    cut_at = scene.clock.monotonic()
    scene.trap("core", "h1", up=False)
    (turn,) = scene.go(0.2)
    assert isinstance(turn, LinkTurn)
    assert (turn.link, turn.before, turn.after.word, turn.after.source) == ("core-sgg", Word.UP, Word.DOWN, Source.TRAP)
    assert turn.at == cut_at
    assert scene.go(20) == []
    again = [(at, devices) for at, devices in scene.fleet.asked if set(devices) == {"core", "hub-sgg"}]
    assert len(again) == 1
    assert again[0][0] - cut_at == pytest.approx(CONFIRM_SECONDS, abs=0.3)


def test_coverage_falls_with_a_cut_and_comes_back(scene: Scene) -> None:
    whole = scene.watch.picture().coverage
    scene.fleet.cut = {("core", "h1"), ("hub-sgg", "core0")}
    scene.trap("core", "h1", up=False)
    scene.go(0.2)
    cut = scene.watch.picture().coverage
    assert {line.lack for line in cut.lines if line.hub == "sgg"} == {Lack.DOWN}
    assert cut.covered < whole.covered
    scene.fleet.cut = set()
    scene.trap("core", "h1", up=True)
    scene.trap("hub-sgg", "core0", up=True)
    scene.go(0.2)
    assert scene.watch.picture().coverage == whole


def test_without_traps_a_cut_is_known_by_the_next_poll(scene: Scene) -> None:
    scene.fleet.cut = {("core", "h1"), ("hub-sgg", "core0")}
    (turn,) = scene.go(31)
    assert isinstance(turn, LinkTurn)
    assert (turn.link, turn.after.word, turn.after.source) == ("core-sgg", Word.DOWN, Source.POLL)
    assert scene.go(120) == []


def test_a_trap_that_no_poll_confirms_is_taken_back(scene: Scene) -> None:
    scene.trap("core", "h1", up=False)
    down, up = scene.go(10)
    assert isinstance(down, LinkTurn)
    assert isinstance(up, LinkTurn)
    assert (down.after.word, up.after.word) == (Word.DOWN, Word.UP)


def test_a_trap_by_number_is_of_the_interface_that_the_device_gave_that_number(scene: Scene) -> None:
    number = scene.fleet.reading("core").status["h1"].index
    scene.inbox.put(TrapHeard(device="core", up=False, received=scene.clock.monotonic(), index=number))
    (turn,) = scene.go(0.2)
    assert turn.link == "core-sgg" if isinstance(turn, LinkTurn) else False


def test_a_trap_that_may_be_old_is_a_reason_to_ask_and_nothing_more(scene: Scene) -> None:
    before = len(scene.fleet.asked)
    scene.inbox.put(TrapHeard(device="core", up=None, received=scene.clock.monotonic()))
    assert scene.go(8) == []
    assert scene.fleet.asked[before:][0][1] == ("core",)
    scene.fleet.cut = {("core", "h1"), ("hub-sgg", "core0")}
    scene.inbox.put(TrapHeard(device="core", up=None, received=scene.clock.monotonic()))
    (turn,) = scene.go(5)
    assert isinstance(turn, LinkTurn)
    assert (turn.link, turn.after.word, turn.after.source) == ("core-sgg", Word.DOWN, Source.POLL)


def test_a_trap_about_no_link_changes_nothing_and_one_that_names_nothing_known_asks_its_device(scene: Scene) -> None:
    scene.trap("core", "ifb0", up=False)
    before = len(scene.fleet.asked)
    assert scene.go(8) == []
    assert len(scene.fleet.asked) == before
    scene.inbox.put(TrapHeard(device="core", up=False, received=scene.clock.monotonic(), index=99))
    assert scene.go(8) == []
    assert scene.fleet.asked[before:][0][1] == ("core",)


def test_a_device_that_does_not_answer_leaves_its_links_unknown_and_is_named(scene: Scene) -> None:
    office = scene.regency.offices[0]
    scene.fleet.dead = {office.device}
    (turn,) = scene.go(31)
    assert isinstance(turn, LinkTurn)
    assert (turn.after.word, turn.after.why) == (Word.UNKNOWN, Why.SILENT)
    picture = scene.watch.picture()
    assert list(picture.silent) == [office.device]
    assert next(line for line in picture.coverage.lines if line.office == office.key).lack is Lack.UNKNOWN
    scene.fleet.dead = set()
    (back,) = scene.go(31)
    assert isinstance(back, LinkTurn)
    assert back.after.word is Word.UP
    assert scene.watch.picture().silent == {}


def test_one_end_that_says_down_is_enough_when_the_other_is_cut_off_with_it(scene: Scene) -> None:
    scene.fleet.cut = {("core", "h1")}
    scene.fleet.dead = {"hub-sgg", *(office.device for office in scene.regency.offices if office.hub == "sgg")}
    turns = {turn.link: turn.after.word for turn in scene.go(31) if isinstance(turn, LinkTurn)}
    assert turns["core-sgg"] is Word.DOWN
    assert {word for link, word in turns.items() if link != "core-sgg"} == {Word.UNKNOWN}


def test_the_end_before_a_device_that_falls_silent_is_asked_at_once(scene: Scene) -> None:
    office = next(each for each in scene.regency.offices if each.hub == "sgg")
    (link,) = scene.regency.wiring["hub-sgg", office.device]
    scene.fleet.cut = {("hub-sgg", link.ends[0].interface)}
    scene.fleet.dead = {office.device}
    scene.fleet.asked.clear()
    turn = scene.go(40)[-1]
    assert isinstance(turn, LinkTurn)
    assert (turn.link, turn.after.word, turn.after.end) == (link.key, Word.DOWN, f"hub-sgg {link.ends[0].interface}")
    quiet = [at for at, devices in scene.fleet.asked if office.device in devices]
    assert [at for at, devices in scene.fleet.asked if devices == ("hub-sgg",)] == [quiet[0]], "a silence is told once"


@pytest.mark.parametrize("stays_dead", [False, True])
def test_an_end_that_was_cut_off_has_one_poll_to_say_that_it_is_back(scene: Scene, stays_dead: bool) -> None:
    office = next(each for each in scene.regency.offices if each.hub == "sgg")
    (link,) = scene.regency.wiring["hub-sgg", office.device]
    scene.fleet.cut = {("hub-sgg", link.ends[0].interface)}
    scene.fleet.dead = {office.device}
    down = scene.go(90)[-1]
    assert isinstance(down, LinkTurn)
    assert (down.link, down.after.word) == (link.key, Word.DOWN)
    scene.fleet.cut = set()
    scene.trap("hub-sgg", link.ends[0].interface, up=True)
    assert scene.go(0.2) == [], "the far end has not been asked yet"
    if not stays_dead:
        scene.fleet.dead = set()
    (turn,) = scene.go(90)
    assert isinstance(turn, LinkTurn)
    assert (turn.link, turn.before, turn.after.word) == (link.key, Word.DOWN, Word.UNKNOWN if stays_dead else Word.UP)


def test_a_device_without_snmp_is_never_asked_and_leaves_the_word_to_the_other_end() -> None:
    scene = Scene()
    office = scene.regency.offices[0]
    scene.fleet.without = {office.device}
    post = LinkPost(regency=scene.regency, meter=scene.fleet, clock=scene.clock, inbox=scene.inbox)
    picture = LinkWatch(post).once()
    edge = next(edge for edge in picture.topology.edges if edge.far == office.device)
    assert edge.state is Word.UP


def test_polls_and_looks_have_schedules_of_their_own() -> None:
    scene = Scene(Pace(every=30, optics=3600, neighbours=300))
    scene.inbox.stride = 2.0
    scene.go(3700)
    for device in ("core", "hub-sgg", scene.regency.offices[0].device):
        times = [at for at, devices in scene.fleet.asked if device in devices]
        assert len(times) == pytest.approx(3700 / 30, abs=2), device
    for link in scene.regency.links:
        near, far = (end.device for end in link.ends)
        moments = [at for at, devices in scene.fleet.asked if near in devices or far in devices]
        # The strides of this test's clock are two seconds long.
        assert max(later - sooner for sooner, later in pairwise(moments)) <= 30 / 2 + 2, link.key
    assert sum(optics for optics, _ in scene.looks.asked) == 2
    assert sum(neighbours for _, neighbours in scene.looks.asked) == pytest.approx(3700 / 300, abs=1)


def test_weak_light_and_a_strange_neighbour_are_told_once_each_and_when_they_are_over(scene: Scene) -> None:
    scene.inbox.stride = 5.0
    scene.looks.light = -11.6
    scene.looks.other = Peer(device="r-other", interface="wan0")
    begun = scene.go(3700)
    kinds = [news.finding.kind for news in begun if isinstance(news, LinkNotice)]
    ends = 2 * len(scene.regency.links)
    assert (kinds.count(Kind.LIGHT), kinds.count(Kind.NEIGHBOUR)) == (ends, ends)
    light = next(news.finding for news in begun if isinstance(news, LinkNotice) and news.finding.kind is Kind.LIGHT)
    assert (light.seen, light.wanted) == ("-11.6", "-11.0")
    scene.looks.light, scene.looks.other = -8.0, None
    over = [news for news in scene.go(3700) if isinstance(news, LinkNotice)]
    assert len(over) == 2 * ends
    assert all(news.over for news in over)
    assert scene.watch.picture().findings == ()


def test_a_neighbour_may_speak_of_itself_with_its_domain(scene: Scene) -> None:
    scene.inbox.put(Looked("core", Glance(neighbours={"h1": (Peer(device="HUB-SGG.kab.example", interface="core0"),)})))
    assert scene.go(0.2) == []


def test_a_flood_of_traps_is_bounded_and_nothing_is_lost_that_a_poll_does_not_find(scene: Scene) -> None:
    for _ in range(30_000):
        scene.trap("core", "h1", up=False)
    scene.fleet.cut = {("core", "h1"), ("hub-sgg", "core0")}
    turns = scene.go(60)
    assert [turn.after.word for turn in turns if isinstance(turn, LinkTurn)] == [Word.DOWN]
