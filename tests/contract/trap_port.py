"""A trap port on loopback and net-snmp's own sender, as the tests of the receiver use them."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

from network.core.watch_ports import TrapCounts, TrapHeard
from network.errors import Refused
from network.telemetry.snmp import SnmpUser
from network.telemetry.trap_memory import TrapMemory
from network.telemetry.traps import TrapReceiver, TrapSender
from tests.contract.router import PATIENCE

USER = SnmpUser(name="lajur", auth="a phrase to sign", privacy="a phrase to hide")
COMMUNITY = "old switches"
HERE, THERE, ELSEWHERE = "127.0.0.1", "127.0.0.2", "127.0.0.9"
DOWN, UP, COLD = ".1.3.6.1.6.3.1.1.5.3", ".1.3.6.1.6.3.1.1.5.4", ".1.3.6.1.6.3.1.1.5.1"
INDEX, NAME = ".1.3.6.1.2.1.2.2.1.1", ".1.3.6.1.2.1.31.1.1.1.1"

SENDERS = (
    TrapSender(device="core", addresses=(HERE,), user=USER),
    TrapSender(device="switch", addresses=(THERE,), user=USER, community=COMMUNITY),
)


class Port:
    """A receiver, what it heard, and net-snmp's sender aimed at it."""

    def __init__(self, receiver: TrapReceiver, heard: list[TrapHeard], folder: Path) -> None:
        self.receiver, self.heard, self._folder = receiver, heard, folder

    def send(self, *login: str, kind: str = DOWN, index: int = 3, name: str | None = "wan0", to: int | None = None) -> None:
        binds = [f"{INDEX}.{index}", "i", str(index), *([f"{NAME}.{index}", "s", name] if name else [])]
        place = f"{HERE}:{to or self.receiver.port}"
        # The sender's engine and how often it was started are kept here, as on a device.
        own = {"MIBS": "", "SNMP_PERSISTENT_DIR": str(self._folder), "SNMPCONFPATH": str(self._folder)}
        subprocess.run(
            ["snmptrap", *login, place, "", kind, *binds],
            check=True,
            capture_output=True,
            timeout=240,
            env={**os.environ, **own},
        )

    def until(self, **wanted: int) -> TrapCounts:
        deadline = time.monotonic() + PATIENCE
        while True:
            counts = self.receiver.counts()
            if all(getattr(counts, name) >= value for name, value in wanted.items()):
                return counts
            assert time.monotonic() < deadline, counts
            time.sleep(0.01)

    def captured(self, *login: str) -> bytes:
        """One datagram of the sender, as it went over the wire."""
        with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as tap:
            tap.bind((HERE, 0))
            tap.settimeout(20)
            self.send(*login, to=tap.getsockname()[1])
            return tap.recv(65535)

    def throw(self, *datagrams: bytes, source: str = HERE) -> None:
        with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as thrower:
            thrower.bind((source, 0))
            for datagram in datagrams:
                thrower.sendto(datagram, (HERE, self.receiver.port))


def v3(user: SnmpUser = USER, *more: str, level: str = "authPriv") -> tuple[str, ...]:
    return ("-v3", "-l", level, "-u", user.name, "-a", "SHA", "-A", user.auth, "-x", "AES", "-X", user.privacy, *more)


def v2(community: str = COMMUNITY, source: str = THERE) -> tuple[str, ...]:
    return ("-v2c", "-c", community, "--clientaddr=" + source)


def reopened(file: Path, folder: Path, told: list[Refused], heard: list[TrapHeard]) -> Port:
    receiver = TrapReceiver(SENDERS, heard.append, host=HERE, port=0, memory=TrapMemory(file), trouble=told.append)
    return Port(receiver, heard, folder)
