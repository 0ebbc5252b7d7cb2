"""What the services of releases work with, what they tell while they work, and what comes of it. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from secrets import token_hex
from typing import Any, Final, TypeAlias

from inventory.regency import Regency
from network.core.plays import Playing
from network.core.ports import Clock, Runner
from network.core.reason import Reason
from network.core.releases.ports import ReleaseHands, Releases
from network.core.releases.record import ReleaseRecord, Task
from network.core.releases.values import Workload
from network.errors import DeviceBusy, LajurError, Refused

TURN: Final = "release"
"""The lock under which releases of a regency are carried out, one after the other. Beside it a release has one of each server
that it works on, which who gives a server back, and who plays on it, needs too (`lock_of`)."""

_AT: Final = "%Y%m%dt%H%M%S"
_BEGUN: Final = re.compile(r"release-(?P<at>\d{8}t\d{6})-[0-9a-f]{6}")

RETURNS: Final = "infra-"
"""What the names of runs begin with that give servers back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseEvent:
    """Something that is begun or was found out: a code `release.step.…` and its fields."""

    code: str
    fields: Mapping[str, object] = field(default_factory=dict)


Heard: TypeAlias = Callable[[ReleaseEvent], None]


def nobody(event: ReleaseEvent) -> None:
    """Nobody listens."""


