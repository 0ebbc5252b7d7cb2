"""What each end of a link is to hold, computed from the truth. Pure; holds references to secrets, never the secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from inventory import views
from inventory.model import Device, DeviceRole, Link, LinkEnd
from inventory.regency import Regency

MTU: Final = 1500
"""What an interface has when nobody says otherwise, in bytes of IP."""

DEAD_OF_HELLO: Final = 4
"""Hello times after which OSPF misses a neighbour where nobody says otherwise."""


class Side(StrEnum):
    """FAR is the end that is reached over the link itself, seen from where the network is managed."""

    FAR = "far"
    NEAR = "near"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """Keyed MD5 of OSPF (RFC 2328, appendix D). `reference` is where the key is."""

    key_id: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """OSPF on one end of a link. `cost` None leaves it to the device; `hello` and `dead` in seconds."""

    area: str
    hello: int
    dead: int
    cost: int | None = None
    authentication: Authentication | None = None

    @property
    def dead_follows_hello(self) -> bool:
        """The dead time is the one that a device takes from `hello` when nobody says otherwise. RouterOS is the exception: it
        takes 40 s whatever the hello time."""
        return self.dead == DEAD_OF_HELLO * self.hello


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The routing that a device has beside its links: who it is, which networks it announces without neighbours on them, and
    whether it gives the way out."""

    router_id: str
    area: str
    passive: tuple[str, ...]
    way_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Optics:
    """Received power at handover, how far it may fall below that, and what the receiver needs at least; dBm, dB, dBm."""

    handover: float
    margin: float
    floor: float | None = None

    @property
    def least(self) -> float:
        """The lowest level within the budget, in dBm."""
        return max(self.handover - self.margin, self.floor if self.floor is not None else self.handover - self.margin)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndIntent:
    """One end. `address` is written with its prefix length, `peer` without; both None where the truth names no network.

    `peer_end` is the neighbour that LLDP is to name: device and interface. `storm_control` in percent of the line rate.
    """

    link: str
    side: Side
    device: str
    platform: str
    interface: str
    description: str
    peer_end: tuple[str, str]
    address: str | None = None
    peer: str | None = None
    mtu: int = MTU
    routing: Routing | None = None
    base: Base | None = None
    vlan: int | None = None
    storm_control: int | None = None
    optics: Optics | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkIntent:
    """Both ends. `depth` counts links from the core: what is nearer is done first, because the rest is reached over it."""

    key: str
    near: EndIntent
    far: EndIntent
    depth: int

    @property
    def ends(self) -> tuple[EndIntent, EndIntent]:
        """In the order in which they are changed."""
        return self.far, self.near

    @property
    def devices(self) -> tuple[str, str]:
        return self.far.device, self.near.device


def intend(regency: Regency) -> tuple[LinkIntent, ...]:
    """Every link of the regency: nearer to the core first, else in the order of the file."""
    hops = depths(regency)
    intents = [_link(regency, link, hops) for link in regency.links]
    return tuple(sorted(intents, key=lambda each: each.depth))


def depths(regency: Regency) -> Mapping[str, int]:
    """By device: over how many links it is reached from the core, where the network is managed."""
    neighbours: dict[str, set[str]] = {}
    for link in regency.links:
        one, other = (end.device for end in link.ends)
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    found = {views.core_device(regency): 0}
    edge = list(found)
    while edge:
        edge = [next_one for device in edge for next_one in sorted(neighbours.get(device, ())) if _first(found, next_one, device)]
    return found


def _first(found: dict[str, int], device: str, over: str) -> bool:
    if device in found:
        return False
    found[device] = found[over] + 1
    return True


def _link(regency: Regency, link: Link, hops: Mapping[str, int]) -> LinkIntent:
    """Of two ends that are equally far the second counts as the far one, as in the file."""
    unreached = len(hops)
    one, other = (hops.get(end.device, unreached) for end in link.ends)
    far = 0 if one > other else 1
    return LinkIntent(
        key=link.key,
        near=_end(regency, link, 1 - far, Side.NEAR),
        far=_end(regency, link, far, Side.FAR),
        depth=max(one, other),
    )


def _end(regency: Regency, link: Link, at: int, side: Side) -> EndIntent:
    own, other = link.ends[at], link.ends[1 - at]
    device = regency.device(own.device)
    addresses = views.link_addresses(regency, link)
    return EndIntent(
        link=link.key,
        side=side,
        device=own.device,
        platform=platform_of(device),
        interface=own.interface,
        description=views.description(regency, link, own),
        peer_end=(other.device, other.interface),
        address=addresses[at] if addresses else None,
        peer=addresses[1 - at].partition("/")[0] if addresses else None,
        mtu=link.mtu,
        routing=_routing(regency, link),
        base=_base(regency, device),
        vlan=link.vlan,
        storm_control=link.storm_control,
        optics=_optics(own),
    )


def platform_of(device: Device) -> str:
    """Whose words the device understands where its links are concerned: its routing's, else its login's."""
    return str(device.services.routing or device.platform.value)


def _routing(regency: Regency, link: Link) -> Routing | None:
    ospf = views.link_ospf(regency, link)
    if ospf is None:
        return None
    key = ospf.authentication
    return Routing(
        area=ospf.area,
        hello=ospf.hello,
        dead=ospf.dead,
        cost=ospf.cost,
        authentication=Authentication(key_id=key.key_id, reference=key.key) if key else None,
    )


def _base(regency: Regency, device: Device) -> Base | None:
    if regency.ospf is None:
        return None
    return Base(
        router_id=str(device.address),
        area=regency.ospf.area,
        passive=tuple(_passive(regency, device)),
        way_out=device.role is DeviceRole.CORE,
    )


def _passive(regency: Regency, device: Device) -> Iterator[str]:
    yield LOOPBACK
    for office in regency.offices:
        if office.device == device.key:
            yield office.lan_interface


LOOPBACK: Final = "loopback"
"""Stands for the interface of the management address, which every platform names in its own way."""


def _optics(end: LinkEnd) -> Optics | None:
    known = end.optics
    return Optics(handover=known.handover, margin=known.margin, floor=known.floor) if known else None
