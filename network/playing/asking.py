"""One question of a play, the session that answers it, and the answer. Knows nothing of Ansible."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from inventory.messages import render
from network.cli.language import chosen
from network.cli.output import Output
from network.cli.session import Flags, Session, Via
from network.cli.words import clean
from network.errors import LajurError, NeedsPerson, TruthError, UsageError
from network.messages import Language

Tell = Callable[[str], None]
"""Takes a line about the work as it goes on."""

WAYS: Final = tuple(way.value for way in Via)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`hosts` are the devices that the play is about after `--limit`, `every` those of the inventory. `check`: only look.

    `environment` is the process's; `regency` and `regencies` are the inventory's, so that the play means the same truth. `width`
    of the reader's terminal in columns, None where there is none.
    """

    regency: str
    regencies: str
    hosts: tuple[str, ...]
    every: tuple[str, ...]
    check: bool
    environment: Mapping[str, str] = field(repr=False)
    via: str = Via.AUTO.value
    width: int | None = None

    @property
    def limited(self) -> bool:
        return not set(self.every) <= set(self.hosts)


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


class Told(Output):
    """The command's printer for a reader who is told by somebody else: prints nothing itself, hands stages on."""

    def __init__(self, language: Language, tell: Tell, width: int | None) -> None:
        super().__init__(language, width=width)
        self._tell = tell

    @contextmanager
    def progress(self, *, always: bool = False) -> Iterator[Tell]:
        yield lambda text: self._tell(clean(text))


def opened(asked: Asked, tell: Tell) -> Session:
    """The session that the command would have. Raises UsageError for a way that there is not."""
    if asked.via not in WAYS:
        raise UsageError("playing.via", value=asked.via[:100], known=", ".join(WAYS))
    environment = {**asked.environment, "LAJUR_REGENCIES": asked.regencies}
    own = Session(
        language=language_of(environment), environment=environment, flags=Flags(regency=asked.regency, via=Via(asked.via))
    )
    own.out = Told(own.language, tell, asked.width)
    return own


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
