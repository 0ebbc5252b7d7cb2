"""What a request is answered. JSON throughout, every answer marked as a sample's."""

from __future__ import annotations

import json
import select
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any, Final, Protocol

from network.bench.sample.application.database import Away, Behind
from network.bench.sample.application.faults import ERROR_PAGE, Faults
from network.bench.sample.application.store import Different, Store

SAMPLE: Final = "contoh Lajur, bukan untuk dipakai / sample of Lajur, not for real use"
IDLE: Final = 60.0
"""Seconds that a connection may be kept open without a request."""
SLOW: Final = 10.0
"""Seconds between two pieces of one request."""
LAST: Final = 1.0
"""Seconds that an open connection still gets for a request that is on its way when the service ends."""

_LONGEST_BODY: Final = 16 * 1024
_LONGEST_KEY: Final = 200
_LONGEST_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    words: dict[str, Any] | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What all requests share."""

    version: str
    built: str
    store: Store
    faults: Faults


class Ending(Protocol):
    """`fileno` becomes readable, and stays so, when the service is to end."""

    application: Application

    def fileno(self) -> int: ...

    @property
    def ends(self) -> bool: ...


class Handler(BaseHTTPRequestHandler):
    """One connection, in a thread of its own."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Ending  # type: ignore[assignment]  # only what `Ending` says is asked of it
    timeout = SLOW

    def handle_one_request(self) -> None:
        if self._awaited():
            super().handle_one_request()
        else:
            self.close_connection = True

    def _awaited(self) -> bool:
        """Whether a request comes, before the connection has idled too long or the service ends."""
        self.connection.setblocking(False)
        ahead = self.rfile.peek(1)  # type: ignore[attr-defined]  # a BufferedReader, which its annotation hides
        self.connection.settimeout(SLOW)
        if ahead:
            return True
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        poll.register(self.server, select.POLLIN)
        asked = self.connection.fileno()
        ready = dict(poll.poll(IDLE * 1000))
        if ready and asked not in ready:
            poll.unregister(self.server)
            ready = dict(poll.poll(LAST * 1000))
        return asked in ready

    def do_GET(self) -> None:
        ways: dict[str, Callable[[], Answer]] = {"/": self._front, "/permohonan": self._list, "/sehat": self._health}
        self._answer(ways.get(self._path()), "GET")

    do_HEAD = do_GET  # noqa: N815  # the name that its base class looks for

    def do_POST(self) -> None:
        self._answer(self._add if self._path() == "/permohonan" else None, "POST")

    def _path(self) -> str:
        return self.path.partition("?")[0]

    def _answer(self, way: Callable[[], Answer] | None, method: str) -> None:
        body = self._body() if method == "POST" else b""
        faults = self.server.application.faults
        if isinstance(body, Answer):
            self.close_connection = True  # what is unread would be taken for the next request
            answer = body
        elif way is None:
            answer = _problem(404, "tidak ada di sini / nothing here")
        elif way != self._health and faults.breaks():
            answer = _problem(500, "rusak dengan sengaja / broken on purpose")
        else:
            self._content = body
            answer = self._tried(way)
        self._send(answer)

    def _tried(self, way: Callable[[], Answer]) -> Answer:
        try:
            return way()
        except Away:
            return _problem(503, "basis data tidak terjangkau / the database is away")
        except Behind:
            return _problem(503, "basis data belum dimigrasi / the database lacks this version's migration")

    def _body(self) -> bytes | Answer:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return _problem(411, "perlu Content-Length / needs a Content-Length")
        if len(length) > 9 or int(length) > _LONGEST_BODY:
            return _problem(413, f"lebih dari / more than {_LONGEST_BODY} B")
        body = self.rfile.read(int(length))
        return body if len(body) == int(length) else _problem(400, "terpotong / cut off")

    def _front(self) -> Answer:
        return Answer(200, {"permohonan": self.server.application.store.count()})

    def _list(self) -> Answer:
        store = self.server.application.store
        return Answer(200, {"jumlah": store.count(), "terbaru": store.newest()})

    def _add(self) -> Answer:
        key = self.headers.get("Idempotency-Key", "")
        if not (0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
            return _problem(400, "perlu Idempotency-Key / needs an Idempotency-Key")
        try:
            words = json.loads(self._content)
            fields = [words["pemohon"], words["jenis"]]
        except (ValueError, TypeError, KeyError, RecursionError):
            return _problem(400, 'perlu / needs {"pemohon": "…", "jenis": "…"}')
        if not all(isinstance(text, str) and 0 < len(text) <= _LONGEST_TEXT and text.isprintable() for text in fields):
            return _problem(422, "pemohon, jenis: teks / text, 1–200")
        try:
            stored = self.server.application.store.add(key, *fields)
        except Different:
            return _problem(409, "kunci sudah dipakai untuk isi lain / this key came with another content before")
        return Answer(200, {"nomor": stored.number, "baru": stored.new})

    def _health(self) -> Answer:
        application = self.server.application
        if application.faults.page:
            return Answer(200, ERROR_PAGE)
        status, database = 503, "ok"
        try:
            application.store.look()
            status = 503 if application.faults.unwell else 200
        except Away:
            database = "away"
        except Behind:
            database = "behind"
        return Answer(status, {"status": "ok" if status == 200 else "down", "built": application.built, "database": database})

    def _send(self, answer: Answer) -> None:
        version = self.server.application.version
        if isinstance(answer.words, str):
            kind, text = "text/html; charset=utf-8", answer.words
        else:
            words = {**answer.words, "version": version, "sample": SAMPLE}
            kind, text = "application/json", json.dumps(words, ensure_ascii=False) + "\n"
        body = text.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Version", version.encode("ascii", "replace").decode())
        if answer.status == 503:
            self.send_header("Retry-After", "1")
        if self.server.ends or self.close_connection:
            self.send_header("Connection", "close")  # also makes the base class close
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        if answer.status >= 500:
            self._note(f"{answer.status} {self.command} {self.path[:100]!r}")

    def version_string(self) -> str:
        return "lajur-sample"

    def log_message(self, *words: Any) -> None:
        """Nothing: the edge has a line for each request."""

    @staticmethod
    def _note(text: str) -> None:
        sys.stderr.write(f"lajur-sample: {text}\n")


def _problem(status: int, text: str) -> Answer:
    return Answer(status, {"galat": text})


def serve(connection: socket.socket, peer: Any, ending: Ending) -> None:
    """Answer one connection until it ends. What its other side breaks off is nobody's trouble."""
    with connection, suppress(OSError):
        Handler(connection, peer, ending)  # type: ignore[arg-type]  # not a socketserver
        connection.shutdown(socket.SHUT_WR)
