"""Releases as documents and tables: what would be done, what was done, what each server carries, what is on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from network.cli.session import Session
from network.cli.words import clean

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.core.releases.record import Mark, ReleaseRecord
    from network.core.releases.values import HostSight
    from network.services.release_back import BackProspect
    from network.services.release_parts import AtWork, Outcome
    from network.services.releases import Prospect


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """`gate`: the numbers by which it was judged, and the verdict; empty when it never came to one. `seconds` it took."""

    number: int
    servers: tuple[str, ...]
    seconds: float
    gate: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRun:
    """`result`: done, nothing, returned or needs_person. `before`: what the servers carried, empty for nothing."""

    regency: str
    run: str
    workload: str
    task: str
    release: str
    version: str
    before: str
    result: str
    batches: tuple[BatchLine, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePlan:
    """`place`: servers that do not have the release yet; `batches` in their order, each drained at `edges`; `carrying`: servers
    that are left as they are. `resumes`: the run that would go on, empty for a new one. `contract`: the server from which the
    database would be contracted in the end, empty for not at all."""

    regency: str
    workload: str
    release: str
    before: str
    nothing: bool
    resumes: str
    place: tuple[str, ...]
    expand: bool
    batches: tuple[tuple[str, ...], ...]
    carrying: tuple[str, ...]
    edges: tuple[str, ...]
    contract: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackPlan:
    """The way back. `goals`: where each server goes to, empty for out; `batches` as they would be drained at `edges`; `carrying`:
    servers that are there already."""

    regency: str
    workload: str
    release: str
    before: str
    nothing: bool
    goals: Mapping[str, str]
    batches: tuple[tuple[str, ...], ...]
    carrying: tuple[str, ...]
    edges: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """`gates`: of each batch the numbers by which it was judged, in order. `back`: when it began to go back; None: it did not."""

    run: str
    workload: str
    task: str
    release: str
    version: str
    sha256: str
    before: str
    actor: str
    reason: str
    started: datetime
    finished: datetime | None
    result: str
    back: datetime | None
    gates: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHistory:
    """Newest first."""

    regency: str
    timezone: str
    runs: tuple[RunLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLine:
    """`previous`: the last good release before `current`, empty where that was the first. `edges`, by edge: let_in, kept_out or
    unknown. `problem` in the reader's words, empty where it could be looked at."""

    server: str
    current: str
    previous: str
    releases: tuple[str, ...]
    unit: str
    healthy: bool
    edges: Mapping[str, str]
    free: int | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadLine:
    """`release`: what people are answered with, empty for nothing or for several. `at_work`: who carries out what is `open`,
    None for nobody. `problem`: why nobody could look at it."""

    workload: str
    name: str
    release: str
    open: bool
    servers: tuple[ServerLine, ...]
    last: RunLine | None
    problem: str
    at_work: AtWork | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStatus:
    regency: str
    timezone: str
    workloads: tuple[WorkloadLine, ...]


# ---- documents


def run(own: Session, outcome: Outcome) -> ReleaseRun:
    return ReleaseRun(
        regency=own.regency.head.key,
        run=outcome.run,
        workload=outcome.workload,
        task=outcome.task.value,
        release=outcome.release,
        version=outcome.version,
        before=outcome.before,
        result=outcome.result,
        batches=tuple(
            BatchLine(number=each.number, servers=each.servers, seconds=round(each.seconds, 1), gate=each.gate)
            for each in outcome.batches
        ),
        warnings=tuple(own.out.say(each.code, **each.fields) for each in outcome.warnings),
    )


def plan(own: Session, workload: str, found: Prospect) -> ReleasePlan:
    names = ("release", "before", "nothing", "resumes", "place", "expand", "batches", "carrying", "edges", "contract")
    return ReleasePlan(regency=own.regency.head.key, workload=workload, **{name: getattr(found, name) for name in names})


def back(own: Session, workload: str, found: BackProspect) -> BackPlan:
    names = ("release", "before", "nothing", "goals", "batches", "carrying", "edges")
    return BackPlan(regency=own.regency.head.key, workload=workload, **{name: getattr(found, name) for name in names})


