"""How ready offices and stages are: what is known counts, what is not known counts for nothing, and whose move it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from inventory.load import load_regency
from inventory.model import ItStaff
from inventory.regency import Regency
from inventory.server_model import Stage, StageWaiver
from network.core.coverage import path
from network.core.proofs import Proof, mark
from network.core.readiness import THRESHOLD, Facts, assess, tasks
from network.core.readiness_values import (
    POINTS,
    Criterion,
    Dimension,
    Mover,
    OfficeReadiness,
    Readiness,
    StageReadiness,
    State,
    Verdict,
)
from network.errors import Refused

TRUTH = Path(__file__).parents[3] / "inventory" / "regencies" / "manokwari"
NOON = datetime(2026, 11, 26, 3, tzinfo=UTC)
TODAY = date(2026, 11, 26)
OPENS = date(2027, 2, 1)
KNOWN = 45
"""Points that somebody can judge."""


@pytest.fixture(scope="module")
def shipped() -> Regency:
    return load_regency(TRUTH)


@pytest.fixture(scope="module")
def regency(shipped: Regency) -> Regency:
    """Of which everything that can be judged is well, all in one stage."""
    staff = tuple(ItStaff(role=f"TI {number}", trained=True) for number in (1, 2))
    return shipped.model_copy(
        update={
            "offices": tuple(each.model_copy(update={"it_staff": staff, "stage": "first"}) for each in shipped.offices),
            "leases": tuple(
                each.model_copy(update={"start": date(2026, 1, 1), "end": date(2029, 1, 1)}) for each in shipped.leases
            ),
            "workloads": tuple(each.model_copy(update={"until": date(2029, 1, 1)}) for each in shipped.workloads),
            "stages": (Stage(key="first", name="First", opens=OPENS, threshold=KNOWN),),
        }
    )


def proven(regency: Regency, at: datetime = NOON) -> dict[str, Proof]:
    return {link.key: Proof(link=link.key, mark=mark(link), at=at, actor="os:test", seen={}) for link in regency.links}


def judged(regency: Regency, today: date = TODAY, **facts: Any) -> Readiness:
    return assess(regency, Facts(**{"proofs": proven(regency), "granted": {}, **facts}), today)


def office(found: Readiness, key: str = "kominfo") -> OfficeReadiness:
    return next(each for each in found.offices if each.office == key)


def points(found: OfficeReadiness, criterion: Criterion) -> int | None:
    return next(each.points for each in found.marks if each.criterion is criterion)


def codes(found: OfficeReadiness, *, known: bool = True) -> set[str]:
    return {gap.why.code.rpartition(".")[2] for gap in found.gaps if gap.known is known}


def changed(regency: Regency, key: str, **update: Any) -> Regency:
    """One office otherwise."""
    offices = tuple(each.model_copy(update=update) if each.key == key else each for each in regency.offices)
    return regency.model_copy(update={"offices": offices})


def staged(regency: Regency, **update: Any) -> Regency:
    return regency.model_copy(update={"stages": tuple(each.model_copy(update=update) for each in regency.stages)})


def test_a_hundred_points_in_five_dimensions() -> None:
    sums = {dimension: sum(weight for own, weight in POINTS.values() if own is dimension) for dimension in Dimension}
    assert sums == {
        Dimension.INFRASTRUCTURE: 30,
        Dimension.PEOPLE: 20,
        Dimension.PROCEDURES: 15,
        Dimension.INTEGRATION: 20,
        Dimension.SERVICE_TIME: 15,
    }
    assert set(POINTS) == set(Criterion)


def test_what_nobody_measures_is_neither_had_nor_lost(regency: Regency) -> None:
    found = office(judged(regency))
    assert (found.least, found.known, found.most) == (KNOWN, KNOWN, 100)
    unknown = {each.criterion for each in found.marks if each.state is State.UNKNOWN}
    assert unknown == {
        Criterion.PROBES, Criterion.PROCEDURES, Criterion.SYSTEMS, Criterion.INTEGRATION, Criterion.SERVICE_TIME,
    }  # fmt: skip
    assert (codes(found), codes(found, known=False)) == (set(), {each.value for each in unknown})


def test_a_stage_opens_when_every_office_has_its_points_for_certain(regency: Regency) -> None:
    (stage,) = judged(regency).stages
    assert (stage.verdict, stage.days_left, stage.count(Verdict.READY)) == (Verdict.READY, 67, len(regency.offices))
    (stage,) = judged(staged(regency, threshold=KNOWN + 1)).stages
    assert stage.verdict is Verdict.UNDECIDED, "what is unknown may still tell, and tells nothing yet"
    (stage,) = judged(changed(regency, "kominfo", it_staff=())).stages
    assert (stage.verdict, stage.count(Verdict.NOT_READY)) == (Verdict.NOT_READY, 1)


def test_an_office_has_the_links_from_the_core_to_it_proven_as_they_are(regency: Regency) -> None:
    hub, access = path(regency, regency.office("kominfo"))
    proofs = proven(regency)
    without = office(judged(regency, proofs={key: each for key, each in proofs.items() if key != hub.key}))
    assert (points(without, Criterion.LINK), without.proven, codes(without)) == (0, None, {"link"})
    (gap,) = (each for each in without.gaps if each.known)
    assert (gap.mover, gap.why.fields) == (Mover.NETWORK, {"links": hub.key})
    moved = proofs[access.key].__class__(link=access.key, mark="elsewhere", at=NOON, actor="os:test", seen={})
    assert codes(office(judged(regency, proofs={**proofs, access.key: moved}))) == {"link"}
    old = NOON - timedelta(days=3)
    aged = Proof(link=hub.key, mark=mark(hub), at=old, actor="os:test", seen={})
    assert office(judged(regency, proofs={**proofs, hub.key: aged})).proven == old, "as old as the oldest of them"


def test_without_a_record_nobody_knows_what_is_proven(regency: Regency) -> None:
    found = office(judged(regency, proofs=None))
    assert (points(found, Criterion.LINK), found.least, found.known, found.most) == (None, 35, 35, 100)


@pytest.mark.parametrize(
    ("trained", "had", "missing", "movers"),
    [
        ([], 0, {"staff_named"}, {Mover.OFFICE}),
        ([True], 10, {"staff_named"}, {Mover.OFFICE}),
        ([False], 0, {"staff_named", "staff_trained"}, {Mover.OFFICE, Mover.LICENSING}),
        ([True, False], 10, {"staff_trained"}, {Mover.LICENSING}),
        ([False, False, False], 0, {"staff_trained"}, {Mover.LICENSING}),
        ([True, False, True], 20, set(), set()),
    ],
)
def test_two_trained_staff(regency: Regency, trained: list[bool], had: int, missing: set[str], movers: set[Mover]) -> None:
    staff = tuple(ItStaff(role="TI", trained=each) for each in trained)
    found = office(judged(staged(changed(regency, "kominfo", it_staff=staff), threshold=0)))
    assert (points(found, Criterion.STAFF), codes(found)) == (had, missing)
    assert {gap.mover for gap in found.gaps if gap.known} == movers
    assert found.verdict is (Verdict.NOT_READY if missing else Verdict.READY), "no threshold makes up for people"


@pytest.mark.parametrize(
    ("start", "end", "day"),
    [
        (date(2026, 1, 1), OPENS, None),
        (date(2026, 1, 1), OPENS - timedelta(days=1), OPENS),
        (date(2026, 1, 1), TODAY - timedelta(days=1), TODAY),
        (TODAY + timedelta(days=1), date(2029, 1, 1), TODAY),
    ],
)
def test_leases_hold_today_and_on_the_opening_day(regency: Regency, start: date, end: date, day: date | None) -> None:
    leases = tuple(
        each.model_copy(update={"start": start, "end": end}) if each.key == "small" else each for each in regency.leases
    )
    workloads = tuple(each.model_copy(update={"until": date(2029, 1, 1)}) for each in regency.workloads)
    found = office(judged(regency.model_copy(update={"leases": leases, "workloads": workloads})))
    assert points(found, Criterion.LEASE) == (5 if day is None else 0)
    gaps = [gap for gap in found.gaps if gap.criterion is Criterion.LEASE]
    assert [(gap.mover, gap.why.fields["day"], gap.why.fields["servers"]) for gap in gaps] == (
        [] if day is None else [(Mover.LESSOR, day, "edge-1 mon-1")]
    )


def test_a_lease_on_which_nothing_stands_is_nobodys_gap(regency: Regency) -> None:
    lapsed = tuple(each.model_copy(update={"end": date(2026, 2, 1)}) if each.key == "extra" else each for each in regency.leases)
    assert points(office(judged(regency.model_copy(update={"leases": lapsed}))), Criterion.LEASE) == 5
    unwritten = office(judged(regency.model_copy(update={"workloads": ()})))
    assert (points(unwritten, Criterion.LEASE), unwritten.most) == (None, 100)


def test_no_points_come_back_when_a_lease_and_what_ran_under_it_are_over(regency: Regency) -> None:
    past = TODAY - timedelta(days=1)
    leases = tuple(each.model_copy(update={"end": past}) if each.key == "small" else each for each in regency.leases)
    over = tuple(
        each.model_copy(update={"until": past}) if set(each.servers) & {"edge-1", "mon-1"} else each for each in regency.workloads
    )
    whole = regency.model_copy(update={"workloads": over})
    lapsed = office(judged(whole.model_copy(update={"leases": leases})))
    assert points(lapsed, Criterion.LEASE) == 0
    (gap,) = [gap for gap in lapsed.gaps if gap.criterion is Criterion.LEASE]
    assert (gap.mover, gap.why.fields["servers"], gap.why.fields["end"]) == (Mover.LESSOR, "edge-1 mon-1", past)
    extended = office(judged(whole))
    assert (points(extended, Criterion.LEASE), codes(extended)) == (0, {"workload"})
    told = [(gap.why.fields["workload"], gap.why.fields["until"]) for gap in extended.gaps if gap.criterion is Criterion.LEASE]
    assert told == [(key, past) for key in ("entrance", "watch", "talk", "resolver", "steering")]


def test_a_guarantee_needs_room_a_contract_and_where_policy_says_so_a_proof(regency: Regency) -> None:
    refused = office(judged(regency, granted=Refused("allocate.no_room", shaper="domestic", rate=1, default=2)))
    assert (points(refused, Criterion.GUARANTEE), codes(refused)) == (0, {"guarantee_refused"})
    last = regency.uplinks[0].contract.end
    late = office(judged(staged(regency, opens=last + timedelta(days=1))))
    (gap, *_) = (each for each in late.gaps if each.criterion is Criterion.GUARANTEE)
    assert (gap.mover, gap.why.fields["day"], gap.why.fields["end"]) == (Mover.PLANNING, last + timedelta(days=1), last)
    strict = regency.model_copy(update={"policy": regency.policy.model_copy(update={"unproven_links": "refuse"})})
    assert points(office(judged(strict)), Criterion.GUARANTEE) == 10
    waits = office(judged(strict, proofs={}))
    assert (points(waits, Criterion.GUARANTEE), codes(waits)) == (0, {"link", "guarantee_waits"})
    assert points(office(judged(regency, proofs={})), Criterion.GUARANTEE) == 10, "policy only warns"
    assert points(office(judged(strict, proofs=None)), Criterion.GUARANTEE) is None


@pytest.mark.parametrize(("until", "holds"), [(None, True), (OPENS, True), (OPENS - timedelta(days=1), False)])
def test_a_waiver_holds_on_the_opening_day_or_not_at_all(regency: Regency, until: date | None, holds: bool) -> None:
    waiver = StageWaiver(office="kominfo", reason="its people are in training", until=until)
    short = staged(changed(regency, "kominfo", it_staff=()), waivers=(waiver,))
    (stage,) = judged(short).stages
    found = office(judged(short))
    assert (found.verdict is Verdict.WAIVED, found.waived is not None) == (holds, holds)
    assert stage.verdict is (Verdict.READY if holds else Verdict.NOT_READY)
    assert "staff_named" in codes(found), "what is missing stays told"
    assert office(judged(staged(regency, waivers=(waiver,)))).waived is None, "one that is ready needs none"


def test_offices_of_no_stage_and_stages_of_no_day_are_not_ready_to_open(regency: Regency, shipped: Regency) -> None:
    loose = judged(changed(changed(regency, "kominfo", stage=None), "setda", stage="unwritten"))
    first, unwritten, none = loose.stages
    assert [each.key for each in loose.stages] == ["first", "unwritten", None]
    assert (first.verdict, unwritten.opens, none.opens, none.threshold) == (Verdict.READY, None, None, THRESHOLD)
    assert {unwritten.verdict, none.verdict, loose.verdict} == {Verdict.UNDECIDED}
    empty = judged(regency.model_copy(update={"stages": (*regency.stages, Stage(key="last", name="Last", opens=OPENS))}))
    assert [(stage.key, stage.verdict) for stage in empty.stages] == [("first", Verdict.READY), ("last", Verdict.UNDECIDED)]
    opened = [each.opens for each in judged(shipped).stages]
    assert opened == sorted(each.opens for each in shipped.stages)


def test_days_that_moved_are_told_with_their_reasons(shipped: Regency) -> None:
    found: list[StageReadiness] = [each for each in judged(shipped).stages if each.moved]
    written = {each.key: each for each in shipped.stages}
    assert found
    assert all(
        [(each.was, each.reason) for each in stage.moved] == [(each.was, each.reason) for each in written[stage.key or ""].moved]
        for stage in found
    )
    over = judged(shipped, today=OPENS + timedelta(days=3)).stages[0]
    assert over.days_left == -3


def test_tasks_gather_offices_by_whose_move_it_is(regency: Regency) -> None:
    short = changed(changed(regency, "setda", it_staff=()), "kominfo", it_staff=(ItStaff(role="TI"), ItStaff(role="TI")))
    found = tasks(judged(short, proofs={}).offices)
    known = {(task.mover, task.code.rpartition(".")[2]): task for task in found if task.known}
    assert set(known) == {(Mover.NETWORK, "link"), (Mover.OFFICE, "staff_named"), (Mover.LICENSING, "staff_trained")}
    assert known[Mover.NETWORK, "link"].offices == tuple(each.key for each in short.offices)
    assert known[Mover.OFFICE, "staff_named"].offices == ("setda",)
    assert [task.known for task in found] == sorted((task.known for task in found), reverse=True), "what is known comes first"
    probes = next(task for task in found if task.criterion is Criterion.PROBES)
    assert (len(probes.whys), len(probes.offices)) == (1, len(short.offices))
