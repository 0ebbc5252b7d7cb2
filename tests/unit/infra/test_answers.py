"""Answers that serve everybody who asks the same within a while."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from infra.reach.answers import Answers


def test_many_who_ask_at_once_are_answered_once() -> None:
    answers, asked, everybody = Answers(), count(1), threading.Barrier(8)

    def ask(_: int) -> int:
        everybody.wait()
        return answers.lately("sizes", 60.0, lambda: next(asked))

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(8))) == {1}


def test_another_question_and_one_of_long_ago_are_asked() -> None:
    answers, asked = Answers(), count(1)
    found = [answers.lately(what, seconds, lambda: next(asked)) for what, seconds in (("a", 60.0), ("b", 60.0), ("a", 0.0))]
    assert found == [1, 2, 3]


def test_what_is_raised_serves_nobody_else() -> None:
    answers = Answers()

    def away() -> int:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        answers.lately("sizes", 60.0, away)
    assert answers.lately("sizes", 60.0, lambda: 7) == 7


def test_nobody_waits_long_for_the_answer_to_another_one() -> None:
    answers, begun, end = Answers(), threading.Event(), threading.Event()

    def hanging() -> int:
        begun.set()
        end.wait(60)
        return 1

    with ThreadPoolExecutor(1) as other:
        first = other.submit(answers.lately, "sizes", 0.05, hanging)
        begun.wait(60)
        try:
            assert answers.lately("sizes", 0.05, lambda: 2) == 2
        finally:
            end.set()
        assert first.result() == 1
