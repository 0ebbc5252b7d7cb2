"""Who may do what: every route against every kind of caller, and every way in which a token does not hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
from fastapi import APIRouter, FastAPI

from network.core.access import Caller, Right, Role
from network.errors import LedgerError, UsageError
from network.services import tokens
from qos_api.app import create_app
from qos_api.desk import Options
from qos_api.security import Guarded, require, router
from tests.doors import walk
from tests.doors.conftest import Open, Opened
from tests.doors.desk import ELSEWHERE, HERE, NOWHERE, Desk, service, things
from tests.doors.issuer import AUDIENCE, LocalIssuer
from tests.doors.test_problems import problem
from tests.doors.walk import Needed

THINGS: Final = "/v1/regencies/{regency}/things"
MINE: Final = f"/v1/regencies/{HERE}/things"

TABLE: Final = {
    ("GET", "/healthz"): Needed(walk.OPEN),
    ("GET", "/readyz"): Needed(walk.OPEN),
    ("GET", "/v1/openapi.json"): Needed(walk.OPEN),
    ("GET", "/metrics"): Needed("read", everywhere=True),
    ("GET", "/v1/regencies"): Needed(walk.KNOWN, everywhere=True),
    ("GET", "/v1/tokens"): Needed("administer", everywhere=True),
    ("GET", THINGS): Needed("read"),
    ("POST", THINGS): Needed("request"),
    ("GET", THINGS + "/{id}"): Needed("read"),
    ("DELETE", THINGS + "/{id}"): Needed("approve"),
    ("GET", THINGS + "/{id}/trouble"): Needed("read"),
}


def app_of(desk: Desk) -> FastAPI:
    return create_app(desk, Options(), (things(), service()))


def test_the_table_has_every_route_and_what_it_takes(desk: Desk) -> None:
    assert walk.routes(app_of(desk)) == TABLE


def test_every_route_for_every_role(api: Opened) -> None:
    api.desk.fails = UsageError("api.malformed")
    held = {role: {True: api.desk.token(role, regency="*"), False: api.desk.token(role)} for role in Role}
    refused = []
    for case in walk.cases(TABLE, HERE):
        answer = api.ask(case.method, case.path, held[case.role][case.everywhere])
        known = answer.status_code not in (401, 403) and not (answer.status_code == 404 and "no_regency" in answer.text)
        if answer.status_code != case.status and not (case.status is None and known):
            refused.append((case, answer.status_code))
    assert refused == []


def test_every_guarded_route_refuses_whoever_is_not_known(opened: Open, issuer: LocalIssuer) -> None:
    from qos_api.desk import Issuer

    api = opened(issuer=Issuer(url=issuer.url, audience=AUDIENCE))
    now = api.desk.clock.now()
    token, revoked = api.desk.minted("operator", regency="*")
    api.desk.tokens.revoke(token.id, now)
    expired = api.desk.token("operator", regency="*", seconds=1)
    callers = {
        "anonymous": None,
        "revoked": revoked,
        "expired": expired,
        "forged": f"lajur_{token.id}_{'A' * 43}",
        "foreign": issuer.token(now, kind="foreign", roles=["*:operator"]),
        "unsigned": issuer.token(now, roles=["*:operator"]).rpartition(".")[0] + ".",
    }
    api.desk.clock.advance(2)
    let_in = [
        (who, method, path)
        for (method, path), needed in TABLE.items()
        for who, bearer in callers.items()
        if needed.what != walk.OPEN and api.ask(method, walk.filled(path, HERE), bearer).status_code != 401
    ]
    assert let_in == []


def test_another_regency_and_one_that_does_not_exist_look_alike(api: Opened) -> None:
    token = api.desk.token("operator")
    for method, path in (each for each, needed in TABLE.items() if "{regency}" in each[1]):
        answers = [api.ask(method, walk.filled(path, where), token) for where in (ELSEWHERE, NOWHERE)]
        told = [problem(answer, 404, "api.no_regency") for answer in answers]
        for each, where in zip(told, (ELSEWHERE, NOWHERE), strict=True):
            assert each["detail"].replace(where, "") == told[0]["detail"].replace(ELSEWHERE, "")


def test_a_role_everywhere_opens_no_regency_that_is_not_there(api: Opened) -> None:
    problem(api.get(f"/v1/regencies/{NOWHERE}/things", api.desk.token("operator", regency="*")), 404, "api.no_regency")


def test_a_refusal_says_which_roles_would_do(api: Opened) -> None:
    told = problem(api.ask("DELETE", f"{MINE}/a", api.desk.token("engineer")), 403, "api.not_allowed")
    assert (told["fields"]["right"], told["fields"]["roles"]) == ("approve", "approver")


def test_who_is_known_without_any_grant_sees_nothing(api: Opened) -> None:
    token = api.desk.token("viewer", regency="elsewhere")
    assert api.get("/v1/regencies", token).json() == []
    problem(api.get(MINE, token), 404, "api.no_regency")


def test_who_asks_is_judged_before_what_they_ask(api: Opened) -> None:
    assert api.client.post(MINE, content=b"{", headers={"Content-Type": "application/json"}).status_code == 401
    assert api.get(f"{MINE}?limt=1").status_code == 401
    assert api.ask("POST", MINE, api.desk.token("viewer"), json={}).status_code == 403


@pytest.mark.parametrize(
    "written",
    ["", "Bearer", "Basic bGFqdXI6bGFqdXI=", "lajur_x_y", "Bearer a b", "Bearer \x80", "Bearer " + "x" * 9000],
)
def test_what_is_no_bearer_token_is_refused(api: Opened, written: str) -> None:
    answer = api.client.get(MINE, headers=[(b"Authorization", written.encode("latin-1"))])
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Bearer realm="lajur"')


def test_two_authorizations_are_none(api: Opened) -> None:
    good = f"Bearer {api.desk.token('viewer')}"
    answer = api.client.get(MINE, headers=[("Authorization", good), ("Authorization", good)])
    problem(answer, 401, "api.no_token")


def test_a_token_holds_until_it_ends(api: Opened) -> None:
    token = api.desk.token("viewer", seconds=60)
    assert api.get(MINE, token).status_code == 200
    api.desk.clock.advance(60)
    problem(api.get(MINE, token), 401, "api.token_expired")


def test_a_revoked_token_ends_within_a_second(api: Opened) -> None:
    token, text = api.desk.minted("viewer")
    assert api.get(MINE, text).status_code == 200
    api.desk.tokens.revoke(token.id, api.desk.clock.now())
    api.desk.clock.advance(1)
    problem(api.get(MINE, text), 401, "api.bad_token")


def test_a_token_is_not_read_for_every_request(api: Opened) -> None:
    token = api.desk.token("viewer")
    for _ in range(20):
        assert api.get(MINE, token).status_code == 200
    assert api.desk.tokens.asked < 10


def test_a_wrong_secret_never_comes_in_by_a_token_that_is_remembered(api: Opened) -> None:
    token, text = api.desk.minted("viewer")
    assert api.get(MINE, text).status_code == 200
    problem(api.get(MINE, f"lajur_{token.id}_{'B' * 43}"), 401, "api.bad_token")


def test_a_record_that_is_away_is_no_reason_to_let_anybody_in(api: Opened) -> None:
    api.desk.tokens.error = LedgerError("ledger.busy", ledger="x", reason="y")
    problem(api.get(MINE, api.desk.token("viewer")), 503, "ledger.busy")


def test_a_route_without_a_right_cannot_be_made() -> None:
    made = router("/v1/regencies/{regency}/careless", tag="careless")
    with pytest.raises(TypeError, match="names the one right"):
        made.get("")(lambda: "hello")


def test_a_route_with_two_rights_cannot_be_made() -> None:
    made = router("/v1/regencies/{regency}/careless", tag="careless")
    with pytest.raises(TypeError, match="names the one right"):
        made.get("", dependencies=[require(Right.READ), require(Right.APPLY)])(lambda: "hello")


def test_a_right_in_a_regency_needs_one_in_the_path() -> None:
    with pytest.raises(TypeError, match="everywhere"):
        router("/v1/careless", tag="careless").get("", dependencies=[require(Right.READ)])(lambda: "hello")


def test_an_app_with_a_route_for_everybody_cannot_be_made(desk: Desk) -> None:
    plain = APIRouter()
    plain.get("/v1/leak")(lambda: "hello")
    with pytest.raises(TypeError, match="/v1/leak"):
        create_app(desk, Options(), (plain,))
    assert not issubclass(plain.route_class, Guarded)


# ---- tokens of ours


def test_a_token_is_shown_once_and_kept_as_a_digest(desk: Desk) -> None:
    token, text = desk.minted("viewer", "engineer")
    shown = tokens.parse(text)
    assert shown is not None
    assert tokens.is_of(token, shown)
    assert shown.secret not in repr(token)
    assert shown.secret not in repr(shown)
    assert len(shown.secret) == 43, "256 bits"
    assert tokens.caller(token) == Caller(name=f"token:{token.id}", grants={HERE: frozenset({Role.VIEWER, Role.ENGINEER})})
    assert tokens.mint("b", {HERE: ("viewer",)}, actor="a", now=token.created, expires=token.expires)[1] != text


@pytest.mark.parametrize(
    "text", ["", "lajur", "lajur__", "lajur_1_2", "lajur_0123456789abcdef_short", "LAJUR_0123456789abcdef_" + "A" * 43]
)
def test_what_has_not_the_form_is_no_token(text: str) -> None:
    assert tokens.parse(text) is None


@pytest.mark.parametrize(
    ("name", "grants", "days", "code"),
    [
        ("", {HERE: ("viewer",)}, 1, "token.name"),
        ("x" * 101, {HERE: ("viewer",)}, 1, "token.name"),
        ("a\nb", {HERE: ("viewer",)}, 1, "token.name"),
        ("a", {HERE: ("king",)}, 1, "token.grants"),
        ("a", {HERE: ()}, 1, "token.grants"),
        ("a", {}, 1, "token.grants"),
        ("a", {HERE: ("viewer",)}, 0, "token.expires"),
        ("a", {HERE: ("viewer",)}, -1, "token.expires"),
        ("a", {HERE: ("viewer",)}, 367, "token.expires"),
    ],
)
def test_a_token_that_cannot_be_is_not_made(
    desk: Desk, name: str, grants: dict[str, tuple[str, ...]], days: int, code: str
) -> None:
    now = desk.clock.now()
    with pytest.raises(UsageError) as refusal:
        tokens.mint(name, grants, actor="a", now=now, expires=now + timedelta(days=days))
    assert refusal.value.code == code


def test_the_caller_is_given_to_the_route(api: Opened) -> None:
    token, text = api.desk.minted("engineer")
    answer = api.ask("POST", MINE, text, json={"office": "rsud", "amount": 1}, Idempotency_Key="k")
    assert answer.status_code == 201
    assert api.desk.made == [f"token:{token.id}: rsud"]
