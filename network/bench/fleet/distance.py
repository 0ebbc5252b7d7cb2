"""Distance for servers on loopback: whatever they send arrives one round trip later.

The whole round trip is put on the way back: to who asks and waits, that is the same. This machine's kernel may have no
netem, and a namespace of its own would not know distance either.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any


class FarLoop(asyncio.SelectorEventLoop):
    """An event loop whose servers are `seconds` away, there and back."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def create_server(self, protocol_factory: Callable[[], Any], *args: Any, **options: Any) -> asyncio.Server:
        return await super().create_server(lambda: _Far(protocol_factory(), self, self._seconds), *args, **options)


class _Far(asyncio.BaseProtocol):
    """Stands before a server's protocol, and gives it a transport that takes its time."""

    def __init__(self, inner: asyncio.Protocol, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._inner, self._loop, self._seconds = inner, loop, seconds

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._inner.connection_made(_Late(transport, self._loop, self._seconds))

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()


class _Late(asyncio.Transport):
    """What is written leaves later, in order. The first round trip is that of TCP, which loopback does not take."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        super().__init__()
        self._transport, self._loop, self._seconds = transport, loop, seconds
        self._connected = loop.time() + seconds
        self._waiting: deque[bytes | None] = deque()
        """None is the end."""
        self._closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._later(bytes(data))

    def _later(self, data: bytes | None) -> None:
        # A deque of our own: two calls set for the same moment may come in either order.
        self._waiting.append(data)
        self._loop.call_at(max(self._loop.time(), self._connected) + self._seconds, self._send)

    def _send(self) -> None:
        data = self._waiting.popleft()
        if data is None:
            self._transport.close()
        elif not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._later(None)

    def is_closing(self) -> bool:
        return self._closing or self._transport.is_closing()

    def abort(self) -> None:
        self._closing = True
        self._transport.abort()

    def can_write_eof(self) -> bool:
        return False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    def get_write_buffer_size(self) -> int:
        return sum(len(each or b"") for each in self._waiting) + self._transport.get_write_buffer_size()

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def is_reading(self) -> bool:
        return self._transport.is_reading()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._transport.set_protocol(protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._transport.get_protocol()
