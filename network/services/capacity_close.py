"""Servers whose peak is over: kept from requests, taken out of their edges, their journals fetched, given back. Ports only.

The order keeps every request answered and every log: nobody is sent there before it goes, and nothing goes that an edge may still
send somebody to. From the first step on they are on record as leaving, so that no play lets them in again meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import PurePath

from network.core.building import Verb
from network.core.capacity import NO_LOGS, Leaving, Seen, Stage, around
from network.core.plays import PlayRequest, Plays
from network.core.reason import Reason
from network.errors import LajurError, NeedsPerson, Refused
from network.services.capacity_parts import CapacityHands, CapacityReport, Moved, Tell, ended_badly, followed, hurried
from network.services.entrances import told_edges
from network.services.infra import Errand, carry_out, observed, standing_rents
from network.services.play_turns import play_turn


class Closing:
    """`closes` on their way out. Not for two threads."""

    def __init__(self, hands: CapacityHands, closes: Sequence[Leaving], run: str, tell: Tell) -> None:
        self._hands, self._run, self._tell = hands, run, tell
        self._closes = {each.key: each for each in closes}
        self._seen = {each.key: _leaving(each.seen) for each in closes}
        self._rented = {each.key for each in closes if each.rented}
        self._left: dict[str, tuple[str, LajurError]] = {}
        self._around = around(hands.regency, [each.entry for each in closes], hands.there, hands.build.clock.now())

    @property
    def _servers(self) -> tuple[str, ...]:
        """Those that nothing is in the way of so far."""
        return tuple(key for key in self._closes if key not in self._left)

    def carry(self, report: CapacityReport) -> None:
        """To the end, or as far as each of them gets."""
        self._hands.write(self._seen)
        for step in (self._shut_out, self._fetch, self._give_back):
            self._try(step, "capacity.not_out")
        self._try(self._tell_others, "capacity.not_forgotten")
        for key in self._servers:
            self._hands.forget((key,))
            entry, logs = self._closes[key].entry.key, self._seen[key].logs or NO_LOGS
            self._hands.note("capacity.closed", key, {"entry": entry, "logs": logs, "run": self._run})
            report.went.append(Moved(server=key, entry=entry, logs="" if logs == NO_LOGS else logs))
        report.errors += self._errors()

    def _try(self, step: Callable[[], None], code: str) -> None:
        if not self._servers:
            return
        try:
            step()
        except LajurError as error:
            self._leave(self._servers, error, code)

    def _leave(self, servers: Sequence[str], error: LajurError, code: str = "capacity.not_out") -> None:
        self._left |= dict.fromkeys(servers, (code, error))

    def _errors(self) -> list[LajurError]:
        """One for each entry and each way to be left."""
        found: dict[tuple[str, str], list[str]] = {}
        for key, (code, _) in self._left.items():
            found.setdefault((code, self._closes[key].entry.key), []).append(key)
        return [
            NeedsPerson(
                code,
                capacity=entry,
                servers=", ".join(servers),
                reasons=tuple(dict.fromkeys(self._left[key][1] for key in servers)),
            )
            for (code, entry), servers in found.items()
        ]

    def _there(self) -> tuple[str, ...]:
        """Those of them that still stand."""
        return tuple(key for key in self._servers if key in self._rented)

    # ---- steps

    def _shut_out(self) -> None:
        """Nobody plays on the edges between the two, nor releases anything there."""
        edges = self._around.every_edge
        if not edges:
            return
        with self._hands.plays() as ground, play_turn(ground.turns, "workloads", (*edges, *self._there())):
            self._drain(ground.plays)
            if self._servers:
                self._hide(edges, ground.plays)

    def _drain(self, plays: Plays) -> None:
        for workload in self._around.workloads:
            servers = [key for key in self._there() if workload.key in self._closes[key].entry.workloads]
            edges = self._around.edges.get(workload.key, ())
            if not servers or not edges:
                continue
            self._tell(Reason(code="capacity.step.drain", fields={"servers": ", ".join(servers), "edges": ", ".join(edges)}))
            for key, error in told_edges("drain", workload.key, servers, edges, plays).items():
                self._leave((key,), error)

    def _hide(self, edges: Sequence[str], plays: Plays) -> None:
        """The record says that they leave, so the edges' own settings are without them from here on."""
        self._tell(Reason(code="capacity.step.hide", fields={"edges": ", ".join(edges)}))
        result = plays.play(PlayRequest(playbook="workloads", hosts=tuple(edges)), followed(self._tell))
        bad = ended_badly(result.hosts, edges, result.log)
        for workload in self._around.workloads:
            lacking = [bad[edge] for edge in self._around.edges.get(workload.key, ()) if edge in bad]
            if lacking:
                self._leave([key for key in self._servers if workload.key in self._closes[key].entry.workloads], lacking[0])

    def _fetch(self) -> None:
        """What was fetched by a run that was cut is not fetched again: nothing has come since."""
        servers = tuple(key for key in self._there() if not self._seen[key].logs)
        if not servers:
            return
        self._tell(Reason(code="capacity.step.logs", fields={"servers": ", ".join(servers)}))
        moment = f"{self._hands.build.clock.now().astimezone(UTC):%Y%m%dt%H%M%S}"
        asked = {"logs_moment": moment, "logs_folder": self._hands.logs}
        with self._hands.plays() as ground, play_turn(ground.turns, "logs", servers):
            result = ground.plays.play(PlayRequest(playbook="logs", hosts=servers, variables=asked), followed(self._tell))
        bad = ended_badly(result.hosts, servers, result.log)
        for key in servers:
            if key in bad:
                self._leave((key,), bad[key])
                continue
            self._seen[key] = replace(self._seen[key], logs=str(PurePath(self._hands.logs) / f"{key}-{moment}.log.gz"))
            self._hands.write({key: self._seen[key]})

    def _give_back(self) -> None:
        for key in self._servers:
            if self._closes[key].begun:
                self._give_back_begun(key)
        servers, build = self._there(), self._hands.build
        if not servers:
            return
        self._tell(Reason(code="capacity.step.give_back", fields={"servers": ", ".join(servers)}))
        entries = dict.fromkeys(self._closes[key].entry.key for key in servers)
        report = carry_out(
            Errand(verb=Verb.DESTROY, servers=servers, reason=f"capacity: {', '.join(entries)}"), build, hurried(self._tell)
        )
        if report.interrupted:
            raise KeyboardInterrupt
        there = {*observed(build), *standing_rents(build)}
        for key in servers:
            if key in there:
                self._leave((key,), report.error or Refused("capacity.not_returned", server=key))

    def _give_back_begun(self, key: str) -> None:
        """What a run that ended early left of one that was never taken over, if anything."""
        report = carry_out(
            Errand(verb=Verb.DESTROY, servers=(key,), reason="capacity: never taken over"), self._hands.build, hurried(self._tell)
        )
        if report.interrupted:
            raise KeyboardInterrupt
        if report.error is not None and report.error.code != "infra.not_adopted":
            self._leave((key,), report.error)

    def _tell_others(self) -> None:
        """Whoever let them in by their addresses: those may be somebody else's tomorrow."""
        hosts = (*self._around.needed, *self._around.told)
        if not hosts:
            return
        self._tell(Reason(code="capacity.step.others", fields={"servers": ", ".join(hosts)}))
        with self._hands.plays() as ground, play_turn(ground.turns, "site", hosts):
            result = ground.plays.play(PlayRequest(playbook="site", hosts=hosts), followed(self._tell))
        if bad := ended_badly(result.hosts, hosts, result.log):
            self._leave(self._servers, next(iter(bad.values())), "capacity.not_forgotten")


def _leaving(seen: Seen) -> Seen:
    """One that was never ready may be out of reach, and has nothing to tell of anybody."""
    return replace(seen, stage=Stage.LEAVING, logs=NO_LOGS if seen.stage is Stage.OPENING else seen.logs)
