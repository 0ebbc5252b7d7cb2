"""One question of a play, the session that answers it, and the answer. Knows nothing of Ansible."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from inventory.messages import render
from network.cli.language import chosen
from network.cli.output import Output
from network.cli.session import Flags, Session, Via
from network.cli.words import clean
from network.errors import LajurError, NeedsPerson, TruthError, UsageError
from network.messages import Language

Answer = TypeVar("Answer")
Tell = Callable[[str], None]
"""Takes a line about the work as it goes on."""

WAYS: Final = tuple(way.value for way in Via)

_WIDTH: Final = shutil.get_terminal_size((0, 0)).columns or None
"""Of the terminal. Seen when this is loaded, which Ansible does before it forks: its workers have no terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`hosts` are the devices that the play is about, after `--limit`. `check`: only look.

    `environment` is the process's; `regency` and `regencies` are the inventory's, so that the play means the same truth. `width`
    of the reader's terminal in columns, None where there is none.
    """

    regency: str
    regencies: str
    hosts: tuple[str, ...]
    check: bool
    environment: Mapping[str, str] = field(repr=False)
    via: str = Via.AUTO.value
    width: int | None = None

    @classmethod
    def by(cls, known: Mapping[str, Any], *, hosts: str, check: bool, via: object = None) -> Asked:
        """By a play that knows these variables of the inventory's; `hosts` is the variable with the hosts that it is about."""
        return cls(
            regency=str(known["lajur_regency"]),
            regencies=str(known["lajur_regencies"]),
            hosts=tuple(str(host) for host in known[hosts]),
            check=check,
            via=str(via or Via.AUTO.value),
            environment=os.environ,
            width=_WIDTH,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`text` is for the reader, in their language; `plan` what would be or was changed, as the command shows it, empty for
    nothing. `code` and `exit_code` are the command's; 0 where it went well."""

    changed: bool = False
    skipped: bool = False
    text: str = ""
    plan: str = ""
    code: str = ""
    exit_code: int = 0

    @property
    def failed(self) -> bool:
        return self.exit_code != 0

    def as_result(self) -> dict[str, Any]:
        """In the keys that Ansible knows."""
        result: dict[str, Any] = {"changed": self.changed, "failed": self.failed, "skipped": self.skipped, "msg": self.text}
        if self.failed:
            result |= {"code": self.code, "exit_code": self.exit_code}
        if self.plan:
            result["diff"] = {"prepared": self.plan}
        return result


class Told(Output):
    """The command's printer for a reader who is told by somebody else: prints nothing itself, hands stages on."""

    def __init__(self, language: Language, tell: Tell, width: int | None) -> None:
        super().__init__(language, width=width)
        self._tell = tell

    def tell(self, text: str) -> None:
        with suppress(OSError):  # the play is gone; what is under way still comes to its end
            self._tell(clean(text))

    @contextmanager
    def progress(self, *, always: bool = False) -> Iterator[Tell]:
        yield self.tell


@contextmanager
def interruptible() -> Iterator[None]:
    """An interruption arrives once and as the command's own, so that devices are taken back in order.

    Ansible would end its worker on the spot, and leave that to the devices' timers.
    """

    def interrupt(*_: object) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for number in before:
            signal.signal(number, interrupt)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def answered(asked: Asked, tell: Tell, answer: Callable[[Session], Answer]) -> Answer | Outcome:
    """What `answer` says in the session that the command would have; or the failure, in the reader's language."""
    environment = {**asked.environment, "LAJUR_REGENCIES": asked.regencies}
    language = language_of(environment)
    out = Told(language, tell, asked.width)
    try:
        if asked.via not in WAYS:
            raise UsageError("playing.via", value=clean(asked.via[:100]), known=", ".join(WAYS))
        own = Session(language=language, environment=environment, flags=Flags(regency=asked.regency, via=Via(asked.via)))
        own.out = out
        with interruptible():
            return answer(own)
    except LajurError as error:
        return failure(out, error)


def language_of(environment: Mapping[str, str]) -> Language:
    return chosen((), environment)


def failure(out: Output, error: LajurError) -> Outcome:
    """What went wrong, with every finding where the truth does not hold together."""
    lines = [clean(out.text_of(error))]
    if isinstance(error, NeedsPerson):
        lines[0] = f"{out.say('cli.error.person')} {lines[0]}"
    if isinstance(error, TruthError):
        found = error.fields["findings"]
        assert isinstance(found, tuple)
        lines += [f"{out.say(f'cli.severity.{each.severity}')}: {clean(render(each, out.language))}" for each in found]
    return Outcome(text="\n".join(lines), code=error.code, exit_code=error.exit_code)
