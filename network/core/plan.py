"""Ordered steps from what is observed to what is wished, and the way back. Decides an order, never a number.

The order holds one law: after no prefix of the steps do the guarantees of the leaves below a ceiling exceed it, given
that they do not in the wish (and where they did before, they never do so by more). So everything that takes comes
before anything that gives, on all devices: leaves are lowered before the ceilings above them, and ceilings raised
before the leaves below them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final

from network.core.observed import DeviceState, Queue, Rule, ShaperState
from network.core.reason import Reason
from network.core.tree import NodeId, ShaperId

_SLACK: Final = 50
"""Bursts and buffer are equal within one part in fifty: a device shows them in its own units."""

_BURSTS: Final = ("burst", "ceiling_burst")


class Phase(IntEnum):
    """The order of a run: everything of one phase, on every device, before anything of the next."""

    LOWER = 1
    RAISE = 2
    POINT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ShaperStep:
    """Attach a shaper (its root and the way traffic reaches it) or, as the inverse, detach it."""

    device: str
    shaper: ShaperId
    phase: Phase
    attach: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStep:
    """Create (`before` None), change in place, or remove (`after` None) one queue. Every field is always sent."""

    device: str
    shaper: ShaperId
    phase: Phase
    before: Queue | None
    after: Queue | None

    @property
    def node(self) -> NodeId:
        queue = self.after or self.before
        assert queue is not None
        return queue.node


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesStep:
    """Replace the whole set of rules of a shaper in one go, without a moment in which none holds."""

    device: str
    shaper: ShaperId
    phase: Phase
    before: frozenset[Rule]
    after: frozenset[Rule]


Step = ShaperStep | QueueStep | RulesStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Steps in the order in which they are carried out. `hits` says why the plan is not hitless; empty when it is.

    `standing`: shapers that stood before, whole or not; going back does not detach them. `foreign`: what we did not make and
    leave alone, by shaper.
    """

    steps: tuple[Step, ...]
    hits: tuple[Reason, ...] = ()
    standing: frozenset[ShaperId] = frozenset()
    foreign: Mapping[ShaperId, tuple[str, ...]] = field(default_factory=dict)

    @property
    def hitless(self) -> bool:
        return not self.hits


def make_plan(
    observed: Mapping[str, DeviceState], wished: Mapping[str, Mapping[ShaperId, ShaperState]], *, detach: bool = False
) -> Plan:
    """The plan for all devices of `wished` (by device and shaper), phase by phase.

    A shaper that is observed and not wished stays as it is, or with `detach` is taken away.
    """
    steps: list[Step] = []
    hits: list[Reason] = []
    standing: dict[ShaperId, ShaperState] = {}
    for device, wishes in wished.items():
        shapers = observed[device].shapers
        standing |= shapers
        gone = {shaper: None for shaper in shapers if detach and shaper not in wishes}
        for shaper, wish in {**wishes, **gone}.items():
            change = _Change(device, shaper, shapers.get(shaper), wish)
            steps.extend(change.steps())
            hits.extend(change.hits())
    return Plan(
        steps=tuple(sorted(steps, key=lambda step: step.phase)),
        hits=tuple(hits),
        standing=frozenset(standing),
        foreign={shaper: state.foreign for shaper, state in standing.items() if state.foreign},
    )


def diff(device: str, shaper: ShaperId, observed: ShaperState | None, wished: ShaperState | None) -> tuple[Step, ...]:
    """The steps of one shaper, in order. None: it does not stand, or is not to stand."""
    return tuple(_Change(device, shaper, observed, wished).steps())


def inverse(step: Step) -> Step:
    """The step that undoes `step`. What took gives back, and the other way round; so its phase is the other's."""
    phase = {Phase.LOWER: Phase.RAISE, Phase.RAISE: Phase.LOWER}.get(step.phase, step.phase)
    match step:
        case ShaperStep():
            return replace(step, phase=phase, attach=not step.attach)
        case QueueStep():
            return replace(step, phase=phase, before=step.after, after=step.before)
        case RulesStep():
            return replace(step, phase=phase, before=step.after, after=step.before)


def restore(plan: Plan) -> tuple[Step, ...]:
    """The way back from any point of the plan: every inverse, in reverse order.

    Steps are absolute, so those that undo what was not done yet change nothing that matters. A shaper that stood before
    and was attached again, because a part of it was missing, stays whole.
    """
    return tuple(
        inverse(step)
        for step in reversed(plan.steps)
        if not (isinstance(step, ShaperStep) and step.attach and step.shaper in plan.standing)
    )


def holds(observed: Mapping[str, DeviceState], steps: Iterable[Step]) -> bool:
    """Whether the devices show what the steps, carried out in order, lead to."""
    last = {(step.device, step.shaper, step.node if isinstance(step, QueueStep) else type(step)): step for step in steps}
    return all(_shows(observed[step.device].shapers.get(step.shaper), step) for step in last.values())


def _shows(state: ShaperState | None, step: Step) -> bool:
    match step:
        case ShaperStep():
            return (state is not None and state.complete) is step.attach
        case RulesStep():
            return (state.rules if state else frozenset()) == step.after
        case QueueStep(after=None):
            return state is None or step.node not in state.queues
        case QueueStep(after=after):
            assert after is not None
            return state is not None and step.node in state.queues and _same(state.queues[step.node], after)


