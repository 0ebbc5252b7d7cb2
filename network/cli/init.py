"""`lajur init`: a regency's folder from questions, or from a spreadsheet of offices and fewer questions."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from network.cli.grammar import DRY_RUN
from network.cli.interview import BACK, END, Ended, Question, hold
from network.cli.session import Session, session
from network.errors import TruthError, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from rich.console import RenderableType

    from inventory.findings import Finding
    from inventory.start import Start, Whole
    from inventory.start_table import Table

_WAITING = 2
_KEY = re.compile(r"[a-z][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """`text` is empty when the file was written: it can be read there."""

    name: str
    lines: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A new regency. `warnings` are those of `lajur inventory check`, as text; `next` are lines to give."""

    regency: str
    folder: str
    written: bool
    offices: int
    devices: int
    links: int
    files: tuple[FileLine, ...]
    warnings: tuple[str, ...]
    next: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """All that would be written, judged already."""

    start: Start
    whole: Whole
    texts: Mapping[str, str]
    findings: tuple[Finding, ...]


def init(
    ctx: typer.Context,
    folder: Annotated[str | None, typer.Argument(metavar="FOLDER", help="cli.flag.init_folder")] = None,
    offices: Annotated[str | None, typer.Option("--offices", metavar="FILE.csv", help="cli.flag.init_offices")] = None,
    practice: Annotated[bool, typer.Option("--practice", help="cli.flag.init_practice")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="cli.flag.init_yes")] = False,
    dry_run: DRY_RUN = False,
) -> int:
    own = session(ctx)
    place = _place(folder)
    table = _table(offices) if offices is not None else None
    told = _told(own, table.findings if table else ())
    for each in told:
        own.out.note("init.warning", text=each)
    try:
        start = _answers(own, place, table, practice=practice)
    except Ended:
        own.out.note("init.left")
        return _WAITING
    if place is None:
        place = _above(own) / start.key
        _refuse_taken(place)
    draft = _draft(start, table)
    document = _document(own, place, draft, written=False)
    if dry_run:
        own.out.show(document, lambda: _draw_files(own, document))
        return _WAITING
    if not yes and not _agreed(own, document, told):
        own.out.note("init.left")
        return _WAITING
    _write(place, draft.texts)
    done = _document(own, place, draft, written=True)
    own.out.show(done, lambda: _draw(own, done))
    return 0


def _place(folder: str | None) -> Path | None:
    """The folder that was named. Raises when it cannot become a regency's."""
    if folder is None:
        return None
    place = Path(folder).expanduser().resolve()
    if not _KEY.fullmatch(place.name):
        raise UsageError("init.wrong.folder", folder=place.name)
    _refuse_taken(place)
    return place


def _above(own: Session) -> Path:
    """Where regencies lie: where the person keeps them, never among the examples that came with the toolkit."""
    return own.settings.regencies if own.environment.get("LAJUR_REGENCIES") else Path("regencies").resolve()


def _refuse_taken(place: Path) -> None:
    from inventory.start_folder import taken

    held = taken(place)
    if held is not None:
        raise TruthError("init.refused", findings=(held,))


def _table(file: str) -> Table:
    from inventory.source import Unreadable
    from inventory.start_table import read

    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise UsageError("cli.usage.file", file=file, cause=error.strerror or type(error).__name__) from error
    try:
        return read(Path(file).name, data)
    except Unreadable as error:
        raise TruthError("init.refused", findings=error.findings) from error


def _answers(own: Session, place: Path | None, table: Table | None, *, practice: bool) -> Start:
    from network.cli.init_questions import Given, interview

    own.out.note("init.begin", back=BACK, end=END)
    given = Given(
        key=place.name if place else None, language=own.language, today=own.now().date(), table=table, practice=practice
    )

    def ask(question: Question) -> str | None:
        return own.out.prompt(question.code, question.default, **question.fields)

    return hold(lambda: interview(given), ask, own.out.complain)


def _draft(start: Start, table: Table | None) -> _Draft:
    """Raises TruthError with every finding when the answers do not hold together."""
    from inventory.findings import finding, has_errors
    from inventory.start import whole
    from inventory.start_folder import judged
    from inventory.start_text import files
    from inventory.units import Unfit

    try:
        made = whole(start)
    except Unfit as error:
        raise TruthError("init.refused", findings=(finding(error.code, **error.fields),)) from error
    texts = files(made)
    found = (*(table.findings if table else ()), *judged(texts).findings)
    if has_errors(found):
        raise TruthError("init.refused", findings=found)
    return _Draft(start=start, whole=made, texts=texts, findings=found)


def _agreed(own: Session, document: Begun, told: Collection[str]) -> bool:
    own.out.note("init.summary", offices=document.offices, devices=document.devices, links=document.links)
    for warning in [each for each in document.warnings if each not in told]:
        own.out.note("init.warning", text=warning)
    return own.out.ask("init.ask.write", folder=document.folder)


def _write(place: Path, texts: Mapping[str, str]) -> None:
    from inventory.load import TruthInvalid
    from inventory.start_folder import write

    try:
        write(place, texts)
    except TruthInvalid as error:
        raise TruthError("init.refused", findings=error.findings) from error


def _document(own: Session, place: Path, draft: _Draft, *, written: bool) -> Begun:
    return Begun(
        regency=draft.start.key,
        folder=str(place),
        written=written,
        offices=len(draft.whole.offices),
        devices=len(draft.whole.routers),
        links=len(draft.whole.wires),
        files=tuple(
            FileLine(name=name, lines=text.count("\n"), text="" if written else text) for name, text in draft.texts.items()
        ),
        warnings=_told(own, draft.findings),
        next=(
            f"export LAJUR_REGENCIES={shlex.quote(str(place.parent))} LAJUR_REGENCY={place.name}",
            "lajur inventory check",
            *(("lajur lab up --bare",) if draft.start.illustrative else ("lajur device trust",)),
            "lajur device check",
            "lajur link plan",
            "lajur link apply --all",
            "lajur link verify",
            "lajur plan",
            "lajur apply",
        ),
    )


def _told(own: Session, findings: Iterable[Finding]) -> tuple[str, ...]:
    from inventory.findings import Severity
    from inventory.messages import render

    return tuple(render(each, own.language) for each in findings if each.severity is not Severity.INFO)


def _counts(document: Begun) -> dict[str, object]:
    return {"offices": document.offices, "devices": document.devices, "links": document.links}


def _draw(own: Session, document: Begun) -> RenderableType:
    from network.cli.draw import cell, line, stack

    say = own.out.say
    warnings = [cell(say("init.warning", text=each), "yellow") for each in document.warnings]
    written = say("init.written", count=len(document.files), folder=document.folder, **_counts(document))
    return stack(*warnings, cell(written), cell(say("init.next")), *(line(f"  {each}") for each in document.next))


def _draw_files(own: Session, document: Begun) -> RenderableType:
    from network.cli.draw import cell, line, stack

    say = own.out.say
    parts: list[RenderableType] = []
    for each in document.files:
        parts += [cell(f"── {each.name}", "bold"), *(line(text) for text in each.text.splitlines()), ""]
    warnings = [cell(say("init.warning", text=each), "yellow") for each in document.warnings]
    last = say("init.dry_run", count=len(document.files), folder=document.folder, **_counts(document))
    return stack(*parts, *warnings, cell(last))
