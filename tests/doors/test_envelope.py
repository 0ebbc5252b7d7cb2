"""What surrounds every request: the correlator, the headers of every answer, bounds on bodies and on how often, one log line."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from typing import Any, Final

import httpx
import pytest

from network.core.ports import Clock
from network.errors import DeviceUnreachable
from network.messages import Language
from qos_api.desk import Options
from qos_api.logs import JsonLines
from qos_api.problems import DoorError
from qos_api.rates import MOST_KEYS, WINDOW, Kept, Meter, network_of
from tests.doors.conftest import Open, Opened
from tests.doors.desk import HERE, MovedClock
from tests.doors.test_problems import problem

THINGS: Final = f"/v1/regencies/{HERE}/things"
GOOD: Final = {"office": "rsud", "amount": 5}


# ---- correlator and headers


@pytest.mark.parametrize("sent", ["a", "trace-1", "A1_:;./<>{}", "x" * 256])
def test_the_correlator_comes_back(api: Opened, sent: str) -> None:
    assert api.get("/healthz", x_correlator=sent).headers["x-correlator"] == sent


@pytest.mark.parametrize("sent", ["x" * 257, "with space", "é", 'quote"', "a,b", "a$b", "%0a", "(x)"])
def test_a_correlator_that_cannot_be_is_refused(api: Opened, sent: str) -> None:
    answer = api.client.get("/healthz", headers=[(b"x-correlator", sent.encode())])
    problem(answer, 400, "api.correlator")
    assert sent not in answer.text


def test_two_correlators_are_refused(api: Opened) -> None:
    problem(api.client.get("/healthz", headers=[("x-correlator", "a"), ("x-correlator", "b")]), 400, "api.correlator")


def test_who_sends_no_correlator_is_given_one(api: Opened) -> None:
    given = {api.get("/healthz").headers["x-correlator"] for _ in range(3)}
    assert len(given) == 3
    assert api.get("/healthz", x_correlator="").headers["x-correlator"]


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", THINGS, "/v1/openapi.json", "/%00"])
def test_every_answer_has_the_headers_of_safety(api: Opened, path: str) -> None:
    headers = api.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["referrer-policy"] == "no-referrer"
    assert "strict-transport-security" not in headers
    assert "server" not in headers


def test_callers_that_came_by_tls_are_told_to_stay_with_it(opened: Open) -> None:
    assert "max-age" in opened(tls=True).get("/healthz").headers["strict-transport-security"]


# ---- bodies


def test_a_large_body_is_refused_by_its_announced_size(api: Opened) -> None:
    answer = api.ask("POST", THINGS, api.desk.token("engineer"), json={"office": "x" * 10 * 1024 * 1024}, Idempotency_Key="k")
    problem(answer, 413, "api.too_large")
    assert answer.headers["connection"] == "close"


def test_a_large_body_in_pieces_is_refused_too(api: Opened) -> None:
    sent: list[int] = []

    def pieces() -> Iterator[bytes]:
        for size in range(10_000):
            sent.append(size)
            yield b"[" * 65536

    headers = {"Authorization": f"Bearer {api.desk.token('engineer')}", "Content-Type": "application/json"}
    try:
        answer = api.client.post(THINGS, content=pieces(), headers=headers)
    except httpx.TransportError:
        pass  # the connection was closed on us while we still wrote
    else:
        problem(answer, 413, "api.too_large")
    assert len(sent) < 1000


def test_a_body_of_the_largest_size_is_read(opened: Open) -> None:
    api = opened(body_bytes=1000)
    token = api.desk.token("engineer")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": "k"}
    body = json.dumps(GOOD).encode()
    assert api.client.post(THINGS, content=body.ljust(1000), headers=headers).status_code == 201
    problem(api.client.post(THINGS, content=body.ljust(1001), headers=headers), 413, "api.too_large")


def test_a_body_that_never_ends_ends(opened: Open) -> None:
    api = opened(body_seconds=0.3)
    head = (
        f"POST {THINGS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.desk.token('engineer')}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    told = raw(api, head.encode())
    assert told.startswith("HTTP/1.1 408 ")
    assert "api.too_slow" in told


def test_whoever_is_answered_before_they_sent_all_of_it_may_not_go_on(api: Opened) -> None:
    told = raw(api, b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1000)
    assert told.startswith("HTTP/1.1 405 ")


def test_whoever_sends_the_rest_of_a_refused_body_reads_the_refusal_and_may_ask_again(api: Opened) -> None:
    host, port = api.address.removeprefix("http://").split(":")
    body = b"x" * 200_000
    head = f"POST {THINGS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with closing(socket.create_connection((host, int(port)), timeout=20)) as connection:
        for _ in range(2):
            connection.sendall(head.encode())
            assert connection.recv(65536).startswith(b"HTTP/1.1 401 "), "before any of the body was sent"
            connection.sendall(body)


def raw(api: Opened, written: bytes) -> str:
    """What a connection gives until it ends; it must end by itself."""
    host, port = api.address.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)), timeout=20)) as connection:
        connection.sendall(written)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


# ---- how often


def test_a_caller_who_asks_too_often_is_told_when_again(opened: Open) -> None:
    api = opened(caller_rate=5)
    token, other = api.desk.token("viewer"), api.desk.token("viewer")
    answers = [api.get(THINGS, token) for _ in range(6)]
    assert [each.status_code for each in answers] == [200] * 5 + [429]
    assert [each.headers["ratelimit"].partition(";t")[0] for each in answers[:5]] == [
        f'"caller";r={rest}' for rest in (4, 3, 2, 1, 0)
    ]
    told = problem(answers[5], 429, "api.too_many")
    assert answers[5].headers["ratelimit-policy"] == '"caller";q=5;w=60'
    assert 0 < int(answers[5].headers["retry-after"]) <= 60
    assert told["fields"]["policy"] == "caller"
    assert api.get(THINGS, other).status_code == 200, "somebody else may"
    api.desk.clock.advance(61)
    assert api.get(THINGS, token).status_code == 200


def test_an_address_that_asks_too_often_is_stopped_whoever_it_is(opened: Open) -> None:
    api = opened(address_rate=4)
    answers = [api.get(path) for path in ("/healthz", "/nowhere", THINGS, "/healthz", "/healthz")]
    assert [each.status_code for each in answers] == [200, 404, 401, 200, 429]
    problem(answers[4], 429, "api.too_many")


def test_failed_logins_are_limited_harder_and_lock_nobody_out(opened: Open) -> None:
    api = opened(failure_rate=3)
    answers = [api.get(THINGS, f"lajur_{'0' * 16}_{'A' * 43}").status_code for _ in range(6)]
    assert answers == [401] * 3 + [429] * 3
    assert api.get(THINGS, api.desk.token("viewer")).status_code == 200


def test_the_window_moves(moving: MovedClock) -> None:
    meter = Meter(Options(caller_rate=10), moving.monotonic)
    for _ in range(5):
        meter.caller("a")
    moving.advance(WINDOW / 2)
    for _ in range(5):
        meter.caller("a")
    with pytest.raises(DoorError):
        meter.caller("a")
    moving.advance(WINDOW / 2 + 1)
    assert meter.caller("a").rest == 4, "the first five are a minute old, the last five are not"


def test_what_is_remembered_is_bounded(moving: MovedClock) -> None:
    kept = Kept(moving.monotonic)
    for each in range(MOST_KEYS + 500):
        assert kept.acquire_entry(f"address-{each}", 2, WINDOW)
    assert kept.get("address-0") == 0
    assert kept.reset() <= MOST_KEYS


@pytest.fixture
def moving() -> MovedClock:
    clock = MovedClock()
    checked: Clock = clock
    assert checked is clock
    return clock


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        (None, "local"),
        ("", "local"),
        ("@lajur", "local"),
    ],
)
def test_an_address_counts_as_its_network(host: str | None, counted: str) -> None:
    assert network_of(host) == counted


# ---- the log


def test_one_line_for_each_request(api: Opened, lines: Callable[[], list[dict[str, Any]]]) -> None:
    token, text = api.desk.minted("viewer")
    api.get(f"{THINGS}/thing-7?limit=1", text, x_correlator="trace-9")
    api.get(f"{THINGS}/thing-7", text, x_correlator="trace-10")
    api.get("/nowhere/at-all")
    told = [line for line in lines() if line["event"] == "http.request"]
    assert [(line["status"], line["route"]) for line in told] == [
        (400, "/v1/regencies/{regency}/things/{id}"),
        (200, "/v1/regencies/{regency}/things/{id}"),
        (404, "-"),
    ]
    assert {line["correlator"] for line in told[:2]} == {"trace-9", "trace-10"}
    first = told[0]
    assert (first["level"], first["method"], first["caller"]) == ("info", "GET", f"token:{token.id}")
    assert first["ms"] > 0
    assert first["time"].endswith("Z")


def test_the_log_has_no_token_no_body_and_no_query(api: Opened, lines: Callable[[], list[dict[str, Any]]]) -> None:
    text = api.desk.token("engineer")
    api.ask("POST", f"{THINGS}?hush=query-secret", text, json={**GOOD, "office": "body-secret"}, Idempotency_Key="key-secret")
    api.ask("POST", THINGS, text, json={**GOOD, "office": "body-secret"}, Idempotency_Key="key-secret")
    api.get(THINGS, f"lajur_{'0' * 16}_{'A' * 43}")
    written = json.dumps(lines())
    assert len(lines()) >= 3
    for each in (text, text.split("_", 2)[2], "body-secret", "query-secret", "key-secret", "A" * 43):
        assert each not in written


def test_a_line_is_json_whatever_is_logged() -> None:
    record = logging.LogRecord("x", logging.WARNING, "f", 1, "device\n%s", ("\x1b[31m",), None)
    record.__dict__.update(
        {"device": "core", "api_token": "hush", "at": MovedClock().now(), "odd": object(), "nan": float("nan")}
    )
    line = JsonLines().format(record)
    told = json.loads(line)
    assert "\n" not in line
    assert (told["event"], told["message"], told["device"]) == ("log", "device\n\x1b[31m", "core")
    assert "hush" not in line


@pytest.mark.parametrize(("language", "said"), [("id", "Periksa kabel"), ("en", "Nothing was sent")])
def test_an_error_of_ours_is_a_sentence_that_says_what_to_do_next(language: Language, said: str) -> None:
    error = DeviceUnreachable("device.unreachable", device="core", step="observe", address="192.0.2.1:22", reason="refused")
    record = logging.LogRecord("x", logging.WARNING, "f", 1, "keeper.failed", (), None)
    record.__dict__.update({"code": error.code, "error": error})
    told = json.loads(JsonLines(language).format(record))
    assert (told["event"], told["code"]) == ("keeper.failed", "device.unreachable")
    assert "core" in told["error"]
    assert said in told["error"]


def test_a_caller_who_went_away_is_logged_as_gone(api: Opened, lines: Callable[[], list[dict[str, Any]]]) -> None:
    host, port = api.address.removeprefix("http://").split(":")
    head = (
        f"POST {THINGS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.desk.token('engineer')}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    with closing(socket.create_connection((host, int(port)))) as connection:
        connection.sendall(head.encode())
    for _ in islice(iter(lambda: any(line["event"] == "http.request" for line in lines()), True), 200):
        api.desk.clock.sleep(0.02)
    told = [line for line in lines() if line["event"] == "http.request"]
    assert [line["status"] for line in told] == [499]
    assert all(line["event"] != "request.bug" for line in lines())
