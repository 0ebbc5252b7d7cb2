"""Where a command does its work: a lab that was named and is not up is refused, memory is told of, and a lab keeps its own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from network import places
from network.core.ports import RunRecord
from network.ledger.sqlite import open_sqlite
from tests.unit.cli.conftest import Lajur

MEMORY = ("--via", "memory")
NO_LAB = f"n{os.getpid() % 10**7}no"
FALLEN = "devices in memory, without traffic"
NOON = datetime(2026, 11, 26, 3, tzinfo=UTC)
REACHING = [
    ("plan",),
    ("apply", "--yes"),
    ("link", "plan"),
    ("link", "apply", "--all", "--yes"),
    ("link", "verify"),
    ("status",),
    ("recover",),
    ("drift",),
    ("topology",),
    ("device", "check"),
]


@pytest.mark.parametrize("words", REACHING, ids=" ".join)
def test_a_lab_that_is_named_and_not_up_is_refused(words: Sequence[str], lajur: Lajur) -> None:
    for language in ("id", "en"):
        said = lajur(*words, "--lang", language, LAJUR_LAB=NO_LAB)
        assert said.code == 3, said
        assert NO_LAB in said.err
        assert "lajur lab status" in said.err
        assert ("is not up" in said.err) is (language == "en")


def test_who_asks_for_memory_gets_it_whatever_lab_is_named(lajur: Lajur) -> None:
    said = lajur("apply", "--yes", *MEMORY, LAJUR_LAB=NO_LAB)
    assert said.code == 0
    assert FALLEN not in said.err


def test_what_reaches_no_device_needs_no_lab(lajur: Lajur) -> None:
    assert lajur("boost", "list", LAJUR_LAB=NO_LAB).code == 0


def test_a_lab_of_another_regency_is_told_as_that(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_regencies_by_lab", lambda: {NO_LAB: "manokwari"})
    said = lajur("link", "verify", LAJUR_LAB=NO_LAB, LAJUR_LANG="en")
    assert said.code == 3
    assert f"{NO_LAB}, which LAJUR_LAB names, is one of manokwari, not of tolikara" in said.err


@pytest.mark.parametrize("words", [("apply", "--yes"), ("link", "apply", "bappeda", "--yes"), ("link", "status"), ("plan",)])
def test_memory_that_nobody_asked_for_is_said(words: Sequence[str], lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("network.wiring.standing_lab", lambda *_: None)
    assert lajur(*words, LAJUR_LANG="en").err.count(FALLEN) == 1
    assert FALLEN not in lajur(*words, *MEMORY, LAJUR_LANG="en").err
    assert FALLEN not in lajur(*words, "--output", "json", LAJUR_LANG="en").err


def left(state: Path, id: str, place: str) -> None:
    with open_sqlite(state) as ledger:
        ledger.begin(RunRecord(id=id, regency="tolikara", reason="apply", started=NOON, place=place), ())


def results(state: Path) -> dict[str, str]:
    with open_sqlite(state) as ledger:
        return {run.id: run.result for run in ledger.runs("tolikara")}


def test_recover_judges_its_own_and_closes_what_went_with_a_lab(
    lajur: Lajur, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    own = {"run-here": "memory", "run-early": "", "run-up": "lab rd1 20.000", "run-gone": "lab rd1 10.000", "run-real": "direct"}
    lajur("status", *MEMORY)
    for id, place in own.items():
        left(state, id, place)
    monkeypatch.setattr(places, "labs_up", lambda regency: {"lab rd1 20.000"})
    said = lajur("recover", *MEMORY, LAJUR_LANG="en")
    assert "run-gone was on the lab rd1, which is no longer up" in said.err
    assert results(state) == {
        "run-here": "abandoned",
        "run-early": "abandoned",
        "run-up": "running",
        "run-gone": "abandoned",
        "run-real": "running",
    }


def test_recover_says_that_queues_hold_only_when_they_do(lajur: Lajur) -> None:
    assert "queues hold" not in lajur("recover", *MEMORY, LAJUR_LANG="en").out
    lajur("apply", "--yes", *MEMORY)
    said = lajur("recover", *MEMORY, LAJUR_LANG="en")
    assert said.code == 0
    assert "The queues hold what should hold now" in said.out
    assert "lajur link plan" in said.out, "links wait: nothing was said of them"


def test_every_lab_has_locks_and_names_of_its_own(tmp_path: Path) -> None:
    first, again, other = "lab rd1 10.000", "lab rd1 20.000", "lab rd3 10.000"
    folders = [places.lock_folder(tmp_path, place) for place in ("direct", "memory", first, other)]
    assert len(set(folders)) == len(folders)
    assert places.lock_folder(tmp_path, "direct") == tmp_path / "locks"
    scopes = {places.scope("tolikara", place) for place in ("direct", "memory", first, again, other)}
    assert len(scopes) == 5
    assert "tolikara" in scopes
    assert [places.lab_of(place) for place in ("direct", "memory", "", first)] == [None, None, None, "rd1"]


def test_a_folder_without_regencies_says_how_to_begin_one(lajur: Lajur, tmp_path: Path) -> None:
    said = lajur("plan", LAJUR_REGENCIES=str(tmp_path / "none"))
    assert said.code == 64
    assert "lajur init" in said.err


def test_tokens_end_at_a_local_time(lajur: Lajur) -> None:
    made = lajur("token", "create", "loket", "--grant", "tolikara:viewer")
    assert "WIT" in made.err
    assert "WIT" in lajur("token", "list").out
