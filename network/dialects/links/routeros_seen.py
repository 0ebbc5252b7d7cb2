"""What RouterOS 7's commands say of a link. Text in, values out; what cannot be read is None.

After the outputs in MikroTik's manual and in public captures. A look is a handful of lines, each asked for with what stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from network.core.links.sight import Neighbour, Pings
from network.dialects.links.routeros_export import quoted

_FIGURES: Final = re.compile(r"\bsent=(?P<sent>\d+) received=(?P<received>\d+)")
_POWER: Final = r"^\s*sfp-{way}-power: (?P<level>-?\d+(?:\.\d+)?)\s*dBm"
_PAIR: Final = re.compile(r'(?P<name>[a-z0-9-]+)=(?P<value>"(?:\\.|[^"\\])*"|\S*)')
_ENTRY: Final = re.compile(r"^\s*\d+\s", re.MULTILINE)
_TIME: Final = re.compile(r"(?P<count>\d+)(?P<unit>ms|us|[wdhms])")
_SECONDS: Final = {"w": 604800.0, "d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 0.000001}
_LONGEST: Final = 1024 * 1024

NEIGHBOURS: Final = "/ip neighbor print detail without-paging"
OSPF: Final = "/routing ospf neighbor print detail without-paging"
PENDING: Final = "/system history print without-paging"


def of_interface(interface: str, what: str) -> str:
    """Asks for one figure of an interface: `running` or `actual-mtu`."""
    return f":put [/interface get [find name={quoted(interface)}] {what}]"


def ping(peer: str, source: str | None, size: int, count: int) -> str:
    """`size` is that of the whole packet."""
    since = f" src-address={source}" if source else ""
    return f"/ping {peer} count={count} interval=200ms size={size} do-not-fragment{since}"


def module(interface: str) -> str:
    return f"/interface ethernet monitor {quoted(interface)} once"


def carrier(said: str) -> bool | None:
    return {"true": True, "false": False}.get(said.strip())


def mtu(said: str) -> int | None:
    return int(said) if re.fullmatch(r"\s*[1-9]\d{1,4}\s*", said) else None


def neighbours(said: str, interface: str) -> tuple[Neighbour, ...]:
    """Whom an interface hears, by LLDP or MikroTik's own protocol. A port in a bridge is named after both."""
    return tuple(
        Neighbour(device=each.get("identity", "")[:253], interface=each.get("interface-name", "").rpartition("/")[2][:64])
        for each in _entries(said)
        if interface in each.get("interface", "").split(",")
    )


def pings(said: str, count: int) -> Pings:
    """The last figures count: a long list is told in parts, each with its own."""
    found = list(_FIGURES.finditer(said))
    if not found:
        return Pings(sent=count, received=0)
    return Pings(sent=int(found[-1]["sent"]), received=int(found[-1]["received"]))


def routing(said: str, peer: str | None) -> tuple[str, float | None]:
    """The state of the neighbour with this address, in OSPF's words, and for how many seconds it has been so."""
    here = [each for each in _entries(said) if peer in (None, each.get("address"))]
    if not here:
        return "", None
    return here[0].get("state", "")[:40], _seconds(here[0].get("adjacency", ""))


def level(said: str, way: str) -> float | None:
    """What a module receives (`rx`) or sends (`tx`), in dBm."""
    found = re.search(_POWER.format(way=way), said, re.MULTILINE)
    return float(found["level"]) if found else None


def pending(said: str) -> bool:
    """Whether something is there that would be undone with the session that did it."""
    return any(re.match(r"\s*(?:\d+\s+)?[UR]*F[UR]*\s", line) for line in said.splitlines() if not line.startswith("Flags"))


def _entries(said: str) -> Iterator[Mapping[str, str]]:
    """The numbered entries of a `print detail`, whose lines are broken wherever the terminal ends."""
    for part in _ENTRY.split(said[:_LONGEST])[1:]:
        yield {found["name"]: found["value"].strip('"') for found in _PAIR.finditer(part)}


def _seconds(written: str) -> float | None:
    found = list(_TIME.finditer(written))
    return sum(int(each["count"]) * _SECONDS[each["unit"]] for each in found) if found else None
