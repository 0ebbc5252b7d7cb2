"""What listens on a machine, from the words of `ss -Hltnup`, without what comes and goes by itself."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final, Literal

from infra.errors import OutputError
from infra.facts import Port
from infra.text import clean

EPHEMERAL: Final = 32768
"""From here the kernel gives ports away by itself (ip_local_port_range)."""

_CLIENTS: Final = frozenset({68, 546})
"""Where a DHCP client waits for its answer, when it does."""

_PROCESS: Final = re.compile(r'\("([^"]{1,64})",pid=([0-9]{1,10})')
_SERVICE: Final = re.compile(r"/([A-Za-z0-9:_.\\@-]{1,240}\.service)(?:/|$)")

Reach = Literal["all", "one", "link", "loopback"]


def ports(lines: list[str], owners: list[str]) -> tuple[Port, ...]:
    """`owners`: `PID line-of-its-cgroup-file`. Raises OutputError.

    Left out: UDP that the kernel numbered (a question that waits for its answer), DHCP clients, and TCP on the loopback that
    the kernel numbered (forwarding of a login, a tool's own channel).
    """
    units = _units(owners)
    found: dict[tuple[str, str, int], Port] = {}
    for line in lines:
        parts = line.split(maxsplit=6)
        if len(parts) < 6 or parts[0] not in {"tcp", "udp"}:
            raise OutputError("infra.output_unreadable", section="ports", line=clean(line))
        address, _, number = parts[4].rpartition(":")
        if not re.fullmatch(r"[0-9]{1,5}", number) or int(number) > 65535:
            raise OutputError("infra.output_unreadable", section="ports", line=clean(line))
        port = _port(parts[0], address, int(number), parts[6] if len(parts) > 6 else "", units)
        if not _by_itself(port):
            found.setdefault((port.proto, port.reach, port.number), port)
    return tuple(found[place] for place in sorted(found))


def _port(proto: str, address: str, number: int, users: str, units: dict[str, str]) -> Port:
    holders = _PROCESS.findall(users[:4000])
    return Port(
        proto="tcp" if proto == "tcp" else "udp",
        reach=_reach(address),
        number=number,
        process=clean(holders[0][0], 64) if holders else "",
        unit=next((units[pid] for _, pid in holders if pid in units), ""),
    )


def _by_itself(port: Port) -> bool:
    if port.proto == "udp":
        return port.number >= EPHEMERAL or port.number in _CLIENTS
    return port.reach == "loopback" and port.number >= EPHEMERAL


def _reach(address: str) -> Reach:
    """Who can get at it, so that a new address from DHCP changes nothing. `127.0.0.53%lo`, `[::1]`, `*`."""
    host, _, zone = address.strip("[]").partition("%")
    host = host.strip("[]")
    if host in {"*", "0.0.0.0", "::"}:  # noqa: S104 - read, not bound
        return "loopback" if zone == "lo" else "all"
    try:
        known = ip_address(host)
    except ValueError:
        return "one"
    known = getattr(known, "ipv4_mapped", None) or known
    return "loopback" if known.is_loopback else "link" if known.is_link_local else "one"


def _units(owners: list[str]) -> dict[str, str]:
    """By process id. A service of somebody's own login is none of the system's."""
    found: dict[str, str] = {}
    for line in owners[:4000]:
        pid, _, group = line.partition(" ")
        if (service := _SERVICE.findall(group)) and "/user@" not in group:
            found.setdefault(pid, service[-1])
    return found
