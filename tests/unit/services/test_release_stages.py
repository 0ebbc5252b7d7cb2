"""Stages open one after another, when their day is there and every office is ready or waived; a day moves before that only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from inventory.regency import Regency
from inventory.server_model import StageWaiver
from network.core.audit import AuditEvent
from network.errors import LajurError, NotFound, Refused
from network.ledger.sqlite import open_sqlite
from network.ledger.store import SqlLedger
from network.messages import text
from network.services.readiness import readiness
from network.services.release_stages import StageParts, may_move, moved, open_stage, opened
from tests.unit.services.releasing import regency

LAUNCH = datetime(2027, 2, 1, 3, tzinfo=UTC)
LATER = datetime(2027, 10, 1, 3, tzinfo=UTC)


def waived(*stages: str) -> Regency:
    """The regency in which every office of these stages is waived in writing."""
    truth = regency()

    def waivers(key: str) -> tuple[StageWaiver, ...]:
        offices = [office.key for office in truth.offices if office.stage == key] if key in stages else []
        return tuple(StageWaiver(office=office, reason="tried by hand") for office in offices)

    every = tuple(stage.model_copy(update={"waivers": waivers(stage.key)}) for stage in truth.stages)
    return truth.model_copy(update={"stages": every})


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with open_sqlite(tmp_path) as found:
        yield found


def parts(ledger: SqlLedger, truth: Regency) -> StageParts:
    return StageParts(regency=truth, observations=ledger.observations("direct"), audit=ledger, place="direct", actor="os:ayu")


def refused(own: StageParts, stage: str, now: datetime = LAUNCH) -> LajurError:
    with pytest.raises(Refused) as caught:
        open_stage(own, stage, readiness(own.regency, None, now), now)
    assert all(text(caught.value.code, language, caught.value.fields) for language in ("id", "en"))
    return caught.value


def events(ledger: SqlLedger) -> list[AuditEvent]:
    return [entry.event for entry in ledger.entries()]


def test_offices_that_are_not_ready_are_each_named_with_their_points_and_what_is_missing(ledger: SqlLedger) -> None:
    own = parts(ledger, regency())
    found = refused(own, "pilot")
    offices = {office.key for office in regency().offices if office.stage == "pilot"}
    reasons = found.fields["reasons"]
    assert isinstance(reasons, tuple)
    assert {each.fields["office"] for each in reasons} == offices
    assert all(each.fields["gaps"] and each.fields["least"] <= each.fields["most"] for each in reasons)
    said = text(found.code, "en", found.fields)
    assert all(office in said for office in offices)
    assert "lajur release move pilot" in said
    assert (events(ledger), opened(own)) == ([], {})


def test_a_stage_whose_offices_are_waived_in_writing_opens_once_and_is_on_record(ledger: SqlLedger) -> None:
    own = parts(ledger, waived("pilot"))
    judged = readiness(own.regency, None, LAUNCH)
    look = open_stage(own, "pilot", judged, LAUNCH, dry_run=True)
    assert (look.fresh, opened(own), events(ledger)) == (True, {}, [])
    opening = open_stage(own, "pilot", judged, LAUNCH)
    assert (opening.fresh, opening.late, set(opening.waived)) == (True, 0, set(opening.offices))
    assert opened(own) == {"pilot": LAUNCH}
    again = open_stage(own, "pilot", judged, LATER)
    assert (again.fresh, again.opened) == (False, LAUNCH)
    (event,) = events(ledger)
    assert (event.action, event.subject, event.actor) == ("stage.opened", "stage pilot", "os:ayu")
    assert event.detail["offices"] == len(opening.offices)


def test_stages_open_in_turn(ledger: SqlLedger) -> None:
    own = parts(ledger, waived("pilot", "fibre", "remote"))
    found = refused(own, "remote", LATER)
    assert (found.code, found.fields["before"], found.fields["first"]) == ("release.stage_before", "pilot, fibre", "pilot")
    for stage in ("pilot", "fibre", "remote"):
        late = open_stage(own, stage, readiness(own.regency, None, LATER), LATER).late
        assert late == (LATER.astimezone(own.regency.zone).date() - _opens(own.regency, stage)).days
    assert list(opened(own)) == ["fibre", "pilot", "remote"]


def _opens(truth: Regency, key: str) -> date:
    return next(stage.opens for stage in truth.stages if stage.key == key)


def test_a_stage_does_not_open_before_its_day(ledger: SqlLedger) -> None:
    own = parts(ledger, waived("pilot"))
    before = datetime(2027, 1, 31, 14, 59, tzinfo=UTC)  # a minute before midnight in WIT
    assert refused(own, "pilot", before).code == "release.stage_early"
    first = datetime(2027, 1, 31, 15, 0, tzinfo=UTC)
    assert open_stage(own, "pilot", readiness(own.regency, None, first), first).fresh


def test_before_its_day_it_is_told_too_what_each_office_lacks(ledger: SqlLedger) -> None:
    own, before = parts(ledger, regency()), datetime(2026, 8, 5, 3, tzinfo=UTC)
    early, late = refused(own, "pilot", before), refused(own, "pilot")
    assert (early.code, late.code) == ("release.stage_early_lacking", "release.stage_not_ready")
    offices = {office.key for office in regency().offices if office.stage == "pilot"}
    for found in (early, late):
        told = found.fields["reasons"]
        assert isinstance(told, tuple)
        assert ({each.fields["office"] for each in told}, found.fields["count"]) == (offices, len(offices))
    for language in ("id", "en"):
        said = text(early.code, language, early.fields)
        assert all(word in said for word in (*offices, "2027-02-01", "waivers", "lajur release move pilot"))
    done = refused(parts(ledger, waived("pilot")), "pilot", before)
    assert (done.code, done.fields["reasons"]) == ("release.stage_early", ())
    assert "lajur release move pilot" in text(done.code, "en", done.fields)


def test_what_was_opened_in_a_lab_is_not_open_elsewhere(ledger: SqlLedger) -> None:
    own = parts(ledger, waived("pilot"))
    lab = replace(own, observations=ledger.observations("lab a 1.000"), place="lab a 1.000")
    open_stage(lab, "pilot", readiness(own.regency, None, LAUNCH), LAUNCH)
    assert (list(opened(lab)), opened(own)) == (["pilot"], {})


def test_a_stage_without_offices_and_one_that_there_is_not(ledger: SqlLedger) -> None:
    truth = waived("pilot")
    empty = truth.model_copy(update={"offices": tuple(each for each in truth.offices if each.stage != "pilot")})
    with pytest.raises(NotFound, match=r"release\.no_stage"):
        open_stage(parts(ledger, truth), "pilto", readiness(truth, None, LAUNCH), LAUNCH)
    with pytest.raises((Refused, StopIteration)):
        open_stage(parts(ledger, empty), "pilot", readiness(empty, None, LAUNCH), LAUNCH)


def test_a_day_moves_forward_and_backward_but_not_into_the_past_and_not_when_it_is_open(ledger: SqlLedger) -> None:
    own, today = parts(ledger, waived("pilot")), date(2027, 1, 10)
    may_move(own, "pilot", date(2027, 1, 10), today)
    may_move(own, "pilot", date(2028, 1, 1), today)
    with pytest.raises(Refused, match=r"release\.stage_past"):
        may_move(own, "pilot", date(2027, 1, 9), today)
    with pytest.raises(NotFound, match=r"release\.no_stage"):
        may_move(own, "nobody", date(2028, 1, 1), today)
    open_stage(own, "pilot", readiness(own.regency, None, LAUNCH), LAUNCH)
    with pytest.raises(Refused, match=r"release\.stage_is_open"):
        may_move(own, "pilot", date(2028, 1, 1), today)
    moved(own, "fibre", date(2027, 5, 3), date(2027, 6, 1), "{{ 6*7 }}", LAUNCH)
    assert events(ledger)[-1].detail == {"via": "direct", "was": "2027-05-03", "opens": "2027-06-01", "reason": "{{ 6*7 }}"}
