"""How a question of a play is answered, whatever comes between."""

from __future__ import annotations

import os
import signal

import pytest

from network.errors import NeedsPerson, Refused
from network.playing.asking import Told, answered, failure, interruptible
from tests.unit.playing.conftest import Play


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_comes_once_and_the_way_back_is_not_interrupted(number: signal.Signals) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    went_back = []

    @interruptible()
    def work() -> None:
        try:
            os.kill(os.getpid(), number)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGINT)
            went_back.append(True)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert went_back
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_a_play_that_is_gone_does_not_stop_what_is_under_way() -> None:
    def gone(text: str) -> None:
        raise BrokenPipeError(text)

    Told("en", gone, None).tell("Armed.")


def test_what_is_told_cannot_steer_a_terminal() -> None:
    told: list[str] = []
    Told("en", told.append, None).tell("a\x1b[2Jb")
    assert told == ["a\\x1b[2Jb"]


@pytest.mark.parametrize(("language", "said"), [("id", "PERLU ORANG:"), ("en", "NEEDS A PERSON:")])
def test_what_needs_a_person_says_so(play: Play, language: str, said: str) -> None:
    def fails(*_: object) -> None:
        raise NeedsPerson("links.half", run="r", link="krb-setda", device="r-setda", kept="hub-krb", cause="?")

    outcome = answered(play.about(language=language), play.told.append, fails)
    assert outcome is not None
    assert (outcome.exit_code, outcome.text.partition(" r")[0].startswith(said)) == (5, True)


def test_an_error_names_its_code() -> None:
    outcome = failure(Told("en", lambda text: None, 80), Refused("wiring.no_lab", regency="main"))
    assert (outcome.failed, outcome.code, outcome.exit_code) == (True, "wiring.no_lab", 3)
