"""Releases on bad days: what is away, full, cut or not the way it should be, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from network.core.releases.record import Task
from network.core.releases.values import ArtefactKind, Migration
from network.drivers.memory_releases import Behaviour
from network.errors import NeedsPerson, Refused, RunReturned
from network.services.release_back import rollback
from network.services.releases import Order, deploy, prospect
from tests.unit.services.releasing import (
    NEW,
    OLD,
    OTHER,
    QUIET,
    Killed,
    World,
    artefact,
    both,
    deployed,
    go,
    reasons,
    refused,
    workload,
)

PEAK = datetime(2026, 8, 18, 0, 0, tzinfo=UTC)  # 09.00 WIT on the first day of rka-skpd


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
    world.record.begin(deployed(OLD))
    world.record.finish("release-0", "done", QUIET)
    go(world, contract=True)
    assert refused(world, OLD).code == "release.contracted"
    with pytest.raises(Refused, match=r"release\.contracted"):
        rollback(world.parts)
    assert rollback(world.parts, force=True).result == "done"
    assert world.everybody(OLD)


def test_a_server_or_an_edge_that_does_not_answer_is_told_before_anything_is_begun() -> None:
    world = World()
    world.fleet.servers["app-2"].reachable = False
    world.fleet.unreachable.add("edge-1")
    found = refused(world)
    assert found.code == "release.unreachable"
    assert reasons(found).count("release.edge_unknown") == 4
    assert all("app-2" in said and "lajur play site" in said and "play workloads" not in said for said in both(found))


def test_a_database_that_does_not_answer_is_told_before_anything_is_sent() -> None:
    world = World(workload(database="records"))
    world.fleet.database = False
    found = refused(world)
    assert found.code == "release.unreachable"
    assert reasons(found).count("release.database_silent") == 4
    assert all("records (db-1)" in said and "lajur play site" in said for said in both(found))
    with pytest.raises(Refused, match=r"release\.unreachable"):
        prospect(Order(artefact=artefact()), world.parts)
    world = World(workload(database="records", migrate=()))
    world.fleet.database = False
    assert go(world).result == "done", "nothing of it needs the database"


def test_a_migration_is_not_blamed_for_a_database_that_went_away() -> None:
    world = World(workload(database="records"))

    def happen(_: int, word: str) -> None:
        if word == "expand":
            world.fleet.database = False

    world.happen = happen
    outcome = go(world)
    assert {"release.database_away", "release.trouble.migration", "release.remedy.database"} <= set(reasons(outcome.error))
    assert (outcome.result, world.record.history()[0].detail["cause"]) == ("returned", "release.database_away")
    assert all("{{ 6*7 }}" in said and "lajur play site" in said for said in both(outcome.error))
    assert not any("Mend the migration" in said or "migrasinya" in said for said in both(outcome.error))


def test_where_nobody_can_tell_both_causes_of_a_failed_migration_are_told() -> None:
    outcome = go(World(behaviours={NEW: Behaviour(failing=frozenset({Migration.EXPAND}))}))
    indonesian, english = both(outcome.error)
    assert ("lajur play site" in indonesian, "perbaiki migrasinya" in indonesian) == (True, True)
    assert ("lajur play site" in english, "mend the migration" in english) == (True, True)


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
    world.locks.held["release"] = "release-1"
    found = refused(world)
    assert (found.code, found.exit_code) == ("release.busy", 3)
    world.locks.held["release"], world.locks.note = "release-20260805t025900-0a1b2c", {"actor": "os:budi", "workload": "gateway"}
    looking = refused(world)
    assert looking.code == "release.busy_looking"
    assert all("os:budi" in said and "gateway" in said and "2026-08-05 11:59 WIT" in said for said in both(looking))
    world.locks.held["release"] = "release-1"
    assert refused(world).code == "release.busy", "nobody knows since when"
    world.record.begin(replace(deployed(OTHER), id="release-1"))
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


def test_a_clock_that_is_off_is_told_of_and_judges_nothing() -> None:
    world = World()
    now = int(QUIET.timestamp())
    world.fleet.servers["app-1"].clock, world.fleet.servers["app-2"].clock = now + 5, now - 3 * 86400
    world.fleet.requests = 0
    outcome = go(world)
    told = [each for each in outcome.warnings if each.code == "release.clock_off"]
    assert [each.fields for each in told] == [{"host": "app-2", "seconds": -3 * 86400}]
    assert "release.few_requests" in [each.code for each in outcome.warnings]
    world = World(behaviours={NEW: Behaviour(status=500)})
    world.fleet.servers["app-1"].clock = now + 3 * 86400
    assert (go(world).result, world.everybody(OLD)) == ("returned", True)


def test_on_the_way_back_an_edge_that_stays_silent_is_waited_for_once() -> None:
    world = World(workload(4, edges=2), behaviours={NEW: Behaviour(wrong=2)})
    world.watched = False
    waits: list[int] = []

    def go_away(_: int, word: str) -> None:
        if word == "watch" and len(world.fleet.let_in()) == 4:
            world.fleet.unreachable.add("edge-2")

    world.happen, world.clock.asleep = go_away, lambda: waits.append(1)
    outcome = go(world)
    assert {each.current for each in world.fleet.servers.values()} == {OLD}
    assert (outcome.result, waits) == ("needs_person", [])
    assert [each.fields["edges"] for each in outcome.warnings if each.code == "release.without_edge"] == ["edge-2"]
    world.again()
    world.fleet.unreachable.clear()
    assert (rollback(world.parts).result, world.everybody(OLD)) == ("done", True)