def run_line(record: ReleaseRecord, marks: Iterable[Mark]) -> RunLine:
    marks = tuple(marks)
    return RunLine(
        run=record.id,
        workload=record.workload,
        task=record.task.value,
        release=record.release,
        version=record.version,
        sha256=record.sha256,
        before=record.before,
        actor=record.actor,
        reason=record.reason,
        started=record.started,
        finished=record.finished,
        result=record.result,
        back=next((mark.at for mark in marks if mark.phase.value == "back"), None),
        gates=tuple(mark.detail for mark in marks if mark.phase.value == "gate"),
    )


def server_line(own: Session, server: str, sight: HostSight, history: tuple[ReleaseRecord, ...]) -> ServerLine:
    """`history` of its workload, newest first."""
    from network.core.releases.steps import before_at, trouble_error

    words = {None: "unknown", True: "kept_out", False: "let_in"}
    return ServerLine(
        server=server,
        current=sight.current,
        previous=before_at(history, sight),
        releases=sight.releases,
        unit=sight.unit,
        healthy=sight.answers,
        edges={edge: words[drained] for edge, drained in sight.drained.items()},
        free=sight.free,
        problem=own.out.text_of(trouble_error(server, sight.trouble)) if sight.trouble else "",
    )


# ---- tables

_BATCHES: Final[tuple[Column, ...]] = (
    ("cli.column.batch", "right"),
    ("cli.column.servers", "left"),
    ("cli.column.in_row", "right"),
    ("cli.column.requests", "right"),
    ("cli.column.errors", "right"),
    ("cli.column.p95", "right"),
    ("cli.column.gate", "left"),
)
_PLAN: Final[tuple[Column, ...]] = (
    ("cli.column.batch", "right"),
    ("cli.column.servers", "left"),
    ("cli.column.drained", "left"),
)
_HISTORY: Final[tuple[Column, ...]] = (
    ("cli.column.time", "left"),
    ("cli.column.workload", "left"),
    ("cli.column.release_task", "left"),
    ("cli.column.release", "left"),
    ("cli.column.before", "left"),
    ("cli.column.release_actor", "left"),
    ("cli.column.result", "left"),
    ("cli.column.gate", "left"),
)
_SERVERS: Final[tuple[Column, ...]] = (
    ("cli.column.servers", "left"),
    ("cli.column.release", "left"),
    ("cli.column.before", "left"),
    ("cli.column.unit", "left"),
    ("cli.column.health", "left"),
    ("cli.column.edges", "left"),
)


def draw_run(own: Session, document: ReleaseRun) -> RenderableType:
    from network.cli.draw import stack, table

    say = own.out.say
    done = "cli.release.done_again" if document.before == document.release else "cli.release.done"
    if document.task == "deploy" and not document.before:
        done = "cli.release.done_first"
    words = {"done": done, "nothing": "cli.release.nothing"}
    code = words.get(document.result)
    head = code and say(code, workload=document.workload, release=document.release or "–", before=document.before or "–")
    rows = [(str(each.number), ", ".join(each.servers), *_numbers(each.gate), _gate(own, each.gate)) for each in document.batches]
    return stack(table(say, _BATCHES, rows) if rows else None, *map(clean, document.warnings), head)


def draw_plan(own: Session, document: ReleasePlan) -> RenderableType:
    from network.cli.draw import stack, table

    say = own.out.say
    named = {"workload": document.workload, "release": document.release}
    contract = say("cli.release.would_contract", server=document.contract, **named) if document.contract else None
    if not document.batches:
        return stack(contract or say("cli.release.nothing", **named))
    place = ", ".join(document.place) or "–"
    expand = say("cli.release.yes" if document.expand else "cli.release.no")
    code = "cli.release.would" if document.before else "cli.release.would_first"
    head = say(code, place=place, expand=expand, before=document.before, **named)
    resumes = say("cli.release.resumes", run=document.resumes) if document.resumes else None
    edges = ", ".join(document.edges) or "–"
    rows = [
        (str(number), ", ".join(batch), edges if set(batch) - set(document.carrying) else "–")
        for number, batch in enumerate(document.batches, 1)
    ]
    return stack(head, resumes, table(say, _PLAN, rows), contract)


