"""What is made of an edge's answer to whom it lets in: only who says so well knows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from network.core.plays import HostEnd, PlayEvent, PlayHeard, PlayRequest, PlayResult, Status
from network.core.releases.values import Problem, Told
from network.drivers.plays_doors import PlayedDoors

OPENED = {"192.0.2.0/24": "kominfo", "198.51.100.0/24": "management"}


class Edges:
    """`Plays` in which each edge ends as told; what was asked stands in `asked`."""

    def __init__(self, *events: PlayEvent) -> None:
        self.events = events
        self.asked: list[PlayRequest] = []

    def play(self, request: PlayRequest, heard: PlayHeard) -> PlayResult:
        self.asked.append(request)
        for event in self.events:
            heard(event)
        ends = {each.host: HostEnd(status=each.status, values={each.task: each.value}) for each in self.events}
        return PlayResult(hosts=ends)


def said(host: str, status: Status, value: Mapping[str, Any] | None = None, message: str = "") -> PlayEvent:
    return PlayEvent(host=host, task="Let the offices in", status=status, value=value or {}, message=message)


@pytest.mark.parametrize("check", [False, True])
def test_every_edge_is_told_everything_in_one_play(check: bool) -> None:
    whole = {"networks": 2}
    edges = Edges(said("edge-1", Status.CHANGED, whole), said("edge-2", Status.OK, whole))
    found = PlayedDoors(edges).let_in("gateway", ["edge-1", "edge-2"], OPENED, check=check)
    assert found == {"edge-1": Told(changed=True), "edge-2": Told()}
    (request,) = edges.asked
    assert (request.playbook, request.check) == ("steps/open", check)
    assert request.variables == {"release": {"key": "gateway", "edges": ["edge-1", "edge-2"], "opened": OPENED}}


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        (said("edge-1", Status.UNREACHABLE, message="Connection timed out"), Problem.UNREACHABLE),
        (said("edge-1", Status.FAILED, message="gateway.map: no socket {{ 6*7 }}"), Problem.OTHER),
        (said("edge-1", Status.FAILED, message="Task failed: Timed out after 60 second(s)."), Problem.TIMEOUT),
        (said("edge-1", Status.CHANGED, {"networks": 1}), Problem.UNREACHABLE),
        (said("edge-1", Status.CHANGED, {"networks": "2"}), Problem.UNREACHABLE),
        (said("edge-9", Status.CHANGED, {"networks": 2}), Problem.UNREACHABLE),
    ],
)
def test_who_does_not_say_so_well_does_not_know(event: PlayEvent, problem: Problem) -> None:
    found = PlayedDoors(Edges(event)).let_in("gateway", ["edge-1"], OPENED)["edge-1"]
    assert found.trouble is not None
    assert (found.trouble.problem, found.changed) == (problem, False)
    assert found.trouble.said == event.message
