"""Who plays has the servers to themselves, and is refused where somebody else has one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from network.core.plays import Playing
from network.errors import Refused
from network.ledger.store import SqlLedger
from network.services.play_turns import OWN_TURN, PlayParts, meant, only_looks, play_turn
from network.services.release_back import rollback
from network.services.stage_doors import TURN as STAGES
from tests.unit.services.releasing import World, artefact, go, regency
from tests.unit.services.test_releases_and_returns import Wiper, ledger, told, wipe, world
from tests.unit.services.test_stage_doors import Office

__all__ = ["ledger", "world"]

PLAYBOOKS = Path(__file__).parents[3] / "playbooks"
SINCE = "2026-08-05 12:00 WIT"


def parts(world: World) -> PlayParts:
    own = regency()
    return PlayParts(
        regency=own,
        standing=tuple(server.key for server in own.servers),
        runner=world.locks,
        record=world.record,
        clock=world.clock,
        actor="os:rina",
    )


@contextmanager
def playing(world: World, *servers: str) -> Iterator[None]:
    own = parts(world)
    with play_turn(own, "site", servers or own.standing):
        yield


def test_a_second_play_is_refused_and_told_who_plays_what_since_when(world: World) -> None:
    with playing(world):
        with pytest.raises(Refused) as caught, playing(world):
            pass
        assert told(caught.value) == {"actor": "os:rina", "playbook": "site", "since": SINCE, "server": "app-1"}
        assert caught.value.code == "play.busy_play"
    with playing(world):
        pass


def test_plays_on_other_servers_do_not_wait_for_each_other(world: World) -> None:
    with playing(world, "app-1"), playing(world, "mon-1"):
        pass


def test_nothing_is_played_while_a_release_works_on_one_of_the_servers(world: World) -> None:
    refused = []

    def play(_: int, word: str) -> None:
        if word == "watch":
            with pytest.raises(Refused) as caught, playing(world):
                pass
            refused.append(caught.value)
            with playing(world, "app-3"):
                pass

    world.happen = play
    assert go(world).result == "done"
    assert {each.code for each in refused} == {"play.busy_release_since"}
    said = told(refused[0])
    assert (said["actor"], said["workload"], said["release"], said["since"]) == ("os:ayu", "gateway", artefact().id, SINCE)


def test_nothing_is_played_while_a_server_is_wiped(world: World, ledger: SqlLedger) -> None:
    codes = []

    def play() -> None:
        with pytest.raises(Refused) as caught, playing(world):
            pass
        codes.append((caught.value.code, told(caught.value)["server"]))

    wipe(world, ledger, Wiper(during=play), "app-2")
    assert set(codes) == {("play.busy_return", "app-2")}


def test_nothing_is_released_taken_back_or_wiped_while_somebody_plays(world: World, ledger: SqlLedger) -> None:
    wiper = Wiper()
    with playing(world):
        for work, code in (
            (lambda: go(world), "release.busy_play"),
            (lambda: rollback(world.parts), "release.busy_play"),
            (lambda: wipe(world, ledger, wiper, "app-1"), "infra.playing"),
        ):
            with pytest.raises(Refused) as caught:
                work()
            assert caught.value.code == code
            assert told(caught.value).items() >= {"actor": "os:rina", "playbook": "site", "since": SINCE}.items()
    assert (wiper.did, world.record.records) == ([], {})
    assert go(world).result == "done"


def test_no_stage_is_opened_while_somebody_plays_on_its_edges(ledger: SqlLedger) -> None:
    office = Office(ledger)
    own = PlayParts(
        regency=office.truth,
        standing=tuple(office.standing),
        runner=office.locks,
        record=ledger.releases(office.truth.head.key, "direct"),
        clock=World().clock,
        actor="os:rina",
    )
    with play_turn(own, "workloads", ("edge-1",)), pytest.raises(Refused) as caught:
        office.opens("pilot")
    assert (caught.value.code, told(caught.value)["playbook"], office.deeds()) == ("release.stage_busy_play", "workloads", [])
    with office.locks.hold((STAGES,), "stage-x"), pytest.raises(Refused) as caught, play_turn(own, "site", ("edge-1",)):
        pass
    assert (caught.value.code, told(caught.value)) == ("play.busy_stage", {"run": "stage-x"})
    with play_turn(own, "servers", ("mon-1",)):
        assert office.opens("pilot").error is None


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ((), None),
        (("--limit", "app-1,app-2"), ("app-1", "app-2")),
        (("--limit=app-1:mon-1", "--tags", "x"), ("app-1", "mon-1")),
        (("--limit", "runs_edge"), None),
        (("--limit", "servers:!app-1"), None),
        (("-lapp-1",), None),
        (("-l", "app-1", "-l", "app-2"), None),
    ],
)
def test_a_play_has_the_servers_that_it_is_limited_to_or_all(words: tuple[str, ...], wanted: tuple[str, ...] | None) -> None:
    own = parts(World())
    assert sorted(meant("site", words, own)) == sorted(wanted or own.standing)
    assert meant("restore", words, own) == own.standing


def test_a_database_is_played_together_with_the_server_of_its_backups() -> None:
    own = parts(World())
    (database,) = (each for each in own.regency.workloads if each.backup)
    assert database.backup is not None
    assert set(meant("database", ("--limit", database.servers[0]), own)) == {database.servers[0], database.backup.to}


@pytest.mark.parametrize("words", [("--check", "--diff"), ("-C",), ("-vC",), ("-CD",), ("--list-tasks",), ("--syntax-check",)])
def test_who_only_looks_waits_for_nobody(words: tuple[str, ...]) -> None:
    assert only_looks(words)


@pytest.mark.parametrize("words", [(), ("--diff",), ("-e", "x=C"), ("-eC=1",), ("-v",), ("--connection", "ssh")])
def test_who_changes_something_does(words: tuple[str, ...]) -> None:
    assert not only_looks(words)


def test_playbooks_that_call_a_service_are_those_that_leave_the_turn_to_it() -> None:
    """By what they call; one that is forgotten would wait for itself."""
    calls = ("lajur_rollout:", "lajur_return:", "lajur_qos:", "lajur_links:", "lajur_link:")
    assert {path.stem for path in PLAYBOOKS.glob("*.yml") if any(each in path.read_text() for each in calls)} == OWN_TURN


def test_the_name_of_a_play_tells_who_plays_what_since_when() -> None:
    play = Playing(playbook="site", actor="os:rina", since=datetime(2026, 8, 5, 3, 0, 7, tzinfo=UTC))
    assert Playing.of(play.name) == play
    assert len(replace(play, playbook="lease_return", actor="os:a.long.name").name) <= 57, "PostgreSQL keeps no more"
    assert [Playing.of(name) for name in ("release-20260805t030000-abcdef", "infra-x", "?", "play-x site os:a")] == [None] * 4
