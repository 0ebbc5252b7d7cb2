"""The values that describe one lab: nodes, wires, addresses, contracts. Plain data that survives a trip through JSON;
decides nothing, opens nothing, and imports nothing heavy, so that the process that keeps a lab up stays small.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from enum import StrEnum
from ipaddress import IPv4Network
from typing import Any, Final, TypedDict

from network.lab.machine import Disk, Machine

INSIDE: Final = IPv4Network("100.64.0.0/10")
WIRES: Final = IPv4Network("100.66.0.0/16")
BOOTSTRAP: Final = IPv4Network("100.67.0.0/16")
OUTSIDE: Final = IPv4Network("198.18.0.0/15")
"""All that a lab ever uses (RFC 6598 and RFC 2544): management, LANs and links from INSIDE, the lab's own /31s from WIRES,
those over which a bare lab is managed from BOOTSTRAP, the rest OUTSIDE."""

SEGMENT: Final = "srv"
"""The node with the bridge that all servers and the core share, and the package repository."""
BRIDGE: Final = "br0"

NAMES: Final = "/run/netns"
"""Where iproute2 keeps the names of network namespaces."""

HOSTS: Final = "lan0-hosts"
"""The other end of an office's LAN wire: nothing but carrier, the addresses of the LAN are answered by the router."""


class Traps(StrEnum):
    """Who tells `noc` that a link fell: a sender that hears of it from the kernel at once, or the SNMP agent, which looks once
    a second."""

    EVENTS = "events"
    AGENT = "agent"


