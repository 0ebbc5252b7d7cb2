"""`lajur release open` and `move`: stages of offices go live one after another, and days move with their reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli import completion
from network.cli.grammar import DRY_RUN
from network.cli.plan import WAITING
from network.cli.session import FIRST_YEAR, LAST_YEAR, Session, session
from network.cli.words import clean
from network.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.services.release_stages import StageParts
    from network.services.stage_doors import DoorParts
    from network.wiring import Ground

STAGE: TypeAlias = Annotated[str, typer.Argument(metavar="STAGE", help="cli.flag.stage_key", autocompletion=completion.stages)]
TO_DAY: TypeAlias = Annotated[str, typer.Option("--to", metavar="DATE", help="cli.flag.stage_to")]
WHY: TypeAlias = Annotated[str, typer.Option("--reason", metavar="TEXT", help="cli.flag.release_reason")]

_LONGEST_REASON: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorLine:
    """An edge and a workload that it lets people in to. `changed`: whether it let in others before, or would now; `problem`: why
    it does not know, in the reader's words; empty where it does."""

    workload: str
    edge: str
    changed: bool
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOpening:
    """`fresh` False: it was open already, since `opened`. `waived`: offices that are let in though they are not ready; `late`:
    days after the day that was written. `written` False: only looked. `doors`: the edges that let them in."""

    regency: str
    stage: str
    opened: datetime
    fresh: bool
    offices: tuple[str, ...]
    waived: tuple[str, ...]
    late: int
    written: bool
    doors: tuple[DoorLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMove:
    """`written` False: only looked. `order`: in which stages that are not open yet open from now on, and `order_was` before;
    where they differ `warnings` says so, too."""

    regency: str
    stage: str
    was: date
    opens: date
    reason: str
    written: bool
    order_was: tuple[str, ...]
    order: tuple[str, ...]
    warnings: tuple[str, ...]


def open_stage(ctx: typer.Context, stage: STAGE, *, dry_run: DRY_RUN = False) -> int:
    from network.services.readiness import readiness
    from network.services.stage_doors import open_doors

    own = session(ctx)
    with _parts(own) as (parts, ground, now), _doors(own, ground) as doors:
        judged = readiness(parts.regency, ground.hands.proofs, now, parts.observations)
        with own.out.progress() as tell:
            tell(own.out.say("release.step.doors"))
            found = open_doors(parts, doors, stage, judged, now, dry_run=dry_run)
    opening, text_of = found.opening, own.out.text_of
    document = StageOpening(
        regency=own.regency.head.key,
        stage=stage,
        opened=opening.opened,
        fresh=opening.fresh,
        offices=opening.offices,
        waived=opening.waived,
        late=opening.late,
        written=opening.fresh and not dry_run,
        doors=tuple(
            DoorLine(
                workload=each.workload, edge=each.edge, changed=each.changed, problem=text_of(each.error) if each.error else ""
            )
            for each in found.doors
        ),
    )
    own.out.show(document, lambda: _draw_opening(own, document, looked=dry_run))
    if found.error is not None:
        return own.out.failed(found.error)
    waits = opening.fresh or any(each.changed or each.problem for each in document.doors)
    return WAITING if dry_run and waits else 0


def move_stage(ctx: typer.Context, stage: STAGE, *, to: TO_DAY, reason: WHY, dry_run: DRY_RUN = False) -> int:
    from network.release_wiring import planned_move, write_move
    from network.services import release_stages

    own = session(ctx)
    day = _day(to)
    if not reason.strip() or len(reason) > _LONGEST_REASON or not reason.isprintable():
        raise UsageError("cli.usage.release_text", flag="--reason", most=_LONGEST_REASON)
    with _parts(own) as (parts, _, now):
        today = now.astimezone(own.regency.zone).date()
        release_stages.may_move(parts, stage, day, today)
        was, order = release_stages.orders(parts, stage, day)
        move = planned_move(own.settings, own.regency.head.key, stage, day, reason, today)
        if not dry_run:
            write_move(own.settings, own.regency.head.key, move)
            release_stages.moved(parts, stage, move.was, move.opens, move.reason, now)
    document = StageMove(
        regency=own.regency.head.key,
        stage=stage,
        was=move.was,
        opens=move.opens,
        reason=move.reason,
        written=not dry_run,
        order_was=was,
        order=order,
        warnings=(own.out.say("release.stage_order", was=", ".join(was), order=", ".join(order)),) if was != order else (),
    )
    own.out.show(document, lambda: _draw_move(own, document))
    return WAITING if dry_run else 0


@contextmanager
def _doors(own: Session, ground: Ground) -> Iterator[DoorParts]:
    from network.release_wiring import door_ground

    settings, via = own.settings, own.flags.via.value
    with door_ground(settings, own.regency, ground.ledger, via=via, lab_id=settings.lab, environment=own.environment) as doors:
        yield doors


@contextmanager
def _parts(own: Session) -> Iterator[tuple[StageParts, Ground, datetime]]:
    """What the services need, and the present; no device is reached."""
    from network import wiring
    from network.services.release_stages import StageParts

    with own.ground(reach=False) as ground:
        place = ground.hands.place
        parts = StageParts(
            regency=own.regency,
            observations=ground.ledger.observations(place),
            audit=ground.ledger,
            place=place,
            actor=f"os:{wiring.user()}",
        )
        yield parts, ground, ground.hands.clock.now()


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text) if len(text) == len("2027-01-01") else None
    except ValueError:
        day = None
    if day is None:
        raise UsageError("cli.usage.release_day", value=text[:100])
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UsageError("cli.usage.release_day_far", value=text, first=str(FIRST_YEAR), last=str(LAST_YEAR))
    return day


def _draw_opening(own: Session, document: StageOpening, *, looked: bool) -> RenderableType:
    from network.cli.draw import stack

    say, count = own.out.say, len(document.offices)
    doors = _draw_doors(own, document, looked=looked)
    if not document.fresh:
        return stack(say("cli.release.open_already", stage=document.stage, at=own.local(document.opened)), *doors)
    code = "cli.release.opened" if document.written else "cli.release.would_open"
    waived = say("cli.release.opened_waived", offices=", ".join(document.waived)) if document.waived else None
    late = say("cli.release.opened_late", days=document.late) if document.late else None
    return stack(say(code, stage=document.stage, count=count), waived, late, *doors)


def _draw_doors(own: Session, document: StageOpening, *, looked: bool) -> Iterator[str]:
    """Where offices are let in from now on, or would be. Of edges that do not know an error tells, but for who only looks."""
    say = own.out.say
    told = [f"{each.edge} ({each.workload})" for each in document.doors if not each.problem and (each.changed or document.fresh)]
    if told:
        yield say("cli.release.doors_would" if looked else "cli.release.doors_told", edges=", ".join(told))
    if looked:
        yield from (say("cli.release.doors_silent", why=clean(each.problem)) for each in document.doors if each.problem)
    if not document.doors and document.fresh:
        yield say("cli.release.doors_none")


def _draw_move(own: Session, document: StageMove) -> RenderableType:
    from network.cli.draw import stack

    code = "cli.release.moved" if document.written else "cli.release.would_move"
    fields = {"stage": document.stage, "opens": document.opens, "was": document.was, "reason": document.reason}
    return stack(own.out.say(code, **fields), *document.warnings)
