"""Boosts and windows at the real door: judged, asked for, agreed to by somebody else, cancelled; and what changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tests.doors.real.service import AT, Real, boost, emergency, rates, window, written
from tests.doors.test_problems import problem


def test_a_boost_that_fits_is_granted_and_acts(real: Real) -> None:
    engineer = real.token("engineer")
    before = {row["office"]: row for row in real.get("allocations?office=dpmptsp", engineer).json()["items"]}
    answer = real.post("boosts", engineer, boost(real.clock.now()))
    made = answer.json()
    assert (answer.status_code, made["state"], made["revision"], made["needs"]) == (201, "granted", 1, [])
    assert answer.headers["location"] == f"{AT}/boosts/{made['id']}"
    assert answer.headers["etag"] == f'"{made["id"]}.1"'
    read = real.get(answer.headers["location"], engineer)
    assert read.json() == {**made, "phase": "active"}
    assert read.headers["etag"] == answer.headers["etag"]
    assert real.get(answer.headers["location"], engineer, if_none_match=read.headers["etag"]).status_code == 304
    after = {row["office"]: row for row in real.get("allocations?office=dpmptsp", engineer).json()["items"]}
    gained = after["dpmptsp"]["guarantee"] - before["dpmptsp"]["guarantee"]
    assert 0 <= 512_000 - gained < 1000, "the last row is the upload"
    assert after["dpmptsp"]["why"]["code"] == "why.boost"
    assert real.lines()[-1] == ("boost.granted", made["id"])


def test_what_is_offered_can_be_asked_for(real: Real) -> None:
    engineer = real.token("engineer")
    told = real.post("boosts", engineer, boost(real.clock.now(), amount=rates("900 Mbit/s"))).json()
    smaller = next(each for each in told["offers"] if each["kind"] == "smaller")
    amount = {side: f"{bits} bit/s" for side, bits in smaller["amount"].items()}
    asked = boost(real.clock.now(), amount=amount, starts=smaller["starts"], expires=smaller["ends"])
    assert real.post("boosts", engineer, asked).status_code == 201
    decimal = real.post("boosts", engineer, boost(real.clock.now(), amount={"down": "0.004 Mbit/s", "up": "0.5 kbit/s"}))
    assert (decimal.status_code, decimal.json()["amount"]) == (201, {"down": 4000, "up": 500})


def test_what_does_not_fit_is_refused_with_what_would_and_nothing_is_kept(real: Real) -> None:
    engineer = real.token("engineer")
    before = real.record()
    told = problem(
        real.post("boosts", engineer, boost(real.clock.now(), amount=rates("900 Mbit/s"))), 409, "booking.not_admitted"
    )
    assert real.record() == before
    assert {"since", "until", "who", "place", "missing", "code", "detail"} <= set(told["shortfalls"][0])
    offer = next(each for each in told["offers"] if each["kind"] == "smaller")
    amount = {name: f"{rate // 1000} kbit/s" for name, rate in offer["amount"].items()}
    taken = boost(real.clock.now(), amount=amount, starts=offer["starts"], expires=offer["ends"])
    assert real.post("boosts", engineer, taken).status_code == 201


@pytest.mark.parametrize("what", ["boosts", "windows"])
def test_judging_keeps_nothing(real: Real, what: str) -> None:
    engineer = real.token("engineer")
    before = real.record()
    body = boost(real.clock.now()) if what == "boosts" else window()
    told = real.post(f"admissions/{what}", engineer, body)
    said = {name: value for name, value in told.json().items() if name != "warnings"}
    assert (told.status_code, said) == (200, {"fits": True, "shortfalls": [], "offers": [], "needs": []})
    large = boost(real.clock.now(), amount=rates("900 Mbit/s"))
    if what == "windows":
        large = window(policy={"reserves": [{"application": "oss", "uplink": "satellite", "rate": rates("900 Mbit/s")}]})
    assert not real.post(f"admissions/{what}", engineer, large).json()["fits"]
    assert real.record() == before


def test_an_emergency_waits_for_somebody_else(real: Real) -> None:
    both, second = real.token("engineer", "approver"), real.token("approver")
    answer = real.post("boosts", both, emergency(real.clock.now()))
    made, tag = answer.json(), answer.headers["etag"]
    assert (answer.status_code, made["phase"], made["needs"][0]["code"]) == (202, "waiting", "approval.emergency")
    assert [each["id"] for each in real.get("requests", second).json()["items"]] == [made["id"]]
    own = real.post(f"requests/{made['id']}/approvals", both, {"note": "mine"}, if_match=tag)
    problem(own, 403, "booking.own_request")
    agreed = real.post(f"requests/{made['id']}/approvals", second, {"note": "seen"}, if_match=tag)
    told = agreed.json()
    assert (agreed.status_code, told["state"], told["revision"], told["kind"]) == (200, "granted", 2, "boost")
    assert [(each["agreed"], each["note"]) for each in told["approvals"]] == [(True, "seen")]
    assert agreed.headers["etag"] == f'"{made["id"]}.2"'
    problem(real.post(f"requests/{made['id']}/approvals", second, {}, if_match=tag), 412, "booking.changed")
    problem(real.post(f"requests/{made['id']}/rejections", second, {"note": "no"}, if_match="*"), 409, "booking.not_pending")
    assert [action for action, _ in real.lines()[-3:]] == ["boost.requested", "approval.refused", "boost.granted"]


def test_a_rejected_boost_never_acts(real: Real) -> None:
    engineer, second = real.token("engineer"), real.token("approver")
    made = real.post("boosts", engineer, emergency(real.clock.now())).json()
    problem(real.post(f"requests/{made['id']}/rejections", second, {}, if_match="*"), 400, "api.invalid")
    told = real.post(f"requests/{made['id']}/rejections", second, {"note": "not today"}, if_match="*").json()
    assert (told["state"], told["phase"]) == ("rejected", "rejected")
    assert real.get(AT, engineer).json()["boosts"] == []
    assert real.get("requests", second).json() == {"items": []}
    one = real.get(f"requests/{made['id']}", second)
    assert (one.json()["approvals"][0]["note"], one.headers["etag"]) == ("not today", f'"{made["id"]}.2"')


def test_what_nobody_answers_lapses(real: Real) -> None:
    engineer = real.token("engineer")
    made = real.post("boosts", engineer, emergency(real.clock.now())).json()
    real.clock.advance(timedelta(minutes=61))
    assert real.get(f"boosts/{made['id']}", engineer).json()["phase"] == "lapsed"
    assert real.get("requests", engineer).json()["items"] == []


def test_a_cancelled_boost_ends_and_stays_in_the_record(real: Real) -> None:
    engineer = real.token("engineer")
    made = real.post("boosts", engineer, boost(real.clock.now()))
    where, tag = made.headers["location"], made.headers["etag"]
    problem(real.ask("DELETE", where, engineer), 428, "api.match_missing")
    problem(real.ask("DELETE", where, engineer, if_match=tag.replace(".1", ".2")), 412, "booking.changed")
    problem(real.ask("DELETE", where, engineer, if_match='"other.1"'), 412, "api.match_stale")
    ended = real.ask("DELETE", where, engineer, if_match=tag)
    assert (ended.status_code, ended.json()["phase"]) == (200, "cancelled")
    assert ended.headers["etag"] == tag.replace(".1", ".2")
    assert real.get(where, engineer).json() == ended.json()
    problem(real.ask("DELETE", where, engineer, if_match="*"), 409, "booking.over")
    assert real.get(AT, engineer).json()["boosts"] == []


def test_a_request_that_is_sent_again_is_one_request(real: Real) -> None:
    engineer, body = real.token("engineer"), boost(real.clock.now())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: real.post("boosts", engineer, body, idempotency_key="k"), range(16)))
    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert [each.headers.get("idempotency-replayed") for each in answers].count(None) == 1
    assert len(real.get("boosts", engineer).json()["items"]) == 1
    before = real.record()
    problem(real.post("boosts", engineer, {**body, "reason": "other"}, idempotency_key="k"), 422, "api.key_reused")
    problem(real.post("windows", engineer, window(), idempotency_key="k"), 422, "api.key_reused")
    problem(real.ask("POST", "boosts", engineer, body, idempotency_key=""), 400, "api.key_bad")
    assert real.record() == before


def test_a_window_is_asked_for_told_and_ended(real: Real) -> None:
    engineer = real.token("engineer")
    answer = real.post("windows", engineer, window())
    made = answer.json()
    assert (answer.status_code, made["source"], made["booking"]["state"]) == (201, "request", "granted")
    assert answer.headers["location"] == f"{AT}/windows/market"
    assert made["next"] == {"start": "2026-08-18T23:00:00Z", "end": "2026-08-19T03:00:00Z"}
    assert real.get(f"{AT}/windows/market", engineer).json() == made
    keys = [(each["key"], each["source"]) for each in real.get("windows", engineer).json()["items"]]
    assert keys == [("market", "request"), ("pekan-perizinan", "truth")]
    then = real.get("allocations?at=2026-08-19T09:00:00%2B09:00", engineer).json()
    assert then["windows"] == ["market"]
    problem(real.post("windows", engineer, window(reason="again")), 409, "booking.exists")
    ended = real.ask("DELETE", f"windows/requests/{made['booking']['id']}", engineer, if_match=answer.headers["etag"])
    assert (ended.status_code, ended.json()["booking"]["phase"]) == (200, "cancelled")
    problem(real.get(f"{AT}/windows/market", engineer), 404, "booking.not_found")
    assert real.get("allocations?at=2026-08-19T09:00:00%2B09:00", engineer).json()["windows"] == []


def test_a_window_of_the_files_is_read_and_not_ended_here(real: Real) -> None:
    engineer = real.token("engineer")
    told = real.get("windows/pekan-perizinan", engineer)
    assert (told.json()["source"], told.json()["booking"], told.status_code) == ("truth", None, 200)
    gone = real.ask("DELETE", "windows/requests/pekan-perizinan", engineer, if_match="*")
    problem(gone, 404, "booking.not_found")


def test_an_emergency_window_waits_and_acts_once_agreed(real: Real) -> None:
    engineer, second = real.token("engineer"), real.token("approver")
    answer = real.post("windows", engineer, window(emergency=True))
    booking = answer.json()["booking"]
    assert (answer.status_code, booking["phase"]) == (202, "waiting")
    then = "allocations?at=2026-08-19T09:00:00%2B09:00"
    assert real.get(then, engineer).json()["windows"] == []
    agreed = real.post(f"requests/{booking['id']}/approvals", second, {}, if_match=f'"{booking["id"]}.1"')
    assert (agreed.status_code, agreed.json()["key"], agreed.json()["kind"]) == (200, "market", "window")
    assert real.get(then, engineer).json()["windows"] == ["market"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_reasons_and_refusals_are_in_the_callers_language(real: Real, language: str) -> None:
    engineer = real.token("engineer")
    made = real.post("boosts", engineer, emergency(real.clock.now()), accept_language=language).json()
    large = boost(real.clock.now(), amount=rates("900 Mbit/s"))
    refused = real.post("boosts", engineer, large, accept_language=language)
    rows = real.get("allocations", engineer, accept_language=language).json()["items"]
    said = [made["needs"][0]["detail"], refused.json()["detail"], refused.json()["shortfalls"][0]["detail"]]
    said.append(rows[0]["why"]["detail"])
    words = {"id": ("darurat", "Permintaan", "kebijakan"), "en": ("emergency", "request", "policy")}[language]
    assert words[0] in said[0]
    assert words[1] in said[1]
    assert words[2] in said[3]
    assert refused.headers["content-language"] == language


def test_a_boost_of_another_regency_is_not_there(real: Real) -> None:
    made = real.post("boosts", real.token("engineer"), boost(real.clock.now())).json()
    there = real.token("engineer", "approver", regency="*")
    for path in (f"boosts/{made['id']}", f"requests/{made['id']}"):
        problem(real.get(f"/v1/regencies/bontang/{path}", there), 404, "booking.not_found")
    word: dict[str, Any] = {"note": "mine"}
    answer = real.post(f"/v1/regencies/bontang/requests/{made['id']}/approvals", there, word, if_match="*")
    problem(answer, 404, "booking.not_found")


def test_a_boost_may_begin_later_and_end_by_itself(real: Real) -> None:
    engineer, now = real.token("engineer"), real.clock.now()
    body = boost(now, starts=written(now + timedelta(hours=1)))
    made = real.post("boosts", engineer, body).json()
    phases = [made["phase"]]
    for _ in range(2):
        real.clock.advance(timedelta(minutes=61))
        phases.append(real.get(f"boosts/{made['id']}", engineer).json()["phase"])
    assert phases == ["scheduled", "active", "ended"]
