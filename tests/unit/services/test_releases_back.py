"""The way back by hand."""

from __future__ import annotations

import pytest

from network.core.releases.steps import before_at
from network.drivers.memory_releases import Behaviour, MemoryReleaseHands
from network.errors import NeedsPerson, NotFound, Refused
from network.services.release_back import prospect, rollback
from tests.unit.services.releasing import (
    NEW,
    OLD,
    OTHER,
    Killed,
    World,
    both,
    go,
    reasons,
)


def test_back_to_what_was_before_and_not_forth_again() -> None:
    world = World()
    go(world)
    outcome = rollback(world.parts, reason="complaints")
    assert (outcome.result, outcome.release, outcome.before, world.everybody(OLD)) == ("done", OLD, NEW, True)
    assert world.record.history()[0].reason == "complaints"
    with pytest.raises(Refused, match=r"release\.no_before"):
        rollback(world.parts)
    assert world.everybody(OLD)


def test_where_the_first_is_carried_again_there_is_nothing_before_it() -> None:
    world = World(carrying="", watched=False)
    assert [go(world, id).result for id in (OLD, NEW)] == ["done", "done"]
    assert (rollback(world.parts).result, world.everybody(OLD)) == ("done", True)
    for back in (rollback, prospect):
        with pytest.raises(Refused) as caught:
            back(world.parts)
        assert (caught.value.code, caught.value.fields["known"]) == ("release.first", NEW)
        assert all(f"{OLD} " in said and "--to" in said and NEW in said for said in both(caught.value))
    seen = MemoryReleaseHands(world.fleet).look(["app-1"])["app-1"]
    assert (seen.previous, before_at(world.record.history(), seen)) == (NEW, "")
    assert rollback(world.parts, to=NEW).result == "done"


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


def test_a_version_before_that_no_longer_starts_does_not_take_everybody_out() -> None:
    world = World(behaviours={NEW: Behaviour(wrong=4)})
    world.fleet.requests = 0

    def people(_: int, word: str) -> None:
        """They come with the last batch, whose gate then fails."""
        if word == "switch":
            world.fleet.behaviours[OLD] = Behaviour(starts=False)
        if all(each.current == NEW for each in world.fleet.servers.values()):
            world.fleet.requests = 1000

    world.happen = people
    outcome = go(world)
    assert isinstance(outcome.error, NeedsPerson)
    assert (outcome.result, outcome.error.code) == ("needs_person", "release.left")
    assert world.fleet.let_in() == {"app-1": NEW, "app-2": NEW}
    assert {"release.trouble.start", "release.kept_on"} <= set(reasons(outcome.error))
    assert all("app-1" in said and NEW in said and OLD in said for said in both(outcome.error))
    world.again()
    world.fleet.behaviours.clear()
    assert (rollback(world.parts).result, world.everybody(OLD)) == ("done", True)


def test_by_hand_too_the_way_back_stops_before_everybody_is_out() -> None:
    world = World()
    assert go(world).result == "done"
    world.fleet.behaviours[OLD] = Behaviour(status=503)
    outcome = rollback(world.parts)
    assert isinstance(outcome.error, NeedsPerson)
    assert (outcome.result, outcome.error.code) == ("needs_person", "release.rollback_left")
    assert world.fleet.let_in() == {"app-1": NEW, "app-2": NEW}
    assert {"release.trouble.answer", "release.kept_on"} <= set(reasons(outcome.error))
    again = rollback(world.parts)
    assert (again.result, world.fleet.let_in()) == ("needs_person", {"app-1": NEW, "app-2": NEW})


def test_a_server_with_a_trouble_of_its_own_does_not_keep_the_others() -> None:
    world = World()
    go(world)
    world.watched = False
    restarts: list[int] = []

    def one(step: int, word: str) -> None:
        """Only the first that goes back does not start."""
        if word == "restart":
            restarts.append(step)
            world.fleet.behaviours[OLD] = Behaviour(starts=len(restarts) > 1)

    world.happen = one
    outcome = rollback(world.parts)
    assert isinstance(outcome.error, NeedsPerson)
    assert len(world.fleet.let_in()) == 3
    assert set(world.fleet.let_in().values()) == {OLD}


BAD, WORSE, LATER = "3-333333333333", "4-444444444444", "5-555555555555"


def test_releases_that_failed_do_not_push_out_good_ones_and_are_not_offered() -> None:
    world = World(behaviours={BAD: Behaviour(wrong=2), WORSE: Behaviour(status=503)})
    world.known |= {BAD, WORSE, LATER}
    assert go(world).result == "done"
    assert [go(world, id).result for id in (BAD, WORSE)] == ["returned", "returned"]
    assert go(world, LATER).result == "done"
    assert {tuple(each.releases) for each in world.fleet.servers.values()} == {(OLD, NEW, LATER)}


@pytest.mark.parametrize("unfinished", [False, True])
def test_back_to_one_that_failed_only_by_force(*, unfinished: bool) -> None:
    world = World(behaviours={BAD: Behaviour(wrong=2)})
    world.known.add(BAD)
    go(world)
    if unfinished:
        world.happen = lambda _, word: cut() if word == "watch" else None
        with pytest.raises(Killed):
            go(world, BAD)
        world.again()
    else:
        assert go(world, BAD).result == "returned"
    for seen in (rollback, prospect):
        with pytest.raises(Refused) as caught:
            seen(world.parts, BAD)
        assert (caught.value.code, caught.value.fields["known"]) == ("release.never_good", f"{OLD}, {NEW}")
        assert all(OLD in said and NEW in said and "--force" in said for said in both(caught.value))
    with pytest.raises(NotFound) as unknown:
        rollback(world.parts, to="9-999999999999")
    assert unknown.value.fields["known"] == f"{OLD}, {NEW}"
    assert rollback(world.parts, BAD, force=True).result == "done"
    assert world.everybody(BAD)


def cut() -> None:
    raise Killed


@pytest.mark.parametrize("word", ["place", "expand", "switch", "watch"])
def test_what_a_cut_release_never_was_is_not_what_was_before(word: str) -> None:
    world = World()
    world.known.add(BAD)
    go(world)
    world.happen = lambda _, now: cut() if now == word else None
    with pytest.raises(Killed):
        go(world, BAD)
    world.again()
    outcome = rollback(world.parts)
    assert (outcome.result, outcome.release, outcome.before, world.everybody(NEW)) == ("done", NEW, NEW, True)
    assert (rollback(world.parts).release, world.everybody(OLD)) == (OLD, True)


def test_before_a_server_was_mended_is_before_what_it_was_mended_with() -> None:
    world = World()
    go(world)
    world.fleet.servers["app-2"].unit = "failed"
    assert go(world).result == "done"
    assert (rollback(world.parts).release, world.everybody(OLD)) == (OLD, True)


def test_what_a_server_had_before_is_good_and_another_one() -> None:
    world = World(behaviours={BAD: Behaviour(wrong=2)})
    world.known.add(BAD)
    go(world)
    go(world, BAD)
    history = world.record.history()
    seen = MemoryReleaseHands(world.fleet).look(["app-1", "app-2"])
    assert (seen["app-1"].previous, seen["app-2"].previous) == (BAD, OLD)
    assert [before_at(history, each) for each in seen.values()] == [OLD, OLD]


def test_where_nothing_was_ever_released_there_is_no_way_back() -> None:
    world = World(carrying="", watched=False)
    with pytest.raises(Refused, match=r"release\.never:") as caught:
        rollback(world.parts)
    assert all("–" not in said and "lajur release deploy gateway" in said for said in both(caught.value))
