"""What the watch is tried with: reports in memory, a meter that is told what to say, and one regency to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from inventory.policy import Demand
from inventory.regency import Regency
from inventory.units import Direction
from network.core.booking import ReportLine
from network.core.intent import Boost
from network.core.observed import Counter
from network.core.rates import InterfaceReading, InterfaceTotals
from network.core.tree import NodeId, ShaperId, leaf
from network.errors import LajurError, LedgerError, MeterError
from network.services.apply import Wish, apply
from network.services.watch import Post, Watch
from tests.unit.services.conftest import Bench


@dataclass
class Book:
    """Reports in memory, as the port says. `error` is raised by every write."""

    kept: dict[tuple[str, str, str, datetime], dict[tuple[str, str, str], ReportLine]] = field(default_factory=dict)
    error: LedgerError | None = None
    writes: int = 0

    def add(self, lines: Sequence[ReportLine]) -> None:
        self.writes += 1
        if self.error:
            raise self.error
        for line in lines:
            place = self.kept.setdefault((line.regency, line.purpose, line.window, line.start), {})
            place[line.office, line.uplink, line.direction] = line

    def lines(self, regency: str, purpose: str, window: str, start: datetime) -> tuple[ReportLine, ...]:
        return tuple(self.kept.get((regency, purpose, window, start), {}).values())

    def occurrences(
        self, regency: str, after: tuple[str, str, datetime] | None, limit: int
    ) -> tuple[tuple[str, str, datetime], ...]:
        found = sorted((key[1:] for key in self.kept), key=lambda key: key[2], reverse=True)
        return tuple(found[0 if after is None else found.index(after) + 1 :][:limit])


@dataclass
class Scene:
    """One regency that is watched. `boosts` and `demand` are what the watch is told of."""

    bench: Bench
    book: Book = field(default_factory=Book)
    boosts: tuple[Boost, ...] = ()
    demand: Demand = field(default_factory=Demand)
    refusal: LajurError | None = None

    def wish(self, now: datetime) -> Wish:
        if self.refusal:
            raise self.refusal
        regency = self.bench.regency
        policy = regency.policy.model_copy(update={"demand": self.demand})
        return Wish(regency=regency.model_copy(update={"policy": policy}), reason="watch", now=now, boosts=self.boosts)

    def post(self, meter: Meter | None = None) -> Post:
        key = self.bench.regency.head.key
        return Post(key=key, hands=self.bench.hands(), wish=self.wish, reports=self.book, audit=self.bench.ledger, meter=meter)

    def apply(self, ceilings: Mapping[ShaperId, Mapping[NodeId, int]] | None = None) -> None:
        apply(replace(self.wish(self.bench.clock.now()), ceilings=ceilings or {}), self.bench.hands())

    def send(self, node: NodeId, rate: int, seconds: float, *, backlog: int = 0, drops: int = 0) -> None:
        total = int(rate * seconds / 8)
        self.bench.router.send(self.shaper, node, Counter(total, total // 1000, drops, backlog))

    @property
    def shaper(self) -> ShaperId:
        uplink = self.bench.regency.uplinks[0]
        return ShaperId(uplink.id, uplink.key, Direction.DOWN)

    def reported(self) -> list[Mapping[str, str | int]]:
        return [each.event.detail for each in self.bench.ledger.entries() if each.event.action.endswith(".reported")]


@dataclass
class Meter:
    """The SNMP meter, told what to say."""

    totals: InterfaceTotals
    taken: float
    device: str = "core"
    interface: str = ""
    error: MeterError | None = None

    def read(self) -> Mapping[str, InterfaceReading | LajurError]:
        if self.error:
            return {self.device: self.error}
        return {self.device: InterfaceReading(device=self.device, taken=self.taken, interfaces={self.interface: self.totals})}


def first(regency: Regency) -> NodeId:
    return leaf(regency.offices[0].id)


def minutes(scene: Scene, watch: Watch, count: float, rate: int, *, every: float = 10.0, backlog: int = 0) -> None:
    """Let time pass while the first office receives `rate`."""
    for _ in range(round(count * 60 / every)):
        scene.bench.clock.sleep(every)
        scene.send(first(scene.bench.regency), rate, every, backlog=backlog)
        watch.tick()
