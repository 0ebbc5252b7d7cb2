"""MikroTik RouterOS 7: an end of a link as `/export` writes it, and the commands that lead there.

After MikroTik's manual, chapters "OSPF", "IP Addressing" and "VLAN". Whoever uses it already keeps his own names: an instance,
an area, a VLAN that is there is used, whatever it is called. A /31 is written as an address of its own with the neighbour as
its network, which RouterOS takes in every version. Storm control belongs to some switch chips only, whose ports an export
counts instead of naming: it is not ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Interface
from typing import Final

from network.core.links.capabilities import CAPABILITIES
from network.core.links.difference import Difference, Keys, Line, Section, Want, compare
from network.core.links.intent import LOOPBACK, Base, EndIntent, Routing
from network.core.links.plan import EndPlan
from network.dialects.links.areas import area_number, dotted
from network.dialects.links.keys import usable
from network.dialects.links.lacking import lacks
from network.dialects.links.routeros_export import Item, read_export
from network.dialects.links.routeros_say import Place, say

_INSTANCE: Final = "routing ospf instance"
_AREA: Final = "routing ospf area"
_TEMPLATE: Final = "routing ospf interface-template"
_ADDRESS: Final = "ip address"
_VLAN: Final = "interface vlan"
_OURS: Final = "lajur"
_LOOPBACK: Final = "lo"
_DURATION: Final = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")
_UNITS: Final = (7 * 86400, 86400, 3600, 60, 1)


class RouterOsLinks:
    """`network.core.link_ports.LinkDialect`."""

    def plan(self, end: EndIntent, running: str, keys: Keys) -> EndPlan:
        known = CAPABILITIES["mikrotik_routeros"]
        seen = _Seen(end, read_export(running))
        found = compare(tuple(_wanted(end, seen, keys)), seen.sections())
        return EndPlan(
            intent=end,
            candidate=say(found.changes, seen.places()),
            inverse=say(found.inverse, seen.places(), back=True),
            lines=_as_typed(found),
            digest=replace(found, lines=_as_typed(found)).digest,
            lacks=lacks(end, known),
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the device has already of what the end needs, by the names that it has there."""

    end: EndIntent
    items: tuple[Item, ...]

    def of(self, menu: str) -> Iterator[Item]:
        return (item for item in self.items if item.menu == menu)

    @property
    def port(self) -> str:
        """The interface that carries the address."""
        end = self.end
        if end.vlan is None or "." in end.interface:
            return end.interface
        there = (
            each for each in self.of(_VLAN) if (each.get("interface"), each.get("vlan-id")) == (end.interface, str(end.vlan))
        )
        return next((each.name for each in there), f"{end.interface}.{end.vlan}")

    @property
    def instance(self) -> str:
        """Of OSPF for IPv4; the first that is not switched off."""
        found = [each for each in self.of(_INSTANCE) if each.get("version", "2") == "2"]
        return next((each.name for each in sorted(found, key=lambda each: each.off)), _OURS)

    def area(self, area: str) -> str:
        wanted = area_number(area)
        here = (each for each in self.of(_AREA) if each.get("instance") == self.instance)
        found = (each.name for each in here if area_number(each.get("area-id", "0")) == wanted)
        return next(found, f"{_OURS}-{wanted}")

    def loopback(self) -> str:
        """Where the management address is; RouterOS 7.14 and later have `lo`."""
        router = self.end.base.router_id if self.end.base else ""
        here = (each for each in self.of(_ADDRESS) if each.get("address").partition("/")[0] == router and not each.off)
        return next((each.get("interface") for each in here), _LOOPBACK)

    def router_id(self, item: Item) -> str:
        """Written as an address, or as the name of an entry of `/routing id`."""
        written = item.get("router-id")
        named = (each.get("id") for each in self.of("routing id") if each.name == written)
        return next(named, written)

    def places(self) -> Mapping[str, Place]:
        """By the heads of sections: how the item there is named, and what makes a new one."""
        end, port = self.end, self.port
        areas = {routing.area for routing in (end.routing, end.base) if routing is not None}
        found = {
            _head("interface", end.interface): Place(menu="/interface", find={"name": end.interface}),
            _head("interface", port): Place(menu="/interface", find={"name": port}),
            _head(_ADDRESS, port): Place(menu=f"/{_ADDRESS}", find={"interface": port}, many="address"),
            _head(_INSTANCE, self.instance): Place(
                menu=f"/{_INSTANCE}",
                find={"name": self.instance},
                make={"version": "2"},
                there=self._has(_INSTANCE, self.instance),
            ),
        }
        for area in areas:
            name, make = self.area(area), {"instance": self.instance, "area-id": dotted(area)}
            found[_head(_AREA, name)] = Place(
                menu=f"/{_AREA}", find={"name": name}, make=make, there=self._has(_AREA, name), shared=True
            )
        if end.vlan is not None:
            make = {"interface": end.interface, "vlan-id": str(end.vlan)}
            found[_head(_VLAN, port)] = Place(menu=f"/{_VLAN}", find={"name": port}, make=make, there=self._has(_VLAN, port))
        for name in self._routed():
            there = any(each.get("interfaces") == name for each in self.of(_TEMPLATE))
            found[_head(_TEMPLATE, name)] = Place(menu=f"/{_TEMPLATE}", find={"interfaces": name}, there=there)
        return found

    def sections(self) -> dict[str, list[str]]:
        """What stands there, one property a line; of an interface only what is not as it comes."""
        port, found = self.port, dict[str, list[str]]()
        for item in self.items:
            head, only = self._head_of(item, port)
            if not head:
                continue
            lines = found.setdefault(head, [])
            if item.menu == _ADDRESS:
                lines.append(_address_line(item))
                continue
            properties = dict(item.properties)
            if item.menu == _INSTANCE:
                properties["router-id"] = self.router_id(item)
            lines += [f"{name} {value}" for name, value in properties.items() if name in only]
        for head, place in self.places().items():
            if place.there and place.make:
                found.setdefault(head, []).append(_THERE)
        return found

    def _head_of(self, item: Item, port: str) -> tuple[str, tuple[str, ...]]:
        """Of the section to which an item belongs, and its properties that are ours; nothing for what is not ours."""
        if item.menu.startswith("interface ") and item.name in (self.end.interface, port):
            return _head("interface", item.name), ("mtu", "comment", "disabled")
        if item.menu == _ADDRESS and item.get("interface") == port and not item.off:
            return _head(_ADDRESS, port), ()
        if item.menu == _INSTANCE and item.name == self.instance:
            return _head(_INSTANCE, item.name), ("router-id", "originate-default", "disabled")
        if item.menu == _TEMPLATE and item.get("interfaces") in self._routed():
            return _head(_TEMPLATE, item.get("interfaces")), _TEMPLATED
        return "", ()

    def _routed(self) -> tuple[str, ...]:
        base = self.end.base
        passive = tuple(self.loopback() if name == LOOPBACK else name for name in base.passive) if base else ()
        return (*passive, self.port)

    def _has(self, menu: str, name: str) -> bool:
        return any(each.name == name for each in self.of(menu))


