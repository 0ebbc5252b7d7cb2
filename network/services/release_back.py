"""A workload back to a release that its servers still have, without gates: what was good before is good now. In groups, none of
them larger than the largest batch of a release, so that going back takes out no more servers at a time than going forward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from network.core.releases.artefact import is_id
from network.core.releases.batches import Servers, batches
from network.core.releases.record import Phase, ReleaseRecord, Task
from network.core.releases.steps import Sights, at_goal, before_of, goal, live, never_good, outlived
from network.errors import LajurError, NeedsPerson, NotFound, Refused
from network.services.release_parts import Heard, Outcome, ReleaseParts, new_run, nobody, step, turn
from network.services.release_run import ReleaseRun, course_back
from network.services.releases import HISTORY

History: TypeAlias = tuple[ReleaseRecord, ...]
"""Newest first."""

_UNFINISHED: Final = ("running", "needs_person")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackProspect:
    """What a rollback would do. `release`: where it leads, empty for out; `before`: what is carried now. `goals`: where each
    server goes to; `batches`: in which groups those that are not there yet."""

    release: str
    before: str
    nothing: bool
    goals: Mapping[str, str]
    batches: tuple[Servers, ...]
    carrying: tuple[str, ...]
    edges: tuple[str, ...]


def prospect(parts: ReleaseParts, to: str | None = None, *, force: bool = False, heard: Heard = nobody) -> BackProspect:
    """Only looks. Raises Refused as `rollback` would."""
    begun = _begin(parts, to, force=force, heard=heard)
    workload = parts.workload
    goals, groups = course_back(batches(workload.servers, workload.batches), workload.servers, begun.target, begun.sights)
    going = {server for group in groups for server in group}
    return BackProspect(
        release=begun.target,
        before=begun.current,
        nothing=begun.nothing,
        goals=goals,
        batches=groups,
        carrying=tuple(server for server in workload.servers if server not in going),
        edges=workload.edges,
    )


def rollback(
    parts: ReleaseParts, to: str | None = None, *, reason: str = "", force: bool = False, heard: Heard = nobody
) -> Outcome:
    """To release `to`; without it to what was carried before the run that is open, or before what is carried now.

    Servers that cannot be reached are kept out at the edges, and the outcome is an error that names them. `force`: though the
    database was contracted since, or `to` was never released to the end. Raises Refused when nothing was begun. Interrupted, it
    stays on record as running: the next call goes on.
    """
    id = new_run(parts.clock.now())
    with turn(parts, id):
        begun = _begin(parts, to, force=force, heard=heard)
        record = ReleaseRecord(
            id=id,
            workload=parts.workload.key,
            task=Task.ROLLBACK,
            release=begun.target,
            before=begun.current,
            servers=parts.workload.servers,
            actor=parts.actor,
            started=parts.clock.now(),
            reason=reason,
        )
        if begun.nothing:
            return _nothing(record)
        parts.record.begin(record)
        return _carry_out(ReleaseRun(parts, record, heard), begun.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    target: str
    current: str
    sights: Sights
    nothing: bool


def _begin(parts: ReleaseParts, to: str | None, *, force: bool, heard: Heard) -> _Begun:
    """Everything that may say no, before anything is written or done."""
    key, servers = parts.workload.key, parts.workload.servers
    last = parts.record.last(key)
    heard(step("look", servers=", ".join(servers)))
    sights = parts.hands.look(servers)
    current = _current(parts, sights, last, to)
    history = parts.record.history(key, HISTORY)
    target = _target(parts, to, current, sights, history)
    if not force:
        _is_good(parts, to, sights, history)
    if not force and target and outlived(history, target):
        raise Refused("release.contracted", workload=key, release=target)
    nothing = not _is_unfinished(last) and all(at_goal(each, goal(target, each)) for each in sights.values())
    return _Begun(target=target, current=current, sights=sights, nothing=nothing)


def _carry_out(run: ReleaseRun, target: str) -> Outcome:
    servers = run.servers
    run.mark(Phase.BACK, servers=list(servers), to=target, cause=run.record.reason)
    try:
        left = run.carry_back(servers, target)
        lacking, names = tuple(left.values()), list(left)
    except LajurError as error:
        lacking, names = (error,), list(servers)
    if not lacking:
        return run.finished("done")
    left_over = NeedsPerson(
        "release.rollback_left" if target else "release.rollback_left_out",
        workload=run.record.workload,
        release=target,
        servers=", ".join(names),
        reasons=lacking,
        remedies=(Refused("release.remedy.rollback", workload=run.record.workload),),
    )
    return run.finished("needs_person", left_over)


def _is_unfinished(last: ReleaseRecord | None) -> bool:
    return last is not None and last.task is not Task.CONTRACT and last.result in _UNFINISHED


def _current(parts: ReleaseParts, sights: Sights, last: ReleaseRecord | None, to: str | None) -> str:
    """What is carried now, for the record; where it differs and that is why somebody goes back, what was carried before: what
    was on its way then never came to be."""
    if last is not None and _is_unfinished(last):
        return last.before
    try:
        return live(parts.workload, sights)
    except Refused:
        if to is None:
            raise
        return ""


def _target(parts: ReleaseParts, to: str | None, current: str, sights: Sights, history: History) -> str:
    key, last = parts.workload.key, next(iter(history), None)
    if to is None and last is not None and _is_unfinished(last):
        return last.before if last.task is Task.DEPLOY else last.release
    target = to if to is not None else before_of(history, current)
    if not target and not current and not any(each.result == "done" for each in history):
        raise Refused("release.never", workload=key)
    if target is None:
        raise Refused("release.no_before", workload=key, release=current or "–", known=_good(sights, history, but=current))
    if not target and to is None:
        raise Refused("release.first", workload=key, release=current or "–", known=_good(sights, history, but=current))
    if not is_id(target) or target not in _everywhere(sights):
        raise NotFound("release.not_there", workload=key, release=target or "–", known=_good(sights, history))
    return target


def _is_good(parts: ReleaseParts, to: str | None, sights: Sights, history: History) -> None:
    """Raises Refused for a release that somebody names, and that was never released to the end."""
    if to is not None and to in never_good(history):
        raise Refused("release.never_good", workload=parts.workload.key, release=to, known=_good(sights, history))


def _everywhere(sights: Sights) -> frozenset[str]:
    """The releases that every server has."""
    kept = [frozenset(each.releases) for each in sights.values() if each.trouble is None]
    return frozenset.intersection(*kept) if kept else frozenset()


def _good(sights: Sights, history: History, but: str = "") -> str:
    return ", ".join(sorted(_everywhere(sights) - never_good(history) - {but})) or "–"


def _nothing(record: ReleaseRecord) -> Outcome:
    return Outcome(
        run="", workload=record.workload, task=record.task, release=record.release, before=record.before, result="nothing"
    )
