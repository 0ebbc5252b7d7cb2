"""Subscriptions and tokens at the real door: a secret is told once, and what is ended is over."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from standardwebhooks import Webhook

from network.core.webhook import headers, secret, shown
from network.errors import LedgerError
from network.ledger import tables
from tests.doors.real.conftest import OpenReal
from tests.doors.real.service import AT, HERE, Real, boost
from tests.doors.test_problems import problem

PUBLIC = "https://93.184.215.14/hook"
"""An address that is somebody's on the internet; nothing is sent there, for no loop runs."""


def test_a_subscription_tells_its_secret_once(real: Real) -> None:
    operator = real.token("operator")
    body = {"url": PUBLIC, "kinds": ["boost.granted", "boost.granted"]}
    answer = real.post("subscriptions", operator, body, idempotency_key="s")
    made = answer.json()
    assert (answer.status_code, made["kinds"], made["active"]) == (201, ["boost.granted"], True)
    assert made["secret"].startswith("whsec_")
    again = real.post("subscriptions", operator, body, idempotency_key="s")
    assert (again.json(), again.headers["idempotency-replayed"]) == ({**made, "secret": None}, "true")
    assert real.get("subscriptions", operator).json()["items"] == [{**made, "secret": None}]
    problem(real.post("subscriptions", operator, {"url": PUBLIC}, idempotency_key="s"), 422, "api.key_reused")
    assert made["secret"][6:] not in repr(real.record())
    real.post("boosts", operator, boost(real.clock.now()))
    assert [row[3] for row in real.record()[tables.deliveries.name]] != []
    own, now = secret(real.serving.signing_key, made["id"]), real.serving.postman._stamp.now()
    assert made["secret"] == shown(own)
    assert Webhook(made["secret"]).verify(b"{}", headers(own, "evt-1", now, b"{}")) == {}


def test_a_subscription_that_is_ended_gets_no_more(real: Real) -> None:
    operator = real.token("operator")
    made = real.post("subscriptions", operator, {"url": PUBLIC}).json()
    there = real.token("operator", regency="bontang")
    problem(real.ask("DELETE", f"/v1/regencies/bontang/subscriptions/{made['id']}", there), 404, "booking.not_found")
    assert real.ask("DELETE", f"subscriptions/{made['id']}", operator).status_code == 204
    problem(real.ask("DELETE", f"subscriptions/{made['id']}", operator), 404, "booking.not_found")
    assert [each["active"] for each in real.get("subscriptions", operator).json()["items"]] == [False]
    real.post("boosts", operator, boost(real.clock.now()))
    assert real.record()[tables.deliveries.name] == []
    noted = {entry.event.action: entry.event.actor for entry in real.serving.ledger.entries()}
    assert noted["subscription.made"] == noted["subscription.ended"] == made["made_by"]


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("http://93.184.215.14/", 422, "webhook.not_https"),
        ("https://127.0.0.1/", 422, "webhook.private_address"),
        ("https://127.1/", 422, "webhook.private_address"),
        ("https://2130706433/", 422, "webhook.private_address"),
        ("https://0x7f.0.0.1/", 422, "webhook.private_address"),
        ("https://localhost/", 422, "webhook.private_address"),
        ("https://localhost./", 422, "webhook.private_address"),
        ("https://[::1]/", 422, "webhook.private_address"),
        ("https://[::ffff:127.0.0.1]/", 422, "webhook.private_address"),
        ("https://[::ffff:a9fe:a9fe]/", 422, "webhook.private_address"),
        ("https://[64:ff9b::7f00:1]/", 422, "webhook.private_address"),
        ("https://[2002:7f00:1::]/", 422, "webhook.private_address"),
        ("https://[fe80::1]/", 422, "webhook.private_address"),
        ("https://[fc00::1]/", 422, "webhook.private_address"),
        ("https://169.254.169.254/latest/meta-data", 422, "webhook.private_address"),
        ("https://10.0.0.1/", 422, "webhook.private_address"),
        ("https://172.16.3.4/", 422, "webhook.private_address"),
        ("https://192.168.1.1/", 422, "webhook.private_address"),
        ("https://100.64.0.1/", 422, "webhook.private_address"),
        ("https://0.0.0.0/", 422, "webhook.private_address"),
        ("https://224.0.0.1/", 422, "webhook.private_address"),
        ("https://nothing.invalid/", 422, "webhook.no_address"),
        ("https://somebody@93.184.215.14/", 422, "webhook.credentials"),
        ("https://93.184.215.14:0/", 422, "webhook.bad_url"),
        ("https://93.184.215.14:99999/", 422, "webhook.bad_url"),
        ("https://93.184.215.14/#part", 422, "webhook.bad_url"),
        ("https://93.184.215.14\\@127.0.0.1/", 422, "webhook.credentials"),
        ("https:///nowhere", 422, "webhook.bad_url"),
        ("https://[::1/", 422, "webhook.bad_url"),
        ("file:///etc/passwd", 400, "api.invalid"),
        ("gopher://93.184.215.14/", 400, "api.invalid"),
        ("https://exa mple.org/", 400, "api.invalid"),
        ("https://93.184.215.14/" + "x" * 500, 400, "api.invalid"),
        ("", 400, "api.invalid"),
    ],
)
def test_what_is_told_goes_to_no_private_address(shared: Real, url: str, status: int, code: str) -> None:
    operator = shared.token("operator")
    before = shared.record()
    told = problem(shared.post("subscriptions", operator, {"url": url}), status, code)
    assert "somebody" not in told["detail"]
    assert shared.record() == before


