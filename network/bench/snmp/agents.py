"""net-snmp's agents: one process for each device, one address of loopback each, fifteen interfaces, SNMPv3 authPriv only."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

PORT: Final = 161
INTERFACES: Final = 15
"""With the five columns that rates are made of: 75 values of each device."""

_NAMESPACE: Final = "lajur-bsnmp-agents"
"""Named as a lab's, so that `lajur lab down --all` takes away what a crash left."""

_USER: Final = "lajur"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agents:
    namespace: str
    addresses: tuple[str, ...]
    user: str
    auth: str = field(repr=False)
    privacy: str = field(repr=False)


@contextmanager
def agents(count: int) -> Iterator[Agents]:
    """So many agents; they may need some seconds until they answer. All gone at the end."""
    auth, privacy = secrets.token_hex(12), secrets.token_hex(12)
    addresses = tuple(f"127.0.1.{number + 1}" for number in range(count))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="lajur-snmp-")))
        stack.enter_context(_namespace())
        for address in addresses:
            stack.enter_context(_agent(folder / address, address, auth, privacy))
        yield Agents(namespace=_NAMESPACE, addresses=addresses, user=_USER, auth=auth, privacy=privacy)


@contextmanager
def _namespace() -> Iterator[None]:
    subprocess.run(["ip", "netns", "add", _NAMESPACE], check=True)
    try:
        pairs = [f"link add wire{number} type veth peer name eriw{number}" for number in range(INTERFACES // 2)]
        lines = "".join(f"{line}\n" for line in ["link set dev lo up", *pairs])
        subprocess.run(["ip", "-n", _NAMESPACE, "-batch", "-"], input=lines, text=True, check=True)
        yield
    finally:
        subprocess.run(["ip", "netns", "delete", _NAMESPACE], check=True)


@contextmanager
def _agent(folder: Path, address: str, auth: str, privacy: str) -> Iterator[None]:
    folder.mkdir(mode=0o700)
    config = folder / "snmpd.conf"
    config.write_text(f"agentAddress udp:{address}:{PORT}\ncreateUser {_USER} SHA {auth} AES {privacy}\nrouser {_USER} priv\n")
    words = ["ip", "netns", "exec", _NAMESPACE, "snmpd", "-f", "-LE", "3", "-I", "-smux"]
    words += ["-C", "-c", str(config), "-p", str(folder / "pid")]
    environment = {**os.environ, "SNMP_PERSISTENT_DIR": str(folder), "MIBS": "", "MIBDIRS": "/nonexistent"}
    with subprocess.Popen(words, env=environment) as process:
        try:
            yield
        finally:
            process.terminate()