def step(word: str, **fields: object) -> ReleaseEvent:
    return ReleaseEvent(code=f"release.step.{word}", fields=fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseParts:
    """The ports of one workload of a regency."""

    regency: Regency
    workload: Workload
    hands: ReleaseHands
    record: Releases
    runner: Runner
    clock: Clock
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReport:
    """`gate`: what `network.core.releases.gate.Verdict.detail` says; empty when it never came to one. `seconds` it took."""

    number: int
    servers: tuple[str, ...]
    seconds: float
    gate: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a run. `result`: done, nothing, returned, needs_person; with an `error` for the last two unless somebody
    interrupted it and all is back."""

    run: str
    workload: str
    task: Task
    release: str
    before: str
    result: str
    version: str = ""
    batches: tuple[BatchReport, ...] = ()
    warnings: tuple[Reason, ...] = ()
    error: LajurError | None = None
    interrupted: bool = False


def new_run(now: datetime) -> str:
    """A name that holds the moment, in UTC."""
    return f"release-{now.astimezone(UTC):{_AT}}-{token_hex(3)}"


def lock_of(server: str) -> str:
    """The lock of a server while a release works on it, while it is given back, and while somebody plays on it."""
    return f"{TURN}@{server}"


def engaged(parts: ReleaseParts) -> tuple[str, ...]:
    """The servers that a release works on: those that carry it, its edges, and those of its database."""
    own = parts.workload
    return tuple(dict.fromkeys((*own.servers, *own.edges, *holding(parts))))


def holding(parts: ReleaseParts) -> tuple[str, ...]:
    """The servers that hold its database, as the truth says; none where it has none."""
    return tuple(server for each in parts.regency.workloads if each.key == parts.workload.database for server in each.servers)


def local(parts: ReleaseParts, moment: datetime) -> str:
    """As people of the regency write it, with the zone's name."""
    return _local(moment, parts.regency.zone)


def _local(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


@contextmanager
def turn(parts: ReleaseParts, run: str) -> Iterator[None]:
    """Nobody else releases anything meanwhile, and no server that this one works on is given back. Raises Refused naming who is
    at it, and since when."""
    with ExitStack() as held:
        try:
            held.enter_context(parts.runner.hold((TURN, *map(lock_of, engaged(parts))), run))
        except DeviceBusy as error:
            if (play := player(error, parts.regency.zone)) is not None:
                raise Refused("release.busy_play", workload=parts.workload.key, **play) from error
            if (other := _run(error)).startswith(RETURNS):
                said = {"workload": parts.workload.key, "server": server_of(error), "run": other}
                raise Refused("release.busy_return", pid=error.fields.get("pid", "?"), **said) from error
            known = releaser(error, parts.record, parts.regency.zone)
            if "actor" not in known and (looking := _looking(error, parts.regency.zone)):
                raise Refused("release.busy_looking", **known, **looking) from error
            raise Refused("release.busy_since" if "actor" in known else "release.busy", **known) from error
        yield


@contextmanager
def unreleased(servers: Iterable[str], runner: Runner, record: Releases, zone: tzinfo, run: str) -> Iterator[None]:
    """Neither a release nor a play works on these servers, and none begins to meanwhile. Raises Refused naming who does,
    and since when."""
    with ExitStack() as held:
        try:
            held.enter_context(runner.hold([lock_of(server) for server in servers], run))
        except DeviceBusy as error:
            if (play := player(error, zone)) is not None:
                raise Refused("infra.playing", **play) from error
            known = releaser(error, record, zone)
            code = "infra.releasing_since" if "actor" in known else "infra.releasing"
            raise Refused(code, server=server_of(error), **known) from error
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """Who has the turn, as which run and process, and since when. `actor` empty, `since` None: nothing is on record of that run
    yet."""

    run: str
    pid: str
    actor: str = ""
    since: datetime | None = None


def at_work(parts: ReleaseParts) -> AtWork | None:
    """Who carries out a release of this workload, or its way back, at this moment; None for nobody, or where nobody can tell."""
    try:
        with parts.runner.hold((TURN,), new_run(parts.clock.now())):
            return None
    except DeviceBusy as error:
        run, pid = _run(error), str(error.fields.get("pid", "?"))
        if (known := _at_it(parts.record, run)) is None:
            return AtWork(run=run, pid=pid)
        own, actor, since = known
        return AtWork(run=run, pid=pid, actor=actor, since=since) if own.workload == parts.workload.key else None
    except Refused:
        return None


def player(error: DeviceBusy, zone: tzinfo) -> dict[str, object] | None:
    """Who plays what on which server since when, and as which process; None where it is no play that has the lock."""
    if (play := Playing.of(_run(error))) is None:
        return None
    said = {"actor": play.actor or "?", "playbook": play.playbook, "since": _local(play.since, zone)}
    return {**said, "server": server_of(error), "pid": error.fields.get("pid", "?")}


def _run(error: DeviceBusy) -> str:
    return str(error.fields.get("run", "?"))


def server_of(error: DeviceBusy) -> str:
    """The server whose lock is taken; a dash for another lock."""
    return str(error.fields.get("device", "")).partition("@")[2] or "–"


def releaser(error: DeviceBusy, record: Releases, zone: tzinfo) -> dict[str, object]:
    """Who has the lock of a release: the run and its process; where the record knows of it, whose it is, of what, since when."""
    found: dict[str, object] = {"run": _run(error), "pid": error.fields.get("pid", "?")}
    if (known := _at_it(record, _run(error))) is None:
        return found
    own, actor, since = known
    return {**found, "actor": actor, "workload": own.workload, "release": own.release or "–", "since": _local(since, zone)}


def _looking(error: DeviceBusy, zone: tzinfo) -> dict[str, object]:
    """Who has the lock of a release of which nothing is on record yet, as who holds it lets others know; empty where nobody can
    tell."""
    actor, workload, begun = error.fields.get("actor"), error.fields.get("workload"), _BEGUN.fullmatch(_run(error))
    if not actor or not workload or begun is None:
        return {}
    try:
        since = datetime.strptime(begun["at"], _AT).replace(tzinfo=UTC)
    except ValueError:
        return {}
    return {"actor": actor, "workload": workload, "since": _local(since, zone)}


def _at_it(record: Releases, run: str) -> tuple[ReleaseRecord, str, datetime] | None:
    """The release that holds its turn as `run`, who is at it, and since when. One that goes on with another, or is the second
    part of one, says so in its marks (`turn`)."""
    for each in record.history():
        if each.id == run:
            return each, each.actor, each.started
        marks = record.marks(each.id) if each.result == "running" else ()
        for mark in marks:
            if mark.detail.get("turn") == run:
                return each, str(mark.detail.get("actor") or each.actor), mark.at
    return None
