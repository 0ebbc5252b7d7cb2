"""What Huawei VRP's `display` commands say of a link. Text in, values out; what cannot be read is None.

After the sample outputs of Huawei's command reference.
"""

from __future__ import annotations

import re
from typing import Final

from network.core.links.sight import Neighbour, Pings

_STATE: Final = re.compile(r"^\S+ current state ?: (?P<state>\S.*)$", re.MULTILINE)
_MTU: Final = re.compile(r"Maximum Transmit Unit is (?P<mtu>\d+)")
_NAME: Final = re.compile(r"^System ?name\s*:\s*(?P<name>\S+)", re.MULTILINE | re.IGNORECASE)
_PORT: Final = re.compile(r"^Port ?ID\s*:\s*(?P<port>\S+)", re.MULTILINE | re.IGNORECASE)
_SENT: Final = re.compile(r"(?P<count>\d+) packet\(s\) transmitted")
_RECEIVED: Final = re.compile(r"(?P<count>\d+) packet\(s\) received")
_OSPF: Final = re.compile(r"State: (?P<state>\S+)")


def carrier(said: str) -> bool | None:
    """From `display interface`."""
    found = _STATE.search(said)
    return found["state"].strip().upper() == "UP" if found else None


def mtu(said: str) -> int | None:
    """From `display interface`."""
    found = _MTU.search(said)
    return int(found["mtu"]) if found else None


def neighbours(said: str) -> tuple[Neighbour, ...]:
    """From `display lldp neighbor interface`."""
    names, ports = _NAME.findall(said), _PORT.findall(said)
    return tuple(Neighbour(device=name, interface=port) for name, port in zip(names, ports, strict=False))


def pings(said: str, count: int) -> Pings:
    """From `ping`."""
    sent, received = _SENT.search(said), _RECEIVED.search(said)
    if sent is None or received is None:
        return Pings(sent=count, received=0)
    return Pings(sent=int(sent["count"]), received=int(received["count"]))


def routing(said: str) -> str:
    """From `display ospf peer`."""
    found = _OSPF.search(said)
    return found["state"] if found else ""
