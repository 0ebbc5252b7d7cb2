"""A regency's truth as a lab: which namespaces, which wires, which addresses. Pure: makes nothing and reads nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from inventory.model import DeviceRole, Link, Uplink
from inventory.regency import Regency
from inventory.units import Direction
from network.errors import LabMisnamed, LabRefused
from network.lab.layout import INSIDE, LAN, OUTSIDE, WIRES, Destination, LabPlan, Node, Port, Provider, Role, Wire

_LAB_ID: Final = re.compile(r"[a-z0-9]{1,12}")
_INTERFACE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,15}")
_ROLES: Final = {
    DeviceRole.BORDER: Role.BORDER,
    DeviceRole.CORE: Role.CORE,
    DeviceRole.HUB: Role.HUB,
    DeviceRole.OFFICE: Role.OFFICE,
}


def plan_lab(regency: Regency, lab_id: str) -> LabPlan:
    """The lab of `regency`: every device a router, every link a wire with a /31, plus `inet` and `noc`.

    Raises LabError when the lab cannot carry this truth: an id that is not 1 to 12 of a-z and 0-9, not exactly one core
    and one border, an interface name that Linux refuses or that stands twice on a device, a link to a device that does
    not exist, an address outside what a lab may use.
    """
    if not _LAB_ID.fullmatch(lab_id):
        raise LabMisnamed("lab.id_wrong", lab=lab_id)
    nodes = _nodes(regency)
    core = _only(nodes, Role.CORE)
    border = _only(nodes, Role.BORDER)
    pairs = _pairs()
    truth_wires = {link.key: _truth_wire(link, next(pairs), nodes) for link in regency.links}
    providers = tuple(_provider(regency, uplink, truth_wires, border, next(pairs)) for uplink in regency.uplinks)
    noc = _wire("core-noc", (core.key, "noc0"), ("noc", "core0"), next(pairs), routed=False)
    wires = (*truth_wires.values(), *(provider.outside for provider in providers), noc)
    _check_interfaces(wires, nodes)
    _check_addresses(regency)
    return LabPlan(
        lab=lab_id,
        regency=regency.head.key,
        nodes=tuple(nodes.values()),
        wires=wires,
        providers=providers,
        destinations=tuple(_destinations(regency)),
    )


def _nodes(regency: Regency) -> dict[str, Node]:
    offices = {office.device: office for office in regency.offices}
    nodes = {"inet": Node(key="inet", role=Role.INET)}
    for role in (DeviceRole.BORDER, DeviceRole.CORE, DeviceRole.HUB, DeviceRole.OFFICE):
        for device in regency.devices:
            if device.role is not role:
                continue
            if device.key in ("inet", "noc"):
                raise LabRefused("lab.name_taken", device=device.key)
            office = offices.get(device.key)
            nodes[device.key] = Node(
                key=device.key,
                role=_ROLES[role],
                address=str(device.address),
                lan=str(office.lan) if office else None,
                office=office.key if office else None,
            )
    nodes["noc"] = Node(key="noc", role=Role.NOC)
    return nodes


def _only(nodes: dict[str, Node], role: Role) -> Node:
    found = [node for node in nodes.values() if node.role is role]
    if len(found) != 1:
        raise LabRefused("lab.role_count", role=str(role), count=len(found))
    return found[0]


def _pairs() -> Iterator[tuple[str, str]]:
    """The /31s of the lab (RFC 3021), in order."""
    for number in range(0, WIRES.num_addresses, 2):
        yield f"{WIRES[number]}/31", f"{WIRES[number + 1]}/31"


def _wire(key: str, near: tuple[str, str], far: tuple[str, str], pair: tuple[str, str], *, routed: bool) -> Wire:
    return Wire(
        key=key,
        near=Port(node=near[0], interface=near[1], address=pair[0]),
        far=Port(node=far[0], interface=far[1], address=pair[1]),
        routed=routed,
    )


def _truth_wire(link: Link, pair: tuple[str, str], nodes: dict[str, Node]) -> Wire:
    for end in link.ends:
        if end.device not in nodes:
            raise LabRefused("lab.link_end_unknown", link=link.key, device=end.device)
    near, far = ((end.device, end.interface) for end in link.ends)
    return _wire(link.key, near, far, pair, routed=True)


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
        outside=_wire(name, ("inet", f"border{uplink.id}"), (border.key, f"isp{uplink.id}"), pair, routed=False),
        inside=inside,
    )


def _check_interfaces(wires: Iterable[Wire], nodes: dict[str, Node]) -> None:
    ports = [(port.node, port.interface) for wire in wires for port in (wire.near, wire.far)]
    ports += [(node.key, LAN) for node in nodes.values() if node.lan]
    for (node, interface), count in Counter(ports).items():
        if not _INTERFACE.fullmatch(interface) or interface in (".", ".."):
            raise LabRefused("lab.interface_name", device=node, interface=interface)
        if count > 1:
            raise LabRefused("lab.interface_twice", device=node, interface=interface)


def _check_addresses(regency: Regency) -> None:
    inside = [(device.key, IPv4Network(device.address)) for device in regency.devices]
    inside += [(office.key, office.lan) for office in regency.offices]
    for what, network in inside:
        if not network.subnet_of(INSIDE) or network.overlaps(WIRES):
            raise LabRefused("lab.address_outside", what=what, network=str(network), allowed=f"{INSIDE} (- {WIRES})")
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
