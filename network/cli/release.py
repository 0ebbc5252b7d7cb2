"""`lajur release`: a version to the servers of a workload with a way back, and stages of offices that go live."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli import completion, release_stage
from network.cli import release_view as view
from network.cli.grammar import DRY_RUN, Verb, noun
from network.cli.plan import WAITING
from network.cli.session import Session, session
from network.errors import LajurError, NeedsPerson, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from network.release_wiring import ReleaseGround
    from network.services.release_parts import Outcome, ReleaseEvent, ReleaseParts
    from network.services.releases import Order

app = noun("cli.help.release")

WORKLOAD: TypeAlias = Annotated[
    str, typer.Argument(metavar="WORKLOAD", help="cli.flag.workload", autocompletion=completion.released)
]
ONE_WORKLOAD: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="WORKLOAD", help="cli.flag.workload", autocompletion=completion.released)
]
FILE: TypeAlias = Annotated[Path, typer.Argument(metavar="FILE", help="cli.flag.release_file")]
VERSION: TypeAlias = Annotated[str | None, typer.Option("--version", metavar="TEXT", help="cli.flag.release_version")]
SHA256: TypeAlias = Annotated[str | None, typer.Option("--sha256", metavar="HEX", help="cli.flag.sha256")]
SIGNATURE: TypeAlias = Annotated[Path | None, typer.Option("--signature", metavar="FILE", help="cli.flag.signature")]
FORCE: TypeAlias = Annotated[bool, typer.Option("--force", help="cli.flag.release_force")]
CONTRACT: TypeAlias = Annotated[bool, typer.Option("--contract", help="cli.flag.contract")]
TO: TypeAlias = Annotated[str | None, typer.Option("--to", metavar="RELEASE", help="cli.flag.release_to")]
REASON: TypeAlias = Annotated[str, typer.Option("--reason", metavar="TEXT", help="cli.flag.release_reason")]
MOST: TypeAlias = Annotated[int, typer.Option("--limit", min=1, max=200, help="cli.flag.most_runs")]

_LONGEST_REASON: Final = 200
_CHANGES: Final = ("release.step.batch", "release.step.back", "release.step.out", "release.step.contract")
"""From these events on a server may be other than before."""


@app.command("deploy", cls=Verb, help="cli.help.release_deploy")
def deploy(  # noqa: PLR0913 - one parameter a flag
    ctx: typer.Context,
    workload: WORKLOAD,
    file: FILE,
    *,
    version: VERSION = None,
    sha256: SHA256 = None,
    signature: SIGNATURE = None,
    force: FORCE = False,
    contract: CONTRACT = False,
    reason: REASON = "",
    dry_run: DRY_RUN = False,
) -> int:
    from network.core.releases.artefact import fit_words
    from network.release_wiring import artefact_of
    from network.services import releases

    own = session(ctx)
    _bounded(reason)
    fit_words(version, sha256)
    with _parts(own, workload) as parts:
        artefact = artefact_of(file, parts.workload, version=version, sha256=sha256, signature=signature)
        order = releases.Order(artefact=artefact, force=force, contract=contract, reason=reason.strip())
        if dry_run:
            return _prospect(own, parts, order)
        outcome = _carried(own, workload, lambda heard: releases.deploy(order, parts, heard))
    return _ended(own, outcome)


@app.command("rollback", cls=Verb, help="cli.help.release_rollback")
def rollback(
    ctx: typer.Context,
    workload: WORKLOAD,
    *,
    to: TO = None,
    reason: REASON = "",
    force: FORCE = False,
    dry_run: DRY_RUN = False,
) -> int:
    from network.services.release_back import rollback as go_back

    own = session(ctx)
    _bounded(reason)
    with _parts(own, workload) as parts:
        if dry_run:
            return _prospect_back(own, parts, to, force=force)
        outcome = _carried(own, workload, lambda heard: go_back(parts, to, reason=reason.strip(), force=force, heard=heard))
    return _ended(own, outcome)


@app.command("status", cls=Verb, help="cli.help.release_status")
def status(ctx: typer.Context, workload: ONE_WORKLOAD = None) -> int:
    from network.core.releases.truth import released

    own = session(ctx)
    with _ground(own) as ground:
        keys = (workload,) if workload is not None else released(ground.regency)
        lines = tuple(_looked(own, ground, key, named=workload is not None) for key in keys)
        head = ground.regency.head
    document = view.ReleaseStatus(regency=head.key, timezone=head.timezone, workloads=lines)
    own.out.show(document, lambda: view.draw_status(own, document))
    return 0


@app.command("history", cls=Verb, help="cli.help.release_history")
def history(ctx: typer.Context, workload: ONE_WORKLOAD = None, limit: MOST = 20) -> int:
    from network.core.releases.truth import workload_of

    own = session(ctx)
    with own.ground(reach=False) as ground:
        head = own.regency.head
        if workload is not None:
            workload_of(own.regency, workload)
        record = ground.ledger.releases(head.key, ground.hands.place)
        runs = tuple(view.run_line(each, record.marks(each.id)) for each in record.history(workload, limit))
    document = view.ReleaseHistory(regency=head.key, timezone=head.timezone, runs=runs)
    own.out.show(document, lambda: view.draw_history(own, document))
    return 0


# As the help page lists them.
app.command("open", cls=Verb, help="cli.help.release_open")(release_stage.open_stage)
app.command("move", cls=Verb, help="cli.help.release_move")(release_stage.move_stage)


@contextmanager
def _ground(own: Session) -> Iterator[ReleaseGround]:
    from network import release_wiring

    with (
        own.ground(reach=False) as found,
        release_wiring.release_ground(
            own.settings,
            own.regency,
            found.ledger,
            clock=found.hands.clock,
            via=own.flags.via.value,
            lab_id=own.settings.lab,
            environment=own.environment,
        ) as ground,
    ):
        own.tell_way(ground.ground.way)
        yield ground


@contextmanager
def _parts(own: Session, workload: str) -> Iterator[ReleaseParts]:
    with _ground(own) as ground:
        yield ground.parts(workload)


def _bounded(reason: str) -> None:
    if len(reason) > _LONGEST_REASON or not reason.isprintable():
        raise UsageError("cli.usage.release_text", flag="--reason", most=_LONGEST_REASON)


def _prospect(own: Session, parts: ReleaseParts, order: Order) -> int:
    from network.services.releases import prospect

    with own.out.progress() as tell:
        found = prospect(order, parts, lambda event: tell(own.out.say(event.code, **event.fields)))
    document = view.plan(own, parts.workload.key, found)
    own.out.show(document, lambda: view.draw_plan(own, document))
    return 0 if found.nothing else WAITING


def _prospect_back(own: Session, parts: ReleaseParts, to: str | None, *, force: bool) -> int:
    from network.services.release_back import prospect

    with own.out.progress() as tell:
        found = prospect(parts, to, force=force, heard=lambda event: tell(own.out.say(event.code, **event.fields)))
    document = view.back(own, parts.workload.key, found)
    own.out.show(document, lambda: view.draw_back(own, document))
    return 0 if found.nothing else WAITING


def _carried(own: Session, workload: str, work: Callable[[Callable[[ReleaseEvent], None]], Outcome]) -> Outcome:
    """With its progress shown. Raises NeedsPerson when it is interrupted so that nobody put anything back."""
    changed = False
    own.out.interruption_means("cli.release.interrupted")
    with own.out.progress(always=not own.out.as_json) as tell:

        def listen(event: ReleaseEvent) -> None:
            nonlocal changed
            changed = changed or event.code in _CHANGES
            tell(own.out.say(event.code, **event.fields))

        try:
            return work(listen)
        except KeyboardInterrupt:
            if not changed:
                raise
            remedies = (Refused("release.remedy.cut", workload=workload),)
            raise NeedsPerson("release.cut", workload=workload, remedies=remedies) from None


def _ended(own: Session, outcome: Outcome) -> int:
    document = view.run(own, outcome)
    own.out.show(document, lambda: view.draw_run(own, document))
    if outcome.error is not None:
        return own.out.failed(outcome.error)
    if outcome.interrupted:
        code = "cli.release.interrupted_back" if outcome.before else "cli.release.interrupted_first"
        return own.out.stopped(code, before=outcome.before)
    return 0


def _looked(own: Session, ground: ReleaseGround, key: str, *, named: bool) -> view.WorkloadLine:
    """Of several workloads, one that nobody can look at is told of beside the others."""
    from network.core.releases.steps import live
    from network.services.release_parts import at_work
    from network.services.releases import HISTORY

    truth = next((each for each in ground.regency.workloads if each.key == key), None)
    try:
        parts = ground.parts(key)
        sights = parts.hands.look(parts.workload.servers)
        history = parts.record.history(key, HISTORY)
        last = next(iter(history), None)
        busy = at_work(parts) if last is not None and last.result == "running" else None
        line = view.run_line(last, parts.record.marks(last.id)) if last else None
    except LajurError as error:
        if named or truth is None:
            raise
        name = truth.name
        return view.WorkloadLine(
            workload=key, name=name, release="", open=False, servers=(), last=None, problem=own.out.text_of(error)
        )
    try:
        release = live(parts.workload, sights)
    except Refused:
        release = ""
    return view.WorkloadLine(
        workload=key,
        name=parts.workload.name,
        release=release,
        open=last is not None and (last.is_open or last.result == "running"),
        servers=tuple(view.server_line(own, server, sights[server], history) for server in parts.workload.servers),
        last=line,
        problem="",
        at_work=busy,
    )
