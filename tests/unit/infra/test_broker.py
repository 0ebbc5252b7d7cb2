"""The folders in which children serve the provider: those of the dead are cleared away, those of the living never."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from infra import broker
from infra.errors import NeedsPerson


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of temporary files of our own; short, as sockets' paths are."""
    with tempfile.TemporaryDirectory(prefix="lajur-t-") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


@contextmanager
def bound(place: Path, name: str, *, listens: bool) -> Iterator[Path]:
    folder = place / f"lajur-infra-{name}"
    folder.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / "broker"))
        if listens:
            made.listen(0)
        yield folder


def died(place: Path, name: str) -> Path:
    with bound(place, name, listens=True) as folder:
        return folder


def test_what_the_dead_left_is_gone_when_the_next_one_serves_and_the_living_stay(place: Path) -> None:
    left = [died(place, name) for name in ("a", "b")]
    with broker.serve(lambda word, fields: {"word": word}) as first, bound(place, "busy", listens=True) as busy:
        with broker.serve(lambda word, fields: {}) as second:
            assert Path(second).exists()
        assert not any(folder.exists() for folder in left)
        assert busy.exists()
        assert broker.Line(first).ask("tell") == {"word": "tell"}
        waiting = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(str(busy / "broker"))  # nobody takes them: its queue is full
        broker.sweep()
        assert (busy / "broker").exists(), "who has no time lives"
        for each in waiting:
            each.close()
    broker.sweep()
    assert list(place.iterdir()) == []


def test_what_is_not_ours_or_no_such_folder_is_left(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = died(place, "other")
    (place / "lajur-infra-file").write_text("x")
    (place / "lajur-infra-link").symlink_to(other)
    begun = place / "lajur-infra-begun"
    begun.mkdir()
    with monkeypatch.context() as as_somebody_else:
        as_somebody_else.setattr(os, "geteuid", lambda: os.getuid() + 1)
        broker.sweep()
    assert (other / "broker").exists()
    (other / "broker").rename(other / "moved")
    broker.sweep()
    names = {"lajur-infra-other", "lajur-infra-file", "lajur-infra-link", "lajur-infra-begun"}
    assert {each.name for each in place.iterdir()} == names


@pytest.mark.usefixtures("place")
def test_what_the_child_cannot_do_is_told_as_that_and_not_as_its_death() -> None:
    def answer(*_: object) -> dict[str, Any]:
        raise NeedsPerson("infra.paper_unwritten", server="app-1", folder="/x", reason="No space left on device")

    with broker.serve(answer) as path, pytest.raises(NeedsPerson) as told:
        broker.Line(path).tell("infra.accepted", {})
    assert told.value.code == "infra.paper_unwritten"
    assert told.value.fields == {"server": "app-1", "folder": "/x", "reason": "No space left on device"}


@pytest.mark.usefixtures("place")
def test_a_child_that_does_not_answer_is_gone() -> None:
    def answer(*_: object) -> dict[str, Any]:
        raise BrokenPipeError

    with broker.serve(answer) as path, pytest.raises(ConnectionResetError):
        broker.Line(path).ask("access")
