"""What a lab's kernel and daemons are told, as text. Pure: a plan in, words out; writes no file and starts nothing."""

from __future__ import annotations

from typing import Final

from network.lab.layout import INSIDE, LAN, OUTSIDE, LabPlan, Node, Port, Provider, Role

HOSTS: Final = f"{LAN}-hosts"
"""The other end of an office's LAN wire: nothing but carrier, the addresses of the LAN are answered by the router."""

PROVIDER_BURST_MS: Final = 10
PROVIDER_QUEUE_MS: Final = 200
FROM_CORE: Final = 100
FROM_INET: Final = 5000
"""The border's routing tables: one for each uplink and way, at these numbers plus the uplink's id (1 to 4000)."""

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
    return SYSCTLS + ROUTER_SYSCTLS if node.is_router else SYSCTLS


def interfaces(plan: LabPlan, node: Node) -> list[str]:
    """Every veth end in the namespace of a node."""
    own = [port.interface for port in plan.ports(node.key)]
    return [*own, LAN, HOSTS] if node.lan else own


def wire_lines(plan: LabPlan) -> list[str]:
    """`ip -batch` lines that make every veth pair with both ends in their namespaces at once: nothing appears outside."""
    pairs = [((wire.near.node, wire.near.interface), (wire.far.node, wire.far.interface)) for wire in plan.wires]
    pairs += [((node.key, LAN), (node.key, HOSTS)) for node in plan.nodes if node.lan]
    return [
        f"link add name {near[1]} netns {plan.namespace(near[0])} type veth peer name {far[1]} netns {plan.namespace(far[0])}"
        for near, far in pairs
    ]


