"""What cannot be read is told place by place, with 400; nothing of it reaches a route."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.errors import UsageError
from network.messages import CATALOGUE
from qos_api.strict import canonical, loads
from tests.doors.conftest import Opened
from tests.doors.desk import HERE
from tests.doors.test_problems import problem

THINGS = f"/v1/regencies/{HERE}/things"
GOOD: dict[str, Any] = {"office": "rsud", "amount": 5}


def send(api: Opened, body: bytes, kind: str = "application/json") -> httpx.Response:
    headers = {"Authorization": f"Bearer {api.desk.token('engineer')}", "Idempotency-Key": "k", "Content-Type": kind}
    return api.client.post(THINGS, content=body, headers=headers)


def wrong(api: Opened, body: Any) -> dict[str, str]:
    answer = api.ask("POST", THINGS, api.desk.token("engineer"), json=body, Idempotency_Key="k")
    told = problem(answer, 400, "api.invalid")
    assert api.desk.made == []
    assert told["fields"]["count"] == len(told["errors"])
    assert {each["in"] for each in told["errors"]} == {"body"}
    return {each["pointer"]: each["code"] for each in told["errors"]}


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/office", "api.field.missing"),
        ({**GOOD, "ofice": 1}, "/ofice", "api.field.unknown"),
        ({**GOOD, "nested": {"flgs": []}}, "/nested/flgs", "api.field.unknown"),
        ({**GOOD, "nested": {"flags": ["perhaps"]}}, "/nested/flags/0", "api.field.boolean"),
        ({**GOOD, "nested": {"flags": [True] * 4}}, "/nested/flags", "api.field.long"),
        ({**GOOD, "nested": []}, "/nested", "api.field.object"),
        ({**GOOD, "office": 7}, "/office", "api.field.text"),
        ({**GOOD, "office": ""}, "/office", "api.field.short"),
        ({**GOOD, "office": "x" * 33}, "/office", "api.field.long"),
        ({**GOOD, "office": "'; DROP TABLE bookings; --"}, "/office", "api.field.pattern"),
        ({**GOOD, "amount": "many"}, "/amount", "api.field.integer"),
        ({**GOOD, "amount": 1.5}, "/amount", "api.field.integer"),
        ({**GOOD, "amount": 0}, "/amount", "api.field.small"),
        ({**GOOD, "amount": 2**62}, "/amount", "api.field.large"),
        ({**GOOD, "starts": "2027-01-01T00:00:00"}, "/starts", "api.field.moment"),
        ({**GOOD, "starts": "29 February"}, "/starts", "api.field.moment"),
        ({**GOOD, "starts": "2027-02-29T00:00:00Z"}, "/starts", "api.field.moment"),
        ([], "", "api.field.object"),
        ("text", "", "api.field.object"),
    ],
)
def test_a_field_that_is_wrong_is_named(api: Opened, body: Any, pointer: str, code: str) -> None:
    assert wrong(api, body).get(pointer) == code


def test_null_is_no_body(api: Opened) -> None:
    told = problem(send(api, b"null"), 400, "api.invalid")
    assert [(each["pointer"], each["code"]) for each in told["errors"]] == [("", "api.field.object")]


def test_a_pointer_is_escaped_and_a_value_is_not_echoed(api: Opened) -> None:
    answer = api.ask("POST", THINGS, api.desk.token("engineer"), json={**GOOD, "a/b~c": "hush" * 5000}, Idempotency_Key="k")
    told = problem(answer, 400, "api.invalid")
    assert told["errors"][0]["pointer"] == "/a~1b~0c"
    assert "hush" not in answer.text


def test_a_body_that_is_wrong_everywhere_is_told_in_short(api: Opened) -> None:
    answer = api.ask("POST", THINGS, api.desk.token("engineer"), json={f"n{i}": i for i in range(5000)}, Idempotency_Key="k")
    told = problem(answer, 400, "api.invalid")
    assert len(told["errors"]) == 50
    assert told["fields"]["count"] > 5000
    assert len(answer.content) < 20_000


def test_errors_are_told_in_both_languages(api: Opened) -> None:
    token = api.desk.token("engineer")
    answers = [
        api.ask("POST", THINGS, token, json={"office": "rsud"}, Idempotency_Key="k", Accept_Language=each).json()
        for each in ("id", "en")
    ]
    details = [each["errors"][0]["detail"] for each in answers]
    assert details == [CATALOGUE["api.field.missing"].id, CATALOGUE["api.field.missing"].en]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "api.no_body"),
        (b"  \n", "api.no_body"),
        (b"{", "api.not_json"),
        (b"{'office': 1}", "api.not_json"),
        (b'{"office": "rsud"} {}', "api.not_json"),
        (b"\xff\xfe", "api.not_json"),
        (b'{"amount": NaN}', "api.json_number"),
        (b'{"amount": -Infinity}', "api.json_number"),
        (b'{"amount": 1e999}', "api.json_number"),
        (b'{"amount": ' + b"9" * 5000 + b"}", "api.json_number"),
        (b'{"amount": 9223372036854775808}', "api.json_number"),
        (b'{"amount": 1, "amount": 2}', "api.json_twice"),
        (b'{"office": "a\\u0000b"}', "api.json_text"),
        (b'{"a\\u0000b": 1}', "api.json_text"),
        (b'{"office": "\\ud800"}', "api.json_text"),
        (b"[" * 60_000, "api.json_deep"),
        (b"[" * 200 + b"]" * 200, "api.json_deep"),
    ],
)
def test_json_is_read_strictly(api: Opened, body: bytes, code: str) -> None:
    problem(send(api, body), 400, code)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", ""]
)
def test_a_body_of_another_kind_is_not_read(api: Opened, kind: str) -> None:
    answer = send(api, b'{"office": "rsud", "amount": 1}', kind)
    problem(answer, 415, "api.content_type")
    assert answer.headers["accept-post"] == "application/json"


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/merge-patch+json", "APPLICATION/JSON"])
def test_json_by_any_of_its_names_is(api: Opened, kind: str) -> None:
    assert send(api, b'{"office": "rsud", "amount": 1}', kind).status_code == 201


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("limt=5", "/limt", "api.field.unknown"),
        ("limit=5&limit=6", "/limit", "api.field.twice"),
        ("limit=0", "/limit", "api.field.small"),
        ("limit=201", "/limit", "api.field.large"),
        ("limit=ten", "/limit", "api.field.integer"),
        ("limit=" + "9" * 5000, "/limit", "api.field.integer"),
        ("", "", ""),
    ],
)
def test_a_parameter_that_is_wrong_is_named(api: Opened, query: str, pointer: str, code: str) -> None:
    answer = api.get(f"{THINGS}?{query}", api.desk.token("viewer"))
    if not code:
        assert answer.status_code == 200
        return
    first = problem(answer, 400, "api.invalid")["errors"][0]
    assert (first["in"], first["pointer"], first["code"]) == ("query", pointer, code)


@pytest.mark.parametrize("path", [THINGS + "/a%00b", THINGS + "?limit=%00", THINGS + "/a%0d%0aSet-Cookie:x", "/%1f"])
def test_an_address_with_control_characters_is_refused(api: Opened, path: str) -> None:
    problem(api.get(path, api.desk.token("viewer")), 400, "api.address")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON)
@settings(max_examples=200)
def test_what_json_is_comes_back_the_same(value: Any) -> None:
    assert canonical(loads(canonical(value))) == canonical(value)


@given(st.binary(max_size=200))
@settings(max_examples=500)
def test_no_bytes_are_more_than_a_refusal(written: bytes) -> None:
    with suppress(UsageError):
        assert loads(canonical(loads(written))) == loads(written)
