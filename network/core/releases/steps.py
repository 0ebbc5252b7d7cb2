"""What a release is at, and what comes next: by what is on record and what is seen, never by memory. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from network.core.releases.record import Mark, Phase, ReleaseRecord, Task
from network.core.releases.values import HostSight, Trouble, Workload
from network.errors import LajurError, Refused

Sights = Mapping[str, HostSight]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a deployment sets out to do. `before`: where its way back leads, empty when nobody carried anything.

    `resumed`: the run that was cut and goes on; None for a new one. `nothing`: every server carries it, and nothing is open.
    """

    before: str
    resumed: ReleaseRecord | None = None
    nothing: bool = False


def course(workload: Workload, release: str, last: ReleaseRecord | None, sights: Sights) -> Course:
    """What deploying `release` means now. Raises Refused for another file while a run is open, for a server or an edge that does
    not answer, and for servers that carry different releases though no run is open."""
    may_begin(workload, release, last)
    answering(workload, sights)
    if last is not None and last.is_open and last.release == release:
        return Course(before=last.before, resumed=last if last.result == "running" else None)
    if all(sights[server].carries(release) for server in workload.servers):
        return Course(before=release, nothing=True)
    return Course(before=live(workload, sights))


def may_begin(workload: Workload, release: str, last: ReleaseRecord | None) -> None:
    """Whether the record lets `release` be deployed. Raises Refused naming what is open, and what takes it away."""
    if last is None:
        return
    if last.is_open and last.release != release:
        raise Refused("release.other_open", workload=workload.key, open=last.release, asked=release, actor=last.actor)
    if last.task is Task.ROLLBACK and last.result == "running":
        raise Refused("release.rollback_open", workload=workload.key, release=last.release or "–")


def answering(workload: Workload, sights: Sights) -> None:
    """Raises Refused naming every server and every edge that does not answer."""
    reasons = tuple(error for server in workload.servers for error in _silent(server, sights[server]))
    if reasons:
        raise Refused("release.unreachable", workload=workload.key, reasons=reasons)


def _silent(server: str, sight: HostSight) -> Iterable[LajurError]:
    if sight.trouble is not None:
        yield trouble_error(server, sight.trouble)
    for edge, drained in sight.drained.items():
        if drained is None:
            yield Refused("release.edge_unknown", host=server, edge=edge)


def connecting(workload: Workload, sights: Sights, servers: Iterable[str]) -> None:
    """Raises Refused naming every server from which the database cannot be reached that a migration needs. `servers`: where the
    truth has that database."""
    if not workload.migrate:
        return
    named = {"database": workload.database, "servers": ", ".join(servers)}
    away = [server for server in workload.servers if sights[server].database is False]
    if away:
        reasons = tuple(Refused("release.database_silent", host=server, **named) for server in away)
        raise Refused("release.unreachable", workload=workload.key, reasons=reasons)


def live(workload: Workload, sights: Sights) -> str:
    """The one release to which people are sent; empty for none. Raises Refused when there are several."""
    seen = {server: sights[server] for server in workload.servers if sights[server].current}
    let_in = {server: each.current for server, each in seen.items() if each.is_in}
    carried = let_in or {server: each.current for server, each in seen.items()}
    if len(set(carried.values())) > 1:
        shown = ", ".join(f"{server} {current}" for server, current in carried.items())
        raise Refused("release.mixed", workload=workload.key, servers=shown)
    return next(iter(carried.values()), "")


def touched(marks: Iterable[Mark]) -> frozenset[str]:
    """The servers that a run may have switched, or found switched by the one that it goes on with."""
    phases = (Phase.BATCH, Phase.RESUMED)
    return frozenset(server for mark in marks if mark.phase in phases for server in mark.detail["servers"])


def passed(marks: Iterable[Mark]) -> frozenset[tuple[str, ...]]:
    """The batches whose gate was good."""
    return frozenset(tuple(mark.detail["servers"]) for mark in marks if mark.phase is Phase.GATE and mark.detail["good"])


def goal(before: str, sight: HostSight) -> str:
    """Where a server goes back to: the release before, or out, when it never had it. One that cannot be looked at is supposed to
    have it."""
    return before if sight.trouble is not None or before in sight.releases else ""


def at_goal(sight: HostSight, release: str) -> bool:
    if release:
        return sight.carries(release)
    return sight.trouble is None and not sight.current and not (sight.drained and sight.is_in)


def before_of(history: Iterable[ReleaseRecord], current: str) -> str | None:
    """The last release that was good and carried before `current` was deployed, empty for none: it was the first. `history`
    newest first; None when it does not say.

    One that is deployed where it is carried already, as for a server that had lost it, was not before itself.
    """
    every = tuple(history)
    bad = never_good(every)
    for record in every:
        deployed = record.result == "done" and record.task is Task.DEPLOY and record.release == current
        if deployed and record.before not in (current, *bad):
            return record.before
    return None


def before_at(history: Iterable[ReleaseRecord], sight: HostSight) -> str:
    """What a server carried before what it carries now, so where a rollback leads: as the record has it, and where that says
    nothing as the server does, but for a release that was taken from it again. Empty for none."""
    every = tuple(history)
    if sight.current and (known := before_of(every, sight.current)) is not None:
        return known
    said = sight.previous
    return said if said not in ("", sight.current, *never_good(every)) else ""


def never_good(history: Iterable[ReleaseRecord]) -> frozenset[str]:
    """The releases that were deployed, and never to the end: taken back by a gate, cut, or left. One of which nothing is on
    record may have been carried before there was a record."""
    tried: dict[str, bool] = {}
    for record in history:
        if record.task is Task.DEPLOY:
            tried[record.release] = tried.get(record.release, False) or record.result == "done"
    return frozenset(release for release, good in tried.items() if not good)


def outlived(history: Iterable[ReleaseRecord], release: str) -> bool:
    """Whether the database was contracted for a later release since `release` was deployed, or somebody began to; `history`
    newest first."""
    contracted = False
    for record in history:
        if record.task is Task.CONTRACT and record.release != release:
            contracted = True
        elif record.task is Task.DEPLOY and record.release == release:
            return contracted
    return False


def trouble_error(host: str, trouble: Trouble) -> LajurError:
    """What a host could not do, for a person."""
    said = Refused("release.said", text=trouble.said) if trouble.said else ()
    fields = {"host": host, "edge": trouble.edge, "needed": trouble.needed, "free": trouble.free, "said": said}
    return Refused(f"release.trouble.{trouble.problem}", **fields)
