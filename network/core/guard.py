"""Says no before anything happens. Looks at a plan, what is there and what is wished; never changes a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from inventory.regency import Regency
from inventory.units import Bandwidth
from network.core.allocate import Allocation, base
from network.core.explain import office_guarantees
from network.core.intent import Intent
from network.core.observed import DeviceState, Queue, ShaperState
from network.core.plan import Plan, QueueStep, ShaperStep, Step
from network.core.sharing import LINUX_TC
from network.core.tree import ROOT, NodeId, ShaperId, leaf
from network.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrun:
    """After step number `step` (from 0) the guarantees under `node` are above its ceiling, and by more than at the start."""

    step: int
    shaper: ShaperId
    node: NodeId
    guarantees: int
    ceiling: int


def check(
    regency: Regency,
    intent: Intent,
    allocations: Mapping[ShaperId, Allocation],
    plan: Plan,
    states: Mapping[str, DeviceState],
    usual: Mapping[ShaperId, Allocation] | None = None,
) -> None:
    """Let the plan pass, or raise Refused `guard.refused` with every reason in `reasons`, and in `remedies` what to do
    about each kind of them, once; each one is a Refused.

    `usual` is what the base policy alone gives, when the caller has it already.
    """
    reasons = (
        *_oversubscribed(plan, states),
        *_below_floor(regency, allocations),
        *_unprotected(regency, intent, allocations, usual),
        *_moves_too_much(regency, allocations, states),
        *_without_contract(regency, intent, plan),
        *_in_the_way(plan, states),
    )
    if reasons:
        remedies = (Refused(code) for code in dict.fromkeys(f"{reason.code}_next" for reason in reasons))
        raise Refused("guard.refused", reasons=reasons, remedies=tuple(remedies))


def overruns(states: Mapping[str, DeviceState], steps: Iterable[Step]) -> Iterator[Overrun]:
    """Every prefix of `steps` after which some ceiling is oversubscribed, and more so than in `states`."""
    shapers = {
        (device, shaper): _Simulated(dict(shown.queues))
        for device, state in states.items()
        for shaper, shown in state.shapers.items()
    }
    for number, step in enumerate(steps):
        place = (step.device, step.shaper)
        if isinstance(step, ShaperStep) and not step.attach:
            shapers.pop(place, None)
        if not isinstance(step, QueueStep):
            continue
        simulated = shapers.setdefault(place, _Simulated({}))
        for node in simulated.put(step.node, step.after):
            guarantees, ceiling = simulated.under.get(node, 0), simulated.queues[node].ceiling
            yield Overrun(step=number, shaper=step.shaper, node=node, guarantees=guarantees, ceiling=ceiling)


@dataclass(slots=True)
class _Simulated:
    """One shaper while steps are carried out. `under`: the sum of leaf guarantees below a node, a leaf's own for itself."""

    queues: dict[NodeId, Queue]
    under: dict[NodeId, int] = field(default_factory=dict)
    excess: dict[NodeId, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node, queue in self.queues.items():
            self._count(node, queue, 1)
        self.excess = {node: max(0, self._excess(node)) for node in self.queues}

    def put(self, node: NodeId, after: Queue | None) -> list[NodeId]:
        """Carry out one step; the nodes that are now oversubscribed by more than at the start."""
        before = self.queues.pop(node, None)
        if before is not None:
            self._count(node, before, -1)
        if after is None:
            return []
        self.queues[node] = after
        self._count(node, after, 1)
        return [each for each in self._path(node) if self._excess(each) > self.excess.get(each, 0)]

    def _count(self, node: NodeId, queue: Queue, sign: int) -> None:
        if not node.is_leaf:
            return
        self.under[node] = self.under.get(node, 0) + sign * queue.guarantee
        above = queue.parent
        while above is not None:
            self.under[above] = self.under.get(above, 0) + sign * queue.guarantee
            above = self.queues[above].parent if above in self.queues else None

    def _path(self, node: NodeId | None) -> Iterator[NodeId]:
        while node in self.queues:
            yield node
            node = self.queues[node].parent

    def _excess(self, node: NodeId) -> int:
        return self.under.get(node, 0) - self.queues[node].ceiling


def _oversubscribed(plan: Plan, states: Mapping[str, DeviceState]) -> Iterator[Refused]:
    for overrun in overruns(states, plan.steps):
        yield Refused(
            "guard.oversubscribed",
            step=overrun.step + 1,
            shaper=str(overrun.shaper),
            node=str(overrun.node),
            guarantees=Bandwidth(overrun.guarantees),
            ceiling=Bandwidth(overrun.ceiling),
        )
        return


def _below_floor(regency: Regency, allocations: Mapping[ShaperId, Allocation]) -> Iterator[Refused]:
    for shaper, allocation in allocations.items():
        floors = regency.policy.floors.get(shaper.uplink)
        for office, branch in allocation.offices.items():
            guarantee = allocation.queues[leaf(branch.id)].guarantee
            if floors is not None and guarantee < floors.of(shaper.direction):
                yield Refused(
                    "guard.below_floor",
                    office=office,
                    shaper=str(shaper),
                    guarantee=Bandwidth(guarantee),
                    floor=floors.of(shaper.direction),
                )


def _unprotected(
    regency: Regency,
    intent: Intent,
    allocations: Mapping[ShaperId, Allocation],
    usual: Mapping[ShaperId, Allocation] | None,
) -> Iterator[Refused]:
    """An office's total may be below the base policy's by one step a leaf: that is rounding, not policy.

    Where an emergency acts, only the floor is kept.
    """
    if not intent.temporary:
        return
    usual = usual or base(regency, intent)
    for shaper, allocation in allocations.items():
        if intent.lifts(shaper):
            continue
        for office in regency.offices:
            if not regency.policy.classes[office.service_class].protected:
                continue
            now, before = allocation.guarantee(office.key), usual[shaper].guarantee(office.key)
            steps = sum(LINUX_TC.steps.at(allocation.queues[node].guarantee) for node in allocation.leaves[office.key])
            if now < before - steps:
                yield Refused(
                    "guard.protected",
                    office=office.key,
                    shaper=str(shaper),
                    guarantee=Bandwidth(now),
                    base=Bandwidth(before),
                    missing=Bandwidth(before - now),
                    cause=", ".join((*intent.windows, *(boost.id for boost in intent.boosts))),
                )


def _moves_too_much(
    regency: Regency, allocations: Mapping[ShaperId, Allocation], states: Mapping[str, DeviceState]
) -> Iterator[Refused]:
    """A shaper that does not stand yet is set up whole: nothing is taken from anybody."""
    for shaper, allocation in allocations.items():
        state = states[allocation.place.device].shapers.get(shaper)
        if state is None or ROOT not in state.queues:
            continue
        after = office_guarantees(allocation.queues)
        moved = sum(max(0, now - after.get(number, 0)) for number, now in office_guarantees(state.queues).items())
        if moved * 100 > allocation.capacity * regency.policy.largest_move:
            yield Refused(
                "guard.largest_move",
                shaper=str(shaper),
                moved=Bandwidth(moved),
                percent=-(-moved * 100 // allocation.capacity),
                largest=regency.policy.largest_move,
            )


def _without_contract(regency: Regency, intent: Intent, plan: Plan) -> Iterator[Refused]:
    today = intent.now.astimezone(regency.zone).date()
    touched = {step.shaper.uplink for step in plan.steps}
    for uplink in regency.uplinks:
        if uplink.key in touched and not uplink.contract.covers(today):
            yield Refused(
                "guard.contract",
                uplink=uplink.key,
                number=uplink.contract.number,
                start=uplink.contract.start,
                end=uplink.contract.end,
                today=today,
            )


def _in_the_way(plan: Plan, states: Mapping[str, DeviceState]) -> Iterator[Refused]:
    """A root that we did not make stands where a shaper is to be attached."""
    attached = {(step.device, step.shaper) for step in plan.steps if isinstance(step, ShaperStep) and step.attach}
    for device, shaper in sorted(attached):
        state: ShaperState | None = states[device].shapers.get(shaper)
        if state is not None and not state.queues and state.foreign:
            yield Refused("guard.foreign", device=device, shaper=str(shaper), foreign="; ".join(state.foreign))
