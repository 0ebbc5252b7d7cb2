"""What every form of the record promises of releases: their order, what is on record of each, and that the audit tells it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from network.core.audit import first_break
from network.core.releases.record import Mark, Phase, ReleaseRecord, Task
from network.errors import LedgerError
from network.ledger.store import SqlLedger
from tests.contract.records import NOON, Opener, reads_well

RUN = ReleaseRecord(
    id="release-1",
    workload="gateway",
    task=Task.DEPLOY,
    release="2-222222222222",
    before="1-111111111111",
    servers=("app-1", "app-2"),
    actor="os:ayu",
    started=NOON,
    version="2",
    sha256="2" * 64,
    reason="{{ 6*7 }}",
)
GATE = Mark(
    phase=Phase.GATE,
    at=NOON,
    detail={
        "number": 1,
        "servers": ["app-1"],
        "good": False,
        "total": {"requests": 100, "errors": 3, "p95": None},
        "reasons": [],
    },
)


def test_a_run_its_marks_and_its_end_come_back_as_they_were(ledger: SqlLedger, another: Opener) -> None:
    own = ledger.releases("manokwari", "direct")
    assert (own.last("gateway"), own.history()) == (None, ())
    own.begin(RUN)
    marks = (Mark(phase=Phase.BATCH, at=NOON, detail={"number": 1, "servers": ["app-1"]}), GATE)
    for mark in marks:
        own.mark(RUN.id, mark)
    later = another().releases("manokwari", "direct")
    assert (later.last("gateway"), later.marks(RUN.id), later.marks("release-9")) == (RUN, marks, ())
    end = NOON + timedelta(minutes=3)
    later.finish(RUN.id, "returned", end, {"cause": "release.gate_failed", "interrupted": 1})
    found = own.last("gateway")
    assert found == replace(RUN, result="returned", finished=end, detail={"cause": "release.gate_failed", "interrupted": 1})


def test_the_newest_first_and_each_workload_regency_and_place_by_itself(ledger: SqlLedger) -> None:
    own = ledger.releases("manokwari", "direct")
    for number, workload in enumerate(("gateway", "steering", "gateway"), 1):
        own.begin(replace(RUN, id=f"release-{number}", workload=workload, started=NOON - timedelta(days=number)))
    ledger.releases("manokwari", "lab a 1.000").begin(replace(RUN, id="release-4"))
    ledger.releases("tolikara", "direct").begin(replace(RUN, id="release-5"))
    assert [each.id for each in own.history()] == ["release-3", "release-2", "release-1"]
    assert [each.id for each in own.history("gateway", 1)] == ["release-3"]
    assert [each.id for each in ledger.releases("tolikara", "direct").history()] == ["release-5"]


def test_who_begins_finds_the_run_before_abandoned(ledger: SqlLedger) -> None:
    own = ledger.releases("manokwari", "direct")
    own.begin(RUN)
    own.begin(replace(RUN, id="release-2", workload="steering"))
    own.begin(replace(RUN, id="release-3", started=NOON + timedelta(hours=1)))
    assert {each.id: each.result for each in own.history()} == {
        "release-1": "abandoned",
        "release-2": "running",
        "release-3": "running",
    }


def test_nothing_is_added_to_a_run_that_is_over_or_never_was(ledger: SqlLedger) -> None:
    own = ledger.releases("manokwari", "direct")
    own.begin(RUN)
    with pytest.raises(ValueError, match="not the end"):
        own.finish(RUN.id, "running", NOON)
    own.finish(RUN.id, "done", NOON)
    deeds: tuple[Callable[[], None], ...] = (
        lambda: own.finish(RUN.id, "returned", NOON),
        lambda: own.mark(RUN.id, GATE),
        lambda: own.mark("release-9", GATE),
        lambda: own.begin(RUN),
    )
    for deed in deeds:
        with pytest.raises(LedgerError) as caught:
            deed()
        assert reads_well(caught.value)
    assert own.marks(RUN.id) == ()


def test_every_deed_is_an_audit_line(ledger: SqlLedger) -> None:
    own = ledger.acting("os:ayu").releases("manokwari", "direct")
    own.begin(RUN)
    own.mark(RUN.id, Mark(phase=Phase.BATCH, at=NOON, detail={"number": 1, "servers": ["app-1", "app-2"]}))
    own.mark(RUN.id, GATE)
    own.finish(RUN.id, "returned", NOON, {"cause": "release.gate_failed"})
    own.begin(replace(RUN, id="release-2"))
    own.finish("release-2", "done", NOON)
    entries = ledger.entries()
    assert [(entry.event.action, entry.event.subject) for entry in entries] == [
        ("release.begun", "gateway"),
        ("release.batch", "gateway"),
        ("release.gate", "gateway"),
        ("release.returned", "gateway"),
        ("release.begun", "gateway"),
        ("release.finished", "gateway"),
    ]
    assert {entry.event.actor for entry in entries} == {"os:ayu"}
    assert entries[1].event.detail == {"run": "release-1", "via": "direct", "number": 1, "servers": "app-1, app-2"}
    assert entries[2].event.detail["errors"] == 3
    assert first_break(entries) is None
