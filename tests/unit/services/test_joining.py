"""A server that joins a workload carries what the others carry, before an edge knows of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

import pytest

from network.core.releases.values import Artefact
from network.drivers.memory_releases import Behaviour, MemoryServer
from network.errors import LajurError, Refused
from network.services.joining import Joined, join
from tests.unit.services.releasing import NEW, OLD, Killed, World, artefact, both, deployed, reasons, workload

JOINS = ("app-3",)


@dataclass
class Kept:
    """The files that servers keep: `there` are the servers that have the one of OLD."""

    there: tuple[str, ...] = ("app-1", "app-2")
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    @contextmanager
    def fetch(self, release: str, sha256: str, version: str, servers: Sequence[str]) -> Iterator[Artefact]:
        self.asked.append((release, sha256, version))
        if not set(servers) & set(self.there):
            raise Refused("release.no_file", workload="gateway", release=release, reasons=())
        yield artefact(release)


@pytest.fixture
def world() -> World:
    """Three servers, the third of which is new and not known at the edge."""
    made = World(workload(3))
    made.watched = False
    made.fleet.servers["app-3"] = MemoryServer()
    made.record.records["release-0"] = replace(deployed(OLD), version="1", sha256=artefact(OLD).sha256, result="done")
    return made


def go(world: World, kept: Kept | None = None) -> Joined:
    return join(JOINS, world.parts, kept or Kept(), "capacity-1")


def test_it_carries_what_the_others_carry_and_no_edge_is_told(world: World) -> None:
    kept = Kept()
    told: list[str] = []
    world.happen = lambda step, word: told.append(word)
    assert go(world, kept) == Joined(release=OLD)
    new = world.fleet.servers["app-3"]
    assert (new.current, new.unit, new.releases, new.drained) == (OLD, "active", [OLD], {})
    assert kept.asked == [(OLD, artefact(OLD).sha256, "1")]
    assert "drain" not in told
    assert all(world.fleet.servers[each].drained == {"edge-1": False} for each in ("app-1", "app-2"))


def test_once_more_is_nothing(world: World) -> None:
    go(world)
    told: list[str] = []
    world.happen = lambda step, word: told.append(word)
    kept = Kept()
    assert go(world, kept) == Joined(release=OLD)
    assert kept.asked == []
    assert not set(told) & {"place", "drain", "switch", "restart"}


@pytest.mark.parametrize("at", range(1, 12))
def test_cut_anywhere_the_next_one_goes_on(world: World, at: int) -> None:
    def end(step: int, _: str) -> None:
        if step == at:
            raise Killed

    world.happen = end
    with suppress(Killed):
        go(world)
    world.locks.held.clear()  # the kernel lets go of them
    world.again()
    assert go(world) == Joined(release=OLD)
    assert (world.fleet.servers["app-3"].current, world.fleet.servers["app-3"].unit) == (OLD, "active")


def test_one_that_the_edge_knows_is_drained_before_it_is_switched(world: World) -> None:
    world.fleet.servers["app-3"] = MemoryServer(
        current=NEW, releases=[NEW, OLD], unit="active", drained={"edge-1": False}
    )  # fmt: skip
    told: list[str] = []
    world.happen = lambda step, word: told.append(word)
    assert go(world) == Joined(release=OLD)
    assert "drain" in told
    assert world.fleet.servers["app-3"].drained == {"edge-1": False}


def test_before_the_first_release_there_is_nothing_to_carry(world: World) -> None:
    for each in ("app-1", "app-2"):
        world.fleet.servers[each] = MemoryServer(drained={"edge-1": False})
    assert go(world) == Joined(release="")


@pytest.mark.parametrize("word", ["silent", "lost", "unknown", "mixed", "busy"])
def test_what_cannot_be_is_refused_in_both_languages(world: World, word: str) -> None:
    kept = Kept(there=() if word == "lost" else ("app-1",))
    for number, each in enumerate(("app-1", "app-2")):
        if word == "silent":
            world.fleet.servers[each].reachable = False
        if word == "mixed" and number:
            world.fleet.servers[each].current = NEW
    if word == "unknown":
        world.record.records.clear()
    codes = {"silent": "release.unreachable", "lost": "release.no_file", "unknown": "release.no_file", "mixed": "release.mixed"}
    if word == "busy":
        world.locks.held["release@app-3"] = "release-9"
    with pytest.raises(LajurError) as caught:
        go(world, kept)
    assert caught.value.code == codes.get(word, "release.busy")
    assert all(both(caught.value))
    assert world.fleet.servers["app-3"].current == ""


def test_one_that_does_not_start_is_named_and_the_others_go_on(world: World) -> None:
    world.fleet.behaviours[OLD] = Behaviour(starts=False)
    found = go(world)
    assert reasons(found.left["app-3"]) == ["release.trouble.start", "release.said"]
    assert all(both(found.left["app-3"]))
