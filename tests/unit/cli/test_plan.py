"""`plan`, `apply`, `shift`, `status` on devices in memory: what they show is what the devices hold."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from network import wiring
from network.cli import shift
from network.clock import SystemClock
from network.core.calendar import next_edge
from network.core.plan import Step
from network.drivers.memory import MemoryDevice
from network.messages import Language, text
from tests.unit.cli.conftest import Lajur, Said

MEMORY = ("--via", "memory")


@pytest.fixture
def regency(regencies: Path) -> Regency:
    return load_regency(regencies / "tolikara")


def _opening(regency: Regency) -> str:
    """Five minutes into a window, whatever the date is today."""
    first = next(window for window in regency.windows if window.confirmed)
    edge = next_edge(regency, (first.start - timedelta(minutes=1)).replace(tzinfo=regency.zone))
    assert edge is not None
    assert edge.slot.edge == "open"
    return (edge.at + timedelta(minutes=5)).isoformat()


def test_plan_then_apply_then_nothing(lajur: Lajur) -> None:
    waiting = lajur("plan", *MEMORY, "--output", "json")
    assert waiting.code == 2
    assert {each["now"] for each in waiting.json["offices"]} == {0}
    assert sum(waiting.json["steps"].values()) == sum(each["steps"] for each in waiting.json["totals"])

    done = lajur("apply", "--yes", *MEMORY, "--output", "json")
    assert (done.code, done.json["result"]) == (0, "done")
    assert done.json["steps"] == sum(waiting.json["steps"].values())
    assert done.json["plan"]["offices"] == waiting.json["offices"]

    quiet = lajur("plan", *MEMORY, "--output", "json")
    assert (quiet.code, quiet.json["steps"], quiet.json["offices"]) == (0, {}, [])
    assert lajur("apply", "--yes", *MEMORY, "--output", "json").json["result"] == "nothing"


def test_the_totals_of_a_plan_are_its_offices(lajur: Lajur) -> None:
    plan = lajur("plan", *MEMORY, "--output", "json").json
    for total in plan["totals"]:
        here = [each for each in plan["offices"] if (each["uplink"], each["direction"]) == (total["uplink"], total["direction"])]
        assert sum(each["next"] for each in here) == total["next"] <= total["shaped"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_person_reads_office_now_next_and_why(language: str, lajur: Lajur) -> None:
    plan = lajur("plan", *MEMORY, "--output", "json", "--lang", language).json
    said = lajur("plan", *MEMORY, "--lang", language)
    shown = " ".join(said.out.split())
    assert said.code == 2
    for each in plan["offices"]:
        assert each["name"].split()[0] in shown
        assert f"→ {each['next'] / 1e6:.2f}".replace(".", "," if language == "id" else ".") in shown
    assert "cli." not in shown
    assert "WIT" in shown


def test_apply_asks_and_where_it_cannot_it_refuses(lajur: Lajur) -> None:
    said = lajur("apply", *MEMORY)
    assert said.code == 3
    assert "--yes" in said.err
    assert lajur("plan", *MEMORY).code == 2


@pytest.mark.parametrize("words", [("apply",), ("apply", "--yes"), ("shift", "run")])
def test_a_dry_run_shows_the_plan_and_changes_nothing(words: tuple[str, ...], lajur: Lajur) -> None:
    said = lajur(*words, "--dry-run", *MEMORY, "--output", "json")
    assert (said.code, said.json["document"]) == (2, "Plan")
    assert lajur("plan", *MEMORY).code == 2
    assert lajur("shift", "list", *MEMORY, "--output", "json").json["runs"] == []


def test_a_shift_claims_the_edge_and_a_second_one_does_not(regency: Regency, lajur: Lajur) -> None:
    at = ("--at", _opening(regency))
    lajur("apply", "--yes", *MEMORY)
    assert lajur("plan", *MEMORY, *at).code == 2

    first = lajur("shift", "run", *MEMORY, *at, "--output", "json")
    assert (first.code, first.json["run"]["result"]) == (0, "done")
    assert [(each["edge"], each["status"]) for each in first.json["edges"]] == [("open", "acted")]
    assert first.json["run"]["returns_at"] is not None

    assert lajur("plan", *MEMORY, *at).code == 0
    again = lajur("shift", "run", *MEMORY, *at, "--output", "json")
    assert (again.code, again.json["run"]["result"], again.json["edges"]) == (0, "nothing", [])


def test_a_shift_is_told_to_people(regency: Regency, lajur: Lajur) -> None:
    window = regency.windows[0].key
    said = lajur("shift", "run", *MEMORY, "--at", _opening(regency))
    assert window in said.out
    listed = lajur("shift", "list", *MEMORY, "--lang", "id").out
    assert "selesai" in listed
    assert f"{window} buka" in listed


def test_a_close_is_listed_with_the_moment_at_which_it_comes(
    regency: Regency, lajur: Lajur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shift, "_SINCE", timedelta(days=36600))
    opened = _opening(regency)
    closes = next_edge(regency, datetime.fromisoformat(opened))
    assert closes is not None
    lajur("shift", "run", *MEMORY, "--at", opened)
    lajur("shift", "run", *MEMORY, "--at", (closes.at + timedelta(minutes=1)).isoformat())
    edges = {each["edge"]: each for each in lajur("shift", "list", *MEMORY, "--output", "json").json["edges"]}
    assert edges["open"]["at"] == edges["open"]["start"] == edges["close"]["start"]
    assert datetime.fromisoformat(edges["close"]["at"]) == closes.at
    assert f"{closes.at.astimezone(regency.zone):%Y-%m-%d %H:%M}" in lajur("shift", "list", *MEMORY).out


def test_status_shows_what_the_devices_hold(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "sleep", lambda *_: None)
    before = lajur("status", *MEMORY, "--output", "json").json
    assert before["waiting"] > 0
    assert {line["guarantee"] for line in before["offices"]} == {0}
    lajur("apply", "--yes", *MEMORY)
    after = lajur("status", *MEMORY, "--output", "json").json
    assert after["waiting"] == 0
    for line in after["offices"]:
        assert line["guarantee"] == line["intended"] > 0
    shown = lajur("status", *MEMORY).out
    assert "class counters" in shown
    assert "≠" not in shown.replace("≠ means", "")


def test_a_status_says_by_which_way_it_looks(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "sleep", lambda *_: None)
    assert "in memory" in lajur("status", *MEMORY).out
    assert "di memori" in lajur("plan", *MEMORY, "-v", "--lang", "id").err


def test_an_illustrative_regency_is_never_dialled(lajur: Lajur) -> None:
    said = lajur("plan", "--via", "direct")
    assert (said.code, said.out) == (3, "")


def test_time_is_moved_on_practice_ground_only(regency: Regency, lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    real = wiring.ground

    @contextmanager
    def direct(*given: Any, **more: Any) -> Iterator[wiring.Ground]:
        with real(*given, **more) as ground:
            yield replace(ground, via="direct")

    monkeypatch.setattr(wiring, "ground", direct)
    said = lajur("shift", "run", *MEMORY, "--at", _opening(regency))
    assert said.code == 3
    assert "--at" in said.err


def test_an_interrupted_run_puts_everything_back(regency: Regency, lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "sleep", lambda *_: None)
    lajur("apply", "--yes", *MEMORY)
    before = lajur("status", *MEMORY, "--output", "json").json["offices"]
    carry, struck = MemoryDevice.carry, False

    def strike_once(device: MemoryDevice, steps: Sequence[Step]) -> None:
        nonlocal struck
        carry(device, steps)
        if steps and not struck and device.observe().armed:
            struck = True
            raise KeyboardInterrupt

    monkeypatch.setattr(MemoryDevice, "carry", strike_once)
    said = lajur("shift", "run", *MEMORY, "--at", _opening(regency))
    assert struck
    assert said.code == 130
    assert "holds again" in said.err
    assert lajur("status", *MEMORY, "--output", "json").json["offices"] == before


# ---- refused by the guard


@pytest.fixture
def refused(lajur: Lajur, regencies: Path) -> Callable[..., Said]:
    """The command where a window takes from many protected offices, at a time at which it is open."""
    shutil.copytree(SHIPPED / "manokwari", regencies / "manokwari")
    (regencies / "manokwari" / "windows.yaml").write_text(
        "windows:\n"
        "  - {key: rakus, name: Rakus, confirmed: true, start: 2026-08-20T08:00, end: 2026-08-20T15:00,\n"
        "     policy: {classes: {planning_finance: {share: 120}}}}\n"
    )
    here = ("--regency", "manokwari", "--via", "memory", "--at", "2026-08-20T09:00")
    return lambda *words: lajur(*words, *here)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("words", [("plan",), ("shift", "run", "--due")], ids=" ".join)
def test_every_reason_has_a_line_and_what_to_do_is_said_once(
    refused: Callable[..., Said], words: Sequence[str], language: Language
) -> None:
    said = refused(*words, "--lang", language)
    assert said.code == 3
    told = [line.strip() for line in f"{said.out}{said.err}".splitlines()]
    remedy = text("guard.protected_next", language)
    assert " ".join(told).count(remedy) == 1
    reason = {"id": " dilindungi, ", "en": " is protected, "}[language]
    lines = [line for line in told if reason in line]
    assert len(lines) > 3
    assert {line.count(reason) for line in lines} == {1}
    assert "{" not in " ".join(told)


def test_a_plan_as_a_document_has_both(refused: Callable[..., Said]) -> None:
    document = refused("plan", "--lang", "en", "--output", "json").json
    assert len(document["refused"]) > 3
    assert document["remedies"] == [text("guard.protected_next", "en")]
    assert document["remedies"][0] not in " ".join(document["refused"])
