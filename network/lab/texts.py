"""What a lab's kernel is told, as text. Pure: a plan in, words out; writes no file and starts nothing."""

from __future__ import annotations

from typing import Final

from network.lab.cloud.parts import RENTED
from network.lab.layout import BRIDGE, HOSTS, OUTSIDE, SEGMENT, LabPlan, Node, Port, Provider, Role

PROVIDER_BURST_MS: Final = 10
PROVIDER_QUEUE_MS: Final = 200
FROM_CORE: Final = 100
FROM_INET: Final = 5000
"""The border's routing tables: one for each uplink and way, at these numbers plus the uplink's id (1 to 4000)."""

_MTU: Final = 1500

SYSCTLS: Final = (
    ("net/ipv6/conf/all/disable_ipv6", "1"),
    ("net/ipv6/conf/default/disable_ipv6", "1"),
    ("net/ipv4/conf/all/rp_filter", "0"),
    ("net/ipv4/conf/default/rp_filter", "0"),
    ("net/ipv4/tcp_no_metrics_save", "1"),
)
ROUTER_SYSCTLS: Final = (
    ("net/ipv4/ip_forward", "1"),
    # Each OSPF interface takes two memberships of one socket; the kernel's 20 stop a core at its twentieth neighbour.
    ("net/ipv4/igmp_max_memberships", "1024"),
)


def sysctls(node: Node) -> tuple[tuple[str, str], ...]:
    return SYSCTLS + ROUTER_SYSCTLS if node.is_router or node.role is Role.CLOUD else SYSCTLS


def interfaces(plan: LabPlan, node: Node) -> list[str]:
    """Every veth end in the namespace of a node."""
    own = [port.interface for port in plan.ports(node.key)]
    return [*own, node.lan_interface, HOSTS] if node.lan_interface else own


def wire_lines(plan: LabPlan) -> list[str]:
    """`ip -batch` lines that make every veth pair with both ends in their namespaces at once: nothing appears outside."""
    pairs = [
        ((wire.near.node, wire.near.interface), (wire.far.node, wire.far.interface), _MTU if plan.bare else wire.mtu)
        for wire in plan.wires
    ]
    pairs += [((node.key, node.lan_interface), (node.key, HOSTS), _MTU) for node in plan.nodes if node.lan_interface]
    return [
        f"link add name {near[1]} netns {plan.namespace(near[0])} mtu {mtu} "
        f"type veth peer name {far[1]} netns {plan.namespace(far[0])} mtu {mtu}"
        for near, far, mtu in pairs
    ]


def address_lines(plan: LabPlan, node: Node) -> list[str]:
    """`ip -batch` lines inside one namespace: interfaces up, addresses, and the routes that no daemon makes."""
    lines = ["link set dev lo up"]
    if node.is_router:
        lines.append(f"address add {node.address}/32 dev lo")
    for port in plan.ports(node.key):
        if port.address:
            lines.append(f"address add {port.bootstrap or port.address} dev {port.interface}")
        lines.append(f"link set dev {port.interface} up")
    if node.lan:
        network, _, length = node.lan.partition("/")
        first = f"{network.rpartition('.')[0]}.{int(network.rpartition('.')[2]) + 1}"
        lines += [
            f"link set dev {HOSTS} up",
            f"address add {first}/{length} dev {node.lan_interface}",
            f"link set dev {node.lan_interface} up",
            # Every address of the LAN is this namespace's own (AnyIP): people's sockets bind theirs without a host each.
            f"route add local {node.lan} dev lo",
        ]
    return lines + _own_routes(plan, node)


def _own_routes(plan: LabPlan, node: Node) -> list[str]:
    if node.role is Role.INET:
        return [f"route add local {OUTSIDE} dev lo"]
    if node.role is Role.NOC:
        (own,) = plan.ports("noc")
        return [f"route add default via {peer(plan, own).host} dev {own.interface}"]
    if node.role is Role.SERVER:
        (own,) = plan.ports(node.key)
        return [f"route add default via {_gateway(plan).host} dev {own.interface}"]
    if node.role is Role.SEGMENT:
        return _bridge(plan, node)
    if node.role is Role.CLOUD:
        (own,) = plan.ports(node.key)
        return [f"route add default via {peer(plan, own).host} dev {own.interface}"]
    if node.role is Role.CORE and plan.clouds:
        return [f"route add {RENTED} via {plan.clouds[0].address}"]
    return _border_rules(plan) if node.role is Role.BORDER else []


def _gateway(plan: LabPlan) -> Port:
    """The core's port on the servers' segment."""
    return next(wire.far for wire in plan.wires if wire.near.node == SEGMENT and wire.far.node == plan.core.key)


def _bridge(plan: LabPlan, node: Node) -> list[str]:
    """One segment for the core, all servers and the package repository."""
    length = _gateway(plan).address.partition("/")[2]
    return [
        f"link add name {BRIDGE} type bridge forward_delay 0 stp_state 0 mcast_snooping 0",
        *(f"link set dev {port.interface} master {BRIDGE}" for port in plan.ports(node.key)),
        f"address add {node.address}/{length} dev {BRIDGE}",
        f"link set dev {BRIDGE} up",
        # Rented servers fetch their packages here too.
        *([f"route add {RENTED} via {_gateway(plan).host} dev {BRIDGE}"] if plan.clouds else []),
    ]


def _border_rules(plan: LabPlan) -> list[str]:
    """A packet leaves by the provider of the link on which it came, and its answer comes back the same way: the table
    is chosen by the interface it came in on, so no connection mark is needed. What a provider does not carry ends."""
    lines = []
    for provider in plan.providers:
        lines += [
            f"rule add iif {provider.inside.near.interface} lookup {FROM_CORE + provider.id}",
            f"rule add iif {provider.outside.far.interface} lookup {FROM_INET + provider.id}",
        ]
        if not provider.default:
            lines.append(f"route add unreachable default table {FROM_CORE + provider.id}")
    return lines


def peer(plan: LabPlan, port: Port) -> Port:
    for wire in plan.wires:
        if wire.near == port:
            return wire.far
        if wire.far == port:
            return wire.near
    raise ValueError(f"{port} is on no wire")


def contract_lines(plan: LabPlan, node: Node) -> list[str]:
    """`tc -batch` lines: the provider enforces its contract in both directions, so that a wrong plan is seen to hurt.

    The bucket holds 10 ms of the rate, so traffic shaped below the contract is never held up; the queue behind it holds
    200 ms, the bloat of an unmanaged link.
    """
    lines = []
    for provider in plan.providers:
        for port, rate in ((provider.outside.near, provider.down), (provider.outside.far, provider.up)):
            if port.node == node.key:
                burst = max(16 * 1514, rate * PROVIDER_BURST_MS // 8000)
                limit = burst + max(64 * 1514, rate * PROVIDER_QUEUE_MS // 8000)
                lines.append(f"qdisc add dev {port.interface} root tbf rate {rate}bit burst {burst} limit {limit}")
    return lines


def nat_rules(providers: tuple[Provider, ...]) -> str:
    """nftables: what leaves by a provider's link takes that link's address. Counted, so that it can be seen."""
    rules = "\n".join(f'    oifname "{provider.outside.far.interface}" counter masquerade' for provider in providers)
    return f"table ip lajur {{\n  chain out {{\n    type nat hook postrouting priority srcnat;\n{rules}\n  }}\n}}\n"
