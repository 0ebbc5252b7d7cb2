"""What a Linux kernel holds of links beside FRR's configuration, as iproute2 prints it in JSON. Text in, values out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Final

from network.core.links.beside import Beside, HandRoute

COMMANDS: Final = (
    "ip -j address show",
    "ip -N -j -4 route show",
    "tc -j qdisc show",
    "cat /proc/sys/net/ipv4/ip_forward",
)
"""All of it only shows; the answers in this order."""

_USUAL: Final = {"noqueue", "pfifo_fast", "fq_codel", "mq", "fq", "pfifo"}
_BY_HAND: Final = {"", "3", "4"}
"""Who made a route, in numbers, because FRR calls its own by the same names: `ip route`, which goes without saying, and scripts
at start-up."""

_FRR_STATIC: Final = "196"

_MOST: Final = 20_000


def read(answers: Sequence[str]) -> Beside:
    """Raises ValueError when an answer is not what was asked for."""
    try:
        links, routes, queues = (json.loads(said) for said in answers[:3])
        return Beside(
            addresses=frozenset(_addresses(links)),
            interfaces=frozenset(str(link["ifname"]) for link in links),
            down=frozenset(str(link["ifname"]) for link in links if "UP" not in link["flags"]),
            routes=tuple(_routes(routes[:_MOST])),
            queues=tuple(_queues(queues)),
            forwards=answers[3].strip() == "1",
        )
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"{type(error).__name__}: {error}"[:200]) from error


def _addresses(links: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for link in links:
        for each in link.get("addr_info", ()):
            if each.get("family") == "inet":
                yield str(link["ifname"]), f"{each['local']}/{each['prefixlen']}"


def _routes(routes: Sequence[Mapping[str, Any]]) -> Iterator[HandRoute]:
    for each in routes:
        by = str(each.get("protocol", ""))
        static = by == _FRR_STATIC
        if not ("dev" in each if static else by in _BY_HAND):
            continue
        written, metric = str(each["dst"]), int(each.get("metric", 0))
        network = IPv4Network("0.0.0.0/0" if written == "default" else written)
        words = [*_type(each), written, *_hops(each, ("metric", str(metric)) if metric else ())]
        undo = f"ip route del {' '.join(words)}"
        if static:
            undo = f"vtysh -c 'configure terminal' -c 'no ip route {network} {each.get('gateway') or each['dev']}'"
        yield HandRoute(
            network=network,
            shown=" ".join(words),
            undo=undo,
            distance=metric >> 24,
            static=static,
            gateways=tuple(IPv4Address(hop["gateway"]) for hop in (each, *each.get("nexthops", ())) if "gateway" in hop),
        )


def _type(route: Mapping[str, Any]) -> Iterator[str]:
    """What is said of a route that leads to no router, such as `blackhole`."""
    if "type" in route:
        yield str(route["type"])


def _hops(route: Mapping[str, Any], metric: Sequence[str]) -> Iterator[str]:
    """`via` and `dev` of the one next hop and the metric, or the metric and then each of several, as `ip route` wants it."""
    if "nexthops" not in route:
        yield from (*_hop(route), *metric)
        return
    yield from metric
    for hop in route["nexthops"]:
        yield from ("nexthop", *_hop(hop))


def _hop(hop: Mapping[str, Any]) -> Iterator[str]:
    for word, name in (("via", "gateway"), ("dev", "dev")):
        if name in hop:
            yield from (word, str(hop[name]))


def _queues(queues: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for each in queues:
        if each.get("root") and each.get("kind") not in _USUAL:
            yield str(each["dev"]), str(each["kind"])[:16]