class Role(StrEnum):
    INET = "inet"
    BORDER = "border"
    CORE = "core"
    HUB = "hub"
    OFFICE = "office"
    NOC = "noc"
    SEGMENT = "segment"
    SERVER = "server"
    CLOUD = "cloud"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One network namespace. `address` is the management address: of a router on `lo`, of a server on its port, of the segment
    the package repository's, of the cloud that of its services (none on `inet` and `noc`, which run no daemon); `lan`, its
    interface and `office` are set on office routers only."""

    key: str
    role: Role
    address: str | None = None
    lan: str | None = None
    lan_interface: str | None = None
    office: str | None = None

    @property
    def is_router(self) -> bool:
        return self.address is not None and self.role not in (Role.SEGMENT, Role.SERVER, Role.CLOUD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """One end of a wire; `address` is written with its prefix length, for example 100.66.0.4/31 (empty: a port of a bridge).

    `bootstrap` is the address that it has instead while the lab is bare. `light` is what its module receives, in dBm; None
    where there is no module.
    """

    node: str
    interface: str
    address: str
    bootstrap: str | None = None
    description: str | None = None
    light: float | None = None

    @property
    def host(self) -> str:
        return self.address.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ospf:
    """OSPF on one wire. `key` is a reference of the truth, never a secret; a lab has a key of its own for each."""

    area: str = "0"
    hello: int = 1
    dead: int = 4
    cost: int | None = None
    key_id: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A veth pair. `near` is nearer to the uplinks. A wire of the truth has `ospf`, also in a bare lab, which does not run it."""

    key: str
    near: Port
    far: Port
    mtu: int = 1500
    ospf: Ospf | None = None

    @property
    def routed(self) -> bool:
        """A link of the truth, and not one that the lab adds."""
        return self.ospf is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One uplink as the lab plays it: the wires on both sides of the border and the contract in bit/s.

    `prefixes` are what the provider carries; the default uplink carries everything (0.0.0.0/0).
    """

    uplink: str
    id: int
    default: bool
    prefixes: tuple[str, ...]
    down: int
    up: int
    outside: Wire
    inside: Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """An address that `inet` answers on and that leaves by `uplink`; `application` is None for everything else."""

    uplink: str
    application: str | None
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """An application that `inet` plays where the truth says that it is asked. `expect` is on its good page; `slow` in
    milliseconds."""

    key: str
    kind: str
    address: str
    port: int
    expect: str | None
    slow: int


class Wanted(TypedDict, total=False):
    """What a lab is asked for beside its regency. `bare` leaves the links of the truth as before anybody configured them; `traps`
    says who tells `noc` that a link fell. With `servers` the leased servers of the truth stand in it, those named in `short` with
    half the memory that their lease promises; with `cloud` one from which servers are rented, which with `fake` are on record
    only: no machine runs. `alone` leaves nothing but a cloud of that kind, and where it is asked from."""

    bare: bool
    traps: Traps
    servers: bool
    short: Collection[str]
    cloud: bool
    fake: bool
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabPlan:
    """A whole lab before it exists. Equal plans have equal digests.

    A `bare` one is a network before anybody configured its links: carrier everywhere, nothing on it but a way to manage it.
    `area` is OSPF's for what is no link. `machines` are the servers' hardware; a lab without servers has none. `fake`: what is
    rented of its cloud are no machines.
    """

    lab: str
    regency: str
    bare: bool
    traps: Traps
    area: str
    nodes: tuple[Node, ...]
    wires: tuple[Wire, ...]
    providers: tuple[Provider, ...]
    destinations: tuple[Destination, ...]
    systems: tuple[Played, ...] = ()
    machines: tuple[Machine, ...] = ()
    fake: bool = False

    @property
    def routers(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.is_router)

    @property
    def servers(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.role is Role.SERVER)

    @property
    def clouds(self) -> tuple[Node, ...]:
        """One, or none."""
        return tuple(node for node in self.nodes if node.role is Role.CLOUD)

    @property
    def has_machines(self) -> bool:
        """Whether servers run in it, or may."""
        return bool(self.servers or (self.clouds and not self.fake))

    @property
    def kept(self) -> tuple[Node, ...]:
        """The nodes with processes that are kept running."""
        return tuple(node for node in self.nodes if node.address is not None)

    @property
    def references(self) -> tuple[str, ...]:
        """What the truth calls its routing keys."""
        return tuple(sorted({wire.ospf.key for wire in self.wires if wire.ospf and wire.ospf.key}))

    @property
    def core(self) -> Node:
        return next(node for node in self.nodes if node.role is Role.CORE)

    @property
    def border(self) -> Node:
        return next(node for node in self.nodes if node.role is Role.BORDER)

    def node(self, key: str) -> Node:
        return next(node for node in self.nodes if node.key == key)

    def machine(self, server: str) -> Machine:
        return next(machine for machine in self.machines if machine.node == server)

    def office(self, key: str) -> Node:
        """The router of office `key`. Raises StopIteration when the lab has no such office."""
        return next(node for node in self.nodes if node.office == key)

    def destination(self, uplink: str, application: str | None) -> Destination:
        return next(d for d in self.destinations if (d.uplink, d.application) == (uplink, application))

    def ports(self, node: str) -> tuple[Port, ...]:
        return tuple(port for port, _ in self.wired(node))

    def wired(self, node: str) -> tuple[tuple[Port, Wire], ...]:
        """The ends of wires on a node, each with its wire, in the order of the truth."""
        return tuple((port, wire) for wire in self.wires for port in (wire.near, wire.far) if port.node == node)

    def namespace(self, node: str) -> str:
        return prefix(self.lab) + node

    def digest(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1)

    @staticmethod
    def from_json(text: str) -> LabPlan:
        raw = json.loads(text)
        return LabPlan(
            lab=raw["lab"],
            regency=raw["regency"],
            bare=raw["bare"],
            traps=Traps(raw["traps"]),
            area=raw["area"],
            nodes=tuple(Node(**{**node, "role": Role(node["role"])}) for node in raw["nodes"]),
            wires=tuple(_wire(wire) for wire in raw["wires"]),
            providers=tuple(_provider(provider) for provider in raw["providers"]),
            destinations=tuple(Destination(**destination) for destination in raw["destinations"]),
            systems=tuple(Played(**system) for system in raw["systems"]),
            machines=tuple(_machine(machine) for machine in raw["machines"]),
            fake=raw["fake"],
        )


def prefix(lab: str) -> str:
    """What the names of all namespaces of a lab begin with. A lab id holds no hyphen, so no other lab's names do."""
    return f"lajur-{lab}-"


def lab_of(namespace: str) -> str | None:
    """The lab that a namespace belongs to, if any."""
    mark, _, rest = namespace.partition("-")
    lab, _, node = rest.partition("-")
    return lab if mark == "lajur" and lab and node else None


def client_address(node: Node) -> str:
    """The address that an office's people use in the lab: the tenth of its LAN (answered by the office router)."""
    if node.lan is None:
        raise ValueError(f"{node.key} has no LAN")
    network = IPv4Network(node.lan)
    return str(network[min(10, network.num_addresses - 2)])


def _wire(raw: dict[str, Any]) -> Wire:
    ospf = Ospf(**raw["ospf"]) if raw["ospf"] else None
    return Wire(**{**raw, "near": Port(**raw["near"]), "far": Port(**raw["far"]), "ospf": ospf})


def _provider(raw: dict[str, Any]) -> Provider:
    wires = {"outside": _wire(raw["outside"]), "inside": _wire(raw["inside"])}
    return Provider(**{**raw, "prefixes": tuple(raw["prefixes"]), **wires})


def _machine(raw: dict[str, Any]) -> Machine:
    return Machine(**{**raw, "disks": tuple(Disk(**disk) for disk in raw["disks"])})