def address_lines(plan: LabPlan, node: Node) -> list[str]:
    """`ip -batch` lines inside one namespace: interfaces up, addresses, and the routes that no daemon makes."""
    lines = ["link set dev lo up"]
    if node.address:
        lines.append(f"address add {node.address}/32 dev lo")
    for port in plan.ports(node.key):
        lines += [f"address add {port.address} dev {port.interface}", f"link set dev {port.interface} up"]
    if node.lan:
        network, _, length = node.lan.partition("/")
        first = f"{network.rpartition('.')[0]}.{int(network.rpartition('.')[2]) + 1}"
        lines += [
            f"link set dev {HOSTS} up",
            f"address add {first}/{length} dev {LAN}",
            f"link set dev {LAN} up",
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
    return _border_rules(plan) if node.role is Role.BORDER else []


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


def zebra_config(node: Node) -> str:
    """Without the kernel's next-hop objects: after a link that falls and rises within 50 ms, zebra 8.4 takes routes over
    them for installed that the kernel has dropped."""
    return f"hostname {node.key}\nlog file /var/log/zebra.log warnings\nno zebra nexthop kernel enable\n"


def staticd_config(plan: LabPlan, node: Node) -> str | None:
    """What the core and the border are told by hand, so that it holds again after a link came back; None for others.

    The core's way out is each uplink's listed prefixes over its own link and everything else over the default uplink.
    """
    if node.role is Role.CORE:
        lines = [
            f"ip route {prefix} {_over(provider.inside.near, provider.inside.far)}"
            for provider in plan.providers
            for prefix in provider.prefixes
        ]
    elif node.role is Role.BORDER:
        lines = [line for provider in plan.providers for line in _border_static(provider)]
    else:
        return None
    return "\n".join((f"hostname {node.key}", *lines)) + "\n"


def _border_static(provider: Provider) -> list[str]:
    outside = _over(provider.outside.near, provider.outside.far)
    inside = _over(provider.inside.far, provider.inside.near)
    lines = [f"ip route {prefix} {outside} table {FROM_CORE + provider.id}" for prefix in provider.prefixes]
    lines.append(f"ip route {INSIDE} {inside} table {FROM_INET + provider.id}")
    return [*lines, f"ip route 0.0.0.0/0 {outside}"] if provider.default else lines


def _over(next_hop: Port, own: Port) -> str:
    """A next hop on one interface only: it never resolves by way of another link."""
    return f"{next_hop.host} {own.interface}"


def ospfd_config(plan: LabPlan, node: Node) -> str:
    """Area 0, every wire point-to-point, hello 1 s and dead 4 s. The throttles are far below FRR's own (an LSA at most
    every 5 s), because a lab's routers all start in the same few seconds."""
    lines = [f"hostname {node.key}", "log file /var/log/ospfd.log warnings"]
    routed = {(port.node, port.interface) for wire in plan.wires if wire.routed for port in (wire.near, wire.far)}
    for port in plan.ports(node.key):
        if (node.key, port.interface) in routed:
            lines += [f"interface {port.interface}", *_OSPF_WIRE]
        elif node.role is Role.CORE:
            lines += [f"interface {port.interface}", " ip ospf area 0", " ip ospf passive"]
    lines += ["interface lo", " ip ospf area 0", " ip ospf passive"]
    if node.lan:
        lines += [f"interface {LAN}", " ip ospf area 0", " ip ospf passive"]
    lines += ["router ospf", f" ospf router-id {node.address}", *_OSPF_TIMERS]
    if node.role is Role.CORE:
        lines.append(" default-information originate always")
    return "\n".join(lines) + "\n"


_OSPF_WIRE: Final = (
    " ip ospf area 0",
    " ip ospf network point-to-point",
    " ip ospf hello-interval 1",
    " ip ospf dead-interval 4",
    " ip ospf retransmit-interval 2",
)
_OSPF_TIMERS: Final = (
    " timers throttle spf 50 200 1000",
    " timers throttle lsa all 200",
    " timers lsa min-arrival 0",
)


def sshd_config() -> str:
    """Root by key only; nothing is looked up, so that a login costs as little as it can."""
    return (
        "AddressFamily inet\n"
        "HostKey /etc/ssh/ssh_host_ed25519_key\n"
        "AuthorizedKeysFile /etc/ssh/authorized_keys\n"
        "AuthenticationMethods publickey\n"
        "PermitRootLogin prohibit-password\n"
        "PasswordAuthentication no\n"
        "KbdInteractiveAuthentication no\n"
        "UsePAM no\n"
        "UseDNS no\n"
        "PrintMotd no\n"
        "PrintLastLog no\n"
        "MaxStartups 200\n"
        "MaxSessions 64\n"
        "LoginGraceTime 30\n"
        "Subsystem sftp internal-sftp\n"
    )


def snmpd_config(user: str, auth: str, privacy: str) -> str:
    """SNMPv3 authPriv (SHA, AES-128), one user that may read."""
    return f"agentAddress udp:161\ncreateUser {user} SHA {auth} AES {privacy}\nrouser {user} priv\n"


BINDS: Final = {
    "frr": "/etc/frr",
    "ssh": "/etc/ssh",
    "snmp": "/etc/snmp",
    "snmp-state": "/var/lib/snmp",
    "lajur": "/var/lib/lajur",
    "napalm_frr": "/var/lib/napalm_frr",
    "root": "/root",
    "log": "/var/log",
    "tmp": "/var/tmp",  # noqa: S108 - where FRR leaves its crash logs
    "run": "/run",
}
"""A router's own folders over the machine's; an empty `/root`, because every command over SSH reads the start-up files of
the shell there, and those of the machine may be slow. `/run` is the last: it hides where all of them come from."""


def mount_table(folder: str, shared: str) -> str:
    """fstab(5) of one router."""
    lines = [f"{shared}/shadow /etc/shadow none bind 0 0"]
    lines += [f"{folder}/{name} {target} none bind 0 0" for name, target in BINDS.items()]
    return "\n".join(lines) + "\n"


SHADOW: Final = "root:*:1::::::\n"
"""sshd without PAM refuses a root that is locked with `!`, as some machines have it."""

INIT: Final = """\
# Process 1 of a lab router. Arguments: mount table, host name, FRR daemons.
# When it ends, the kernel ends every process of the router with it.
set -e
mount --all --fstab "$1"
echo "$2" >/proc/sys/kernel/hostname
shift 2
if [ -e /var/lib/lajur/boot ]; then
  timeout 60 sh /var/lib/lajur/boot </dev/null || echo "boot hook ended with $?"
fi
# Each returns when its socket is there: an ospfd that finds no zebra asks again only 10 s later.
for daemon; do "/usr/lib/frr/$daemon" -d -A 127.0.0.1 -P 0; done
[ ! -e /var/lib/napalm_frr/boot ] || timeout 60 sh /var/lib/napalm_frr/boot </dev/null || echo "boot hook ended with $?"
/usr/sbin/sshd -D -e &
MIBS= MIBDIRS=/nonexistent /usr/sbin/snmpd -f -LE 3 -p /run/snmpd.pid &
wait
"""
