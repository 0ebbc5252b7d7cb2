"""A door that is open: a real server on loopback over services in memory, and a client that is somebody."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from qos_api.app import create_app
from qos_api.desk import Options
from qos_api.logs import JsonLines
from qos_api.server import Listening, running
from tests.doors.desk import Desk, service, things
from tests.doors.issuer import LocalIssuer, issuing

MANY = 1_000_000


@dataclass
class Opened:
    """A client of a running door, and the services behind it."""

    client: httpx.Client
    desk: Desk
    address: str

    def get(self, path: str, token: str | None = None, **headers: str) -> httpx.Response:
        return self.ask("GET", path, token, **headers)

    def ask(self, method: str, path: str, token: str | None = None, json: Any = None, **headers: str) -> httpx.Response:
        known = {} if token is None else {"Authorization": f"Bearer {token}"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, path, headers={**known, **given}, json=json)


Open = Callable[..., Opened]


@pytest.fixture
def desk() -> Desk:
    return Desk()


class Server:
    """A running server whose app is exchanged between tests: starting one for each would take most of their time."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.address = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "somebody asks between two tests"
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[int], Server]]:
    """The servers of the session, by number; each is started when it is first asked for."""
    started: list[Server] = []
    with ExitStack() as stack:

        def server(number: int) -> Server:
            while len(started) <= number:
                own = Server()
                own.address = stack.enter_context(running(own, Listening()))
                started.append(own)
            return started[number]

        yield server


@pytest.fixture
def opened(desk: Desk, servers: Callable[[int], Server]) -> Iterator[Open]:
    """Opens a door with these options; unless they say so nobody is told that they ask too often."""
    count = iter(range(10))
    with ExitStack() as stack:

        def open_door(**options: Any) -> Opened:
            rates = {"caller_rate": MANY, "address_rate": MANY, "failure_rate": MANY}
            server = servers(next(count))
            server.app = create_app(desk, Options(**{**rates, **options}), (things(), service()))
            address = server.address
            client = stack.enter_context(httpx.Client(base_url=address, trust_env=False, timeout=240))
            return Opened(client, desk, address)

        yield open_door


@pytest.fixture
def api(opened: Open) -> Opened:
    return opened()


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    with issuing() as own:
        yield own


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What the service logs meanwhile, as a reader of the log gets it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    handler.addFilter(lambda record: not record.name.startswith(("httpx", "httpcore")))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
