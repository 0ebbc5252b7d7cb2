"""HTTP/1.1 as it comes over the wire: bounds on a request's head that the server's own parser does not keep.

Whoever sends a head that is too large, too slow, or no HTTP at all gets a problem document too, and the connection ends.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from network.messages import text
from qos_api import problems
from qos_api.context import CORRELATOR, correlator, new_correlator
from qos_api.middleware import ALWAYS
from qos_api.problems import DoorError

LARGEST_HEAD: Final = 32 * 1024
HEAD_SECONDS: Final = 10.0

LARGEST_REST: Final = 1024 * 1024
REST_SECONDS: Final = 2.0
"""What may still come of a body whose request has been answered already, thrown away: a connection that is closed while its
caller still sends takes the answer with it."""


class CarefulProtocol(HttpToolsProtocol):
    """One connection. Its errors are in English: no header that says otherwise has been read yet."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._most = self.limit_concurrency
        self.limit_concurrency = None
        self.access_log = False  # its lines hold whole addresses; ours hold routes
        self._head = 0
        self._in_head = True
        self._timer: asyncio.TimerHandle | None = None
        self._rest_of_body = 0
        self._end: asyncio.TimerHandle | None = None
        self._why = DoorError("api.malformed", status=400)
        self._turned_away = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        self._go_on()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._turned_away:
            self._rest_of_body -= len(data)
            if self._rest_of_body < 0:
                self.transport.close()
            return
        if self._end is not None:
            self._rest_of_body -= len(data)
            if self._rest_of_body < 0:
                self.transport.close()
                return
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._count(len(data))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head, self._in_head = 0, True
        if self._timer is None:
            self._wait()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head += len(name) + len(value)
        if self._head > LARGEST_HEAD:
            self._why = DoorError("api.head_large", status=431, most=LARGEST_HEAD)
            raise self._why
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._rest()
        self._in_head = False
        is_full = self._most is not None and len(self.connections) > self._most
        self.app = _busy if is_full else self.config.loaded_app
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._go_on()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Whoever was answered before they had sent all of it may end what they send, and not go on for long."""
        if self.cycle.more_body and not self.pipeline and not self.transport.is_closing():
            self._rest_of_body = LARGEST_REST
            self._end = self.loop.call_later(REST_SECONDS, self.transport.close)
        super().on_response_complete()

    def _go_on(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def send_400_response(self, msg: str) -> None:
        correlator.set(new_correlator())
        headers = {**ALWAYS, CORRELATOR: correlator.get(), "Connection": "close"}
        said = text(self._why.code, "en", self._why.fields)
        answer = problems.document(self._why.status, self._why.code, said, "en", headers, {"fields": {}})
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in answer.raw_headers)
        self.transport.write(STATUS_LINE[self._why.status] + lines + b"\r\n" + bytes(answer.body))
        self._turn_away()

    def _turn_away(self) -> None:
        """A connection that is closed while something lies there unread is reset, and the answer is lost with it: what still
        comes is thrown away for a while."""
        self._turned_away = True
        self._rest()
        if not self.transport.can_write_eof():
            self.transport.close()
            return
        self.transport.write_eof()
        self._go_on()
        self._rest_of_body = LARGEST_REST
        self._end = self.loop.call_later(REST_SECONDS, self.transport.close)

    def _count(self, size: int) -> None:
        self._head += size
        if self._head > LARGEST_HEAD and not self._turned_away:
            self._why = DoorError("api.head_large", status=431, most=LARGEST_HEAD)
            self.send_400_response("")

    def _wait(self) -> None:
        self._timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._timer = None
        if not self._turned_away and not self.transport.is_closing():
            self._why = DoorError("api.head_slow", status=408, seconds=HEAD_SECONDS)
            self.send_400_response("")


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    correlator.set(new_correlator())
    headers = {**ALWAYS, "Retry-After": str(problems.RETRY), "Connection": "close", CORRELATOR: correlator.get()}
    await problems.document(503, "api.busy", text("api.busy", "en"), "en", headers, {"fields": {}})(scope, receive, send)
