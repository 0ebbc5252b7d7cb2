"""Servers that come for a peak, all in memory: a builder, edges, plays, journals; and whoever ends the controller wherever a test
says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from inventory.cloud_views import Stay, stays
from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from network.clock import StepClock
from network.core.audit import AuditEvent
from network.core.building import SUBJECT as SERVER
from network.core.building import BuildEvent, BuildRequest, Ending, Heard, Observation, Verb
from network.core.capacity import SUBJECT, Seen
from network.core.plays import HostEnd, PlayEvent, PlayHeard, PlayRequest, PlayResult, Plays, Status
from network.core.releases.values import Artefact
from network.core.slot import Slot
from network.drivers.memory_releases import MemoryFleet, MemoryReleaseHands, MemoryServer
from network.errors import BuildError, LajurError, Refused
from network.services.capacity import tick
from network.services.capacity_parts import CapacityHands, CapacityReport, JoinHands, PlayHands
from network.services.entrances import STEPS, TELL
from network.services.giving_back import ReturnHands
from network.services.infra import BuildHands
from network.services.play_turns import PlayParts
from network.services.release_parts import ReleaseParts
from tests.unit.services.releasing import OLD, Locks, MemoryRecord, artefact, deployed, workload

KEYS = ("app-plan-1", "app-plan-2")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Killed(BaseException):
    """The controller ends here, without a word."""


@cache
def truth() -> Regency:
    return load_regency(SHIPPED / "manokwari")


@cache
def stay() -> Stay:
    found = stays(truth(), datetime.fromisoformat("2026-01-01T00:00Z"), datetime.fromisoformat("2027-01-01T00:00Z"))
    return next(each for each in found if each.key == KEYS[0])


class Claims:
    """Of `network.core.ports.Ledger` what is on slots."""

    def __init__(self) -> None:
        self.slots: dict[Slot, str] = {}

    def claim(self, slot: Slot, run: str, at: datetime, status: str) -> bool:
        return self.slots.setdefault(slot, status) == status and list(self.slots)[-1] == slot

    def claims(self, regency: str, since: datetime) -> tuple[tuple[Slot, str], ...]:
        return tuple((slot, status) for slot, status in self.slots.items() if slot.start >= since)


class Notes:
    def __init__(self) -> None:
        self.seen: dict[str, Observation] = {}
        self.events: list[AuditEvent] = []

    def put(self, regency: str, observations: Any) -> None:
        self.seen |= {each.subject: each for each in observations}

    def latest(self, regency: str, prefix: str = "") -> Mapping[str, Observation]:
        return {subject: self.seen[subject] for subject in sorted(self.seen) if subject.startswith(prefix)}

    def drop(self, regency: str, subjects: Any) -> None:
        for each in subjects:
            self.seen.pop(each, None)

    def append(self, event: AuditEvent) -> Any:
        self.events.append(event)


@dataclass
class Renting:
    """A regency with its leased servers, and those that are rented. `did`: what was done, in order; `happen` is called before
    each of it; `bad`: by playbook the hosts that fail; `deaf`: edges that answer nothing; `quotas`: what the cloud says;
    `unadopted`: of whom the builder knows nothing; `unseen`: why servers cannot be looked at; `given_back`: whom it was asked to
    give back, each time."""

    did: list[str] = field(default_factory=list)
    happen: Callable[[str], None] = lambda word: None
    bad: dict[str, tuple[str, ...]] = field(default_factory=dict)
    deaf: set[str] = field(default_factory=set)
    unrentable: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    quotas: Any = None
    known: dict[str, str] = field(default_factory=dict)
    unadopted: tuple[str, ...] = ()
    unseen: LajurError | None = None
    given_back: list[tuple[str, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        own = workload(2)
        self.fleet = MemoryFleet(own)
        self.fleet.carry(OLD)
        self.machines: set[str] = set()
        self.claims, self.notes, self.locks, self.record = Claims(), Notes(), Locks(), MemoryRecord()
        self.record.records["release-0"] = replace(deployed(OLD), version="1", sha256=artefact(OLD).sha256, result="done")
        self.clock = StepClock(stay().start)
        self.logs: list[str] = []
        self.regency = truth()
        taken = [Observation(subject=f"{SERVER}{each.key}", at=self.clock.now(), value={}) for each in self.regency.servers]
        self.notes.put(self.regency.head.key, taken)

    # ---- what happens

    def _do(self, word: str) -> None:
        self.happen(word)
        self.did.append(word)

    def run(self, request: BuildRequest, heard: Heard) -> Ending:
        """The builder."""
        self._do(request.verb.value)
        if request.verb is Verb.QUOTAS:
            if isinstance(self.quotas, BuildEvent):
                heard(self.quotas)
            else:
                heard(BuildEvent(code="infra.quotas", fields={"cloud": "awan", "quotas": self.quotas or {}}))
            return Ending()
        changed = [each for each in request.only if each not in (*self.unrentable, *self.stuck)]
        if request.verb is Verb.REFRESH:
            for key in request.baseline:
                heard(BuildEvent(code="infra.rebased", fields={"server": key}))
            return Ending(result={"outputs": {key: {"server": key} for key in sorted(self.machines)}}, error=self.unseen)
        if request.verb is Verb.UP:
            for key in changed:
                self.machines.add(key)
                self.fleet.servers.setdefault(key, MemoryServer())
            self._do("half rented")
            heard(BuildEvent(code="infra.outputs", fields={"outputs": {key: {"server": key} for key in sorted(self.machines)}}))
        else:
            assert request.verb is Verb.DESTROY
            self.given_back.append(request.only)
            if unknown := [key for key in request.only if key in self.unadopted]:
                return Ending(error=Refused("infra.not_adopted", server=unknown[0], adopted="-"))
            for key in changed:
                assert self.known.get(key) is None, "an edge still has it"
                self.machines.discard(key)
                self.fleet.servers.pop(key, None)
                proof = {"server": key, "ending": "wiped"}
                heard(BuildEvent(code="infra.released", fields={"server": key, "proof": proof, "files": []}))
            self._do("half given back")
        left = [each for each in request.only if each not in changed]
        failed = BuildError("infra.cloud_quota", cloud="awan", what=left[0], reason="-", request="-") if left else None
        return Ending(result={"outputs": {key: {"server": key} for key in sorted(self.machines)}}, error=failed)

    def play(self, request: PlayRequest, heard: PlayHeard) -> PlayResult:
        """Whoever plays. Edges have what the record lets them have, as the inventory would say it."""
        hosts = request.hosts or tuple(request.variables["release"]["edges"])
        self._do(f"{request.playbook} {' '.join(hosts)}")
        failing = self.bad.get(request.playbook, ())
        if request.playbook == STEPS:
            return self._edges(request.variables["release"])
        if request.playbook == "workloads" and "edge-1" not in failing:
            there = [key for key in self.machines if self._stage(key) not in ("opening", "leaving")]
            self.known = {key: self.known.get(key, "in") for key in there}
            for key in self.machines:
                self.fleet.servers[key].drained = {"edge-1": self.known[key] != "in"} if key in self.known else {}
        if request.playbook == "logs":
            self.logs += [host for host in hosts if host not in failing]
        for host in hosts:
            heard(PlayEvent(host=host, task="a task", status=Status.CHANGED))
            heard(PlayEvent(host=host, task="another", status=Status.SKIPPED))
        ends = {host: HostEnd(status=Status.FAILED if host in failing else Status.CHANGED, task="a task") for host in hosts}
        return PlayResult(hosts=ends, log="/log")

    def _edges(self, release: Mapping[str, Any]) -> PlayResult:
        found = {}
        for key in release["hosts"]:
            if key not in self.known:
                found[key] = {"known": False, "problem": "edge"}
                continue
            self.known[key] = "in" if release["state"] == "ready" else "out"
            self.fleet.servers[key].drained = {"edge-1": self.known[key] == "out"}
            well = release["state"] == "drain" or self.fleet.answer(key).fits
            found[key] = {"known": True, "problem": "" if well else "edge"}
        ends = {edge: HostEnd(status=Status.OK, values={TELL: {"servers": found}}) for edge in release["edges"]}
        return PlayResult(hosts={edge: end for edge, end in ends.items() if edge not in self.deaf}, log="/log")

    def _stage(self, key: str) -> str:
        seen = self.notes.seen.get(f"{SUBJECT}{key}")
        return str(seen.value["stage"]) if seen else ""

    @contextmanager
    def fetch(self, release: str, sha256: str, version: str, servers: Any) -> Iterator[Artefact]:
        self._do("fetch the file")
        yield artefact(release)

    # ---- ports

    @property
    def hands(self) -> CapacityHands:
        @contextmanager
        def plays() -> Iterator[PlayHands]:
            yield PlayHands(plays=self, turns=self._turns)

        @contextmanager
        def joins(key: str) -> Iterator[JoinHands]:
            assert key == "gateway"
            yield JoinHands(parts=self._parts(), files=self)

        return CapacityHands(
            regency=self.regency,
            there=frozenset(server.key for server in self.regency.servers),
            build=self._build(),
            ledger=self.claims,  # type: ignore[arg-type]
            plays=plays,
            joins=joins,
            logs="/kept/logs",
        )

    @property
    def _turns(self) -> PlayParts:
        standing = [*(server.key for server in self.regency.servers), *sorted(self.machines)]
        return PlayParts(
            regency=self.regency, standing=standing, runner=self.locks, record=self.record, clock=self.clock, actor="os:ayu"
        )

    def _parts(self) -> ReleaseParts:
        own = replace(workload(2), servers=("app-1", "app-2", *sorted(self.machines)))
        self.fleet.workload = own
        self.fleet.pulse = lambda word, _: self._do(f"release {word}")
        return ReleaseParts(
            regency=self.regency,
            workload=own,
            hands=MemoryReleaseHands(self.fleet),
            record=self.record,
            runner=self.locks,
            clock=self.clock,
            actor="os:ayu",
        )

    def _build(self) -> BuildHands:
        paths: dict[str, Any] = dict.fromkeys(
            ("folder", "state", "home", "passphrase_file", "known_hosts", "reports"), "/nowhere"
        )

        @contextmanager
        def plays() -> Iterator[Plays]:
            yield self

        returns = ReturnHands(
            workloads=self.regency.workloads,
            standing=frozenset(server.key for server in self.regency.servers),
            zone=self.regency.zone,
            plays=plays,
            has_steps=lambda _: True,
            releases=self.record,
        )
        leased = {server.key: server.protected for server in self.regency.servers}
        return BuildHands(
            regency=self.regency.head.key,
            place="direct",
            protected={**leased, **dict.fromkeys(KEYS, False)},
            request=BuildRequest(verb=Verb.PREVIEW, today="-", now="-", project="lajur", stack="x", **paths),
            access=lambda _: {},
            builder=self,
            runner=self.locks,
            audit=self.notes,  # type: ignore[arg-type]
            observations=self.notes,
            clock=self.clock,
            actor="os:ayu",
            returns=returns,
        )

    # ---- what a test asks

    def at(self, moment: datetime) -> Renting:
        self.clock = StepClock(moment)
        return self

    def tick(self) -> CapacityReport:
        return tick(self.hands)

    def again(self) -> CapacityReport:
        """A new controller, after which nothing happens any more."""
        self.happen = lambda word: None
        self.locks.held.clear()
        return self.tick()

    @property
    def stages(self) -> dict[str, str]:
        every = {key: Seen.of(each.value) for key, each in self.notes.seen.items() if key.startswith(SUBJECT)}
        return {key.removeprefix(SUBJECT): each.stage.value for key, each in every.items() if each is not None}

    @property
    def on_record(self) -> set[str]:
        """The rented ones."""
        return set(KEYS) & {key.removeprefix(SERVER) for key in self.notes.seen}

    @property
    def serving(self) -> set[str]:
        """The rented servers to which an edge sends people, all of whom are answered."""
        found = {key for key, state in self.known.items() if state == "in"}
        assert all(self.fleet.answer(key).fits for key in found & self.machines), "people are sent to a server that is not well"
        return found
