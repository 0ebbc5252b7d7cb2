"""Edges that let servers in or keep requests from them, without a release in it. Through ports only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from network.core.plays import PlayRequest, Plays
from network.errors import LajurError, PlayError

TELL: Final = "Tell the edge"
"""The task whose answer counts."""

STEPS: Final = "steps/entrance"
WAIT: Final = 30
"""Seconds for the last session to end, and for the checks."""

_UNKNOWN: Final = "unknown"
_LONGEST: Final = 100


def told_edges(state: str, workload: str, servers: Sequence[str], edges: Sequence[str], plays: Plays) -> dict[str, LajurError]:
    """Tell every edge `state`: `ready` or `drain`. By server: the first edge that does not do so, and why. An edge that does not
    have a server keeps requests from it already."""
    release = {"key": workload, "hosts": list(servers), "edges": list(edges), "state": state, "wait": WAIT}
    result = plays.play(PlayRequest(playbook=STEPS, variables={"release": release}), lambda _: None)
    left: dict[str, LajurError] = {}
    for edge in edges:
        end = result.hosts.get(edge)
        said = end.values.get(TELL, {}).get("servers") if end else None
        for server in servers:
            one = said.get(server) if isinstance(said, Mapping) else None
            problem = _problem(one, state)
            if problem:
                own = {"workload": workload, "server": server, "edge": edge}
                left.setdefault(server, PlayError(f"capacity.not_{state}", reason=problem, log=result.log, **own))
    return left


def _problem(one: object, state: str) -> str:
    """What an edge has against it; untrusted. Empty for nothing."""
    if not isinstance(one, Mapping):
        return "unreachable"
    if one.get("known") is False:
        return "" if state == "drain" else _UNKNOWN
    problem = one.get("problem")
    return str(problem if isinstance(problem, str) else _UNKNOWN)[:_LONGEST]
