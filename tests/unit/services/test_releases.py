"""Releases on good days, and versions that are no good: who gets what when, what leads back, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from network.core.releases.record import Phase, Task
from network.core.releases.values import Artefact, Batch, Migration, Problem
from network.drivers.memory_releases import Behaviour
from network.errors import RunReturned
from network.messages import text
from network.services.release_back import rollback
from network.services.release_parts import AtWork, ReleaseEvent, at_work
from network.services.releases import Order, deploy, prospect
from tests.unit.services.releasing import (
    NEW,
    OLD,
    OTHER,
    QUIET,
    World,
    artefact,
    both,
    go,
    reasons,
    workload,
)


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
    assert outcome.error is not None
    assert outcome.error.code == "release.returned_first"
    assert not any("–" in said for said in both(outcome.error))


def test_a_first_release_that_fails_says_that_there_is_none_before() -> None:
    world = World(carrying="", watched=False, behaviours={NEW: Behaviour(failing=frozenset({Migration.EXPAND}))})
    nothing = go(world)
    assert (nothing.result, reasons(nothing.error)[0]) == ("returned", "release.nothing_switched_first")
    world.fleet.behaviours.clear()
    heard: list[ReleaseEvent] = []

    def die(_: int, word: str) -> None:
        if word == "answer":
            world.fleet.servers["app-1"].reachable = False

    world.happen = die
    left = deploy(Order(artefact=artefact()), world.parts, heard.append)
    assert (left.result, reasons(left.error)[0]) == ("needs_person", "release.left_first")
    again = rollback(world.parts)
    assert (again.result, reasons(again.error)[0]) == ("needs_person", "release.rollback_left_out")
    told = [text(event.code, language, event.fields) for event in heard for language in ("id", "en")]
    for said in (*both(nothing.error), *both(left.error), *both(again.error), *told):
        assert " –" not in said
        assert "goes on with it" not in said.replace("any version before goes on with it", "")


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


def test_who_is_at_it_is_known_while_somebody_has_the_turn() -> None:
    world = World()
    seen: list[AtWork | None] = []
    world.happen = lambda _, word: seen.append(at_work(world.parts)) if word == "switch" else None
    assert go(world).result == "done"
    (run,) = world.record.records
    assert set(seen) == {AtWork(run=run, pid="42", actor="os:ayu", since=QUIET)}
    world.again()
    assert at_work(world.parts) is None
    world.locks.held["release"] = "release-unknown"
    assert at_work(world.parts) == AtWork(run="release-unknown", pid="42")
    world.locks.held["release"] = run
    assert at_work(replace(world.parts, workload=replace(world.workload, key="records"))) is None
