"""Sends requests at moments that were set beforehand, whatever became of those before (an open loop), and times each from its
moment. A program of its own, so that it never waits for what it measures: `python -m network.bench.load`, JSON in and out.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypedDict

CONNECTIONS: Final = 16
"""Open before the first request; more are opened when all of them wait for an answer."""

AHEAD: Final = 0.5
PATIENCE: Final = 30.0
"""Seconds until the first request, and after the last one for the answers that are still to come."""


class Sent(TypedDict):
    """One request as it goes over the wire, and when: seconds from the beginning."""

    at: float
    kind: str
    text: str


class Heard(TypedDict):
    """What came back. Seconds from the moment set: until it was `sent` and until it was `answered`; status 0: nothing came."""

    kind: str
    status: int
    sent: float
    answered: float
    body: str


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with a length in every answer; kept open."""

    def __init__(self, idle: list[_Connection]) -> None:
        self._idle = idle
        self._buffer = bytearray()
        self._length: int | None = None
        self._waiting: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self in self._idle:
            self._idle.remove(self)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._length is None:
            head = self._buffer.find(b"\r\n\r\n")
            if head < 0:
                return
            self._length = head + 4 + _length(bytes(self._buffer[:head]))
        if len(self._buffer) >= self._length and self._waiting is not None:
            self._waiting.set_result(bytes(self._buffer))

    def ask(self, text: bytes) -> asyncio.Future[bytes]:
        assert self._transport is not None
        self._buffer.clear()
        self._length = None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(text)
        return self._waiting


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise ValueError("an answer without a length")


@dataclass(slots=True)
class _Load:
    port: int
    idle: list[_Connection] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)

    async def run(self, requests: Sequence[Sent]) -> None:
        for _ in range(CONNECTIONS):
            self.idle.append(await self._connect())
        loop = asyncio.get_running_loop()
        gc.collect()
        gc.disable()
        began = loop.time() + AHEAD
        tasks: list[asyncio.Task[None]] = []

        def send(kind: str, text: bytes, moment: float) -> None:
            tasks.append(loop.create_task(self._one(kind, text, moment)))

        for each in requests:
            moment = began + each["at"]
            loop.call_at(moment, send, each["kind"], each["text"].encode(), moment)
        await asyncio.sleep(AHEAD + requests[-1]["at"])
        while len(tasks) < len(requests):
            await asyncio.sleep(0.01)
        await asyncio.gather(*tasks)

    async def _one(self, kind: str, text: bytes, moment: float) -> None:
        loop = asyncio.get_running_loop()
        status, answer = 0, b""
        sent = loop.time() - moment
        try:
            connection = self.idle.pop() if self.idle else await self._connect()
            answer = await asyncio.wait_for(connection.ask(text), PATIENCE)
        except (OSError, ValueError, TimeoutError) as error:
            answer = repr(error).encode()
        else:
            status = int(answer[9:12])
            self.idle.append(connection)
        answered = loop.time() - moment
        body = "" if 200 <= status < 300 else answer.decode(errors="replace")[-500:]
        self.heard.append(Heard(kind=kind, status=status, sent=sent, answered=answered, body=body))

    async def _connect(self) -> _Connection:
        made = await asyncio.get_running_loop().create_connection(lambda: _Connection(self.idle), "127.0.0.1", self.port)
        return made[1]


def main() -> None:
    given = json.load(sys.stdin)
    load = _Load(given["port"])
    asyncio.run(load.run(given["requests"]))
    json.dump(load.heard, sys.stdout)


if __name__ == "__main__":
    main()
