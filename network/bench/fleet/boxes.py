"""Emulated devices on loopback in a process of their own: real SSH, answers made up, state of their own.

`python -m network.bench.fleet.boxes`: one line of JSON in (`Ordered`), one out when all of them listen (`Standing`); gone when
the standard input ends. No shell runs behind them and no packet is routed: what is measured is who asks.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from contextlib import ExitStack, suppress
from typing import Final, TypedDict

import asyncssh

from network.bench.fleet.box import Box, listens, will_listen
from network.bench.fleet.distance import FarLoop

PORT: Final = 2200
_BACKLOG: Final = 64
_LAST: Final = "\nmain\n"
_COUNT: Final = 12


class Ordered(TypedDict):
    """`addresses` answer, from `seconds` away; `silent` ones take connections and say nothing; `lost` ones do not even that.

    Whoever has the key of `authorized` (a line of authorized_keys) may log in, under any name.
    """

    addresses: list[str]
    silent: list[str]
    lost: list[str]
    seconds: float
    authorized: str


class Standing(TypedDict):
    """`host_key`: the one that all of them have, as known_hosts writes it."""

    host_key: str


async def _stand(ordered: Ordered, host_key: asyncssh.SSHKey) -> None:
    options = asyncssh.SSHServerConnectionOptions(
        server_host_keys=[host_key],
        authorized_client_keys=asyncssh.import_authorized_keys(ordered["authorized"]),
        password_auth=False,
        kbdint_auth=False,
        gss_host=None,
        compression_algs=None,
        login_timeout=60,
    )
    for address in ordered["addresses"]:
        box = Box()

        async def serve(process: asyncssh.SSHServerProcess[str], box: Box = box) -> None:
            await _serve(process, box)

        await asyncssh.listen(address, PORT, options=options, process_factory=serve, backlog=_BACKLOG)


async def _serve(process: asyncssh.SSHServerProcess[str], box: Box) -> None:
    """One script, whole when no more is said or, of one that will listen, when its last line begins it; and what is said to it
    while it listens, with its length before it."""
    text = ""
    while not (text.endswith(_LAST) and will_listen(text)) and (line := await process.stdin.readline()):
        text += line
    talk = box.converse(process.command or "", text)
    said = next(talk)
    process.stdout.write(said)
    with suppress(asyncio.IncompleteReadError):  # nothing more is said: what is armed waits
        while listens(said):
            count = await process.stdin.readexactly(_COUNT)
            said = talk.send(await process.stdin.readexactly(int(count)))
            process.stdout.write(said)
    process.exit(0)


def _silent(address: str, stack: ExitStack) -> None:
    """The kernel takes the connection, nobody the words."""
    listener = stack.enter_context(socket.socket())
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, PORT))
    listener.listen(_BACKLOG)


def _lost(address: str, stack: ExitStack) -> None:
    """A queue that is full: the kernel drops whoever else knocks, as a box without power does."""
    listener = stack.enter_context(socket.socket())
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, PORT))
    listener.listen(0)
    for _ in range(3):
        knock = stack.enter_context(socket.socket())
        knock.setblocking(False)
        knock.connect_ex((address, PORT))


async def _until_the_end() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


def main() -> None:
    ordered: Ordered = json.loads(sys.stdin.readline())
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    loop = FarLoop(ordered["seconds"])
    with ExitStack() as stack:
        for address in ordered["silent"]:
            _silent(address, stack)
        for address in ordered["lost"]:
            _lost(address, stack)
        loop.run_until_complete(_stand(ordered, host_key))
        standing: Standing = {"host_key": host_key.export_public_key().decode().strip()}
        sys.stdout.write(json.dumps(standing) + "\n")
        sys.stdout.flush()
        loop.run_until_complete(_until_the_end())


if __name__ == "__main__":
    main()
