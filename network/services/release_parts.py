"""What the services of releases work with, what they tell while they work, and what comes of it. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any, Final, TypeAlias

from inventory.regency import Regency
from network.core.ports import Clock, Runner
from network.core.reason import Reason
from network.core.releases.ports import ReleaseHands, Releases
from network.core.releases.record import Task
from network.core.releases.values import Workload
from network.errors import DeviceBusy, LajurError, Refused

TURN: Final = "release"
"""The lock under which releases of a regency are carried out, one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseEvent:
    """Something that is begun or was found out: a code `release.step.…` and its fields."""

    code: str
    fields: Mapping[str, object] = field(default_factory=dict)


Heard: TypeAlias = Callable[[ReleaseEvent], None]


def nobody(event: ReleaseEvent) -> None:
    """Nobody listens."""


def step(word: str, **fields: object) -> ReleaseEvent:
    return ReleaseEvent(code=f"release.step.{word}", fields=fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseParts:
    """The ports of one workload of a regency."""

    regency: Regency
    workload: Workload
    hands: ReleaseHands
    record: Releases
    runner: Runner
    clock: Clock
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReport:
    """`gate`: what `network.core.releases.gate.Verdict.detail` says; empty when it never came to one. `seconds` it took."""

    number: int
    servers: tuple[str, ...]
    seconds: float
    gate: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a run. `result`: done, nothing, returned, needs_person; with an `error` for the last two unless somebody
    interrupted it and all is back."""

    run: str
    workload: str
    task: Task
    release: str
    before: str
    result: str
    version: str = ""
    batches: tuple[BatchReport, ...] = ()
    warnings: tuple[Reason, ...] = ()
    error: LajurError | None = None
    interrupted: bool = False


def new_run(now: datetime) -> str:
    return f"release-{now:%Y%m%dt%H%M%S}-{token_hex(3)}"


def local(parts: ReleaseParts, moment: datetime) -> str:
    """As people of the regency write it, with the zone's name."""
    return f"{moment.astimezone(parts.regency.zone):%Y-%m-%d %H:%M %Z}"


@contextmanager
def turn(parts: ReleaseParts, run: str) -> Iterator[None]:
    """Nobody else releases anything meanwhile. Raises Refused naming who does, and since when."""
    with ExitStack() as held:
        try:
            held.enter_context(parts.runner.hold((TURN,), run))
        except DeviceBusy as error:
            other, pid = str(error.fields.get("run", "?")), error.fields.get("pid", "?")
            known = next((each for each in parts.record.history() if each.id == other), None)
            if known is None:
                raise Refused("release.busy", run=other, pid=pid) from error
            raise Refused(
                "release.busy_since",
                run=other,
                pid=pid,
                actor=known.actor,
                workload=known.workload,
                release=known.release or "–",
                since=local(parts, known.started),
            ) from error
        yield
