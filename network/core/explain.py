"""A plan for a person: which office has how much now, what it gets next, and why. Changes nothing, decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inventory.units import Direction
from network.core.allocate import Allocation
from network.core.observed import DeviceState, Queue
from network.core.plan import Plan, QueueStep
from network.core.reason import Reason
from network.core.tree import NodeId, NodeKind, ShaperId


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An office on one uplink in one direction, whose queues the plan touches. Guarantees in bit/s, summed over its leaves.

    `now` is what the device shows; both may be equal, when only weights or ceilings change. `fresh`: it has no queue there yet.
    """

    office: str
    uplink: str
    direction: Direction
    now: int
    next: int
    why: Reason
    fresh: bool


def explain(plan: Plan, states: Mapping[str, DeviceState], allocations: Mapping[ShaperId, Allocation]) -> tuple[Row, ...]:
    """One row for each office and shaper that the plan touches, in the order of the truth."""
    return tuple(row for allocation in allocations.values() for row in _rows(plan, states, allocation))


def office_guarantees(queues: Mapping[NodeId, Queue]) -> dict[int, int]:
    """Bit/s by the office's permanent id: the sum over its leaves."""
    sums: dict[int, int] = {}
    for node, queue in queues.items():
        if node.kind is NodeKind.LEAF:
            sums[node.id] = sums.get(node.id, 0) + queue.guarantee
    return sums


def _rows(plan: Plan, states: Mapping[str, DeviceState], allocation: Allocation) -> Iterator[Row]:
    shaper = allocation.shaper
    touched = {
        step.node.id
        for step in plan.steps
        if isinstance(step, QueueStep) and step.shaper == shaper and step.node.kind is NodeKind.LEAF
    }
    state = states[allocation.place.device].shapers.get(shaper)
    now = office_guarantees(state.queues) if state else {}

    def row(office: str, number: int, later: int, why: Reason) -> Row:
        return Row(
            office=office,
            uplink=shaper.uplink,
            direction=shaper.direction,
            now=now.get(number, 0),
            next=later,
            why=why,
            fresh=number not in now,
        )

    for key, branch in allocation.offices.items():
        if branch.id in touched:
            yield row(key, branch.id, allocation.guarantee(key), allocation.reasons[key])
    for number in sorted(touched - {branch.id for branch in allocation.offices.values()}):
        yield row(f"#{number}", number, 0, Reason(code="why.gone", fields={"id": number}))
