"""What the services of links ask of the hands. At most six verbs each; every hand and its twin implement the same protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from network.core.links.beside import Beside
from network.core.links.deeds import LinkDeed
from network.core.links.difference import Keys
from network.core.links.intent import EndIntent
from network.core.links.plan import EndPlan
from network.core.links.sight import Looks, Sight
from network.core.ports import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A commit that is not confirmed yet: whose, and how many seconds it has left; empty and None where it does not say."""

    run: str
    seconds_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The running configuration as the platform writes it; it may hold secrets. `beside` is what holds although no text says so,
    where that was asked for and the platform keeps the two apart."""

    text: str = field(repr=False)
    pending: Pending | None = None
    beside: Beside | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """`candidate` is merged; the device goes back by itself after `revert_in` seconds unless `run` is confirmed.

    `revert_in` None: this platform cannot, and is told `inverse` instead when it is asked to go back. `message` is what its own
    log says of it; it holds no secret.
    """

    run: str
    candidate: str = field(repr=False)
    inverse: str = field(default="", repr=False)
    revert_in: int | None
    message: str


class LinkDevice(Protocol):
    """One device on which links end. Sync; errors are `network.errors.DeviceError` with device, step and next action.

    Not thread-safe: the runner holds one lock a device. What was sent may have been done although its answer was lost.
    """

    def read(self, *, beside: bool = False) -> Running:
        """The running configuration, and whose commit is pending; with `beside` also what stands beside it."""

    def commit(self, commit: Commit) -> None:
        """Arm the way back on the device, then apply, in one go. Raises StepRefused with the bad line, and then nothing of it
        holds; DeviceArmed while a commit is pending."""

    def look(self, looks: Sequence[Looks]) -> tuple[Sight, ...]:
        """What is seen of each end, in order, over a session that was opened after the last commit."""

    def confirm(self, run: str) -> None:
        """Keep what `run` committed, over a session that was opened after it. Raises ArmExpired when nothing of it is pending:
        the device has gone back, or has heard this before; NotSaved when it is kept and would be gone after a restart."""

    def revert(self) -> None:
        """Back at once to what held before the pending commit; nothing where none is pending."""

    def close(self) -> None:
        """Let go of the connections. The device keeps all that it holds."""


class LinkDialect(Protocol):
    """A platform's words about links, pure."""

    def plan(self, end: EndIntent, running: str, keys: Keys) -> EndPlan:
        """What leads from the running configuration to the intent. Raises Refused for a key that cannot be used."""


class LinkLedger(Protocol):
    """The durable record of runs on links."""

    def begin(self, run: RunRecord, deeds: Sequence[LinkDeed]) -> None: ...

    def mark(self, run: str, phase: str, at: datetime) -> None: ...

    def finish(self, run: str, result: str, at: datetime, detail: str = "") -> None: ...

    def deeds(self, run: str) -> tuple[LinkDeed, ...]:
        """What the run set out to do, in order."""

    def unfinished(self, regency: str) -> tuple[RunRecord, ...]:
        """The runs on links that are on record as running, oldest first."""
