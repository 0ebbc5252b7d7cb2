"""How a lab is managed before anybody configured its links: kernel routes along its tree that give way to any others. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Interface
from typing import Final

from network.lab.layout import LabPlan, Port

LAST_RESORT: Final = 0xFE000001
"""Metric of a route that zebra takes for distance 254 (it reads the top byte of a kernel route), so that OSPF wins."""

_Steps = Mapping[str, tuple[Port, Port]]
"""By router, the way towards the core: its own port and the one at the other end of that wire."""


def bootstrap(plan: LabPlan) -> dict[str, list[str]]:
    """`ip -batch` lines by router, which may be given again at any time; none when the lab is not bare.

    Down to the management address of everything below, up to those above and to `noc`. Each prefix is as long as OSPF will
    bring it, so that the metric decides.
    """
    if not plan.bare:
        return {}
    (noc,) = plan.ports("noc")
    steps = _steps(plan)
    addresses = {node.key: f"{node.address}/32" for node in plan.routers}
    lines: dict[str, list[str]] = {node.key: [] for node in plan.routers}
    for key, mine in lines.items():
        for own, other in _climb(key, steps):
            lines[other.node].append(_route(addresses[key], own, other))
            mine.append(_route(addresses[other.node], steps[key][1], steps[key][0]))
        if key in steps:
            mine.append(_route(str(IPv4Interface(noc.address).network), steps[key][1], steps[key][0]))
    return lines


def _steps(plan: LabPlan) -> _Steps:
    steps: dict[str, tuple[Port, Port]] = {}
    reached = [plan.core.key]
    for here in reached:
        for port, wire in plan.wired(here):
            other = wire.far if port is wire.near else wire.near
            if wire.routed and other.node not in reached:
                steps[other.node] = other, port
                reached.append(other.node)
    return steps


def _climb(key: str, steps: _Steps) -> Iterator[tuple[Port, Port]]:
    while key in steps:
        yield steps[key]
        key = steps[key][1].node


def _route(prefix: str, gateway: Port, out: Port) -> str:
    assert gateway.bootstrap is not None
    return f"route replace {prefix} via {gateway.bootstrap.partition('/')[0]} dev {out.interface} metric {LAST_RESORT}"
