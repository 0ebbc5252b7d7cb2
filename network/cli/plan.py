"""`lajur plan` and `lajur apply`: what would change and why; then the same, carried out."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from network.cli import plan_view, runs
from network.cli.grammar import AT, DRY_RUN, YES
from network.cli.session import Session, session
from network.errors import Refused

if TYPE_CHECKING:
    from network.services.hands import Hands

WAITING = 2
"""Exit code: changes are waiting."""


def plan(ctx: typer.Context, at: AT = None) -> int:
    own = session(ctx)
    with own.ground(at=at) as ground:
        return show(own, ground.hands, ground.hands.clock.now())


def apply(ctx: typer.Context, yes: YES = False, dry_run: DRY_RUN = False) -> int:
    from network.services import apply as service

    own = session(ctx)
    with own.ground() as ground:
        now = ground.hands.clock.now()
        if dry_run:
            return show(own, ground.hands, now)
        if not yes and not _agreed(own, ground.hands, now):
            return WAITING
        report = service.apply(own.wish("apply", ground.hands.clock.now()), ground.hands)
    done = runs.document(own, report)
    own.out.show(done, lambda: runs.draw(own, done, with_plan=yes))
    own.out.next("cli.run.next")
    return 0


def show(own: Session, hands: Hands, now: datetime, *, following: bool = True) -> int:
    """Show the plan of `now`, and with `following` what comes after it; the exit code that goes with it."""
    from network.services.apply import preview

    seen = preview(own.wish("plan", now), hands)
    document = plan_view.document(own, seen)
    own.out.show(document, lambda: plan_view.draw(own, document))
    if seen.plan.steps and seen.refusal is None and following:
        own.out.next("cli.plan.next")
    if seen.refusal is not None:
        return Refused.exit_code
    return WAITING if seen.plan.steps else 0


def _agreed(own: Session, hands: Hands, now: datetime) -> bool:
    """Show the plan and ask. True at once when nothing would change, or the guard will say no; Refused when something would
    and there is nobody to ask."""
    from network.services.apply import preview

    if own.out.as_json or not sys.stdin.isatty():
        if preview(own.wish("plan", now), hands).plan.steps:
            raise Refused("cli.refused.needs_yes")
        return True
    if show(own, hands, now, following=False) != WAITING:
        return True
    agreed = own.out.ask("cli.ask.apply")
    if not agreed:
        own.out.note("cli.ask.left")
    return agreed
