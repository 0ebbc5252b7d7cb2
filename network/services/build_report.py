"""What came of a request to the builder of servers, put together from what was heard of it. Decides nothing and asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from typing import Any, Final

from network.core.build_words import (
    MAY_STAND,
    NOT_LET_IN,
    RENTED_REFUSALS,
    difference,
    ending_of,
    outputs_of,
    short_lines,
    trees_of,
    unseen_of,
)
from network.core.building import BuildEvent, DataTree, Difference, Ending, Verb
from network.core.ports import Clock
from network.errors import LajurError, NeedsPerson


@dataclass(slots=True, kw_only=True)
class ServerPart:
    """What happened to one server. `operation`: create, update, delete, same, refresh or empty; `result`: one of `_RESULTS`;
    `seconds` that the engine worked at it."""

    server: str
    operation: str = ""
    result: str = ""
    seconds: float = 0.0

    @property
    def is_work(self) -> bool:
        """Whether it is more than a look."""
        return self.operation not in ("", "same", *_LOOKS)

    @property
    def is_through(self) -> bool:
        """Whether it was begun and not given up: neither refused nor failed."""
        return self.result not in TROUBLES

    def settle(self, result: str) -> None:
        """What is worse counts: a look that went well says nothing of the work that follows."""
        self.result = max(self.result, result, key=_RESULTS.index)


_MACHINE: Final = "machine"
"""The kind of what a cloud makes when a server is rented."""
_PAID: Final = {_MACHINE: "Server", "volume": "Volume"}
"""By kind, what is paid for by the hour, as errors name it."""
_LOOKS: Final = ("refresh", "read")
_RESULTS: Final = ("", "done", "unrepaired", "failed", "refused", "short")
TROUBLES: Final = ("failed", "refused", "short")
"""Results of a server on which nothing was brought to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """`lines`: those that are not simply as promised; `files`: where the whole report lies."""

    server: str
    accepted: bool
    lines: tuple[Mapping[str, str], ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A server that was given back, or let go of as `lost`. `digest`: SHA-256 of the proof as canonical JSON, in hexadecimal."""

    server: str
    wiped: bool
    lost: bool
    digest: str
    files: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class BuildReport:
    """What came of an errand. `engine`: of the `seconds`, those in which no server was worked at. `based`: servers for which what
    is there now is what to compare with; `accepted`: what differed from the baseline before. `unlooked`: servers whose baseline
    does not say who may become root. `trees`: what roles of ours have where that was asked, `unseen`: why nobody could look on
    others. `made` and `gone`: servers that a cloud made anew, or let go of, `freed`: those whose volumes it let go of; `begun`:
    by server what was begun of it that is paid for by the hour, `machine` or `volume` alone, and not known to have come to
    nothing. Lists are in the order of server, kind and name."""

    verb: Verb
    seconds: float = 0.0
    engine: float = 0.0
    servers: dict[str, ServerPart] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    repaired: list[Difference] = field(default_factory=list)
    unrepaired: list[Difference] = field(default_factory=list)
    accepted: list[Difference] = field(default_factory=list)
    based: tuple[str, ...] = ()
    unlooked: tuple[str, ...] = ()
    acceptances: list[Acceptance] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    freed: set[str] = field(default_factory=set)
    begun: dict[str, str] = field(default_factory=dict)
    warnings: list[BuildEvent] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    looked: tuple[str, ...] = ()
    trees: tuple[DataTree, ...] = ()
    unseen: Mapping[str, LajurError] = field(default_factory=dict)
    error: LajurError | None = None
    interrupted: bool = False

    @property
    def waiting(self) -> tuple[ServerPart, ...]:
        """Servers on which something would be done, or was; not those that are refused, or were not got through."""
        by_hand = self.by_hand if self.verb is Verb.PREVIEW else frozenset()
        return tuple(
            part
            for part in self.servers.values()
            if part.is_work and part.is_through and not (part.operation == "update" and part.server in by_hand)
        )

    @property
    def by_hand(self) -> frozenset[str]:
        """Servers that differ in nothing that commands can mend."""
        mendable = {each.server for each in self.differences if each.mend == "repair" and not each.reason}
        return frozenset({each.server for each in self.differences} - mendable)


class Ear:
    """What was heard of one request, put in order."""

    def __init__(self, verb: Verb, clock: Clock) -> None:
        self._clock = clock
        self._began = self._since = clock.monotonic()
        self._working: set[tuple[str, str]] = set()
        self._busy = 0.0
        self._begun: dict[tuple[str, str], float] = {}
        self._unlooked: set[str] = set()
        self._unseen: set[tuple[str, str]] = set()
        self._failed: set[tuple[str, str]] = set()
        self._creating: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()
        self._report = BuildReport(verb=verb)

    def hear(self, event: BuildEvent) -> None:
        report, server = self._report, event.text("server")
        match event.code:
            case "infra.resource":
                self._step(event, self._part(server))
            case "infra.difference" | "infra.repaired" | "infra.unrepaired" | "infra.accepted_difference":
                self._differs(event)
            case "infra.not_compared":
                self._unlooked.add(server)
            case "infra.accepted" | "infra.short" | "infra.now_short":
                self._accepted(event, self._part(server))
            case "infra.outputs":
                report.outputs = outputs_of(event.fields)
            case "infra.released":
                report.releases.append(_release(event))
            case "infra.lock_removed" | "infra.nothing_half_done" | "infra.cleared" | "infra.unheard":
                report.warnings.append(event)

    def _differs(self, event: BuildEvent) -> None:
        report, found = self._report, difference(event)
        lists = {
            "infra.difference": report.differences,
            "infra.repaired": report.repaired,
            "infra.unrepaired": report.unrepaired,
            "infra.accepted_difference": report.accepted,
        }
        lists[event.code].append(found)

    def report(self, ending: Ending) -> BuildReport:
        """All that was heard, and how it ended."""
        report, now = self._report, self._clock.monotonic()
        if self._working:
            self._busy += now - self._since
        report.seconds = now - self._began
        busy = ending.result.get("busy")
        known = isinstance(busy, (int, float)) and not isinstance(busy, bool) and 0 <= busy <= report.seconds
        report.engine = max(0.0, report.seconds - (busy if known and busy is not None else self._busy))
        for name in ("differences", "repaired", "unrepaired", "accepted"):
            setattr(report, name, _in_order(getattr(report, name)))
        report.acceptances.sort(key=lambda each: each.server)
        report.releases.sort(key=lambda each: each.server)
        report.unlooked = tuple(sorted(self._unlooked))
        if report.verb is Verb.RECOVER:  # what is left, not what it has just mended
            report.differences = [each for each in report.differences if not self._is_mended(each)]
        report.outputs = outputs_of(ending.result) or report.outputs
        looked = ending.result.get("looked")
        report.looked = tuple(sorted(map(str, looked if isinstance(looked, list) else report.servers)))
        based = ending.result.get("baseline")
        report.based = tuple(sorted(map(str, based))) if isinstance(based, list) else ()
        report.trees, report.unseen = trees_of(ending.result), unseen_of(ending.result)
        report.error, report.interrupted = ending.error, ending.interrupted
        self._blame(report.error)
        cut = {server for server, _ in self._working}  # their ends were never heard
        cut |= {server for server, _ in self._creating} - self._taken if report.error or report.interrupted else set()
        for server in sorted(cut):
            self._part(server).settle("failed")
        report.begun = self._paid(report.error)
        report.freed -= {str(each.fields.get("what")).removeprefix("Server ") for each in _each(report.error)}
        if report.error is None and not report.interrupted and report.unrepaired:
            servers = sorted({each.server for each in report.unrepaired})
            report.error = NeedsPerson("infra.left", count=len(report.unrepaired), servers=", ".join(servers))
        return report

    def _is_mended(self, difference: Difference) -> bool:
        part = self._part(difference.server)
        left = {(each.server, each.kind, each.name) for each in self._report.unrepaired}
        return (
            part.is_work
            and part.result in ("done", "unrepaired")
            and (difference.server, difference.kind, difference.name) not in left
        )

    def _blame(self, error: LajurError | None) -> None:
        """Of a failure the engine may say nothing but that it began: whose it is stands in the error."""
        for each in _each(error):
            # Of what is rented the kind stands before the name.
            name = str(each.fields.get("server") or each.fields.get("what") or "").rpartition(" ")[2]
            part = self._report.servers.get(name)
            if part is not None:
                part.settle(_BLAMED.get(each.code, "failed"))

    def _paid(self, error: LajurError | None) -> dict[str, str]:
        reasons = {str(each.fields.get("what")): each.code in MAY_STAND for each in _each(error)}
        let_in = all(each.code not in NOT_LET_IN for each in _each(error))  # else it is told once, and not of everything
        found = dict[str, str]()
        for (server, kind), status in sorted(self._creating.items(), reverse=True):  # a machine counts before its volume
            if status == "done" or reasons.get(f"{_PAID[kind]} {server}", status == "begun" or let_in):
                found[server] = kind
        return found

    def _part(self, server: str) -> ServerPart:
        return self._report.servers.setdefault(server, ServerPart(server=server))

    def _step(self, event: BuildEvent, part: ServerPart) -> None:
        now, status, which = self._clock.monotonic(), event.text("status"), (part.server, event.text("kind"))
        operation = event.text("operation")
        part.operation = _worse(part.operation, operation)
        if (which[1], operation, status) == ("volume", "delete", "done"):
            self._report.freed.add(part.server)
        if which[1] == "server" and status in ("done", "unrepaired"):
            self._taken.add(part.server)
        if operation == "create" and which[1] in _PAID:
            self._creating[which] = status
        if status == "begun":
            if not self._working:
                self._since = now
            self._working.add(which)
            self._begun[which] = now
            return
        part.seconds += now - self._begun.pop(which, now)
        if which[1] == _MACHINE and status == "done" and operation in ("create", "delete"):
            (self._report.made if operation == "create" else self._report.gone).add(part.server)
        self._see(part, which, looks=operation in _LOOKS, failed=status == "failed")
        if operation not in _LOOKS or self._report.verb in (Verb.REFRESH, Verb.DRIFT) or status == "failed":
            part.settle(status if status in ("failed", "unrepaired") else "done")
        if which in self._working:
            self._working.discard(which)
            self._busy += 0.0 if self._working else now - self._since

    def _see(self, part: ServerPart, which: tuple[str, str], *, looks: bool, failed: bool) -> None:
        """What could not be looked at and was brought to its end afterwards did not fail."""
        if failed:
            (self._unseen if looks else self._failed).add(which)
        elif not looks and which in self._unseen:
            self._unseen.discard(which)
            if part.result == "failed" and part.server not in {server for server, _ in (*self._unseen, *self._failed)}:
                part.result = ""

    def _accepted(self, event: BuildEvent, part: ServerPart) -> None:
        accepted = event.code == "infra.accepted"
        part.settle(part.result if accepted else "short")
        found = Acceptance(server=part.server, accepted=accepted, lines=short_lines(event.fields["report"]), files=_files(event))
        others = [each for each in self._report.acceptances if each.server != part.server]
        self._report.acceptances = [*others, found]


def _each(error: LajurError | None) -> tuple[LajurError, ...]:
    """The errors of an error over several, or that one."""
    several = error.fields.get("reasons") if error is not None else None
    return several if isinstance(several, tuple) else () if error is None else (error,)


_GRAVE: Final = ("", "read", "refresh", "same", "record", "update", "create", "replace", "delete")
"""The engine looks at a server before it does something to it: what counts is the deed."""


def _worse(one: str, other: str) -> str:
    return max(one, other, key=lambda each: _GRAVE.index(each) if each in _GRAVE else len(_GRAVE))


_BLAMED: Final = {
    **dict.fromkeys(("infra.short", "infra.now_short"), "short"),
    **dict.fromkeys(
        ("infra.refused_by", "infra.lease_ended", "infra.lease_ahead", "infra.public_ssh", "infra.abroad", *RENTED_REFUSALS),
        "refused",
    ),
}


def _in_order(differences: list[Difference]) -> list[Difference]:
    """Each once, whatever the order in which machines answered."""
    last = {(each.server, each.kind, each.name): each for each in differences}
    return [last[place] for place in sorted(last)]


def _release(event: BuildEvent) -> Release:
    ending = ending_of(event)
    return Release(
        server=event.text("server"),
        wiped=ending == "wiped",
        lost=ending == "lost",
        digest=_digest(event.fields["proof"]),
        files=_files(event),
    )


def _files(event: BuildEvent) -> tuple[str, ...]:
    files = event.fields.get("files")
    return tuple(str(each) for each in files) if isinstance(files, list) else ()


def _digest(proof: object) -> str:
    return sha256(dumps(proof, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
