"""net-snmp's own agent and tools on loopback, as the tests of the meter use them."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from network.telemetry.snmp import SnmpUser

USER = SnmpUser(name="lajur", auth="a phrase to sign", privacy="a phrase to hide")


def free_port() -> int:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def own_tools(program: str, port: int, *words: str) -> str:
    login = ["-v3", "-l", "authPriv", "-u", USER.name, "-a", "SHA", "-A", USER.auth, "-x", "AES", "-X", USER.privacy]
    # Its own repeats wait for a daemon that is still starting.
    command = [program, *login, "-t", "0.25", "-r", "80", "-OnqeUt", f"127.0.0.1:{port}", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env={"MIBS": ""}).stdout


@contextmanager
def daemon(folder: Path, port: int) -> Iterator[None]:
    """An agent with one user. The same folder is the same agent: its engine's identity and restarts are kept there."""
    kept = folder / "kept"
    kept.mkdir(parents=True, exist_ok=True)
    user = f'createUser {USER.name} SHA "{USER.auth}" AES "{USER.privacy}"\nrouser {USER.name} priv\n'
    (folder / "snmpd.conf").write_text(user)
    command = ["snmpd", "-f", "-Lf", str(folder / "log"), f"udp:127.0.0.1:{port}"]
    # The search path names the kept folder too, or the daemon would write its state there and never read it.
    own = {"MIBS": "", "SNMPCONFPATH": f"{folder}:{kept}", "SNMP_PERSISTENT_DIR": str(kept)}
    process = subprocess.Popen(command, env={**os.environ, **own})
    try:
        own_tools("snmpget", port, ".1.3.6.1.2.1.1.3.0")
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
