"""What `lajur readiness` shows, as documents and as tables. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from network.cli.language import Say
from network.cli.session import Session
from network.cli.words import decimal

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Cell, Column
    from network.core.readiness_values import Gap, Move, OfficeReadiness, StageReadiness, Waived
    from network.core.readiness_values import Readiness as Found
    from network.core.reason import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """`mover`: whose move it is. `known` false: nobody can say yet. `text` is `code` in the reader's language."""

    criterion: str
    mover: str
    known: bool
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkLine:
    """`points` of `weight`, null when they are unknown."""

    dimension: str
    criterion: str
    state: str
    points: int | None
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeLine:
    """`least` points of `known`, `most` with all that is unknown; of 100. `proven`: the oldest proof of its links, if all are."""

    office: str
    name: str
    stage: str | None
    verdict: str
    threshold: int
    least: int
    known: int
    most: int
    proven: datetime | None
    waived: Waived | None
    marks: tuple[MarkLine, ...]
    gaps: tuple[GapLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLine:
    """`key` null: the offices of no stage. `days_left` below 0: the opening day is over."""

    key: str | None
    name: str
    verdict: str
    threshold: int
    opens: date | None
    days_left: int | None
    moved: tuple[Move, ...]
    ready: int
    waived: int
    undecided: int
    not_ready: int
    offices: tuple[OfficeLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    mover: str
    criterion: str
    known: bool
    text: str
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLine:
    """Offices on working fibre by one poll at `at`; `reached` counts those whose links are all up, whatever they are made of."""

    at: datetime
    offices: int
    covered: int
    reached: int
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """`via`: where links were proven. `coverage` null: not known, and `no_coverage` says why."""

    regency: str
    timezone: str
    now: datetime
    today: date
    via: str
    verdict: str
    coverage: CoverageLine | None
    no_coverage: str
    stages: tuple[StageLine, ...]
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessOfOffice:
    regency: str
    now: datetime
    via: str
    readiness: OfficeLine


def document(own: Session, found: Found, now: datetime, coverage: CoverageLine | None, no_coverage: str) -> Readiness:
    from network.core.readiness import tasks

    return Readiness(
        regency=own.regency.head.key,
        timezone=own.regency.head.timezone,
        now=now,
        today=found.today,
        via=own.via,
        verdict=found.verdict.value,
        coverage=coverage,
        no_coverage=no_coverage,
        stages=tuple(_stage(own.out.say, stage) for stage in found.stages),
        tasks=tuple(
            TaskLine(
                mover=task.mover.value,
                criterion=task.criterion.value,
                known=task.known,
                text=own.out.say(_word(task.code, "task")),
                offices=task.offices,
            )
            for task in tasks(found.offices)
        ),
    )


def office(say: Say, found: OfficeReadiness) -> OfficeLine:
    from network.core.readiness_values import POINTS

    return OfficeLine(
        office=found.office,
        name=found.name,
        stage=found.stage,
        verdict=found.verdict.value,
        threshold=found.threshold,
        least=found.least,
        known=found.known,
        most=found.most,
        proven=found.proven,
        waived=found.waived,
        marks=tuple(
            MarkLine(
                dimension=POINTS[mark.criterion][0].value,
                criterion=mark.criterion.value,
                state=mark.state.value,
                points=mark.points,
                weight=mark.weight,
            )
            for mark in found.marks
        ),
        gaps=tuple(_gap(say, gap) for gap in found.gaps),
    )


def _stage(say: Say, found: StageReadiness) -> StageLine:
    from network.core.readiness_values import Verdict

    return StageLine(
        key=found.key,
        name=found.name,
        verdict=found.verdict.value,
        threshold=found.threshold,
        opens=found.opens,
        days_left=found.days_left,
        moved=found.moved,
        ready=found.count(Verdict.READY),
        waived=found.count(Verdict.WAIVED),
        undecided=found.count(Verdict.UNDECIDED),
        not_ready=found.count(Verdict.NOT_READY),
        offices=tuple(office(say, each) for each in found.offices),
    )


def _gap(say: Say, gap: Gap) -> GapLine:
    return GapLine(
        criterion=gap.criterion.value,
        mover=gap.mover.value,
        known=gap.known,
        code=gap.why.code,
        text=say(gap.why.code, **gap.why.fields),
    )


def _word(code: str, form: str) -> str:
    """The code of the same gap, told shortly or as what is to be done."""
    return f"readiness.{form}.{code.rpartition('.')[2]}"


def short(say: Say, why: Reason) -> str:
    """A gap in a few words, for a row."""
    return say(_word(why.code, "short"), **why.fields)


def task(say: Say, code: str) -> str:
    """What is to be done about a gap."""
    return say(_word(code, "task"))


def days(say: Say, left: int) -> str:
    """From today to the opening day."""
    return say("readiness.days.today" if left == 0 else f"readiness.days.{'left' if left > 0 else 'over'}", days=abs(left))


def unmeasured(offices: Iterable[OfficeReadiness]) -> tuple[tuple[Reason, int], ...]:
    """What is unknown of every one of them, and the points that hang on it: said once rather than on every row."""
    rows = [{mark.criterion: mark for mark in each.marks if mark.points is None} for each in offices]
    if not rows:
        return ()
    common = set.intersection(*(set(row) for row in rows))
    return tuple((mark.gaps[0].why, mark.weight) for own, mark in rows[0].items() if own in common and mark.gaps)


_STYLES: Final = {"ready": "green", "waived": "cyan", "undecided": "yellow", "not_ready": "red"}
_MARKS: Final = {"met": "green", "partly": "yellow", "missing": "red", "unknown": "dim"}

_STAGES: Final[tuple[Column, ...]] = (
    ("cli.column.stage", "left"),
    ("cli.column.opens", "left"),
    ("cli.column.verdict", "left"),
    ("cli.column.ready_of", "right"),
    ("cli.column.why", "left"),
)
_OFFICES: Final[tuple[Column, ...]] = (
    ("cli.column.office", "left"),
    ("cli.column.stage", "left"),
    ("cli.column.verdict", "left"),
    ("cli.column.points", "right"),
    ("cli.column.range", "right"),
    ("cli.column.lacking", "left"),
)
_TASKS: Final[tuple[Column, ...]] = (
    ("cli.column.mover", "left"),
    ("cli.column.task", "left"),
    ("cli.column.offices", "right"),
)
_CRITERIA: Final[tuple[Column, ...]] = (
    ("cli.column.dimension", "left"),
    ("cli.column.criterion", "left"),
    ("cli.column.state", "left"),
    ("cli.column.points", "right"),
    ("cli.column.mover", "left"),
    ("cli.column.lacking", "left"),
)


def draw(own: Session, seen: Readiness, found: Found) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    verdict = say(f"readiness.verdict.{seen.verdict}")
    head = say("cli.readiness.head", regency=own.regency.head.name, at=own.local(seen.now), verdict=verdict)
    common = unmeasured(found.offices)
    words = ", ".join(short(say, why) for why, _ in common)
    unknown = say("cli.readiness.unknown", words=words, points=sum(points for _, points in common)) if common else None
    return stack(
        cell(head, "bold"),
        cell(f"{say('cli.column.coverage')}: {_coverage(own, seen)}", "" if seen.coverage else "dim"),
        table(say, _STAGES, [_stage_row(own, each) for each in seen.stages], title=say("cli.readiness.stages")),
        table(say, _OFFICES, list(_office_rows(own, found, {why.code for why, _ in common})), title=say("cli.readiness.offices")),
        cell(unknown, "dim") if unknown else None,
        table(say, _TASKS, list(_task_rows(own, seen)), title=say("cli.readiness.tasks")),
        cell(say("cli.readiness.staff_decides"), "dim"),
    )


def draw_office(own: Session, seen: ReadinessOfOffice) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say, line = own.out.say, seen.readiness
    verdict = say(f"readiness.verdict.{line.verdict}")
    head = cell(say("cli.readiness.of_office", name=line.name, verdict=verdict), f"bold {_STYLES[line.verdict]}")
    fields = {"least": line.least, "known": line.known, "most": line.most, "threshold": line.threshold}
    waived = cell(_waived(say, line.waived), "cyan") if line.waived else None
    rows = []
    for mark in line.marks:
        gaps = [gap for gap in line.gaps if gap.criterion == mark.criterion]
        rows.append(
            (
                say(f"readiness.dimension.{mark.dimension}"),
                say(f"readiness.criterion.{mark.criterion}"),
                cell(say(f"readiness.state.{mark.state}"), _MARKS[mark.state]),
                f"{'–' if mark.points is None else mark.points}/{mark.weight}",
                "\n".join(dict.fromkeys(say(f"readiness.mover.{gap.mover}") for gap in gaps)),
                "\n".join(gap.text for gap in gaps),
            )
        )
    proven = f"{say('cli.column.proven')}: {own.local(line.proven)}"
    return stack(head, cell(say("cli.readiness.points", **fields)), waived, cell(proven), table(say, _CRITERIA, rows))


def _coverage(own: Session, seen: Readiness) -> str:
    if seen.coverage is None:
        return own.out.say("readiness.coverage_unknown", reason=seen.no_coverage)
    return own.out.say(
        "readiness.coverage",
        covered=seen.coverage.covered,
        offices=seen.coverage.offices,
        percent=decimal(f"{seen.coverage.percent:g}", own.language),
        at=own.local(seen.coverage.at),
    )


def _stage_row(own: Session, stage: StageLine) -> Sequence[Cell]:
    from network.cli.draw import cell

    say = own.out.say
    opens = say("readiness.no_day") if stage.opens is None else f"{stage.opens} ({days(say, stage.days_left or 0)})"
    moved = "\n".join(say("readiness.moved", was=each.was, reason=each.reason) for each in stage.moved)
    return (
        stage.name or say("readiness.no_stage"),
        opens,
        cell(say(f"readiness.verdict.{stage.verdict}"), _STYLES[stage.verdict]),
        f"{stage.ready + stage.waived}/{len(stage.offices)}",
        moved,
    )


def _office_rows(own: Session, found: Found, common: set[str]) -> Iterator[Sequence[Cell]]:
    from network.cli.draw import cell

    say = own.out.say
    for each in found.offices:
        lacking = [short(say, gap.why) for gap in each.gaps if gap.why.code not in common]
        if each.waived is not None:
            lacking.append(_waived(say, each.waived))
        yield (
            each.office,
            each.stage or "–",
            cell(say(f"readiness.verdict.{each.verdict}"), _STYLES[each.verdict]),
            f"{each.least}/{each.known}",
            f"{each.least}–{each.most}",
            ", ".join(lacking) or "–",
        )


def _waived(say: Say, waived: Waived) -> str:
    if waived.until is None:
        return say("readiness.waived", reason=waived.reason)
    return say("readiness.waived_until", until=waived.until, reason=waived.reason)


def _task_rows(own: Session, seen: Readiness) -> Iterator[Sequence[Cell]]:
    from network.cli.draw import cell

    total = sum(len(stage.offices) for stage in seen.stages)
    for each in seen.tasks:
        style = "" if each.known else "dim"
        yield (
            cell(own.out.say(f"readiness.mover.{each.mover}"), style),
            cell(each.text, style),
            cell(f"{len(each.offices)}/{total}", style),
        )
