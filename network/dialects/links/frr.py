"""FRR on Linux: an end of a link as `show running-config` writes it, and what is merged into it.

The MTU is the kernel's; `mtu N` inside an interface is the one word that its driver adds to FRR's own.
Written as FRR 8.4 prints it: what equals FRR's default is not printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from network.core.links.capabilities import CAPABILITIES
from network.core.links.difference import Keys, Section, Want, compare
from network.core.links.intent import LOOPBACK, Authentication, Base, EndIntent, Routing
from network.core.links.plan import EndPlan
from network.dialects.links.areas import area_number
from network.dialects.links.keys import usable
from network.dialects.links.lacking import lacks
from network.dialects.links.sections import read_sections, write_sections

_LOOPBACK: Final = "lo"
_HELLO: Final = 10
"""FRR's default, in seconds. The dead time follows the hello time, four to one, until it is typed; then it is shown, whatever it
is."""

_REMOVAL: Final = {
    "description": 1,
    "ip ospf authentication": 3,
    "ip ospf cost": 3,
    "ip ospf message-digest-key": 4,
    "ip ospf passive": 3,
}
"""How many words of a line name it where it is taken away."""


class FrrLinks:
    """`network.core.link_ports.LinkDialect`."""

    def plan(self, end: EndIntent, running: str, keys: Keys) -> EndPlan:
        found = compare(tuple(wanted(end, keys)), read_sections(running))
        return EndPlan(
            intent=end,
            # The router first: an interface that starts before it would choose an identity by itself, and keep it.
            candidate=write_sections(found.changes, _REMOVAL, order=("router ",)),
            inverse=write_sections(found.inverse, _REMOVAL),
            lines=found.lines,
            digest=found.digest,
            lacks=lacks(end, CAPABILITIES["frr"]),
        )


def wanted(end: EndIntent, keys: Keys) -> Iterator[Want]:
    """Every statement about the end's interface and, where the truth routes, about the device's OSPF."""
    own = Section(f"interface {end.interface}", "interface <link>")
    if end.base is not None:
        yield from _base(end.base)
    yield own.want("shutdown", None)
    yield own.want("description", f"description {end.description}", shape="description <link>")
    yield own.want("mtu", f"mtu {end.mtu}", silent=end.mtu == 1500)
    if end.address is not None:
        yield own.want("ip address", f"ip address {end.address}", shape="ip address <address>", clears=True)
    if end.routing is not None:
        yield from _routing(own, end.routing, end.address, keys)


def _routing(own: Section, routing: Routing, address: str | None, keys: Keys) -> Iterator[Want]:
    yield _area(own, routing.area) if address is None else _area_of(own, routing.area, address.partition("/")[0])
    yield own.want("ip ospf passive", None)
    yield own.want("ip ospf network", "ip ospf network point-to-point")
    yield own.want("ip ospf hello-interval", f"ip ospf hello-interval {routing.hello}", silent=routing.hello == _HELLO)
    yield own.want("ip ospf dead-interval", f"ip ospf dead-interval {routing.dead}", silent=routing.dead_follows_hello)
    yield own.want("ip ospf cost", f"ip ospf cost {routing.cost}" if routing.cost is not None else None)
    yield from authentication(own, routing.authentication, keys)


def authentication(own: Section, known: Authentication | None, keys: Keys) -> Iterator[Want]:
    """As FRR, IOS and EOS say it alike."""
    scope = "ip ospf message-digest-key"
    line, public = None, scope
    if known is not None:
        public = f"{scope} {known.key_id} md5"
        line = f"{public} {usable(keys(known.reference), known.reference)}"
    # A key of the same number is refused while the old one stands.
    yield own.want(scope, line, public=public, clears=True)
    yield own.want("ip ospf authentication", None if known is None else "ip ospf authentication message-digest")


def _base(base: Base) -> Iterator[Want]:
    router = Section("router ospf")
    yield router.want("ospf router-id", f"ospf router-id {base.router_id}", shape="ospf router-id <address>")
    if base.way_out:
        # Always: there is one way out, and a core that has lost it knows no better one either.
        yield router.want("default-information", "default-information originate always")
    for name in base.passive:
        own = Section(f"interface {_LOOPBACK if name == LOOPBACK else name}")
        yield _area(own, base.area)
        yield own.want("ip ospf passive", "ip ospf passive")


def _area(own: Section, area: str) -> Want:
    return own.want("ip ospf area", f"ip ospf area {area}", same=with_number, clears=True)


def _area_of(own: Section, area: str, host: str) -> Want:
    """On the link's own address. Said of the whole interface, FRR would run OSPF on every other address of the wire as well, and
    find the same neighbour once more on each: one that a bootstrap left, or that somebody forgot. Where it is said so already it
    stays: to say it otherwise would end the adjacency."""

    def same(line: str) -> str:
        return with_number(line.removesuffix(f" {host}"))

    return own.want("ip ospf area", f"ip ospf area {area} {host}", shape=f"ip ospf area {area} <address>", same=same, clears=True)


def with_number(line: str) -> str:
    """A line that ends with an area, which may be written as a number or like an address."""
    words, _, area = line.rpartition(" ")
    return f"{words} {area_number(area)}"
