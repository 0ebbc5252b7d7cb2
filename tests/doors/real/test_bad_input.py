"""What must not be: a refusal that says where and what to change, and a record that is as it was before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest

from network.core.access import Role
from qos_api.committed import FILE
from tests.doors.real import edges
from tests.doors.real.service import AT, HERE, Real, boost, emergency, rates, window, written
from tests.doors.test_problems import problem

DOCUMENT: Final = json.loads(FILE.read_text(encoding="utf-8"))
BODIES: Final = {key: list(group) for key, group in groupby(edges.cases(DOCUMENT), key=lambda case: (case.method, case.path))}
KEPT: Final = (
    "'; DROP TABLE booking; --",
    "' OR '1'='1",
    "{{7*7}} {reason} {0.__class__} {} %s %n $(id) `id`",
    "${jndi:ldap://127.0.0.1/a}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "\u202edesrever \u200b \U0001f6a6 Ω é",
    "../../../etc/passwd",
    '"quoted" \\ back & <amp>',
    "x" * 500,
)


def filled(path: str) -> str:
    """An address of that route, with names as they could be."""
    for name, value in {"regency": HERE, "id": "boost-20260818-0123456789ab"}.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path, path
    return path


@pytest.mark.parametrize(("method", "path"), BODIES, ids=lambda each: each)
def test_every_field_beyond_its_edges_is_named_and_nothing_is_kept(shared: Real, method: str, path: str) -> None:
    token = shared.token(*Role, regency="*")
    before, wrong = shared.record(), []
    for case in BODIES[method, path]:
        answer = shared.ask(method, filled(path), token, json=case.body, if_match="*")
        told = answer.json()
        named = [each["pointer"] for each in told.get("errors", ())]
        is_named = any(each.startswith(case.pointer) or (each == "" and case.is_choice) for each in named)
        if answer.status_code != 400 or told["code"] != "api.invalid" or not is_named:
            wrong.append((case.pointer, case.said, answer.status_code, told.get("code"), named))
    assert wrong == []
    assert len(BODIES[method, path]) > 8
    assert shared.record() == before


def test_every_route_that_takes_a_body_is_tried() -> None:
    taking = {
        (method.upper(), path)
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
        if "requestBody" in operation
    }
    assert set(BODIES) == taking


@pytest.mark.parametrize(("method", "path"), BODIES, ids=lambda each: each)
def test_a_body_of_ten_megabytes_is_not_read(shared: Real, method: str, path: str) -> None:
    token = shared.token(*Role, regency="*")
    before = shared.record()
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": "large",
        "If-Match": "*",
        "Content-Type": "application/json",
    }
    large = b'{"reason": "' + b"x" * 10_000_000 + b'"}'

    def pieces() -> Iterator[bytes]:
        yield from (large[at : at + 65536] for at in range(0, len(large), 65536))

    told = problem(shared.client.request(method, filled(path), headers=headers, content=large), 413, "api.too_large")
    assert told["fields"]["most"] == 1024 * 1024
    # A sender who does not say how much is coming is stopped on the way, and may not hear why.
    with suppress(httpx.TransportError):
        problem(shared.client.request(method, filled(path), headers=headers, content=pieces()), 413, "api.too_large")
    assert shared.record() == before


def moved(now: datetime, **more: Any) -> dict[str, Any]:
    """A boost with moments that are hours from now."""
    return {name: written(now + timedelta(hours=each)) if isinstance(each, int) else each for name, each in more.items()}


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"expires": -1}, 422, "admission.no_time"),
        ({"starts": 3, "expires": 2}, 422, "admission.no_time"),
        ({"starts": 2, "expires": 2}, 422, "admission.no_time"),
        ({"expires": 24 * 32}, 422, "admission.too_long"),
        ({"expires": "2199-12-31T23:59:59Z"}, 422, "admission.too_long"),
        ({"starts": 24 * 500, "expires": 24 * 501}, 422, "admission.too_far"),
        ({"expires": "2027-02-29T00:00:00Z"}, 400, "api.invalid"),
        ({"expires": "2026-08-18"}, 400, "api.invalid"),
        ({"expires": "1899-01-01T00:00:00Z"}, 400, "api.invalid"),
        ({"expires": "2200-01-01T00:00:00Z"}, 400, "api.invalid"),
        ({"offices": ["pupr"]}, 422, "boost.no_such_office"),
        ({"offices": ["krb"]}, 422, "boost.no_such_office"),
        ({"uplink": "domestic"}, 422, "boost.no_such_uplink"),
        ({"amount": rates("0 bit/s", "0 bit/s")}, 422, "admission.boost_nothing"),
        ({"amount": rates("9999999 Mbit/s", "0 bit/s")}, 409, "booking.not_admitted"),
        ({"amount": rates("10000000 Mbit/s", "0 bit/s")}, 400, "api.invalid"),
        ({"amount": rates("-1 Mbit/s", "0 bit/s")}, 400, "api.invalid"),
        ({"amount": rates("1e9 bit/s", "0 bit/s")}, 400, "api.invalid"),
        ({"amount": {"down": "1 Mbit/s"}}, 400, "api.invalid"),
    ],
)
@pytest.mark.parametrize("path", ["boosts", "admissions/boosts"])
def test_a_boost_that_cannot_be_is_refused(shared: Real, path: str, more: dict[str, Any], status: int, code: str) -> None:
    engineer = shared.token("engineer")
    before = shared.record()
    answer = shared.post(path, engineer, boost(shared.clock.now(), **moved(shared.clock.now(), **more)))
    if status == 409 and path.startswith("admissions"):
        assert (answer.status_code, answer.json()["fits"]) == (200, False)
    else:
        assert problem(answer, status, code)["detail"]
    assert shared.record() == before


@pytest.mark.parametrize(
    ("more", "code", "hint"),
    [
        ({"expires": "1999-01-01T00:00:00Z"}, "api.field.moment_range", "2199"),
        ({"expires": "9999-12-31T23:59:59Z"}, "api.field.moment_range", "2000"),
        ({"amount": rates("-1 Mbit/s", "0 bit/s")}, "api.field.pattern", "'10 Mbit/s'"),
        ({"amount": rates("10 Mbps", "0 bit/s")}, "api.field.pattern", "'10 Mbit/s'"),
        ({"offices": ["Dinas PU"]}, "api.field.pattern", "32"),
        ({"reason": " "}, "api.field.pattern", "teks"),
    ],
)
def test_a_field_that_is_wrong_says_what_to_write(shared: Real, more: dict[str, Any], code: str, hint: str) -> None:
    body = boost(shared.clock.now(), **moved(shared.clock.now(), **more))
    (told,) = shared.post("boosts", shared.token("engineer"), body, accept_language="id").json()["errors"]
    assert told["code"] == code
    assert hint in told["detail"]
    assert "[" not in told["detail"], "no regular expression"


def test_another_moment_out_of_range_is_told_so(shared: Real) -> None:
    answer = shared.get("allocations?at=1999-01-01T00:00:00Z", shared.token("viewer"))
    (told,) = problem(answer, 400, "api.invalid")["errors"]
    assert (told["in"], told["pointer"], told["code"]) == ("query", "/at", "api.field.moment_range")


def test_a_boost_longer_than_the_contract_is_refused(real: Real) -> None:
    real.clock.set(datetime(2027, 12, 20, tzinfo=UTC))
    engineer = real.token("engineer")
    before = real.record()
    answer = real.post("boosts", engineer, boost(real.clock.now(), expires="2028-01-02T00:00:00Z"))
    assert problem(answer, 422, "admission.boost_contract")["fields"]["end"] == "2027-12-31"
    assert real.record() == before
    midnight = "2028-01-01T00:00:00+09:00"
    assert real.post("boosts", engineer, boost(real.clock.now(), expires=midnight)).status_code == 201


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"recurrence": "FREQ=SECONDLY"}, 400, "window.too_often"),
        ({"recurrence": "FREQ=MINUTELY;COUNT=5"}, 400, "window.too_often"),
        ({"recurrence": "freq=hourly"}, 400, "window.too_often"),
        ({"recurrence": "FREQ=DAILY;BYSECOND=0,1,2,3"}, 422, "calendar.rule"),
        ({"recurrence": "FREQ=DAILY;BYHOUR=8,9"}, 422, "calendar.rule"),
        ({"recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, 422, "calendar.rule"),
        ({"recurrence": "FREQ=DAILY;INTERVAL=0"}, 422, "calendar.rule"),
        ({"recurrence": "FREQ=DAILY;COUNT=0"}, 422, "calendar.rule"),
        ({"recurrence": "FREQ=DAILY;COUNT=99999"}, 422, "calendar.rule"),
        ({"recurrence": "FREQ=DAILY;COUNT=3;UNTIL=20270101T000000"}, 422, "calendar.rule"),
        ({"recurrence": "FREQ=DAILY\nDTSTART:20200101T000000"}, 422, "calendar.rule"),
        ({"recurrence": "RRULE:FREQ=DAILY"}, 422, "calendar.rule"),
        ({"recurrence": "'; DROP TABLE booking; --"}, 422, "calendar.rule"),
        ({"recurrence": "{{7*7}}"}, 422, "calendar.rule"),
        ({"recurrence": ""}, 422, "calendar.rule"),
        ({"recurrence": "FREQ=DAILY;UNTIL=20200101T000000"}, 422, "admission.never"),
        ({"start": "2020-01-01T08:00", "end": "2020-01-01T09:00"}, 422, "admission.never"),
        ({"start": "2099-01-01T08:00", "end": "2099-01-01T09:00"}, 422, "admission.never"),
        ({"exdates": ["2026-08-19T08:00"]}, 422, "admission.never"),
        ({"start": "2027-02-29T08:00", "end": "2027-03-01T08:00"}, 400, "api.field.moment"),
        ({"rdates": ["2027-02-30T08:00"]}, 400, "api.field.moment"),
        ({"start": "2026-08-19T12:00", "end": "2026-08-19T08:00"}, 400, "window.ends_first"),
        ({"end": "2028-08-19T08:00"}, 400, "window.too_long"),
        ({"policy": {}}, 422, "admission.window_nothing"),
        ({"policy": {"offices": {"rsud": {}}}}, 422, "admission.window_nothing"),
        ({"policy": {"offices": {"pupr": {"share": 1}}}}, 422, "admission.no_such_office"),
        ({"policy": {"classes": {"core": {"share": 1}}}}, 422, "admission.no_such_class"),
        (
            {"policy": {"reserves": [{"application": "sipd", "uplink": "satellite", "rate": rates()}]}},
            422,
            "admission.no_such_application",
        ),
        (
            {"policy": {"reserves": [{"application": "oss", "uplink": "fibre", "rate": rates()}]}},
            422,
            "admission.no_such_uplink",
        ),
        ({"calendar": "ramadan"}, 422, "admission.no_such_calendar"),
    ],
)
@pytest.mark.parametrize("path", ["windows", "admissions/windows"])
def test_a_window_that_cannot_be_is_refused(shared: Real, path: str, more: dict[str, Any], status: int, code: str) -> None:
    engineer = shared.token("engineer")
    before = shared.record()
    answer = shared.post(path, engineer, window(**more))
    told = problem(answer, status, "api.invalid" if status == 400 else code)
    if status == 400:
        assert code in [each["code"] for each in told["errors"]]
    assert shared.record() == before


@pytest.mark.parametrize(
    "more",
    [
        {"recurrence": "FREQ=DAILY", "precedence": 300},
        {"start": "2028-02-29T08:00", "end": "2028-02-29T12:00", "recurrence": "FREQ=YEARLY;COUNT=3", "key": "leap"},
        {"start": "2026-08-31T08:00", "end": "2026-08-31T12:00", "recurrence": "FREQ=MONTHLY;BYMONTHDAY=31", "key": "last"},
    ],
)
def test_a_window_that_has_no_end_is_judged_in_bounded_time(real: Real, more: dict[str, Any]) -> None:
    engineer = real.token("engineer")
    answer = real.post("admissions/windows", engineer, window(**more))
    assert answer.status_code == 200
    assert answer.json()["fits"] or {each["code"] for each in answer.json()["shortfalls"]} == {"admission.contract"}


@pytest.mark.parametrize("text", KEPT)
def test_text_is_kept_as_it_is_and_never_interpreted(real: Real, lines: Callable[[], list[dict[str, Any]]], text: str) -> None:
    engineer, second = real.token("engineer"), real.token("approver")
    now, small = real.clock.now(), rates("8 kbit/s", "8 kbit/s")
    granted = real.post("boosts", engineer, boost(now, reason=text, amount=small)).json()
    assert granted["reason"] == text
    assert real.get(f"boosts/{granted['id']}", engineer).json()["reason"] == text
    for language in ("id", "en"):
        rows = real.get("allocations?office=dpmptsp", engineer, accept_language=language).json()["items"]
        assert {row["why"]["code"] for row in rows} == {"why.boost"}
        assert all(text in row["why"]["detail"] or "·" in row["why"]["detail"] for row in rows)
    waiting = real.post("boosts", engineer, emergency(now, reason=text, amount=small)).json()
    told = real.post(f"requests/{waiting['id']}/rejections", second, {"note": text}, if_match="*").json()
    assert (told["reason"], told["approvals"][0]["note"]) == (text, text)
    name = text[:200]
    made = real.post("windows", engineer, window(name=name, reason=text)).json()
    assert (made["name"], made["booking"]["reason"]) == (name, text)
    plan = real.post("plans", engineer, {"reason": text}).json()
    assert real.get(f"plans/{plan['id']}", engineer).json()["reason"] == text
    kept = [dict(each["detail"]) for each in real.get("audit?limit=200", second).json()["items"]]
    assert [each["reason"] for each in kept if "reason" in each] == [text] * 5
    assert [each["note"] for each in kept if "note" in each] == [text]
    assert len(real.record()["booking"]) == 4
    assert all(text not in json.dumps(line, ensure_ascii=False) or len(text) < 3 for line in lines()), "no body is logged"


@pytest.mark.parametrize("text", [each for each in KEPT if each.isascii() and len(each) <= 100])
def test_a_tokens_name_is_only_a_name(real: Real, text: str) -> None:
    owner = real.token("operator", regency="*")
    made = real.post("/v1/tokens", owner, {"name": text, "grants": {HERE: ["viewer"]}}).json()
    assert made["name"] == text
    assert [each["name"] for each in real.get("/v1/tokens", owner).json()["items"]] == [text, "test"]
    assert real.get(AT, made["secret"]).status_code == 200


@pytest.mark.parametrize("text", edges.HOSTILE)
def test_names_in_addresses_are_only_names(shared: Real, text: str) -> None:
    token = shared.token(*Role, regency="*")
    before = shared.record()
    for path, methods in DOCUMENT["paths"].items():
        if "{" not in path:
            continue
        for method in methods:
            address = "/".join(quote(text, safe="") if part.startswith("{") else part for part in path.split("/"))
            answer = shared.ask(method.upper(), address, token, if_match="*")
            assert answer.status_code in (400, 404), (method, path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
    assert shared.record() == before


def test_who_agrees_to_what_they_asked_for_stands_in_the_log(real: Real) -> None:
    both, second = real.token("engineer", "approver"), real.token("approver")
    made = real.post("boosts", both, emergency(real.clock.now())).json()
    before = real.record()
    problem(real.post(f"requests/{made['id']}/approvals", both, {}, if_match="*"), 403, "booking.own_request")
    after = real.record()
    assert {name for name in after if after[name] != before[name]} == {"audit"}
    entry = real.serving.ledger.entries()[-1].event
    assert (entry.actor, entry.action, entry.subject) == (made["requested_by"], "approval.refused", made["id"])
    assert real.get("/v1/audit/verification", real.token("approver", regency="*")).status_code == 200
    assert real.get(f"boosts/{made['id']}", second).json()["state"] == "pending"


@pytest.mark.parametrize(("method", "path"), BODIES, ids=lambda each: each)
def test_a_key_stands_for_one_body(real: Real, method: str, path: str) -> None:
    """Where something is kept under a key; judging keeps nothing, so there is nothing that another body could be taken for."""
    token, second = real.token(*Role, regency="*"), real.token(*Role, regency="*")
    waiting = real.post("boosts", second, emergency(real.clock.now())).json()["id"]
    body = edges.resolved(
        DOCUMENT, DOCUMENT["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    )
    first = body["examples"][0]
    if "subscriptions" in path:
        first = {"url": "https://93.184.215.14/hook"}
    address = path.replace("{regency}", HERE).replace("{id}", waiting)
    other = {**first, **({"reason": "other"} if "reason" in first else {"note": "other"} if "note" in first else {})}
    other = other if other != first else {**first, "name": "other"} if "name" in first else {**first, "kinds": ["boost.granted"]}
    answer = real.ask(method, address, token, first, if_match="*", idempotency_key="k")
    assert answer.status_code < 300, answer.text
    before = real.record()
    again = real.ask(method, address, token, other, if_match="*", idempotency_key="k")
    if before["answer"] and any("k" in row for row in before["answer"]):
        problem(again, 422, "api.key_reused")
    assert real.record() == before
