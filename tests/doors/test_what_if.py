"""What if, asked at the door of the real service: a regency on devices in memory, and nothing of it changed by a question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from fastapi import FastAPI

from inventory.load import SHIPPED, load_regency
from inventory.model import Rates
from inventory.units import Bandwidth
from network.core.intent import intend
from network.core.what_if import more
from network.services import tokens
from network.serving import Serving, serving
from network.settings import Settings
from qos_api.app import create_app
from qos_api.desk import Options
from qos_api.routes import ROUTERS
from qos_api.served import Served
from tests.doors.conftest import Server

MANY = 1_000_000
NOW = datetime(2026, 8, 1, 0, 0, tzinfo=UTC)
LESS_DOWN = {"more": {"uplink": "satellite", "down": "-5 Mbit/s", "up": "0 bit/s"}}
MORE = {"more": {"uplink": "satellite", "down": "50 Mbit/s", "up": "50 Mbit/s"}}

Ask: TypeAlias = Callable[..., Any]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    settings = Settings.read({"LAJUR_STATE": str(tmp_path_factory.mktemp("state"))}, Path("unused"))
    with serving(settings, ["tolikara", "manokwari"], via="memory", at=NOW) as opened:
        yield opened


@pytest.fixture(scope="module")
def app(service: Serving) -> FastAPI:
    return create_app(Served(service), Options(caller_rate=MANY, address_rate=MANY, failure_rate=MANY), ROUTERS)


@pytest.fixture
def client(app: FastAPI, servers: Callable[[int], Server]) -> Iterator[httpx.Client]:
    server = servers(0)
    server.app = app
    with httpx.Client(base_url=server.address, trust_env=False, timeout=240) as opened:
        yield opened


@pytest.fixture
def ask(service: Serving, client: httpx.Client) -> Ask:
    """Ask as a viewer, each time under a key of its own; `headers` replace."""
    now = service.clock.now()
    grants = {"*": ("viewer",)}
    token, text = tokens.mint("test", grants, actor="os:test", now=now, expires=now + timedelta(hours=1))
    service.ledger.tokens.add(token)
    count = iter(range(MANY))

    def call(body: Any, regency: str = "tolikara", **headers: str) -> Any:
        known = {"Authorization": f"Bearer {text}", "Idempotency-Key": f"{token.id}-{next(count)}"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post(f"/v1/regencies/{regency}/what-if", json=body, headers={**known, **given})

    return call


def test_a_viewer_is_told_what_more_would_buy(ask: Ask) -> None:
    answer = ask(MORE)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["regency"], told["without"], told["more"]["uplink"]) == ("tolikara", None, "satellite")
    regency = load_regency(SHIPPED / "tolikara")
    fifty = Bandwidth.parse("50 Mbit/s")
    expected = more(regency, intend(regency, datetime.fromisoformat(told["at"])), "satellite", Rates(down=fifty, up=fifty))
    rows = {(each["office"], each["direction"]): each["guarantee"]["then"] for each in told["more"]["offices"]}
    assert rows == {(each.office, each.direction.value): each.guarantee.then for each in expected.offices}
    stopped = [each["key"] for way in told["more"]["uplinks"] for each in way["bottlenecks"]]
    assert stopped == ["kgm", "kgm"]


def test_less_is_a_question_too(ask: Ask) -> None:
    (down, up) = ask(LESS_DOWN).json()["more"]["uplinks"]
    assert (down["direction"], down["contracted"]["difference"]) == ("down", -5_000_000)
    assert down["guaranteed"]["difference"] < 0 == up["guaranteed"]["difference"]


def test_a_viewer_is_told_who_suffers_when_an_uplink_fails(ask: Ask) -> None:
    told = ask({"without": {"uplink": "domestic"}}, "manokwari").json()
    assert (told["more"], told["without"]["takes_over"]) == (None, "international")
    offices = told["without"]["offices"]
    parts = [each["left"] / each["base"] for each in offices]
    assert parts == sorted(parts)
    assert any(each["protected"] and each["below"] == "floor" for each in offices)
    planning = next(each for each in told["without"]["applications"] if each["application"] == "eplanning")
    assert planning["reserved"]["down"] > 0 == planning["reserved_there"]["down"]


def test_another_moment_has_its_windows(ask: Ask) -> None:
    window = next(each for each in load_regency(SHIPPED / "tolikara").windows if each.confirmed)
    zone = load_regency(SHIPPED / "tolikara").zone
    at = (window.start + timedelta(minutes=5)).replace(tzinfo=zone)
    assert ask(MORE).json()["windows"] == []
    told = ask({**MORE, "at": at.isoformat()})
    assert told.json()["windows"] == [window.key]


@pytest.mark.parametrize("language", ["id", "en"])
def test_notes_are_in_the_callers_language(language: str, ask: Ask) -> None:
    answer = ask(MORE, Accept_Language=language)
    other = ask(MORE, Accept_Language="en" if language == "id" else "id")
    told, others = (each.json()["more"]["notes"] for each in (answer, other))
    assert [each["code"] for each in told] == [each["code"] for each in others] != []
    assert all(one["detail"] != two["detail"] for one, two in zip(told, others, strict=True))


def test_a_question_keeps_and_changes_nothing(service: Serving, ask: Ask) -> None:
    audit = [entry.digest for entry in service.ledger.entries()]
    before = service.services["tolikara"].wish("look")
    assert ask(MORE, Idempotency_Key="the-same").status_code == 200
    again = ask({"without": {"uplink": "satellite"}}, Idempotency_Key="the-same")
    assert again.status_code == 200, "nothing was kept under that key"
    after = service.services["tolikara"].wish("look")
    assert (after.regency, after.boosts) == (before.regency, before.boosts)
    assert [entry.digest for entry in service.ledger.entries()] == audit


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"without": {"uplink": "no-such"}}, 422, "what_if.no_such_uplink"),
        ({"more": {**MORE["more"], "uplink": "no-such"}}, 422, "what_if.no_such_uplink"),
        ({"more": {**MORE["more"], "down": "-20 Mbit/s"}}, 422, "what_if.rate"),
        ({"more": {**MORE["more"], "up": "-9999999 Mbit/s"}}, 422, "what_if.rate"),
        ({"more": {**MORE["more"], "up": "9999999 Mbit/s"}}, 422, "what_if.rate"),
        ({"more": {**MORE["more"], "up": "81 Mbit/s"}}, 422, "what_if.above_link"),
        ({"more": {**MORE["more"], "down": "-19 Mbit/s"}}, 422, "what_if.does_not_hold"),
        ({**MORE, "at": "2199-01-01T00:00:00Z"}, 400, "api.too_far"),
        ({}, 400, "api.invalid"),
        ({"at": "2026-09-07T10:00:00Z"}, 400, "api.invalid"),
        ({**MORE, "without": {"uplink": "satellite"}}, 400, "api.invalid"),
        ({"more": None}, 400, "api.invalid"),
        ({"more": None, "without": {"uplink": "satellite"}}, 400, "api.invalid"),
        ({**MORE, "at": "2026-09-07T10:00:00"}, 400, "api.invalid"),
        ({"more": {**MORE["more"], "down": "fast"}}, 400, "api.invalid"),
        ({"more": {**MORE["more"], "down": "+5 Mbit/s"}}, 400, "api.invalid"),
        ({"more": {**MORE["more"], "offices": []}}, 400, "api.invalid"),
        ({"more": {"uplink": "satellite", "down": "5 Mbit/s"}}, 400, "api.invalid"),
        ({"without": {"uplink": "'; DROP TABLE x --"}}, 400, "api.invalid"),
        ([], 400, "api.invalid"),
    ],
)
def test_what_cannot_be_asked_is_a_problem_in_both_languages(body: Any, status: int, code: str, ask: Ask) -> None:
    said = [ask(body, Accept_Language=language) for language in ("id", "en")]
    for answer in said:
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert said[0].json()["detail"] != said[1].json()["detail"]


def test_a_refusal_for_room_says_what_has_none(ask: Ask) -> None:
    detail = ask({"more": {**MORE["more"], "down": "-19 Mbit/s"}}, Accept_Language="en").json()["detail"]
    assert "satellite/down" in detail


def test_it_needs_a_key_and_a_grant(client: httpx.Client, ask: Ask) -> None:
    assert ask(MORE, Idempotency_Key="").json()["code"] in ("api.key_missing", "api.key_bad")
    assert client.post("/v1/regencies/tolikara/what-if", json=MORE, headers={"Idempotency-Key": "k"}).status_code == 401
    assert ask(MORE, "bontang").json()["code"] == "api.no_regency"