def test_a_name_that_means_somebody_else_later_leads_nowhere_else(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the name is judged again when something is sent, and the connection goes where it was judged."""
    answers: list[Any] = [(ip_address("93.184.215.14"),), (ip_address("127.0.0.1"),)]
    monkeypatch.setattr(real.serving.courier, "_look_up", lambda host, port: answers.pop(0))
    operator = real.token("operator")
    made = real.post("subscriptions", operator, {"url": "https://turncoat.example/hook"})
    assert made.status_code == 201
    real.post("boosts", operator, boost(real.clock.now()))
    real.serving.postman._clock = real.clock
    assert real.serving.postman.tick() == 1
    (delivery,) = real.record()[tables.deliveries.name]
    assert "webhook.private_address" in delivery
    assert answers == []


def test_a_name_with_one_private_address_is_refused(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    both = (ip_address("93.184.215.14"), ip_address("10.0.0.1"))
    monkeypatch.setattr(real.serving.courier, "_look_up", lambda host, port: both)
    answer = real.post("subscriptions", real.token("operator"), {"url": "https://both.example/"})
    problem(answer, 422, "webhook.private_address")


def test_a_token_is_shown_once_and_works_until_it_is_revoked(real: Real) -> None:
    owner = real.token("operator", regency="*")
    body = {"name": "counter", "grants": {HERE: ["engineer"]}, "days": 7}
    answer = real.post("/v1/tokens", owner, body, idempotency_key="t")
    made = answer.json()
    assert answer.status_code == 201
    assert real.get("boosts", made["secret"]).status_code == 200
    again = real.post("/v1/tokens", owner, body, idempotency_key="t")
    assert (again.json(), again.headers["idempotency-replayed"]) == ({**made, "secret": None}, "true")
    listed = {each["id"]: each for each in real.get("/v1/tokens", owner).json()["items"]}
    assert listed[made["id"]] == {**made, "secret": None}
    assert len(listed) == 2
    assert made["secret"].split("_", 2)[2] not in repr(real.record())
    problem(real.post("/v1/tokens", made["secret"], body), 403, "api.not_allowed")
    assert real.ask("DELETE", f"/v1/tokens/{made['id']}", owner).status_code == 204
    problem(real.ask("DELETE", f"/v1/tokens/{made['id']}", owner), 404, "api.no_token_id")
    real.serving.services[HERE].desk.clock.sleep(1.1)  # a second for which a token is not read again
    problem(real.get("boosts", made["secret"]), 401, "api.bad_token")
    assert [action for action, _ in real.lines()] == ["token.made", "token.made", "token.revoked"]


def test_a_token_that_is_asked_for_twice_at_once_is_one(real: Real) -> None:
    owner = real.token("operator", regency="*")
    body = {"name": "counter", "grants": {HERE: ["viewer"]}}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: real.post("/v1/tokens", owner, body, idempotency_key="t"), range(6)))
    assert {each.status_code for each in answers} == {201}
    assert len({each.json()["id"] for each in answers}) == 1
    secrets = [each.json()["secret"] for each in answers if each.json()["secret"]]
    assert len(secrets) == 1
    assert real.get(AT, secrets[0]).status_code == 200
    live = [each for each in real.get("/v1/tokens", owner).json()["items"] if each["revoked"] is None]
    assert len(live) == 2


def test_a_token_that_could_not_be_kept_leaves_its_key_free(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = real.token("operator", regency="*")
    body = {"name": "counter", "grants": {HERE: ["viewer"]}}
    with monkeypatch.context() as patch:
        patch.setattr(type(real.serving.ledger.tokens), "add", _full)
        problem(real.post("/v1/tokens", owner, body, idempotency_key="t"), 503, "ledger.full")
    made = real.post("/v1/tokens", owner, body, idempotency_key="t")
    assert (made.status_code, made.json()["secret"] is None) == (201, False)


def _full(*_: object) -> None:
    raise LedgerError("ledger.full", ledger="x", reason="no room")


def test_a_token_ends_by_itself(real: Real) -> None:
    owner = real.token("operator", regency="*")
    made = real.post("/v1/tokens", owner, {"name": "a", "grants": {HERE: ["viewer"]}, "days": 1}).json()
    assert real.get(AT, made["secret"]).status_code == 200
    real.clock.advance(timedelta(days=1))
    problem(real.get(AT, made["secret"]), 401, "api.token_expired")


@pytest.mark.parametrize("why", ["subscriptions", "tokens"])
def test_secrets_stand_in_no_log(real: Real, lines: Callable[[], list[dict[str, Any]]], why: str) -> None:
    owner = real.token("operator", regency="*")
    body: Any = {"url": PUBLIC} if why == "subscriptions" else {"name": "a", "grants": {HERE: ["viewer"]}}
    made = real.post("subscriptions" if why == "subscriptions" else "/v1/tokens", owner, body).json()
    assert made["secret"] not in repr(lines())
    assert owner not in repr(lines())


def test_who_asks_too_often_is_told_when_to_come_back(opened_real: OpenReal) -> None:
    real = opened_real(caller_rate=5)
    token = real.token("viewer")
    answers = [real.get("boosts", token) for _ in range(6)]
    assert [each.status_code for each in answers] == [200] * 5 + [429]
    problem(answers[-1], 429, "api.too_many")
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert real.get("boosts", real.token("viewer")).status_code == 200
