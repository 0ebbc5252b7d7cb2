"""A stage that is opened is known at the edges at once; where it is not, that is said, and asking again tells them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.load import load_regency
from inventory.regency import Regency
from inventory.release_views import opened_networks, staged
from network.drivers.memory_doors import MemoryDoors
from network.errors import LajurError, NeedsPerson, PlayError, Refused
from network.ledger.sqlite import open_sqlite
from network.ledger.store import SqlLedger
from network.messages import text
from network.runners.threads import ThreadRunner
from network.services.readiness import readiness
from network.services.release_stages import StageParts, opened
from network.services.stage_doors import DoorParts, Opened, open_doors
from tests.unit.services.releasing import TRUTH, Locks, both, reasons
from tests.unit.services.test_release_stages import LATER, LAUNCH, waived

DOOR = ("gateway", "edge-1")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with open_sqlite(tmp_path) as found:
        yield found


class Office:
    """Who opens stages of manokwari, where every office is waived."""

    def __init__(self, ledger: SqlLedger, truth: Regency | None = None) -> None:
        self.truth = truth or waived("pilot", "fibre", "remote")
        self.ledger, self.doors, self.locks = ledger, MemoryDoors(), Locks()
        self.standing = frozenset(server.key for server in self.truth.servers)

    @property
    def parts(self) -> StageParts:
        kept = self.ledger.observations("direct")
        return StageParts(regency=self.truth, observations=kept, audit=self.ledger, place="direct", actor="os:ayu")

    def opens(self, stage: str, *, dry_run: bool = False) -> Opened:
        own = DoorParts(doors=self.doors, standing=self.standing, runner=self.locks)
        return open_doors(self.parts, own, stage, readiness(self.truth, None, LATER), LATER, dry_run=dry_run)

    def deeds(self) -> list[str]:
        return [entry.event.action for entry in self.ledger.entries()]


def left(error: LajurError | None) -> NeedsPerson:
    assert isinstance(error, NeedsPerson)
    assert (error.code, error.exit_code, error.fields["edges"]) == ("release.stage_untold", 5, "edge-1")
    assert all("lajur release open pilot" in said and "lajur play workloads --server edge-1" in said for said in both(error))
    return error


def test_the_truth_has_one_workload_that_is_opened_in_stages() -> None:
    assert [each.key for each in staged(load_regency(TRUTH))] == ["gateway"]


def test_the_offices_of_every_open_stage_are_let_in_once_that_is_on_record(ledger: SqlLedger) -> None:
    own = Office(ledger)
    own.doors.pulse = lambda: seen.append(set(opened(own.parts)))
    seen: list[set[str]] = []
    for number, stage in enumerate(("pilot", "fibre"), 1):
        found = own.opens(stage)
        assert (found.error, [(each.workload, each.edge, each.changed) for each in found.doors]) == (None, [(*DOOR, True)])
        stages = {"pilot", "fibre"} if number == 2 else {"pilot"}
        assert seen[-1] == stages
        assert own.doors.maps == {DOOR: opened_networks(own.truth, stages)}
    offices = {office.key for office in own.truth.offices if office.stage in ("pilot", "fibre")}
    assert set(own.doors.maps[DOOR].values()) == {*offices, "management", "servers"}
    assert own.deeds() == ["stage.opened", "stage.let_in"] * 2


def test_who_looks_tells_nobody(ledger: SqlLedger) -> None:
    own = Office(ledger)
    found = own.opens("pilot", dry_run=True)
    assert (found.opening.fresh, [each.changed for each in found.doors], found.error) == (True, [True], None)
    own.doors.unreachable.add("edge-1")
    found = own.opens("pilot", dry_run=True)
    assert (reasons(found.doors[0].error), found.error) == (["release.trouble.unreachable"], None)
    assert (own.doors.maps, own.deeds(), opened(own.parts)) == ({}, [], {})


def test_an_edge_that_cannot_be_told_is_named_and_told_by_the_same_command(ledger: SqlLedger) -> None:
    own = Office(ledger)
    own.doors.unreachable.add("edge-1")
    error = left(own.opens("pilot").error)
    assert "release.trouble.unreachable" in reasons(error)
    assert list(opened(own.parts)) == ["pilot"]
    assert ledger.entries()[-1].event.detail["untold"] == "gateway @ edge-1"
    own.doors.unreachable.clear()
    again = own.opens("pilot")
    assert (again.opening.fresh, again.error, [each.changed for each in again.doors]) == (False, None, [True])
    assert own.doors.maps == {DOOR: opened_networks(own.truth, {"pilot"})}
    third = own.opens("pilot")
    assert [each.changed for each in third.doors] == [False]
    assert own.deeds() == ["stage.opened", "stage.let_in", "stage.let_in"]


@pytest.mark.parametrize("how", [PlayError("play.died", playbook="steps/open", how="SIGKILL", log="/log"), KeyboardInterrupt()])
def test_what_stops_the_play_leaves_the_stage_open(ledger: SqlLedger, how: BaseException) -> None:
    own = Office(ledger)

    def stop() -> None:
        raise how

    own.doors.pulse = stop
    error = left(own.opens("pilot").error)
    assert {"play.died", "release.stopped_by_hand"} & set(reasons(error))
    assert list(opened(own.parts)) == ["pilot"]


def test_a_stage_that_does_not_open_tells_nobody(ledger: SqlLedger) -> None:
    own = Office(ledger, waived("pilot"))
    for stage in ("fibre", "remote"):
        with pytest.raises(Refused, match="stage_"):
            own.opens(stage)
    assert (own.doors.maps, own.deeds()) == ({}, [])


def test_of_two_who_open_at_once_the_second_is_told(ledger: SqlLedger, tmp_path: Path) -> None:
    """Else the map of the first could shut out whom the second let in."""
    own = Office(ledger)
    codes: list[tuple[str, bool]] = []

    def other() -> None:
        with pytest.raises(Refused) as caught:
            open_doors(own.parts, parts, "fibre", readiness(own.truth, None, LATER), LATER)
        codes.append((caught.value.code, all(both(caught.value))))

    own.doors.pulse = other
    for runner in (own.locks, ThreadRunner(tmp_path / "locks", wait=0.05)):
        parts = DoorParts(doors=own.doors, standing=own.standing, runner=runner)
        open_doors(own.parts, parts, "pilot", readiness(own.truth, None, LAUNCH), LAUNCH)
    assert codes == [("release.stage_busy", True)] * 2
    assert list(opened(own.parts)) == ["pilot"]


def test_where_no_edge_stands_nobody_is_told(ledger: SqlLedger) -> None:
    own = Office(ledger)
    own.standing = frozenset({"app-1"})
    assert own.opens("pilot").doors == ()
    nobody = DoorParts(doors=None, standing=(), runner=own.locks)
    assert open_doors(own.parts, nobody, "fibre", readiness(own.truth, None, LATER), LATER).doors == ()
    assert own.doors.maps == {}
    assert text("cli.release.doors_none", "id", {}) != text("cli.release.doors_none", "en", {})
