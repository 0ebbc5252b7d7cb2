"""`lajur link coverage`, `link watch`, `topology`: what a person, a program and a drawing get of a network that a test plays."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from network import watching
from network.cli import link_watch, watch_view
from network.cli.session import Session
from network.clock import StepClock
from network.core.link_states import Why
from network.core.watch_ports import Peer, TrapCounts, TrapHeard
from network.errors import Refused
from network.messages import CATALOGUE
from network.services.link_watch import Heard, Inbox, LinkPost, LinkWatch
from network.settings import Settings
from tests.unit.cli.conftest import Lajur
from tests.unit.services.fleet import Ear, Fleet, Looks, Waiting

NOON = datetime(2026, 11, 26, 3, tzinfo=UTC)
MEMORY = ("--via", "memory")


class Stage:
    """The network that the command meets. `traps` come one after the other, each when the watch listens next."""

    def __init__(self) -> None:
        self.clock = StepClock(NOON)
        self.cut: set[tuple[str, str]] = set()
        self.dead: set[str] = set()
        self.traps: list[tuple[str, str, bool]] = []
        self.strange = False

    @contextmanager
    def post(self, own: Session) -> Iterator[LinkPost]:
        own.via = "lab"
        regency = own.regency
        inbox = _Script(self)
        looks = Looks(regency, other=Peer(device="r-other", interface="wan0") if self.strange else None)
        fleet = Fleet(regency, self.clock, cut=self.cut, dead=self.dead)
        yield LinkPost(regency=regency, meter=fleet, clock=self.clock, inbox=inbox, ear=Ear(), looks=looks)


class _Script(Waiting):
    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.clock)
        self._stage = stage

    def take(self, seconds: float) -> list[Heard]:
        found = super().take(seconds)
        if found:
            return found
        if not self._stage.traps:
            raise KeyboardInterrupt  # somebody has seen enough
        device, interface, up = self._stage.traps.pop(0)
        return [TrapHeard(device=device, up=up, received=self._stage.clock.monotonic(), name=interface)]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()
    monkeypatch.setattr(link_watch, "post", stage.post)
    monkeypatch.setattr(link_watch, "live", stage.post)
    monkeypatch.setattr("network.wiring.reached", lambda regency, *_: ("lab", None, regency))
    return stage


def test_coverage_is_a_figure_and_a_list_with_reasons(lajur: Lajur, stage: Stage) -> None:
    whole = lajur("link", "coverage", "--lang", "en").out
    assert "offices on working fibre" in whole
    stage.cut = {("core", "h1"), ("hub-krb", "core0")}
    shown = lajur("link", "coverage", "--lang", "id").out
    assert "kantor pada serat yang hidup" in shown
    assert "tanpa sinyal di core h1" in shown
    document = lajur("link", "coverage", "--output", "json").json
    assert document["document"] == "LinkCoverage"
    assert document["covered"] < document["reached"] + 1 <= document["offices"] + 1
    assert {each["lack"] for each in document["lacking"]} >= {"down"}
    assert document["at"].endswith("Z")


def test_a_device_that_does_not_answer_is_named_with_what_to_do(lajur: Lajur, stage: Stage) -> None:
    stage.dead = {"hub-krb"}
    document = lajur("link", "coverage", "--output", "json", "--lang", "en").json
    assert "Check that the device is up" in document["silent"]["hub-krb"]
    assert {each["why"] for each in document["lacking"] if each["hub"] == "krb"} == {"silent"}


def test_one_look_shows_the_links_that_are_not_up(lajur: Lajur, stage: Stage) -> None:
    assert "All links are up." in lajur("link", "watch", "--once", "--lang", "en").out
    stage.cut = {("core", "h1")}
    shown = lajur("link", "watch", "--once", "--lang", "en").out
    assert "one way" in shown
    assert "core:h1 – hub-krb:core0" in shown
    document = lajur("link", "watch", "--once", "--output", "json").json
    assert (document["document"], document["traps"]["believed"]) == ("Links", 1)
    assert {edge["state"] for edge in document["links"]} == {"up", "one_way"}


def test_a_watch_off_a_terminal_is_a_picture_and_then_a_line_for_everything(lajur: Lajur, stage: Stage) -> None:
    stage.traps = [("core", "h1", False), ("core", "h1", True)]
    said = lajur("link", "watch", "--lang", "id")
    assert said.code == 0
    lines = [line for line in said.out.splitlines() if " core-krb: " in line]
    assert ["hidup → putus" in lines[0], "putus → hidup" in lines[1], len(lines)] == [True, True, 2]
    assert "trap dari core h1" in lines[0]


def test_a_watch_as_json_is_one_document_a_line(lajur: Lajur, stage: Stage) -> None:
    stage.traps = [("core", "h1", False)]
    stage.strange = True
    documents = [json.loads(line) for line in lajur("link", "watch", "--output", "json").out.splitlines()]
    assert [documents[0]["document"], documents[1]["document"]] == ["Links", "LinkNews"]
    turn = next(each for each in documents[1:] if each["kind"] == "turn")
    assert (turn["link"], turn["before"], turn["after"], turn["source"]) == ("core-krb", "up", "down", "trap")
    strange = next(each for each in documents[1:] if each["kind"] == "neighbour")
    assert "r-other wan0" in strange["text"]


def test_the_tree_has_every_device_with_a_sign_for_its_link(lajur: Lajur, stage: Stage) -> None:
    stage.cut = {("core", "h1"), ("hub-krb", "core0")}
    shown = lajur("topology", "--lang", "en").out
    for device in ("border", "core", "hub-krb", "r-bappeda"):
        assert device in shown
    assert "✗ hub-krb" in shown
    assert "● hub-kgm" in shown
    assert "(radio)" in shown
    document = lajur("topology", "--output", "json").json
    assert document["document"] == "Topology"
    assert {edge["state"] for edge in document["edges"]} == {"up", "down"}


@pytest.mark.usefixtures("stage")
def test_the_drawing_is_a_file(lajur: Lajur, tmp_path: Path) -> None:
    file = tmp_path / "net.svg"
    said = lajur("topology", "--svg", str(file), "--lang", "id")
    assert (said.code, said.out) == (0, "")
    assert str(file) in said.err
    drawing = ET.parse(file).getroot()
    words = " ".join(each.text or "" for each in drawing.iter("{http://www.w3.org/2000/svg}text"))
    assert "Jaringan" in words
    assert "kantor pada serat yang hidup" in words


@pytest.mark.usefixtures("stage")
def test_a_drawing_that_cannot_be_written_is_told(lajur: Lajur, tmp_path: Path) -> None:
    said = lajur("topology", "--svg", str(tmp_path / "nowhere" / "net.svg"))
    assert said.code == 64
    assert "nowhere" in said.err


def test_devices_in_memory_have_a_tree_and_no_states(lajur: Lajur) -> None:
    document = lajur("topology", *MEMORY, "--output", "json").json
    assert {edge["state"] for edge in document["edges"]} == {"unknown"}
    for words in (("link", "coverage"), ("link", "watch"), ("link", "watch", "--once")):
        said = lajur(*words, *MEMORY)
        assert said.code == 3
        assert "lajur lab up" in said.err


def test_verify_proves_and_the_plan_no_longer_warns(lajur: Lajur) -> None:
    before = lajur("plan", *MEMORY, "--output", "json").json
    assert len(before["unproven"]) == len({each["office"] for each in before["offices"]})
    assert "lajur link verify" in lajur("plan", *MEMORY, "--lang", "en").out
    lajur("link", "apply", "--all", "--yes", *MEMORY)
    assert "proven" in lajur("link", "verify", *MEMORY, "-v", "--lang", "en").err
    assert lajur("plan", *MEMORY, "--output", "json").json["unproven"] == []
    assert "link.proven" in lajur("audit", "export").out


def test_policy_refuses_what_is_not_proven(lajur: Lajur, regencies: Path) -> None:
    policy = regencies / "tolikara" / "policy.yaml"
    policy.write_text(f"{policy.read_text()}\nunproven_links: refuse\n")
    said = lajur("plan", *MEMORY, "--lang", "en")
    assert said.code == 3
    assert "lajur link verify" in said.out
    refused = lajur("apply", *MEMORY, "--yes", "--lang", "en")
    assert refused.code == 3
    assert "not proven yet" in refused.err
    assert lajur("link", "apply", "--all", "--yes", *MEMORY).code == 0
    assert lajur("apply", *MEMORY, "--yes").code == 0


def test_a_boost_over_links_that_are_not_proven_says_so_and_is_refused_by_policy(lajur: Lajur, regencies: Path) -> None:
    asked = ("boost", "request", "dpmptsp", "--amount", "1 Mbit/s", "--for", "2h", "--reason", "a queue", *MEMORY)
    for language, words in (("id", "belum terbukti"), ("en", "not proven yet")):
        tried = lajur(*asked, "--dry-run", "--lang", language)
        assert words in tried.out
        granted = lajur(*asked, "--lang", language)
        assert granted.code == 0
        assert words in granted.err
    assert lajur(*asked, "--dry-run", "--output", "json").json["warnings"]
    policy = regencies / "tolikara" / "policy.yaml"
    policy.write_text(f"{policy.read_text()}\nunproven_links: refuse\n")
    for more in ((), ("--dry-run",)):
        refused = lajur(*asked, *more, "--lang", "en")
        assert refused.code == 3
        assert "lajur link verify" in refused.err
    lajur("link", "apply", "--all", "--yes", *MEMORY)
    granted = lajur(*asked, "--lang", "en")
    assert (granted.code, "proven" in granted.err) == (0, False)


def test_on_a_terminal_the_picture_is_drawn_in_place_with_what_happened_last(regencies: Path, stage: Stage) -> None:
    environment = {"LAJUR_REGENCIES": str(regencies), "LAJUR_REGENCY": "tolikara"}
    own = Session(language="en", environment=environment)
    stage.traps = [("core", "h1", False), ("core", "h1", True)]
    stage.strange = True
    with stage.post(own) as post:
        watch = LinkWatch(post)
        frames = link_watch._in_place(own, watch, watch.once())
        shown = [next(frames) for _ in range(4)]
    console = Console(width=160, file=StringIO())
    for _, draw in shown:
        console.print(draw())
    written = console.file.getvalue() if isinstance(console.file, StringIO) else ""
    assert written.count("core-krb: up → down") == 2
    assert "core-krb: down → up" in written
    assert "is r-other wan0, to be" in written


def test_a_trap_port_that_cannot_be_had_is_told_and_polls_go_on(tmp_path: Path) -> None:
    told: list[Refused] = []
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        settings = Settings.read({"LAJUR_TRAP_LISTEN": f"127.0.0.1:{port}"}, tmp_path)
        assert watching._ear(settings, (), Inbox(), lambda: None, told.append, tmp_path / "traps.json") is None
    assert [refused.fields["port"] for refused in told] == [port]
    ear = watching._ear(settings, (), Inbox(), lambda: None, told.append, tmp_path / "traps.json")
    assert ear is not None
    ear.close()


@pytest.mark.parametrize("value", ["162", "here:162", "0.0.0.0:0", "0.0.0.0:70000", "::1:162", "0.0.0.0:x"])
def test_where_traps_are_heard_is_an_address_and_a_port(value: str, lajur: Lajur) -> None:
    said = lajur("link", "coverage", *MEMORY, LAJUR_TRAP_LISTEN=value)
    assert said.code == 64
    assert value in said.err


@pytest.mark.parametrize("value", ["4", "3601", "-30", "30.5", "on", "٣٠"])
def test_how_often_the_service_looks_is_a_number_of_seconds_or_off(value: str, lajur: Lajur) -> None:
    said = lajur("link", "coverage", *MEMORY, LAJUR_LINK_EVERY=value)
    assert said.code == 64
    assert value in said.err


def test_the_service_may_be_told_not_to_look(tmp_path: Path) -> None:
    assert Settings.read({"LAJUR_LINK_EVERY": "off"}, tmp_path).link_every is None
    assert Settings.read({}, tmp_path).link_every == Settings.read({"LAJUR_LINK_EVERY": "30"}, tmp_path).link_every == 30.0


@pytest.mark.parametrize(
    ("language", "words"), [("id", ("alamat", "kunci lain", "banjir")), ("en", ("addresses", "key", "flood"))]
)
def test_what_came_to_the_trap_port_is_told_in_words(language: str, words: tuple[str, ...]) -> None:
    own = Session(language="id" if language == "id" else "en", environment={})
    counts = TrapCounts(believed=12, strangers=3, refused=2, lost=7, last_stranger="192.0.2.9", last_refused="100.64.0.3")
    said = watch_view._traps(own, counts)
    assert len(said.split("; ")) == 4, "what did not happen is not told"
    for word in (*words, "12", "192.0.2.9", "100.64.0.3", "7"):
        assert word in said
    assert watch_view._traps(own, TrapCounts()).startswith("0 ")
    every = replace(counts, other=1, stale=1, garbled=1, flooded=1)
    assert len(watch_view._traps(own, every).split("; ")) == len(fields(TrapCounts)) - 2


@pytest.mark.parametrize("why", list(Why))
def test_every_reason_has_words(why: Why) -> None:
    message = CATALOGUE[f"link_why.{why}"]
    assert message.id != message.en


def _without_snmp(regencies: Path) -> None:
    """A real regency whose devices nobody can ask."""
    head, devices = regencies / "tolikara" / "regency.yaml", regencies / "tolikara" / "devices.yaml"
    head.write_text(head.read_text().replace("illustrative: true", "illustrative: false"))
    devices.write_text("".join(line for line in devices.read_text().splitlines(keepends=True) if " snmp:" not in line))


@pytest.mark.parametrize("language", ["id", "en"])
def test_without_snmp_the_tree_is_drawn_and_the_way_to_states_is_told(
    lajur: Lajur, regencies: Path, tmp_path: Path, language: str
) -> None:
    _without_snmp(regencies)
    said = lajur("topology", "--lang", language)
    assert said.code == 0, said.err
    assert "hub-krb" in said.out
    assert "devices.yaml" in said.err
    assert "lajur inventory check" in said.err
    assert {edge["state"] for edge in lajur("topology", "--output", "json").json["edges"]} == {"unknown"}
    drawing = tmp_path / "drawn.svg"
    assert lajur("topology", "--svg", str(drawing)).code == 0
    assert "<svg" in drawing.read_text()


@pytest.mark.parametrize("words", [("link", "coverage"), ("link", "watch", "--once")])
def test_without_snmp_a_look_at_links_says_what_to_add_and_what_then(
    lajur: Lajur, regencies: Path, words: tuple[str, ...]
) -> None:
    _without_snmp(regencies)
    said = lajur(*words, "--lang", "en")
    assert said.code == 3
    assert "snmp: {user:" in said.err
    assert "lajur inventory check" in said.err
    assert "total" not in said.err
