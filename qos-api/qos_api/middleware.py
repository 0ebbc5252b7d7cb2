"""Around every request: its correlator, the headers of every answer, bounds on its body, one line in the log. Plain ASGI.

An exception that nobody expected ends here: it is logged with its traceback, and the caller gets a problem that says nothing of
the inside.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from network.errors import LajurError, UsageError
from network.messages import Language
from qos_api import problems
from qos_api.context import ACCEPTED, CORRELATOR, caller_name, correlator, new_correlator
from qos_api.metrics import Requests
from qos_api.problems import DoorError
from qos_api.security import Door
from qos_api.speech import language

log = logging.getLogger("qos_api.requests")

ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_STAY_WITH_TLS: Final = "max-age=31536000"
_GONE: Final = 499
"""What the log says of a caller who went away before the answer began."""


class Envelope:
    """The outermost part of the app."""

    def __init__(self, app: ASGIApp, *, door: Door, requests: Requests) -> None:
        self._app = app
        self._door = door
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = headers.getlist(CORRELATOR)
        own = asked[0] if len(asked) == 1 and ACCEPTED.fullmatch(asked[0]) else new_correlator()
        correlator.set(own)
        caller_name.set("")
        sender = _Sender(scope, send, own, tls=self._door.options.tls)
        began = self._door.services.clock.monotonic()
        spoken = language(headers.get("accept-language"), self._door.options.language)
        try:
            await self._answer(scope, receive, sender, spoken, [each for each in asked if each and each != own])
        except ClientDisconnect:
            sender.status = _GONE
        except Exception:
            log.exception("request.bug", extra={"method": scope["method"], "route": _route(scope)})
            if not sender.status:
                await problems.bug(spoken)(scope, receive, sender)
        finally:
            self._done(scope, sender.status or _GONE, self._door.services.clock.monotonic() - began)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, spoken: Language, bad: list[str]) -> None:
        try:
            if bad:
                raise UsageError("api.correlator")
            _look_at_address(scope)
            client = scope.get("client")
            self._door.meter.address(client[0] if client else None)
        except LajurError as error:
            await problems.respond(error, spoken)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _done(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route(scope)
        self._requests.observe(scope["method"], route, status, seconds)
        fields = {
            "method": scope["method"],
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "caller": scope.get("lajur.caller", ""),
        }
        log.info("http.request", extra=fields)


class _Sender:
    """Puts onto an answer what every answer has, and remembers its status."""

    def __init__(self, scope: Scope, send: Send, own: str, *, tls: bool) -> None:
        self._scope = scope
        self._send = send
        self._correlator = own
        self._tls = tls or scope.get("scheme") == "https"
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[CORRELATOR] = self._correlator
            for name, value in (*ALWAYS.items(), *self._scope.get("lajur.headers", {}).items()):
                headers.setdefault(name, value)
            if self._tls:
                headers["Strict-Transport-Security"] = _STAY_WITH_TLS
        await self._send(message)


class Bounded:
    """Bodies that are too large or too slow end in 413 or 408, whether they say their size or come in pieces."""

    def __init__(self, app: ASGIApp, *, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        options = self._door.options
        headers = Headers(scope=scope)
        try:
            self._fits(int(headers.get("content-length") or 0))
        except (DoorError, ValueError) as error:
            refused = error if isinstance(error, DoorError) else UsageError("api.malformed")
            await problems.respond(refused, language(headers.get("accept-language"), options.language))(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        end = loop.time() + options.body_seconds
        size, is_whole = 0, False

        async def bounded() -> Message:
            nonlocal size, is_whole
            if is_whole:
                return await receive()  # only waits for the caller to go away
            try:
                async with asyncio.timeout_at(end):
                    message = await receive()
            except TimeoutError as error:
                closing = {"Connection": "close"}
                raise DoorError("api.too_slow", status=408, headers=closing, seconds=options.body_seconds) from error
            if message["type"] == "http.request":
                size += len(message.get("body", b""))
                is_whole = not message.get("more_body", False)
                self._fits(size)
            return message

        await self._app(scope, bounded, send)

    def _fits(self, size: int) -> None:
        most = self._door.options.body_bytes
        if size > most:
            # What still comes is not read: the connection ends with the answer.
            raise DoorError("api.too_large", status=413, headers={"Connection": "close"}, most=most)


def _look_at_address(scope: Scope) -> None:
    """A path or query with control characters is nobody's honest address, and some databases take no NUL."""
    written: Iterable[bytes] = (scope.get("raw_path") or scope["path"].encode(), scope.get("query_string", b""))
    if any(f"%{code:02x}".encode() in each.lower() for each in written for code in (*range(0x20), 0x7F)):
        raise UsageError("api.address")


def _route(scope: Scope) -> str:
    """The route's template: an address itself may hold what no log should."""
    return getattr(scope.get("route"), "path", "-")
