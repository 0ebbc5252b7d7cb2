"""Requests that are sent again, changes of what was changed meanwhile, and long lists page by page."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import httpx
import pytest

from network.errors import UsageError
from qos_api.etags import Match, tag
from qos_api.paging import cursor, position
from qos_api.problems import DoorError
from tests.doors.conftest import Opened
from tests.doors.desk import ELSEWHERE, HERE
from tests.doors.test_problems import problem

THINGS: Final = f"/v1/regencies/{HERE}/things"
GOOD: Final[dict[str, Any]] = {"office": "rsud", "amount": 5}


def make(api: Opened, token: str, key: str | None = "k", body: object = GOOD, path: str = THINGS) -> httpx.Response:
    headers = {} if key is None else {"Idempotency_Key": key}
    return api.ask("POST", path, token, json=body, **headers)


# ---- Idempotency-Key


def test_a_repeated_request_is_carried_out_once_and_answered_alike(api: Opened) -> None:
    token = api.desk.token("engineer")
    first, second = make(api, token), make(api, token)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.headers["etag"] == second.headers["etag"] == '"thing-0.1"'
    assert first.headers["location"] == second.headers["location"]
    assert ("idempotency-replayed" in first.headers, second.headers["idempotency-replayed"]) == (False, "true")
    assert len(api.desk.made) == 1


def test_the_same_body_written_otherwise_is_the_same(api: Opened) -> None:
    token = api.desk.token("engineer")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k", "Content-Type": "application/json"}
    bodies = [b'{"office":"rsud","amount":5}', b' {"amount": 5,\n "office": "\\u0072sud"} ']
    assert [api.client.post(THINGS, content=each, headers=headers).status_code for each in bodies] == [201, 201]
    assert len(api.desk.made) == 1


def test_a_key_stands_for_one_request(api: Opened) -> None:
    token = api.desk.token("engineer", regency="*")
    assert make(api, token).status_code == 201
    problem(make(api, token, body={**GOOD, "amount": 6}), 422, "api.key_reused")
    problem(make(api, token, path=f"/v1/regencies/{ELSEWHERE}/things"), 422, "api.key_reused")
    assert len(api.desk.made) == 1


def test_a_key_is_its_callers_own(api: Opened) -> None:
    assert make(api, api.desk.token("engineer")).json() != make(api, api.desk.token("engineer")).json()


def test_many_at_once_are_carried_out_once(api: Opened) -> None:
    token = api.desk.token("engineer")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: make(api, token), range(24)))
    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert len(api.desk.made) == 1


def test_without_a_key_nothing_is_changed(api: Opened) -> None:
    problem(make(api, api.desk.token("engineer"), key=None), 400, "api.key_missing")
    assert api.desk.made == []


@pytest.mark.parametrize("key", ["x" * 129, "with space", "tab\tin", ""])
def test_a_key_that_cannot_be_is_refused(api: Opened, key: str) -> None:
    problem(make(api, api.desk.token("engineer"), key=key), 400, "api.key_bad")


def test_a_key_that_is_no_ascii_is_refused(api: Opened) -> None:
    headers = [("Authorization", f"Bearer {api.desk.token('engineer')}"), (b"Idempotency-Key", "ключ".encode())]
    problem(api.client.post(THINGS, json=GOOD, headers=headers), 400, "api.key_bad")  # type: ignore[arg-type]


def test_two_keys_are_refused(api: Opened) -> None:
    headers = [("Authorization", f"Bearer {api.desk.token('engineer')}"), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    problem(api.client.post(THINGS, json=GOOD, headers=headers), 400, "api.key_bad")


@pytest.mark.parametrize("key", ["!", "~" * 128, "'; DROP TABLE answers; --".replace(" ", "_"), "{{7*7}}"])
def test_a_key_is_text_and_no_more(api: Opened, key: str) -> None:
    assert make(api, api.desk.token("engineer"), key=key).status_code == 201


# ---- ETag, If-Match, If-None-Match


def drop(api: Opened, given: str | None) -> httpx.Response:
    headers = {} if given is None else {"If_Match": given}
    return api.ask("DELETE", f"{THINGS}/thing-1", api.desk.token("approver"), **headers)


@pytest.mark.parametrize("given", ['"thing-1.3"', '"other.1", "thing-1.3"', "*"])
def test_a_change_of_what_was_read_last_is_made(api: Opened, given: str) -> None:
    assert drop(api, given).status_code == 204


def test_a_change_must_say_what_was_read_last(api: Opened) -> None:
    problem(drop(api, None), 428, "api.match_missing")
    problem(drop(api, ""), 428, "api.match_missing")


@pytest.mark.parametrize("given", ['"thing-1.2"', '"thing-1.4"'])
def test_a_change_of_an_older_revision_fails(api: Opened, given: str) -> None:
    problem(drop(api, given), 412, "booking.changed")


@pytest.mark.parametrize("given", ['"thing-2.3"', 'W/"thing-1.3"', '"thing-1"', '"thing-1.x"', '"thing-1.99999999999"', '""'])
def test_a_change_of_something_else_fails(api: Opened, given: str) -> None:
    problem(drop(api, given), 412, "api.match_stale")


@pytest.mark.parametrize(
    "given", ["thing-1.3", '"thing-1.3', '"a" "b"', "*, *", '"thing-1.3",', "'thing-1.3'", '"' + "x" * 3000 + '"']
)
def test_what_is_no_entity_tag_is_refused(api: Opened, given: str) -> None:
    problem(drop(api, given), 400, "api.match_bad")


def test_a_tag_is_read_back_as_it_was_made() -> None:
    own = tag("boost-20270101-abc.def", 12)
    assert Match((own.strip('"'),)).revision("boost-20270101-abc.def") == 12
    assert Match(None).revision("anything") is None
    odd = 'ключ "7"/.'
    assert Match((tag(odd, 1).strip('"'),)).revision(odd) == 1
    assert tag(odd, 1).isascii()
    with pytest.raises(DoorError):
        Match(("boost.1",)).revision("other")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ('"thing-1.3"', 304),
        ('W/"thing-1.3"', 304),
        ('"a", "thing-1.3"', 304),
        ("*", 304),
        ('"thing-1.2"', 200),
        ("x" * 3000, 200),
    ],
)
def test_a_reader_who_has_it_is_not_given_it_again(api: Opened, given: str, status: int) -> None:
    answer = api.get(f"{THINGS}/thing-1", api.desk.token("viewer"), If_None_Match=given)
    assert (answer.status_code, answer.headers["etag"]) == (status, '"thing-1.3"')
    assert bool(answer.content) is (status == 200)


# ---- pages


def test_a_list_is_read_page_by_page_to_its_end(api: Opened) -> None:
    token = api.desk.token("viewer")
    path: str | None = f"{THINGS}?limit=50"
    seen: list[int] = []
    pages = 0
    while path:
        answer = api.get(path, token)
        told = answer.json()
        seen += told["items"]
        pages += 1
        assert answer.headers.get("link") == (f'<{told["next"]}>; rel="next"' if told["next"] else None)
        assert told["next"] is None or "limit=50" in told["next"]
        path = told["next"]
    assert (seen, pages) == (list(range(120)), 3)


def test_a_page_has_fifty_unless_asked_otherwise(api: Opened) -> None:
    token = api.desk.token("viewer")
    assert [len(api.get(f"{THINGS}{query}", token).json()["items"]) for query in ("", "?limit=1", "?limit=200")] == [50, 1, 120]


def encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "written",
    [
        "x",
        "%%%",
        "bm90LWpzb24",
        encoded({}),
        encoded([]),
        encoded([THINGS]),
        encoded([THINGS, 7]),
        encoded([THINGS, ""]),
        encoded([THINGS, "a\x00b"]),
        encoded([THINGS, "x" * 300]),
        encoded([THINGS, "not-a-number"]),
        encoded([THINGS, "-1"]),
        encoded([THINGS, "9" * 30]),
        encoded(["/v1/regencies/bontang/things", "7"]),
        "A" * 601,
        "é",
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(api: Opened, written: str) -> None:
    answer = api.client.get(THINGS, params={"cursor": written}, headers={"Authorization": f"Bearer {api.desk.token('viewer')}"})
    assert answer.status_code == 400
    assert answer.json()["code"] in ("api.cursor", "api.invalid")


def test_a_cursor_is_of_one_list() -> None:
    assert position("/a", cursor("/a", "boost-1")) == "boost-1"
    with pytest.raises(UsageError):
        position("/b", cursor("/a", "boost-1"))
