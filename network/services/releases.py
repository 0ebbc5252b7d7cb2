"""A release to the servers of a workload: a canary, then some, then all, each batch through a gate; and the way back.

The order is: look, place on every server, expand the database, then for each batch drain, switch, let in, watch. The database is
only ever added to before the servers are switched, so that the version before goes on beside the new one and nothing of the
database is to be undone on the way back. What it no longer needs is taken away by a contract, which somebody asks for when every
server has carried the release for long enough; from then on the way back is closed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from network.core.calendar import active
from network.core.reason import Reason
from network.core.releases.batches import Servers, batches, in_turn
from network.core.releases.gate import Verdict, judge
from network.core.releases.record import Phase, ReleaseRecord, Task
from network.core.releases.steps import Course, Sights, connecting, course, may_begin, never_good, outlived, passed
from network.core.releases.values import Artefact, Migration
from network.errors import LajurError, NeedsPerson, Refused
from network.services.release_parts import BatchReport, Heard, Outcome, ReleaseParts, holding, local, new_run, nobody, step, turn
from network.services.release_run import ReleaseRun, failed, failures

HISTORY: Final = 200
"""Runs that are looked through for what was carried before."""

_WATCHES: Final = 3
"""How often the edges are asked when one of them says nothing."""


_CLOCK_OFF: Final = 120
"""Seconds by which a server's clock may seem to be off: as long as a look at slow servers may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a person asks. `force`: though a peak window acts, or the database was contracted since; `contract`: and then take
    away what the database no longer needs."""

    artefact: Artefact
    force: bool = False
    contract: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What a deployment would do: `batches` as they would be drained, one after the other; `place`: the servers that do not have
    it yet. `resumes`: the run that it would go on with, empty for a new one. `contract`: the server from which the database would
    be contracted in the end, empty where nobody asks for it."""

    release: str
    before: str
    nothing: bool
    resumes: str
    place: tuple[str, ...]
    expand: bool
    batches: tuple[tuple[str, ...], ...]
    carrying: tuple[str, ...]
    edges: tuple[str, ...]
    contract: str = ""


def prospect(order: Order, parts: ReleaseParts, heard: Heard = nobody) -> Prospect:
    """Only looks. Raises Refused as `deploy` would."""
    found, sights = _begin(order, parts, heard)
    workload, release = parts.workload, order.artefact.id
    return Prospect(
        release=release,
        before=found.before,
        nothing=found.nothing and not order.contract,
        resumes=found.resumed.id if found.resumed else "",
        place=tuple(server for server in workload.servers if release not in sights[server].releases),
        expand=bool(workload.migrate) and not found.nothing,
        batches=() if found.nothing else _batches(parts, found, sights),
        carrying=tuple(server for server in workload.servers if sights[server].carries(release)),
        edges=workload.edges,
        contract=workload.servers[0] if order.contract else "",
    )


def deploy(order: Order, parts: ReleaseParts, heard: Heard = nobody) -> Outcome:
    """Carry it out; what came of it, its error too. Raises Refused when nothing was begun."""
    id = new_run(parts.clock.now())
    with turn(parts, id):
        found, sights = _begin(order, parts, heard)
        if found.nothing:
            nothing = Outcome(
                run="",
                workload=parts.workload.key,
                task=Task.DEPLOY,
                release=order.artefact.id,
                before=found.before,
                version=order.artefact.version,
                result="nothing",
            )
            return _contract(order, parts, nothing, heard, id) if order.contract else nothing
        record = found.resumed or _record(order, parts, found, id, _in_turn(parts, sights))
        if found.resumed is None:
            parts.record.begin(record)
        run = ReleaseRun(parts, record, heard)
        _tell_clocks(run, sights)
        outcome = _carry_out(run, order, sights, under=id if found.resumed else "")
        if outcome.result != "done":
            return outcome
        outcome, stopped = _pruned(outcome, parts, heard)
        if stopped and order.contract:
            return _nothing_contracted(outcome, parts)
        return _contract(order, parts, outcome, heard, id) if order.contract else outcome


def _begin(order: Order, parts: ReleaseParts, heard: Heard) -> tuple[Course, Sights]:
    """Everything that may say no, before anything is written or done."""
    workload, artefact = parts.workload, order.artefact
    if artefact.kind is not workload.kind:
        raise Refused("release.kind", workload=workload.key, kind=artefact.kind.value, wanted=workload.kind.value)
    if order.contract and not workload.migrate:
        raise Refused("release.no_migrations", workload=workload.key)
    may_begin(workload, artefact.id, parts.record.last(workload.key))
    if not order.force and outlived(parts.record.history(workload.key, HISTORY), artefact.id):
        raise Refused("release.contracted", workload=workload.key, release=artefact.id)
    heard(step("look", servers=", ".join(workload.servers)))
    sights = parts.hands.look(workload.servers)
    found = course(workload, artefact.id, parts.record.last(workload.key), sights)
    if not found.nothing or order.contract:
        connecting(workload, sights, holding(parts))
    missing = any(artefact.id not in sights[server].releases for server in workload.servers)
    if artefact.pulls and missing and not order.force:
        _outside_peaks(parts)
    return found, sights