def draw_back(own: Session, document: BackPlan) -> RenderableType:
    from network.cli.draw import stack, table

    say = own.out.say
    shown = {"workload": document.workload, "release": document.release or "–", "before": document.before or "–"}
    if document.nothing:
        return stack(say("cli.release.nothing", workload=shown["workload"], release=shown["release"]))
    edges = ", ".join(document.edges) or "–"
    rows = [
        (str(number), ", ".join(f"{server} → {document.goals[server] or '–'}" for server in batch), edges)
        for number, batch in enumerate(document.batches, 1)
    ]
    code = "cli.release.would_back_again" if document.before == document.release else "cli.release.would_back"
    return stack(say(code, **shown), table(say, _PLAN, rows) if rows else None)


def draw_history(own: Session, document: ReleaseHistory) -> RenderableType:
    from network.cli.draw import stack, table

    say = own.out.say
    rows = [
        (
            own.local(each.started),
            each.workload,
            say(f"cli.release.task.{each.task}"),
            each.release or "–",
            each.before or "–",
            clean(each.actor),
            say(f"cli.result.{each.result}"),
            "\n".join(_gate_line(own, gate) for gate in each.gates) or "–",
        )
        for each in document.runs
    ]
    return table(say, _HISTORY, rows) if rows else stack(say("cli.release.none"))


def draw_status(own: Session, document: ReleaseStatus) -> RenderableType:
    from network.cli.draw import stack

    if not document.workloads:
        return stack(own.out.say("cli.release.no_workloads"))
    return stack(*(part for each in document.workloads for part in _workload(own, each)))


def _workload(own: Session, line: WorkloadLine) -> Iterable[RenderableType | None]:
    from network.cli.draw import table

    say = own.out.say
    yield say("cli.release.carries", workload=line.workload, name=clean(line.name), release=line.release or "–")
    rows = [
        (
            each.server,
            clean(each.current) or "–",
            clean(each.previous) or "–",
            clean(each.problem or each.unit) or "–",
            "–" if each.problem or not each.current else say("cli.release.yes" if each.healthy else "cli.release.no"),
            ", ".join(f"{edge} {say(f'cli.release.{word}')}" for edge, word in each.edges.items()) or "–",
        )
        for each in line.servers
    ]
    yield table(say, _SERVERS, rows) if rows else clean(line.problem) or None
    last = line.last
    if last is not None:
        yield say(
            "cli.release.last",
            task=say(f"cli.release.task.{last.task}"),
            release=last.release or "–",
            result=say(f"cli.result.{last.result}"),
            at=own.local(last.finished or last.started),
            actor=clean(last.actor),
        )
        yield from (f"  {_gate_line(own, gate)}" for gate in last.gates)
    if (own_turn := line.at_work) is not None:
        since = own.local(own_turn.since) if own_turn.since else "–"
        yield say("cli.release.at_work", actor=clean(own_turn.actor) or "?", since=since, run=own_turn.run, pid=own_turn.pid)
    elif line.open:
        yield say("cli.release.open_run", workload=line.workload)


def _numbers(gate: Mapping[str, Any]) -> tuple[str, str, str, str]:
    total = gate.get("total") or {}
    p95 = total.get("p95")
    shown = [str(total.get(name, "–")) for name in ("in_row", "requests", "errors")]
    return shown[0], shown[1], shown[2], "–" if p95 is None else f"{p95} ms"


def _gate(own: Session, gate: Mapping[str, Any]) -> str:
    word = "none" if not gate else "good" if gate.get("good") else "bad"
    return own.out.say(f"cli.release.gate.{word}")


def _gate_line(own: Session, gate: Mapping[str, Any]) -> str:
    in_row, requests, errors, p95 = _numbers(gate)
    return own.out.say(
        "cli.release.gate_line",
        number=gate.get("number", "?"),
        gate=_gate(own, gate),
        in_row=in_row,
        requests=requests,
        errors=errors,
        p95=p95,
    )
