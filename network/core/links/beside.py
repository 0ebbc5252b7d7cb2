"""What holds on a device beside the text of its configuration: on Linux a kernel that anybody may change by hand. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network


@dataclass(frozen=True, slots=True, kw_only=True)
class HandRoute:
    """A route that no protocol found. `shown` as `ip route` has it, `undo` takes it away. `distance` as FRR reads it: with less
    than OSPF's 110 it wins. `static`: FRR was told of it, and has it in its text. `gateways`: the routers that it leads to."""

    network: IPv4Network
    shown: str
    undo: str
    distance: int
    static: bool = False
    gateways: tuple[IPv4Address, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """`addresses` with their prefix length, `down` what is not enabled, by interface. `queues` are those at an interface's root
    that a kernel would not put there by itself, with their kind. `forwards`: whether it passes packets on."""

    addresses: frozenset[tuple[str, str]]
    interfaces: frozenset[str]
    down: frozenset[str]
    routes: tuple[HandRoute, ...] = ()
    queues: tuple[tuple[str, str], ...] = ()
    forwards: bool = True
