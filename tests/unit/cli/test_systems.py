"""`lajur systems status` over a twin of the offices' routers: what it shows, in both languages, and how it ends."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from inventory.load import SHIPPED
from inventory.model import Office
from network import reach
from network.core.systems import Answer, By, System, Why, Word
from network.errors import DeviceUnreachable
from network.settings import Settings
from tests.unit.cli.conftest import Lajur, Said

GOOD = Answer(word=Word.ANSWERS, by=By.HTTPS, milliseconds=1234, status=200, source="100.64.11.1")
SILENT = Answer(word=Word.SILENT, by=By.HTTPS, why=Why.REFUSED, source="100.64.11.1")
PINGED = Answer(word=Word.ANSWERS, by=By.PING, milliseconds=7, source="100.64.11.1")
CALL = Callable[..., Said]


@dataclass
class Routers:
    down: set[str] = field(default_factory=set)
    away: set[str] = field(default_factory=set)
    pinging: set[str] = field(default_factory=set)

    def probe(self, office: Office, systems: Sequence[System]) -> Mapping[str, Answer]:
        if office.key in self.away:
            raise DeviceUnreachable(
                "device.unreachable", device=office.device, step="systems", address="192.0.2.1:22", reason="timed out"
            )
        good = PINGED if office.key in self.pinging else GOOD
        return {each.key: SILENT if each.key in self.down else good for each in systems}


@pytest.fixture
def routers(monkeypatch: pytest.MonkeyPatch) -> Routers:
    made = Routers()
    monkeypatch.setattr(reach, "reach", lambda *_: None)
    monkeypatch.setattr(reach, "prober", lambda *_: made)
    return made


@pytest.fixture
def status(lajur: Lajur, regencies: Path) -> CALL:
    shutil.copytree(SHIPPED / "manokwari", regencies / "manokwari")

    def call(*words: str) -> Said:
        return lajur("systems", "status", "--via", "memory", *words, LAJUR_REGENCY="manokwari")

    return call


def answer(said: Said, office: str, system: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in said.json["answers"] if (each["office"], each["system"]) == (office, system))
    return found


@pytest.mark.usefixtures("routers")
@pytest.mark.parametrize(("language", "share"), [("id", "38 dari 38 kantor"), ("en", "38 of 38 offices")])
def test_all_answer(language: str, share: str, status: CALL) -> None:
    said = status("--lang", language)
    assert said.code == 0
    assert said.out.count(share) == 5
    for word in ("dpmptsp", "si-peri-etnik", "planning_finance", "rka-skpd", "1,23" if language == "id" else "1.23"):
        assert word in said.out


def test_one_that_is_down_needs_a_person_and_no_bandwidth(status: CALL, routers: Routers) -> None:
    routers.down = {"oss"}
    said = status("--lang", "en")
    assert said.code == 5
    assert "oss answers none of the offices that asked (38; connection refused): the system itself is down." in said.out
    assert "Do not move bandwidth" in said.out
    assert "0 of 38 offices" in said.out


def test_what_is_meant_for_programs(status: CALL, routers: Routers) -> None:
    routers.down, routers.away = {"oss"}, {"setda"}
    said = status("--output", "json", "--office", "setda", "--office", "dpmptsp", "--office", "bappeda", "--system", "oss")
    assert said.code == 5
    found = said.json
    assert (found["offices"], found["good"], found["recorded"]) == (["setda", "bappeda", "dpmptsp"], False, False)
    assert [(each["key"], each["extent"], each["answers"], each["asked"]) for each in found["systems"]] == [
        ("oss", "nowhere", 0, 2)
    ]
    here = answer(said, "dpmptsp", "oss")
    assert (here["word"], here["by"], here["why"], here["source"], here["age"]) == (
        "silent", "https", "refused", "100.64.11.1", 0.0,
    )  # fmt: skip
    assert answer(said, "setda", "oss")["word"] == "unasked"
    assert [each["office"] for each in found["unreached"]] == ["setda"]
    assert [each["code"] for each in found["remarks"]] == ["systems.unreached", "systems.down"]


def test_a_router_that_can_only_ping_never_pretends(status: CALL, routers: Routers) -> None:
    routers.pinging = {"dpmptsp"}
    said = status("--lang", "en", "--office", "dpmptsp")
    assert said.code == 0
    assert "by ping only" in said.out


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_on_record_is_shown_with_nobody_asked(language: str, status: CALL, routers: Routers) -> None:
    words = ("--recorded", "--office", "dpmptsp", "--system", "oss")
    empty = status(*words, "--output", "json")
    assert (empty.code, answer(empty, "dpmptsp", "oss")["at"]) == (5, None)
    status()
    routers.down = {"oss"}
    said = status(*words, "--output", "json")
    assert said.code == 0, "as it was when it was asked"
    assert said.json["recorded"] is True
    assert answer(said, "dpmptsp", "oss")["age"] >= 0
    assert ("Tidak ada yang ditanya" if language == "id" else "Nobody was asked") in status(*words, "--lang", language).out


def test_readiness_shows_what_was_heard(lajur: Lajur, status: CALL, routers: Routers) -> None:
    def shown() -> str:
        said = lajur("readiness", "dpmptsp", "--via", "memory", "--lang", "en", LAJUR_REGENCY="manokwari")
        return " ".join(said.out.split())

    assert "Nobody knows yet whether these systems answer" in shown()
    status()
    assert "Nobody knows yet whether these systems answer" not in shown()
    routers.down = {"oss"}
    status()
    assert "Systems that gave the office no good answer" in shown()


@pytest.mark.usefixtures("routers")
def test_a_name_that_there_is_not(status: CALL) -> None:
    assert status("--system", "os").code == 64
    said = status("--office", "dpmpts", "--lang", "en")
    assert said.code == 64
    assert "dpmptsp" in said.err


def test_without_routers_there_is_nobody_to_ask(status: CALL) -> None:
    said = status("--lang", "en")
    assert said.code == 3
    assert "memory" in said.err.lower()


@pytest.mark.usefixtures("routers")
def test_a_regency_without_connected_systems_says_how_to_write_one(lajur: Lajur, regencies: Path) -> None:
    workloads = regencies / "tolikara" / "workloads.yaml"
    workloads.write_text("workloads: []\n")
    said = lajur("systems", "status", "--via", "memory", "--lang", "en")
    assert said.code == 3
    assert "workloads.yaml" in said.err


@pytest.mark.parametrize("value", ["59", "0", "-1", "soon", "86401", "1e3"])
def test_how_often_the_service_asks_is_a_number_in_reason(value: str, lajur: Lajur) -> None:
    said = lajur("lease", "list", LAJUR_SYSTEMS_EVERY=value, LAJUR_LANG="en")
    assert said.code == 64
    assert value in said.err


def test_the_service_need_not_ask(tmp_path: Path) -> None:
    assert Settings.read({"LAJUR_SYSTEMS_EVERY": "off"}, tmp_path).systems_every is None
    assert Settings.read({}, tmp_path).systems_every == 300.0
