"""Intent beside what devices hold: every device read once, all at once; one that cannot be read hides no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network

from inventory import views
from inventory.regency import Regency
from network.core.allocate import allocate
from network.core.beside_drift import Scope, beside_drift
from network.core.drift import RECOVER, Finding, link_drift, queue_drift
from network.core.intent import intend
from network.core.link_ports import Running
from network.core.links.intent import LinkIntent
from network.core.observed import DeviceState
from network.core.plan import make_plan
from network.errors import LajurError
from network.services.apply import Wish, devices_of
from network.services.hands import Hands
from network.services.links.hands import LinkHands
from network.services.links.look import plan_end
from network.services.returns import wished


class LinkPart:
    """The links of a regency, compared beside its queues. Each device is read once.

    `alone`: networks whose addresses are left alone, as those by which a lab is managed. `unseen`: devices whose platform's words
    nobody here knows; their links are compared at the other end only.
    """

    def __init__(self, intents: Sequence[LinkIntent], hands: LinkHands, alone: Sequence[IPv4Network] = ()) -> None:
        ends = [end for intent in intents for end in intent.ends]
        self._ends = [end for end in ends if end.platform in hands.dialects]
        self._hands, self._alone = hands, alone
        self._running: dict[str, Running] = {}
        self.devices = tuple(dict.fromkeys(end.device for end in self._ends))
        self.unseen = tuple(dict.fromkeys(end.device for end in ends if end.platform not in hands.dialects))

    def read(self, device: str) -> None:
        """Read one device and keep what it shows; called from several threads. Raises LajurError."""
        self._running[device] = self._hands.devices[device].read(beside=True)

    def findings(self, regency: Regency) -> Iterator[Finding]:
        """What differs on the devices that could be read. Raises Refused for a key that cannot be had.

        What a device holds beside its links (who it is, which networks it announces) is told with the first link alone.
        """
        told: set[tuple[str, str, str, str]] = set()
        plans = [plan_end(end, self._running[end.device], self._hands) for end in self._ends if end.device in self._running]
        for plan in plans:
            for found in link_drift(plan):
                once = (found.device, found.place.partition(": ")[2], found.wanted, found.found)
                if once not in told:
                    told.add(once)
                    yield found
        ends = [views.shaper_end(regency, uplink) for uplink in regency.uplinks]
        scope = Scope(regency=regency, alone=self._alone, shaped={(end.device, end.interface) for end in ends})
        for device, running in self._running.items():
            if running.beside is not None:
                own = [plan for plan in plans if plan.intent.device == device]
                yield from beside_drift(device, own, running.beside, scope)
            if running.pending is not None:
                yield Finding(device=device, what="drift.pending", place=running.pending.run, mend=RECOVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """`looked`: the devices that were read. `unread`: why the others were not. `unseen` as `LinkPart` has it."""

    at: datetime
    looked: tuple[str, ...]
    findings: tuple[Finding, ...]
    unread: Mapping[str, LajurError]
    unseen: tuple[str, ...] = ()


def drift(wish: Wish, hands: Hands, links: LinkPart | None = None) -> Drift:
    """Only looks. Raises Refused when the wish itself cannot be allocated, or a secret that it names cannot be had."""
    intent = intend(wish.regency, wish.now, wish.boosts)
    allocations = allocate(wish.regency, intent)
    shapers = set(devices_of(allocations))
    linked = links.devices if links else ()
    names = tuple(dict.fromkeys((*sorted(shapers), *linked)))

    def read(name: str) -> DeviceState | None:
        if links is not None and name in linked:
            links.read(name)
        return hands.devices[name].observe() if name in shapers else None

    results = hands.runner.each(names, read)
    unread = {name: result for name, result in results.items() if isinstance(result, LajurError)}
    states = {name: result for name, result in results.items() if isinstance(result, DeviceState)}
    seen = {shaper: each for shaper, each in allocations.items() if each.place.device in states}
    plan = make_plan(states, wished(seen))
    return Drift(
        at=wish.now,
        looked=tuple(name for name in names if name not in unread),
        findings=(*queue_drift(wish.regency, plan, states, seen), *(links.findings(wish.regency) if links else ())),
        unread=unread,
        unseen=links.unseen if links else (),
    )
