"""Every error is a problem document with a stable type, in the caller's language, and says nothing of the inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from inventory.findings import finding_at
from network import errors
from network.errors import LajurError
from network.messages import CATALOGUE
from qos_api.problems import DoorError, status_of
from qos_api.speech import language
from tests.doors.conftest import Opened
from tests.doors.desk import HERE

THINGS = f"/v1/regencies/{HERE}/things"
BUSY = errors.DeviceBusy("lock.busy", device="core", seconds=5, run="run-7", pid=4711)
FULL = errors.LedgerError("ledger.full", ledger="/var/lib/lajur/manokwari/ledger.db", reason="disk full")
CUT = errors.SessionCut("device.session_cut", device="core", step="carry", reason="reset")


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    told: dict[str, Any] = answer.json()
    assert (told["status"], told["code"], told["type"]) == (status, code, f"urn:lajur:problem:{code}")
    assert told["correlator"] == answer.headers["x-correlator"]
    assert told["instance"].startswith("urn:lajur:request:")
    assert told["title"]
    assert told["detail"]
    return told


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.UsageError("x"), 400),
        (errors.Refused("boost.no_such_office"), 422),
        (errors.Refused("calendar.rule"), 422),
        (errors.Refused("boost.does_not_fit"), 409),
        (errors.Refused("guard.refused"), 409),
        (errors.Refused("wiring.no_lab"), 503),
        (errors.Refused("credentials.no_variable"), 503),
        (errors.NotAdmitted("x"), 409),
        (errors.Conflict("x"), 409),
        (errors.NotFound("x"), 404),
        (errors.NotAllowed("x"), 403),
        (errors.TruthError("x"), 409),
        (BUSY, 409),
        (CUT, 502),
        (errors.RunReturned("x"), 502),
        (errors.NeedsPerson("x"), 502),
        (FULL, 503),
        (errors.LabRefused("x"), 503),
        (errors.BuildError("x"), 502),
        (errors.PlayError("x"), 502),
        (errors.PrintFailed("x"), 503),
        (errors.OutputLost("x"), 500),
        (LajurError("x"), 500),
        (DoorError("x", status=415), 415),
    ],
)
def test_each_kind_of_error_has_its_status(error: LajurError, status: int) -> None:
    assert status_of(error) == status


def test_every_error_of_the_tree_has_a_status_of_its_own_or_is_a_bug() -> None:
    kinds = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, LajurError)]
    made = [each("x", device="d", step="s") if issubclass(each, errors.DeviceError) else each("x") for each in kinds]
    bugs = {type(each) for each in made if status_of(each) == 500}
    assert bugs == {LajurError, errors.OutputLost}


def test_a_conflict_about_a_revision_is_a_failed_precondition_only_when_one_was_named() -> None:
    changed, over = errors.Conflict("booking.changed", id="b", revision=2), errors.Conflict("booking.over", id="b", state="used")
    assert (status_of(changed, matched=True), status_of(changed), status_of(over, matched=True)) == (412, 409, 409)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 422, 428, 429, 431, 500, 502, 503])
def test_each_status_has_a_title_in_both_languages(status: int) -> None:
    title = CATALOGUE[f"api.title.{status}"]
    assert title.id != title.en


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        (None, "en"),
        ("", "en"),
        ("id", "id"),
        ("ID-id", "id"),
        ("en-GB,en;q=0.9,id;q=0.8", "en"),
        ("en;q=0.1, id;q=0.9", "id"),
        ("fr, *;q=0.5", "en"),
        ("id;q=0", "en"),
        ("id;q=nan, id;q=x;;", "en"),
        ("id;level=1", "en"),
        (",,,;;;", "en"),
        ("x" * 100_000, "en"),
    ],
)
def test_the_caller_chooses_the_language(accepted: str | None, spoken: str) -> None:
    assert language(accepted, "en") == spoken


def test_unknown_addresses_and_methods(api: Opened) -> None:
    problem(api.get("/nowhere"), 404, "api.no_such_path")
    problem(api.get(THINGS + "/"), 404, "api.no_such_path")
    answer = api.ask("PUT", THINGS)
    assert problem(answer, 405, "api.method")["fields"] == {"method": "PUT", "allowed": "GET, POST"}
    assert answer.headers["allow"] == "GET, POST"


def test_the_detail_is_in_the_callers_language(api: Opened) -> None:
    told = {spoken: api.get("/nowhere", accept_language=spoken) for spoken in ("id", "en")}
    assert told["id"].headers["content-language"] == "id"
    assert told["id"].json()["detail"] == CATALOGUE["api.no_such_path"].id
    assert told["en"].json()["detail"] == CATALOGUE["api.no_such_path"].en
    assert told["id"].json()["type"] == told["en"].json()["type"]


def test_a_bug_says_nothing_of_the_inside_and_the_log_has_it_all(api: Opened, lines: Callable[[], list[dict[str, Any]]]) -> None:
    api.desk.fails = ValueError("the secret of /var/lib/lajur is hunter-two")
    answer = api.get(f"{THINGS}/a/trouble", api.desk.token("viewer"), x_correlator="trace-1")
    told = problem(answer, 500, "api.bug")
    assert "hunter" not in answer.text
    assert "ValueError" not in answer.text
    assert told["fields"] == {}
    bug = next(line for line in lines() if line["event"] == "request.bug")
    assert (bug["correlator"], bug["level"]) == ("trace-1", "error")
    assert "hunter-two" in bug["exception"]


def test_a_record_that_is_away_is_told_without_its_place(api: Opened, lines: Callable[[], list[dict[str, Any]]]) -> None:
    api.desk.fails = FULL
    answer = api.get(f"{THINGS}/a/trouble", api.desk.token("viewer"))
    told = problem(answer, 503, "ledger.full")
    assert "/var/lib" not in answer.text
    assert told["fields"] == {}
    assert int(answer.headers["retry-after"]) > 0
    assert "/var/lib" in next(line for line in lines() if line["event"] == "request.failed")["error"]


def test_a_device_that_is_held_says_when_to_try_again(api: Opened) -> None:
    api.desk.fails = BUSY
    answer = api.get(f"{THINGS}/a/trouble", api.desk.token("viewer"))
    told = problem(answer, 409, "lock.busy")
    assert int(answer.headers["retry-after"]) > 0
    assert told["fields"] == {"device": "core", "seconds": 5, "run": "run-7"}
    assert "pid" not in told["fields"]


def test_findings_of_the_truth_are_told(api: Opened) -> None:
    wrong = finding_at("file.unknown", "officez.yaml", nearest="offices.yaml")
    api.desk.fails = errors.TruthError("truth.invalid", regency=HERE, findings=(wrong,))
    told = problem(api.get(f"{THINGS}/a/trouble", api.desk.token("viewer")), 409, "truth.invalid")
    assert told["findings"] == ["officez.yaml: this file is not read; perhaps it should be called offices.yaml"]


def test_what_a_caller_wrote_comes_back_harmless_and_short(api: Opened) -> None:
    api.desk.fails = errors.Refused("boost.no_such_office", boost="b", office="<script>{0.__class__}\x1b[31m" + "y" * 9000)
    answer = api.get(f"{THINGS}/a/trouble", api.desk.token("viewer"))
    told = problem(answer, 422, "boost.no_such_office")
    assert len(answer.text) < 3000
    assert "\x1b" not in told["detail"]
    assert "{0.__class__}" in told["detail"]
