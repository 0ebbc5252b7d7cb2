"""A small tree by hand, and the steps that make it: what the contract suite carries to every kind of device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any, Final

from inventory.units import Direction
from network.core.observed import DeviceState, Queue, Rule
from network.core.plan import Phase, QueueStep, RulesStep, ShaperStep, Step
from network.core.tree import DEFAULT, ROOT, NodeId, Place, ShaperId, hub, leaf, office

UP: Final = ShaperId(1, "domestic", Direction.UP)
DOWN: Final = ShaperId(1, "domestic", Direction.DOWN)
OTHER: Final = ShaperId(2, "international", Direction.UP)
PLACES: Final = {shaper: Place("core", f"up{shaper.uplink_id}") for shaper in (UP, DOWN, OTHER)}

Queues = Mapping[NodeId, Queue]

BURSTS = ("burst", "ceiling_burst")


def inner(node: NodeId, parent: NodeId | None, ceiling: int) -> Queue:
    guarantee = ceiling if node == ROOT else 8_000
    return Queue(
        node=node,
        parent=parent,
        guarantee=guarantee,
        ceiling=ceiling,
        priority=3,
        quantum=60_000,
        burst=15_140,
        ceiling_burst=15_140 if node == ROOT else 30_280,
    )


def leaf_queue(node: NodeId, parent: NodeId, guarantee: int, ceiling: int, *, weight: int = 1, priority: int = 3) -> Queue:
    return Queue(
        node=node,
        parent=parent,
        guarantee=guarantee,
        ceiling=ceiling,
        priority=priority,
        quantum=weight * 1514,
        burst=15_140,
        ceiling_burst=max(15_140, weight * 1514),
        buffer=max(6 * 1514, guarantee // 160),
    )


def small_tree() -> dict[NodeId, Queue]:
    """Four levels, in an order in which each parent comes first."""
    queues = [
        inner(ROOT, None, 19_400_000),
        leaf_queue(DEFAULT, ROOT, 128_000, 128_000),
        inner(hub(1), ROOT, 10_000_000),
        inner(office(3), hub(1), 4_000_000),
        leaf_queue(leaf(1), ROOT, 2_000_000, 19_400_000, weight=3),
        leaf_queue(leaf(2), hub(1), 1_234_000, 10_000_000, weight=32, priority=0),
        leaf_queue(leaf(2, 1), hub(1), 500_000, 10_000_000),
        leaf_queue(leaf(3), office(3), 64_000, 4_000_000, priority=7),
        leaf_queue(leaf(3, 13), office(3), 16_008, 16_008),
    ]
    return {queue.node: queue for queue in queues}


def small_rules() -> frozenset[Rule]:
    oss, sipd = IPv4Network("198.18.10.0/24"), IPv4Network("198.18.12.0/24")
    lan = {number: IPv4Network(f"100.64.{number}.0/24") for number in (1, 2, 3)}
    return frozenset(
        [
            *(Rule(lan[number], None, leaf(number)) for number in lan),
            Rule(lan[2], oss, leaf(2, 1)),
            Rule(lan[3], sipd, leaf(3, 13)),
        ]
    )


def attach(shaper: ShaperId, *, attach: bool = True) -> Step:
    return ShaperStep(device="core", shaper=shaper, phase=Phase.RAISE if attach else Phase.LOWER, attach=attach)


def create(shaper: ShaperId, queues: Queues) -> list[Step]:
    return [_queue(shaper, Phase.RAISE, None, queue) for queue in queues.values()]


def remove(shaper: ShaperId, queues: Queues) -> list[Step]:
    return [_queue(shaper, Phase.LOWER, queue, None) for queue in reversed(list(queues.values()))]


def change(shaper: ShaperId, before: Queue, **fields: Any) -> QueueStep:
    return _queue(shaper, Phase.RAISE, before, replace(before, **fields))


def back(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The inverses in reverse order: what a run arms the device with."""
    return tuple(_inverse(step) for step in reversed(steps))


def point(shaper: ShaperId, before: frozenset[Rule], after: frozenset[Rule]) -> Step:
    return RulesStep(device="core", shaper=shaper, phase=Phase.POINT, before=before, after=after)


def standing(shaper: ShaperId) -> list[Step]:
    """All that makes the small tree out of nothing."""
    return [attach(shaper), *create(shaper, small_tree()), point(shaper, frozenset(), small_rules())]


def differences(state: DeviceState, shaper: ShaperId, queues: Queues) -> list[tuple[Queue | None, Queue | None]]:
    """Wished and observed where they differ; a burst may differ by 2 %, as a device counts it in ticks of its own."""
    seen = state.shapers[shaper].queues
    pairs = [(queues.get(node), seen.get(node)) for node in queues.keys() | seen.keys()]
    return [(wished, found) for wished, found in pairs if not _same(wished, found)]


def _same(wished: Queue | None, found: Queue | None) -> bool:
    if wished is None or found is None:
        return wished is found
    near = all(abs(getattr(found, name) - getattr(wished, name)) * 50 <= getattr(wished, name) for name in BURSTS)
    return near and replace(found, **{name: getattr(wished, name) for name in BURSTS}) == wished


def _queue(shaper: ShaperId, phase: Phase, before: Queue | None, after: Queue | None) -> QueueStep:
    return QueueStep(device="core", shaper=shaper, phase=phase, before=before, after=after)


def _inverse(step: Step) -> Step:
    match step:
        case ShaperStep():
            return replace(step, attach=not step.attach)
        case QueueStep():
            return replace(step, before=step.after, after=step.before)
        case RulesStep():
            return replace(step, before=step.after, after=step.before)