_TEMPLATED: Final = (
    "area", "type", "cost", "hello-interval", "dead-interval", "auth", "auth-id", "auth-key", "passive", "disabled",
)  # fmt: skip
_THERE: Final = "there"
"""Stands in the section of an item that exists, so that one which does not is wanted."""


def _wanted(end: EndIntent, seen: _Seen, keys: Keys) -> Iterator[Want]:
    port = Section(_head("interface", end.interface), "/interface <link>")
    own = Section(_head("interface", seen.port), "/interface <link>")
    if end.base is not None:
        yield from _base(end.base, seen)
    yield port.want("disabled", "disabled no", silent=True)
    yield port.want("mtu", f"mtu {end.mtu}", silent=end.mtu == 1500)
    if end.vlan is not None:
        yield Section(_head(_VLAN, seen.port), f"/{_VLAN} <link>").want(_THERE, _THERE, shape=f"vlan-id {end.vlan}")
        yield own.want("disabled", "disabled no", silent=True)
        yield own.want("mtu", f"mtu {end.mtu}", silent=end.mtu == 1500)
    yield own.want("comment", f"comment {end.description}", shape="comment <link>")
    if end.address is not None:
        line = _address(end.address, end.peer)
        yield Section(_head(_ADDRESS, seen.port), "/ip address <link>").want(
            "address", line, shape="address <address>", clears=True
        )
    if end.routing is not None:
        yield from _routing(end.routing, seen, keys)


