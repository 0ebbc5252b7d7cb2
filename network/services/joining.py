"""A server that joins a workload carries the release that the others carry, before an edge sends anybody to it. Ports only.

Nothing new is released: the database knows that version already, and the file is the one that is on record for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from network.core.releases.ports import Files
from network.core.releases.record import ReleaseRecord, Task
from network.core.releases.steps import Sights, live, trouble_error
from network.core.releases.values import HostSight
from network.errors import LajurError, Refused
from network.services.release_parts import Heard, ReleaseParts, nobody, step, turn
from network.services.releases import HISTORY

_PEERS: Final = 3
"""Servers that are asked for the file, one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """`release`: what the others carry, empty when nothing was released yet; `left`: by server, why it does not carry it."""

    release: str
    left: Mapping[str, LajurError] = field(default_factory=dict)


def join(servers: Collection[str], parts: ReleaseParts, files: Files, run: str, heard: Heard = nobody) -> Joined:
    """Have `servers` carry what the other servers of the workload carry. Raises Refused while something else is at work there,
    for servers that carry different releases, and for a release whose file nobody has; LajurError for what concerns all."""
    own, every = [each for each in parts.workload.servers if each in servers], parts.workload.servers
    with turn(parts, run):
        heard(step("look", servers=", ".join(every)))
        sights = parts.hands.look(every)
        others = _others(parts, servers, sights)
        release = live(replace(parts.workload, servers=tuple(others)), others)
        if not release:
            return Joined(release="")
        waiting = [server for server in own if not _carries(sights[server], release)]
        left: dict[str, LajurError] = {}
        lacking = [server for server in waiting if release not in sights[server].releases]
        if lacking:
            left |= _placed(lacking, release, [each for each in others if release in others[each].releases], parts, files, heard)
        left |= _started([server for server in waiting if server not in left], release, sights, parts, heard)
    return Joined(release=release, left=left)


def _others(parts: ReleaseParts, servers: Collection[str], sights: Sights) -> dict[str, HostSight]:
    """Those that can say what they carry. Raises Refused when there are some and none of them answers."""
    every = {server: sight for server, sight in sights.items() if server not in servers}
    found = {server: sight for server, sight in every.items() if sight.trouble is None}
    if every and not found:
        reasons = tuple(trouble_error(server, each.trouble) for server, each in every.items() if each.trouble is not None)
        raise Refused("release.unreachable", workload=parts.workload.key, reasons=reasons)
    return found


def _carries(sight: HostSight, release: str) -> bool:
    """Whether it does its work, whatever the edges do about it."""
    return sight.trouble is None and sight.current == release and sight.unit == "active" and sight.answers


def _placed(
    servers: list[str], release: str, peers: list[str], parts: ReleaseParts, files: Files, heard: Heard
) -> dict[str, LajurError]:
    """By server: why it does not lie there."""
    record = _record(parts.record.history(parts.workload.key, HISTORY), release)
    if record is None:
        raise Refused("release.no_file", workload=parts.workload.key, release=release, reasons=())
    heard(step("fetch", release=release))
    with files.fetch(release, record.sha256, record.version, peers[:_PEERS]) as artefact:
        heard(step("place", servers=", ".join(servers), release=release))
        placed = parts.hands.place(servers, artefact)
    return {server: trouble_error(server, each.trouble) for server, each in placed.items() if each.trouble is not None}


def _started(servers: list[str], release: str, sights: Sights, parts: ReleaseParts, heard: Heard) -> dict[str, LajurError]:
    """By server: why it does not run. An edge that does not have a server yet is not told of it."""
    left: dict[str, LajurError] = {}
    groups: dict[tuple[str, ...], list[str]] = {}
    for server in servers:
        unknown = tuple(edge for edge in parts.workload.edges if sights[server].drained.get(edge) is None)
        groups.setdefault(unknown, []).append(server)
    for without, group in groups.items():
        heard(step("start", servers=", ".join(group), release=release))
        swapped = parts.hands.swap(group, release, without=without)
        left |= {server: trouble_error(server, each.trouble) for server, each in swapped.items() if each.trouble is not None}
    return left


def _record(history: Iterable[ReleaseRecord], release: str) -> ReleaseRecord | None:
    """The one that says which file it was."""
    return next((each for each in history if each.task is Task.DEPLOY and each.release == release and each.sha256), None)
