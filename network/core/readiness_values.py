"""What a judgement of readiness is made of: criteria and their points, gaps, offices, stages. Values only; the law is in
`network.core.readiness`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from network.core.reason import Reason


class Dimension(StrEnum):
    INFRASTRUCTURE = "infrastructure"
    PEOPLE = "people"
    PROCEDURES = "procedures"
    INTEGRATION = "integration"
    SERVICE_TIME = "service_time"


class Criterion(StrEnum):
    LINK = "link"
    GUARANTEE = "guarantee"
    LEASE = "lease"
    PROBES = "probes"
    STAFF = "staff"
    PROCEDURES = "procedures"
    SYSTEMS = "systems"
    INTEGRATION = "integration"
    SERVICE_TIME = "service_time"


POINTS: Final[Mapping[Criterion, tuple[Dimension, int]]] = {
    Criterion.LINK: (Dimension.INFRASTRUCTURE, 10),
    Criterion.GUARANTEE: (Dimension.INFRASTRUCTURE, 10),
    Criterion.LEASE: (Dimension.INFRASTRUCTURE, 5),
    Criterion.PROBES: (Dimension.INFRASTRUCTURE, 5),
    Criterion.STAFF: (Dimension.PEOPLE, 20),
    Criterion.PROCEDURES: (Dimension.PROCEDURES, 15),
    Criterion.SYSTEMS: (Dimension.INTEGRATION, 5),
    Criterion.INTEGRATION: (Dimension.INTEGRATION, 15),
    Criterion.SERVICE_TIME: (Dimension.SERVICE_TIME, 15),
}


class Mover(StrEnum):
    """Whose move it is."""

    NETWORK = "network"
    """The network engineer of the ICT office."""

    OFFICE = "office"
    LICENSING = "licensing"
    """The licensing office (DPMPTSP), which also trains."""

    LESSOR = "lessor"
    PLANNING = "planning"
    """Who plans and budgets what a contract costs."""


class State(StrEnum):
    MET = "met"
    PARTLY = "partly"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """From the best to the worst. `waived`: not ready, and may open all the same, in writing; only offices are."""

    READY = "ready"
    WAIVED = "waived"
    UNDECIDED = "undecided"
    NOT_READY = "not_ready"


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Of none: undecided."""
    return max(verdicts, key=list(Verdict).index, default=Verdict.UNDECIDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What is missing. `why.code` is one of `readiness.gap.…`; `known` false: nobody can say yet."""

    criterion: Criterion
    mover: Mover
    known: bool
    why: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One criterion of one office. `points` of `weight`; None: unknown."""

    criterion: Criterion
    weight: int
    points: int | None
    gaps: tuple[Gap, ...] = ()

    @property
    def state(self) -> State:
        if self.points is None:
            return State.UNKNOWN
        return State.MET if self.points == self.weight else State.PARTLY if self.points else State.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    reason: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeReadiness:
    """`least` points are had, of `known` that somebody can judge; with all that is unknown they would be `most`.

    `proven`: when the first of its links was proven, None unless all are.
    """

    office: str
    name: str
    stage: str | None
    verdict: Verdict
    threshold: int
    least: int
    known: int
    most: int
    marks: tuple[Mark, ...]
    waived: Waived | None
    proven: datetime | None

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(gap for mark in self.marks for gap in mark.gaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The opening day was once `was`; it was moved for `reason`."""

    was: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReadiness:
    """Offices that go live together. `key` None: those that belong to no stage. `opens` None: nobody has written when.

    Ready when there are offices, each of them is ready or waived, and it is written when it opens. `days_left` below 0: the
    day is over.
    """

    key: str | None
    name: str
    verdict: Verdict
    threshold: int
    opens: date | None
    days_left: int | None
    moved: tuple[Move, ...]
    offices: tuple[OfficeReadiness, ...]

    def count(self, verdict: Verdict) -> int:
        return sum(office.verdict is verdict for office in self.offices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Every office once, in its stage; stages in the order in which they open, offices in the order of the file."""

    today: date
    stages: tuple[StageReadiness, ...]

    @property
    def offices(self) -> tuple[OfficeReadiness, ...]:
        return tuple(office for stage in self.stages for office in stage.offices)

    @property
    def verdict(self) -> Verdict:
        return worst(stage.verdict for stage in self.stages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The same gap of several offices. `whys` are the ways in which it differs among them, without repetition."""

    mover: Mover
    criterion: Criterion
    known: bool
    code: str
    whys: tuple[Reason, ...]
    offices: tuple[str, ...]