def _tell_clocks(run: ReleaseRun, sights: Sights) -> None:
    """No gate goes by the time of a line or of an answer. Certificates do: a database that is not valid yet lets nobody in."""
    now = run.parts.clock.now().timestamp()
    for server, sight in sights.items():
        if sight.clock is not None and abs(off := round(sight.clock - now)) > _CLOCK_OFF:
            run.warn("release.clock_off", host=server, seconds=off)


def _outside_peaks(parts: ReleaseParts) -> None:
    """Raises Refused while a window acts: the uplink belongs to those whom it is for."""
    now = parts.clock.now()
    acting = [each for each in active(parts.regency, now) if not each.exempt_only]
    if acting:
        last = max(acting, key=lambda each: each.end)
        windows = ", ".join(each.window for each in acting)
        raise Refused("release.peak", workload=parts.workload.key, windows=windows, until=local(parts, last.end))


def _batches(parts: ReleaseParts, found: Course, sights: Sights) -> tuple[Servers, ...]:
    order = found.resumed.servers if found.resumed else _in_turn(parts, sights)
    return batches(tuple(server for server in order if server in parts.workload.servers), parts.workload.batches)


def _in_turn(parts: ReleaseParts, sights: Sights) -> tuple[str, ...]:
    return in_turn(parts.workload.servers, [server for server, sight in sights.items() if not sight.serves])


def _record(order: Order, parts: ReleaseParts, found: Course, id: str, servers: tuple[str, ...]) -> ReleaseRecord:
    return ReleaseRecord(
        id=id,
        workload=parts.workload.key,
        task=Task.DEPLOY,
        release=order.artefact.id,
        before=found.before,
        servers=servers,
        actor=parts.actor,
        started=parts.clock.now(),
        version=order.artefact.version,
        sha256=order.artefact.sha256,
        reason=order.reason,
    )


def _carry_out(run: ReleaseRun, order: Order, sights: Sights, *, under: str) -> Outcome:
    """`under`: the run as which one that was cut has the turn now; empty for a new one, which has its own."""
    try:
        found = [server for server, sight in sights.items() if sight.current == order.artefact.id]
        if found or under:
            run.mark(Phase.RESUMED, servers=found, **({"turn": under, "actor": run.parts.actor} if under else {}))
        _forward(run, order.artefact, sights)
    except LajurError as error:
        return run.back(error)
    except KeyboardInterrupt:
        return run.back(None)
    return run.finished("done")


def _forward(run: ReleaseRun, artefact: Artefact, sights: Sights) -> None:
    """To the end of the last gate. Raises LajurError at the first thing that is not as it should be."""
    _place(run, artefact)
    _expand(run)
    good = passed(run.parts.record.marks(run.record.id))
    through: list[str] = []
    for number, batch in enumerate(run.batches, 1):
        through += batch
        waiting = tuple(server for server in batch if not sights[server].carries(artefact.id))
        if waiting or batch not in good:
            _batch(run, number, batch, waiting, tuple(through))


def _place(run: ReleaseRun, artefact: Artefact) -> None:
    servers = run.servers
    run.tell("place", servers=", ".join(servers), release=artefact.id)
    run.mark(Phase.PLACE, servers=list(servers))
    placed = run.parts.hands.place(servers, artefact)
    if bad := failures({server: each.trouble for server, each in placed.items()}):
        raise failed("release.not_placed", bad)


def _expand(run: ReleaseRun) -> None:
    """From the canary; again when a run is gone on with, which changes nothing that is there."""
    workload = run.parts.workload
    if not workload.migrate:
        return
    canary = run.servers[0]
    run.tell("expand", server=canary)
    run.mark(Phase.EXPAND, server=canary)
    migrated = run.parts.hands.migrate(canary, run.record.release, Migration.EXPAND)
    if bad := failures({canary: migrated.trouble}):
        if _is_away(run, canary):
            named = {"database": workload.database, "servers": ", ".join(holding(run.parts))}
            raise failed("release.database_away", bad, server=canary, **named)
        raise failed("release.not_expanded", bad, server=canary)


def _is_away(run: ReleaseRun, server: str) -> bool:
    """Whether the database cannot be reached from there: then the migration may well be good."""
    try:
        return run.look([server])[server].database is False
    except LajurError:
        return False


