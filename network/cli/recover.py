"""`lajur recover`: read the devices back, finish or undo what a dead controller left half done, and say what is left to do.

Queues first, then links: those of which the record says that a run was begun and never ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import typer

from network.cli.grammar import DRY_RUN
from network.cli.session import Session, session
from network.errors import LajurError, NeedsPerson, StepRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.core.ports import RunRecord
    from network.services.links.recover import LinkSettled
    from network.wiring import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A run whose controller died. `result`: done, returned or abandoned; or own, where it was alive and ended by itself."""

    run: str
    reason: str
    started: datetime
    steps: int
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """`waiting`: steps that still lead from the devices to the intent of now."""

    regency: str
    now: datetime
    runs: tuple[Settled, ...]
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """Runs that are on record as running, of queues and of links. No device was asked."""

    regency: str
    runs: tuple[Settled, ...]


def recover(ctx: typer.Context, dry_run: DRY_RUN = False) -> int:
    from network.cli.plan import WAITING
    from network.places import is_gone, lab_of
    from network.services import recover as service
    from network.services.apply import new_run, preview

    own = session(ctx)
    if dry_run:
        return _show_left(own)
    with own.ground() as ground:
        hands, key = ground.hands, own.regency.head.key
        run = new_run(hands)
        gone = () if own.settings.ledger else service.close_gone(run, key, hands, lambda place: is_gone(place, key))
        found = service.recover(run, key, hands)
        now = hands.clock.now()
        seen = preview(own.wish("recover", now), hands)
        waiting = len(seen.plan.steps)
        links, problems = _links(own, ground)
    for record in gone:
        own.out.note("cli.recover.gone", run=record.id, lab=lab_of(record.place))
    for each in links:
        if each.gone:
            device, names = ", ".join(each.gone), ", ".join(each.links)
            own.out.note("cli.recover.left_out", run=each.run.id, device=device, links=names)
    settled = [(each.run, each.result) for each in found.settled] + [(each.run, each.result) for each in links]
    document = Recovery(
        regency=key,
        now=now,
        runs=tuple(_settled(run, result) for run, result in (*((each, "abandoned") for each in gone), *settled)),
        waiting=waiting,
    )
    holds = seen.refusal is None and not waiting and not problems
    own.out.show(document, lambda: _draw(own, document, holds=holds, failed=bool(problems)))
    codes = [own.out.failed(_open(problem)) for problem in problems]
    return max((WAITING if waiting else 0, *codes))


def _open(problem: LajurError) -> LajurError:
    """A run that stays open is not as it was before, whatever stopped it."""
    return NeedsPerson("recover.left_open", cause=problem) if isinstance(problem, StepRefused) else problem


def _show_left(own: Session) -> int:
    from network.cli.plan import WAITING
    from network.places import is_gone
    from network.services.recover import left

    key = own.regency.head.key
    with own.ground(reach=False) as ground:
        place = ground.hands.place
        found = (*left(key, ground.hands), *ground.ledger.links.unfinished(key))
    # Of several labs none may be meant: then all of them are.
    runs = [each for each in found if place == "lab" or each.is_of(place) or is_gone(each.place, key)]
    document = Unsettled(regency=key, runs=tuple(_settled(run, run.result) for run in runs))
    own.out.show(document, lambda: _draw_runs(own, document.runs))
    if runs:
        own.out.next("cli.recover.dry_run")
    return WAITING if runs else 0


def _settled(run: RunRecord, result: str) -> Settled:
    return Settled(run=run.id, reason=run.reason, started=run.started, steps=run.steps, result=result)


def _links(own: Session, ground: Ground) -> tuple[list[LinkSettled], list[LajurError]]:
    """What became of links that were left; and what could not be settled."""
    if not ground.ledger.links.unfinished(own.regency.head.key):
        return [], []
    from network.link_wiring import link_ground
    from network.services.links.apply import LinkWish
    from network.services.links.leftovers import recover as recover_links

    with link_ground(own.settings, own.regency, via=own.via, lab_id=own.settings.lab, ledger=ground.ledger) as links:
        wish = LinkWish(regency=own.regency.head.key, reason="link recover")
        found = recover_links(wish, links.hands)
    settled = [each for each in found if not isinstance(each, LajurError)]
    return settled, [each for each in found if isinstance(each, LajurError)]


_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.run", "left"),
    ("cli.column.time", "left"),
    ("cli.column.reason", "left"),
    ("cli.column.steps", "right"),
    ("cli.column.result", "left"),
)


def _draw_runs(own: Session, runs: Sequence[Settled]) -> RenderableType:
    from network.cli.draw import cell, table

    say = own.out.say
    rows = [(each.run, own.local(each.started), each.reason, str(each.steps), say(f"cli.result.{each.result}")) for each in runs]
    return table(say, _COLUMNS, rows) if rows else cell(say("cli.recover.nothing"))


def _draw(own: Session, document: Recovery, *, holds: bool, failed: bool) -> RenderableType:
    from network.cli.draw import cell, stack

    say = own.out.say
    ends = [cell(say("cli.recover.own", run=each.run)) for each in document.runs if each.result == "own"]
    if document.waiting:
        ends.append(cell(say("cli.recover.waiting", steps=document.waiting)))
    elif holds:
        ends.append(cell(say("cli.recover.holds")))
    runs = [_draw_runs(own, document.runs)] if document.runs or not failed else []
    return stack(*runs, *ends)
