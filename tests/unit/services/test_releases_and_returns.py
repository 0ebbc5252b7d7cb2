"""A server is not wiped while a release works on it, and nothing is released where a server is being wiped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from network.core.building import BuildRequest, Ending, Heard, Verb
from network.core.plays import HostEnd, PlayHeard, PlayRequest, PlayResult, Plays, Status
from network.core.releases.record import Phase
from network.core.returning import KEPT
from network.errors import LajurError, Refused
from network.ledger.sqlite import open_sqlite
from network.ledger.store import SqlLedger
from network.runners.threads import ThreadRunner
from network.services.giving_back import ReturnHands
from network.services.infra import BuildHands, Errand, carry_out
from network.services.release_back import rollback
from network.services.release_parts import engaged
from tests.unit.services.releasing import Killed, Locks, World, artefact, both, go, regency, workload

KINDS = ("memory", "files")
Deed = Callable[[], None]


@dataclass
class Wiper:
    """The edges that are told before servers are wiped, and the builder that wipes them. `during` is called in both."""

    during: Deed = lambda: None
    did: list[str] = field(default_factory=list)

    def play(self, request: PlayRequest, heard: PlayHeard) -> PlayResult:
        self.did.append(request.playbook)
        self.during()
        away = {server: {"problem": ""} for server in request.variables["release"]["hosts"]}
        return PlayResult(hosts={"edge-1": HostEnd(status=Status.OK, values={KEPT: {"servers": away}})})

    def run(self, request: BuildRequest, heard: Heard) -> Ending:
        self.did.append(request.verb.value)
        self.during()
        return Ending(result={"outputs": {}})


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with open_sqlite(tmp_path / "state") as found:
        yield found


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """A gateway on the regency's own servers, whose locks are in memory, or the machine's own files."""
    made = World(workload(2, database="records"))
    made.locks = Locks() if request.param == "memory" else ThreadRunner(tmp_path / "locks", wait=0.05)
    return made


def hands(world: World, ledger: SqlLedger, wiper: Wiper) -> BuildHands:
    @contextmanager
    def plays() -> Iterator[Plays]:
        yield wiper

    own = regency()
    paths: dict[str, Any] = dict.fromkeys(("folder", "state", "home", "passphrase_file", "known_hosts", "reports"), "/nowhere")
    return BuildHands(
        regency=own.head.key,
        place="direct",
        protected=dict.fromkeys((server.key for server in own.servers), False),
        request=BuildRequest(verb=Verb.PREVIEW, today="-", now="-", project="lajur", stack="x", **paths),
        access=lambda _: {},
        builder=wiper,
        runner=world.locks,
        audit=ledger,
        observations=ledger.observations("direct"),
        clock=world.clock,
        actor="os:budi",
        returns=ReturnHands(
            workloads=own.workloads,
            standing=frozenset(server.key for server in own.servers),
            zone=own.zone,
            plays=plays,
            has_steps=lambda _: True,
            releases=world.record,
        ),
    )


def wipe(world: World, ledger: SqlLedger, wiper: Wiper, server: str, **more: Any) -> Wiper:
    errand = Errand(verb=Verb.DESTROY, servers=(server,), release=True, without_backup="a copy", **more)
    assert carry_out(errand, hands(world, ledger, wiper)).error is None
    return wiper


def told(error: LajurError) -> dict[str, object]:
    assert error.exit_code == 3
    assert all(both(error))
    return {name: value for name, value in error.fields.items() if name != "pid"}


def test_a_release_works_on_its_servers_its_edges_and_its_database(world: World) -> None:
    assert engaged(world.parts) == ("app-1", "app-2", "edge-1", "db-1")


def test_no_server_is_wiped_while_a_release_works_on_it(world: World, ledger: SqlLedger) -> None:
    refused: set[str] = set()

    def wipe_all(_: int, word: str) -> None:
        if word not in ("place", "batch", "watch", "drain"):
            return
        for server in ("app-1", "app-2", "edge-1", "db-1"):
            wiper = Wiper()
            with pytest.raises(Refused) as caught:
                wipe(world, ledger, wiper, server)
            assert wiper.did == []
            assert told(caught.value) == {
                "server": server,
                "run": world.record.last("gateway").id,  # type: ignore[union-attr]
                "actor": "os:ayu",
                "workload": "gateway",
                "release": artefact().id,
                "since": "2026-08-05 12:00 WIT",
            }
            refused.add(server)

    world.happen = wipe_all
    assert go(world).result == "done"
    assert refused == {"app-1", "app-2", "edge-1", "db-1"}
    assert [entry.event.action for entry in ledger.entries()] == [], "something was begun"
    assert wipe(world, ledger, Wiper(), "app-1").did == ["steps/swap", "destroy"]


def test_a_server_that_no_release_works_on_is_wiped_meanwhile_and_so_is_what_is_lost(world: World, ledger: SqlLedger) -> None:
    elsewhere, lost = Wiper(), Wiper()

    def wipe_some(_: int, word: str) -> None:
        if word == "watch" and not elsewhere.did:
            wipe(world, ledger, elsewhere, "app-3")
            wipe(world, ledger, lost, "app-2", lost="it burned")

    world.happen = wipe_some
    assert go(world).result == "done"
    assert (elsewhere.did, lost.did) == (["destroy"], ["destroy"])


@pytest.mark.parametrize("server", ["app-2", "edge-1", "db-1"])
def test_nothing_is_released_and_nothing_taken_back_while_a_server_is_wiped(world: World, ledger: SqlLedger, server: str) -> None:
    codes = []

    def release() -> None:
        for work in (go, lambda world: rollback(world.parts)):
            with pytest.raises(Refused) as caught:
                work(world)
            codes.append(caught.value.code)
            known = told(caught.value)
            assert str(known.pop("run")).startswith("infra-2026")
            assert known == {"workload": "gateway", "server": server}

    wiper = wipe(world, ledger, Wiper(during=release), server)
    assert set(codes) == {"release.busy_return"}
    assert len(codes) == 2 * len(wiper.did)
    assert world.record.records == {}
    assert go(world).result == "done"


def test_a_server_elsewhere_that_is_wiped_holds_no_release_up(world: World, ledger: SqlLedger) -> None:
    results = []
    wipe(world, ledger, Wiper(during=lambda: results.append(go(world).result)), "app-3")
    assert results == ["done"]


def test_who_goes_on_with_a_release_that_was_cut_is_on_record_and_named(world: World, ledger: SqlLedger) -> None:
    """Its turn has another name than the run that it goes on with."""

    def cut(_: int, word: str) -> None:
        if word == "watch":
            raise Killed

    world.happen = cut
    with pytest.raises(Killed):
        go(world)
    (first,) = world.record.records
    turns: list[dict[str, object]] = []

    def look(_: int, word: str) -> None:
        if word in ("place", "contract"):
            for work in (lambda: go(world), lambda: wipe(world, ledger, Wiper(), "app-1")):
                with pytest.raises(Refused) as caught:
                    work()
                turns.append(told(caught.value))

    world.happen = look
    assert go(world, contract=True).result == "done"
    (resumed,) = [mark for mark in world.record.marks(first) if mark.phase is Phase.RESUMED]
    (contracted,) = [each for each in world.record.records if each != first]
    (contract,) = world.record.marks(contracted)
    assert {each["run"] for each in turns} == {resumed.detail["turn"]} == {contract.detail["turn"]}
    assert first != resumed.detail["turn"]
    assert resumed.detail["actor"] == "os:ayu"
    assert all(each["actor"] == "os:ayu" and each["since"] for each in turns)
