"""`lajur boost` and what follows `lajur window request`: asked for, agreed to by somebody else, withdrawn."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from network import wiring
from network.clock import SystemClock
from tests.unit.cli.conftest import Lajur, Said

TUESDAY = datetime(2026, 9, 29, 0, tzinfo=UTC)  # no window of the truth is open; contracts run
BOOST = ("boost", "request", "disdukcapil", "--amount", "1 Mbit/s", "--up", "512 kbit/s", "--reason", "a queue", "--for", "2h")
WINDOW = {
    "key": "pekan-pajak",
    "name": "Tax week",
    "confirmed": True,
    "start": "2026-10-05T08:00",
    "end": "2026-10-05T12:00",
    "policy": {"offices": {"disdukcapil": {"share": 6}}},
}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: TUESDAY)


def ask(lajur: Lajur, *more: str) -> str:
    said = lajur(*BOOST, *more, "--output", "json")
    assert said.code == 0, said.err
    return str(said.json["boost"]["request"]["id"])


def state(said: Said, noun: str = "boost") -> str:
    assert said.code == 0, said.err
    return str(said.json[noun]["request"]["phase"])


def kept(lajur: Lajur, *more: str) -> list[Any]:
    boosts = lajur("boost", "list", *more, "--output", "json").json["boosts"]
    assert isinstance(boosts, list)
    return boosts


def test_what_fits_is_granted_and_listed_until_it_is_cancelled(lajur: Lajur) -> None:
    id = ask(lajur)
    (listed,) = kept(lajur)
    assert (listed["request"]["id"], listed["request"]["phase"]) == (id, "active")
    assert (listed["offices"], listed["down"], listed["up"]) == (["disdukcapil"], 1_000_000, 512_000)
    assert id in lajur("boost", "list").out
    assert state(lajur("boost", "cancel", id, "--output", "json")) == "cancelled"
    assert kept(lajur) == []
    assert [each["request"]["id"] for each in kept(lajur, "--all")] == [id]
    again = lajur("boost", "cancel", id, "--lang", "id")
    assert (again.code, again.out) == (3, "")
    assert id in again.err


def test_a_dry_run_keeps_nothing(lajur: Lajur) -> None:
    assert lajur(*BOOST, "--dry-run").code == 2
    assert kept(lajur, "--all") == []


def test_what_does_not_fit_is_refused_with_a_line_that_does(lajur: Lajur) -> None:
    words = [*BOOST[:4], "900 Mbit/s", *BOOST[7:]]
    refused = lajur(*words, "--lang", "en")
    assert refused.code == 3
    assert "nothing was changed" in refused.out
    offer = re.search(r"lajur (boost request disdukcapil --amount '(.+?)' --until (\S+))", refused.out)
    assert offer
    taken = lajur(*BOOST[:4], offer[2], "--until", offer[3], "--reason", "a queue")
    assert taken.code == 0, taken.err


def test_a_second_person_agrees_or_rejects(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ask(lajur, "--emergency"), ask(lajur, "--emergency")
    own = lajur("boost", "approve", first, "--lang", "en")
    assert own.code == 3
    assert "somebody else" in own.err
    monkeypatch.setattr(wiring, "user", lambda: "trainee")
    assert state(lajur("boost", "approve", first, "--note", "seen", "--output", "json")) == "active"
    assert lajur("boost", "reject", second).code == 64, "whoever rejects says why"
    assert state(lajur("boost", "reject", second, "--note", "too much", "--output", "json")) == "rejected"
    told = lajur("boost", "show", first).out
    assert "trainee" in told
    assert "seen" in told
    assert [
        word["note"] for word in lajur("boost", "show", second, "--output", "json").json["boost"]["request"]["approvals"]
    ] == ["too much"]


def test_a_window_is_asked_for_from_a_file(lajur: Lajur, tmp_path: Path) -> None:
    file = tmp_path / "window.yaml"
    file.write_text(json.dumps(WINDOW))
    words = ("window", "request", str(file), "--reason", "taxes are due")
    assert lajur(*words, "--dry-run").code == 2
    asked = lajur(*words, "--output", "json")
    assert state(asked, "window") == "granted"
    id = asked.json["window"]["request"]["id"]
    assert lajur("boost", "cancel", id).code != 0, "it is no boost"
    (listed,) = lajur("window", "requests", "--output", "json").json["windows"]
    assert (listed["key"], listed["starts"]) == ("pekan-pajak", "2026-10-04T23:00:00Z")
    assert state(lajur("window", "cancel", id, "--output", "json"), "window") == "cancelled"


@pytest.mark.parametrize("text", ["", "[", "key: only", "a: &x [*x]"])
def test_a_file_that_holds_no_window_is_told_by_name(text: str, lajur: Lajur, tmp_path: Path) -> None:
    file = tmp_path / "window.yaml"
    file.write_text(text)
    said = lajur("window", "request", str(file), "--reason", "taxes are due", "--lang", "en")
    assert said.code == 3
    assert file.name in said.err
    assert "Nothing was changed" in said.err
    assert lajur("window", "requests", "--all", "--output", "json").json["windows"] == []
