"""The cloud as a part of a lab: its node, and its wire to the core. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from inventory.regency import Regency
from network.errors import LabRefused
from network.lab.cloud.parts import ADDRESS, CORE_ADDRESS, NODE, RENTED, WIRE
from network.lab.layout import INSIDE, LabPlan, Node, Port, Role, Traps, Wire

CORE_PORT: Final = "cloud0"
_OWN_PORT: Final = "core0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """What it adds to a lab. Empty where a lab has none."""

    nodes: tuple[Node, ...] = ()
    wires: tuple[Wire, ...] = ()


def plan_cloud(regency: Regency, core: Node, taken: Collection[str]) -> Cloud:
    """One node on a wire of its own to the core, as a line to a provider is. Raises LabError when its name or an address of its
    is taken."""
    if NODE in taken:
        raise LabRefused("lab.name_taken", device=NODE)
    for what, network in _networks(regency):
        if network.overlaps(RENTED):
            raise LabRefused("lab.address_outside", what=what, network=str(network), allowed=f"{INSIDE} (- {RENTED})")
    return Cloud(nodes=(_NODE,), wires=(_wire(core.key, CORE_PORT),))


def plan_alone(regency: Regency, lab_id: str) -> LabPlan:
    """A cloud and `noc`, from which it is asked; its servers are on record only. There is no network of the regency."""
    return LabPlan(
        lab=lab_id,
        regency=regency.head.key,
        bare=False,
        traps=Traps.EVENTS,
        area="0",
        nodes=(Node(key="noc", role=Role.NOC), _NODE),
        wires=(_wire("noc", CORE_PORT),),
        providers=(),
        destinations=(),
        fake=True,
    )


_NODE: Final = Node(key=NODE, role=Role.CLOUD, address=str(ADDRESS))


def _wire(node: str, interface: str) -> Wire:
    near = Port(node=node, interface=interface, address=f"{CORE_ADDRESS}/{WIRE.prefixlen}")
    far = Port(node=NODE, interface=_OWN_PORT, address=f"{ADDRESS}/{WIRE.prefixlen}")
    return Wire(key=f"{node}-{NODE}", near=near, far=far)


def _networks(regency: Regency) -> Iterator[tuple[str, IPv4Network]]:
    yield from ((device.key, IPv4Network(device.address)) for device in regency.devices)
    yield from ((office.key, office.lan) for office in regency.offices)
    yield from ((link.key, link.network) for link in regency.links if link.network)
    if regency.segment is not None:
        yield "segment", regency.segment
