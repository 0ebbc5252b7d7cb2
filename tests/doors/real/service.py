"""The real service behind a real door: regencies in memory, a record of its own, a clock that a test sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
from fastapi import FastAPI
from sqlalchemy import select

import inventory
from network.clock import SimulatedClock
from network.core.booking import Token
from network.ledger import tables
from network.services import tokens
from network.serving import Service, Serving, serving
from network.settings import Settings
from qos_api.app import create_app
from qos_api.desk import Options
from qos_api.routes import ROUTERS
from qos_api.served import Served

HERE: Final = "tolikara"
ELSEWHERE: Final = "bontang"
"""Both are served."""

NOWHERE: Final = "atlantis"
AT: Final = f"/v1/regencies/{HERE}"
SHIPPED: Final = Path(inventory.__file__).parent / "regencies"
MOMENT: Final = datetime(2026, 8, 18, 1, tzinfo=UTC)
"""A Tuesday, ten in the morning in Tolikara; no window is open."""

MANY: Final = 1_000_000
OPTIONS: Final = Options(caller_rate=MANY, address_rate=MANY, failure_rate=MANY)


@dataclass
class Real:
    """A client of the running service, and the service. `ask` is for whoever bears `token`."""

    client: httpx.Client
    serving: Serving
    settings: Settings
    keys: Iterator[int] = field(default_factory=count)

    @property
    def clock(self) -> SimulatedClock:
        assert isinstance(self.serving.clock, SimulatedClock)
        return self.serving.clock

    @property
    def here(self) -> Service:
        return self.serving.services[HERE]

    def minted(self, *roles: str, regency: str = HERE, lasts: timedelta = timedelta(days=300)) -> tuple[Token, str]:
        now = self.clock.now()
        token, text = tokens.mint("test", {regency: roles}, actor="os:test", now=now, expires=now + lasts)
        self.serving.ledger.tokens.add(token)
        return token, text

    def token(self, *roles: str, regency: str = HERE) -> str:
        return self.minted(*roles, regency=regency)[1]

    def ask(self, method: str, path: str, token: str | None = None, json: Any = None, **headers: str) -> httpx.Response:
        """A path below the regency, or a whole one. What changes something gets a key of its own unless one is given."""
        known = {} if token is None else {"Authorization": f"Bearer {token}"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            given = {"idempotency-key": f"key-{next(self.keys)}", **given}
        where = path if path.startswith("/") else f"{AT}/{path}"
        return self.client.request(method, where, headers={**known, **given}, json=json)

    def get(self, path: str, token: str | None = None, **headers: str) -> httpx.Response:
        return self.ask("GET", path, token, **headers)

    def post(self, path: str, token: str | None = None, json: Any = None, **headers: str) -> httpx.Response:
        return self.ask("POST", path, token, json, **headers)

    def record(self) -> Mapping[str, list[tuple[Any, ...]]]:
        """Everything that the record holds, table by table."""
        with self.serving.ledger._database.reading() as connection:
            return {
                table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for table in tables.metadata.sorted_tables
            }

    def lines(self) -> list[tuple[str, str]]:
        """The audit log, as action and subject."""
        return [(entry.event.action, entry.event.subject) for entry in self.serving.ledger.entries()]

    def held(self) -> Mapping[str, object]:
        """What the devices hold now, as the devices say."""
        return {name: device.observe().shapers for name, device in self.here.hands.devices.items()}


def settings_of(state: Path, regencies: Path = SHIPPED, ledger: str | None = None) -> Settings:
    return Settings(
        state=state,
        regencies=regencies,
        regency=HERE,
        ledger=ledger,
        lab=None,
        language="en",
        arm_seconds=30,
    )


@contextmanager
def served(settings: Settings, at: datetime = MOMENT, options: Options = OPTIONS) -> Iterator[tuple[Serving, FastAPI]]:
    """The service and its app. No loop runs: a test calls the keeper's rounds itself."""
    with serving(settings, [HERE, ELSEWHERE], via="memory", at=at) as opened:
        yield opened, create_app(Served(opened), options, ROUTERS)


def rates(down: str = "1 Mbit/s", up: str = "512 kbit/s") -> dict[str, str]:
    return {"down": down, "up": up}


def written(moment: datetime) -> str:
    return moment.isoformat()


def boost(now: datetime, **more: Any) -> dict[str, Any]:
    """A boost that is granted at once."""
    facts = {"offices": ["dpmptsp"], "amount": rates(), "reason": "a queue", "expires": written(now + timedelta(hours=2))}
    return {**facts, **more}


def emergency(now: datetime, **more: Any) -> dict[str, Any]:
    """A boost that waits for a second person."""
    return boost(now, emergency=True, **more)


def window(**more: Any) -> dict[str, Any]:
    """A window that is granted at once."""
    facts = {
        "key": "market",
        "name": "Market day",
        "reason": "stalls are licensed",
        "start": "2026-08-19T08:00",
        "end": "2026-08-19T12:00",
        "policy": {"offices": {"dpmptsp": {"share": 30}}},
    }
    return {**facts, **more}
