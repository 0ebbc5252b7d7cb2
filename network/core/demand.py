"""Ceilings that follow what leaves ask for, within the plan and slowly. Pure; `at` is a moment of the monotonic clock.

Guarantees never move here, and no ceiling leaves the room between a leaf's guarantee and the plan's own ceiling. Because
queues share what is spare at once, this helps only where a ceiling binds across boxes; so it is off unless policy asks.

The damping, each part because a loop without it has failed somewhere:
- an estimate rises fast and falls slowly; a ceiling is lowered only after several quiet polls, and stays for a while after
  every change; it is raised at once;
- what is seen at a ceiling, or while packets wait, is not all that is wanted: the ceiling goes back to the plan's;
- an idle leaf proves nothing, neither that it wants little nor that it may have little;
- a difference within the dead band is no reason for a change, and a device is changed so many times an hour at most: half of
  them may lower, so that there is always room to raise again;
- what was promised changed: that leaf begins anew; nothing heard of a device for three polls: everything back to the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, NamedTuple

from inventory.policy import Demand
from network.core.allocate import Allocation
from network.core.sharing import LINUX_TC, Sharing
from network.core.tree import NodeId, ShaperId

CENSORED: Final = 95
"""Percent of its ceiling from which on a leaf may want more than is seen."""

IDLE: Final = 2
"""Percent of its guarantee below which a leaf shows nothing."""

STALE_POLLS: Final = 3

HOUR: Final = 3600.0

_UP: Final = 0.7
_DOWN: Final = 0.1
"""Weights of a new reading in the estimate: when it is above, and when it is below."""


class Place(NamedTuple):
    """A leaf of one shaper."""

    shaper: ShaperId
    node: NodeId


Ceilings = Mapping[ShaperId, Mapping[NodeId, int]]
"""Bit/s, of leaves that are to have less than the plan's ceiling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One leaf in a poll, in bit/s. `rate` None: its counter said nothing. `planned`: the ceiling by the plan."""

    device: str
    rate: int | None
    waiting: bool
    guarantee: int
    planned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafDemand:
    """What is known of a leaf. `ceiling` None: the plan's. `changed`: when we last moved it; `quiet`: polls in a row."""

    guarantee: int
    planned: int
    estimate: float | None = None
    ceiling: int | None = None
    quiet: int = 0
    changed: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandState:
    """What the loop remembers: leaves, when each device was changed within the last hour and when it was last heard."""

    leaves: Mapping[Place, LeafDemand] = field(default_factory=lambda: MappingProxyType({}))
    changes: Mapping[str, tuple[float, ...]] = field(default_factory=lambda: MappingProxyType({}))
    heard: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the loop asks for. `mode` dry_run: nobody does it. `waiting`: changes that the hour's budget put off.

    `stale` names the devices of which too little was heard.
    """

    mode: str
    ceilings: Ceilings = field(default_factory=lambda: MappingProxyType({}))
    waiting: int = 0
    stale: tuple[str, ...] = ()


class _Change(NamedTuple):
    place: Place
    device: str
    ceiling: int | None
    raises: bool
    gain: int


def advise(
    rules: Demand, state: DemandState, seen: Mapping[Place, Seen], at: float, sharing: Sharing = LINUX_TC
) -> tuple[DemandState, Advice]:
    """The state after a poll, and what is asked for now. `seen` names every leaf there is, heard of or not."""
    heard = dict(state.heard)
    for each in seen.values():
        heard.setdefault(each.device, at)
        if each.rate is not None:
            heard[each.device] = at
    stale = frozenset(device for device, last in heard.items() if at - last > STALE_POLLS * rules.poll_seconds)
    leaves = {place: _known(state.leaves.get(place), each, stale, at) for place, each in seen.items()}
    leaves = {place: _looked(rules, leaf, seen[place], sharing) for place, leaf in leaves.items()}
    changes = {device: tuple(moment for moment in times if at - moment < HOUR) for device, times in state.changes.items()}
    waiting = 0
    for change in sorted(_changes(rules, leaves, seen, stale, at, sharing), key=_order):
        used = changes.get(change.device, ())
        if len(used) >= (rules.changes_per_hour if change.raises else (rules.changes_per_hour + 1) // 2):
            waiting += 1
            continue
        changes[change.device] = (*used, at)
        leaves[change.place] = replace(leaves[change.place], ceiling=change.ceiling, changed=at, quiet=0)
    advice = Advice(mode=rules.mode, ceilings=_ceilings(leaves), waiting=waiting, stale=tuple(sorted(stale)))
    return DemandState(leaves=leaves, changes=changes, heard=heard), advice


def _known(leaf: LeafDemand | None, seen: Seen, stale: frozenset[str], at: float) -> LeafDemand:
    """The leaf as it was, or anew: when it is new, its promise changed, or its device fell silent."""
    same = leaf is not None and (leaf.guarantee, leaf.planned) == (seen.guarantee, seen.planned)
    if leaf is None or not same or seen.device in stale:
        changed = at if leaf is not None and leaf.ceiling is not None else leaf.changed if leaf else None
        return LeafDemand(guarantee=seen.guarantee, planned=seen.planned, changed=changed)
    return leaf


def _looked(rules: Demand, leaf: LeafDemand, seen: Seen, sharing: Sharing) -> LeafDemand:
    """The estimate and the quiet polls after one more reading."""
    if seen.rate is None or (not seen.waiting and seen.rate * 100 < seen.guarantee * IDLE):
        return leaf
    old = leaf.estimate if leaf.estimate is not None else float(seen.rate)
    estimate = old + (seen.rate - old) * (_UP if seen.rate > old else _DOWN)
    after = replace(leaf, estimate=estimate)
    quiet = not _censored(after, seen) and _below(rules, _target(rules, after, sharing), _now(after))
    return replace(after, quiet=leaf.quiet + 1 if quiet else 0)


def _changes(
    rules: Demand,
    leaves: Mapping[Place, LeafDemand],
    seen: Mapping[Place, Seen],
    stale: frozenset[str],
    at: float,
    sharing: Sharing,
) -> Iterator[_Change]:
    for place, leaf in leaves.items():
        each, now = seen[place], _now(leaf)
        if each.rate is None or leaf.estimate is None or each.device in stale:
            continue
        target = leaf.planned if _censored(leaf, each) else _target(rules, leaf, sharing)
        rests = leaf.changed is not None and at - leaf.changed < rules.hold_minutes * 60
        if leaf.ceiling is not None and target > now and (target == leaf.planned or not _near(rules, target, now)):
            yield _Change(place, each.device, None if target >= leaf.planned else target, True, target - now)
        elif _below(rules, target, now) and leaf.quiet >= rules.quiet_polls and not rests:
            yield _Change(place, each.device, target, False, now - target)


def _order(change: _Change) -> tuple[bool, int, Place]:
    """Raises first, then whoever moves most."""
    return not change.raises, -change.gain, change.place


def _now(leaf: LeafDemand) -> int:
    return leaf.planned if leaf.ceiling is None else leaf.ceiling


def _target(rules: Demand, leaf: LeafDemand, sharing: Sharing) -> int:
    """The estimate with room above it, on the device's steps, never below the guarantee nor above the plan."""
    wished = int((leaf.estimate or 0.0) * (100 + rules.room) / 100)
    return min(leaf.planned, max(leaf.guarantee, sharing.ceil(wished)))


