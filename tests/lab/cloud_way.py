"""The way from `noc` to a lab's cloud, on which things happen: each request of the provider's passes here and can be looked at,
answered by somebody else, or lost; and each service of the cloud can be away, for the others of it too."""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self

from network.lab.cloud.parts import ADDRESS, NODE, SERVICES
from network.lab.enter import noc_namespace, socket_in
from network.lab.lab import LabState

SHIFT: Final = 20000
"""What is added to a service's port where we stand on the way to it."""
CHANGING: Final = ("POST", "PUT", "PATCH", "DELETE")
_TIMEOUT: Final = 90.0
_KEPT: Final = ("x-openstack-request-id", "x-compute-request-id", "x-subject-token", "content-type", "location", "vary")


class Lost(Exception):
    """Raised in a hook: the connection breaks, and no answer comes."""


@dataclass(slots=True)
class Call:
    """One request and, once there is one, its answer."""

    service: str
    method: str
    path: str
    token: str
    body: bytes
    status: int = 0
    answer: bytes = b""

    @property
    def words(self) -> str:
        """As a person would name it: `nova POST /v2.1/servers`."""
        return f"{self.service} {self.method} {self.path.partition('?')[0]}"

    @property
    def changes(self) -> bool:
        """Whether it would change something; a login does not."""
        return self.method in CHANGING and not self.path.endswith("/auth/tokens")


Hook = Callable[[Call], None]


class Way:
    """`before` is called with each request, `after` with each answer that came of it. Both may hold it, and raise Lost."""

    def __init__(self, lab: LabState) -> None:
        self._noc, self._cloud = noc_namespace(lab), lab.plan.namespace(NODE)
        self._servers: list[ThreadingHTTPServer] = []
        self.calls: list[Call] = []
        self.troubles: list[Exception] = []
        self.free()

    def free(self) -> None:
        """Nothing happens from now on. Raises what went wrong in a hook."""
        if self.troubles:
            raise self.troubles.pop()
        self.before: Hook = lambda call: None
        self.after: Hook = lambda call: None

    def __enter__(self) -> Self:
        for each in SERVICES:
            server = self._served(each.name, each.port)
            self._servers.append(server)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        ports = "; ".join(f"ip daddr {ADDRESS} tcp dport {each.port} redirect to :{each.port + SHIFT}" for each in SERVICES)
        self._told(self._noc, f"table ip way {{ chain out {{ type nat hook output priority -100; {ports}; }}; }}")
        return self

    def __exit__(self, *error: object) -> None:
        self._told(self._noc, "delete table ip way")
        for server in self._servers:
            server.shutdown()
            server.server_close()

    @contextmanager
    def away(self, *services: str) -> Iterator[None]:
        """These answer nobody meanwhile: their ports refuse."""
        self.take_away(*services)
        try:
            yield
        finally:
            self.bring_back()

    def take_away(self, *services: str) -> None:
        ports = [each.port for each in SERVICES if each.name in services]
        for namespace, hook, shift in ((self._noc, "output", SHIFT), (self._cloud, "input", 0)):
            listed = ", ".join(str(port + shift) for port in ports)
            chain = f"chain refusing {{ type filter hook {hook} priority 0; tcp dport {{ {listed} }} reject with tcp reset; }}"
            self._told(namespace, f"table ip away {{ {chain}; }}")

    def bring_back(self) -> None:
        for namespace in (self._noc, self._cloud):
            with suppress(subprocess.CalledProcessError):
                self._told(namespace, "delete table ip away")

    def _told(self, namespace: str, rules: str) -> None:
        words = ["ip", "netns", "exec", namespace, "nft", "-f", "-"]
        subprocess.run(words, input=rules, text=True, check=True, capture_output=True)

    def _served(self, name: str, port: int) -> ThreadingHTTPServer:
        way = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def parse_request(self) -> bool:
                found = super().parse_request()
                if found:
                    setattr(self, f"do_{self.command}", self._passed)
                return found

            def _passed(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                call = Call(name, self.command, self.path, self.headers.get("x-auth-token", ""), body)
                way.calls.append(call)
                try:
                    way.before(call)
                    headers = way._asked(call, port, dict(self.headers))
                    way.after(call)
                except Exception as error:  # noqa: BLE001 - also what a hook finds wrong
                    if not isinstance(error, Lost | OSError):
                        way.troubles.append(error)
                    # Reset, as by a machine that is gone.
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    return
                self.send_response(call.status)
                for key, value in headers.items():
                    self.send_header(key, value)
                self.send_header("content-length", str(len(call.answer)))
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(call.answer)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that it has there
                """Nobody reads it."""

        server = ThreadingHTTPServer(("0.0.0.0", port + SHIFT), Handler, bind_and_activate=False)
        server.socket.close()
        server.socket = socket_in(self._noc, socket.SOCK_STREAM)
        server.daemon_threads = True
        server.server_bind()
        server.server_activate()
        return server

    def _asked(self, call: Call, port: int, headers: dict[str, str]) -> dict[str, str]:
        """From beside the cloud, where nobody stands in the way."""
        if call.status:
            return {"content-type": "application/json"}
        connection = HTTPConnection(str(ADDRESS), port, timeout=_TIMEOUT)
        connection.sock = socket_in(self._cloud, socket.SOCK_STREAM)
        try:
            connection.sock.settimeout(_TIMEOUT)
            connection.sock.connect((str(ADDRESS), port))
            connection.request(call.method, call.path, call.body or None, headers)
            answer = connection.getresponse()
            call.answer, call.status = answer.read(), answer.status
            return {key: value for key, value in answer.getheaders() if key.lower() in _KEPT}
        finally:
            connection.close()
