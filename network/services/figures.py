"""What is seen of one regency at a moment: promised, applied and measured, how old it is, and what could not be read.

Values and how they are made from a look at the devices; reads nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from inventory.regency import Regency
from inventory.units import Direction
from network.core.allocate import Allocation
from network.core.demand import Advice
from network.core.observed import Queue, ShaperState
from network.core.rates import ClassRates, Rate, class_rates
from network.core.reporting import Look
from network.core.tree import NodeId, NodeKind, ShaperId
from network.errors import LajurError


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFigure:
    """One office on one uplink and direction, in bit/s. `measured` by the class meter, None when it says nothing.

    `guarantee` is what the intent of now promises, `applied` what the device holds of it: 0 when it holds nothing, None when it
    was not read. The same goes for `ceiling`.
    """

    office: str
    uplink: str
    direction: Direction
    guarantee: int
    applied: int | None
    ceiling: int | None
    measured: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UplinkFigure:
    """One uplink and direction, in bit/s. `shaped` is what its root lets through, `guaranteed` the sum of all promises.

    `backlog` are the bytes that wait in its queues, None when it was not read.
    """

    uplink: str
    direction: Direction
    contracted: int
    shaped: int
    guaranteed: int
    measured: int | None
    backlog: int | None

    @property
    def headroom(self) -> int | None:
        """What nobody used of `shaped`."""
        return None if self.measured is None else max(0, self.shaped - self.measured)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossCheck:
    """One uplink and direction by both meters over the same half minute, in bit/s.

    `interface` is where the shaper stands: its totals count what came in before the shaper dropped any of it (down), and what
    left it (up), and both count what is no traffic of offices, such as routing. `ratio` is the SNMP meter's figure by the
    class meter's; None while there is too little traffic to compare, or when one of them says nothing, and then `why` says
    why not. `age` in seconds.
    """

    uplink: str
    direction: Direction
    interface: str
    by_snmp: int | None
    by_class: int | None
    ratio: float | None
    why: str | None
    age: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All figures of one regency.

    `at`: when they were read, None before the first time. `drift` counts the steps between what the devices hold and what is
    intended, None when no device could be read. `age` has every device: seconds since it was last read, None when never.
    `errors` by what failed: a device's key (`core`), `snmp core`, `intent` (truth or allocation), `record` (the ledger). `advice`
    is what the demand loop would do or does to ceilings; None when it is off.
    """

    regency: str
    at: datetime | None = None
    windows: tuple[str, ...] = ()
    boosts: tuple[str, ...] = ()
    uplinks: tuple[UplinkFigure, ...] = ()
    offices: tuple[OfficeFigure, ...] = ()
    drift: int | None = None
    age: Mapping[str, float | None] = field(default_factory=lambda: MappingProxyType({}))
    errors: Mapping[str, LajurError] = field(default_factory=lambda: MappingProxyType({}))
    cross_check: tuple[CrossCheck, ...] = ()
    advice: Advice | None = None


def rates(before: Look | None, after: Look) -> dict[ShaperId, dict[NodeId, int]]:
    """Bit/s that left each queue between two looks; what a counter cannot prove is absent."""
    found: dict[ShaperId, dict[NodeId, int]] = {}
    for device, new in after.readings.items():
        old = before.readings.get(device) if before else None
        found.update(proved(class_rates(old, new)))
    return found


def proved(given: ClassRates) -> dict[ShaperId, dict[NodeId, int]]:
    """The rates without those that were dropped."""
    return {
        shaper: {node: rate.bits for node, rate in nodes.items() if isinstance(rate, Rate)} for shaper, nodes in given.items()
    }


def total(nodes: Mapping[NodeId, int]) -> int | None:
    """What left an uplink, by its leaves and the default class; None when none of them says anything."""
    kinds = (NodeKind.LEAF, NodeKind.DEFAULT)
    sums = [rate for node, rate in nodes.items() if node.kind in kinds]
    return sum(sums) if sums else None


def uplink_figures(regency: Regency, before: Look | None, after: Look) -> Iterator[UplinkFigure]:
    measured = rates(before, after)
    for shaper, allocation in after.allocations.items():
        reading = after.readings.get(allocation.place.device)
        shown = reading.state.shapers.get(shaper) if reading else None
        yield UplinkFigure(
            uplink=shaper.uplink,
            direction=shaper.direction,
            contracted=regency.uplink(shaper.uplink).rate.of(shaper.direction),
            shaped=allocation.capacity,
            guaranteed=sum(allocation.guarantee(office) for office in allocation.leaves),
            measured=total(measured.get(shaper, {})),
            backlog=None if reading is None else _backlog(shown),
        )


def _backlog(shown: ShaperState | None) -> int:
    return sum(counter.backlog for node, counter in shown.counters.items() if node.is_leaf) if shown else 0


def office_figures(before: Look | None, after: Look) -> Iterator[OfficeFigure]:
    measured = rates(before, after)
    for shaper, allocation in after.allocations.items():
        reading = after.readings.get(allocation.place.device)
        shown = reading.state.shapers.get(shaper) if reading else None
        held = None if reading is None else shown.queues if shown else {}
        for office in allocation.leaves:
            yield _office(allocation, office, held, measured.get(shaper, {}))


def _office(
    allocation: Allocation, office: str, held: Mapping[NodeId, Queue] | None, rated: Mapping[NodeId, int]
) -> OfficeFigure:
    nodes = allocation.leaves[office]
    queues = None if held is None else [held[node] for node in nodes if node in held]
    return OfficeFigure(
        office=office,
        uplink=allocation.shaper.uplink,
        direction=allocation.shaper.direction,
        guarantee=allocation.guarantee(office),
        applied=None if queues is None else sum(queue.guarantee for queue in queues),
        ceiling=None if queues is None else max((queue.ceiling for queue in queues), default=0),
        measured=sum(rated[node] for node in nodes) if nodes and all(node in rated for node in nodes) else None,
    )
