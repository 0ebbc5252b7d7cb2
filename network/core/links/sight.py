"""What is asked of a device about one end of a link, and what it saw. Values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What to look at. `peer` is pinged from `source` at both sizes (bytes of the whole IP packet), `count` times each; without
    a peer nobody is. `pings` False: a quick look, without them."""

    interface: str
    peer: str | None
    source: str | None
    small: int
    large: int
    count: int
    pings: bool = True
    lldp: bool = True
    routing: bool = True
    optics: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pings:
    """`received` of `sent`."""

    sent: int
    received: int

    @property
    def loss(self) -> float:
        """Percent."""
        return 100.0 * (self.sent - self.received) / self.sent if self.sent else 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Who LLDP heard. `interface` as the neighbour itself names it."""

    device: str
    interface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One look. None means that it was not asked, or that the device cannot say.

    `neighbours`: whom LLDP hears, empty when nobody. `routing`: the state of the neighbour in the routing protocol's own words
    (`Full`), empty when there is none, and for how many seconds it has been so. Levels in dBm.
    """

    carrier: bool | None = None
    mtu: int | None = None
    neighbours: tuple[Neighbour, ...] | None = None
    small: Pings | None = None
    large: Pings | None = None
    routing: str | None = None
    routing_age: float | None = None
    received: float | None = None
    sent: float | None = None
