"""Simulated servers on loopback in a process of their own: real SSH, answers made up.

`python -m network.bench.servers.machines`: one line of JSON in (`Ordered`), one out when all of them listen (`Standing`); gone
when the standard input ends. A server's file, when there is one, is read again before every answer, so that its hardware and
its services can be changed by hand; what it was told to keep is kept beside it. No shell runs behind them.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final, TypedDict

import asyncssh

from network.bench.servers.machine import Machine

PORT: Final = 2200


class Ordered(TypedDict):
    """`machines` are files, one a server; `authorized` is a line of authorized_keys that may log in as anybody.

    `addresses` are theirs, in the same order, at which they answer on `PORT`; empty: all on 127.0.0.1, each on a port of its own.
    """

    machines: list[str]
    addresses: list[str]
    authorized: str


class Standing(TypedDict):
    """`ports` by the file's stem; `host_key` is the one that all have, as known_hosts writes it."""

    ports: dict[str, int]
    host_key: str


class _Gate(asyncssh.SSHServer):
    """Lets the holder of one key in, as anybody, until the machine is locked."""

    def __init__(self, path: Path, key: asyncssh.SSHKey) -> None:
        self._path = path
        self._key = key

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return key == self._key and not Machine.read(self._path.read_text()).locked


async def _stand(ordered: Ordered, host_key: asyncssh.SSHKey) -> dict[str, int]:
    options = asyncssh.SSHServerConnectionOptions(
        server_host_keys=[host_key], gss_host=None, compression_algs=None, login_timeout=60
    )
    authorized = asyncssh.import_public_key(ordered["authorized"])
    ports = {}
    addresses = ordered["addresses"] or ["127.0.0.1"] * len(ordered["machines"])
    for name, address in zip(ordered["machines"], addresses, strict=True):
        path = Path(name)

        async def serve(process: asyncssh.SSHServerProcess[str], path: Path = path) -> None:
            text = await process.stdin.read()
            machine = Machine.read(path.read_text())
            status, said = machine.answer(text)
            path.write_text(json.dumps(asdict(machine)))
            process.stdout.write(said)
            process.exit(status)

        gate = partial(_Gate, path, authorized)
        listener = await asyncssh.listen(
            address, PORT if ordered["addresses"] else 0, options=options, server_factory=gate, process_factory=serve, backlog=64
        )
        ports[path.stem] = listener.get_port()
    return ports


async def _main() -> None:
    ordered: Ordered = json.loads(sys.stdin.readline())
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    ports = await _stand(ordered, host_key)
    standing: Standing = {"ports": ports, "host_key": host_key.export_public_key().decode().strip()}
    sys.stdout.write(json.dumps(standing) + "\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main())
