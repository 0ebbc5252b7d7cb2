"""What a lab router's daemons are told, as text. Pure: a plan in, words out; writes no file and starts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from network.lab.layout import INSIDE, LabPlan, Node, Ospf, Port, Provider, Role
from network.lab.texts import FROM_CORE, FROM_INET


def zebra_config(plan: LabPlan, node: Node) -> str:
    """Without the kernel's next-hop objects: after a link that falls and rises within 50 ms, zebra 8.4 takes routes over
    them for installed that the kernel has dropped. The kernel has every address already; written here it is configuration,
    as an engineer would have left it."""
    lines = [f"hostname {node.key}", "log file /var/log/zebra.log warnings", "no zebra nexthop kernel enable"]
    for port, wire in plan.wired(node.key) if not plan.bare else ():
        if wire.routed:
            lines += [f"interface {port.interface}", f" description {port.description}", f" ip address {port.address}"]
    return "\n".join(lines) + "\n"


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


def ospfd_config(plan: LabPlan, node: Node, keys: Mapping[str, str]) -> str:
    """OSPF as the truth has it on every wire; `keys` are the secrets by reference. In a bare lab nothing but who the router is,
    and at the core the way to `noc`.

    The throttles are far below FRR's own (an LSA at most every 5 s), because a lab's routers all start in the same few seconds.
    """
    lines = [f"hostname {node.key}", "log file /var/log/ospfd.log warnings"]
    passive = [f" ip ospf area {plan.area}", " ip ospf passive"]
    for port, wire in plan.wired(node.key):
        if wire.ospf is None and node.role is Role.CORE:
            lines += [f"interface {port.interface}", *passive]
        elif wire.ospf is not None and not plan.bare:
            lines += [f"interface {port.interface}", *_ospf_wire(wire.ospf, keys)]
    if not plan.bare:
        lines += ["interface lo", *passive]
        lines += [f"interface {node.lan_interface}", *passive] if node.lan else []
    lines += ["router ospf", f" ospf router-id {node.address}", *_OSPF_TIMERS]
    if node.role is Role.CORE and not plan.bare:
        lines.append(" default-information originate always")
    return "\n".join(lines) + "\n"


def _ospf_wire(ospf: Ospf, keys: Mapping[str, str]) -> list[str]:
    lines = [
        f" ip ospf area {ospf.area}",
        " ip ospf network point-to-point",
        f" ip ospf hello-interval {ospf.hello}",
        f" ip ospf dead-interval {ospf.dead}",
        " ip ospf retransmit-interval 2",
    ]
    if ospf.cost is not None:
        lines.append(f" ip ospf cost {ospf.cost}")
    if ospf.key is not None:
        lines.append(" ip ospf authentication message-digest")
        lines.append(f" ip ospf message-digest-key {ospf.key_id} md5 {keys[ospf.key]}")
    return lines


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
boot() {
  [ ! -e "$1" ] || timeout 60 sh "$1" </dev/null || echo "boot hook $1 ended with $?"
}
mount --all --fstab "$1"
echo "$2" >/proc/sys/kernel/hostname
shift 2
# What was pending when the router died: queues first, what routing depends on once its daemons answer. Nobody logs in before.
boot /var/lib/lajur/boot
# Each returns when its socket is there: an ospfd that finds no zebra asks again only 10 s later.
for daemon; do "/usr/lib/frr/$daemon" -d -A 127.0.0.1 -P 0; done
boot /var/lib/napalm_frr/boot
/usr/sbin/sshd -D -e &
MIBS= MIBDIRS=/nonexistent /usr/sbin/snmpd -f -LE 3 -p /run/snmpd.pid &
wait
"""
