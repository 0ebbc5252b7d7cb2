"""What a Linux kernel holds beside FRR's text, as iproute2 tells it."""

from __future__ import annotations

import json
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.dialects.links.linux_kernel import read

LINKS = [
    {
        "ifname": "lo",
        "flags": ["LOOPBACK", "UP", "LOWER_UP"],
        "addr_info": [{"family": "inet", "local": "127.0.0.1", "prefixlen": 8}],
    },
    {
        "ifname": "wan0",
        "flags": ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"],
        "addr_info": [
            {"family": "inet", "local": "100.66.0.17", "prefixlen": 31},
            {"family": "inet6", "local": "fe80::1", "prefixlen": 64},
        ],
    },
    {"ifname": "lan0", "flags": ["BROADCAST", "MULTICAST"]},
]
ROUTES = [
    {"dst": "default", "gateway": "100.66.0.16", "dev": "wan0", "protocol": "188", "metric": 20},
    {"dst": "100.64.5.0/25", "dev": "wan0", "scope": "253"},
    {"dst": "100.64.6.0/24", "gateway": "100.66.0.16", "dev": "wan0", "protocol": "4", "metric": 5},
    {"dst": "100.64.7.0/24", "gateway": "100.66.0.16", "dev": "wan0", "protocol": "196", "metric": 20},
    {"dst": "100.65.0.9", "gateway": "100.67.0.8", "dev": "wan0", "metric": 0xFE000001},
    {"dst": "100.66.0.16/31", "dev": "wan0", "protocol": "2"},
    {"dst": "100.65.0.2", "protocol": "188", "nexthops": [{"gateway": "100.66.0.0", "dev": "up1"}]},
    {"type": "unreachable", "dst": "10.0.0.0/8", "protocol": "4", "metric": 7},
    {"type": "blackhole", "dst": "10.1.0.0/16", "protocol": "196"},
    {"dst": "10.50.0.0/16", "metric": 5, "nexthops": [{"gateway": "100.66.0.0", "dev": "up1"}, {"dev": "up2"}]},
]
QUEUES = [
    {"kind": "noqueue", "handle": "0:", "dev": "lo", "root": True},
    {"kind": "tbf", "handle": "8001:", "dev": "wan0", "root": True},
    {"kind": "fq_codel", "handle": "0:", "dev": "wan0", "parent": "8001:1"},
]


def answers(**said: object) -> list[str]:
    parts = {"links": LINKS, "routes": ROUTES, "queues": QUEUES} | said
    return [json.dumps(parts[name]) for name in ("links", "routes", "queues")] + ["1\n"]


def test_what_is_held_and_by_whom() -> None:
    held = read(answers())
    assert held.addresses == {("lo", "127.0.0.1/8"), ("wan0", "100.66.0.17/31")}
    assert held.interfaces == {"lo", "wan0", "lan0"}
    assert held.down == {"lan0"}
    assert held.queues == (("wan0", "tbf"),)
    assert held.forwards


def test_routes_by_hand_are_told_from_those_of_daemons() -> None:
    found = {str(each.network): each for each in read(answers()).routes}
    several = {"10.0.0.0/8", "10.50.0.0/16"}
    assert set(found) == {"100.64.5.0/25", "100.64.6.0/24", "100.64.7.0/24", "100.65.0.9/32"} | several
    assert found["100.64.5.0/25"].undo == "ip route del 100.64.5.0/25 dev wan0"
    assert found["100.64.6.0/24"].undo == "ip route del 100.64.6.0/24 via 100.66.0.16 dev wan0 metric 5"
    assert found["100.64.7.0/24"].undo == "vtysh -c 'configure terminal' -c 'no ip route 100.64.7.0/24 100.66.0.16'"
    assert found["100.64.7.0/24"].static
    assert found["10.0.0.0/8"].undo == "ip route del unreachable 10.0.0.0/8 metric 7"
    assert found["10.50.0.0/16"].undo == "ip route del 10.50.0.0/16 metric 5 nexthop via 100.66.0.0 dev up1 nexthop dev up2"
    assert found["100.65.0.9/32"].gateways == (IPv4Address("100.67.0.8"),)
    assert found["10.50.0.0/16"].gateways == (IPv4Address("100.66.0.0"),)
    assert found["100.65.0.9/32"].distance == 254
    assert found["100.65.0.9/32"].network == IPv4Network("100.65.0.9/32")


@pytest.mark.parametrize(
    "said",
    [
        {"links": [{"flags": []}]},
        {"links": {"ifname": "wan0"}},
        {"routes": [{"dst": "nowhere", "dev": "wan0"}]},
        {"routes": None},
        {"queues": ["tbf"]},
    ],
)
def test_an_answer_that_is_none_is_not_guessed_at(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read(answers(**said))


@given(st.lists(st.text(max_size=40), max_size=5))
def test_nothing_else_is_raised(said: list[str]) -> None:
    with pytest.raises(ValueError, match=r"\A"):
        read(said)
