"""From wishes to numbers: what every queue of an uplink's tree is given. Decides numbers, never an order of changes.

Floors first, then reserves, then the rest by share, under every ceiling; then boosts. And the prediction of what offices
get when they want it, by the law that the device applies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from inventory.regency import Regency
from inventory.units import Bandwidth
from network.core.boosts import boosted
from network.core.frame import Branch, Frame, Inner, Want, frame, solve
from network.core.intent import Intent, LeafWish, OfficeWish, intend
from network.core.observed import Queue, Rule, ShaperState
from network.core.reason import Reason
from network.core.sharing import LINUX_TC, Sharing
from network.core.tree import DEFAULT, ROOT, NodeId, Place, ShaperId
from network.core.tree import hub as hub_node
from network.core.tree import office as office_node
from network.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """One shaper as it should be. `queues` holds every node after its parent; `offices` goes by key, in the truth's order.

    `leaves` has the nodes of an office, the rest first.
    """

    shaper: ShaperId
    place: Place
    queues: Mapping[NodeId, Queue]
    rules: frozenset[Rule]
    offices: Mapping[str, Branch]
    leaves: Mapping[str, tuple[NodeId, ...]]
    reasons: Mapping[str, Reason]

    @property
    def capacity(self) -> int:
        """The shaped rate, bit/s."""
        return self.queues[ROOT].ceiling

    @property
    def desired(self) -> ShaperState:
        """The allocation in the words of an observation."""
        return ShaperState(queues=self.queues, rules=self.rules)

    def guarantee(self, office: str) -> int:
        """What the office is sure of on this uplink in this direction: the sum over its leaves, bit/s."""
        return sum(self.queues[node].guarantee for node in self.leaves[office])


def allocate(regency: Regency, intent: Intent, sharing: Sharing = LINUX_TC) -> dict[ShaperId, Allocation]:
    """The allocation of every shaper, in the truth's order.

    Raises Refused: floors and reserves above a ceiling (`allocate.no_room`, `fill.guarantees_above_ceiling`) or a boost that
    does not fit (`boost.does_not_fit`) or names what is not there.
    """
    return {shaper: _allocation(regency, intent, shaper, sharing) for shaper in intent.leaves}


def base(regency: Regency, intent: Intent, sharing: Sharing = LINUX_TC) -> dict[ShaperId, Allocation]:
    """What the base policy alone gives at the same capacity: what `protected` offices are measured against."""
    return allocate(regency, intend(regency, intent.now, windows=frozenset()), sharing)


def predict(allocation: Allocation, demand: Mapping[NodeId, int] | None = None, sharing: Sharing = LINUX_TC) -> dict[NodeId, int]:
    """What leaves send when they want `demand` (bit/s; absent means nothing), by the device's law.

    None: every office wants all it can get, and the default class nothing. The answer has every leaf, and the sums of
    every office, hub and the uplink, whether or not they are nodes of the tree.
    """
    inner = {node: Inner(queue.parent, queue.ceiling) for node, queue in allocation.queues.items() if queue.buffer is None}
    wants = [
        Want(
            node=node,
            parent=queue.parent,
            base=queue.guarantee,
            weight=queue.quantum // sharing.quantum,
            priority=queue.priority,
            limit=min(queue.ceiling, _wanted(node, queue, demand)),
        )
        for node, queue in allocation.queues.items()
        if queue.buffer is not None and queue.parent is not None
    ]
    rates = dict(zip((want.node for want in wants), solve(inner, wants, sharing).rate.tolist(), strict=True))
    sums = {ROOT: sum(rates.values())}
    for key, branch in allocation.offices.items():
        office = sum(rates[node] for node in allocation.leaves[key])
        sums[office_node(branch.id)] = office
        sums[hub_node(branch.hub)] = sums.get(hub_node(branch.hub), 0) + office
    return rates | sums


def _wanted(node: NodeId, queue: Queue, demand: Mapping[NodeId, int] | None) -> int:
    if demand is None:
        return 0 if node == DEFAULT else queue.ceiling
    return demand.get(node, 0)


def _allocation(regency: Regency, intent: Intent, shaper: ShaperId, sharing: Sharing) -> Allocation:
    tree = frame(regency, shaper, sharing)
    wishes = intent.leaves[shaper]
    bases = _bases(wishes, sharing)
    guarantees = _guarantees(tree, wishes, bases, sharing)
    guarantees = boosted(regency, tree, intent, guarantees, bases, sharing)
    leaves: dict[str, tuple[NodeId, ...]] = {office.key: () for office in regency.offices}
    for wish in wishes:
        leaves[wish.office] += (wish.node,)
    return Allocation(
        shaper=shaper,
        place=tree.place,
        queues=MappingProxyType(_queues(tree, wishes, guarantees, sharing)),
        rules=frozenset(_rules(regency, wishes)),
        offices=MappingProxyType(dict(tree.offices)),
        leaves=MappingProxyType(leaves),
        reasons=MappingProxyType({key: _reason(regency, intent, shaper, key, wish) for key, wish in intent.offices.items()}),
    )


def _bases(wishes: Sequence[LeafWish], sharing: Sharing) -> dict[NodeId, int]:
    """What each leaf has before anything is shared, on the device's steps and never below what a queue can hold.

    A floor is rounded up. The parts of a reserve are rounded down, and what is missing goes step by step to the largest
    remainders, ties by id, so that they add up to the reserve as nearly as the steps allow.
    """
    bases = {wish.node: sharing.ceil(wish.base) for wish in wishes if wish.application is None}
    reserves: dict[str, list[LeafWish]] = {}
    for wish in wishes:
        if wish.application is not None:
            reserves.setdefault(wish.application, []).append(wish)
    for parts in reserves.values():
        floored = {part.node: sharing.steps.floor(part.base) for part in parts}
        missing = sum(part.base for part in parts) - sum(floored.values())
        for part in sorted(parts, key=lambda part: (floored[part.node] - part.base, part.node)):
            step = sharing.steps.at(part.base)
            if step <= missing and floored[part.node] < part.base:
                floored[part.node] += step
                missing -= step
        bases |= floored
    return {node: max(rate, sharing.nominal) for node, rate in bases.items()}


def _guarantees(tree: Frame, wishes: Sequence[LeafWish], bases: Mapping[NodeId, int], sharing: Sharing) -> dict[NodeId, int]:
    room = tree.capacity - tree.default
    if room <= 0:
        raise Refused("allocate.no_room", shaper=str(tree.shaper), rate=Bandwidth(tree.capacity), default=Bandwidth(tree.default))
    inner = {**tree.inner, ROOT: Inner(None, room)}
    wants = [
        Want(
            node=wish.node,
            parent=tree.offices[wish.office].node,
            base=bases[wish.node],
            weight=wish.share,
            priority=0,
            limit=bases[wish.node] if wish.share == 0 else room,
        )
        for wish in wishes
    ]
    filled = solve(inner, wants, sharing, map(tree.name, inner))
    return dict(zip((want.node for want in wants), filled.rate.tolist(), strict=True))


def _queues(tree: Frame, wishes: Sequence[LeafWish], guarantees: Mapping[NodeId, int], sharing: Sharing) -> dict[NodeId, Queue]:
    turn = dict.fromkeys(tree.inner, 0)  # bytes that all leaves under a node send in one round of turns
    for wish in wishes:
        for above in tree.path(wish.office):
            turn[above] += wish.weight * sharing.quantum
    queues = {
        node: Queue(
            node=node,
            parent=inner.parent,
            # HTB's root class borrows from nobody, so its own rate is all that it can send.
            guarantee=inner.ceiling if node == ROOT else sharing.nominal,
            ceiling=inner.ceiling,
            priority=sharing.priority,
            quantum=sharing.inner_quantum,
            burst=sharing.burst,
            ceiling_burst=sharing.burst if node == ROOT else sharing.at_once(turn[node]),
        )
        for node, inner in tree.inner.items()
    }

    def add(node: NodeId, parent: NodeId, guarantee: int, ceiling: int, weight: int, priority: int) -> None:
        queues[node] = Queue(
            node=node,
            parent=parent,
            guarantee=guarantee,
            ceiling=ceiling,
            priority=priority,
            quantum=weight * sharing.quantum,
            burst=sharing.burst,
            ceiling_burst=sharing.at_once(weight * sharing.quantum),
            buffer=sharing.buffer(guarantee),
        )

    add(DEFAULT, ROOT, tree.default, tree.default, 1, sharing.priority)
    for wish in wishes:
        parent, guarantee = tree.offices[wish.office].node, guarantees[wish.node]
        ceiling = guarantee if wish.spare == "none" else tree.inner[parent].ceiling
        add(wish.node, parent, guarantee, ceiling, wish.weight, wish.priority)
    return queues


def _rules(regency: Regency, wishes: Iterable[LeafWish]) -> Iterator[Rule]:
    for wish in wishes:
        lan = regency.office(wish.office).lan
        if wish.application is None:
            yield Rule(lan, None, wish.node)
        else:
            for remote in regency.application(wish.application).destinations:
                yield Rule(lan, remote, wish.node)


def _reason(regency: Regency, intent: Intent, shaper: ShaperId, office: str, wish: OfficeWish) -> Reason:
    """The strongest cause of an office's numbers: an own boost, its class's window, a reserve's window, others' gain, base."""
    boosts = [boost for boost in intent.boosts if boost.on(shaper)]
    for boost in boosts:
        if office in boost.offices:
            rate = boost.amount.of(shaper.direction)
            return Reason(code="why.boost", fields={"boost": boost.id, "amount": rate, "reason": boost.reason})
    usual = regency.policy.classes[wish.service_class].share
    if wish.window is not None:
        return Reason(code="why.window", fields={"window": wish.window, "share": wish.share, "usual": usual})
    for (application, uplink), window in intent.reserved_by.items():
        if uplink == shaper.uplink:
            return Reason(code="why.reserve", fields={"window": window, "application": application})
    if boosts and (not wish.protected or any(boost.emergency for boost in boosts)):
        return Reason(code="why.pays", fields={"boost": ", ".join(boost.id for boost in boosts)})
    if intent.windows:
        return Reason(code="why.others", fields={"window": ", ".join(intent.windows)})
    return Reason(code="why.base", fields={"service_class": wish.service_class, "share": usual})
