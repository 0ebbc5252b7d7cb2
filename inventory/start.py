"""A regency that is about to be written down for the first time: what was answered, and what follows from it.

A person says what they know; ids, keys, addresses and interfaces that nobody named are made here, each once and for good.
Pure values; writes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from ipaddress import IPv4Address, IPv4Network
from itertools import chain, count
from typing import Final

from inventory.model import ItStaff, Medium, Platform, UplinkKind
from inventory.units import Bandwidth, Unfit

LONGEST_KEY: Final = 30
"""Of an office: its router is called `r-` and the office's key."""

_SMALL_WORDS: Final = {"dan", "atau", "di", "ke", "kabupaten", "kab", "kota", "the", "of", "and", "regency"}
_PORTS: Final = {
    Platform.LINUX: "eth{}",
    Platform.MIKROTIK_ROUTEROS: "ether{}",
    Platform.CISCO_IOS: "GigabitEthernet0/{}",
    Platform.ARISTA_EOS: "Ethernet{}",
    Platform.JUNIPER_JUNOS: "ge-0/0/{}",
    Platform.HUAWEI_VRP: "GigabitEthernet0/0/{}",
}
_FIRST_PORT: Final = {Platform.MIKROTIK_ROUTEROS: 1, Platform.ARISTA_EOS: 1}

