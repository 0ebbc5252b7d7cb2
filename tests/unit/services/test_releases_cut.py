"""A release that is cut at every step, in every way: nothing is lost, and whoever comes next converges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from network.core.releases.values import Migration
from network.errors import DeviceUnreachable, LedgerError, Refused
from network.services.release_back import rollback
from network.services.release_parts import Outcome
from network.services.releases import Order, deploy
from tests.unit.services.releasing import NEW, OLD, OTHER, Killed, World, artefact, go, reasons, workload

ORDER = Order(artefact=artefact(), contract=True)


def at(number: int, deed: Callable[[], None]) -> Callable[[int, str], None]:
    """Do it at the step of that number."""

    def happen(step: int, _: str) -> None:
        if step == number:
            deed()

    return happen


def raising(error: BaseException) -> Callable[[], None]:
    def deed() -> None:
        raise error

    return deed


def cut_at_each(make: Callable[[], World]) -> Iterator[World]:
    """A world in which a deployment was cut, once for each of its steps."""
    number, cut = 1, True
    while cut:
        world = make()
        world.happen = at(number, raising(Killed()))
        cut = False
        try:
            deploy(ORDER, world.parts)
        except Killed:
            cut = True
            world.again()
            world.holds()
            yield world
        number += 1
    assert number > 30, "hardly anything was done"


@pytest.mark.parametrize("size", [1, 2, 4], ids=str)
def test_the_same_file_goes_on_and_converges(size: int) -> None:
    for world in cut_at_each(lambda: World(workload(size))):
        was = {server: set(each.releases) for server, each in world.fleet.servers.items()}
        outcome = deploy(ORDER, world.parts)
        assert outcome.result in ("done", "nothing"), outcome
        assert world.everybody(NEW)
        assert all(each.result != "running" for each in world.record.records.values())
        assert all(OLD in before for before in was.values()), "what was there before was lost"
        assert world.record.last("gateway")


@pytest.mark.parametrize("size", [2, 4], ids=str)
def test_a_rollback_takes_back_what_was_cut(size: int) -> None:
    for world in cut_at_each(lambda: World(workload(size))):
        last = world.record.last("gateway")
        if last is None or not last.is_open:
            continue
        assert rollback(world.parts).result == "done"
        assert world.everybody(OLD)
        assert deploy(Order(artefact=artefact(OTHER)), replaced(world)).result == "done"


def replaced(world: World) -> Any:
    world.known |= {OTHER}
    return world.parts


def deployed(world: World) -> Outcome | None:
    """None when it was refused because something does not answer."""
    try:
        return deploy(Order(artefact=artefact()), world.parts)
    except Refused as refused:
        if refused.code != "release.unreachable":
            raise
        return None


def test_another_file_is_refused_while_one_is_open() -> None:
    for world in cut_at_each(World):
        last = world.record.last("gateway")
        if last is None or not last.is_open:
            continue
        before = {server: (each.current, tuple(each.releases)) for server, each in world.fleet.servers.items()}
        with pytest.raises(Refused) as refused:
            deploy(Order(artefact=artefact(OTHER)), world.parts)
        assert (refused.value.code, refused.value.fields["open"], refused.value.fields["asked"]) == (
            "release.other_open",
            NEW,
            OTHER,
        )
        assert before == {server: (each.current, tuple(each.releases)) for server, each in world.fleet.servers.items()}


def test_a_second_cut_changes_nothing_about_that() -> None:
    """Cut, gone on with, cut again at each step of that, and then taken back."""
    whole = World(workload(2))
    assert deploy(ORDER, whole.parts).result == "done"
    for late in range(5, whole.steps, 9):
        number = 1
        while True:
            world = World(workload(2))
            world.happen = at(late, raising(Killed()))
            with pytest.raises(Killed):
                deploy(ORDER, world.parts)
            world.steps, world.happen = 0, at(number, raising(Killed()))
            try:
                deploy(ORDER, world.parts)
                break
            except Killed:
                pass
            world.again()
            last = world.record.last("gateway")
            if last is not None and last.is_open:
                assert rollback(world.parts).result == "done"
                assert world.everybody(OLD)
            number += 1


def test_a_rollback_that_is_cut_goes_on() -> None:
    number, cut = 1, True
    while cut:
        world = World(workload(4))
        world.happen = lambda step, word: None
        assert deploy(Order(artefact=artefact()), world.parts).result == "done"
        world.steps, world.happen = 0, at(number, raising(Killed()))
        cut = False
        try:
            rollback(world.parts)
        except Killed:
            cut = True
        world.again()
        world.holds()
        last = world.record.last("gateway")
        if cut and last is not None and last.task.value == "rollback" and last.result == "running":
            with pytest.raises(Refused, match=r"release\.rollback_open"):
                deploy(Order(artefact=artefact()), world.parts)
        rollback(world.parts, to=OLD)
        assert world.everybody(OLD)
        number += 1
    assert number > 20


def test_whoever_interrupts_gets_the_state_before_back() -> None:
    number, interrupted = 1, True
    while interrupted:
        world = World()
        world.happen = at(number, raising(KeyboardInterrupt()))
        outcome = None
        try:
            outcome = deploy(Order(artefact=artefact()), world.parts)
            interrupted = outcome.interrupted
        except KeyboardInterrupt:
            assert world.everybody(OLD) or world.everybody(NEW)
        if outcome is not None and outcome.interrupted:
            assert outcome.result == "returned"
            assert world.everybody(OLD)
        number += 1
    assert number > 30


def test_hands_that_fail_altogether_lead_back() -> None:
    number, failed = 1, True
    while failed:
        world = World()
        error = DeviceUnreachable("device.unreachable", device="mon-1", step="play")
        world.happen = at(number, raising(error))
        try:
            outcome = deploy(Order(artefact=artefact()), world.parts)
            failed = outcome.result != "done"
            assert not failed or (outcome.error is not None and outcome.error.fields["reasons"] == (error,))
            assert world.everybody(OLD if outcome.result == "returned" else NEW)
        except DeviceUnreachable:
            assert world.everybody(OLD) or world.everybody(NEW)
        number += 1


@pytest.mark.parametrize("server", ["app-1", "app-2", "app-4"])
def test_a_server_that_dies_at_any_moment_is_kept_out_and_taken_back_when_it_is_there_again(server: str) -> None:
    for number in range(1, 90):
        world = World()
        world.watched = False  # what died of itself is beyond anybody's batches

        def die(world: World = world) -> None:
            world.fleet.servers[server].reachable = False

        world.happen = at(number, die)
        outcome = deployed(world)
        if outcome is None:
            continue
        dead = world.fleet.servers[server]
        others = {key: each for key, each in world.fleet.let_in().items() if key != server}
        assert len(set(others.values())) == 1, "two releases are live"
        if dead.reachable or outcome.result == "done":
            assert set(others.values()) == {NEW}
            continue
        assert set(others.values()) == {OLD}
        if outcome.result == "returned":  # nobody had touched it yet
            assert dead.current == OLD
        else:
            assert outcome.error is not None
            assert outcome.error.code == "release.left"
            assert all(dead.drained.values())
        world.again()
        dead.reachable, dead.unit = True, "active"
        if outcome.result == "needs_person":
            assert rollback(world.parts).result == "done"
        assert world.everybody(OLD)


def test_an_edge_that_is_started_again_at_any_moment_forgets_nothing_that_matters() -> None:
    for number in range(1, 90):
        world = World(workload(3, edges=2))
        world.watched = False

        def restart(world: World = world) -> None:
            world.fleet.forget("edge-2")

        world.happen = at(number, restart)
        assert deploy(Order(artefact=artefact()), world.parts).result == "done"
        assert world.everybody(NEW)


def test_an_edge_that_is_gone_for_a_while_is_waited_for_and_one_that_is_gone_leads_back() -> None:
    for number in range(1, 90):
        for back in (True, False):
            world = World(workload(3, edges=2))
            world.watched = False

            def gone(world: World = world) -> None:
                world.fleet.unreachable.add("edge-2")

            world.happen = at(number, gone)
            if back:
                world.clock.asleep = world.fleet.unreachable.clear
            outcome = deployed(world)
            if outcome is None:
                continue
            assert len(set(world.fleet.let_in().values())) == 1, (number, back)
            if outcome.result == "needs_person":
                world.again()
                world.fleet.unreachable.clear()
                assert rollback(world.parts).result == "done"
                assert world.everybody(OLD)


def test_a_record_that_cannot_be_written_any_more_stops_the_way_there_and_not_the_way_back() -> None:
    number, done = 1, False
    while not done:
        world = World()
        error = LedgerError("ledger.failed", ledger="a file", reason="disk full")

        def lose(step: int, _: str, world: World = world, number: int = number, error: LedgerError = error) -> None:
            if step >= number:
                world.record.lost = error

        world.happen = lose
        outcome = None
        try:
            outcome = deploy(Order(artefact=artefact()), world.parts)
        except LedgerError:
            assert world.everybody(OLD), "nothing may be done that is not on record"
        if outcome is not None:
            done = outcome.result == "done"
            assert world.everybody(NEW if done else OLD)
            assert done or "release.unrecorded" in {each.code for each in outcome.warnings}
        world.again()
        world.record.lost = None
        last = world.record.last("gateway")
        if last is not None and last.result == "running":
            assert deploy(Order(artefact=artefact()), world.parts).result in ("done", "nothing")
            assert world.everybody(NEW)
        number += 1
    assert number > 20


def stopped_at_pruning(world: World) -> None:
    def stop(_: int, word: str) -> None:
        if word == "prune":
            raise KeyboardInterrupt

    world.happen = stop


def test_ctrl_c_while_old_releases_are_removed_leaves_a_finished_release_finished() -> None:
    world = World()
    stopped_at_pruning(world)
    outcome = go(world)
    assert (outcome.result, outcome.error, outcome.interrupted, world.everybody(NEW)) == ("done", None, False, True)
    assert "release.not_pruned" in [each.code for each in outcome.warnings]
    assert world.record.history()[0].result == "done"


def test_ctrl_c_there_begins_no_contract() -> None:
    world = World()
    stopped_at_pruning(world)
    outcome = go(world, contract=True)
    assert (outcome.result, world.everybody(NEW), len(world.record.records)) == ("done", True, 1)
    assert {"release.not_contracted", "release.stopped_by_hand"} <= set(reasons(outcome.error))
    assert (NEW, Migration.CONTRACT) not in world.fleet.migrations
