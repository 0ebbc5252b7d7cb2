"""Juniper Junos: an end of a link as `show configuration | display set` writes it, and the `set` and `delete` that lead there.

After Juniper's "OSPF User Guide" and "Interfaces User Guide". The MTU of an interface counts Ethernet's 14 bytes; keys come back
scrambled ($9$), so that only a missing one is seen. The way out of a core is an export policy there, which is not ours to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from network.core.links.capabilities import CAPABILITIES
from network.core.links.difference import Change, Keys, Section, Want, compare
from network.core.links.intent import LOOPBACK, Base, EndIntent, Routing
from network.core.links.plan import EndPlan
from network.dialects.links.areas import dotted
from network.dialects.links.keys import usable
from network.dialects.links.lacking import lacks

_LOOPBACK: Final = "lo0.0"
_ETHERNET: Final = 14
_HELLO: Final = 10
"""Seconds, where nobody says otherwise; the dead time is four times the hello time then."""
_WORDS: Final = {
    "description": 1,
    "mtu": 1,
    "vlan-id": 1,
    "router-id": 1,
    "interface-type": 1,
    "metric": 1,
    "hello-interval": 1,
    "dead-interval": 1,
    "authentication": 1,
    "family inet address": 4,
}
"""How many words of a line name it where it is deleted."""


class JunosLinks:
    """`network.core.link_ports.LinkDialect`."""

    def plan(self, end: EndIntent, running: str, keys: Keys) -> EndPlan:
        known = CAPABILITIES["juniper_junos"]
        lines = [line.strip().removeprefix("set ") for line in running.splitlines() if line.strip().startswith("set ")]
        wants = tuple(_wanted(end, lines, keys))
        found = compare(wants, _sections(wants, lines), hides_keys=known.hides_keys)
        missing = lacks(end, known)
        return EndPlan(
            intent=end,
            candidate="".join(dict.fromkeys(map(_said, found.changes))),
            inverse="".join(dict.fromkeys(map(_said, found.inverse))),
            lines=found.lines,
            digest=found.digest,
            lacks=(*missing, "way_out") if end.base is not None and end.base.way_out else missing,
        )


def _wanted(end: EndIntent, lines: Sequence[str], keys: Keys) -> Iterator[Want]:
    unit = end.vlan or 0
    port = Section(f"interfaces {end.interface}", "interfaces <link>")
    logical = Section(f"interfaces {end.interface} unit {unit}", "interfaces <link>")
    if end.base is not None:
        yield from _base(end.base)
    yield port.want("disable", None)
    yield port.want("description", f'description "{end.description}"', shape="description <link>", same=_unquoted)
    yield port.want("mtu", f"mtu {end.mtu + _ETHERNET}", silent=end.mtu == 1500)
    if end.vlan is not None:
        yield port.want("vlan-tagging", "vlan-tagging")
        yield logical.want("vlan-id", f"vlan-id {end.vlan}")
    if end.address is not None:
        scope = "family inet address"
        yield logical.want(scope, f"{scope} {end.address}", shape=f"{scope} <address>", clears=True)
    if end.routing is not None:
        yield from _routing(f"{end.interface}.{unit}", end.routing, lines, keys)


def _base(base: Base) -> Iterator[Want]:
    yield Section("routing-options").want("router-id", f"router-id {base.router_id}", shape="router-id <address>")
    for name in base.passive:
        line = f"interface {_LOOPBACK if name == LOOPBACK else name} passive"
        yield Section(f"protocols ospf area {dotted(base.area)}").want(line, line)


def _routing(interface: str, routing: Routing, lines: Sequence[str], keys: Keys) -> Iterator[Want]:
    area = dotted(routing.area)
    for other in _other_areas(lines, interface, area):
        yield Section(f"protocols ospf area {other}").want(f"interface {interface}", None)
    own = Section(f"protocols ospf area {area} interface {interface}", "protocols ospf area interface <link>")
    yield own.want("passive", None)
    yield own.want("interface-type", "interface-type p2p")
    yield own.want("metric", None if routing.cost is None else f"metric {routing.cost}")
    yield own.want("hello-interval", f"hello-interval {routing.hello}", silent=routing.hello == _HELLO)
    yield own.want("dead-interval", f"dead-interval {routing.dead}", silent=routing.dead_follows_hello)
    known = routing.authentication
    line, public = None, "authentication"
    if known is not None:
        public = f"authentication md5 {known.key_id} key"
        key = usable(keys(known.reference), known.reference).replace("\\", "\\\\").replace('"', '\\"')
        line = f'{public} "{key}"'
    yield own.want("authentication", line, public=public, clears=True)


def _other_areas(lines: Sequence[str], interface: str, area: str) -> list[str]:
    found = [re.match(rf"protocols ospf area (\S+) interface {re.escape(interface)}(?: |$)", line) for line in lines]
    return list(dict.fromkeys(each[1] for each in found if each and each[1] != area))


def _sections(wants: Sequence[Want], lines: Sequence[str]) -> dict[str, list[str]]:
    """By section: the rest of the lines that begin with it. Values are never words of ours: comments and groups stay out."""
    return {
        section: [line.removeprefix(f"{section} ") for line in lines if line.startswith(f"{section} ")]
        for section in dict.fromkeys(want.section for want in wants)
    }


def _said(change: Change) -> str:
    if not change.remove:
        return f"set {change.section} {change.text}\n"
    words = change.text.split(" ")
    count = _WORDS.get(change.scope, len(change.scope.split(" ")))
    return f"delete {change.section} {' '.join(words[:count])}\n"


def _unquoted(line: str) -> str:
    word, _, value = line.partition(" ")
    return f"{word} {value.strip(chr(34))}"
