"""What holds now: guarantees on the devices, what the offices really use, and whether both are as intended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.units import Direction
from network.core import calendar
from network.core.observed import DeviceState, ShaperState
from network.core.rates import ClassReading, Rate, class_rates
from network.core.tree import ROOT, NodeId, NodeKind, ShaperId
from network.services.apply import Preview, Wish, observe, preview
from network.services.hands import Hands


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeLine:
    """One office on one uplink and direction, in bit/s. `rate` by the class meter; None before a second sample.

    `guarantee` is what the device holds (0 when it holds nothing), `intended` what the intent of now asks for.
    """

    office: str
    name: str
    service_class: str
    uplink: str
    direction: Direction
    guarantee: int
    intended: int
    ceiling: int
    rate: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UplinkLine:
    """One uplink and direction, in bit/s. `shaped` is what the root lets through, `rate` by the class meter."""

    uplink: str
    direction: Direction
    contracted: int
    shaped: int
    rate: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """`waiting` counts the steps between what is observed and what is intended; `age` of the meter's figures in seconds."""

    regency: str
    now: datetime
    windows: tuple[str, ...]
    next_edge: calendar.Edge | None
    waiting: int
    armed: Mapping[str, str]
    returns: Mapping[str, tuple[str, ...]]
    foreign: tuple[str, ...]
    uplinks: tuple[UplinkLine, ...]
    offices: tuple[OfficeLine, ...]
    age: float | None


@dataclass(frozen=True, slots=True)
class Sample:
    """Device states and when they were read, by the monotonic clock."""

    at: float
    states: Mapping[str, DeviceState]


def status(wish: Wish, hands: Hands, *, before: Sample | None = None, interval: float = 2.0) -> tuple[Status, Sample]:
    """The state now. Without an earlier sample the meter is read twice, `interval` seconds apart."""
    if before is None:
        before = sample(hands)
        hands.clock.sleep(interval)
    seen = preview(wish, hands)
    after = Sample(hands.clock.monotonic(), seen.states)
    return _status(seen, before, after), after


def sample(hands: Hands) -> Sample:
    """One reading of the class meter."""
    asked = hands.clock.monotonic()
    states = observe(hands, tuple(sorted(hands.devices)))
    # The counters were read somewhere between asking and answering; the middle halves the doubt.
    return Sample((asked + hands.clock.monotonic()) / 2, states)


def rates(before: Sample, after: Sample) -> dict[ShaperId, dict[NodeId, int]]:
    """Bit/s that left each node between two samples, by the class meter; a node whose counter says nothing is absent."""
    found: dict[ShaperId, dict[NodeId, int]] = {}
    for device, state in after.states.items():
        held = before.states.get(device)
        old = ClassReading(state=held, taken=before.at) if held else None
        for shaper, nodes in class_rates(old, ClassReading(state=state, taken=after.at)).items():
            found[shaper] = {node: rate.bits for node, rate in nodes.items() if isinstance(rate, Rate)}
    return found


def _status(seen: Preview, before: Sample, after: Sample) -> Status:
    measured = rates(before, after)
    shown = {shaper: state for device in seen.states.values() for shaper, state in device.shapers.items()}
    wish = seen.wish
    return Status(
        regency=wish.regency.head.key,
        now=wish.now,
        windows=seen.intent.windows,
        next_edge=calendar.next_edge(wish.regency, wish.now),
        waiting=len(seen.plan.steps),
        armed={name: state.armed.run for name, state in seen.states.items() if state.armed},
        returns={name: tuple(timer.name for timer in state.returns) for name, state in seen.states.items() if state.returns},
        foreign=tuple(f"{shaper}: {line}" for shaper, state in shown.items() for line in state.foreign),
        uplinks=tuple(_uplinks(seen, shown, measured)),
        offices=tuple(_offices(seen, shown, measured)),
        age=round((after.at - before.at) / 2, 2),
    )


def _uplinks(
    seen: Preview, shown: Mapping[ShaperId, ShaperState], measured: Mapping[ShaperId, Mapping[NodeId, int]]
) -> Iterator[UplinkLine]:
    for shaper in sorted(seen.allocations):
        state = shown.get(shaper)
        root = state.queues.get(ROOT) if state else None
        yield UplinkLine(
            uplink=shaper.uplink,
            direction=shaper.direction,
            contracted=seen.wish.regency.uplink(shaper.uplink).rate.of(shaper.direction),
            shaped=root.ceiling if root else 0,
            rate=_total(measured.get(shaper, {})),
        )


def _total(nodes: Mapping[NodeId, int]) -> int | None:
    kinds = (NodeKind.LEAF, NodeKind.DEFAULT)
    return sum(rate for node, rate in nodes.items() if node.kind in kinds) if nodes else None


def _offices(
    seen: Preview, shown: Mapping[ShaperId, ShaperState], measured: Mapping[ShaperId, Mapping[NodeId, int]]
) -> Iterator[OfficeLine]:
    by_id = {office.id: office for office in seen.wish.regency.offices}
    for shaper in sorted(seen.allocations):
        wished = seen.allocations[shaper].queues
        held = shown[shaper].queues if shaper in shown else {}
        nodes = measured.get(shaper, {})
        for number, office in by_id.items():
            leaves = [node for node in wished if node.kind is NodeKind.LEAF and node.id == number]
            yield OfficeLine(
                office=office.key,
                name=office.name,
                service_class=office.service_class,
                uplink=shaper.uplink,
                direction=shaper.direction,
                guarantee=sum(held[leaf].guarantee for leaf in leaves if leaf in held),
                intended=sum(wished[leaf].guarantee for leaf in leaves),
                ceiling=max((held[leaf].ceiling for leaf in leaves if leaf in held), default=0),
                rate=sum(nodes.get(leaf, 0) for leaf in leaves) if nodes else None,
            )
