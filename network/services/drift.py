"""Intent beside what devices hold: every device read once, all at once; one that cannot be read hides no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from network.core.allocate import allocate
from network.core.drift import Finding, queue_drift
from network.core.intent import intend
from network.core.observed import DeviceState
from network.core.plan import make_plan
from network.errors import LajurError
from network.services.apply import Wish, devices_of
from network.services.hands import Hands
from network.services.returns import wished


class Part(Protocol):
    """What else devices are compared by, beside their queues."""

    @property
    def devices(self) -> Sequence[str]:
        """The devices that it reads."""

    def read(self, device: str) -> None:
        """Read one device and keep what it shows. Called from several threads, once for each device. Raises LajurError."""

    def findings(self, read: Sequence[str]) -> tuple[Finding, ...]:
        """What differs on the devices that could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """`looked`: the devices that were read. `unread`: why the others were not."""

    at: datetime
    looked: tuple[str, ...]
    findings: tuple[Finding, ...]
    unread: Mapping[str, LajurError]


def drift(wish: Wish, hands: Hands, parts: Sequence[Part] = ()) -> Drift:
    """Only looks. Raises Refused when the wish itself cannot be allocated."""
    intent = intend(wish.regency, wish.now, wish.boosts)
    allocations = allocate(wish.regency, intent)
    shapers = set(devices_of(allocations))
    names = tuple(dict.fromkeys((*sorted(shapers), *(device for part in parts for device in part.devices))))

    def read(name: str) -> DeviceState | None:
        for part in parts:
            if name in part.devices:
                part.read(name)
        return hands.devices[name].observe() if name in shapers else None

    results = hands.runner.each(names, read)
    unread = {name: result for name, result in results.items() if isinstance(result, LajurError)}
    states = {name: result for name, result in results.items() if isinstance(result, DeviceState)}
    seen = {shaper: each for shaper, each in allocations.items() if each.place.device in states}
    plan = make_plan(states, wished(seen))
    looked = tuple(name for name in names if name not in unread)
    found = list(queue_drift(wish.regency, plan, states, seen))
    for part in parts:
        found += part.findings([name for name in part.devices if name not in unread])
    return Drift(at=wish.now, looked=looked, findings=tuple(found), unread=unread)
