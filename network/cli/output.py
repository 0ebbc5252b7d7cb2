"""The only printer: tables and notes for people, JSON for programs, progress while something takes long, errors.

Documents and results go to standard output, everything about the work itself to standard error. Nothing that is printed is
read as markup, and text from outside is made harmless first. Decides nothing.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from network.cli.language import speaker
from network.cli.words import clean, seconds
from network.errors import LajurError, NeedsPerson, OutputLost, TruthError
from network.messages import Language

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.status import Status

    from inventory.findings import Finding
    from network.services.hands import RunEvent

BUG: Final = 70
INTERRUPTED: Final = 130
_WIDTH_OFF_TERMINAL: Final = 140
_WIDE: Final = 120
_GAP: Final = "\0"
"""Stands in a sentence where what is listed below it would be; goes with the blank before it."""
_CAUSES: Final = ("cause", "reason", "why")


class Output:
    """One reader: a language, a form (tables or JSON), and how much they want to know (0, 1 with -v, 2 with -vv).

    `width` in columns is for who does not print to the terminal itself; else the terminal's own.
    """

    def __init__(self, language: Language, *, as_json: bool = False, verbose: int = 0, width: int | None = None) -> None:
        self.language = language
        self.say = speaker(language)
        self.as_json = as_json
        self.verbose = verbose
        self._width = width
        self._stages: list[str] = []
        self._stopped: str | None = None
        self._spinner: Status | None = None

    # ---- results

    def show(self, document: object, draw: Callable[[], RenderableType]) -> None:
        """`document` as JSON (its dataclass documents the keys), or what `draw` makes of it."""
        self._rest()
        if self.as_json:
            self.plain(json.dumps(as_document(document), indent=2) + "\n")
        else:
            drawn = draw()
            with _written():
                self._out.print(drawn)

    def watch(self, frames: Iterable[tuple[object, Callable[[], RenderableType]]]) -> None:
        """Show one document after another until interrupted: in place on a terminal, one JSON object a line as JSON."""
        self._rest()
        if self.as_json:
            for document, _ in frames:
                self.plain(json.dumps(as_document(document)) + "\n")
        elif self._out.is_terminal:
            from rich.live import Live

            with Live(console=self._out, auto_refresh=False, screen=True, vertical_overflow="crop") as live:
                for _, draw in frames:
                    live.update(draw(), refresh=True)
        else:
            for _, draw in frames:
                drawn = draw()
                with _written():
                    self._out.print(drawn)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines of the terminal."""
        return self._out.width, self._out.height

    @property
    def is_narrow(self) -> bool:
        """Whether tables must do with less: no bars, and figures that fold."""
        return self._out.width < _WIDE

    @property
    def is_styled(self) -> bool:
        """Whether plain text on standard output may be bold: a terminal, and NO_COLOR not set."""
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    @property
    def is_live(self) -> bool:
        """Whether somebody sees progress as it happens."""
        return self._err.is_terminal

    def as_text(self, drawn: RenderableType) -> str:
        """What `show` would print, for a door that has a printer of its own."""
        with self._out.capture() as capture:
            self._out.print(drawn)
        return capture.get()

    def plain(self, text: str, *, to_stderr: bool = False) -> None:
        """Exactly this text, for a pipe or a file: JSON, CSV, a schema, a help page."""
        with _written():
            print(text, end="", file=sys.stderr if to_stderr else sys.stdout, flush=True)

    # ---- about the work

    def note(self, code: str, *, level: int = 0, **details: object) -> None:
        """A message about the work, when the reader wants to know as much as `level`."""
        if self.verbose >= level:
            self._err.print(clean(self.say(code, **details)), style="dim" if level else "", soft_wrap=True)

    def next(self, code: str, **fields: Any) -> None:
        """What to do next, for a person; beside the document, which is the same through every door."""
        if not self.as_json:
            self.note(code, **fields)

    def ask(self, code: str, **details: object) -> bool:
        """A question that is answered with yes or no; whatever is no yes is a no."""
        self._rest()
        self._err.print(clean(self.say(code, **details)), end=" ")
        answer = sys.stdin.readline().strip().lower()
        return answer in {"y", "yes", "ya"}

    def prompt(self, code: str, default: str | None = None, **details: object) -> str | None:
        """A question that is answered with a line, without the blanks around it; None when no line will ever come."""
        self._rest()
        usual = f" [{default}]" if default else ""
        self._err.print(clean(f"{self.say(code, **details)}{usual}:"), end=" ", soft_wrap=True)
        line = sys.stdin.readline()
        if not line:
            self._err.print()
        return line.strip() if line else None

    def complain(self, error: LajurError) -> None:
        """What was wrong with an answer; the question is asked again."""
        self._err.print(clean(self.text_of(error)), style="yellow", soft_wrap=True)

    @contextmanager
    def progress(self, *, always: bool = False) -> Iterator[Callable[[str], None]]:
        """A line that changes while something takes long. Off a terminal each line stays: with -v, or with `always`."""
        if self._err.is_terminal:
            self._rest()
            outer, self._spinner = self._spinner, self._err.status("")
            try:
                yield self._spin
            finally:
                self._rest()
                self._spinner = outer
        elif always or self.verbose:
            yield lambda text: self._err.print(clean(text), soft_wrap=True)
        else:
            yield lambda text: None

    def _spin(self, text: str) -> None:
        if self._spinner is not None:
            from rich.text import Text

            self._spinner.update(Text(clean(text)))
            self._spinner.start()

    def _rest(self) -> None:
        """Nothing turns while something else is shown or asked; the next stage starts it again."""
        if self._spinner is not None:
            self._spinner.stop()

    @contextmanager
    def stages(self) -> Iterator[Callable[[RunEvent], None]]:
        """A listener to the stages of a run, in the words that ledger and timings use."""
        with self.progress() as tell:
            tell(self.say("cli.stage.reaching"))

            def listen(event: RunEvent) -> None:
                self._stages.append(event.stage.value)
                tell(self.say(f"cli.stage.{event.stage}", elapsed=seconds(event.elapsed, self.language), steps=event.steps))

            yield listen

    def stage_reached(self, word: str) -> None:
        """What an interruption would mean from here on, for work that tells its stages in words of its own."""
        self._stages.append(word)

    def stopped(self, code: str, **details: object) -> int:
        """What an interruption means, from work that has put everything in order and knows better than its stages."""
        self.interruption_means(code, **details)
        return INTERRUPTED

    def interruption_means(self, code: str, **details: object) -> None:
        """From here on, for work that has no stages and touches no device."""
        self._stopped = self.say(code, **details)

    # ---- what went wrong

    def findings(self, findings: Iterable[Finding]) -> None:
        from network.cli.draw import findings_lines

        for line in findings_lines(self.say, self.language, findings):
            self._err.print(line, soft_wrap=True)

    def failed(self, error: LajurError) -> int:
        """Tell `error` to the reader; the exit code that goes with it."""
        if self.as_json:
            report = {"document": "Error", "code": error.code, "exit_code": error.exit_code, **self._told(error)}
            if isinstance(error, TruthError):
                report["findings"] = _plain(error.fields["findings"])
            self._err.print(json.dumps(report, indent=2), soft_wrap=True)
            return error.exit_code
        if isinstance(error, TruthError):
            self.findings(_findings_of(error))
        head = self.say("cli.error.person" if isinstance(error, NeedsPerson) else "cli.error.head")
        self._err.print(head, end=" ", style="bold red")
        for line in self._lines_of(error):
            self._err.print(clean(line), soft_wrap=True)
        self._causes(error)
        return error.exit_code

    def _lines_of(self, error: LajurError) -> Iterator[str]:
        """What it says; reasons, and what to do about them, a line each."""
        listed = {name: each for name in ("reasons", "remedies") if isinstance(each := error.fields.get(name), tuple)}
        yield (
            self.say(error.code, **{**error.fields, **dict.fromkeys(listed, _GAP)})
            .replace(f" {_GAP}", "")
            .replace(_GAP, "")
            .strip()
        )
        yield from (f"  {self.text_of(reason)}" for reason in listed.get("reasons", ()))
        yield from (self.text_of(remedy) for remedy in listed.get("remedies", ()))

    def _told(self, error: LajurError) -> dict[str, Any]:
        """An error for a program: its code and its text, and each of what it is made of for itself, as deep as it goes."""
        told: dict[str, Any] = {"code": error.code, "text": self.text_of(error)}
        for name, parts in (("reasons", _parts(error, remedies=False)), ("remedies", _parts(error, remedies=True))):
            if parts:
                told[name] = [self._told(part) for part in parts]
        return told

    def text_of(self, error: LajurError) -> str:
        return self.say(error.code, **error.fields)

    def bug(self, error: Exception) -> int:
        """A fault of ours: short unless -vv asks for everything."""
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{place.filename.rpartition('/')[2]}:{place.lineno}"
        told = self.say("cli.error.bug", error=type(error).__name__, where=where)
        if self.as_json:
            report = {"document": "Error", "code": "cli.error.bug", "exit_code": BUG, "text": told}
            self._err.print(json.dumps(report, indent=2), soft_wrap=True)
        else:
            self._err.print(self.say("cli.error.head"), end=" ", style="bold red")
            self._err.print(clean(told), soft_wrap=True)
        if self.verbose >= 2:
            self._err.print(clean("".join(traceback.format_exception(error))), soft_wrap=True)
        return BUG

    def interrupted(self) -> int:
        """Say what an interruption means for the devices; the exit code that goes with it."""
        if self._stopped is not None:
            self._err.print(clean(self._stopped), soft_wrap=True)
        elif "armed" not in self._stages:
            self._err.print(self.say("cli.error.interrupted"))
        elif self._stages[-1] == "confirmed":
            self._err.print(self.say("cli.error.interrupted_done"))
        elif self._stages[-1] == "back":
            self._err.print(self.say("cli.error.interrupted_back"))
        else:
            self._err.print(self.say("cli.error.interrupted_twice"), style="bold red")
            return NeedsPerson.exit_code
        return INTERRUPTED

    def _causes(self, error: LajurError) -> None:
        """The chain of causes, one a line, with -v; everything with -vv."""
        cause = error.__cause__ or error.__context__
        while cause is not None and self.verbose:
            words = self.text_of(cause) if isinstance(cause, LajurError) else f"{type(cause).__name__}: {cause}"
            self._err.print(clean(self.say("cli.error.because", cause=words)), style="dim", soft_wrap=True)
            cause = cause.__cause__ or cause.__context__
        if self.verbose >= 2:
            self._err.print(clean("".join(traceback.format_exception(error))), style="dim", soft_wrap=True)

    # ---- consoles

    @cached_property
    def _out(self) -> Console:
        return _console(stderr=False, width=self._width)

    @cached_property
    def _err(self) -> Console:
        return _console(stderr=True, width=self._width)