class _Change:
    """One shaper from what is observed (`old`) to what is wished (`new`).

    `going`: queues that cannot stay, because they are not wished, or because their parent or that of a node above them is
    another one, which no device changes in place. They go first: what keeps a guarantee, however small, leaves too
    little for those that are to have it. Until the new rules hold, their traffic belongs to a less specific leaf.
    """

    def __init__(self, device: str, shaper: ShaperId, observed: ShaperState | None, wished: ShaperState | None) -> None:
        self.device, self.shaper = device, shaper
        self.attaches = wished is not None and (observed is None or (wished.complete and not observed.complete))
        self.detaches = wished is None and observed is not None
        self.stood = bool(observed and observed.queues)
        self.old = observed.queues if observed else {}
        self.new = wished.queues if wished else {}
        self.rules = observed.rules if observed else frozenset()
        self.wished_rules = wished.rules if wished else frozenset()
        self.going = _going(self.old, self.new)
        self.kept_rules = frozenset(rule for rule in self.rules if rule.leaf not in self.going)
        self.lowered = {node: _lowered(queue, self.new[node]) for node, queue in self.old.items() if node not in self.going}

    def steps(self) -> Iterator[Step]:
        yield from self._lower()
        yield from self._raise()
        if self.kept_rules != self.wished_rules:
            yield self._rules(Phase.POINT, self.kept_rules, self.wished_rules)

    def hits(self) -> Iterator[Reason]:
        if self.attaches:
            code = "plan.attaches_again" if self.stood else "plan.attaches"
            yield Reason(code=code, fields={"shaper": str(self.shaper), "device": self.device})
        for code, nodes in (
            ("plan.moves", [node for node in self.going if node in self.new]),
            ("plan.removes", [node for node in self.going if node not in self.new]),
        ):
            if nodes:
                names = ", ".join(map(str, sorted(nodes)))
                yield Reason(code=code, fields={"shaper": str(self.shaper), "device": self.device, "queues": names})

    def _lower(self) -> Iterator[Step]:
        if self.kept_rules != self.rules:
            yield self._rules(Phase.LOWER, self.rules, self.kept_rules)
        upward = _upward(self.old)
        for node in upward:
            if node in self.going:
                yield self._queue(Phase.LOWER, self.old[node], None)
        for node in upward:
            if node in self.lowered and self.lowered[node] is not self.old[node]:
                yield self._queue(Phase.LOWER, self.old[node], self.lowered[node])
        if self.detaches:
            yield ShaperStep(device=self.device, shaper=self.shaper, phase=Phase.LOWER, attach=False)

    def _raise(self) -> Iterator[Step]:
        if self.attaches:
            yield ShaperStep(device=self.device, shaper=self.shaper, phase=Phase.RAISE, attach=True)
        for node in _downward(self.new):
            now = self.lowered.get(node)
            if now is None or not _same(now, self.new[node]):
                yield self._queue(Phase.RAISE, now, self.new[node])

    def _queue(self, phase: Phase, before: Queue | None, after: Queue | None) -> QueueStep:
        return QueueStep(device=self.device, shaper=self.shaper, phase=phase, before=before, after=after)

    def _rules(self, phase: Phase, before: frozenset[Rule], after: frozenset[Rule]) -> RulesStep:
        return RulesStep(device=self.device, shaper=self.shaper, phase=phase, before=before, after=after)


def _going(old: Mapping[NodeId, Queue], new: Mapping[NodeId, Queue]) -> frozenset[NodeId]:
    going = {node for node, queue in old.items() if node not in new or new[node].parent != queue.parent}
    for node in _downward(old):
        if old[node].parent in going:
            going.add(node)
    return frozenset(going)


def _upward(queues: Mapping[NodeId, Queue]) -> list[NodeId]:
    """Leaves first, then inner nodes from the deepest to the root; by id where the order does not matter."""
    return sorted(queues, key=lambda node: (not node.is_leaf, 0 if node.is_leaf else -_depth(queues, node), node))


def _downward(queues: Mapping[NodeId, Queue]) -> list[NodeId]:
    """The root, inner nodes down to the deepest, then leaves; by id where the order does not matter."""
    return sorted(queues, key=lambda node: (node.is_leaf, 0 if node.is_leaf else _depth(queues, node), node))


def _depth(queues: Mapping[NodeId, Queue], node: NodeId) -> int:
    depth, above = 0, queues[node].parent
    while above is not None and above in queues:
        depth, above = depth + 1, queues[above].parent
    return depth


def _lowered(queue: Queue, wished: Queue) -> Queue:
    """`queue` with what the wish takes from it taken; the very same when it takes nothing.

    An inner node has its ceiling and nothing else to take, so it changes in one step: a second one, undone before the
    first, would lower the ceiling while the leaves below it still have what they had.
    """
    if not wished.node.is_leaf:
        return wished if wished.ceiling < queue.ceiling else queue
    buffer = queue.buffer
    if buffer is not None and wished.buffer is not None and not _near(buffer, wished.buffer):
        buffer = min(buffer, wished.buffer)
    guarantee, ceiling = min(queue.guarantee, wished.guarantee), min(queue.ceiling, wished.ceiling)
    if (guarantee, ceiling, buffer) == (queue.guarantee, queue.ceiling, queue.buffer):
        return queue
    # What reads back a little off is written as it is wished; a burst that differs waits for the raise.
    bursts = {name: getattr(wished, name) for name in _BURSTS if _near(getattr(queue, name), getattr(wished, name))}
    return replace(queue, guarantee=guarantee, ceiling=ceiling, buffer=buffer, **bursts)


def _same(queue: Queue, wished: Queue) -> bool:
    """Whether the device need not be told. Priority and quantum of an inner node do nothing, so they do not count."""
    exact = ("parent", "guarantee", "ceiling", *(("priority", "quantum") if wished.node.is_leaf else ()))
    return (
        all(getattr(queue, name) == getattr(wished, name) for name in exact)
        and all(_near(getattr(queue, name), getattr(wished, name)) for name in _BURSTS)
        and _near(queue.buffer or 0, wished.buffer or 0)
    )


def _near(one: int, other: int) -> bool:
    return abs(one - other) * _SLACK <= other
