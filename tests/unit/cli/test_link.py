"""`lajur link` on devices in memory: what a person types, sees, and what the exit code says."""

from __future__ import annotations

import signal
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from network.services.links.apply import apply_links
from tests.unit.cli.conftest import Lajur

MEMORY = ("--via", "memory")
KEPT = "memory-links"


def test_a_plan_shows_equal_changes_once_and_no_secret(lajur: Lajur) -> None:
    told = lajur("link", "plan", *MEMORY, "--output", "json")
    assert told.code == 2
    assert told.json["document"] == "LinkPlans"
    assert {link["state"] for link in told.json["links"]} == {"waits"}
    devices = [device for group in told.json["groups"] for device in group["devices"]]
    assert len(told.json["groups"]) < len(devices)
    assert "md5 ********" in told.out
    assert "<address>" in told.out


def test_all_links_are_applied_and_then_nothing_is_left_to_do(lajur: Lajur, tmp_path: Path) -> None:
    first = lajur("link", "apply", "--all", "--yes", *MEMORY, "--output", "json")
    assert first.code == 0
    assert first.json["done"]
    assert not first.json["failed"]
    assert list((tmp_path / "state" / "tolikara" / KEPT).glob("*.conf"))
    again = lajur("link", "apply", "--all", "--yes", *MEMORY, "--output", "json")
    assert (again.code, again.json["done"]) == (0, [])
    assert len(again.json["nothing"]) == len(first.json["done"])
    assert lajur("link", "plan", *MEMORY).code == 0
    seen = lajur("link", "verify", *MEMORY, "--output", "json")
    assert seen.code == 0
    assert seen.json["good"] == len(seen.json["links"])
    entries = lajur("audit", "export").out
    assert '"action":"run.finished"' in entries


def test_one_office_is_one_link(lajur: Lajur) -> None:
    done = lajur("link", "apply", "bappeda", "--yes", *MEMORY, "--output", "json").json["done"]
    assert len(done) == 1
    assert lajur("link", "status", "bappeda", *MEMORY).code == 0
    assert lajur("link", "status", *MEMORY).code == 5


@pytest.mark.parametrize("words", [("link", "apply"), ("link", "apply", "bappeda", "--all")])
def test_which_links_must_be_said_and_once_only(words: tuple[str, ...], lajur: Lajur) -> None:
    said = lajur(*words, "--yes", *MEMORY)
    assert said.code == 64
    assert "--all" in said.err


def test_a_dry_run_writes_nothing(lajur: Lajur, tmp_path: Path) -> None:
    assert lajur("link", "apply", "--all", "--dry-run", *MEMORY).code == 2
    assert not (tmp_path / "state" / "tolikara" / KEPT).exists()


def test_without_a_terminal_it_needs_yes(lajur: Lajur) -> None:
    said = lajur("link", "apply", "--all", *MEMORY)
    assert said.code == 3
    assert "--yes" in said.err


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_name_that_means_nothing_is_told_in_the_readers_language(language: str, lajur: Lajur) -> None:
    said = lajur("link", "plan", "bapeda", *MEMORY, "--lang", language)
    assert said.code == 64
    assert "bappeda" in said.err
    assert ("Tidak ada" if language == "id" else "There is no") in said.err


def test_recover_only_shows_what_is_left_when_that_is_asked_for(lajur: Lajur, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from network.core.ports import RunRecord
    from network.ledger.sqlite import open_sqlite

    clean = lajur("recover", "--dry-run", *MEMORY, "--output", "json")
    assert (clean.code, clean.json["runs"]) == (0, [])
    lajur("plan", *MEMORY)
    started = datetime(2026, 9, 7, tzinfo=UTC)
    left = RunRecord(id="run-9", regency="tolikara", reason="test", started=started)
    with closing(open_sqlite(tmp_path / "state")) as ledger:
        ledger.begin(left, ())
    for _ in range(2):
        said = lajur("recover", "--dry-run", *MEMORY, "--output", "json")
        assert (said.code, [each["run"] for each in said.json["runs"]]) == (2, ["run-9"])
    assert "lajur recover" in lajur("recover", "--dry-run", *MEMORY).err
    assert lajur("recover", *MEMORY, "--output", "json").json["runs"][0]["result"] == "abandoned"
    assert lajur("recover", "--dry-run", *MEMORY).code == 0


@pytest.mark.parametrize(("language", "words"), [("id", "ditutup tanpa r-lama"), ("en", "closed without r-lama")])
def test_recover_closes_a_run_on_devices_that_are_gone_from_the_truth(
    lajur: Lajur, tmp_path: Path, language: str, words: str
) -> None:
    from dataclasses import replace
    from datetime import UTC, datetime

    from inventory.load import SHIPPED, load_regency
    from network.core.links.deeds import LinkDeed
    from network.core.links.intent import intend
    from network.core.ports import RunRecord
    from network.ledger.sqlite import open_sqlite

    lajur("plan", *MEMORY)
    link = intend(load_regency(SHIPPED / "tolikara"))[0]
    link = replace(link, far=replace(link.far, device="r-lama"), near=replace(link.near, device="hub-lama"))
    ends = [(link.far.device, "far"), (link.near.device, "near")]
    deeds = [LinkDeed(link=link.key, device=name, side=side, digest="", lines=(), intent=link) for name, side in ends]
    left = RunRecord(id="run-link-9", regency="tolikara", reason="test", started=datetime(2026, 9, 7, tzinfo=UTC), place="memory")
    with closing(open_sqlite(tmp_path / "state")) as ledger:
        ledger.links.begin(left, deeds)
    said = lajur("recover", *MEMORY, "--lang", language, "--output", "json")
    assert [(each["run"], each["result"]) for each in said.json["runs"]] == [("run-link-9", "abandoned")]
    assert f"{words}, hub-lama" in said.err
    assert lajur("recover", *MEMORY, "--output", "json").json["runs"] == []


def test_recover_has_nothing_to_do_where_nobody_died(lajur: Lajur) -> None:
    lajur("link", "apply", "bappeda", "--yes", *MEMORY)
    assert lajur("recover", *MEMORY, "--output", "json").json["runs"] == []


def test_an_interruption_says_how_many_links_are_done(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Ctrl-C comes: to the main thread, while the first link is under way on another one."""

    def interrupted(*given: Any) -> Any:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return apply_links(*given)

    monkeypatch.setattr("network.services.links.rollout.apply_links", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        said = lajur("link", "apply", "--all", "--yes", *MEMORY, LAJUR_LANG="en")
    finally:
        signal.signal(signal.SIGINT, before)
    monkeypatch.undo()
    assert said.code == 130
    count = len(lajur("link", "status", *MEMORY, "--output", "json").json["links"])
    assert f"Interrupted: 1 of {count} links done, {count - 1} not begun. Next: `lajur link plan`." in said.err
    assert "1 of" not in said.out
    assert lajur("link", "apply", "--all", "--yes", *MEMORY).code == 0