@contextmanager
def _written() -> Iterator[None]:
    """A full disk or a reader that has gone, as one of our errors. Raises OutputLost."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        raise OutputLost("cli.error.output", reason=error.strerror or type(error).__name__) from error


def as_document(value: Any) -> Any:
    """A document in JSON's types: rates are integers in bit/s, moments ISO 8601 in UTC; its dataclass's name comes first."""
    plain = _plain(value)
    return {"document": type(value).__name__, **plain} if isinstance(plain, dict) else plain


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(member) for member in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return value
    return int(value) if isinstance(value, int) else str(value)


def _parts(error: LajurError, *, remedies: bool) -> list[LajurError]:
    """The errors among its fields, in order: what is to be done about it, or else why it is so. Alone in a field, and not called
    a cause, one is a part of a sentence."""
    found: list[object] = []
    for name, value in error.fields.items():
        if (name == "remedies") is remedies:
            found += value if isinstance(value, tuple) else (value,) if name in _CAUSES else ()
    return [part for part in found if isinstance(part, LajurError)]


def _findings_of(error: TruthError) -> tuple[Finding, ...]:
    found = error.fields["findings"]
    assert isinstance(found, tuple)
    return found


def _console(*, stderr: bool, width: int | None) -> Console:
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    if width is None and not stream.isatty() and "COLUMNS" not in os.environ:
        width = _WIDTH_OFF_TERMINAL
    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)
