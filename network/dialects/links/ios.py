"""Cisco IOS and Arista EOS: an end of a link as `show running-config` writes it, and what is merged into it.

After Cisco's "IP Routing: OSPF Command Reference" and "Interface and Hardware Component Command Reference", and Arista's EOS
User Manual, chapters "OSPFv2" and "Data Plane Security". Keys come back scrambled (type 7), so that only a missing one is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Interface
from typing import Final

from network.core.links.capabilities import CAPABILITIES
from network.core.links.difference import Keys, Section, Want, compare
from network.core.links.intent import LOOPBACK, Base, EndIntent, Routing
from network.core.links.plan import EndPlan
from network.dialects.links.areas import dotted
from network.dialects.links.frr import authentication, with_number
from network.dialects.links.lacking import lacks
from network.dialects.links.sections import read_sections, write_sections

_LOOPBACK: Final = "Loopback0"
_HELLO: Final = 10
"""Seconds, on both platforms, where nobody says otherwise; the dead time is four times the hello time then."""

_REMOVAL: Final = {
    "description": 1,
    "encapsulation": 2,
    "ip ospf authentication": 3,
    "ip ospf cost": 3,
    "ip ospf message-digest-key": 4,
    "storm-control broadcast level": 3,
}


@dataclass(frozen=True, slots=True)
class IosLinks:
    """`network.core.link_ports.LinkDialect`; `eos` for Arista's way of saying it."""

    eos: bool = False

    def plan(self, end: EndIntent, running: str, keys: Keys) -> EndPlan:
        known = CAPABILITIES["arista_eos" if self.eos else "cisco_ios"]
        sections = read_sections(running)
        wants = tuple(self._wanted(end, _process(sections), keys))
        found = compare(wants, sections, hides_keys=known.hides_keys)
        return EndPlan(
            intent=end,
            candidate=write_sections(found.changes, _REMOVAL, order=("router ",)),
            inverse=write_sections(found.inverse, _REMOVAL),
            lines=found.lines,
            digest=found.digest,
            lacks=lacks(end, known),
        )

    def _wanted(self, end: EndIntent, process: str, keys: Keys) -> Iterator[Want]:
        name = end.interface if end.vlan is None or "." in end.interface else f"{end.interface}.{end.vlan}"
        port, own = Section(f"interface {end.interface}", "interface <link>"), Section(f"interface {name}", "interface <link>")
        if end.base is not None:
            yield from self._base(end.base, process)
        yield port.want("shutdown", None)
        yield port.want("mtu", f"mtu {end.mtu}", silent=end.mtu == 1500)
        if self.eos:
            yield port.want("no switchport", "no switchport")
        if end.storm_control is not None:
            line = f"storm-control broadcast level {end.storm_control}"
            yield port.want("storm-control broadcast level", line, same=_percent)
        if end.vlan is not None:
            words = "encapsulation dot1q vlan" if self.eos else "encapsulation dot1Q"
            yield own.want("encapsulation", f"{words} {end.vlan}")
        yield own.want("description", f"description {end.description}", shape="description <link>")
        if end.address is not None:
            line = f"ip address {self._address(end.address)}"
            yield own.want("ip address", line, shape="ip address <address>", clears=True)
        if end.routing is not None:
            yield from self._routing(own, end.routing, process, keys)
            yield Section(f"router ospf {process}").want(f"passive-interface {name}", None)

    def _routing(self, own: Section, routing: Routing, process: str, keys: Keys) -> Iterator[Want]:
        yield self._area(own, routing.area, process)
        yield own.want("ip ospf network", "ip ospf network point-to-point")
        yield own.want("ip ospf hello-interval", f"ip ospf hello-interval {routing.hello}", silent=routing.hello == _HELLO)
        line = f"ip ospf dead-interval {routing.dead}"
        yield own.want("ip ospf dead-interval", line, silent=routing.dead_follows_hello)
        yield own.want("ip ospf cost", None if routing.cost is None else f"ip ospf cost {routing.cost}")
        yield from authentication(own, routing.authentication, keys)

    def _base(self, base: Base, process: str) -> Iterator[Want]:
        router = Section(f"router ospf {process}")
        yield router.want("router-id", f"router-id {base.router_id}", shape="router-id <address>")
        for name in base.passive:
            interface = _LOOPBACK if name == LOOPBACK else name
            yield router.want(f"passive-interface {interface}", f"passive-interface {interface}")
            yield self._area(Section(f"interface {interface}"), base.area, process)
        if base.way_out:
            yield router.want("default-information originate", "default-information originate always")

    def _area(self, own: Section, area: str, process: str) -> Want:
        if self.eos:
            return own.want("ip ospf area", f"ip ospf area {dotted(area)}", same=with_number)
        return own.want(f"ip ospf {process} area", f"ip ospf {process} area {area}", same=with_number)

    def _address(self, address: str) -> str:
        return address if self.eos else IPv4Interface(address).with_netmask.replace("/", " ")


def _process(sections: dict[str, list[str]]) -> str:
    """The OSPF process that the device has; 1 where it has none."""
    heads = [head.split() for head in sections if head.startswith("router ospf ")]
    return heads[0][2] if heads else "1"


def _percent(line: str) -> str:
    """IOS prints two decimals."""
    words, _, level = line.rpartition(" ")
    try:
        return f"{words} {float(level):g}"
    except ValueError:
        return line
