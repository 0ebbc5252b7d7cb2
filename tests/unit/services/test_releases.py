"""Releases on good days and bad ones: who gets what when, what leads back, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from network.core.releases.record import Phase, ReleaseRecord, Task
from network.core.releases.values import Artefact, ArtefactKind, Batch, Migration, Problem
from network.drivers.memory_releases import Behaviour
from network.errors import LajurError, NeedsPerson, NotFound, Refused, RunReturned
from network.messages import text
from network.services.release_back import rollback
from network.services.release_parts import Outcome, ReleaseEvent
from network.services.releases import Order, deploy, prospect
from tests.unit.services.releasing import NEW, OLD, OTHER, QUIET, Killed, World, artefact, workload

PEAK = datetime(2026, 8, 18, 0, 0, tzinfo=UTC)  # 09.00 WIT on the first day of rka-skpd


def go(world: World, id: str = NEW, **more: Any) -> Outcome:
    return deploy(Order(artefact=artefact(id), **more), world.parts)


def reasons(error: LajurError | None) -> list[str]:
    """Every code in the error, its causes and their causes."""
    assert error is not None
    found = [error.code]
    for name in ("reasons", "remedies", "why", "said"):
        each = error.fields.get(name)
        inner = each if isinstance(each, tuple) else (each,)
        found += [code for part in inner if isinstance(part, LajurError) for code in reasons(part)]
    return found


def both(error: LajurError | None) -> list[str]:
    assert error is not None
    return [text(error.code, language, error.fields) for language in ("id", "en")]


def refused(world: World, id: str = NEW, **more: Any) -> Refused:
    before = {key: (each.current, tuple(each.releases), dict(each.drained)) for key, each in world.fleet.servers.items()}
    marks = len(world.record.records)
    with pytest.raises(Refused) as caught:
        go(world, id, **more)
    assert before == {key: (each.current, tuple(each.releases), dict(each.drained)) for key, each in world.fleet.servers.items()}
    assert len(world.record.records) == marks, "something was begun"
    assert all(both(caught.value))
    return caught.value


# ---- good days


def test_a_canary_then_some_then_all_and_each_is_on_record_before_it_is_done() -> None:
    world = World()
    heard: list[ReleaseEvent] = []
    outcome = deploy(Order(artefact=artefact(), reason="monthly"), world.parts, heard.append)
    assert (outcome.result, outcome.error, outcome.before) == ("done", None, OLD)
    assert world.everybody(NEW)
    assert [batch.servers for batch in outcome.batches] == [("app-1",), ("app-2",), ("app-3", "app-4")]
    assert all(batch.gate["good"] and batch.gate["total"]["requests"] for batch in outcome.batches)
    (record,) = world.record.records.values()
    assert (record.result, record.actor, record.reason, record.servers) == ("done", "os:ayu", "monthly", world.workload.servers)
    phases = [mark.phase.value for mark in world.record.marks(record.id)]
    assert phases == ["place", "expand", *["batch", "gate"] * 3]
    words = [event.code.rpartition(".")[2] for event in heard]
    assert words == ["look", "place", "expand", *["batch", "watch", "good"] * 3, "prune"]
    for event in heard:
        assert all(text(event.code, language, event.fields) for language in ("id", "en"))


def test_the_database_is_expanded_once_before_anybody_is_switched_and_contracted_on_request_only() -> None:
    world = World()
    order: list[str] = []
    world.happen = lambda step, word: order.append(word)
    go(world)
    assert world.fleet.migrations == [(NEW, Migration.EXPAND)]
    assert order.index("expand") < order.index("switch")
    go(world, contract=True)
    assert world.fleet.migrations == [(NEW, Migration.EXPAND), (NEW, Migration.CONTRACT)]
    assert [each.task for each in world.record.history()] == [Task.CONTRACT, Task.DEPLOY]


def test_what_everybody_carries_already_is_nothing_to_do() -> None:
    world = World(carrying=NEW)
    assert (go(world).result, world.record.records) == ("nothing", {})


def test_the_first_release_ever_and_its_way_back() -> None:
    world = World(carrying="")
    world.watched = False
    assert (go(world).result, world.everybody(NEW)) == ("done", True)
    world = World(carrying="", behaviours={NEW: Behaviour(wrong=2)})
    world.watched = False
    outcome = go(world)
    assert (outcome.result, outcome.before, world.fleet.let_in()) == ("returned", "", {})
    assert {each.current for each in world.fleet.servers.values()} == {""}


def test_a_workload_that_no_edge_lets_in() -> None:
    world = World(workload(2, edges=0))
    assert (go(world).result, world.everybody(NEW)) == ("done", True)
    world = World(workload(2, edges=0), behaviours={NEW: Behaviour(status=500, fits=False)})
    assert (go(world).result, world.everybody(OLD)) == ("returned", True)


def test_a_server_that_is_new_gets_it_first() -> None:
    world = World(workload(3))
    world.fleet.servers["app-3"].current, world.fleet.servers["app-3"].releases, world.fleet.servers["app-3"].unit = "", [], ""
    outcome = go(world)
    assert (outcome.result, world.everybody(NEW)) == ("done", True)
    assert [batch.servers for batch in outcome.batches] == [("app-3",), ("app-1",), ("app-2",)], "nobody misses that canary"


def test_of_two_servers_the_one_that_is_out_goes_first_both_ways() -> None:
    world = World(workload(2))
    world.fleet.servers["app-2"].drained["edge-1"] = True
    assert [batch.servers for batch in go(world).batches] == [("app-2",), ("app-1",)]
    world.fleet.servers["app-1"].drained["edge-1"] = True
    assert (rollback(world.parts).result, world.everybody(OLD)) == ("done", True)


def test_old_releases_go_but_never_what_is_carried_or_was_before() -> None:
    world = World(workload(1, keep=2, batches=(Batch(percent=100),)))
    world.known |= {"4-444444444444", OTHER}
    for id in (NEW, OTHER, "4-444444444444"):
        assert go(world, id).result == "done"
    assert world.fleet.servers["app-1"].releases == [OTHER, "4-444444444444"]


# ---- versions that are no good


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (Behaviour(wrong=10), "release.gate.errors"),
        (Behaviour(ms=900), "release.gate.slow"),
        (Behaviour(fits=False), "release.trouble.answer"),
        (Behaviour(status=500, fits=False), "release.trouble.answer"),
        (Behaviour(starts=False), "release.trouble.start"),
    ],
    ids=["500s at the edge", "slow", "200 with an error page", "unhealthy", "does not start"],
)
def test_a_version_that_is_no_good_reaches_the_canary_only_and_is_taken_back(behaviour: Behaviour, code: str) -> None:
    world = World(behaviours={NEW: behaviour})
    switched: list[str] = []
    world.fleet.pulse = lambda word, machine: switched.append(machine) if word == "switch" else None
    outcome = go(world)
    assert isinstance(outcome.error, RunReturned)
    assert (outcome.result, outcome.error.code, outcome.error.exit_code) == ("returned", "release.returned", 4)
    assert code in reasons(outcome.error)
    assert world.everybody(OLD)
    assert set(switched) == {"app-1"}
    assert world.record.history()[0].detail["cause"] in ("release.gate_failed", "release.not_swapped")
    assert all(OLD in said and "app-1" in said for said in both(outcome.error))


def test_a_version_that_fails_late_is_taken_back_everywhere_without_emptying_the_edge() -> None:
    world = World()
    good = Behaviour()

    def happen(*_: object) -> None:  # it turns bad when everybody has it
        held = [each.current for each in world.fleet.servers.values()]
        world.fleet.behaviours[NEW] = Behaviour(wrong=5) if held.count(NEW) == 4 else good

    world.happen = happen
    outcome = go(world)
    assert (outcome.result, len(outcome.batches), world.everybody(OLD)) == ("returned", 3, True)
    assert [batch.gate["good"] for batch in outcome.batches] == [True, True, False]


def test_with_too_few_requests_health_decides_alone_and_that_is_said() -> None:
    world = World(behaviours={NEW: Behaviour(wrong=2, ms=900)})
    world.fleet.requests = 8
    outcome = go(world)
    assert outcome.result == "done"
    assert {each.code for each in outcome.warnings} == {"release.few_requests"}
    assert outcome.batches[0].gate["enough"] is False
    assert outcome.batches[-1].gate["total"]["errors"] > 0, "the numbers are kept all the same"


# ---- bad days


def test_a_full_disk_switches_nothing_and_says_how_much_is_missing() -> None:
    world = World()
    world.fleet.servers["app-3"].free = 2000
    outcome = go(world)
    assert isinstance(outcome.error, RunReturned)
    assert (outcome.result, outcome.error.code) == ("returned", "release.nothing_switched")
    assert world.everybody(OLD)
    assert all("4400" in said.replace(".", "") and "2000" in said.replace(".", "") for said in both(outcome.error))
    assert "release.remedy.place" in reasons(outcome.error)


def test_a_migration_that_fails_switches_nothing_and_says_what_to_do() -> None:
    world = World(behaviours={NEW: Behaviour(failing=frozenset({Migration.EXPAND}))})
    outcome = go(world)
    assert (outcome.result, world.everybody(OLD)) == ("returned", True)
    assert {"release.nothing_switched", "release.trouble.migration", "release.remedy.migration"} <= set(reasons(outcome.error))
    assert all("{{ 6*7 }}" in said for said in both(outcome.error)), "what a machine says stays text"
    world.fleet.behaviours.clear()
    assert go(world).result == "done"


def test_a_contract_that_fails_leaves_the_release_where_it_is() -> None:
    world = World(behaviours={NEW: Behaviour(failing=frozenset({Migration.CONTRACT}))})
    outcome = go(world, contract=True)
    assert isinstance(outcome.error, NeedsPerson)
    assert (outcome.task, outcome.error.code, world.everybody(NEW)) == (Task.CONTRACT, "release.not_contracted", True)
    assert len(outcome.batches) == 3
    world.known.add(OTHER)
    assert go(world, OTHER).result == "done"


def test_after_a_contract_there_is_no_way_back_unless_forced() -> None:
    world = World()
    assert go(world, OLD).result == "nothing"
    world.record.begin(_deployed(OLD))
    world.record.finish("release-0", "done", QUIET)
    go(world, contract=True)
    assert refused(world, OLD).code == "release.contracted"
    with pytest.raises(Refused, match=r"release\.contracted"):
        rollback(world.parts)
    assert rollback(world.parts, force=True).result == "done"
    assert world.everybody(OLD)


def _deployed(id: str) -> ReleaseRecord:
    servers = workload().servers
    return ReleaseRecord(
        id="release-0",
        workload="gateway",
        task=Task.DEPLOY,
        release=id,
        before="",
        servers=servers,
        actor="os:ayu",
        started=QUIET,
    )


def test_a_server_or_an_edge_that_does_not_answer_is_told_before_anything_is_begun() -> None:
    world = World()
    world.fleet.servers["app-2"].reachable = False
    world.fleet.unreachable.add("edge-1")
    found = refused(world)
    assert found.code == "release.unreachable"
    assert reasons(found).count("release.edge_unknown") == 4
    assert all("app-2" in said for said in both(found))


def test_a_canary_that_dies_is_kept_out_and_a_person_is_told_what_to_do() -> None:
    world = World()
    world.watched = False

    def die(_: int, word: str) -> None:
        if word == "answer":
            world.fleet.servers["app-1"].reachable = False

    world.happen = die
    outcome = go(world)
    assert isinstance(outcome.error, NeedsPerson)
    assert (outcome.result, outcome.error.code, outcome.error.exit_code) == ("needs_person", "release.left", 5)
    assert set(world.fleet.let_in().values()) == {OLD}
    assert world.fleet.servers["app-1"].drained == {"edge-1": True}
    assert all("lajur release rollback gateway" in said and "app-1" in said for said in both(outcome.error))
    assert refused(world, OTHER).code == "release.other_open"
    world.again()
    world.fleet.servers["app-1"].reachable = True
    assert (rollback(world.parts).result, world.everybody(OLD)) == ("done", True)


def test_servers_that_carry_different_releases_must_be_made_one_first() -> None:
    world = World()
    world.fleet.servers["app-2"].current = OTHER
    world.watched = False
    for server in world.fleet.servers.values():
        server.releases.append(OTHER)
    assert refused(world).code == "release.mixed"
    with pytest.raises(Refused, match=r"release\.mixed"):
        rollback(world.parts)
    assert rollback(world.parts, to=OTHER).result == "done"
    assert world.everybody(OTHER)


def test_two_at_once_and_the_second_is_told_who_and_since_when() -> None:
    world = World()
    world.locks.holder = "release-1"
    found = refused(world)
    assert (found.code, found.exit_code) == ("release.busy", 3)
    world.record.begin(replace(_deployed(OTHER), id="release-1"))
    with pytest.raises(Refused) as caught:
        go(world)
    assert caught.value.fields | {"pid": 0} == {
        "run": "release-1",
        "pid": 0,
        "actor": "os:ayu",
        "workload": "gateway",
        "release": OTHER,
        "since": "2026-08-05 12:00 WIT",
    }
    with pytest.raises(Refused, match=r"release\.busy_since"):
        rollback(world.parts)


def test_packages_are_not_pulled_in_a_peak_unless_forced() -> None:
    world = World(workload(kind=ArtefactKind.WHEEL))
    world.clock.moment = PEAK
    pulling = artefact(kind=ArtefactKind.WHEEL, pulls=True)
    with pytest.raises(Refused) as caught:
        deploy(Order(artefact=pulling), world.parts)
    assert caught.value.code == "release.peak"
    assert (caught.value.fields["windows"], caught.value.fields["until"]) == ("rka-skpd", "2026-08-18 17:00 WIT")
    assert world.record.records == {}
    assert deploy(Order(artefact=replace(pulling, pulls=False)), world.parts).result == "done"
    world = World(workload(kind=ArtefactKind.WHEEL))
    world.clock.moment = PEAK
    assert deploy(Order(artefact=pulling, force=True), world.parts).result == "done"


def test_what_is_placed_already_pulls_nothing() -> None:
    world = World(workload(kind=ArtefactKind.WHEEL))
    for server in world.fleet.servers.values():
        server.releases.append(NEW)
    world.clock.moment = PEAK
    assert deploy(Order(artefact=artefact(kind=ArtefactKind.WHEEL, pulls=True)), world.parts).result == "done"


def test_what_does_not_fit_the_workload_is_refused() -> None:
    assert refused(World(workload(kind=ArtefactKind.DEB))).code == "release.kind"
    assert refused(World(workload(migrate=())), contract=True).code == "release.no_migrations"


def test_what_a_run_before_left_behind_goes_back_with_the_one_that_goes_on() -> None:
    world = World()
    world.watched = False

    def die(_: int, word: str) -> None:
        if word == "answer" and world.fleet.servers["app-3"].current == NEW:
            world.fleet.servers["app-3"].reachable = world.fleet.servers["app-4"].reachable = False

    world.happen = die
    assert go(world).result == "needs_person"
    world.again()
    for server in ("app-3", "app-4"):
        held = world.fleet.servers[server]
        held.reachable, held.current, held.unit = True, NEW, "active"
    world.fleet.behaviours[NEW] = Behaviour(wrong=2)
    outcome = go(world)
    assert (outcome.result, len(outcome.batches), outcome.before) == ("returned", 1, OLD)
    assert world.everybody(OLD)


def test_a_server_that_never_had_the_release_before_goes_back_out() -> None:
    world = World(workload(3), behaviours={NEW: Behaviour(wrong=2)})
    fresh = world.fleet.servers["app-3"]
    fresh.current, fresh.releases, fresh.unit = "", [], ""
    outcome = go(world)
    assert (outcome.result, fresh.current, fresh.drained) == ("returned", "", {"edge-1": True})
    assert set(world.fleet.let_in().values()) == {OLD}


def test_who_goes_on_judges_what_the_cut_run_switched_and_did_not_judge() -> None:
    world = World(workload(1), behaviours={NEW: Behaviour(wrong=2)})

    def end(_: int, word: str) -> None:
        if word == "watch":
            raise Killed

    world.happen = end
    with pytest.raises(Killed):
        go(world)
    assert set(world.fleet.let_in().values()) == {NEW}
    world.again()
    assert (go(world).result, world.everybody(OLD)) == ("returned", True)


@pytest.mark.parametrize("moment", ["drain", "let_in", "watch"])
def test_an_edge_that_is_away_for_a_moment_is_asked_again(moment: str) -> None:
    world = World(workload(3, edges=2))
    world.watched = False
    away: list[str] = []

    def go_away(_: int, word: str) -> None:
        if word == moment and not away:
            away.append(moment)
            world.fleet.unreachable.add("edge-2")
        elif word == moment == "watch":
            world.fleet.unreachable.clear()

    world.happen, world.clock.asleep = go_away, world.fleet.unreachable.clear
    assert (go(world).result, away, world.everybody(NEW)) == ("done", [moment], True)


# ---- back by hand


def test_back_to_what_was_before_and_not_forth_again() -> None:
    world = World()
    go(world)
    outcome = rollback(world.parts, reason="complaints")
    assert (outcome.result, outcome.release, outcome.before, world.everybody(OLD)) == ("done", OLD, NEW, True)
    assert world.record.history()[0].reason == "complaints"
    with pytest.raises(Refused, match=r"release\.no_before"):
        rollback(world.parts)
    assert world.everybody(OLD)


def test_back_to_a_release_that_is_named() -> None:
    world = World()
    go(world)
    world.known.add(OTHER)
    go(world, OTHER)
    assert (rollback(world.parts, to=OLD).result, world.everybody(OLD)) == ("done", True)
    assert rollback(world.parts, to=OLD).result == "nothing"
    for unknown in ("9-999999999999", "../../etc", ""):
        with pytest.raises((NotFound, Refused)) as caught:
            rollback(world.parts, to=unknown)
        assert caught.value.code in ("release.not_there", "release.no_before")


def test_who_cannot_be_reached_is_no_reason_to_leave_the_others() -> None:
    world = World()
    go(world)
    world.watched = False
    world.fleet.servers["app-2"].reachable = False
    outcome = rollback(world.parts)
    assert isinstance(outcome.error, NeedsPerson)
    assert (outcome.result, outcome.error.fields["servers"]) == ("needs_person", "app-2")
    assert set(world.fleet.let_in().values()) == {OLD}
    world.fleet.servers["app-2"].reachable = True
    assert (rollback(world.parts).result, world.everybody(OLD)) == ("done", True)


# ---- looking ahead


def test_a_look_ahead_changes_nothing_and_says_what_would_be_drained() -> None:
    world = World()
    found = prospect(Order(artefact=artefact()), world.parts)
    assert found.batches == (("app-1",), ("app-2",), ("app-3", "app-4"))
    assert (found.before, found.nothing, found.resumes, found.expand, found.edges) == (OLD, False, "", True, ("edge-1",))
    assert found.place == world.workload.servers
    assert (world.record.records, world.everybody(OLD)) == ({}, True)
    go(world)
    assert prospect(Order(artefact=artefact()), world.parts).nothing


def test_every_problem_and_every_phase_has_its_words() -> None:
    fields = {"host": "h", "edge": "e", "needed": 1, "free": 1, "said": ()}
    for problem in Problem:
        assert text(f"release.trouble.{problem}", "id", fields) != text(f"release.trouble.{problem}", "en", fields)
    assert {phase.value for phase in Phase} >= {"place", "expand", "batch", "gate", "back", "contract", "resumed"}
    assert Artefact.__dataclass_params__.frozen  # type: ignore[attr-defined]
