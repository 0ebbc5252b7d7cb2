"""Servers that come for a peak: rented, made ready, given the release that the others carry, and let in. Through ports only.

Every step leads to the same state whoever did the one before, so a run that was cut anywhere is gone on with by the next one.
What one server cannot do keeps it out and stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from inventory.cloud_model import Capacity
from inventory.cloud_views import Stay
from network.core.building import Verb
from network.core.capacity import Seen, Stage, around
from network.core.plays import PlayRequest
from network.core.reason import Reason
from network.errors import LajurError, NeedsPerson, Refused
from network.services.build_report import TROUBLES
from network.services.capacity_parts import CapacityHands, CapacityReport, Moved, Tell, ended_badly, followed, hurried
from network.services.entrances import told_edges
from network.services.infra import Errand, carry_out, observed
from network.services.joining import join
from network.services.play_turns import play_turn


class Opening:
    """`stays` on their way in. Not for two threads."""

    def __init__(self, hands: CapacityHands, stays: Sequence[Stay], run: str, tell: Tell) -> None:
        self._hands, self._run, self._tell = hands, run, tell
        self._entries = {stay.key: entry for stay in stays if isinstance(entry := stay.entry, Capacity)}
        self._stays = {stay.key: stay for stay in stays}
        self._ready = {key for key, seen in hands.seen().items() if seen.stage is Stage.READY}
        self._left: dict[str, LajurError] = {}
        self._empty: set[str] = set()
        self._warnings: list[Reason] = []
        self._around = around(hands.regency, self._entries.values(), hands.there, hands.build.clock.now())

    @property
    def _servers(self) -> tuple[str, ...]:
        """Those that nothing is in the way of so far."""
        return tuple(key for key in self._stays if key not in self._left)

    def carry(self, report: CapacityReport) -> None:
        """To the end, or as far as each of them gets."""
        self._write(self._stays, Stage.OPENING)
        for step in (self._rent, self._make_ready, self._join, self._let_in, self._accept):
            self._try(step)
        for key in self._servers:
            self._write((key,), Stage.IN)
            stay, entry = self._stays[key], self._entries[key]
            detail = {"entry": entry.key, "start": stay.start.isoformat(), "end": stay.end.isoformat(), "run": self._run}
            self._hands.note("capacity.opened", key, detail)
            report.came.append(Moved(server=key, entry=entry.key))
        report.warnings += self._warnings
        report.errors += self._errors()

    def _write(self, keys: Iterable[str], stage: Stage) -> None:
        """What edges may have already is not taken from them by a run that goes on."""
        self._hands.write(
            {
                key: Seen(
                    entry=self._entries[key].key,
                    stage=Stage.READY if stage is Stage.OPENING and key in self._ready else stage,
                    start=self._stays[key].start,
                    end=self._stays[key].end,
                )
                for key in keys
            }
        )

    def _try(self, step: Callable[[], None]) -> None:
        if not self._servers:
            return
        try:
            step()
        except LajurError as error:
            self._left |= dict.fromkeys(self._servers, error)

    def _errors(self) -> list[LajurError]:
        """One for each entry."""
        found: dict[str, list[str]] = {}
        for key in self._left:
            found.setdefault(self._entries[key].key, []).append(key)
        return [
            NeedsPerson(
                "capacity.not_in",
                capacity=entry,
                servers=", ".join(servers),
                reasons=tuple(dict.fromkeys(self._left[key] for key in servers)),
            )
            for entry, servers in found.items()
        ]

    def _on(self, workload: str) -> tuple[str, ...]:
        return tuple(key for key in self._servers if workload in self._entries[key].workloads)

    # ---- steps

    def _rent(self) -> None:
        servers, build = self._servers, self._hands.build
        self._tell(Reason(code="capacity.step.rent", fields={"servers": ", ".join(servers)}))
        entries = dict.fromkeys(self._entries[key].key for key in servers)
        report = carry_out(
            Errand(verb=Verb.UP, servers=servers, reason=f"capacity: {', '.join(entries)}"), build, hurried(self._tell)
        )
        if report.interrupted:
            raise KeyboardInterrupt
        there = observed(build)
        for key in servers:
            part = report.servers.get(key)
            if key not in there or (part is not None and part.result in TROUBLES):
                self._left[key] = _why(report.error, key) or Refused("capacity.not_rented", server=key)

    def _make_ready(self) -> None:
        """Them, and whom they need: a database lets in whom it knows. Who only names and watches them stops nobody."""
        servers, needed, told = self._servers, self._around.needed, self._around.told
        self._tell(Reason(code="capacity.step.site", fields={"servers": ", ".join(servers)}))
        hosts = (*servers, *needed, *told)
        with self._hands.plays() as ground, play_turn(ground.turns, "site", hosts):
            result = ground.plays.play(PlayRequest(playbook="site", hosts=hosts), followed(self._tell))
        taken = observed(self._hands.build)
        if strange := [host for host in hosts if host not in taken]:
            self._warnings.append(Reason(code="capacity.not_taken", fields={"servers": ", ".join(strange)}))
        bad = ended_badly(result.hosts, hosts, result.log)
        self._left |= {key: bad[key] for key in servers if key in bad}
        lacking = [bad[host] for host in needed if host in bad]
        if lacking:
            for workload in self._around.workloads:
                if workload.release is not None and workload.release.database is not None:
                    self._left |= dict.fromkeys(self._on(workload.key), lacking[0])
        self._warnings += [
            Reason(code="capacity.untold", fields={"host": host, "why": bad[host]}) for host in told if host in bad
        ]

    def _join(self) -> None:
        for workload in self._around.workloads:
            servers = self._on(workload.key)
            if workload.release is None or not servers:
                continue
            self._tell(Reason(code="capacity.step.join", fields={"workload": workload.key, "servers": ", ".join(servers)}))
            try:
                with self._hands.joins(workload.key) as own:
                    joined = join(servers, own.parts, own.files, self._run)
            except LajurError as error:
                self._left |= dict.fromkeys(servers, error)
                continue
            self._left |= joined.left
            if not joined.release:
                self._empty.add(workload.key)
                self._warnings.append(Reason(code="capacity.no_release", fields={"workload": workload.key}))

    def _let_in(self) -> None:
        """The edges learn of them, and then find them well. What carries nothing yet is found well by its first release."""
        self._write(self._servers, Stage.READY)
        edges = self._around.every_edge
        if not edges:
            return
        self._tell(Reason(code="capacity.step.edges", fields={"edges": ", ".join(edges)}))
        with self._hands.plays() as ground, play_turn(ground.turns, "workloads", (*edges, *self._servers)):
            result = ground.plays.play(PlayRequest(playbook="workloads", hosts=edges), followed(self._tell))
            bad = ended_badly(result.hosts, edges, result.log)
            for workload in self._around.workloads:
                servers, own = self._on(workload.key), self._around.edges.get(workload.key, ())
                if not servers or not own:
                    continue
                if lacking := [bad[edge] for edge in own if edge in bad]:
                    self._left |= dict.fromkeys(servers, lacking[0])
                elif workload.key not in self._empty:
                    self._left |= told_edges("ready", workload.key, servers, own, ground.plays)

    def _accept(self) -> None:
        """What was just put on them is what they are compared with from now on. Who could not be looked at stays in."""
        servers = self._servers
        self._tell(Reason(code="capacity.step.accept", fields={"servers": ", ".join(servers)}))
        errand = Errand(verb=Verb.REFRESH, servers=servers, baseline=servers, reason="capacity: made ready by site")
        try:
            report = carry_out(errand, self._hands.build, hurried(self._tell))
        except LajurError as error:
            why: LajurError | None = error
        else:
            if report.interrupted:
                raise KeyboardInterrupt
            why = report.error
        if why is not None:
            self._warnings.append(Reason(code="capacity.not_accepted", fields={"servers": ", ".join(servers), "why": why}))


def _why(error: LajurError | None, server: str) -> LajurError | None:
    """Of an error over several, the one that is of this server."""
    several = error.fields.get("reasons") if error is not None else None
    own = [
        each
        for each in (several if isinstance(several, tuple) else ())
        if server in (each.fields.get("server"), str(each.fields.get("what")).rpartition(" ")[2])
    ]
    return own[0] if own else error
