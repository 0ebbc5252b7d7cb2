"""`lajur infra`: leased servers taken over, looked at, mended and given back."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli import completion, infra_costs, infra_due, infra_return
from network.cli import infra_documents as documents
from network.cli import infra_view as view
from network.cli.grammar import AT, DRY_RUN, YES, Verb, noun
from network.cli.infra_progress import Progress
from network.cli.plan import WAITING
from network.cli.session import Session, session
from network.errors import NeedsPerson, Refused, UsageError

if TYPE_CHECKING:
    from network.core.building import BuildEvent
    from network.infra_wiring import BuildGround
    from network.services.build_report import BuildReport
    from network.services.infra import Errand

app = noun("cli.help.infra")

SERVERS: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--server", metavar="KEY", help="cli.flag.infra_server", autocompletion=completion.servers),
]
DUE: TypeAlias = Annotated[bool, typer.Option("--due", help="cli.flag.infra_due")]
RELEASE: TypeAlias = Annotated[bool, typer.Option("--release", help="cli.flag.infra_release")]
WITHOUT_BACKUP: TypeAlias = Annotated[
    str | None, typer.Option("--without-backup", metavar="TEXT", help="cli.flag.infra_without_backup")
]
LOST: TypeAlias = Annotated[str | None, typer.Option("--lost", metavar="TEXT", help="cli.flag.infra_lost")]
BASELINE: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--baseline", metavar="KEY", help="cli.flag.infra_baseline", autocompletion=completion.servers),
]
REASON: TypeAlias = Annotated[str, typer.Option("--reason", metavar="TEXT", help="cli.flag.infra_reason")]

_LONGEST_REASON: Final = 500


@app.command("preview", cls=Verb, help="cli.help.infra_preview")
def preview(ctx: typer.Context, servers: SERVERS = None) -> int:
    own = session(ctx)
    with _ground(own) as ground:
        return _preview(own, ground, _named(servers))


@app.command("up", cls=Verb, help="cli.help.infra_up")
def up(
    ctx: typer.Context, servers: SERVERS = None, *, due: DUE = False, at: AT = None, yes: YES = False, dry_run: DRY_RUN = False
) -> int:
    own, names = session(ctx), _named(servers)
    infra_due.fit(names, at, due=due)
    if due:
        return infra_due.up_due(own, at=at, yes=yes, dry_run=dry_run)
    with _ground(own) as ground:
        if dry_run:
            return _preview(own, ground, names)
        if not yes:
            _can_ask(own)
            code, feasible = _looked_ahead(own, ground, names)
            if not feasible or not _asked(
                own, "infra.ask_up" if code == WAITING else "infra.ask_rest", servers=", ".join(feasible)
            ):
                return code
        return _change(own, ground, _errand("up", names))


@app.command("refresh", cls=Verb, help="cli.help.infra_refresh")
def refresh(ctx: typer.Context, servers: SERVERS = None, *, baseline: BASELINE = None, reason: REASON = "") -> int:
    own, accepted = session(ctx), _named(baseline)
    if accepted and not reason.strip():
        raise UsageError("infra.needs_reason", flag="--baseline")
    if reason and not accepted:
        raise UsageError("infra.reason_for_what")
    _bounded("--reason", reason)
    with _ground(own) as ground:
        return _change(own, ground, _errand("refresh", _named(servers), baseline=accepted, reason=reason.strip()))


@app.command("drift", cls=Verb, help="cli.help.infra_drift")
def drift(ctx: typer.Context, servers: SERVERS = None) -> int:
    own = session(ctx)
    names = _named(servers)
    with _ground(own) as ground:
        report = _carried(own, ground, _errand("drift", names))
        document = documents.drift(own, report, ground, names)
    if report.error is None and not report.interrupted:
        own.out.show(document, lambda: view.draw_drift(own, document))
    code = _ended(own, report)
    return code if code or report.interrupted else _looked(own, report, names, wanted=bool(document.not_taken))


@app.command("outputs", cls=Verb, help="cli.help.infra_outputs")
def outputs(ctx: typer.Context, servers: SERVERS = None) -> int:
    own, names = session(ctx), _named(servers)
    with _ground(own) as ground:
        report = _carried(own, ground, _errand("outputs", names))
    if report.error is None and not report.interrupted:
        document = documents.outputs(own, report, names)
        own.out.show(document, lambda: view.draw_outputs(own, document, names))
    return _ended(own, report)


app.command("costs", cls=Verb, help="cli.help.infra_costs")(infra_costs.costs)


@app.command("destroy", cls=Verb, help="cli.help.infra_destroy")
def destroy(
    ctx: typer.Context,
    servers: SERVERS = None,
    *,
    release: RELEASE = False,
    without_backup: WITHOUT_BACKUP = None,
    lost: LOST = None,
    yes: YES = False,
    dry_run: DRY_RUN = False,
) -> int:
    from network.services.infra import check

    own, names = session(ctx), _named(servers)
    if not names:
        raise UsageError("infra.which")
    if lost is not None and not lost.strip():
        raise UsageError("infra.lost_empty")  # else it would mean: wipe it
    if without_backup is not None and not without_backup.strip():
        raise UsageError("infra.reason_empty", flag="--without-backup")
    _bounded("--lost", lost or "")
    _bounded("--without-backup", without_backup or "")
    errand = replace(
        _errand("destroy", names, release=release, lost=(lost or "").strip()), without_backup=(without_backup or "").strip()
    )
    with _ground(own) as ground:
        check(errand, ground.hands)
        if dry_run or not yes:
            document = infra_return.looked_at(own, ground, errand)
            own.out.show(document, lambda: infra_return.draw_giving_back(own, document))
        if dry_run:
            return WAITING
        if not yes and not _asked(own, "infra.ask_destroy", servers=", ".join(names)):
            return WAITING
        return _change(own, ground, errand)


@app.command("recover", cls=Verb, help="cli.help.infra_recover")
def recover(ctx: typer.Context) -> int:
    own = session(ctx)
    with _ground(own) as ground:
        return _change(own, ground, _errand("recover", ()))


@contextmanager
def _ground(own: Session) -> Iterator[BuildGround]:
    from network.infra_wiring import build_ground

    settings, via = own.settings, own.flags.via.value
    with build_ground(settings, own.regency, via=via, lab_id=settings.lab, environment=own.environment) as ground:
        own.tell_way(ground.via)
        own.regency, own.via = ground.regency, ground.via
        if ground.made is not None:
            own.out.note("infra.passphrase_made", file=str(ground.made))
        yield ground


def _errand(
    verb: str,
    servers: tuple[str, ...],
    *,
    release: bool = False,
    lost: str = "",
    baseline: tuple[str, ...] = (),
    reason: str = "",
) -> Errand:
    from network.core.building import Verb as Task
    from network.services.infra import Errand

    return Errand(verb=Task(verb), servers=servers, release=release, lost=lost, baseline=baseline, reason=reason)


def _named(keys: list[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys or ()))


def _bounded(flag: str, text: str) -> None:
    if len(text) > _LONGEST_REASON or not text.isprintable():
        raise UsageError("infra.text", flag=flag, most=_LONGEST_REASON)


def _carried(own: Session, ground: BuildGround, errand: Errand) -> BuildReport:
    """Carry it out with its progress shown."""
    from network.services.infra import carry_out

    with own.out.progress(always=errand.verb.changes and not own.out.as_json) as tell:
        tell(own.out.say("infra.starting"))
        line = Progress(own, errand, ground)

        def listen(event: BuildEvent) -> None:
            if event.code == "infra.stopping":
                own.out.note(event.code, **event.fields)
            elif (said := line.of(event)) is not None:
                tell(said)

        return carry_out(errand, ground.hands, listen)


def _preview(own: Session, ground: BuildGround, names: tuple[str, ...]) -> int:
    code, feasible = _looked_ahead(own, ground, names)
    if feasible and code == WAITING:
        _next_up(own, names)
    return code


def _next_up(own: Session, names: Sequence[str]) -> None:
    own.out.next("infra.next_up", named="".join(f" --server {name}" for name in names))


def _looked_ahead(own: Session, ground: BuildGround, names: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """Show what `up` would do; the exit code of that, and the servers on which it would do something."""
    report = _carried(own, ground, _errand("preview", names))
    if not report.interrupted and (report.error is None or report.servers):
        document = replace(documents.run(own, report, ground), cost=infra_costs.cost_ahead(report, ground))
        own.out.show(document, lambda: view.draw_run(own, document))
    code = _ended(own, report)
    if report.interrupted:
        return code, ()
    feasible = tuple(sorted(part.server for part in report.waiting))
    for_person = report.by_hand or any(not part.is_through for part in report.servers.values())
    return code or (WAITING if feasible else NeedsPerson.exit_code if for_person else 0), feasible


def _change(own: Session, ground: BuildGround, errand: Errand) -> int:
    report = _carried(own, ground, errand)
    document = documents.run(own, report, ground)
    if report.servers or report.differences or report.error is None:
        own.out.show(document, lambda: view.draw_run(own, document))
    code = _ended(own, report)
    if code or report.interrupted:
        return code
    if errand.verb.value == "refresh" and not errand.baseline:
        return _looked(own, report, errand.servers)
    if errand.verb.value == "recover" and _only_looked(report) and (code := _looked(own, report, errand.servers)):
        return code
    unknown = any(event.code == "infra.cleared" for event in report.warnings)
    done = "loss" if errand.lost else "returned" if _returned(errand, report, ground) else errand.verb.value
    if unknown:
        _next_up(own, errand.servers)
    else:
        own.out.next(f"infra.next_after_{done}")
    return 0


def _returned(errand: Errand, report: BuildReport, ground: BuildGround) -> bool:
    """Whether all that was given back was rented by the hour."""
    rented = ground.hands.rented.keys()
    return errand.verb.value == "destroy" and not report.releases and set(errand.servers) <= rented


def _only_looked(report: BuildReport) -> bool:
    """Whether it found differences and did nothing about any."""
    return bool(report.differences) and not report.repaired and not any(part.is_work for part in report.servers.values())


def _looked(own: Session, report: BuildReport, names: Sequence[str], *, wanted: bool = True) -> int:
    """What is to be done about what a look at these servers found: the exit code of that, and a word of it. `wanted`: a server
    that was not taken over has to stand."""
    if wanted and not report.looked and not report.differences:
        return WAITING  # which the document says
    if any(each.mend == "repair" and not each.reason for each in report.differences):
        _next_up(own, names)
        return WAITING
    if not report.differences:
        return 0
    trusted = all(each.reason == "host_key_trusted" for each in report.differences)
    own.out.next("infra.next_baseline" if trusted else "infra.next_by_hand")
    return NeedsPerson.exit_code


def _ended(own: Session, report: BuildReport) -> int:
    """Warnings, and the error if there is one; the exit code that goes with it."""
    from network.core.build_words import LEFT

    for event in report.warnings:
        own.out.note(event.code, **event.fields)
    if report.error is not None:
        return own.out.failed(report.error)
    for server in dict.fromkeys(each.server for each in report.differences if each.found == LEFT):
        own.out.note(LEFT, server=server)
    if report.unlooked:
        own.out.note("infra.not_compared_of", servers=", ".join(report.unlooked))
    if report.interrupted:
        return own.out.stopped("infra.stopped" if report.verb.changes else "infra.stopped_looking")
    return 0


def _can_ask(own: Session) -> None:
    """Raises Refused when there is nobody to ask."""
    if own.out.as_json or not sys.stdin.isatty():
        raise Refused("cli.refused.needs_yes")


def _asked(own: Session, code: str, **details: object) -> bool:
    _can_ask(own)
    agreed = own.out.ask(code, **details)
    if not agreed:
        own.out.note("cli.ask.left")
    return agreed