def _batch(run: ReleaseRun, number: int, batch: tuple[str, ...], waiting: tuple[str, ...], through: tuple[str, ...]) -> None:
    """Switch those of the batch that wait, and judge all that have the release by now."""
    began, clock = run.parts.clock.monotonic(), run.parts.clock
    run.tell("batch", number=number, of=len(run.batches), servers=", ".join(batch))
    run.mark(Phase.BATCH, number=number, servers=list(batch))
    cursors: dict[str, str] = {}
    if waiting:
        swapped = run.swap(waiting, run.record.release)
        if bad := failures({server: each.trouble for server, each in swapped.items()}):
            run.reports.append(BatchReport(number=number, servers=batch, seconds=clock.monotonic() - began))
            raise failed("release.not_swapped", bad, batch=number)
        for each in swapped.values():
            cursors |= each.cursors
    verdict = _watch(run, through, cursors)
    report = BatchReport(number=number, servers=batch, seconds=clock.monotonic() - began, gate=verdict.detail())
    run.reports.append(report)
    run.mark(Phase.GATE, number=number, servers=list(batch), **verdict.detail())
    run.tell("good" if verdict.good else "bad", number=number, of=len(run.batches), **_numbers(verdict))
    if not verdict.good:
        raise failed("release.gate_failed", tuple(_error(each) for each in verdict.reasons), batch=number)
    if verdict.unserved:
        run.warn("release.unserved", batch=number, count=verdict.unserved)
    if verdict.cut:
        run.warn("release.log_cut", batch=number, edges=", ".join(verdict.cut))
    if not verdict.enough and run.parts.workload.edges:
        run.warn("release.few_requests", batch=number, requests=verdict.total.requests, wanted=run.parts.workload.gate.requests)


def _watch(run: ReleaseRun, servers: tuple[str, ...], cursors: dict[str, str]) -> Verdict:
    """Once more when an edge says nothing: it may just be restarted."""
    for attempt in range(1, _WATCHES + 1):
        run.tell("watch", servers=", ".join(servers), seconds=run.parts.workload.gate.watch)
        verdict = judge(run.parts.workload.gate, run.parts.hands.watch(servers, cursors), servers)
        if not verdict.again or attempt == _WATCHES:
            return verdict
    raise AssertionError("a watch comes to a verdict")


def _numbers(verdict: Verdict) -> dict[str, object]:
    total = verdict.total
    return {"in_row": total.in_row, "requests": total.requests, "errors": total.errors, "p95": total.p95}


def _error(reason: Reason) -> LajurError:
    return Refused(reason.code, **reason.fields)


def _pruned(outcome: Outcome, parts: ReleaseParts, heard: Heard) -> tuple[Outcome, bool]:
    """What is left over does no harm, and goes with the next release; and whether somebody stopped it, who may not know that the
    release is through."""
    stopped, left = False, tuple[LajurError, ...]()
    try:
        heard(step("prune", keep=parts.workload.keep))
        bad = sorted(never_good(parts.record.history(parts.workload.key, HISTORY)))
        pruned = parts.hands.prune(parts.workload.servers, parts.workload.keep, first=bad)
        left = failures({server: each.trouble for server, each in pruned.items()})
    except LajurError as error:
        left = (error,)
    except KeyboardInterrupt:
        stopped, left = True, (Refused("release.stopped_by_hand"),)
    made = tuple(Reason(code="release.not_pruned", fields={"why": error}) for error in left)
    return replace(outcome, warnings=(*outcome.warnings, *made)), stopped


def _nothing_contracted(outcome: Outcome, parts: ReleaseParts) -> Outcome:
    """The release is through; what was to come after it was not begun."""
    error = _uncontracted(parts, outcome.release, (Refused("release.stopped_by_hand"),))
    return replace(outcome, error=error)


def _contract(order: Order, parts: ReleaseParts, done: Outcome, heard: Heard, under: str) -> Outcome:
    """Take away what the database no longer needs, once every server carries the release. `under`: the run that has the turn."""
    id, release, canary = new_run(parts.clock.now()), order.artefact.id, parts.workload.servers[0]
    found = Course(before=release)
    record = replace(_record(order, parts, found, id, parts.workload.servers), task=Task.CONTRACT)
    parts.record.begin(record)
    run = ReleaseRun(parts, record, heard)
    run.tell("contract", server=canary)
    error: LajurError | None = None
    try:
        run.mark(Phase.CONTRACT, server=canary, turn=under)
        migrated = parts.hands.migrate(canary, release, Migration.CONTRACT)
        if bad := failures({canary: migrated.trouble}):
            error = _uncontracted(parts, release, bad)
    except LajurError as cause:
        error = _uncontracted(parts, release, (cause,))
    except KeyboardInterrupt:
        error = _uncontracted(parts, release, (Refused("release.stopped_by_hand"),))
    outcome = run.finished("needs_person" if error else "done", error)
    if error is None and done.result == "done":
        return replace(done, warnings=(*done.warnings, *outcome.warnings))
    return replace(outcome, batches=done.batches, warnings=(*done.warnings, *outcome.warnings))


def _uncontracted(parts: ReleaseParts, release: str, reasons: tuple[LajurError, ...]) -> NeedsPerson:
    return NeedsPerson("release.not_contracted", workload=parts.workload.key, release=release, reasons=reasons)
