"""What `lajur systems` shows, as a document and as tables. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from network.cli.session import Session
from network.cli.words import seconds

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from network.cli.draw import Column
    from network.core.reason import Reason
    from network.core.systems import Answer, Board, Cell, System


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemLine:
    """`extent`: everywhere, partly, nowhere, or unsure where too few offices could ask. `answers` of `asked` offices had a good
    answer. `acting`: those of its `windows` that take place now. `uplink`: by which one the core sends to it."""

    key: str
    name: str
    owner: str
    service_class: str
    windows: tuple[str, ...]
    acting: tuple[str, ...]
    uplink: str | None
    extent: str
    answers: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """`word`, `by` and `why` as `network.core.systems` has them; `text` says the same in the reader's language. `at` is when it
    was asked and `age` how many seconds ago; None: never."""

    office: str
    system: str
    word: str
    by: str | None
    why: str
    text: str
    milliseconds: int | None
    status: int | None
    source: str
    at: datetime | None
    age: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """An office whose router could not be asked."""

    office: str
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkLine:
    code: str
    text: str
    next: str
    grave: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    """`recorded`: nobody was asked now, the answers are the last ones heard. `good`: every system answers in every office."""

    regency: str
    via: str
    now: datetime
    recorded: bool
    good: bool
    systems: tuple[SystemLine, ...]
    offices: tuple[str, ...]
    answers: tuple[AnswerLine, ...]
    unreached: tuple[Unreached, ...]
    remarks: tuple[RemarkLine, ...]


def document(own: Session, board: Board, *, recorded: bool) -> Systems:
    from network.core.calendar import active

    acting = {each.window for each in active(own.regency, board.at)}
    return Systems(
        regency=own.regency.head.key,
        via=own.via,
        now=board.at,
        recorded=recorded,
        good=board.is_good,
        systems=tuple(_system(board, each, acting) for each in board.systems),
        offices=board.offices,
        answers=tuple(_answer(own, board, office, each.key) for office in board.offices for each in board.systems),
        unreached=tuple(
            Unreached(office=office, code=error.code, text=own.out.text_of(error)) for office, error in board.unreached.items()
        ),
        remarks=tuple(
            RemarkLine(code=each.what.code, text=_said(own, each.what), next=_said(own, each.next), grave=each.grave)
            for each in board.remarks
        ),
    )


def _said(own: Session, reason: Reason) -> str:
    return own.out.say(reason.code, **{name: _field(own, value) for name, value in reason.fields.items()})


def _field(own: Session, value: object) -> object:
    """Reasons among the fields as text."""
    from network.core.reason import Reason

    if not isinstance(value, tuple):
        return value
    return ", ".join(_said(own, each) if isinstance(each, Reason) else str(each) for each in value) or "–"


def _system(board: Board, system: System, acting: set[str]) -> SystemLine:
    from network.core.systems import ANSWERED

    heard = board.column(system.key)
    return SystemLine(
        key=system.key,
        name=system.name,
        owner=system.owner,
        service_class=system.service_class,
        windows=system.windows,
        acting=tuple(each for each in system.windows if each in acting),
        uplink=system.uplink,
        extent=board.extent(system.key).value,
        answers=sum(word in ANSWERED for word in heard.values()),
        asked=len(heard),
    )


def _answer(own: Session, board: Board, office: str, system: str) -> AnswerLine:
    cell = board.cell(office, system)
    answer = cell.answer
    return AnswerLine(
        office=office,
        system=system,
        word=cell.word.value,
        by=answer.by.value if answer is not None and answer.by is not None else None,
        why=answer.why.value if answer is not None else "",
        text=_words(own, cell),
        milliseconds=answer.milliseconds if answer is not None else None,
        status=answer.status if answer is not None else None,
        source=answer.source if answer is not None else "",
        at=cell.at,
        age=(board.at - cell.at).total_seconds() if cell.at is not None else None,
    )


def _words(own: Session, cell: Cell) -> str:
    """The whole of it, for who reads documents."""
    if cell.answer is None:
        return own.out.say("systems.word.never")
    parts = [own.out.say(f"systems.word.{cell.word.value}"), _cause(own, cell.answer)]
    by = own.out.say(f"systems.by.{cell.answer.by.value}") if cell.answer.by is not None else ""
    return ", ".join(part for part in (*parts, by) if part)


def _cause(own: Session, answer: Answer) -> str:
    return own.out.say(f"systems.why.{answer.why.value}", status=answer.status or "–") if answer.why.value else ""


_STYLES: Final = {"slow": "yellow", "page": "bold red", "certificate": "bold red", "silent": "bold red", "unclear": "yellow"}
_LATE: Final = 90.0
"""Seconds after which an answer in the table says how old it is."""

_COLUMNS: Final[tuple[Column, ...]] = (
    ("systems.column_system", "left"),
    ("cli.column.class", "left"),
    ("cli.column.window", "left"),
    ("systems.column_answers", "left"),
    ("systems.column_owner", "left"),
)


def draw(own: Session, document: Systems, board: Board) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    columns = _COLUMNS[:-1] if own.out.is_narrow else _COLUMNS
    rows = [
        (
            each.key,
            each.service_class or "–",
            ", ".join(say("systems.acting", window=one) if one in each.acting else one for one in each.windows) or "–",
            _share(own, each),
            each.owner,
        )[: len(columns)]
        for each in document.systems
    ]
    remarks = [part for each in document.remarks for part in _remark(each)]
    last = "systems.recorded" if document.recorded else "systems.asked"
    return stack(
        table(say, columns, rows),
        _matrix(own, document, board),
        *remarks,
        cell(say(last, offices=len(document.offices), systems=len(document.systems), at=own.local(document.now))),
    )


def _share(own: Session, line: SystemLine) -> Text:
    from network.cli.draw import cell

    style = {"everywhere": "green", "nowhere": "bold red"}.get(line.extent, "yellow")
    return cell(own.out.say("systems.share", answers=line.answers, asked=line.asked), style)


def _matrix(own: Session, document: Systems, board: Board) -> RenderableType:
    from network.cli.draw import cell, table

    drawn = table(own.out.say, (("cli.column.office", "left"),), ())
    for each in document.systems:
        drawn.add_column(cell(each.key), overflow="fold")
    for office in document.offices:
        if office in board.unreached:
            cells = [cell("?", "bold red") for _ in document.systems]
        else:
            cells = [_cell(own, board, office, each.key) for each in document.systems]
        drawn.add_row(cell(office), *cells)
    return drawn


def _cell(own: Session, board: Board, office: str, system: str) -> Text:
    """A time where all is well; else a word and its cause. A star: asked by less than the truth says."""
    from network.cli.draw import cell

    found = board.cell(office, system)
    answer = found.answer
    if answer is None or found.at is None:
        return cell("–")
    shown = seconds(answer.milliseconds / 1000, own.language) if answer.milliseconds is not None else own.out.say("systems.good")
    text = shown if found.word.value == "answers" else f"{own.out.say(f'systems.word.{found.word.value}')}: {shown}"
    if found.word.value not in ("answers", "slow"):
        text = ": ".join(part for part in (own.out.say(f"systems.word.{found.word.value}"), _cause(own, answer)) if part)
    by = answer.by.value if answer.by is not None else None
    if by is not None and by != next(each for each in board.systems if each.key == system).probe.kind:
        text += f" ({own.out.say(f'systems.by.{by}')})"
    age = board.at - found.at
    if age.total_seconds() > _LATE:
        text += own.out.say("systems.old", age=own.long(age))
    return cell(text, _STYLES.get(found.word.value, ""))


def _remark(line: RemarkLine) -> tuple[RenderableType, ...]:
    from network.cli.draw import cell

    return cell(line.text, "bold red" if line.grave else "yellow"), cell(f"  {line.next}")
