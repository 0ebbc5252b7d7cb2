"""What a lab router's daemons are told, as text. Pure: a plan in, words out; writes no file and starts nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from network.lab.layout import INSIDE, LabPlan, Node, Ospf, Port, Provider, Role, Traps
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SnmpAccess:
    """SNMPv3 authPriv (SHA, AES-128): one user who may read, and in whose name traps are sent."""

    user: str
    auth: str = field(repr=False)
    privacy: str = field(repr=False)


def engine_id(plan: LabPlan, node: Node) -> str:
    """The SNMP engine of a router in hexadecimal (RFC 3411, octets): its own in every lab, and known before it speaks."""
    return "80001f8805" + hashlib.sha256(f"{plan.lab} {node.key}".encode()).hexdigest()[:16]


def snmpd_config(plan: LabPlan, node: Node, access: SnmpAccess) -> str:
    """The agent's user and engine. It tells of fallen links only where the lab wants that of it; then it looks every second."""
    lines = [
        "agentAddress udp:161",
        f"exactEngineID 0x{engine_id(plan, node)}",
        f"createUser {access.user} SHA {access.auth} AES {access.privacy}",
        f"rouser {access.user} priv",
    ]
    if plan.traps is Traps.AGENT:
        state = "1.3.6.1.2.1.2.2.1.8"
        seen = f".1.3.6.1.2.1.2.2.1.1 .1.3.6.1.2.1.2.2.1.7 .{state}"
        lines += [
            # The name under which it asks itself: net-snmp does that with authentication and without privacy.
            f"createUser inside SHA {access.auth}",
            "rouser inside auth",
            "iquerySecName inside",
            f"trapsess -v 3 -u {access.user} -l authPriv -a SHA -A {access.auth} -x AES -X {access.privacy} {trap_address(plan)}",
            f"notificationEvent up .1.3.6.1.6.3.1.1.5.4 {seen}",
            f"notificationEvent down .1.3.6.1.6.3.1.1.5.3 {seen}",
            f'monitor -S -r 1 -e up "up" .{state} != 2',
            f'monitor -S -r 1 -e down "down" .{state} == 2',
        ]
    return "\n".join(lines) + "\n"


def snmp_sender_config(node: Node, access: SnmpAccess) -> str:
    """snmp.conf(5) for `snmptrap`: pass phrases stand on no command line, and a trap comes from the router's own address."""
    words = {
        "defVersion": "3",
        "defSecurityName": access.user,
        "defSecurityLevel": "authPriv",
        "defAuthType": "SHA",
        "defAuthPassphrase": access.auth,
        "defPrivType": "AES",
        "defPrivPassphrase": access.privacy,
        "clientaddr": node.address,
    }
    return "".join(f"[snmp] {name} {value}\n" for name, value in words.items())


def trap_address(plan: LabPlan) -> str:
    """Where traps go: `noc`, as host:port."""
    return f"{plan.ports('noc')[0].host}:162"


LLDP_SECONDS: Final = 2
"""How often a router says who it is; whatever happens to a link is said at once."""


def lldpd_config(plan: LabPlan, node: Node) -> str:
    """LLDP on the links of the truth: ports by their names, and a neighbour that falls silent is forgotten after three turns."""
    ports = ",".join(port.interface for port, wire in plan.wired(node.key) if wire.routed)
    return (
        f"configure lldp tx-interval {LLDP_SECONDS}\n"
        "configure lldp tx-hold 3\n"
        "configure lldp portidsubtype ifname\n"
        "configure system description 'Router of a Lajur lab (FRR on Linux)'\n"
        f"configure system ip management pattern {node.address}\n"
        f"configure system interface pattern {ports}\n"
    )


def hosts(plan: LabPlan) -> str:
    """hosts(5) of all routers: lldpd asks for its own name at every turn, and no name server answers in a lab."""
    lines = ["127.0.0.1 localhost", *(f"{node.address} {node.key}" for node in plan.routers)]
    return "\n".join(lines) + "\n"


