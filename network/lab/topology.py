"""A regency's truth as a lab: which namespaces, which wires, which addresses. Pure: makes nothing and reads nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Final, Unpack

from inventory import views
from inventory.model import DeviceRole, Link, LinkEnd, Medium, Uplink
from inventory.regency import Regency
from inventory.units import Direction
from network.errors import LabMisnamed, LabRefused
from network.lab.cloud.planning import Cloud, plan_alone, plan_cloud
from network.lab.layout import (
    BOOTSTRAP,
    HOSTS,
    INSIDE,
    OUTSIDE,
    SEGMENT,
    WIRES,
    Destination,
    LabPlan,
    Node,
    Ospf,
    Played,
    Port,
    Provider,
    Role,
    Traps,
    Wanted,
    Wire,
)
from network.lab.servers import Servers, plan_servers

_LAB_ID: Final = re.compile(r"[a-z0-9]{1,12}")
_INTERFACE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,15}")
_ROLES: Final = {
    DeviceRole.BORDER: Role.BORDER,
    DeviceRole.CORE: Role.CORE,
    DeviceRole.HUB: Role.HUB,
    DeviceRole.OFFICE: Role.OFFICE,
}


def plan_lab(regency: Regency, lab_id: str, **wanted: Unpack[Wanted]) -> LabPlan:
    """The lab of `regency`: every device a router, every link a wire with the network that the truth gives it (else a /31 of
    the lab's own), plus `inet` and `noc`, and what is `wanted` beside.

    Raises LabError when the lab cannot carry this truth: an id that is not 1 to 12 of a-z and 0-9, not exactly one core
    and one border, an interface name that Linux refuses or that stands twice on a device, a link to a device that does
    not exist, an address outside what a lab may use.
    """
    if not _LAB_ID.fullmatch(lab_id):
        raise LabMisnamed("lab.id_wrong", lab=lab_id)
    if wanted.get("alone"):
        return plan_alone(regency, lab_id)
    nodes = _nodes(regency)
    core = _only(nodes, Role.CORE)
    border = _only(nodes, Role.BORDER)
    pairs = _pairs(WIRES, regency)
    first = _pairs(BOOTSTRAP, regency) if wanted.get("bare") else None
    truth_wires = {link.key: _truth_wire(regency, link, nodes, pairs, first) for link in regency.links}
    providers = tuple(_provider(regency, uplink, truth_wires, border, next(pairs)) for uplink in regency.uplinks)
    noc = _wire("core-noc", (core.key, "noc0"), ("noc", "core0"), next(pairs))
    wires = (*truth_wires.values(), *(provider.outside for provider in providers), noc)
    more = plan_servers(regency, core, nodes, wanted.get("short", ())) if wanted.get("servers") else Servers()
    rented = plan_cloud(regency, core, (*nodes, *(node.key for node in more.nodes))) if wanted.get("cloud") else Cloud()
    wires = (*wires, *more.wires, *rented.wires)
    _check_interfaces(wires, nodes)
    _check_addresses(regency)
    return LabPlan(
        lab=lab_id,
        regency=regency.head.key,
        bare=wanted.get("bare", False),
        traps=wanted.get("traps", Traps.EVENTS),
        area=regency.ospf.area if regency.ospf else "0",
        nodes=(*nodes.values(), *more.nodes, *rented.nodes),
        wires=wires,
        providers=providers,
        destinations=tuple(_destinations(regency)),
        systems=tuple(_systems(regency)),
        machines=more.machines,
        fake=bool(rented.nodes) and wanted.get("fake", False),
    )


def _nodes(regency: Regency) -> dict[str, Node]:
    offices = {office.device: office for office in regency.offices}
    nodes = {"inet": Node(key="inet", role=Role.INET)}
    for role in (DeviceRole.BORDER, DeviceRole.CORE, DeviceRole.HUB, DeviceRole.OFFICE):
        for device in regency.devices:
            if device.role is not role:
                continue
            if device.key in ("inet", "noc", SEGMENT):
                raise LabRefused("lab.name_taken", device=device.key)
            office = offices.get(device.key)
            nodes[device.key] = Node(
                key=device.key,
                role=_ROLES[role],
                address=str(device.address),
                lan=str(office.lan) if office else None,
                lan_interface=office.lan_interface if office else None,
                office=office.key if office else None,
            )
    nodes["noc"] = Node(key="noc", role=Role.NOC)
    return nodes


def _only(nodes: dict[str, Node], role: Role) -> Node:
    found = [node for node in nodes.values() if node.role is role]
    if len(found) != 1:
        raise LabRefused("lab.role_count", role=str(role), count=len(found))
    return found[0]


def _pairs(block: IPv4Network, regency: Regency) -> Iterator[tuple[str, str]]:
    """The /31s of a block (RFC 3021) that the truth gives neither to a link nor to the servers, in order."""
    given = [link.network for link in regency.links if link.network] + ([regency.segment] if regency.segment else [])
    taken = {int(half.network_address) for network in given for half in _halves(network)}
    for number in range(0, block.num_addresses, 2):
        if int(block[number]) not in taken:
            yield f"{block[number]}/31", f"{block[number + 1]}/31"


def _halves(network: IPv4Network) -> Iterator[IPv4Network]:
    return network.subnets(new_prefix=31) if network.prefixlen < 31 else iter((network,))


def _wire(key: str, near: tuple[str, str], far: tuple[str, str], pair: tuple[str, str]) -> Wire:
    return Wire(
        key=key,
        near=Port(node=near[0], interface=near[1], address=pair[0]),
        far=Port(node=far[0], interface=far[1], address=pair[1]),
    )


_Pairs = Iterator[tuple[str, str]]


def _truth_wire(regency: Regency, link: Link, nodes: dict[str, Node], pairs: _Pairs, first: _Pairs | None) -> Wire:
    for end in link.ends:
        if end.device not in nodes:
            raise LabRefused("lab.link_end_unknown", link=link.key, device=end.device)
    addresses = views.link_addresses(regency, link) or next(pairs)
    bootstrap = next(first) if first is not None else (None, None)
    near, far = (
        Port(
            node=end.device,
            interface=end.interface,
            address=address,
            bootstrap=other,
            description=views.description(regency, link, end),
            light=_light(link, end),
        )
        for end, address, other in zip(link.ends, addresses, bootstrap, strict=True)
    )
    return Wire(key=link.key, near=near, far=far, mtu=link.mtu, ospf=_ospf(regency, link))


def _light(link: Link, end: LinkEnd) -> float | None:
    """What the end receives: as at handover, else what a fibre of that length leaves of a common module's light."""
    if link.medium is not Medium.FIBRE:
        return None
    return end.optics.handover if end.optics is not None else round(max(-30.0, -5.5 - 0.35 * (link.length_km or 0.0)), 1)


def _ospf(regency: Regency, link: Link) -> Ospf:
    """As the truth has it; one that says nothing of OSPF gets a lab's own, without a key."""
    told = views.link_ospf(regency, link)
    if told is None:
        return Ospf()
    key = told.authentication
    return Ospf(
        area=told.area,
        hello=told.hello,
        dead=told.dead,
        cost=told.cost,
        key_id=key.key_id if key else None,
        key=key.key if key else None,
    )


def _provider(regency: Regency, uplink: Uplink, wires: dict[str, Wire], border: Node, pair: tuple[str, str]) -> Provider:
    inside = wires.get(uplink.link)
    if inside is None or inside.near.node != border.key:
        raise LabRefused("lab.uplink_link", uplink=uplink.key, link=uplink.link, border=border.key)
    default = uplink.destinations is None
    prefixes = ("0.0.0.0/0",) if default else tuple(str(prefix) for prefix in regency.prefixes[uplink.key])
    name = f"inet-{uplink.key}"
    return Provider(
        uplink=uplink.key,
        id=uplink.id,
        default=default,
        prefixes=prefixes,
        down=int(uplink.rate.of(Direction.DOWN)),
        up=int(uplink.rate.of(Direction.UP)),
        outside=_wire(name, ("inet", f"border{uplink.id}"), (border.key, f"isp{uplink.id}"), pair),
        inside=inside,
    )


def _check_interfaces(wires: Iterable[Wire], nodes: dict[str, Node]) -> None:
    ports = [(port.node, port.interface) for wire in wires for port in (wire.near, wire.far)]
    ports += [(node.key, name) for node in nodes.values() if node.lan_interface for name in (node.lan_interface, HOSTS)]
    for (node, interface), count in Counter(ports).items():
        if not _INTERFACE.fullmatch(interface) or interface in (".", ".."):
            raise LabRefused("lab.interface_name", device=node, interface=interface)
        if count > 1:
            raise LabRefused("lab.interface_twice", device=node, interface=interface)


def _check_addresses(regency: Regency) -> None:
    inside = [(device.key, IPv4Network(device.address)) for device in regency.devices]
    inside += [(office.key, office.lan) for office in regency.offices]
    for what, network in inside:
        if not network.subnet_of(INSIDE) or network.overlaps(WIRES) or network.overlaps(BOOTSTRAP):
            allowed = f"{INSIDE} (- {WIRES}, {BOOTSTRAP})"
            raise LabRefused("lab.address_outside", what=what, network=str(network), allowed=allowed)
    for link in regency.links:
        if link.network and (not link.network.subnet_of(INSIDE) or link.network.overlaps(BOOTSTRAP)):
            allowed = f"{INSIDE} (- {BOOTSTRAP})"
            raise LabRefused("lab.address_outside", what=link.key, network=str(link.network), allowed=allowed)
    outside = [(key, network) for key, networks in regency.prefixes.items() for network in networks]
    outside += [(application.key, network) for application in regency.applications for network in application.destinations]
    for what, network in outside:
        if not network.subnet_of(OUTSIDE):
            raise LabRefused("lab.address_outside", what=what, network=str(network), allowed=str(OUTSIDE))


def _destinations(regency: Regency) -> Iterator[Destination]:
    """For every uplink one address of no application and, for every application that it leads to, one of its own."""
    taken = [network for application in regency.applications for network in application.destinations]
    for uplink in regency.uplinks:
        for address in _candidates(regency, uplink):
            if _leaves_by(regency, address) == uplink.key and not any(address in network for network in taken):
                yield Destination(uplink=uplink.key, application=None, address=str(address))
                break
        else:
            raise LabRefused("lab.no_destination", uplink=uplink.key)
        for application in regency.applications:
            for network in application.destinations:
                address = network[min(10, network.num_addresses - 1)]
                if _leaves_by(regency, address) == uplink.key:
                    yield Destination(uplink=uplink.key, application=application.key, address=str(address))
                    break


def _systems(regency: Regency) -> Iterator[Played]:
    """Every application that is asked at an address which `inet` answers on. A name is nobody's here: a lab has no resolver."""
    for application in regency.applications:
        probe = application.probe
        try:
            address = IPv4Address(probe.host) if probe is not None else None
        except AddressValueError:
            continue
        if probe is not None and address in OUTSIDE:
            yield Played(
                key=application.key,
                kind=probe.kind,
                address=str(address),
                port=probe.port,
                expect=probe.expect,
                slow=probe.slow,
            )


def _candidates(regency: Regency, uplink: Uplink) -> Iterator[IPv4Address]:
    """The tenth address of each /24 that the uplink may carry, from the two hundredth /24 of each prefix on."""
    served = tuple(reversed(list(OUTSIDE.subnets(new_prefix=16))))
    for prefix in regency.prefixes.get(uplink.key, served) if uplink.destinations else served:
        if prefix.prefixlen > 24:
            yield prefix[prefix.num_addresses // 2]
            continue
        count = 2 ** (24 - prefix.prefixlen)
        for number in range(count):
            yield prefix[((number + 200) % count) * 256 + 10]


def _leaves_by(regency: Regency, address: IPv4Address) -> str:
    """The uplink that the core sends `address` to: the longest listed prefix wins, else the default uplink."""
    matches = [
        (network.prefixlen, uplink.key)
        for uplink in regency.uplinks
        if uplink.destinations is not None
        for network in regency.prefixes[uplink.key]
        if address in network
    ]
    if matches:
        return max(matches)[1]
    return next(uplink.key for uplink in regency.uplinks if uplink.destinations is None)
