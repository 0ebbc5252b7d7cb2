"""Leased servers taken over, looked at, mended and given back: the sequence around the builder. Opens nothing itself.

What is asked is checked against the truth first. A change has the builder to itself on this machine, is on record in the audit
log before it begins and when it has ended, and what was found out of each server is kept as an observation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import Final

from inventory.cloud_costs import Price
from inventory.cloud_views import Stay
from network.core.audit import AuditEvent
from network.core.building import (
    SUBJECT,
    Access,
    Builder,
    BuildEvent,
    BuildRequest,
    CloudAccess,
    Heard,
    Observation,
    Observations,
    Verb,
)
from network.core.near import perhaps
from network.core.ports import AuditLog, Clock, Runner
from network.errors import DeviceBusy, LabError, NotFound, Refused
from network.services.build_report import Acceptance, BuildReport, Ear
from network.services.giving_back import ReturnHands, allowed, drained, held
from network.services.release_parts import RETURNS, unreleased
from network.services.rents import Rents, standing

TURN: Final = "infra"
"""The lock of this machine under which servers are changed."""

_RENTING: Final = (Verb.PREVIEW, Verb.UP, Verb.RECOVER)
"""The verbs that may rent what is not there yet; the others look for what is on record."""
_LONGEST: Final = 500
"""Characters of a detail in the audit log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a person asks. `servers` empty: all; `release`: give back though they are protected, or alone carry
    a workload; `without_backup`: why a database may be wiped of which there is no fresh backup; `lost`: what became of a machine
    on which nothing can be wiped any more; `baseline`: accept these as they stand, for `reason`;
    `clouds`: those that are asked for their quotas."""

    verb: Verb
    servers: tuple[str, ...] = ()
    release: bool = False
    without_backup: str = ""
    lost: str = ""
    baseline: tuple[str, ...] = ()
    reason: str = ""
    clouds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildHands:
    """The ports of one regency's servers. `protected`: every server of the truth, and whether it is; `rented`: those of them that
    are rented, and the stay of each; `prices`: what each of these costs; `apart`: other rented ones, and when they are to stand;
    `clouds` resolves how the clouds that are meant are entered, of `every_cloud`. `request` is what every request of this ground
    begins with; `access` resolves how the servers that are meant (none named: all) are logged in to. `gone` names the lab that
    they were in, once it is no longer up; `returns`: what speaks against a return is asked through them."""

    regency: str
    place: str
    protected: Mapping[str, bool]
    request: BuildRequest
    access: Callable[[tuple[str, ...]], Mapping[str, Access]]
    builder: Builder
    runner: Runner
    audit: AuditLog
    observations: Observations
    clock: Clock
    actor: str
    rented: Mapping[str, Stay] = field(default_factory=dict)
    prices: Mapping[str, Price] = field(default_factory=dict)
    apart: Mapping[str, str] = field(default_factory=dict)
    clouds: Callable[[Collection[str]], Mapping[str, CloudAccess]] = lambda _: {}
    every_cloud: tuple[str, ...] = ()
    gone: Callable[[], str | None] = lambda: None
    returns: ReturnHands | None = None


def _nobody(event: BuildEvent) -> None:
    """Nobody listens."""


def carry_out(errand: Errand, hands: BuildHands, listen: Heard = _nobody) -> BuildReport:
    """Do it; what came of it, its error too. Raises Refused when nothing was begun."""
    check(errand, hands)
    run = f"{RETURNS}{hands.clock.now():%Y%m%dt%H%M%S}-{token_hex(3)}"
    with _turn(errand, hands, run):
        request = _request(errand, hands, _cleared(errand, hands))
        _note(hands, errand, "infra.begun", run, _begun(request, errand))
        rebased: set[str] = set()
        rents = _rents(hands, errand, run)
        try:
            report = _run(request, hands, listen, rebased, rents)
        except BaseException as error:
            _note_baselines(rebased, errand, hands, run)
            _note(hands, errand, "infra.finished", run, {"result": type(error).__name__})
            raise
        _note_baselines(rebased, errand, hands, run)
        _keep(report, errand, hands, run, rents)
    return report


def check(errand: Errand, hands: BuildHands) -> None:
    """Raises Refused or NotFound for what the truth says no to."""
    taken = observed(hands)
    known = dict.fromkeys([*hands.protected, *taken, *standing_rents(hands)])
    for server in (*errand.servers, *errand.baseline):
        looks = errand.verb in (Verb.PREVIEW, Verb.UP)
        if server in hands.apart and server not in (taken if looks else known):
            raise Refused("infra.apart", server=server, time=hands.apart[server])
        if server not in known:
            raise NotFound("infra.no_server", server=server, nearest=perhaps(server, known), known=", ".join(known))
        if looks and server not in hands.protected:
            raise Refused("infra.unknown_server", server=server)
    if errand.verb is Verb.DESTROY and not errand.release:
        held(errand.servers or tuple(hands.protected), hands.protected, hands.returns, hands.clock.now())


def observed(hands: BuildHands) -> Mapping[str, Observation]:
    """By server: what is on record of those that were taken over."""
    found = hands.observations.latest(hands.regency, SUBJECT)
    return {subject.removeprefix(SUBJECT): each for subject, each in found.items()}


def standing_rents(hands: BuildHands) -> Mapping[str, str]:
    """By server: which part of it is paid for by the hour (`BuildReport.begun`), taken over or not."""
    return standing(hands.observations, hands.regency, hands.rented)


def _rents(hands: BuildHands, errand: Errand, run: str) -> Rents:
    def note(action: str, server: str, detail: Mapping[str, str | int]) -> None:
        _note(hands, errand, action, run, detail, subject=server)

    return Rents(hands.observations, hands.regency, hands.rented, hands.clock, note, prices=hands.prices)


@contextmanager
def _turn(errand: Errand, hands: BuildHands, run: str) -> Iterator[None]:
    """A change has this machine's builder to itself; who only looks waits for nobody. While servers are wiped no release works on
    them. Raises Refused naming who is at it."""
    with ExitStack() as held:
        if errand.verb.changes:
            try:
                held.enter_context(hands.runner.hold((TURN,), run))
            except DeviceBusy as error:
                raise Refused("infra.busy", run=error.fields.get("run", "?"), pid=error.fields.get("pid", "?")) from error
        if errand.verb is Verb.DESTROY and not errand.lost and (own := hands.returns) is not None:
            servers = errand.servers or tuple(hands.protected)
            held.enter_context(unreleased(servers, hands.runner, own.releases, own.zone, run))
        yield


def _begun(request: BuildRequest, errand: Errand) -> Mapping[str, str]:
    """What the audit log has of the beginning."""
    backups = {"without_backup": errand.without_backup} if errand.without_backup else {}
    return {"servers": ", ".join(request.only) or "*", "reason": errand.reason, **backups}


def _cleared(errand: Errand, hands: BuildHands) -> Mapping[str, str]:
    """By server: why a database on it may be wiped. Their edges know by now. Raises Refused before anything is wiped."""
    if errand.verb is not Verb.DESTROY or errand.lost:
        return {}
    there = [server for server in errand.servers if server in hands.protected]  # of others nobody knows what they carry
    why = allowed(errand.servers if errand.without_backup else there, errand.without_backup, hands.returns)
    drained(there, hands.returns, hands.clock.now())
    return why


def _request(errand: Errand, hands: BuildHands, databases: Mapping[str, str]) -> BuildRequest:
    needed = errand.verb is not Verb.OUTPUTS
    # Of others nobody's login is resolved, so nobody else may be reached.
    meant = tuple(dict.fromkeys((*errand.servers, *errand.baseline)))
    taken, now = observed(hands), hands.clock.now()
    wanted = {key for key, stay in hands.rented.items() if stay.start <= now < stay.end}
    paid = standing_rents(hands)
    asked = meant or {*taken, *paid, *(wanted if errand.verb in _RENTING else ())}
    rented = sorted({stay.entry.cloud for key, stay in hands.rented.items() if key in asked})
    clouds = hands.clouds(errand.clouds or rented) if needed and (errand.clouds or rented) else {}
    return replace(
        hands.request,
        verb=errand.verb,
        now=now.isoformat(timespec="seconds"),
        access=hands.access(meant) if needed and errand.verb is not Verb.QUOTAS else {},
        clouds={**clouds, **_elsewhere(hands, clouds)} if errand.verb is Verb.DRIFT and not meant else clouds,
        rented=tuple(key for key in hands.rented if key in taken or key in wanted),
        new=tuple(key for key in hands.rented if key not in taken),
        begun=tuple(key for key in hands.rented if key not in taken and key in paid),
        only=meant,
        release=errand.servers if errand.release else (),
        databases=databases,
        lost=dict.fromkeys(errand.servers, errand.lost) if errand.lost else {},
        baseline=errand.baseline,
        reason=errand.reason,
    )


def _elsewhere(hands: BuildHands, known: Mapping[str, CloudAccess]) -> Mapping[str, CloudAccess]:
    """The other clouds that can be looked in for what bears our mark: where nothing is rented, nobody needs a login at hand."""
    found: dict[str, CloudAccess] = {}
    for cloud in hands.every_cloud:
        if cloud not in known:
            with suppress(Refused):
                found |= hands.clouds((cloud,))
    return found


def _run(request: BuildRequest, hands: BuildHands, listen: Heard, rebased: set[str], rents: Rents) -> BuildReport:
    """`rebased`: is given the servers whose new baseline was told of; `rents` hears of what is rented when it begins."""
    ear = Ear(request.verb, hands.clock)

    def heard(event: BuildEvent) -> None:
        ear.hear(event)
        if event.code == "infra.rebased":
            rebased.add(event.text("server"))
        if request.verb.changes:
            rents.hear(event)
        listen(event)

    report = ear.report(hands.builder.run(request, heard))
    if report.error is not None and (lab := hands.gone()) is not None:
        # Whatever the builder died of, what is to be recovered went the same way.
        lost = LabError("infra.lab_gone", lab=lab)
        lost.__cause__, report.error = report.error, lost
    # The engine speaks of every server that it knows; who named some asked about those.
    report.servers = {
        key: part for key, part in report.servers.items() if not request.only or key in request.only or part.is_work
    }
    return report


def _keep(report: BuildReport, errand: Errand, hands: BuildHands, run: str, rents: Rents) -> None:
    """What was found out of each server, and the end of a change in the audit log."""
    now = hands.clock.now()
    put = [
        Observation(subject=f"{SUBJECT}{server}", at=now, value={name: each[name] for name in each if name != "baseline"})
        for server, each in report.outputs.items()
    ]
    if put:
        hands.observations.put(hands.regency, put)
    if report.releases:
        hands.observations.drop(hands.regency, [f"{SUBJECT}{each.server}" for each in report.releases])
    if not errand.verb.changes:
        return
    rents.end(report, errand.verb, errand.servers)
    for accepted in report.acceptances:
        word = "server.accepted" if accepted.accepted else "server.short"
        _note(hands, errand, word, run, {"lines": _lines(accepted)}, subject=accepted.server)
    for mended in report.repaired:
        _note(hands, errand, "server.repaired", run, {"kind": mended.kind, "name": mended.name}, subject=mended.server)
    for released in report.releases:
        _note(
            hands,
            errand,
            "server.released",
            run,
            {"wiped": int(released.wiped), "proof": released.digest, **({"lost": errand.lost} if released.lost else {})},
            subject=released.server,
        )
    result = report.error.code if report.error else "interrupted" if report.interrupted else "done"
    _note(hands, errand, "infra.finished", run, {"result": result, "unrepaired": len(report.unrepaired)})


def _note_baselines(rebased: Collection[str], errand: Errand, hands: BuildHands, run: str) -> None:
    """Of each server that has a new one, however the run ended for the others."""
    for server in errand.baseline:
        if server in rebased:
            _note(hands, errand, "server.baseline", run, {"reason": errand.reason}, subject=server)


def _note(
    hands: BuildHands, errand: Errand, action: str, run: str, detail: Mapping[str, str | int], subject: str | None = None
) -> None:
    """A line of the audit log; looking leaves none."""
    if errand.verb.changes:
        bounded = {name: value[:_LONGEST] if isinstance(value, str) else value for name, value in detail.items()}
        event = AuditEvent(
            at=hands.clock.now(),
            actor=hands.actor,
            action=action,
            regency=hands.regency,
            subject=(subject or f"infra {errand.verb.value}")[:_LONGEST],
            detail={"run": run, "via": hands.place, **bounded},
        )
        hands.audit.append(event)


def _lines(acceptance: Acceptance) -> str:
    return "; ".join(f"{each['name']}: {each['verdict']} {each['promised']} > {each['found']}" for each in acceptance.lines)