CORE, BORDER = "core", "border"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How we log in everywhere: a user, and references to a key or a password and to both SNMP pass phrases. `ospf` refers to
    the key of the routing protocol on every link; None: it is configured elsewhere."""

    user: str
    key: str | None = None
    password: str | None = None
    snmp_user: str | None = None
    snmp_auth: str = ""
    snmp_privacy: str = ""
    ospf: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUplink:
    """`prefixes`: what leaves by it; empty for the one that takes everything else. Rates in bit/s."""

    key: str
    name: str
    kind: UplinkKind
    provider: str
    down: Bandwidth
    up: Bandwidth
    number: str
    start: date
    end: date
    prefixes: tuple[IPv4Network, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRouter:
    """A device before it has all that it needs; `address` None takes the next free one."""

    platform: Platform = Platform.LINUX
    address: IPv4Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The link to a place. `rate` None: that of the fastest uplink, or 1 Gbit/s when that is less."""

    rate: Bandwidth | None = None
    medium: Medium = Medium.FIBRE
    length_km: float | None = None
    interface: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHub:
    key: str
    name: str
    router: NewRouter = NewRouter()
    way: Way = Way()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffice:
    """An office; what is None or empty is made. `line` is where a table has it, 0 elsewhere."""

    name: str
    service_class: str
    hub: str
    key: str = ""
    id: int | None = None
    device: str = ""
    lan: IPv4Network | None = None
    router: NewRouter = NewRouter()
    way: Way = Way()
    it_staff: tuple[ItStaff, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """All answers. `management`, `links` and `lans` are blocks from which addresses, /31s and LANs (/24) are taken in order.
    `illustrative`: to practise on in a lab, with devices that are never dialled."""

    key: str
    name: str
    timezone: str
    language: str
    uplinks: tuple[NewUplink, ...]
    core: NewRouter
    border: NewRouter
    hubs: tuple[NewHub, ...]
    offices: tuple[NewOffice, ...]
    access: Access
    management: IPv4Network
    links: IPv4Network
    lans: IPv4Network
    illustrative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Router:
    """A device with all that devices.yaml says of it. `of`: the name of the hub or office that it serves."""

    key: str
    role: str
    platform: Platform
    address: IPv4Address
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A link with both of its ends, the one nearer to the uplinks first. Rates in bit/s."""

    key: str
    near: tuple[str, str]
    far: tuple[str, str]
    network: IPv4Network
    down: Bandwidth
    up: Bandwidth
    way: Way = Way()
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The regency with nothing left open. `lan_ports`: by office key, the interface of its LAN."""

    start: Start
    offices: tuple[NewOffice, ...]
    routers: tuple[Router, ...]
    wires: tuple[Wire, ...]
    lan_ports: Mapping[str, str] = field(default_factory=dict)


def key_of(name: str, taken: Collection[str] = (), longest: int = LONGEST_KEY) -> str:
    """A key that people recognise, never one of `taken`: `Dinas Komunikasi dan Informatika` is `dinas-komunikasi-informatika`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    kept = [word for word in words if word not in _SMALL_WORDS] or words or ["x"]
    key = kept[0][:longest] if kept[0][0].isalpha() else f"x{kept[0]}"[:longest]
    for word in kept[1:]:
        if len(key) + 1 + len(word) <= longest:
            key = f"{key}-{word}"
    free = chain([key], (f"{key[: longest - 1 - len(str(number))]}-{number}" for number in count(2)))
    return next(each for each in free if each not in taken)


def whole(start: Start) -> Whole:
    """Everything that was left open, made in the order of the answers, so that the same answers make the same files.

    Raises Unfit (`start.block_full`) when a block has no address or network left.
    """
    offices = _offices(start)
    routers = tuple(_routers(start, offices))
    platforms = {router.key: router.platform for router in routers}
    ports = _Ports(platforms)
    wires = tuple(_wires(start, offices, ports))
    return Whole(
        start=start,
        offices=offices,
        routers=routers,
        wires=wires,
        lan_ports={office.key: ports.next(office.device) for office in offices},
    )


def _offices(start: Start) -> tuple[NewOffice, ...]:
    ids = {office.id for office in start.offices if office.id is not None}
    free_ids = (number for number in count(1) if number not in ids)
    lans = [office.lan for office in start.offices if office.lan is not None]
    avoided = (*lans, start.management, start.links, *(IPv4Network(each) for each in _given_addresses(start)))
    free_lans = _free(start.lans, 24, avoided)
    keys = {office.key for office in start.offices}
    made = []
    for office in start.offices:
        key = office.key or key_of(office.name, keys)
        keys.add(key)
        made.append(
            replace(
                office,
                key=key,
                id=next(free_ids) if office.id is None else office.id,
                device=office.device or f"r-{key}",
                lan=_next(free_lans, start.lans) if office.lan is None else office.lan,
            )
        )
    return tuple(made)


def _given_addresses(start: Start) -> Iterator[IPv4Address]:
    routers = (start.core, start.border, *(hub.router for hub in start.hubs), *(office.router for office in start.offices))
    return (router.address for router in routers if router.address is not None)


def _routers(start: Start, offices: Sequence[NewOffice]) -> Iterator[Router]:
    given = set(_given_addresses(start))
    free = (address for address in start.management.hosts() if address not in given)
    plan = [(CORE, CORE, start.core, ""), (BORDER, BORDER, start.border, "")]
    plan += [(hub_device(hub), "hub", hub.router, hub.name) for hub in start.hubs]
    plan += [(office.device, "office", office.router, office.name) for office in offices]
    for key, role, router, of in plan:
        address = router.address if router.address is not None else next(free, None)
        if address is None:
            raise Unfit("start.block_full", block=start.management)
        yield Router(key=key, role=role, platform=router.platform, address=address, of=of)


def hub_device(hub: NewHub) -> str:
    return f"hub-{hub.key}"[:32]


def uplink_link(uplink: NewUplink) -> str:
    """The key of the uplink's own link."""
    return f"{BORDER}-{uplink.key}"[:32]


def hub_link(hub: NewHub) -> str:
    return f"{CORE}-{hub.key}"[:32]


def _wires(start: Start, offices: Sequence[NewOffice], ports: _Ports) -> Iterator[Wire]:
    networks = _free(start.links, 31, [IPv4Network(each) for each in _given_addresses(start)])
    usual = max(Bandwidth(10**9), *(max(uplink.down, uplink.up) for uplink in start.uplinks))
    hubs = {hub.key: hub for hub in start.hubs}

    def wire(key: str, near: str, far: str, way: Way, of: str) -> Wire:
        rate = way.rate or usual
        return Wire(
            key=key,
            near=(near, ports.next(near)),
            far=(far, ports.next(far, way.interface)),
            network=_next(networks, start.links),
            down=rate,
            up=rate,
            way=way,
            of=of,
        )

    for uplink in start.uplinks:
        yield wire(uplink_link(uplink), BORDER, CORE, Way(), uplink.name)
    for hub in start.hubs:
        yield wire(hub_link(hub), CORE, hub_device(hub), hub.way, hub.name)
    taken = {uplink_link(uplink) for uplink in start.uplinks} | {hub_link(hub) for hub in start.hubs}
    for office in offices:
        key = key_of(f"{office.hub}-{office.key}", taken, 32)
        taken.add(key)
        yield wire(key, hub_device(hubs[office.hub]), office.device, office.way, office.name)


class _Ports:
    """The next unused interface of each device, as its platform numbers them."""

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self._platforms = platforms
        self._numbers = {key: count(_FIRST_PORT.get(platform, 0)) for key, platform in platforms.items()}
        self._taken: dict[str, set[str]] = {key: set() for key in platforms}

    def next(self, device: str, named: str | None = None) -> str:
        names = (_PORTS[self._platforms[device]].format(number) for number in self._numbers[device])
        name = named or next(each for each in names if each not in self._taken[device])
        self._taken[device].add(name)
        return name


def _free(block: IPv4Network, length: int, avoided: Sequence[IPv4Network]) -> Iterator[IPv4Network]:
    if block.prefixlen > length:
        return iter(())
    return (each for each in block.subnets(new_prefix=length) if not any(each.overlaps(other) for other in avoided))


def _next(networks: Iterator[IPv4Network], block: IPv4Network) -> IPv4Network:
    network = next(networks, None)
    if network is None:
        raise Unfit("start.block_full", block=block)
    return network
