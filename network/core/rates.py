"""From two readings of totals to rates: which meter, over how long, how old. Pure; a doubtful sample is dropped and named.

Never smooths, never fills a gap and never takes a wrap for granted: what cannot be known from two readings is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from network.core.observed import Counter, DeviceState, ShaperState
from network.core.tree import NodeId, ShaperId

TICKS: Final = 100
"""SNMP's TimeTicks in a second (RFC 2578)."""

CLOSEST_TICKS: Final = 950
"""Polls of interface totals are 10 s apart, less the jitter of a poll; closer ones show the agent's cache."""

CACHE_SECONDS: Final = 3.2
"""How old a total may be when net-snmp answers with it (measured; it reads the kernel again every 3 s or so)."""

CLOSEST_CLASS_SECONDS: Final = 0.5
"""Below this the bursts of a shaper (15140 bytes) show more than its rates."""

_CLOCKS_APART: Final = 5.0
"""Seconds, or 2 %, by which our clock and a device's may differ over one interval: a poll takes up to 5 s."""


class Meter(StrEnum):
    """Where a figure comes from: the shaper's own classes, or the totals of an interface over SNMP."""

    CLASS = "class"
    SNMP = "snmp"


class Dropped(StrEnum):
    """Why two readings gave no rate."""

    NEW = "new"
    TOO_CLOSE = "too_close"
    RESTARTED = "restarted"
    DISCONTINUITY = "discontinuity"
    WENT_BACK = "went_back"
    ABOVE_SPEED = "above_speed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`bits` per second, the mean of the `over` seconds before `taken` (seconds of our monotonic clock)."""

    bits: int
    over: float
    taken: float
    meter: Meter

    def age(self, now: float) -> float:
        """Seconds since it was read; a total of the SNMP meter may have been `CACHE_SECONDS` old at that time."""
        return now - self.taken


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceTotals:
    """Bytes that an interface received and sent, when the device's own clock showed `uptime` (ticks of 10 ms).

    `speed` is in bit/s and `discontinuity` in ticks; None when the device does not say.
    """

    received: int
    sent: int
    uptime: int
    speed: int | None = None
    discontinuity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceStatus:
    """Whether an interface carries anything, as its device says (IF-MIB, RFC 2863), when its own clock showed `uptime` ticks.

    `index` is the number by which traps name it. `up` is ifOperStatus, None for a word that is neither up nor down; `enabled`
    is ifAdminStatus. `changed` is ifLastChange in ticks; errors are counts that wrap at 32 bits. None: the device does not say.
    """

    index: int
    uptime: int
    up: bool | None
    enabled: bool | None = None
    changed: int | None = None
    errors_received: int | None = None
    errors_sent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceReading:
    """The totals of a device's interfaces by name, read at `taken` (seconds of our monotonic clock).

    `status` is empty when only the totals were asked for.
    """

    device: str
    taken: float
    interfaces: Mapping[str, InterfaceTotals]
    status: Mapping[str, InterfaceStatus] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceRate:
    """What an interface received and sent, as the device sees it."""

    received: Rate
    sent: Rate


def interface_rates(before: InterfaceReading, after: InterfaceReading) -> dict[str, InterfaceRate | Dropped]:
    """Rates of every interface of `after`, over the device's own time between the two readings."""
    old = before.interfaces
    return {name: _interface_rate(old.get(name), new, before, after) for name, new in after.interfaces.items()}


def _interface_rate(
    old: InterfaceTotals | None, new: InterfaceTotals, before: InterfaceReading, after: InterfaceReading
) -> InterfaceRate | Dropped:
    if old is None:
        return Dropped.NEW
    ticks = new.uptime - old.uptime
    ours = after.taken - before.taken
    # A device that restarted long ago shows a later uptime again, but less of it than has passed here.
    if ticks < 0 or abs(ours - ticks / TICKS) > max(_CLOCKS_APART, ours / 50):
        return Dropped.RESTARTED
    if ticks < CLOSEST_TICKS:
        return Dropped.TOO_CLOSE
    if new.discontinuity != old.discontinuity:
        return Dropped.DISCONTINUITY
    received, sent = new.received - old.received, new.sent - old.sent
    # 64 bits do not wrap within a lifetime, so a total that went back was set back.
    if received < 0 or sent < 0:
        return Dropped.WENT_BACK
    seconds = ticks / TICKS
    if new.speed is not None and max(received, sent) * 8 > new.speed * (seconds + CACHE_SECONDS):
        return Dropped.ABOVE_SPEED
    return InterfaceRate(received=_over(received, ticks, after.taken), sent=_over(sent, ticks, after.taken))


def _over(total: int, ticks: int, taken: float) -> Rate:
    return Rate(bits=total * 8 * TICKS // ticks, over=ticks / TICKS, taken=taken, meter=Meter.SNMP)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassReading:
    """What a device showed at `taken` (seconds of our monotonic clock)."""

    state: DeviceState
    taken: float


ClassRates = dict[ShaperId, dict[NodeId, Rate | Dropped]]


def class_rates(before: ClassReading | None, after: ClassReading) -> ClassRates:
    """What left every queue of `after`, headers included, between the two readings."""
    old = before.state.shapers if before is not None else {}
    seconds = after.taken - before.taken if before is not None else 0.0
    return {
        shaper: {
            node: _class_rate(old.get(shaper), node, counter, seconds, after.taken) for node, counter in state.counters.items()
        }
        for shaper, state in after.state.shapers.items()
    }


def _class_rate(old: ShaperState | None, node: NodeId, new: Counter, seconds: float, taken: float) -> Rate | Dropped:
    earlier = None if old is None else old.counters.get(node)
    if earlier is None:
        return Dropped.NEW
    if seconds < CLOSEST_CLASS_SECONDS:
        return Dropped.TOO_CLOSE
    # A queue that was made again counts from zero.
    if new.bytes < earlier.bytes or new.packets < earlier.packets:
        return Dropped.WENT_BACK
    return Rate(bits=round((new.bytes - earlier.bytes) * 8 / seconds), over=seconds, taken=taken, meter=Meter.CLASS)
