"""Releases on servers in memory, with a record in memory, and whoever ends the controller wherever a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from inventory.load import load_regency
from inventory.regency import Regency
from network.clock import StepClock
from network.core.releases.batches import batches
from network.core.releases.record import Mark, ReleaseRecord, Task
from network.core.releases.values import Artefact, ArtefactKind, Batch, Gate, Workload
from network.drivers.memory_releases import Behaviour, MemoryFleet, MemoryReleaseHands
from network.errors import DeviceBusy, LajurError, LedgerError, Refused
from network.messages import text
from network.services.release_parts import Outcome, ReleaseParts
from network.services.releases import Order, deploy

TRUTH = Path(__file__).parents[3] / "inventory" / "regencies" / "manokwari"
QUIET = datetime(2026, 8, 5, 3, 0, tzinfo=UTC)
"""No window of the regency acts then."""

OLD, NEW, OTHER = "1-111111111111", "2-222222222222", "3-333333333333"


class Killed(BaseException):
    """The controller ends here, without a word."""


@cache
def regency() -> Regency:
    return load_regency(TRUTH)


def workload(servers: int = 4, edges: int = 1, **changes: Any) -> Workload:
    usual = Workload(
        key="gateway",
        name="Gateway",
        owner="ICT",
        kind=ArtefactKind.TARBALL,
        servers=tuple(f"app-{number}" for number in range(1, servers + 1)),
        port=8080,
        health="/sehat",
        migrate=("bin/migrate",),
        gate=Gate(good=2, watch=5, requests=20, errors=1, slow=500),
        batches=(Batch(count=1), Batch(percent=50), Batch(percent=100)),
        edges=tuple(f"edge-{number}" for number in range(1, edges + 1)),
    )
    return replace(usual, **changes)


def artefact(id: str = NEW, **changes: Any) -> Artefact:
    usual = Artefact(
        id=id,
        version=id.partition("-")[0],
        kind=ArtefactKind.TARBALL,
        path="/nowhere.tar.gz",
        sha256=id.partition("-")[2] * 5 + "1234",
        size=1000,
        unpacked=3000,
    )
    return replace(usual, **changes)


class MemoryRecord:
    """`network.core.releases.ports.Releases` that keeps what it is told, until it is `lost`."""

    def __init__(self) -> None:
        self.records: dict[str, ReleaseRecord] = {}
        self.written: dict[str, list[Mark]] = {}
        self.lost: LedgerError | None = None

    def _write(self) -> None:
        if self.lost is not None:
            raise self.lost

    def begin(self, record: ReleaseRecord) -> None:
        self._write()
        assert record.id not in self.records
        for each in list(self.records.values()):
            if each.result == "running" and each.workload == record.workload:
                self.finish(each.id, "abandoned", record.started)
        self.records[record.id], self.written[record.id] = record, []

    def mark(self, run: str, mark: Mark) -> None:
        self._write()
        assert self.records[run].result == "running"
        self.written[run].append(mark)

    def finish(self, run: str, result: str, at: datetime, detail: Mapping[str, str | int] | None = None) -> None:
        self._write()
        assert self.records[run].result == "running"
        self.records[run] = replace(self.records[run], result=result, finished=at, detail=detail or {})

    def marks(self, run: str) -> tuple[Mark, ...]:
        return tuple(self.written[run])

    def last(self, workload: str) -> ReleaseRecord | None:
        return next(iter(self.history(workload, 1)), None)

    def history(self, workload: str | None = None, limit: int = 20) -> tuple[ReleaseRecord, ...]:
        newest = [each for each in reversed(self.records.values()) if workload in (None, each.workload)]
        return tuple(newest[:limit])


@dataclass
class Locks:
    """`network.core.ports.Runner`, of which only the locks are needed. `held`: by lock the run that has it; `note`: what
    who has it lets others know."""

    held: dict[str, str] = field(default_factory=dict)
    note: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def hold(self, devices: Sequence[str], run: str) -> Iterator[None]:
        for device in sorted(devices):
            if device in self.held:
                raise DeviceBusy("lock.busy", device=device, seconds=1, run=self.held[device], pid=42, **self.note)
        self.held |= dict.fromkeys(devices, run)
        try:
            yield
        finally:
            for device in devices:
                del self.held[device]

    def each(self, devices: Any, work: Any, heard: Any = None) -> Any:
        raise NotImplementedError


class Clock(StepClock):
    """Stands still but for sleeping, of which `asleep` is told."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment)
        self.asleep: Callable[[], None] = lambda: None

    def sleep(self, seconds: float) -> None:
        self.asleep()
        super().sleep(seconds)


