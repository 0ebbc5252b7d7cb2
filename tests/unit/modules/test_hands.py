"""What modules do alike on a server: a program that takes too long is ended, with everything that it started."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.fixture
def hands(shared: dict[str, Any]) -> Any:
    return shared["lajur_hands"]


@pytest.mark.parametrize("last", ["wait", "exit 0"], ids=["child and grandchild", "grandchild alone"])
def test_what_it_started_is_ended_with_it_and_what_was_said_is_told(hands: Any, last: str) -> None:
    code, said, errors = hands.run(["sh", "-c", f"sleep 300 & echo $!; echo late >&2; {last}"], 1.0)
    grandchild = int(said)
    until = time.monotonic() + 20
    while runs(grandchild):
        assert time.monotonic() < until, f"{grandchild} still runs"
        time.sleep(0.02)
    assert (code, errors) == (124, "late\n")


def test_who_left_its_session_keeps_nobody_waiting(hands: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(hands, "_HELD", 0.2)
    file = tmp_path / "pid"
    began = time.monotonic()
    code, said, _ = hands.run(["sh", "-c", f"setsid sleep 60 & echo $! > {file}; echo early; wait"], 1.0)
    assert (code, said) == (124, "early\n")
    assert time.monotonic() - began < 30
    hands.run(["kill", file.read_text().strip()])


def test_what_ends_in_time_is_told_as_it_is(hands: Any) -> None:
    assert hands.run(["sh", "-c", "cat; echo bad >&2; exit 3"], text="words") == (3, "words", "bad\n")
    assert hands.run(["cat"]) == (0, "", "")
    assert hands.run(["/nowhere/program"]) == (127, "", "/nowhere/program: No such file or directory")
