"""What somebody did beside the text of a device: told once, with what takes it back, and nothing that is not ours."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from inventory.views import link_addresses
from network.core.beside_drift import Scope, beside_drift
from network.core.drift import Finding
from network.core.links.beside import Beside, HandRoute
from network.core.links.difference import Line
from network.core.links.intent import EndIntent, intend
from network.core.links.plan import EndPlan


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(SHIPPED / "manokwari")


@pytest.fixture(scope="module")
def end(regency: Regency) -> EndIntent:
    return next(link.far for link in intend(regency) if link.far.device == "r-bappeda")


def held(end: EndIntent, **other: object) -> Beside:
    usual = {
        "addresses": frozenset({("wan0", str(end.address)), ("lan0", "100.64.5.1/24"), ("lo", "100.65.0.5/32")}),
        "interfaces": frozenset({"wan0", "lan0", "lo"}),
        "down": frozenset(),
    }
    return Beside(**{**usual, **other})  # type: ignore[arg-type]


def told(
    regency: Regency, end: EndIntent, held: Beside, *lines: Line, alone: tuple[IPv4Network, ...] = (), shaped: bool = False
) -> list[Finding]:
    plan = EndPlan(intent=end, candidate="", lines=lines, digest="")
    scope = Scope(regency=regency, alone=alone, shaped={(end.device, end.interface)} if shaped else ())
    return list(beside_drift(end.device, [plan], held, scope))


def line(sign: str, text: str) -> Line:
    return Line(sign=sign, section="interface wan0", section_shape="", text=text, shape=text)


def test_a_device_as_it_should_be_has_nothing_to_tell(regency: Regency, end: EndIntent) -> None:
    assert told(regency, end, held(end)) == []


def test_what_the_text_tells_already_is_not_told_again(regency: Regency, end: EndIntent) -> None:
    usual = held(end)
    bare = held(end, addresses=usual.addresses - {("wan0", str(end.address))}, down=frozenset({"wan0"}))
    assert [each.what for each in told(regency, end, bare)] == ["drift.down", "drift.address_absent"]
    assert told(regency, end, bare, line("-", "shutdown"), line("+", f"ip address {end.address}")) == []
    more = held(end, addresses=usual.addresses | {("wan0", "203.0.113.9/24")})
    assert [each.mend for each in told(regency, end, more)] == ["ip address del 203.0.113.9/24 dev wan0"]
    assert told(regency, end, more, line("-", "ip address 203.0.113.9/24")) == []


def test_addresses_by_which_a_lab_is_managed_are_left_alone(regency: Regency, end: EndIntent) -> None:
    more = held(
        end, addresses=held(end).addresses | {("wan0", "100.67.0.9/31"), ("lan0", "100.64.5.9/24"), ("eth9", "192.0.2.1/24")}
    )
    assert told(regency, end, more, alone=(IPv4Network("100.67.0.0/16"),)) == []
    assert [each.what for each in told(regency, end, more)] == ["drift.address_extra"]


def test_a_queue_on_a_link_is_told_unless_the_link_is_shaped_there(regency: Regency, end: EndIntent) -> None:
    queued = held(end, queues=(("wan0", "tbf"), ("eth9", "netem")))
    assert [each.mend for each in told(regency, end, queued)] == ["tc qdisc del dev wan0 root"]
    assert told(regency, end, queued, shaped=True) == []


def test_a_lan_without_an_address_and_a_router_that_does_not_route(regency: Regency, end: EndIntent) -> None:
    lost = held(end, addresses=frozenset({("wan0", str(end.address))}), forwards=False)
    assert [(each.what, bool(each.mend)) for each in told(regency, end, lost)] == [
        ("drift.lan_absent", False),
        ("drift.forwarding", True),
    ]


@pytest.mark.parametrize(
    ("network", "distance", "static", "found"),
    [
        ("100.64.11.0/25", 0, False, "drift.route"),
        ("100.65.0.11/32", 0, True, "drift.route"),
        ("100.64.11.0/25", 254, False, "drift.route_beside"),
        ("100.64.11.0/25", 200, True, ""),
        ("100.0.0.0/8", 0, False, "drift.route_beside"),
        ("10.50.0.0/16", 0, False, "drift.route_beside"),
        ("10.50.0.0/16", 0, True, ""),
        ("0.0.0.0/0", 0, False, "drift.route"),
        ("0.0.0.0/0", 0, True, ""),
    ],
)
def test_every_route_by_hand_is_told_and_whether_it_goes_before_ospf(
    regency: Regency, end: EndIntent, network: str, distance: int, static: bool, found: str
) -> None:
    route = HandRoute(network=IPv4Network(network), shown=network, undo="undo", distance=distance, static=static)
    there = told(regency, end, held(end, routes=(route,)))
    assert [(each.what, each.mend) for each in there] == ([(found, "undo")] if found else [])


def test_a_route_by_which_a_lab_is_managed_is_left_alone(regency: Regency, end: EndIntent) -> None:
    def routes(*gateways: str) -> Beside:
        hops = tuple(IPv4Address(each) for each in gateways)
        route = HandRoute(network=IPv4Network("192.0.2.0/31"), shown="", undo="undo", distance=254, gateways=hops)
        return held(end, routes=(route,))

    lab = (IPv4Network("100.67.0.0/16"),)
    assert told(regency, end, routes("100.67.0.8"), alone=lab) == []
    assert told(regency, end, routes("100.67.0.8"))
    assert told(regency, end, routes("100.67.0.8", "100.66.0.16"), alone=lab)
    assert told(regency, end, routes(), alone=lab)


def test_the_way_out_of_the_border_is_its_provider_s(regency: Regency) -> None:
    link = next(each for each in regency.links if each.ends[0].device == "border")
    near = next(end for each in intend(regency) for end in each.ends if end.device == "border" and end.link == link.key)
    routes = tuple(
        HandRoute(network=IPv4Network(each), shown=each, undo="undo", distance=0) for each in ("0.0.0.0/0", "203.0.113.0/24")
    )
    address = (link_addresses(regency, link) or ("", ""))[0]
    there = Beside(
        addresses=frozenset({(near.interface, address)}),
        interfaces=frozenset({near.interface}),
        down=frozenset(),
        routes=routes,
    )
    assert told(regency, near, there) == []
