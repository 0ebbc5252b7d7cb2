"""What speaks against giving a server back: a workload carried alone, a database without a fresh backup, an edge that does
not listen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from inventory.load import SHIPPED, load_regency
from network.core.plays import HostEnd, PlayHeard, PlayRequest, PlayResult, Plays, Status
from network.core.returning import BACKUPS, KEPT, LEAVE, LOOKED
from network.errors import PlayError, Refused
from network.services.giving_back import ReturnHands, allowed, drained, held
from tests.unit.services.releasing import MemoryRecord

REGENCY = load_regency(SHIPPED / "manokwari")
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
CLOCK = int(NOW.timestamp())
HOUR = 3600


@dataclass
class Player:
    """Plays nothing, and answers what a test tells it to. `said`: by host what the task there answers."""

    said: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fails: bool = False
    asked: list[PlayRequest] = field(default_factory=list)

    def play(self, request: PlayRequest, heard: PlayHeard) -> PlayResult:
        self.asked.append(request)
        if self.fails:
            raise PlayError("play.died", playbook=request.playbook, how="exit 1", log="-")
        task = LOOKED if request.playbook == BACKUPS else KEPT
        return PlayResult(hosts={host: HostEnd(status=Status.OK, values={task: value}) for host, value in self.said.items()})


def hands(player: Player, *, steps: bool = True) -> ReturnHands:
    @contextmanager
    def plays() -> Iterator[Plays]:
        yield player

    return ReturnHands(
        workloads=REGENCY.workloads,
        standing=frozenset(server.key for server in REGENCY.servers),
        zone=REGENCY.zone,
        plays=plays,
        has_steps=lambda _: steps,
        releases=MemoryRecord(),
    )


def backup(age: int) -> Player:
    return Player(said={"mon-1": {"now": CLOCK, "databases": {"records": CLOCK - age}}})


def test_who_carries_something_alone_goes_only_when_that_is_said() -> None:
    unprotected = dict.fromkeys(("app-1", "app-2", "db-1"), False)
    own = hands(Player())
    held(("app-1",), unprotected, own, NOW)
    for servers, named in ((("db-1",), "db-1 (records)"), (("app-1", "app-2"), "app-1 (gateway), app-2 (gateway)")):
        with pytest.raises(Refused, match="alone") as met:
            held(servers, unprotected, own, NOW)
        assert met.value.fields["servers"] == named
    held(("db-1",), unprotected, own, datetime(2030, 1, 1, tzinfo=UTC))  # nothing runs there any more by the truth
    with pytest.raises(Refused, match="protected"):
        held(("app-1",), {"app-1": True}, own, NOW)


def test_a_database_goes_with_a_fresh_backup_elsewhere_or_a_reason() -> None:
    player = backup(3 * HOUR)
    (why,) = allowed(("db-1", "app-1"), "", hands(player)).values()
    assert why == "records @ mon-1, 2026-11-26 09:00 WIT"
    assert [(request.playbook, request.hosts) for request in player.asked] == [(BACKUPS, ("mon-1",))]
    silent = Player()
    assert allowed(("db-1", "app-3"), "a copy", hands(silent)) == {"db-1": "a copy", "app-3": "a copy"}
    assert allowed(("app-1",), "", hands(silent)) == {}
    assert silent.asked == []


@pytest.mark.parametrize(
    ("player", "servers", "code"),
    [
        (lambda: backup(25 * HOUR), ("db-1",), "infra.backup_old"),
        (lambda: backup(CLOCK), ("db-1",), "infra.backup_never"),
        (lambda: backup(HOUR), ("db-1", "mon-1"), "infra.backup_with"),
        (lambda: Player(fails=True), ("db-1",), "infra.backup_unread"),
        (Player, ("db-1",), "infra.backup_unread"),
        (lambda: Player(said={"mon-1": {"now": CLOCK, "databases": {}}}), ("db-1",), "infra.backup_unread"),
        (lambda: Player(said={"mon-1": {"now": CLOCK, "databases": {"records": "{{ 1 }}"}}}), ("db-1",), "infra.backup_unread"),
        (lambda: backup(-HOUR), ("db-1",), "infra.backup_unread"),
    ],
)
def test_else_it_is_refused(player: Callable[[], Player], servers: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refused, match=code):
        allowed(servers, "", hands(player()))


def test_who_holds_the_backups_of_a_database_that_stays_goes_only_for_a_reason() -> None:
    player = backup(HOUR)
    with pytest.raises(Refused, match="backup_kept") as met:
        allowed(("app-1", "mon-1"), "", hands(player))
    assert met.value.fields == {"server": "mon-1", "databases": "records"}
    assert allowed(("mon-1",), "they are elsewhere", hands(player)) == {"mon-1": "they are elsewhere"}


def test_who_says_that_no_backup_is_there_goes_like_any_other() -> None:
    bare = Player(said={"mon-1": {"now": CLOCK, "databases": {}}})
    assert allowed(("mon-1",), "", hands(bare)) == {}
    assert [(request.playbook, request.hosts) for request in bare.asked] == [(BACKUPS, ("mon-1",))]


@pytest.mark.parametrize(
    "player", [Player(), Player(fails=True), Player(said={"mon-1": {"databases": {}}}), Player(said={"mon-1": {"now": CLOCK}})]
)
def test_who_cannot_be_asked_may_hold_backups(player: Player) -> None:
    with pytest.raises(Refused, match="backup_kept"):
        allowed(("mon-1",), "", hands(player))


def told(problem: str) -> Player:
    return Player(said={"edge-1": {"servers": {"app-1": {"problem": problem}}}})


def test_an_edge_keeps_requests_away_before_anything_is_wiped() -> None:
    player = told("")
    assert drained(("app-1",), hands(player), NOW) == ("gateway",)
    (request,) = player.asked
    assert request.playbook == LEAVE
    release = request.variables["release"]
    assert (release["key"], release["id"], release["hosts"], release["edges"]) == ("gateway", "", ["app-1"], ["edge-1"])


def test_an_edge_that_does_not_have_the_server_sends_nobody_there() -> None:
    player = Player(said={"edge-1": {"servers": {"app-1": {"problem": "edge", "known": False}}}})
    assert drained(("app-1",), hands(player), NOW) == ("gateway",)


@pytest.mark.parametrize("player", [told("edge"), Player()])
def test_an_edge_that_does_not_listen_is_a_refusal(player: Player) -> None:
    with pytest.raises(Refused, match="not_drained") as met:
        drained(("app-1",), hands(player), NOW)
    assert met.value.fields["edge"] == "edge-1"


@pytest.mark.parametrize(
    ("servers", "steps"), [(("app-1", "app-2"), True), (("db-1",), True), (("app-1", "edge-1"), True), (("app-1",), False)]
)
def test_nothing_is_drained_where_nobody_goes_on_or_nobody_lets_in(servers: tuple[str, ...], steps: bool) -> None:
    player = told("edge")
    assert drained(servers, hands(player, steps=steps), NOW) == ()
    assert player.asked == []
