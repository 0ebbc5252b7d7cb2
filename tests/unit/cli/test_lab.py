"""`lajur lab`: what the command makes of a lab; the labs themselves are tested under tests/lab."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar, NoReturn, Unpack

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from inventory.units import Direction
from network import labs, wiring
from network.errors import LabMisnamed
from network.lab.layout import Wanted
from network.lab.topology import plan_lab
from tests.unit.cli.conftest import Lajur

Tell = Callable[[labs.Progress], None]
Kinds = list[tuple[bool, labs.Traps, bool, tuple[str, ...], bool]]


def _state(regency: Regency, lab: str) -> labs.LabState:
    return labs.LabState(plan=plan_lab(regency, lab), ready_after=12.5, reused=False)


@pytest.fixture
def kinds() -> Kinds:
    """Of each lab that was asked for: is it bare, who tells of fallen links, has it servers, which fall short, has it a cloud?"""
    return []


@pytest.fixture
def ups(monkeypatch: pytest.MonkeyPatch, kinds: Kinds) -> list[tuple[Regency, str]]:
    """Every lab that was asked for; none is built."""
    asked: list[tuple[Regency, str]] = []

    def up(regency: Regency, lab: str, tell: Tell, **wanted: Unpack[Wanted]) -> labs.LabState:
        asked.append((regency, lab))
        kinds.append((wanted["bare"], wanted["traps"], wanted["servers"], tuple(wanted["short"]), wanted["cloud"]))
        for stage in ("keys", "namespaces", "wires", "addresses", "routers"):
            tell(labs.Progress(stage=stage, done=1, total=2))
            tell(labs.Progress(stage=stage, done=2, total=2))
        return _state(regency, lab)

    monkeypatch.setattr(labs, "up", up)
    monkeypatch.setattr(labs, "settle", lambda: False)
    return asked


def test_up_builds_the_regency_under_its_own_name(ups: list[tuple[Regency, str]], lajur: Lajur) -> None:
    said = lajur("lab", "up", "--output", "json")
    assert said.code == 0
    (regency, lab) = ups[0]
    assert (regency.head.key, lab, said.json["offices"]) == ("tolikara", "tolikara", len(regency.offices))


def test_up_builds_a_smaller_one(ups: list[tuple[Regency, str]], lajur: Lajur) -> None:
    said = lajur("lab", "up", "--offices", "3", "--lab", "satu", "--output", "json")
    assert (len(ups[0][0].offices), ups[0][1]) == (3, "satu")
    assert (said.json["lab"], said.json["offices"]) == ("satu", 3)


@pytest.mark.usefixtures("ups")
def test_up_builds_what_was_asked_for(kinds: Kinds, lajur: Lajur) -> None:
    for words in ([], ["--bare"], ["--traps", "agent"], ["--servers"], ["--short", "app-1", "--short", "app-2"], ["--cloud"]):
        assert lajur("lab", "up", *words).code == 0
    assert kinds == [
        (False, labs.Traps.EVENTS, False, (), False),
        (True, labs.Traps.EVENTS, False, (), False),
        (False, labs.Traps.AGENT, False, (), False),
        (False, labs.Traps.EVENTS, True, (), False),
        (False, labs.Traps.EVENTS, True, ("app-1", "app-2"), False),
        (False, labs.Traps.EVENTS, False, (), True),
    ]
    assert lajur("lab", "up", "--traps", "nobody").code == 64


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("servers", [True, False])
def test_up_with_servers_says_what_to_do_with_them(
    lajur: Lajur, monkeypatch: pytest.MonkeyPatch, servers: bool, language: str
) -> None:
    tolikara = load_regency(SHIPPED / "tolikara")
    built = labs.LabState(plan=plan_lab(tolikara, "satu", servers=servers), ready_after=12.5, reused=False)
    monkeypatch.setattr(labs, "up", lambda *_, **__: built)
    said = lajur("lab", "up", "--lang", language).out
    assert "`lajur plan`" in said
    assert ("`lajur infra preview`" in said) is servers
    document = lajur("lab", "up", "--output", "json").json
    assert document["servers_next"] == ("lajur infra preview" if servers else None)


@pytest.mark.usefixtures("ups")
@pytest.mark.parametrize("language", ["id", "en"])
def test_up_tells_each_stage_once_off_a_terminal(language: str, lajur: Lajur) -> None:
    told = lajur("lab", "up", "--lang", language).err.splitlines()
    assert len(told) == 5
    assert not [line for line in told if "cli." in line]


@pytest.mark.parametrize(("state", "code"), [("ready", 3), ("starting", 3), ("crashed", 0)])
def test_all_labs_are_taken_unasked_only_where_none_lives(
    state: str, code: int, lajur: Lajur, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = labs.LabStatus(
        lab="satu", state=state, regency="tolikara", nodes=(), processes=0, memory=0, uptime=0, ready_after=None
    )
    gone: list[str] = []

    def down(lab: str) -> bool:
        gone.append(lab)
        return True

    monkeypatch.setattr(labs, "labs", lambda: ["satu"])
    monkeypatch.setattr(labs, "status", lambda lab: seen)
    monkeypatch.setattr(labs, "down", down)
    assert lajur("lab", "down", "--all").code == code
    assert gone == ["satu"] * (code == 0)


def test_down_takes_what_there_is(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labs, "labs", lambda: ["satu", "dua"])
    monkeypatch.setattr(labs, "down", lambda lab: lab != "dua")
    assert lajur("lab", "down", "--all", "--yes", "--output", "json").json["labs"] == ["satu"]
    assert lajur("lab", "down", "--lab", "satu", "--output", "json").json["labs"] == ["satu"]
    nothing = lajur("lab", "down", "--lab", "dua")
    assert nothing.code == 0
    assert "no lab" in nothing.out


@pytest.mark.parametrize("state", ["absent", "starting", "ready", "degraded", "crashed"])
def test_every_state_has_words(state: str, lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    node = labs.NodeStatus(key="core", role="core", address="100.65.2.1", ready=state == "ready", starts=1)
    seen = labs.LabStatus(
        lab="satu", state=state, regency="tolikara", nodes=(node,), processes=7, memory=5 * 10**6, uptime=90.0, ready_after=3.0
    )
    monkeypatch.setattr(labs, "status", lambda lab: seen)
    assert lajur("lab", "status", "--output", "json").json["state"] == state
    for language in ("id", "en"):
        shown = lajur("lab", "status", "--lang", language).out
        assert "100.65.2.1" in shown
        assert "5 MB" in shown
        assert "cli." not in shown


@pytest.mark.parametrize("before", [(), ("--",)])
def test_exec_hands_the_words_on_and_the_code_back(
    before: tuple[str, ...], lajur: Lajur, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Sequence[str]] = []

    def command_in(lab: str, node: str, argv: Sequence[str]) -> list[str]:
        heard.append((lab, node, *argv))
        return list(argv)

    monkeypatch.setattr(labs, "command_in", command_in)
    assert lajur("lab", "exec", "core", *before, "sh", "-c", "exit 7", "--output", "json").code == 7
    assert heard == [("tolikara", "core", "sh", "-c", "exit 7", "--output", "json")]


def test_a_lab_that_is_not_up_is_said_to_be(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "standing_lab", lambda regency, lab: None)
    said = lajur("lab", "traffic", "--seconds", "1")
    assert said.code == 3
    assert "lajur lab up" in said.err


@pytest.mark.parametrize("words", [("shift", "list"), ("window", "list"), ("recover", "--dry-run")])
def test_who_only_asks_the_record_needs_no_lab_to_be_chosen(
    words: tuple[str, ...], lajur: Lajur, monkeypatch: pytest.MonkeyPatch
) -> None:
    from network.lab import lab

    two = tuple(_state(load_regency(SHIPPED / "tolikara"), each) for each in ("satu", "dua"))
    monkeypatch.setattr(lab, "find", lambda regency: two)
    refused = lajur("plan")
    assert refused.code == 3
    assert "lajur lab list" in refused.err
    said = lajur(*words)
    assert said.code == 0, said.err


def test_all_labs_are_listed(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {
        "satu": labs.LabStatus(lab="satu", state="ready", regency="tolikara", uptime=90.0),
        "dua": labs.LabStatus(lab="dua", state="crashed"),
        "tiga": labs.LabStatus(lab="tiga", state="absent"),
    }
    monkeypatch.setattr(labs, "labs", lambda: list(there))
    monkeypatch.setattr(labs, "status", there.__getitem__)
    found = lajur("lab", "list", "--output", "json").json["labs"]
    assert [(each["lab"], each["regency"], each["state"]) for each in found] == [
        ("satu", "tolikara", "ready"),
        ("dua", None, "crashed"),
    ]
    assert "satu" in lajur("lab", "list").out


class _Generator:
    """Stands for `labs.Traffic`: a megabyte for every flow, in two seconds."""

    started: ClassVar[list[Sequence[labs.Flow]]] = []

    def __init__(self, lab: labs.LabState) -> None:
        self.flows: Sequence[labs.Flow] = ()

    @contextmanager
    def start(self, flows: Sequence[labs.Flow], seconds: float) -> Iterator[_Generator]:
        assert seconds == 5
        self.flows = flows
        self.started.append(flows)
        yield self

    def wait(self) -> labs.TrafficResult:
        delivered = tuple(labs.Delivered(flow=flow, bytes=10**6, broken=0) for flow in self.flows)
        return labs.TrafficResult(seconds=2.0, processor=0.1, flows=delivered)


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> type[_Generator]:
    regency = load_regency(SHIPPED / "tolikara")
    monkeypatch.setattr(wiring, "standing_lab", lambda regency_, lab: _state(regency, regency_.head.key))
    monkeypatch.setattr(labs, "Traffic", _Generator)
    _Generator.started.clear()
    return _Generator


@pytest.mark.parametrize(
    ("flags", "directions", "offices"),
    [
        ((), {Direction.DOWN}, 12),
        (("--direction", "up"), {Direction.UP}, 12),
        (("--direction", "both", "--office", "disdukcapil"), {Direction.DOWN, Direction.UP}, 1),
    ],
)
def test_traffic_floods_as_asked(
    flags: tuple[str, ...], directions: set[Direction], offices: int, lajur: Lajur, generator: type[_Generator]
) -> None:
    said = lajur("lab", "traffic", "--seconds", "5", *flags, "--output", "json")
    flows = generator.started[0]
    assert {flow.direction for flow in flows} == directions
    assert len({flow.office for flow in flows}) == offices
    assert len(flows) == offices * len(directions), "one uplink, so one connection for each office and direction"
    assert {each["rate"] for each in said.json["flows"]} == {4 * 10**6}


@pytest.mark.usefixtures("generator")
def test_traffic_says_what_arrived(lajur: Lajur) -> None:
    said = lajur("lab", "traffic", "--seconds", "5", "--lang", "id")
    assert "48 Mbit/s" in said.out
    assert "12 sambungan" in said.err


@pytest.mark.usefixtures("generator")
def test_traffic_knows_the_offices_of_the_lab(lajur: Lajur) -> None:
    said = lajur("lab", "traffic", "--office", "bapeda")
    assert said.code == 64
    assert "bappeda" in said.err


def test_restart_waits_and_says_so(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    restarted: list[tuple[str, str]] = []

    def restart(lab: str, node: str, *, begun: Callable[[], None]) -> None:
        if node == "nope":
            raise LabMisnamed("lab.no_router", lab=lab, node=node, nodes="core")
        begun()
        restarted.append((lab, node))

    monkeypatch.setattr(labs, "restart", restart)
    said = lajur("lab", "restart", "core")
    assert "core" in said.out
    assert "Restarting core" in said.err
    assert restarted == [("tolikara", "core")]
    refused = lajur("lab", "restart", "nope")
    assert refused.code == 64
    assert "Restarting" not in refused.err


@pytest.mark.parametrize(
    ("verb", "language", "word"), [("up", "id", "dibongkar"), ("up", "en", "taken down"), ("down", "id", "lab")]
)
def test_an_interruption_says_what_it_means_for_the_lab(
    verb: str, language: str, word: str, lajur: Lajur, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(labs, verb, interrupted)
    said = lajur("lab", verb, "--lang", language)
    assert said.code == 130
    assert word in said.err
    assert "perangkat" not in said.err
    assert "device" not in said.err


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_link_is_cut_and_mended_by_its_key(language: str, lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, str, str]] = []
    for act in ("cut", "mend"):
        monkeypatch.setattr(labs, act, lambda lab, link, act=act: done.append((act, lab, link)))
    said = lajur("lab", "cut", "krb-setda", "--lang", language).out
    assert "`lajur lab mend krb-setda`" in said
    assert "krb-setda" in lajur("lab", "mend", "krb-setda", "--lang", language).out
    assert lajur("lab", "mend", "krb-setda", "--lab", "satu", "--output", "json").json["carrier"] is True
    assert done == [("cut", "tolikara", "krb-setda"), ("mend", "tolikara", "krb-setda"), ("mend", "satu", "krb-setda")]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_disk_is_pulled_and_plugged_by_its_name(language: str, lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, str, str, str]] = []
    for act in ("pull_disk", "plug_disk"):
        monkeypatch.setattr(labs, act, lambda lab, server, disk, act=act: done.append((act, lab, server, disk)))
    assert "`lajur lab plug-disk app-1 sdb`" in lajur("lab", "pull-disk", "app-1", "sdb", "--lang", language).out
    assert "sdb" in lajur("lab", "plug-disk", "app-1", "sdb", "--lang", language).out
    assert lajur("lab", "plug-disk", "app-1", "sdb", "--output", "json").json["present"] is True
    assert done == [
        ("pull_disk", "tolikara", "app-1", "sdb"),
        ("plug_disk", "tolikara", "app-1", "sdb"),
        ("plug_disk", "tolikara", "app-1", "sdb"),
    ]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_system_outside_is_told_how_to_be(language: str, lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, str, labs.Manner]] = []
    monkeypatch.setattr(labs, "set_system", lambda *told: done.append(told))
    assert "`lajur systems status`" in lajur("lab", "system", "oss", "down", "--lang", language).out
    for manner in labs.Manner:
        said = lajur("lab", "system", "oss", manner.value, "--output", "json").json
        assert (said["system"], said["manner"]) == ("oss", manner)
    assert lajur("lab", "system", "oss", "splendid").code == 64
    assert done == [("tolikara", "oss", labs.Manner.DOWN), *(("tolikara", "oss", each) for each in labs.Manner)]


@pytest.mark.usefixtures("ups")
@pytest.mark.parametrize("language", ["id", "en"])
def test_making_the_image_is_told(language: str, lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    def up(regency: Regency, lab: str, tell: Tell, **_: object) -> labs.LabState:
        for stage in ("waiting", "image", "servers"):
            tell(labs.Progress(stage=stage, done=11, total=11))
        plan = plan_lab(regency, lab, servers=True)
        return labs.LabState(plan=plan, ready_after=12.5, reused=False)

    monkeypatch.setattr(labs, "up", up)
    said = lajur("lab", "up", "--servers", "--lang", language)
    assert len(said.err.splitlines()) == 3
    assert "cli." not in said.err + said.out
    assert {"id": "1 server", "en": "servers: 1"}[language] in said.out
