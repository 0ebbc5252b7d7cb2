"""What is read at the real door: offices, who gets how much, reports, the audit log; and long lists to their end."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import network
from qos_api.paging import cursor as cursor_of
from tests.doors.real.fuzzing import line
from tests.doors.real.service import AT, HERE, Real, boost, rates, window, written
from tests.doors.test_problems import problem


def all_of(real: Real, path: str, token: str, limit: int) -> list[dict[str, Any]]:
    """Every item, page by page; each page but the last is full and names the next in its body and in a header."""
    found: list[dict[str, Any]] = []
    address: str | None = f"{AT}/{path}?limit={limit}"
    while address:
        answer = real.get(address, token)
        assert answer.status_code == 200, answer.text
        items, following = answer.json()["items"], answer.json()["next"]
        assert len(items) == limit or not following
        assert answer.headers.get("link") == (f'<{following}>; rel="next"' if following else None)
        found.extend(items)
        address = following
    return found


def test_a_regency_is_told_to_those_who_may_see_it(real: Real) -> None:
    token = real.token("viewer")
    told = real.get("/v1/regencies", token).json()["items"]
    assert [each["key"] for each in told] == [HERE]
    assert (told[0]["via"], told[0]["timezone"], told[0]["offices"]) == ("memory", "Asia/Jayapura", 12)
    assert real.get(AT, token).json().keys() == told[0].keys()
    both = real.get("/v1/regencies", real.token("viewer", regency="*")).json()["items"]
    assert [each["key"] for each in both] == ["bontang", HERE]


def test_uplinks_have_their_contract_and_what_was_measured(real: Real) -> None:
    token = real.token("viewer")
    real.post("shifts", real.token("operator"))
    real.here.watch.tick()
    (uplink,) = real.get("uplinks", token).json()["items"]
    assert (uplink["key"], uplink["rate"]) == ("satellite", {"down": 20_000_000, "up": 20_000_000})
    assert uplink["contract"]["end"] == "2027-12-31"
    for each in uplink["figures"]:
        assert each["guaranteed"] <= each["shaped"] <= each["contracted"]
    assert {each["direction"] for each in uplink["figures"]} == {"down", "up"}


def test_offices_are_listed_and_told_one_by_one(real: Real) -> None:
    token = real.token("viewer")
    offices = all_of(real, "offices", token, 5)
    keys = [each["key"] for each in offices]
    assert (len(keys), keys) == (12, sorted(keys))
    assert real.get(f"offices/{keys[3]}", token).json() == offices[3]
    told = problem(real.get("offices/harbour", token, accept_language="id"), 404, "api.no_office")
    assert "harbour" in told["detail"]


def test_allocations_fit_at_every_moment_that_is_asked_for(real: Real) -> None:
    token = real.token("viewer")
    for at in ("", "?at=2026-09-07T10:00:00%2B09:00", "?at=2028-02-29T00:00:00Z"):
        answer = real.get(f"allocations{at}", token)
        rows = answer.json()["items"]
        assert len(rows) == 24, "twelve offices, one uplink, two directions"
        for direction in ("down", "up"):
            assert sum(row["guarantee"] for row in rows if row["direction"] == direction) <= 20_000_000
        assert all(row["guarantee"] <= row["ceiling"] for row in rows)
        assert real.get(f"allocations{at}", token, if_none_match=answer.headers["etag"]).status_code == 304
    then = real.get("allocations?at=2026-09-07T10:00:00%2B09:00&office=dpmptsp", token).json()
    assert (then["windows"], {row["office"] for row in then["items"]}) == (["pekan-perizinan"], {"dpmptsp"})
    assert then["items"][0]["why"]["code"] in ("why.window", "why.reserve")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("at=2029-01-01T00:00:00Z", 400, "api.too_far"),
        ("at=2020-01-01T00:00:00Z", 400, "api.too_far"),
        ("at=2026-02-29T00:00:00Z", 400, "api.invalid"),
        ("at=2026-09-07T10:00:00", 400, "api.invalid"),
        ("at=1788739200", 400, "api.invalid"),
        ("at=now", 400, "api.invalid"),
        ("office=harbour", 404, "api.no_office"),
        ("office=" + "x" * 40, 400, "api.invalid"),
        ("office=%27%20OR%201=1", 400, "api.invalid"),
        ("offices=rsud", 400, "api.invalid"),
    ],
)
def test_a_question_that_has_no_answer_is_refused(real: Real, query: str, status: int, code: str) -> None:
    problem(real.get(f"allocations?{query}", real.token("viewer")), status, code)


def test_long_lists_go_to_their_end(real: Real) -> None:
    operator, now = real.token("operator"), real.clock.now()
    later = written(now + timedelta(hours=1))
    for number in range(7):
        body = boost(now, amount=rates("8 kbit/s", "8 kbit/s"), starts=later, reason=f"{number}")
        assert real.post("boosts", operator, body).status_code == 201
        assert real.post("plans", operator, {"reason": f"{number}"}).status_code == 201
        assert real.post("windows", operator, window(key=f"w-{number}", precedence=200 + number)).status_code == 201
        real.clock.advance(timedelta(seconds=1))
    boosts, plans = all_of(real, "boosts", operator, 3), all_of(real, "plans", operator, 2)
    assert [each["reason"] for each in boosts] == [each["reason"] for each in plans] == list("6543210")
    windows = [each["key"] for each in all_of(real, "windows", operator, 3)]
    assert windows == ["pekan-perizinan", *(f"w-{number}" for number in range(7))]
    log = all_of(real, "audit", operator, 4)
    assert [each["number"] for each in log] == sorted({each["number"] for each in log})
    assert {each["action"] for each in log} == {"boost.granted", "plan.proposed", "window.granted"}


def test_runs_go_to_their_end(real: Real) -> None:
    operator = real.token("operator")
    for _ in range(5):
        real.post("boosts", operator, boost(real.clock.now(), amount=rates("8 kbit/s", "8 kbit/s")))
        assert real.post("shifts", operator).json()["result"] == "done"
    runs = all_of(real, "runs", operator, 2)
    assert (len(runs), {each["result"] for each in runs}) == (5, {"done"})
    assert [each["started"] for each in runs] == sorted((each["started"] for each in runs), reverse=True)


def test_occurrences_that_begin_at_one_moment_are_all_listed(real: Real) -> None:
    viewer, start = real.token("viewer"), real.clock.now() - timedelta(days=1)
    lines = [replace(line(start, "rsud"), window=f"w-{number}") for number in range(5)]
    lines += [replace(line(start, "rsud"), purpose="boost", window="boost-1"), line(start - timedelta(days=1), "rsud")]
    real.serving.ledger.reports.add(lines)
    for limit in (1, 2, 3, 10):
        found = [(each["purpose"], each["window"]) for each in all_of(real, "reports", viewer, limit)]
        assert found == [("boost", "boost-1"), *(("window", f"w-{number}") for number in range(5)), ("window", "market")]


def test_a_report_says_what_was_promised_applied_and_measured(real: Real) -> None:
    viewer, start = real.token("viewer"), real.clock.now() - timedelta(hours=4)
    real.serving.ledger.reports.add([line(start, "rsud"), replace(line(start, "dpmptsp"), measured=1_100_000, below=0)])
    (listed,) = real.get("reports", viewer).json()["items"]
    address = f"reports/window/market/{listed['start']}"
    answer = real.get(address, viewer)
    told = answer.json()
    assert (told["minutes"], told["wanting"], told["below"]) == (60, 20, 1)
    assert told["totals"] == [
        {
            "uplink": "satellite",
            "direction": "down",
            "offices": 2,
            "promised": 2_000_000,
            "applied": 2_000_000,
            "measured": 2_000_000,
            "wanting": 20,
            "below": 1,
        }
    ]
    assert [(each["office"], each["below"], each["least"]) for each in told["lines"]] == [
        ("dpmptsp", 0, 800_000),
        ("rsud", 1, 800_000),
    ]
    assert real.get(address, viewer, if_none_match=answer.headers["etag"]).status_code == 304
    problem(real.get("reports/window/market/2026-01-01T00:00:00Z", viewer), 404, "report.none")
    problem(real.get(f"reports/purpose/market/{listed['start']}", viewer), 400, "api.invalid")


def test_anybody_can_compute_the_exported_log_again(real: Real, tmp_path: Path) -> None:
    engineer, auditor = real.token("engineer"), real.token("approver", regency="*")
    for number in range(3):
        real.post("boosts", engineer, boost(real.clock.now(), reason=f'"{number}"', amount=rates("8 kbit/s", "8 kbit/s")))
    exported = real.get("/v1/audit/export", auditor)
    assert exported.headers["content-type"] == "application/x-ndjson"
    file = tmp_path / "log.ndjson"
    file.write_text(exported.text, encoding="utf-8")
    script = Path(network.__file__).parent / "ledger" / "check_audit.py"
    done = subprocess.run([sys.executable, str(script), str(file)], capture_output=True, text=True, check=False, timeout=240)
    verdict = real.get("/v1/audit/verification", auditor).json()
    assert (done.returncode, done.stdout.strip()) == (
        0,
        f"{verdict['entries']} entries hold; the last digest is {verdict['digest']}",
    )
    lines = [json.loads(each) for each in exported.text.splitlines()]
    assert [each["action"] for each in lines] == ["token.made"] * 2 + ["boost.granted"] * 3
    file.write_text(exported.text.replace("os:test", "os:none", 1), encoding="utf-8")
    assert subprocess.run([sys.executable, str(script), str(file)], capture_output=True, check=False, timeout=240).returncode == 1


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "AAAA",
        "W10",
        "WyIvdjEiLCIxIl0",
        "=",
        "x" * 601,
        "%F0%9F%9A%80",
    ],
)
@pytest.mark.parametrize("path", ["boosts", "audit", "reports", "offices", "windows", "plans", "runs"])
def test_a_cursor_of_something_else_is_refused(shared: Real, path: str, cursor: str) -> None:
    code = "api.cursor" if len(cursor) < 600 else "api.invalid"
    problem(shared.get(f"{path}?cursor={cursor}", shared.token("operator")), 400, code)


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ("audit", "-1"),
        ("audit", "9" * 18),
        ("audit", "1.0"),
        ("reports", "0001-01-01T00:00:00+23:59 window a"),
        ("reports", "9999-12-31T23:59:59-23:59 window a"),
        ("reports", "2026-01-01T00:00:00 window a"),
        ("reports", "yesterday"),
    ],
)
def test_a_cursor_that_somebody_made_up_is_refused(shared: Real, path: str, position: str) -> None:
    made = cursor_of(f"{AT}/{path}", position)
    problem(shared.get(f"{path}?cursor={made}", shared.token("operator")), 400, "api.cursor")


@pytest.mark.parametrize("path", ["boosts", "plans", "runs", "offices", "windows"])
def test_a_position_that_is_no_longer_there_ends_or_goes_on_quietly(shared: Real, path: str) -> None:
    made = cursor_of(f"{AT}/{path}", "'; DROP TABLE booking; --")
    assert shared.get(f"{path}?cursor={made}", shared.token("viewer")).status_code == 200


def test_the_correlator_comes_back_on_every_answer(shared: Real) -> None:
    token = shared.token("operator")
    for path in ("boosts", "nowhere", "allocations?at=x", "/healthz", "/readyz", "/v1/openapi.json"):
        assert shared.get(path, token, x_correlator="trace/7").headers["x-correlator"] == "trace/7"
    problem(shared.get("boosts", token, x_correlator="has space"), 400, "api.correlator")


def test_ready_says_every_part(real: Real) -> None:
    told = real.get("/readyz").json()
    assert told["status"] == "ready"
    assert set(told["parts"]) == {
        "ledger",
        *(f"{what} {key}" for what in ("devices", "truth", "keeper") for key in (HERE, "bontang")),
    }
    assert all(part["ok"] for part in told["parts"].values())
    page = real.get("/metrics", real.token("viewer", regency="*"))
    assert page.headers["content-type"].startswith("text/plain")
    assert 'lajur_http_requests_total{method="GET",route="/readyz",status="200"} 1.0' in page.text
    assert 'lajur_lease_monthly_cost_rupiah{lease="main",regency="bontang"} 1.8e+07' in page.text
