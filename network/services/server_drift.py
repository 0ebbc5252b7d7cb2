"""What servers have beside what the roles put on them: the whole site played, looking only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from network.core.plays import HostEnd, PlayEvent, PlayRequest, Plays, Status

SITE: Final = "site"
_MOST_THINGS: Final = 50
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFinding:
    """A task that would change a server: `things` are the files, units and packages that differ, in the server's own words, none
    where they are secret. `mend`: the command that would."""

    server: str
    role: str
    task: str
    things: tuple[str, ...]
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerDrift:
    """`looked`: the servers that were read to the end. `unread`: how it ended on the others."""

    at: datetime
    looked: tuple[str, ...]
    findings: tuple[ServerFinding, ...]
    unread: Mapping[str, HostEnd]


def server_drift(plays: Plays, servers: tuple[str, ...], at: datetime) -> ServerDrift:
    """Only looks. Raises PlayError for a play that did not come to its end, and Refused for one that may not be played."""
    heard: list[PlayEvent] = []
    result = plays.play(PlayRequest(playbook=SITE, hosts=servers, check=True), heard.append)
    unread = {host: end for host, end in result.bad.items() if host in servers}
    changed = (event for event in heard if event.status is Status.CHANGED and event.host in servers)
    return ServerDrift(
        at=at,
        looked=tuple(server for server in servers if server in result.hosts and server not in unread),
        findings=tuple(sorted(map(_finding, changed), key=lambda each: servers.index(each.server))),
        unread=unread,
    )


def _finding(event: PlayEvent) -> ServerFinding:
    role, colon, task = event.task.partition(" : ")
    return ServerFinding(
        server=event.host,
        role=role if colon else "",
        task=task if colon else event.task,
        things=_things(event.value.get("changed")),
        mend=f"lajur play {SITE} --server {event.host}",
    )


def _things(value: object) -> tuple[str, ...]:
    """As a module of ours tells them; they come from a machine."""
    if not isinstance(value, (list, tuple)):
        return ()
    return tuple(each[:_LONGEST] for each in value[:_MOST_THINGS] if isinstance(each, str))
