"""Hands of the watch over links that say what a test tells them to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from inventory.regency import Regency
from network.clock import StepClock
from network.core.rates import InterfaceReading, InterfaceStatus
from network.core.watch_ports import Glance, Peer, TrapCounts
from network.errors import LajurError, MeterError
from network.services.link_watch import Heard, Inbox

Told = Callable[[str, InterfaceReading | LajurError], None]


class Waiting(Inbox):
    """Time passes while nobody says anything: as long as the watch listens, or in longer strides."""

    def __init__(self, clock: StepClock) -> None:
        super().__init__()
        self._clock = clock
        self.stride = 0.0

    def take(self, seconds: float) -> list[Heard]:
        found = super().take(0.0)
        if not found:
            self._clock.sleep(max(seconds, self.stride))
        return found


@dataclass
class Fleet:
    """Devices whose interfaces are up unless they are in `cut`; those in `dead` do not answer. Answers at once."""

    regency: Regency
    clock: StepClock
    cut: set[tuple[str, str]] = field(default_factory=set)
    dead: set[str] = field(default_factory=set)
    without: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    asked: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)

    @property
    def devices(self) -> tuple[str, ...]:
        return tuple(device.key for device in self.regency.devices if device.key not in self.without)

    def ask(self, devices: Sequence[str], heard: Told, late: Callable[[str], None]) -> None:
        self.asked.append((self.clock.monotonic(), tuple(devices)))
        for name in devices:
            if name in self.dead:
                if name not in self.silent:
                    late(name)
                self.silent.add(name)
                heard(name, MeterError("meter.silent", device=name, step="snmp", address="-", port=161, user="lajur"))
            else:
                self.silent.discard(name)
                heard(name, self.reading(name))

    def reading(self, name: str) -> InterfaceReading:
        ends = sorted({end.interface for link in self.regency.links for end in link.ends if end.device == name})
        status = {
            interface: InterfaceStatus(index=number, uptime=10**6, up=(name, interface) not in self.cut)
            for number, interface in enumerate(ends, start=2)
        }
        return InterfaceReading(device=name, taken=self.clock.monotonic(), interfaces={}, status=status)


@dataclass
class Looks:
    """Modules and neighbours as the truth has them, but for what a test says."""

    regency: Regency
    light: float = -7.0
    other: Peer | None = None
    asked: list[tuple[bool, bool]] = field(default_factory=list)

    @property
    def devices(self) -> tuple[str, ...]:
        return tuple(device.key for device in self.regency.devices)

    def ask(
        self, devices: Sequence[str], heard: Callable[[str, Glance | LajurError], None], *, optics: bool, neighbours: bool
    ) -> None:
        self.asked.append((optics, neighbours))
        for name in devices:
            levels, peers = {}, {}
            for link in self.regency.links:
                for end, far in (link.ends, link.ends[::-1]):
                    if end.device == name:
                        levels[end.interface] = self.light
                        peers[end.interface] = (self.other or Peer(device=far.device, interface=far.interface),)
            heard(name, Glance(optics=levels if optics else None, neighbours=peers if neighbours else None))


class Ear:
    def counts(self) -> TrapCounts:
        return TrapCounts(believed=1)
