"""Huawei VRP: an end of a link as `display current-configuration` writes it, and the lines that are typed.

After Huawei's "OSPF Commands" and "Interface Basic Configuration Commands" for AR and S routers. Keys come back scrambled, so
that only a missing one is seen. It has no candidate and no timer: whoever cuts himself off there must travel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Interface
from typing import Final

from network.core.links.capabilities import CAPABILITIES
from network.core.links.difference import Change, Keys, Section, Want, compare
from network.core.links.intent import LOOPBACK, Base, EndIntent, Routing
from network.core.links.plan import EndPlan
from network.dialects.links.areas import dotted
from network.dialects.links.frr import with_number
from network.dialects.links.keys import usable
from network.dialects.links.lacking import lacks
from network.dialects.links.sections import read_sections, write_sections

_LOOPBACK: Final = "LoopBack0"
_PROCESS: Final = "ospf 1"
_ROUTER: Final = "router-id"
_HELLO: Final = 10
"""Seconds, where nobody says otherwise; the dead time is four times the hello time then."""
_REMOVAL: Final = {
    "description": 1,
    "mtu": 1,
    "ospf cost": 2,
    "ospf network-type": 2,
    "ospf timer hello": 3,
    "ospf timer dead": 3,
    "ospf authentication-mode": 2,
    "storm-control broadcast": 2,
}


class VrpLinks:
    """`network.core.link_ports.LinkDialect`."""

    def plan(self, end: EndIntent, running: str, keys: Keys) -> EndPlan:
        known = CAPABILITIES["huawei_vrp"]
        found = compare(tuple(_wanted(end, keys)), _sections(running), hides_keys=known.hides_keys)
        return EndPlan(
            intent=end,
            candidate=_typed(found.changes),
            inverse=_typed(found.inverse),
            lines=found.lines,
            digest=found.digest,
            lacks=lacks(end, known),
        )


def _sections(running: str) -> dict[str, list[str]]:
    """The head of a process carries its router id: here it is a line of the section."""
    found: dict[str, list[str]] = {}
    for head, lines in read_sections(running).items():
        if head == _PROCESS or head.startswith(f"{_PROCESS} "):
            router = head.removeprefix(_PROCESS).strip()
            found[_PROCESS] = [*([router] if router else []), *lines]
        else:
            found[head] = lines
    return found


def _typed(changes: Iterable[Change]) -> str:
    """What is typed, in order. The router id is a word of the head, and is never taken away."""
    rest = [change for change in changes if change.scope != _ROUTER]
    named = [change.text for change in changes if change.scope == _ROUTER and not change.remove]
    head = "".join(f"{_PROCESS} {text}\nquit\n" for text in named)
    return head + write_sections(rest, _REMOVAL, order=("ospf ",), negation="undo", leave="quit")


def _wanted(end: EndIntent, keys: Keys) -> Iterator[Want]:
    name = end.interface if end.vlan is None or "." in end.interface else f"{end.interface}.{end.vlan}"
    port, own = Section(f"interface {end.interface}", "interface <link>"), Section(f"interface {name}", "interface <link>")
    if end.base is not None:
        yield from _base(end.base)
    yield port.want("shutdown", None)
    yield port.want("mtu", f"mtu {end.mtu}", silent=end.mtu == 1500)
    if end.storm_control is not None:
        line = f"storm-control broadcast min-rate percent {end.storm_control} max-rate percent {end.storm_control}"
        yield port.want("storm-control broadcast", line)
    if end.vlan is not None:
        yield own.want("dot1q termination vid", f"dot1q termination vid {end.vlan}")
    yield own.want("description", f"description {end.description}", shape="description <link>")
    if end.address is not None:
        line = f"ip address {IPv4Interface(end.address).with_netmask.replace('/', ' ')}"
        yield own.want("ip address", line, shape="ip address <address>", clears=True)
    if end.routing is not None:
        yield from _routing(own, end.routing, keys)
        yield Section(_PROCESS).want(f"silent-interface {name}", None)


def _base(base: Base) -> Iterator[Want]:
    router = Section(_PROCESS)
    yield router.want(_ROUTER, f"{_ROUTER} {base.router_id}", shape=f"{_ROUTER} <address>")
    for name in base.passive:
        interface = _LOOPBACK if name == LOOPBACK else name
        yield router.want(f"silent-interface {interface}", f"silent-interface {interface}")
        yield _area(Section(f"interface {interface}"), base.area)
    if base.way_out:
        yield router.want("default-route-advertise", "default-route-advertise always")


def _routing(own: Section, routing: Routing, keys: Keys) -> Iterator[Want]:
    yield _area(own, routing.area)
    yield own.want("ospf network-type", "ospf network-type p2p")
    yield own.want("ospf cost", None if routing.cost is None else f"ospf cost {routing.cost}")
    yield own.want("ospf timer hello", f"ospf timer hello {routing.hello}", silent=routing.hello == _HELLO)
    yield own.want("ospf timer dead", f"ospf timer dead {routing.dead}", silent=routing.dead_follows_hello)
    scope = "ospf authentication-mode"
    line, public = None, scope
    if (known := routing.authentication) is not None:
        public = f"{scope} md5 {known.key_id} cipher"
        line = f"{public} {usable(keys(known.reference), known.reference)}"
    yield own.want(scope, line, public=public, clears=True)


def _area(own: Section, area: str) -> Want:
    return own.want("ospf enable 1 area", f"ospf enable 1 area {dotted(area)}", same=with_number, clears=True)
