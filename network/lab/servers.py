"""The leased servers of a regency's truth as part of a lab: their segment, its wires, the machines. Pure: makes nothing and
reads nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from inventory.regency import Regency
from network.errors import LabMisnamed, LabRefused
from network.lab.layout import INSIDE, SEGMENT, WIRES, Node, Port, Role, Wire
from network.lab.machine import Machine, machine_of

CORE_PORT: Final = "srv0"
_OWN: Final = frozenset({"inet", "noc", SEGMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """What they add to a lab. Empty where a lab has none."""

    nodes: tuple[Node, ...] = ()
    wires: tuple[Wire, ...] = ()
    machines: tuple[Machine, ...] = ()


def plan_servers(regency: Regency, core: Node, devices: Collection[str], short: Collection[str]) -> Servers:
    """The servers of `regency`, those named in `short` with half the memory that their leases promise.

    The core has the first address of the segment, the package repository the second. Raises LabError when the lab cannot carry
    them: there are none, one has a name or address that is taken or outside, or `short` names none of them.
    """
    if not regency.servers or regency.segment is None:
        raise LabRefused("lab.no_servers", regency=regency.head.key)
    keys = [server.key for server in regency.servers]
    for key in short:
        if key not in keys:
            raise LabMisnamed("lab.server_unknown", lab=regency.head.key, server=key, servers=", ".join(keys))
    segment = regency.segment
    _check(regency, segment, devices)
    promises = {lease.key: lease.promise for lease in regency.leases}
    length = segment.prefixlen
    nodes = [Node(key=SEGMENT, role=Role.SEGMENT, address=str(segment[2]))]
    wires = [_wire(SEGMENT, Port(node=core.key, interface=CORE_PORT, address=f"{segment[1]}/{length}"), "core0")]
    machines = []
    for number, server in enumerate(regency.servers, 1):
        nodes.append(Node(key=server.key, role=Role.SERVER, address=str(server.address)))
        own = Port(node=server.key, interface="eth0", address=f"{server.address}/{length}")
        wires.append(_wire(server.key, own, f"s{number}"))
        machines.append(machine_of(server, promises[server.lease], short=server.key in short))
    return Servers(nodes=tuple(nodes), wires=tuple(wires), machines=tuple(machines))


def _wire(key: str, end: Port, port: str) -> Wire:
    """From the segment's bridge, whose ports have no address, to whatever stands on the segment."""
    return Wire(key=f"{SEGMENT}-{key}", near=Port(node=SEGMENT, interface=port, address=""), far=end)


def _check(regency: Regency, segment: IPv4Network, devices: Collection[str]) -> None:
    if not segment.subnet_of(INSIDE) or segment.overlaps(WIRES) or segment.prefixlen > 29:
        allowed = f"{INSIDE} (- {WIRES}), /29 …"
        raise LabRefused("lab.address_outside", what="segment", network=str(segment), allowed=allowed)
    leases = {lease.key for lease in regency.leases}
    taken = {segment[0], segment[1], segment[2], segment[-1]}
    for server in regency.servers:
        if server.key in _OWN or server.key in devices:
            raise LabRefused("lab.server_name_taken", server=server.key)
        if server.lease not in leases:
            raise LabRefused("lab.server_lease", server=server.key, lease=server.lease)
        if server.address not in segment or server.address in taken:
            raise LabRefused("lab.server_address", server=server.key, address=str(server.address), segment=str(segment))
        taken.add(server.address)