def _base(base: Base, seen: _Seen) -> Iterator[Want]:
    instance = Section(_head(_INSTANCE, seen.instance))
    yield instance.want(_THERE, _THERE)
    yield instance.want("disabled", "disabled no", silent=True)
    yield instance.want("router-id", f"router-id {base.router_id}", shape="router-id <address>")
    if base.way_out:
        yield instance.want("originate-default", "originate-default always")
    yield _area(base.area, seen)
    for name in base.passive:
        template = Section(_head(_TEMPLATE, seen.loopback() if name == LOOPBACK else name))
        yield template.want("area", f"area {seen.area(base.area)}")
        yield template.want("passive", "passive yes")


def _area(area: str, seen: _Seen) -> Want:
    return Section(_head(_AREA, seen.area(area))).want(_THERE, _THERE, shape=f"area-id {dotted(area)}")


def _routing(routing: Routing, seen: _Seen, keys: Keys) -> Iterator[Want]:
    own = Section(_head(_TEMPLATE, seen.port), f"/{_TEMPLATE} <link>")
    if seen.end.base is None or seen.end.base.area != routing.area:
        yield _area(routing.area, seen)
    yield own.want("area", f"area {seen.area(routing.area)}")
    yield own.want("passive", None)
    yield own.want("type", "type ptp")
    yield own.want("disabled", "disabled no", silent=True)
    # Without a cost RouterOS takes 1, whatever the rate.
    cost = routing.cost or 1
    yield own.want("cost", f"cost {cost}", silent=cost == 1)
    yield own.want("hello-interval", f"hello-interval {routing.hello}s", silent=routing.hello == 10, same=_in_seconds)
    # The dead time of RouterOS does not follow the hello time.
    yield own.want("dead-interval", f"dead-interval {routing.dead}s", silent=routing.dead == 40, same=_in_seconds)
    known = routing.authentication
    yield own.want("auth", None if known is None else "auth md5")
    yield own.want("auth-id", None if known is None else f"auth-id {known.key_id}")
    if known is None:
        yield own.want("auth-key", None, public="auth-key")
    elif not _hides_key(seen):
        key = usable(keys(known.reference), known.reference)
        yield own.want("auth-key", f"auth-key {key}", public="auth-key")


def _hides_key(seen: _Seen) -> bool:
    """A login without the policy `sensitive` sees that there is a key, and not which one."""
    here = (each for each in seen.of(_TEMPLATE) if each.get("interfaces") == seen.port)
    return any(each.get("auth") == "md5" and "auth-key" not in each.properties for each in here)


def _address(address: str, peer: str | None) -> str:
    interface = IPv4Interface(address)
    if interface.network.prefixlen == 31 and peer is not None:
        return f"address {interface.ip}/32 network {peer}"
    return f"address {interface} network {interface.network.network_address}"


def _address_line(item: Item) -> str:
    """As wanted lines are written: the network also where the export leaves it out."""
    address = item.get("address")
    try:
        network = item.get("network") or str(IPv4Interface(address).network.network_address)
        return _address_of(IPv4Interface(address), network)
    except ValueError:
        return f"address {address} network {item.get('network', '?')}"


def _address_of(interface: IPv4Interface, network: str) -> str:
    """A /31 that RouterOS was told as such is the same as an address whose network is the neighbour."""
    if interface.network.prefixlen == 31:
        other = next((each for each in interface.network if each != interface.ip), IPv4Address(network))
        return f"address {interface.ip}/32 network {other}"
    return f"address {interface} network {network}"


def _in_seconds(line: str) -> str:
    name, _, written = line.partition(" ")
    found = _DURATION.fullmatch(written)
    if found is None or not any(found.groups()):
        return line
    return f"{name} {sum(int(count or 0) * unit for count, unit in zip(found.groups(), _UNITS, strict=True))}"


def _head(menu: str, name: str) -> str:
    return f"/{menu} {name}"


def _as_typed(found: Difference) -> tuple[Line, ...]:
    """A property beside its value as RouterOS writes it, with an equals sign."""
    return tuple(
        replace(line, text=_equals(line.text, line.shape), shape=_equals(line.shape, line.shape)) for line in found.lines
    )


def _equals(text: str, shape: str) -> str:
    if text == _THERE:
        text = shape
    if text == _THERE:
        return "add"
    name, _, value = text.partition(" ")
    if name == "address":
        value = value.replace(" network ", " network=")
    return f"{name}={value}" if value else name