class Watchful:
    """Calls `after` whenever a call of `of` is through."""

    def __init__(self, of: Any, after: Any) -> None:
        self._of, self._after = of, after

    def __getattr__(self, verb: str) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            found = getattr(self._of, verb)(*arguments, **named)
            self._after(verb, "")
            return found

        return call


@dataclass
class World:
    """A workload that carries OLD, and what happens to it. `steps` counts everything that was done; `happen` is called with that
    number before each thing on a machine and after each call of a port."""

    workload: Workload = field(default_factory=workload)
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    carrying: str = OLD
    watched: bool = True

    def __post_init__(self) -> None:
        self.fleet = MemoryFleet(self.workload, self.behaviours)
        if self.carrying:
            self.fleet.carry(self.carrying)
        self.record, self.clock = MemoryRecord(), Clock(QUIET)
        self.locks: Any = Locks()
        self.steps = 0
        self.happen: Any = lambda step, word: None
        self.fleet.pulse = self._pulse
        self.known = {OLD, NEW}
        self.most_out = max(len(each) for each in batches(self.workload.servers, self.workload.batches))

    def _pulse(self, word: str, machine: str) -> None:
        self.steps += 1
        self.happen(self.steps, word)
        if self.watched:
            self.holds()

    def holds(self) -> None:
        """What must be so at every moment: people get one of the two releases, and no more servers than a batch are kept out."""
        live = self.fleet.let_in()
        assert set(live.values()) <= self.known, live
        out = len(self.workload.servers) - len(live)
        assert out <= self.most_out, f"{out} servers are out"

    @property
    def parts(self) -> ReleaseParts:
        return ReleaseParts(
            regency=regency(),
            workload=self.workload,
            hands=Watchful(MemoryReleaseHands(self.fleet), self._pulse),
            record=Watchful(self.record, self._pulse),
            runner=self.locks,
            clock=self.clock,
            actor="os:ayu",
        )

    def again(self) -> None:
        """A new controller, after which nothing happens any more."""
        self.happen = lambda step, word: None

    def everybody(self, release: str) -> bool:
        """Whether every server carries it, and nothing else is live."""
        sights = MemoryReleaseHands(self.fleet).look(self.workload.servers)
        return all(sight.carries(release) for sight in sights.values())


def go(world: World, id: str = NEW, **more: Any) -> Outcome:
    return deploy(Order(artefact=artefact(id), **more), world.parts)


def reasons(error: LajurError | None) -> list[str]:
    """Every code in the error, its causes and their causes."""
    assert error is not None
    found = [error.code]
    for name in ("reasons", "remedies", "why", "said"):
        each = error.fields.get(name)
        inner = each if isinstance(each, tuple) else (each,)
        found += [code for part in inner if isinstance(part, LajurError) for code in reasons(part)]
    return found


def both(error: LajurError | None) -> list[str]:
    assert error is not None
    return [text(error.code, language, error.fields) for language in ("id", "en")]


def refused(world: World, id: str = NEW, **more: Any) -> Refused:
    before = {key: (each.current, tuple(each.releases), dict(each.drained)) for key, each in world.fleet.servers.items()}
    marks = len(world.record.records)
    with pytest.raises(Refused) as caught:
        go(world, id, **more)
    assert before == {key: (each.current, tuple(each.releases), dict(each.drained)) for key, each in world.fleet.servers.items()}
    assert len(world.record.records) == marks, "something was begun"
    assert all(both(caught.value))
    return caught.value


def deployed(id: str) -> ReleaseRecord:
    servers = workload().servers
    return ReleaseRecord(
        id="release-0",
        workload="gateway",
        task=Task.DEPLOY,
        release=id,
        before="",
        servers=servers,
        actor="os:ayu",
        started=QUIET,
    )
