"""Servers and edges that live in this process. The twin of the hands that release; implements `ReleaseHands`.

`pulse` is called before each small thing that would be done on one machine, with its word and the machine: what it raises leaves
everything as it is at that moment, as the end of a controller does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from network.core.releases.values import (
    Answer,
    Artefact,
    HostSight,
    Migrated,
    Migration,
    Placed,
    Problem,
    Pruned,
    Swapped,
    Trouble,
    Watch,
    Watched,
    Workload,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How a release behaves. `status` and `fits` of its health URL; every `wrong`th request is answered with 500 (0: none), in
    `ms`; `failing` are the migrations that do not end well."""

    starts: bool = True
    status: int = 200
    fits: bool = True
    ms: int = 20
    wrong: int = 0
    failing: frozenset[Migration] = frozenset()


@dataclass(slots=True, kw_only=True)
class MemoryServer:
    """`reachable`: whether it answers over SSH, and serves; `stuck`: `current` cannot be made to lead elsewhere. `drained` by
    edge. `clock`: what it takes for the time."""

    reachable: bool = True
    stuck: bool = False
    current: str = ""
    previous: str = ""
    releases: list[str] = field(default_factory=list)
    unit: str = ""
    free: int = 2**33
    drained: dict[str, bool] = field(default_factory=dict)
    clock: int | None = None


def _silent(word: str, machine: str) -> None:
    """Nothing happens meanwhile."""


class MemoryFleet:
    """The servers and edges of one workload. `requests`: how many the edges let in during each watch, one after the other over
    the servers that are let in; `unreachable`: edges that cannot be asked or told; `database`: whether it takes connections."""

    def __init__(self, workload: Workload, behaviours: Mapping[str, Behaviour] | None = None) -> None:
        self.workload = workload
        self.behaviours = dict(behaviours or {})
        self.servers = {key: MemoryServer(drained=dict.fromkeys(workload.edges, False)) for key in workload.servers}
        self.unreachable: set[str] = set()
        self.requests = 100
        self.database = True
        self.pulse: Callable[[str, str], None] = _silent
        self.migrations: list[tuple[str, Migration]] = []

    def let_in(self) -> dict[str, str]:
        """By server: the release that people are answered with."""
        return {
            key: each.current
            for key, each in self.servers.items()
            if each.reachable and each.unit == "active" and each.current and (not each.drained or not all(each.drained.values()))
        }

    def carry(self, release: str) -> None:
        """As if it had been released long ago."""
        for server in self.servers.values():
            server.releases.append(release)
            server.previous, server.current, server.unit = server.current, release, "active"

    def forget(self, edge: str) -> None:
        """The edge was started again, and lets in everybody."""
        for server in self.servers.values():
            server.drained[edge] = False

    def answer(self, key: str) -> Answer:
        server = self.servers[key]
        own = self.behaviours.get(server.current, Behaviour())
        if not server.reachable or server.unit != "active":
            return Answer(status=0, ms=0, fits=False)
        return Answer(status=own.status, ms=own.ms, fits=own.fits and own.status < 300)


