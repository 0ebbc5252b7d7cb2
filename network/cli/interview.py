"""Questions one after another, each answer judged at once, with a way back and a way out.

An interview is a generator that yields questions and is sent answers, so that it reads like what is asked. Going back is
asking it all again with the earlier answers, less the last one. Prints nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, TypeVar

from network.errors import Refused, UsageError

T = TypeVar("T")

BACK: Final = "<"
END: Final = "."


class Ended(Exception):
    """The person wants no more of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`code` is its message, `fields` fill it. `read` judges what was written and raises UsageError. `default` is taken for an
    empty answer; None: there must be one."""

    code: str
    read: Callable[[str], Any]
    default: str | None = None
    fields: dict[str, object] = field(default_factory=dict)


Interview: TypeAlias = Generator[Question, Any, T]

Ask: TypeAlias = Callable[[Question], str | None]
"""What was written, without blanks around it; None when nobody will ever answer."""


def hold(begin: Callable[[], Interview[T]], ask: Ask, complain: Callable[[UsageError], None]) -> T:
    """Ask until everything is answered. Raises Ended, or Refused (`init.ended`) when the answers end before the questions."""
    answers: list[str] = []
    while True:
        talk = begin()
        try:
            question = next(talk)
            for answer in answers:
                question = talk.send(question.read(answer))
            while True:
                answer = _answered(question, ask, complain)
                if answer == BACK:
                    del answers[-1:]
                    break
                answers.append(answer)
                question = talk.send(question.read(answer))
        except StopIteration as done:
            whole: T = done.value
            return whole


def _answered(question: Question, ask: Ask, complain: Callable[[UsageError], None]) -> str:
    """An answer that can be read, or BACK."""
    while True:
        written = ask(question)
        if written is None:
            raise Refused("init.ended")
        if written == END:
            raise Ended
        if written == BACK:
            return BACK
        answer = written or question.default
        if answer is None:
            complain(UsageError("init.wrong.nothing"))
            continue
        try:
            question.read(answer)
        except UsageError as error:
            complain(error)
            continue
        return answer
