"""One run of a release while it is carried out: what is written before each step, what each step gives, and the way back.

Everything is on record before it is done, and every step looks at what holds, not at what was meant: so a run that is cut
anywhere can be gone on with, or taken back, by whoever comes next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from network.core.reason import Reason
from network.core.releases.batches import Servers, batches, way_back
from network.core.releases.record import Mark, Phase, ReleaseRecord
from network.core.releases.steps import Sights, at_goal, goal, touched, trouble_error
from network.core.releases.values import HostSight, Problem, Swapped, Trouble
from network.errors import LajurError, LedgerError, NeedsPerson, Refused, RunReturned
from network.services.release_parts import BatchReport, Heard, Outcome, ReleaseParts, step

_PASSING: Final = (Problem.FORGOTTEN, Problem.EDGE)
"""What an edge that is being restarted says; it is there again within seconds."""

_REMEDIES: Final = {
    "release.not_placed": "place",
    "release.not_expanded": "migration",
    "release.database_away": "database",
    "release.gate_failed": "version",
}
"""What to do about a step that failed; anything else is tried again."""

_NO_GOOD: Final = (Problem.START, Problem.ANSWER, Problem.TIMEOUT, Problem.OTHER)
"""What is said of a release that may be no good by itself, and so anywhere."""

_ATTEMPTS: Final = 3
_BETWEEN: Final = 2.0
"""Seconds between two attempts at an edge."""


class ReleaseRun:
    """Carries out the steps of `record`, which is on record as running. Not for two threads."""

    def __init__(self, parts: ReleaseParts, record: ReleaseRecord, heard: Heard) -> None:
        self.parts, self.record = parts, record
        self._heard = heard
        self.reports: list[BatchReport] = []
        self.warnings: list[Reason] = []
        self._silent: dict[str, None] = {}
        # In the order of the record, which the cut run had too; the truth may name others by now.
        order = {server: at for at, server in enumerate(record.servers)}
        self.servers = tuple(sorted(parts.workload.servers, key=lambda server: order.get(server, len(order))))
        self.batches = batches(self.servers, parts.workload.batches)

    # ---- the record

    def tell(self, word: str, **fields: object) -> None:
        self._heard(step(word, **fields))

    def mark(self, phase: Phase, **detail: Any) -> None:
        """Write down what is about to be done. Raises LedgerError, and then it may not be done."""
        self.parts.record.mark(self.record.id, Mark(phase=phase, at=self.parts.clock.now(), detail=detail))

    def mark_if_can(self, phase: Phase, **detail: Any) -> None:
        """The same on the way back, which a record that cannot be written must not stop."""
        try:
            self.mark(phase, **detail)
        except LedgerError as error:
            self.warn("release.unrecorded", cause=error)

    def warn(self, code: str, **fields: object) -> None:
        self.warnings.append(Reason(code=code, fields=fields))

    def finished(self, result: str, error: LajurError | None = None, *, interrupted: bool = False) -> Outcome:
        """Close the run on record; what came of it."""
        detail: dict[str, str | int] = {"cause": _cause(error)} if error else {}
        if interrupted:
            detail["interrupted"] = 1
        try:
            self.parts.record.finish(self.record.id, result, self.parts.clock.now(), detail)
        except LedgerError as lost:
            self.warn("release.unrecorded", cause=lost)
        record = self.record
        return Outcome(
            run=record.id,
            workload=record.workload,
            task=record.task,
            release=record.release,
            before=record.before,
            version=record.version,
            result=result,
            batches=tuple(self.reports),
            warnings=tuple(self.warnings),
            error=error,
            interrupted=interrupted,
        )

    # ---- steps

    def look(self, servers: Sequence[str]) -> Mapping[str, HostSight]:
        self.tell("look", servers=", ".join(servers))
        return self.parts.hands.look(servers)

    def swap(self, servers: Sequence[str], release: str, *, insist: bool = False) -> dict[str, Swapped]:
        """Of each server the last word. What only an edge's restart was in the way of is tried again; with `insist` an edge that
        stays silent is gone without, at once where it was silent before."""
        without = tuple(self._silent) if insist else ()
        if without:
            self._warn_without(servers)
        found = dict(self.parts.hands.swap(servers, release, without=without))
        for _ in range(_ATTEMPTS - 1):
            again = [server for server, each in found.items() if _is_passing(each) and not (insist and _held_by(each))]
            if not again:
                break
            self.tell("edge_again", servers=", ".join(again))
            self.parts.clock.sleep(_BETWEEN)
            found |= self.parts.hands.swap(again, release, without=without)
        if insist:
            self._insist(found, release)
        for server, each in found.items():
            if each.cut:
                self.warn("release.sessions_cut", host=server, count=each.cut)
        return found

    def _insist(self, found: dict[str, Swapped], release: str) -> None:
        """Each edge was waited for once, as long as one takes to be restarted."""
        while held := {server: edge for server, each in found.items() if (edge := _held_by(each)) and edge not in self._silent}:
            self._silent |= dict.fromkeys(held.values())
            self._warn_without(tuple(held))
            found |= self.parts.hands.swap(tuple(held), release, without=tuple(self._silent))

    def _warn_without(self, servers: Sequence[str]) -> None:
        self.warn("release.without_edge", edges=", ".join(self._silent), servers=", ".join(servers))

    # ---- the way back

    def back(self, cause: LajurError | None) -> Outcome:
        """Take back whatever this run may have switched; `cause` None: somebody interrupted it. What nobody switched is left
        alone: then nothing is to be done."""
        try:
            marks = self.parts.record.marks(self.record.id)
            servers: Iterable[str] = touched(marks)
        except LedgerError as error:
            self.warn("release.unrecorded", cause=error)
            servers = self.servers
        wanted = [server for server in self.servers if server in servers]
        if not wanted:
            return self._back_again(cause, switched=False)
        self.mark_if_can(Phase.BACK, servers=wanted, to=self.record.before, cause=cause.code if cause else "interrupted")
        try:
            left = self.carry_back(wanted, self.record.before)
        except LajurError as error:
            return self._left(cause, (error,), wanted)
        if left:
            return self._left(cause, tuple(left.values()), list(left))
        return self._back_again(cause, switched=True)

    def carry_back(self, servers: Sequence[str], before: str) -> dict[str, LajurError]:
        """Every one of `servers` back to `before`, or out if it never had it; by server, what is in the way of those that are not
        there in the end. Servers that cannot be reached are kept out at the edges.

        It stops where a server comes back without an answer while `before` serves nowhere: who still serves goes on with what it
        has, for that is better than nobody. Where `before` serves somewhere, such a server has a trouble of its own.
        """
        sights = self.look(servers)
        goals, groups = course_back(self.batches, servers, before, sights)
        leaving = [server for group in groups for server in group]
        said: dict[str, Swapped] = {}
        for group in groups:
            self.tell("back" if before else "out", servers=", ".join(group), release=before)
            for release in dict.fromkeys(goals[server] for server in group):
                same = tuple(server for server in group if goals[server] == release)
                said |= self.swap(same, release, insist=True)
            if any(goals[server] and _is_no_good(said[server]) for server in group) and not self._serves_somewhere(before):
                break
        if not leaving:
            return {}
        sights = self.look(leaving)
        return {
            server: _lacking(server, sights[server], said.get(server))
            if server in said or not sights[server].serves
            else Refused("release.kept_on", host=server, current=sights[server].current, before=before)
            for server in leaving
            if not at_goal(sights[server], goals[server])
        }

    def _serves_somewhere(self, release: str) -> bool:
        return any(sight.serves and sight.current == release for sight in self.look(self.servers).values())

    def _back_again(self, cause: LajurError | None, *, switched: bool) -> Outcome:
        if cause is None:
            return self.finished("returned", interrupted=True)
        error = RunReturned(
            self._ending("release.returned" if switched else "release.nothing_switched"),
            workload=self.record.workload,
            release=self.record.release,
            before=self.record.before or "–",
            reasons=(cause,),
            remedies=(Refused(f"release.remedy.{_REMEDIES.get(cause.code, 'again')}", workload=self.record.workload),),
        )
        return self.finished("returned", error)

    def _left(self, cause: LajurError | None, lacking: tuple[LajurError, ...], servers: Sequence[str]) -> Outcome:
        why = tuple(each for each in (cause,) if each is not None)
        error = NeedsPerson(
            self._ending("release.left"),
            workload=self.record.workload,
            before=self.record.before or "–",
            servers=", ".join(servers),
            reasons=(*why, *lacking),
            remedies=(Refused("release.remedy.rollback", workload=self.record.workload),),
        )
        return self.finished("needs_person", error, interrupted=cause is None)

    def _ending(self, code: str) -> str:
        """Where nothing was carried before, there is nothing that goes on or comes back."""
        return code if self.record.before else f"{code}_first"


def course_back(
    forward: Sequence[Servers], servers: Iterable[str], before: str, sights: Sights
) -> tuple[Mapping[str, str], tuple[Servers, ...]]:
    """Where each server goes back to, empty for out; and in which groups those that are not there yet."""
    goals = {server: goal(before, sights[server]) for server in servers}
    leaving = [server for server in goals if not at_goal(sights[server], goals[server])]
    return goals, way_back(forward, leaving, [server for server in leaving if not sights[server].serves])


def _cause(error: LajurError) -> str:
    """The code of what began it."""
    reasons = error.fields.get("reasons")
    first = reasons[0] if isinstance(reasons, tuple) and reasons else error
    return first.code if isinstance(first, LajurError) else error.code


def failures(servers: Mapping[str, Trouble | None]) -> tuple[LajurError, ...]:
    return tuple(trouble_error(server, trouble) for server, trouble in servers.items() if trouble is not None)


def failed(code: str, reasons: tuple[LajurError, ...], **fields: object) -> RunReturned:
    """A step failed, and why; what became of the run is not known yet."""
    return RunReturned(code, reasons=reasons, **fields)


def _is_passing(swapped: Swapped) -> bool:
    return swapped.trouble is not None and swapped.trouble.problem in _PASSING


def _is_no_good(swapped: Swapped) -> bool:
    return swapped.trouble is not None and swapped.trouble.problem in _NO_GOOD


def _held_by(swapped: Swapped) -> str:
    """The edge because of which a server was not switched; empty where it was, or something else is in the way."""
    trouble = swapped.trouble
    return trouble.edge if trouble and trouble.problem is Problem.EDGE and not swapped.switched else ""


def _lacking(server: str, sight: HostSight, swapped: Swapped | None) -> LajurError:
    """Why a server is not back, and whether people are still sent to it."""
    trouble = swapped.trouble if swapped else None
    silent = next((edge for edge, drained in sight.drained.items() if drained is None), "")
    unseen = Trouble(problem=Problem.EDGE, edge=silent) if silent else Trouble(problem=Problem.OTHER)
    why = sight.trouble or trouble or unseen
    return Refused("release.still_in" if sight.is_in else "release.kept_out", why=trouble_error(server, why))
