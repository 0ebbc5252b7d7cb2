"""Two controllers with one record in PostgreSQL: whatever is asked of both at once, nothing is promised twice."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from inventory.load import SHIPPED, load_regency
from network.clock import StepClock
from network.core import guard
from network.core.allocate import allocate
from network.core.booking import Kind, State
from network.core.intent import Boost, intend
from network.core.observed import DeviceState
from network.core.plan import make_plan
from network.errors import NotAdmitted
from network.ledger.postgres import open_postgres
from network.ledger.sqlite import open_sqlite
from network.ledger.store import SqlLedger
from network.services import tokens
from network.services.bookings import BoostDraft, Desk, request_boost
from network.services.returns import wished
from qos_api.schemas.bookings import BoostSent
from tests.contract.postgres import Postgres

pytestmark = [pytest.mark.timeout(600), pytest.mark.postgres]

TRUTH: Final = load_regency(SHIPPED / "tolikara")
PATH: Final = "/v1/regencies/tolikara/boosts"
EACH: Final = 100
_START: Final = "from network.cli.app import main; main()"
_PATIENCE: Final = 200


@contextmanager
def controller(folder: Path, address: str) -> Iterator[str]:
    """`lajur serve` as on a machine of its own: only the record is shared."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
    own = {"LAJUR_STATE": folder, "LAJUR_LEDGER": address, "PYTHONPATH": Path(__file__).parents[2]}
    words = [sys.executable, "-c", _START, "serve", "tolikara", "--via", "memory", "--port", str(port)]
    folder.mkdir()
    environment = {**kept, **{name: str(value) for name, value in own.items()}}
    with (folder / "log").open("wb") as log, subprocess.Popen(words, env=environment, stderr=log) as child:
        try:
            end = time.monotonic() + _PATIENCE
            while not answers(port):
                assert child.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < end, (folder / "log").read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(_PATIENCE)


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def address(postgres: Postgres) -> str:
    return postgres.database()


@pytest.fixture
def ledger(address: str) -> Iterator[SqlLedger]:
    with open_postgres(address) as opened:
        yield opened


@pytest.fixture
def token(ledger: SqlLedger) -> str:
    now = datetime.now(UTC)  # noqa: TID251 - real servers live by the real clock
    made, shown = tokens.mint("two", {"tolikara": ("engineer",)}, actor="test", now=now, expires=now + timedelta(hours=1))
    ledger.tokens.add(made)
    return shown


@pytest.fixture
def servers(address: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    with ExitStack() as stack:
        first, second = (stack.enter_context(controller(tmp_path / name, address)) for name in ("first", "second"))
        yield first, second


def body(starts: datetime, hours: int = 2, amount: str = "400 kbit/s") -> dict[str, Any]:
    ends = starts + timedelta(hours=hours)
    return {
        "offices": ["dpmptsp"],
        "amount": {"down": amount, "up": amount},
        "reason": "a queue",
        "starts": starts.isoformat(),
        "expires": ends.isoformat(),
    }


async def all_at_once(token: str, sent: list[tuple[str, str, dict[str, Any]]]) -> list[httpx.Response]:
    """Each (server, key, body), all of them under way at the same time."""
    limits = httpx.Limits(max_connections=len(sent))
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    async with httpx.AsyncClient(headers=headers, limits=limits, timeout=120, trust_env=False) as client:
        asked = (client.post(server + PATH, json=each, headers={"Idempotency-Key": key}) for server, key, each in sent)
        return list(await asyncio.gather(*asked))


def one_after_the_other(folder: Path, draft: BoostDraft, now: datetime) -> int:
    """How many fit when nobody else asks."""
    with open_sqlite(folder) as alone:
        clock = StepClock(now)
        desk = Desk(truth=lambda: TRUTH, bookings=alone.bookings, clock=clock)
        for count in range(2 * EACH):
            try:
                request_boost(desk, draft, f"caller {count}")
            except NotAdmitted:
                return count
    pytest.fail("all of them fit, so nothing is tried")


def hold_up(boosts: tuple[Boost, ...]) -> None:
    """At every edge: what was granted can be allocated, and the guard would let it through."""
    for moment in {edge for boost in boosts for edge in (boost.starts, boost.expires)}:
        intent = intend(TRUTH, moment, boosts)
        allocations = allocate(TRUTH, intent)
        wanted = wished(allocations)
        states = {name: DeviceState(shapers={}) for name in wanted}
        guard.check(TRUTH, intent, allocations, make_plan(states, wanted), states)


def test_of_many_who_ask_two_controllers_at_once_exactly_those_get_it_who_fit(
    servers: tuple[str, str], ledger: SqlLedger, token: str, tmp_path: Path
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - real servers live by the real clock
    wanted = body(now + timedelta(hours=1))
    fit = one_after_the_other(tmp_path / "alone", BoostSent.model_validate(wanted).draft(), now)
    sent = [(server, f"{number}-{at}", wanted) for number in range(EACH) for at, server in enumerate(servers)]
    answered = asyncio.run(all_at_once(token, sent))
    assert Counter(each.status_code for each in answered) == {201: fit, 409: 2 * EACH - fit}
    granted = ledger.bookings.live("tolikara", Kind.BOOST, now)
    assert {each.id for each in granted} == {each.json()["id"] for each in answered if each.status_code == 201}
    assert {each.state for each in granted} == {State.GRANTED}
    hold_up(tuple(each.value for each in granted if isinstance(each.value, Boost)))
    for refused in (each.json() for each in answered if each.status_code == 409):
        assert refused["code"] == "booking.not_admitted"
        short = refused["shortfalls"][0]
        assert short["who"]
        assert short["missing"] > 0
        assert short["since"] <= short["until"]
        assert all(who in refused["detail"] for who in short["who"])
        assert refused["offers"] or "no " in refused["detail"].lower()
    assert {each["action"] for each in map(_line, ledger.entries(limit=1000))} >= {"boost.granted"}


def _line(entry: Any) -> dict[str, Any]:
    return {"action": entry.event.action}


def test_a_request_repeated_at_both_controllers_at_once_is_carried_out_once(
    servers: tuple[str, str], ledger: SqlLedger, token: str
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - real servers live by the real clock
    keys = {f"key-{number}": body(now + timedelta(hours=1 + number), 1, "16 kbit/s") for number in range(10)}
    sent = [(server, key, each) for key, each in keys.items() for server in servers for _ in range(3)]
    answered = asyncio.run(all_at_once(token, sent))
    assert {each.status_code for each in answered} == {201}
    by_key: dict[str, set[str]] = {}
    for (_, key, _), answer in zip(sent, answered, strict=True):
        by_key.setdefault(key, set()).add(json.dumps(answer.json(), sort_keys=True))
    assert {key: len(bodies) for key, bodies in by_key.items()} == dict.fromkeys(keys, 1)
    assert sum("idempotency-replayed" not in each.headers for each in answered) == len(keys)
    assert len(ledger.bookings.live("tolikara", Kind.BOOST, now)) == len(keys)
