"""Releases are carried to servers, and edges told, by short plays. Implements `network.core.releases.ports.ReleaseHands`.

The plays are `playbooks/steps/NAME.yml`, and what they answer are the documents of the modules in `playbooks/library`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from network.core.plays import PlayEvent, PlayRequest, PlayResult, Plays
from network.core.releases.values import (
    Artefact,
    HostSight,
    Migrated,
    Migration,
    Placed,
    Problem,
    Pruned,
    Swapped,
    Trouble,
    Watch,
    Watched,
    Workload,
)
from network.drivers.release_answers import answers, ended, mapping, number, sight, text, texts, trouble, truth, watched

WAIT: Final = 30
"""Seconds for the last session to end, for a unit to start, for a good answer."""

_MOST_CURSOR: Final = 20_000
"""Characters: a place in the journal, and what the edge had counted of each server by then."""

_THERE: Final = "See that it is there"

PLACING: Final = 660
"""Seconds in which a file must be on a server, and again in which it must be unpacked."""

MIGRATION: Final = 600
"""Seconds that a migration may take."""


class PlayedReleases:
    """`ReleaseHands` of one workload, by `plays`. Every verb is one play."""

    def __init__(self, workload: Workload, plays: Plays, *, wait: int = WAIT, longest: int = PLACING) -> None:
        self._workload, self._plays, self._wait, self._longest = workload, plays, wait, longest

    def look(self, hosts: Sequence[str]) -> Mapping[str, HostSight]:
        played = self._play("look", hosts, database=self._workload.database)
        found = {}
        for host in hosts:
            drained = {edge: self._drained(played, edge, host) for edge in self._workload.edges}
            value = played.value(host, "Look at the releases")
            found[host] = sight(value, drained) if value else HostSight(drained=drained, trouble=played.trouble(host))
        return found

    def _drained(self, played: _Played, edge: str, host: str) -> bool | None:
        said = mapping(played.value(edge, "Look at the edge"), "servers", host)
        return truth(said.get("drained")) if truth(said.get("known")) else None

    def place(self, hosts: Sequence[str], artefact: Artefact) -> Mapping[str, Placed]:
        needed = artefact.size + artefact.unpacked
        played = self._play(
            "place",
            hosts,
            id=artefact.id,
            kind=artefact.kind.value,
            path=artefact.path,
            sha256=artefact.sha256,
            size=needed + needed // 10,
            pulls=artefact.pulls,
            seconds=self._longest,
        )
        return {host: self._placed(played, host) for host in hosts}

    def _placed(self, played: _Played, host: str) -> Placed:
        room, value = played.value(host, "Look for room"), played.value(host, "Place the release")
        for each in (value, room):
            if found := trouble(each.get("trouble")):
                return Placed(trouble=found)
        if truth(room.get("placed")):
            return Placed()
        if truth(value.get("placed")):
            return Placed(changed=True)
        return Placed(trouble=played.trouble(host))

    def migrate(self, host: str, release: str, kind: Migration) -> Migrated:
        program = list(self._workload.migrate)
        played = self._play("migrate", [host], id=release, migrate=program, word=kind.value, seconds=MIGRATION)
        value = played.value(host, "Run the migrations")
        found = trouble(value.get("trouble")) if value else played.trouble(host)
        return Migrated(trouble=found, said=text(value.get("said"), 2000))

    def swap(self, hosts: Sequence[str], release: str, *, without: Sequence[str] = ()) -> Mapping[str, Swapped]:
        edges = tuple(edge for edge in self._workload.edges if edge not in without)
        played = self._play("swap", hosts, id=release, wait=self._wait, edges=list(edges))
        return {host: self._swapped(played, host, release, edges) for host in hosts}

    def _swapped(self, played: _Played, host: str, release: str, edges: Sequence[str]) -> Swapped:
        kept = {edge: mapping(played.value(edge, "Keep requests away"), "servers", host) for edge in edges}
        opened = {edge: mapping(played.value(edge, "Let them in"), "servers", host) for edge in edges}
        value = played.value(host, "Switch to the release")
        # What an edge said last counts; one that said nothing may do as it likes.
        let_in = any(truth((opened[edge] or kept[edge]).get("drained")) is not True for edge in edges)
        known = Swapped(
            switched=truth(value.get("switched")) is True,
            let_in=let_in,
            cut=sum(number(said.get("sessions")) or 0 for said in kept.values()),
            cursors={edge: text(played.value(edge, "Let them in").get("cursor"), _MOST_CURSOR) for edge in edges if opened[edge]},
        )
        if (unfit := self._unfit(played, host, release)) is not None:
            return replace(known, trouble=unfit, cut=0)
        if (against := self._against(played, host, edges)) is not None:
            return replace(known, trouble=against, cut=0)
        if not value:
            return replace(known, trouble=played.trouble(host))
        if (found := trouble(value.get("trouble"))) is not None:
            return replace(known, trouble=found)
        untold = [edge for edge in edges if release and (not opened[edge] or opened[edge].get("problem"))]
        if untold:
            said = text(opened[untold[0]].get("state")) or played.said(untold[0])
            return replace(known, trouble=Trouble(problem=Problem.EDGE, edge=untold[0], said=said))
        return known

    def _unfit(self, played: _Played, host: str, release: str) -> Trouble | None:
        """Why it cannot be switched, whatever the edges say: the release is not there, or nobody can look."""
        there = played.value(host, _THERE)
        if there and release not in texts(there.get("releases")):
            return Trouble(problem=Problem.NOT_PLACED, said=release)
        return played.trouble(host) if played.failed_at(host) == _THERE else None

    def _against(self, played: _Played, host: str, edges: Sequence[str]) -> Trouble | None:
        """Why an edge did not keep requests away."""
        for edge in edges:
            for task in ("Keep requests away", "See that they are still kept away"):
                value = played.value(edge, task)
                if not value and task != "Keep requests away":
                    continue
                problem = text(mapping(value, "servers", host).get("problem")) if mapping(value, "servers", host) else "edge"
                if problem:
                    said = text(value.get("said")) or played.said(edge)
                    kind = Problem.FORGOTTEN if problem == Problem.FORGOTTEN.value else Problem.EDGE
                    return Trouble(problem=kind, edge=edge, said=said)
        return None

    def watch(self, hosts: Sequence[str], cursors: Mapping[str, str]) -> Watch:
        gate, edges = self._workload.gate, self._workload.edges
        played = self._play("watch", hosts, seconds=gate.watch, asks=gate.asks, cursors=dict(cursors))
        if not edges:
            return Watch(hosts={host: self._asked_itself(played, host) for host in hosts})
        logs = {edge: played.value(edge, "Read the log") for edge in edges}
        targets = {edge: mapping(played.value(edge, "Ask through the edge"), "targets") for edge in edges}
        silent = tuple(edge for edge in edges if not logs[edge] or not targets[edge])
        heard = [edge for edge in edges if edge not in silent]
        found = {
            host: watched(
                {edge: answers(mapping(targets[edge], host).get("answers")) for edge in heard},
                [mapping(logs[edge], "servers", host) for edge in heard],
            )
            for host in hosts
        }
        unserved, retried = (sum(number(logs[edge].get(name)) or 0 for edge in heard) for name in ("unserved", "retried"))
        cut = tuple(edge for edge in heard if truth(logs[edge].get("more")))
        return Watch(hosts=found, silent=silent, cut=cut, unserved=unserved, retried=retried)

    def _asked_itself(self, played: _Played, host: str) -> Watched:
        said = mapping(played.value(host, "Ask the server itself"), "targets", host)
        return watched({host: answers(said.get("answers"))}, [])

    def prune(self, hosts: Sequence[str], keep: int, *, first: Sequence[str] = ()) -> Mapping[str, Pruned]:
        played = self._play("prune", hosts, keep=keep, first=list(first))
        found = {}
        for host in hosts:
            value = played.value(host, "Remove old releases")
            bad = trouble(value.get("trouble")) if value else played.trouble(host)
            found[host] = Pruned(gone=texts(value.get("gone")), trouble=bad)
        return found

    def _play(self, step: str, hosts: Sequence[str], **more: Any) -> _Played:
        workload = self._workload
        release = {
            "key": workload.key,
            "hosts": list(hosts),
            "edges": list(workload.edges),
            "port": workload.port,
            "scheme": workload.scheme,
            "health": workload.health,
            "expect": workload.expect,
            **more,
        }
        played = _Played()
        played.result = self._plays.play(PlayRequest(playbook=f"steps/{step}", variables={"release": release}), played.hear)
        return played


class _Played:
    """One play: what was answered by host and task, and what ended badly first, whether the play went on or not."""

    def __init__(self) -> None:
        self.result = PlayResult(hosts={})
        self._bad: dict[str, PlayEvent] = {}

    def hear(self, event: PlayEvent) -> None:
        if event.status.is_bad:
            self._bad.setdefault(event.host, event)

    def value(self, host: str, task: str) -> Mapping[str, Any]:
        end = self.result.hosts.get(host)
        return mapping(end.values, task) if end is not None else {}

    def trouble(self, host: str) -> Trouble:
        return ended(self._bad.get(host))

    def failed_at(self, host: str) -> str:
        """The task that ended badly there first; empty when none did."""
        return self._bad[host].task if host in self._bad else ""

    def said(self, host: str) -> str:
        return ended(self._bad.get(host)).said
