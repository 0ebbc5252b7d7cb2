"""What came of a request to the builder of servers, put together from what was heard of it. Decides nothing and asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from typing import Any, Final

from network.core.build_words import difference, ending_of, outputs_of, short_lines
from network.core.building import BuildEvent, Difference, Ending, Verb
from network.core.ports import Clock
from network.errors import LajurError, NeedsPerson


@dataclass(slots=True, kw_only=True)
class ServerPart:
    """What happened to one server. `operation`: create, update, delete, same, refresh or empty; `result`: done, failed, short,
    unrepaired or empty; `seconds` that the engine worked at it."""

    server: str
    operation: str = ""
    result: str = ""
    seconds: float = 0.0

    @property
    def is_work(self) -> bool:
        """Whether it is more than a look."""
        return self.operation not in ("", "same", "refresh", "read")


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
    """What came of an errand. `engine`: of the `seconds`, those in which no server was worked at."""

    verb: Verb
    seconds: float = 0.0
    engine: float = 0.0
    servers: dict[str, ServerPart] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    repaired: list[Difference] = field(default_factory=list)
    unrepaired: list[Difference] = field(default_factory=list)
    acceptances: list[Acceptance] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    warnings: list[BuildEvent] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    looked: tuple[str, ...] = ()
    error: LajurError | None = None
    interrupted: bool = False

    @property
    def waiting(self) -> tuple[ServerPart, ...]:
        """Servers on which something would be done, or was; not those that are refused, or were not got through."""
        return tuple(part for part in self.servers.values() if part.is_work and part.result not in ("failed", "short"))


class Ear:
    """What was heard of one request, put in order."""

    def __init__(self, verb: Verb, clock: Clock) -> None:
        self._clock = clock
        self._began = self._since = clock.monotonic()
        self._working: set[tuple[str, str]] = set()
        self._busy = 0.0
        self._begun: dict[tuple[str, str], float] = {}
        self._report = BuildReport(verb=verb)

    def hear(self, event: BuildEvent) -> None:
        report, server = self._report, event.text("server")
        match event.code:
            case "infra.resource":
                self._step(event, self._part(server))
            case "infra.difference":
                report.differences.append(difference(event))
            case "infra.repaired":
                report.repaired.append(difference(event))
            case "infra.unrepaired":
                report.unrepaired.append(difference(event))
                self._part(server).result = "unrepaired"
            case "infra.accepted" | "infra.short" | "infra.now_short":
                self._accepted(event, self._part(server))
            case "infra.outputs":
                report.outputs = outputs_of(event.fields)
            case "infra.released":
                proof = event.fields["proof"]
                ending = ending_of(event)
                report.releases.append(
                    Release(
                        server=server,
                        wiped=ending == "wiped",
                        lost=ending == "lost",
                        digest=_digest(proof),
                        files=_files(event),
                    )
                )
            case "infra.lock_removed" | "infra.nothing_half_done" | "infra.cleared" | "infra.unheard":
                report.warnings.append(event)

    def report(self, ending: Ending) -> BuildReport:
        """All that was heard, and how it ended."""
        report, now = self._report, self._clock.monotonic()
        if self._working:
            self._busy += now - self._since
        report.seconds = now - self._began
        busy = ending.result.get("busy")
        known = isinstance(busy, (int, float)) and not isinstance(busy, bool) and 0 <= busy <= report.seconds
        report.engine = max(0.0, report.seconds - (busy if known and busy is not None else self._busy))
        report.differences = list({(each.server, each.kind, each.name): each for each in report.differences}.values())
        if report.verb is Verb.RECOVER:  # what is left, not what it has just mended
            report.differences = [each for each in report.differences if not self._is_mended(each)]
        report.outputs = outputs_of(ending.result) or report.outputs
        looked = ending.result.get("looked")
        report.looked = tuple(map(str, looked)) if isinstance(looked, list) else tuple(sorted(report.servers))
        report.error, report.interrupted = ending.error, ending.interrupted
        if report.error is None and not report.interrupted and report.unrepaired:
            servers = dict.fromkeys(each.server for each in report.unrepaired)
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

    def _part(self, server: str) -> ServerPart:
        return self._report.servers.setdefault(server, ServerPart(server=server))

    def _step(self, event: BuildEvent, part: ServerPart) -> None:
        now, status, which = self._clock.monotonic(), event.text("status"), (part.server, event.text("kind"))
        part.operation = _worse(part.operation, event.text("operation"))
        if status == "begun":
            if not self._working:
                self._since = now
            self._working.add(which)
            self._begun[which] = now
            return
        part.seconds += now - self._begun.pop(which, now)
        part.result = "failed" if status == "failed" and not part.result else part.result or "done"
        if which in self._working:
            self._working.discard(which)
            self._busy += 0.0 if self._working else now - self._since

    def _accepted(self, event: BuildEvent, part: ServerPart) -> None:
        accepted = event.code == "infra.accepted"
        part.result = part.result if accepted else "short"
        found = Acceptance(server=part.server, accepted=accepted, lines=short_lines(event.fields["report"]), files=_files(event))
        others = [each for each in self._report.acceptances if each.server != part.server]
        self._report.acceptances = [*others, found]


_GRAVE: Final = ("", "read", "refresh", "same", "record", "update", "create", "replace", "delete")
"""The engine looks at a server before it does something to it: what counts is the deed."""


def _worse(one: str, other: str) -> str:
    return max(one, other, key=lambda each: _GRAVE.index(each) if each in _GRAVE else len(_GRAVE))


def _files(event: BuildEvent) -> tuple[str, ...]:
    files = event.fields.get("files")
    return tuple(str(each) for each in files) if isinstance(files, list) else ()


def _digest(proof: object) -> str:
    return sha256(dumps(proof, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
