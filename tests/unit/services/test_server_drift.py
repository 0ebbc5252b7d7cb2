"""Roles looked at on servers: what a play tells becomes findings, whatever it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from network.core.plays import HostEnd, PlayEvent, PlayHeard, PlayRequest, PlayResult, Status
from network.services.server_drift import ServerDrift, server_drift

AT = datetime(2026, 9, 7, 8, tzinfo=UTC)
SERVERS = ("app-1", "db-1")


class Played:
    """A play that tells these events, and ends so."""

    def __init__(self, events: Sequence[PlayEvent], ends: Mapping[str, HostEnd]) -> None:
        self.events, self.ends = events, ends
        self.asked: list[PlayRequest] = []

    def play(self, request: PlayRequest, heard: PlayHeard) -> PlayResult:
        self.asked.append(request)
        for event in self.events:
            heard(event)
        return PlayResult(hosts=self.ends)


def event(host: str, task: str, status: Status = Status.CHANGED, **value: Any) -> PlayEvent:
    return PlayEvent(host=host, task=task, status=status, value=value)


def looked(*events: PlayEvent, **ends: HostEnd) -> ServerDrift:
    good = {server: HostEnd(status=Status.OK) for server in SERVERS}
    return server_drift(Played(events, {**good, **{name.replace("_", "-"): end for name, end in ends.items()}}), SERVERS, AT)


def test_it_only_looks_at_the_servers_that_are_meant() -> None:
    played = Played([], {server: HostEnd(status=Status.OK) for server in SERVERS})
    found = server_drift(played, SERVERS, AT)
    assert played.asked == [PlayRequest(playbook="site", hosts=SERVERS, check=True)]
    assert (found.looked, found.findings, found.unread) == (SERVERS, (), {})


def test_each_task_that_would_change_something_is_one_in_the_order_of_the_truth() -> None:
    found = looked(
        event("db-1", "base : Lay down the settings", changed=["/etc/hosts"]),
        event("app-1", "base : Lay down the settings", Status.OK),
        event("app-1", "Hold the backups", changed=["pgbackrest.service", "x" * 999]),
    ).findings
    assert [(each.server, each.role, each.task) for each in found] == [
        ("app-1", "", "Hold the backups"),
        ("db-1", "base", "Lay down the settings"),
    ]
    assert found[0].things == ("pgbackrest.service", "x" * 200)
    assert found[1].mend == "lajur play site --server db-1"


def test_what_a_machine_says_is_not_taken_as_it_stands() -> None:
    odd: list[Any] = ["no list", {"a": 1}, None, [1, {"b": 2}]]
    found = looked(*(event("app-1", "base : x", changed=each) for each in odd), event("stranger", "base : x")).findings
    assert [each.things for each in found] == [()] * len(odd)


def test_a_server_that_was_not_read_to_the_end_is_told_and_hides_no_other() -> None:
    away = HostEnd(status=Status.UNREACHABLE, task="Gathering Facts", message="no route")
    found = looked(event("app-1", "base : x"), db_1=away)
    assert (found.looked, found.unread, len(found.findings)) == (("app-1",), {"db-1": away}, 1)
