"""The way back by hand."""

from __future__ import annotations

import pytest

from network.errors import NeedsPerson, NotFound, Refused
from network.services.release_back import rollback
from tests.unit.services.releasing import (
    NEW,
    OLD,
    OTHER,
    World,
    go,
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
