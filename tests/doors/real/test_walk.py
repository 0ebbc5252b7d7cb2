"""Every route of the service against every kind of caller. A route that is added needs a line here, which says its right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import FastAPI

from network.core.access import RIGHTS, Right, Role
from qos_api.app import create_app
from qos_api.committed import FILE, Nobody, written
from qos_api.desk import Issuer, Options
from qos_api.routes import ROUTERS
from tests.doors import walk
from tests.doors.issuer import AUDIENCE, LocalIssuer
from tests.doors.real.conftest import OpenReal
from tests.doors.real.service import ELSEWHERE, HERE, NOWHERE, Real, emergency
from tests.doors.test_problems import problem
from tests.doors.walk import Needed

AT: Final = "/v1/regencies/{regency}"

TABLE: Final = {
    ("GET", "/healthz"): Needed(walk.OPEN),
    ("GET", "/readyz"): Needed(walk.OPEN),
    ("GET", "/v1/openapi.json"): Needed(walk.OPEN),
    ("GET", "/metrics"): Needed("read", everywhere=True),
    ("GET", "/v1/audit/export"): Needed("audit", everywhere=True),
    ("GET", "/v1/audit/verification"): Needed("audit", everywhere=True),
    ("GET", "/v1/tokens"): Needed("administer", everywhere=True),
    ("POST", "/v1/tokens"): Needed("administer", everywhere=True),
    ("DELETE", "/v1/tokens/{id}"): Needed("administer", everywhere=True),
    ("GET", "/v1/regencies"): Needed(walk.KNOWN, everywhere=True),
    ("GET", AT): Needed("read"),
    ("GET", f"{AT}/uplinks"): Needed("read"),
    ("GET", f"{AT}/offices"): Needed("read"),
    ("GET", f"{AT}/offices/{{office}}"): Needed("read"),
    ("GET", f"{AT}/allocations"): Needed("read"),
    ("POST", f"{AT}/admissions/boosts"): Needed("request"),
    ("POST", f"{AT}/admissions/windows"): Needed("request"),
    ("POST", f"{AT}/what-if"): Needed("read"),
    ("GET", f"{AT}/windows"): Needed("read"),
    ("POST", f"{AT}/windows"): Needed("request"),
    ("GET", f"{AT}/windows/{{key}}"): Needed("read"),
    ("DELETE", f"{AT}/windows/requests/{{id}}"): Needed("request"),
    ("GET", f"{AT}/boosts"): Needed("read"),
    ("POST", f"{AT}/boosts"): Needed("request"),
    ("GET", f"{AT}/boosts/{{id}}"): Needed("read"),
    ("DELETE", f"{AT}/boosts/{{id}}"): Needed("request"),
    ("GET", f"{AT}/requests"): Needed("read"),
    ("GET", f"{AT}/requests/{{id}}"): Needed("read"),
    ("POST", f"{AT}/requests/{{id}}/approvals"): Needed("approve"),
    ("POST", f"{AT}/requests/{{id}}/rejections"): Needed("approve"),
    ("GET", f"{AT}/plans"): Needed("read"),
    ("POST", f"{AT}/plans"): Needed("request"),
    ("GET", f"{AT}/plans/{{id}}"): Needed("read"),
    ("POST", f"{AT}/plans/{{id}}/runs"): Needed("apply"),
    ("GET", f"{AT}/runs"): Needed("read"),
    ("GET", f"{AT}/runs/{{run}}"): Needed("read"),
    ("GET", f"{AT}/runs/{{run}}/events"): Needed("read"),
    ("GET", f"{AT}/shifts"): Needed("read"),
    ("POST", f"{AT}/shifts"): Needed("shift"),
    ("GET", f"{AT}/reports"): Needed("read"),
    ("GET", f"{AT}/reports/{{purpose}}/{{window}}/{{start}}"): Needed("read"),
    ("GET", f"{AT}/audit"): Needed("audit"),
    ("GET", f"{AT}/subscriptions"): Needed("administer"),
    ("POST", f"{AT}/subscriptions"): Needed("administer"),
    ("DELETE", f"{AT}/subscriptions/{{id}}"): Needed("administer"),
}

MAY: Final = {
    "read": "viewer engineer approver operator scheduler",
    "request": "engineer operator scheduler",
    "approve": "approver",
    "apply": "operator",
    "shift": "operator scheduler",
    "audit": "approver operator",
    "administer": "operator",
}


def app() -> FastAPI:
    return create_app(Nobody(), Options(), ROUTERS)


def guarded(where: str = HERE) -> Iterator[tuple[str, str, Needed]]:
    """Every route that is not for everybody: method, an address of it, what it takes."""
    for (method, path), needed in TABLE.items():
        if needed.what != walk.OPEN:
            yield method, walk.filled(path, where), needed


def test_the_table_has_every_route_and_what_it_takes() -> None:
    assert walk.routes(app()) == TABLE


def test_the_rights_of_the_roles_are_these() -> None:
    held = {right.value: " ".join(role.value for role in Role if right in RIGHTS[role]) for right in Right}
    assert held == MAY


def test_every_route_for_every_role(real: Real) -> None:
    """None of them has what it would need to do something: who may is told so (400, 404), who may not is not."""
    held = {(role, everywhere): real.token(role, regency="*" if everywhere else HERE) for role in Role for everywhere in (0, 1)}
    before = real.record()
    wrong: list[Any] = []
    cases = list(walk.cases(TABLE, HERE))
    for case in cases:
        answer = real.ask(case.method, case.path, held[case.role, case.everywhere], idempotency_key="")
        known = answer.status_code not in (401, 403) and "no_regency" not in answer.text
        if answer.status_code != case.status and not (case.status is None and known):
            wrong.append((case, answer.status_code))
    assert wrong == []
    assert len(cases) == 2 * len(Role) * len(list(guarded()))
    assert real.record() == before, "whoever was let through had no body, no key and no revision"


def test_no_route_says_that_another_regency_is_there(real: Real) -> None:
    tokens = {role: real.token(role) for role in Role}
    for method, path, needed in guarded(ELSEWHERE):
        if not needed.everywhere:
            for role, token in tokens.items():
                answers = [real.ask(method, path.replace(ELSEWHERE, where), token) for where in (ELSEWHERE, NOWHERE)]
                told = [problem(answer, 404, "api.no_regency")["detail"] for answer in answers]
                assert told[0].replace(ELSEWHERE, "") == told[1].replace(NOWHERE, ""), (role, path)


def test_every_route_refuses_whoever_is_not_known(opened_real: OpenReal, issuer: LocalIssuer) -> None:
    real = opened_real(issuer=Issuer(url=issuer.url, audience=AUDIENCE))
    now, everything = real.clock.now(), [f"*:{role}" for role in Role]
    token, revoked = real.minted(*Role, regency="*")
    real.serving.ledger.tokens.revoke(token.id, now)
    signed = issuer.token(now, roles=everything)
    head, body, signature = signed.split(".")
    callers = {
        "nobody": None,
        "revoked": revoked,
        "expired": real.minted(*Role, regency="*", lasts=timedelta(minutes=1))[1],
        "forged": f"lajur_{token.id}_{'A' * 43}",
        "foreign": issuer.token(now, kind="foreign", roles=everything),
        "for somebody else": issuer.token(now, roles=everything, aud="https://elsewhere.example"),
        "of another issuer": issuer.token(now, roles=everything, iss="https://elsewhere.example"),
        "over": issuer.token(now, roles=everything, exp=int(now.timestamp()) - 60),
        "unsigned": f"{head}.{body}.",
        "alg none": f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIiwia2lkIjoiZmlyc3QifQ.{body}.",
        "changed": f"{head}.{body[:-4]}AAAA.{signature}",
    }
    real.clock.advance(timedelta(minutes=1))
    before = real.record()
    let_in = [
        (who, method, path)
        for method, path, _ in guarded()
        for who, bearer in callers.items()
        if real.ask(method, path, bearer).status_code != 401
    ]
    assert let_in == []
    assert real.record() == before


def test_tokens_of_an_issuer_open_what_their_roles_open(opened_real: OpenReal, issuer: LocalIssuer) -> None:
    real = opened_real(issuer=Issuer(url=issuer.url, audience=AUDIENCE))
    now = real.clock.now()
    held = {
        (role, everywhere): issuer.token(now, roles=[f"{'*' if everywhere else HERE}:{role}"], sub=f"{role}-{everywhere}")
        for role in Role
        for everywhere in (False, True)
    }
    wrong = []
    for case in walk.cases(TABLE, HERE):
        answer = real.ask(case.method, case.path, held[case.role, case.everywhere], idempotency_key="")
        known = answer.status_code not in (401, 403) and "no_regency" not in answer.text
        if answer.status_code != case.status and not (case.status is None and known):
            wrong.append((case, answer.status_code))
    assert wrong == []


def test_what_an_issuers_caller_does_stands_under_their_name(opened_real: OpenReal, issuer: LocalIssuer) -> None:
    real = opened_real(issuer=Issuer(url=issuer.url, audience=AUDIENCE))
    token = issuer.token(real.clock.now(), roles=[f"{HERE}:engineer", f"{HERE}:approver"], sub="ibu-yuni")
    made = real.post("boosts", token, emergency(real.clock.now())).json()
    assert made["requested_by"] == "oidc:ibu-yuni"
    entry = real.serving.ledger.entries()[-1].event
    assert (entry.actor, entry.action, entry.regency) == ("oidc:ibu-yuni", "boost.requested", HERE)
    problem(real.post(f"requests/{made['id']}/approvals", token, {}, if_match="*"), 403, "booking.own_request")


def test_the_committed_document_is_the_apps_own() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "run `make openapi`"


def test_the_running_service_shows_the_committed_document(real: Real) -> None:
    assert real.get("/v1/openapi.json").json() == json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("word", [str(FILE.parents[1]), str(Path.home()), "fastapi", "pydantic", "uvicorn", "127.0.0.1"])
def test_the_document_says_nothing_of_this_machine(word: str) -> None:
    assert word not in FILE.read_text(encoding="utf-8")


def test_every_route_of_the_document_is_described() -> None:
    document = json.loads(FILE.read_text(encoding="utf-8"))
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == set(TABLE)
    operations = [(f"{method} {path}", each) for path, methods in document["paths"].items() for method, each in methods.items()]
    names = [each["operationId"] for _, each in operations]
    assert len(set(names)) == len(names)
    for where, each in operations:
        right = TABLE[where.split()[0].upper(), where.split()[1]]
        assert each["security"] == ([] if right.what == walk.OPEN else [{"bearer": []}]), where
        for status, answer in each["responses"].items():
            problems = answer.get("$ref") == f"#/components/responses/Problem{status}"
            assert problems == (status >= "400"), (where, status)
            assert problems or "x-correlator" in answer["headers"], (where, status)
        if where.startswith("post"):
            assert {p["name"]: p["required"] for p in each["parameters"]}["Idempotency-Key"], where
