"""Whether a router of a lab answers: OSPF, SSH, SNMP. Asks only; starts and changes nothing."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from pathlib import Path
from typing import Final

from network.lab import netns
from network.lab.layout import LabPlan, Node, Role

_ANSWER_SECONDS: Final = 0.25
_DEFAULT: Final = "0.0.0.0/0"


@dataclass(slots=True)
class Readiness:
    """What a router still lacks. Each question is asked again only until it was answered once. A bare lab has no OSPF yet."""

    plan: LabPlan
    node: Node
    again: bool
    missing: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.missing = [*([] if self.plan.bare else ["ospf"]), "ssh", "snmp"]

    def check(self, pid: int, reachable: set[str]) -> bool:
        """Ask what is still open; True when nothing is. `pid` is process 1 of the router, `reachable` the core's routes:
        a router that they do not lead to is not asked, so that nobody waits for an answer that cannot come."""
        if "ospf" in self.missing:
            if not self._routed(pid, reachable):
                return False
            self.missing.remove("ospf")
        if self.node is not self.plan.core and f"{self.node.address}/32" not in reachable:
            return False
        with netns.inside(self.plan.namespace("noc")):
            for name, answers in (("ssh", ssh_answers), ("snmp", snmp_answers)):
                if name in self.missing and self.node.address and answers(self.node.address):
                    self.missing.remove(name)
        return not self.missing

    def _routed(self, pid: int, reachable: set[str]) -> bool:
        """A router knows the core and the way out. Whatever has several neighbours is asked for them once the core has a
        route to everything: looking at routes costs nothing, asking does. One that was started `again` is asked as well:
        the kernel still has the routes of its former life."""
        core = self.plan.core
        if self.node is not core and not {f"{core.address}/32", _DEFAULT} <= routes_of(pid):
            return False
        if self.node.role is Role.OFFICE and not self.again:
            return True
        return self._everything() <= reachable and self._neighbours_full(pid)

    def _everything(self) -> set[str]:
        """What the core must have a route to."""
        wanted = {f"{node.address}/32" for node in self.plan.routers if node is not self.plan.core}
        wanted |= {node.lan for node in self.plan.nodes if node.lan}
        return wanted | {prefix for provider in self.plan.providers for prefix in provider.prefixes}

    def _neighbours_full(self, pid: int) -> bool:
        words = ["nsenter", "-t", str(pid), "-a", "vtysh", "-c", "show ip ospf neighbor json"]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        try:
            neighbours = json.loads(done.stdout)["neighbors"]
        except (ValueError, KeyError):
            return False
        states = [entry.get("nbrState", "") for entries in neighbours.values() for entry in entries]
        wires = [wire for wire in self.plan.wires if wire.routed and self.node.key in (wire.near.node, wire.far.node)]
        return len(states) == len(wires) and all(state.startswith("Full") for state in states)


def routes_of(pid: int) -> set[str]:
    """The destinations of the main table of the namespace of `pid`."""
    try:
        lines = Path(f"/proc/{pid}/net/route").read_text().splitlines()[1:]
    except OSError:
        return set()
    found = set()
    for line in lines:
        _, destination, _, _, _, _, _, mask, *_ = line.split()
        address, length = struct.unpack("<I", bytes.fromhex(destination))[0], int(mask, 16).bit_count()
        found.add(str(IPv4Network((address, length))))
    return found


def ssh_answers(host: str) -> bool:
    """An SSH server greets on port 22, seen from the calling thread's namespace."""
    with suppress(OSError), socket.create_connection((host, 22), timeout=_ANSWER_SECONDS) as connection:
        return connection.recv(64).startswith(b"SSH-2.0-")
    return False


_DISCOVERY: Final = bytes.fromhex(
    "303e020103301102041a2b3c4d020300ffe304010402010304"
    "10300e0400020100020100040004000400301404000400a00e02041a2b3c4d0201000201003000"
)
"""The first message of SNMPv3 (RFC 3414 section 4): an empty request that an engine answers with its identity."""


def snmp_answers(host: str) -> bool:
    """An SNMPv3 engine answers on port 161, seen from the calling thread's namespace."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(_ANSWER_SECONDS)
        asker.connect((host, 161))
        asker.send(_DISCOVERY)
        return len(asker.recv(1500)) > len(_DISCOVERY)
    return False
