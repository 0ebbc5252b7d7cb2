"""What a Linux kernel holds of links beside FRR's configuration, as iproute2 prints it in JSON. Text in, values out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network
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
        if "dev" not in each or not (static or by in _BY_HAND):
            continue
        written, metric = str(each["dst"]), int(each.get("metric", 0))
        network = IPv4Network("0.0.0.0/0" if written == "default" else written)
        gateway = str(each.get("gateway", ""))
        words = [written, *(("via", gateway) if gateway else ()), "dev", str(each["dev"])]
        shown = " ".join([*words, *(("metric", str(metric)) if metric else ())])
        undo = f"ip route del {shown}"
        if static:
            undo = f"vtysh -c 'configure terminal' -c 'no ip route {network} {gateway or each['dev']}'"
        yield HandRoute(network=network, shown=shown, undo=undo, distance=metric >> 24, static=static)


def _queues(queues: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for each in queues:
        if each.get("root") and each.get("kind") not in _USUAL:
            yield str(each["dev"]), str(each["kind"])[:16]