BINDS: Final = {
    "frr": "/etc/frr",
    "ssh": "/etc/ssh",
    "lldpd": "/etc/lldpd.d",
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
    """fstab(5) of one router. The machine's `ethtool` moves into the router's /run, and one that knows emulated modules takes
    its place."""
    pairs = [(f"{shared}/{name}", f"/etc/{name}") for name in ("shadow", "hosts")]
    pairs += [
        (ETHTOOL_PATH, f"{folder}/run/lab/ethtool"),
        (f"{shared}/ethtool", ETHTOOL_PATH),
        (f"{folder}/optics", f"{folder}/run/lab/optics"),
    ]
    pairs += [(f"{folder}/{name}", target) for name, target in BINDS.items()]
    return "".join(f"{source} {target} none rbind 0 0\n" for source, target in pairs)


ETHTOOL_PATH: Final = "/usr/sbin/ethtool"
ETHTOOL: Final = """\
#!/bin/sh
# A lab's ports are virtual: where the truth has fibre, `ethtool -m PORT` shows an emulated module. All else is the machine's own.
case "$1" in
-m | --dump-module-eeprom | --module-info)
  if [ $# -eq 2 ] && [ -f "/run/lab/optics/$2" ]; then
    ip -o link show dev "$2" | grep -q LOWER_UP && exec cat "/run/lab/optics/$2"
    # No carrier, no light: the fibre was cut, or the port at its other end is off.
    exec sed -E '/: [^:]* dBm$/{/average|rx power$/s#: .*#: 0.0000 mW / -inf dBm#}
      s/^(\tLaser rx power low (alarm|warning) +:) .*/\1 On/' "/run/lab/optics/$2"
  fi
  ;;
esac
exec /run/lab/ethtool "$@"
"""

SHADOW: Final = "root:*:1::::::\n"
"""sshd without PAM refuses a root that is locked with `!`, as some machines have it."""

INIT: Final = """\
# Process 1 of a lab router. Arguments: mount table, host name, where traps go (- for nowhere), SNMP engine, FRR daemons.
# When it ends, the kernel ends every process of the router with it.
set -e
export MIBS= MIBDIRS=/nonexistent
boot() {
  [ ! -e "$1" ] || timeout 60 sh "$1" </dev/null || echo "boot hook $1 ended with $?"
}
# The routes of a bare lab: the kernel drops those of a port that goes down.
bootstrap() {
  [ ! -e /run/lab/bootstrap ] || ip -force -batch /run/lab/bootstrap >/dev/null 2>&1 || true
}
# Hundredths of a second since the machine began.
now() {
  read -r up rest </proc/uptime
  echo "${up%.*}${up#*.}"
}
# linkUp or linkDown (RFC 2863), with the agent's own engine, boots and time: to whoever receives it, it is the agent's.
tell() {
  boots=$(sed -n 's/^engineBoots //p' /var/lib/snmp/snmpd.conf)
  ticks=$(($(now) - started))
  [ "$4" = 1 ] && kind=4 || kind=3
  row=.1.3.6.1.2.1.2.2.1
  snmptrap -e "0x$engine" -E "0x$engine" -Z "${boots:-1},$((ticks / 100))" "$traps" "$ticks" ".1.3.6.1.6.3.1.1.5.$kind" \\
    "$row.1.$1" i "$1" "$row.7.$1" i "$3" "$row.8.$1" i "$4" "$row.2.$1" s "$2" >/dev/null 2>&1 || true
}
# Every change of a port, as the kernel says it. What is seen for the first time is only remembered.
watch() {
  { ip -oneline link show; ip -oneline monitor link; } | while read -r index name flags rest; do
    index=${index%:} name=${name%:} name=${name%@*} admin=2 state=2
    case $index in *[!0-9]*) continue ;; esac
    case $flags in *[\\<,]UP[,\\>]*) admin=1 ;; esac
    case $rest in *" state UP "*) state=1 ;; esac
    eval "was=\\${state_$index-}; state_$index=$state"
    if [ -n "$was" ] && [ "$was" != "$state" ]; then
      [ "$state" = 2 ] || bootstrap
      [ "$traps" = - ] || tell "$index" "$name" "$admin" "$state"
    fi
  done
}
mount --all --fstab "$1"
echo "$2" >/proc/sys/kernel/hostname
traps=$3 engine=$4
shift 4
bootstrap
# What was pending when the router died: queues first, what routing depends on once its daemons answer. Nobody logs in before.
boot /var/lib/lajur/boot
# Each returns when its socket is there: an ospfd that finds no zebra asks again only 10 s later.
for daemon; do "/usr/lib/frr/$daemon" -d -A 127.0.0.1 -P 0; done
boot /var/lib/napalm_frr/boot
/usr/sbin/sshd -D -e &
started=$(now)
/usr/sbin/snmpd -f -LE 3 -p /run/snmpd.pid &
watch &
nice /usr/sbin/lldpd -d &
wait
"""
