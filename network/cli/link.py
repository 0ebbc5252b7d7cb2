"""`lajur link`: every link as two ends: what would change, the change itself, what is seen of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli import completion
from network.cli import link_view as view
from network.cli.grammar import DRY_RUN, YES, Verb, noun
from network.cli.plan import WAITING
from network.cli.session import Session, session
from network.errors import NeedsPerson, Refused, UsageError

if TYPE_CHECKING:
    from network.core.links.intent import LinkIntent
    from network.link_wiring import LinkGround
    from network.services.links.hands import LinkEvent
    from network.services.links.look import LinkSeen
    from network.services.links.rollout import Rollout

app = noun("cli.help.link")

NAMES: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="NAME", help="cli.flag.link_names", autocompletion=completion.link_names)
]
EVERY: TypeAlias = Annotated[bool, typer.Option("--all", help="cli.flag.link_all")]
CANARY: TypeAlias = Annotated[int, typer.Option("--canary", min=0, max=1000, metavar="N", help="cli.flag.link_canary")]
BATCH: TypeAlias = Annotated[int, typer.Option("--batch", min=1, max=1000, metavar="N", help="cli.flag.link_batch")]
PATIENCE: TypeAlias = Annotated[
    float | None, typer.Option("--patience", min=1, max=600, metavar="SECONDS", help="cli.flag.link_patience")
]

UNWELL: Final = NeedsPerson.exit_code


@app.command("plan", cls=Verb, help="cli.help.link_plan")
def plan(ctx: typer.Context, names: NAMES = None) -> int:
    own = session(ctx)
    with _ground(own) as ground:
        return _show_plan(own, ground, _chosen(ground, names))


@app.command("apply", cls=Verb, help="cli.help.link_apply")
def apply(
    ctx: typer.Context,
    names: NAMES = None,
    every: EVERY = False,
    *,
    canary: CANARY = 1,
    batch: BATCH = 16,
    patience: PATIENCE = None,
    yes: YES = False,
    dry_run: DRY_RUN = False,
) -> int:
    own = session(ctx)
    if bool(names) is every:
        raise UsageError("cli.usage.link_which")
    with _ground(own) as ground:
        links = _chosen(ground, names)
        if dry_run:
            return _show_plan(own, ground, links)
        if not yes and not _agreed(own, ground, links):
            return WAITING
        return _roll_out(own, ground, links, canary=canary, batch=batch, patience=patience)


@app.command("verify", cls=Verb, help="cli.help.link_verify")
def verify(ctx: typer.Context, names: NAMES = None) -> int:
    return _look(session(ctx), names, pings=True)


@app.command("status", cls=Verb, help="cli.help.link_status")
def status(ctx: typer.Context, names: NAMES = None) -> int:
    return _look(session(ctx), names, pings=False)


@contextmanager
def _ground(own: Session) -> Iterator[LinkGround]:
    """The links that stand there, with progress shown as they move."""
    from network.link_wiring import link_ground

    with own.out.progress() as tell:
        tell(own.out.say("cli.stage.reaching"))

        def listen(event: LinkEvent) -> None:
            own.out.stage_reached(view.stage_word(event))
            tell(view.stage(own, event))

        settings, via = own.settings, own.flags.via.value
        with link_ground(settings, own.regency, via=via, lab_id=settings.lab, listen=listen) as ground:
            own.tell_way(ground.via)
            own.regency, own.via = ground.regency, ground.via
            yield ground


def _chosen(ground: LinkGround, names: list[str] | None) -> tuple[LinkIntent, ...]:
    from network.core.links.choose import choose

    return choose(ground.regency, ground.intents, names or ())


def _show_plan(own: Session, ground: LinkGround, links: tuple[LinkIntent, ...], *, following: bool = True) -> int:
    from network.services.links.look import plan_links

    document = view.plans(own, plan_links(links, ground.hands))
    own.out.show(document, lambda: view.draw_plans(own, document))
    if any(each.state == "unread" for each in document.links):
        return view.worst(document)
    if following:
        own.out.next("cli.link.next_apply" if document.groups else "cli.link.next_plan")
    return WAITING if document.groups else 0


def _agreed(own: Session, ground: LinkGround, links: tuple[LinkIntent, ...]) -> bool:
    """Show the plan and ask. True at once when nothing would change; Refused when something would and there is nobody to ask."""
    from network.services.links.look import plan_links

    if own.out.as_json or not sys.stdin.isatty():
        if any(each.waits for each in plan_links(links, ground.hands)):
            raise Refused("cli.refused.needs_yes")
        return True
    if _show_plan(own, ground, links, following=False) == 0:
        return True
    agreed = own.out.ask("cli.ask.apply")
    if not agreed:
        own.out.note("cli.ask.left")
    return agreed


def _roll_out(
    own: Session, ground: LinkGround, links: tuple[LinkIntent, ...], *, canary: int, batch: int, patience: float | None
) -> int:
    from network.services.links.apply import LinkWish
    from network.services.links.rollout import roll_out

    key = ground.regency.head.key
    wish = LinkWish(regency=key, reason="link apply", patience=patience)
    try:
        report = roll_out(links, wish, ground.hands, canary=canary, batch=batch)
    except KeyboardInterrupt:
        own.out.stage_reached("interrupted")  # no stage of one link says what became of the others
        raise
    _prove(own, ground, [each.seen for each in report.done if each.seen is not None])
    document = view.rollout(own, report)
    own.out.show(document, lambda: view.draw_rollout(own, document))
    if not report.failed and not report.interrupted:
        own.out.next("cli.link.next_plan")
    worst = max((own.out.failed(each.error) for each in report.failed), default=0)
    return _stopped(own, report, worst) if report.interrupted else worst


def _stopped(own: Session, report: Rollout, worst: int) -> int:
    done, left = len(report.done), len(report.not_begun)
    among = done + left + len(report.returned) + sum(len(each.links) for each in report.failed)
    if worst == UNWELL:
        own.out.note("cli.link.interrupted", done=done, among=among, left=left)
        return worst
    return own.out.stopped("cli.link.interrupted", done=done, among=among, left=left)


def _look(own: Session, names: list[str] | None, *, pings: bool) -> int:
    from network.services.links.look import look_at

    with _ground(own) as ground:
        seen = look_at(_chosen(ground, names), ground.hands, pings=pings)
        if pings:
            _prove(own, ground, seen)
    document = view.seen(own, seen)
    own.out.show(document, lambda: view.draw_seen(own, document))
    return 0 if document.good == len(document.links) else UNWELL


def _prove(own: Session, ground: LinkGround, seen: Sequence[LinkSeen]) -> None:
    """What was looked at in full and found well is on record as proven."""
    from network.services.proven import prove
    from network.wiring import user

    links = prove(ground.regency, seen, ground.ledger.proofs(ground.hands.place), ground.hands.clock.now(), f"os:{user()}")
    if links:
        own.out.note("cli.links.proven", level=1, count=len(links), links=" ".join(links))
