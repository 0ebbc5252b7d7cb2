"""The printer on a terminal: nothing is read as markup, and nothing turns while something is shown."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest

from network.cli.output import Output, as_document
from network.services.hands import RunEvent, Stage


class _Terminal(io.StringIO):
    """What a person would see."""

    def isatty(self) -> bool:
        return True

    @property
    def seen(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.getvalue())


Sit = Callable[[], _Terminal]


@pytest.fixture
def sit(monkeypatch: pytest.MonkeyPatch) -> Sit:
    """Sit down at a terminal. Called in the test itself: between set-up and test the runner takes the streams back."""

    def terminal() -> _Terminal:
        own = _Terminal()
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr("sys.stdout", own)
        monkeypatch.setattr("sys.stderr", own)
        return own

    return terminal


def test_progress_within_progress(sit: Sit) -> None:
    terminal = sit()
    out = Output("en")
    with out.stages() as listen:
        listen(RunEvent(run="run-1", stage=Stage.ARMED, elapsed=0.1))
        with out.progress() as tell:
            tell("inside")
        listen(RunEvent(run="run-1", stage=Stage.CONFIRMED, elapsed=0.2))
    for words in ("Timer armed", "inside", "Confirmed"):
        assert words in terminal.seen


def test_what_is_told_is_no_markup(sit: Sit) -> None:
    terminal = sit()
    with Output("en").progress() as tell:
        tell("[red]Dinas[/red] \x1b[2J")
    assert "[red]Dinas[/red] \\x1b[2J" in terminal.seen


@pytest.mark.parametrize(
    ("answer", "agreed"), [("y", True), ("YA", True), ("yes ", True), ("t", False), ("", False), ("no", False)]
)
def test_only_a_yes_is_a_yes(answer: str, agreed: bool, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = sit()
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    out = Output("en")
    with out.progress() as tell:
        tell("working")
        assert out.ask("cli.ask.apply") is agreed
    assert "Carry out this plan?" in terminal.seen


def test_no_colour_where_none_is_wanted(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = sit()
    assert Output("en").is_styled
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Output("en").is_styled
    Output("en").note("cli.ask.left", level=0)
    assert "\x1b[3" not in terminal.getvalue()


def test_a_watched_frame_replaces_the_one_before(sit: Sit) -> None:
    terminal = sit()
    out = Output("en")
    out.watch((number, lambda number=number: f"frame {number}") for number in range(2))  # type: ignore[misc]
    assert "frame 0" in terminal.seen
    assert "frame 1" in terminal.seen
    assert "\x1b[?1049l" in terminal.getvalue(), "the terminal is given back"


def test_a_document_is_json_all_through() -> None:
    event = RunEvent(run="run-1", stage=Stage.ARMED, elapsed=0.5, steps=3)
    assert as_document(event) == {
        "document": "RunEvent",
        "run": "run-1",
        "stage": "armed",
        "elapsed": 0.5,
        "steps": 3,
        "device": "",
    }