def _censored(leaf: LeafDemand, seen: Seen) -> bool:
    return seen.waiting or (seen.rate is not None and seen.rate * 100 >= _now(leaf) * CENSORED)


def _near(rules: Demand, target: int, now: int) -> bool:
    return abs(target - now) * 100 <= now * rules.dead_band


def _below(rules: Demand, target: int, now: int) -> bool:
    return target < now and not _near(rules, target, now)


def _ceilings(leaves: Mapping[Place, LeafDemand]) -> Ceilings:
    found: dict[ShaperId, dict[NodeId, int]] = {}
    for place, leaf in leaves.items():
        if leaf.ceiling is not None and leaf.ceiling < leaf.planned:
            found.setdefault(place.shaper, {})[place.node] = leaf.ceiling
    return found


def capped(allocations: Mapping[ShaperId, Allocation], ceilings: Ceilings) -> dict[ShaperId, Allocation]:
    """The allocations with leaf ceilings lowered: never above the plan's, never below the guarantee; nothing else moves."""
    return {shaper: _capped(allocation, ceilings.get(shaper, {})) for shaper, allocation in allocations.items()}


def _capped(allocation: Allocation, ceilings: Mapping[NodeId, int]) -> Allocation:
    lowered = {
        node: replace(queue, ceiling=min(queue.ceiling, max(queue.guarantee, ceilings[node])))
        for node, queue in allocation.queues.items()
        if node in ceilings and queue.buffer is not None
    }
    if not lowered:
        return allocation
    return replace(allocation, queues=MappingProxyType({**allocation.queues, **lowered}))
