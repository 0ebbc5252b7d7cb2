"""What capacity windows work with, and what comes of one look at the clock. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from inventory.regency import Regency
from network.core.audit import AuditEvent
from network.core.building import BuildEvent, Heard, Observation
from network.core.calendar import Edge
from network.core.capacity import SUBJECT, Seen
from network.core.play_ends import told
from network.core.plays import HostEnd, PlayEvent, PlayHeard, Plays, Status
from network.core.ports import Ledger
from network.core.quotas import Lack
from network.core.reason import Reason
from network.core.releases.ports import Files
from network.errors import LajurError, PlayError, Refused
from network.services.infra import BuildHands
from network.services.play_turns import PlayParts
from network.services.release_parts import ReleaseParts

TURN: Final = "capacity"
"""The lock under which servers come and go for peaks, one run after the other."""

TASK: Final = "capacity.task"
"""What is told so often that it is of use only while it lasts."""

Tell: TypeAlias = Callable[[Reason], None]


def nobody(reason: Reason) -> None:
    """Nobody listens."""


def hurried(tell: Tell) -> Heard:
    """A listener to a builder that tells when it was asked to stop, as that takes a while."""

    def heard(event: BuildEvent) -> None:
        if event.code == "infra.stopping":
            tell(Reason(code=event.code, fields=event.fields))

    return heard


def followed(tell: Tell) -> PlayHeard:
    """A listener to a play that tells how far it is: each task that ended on a host, where it was not passed over."""

    def heard(event: PlayEvent) -> None:
        if event.status is not Status.SKIPPED:
            tell(Reason(code=TASK, fields={"host": event.host, "task": event.task}))

    return heard


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayHands:
    """Who plays on the servers that stand at this moment, and who may have something of them."""

    plays: Plays
    turns: PlayParts


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinHands:
    """All that a workload's releases work with, on the servers that stand at this moment, and their files."""

    parts: ReleaseParts
    files: Files


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityHands:
    """The ports of a regency's capacity windows. `regency` is the truth, `there` the leased servers that stand; a lab may have
    fewer. `plays` and `joins` look anew at what stands whenever they are opened. `logs`: the folder for journals."""

    regency: Regency
    there: frozenset[str]
    build: BuildHands
    ledger: Ledger
    plays: Callable[[], AbstractContextManager[PlayHands]]
    joins: Callable[[str], AbstractContextManager[JoinHands]]
    logs: str

    def seen(self) -> dict[str, Seen]:
        """By server: what is on record of it."""
        found = self.build.observations.latest(self.build.regency, SUBJECT)
        every = {subject.removeprefix(SUBJECT): Seen.of(each.value) for subject, each in found.items()}
        return {key: each for key, each in every.items() if each is not None}

    def write(self, seen: Mapping[str, Seen]) -> None:
        now = self.build.clock.now()
        put = [Observation(subject=f"{SUBJECT}{key}", at=now, value=each.value) for key, each in seen.items()]
        self.build.observations.put(self.build.regency, put)

    def forget(self, keys: Collection[str]) -> None:
        self.build.observations.drop(self.build.regency, [f"{SUBJECT}{key}" for key in keys])

    def note(self, action: str, subject: str, detail: Mapping[str, str | int]) -> None:
        """A line of the audit log."""
        own = self.build
        full = {"via": own.place, **detail}
        own.audit.append(
            AuditEvent(at=own.clock.now(), actor=own.actor, action=action, regency=own.regency, subject=subject, detail=full)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A server that came or went. `logs`: the file with its journals, of one that went."""

    server: str
    entry: str
    logs: str = ""


@dataclass(slots=True, kw_only=True)
class CapacityReport:
    """What came of a run. `acted`, `skipped`: the edges that it claimed. `errors`: one for each entry that is not where it should
    be; `unasked`: by cloud, why nobody knows what room it has."""

    acted: tuple[Edge, ...] = ()
    skipped: tuple[Edge, ...] = ()
    came: list[Moved] = field(default_factory=list)
    went: list[Moved] = field(default_factory=list)
    errors: list[LajurError] = field(default_factory=list)
    warnings: list[Reason] = field(default_factory=list)
    lacks: tuple[Lack, ...] = ()
    unasked: Mapping[str, LajurError] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        return not (self.acted or self.skipped or self.came or self.went or self.errors)


_UNSEEN: Final = HostEnd(status=Status.UNREACHABLE, message="not among the hosts of the play")


def ended_badly(ends: Mapping[str, HostEnd], hosts: Collection[str], log: str) -> dict[str, LajurError]:
    """By host of `hosts`: why it is not as the play wants it. One of which the play says nothing was not played on."""
    found = told({host: ends.get(host, _UNSEEN) for host in hosts})
    return {host: PlayError("capacity.play", reason=Refused(each.code, **each.fields), log=log) for host, each in found.items()}
