"""Asks the sample at moments set beforehand, whatever became of the requests before. A program of its own, so that it never waits
for what it measures: `python -m network.bench.sample.sender`.

One line of JSON in (`Order`); one line out when it begins, one for each request that has ended (`Asked`). Ends after its seconds,
or when its standard input closes, and then still waits for the answers that are under way.
"""

from __future__ import annotations

import asyncio
import json
import signal
import ssl
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from math import ceil
from typing import Any, Final, TypedDict

LONGEST: Final = 3600.0
"""No load lasts longer, in seconds."""
_LONGEST_ANSWER: Final = 256 * 1024
_HEAD: Final = 16 * 1024
_GRACE: Final = 5.0


class Order(TypedDict):
    """`rate` in requests per second, `posts` the percentage of them that store something, `patience` in seconds for one request.

    `name` is the server's as it stands in the request and in TLS. `authority`: a file with certificates to hold the other side
    to; None: any is taken, as a lab's edge signs its own. `fresh`: a new connection for each request. `source`: own
    address, or None.
    """

    host: str
    port: int
    name: str
    tls: bool
    authority: str | None
    source: str | None
    rate: float
    seconds: float
    posts: int
    patience: float
    fresh: bool
    prefix: str


class Asked(TypedDict):
    """One request. `at`: the moment set, from the beginning; `seconds` from there. `status` 0: no whole answer; `problem` says
    why: `refused` (nothing was sent), `cut`, `slow`, `tls`, `strange`. `key` is empty where nothing was to be stored.
    """

    at: float
    seconds: float
    status: int
    problem: str
    key: str
    version: str


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class Sender:
    order: Order
    context: ssl.SSLContext | None
    began: float = 0.0
    idle: list[Connection] = field(default_factory=list)
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, ended: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        self.began = loop.time()
        last = self.began + self.order["seconds"]
        for number in count():
            moment = self.began + number / self.order["rate"]
            if moment >= last or ended.is_set():
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), max(0.0, moment - loop.time()))
                break
            task = loop.create_task(self.ask(number, moment))
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)
        await asyncio.gather(*self.under_way)
        for _, writer in self.idle:
            writer.close()

    async def ask(self, number: int, moment: float) -> None:
        store = number * self.order["posts"] % 100 < self.order["posts"]
        key = f"{self.order['prefix']}-{number}" if store else ""
        status, problem, version = 0, "", ""
        try:
            async with asyncio.timeout(self.order["patience"]):
                status, version = await self._answered(_request(self.order, number, key))
        except TimeoutError:
            problem = "slow"
        except ConnectionRefusedError:
            problem = "refused"
        except ssl.SSLError:
            problem = "tls"
        except (OSError, EOFError):
            problem = "cut"
        except ValueError:
            problem = "strange"
        seconds = asyncio.get_running_loop().time() - moment
        asked = Asked(at=moment - self.began, seconds=seconds, status=status, problem=problem, key=key, version=version)
        _say(json.dumps(asked))

    async def _answered(self, request: bytes) -> tuple[int, str]:
        reader, writer = self._kept() or await self._connect()
        whole = False
        try:
            writer.write(request)
            await writer.drain()
            status, headers = _head(await reader.readuntil(b"\r\n\r\n"))
            length = int(headers["content-length"])
            if length > _LONGEST_ANSWER:
                raise ValueError
            await reader.readexactly(length)
            whole = not self.order["fresh"] and headers.get("connection", "").lower() != "close"
            return status, headers.get("x-version", "")[:64]
        except (KeyError, asyncio.LimitOverrunError) as error:
            raise ValueError from error
        finally:
            if whole:
                self.idle.append((reader, writer))
            else:
                writer.close()

    def _kept(self) -> Connection | None:
        """An open connection that the other side has not closed meanwhile."""
        while self.idle:
            reader, writer = self.idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return None

    async def _connect(self) -> Connection:
        source = self.order["source"]
        return await asyncio.open_connection(
            self.order["host"],
            self.order["port"],
            ssl=self.context,
            server_hostname=self.order["name"] if self.context else None,
            local_addr=(source, 0) if source else None,
            limit=_HEAD,
        )


def _request(order: Order, number: int, key: str) -> bytes:
    common = f"Host: {order['name']}\r\nUser-Agent: lajur-load\r\n" + ("Connection: close\r\n" if order["fresh"] else "")
    if not key:
        return f"GET {'/' if number % 4 < 2 else '/permohonan'} HTTP/1.1\r\n{common}\r\n".encode()
    body = json.dumps({"pemohon": f"Pemohon {number}", "jenis": "SIUP"}).encode()
    head = f"POST /permohonan HTTP/1.1\r\n{common}Idempotency-Key: {key}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _head(raw: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = raw.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return int(first.split(" ", 2)[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}


def _context(order: Order) -> ssl.SSLContext | None:
    if not order["tls"]:
        return None
    context = ssl.create_default_context(cafile=order["authority"])
    if order["authority"] is None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def _main(order: Order) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    leash = loop.create_task(reader.read())
    leash.add_done_callback(lambda _: ended.set())
    sender = Sender(order, _context(order))
    _say("{}")
    await sender.run(ended)
    leash.cancel()


def main() -> None:
    order: Any = json.loads(sys.stdin.readline())
    # Even a load that hangs ends: the kernel's own timer is not ours to forget.
    signal.alarm(ceil(min(order["seconds"], LONGEST) + order["patience"] + _GRACE))
    asyncio.run(_main(order))


if __name__ == "__main__":
    main()
