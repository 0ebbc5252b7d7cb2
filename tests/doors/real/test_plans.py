"""Plans and runs at the real door: looked at, agreed to, carried out once, and followed event by event."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from network.core.ports import RunRecord
from tests.doors.real.conftest import OpenReal
from tests.doors.real.service import AT, HERE, SHIPPED, Real, boost
from tests.doors.test_problems import problem


def plan(real: Real, token: str, reason: str = "as agreed") -> httpx.Response:
    answer = real.post("plans", token, {"reason": reason})
    assert answer.status_code in (201, 202), answer.text
    return answer


def carry_out(real: Real, made: httpx.Response, token: str, **headers: str) -> httpx.Response:
    given = {"if_match": made.headers["etag"], **headers}
    return real.post(f"plans/{made.json()['id']}/runs", token, **given)


def events(real: Real, run: str, token: str, **headers: str) -> list[dict[str, Any]]:
    """All events of a run, until the stream ends."""
    found: list[dict[str, Any]] = []
    given = {"Authorization": f"Bearer {token}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    with real.client.stream("GET", f"{AT}/runs/{run}/events", headers=given) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for block in "".join(stream.iter_text()).split("\n\n"):
            lines = dict(each.split(": ", 1) for each in block.splitlines() if not each.startswith(":"))
            if lines:
                found.append({"id": int(lines["id"]), "event": lines["event"], **json.loads(lines["data"])})
    return found


def test_a_plan_is_shown_and_changes_nothing(real: Real) -> None:
    engineer = real.token("engineer")
    held = real.held()
    answer = plan(real, engineer)
    made = answer.json()
    assert (answer.status_code, made["state"], made["needs"], made["run"]) == (201, "granted", [], None)
    assert made["steps"] > 0
    assert {row["office"] for row in made["rows"]} >= {"dpmptsp", "rsud"}
    assert real.held() == held
    assert real.get(answer.headers["location"], engineer).json() == made
    assert real.get("plans", engineer).json()["items"] == [made]
    assert real.get(answer.headers["location"], engineer, if_none_match=answer.headers["etag"]).status_code == 304


def test_a_plan_is_carried_out_and_its_run_followed_to_the_end(real: Real) -> None:
    operator = real.token("operator")
    made = plan(real, operator)
    answer = carry_out(real, made, operator)
    run = answer.json()["run"]
    assert (answer.status_code, answer.json()["result"]) == (202, None)
    assert answer.headers["location"] == f"{AT}/runs/{run}"
    told = events(real, run, operator)
    assert [each["id"] for each in told] == list(range(1, len(told) + 1))
    phases = [each["phase"] for each in told[:-1]]
    assert (phases[0], phases[-1]) == ("armed", "confirmed")
    assert {"raised", "read_back"} <= set(phases)
    assert (told[-1]["event"], told[-1]["result"]) == ("finished", "done")
    read = real.get(f"{AT}/runs/{run}", operator).json()
    assert (read["result"], read["steps"]) == ("done", made.json()["steps"])
    assert [each["phase"] for each in read["marks"]] == phases
    assert real.get("runs", operator).json()["items"][0]["id"] == run
    used = real.get(f"{AT}/plans/{made.json()['id']}", operator).json()
    assert (used["state"], used["run"], used["revision"]) == ("used", run, 2)
    assert plan(real, operator).json()["steps"] == 0, "the devices hold what was planned"


def test_a_follower_that_comes_back_goes_on_where_it_was(real: Real) -> None:
    operator = real.token("operator")
    run = carry_out(real, plan(real, operator), operator).json()["run"]
    whole = events(real, run, operator)
    assert events(real, run, operator, last_event_id="2") == whole[2:]
    assert events(real, run, operator, last_event_id=str(whole[-2]["id"])) == whole[-1:]
    assert events(real, run, operator, last_event_id="999999") == whole[-1:], "the end is told, whatever was seen"
    for odd in ("-1", "x", "1" * 7):
        problem(real.get(f"{AT}/runs/{run}/events", operator, last_event_id=odd), 400, "api.invalid")


def test_a_run_is_followed_while_it_goes(real: Real) -> None:
    ledger, viewer = real.serving.ledger, real.token("viewer")
    now = real.clock.now()
    ledger.begin(RunRecord(id="run-slow", regency=HERE, reason="by hand", started=now), ())
    with real.client.stream("GET", f"{AT}/runs/run-slow/events", headers={"Authorization": f"Bearer {viewer}"}) as stream:
        lines = stream.iter_lines()
        seen = []
        for phase in ("armed", "raised"):
            ledger.mark("run-slow", phase, now)
            seen.append(next(line for line in lines if line.startswith("data:")))
        ledger.finish("run-slow", "done", now)
        seen.append(next(line for line in lines if line.startswith("data:")))
    assert [json.loads(each[6:]).get("phase", "end") for each in seen] == ["armed", "raised", "end"]


def test_a_plan_is_carried_out_once(real: Real) -> None:
    operator = real.token("operator")
    made = plan(real, operator)
    first = carry_out(real, made, operator, idempotency_key="go")
    run = first.json()["run"]
    events(real, run, operator)
    again = carry_out(real, made, operator, idempotency_key="go")
    assert (again.status_code, again.content, again.headers["location"]) == (202, first.content, first.headers["location"])
    assert again.headers["idempotency-replayed"] == "true"
    problem(carry_out(real, made, operator), 412, "booking.changed")
    problem(carry_out(real, made, operator, if_match="*"), 409, "booking.over")
    assert len(real.get("runs", operator).json()["items"]) == 1


def test_two_who_carry_out_one_plan_at_once_make_one_run(real: Real) -> None:
    operator = real.token("operator")
    made = plan(real, operator)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: carry_out(real, made, operator, idempotency_key="go"), range(4)))
    assert {each.status_code for each in answers} == {202}, [each.text for each in answers]
    assert len({each.content for each in answers}) == 1
    events(real, answers[0].json()["run"], operator)
    assert [each["result"] for each in real.get("runs", operator).json()["items"]].count("done") == 1


def test_a_plan_without_steps_is_done_at_once_and_always_says_so(real: Real) -> None:
    operator = real.token("operator")
    assert real.post("shifts", operator).json()["result"] == "done"
    made = plan(real, operator)
    answers = [carry_out(real, made, operator, idempotency_key="go") for _ in range(2)]
    assert [(each.status_code, each.json()["result"]) for each in answers] == [(200, "nothing")] * 2
    assert answers[0].content == answers[1].content
    assert "location" not in answers[0].headers


def test_a_plan_that_fits_no_longer_is_refused_and_nothing_is_changed(real: Real) -> None:
    operator = real.token("operator")
    made = plan(real, operator)
    assert real.post("boosts", operator, boost(real.clock.now())).status_code == 201
    held = real.held()
    problem(carry_out(real, made, operator), 409, "plan.stale")
    assert real.held() == held
    assert real.get(f"{AT}/plans/{made.json()['id']}", operator).json()["state"] == "granted"


def test_a_plan_is_usable_for_half_an_hour(real: Real) -> None:
    operator = real.token("operator")
    made = plan(real, operator)
    real.clock.advance(timedelta(minutes=30))
    problem(carry_out(real, made, operator), 409, "booking.over")
    assert real.get(f"{AT}/plans/{made.json()['id']}", operator).json()["state"] == "ended"


@pytest.fixture
def careful(opened_real: OpenReal, tmp_path: Path) -> Real:
    """Where policy asks for a second person as soon as a plan moves anything."""
    folder = tmp_path / "regencies"
    for key in (HERE, "bontang"):
        (folder / key).parent.mkdir(exist_ok=True)
        for file in (SHIPPED / key).rglob("*.*"):
            to = folder / key / file.relative_to(SHIPPED / key)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(file.read_bytes())
    yaml, file = YAML(), folder / HERE / "policy.yaml"
    written = yaml.load(file)
    written["approval"] = {"above": 0}
    yaml.dump(written, file)
    return opened_real(regencies=folder)


def test_a_plan_that_moves_much_takes_a_second_person(careful: Real) -> None:
    operator, second = careful.token("operator"), careful.token("approver")
    careful.post("shifts", operator)
    asked = careful.post("boosts", operator, boost(careful.clock.now())).json()
    assert asked["phase"] == "waiting"
    agreed = careful.post(f"requests/{asked['id']}/approvals", second, {}, if_match="*")
    assert agreed.status_code == 200
    made = plan(careful, operator)
    needed = made.json()
    assert (made.status_code, needed["state"], needed["needs"][0]["code"]) == (202, "pending", "approval.moved")
    problem(carry_out(careful, made, operator), 409, "plan.not_approved")
    told = careful.post(f"requests/{needed['id']}/approvals", second, {"note": "read"}, if_match=made.headers["etag"])
    assert (told.status_code, told.json()["kind"]) == (200, "plan")
    problem(carry_out(careful, made, operator), 412, "booking.changed")
    done = carry_out(careful, told, operator) if "run" in told.json() else carry_out(careful, made, operator, if_match="*")
    assert done.status_code == 202
    assert events(careful, done.json()["run"], operator)[-1]["result"] == "done"


def test_a_shift_claims_what_is_due_once(real: Real) -> None:
    scheduler = real.token("scheduler")
    told = real.post("shifts", scheduler).json()
    assert (told["result"], told["edges"], told["return_at"]) == ("done", [], None)
    real.clock.set(real.clock.now().replace(month=9, day=6, hour=23, minute=1))  # 8 o'clock on the 7th, in Tolikara
    waiting = real.get("shifts", scheduler).json()["items"]
    assert [(each["window"], each["edge"], each["status"]) for each in waiting] == [("pekan-perizinan", "open", "due")]
    first = real.post("shifts", scheduler, idempotency_key="tick")
    assert [each["status"] for each in first.json()["edges"]] == ["acted"]
    assert first.json()["return_at"] is not None
    again = real.post("shifts", scheduler, idempotency_key="tick")
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert (real.post("shifts", scheduler).json()["result"], real.post("shifts", scheduler).json()["edges"]) == ("nothing", [])
    assert [each["status"] for each in real.get("shifts", scheduler).json()["items"]] == ["acted"]
    real.clock.advance(timedelta(days=1, hours=12))
    late = real.post("shifts", scheduler).json()["edges"]
    assert {each["status"] for each in late} == {"skipped"}


def test_a_run_of_another_regency_is_not_there(real: Real) -> None:
    run = real.post("shifts", real.token("operator")).json()["run"]
    there = real.token("operator", regency="*")
    for path in (f"runs/{run}", f"runs/{run}/events"):
        problem(real.get(f"/v1/regencies/bontang/{path}", there), 404, "api.no_run")