class MemoryReleaseHands:
    """`network.core.releases.ports.ReleaseHands` on a fleet."""

    def __init__(self, fleet: MemoryFleet) -> None:
        self._fleet = fleet

    def look(self, hosts: Sequence[str]) -> Mapping[str, HostSight]:
        return {host: self._sight(host) for host in hosts}

    def _sight(self, host: str) -> HostSight:
        server = self._fleet.servers[host]
        drained = {edge: None if edge in self._fleet.unreachable else out for edge, out in server.drained.items()}
        if not server.reachable:
            return HostSight(drained=drained, trouble=Trouble(problem=Problem.UNREACHABLE))
        return HostSight(
            current=server.current,
            previous=server.previous,
            releases=tuple(server.releases),
            unit=server.unit,
            answers=self._fleet.answer(host).fits,
            said=server.current,
            drained=drained,
            free=server.free,
            clock=server.clock,
            database=self._fleet.database if self._fleet.workload.database else None,
        )

    def place(self, hosts: Sequence[str], artefact: Artefact) -> Mapping[str, Placed]:
        return {host: self._placed(host, artefact) for host in hosts}

    def _placed(self, host: str, artefact: Artefact) -> Placed:
        server, needed = self._fleet.servers[host], (artefact.size + artefact.unpacked) * 11 // 10
        self._fleet.pulse("place", host)
        if not server.reachable:
            return Placed(trouble=Trouble(problem=Problem.UNREACHABLE))
        if artefact.id in server.releases:
            return Placed()
        if server.free < needed:
            return Placed(trouble=Trouble(problem=Problem.SPACE, needed=needed, free=server.free))
        server.releases.append(artefact.id)
        server.free -= artefact.unpacked
        return Placed(changed=True)

    def migrate(self, host: str, release: str, kind: Migration) -> Migrated:
        self._fleet.pulse(kind.value, host)
        server = self._fleet.servers[host]
        if not server.reachable:
            return Migrated(trouble=Trouble(problem=Problem.UNREACHABLE))
        if release not in server.releases:
            return Migrated(trouble=Trouble(problem=Problem.NOT_PLACED))
        if not self._fleet.database:
            return Migrated(trouble=Trouble(problem=Problem.MIGRATION, said="timeout expired {{ 6*7 }}"))
        self._fleet.migrations.append((release, kind))
        if kind in self._fleet.behaviours.get(release, Behaviour()).failing:
            return Migrated(trouble=Trouble(problem=Problem.MIGRATION, said="ERROR: relation exists {{ 6*7 }}"))
        return Migrated()

    def swap(self, hosts: Sequence[str], release: str, *, without: Sequence[str] = ()) -> Mapping[str, Swapped]:
        """Step by step on all hosts, as they would be reached at once."""
        ready = {host: self._drained(host, release, without) for host in hosts}
        found = {host: each for host, each in ready.items() if each is not None}
        for host in hosts:
            if ready[host] is None:
                found[host] = self._switched(host, release, without)
        return found

    def _drained(self, host: str, release: str, without: Sequence[str]) -> Swapped | None:
        """None when it is drained and can be switched."""
        fleet, server = self._fleet, self._fleet.servers[host]
        before, asked = dict(server.drained), [edge for edge in server.drained if edge not in without]
        if server.reachable and release and release not in server.releases:
            return Swapped(trouble=Trouble(problem=Problem.NOT_PLACED), let_in=bool(asked))
        for edge in asked:
            fleet.pulse("drain", host)
            server.drained[edge] |= edge not in fleet.unreachable
        gone = next((edge for edge in asked if edge in fleet.unreachable), "")
        if not server.reachable:
            return Swapped(trouble=Trouble(problem=Problem.UNREACHABLE), let_in=bool(gone))
        if gone:
            server.drained |= {edge: before[edge] for edge in self._edges()}
            return Swapped(trouble=Trouble(problem=Problem.EDGE, edge=gone), let_in=True)
        edge = ""
        for _ in range(3):
            fleet.pulse("wait", host)
            edge = next((each for each in asked if not server.drained[each]), "")
            if not edge:
                break
            server.drained |= dict.fromkeys(asked, True)
        if not edge and not server.stuck:
            return None
        server.drained = before
        if edge:
            return Swapped(trouble=Trouble(problem=Problem.FORGOTTEN, edge=edge), let_in=True)
        let_in = any(not before[each] for each in asked)
        return Swapped(trouble=Trouble(problem=Problem.OTHER, said="IsADirectoryError"), let_in=let_in)

    def _switched(self, host: str, release: str, without: Sequence[str]) -> Swapped:
        fleet, server = self._fleet, self._fleet.servers[host]
        fleet.pulse("switch", host)
        if not server.reachable:
            return Swapped(trouble=Trouble(problem=Problem.UNREACHABLE))
        if server.current and server.current != release:
            server.previous = server.current
        server.current = release
        fleet.pulse("restart", host)
        if not release:
            server.unit = "inactive"
            return Swapped(switched=True)
        server.unit = "active" if fleet.behaviours.get(release, Behaviour()).starts else "failed"
        if server.unit == "failed":
            return Swapped(trouble=Trouble(problem=Problem.START, said="exit 1 {{ 6*7 }}"), switched=True)
        fleet.pulse("answer", host)
        if not fleet.answer(host).fits:
            return Swapped(trouble=Trouble(problem=Problem.ANSWER), switched=True)
        asked = [edge for edge in server.drained if edge not in without]
        for edge in asked:
            fleet.pulse("let_in", host)
            server.drained[edge] &= edge in fleet.unreachable
        gone = next((edge for edge in asked if edge in fleet.unreachable), "")
        if gone:
            return Swapped(trouble=Trouble(problem=Problem.EDGE, edge=gone), switched=True, let_in=True)
        return Swapped(switched=True, let_in=bool(asked), cursors=dict.fromkeys(asked, f"s={host}"))

    def _edges(self) -> tuple[str, ...]:
        return tuple(edge for edge in self._fleet.workload.edges if edge not in self._fleet.unreachable)

    def watch(self, hosts: Sequence[str], cursors: Mapping[str, str]) -> Watch:
        fleet = self._fleet
        for host in hosts:
            fleet.pulse("watch", host)
        answering = list(fleet.let_in())
        counts = {host: len(range(at, fleet.requests, len(answering))) for at, host in enumerate(answering)}
        seen = {host: self._watched(host, counts.get(host, 0)) for host in hosts}
        silent = tuple(edge for edge in fleet.workload.edges if edge in fleet.unreachable)
        return Watch(hosts=seen, silent=silent, unserved=0 if answering else fleet.requests)

    def _watched(self, host: str, requests: int) -> Watched:
        fleet = self._fleet
        own = fleet.behaviours.get(fleet.servers[host].current, Behaviour())
        wrong = requests // own.wrong if own.wrong else 0
        asks = fleet.workload.gate.asks
        if not fleet.workload.edges:  # nobody writes down what it was asked
            return Watched(answers={host: (fleet.answer(host),) * asks})
        return Watched(
            answers={each: (fleet.answer(host),) * asks for each in self._edges()},
            statuses={200: requests - wrong, 500: wrong},
            times=(own.ms,) * requests,
        )

    def prune(self, hosts: Sequence[str], keep: int, *, first: Sequence[str] = ()) -> Mapping[str, Pruned]:
        return {host: self._pruned(host, keep, first) for host in hosts}

    def _pruned(self, host: str, keep: int, first: Sequence[str]) -> Pruned:
        server = self._fleet.servers[host]
        self._fleet.pulse("prune", host)
        if not server.reachable:
            return Pruned(trouble=Trouble(problem=Problem.UNREACHABLE))
        held = {server.current, server.previous} - ({""} | (set(first) - {server.current}))
        others = sorted((each for each in server.releases if each not in held), key=lambda each: each not in first)
        gone = others[: max(0, len(others) + len(held) - keep)]
        server.releases = [each for each in server.releases if each not in gone]
        return Pruned(gone=tuple(gone))
