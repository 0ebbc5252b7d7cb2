"""Edges are told which offices are let in by a short play. Implements `network.core.releases.ports.Doors`.

The play is `playbooks/steps/open.yml`; what the edge answers is the document of the module `lajur_edge_map`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from network.core.plays import PlayEvent, PlayRequest, Plays, Status
from network.core.releases.values import Told
from network.drivers.release_answers import ended, mapping, number

_TASK = "Let the offices in"


class PlayedDoors:
    """`Doors` by `plays`. Every call is one play."""

    def __init__(self, plays: Plays) -> None:
        self._plays = plays

    def let_in(
        self, workload: str, edges: Sequence[str], opened: Mapping[str, str], *, check: bool = False
    ) -> Mapping[str, Told]:
        bad: dict[str, PlayEvent] = {}

        def hear(event: PlayEvent) -> None:
            if event.status.is_bad:
                bad.setdefault(event.host, event)

        release = {"key": workload, "edges": list(edges), "opened": dict(opened)}
        result = self._plays.play(PlayRequest(playbook="steps/open", variables={"release": release}, check=check), hear)
        found = {}
        for edge in edges:
            end = result.hosts.get(edge)
            knows = end is not None and number(mapping(end.values, _TASK).get("networks")) == len(opened)
            if end is None or end.status.is_bad or not knows:
                found[edge] = Told(trouble=ended(bad.get(edge)))
            else:
                found[edge] = Told(changed=end.status is Status.CHANGED)
        return found
