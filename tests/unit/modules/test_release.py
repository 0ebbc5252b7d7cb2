"""Which release is current, what is removed, what is said of a server, and that it has no secret in it."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.conftest import Loader

IDS = [f"{number}.0.0-0123456789ab" for number in range(1, 6)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "gateway"
    for at, name in enumerate(IDS):
        (home / "releases" / name).mkdir(parents=True)
        os.utime(home / "releases" / name, (at, at))
    (home / "incoming").mkdir()
    return home


def told(home: Path, **more: Any) -> dict[str, Any]:
    return {
        "key": "gateway", "state": "look", "release": "", "port": 8080, "scheme": "http",
        "health": "/", "expect": "", "database": "", "database_port": 5432, "keep": 3, "first": [], "wait": 1,
        "root": str(home.parent), "credentials": str(home.parent / "credentials"), **more,
    }  # fmt: skip


@pytest.fixture
def own(module: Loader, shared: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module, with a systemd whose unit is well. What was run stands in `ran`."""
    found = module("lajur_release")
    found.ran = []

    def run(words: list[str], _seconds: float = 0) -> tuple[int, str, str]:
        found.ran.append(words[:2])
        return 0, "LoadState=loaded\nActiveState=active\n" if words[1] == "show" else "", ""

    monkeypatch.setattr(found, "run", run)
    monkeypatch.setattr(found, "ask", lambda *_, **__: shared["lajur_hands"].Answer(200, 1, True, "1"))
    return found


def test_a_switch_leads_current_there_and_remembers_what_was(own: Any, home: Path) -> None:
    for name in IDS[:2]:
        found = own.work(told(home, state="current", release=name), only_look=False)
        assert found == (True, {"switched": True, "trouble": None, "touched": True})
    found = own.work(told(home), only_look=False)[1]
    assert (found["current"], found["previous"], found["releases"], found["unit"]) == (IDS[1], IDS[0], IDS, "active")
    own.work(told(home, state="current", release=IDS[1]), only_look=False)
    assert own.work(told(home), only_look=False)[1]["previous"] == IDS[0]
    assert str((home / "current").readlink()) == f"releases/{IDS[1]}"


def test_a_look_asks_the_port_of_the_database_where_there_is_one(own: Any, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        there = own.work(told(home, database="127.0.0.1", database_port=port), only_look=False)[1]
    away = own.work(told(home, database="127.0.0.1", database_port=port), only_look=False)[1]
    assert (there["database"], away["database"], own.work(told(home), only_look=False)[1]["database"]) == (True, False, None)


def test_nothing_is_done_for_a_release_that_is_not_there(own: Any, home: Path) -> None:
    for name in ("9.9.9-0123456789ab", "../../etc"):
        found = own.work(told(home, state="current", release=name), only_look=False)[1]
        assert (found["switched"], found["trouble"]["problem"]) == (False, "not_placed")
    assert ["systemctl", "restart"] not in own.ran


def test_an_empty_release_is_none_any_more_and_the_unit_is_stopped(own: Any, home: Path) -> None:
    own.work(told(home, state="current", release=IDS[0]), only_look=False)
    found = own.work(told(home, state="current"), only_look=False)[1]
    assert found == {"switched": True, "trouble": None, "touched": True}
    assert not (home / "current").is_symlink()
    assert own.ran[-1] == ["systemctl", "stop"]


def test_what_goes_wrong_before_anything_is_touched_is_told_apart(own: Any, home: Path) -> None:
    own.work(told(home, state="current", release=IDS[0]), only_look=False)
    (home / ".current.part").mkdir()
    changed, found = own.work(told(home, state="current", release=IDS[1]), only_look=False)
    assert (changed, found["switched"], found["touched"], found["trouble"]["problem"]) == (False, False, False, "other")
    assert own.work(told(home, state="current", release="9.9.9-0123456789ab"), only_look=False)[1]["touched"] is False
    assert own.work(told(home), only_look=False)[1]["current"] == IDS[0]


def test_who_only_looks_switches_nothing(own: Any, home: Path) -> None:
    changed, _ = own.work(told(home, state="current", release=IDS[0]), only_look=True)
    assert changed
    assert not (home / "current").is_symlink()
    assert own.ran == []


def test_the_newest_stay_and_whatever_is_led_to(own: Any, home: Path) -> None:
    for name in (IDS[0], IDS[1]):
        own.work(told(home, state="current", release=name), only_look=False)
    (home / "incoming" / "half").mkdir()
    assert own.work(told(home, state="pruned"), only_look=True)[1]["gone"] == IDS[2:4]
    assert own.work(told(home, state="pruned"), only_look=False)[1]["gone"] == IDS[2:4]
    assert own.work(told(home), only_look=False)[1]["releases"] == [IDS[0], IDS[1], IDS[4]]
    assert list((home / "incoming").iterdir()) == []


def test_what_is_no_good_goes_before_what_is_whatever_its_age(own: Any, home: Path) -> None:
    for name in (IDS[0], IDS[4], IDS[1]):
        own.work(told(home, state="current", release=name), only_look=False)
    pruned = told(home, state="pruned", first=[IDS[3], IDS[4], IDS[1], "../../etc"])
    assert own.work(pruned, only_look=False)[1]["gone"] == IDS[3:5]
    assert own.work(told(home), only_look=False)[1]["releases"] == IDS[:3]


def test_a_unit_that_does_not_start_says_why_without_its_secrets(own: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = home.parent / "credentials" / "gateway"
    kept.mkdir(parents=True)
    address = "postgresql://gateway:" + "rahasia-sekali" + "@db-1/gateway"
    (kept / "database").write_text(f"{address}\n")

    def run(words: list[str], _seconds: float = 0) -> tuple[int, str, str]:
        return (1, "", "failed") if words[1] == "restart" else (0, f"cannot use {address}\n{{{{ 6*7 }}}} \x1b[2J", "")

    monkeypatch.setattr(own, "run", run)
    found = own.work(told(home, state="current", release=IDS[0]), only_look=False)[1]
    assert (found["switched"], found["trouble"]["problem"]) == (True, "start")
    assert "rahasia" not in found["trouble"]["said"]
    assert "{{ 6*7 }}" in found["trouble"]["said"]
    assert "\x1b" not in found["trouble"]["said"]


def test_what_a_unit_says_again_and_again_is_told_once(own: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again, other = "lajur-sample: 503 GET '/sehat'", "lajur-sample: 404 GET '/{{ 6*7 }}'"

    def run(words: list[str], _seconds: float = 0) -> tuple[int, str, str]:
        return (1, "", "") if words[1] == "restart" else (0, "\n".join([other, *[again] * 17, "", "", other, again]), "")

    monkeypatch.setattr(own, "run", run)
    found = own.work(told(home, state="current", release=IDS[0]), only_look=False)[1]
    assert found["trouble"]["said"].split("\n") == [other, f"{again} (17×)", "", other, again]


def test_two_do_not_work_at_once(home: Path, shared: dict[str, Any]) -> None:
    folders = shared["lajur_folders"]
    first, second = (folders.Folders("gateway", str(home.parent)) for _ in range(2))
    with first.turn(), pytest.raises(folders.Busy), second.turn(0.05):
        pass
    with second.turn(0.05):
        pass


@pytest.mark.parametrize("link", ["/etc", "../other", "releases/../..", "releases/nothing-0123456789ab"])
def test_a_link_that_leads_elsewhere_is_no_release(shared: dict[str, Any], home: Path, link: str) -> None:
    (home / "current").symlink_to(link)
    assert shared["lajur_folders"].Folders("gateway", str(home.parent)).led("current") == ""
