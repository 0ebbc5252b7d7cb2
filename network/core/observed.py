"""What a device should show or does show: queues, rules, counters, timers. One vocabulary for wish and observation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from types import MappingProxyType

from network.core.tree import NodeId, ShaperId


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One node as a device holds it. Rates in bit/s; `quantum`, `burst`, `ceiling_burst` and `buffer` in bytes.

    `burst` and `ceiling_burst` may be sent at once above guarantee and ceiling. `guarantee` of an inner node is nominal: it
    has a ceiling and nothing else. `buffer` is the leaf's queue limit and None on an inner node.
    """

    node: NodeId
    parent: NodeId | None
    guarantee: int
    ceiling: int
    priority: int
    quantum: int
    burst: int
    ceiling_burst: int
    buffer: int | None = None


@dataclass(frozen=True, order=True, slots=True)
class Rule:
    """Traffic of `lan` (to or from `remote` when given) belongs to `leaf`; the most specific rule wins."""

    lan: IPv4Network
    remote: IPv4Network | None
    leaf: NodeId


@dataclass(frozen=True, slots=True)
class Counter:
    """Totals since the queue was made: bytes and packets that left, packets dropped, bytes waiting now."""

    bytes: int
    packets: int
    drops: int
    backlog: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShaperState:
    """One tree as observed or wished. `foreign` names queues and rules that we did not make; they are never deleted.

    `complete` is False when the shaper stands but a part that carries traffic to it is missing (say the redirect of
    incoming traffic), so that it must be attached again.
    """

    queues: Mapping[NodeId, Queue]
    rules: frozenset[Rule]
    complete: bool = True
    foreign: tuple[str, ...] = ()
    counters: Mapping[NodeId, Counter] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class ArmedTimer:
    """The record on a device that restores the state before `run` by itself in `seconds_left`."""

    run: str
    seconds_left: int


@dataclass(frozen=True, slots=True)
class ReturnTimer:
    """The record on a device that applies the allocation computed for the end of what is active now."""

    name: str
    seconds_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """All that one observation of a device shows. A shaper that does not stand is absent from `shapers`.

    `turn` counts what the device was told or did by itself: as long as it is the same, nothing of ours has changed anything.
    It was read before the rest, so that a plan made from this state is refused when something came in between.
    """

    shapers: Mapping[ShaperId, ShaperState]
    armed: ArmedTimer | None = None
    returns: tuple[ReturnTimer, ...] = ()
    turn: int = 0
