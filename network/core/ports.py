"""What the brain asks of the hands. At most six verbs each; every hand and its twin implement the same protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias, TypeVar

from network.core.audit import AuditEntry, AuditEvent
from network.core.booking import (
    Announcement,
    Answer,
    AnswerKey,
    Booking,
    Delivery,
    Kind,
    ReportLine,
    Subscription,
    Token,
)
from network.core.observed import DeviceState
from network.core.plan import Step
from network.core.rates import InterfaceReading
from network.core.slot import Slot
from network.core.tree import Place, ShaperId
from network.errors import LajurError

T = TypeVar("T")

Heard: TypeAlias = Callable[[str, T | LajurError], None]
"""Listens to single devices while all are worked on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """The dead man's timer of a run: `restore` is carried out by the device itself after `seconds` unless confirmed.

    `seen` is the turn (`DeviceState.turn`) at which the run's plan was made; None when it stands on no observation.
    """

    run: str
    seconds: int
    restore: tuple[Step, ...]
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What the device does by itself `seconds` from now if nobody comes: `steps` lead to the allocation of that time."""

    name: str
    seconds: int
    steps: tuple[Step, ...]


class Device(Protocol):
    """One device that holds shapers. Sync; errors are `network.errors.DeviceError` with device, step and next action.

    Steps are absolute: carrying one out twice leaves the same state. Not thread-safe: the runner holds one lock a
    device.

    What was sent may arrive late or twice. A run's commands follow each other by the device's turn: what the device has
    passed by does nothing any more, and says so with DeviceMoved to whoever still listens.
    """

    def observe(self) -> DeviceState:
        """Read everything back: queues, rules, counters, timers."""

    def arm(self, arm: Arm) -> None:
        """Set the timer before the first change. Raises DeviceArmed when another run's record is there, and DeviceMoved when
        the device is no longer at the turn that was `seen`.

        For a run that has the device already, and has seen it as it is: whatever was sent before and not carried out yet is
        void, and so are the return timers that it left; its timer and restore stay as they are.
        """

    def carry(self, steps: Sequence[Step]) -> None:
        """Carry out the steps in order, as one batch. Raises StepRefused with the line and what was done before it.

        Raises ArmExpired, once and with nothing done, when the run that was armed here has gone back meanwhile: steps that
        raise may not follow a restore that has raised already.
        """

    def confirm(self, run: str) -> None:
        """Cancel the timer of `run` over a connection other than the one that changed; the return timers that it left are
        now the only ones. Raises ArmExpired."""

    def leave(self, returns: Sequence[Return]) -> None:
        """Make these the return timers: the new ones stand before the others are cancelled. Empty cancels all.

        Under a run's timer both count: confirming cancels the others, going back cancels these.
        """

    def close(self) -> None:
        """Let go of the connections. The device keeps all that it holds."""


class Dialect(Protocol):
    """A platform's words, pure: scripts for one exec each, and the reading of their output.

    `places` says on which interface each shaper stands.
    """

    def observe_script(self, places: Mapping[ShaperId, Place]) -> str: ...

    def observed(self, text: str, places: Mapping[ShaperId, Place]) -> DeviceState: ...

    def carry_script(
        self, steps: Sequence[Step], places: Mapping[ShaperId, Place], run: str = "", turn: int | None = None
    ) -> str:
        """`run`: do nothing unless its timer still stands, and the device is at `turn`."""

    def arm_script(self, arm: Arm, places: Mapping[ShaperId, Place]) -> str: ...

    def confirm_script(self, run: str, turn: int | None = None) -> str: ...

    def leave_script(
        self, returns: Sequence[Return], places: Mapping[ShaperId, Place], run: str = "", turn: int | None = None
    ) -> str: ...


class InterfaceMeter(Protocol):
    """The SNMP meter of one regency: interface totals, by device."""

    def read(self) -> Mapping[str, InterfaceReading | LajurError]:
        """Poll every device that answers SNMP, all at once; an error is that device's result."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, aware, in UTC; what calendars are asked with."""

    def monotonic(self) -> float:
        """Seconds that only grow; what durations are measured with."""

    def sleep(self, seconds: float) -> None:
        """Wait that long by `monotonic`."""


class Runner(Protocol):
    """Concurrency over devices, and the one lock that each device has."""

    def hold(self, devices: Sequence[str], run: str) -> AbstractContextManager[None]:
        """Hold the locks of all `devices` for `run`. Raises Refused naming who holds one of them."""

    def each(
        self, devices: Sequence[str], work: Callable[[str], T], heard: Heard[T] | None = None
    ) -> Mapping[str, T | LajurError]:
        """Do `work` for every device at once; an error of one is its result and stops no other.

        `heard` is told of each as it ends, in the caller's own thread; what it raises lets nothing more begin.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run as the ledger keeps it.

    `result`: running, done, nothing, returned, needs_person, refused (nothing was begun), abandoned (its controller died).
    `place`: whose devices they were: direct, memory, or a lab and when it was brought up; empty where nobody wrote that down.
    """

    id: str
    regency: str
    reason: str
    started: datetime
    finished: datetime | None = None
    result: str = "running"
    steps: int = 0
    detail: str = ""
    place: str = ""

    def is_of(self, place: str) -> bool:
        """Whether it may have been carried out on the devices there."""
        return self.place in ("", place)


class Ledger(Protocol):
    """The durable record. Everything is written before it is carried out."""

    def begin(self, run: RunRecord, steps: Sequence[Step]) -> None: ...

    def mark(self, run: str, phase: str, at: datetime) -> None:
        """The run entered `phase` (armed, lowered, raised, read_back, confirmed, inverse)."""

    def finish(self, run: str, result: str, at: datetime, detail: str = "") -> None: ...

    def claim(self, slot: Slot, run: str, at: datetime, status: str) -> bool:
        """Claim a slot durably (`acted` or `skipped`); False when somebody has it."""

    def runs(self, regency: str, limit: int = 20) -> tuple[RunRecord, ...]: ...

    def claims(self, regency: str, since: datetime) -> tuple[tuple[Slot, str], ...]: ...


class Deeds(Protocol):
    """What the record knows of runs that nobody can be asked about any more."""

    def unfinished(self, regency: str) -> tuple[RunRecord, ...]:
        """Every run, on queues or on links, that is on record as running, however long ago it was begun; oldest first."""

    def steps(self, run: str) -> tuple[Step, ...]:
        """What the run set out to do, in order."""

    def marks(self, run: str) -> tuple[tuple[str, datetime], ...]:
        """The phases that the run entered, in order."""


class RunLedger(Ledger, Deeds, Protocol):
    """The record as a run needs it: to write its own, and to read what others left unfinished."""


class RunBook(Protocol):
    """What the record says of single runs, for whoever follows one."""

    def run(self, id: str) -> RunRecord | None: ...

    def marks(self, run: str) -> tuple[tuple[str, datetime], ...]:
        """The phases that the run entered, in order."""

    def before(self, regency: str, run: str | None, limit: int) -> tuple[RunRecord, ...]:
        """The runs begun before `run` (None: the last ones), newest first."""

    def counts(self, regency: str) -> Mapping[str, int]:
        """How many runs there are, by result."""


class Book(Protocol):
    """The bookings of one regency inside one writing transaction: nobody else writes anything until it ends.

    Everything that is said in it, the audit lines and announcements too, stands together or not at all.
    """

    def live(self, kind: Kind, now: datetime) -> tuple[Booking, ...]:
        """Bookings that act or may act at `now` or later (`Booking.live`), oldest first."""

    def put(self, booking: Booking) -> None:
        """Write a new booking (revision 1) or the next revision of one. Raises Conflict when it is not the next one, or
        when a live booking of that kind and key stands already."""

    def note(self, action: str, subject: str, detail: Mapping[str, str | int]) -> None:
        """A line of the audit log, in the name of the book's actor."""

    def announce(self, what: Announcement) -> None:
        """Queue it for every subscription that wants to know."""

    def recall(self, key: AnswerKey) -> Answer | None: ...

    def remember(self, key: AnswerKey, answer: Answer) -> None: ...


class Bookings(Protocol):
    """Boosts, requested windows and plans. Reading needs no transaction of its own."""

    def book(self, regency: str, actor: str, at: datetime) -> AbstractContextManager[Book]: ...

    def booking(self, id: str) -> Booking | None: ...

    def live(self, regency: str, kind: Kind, now: datetime) -> tuple[Booking, ...]:
        """As `Book.live`."""

    def page(self, regency: str, kind: Kind, before: str | None, limit: int) -> tuple[Booking, ...]:
        """All there were, newest first, from the one after `before` on."""

    def recalled(self, key: AnswerKey) -> Answer | None:
        """What was answered to that key in the last 24 hours or longer."""


class Tokens(Protocol):
    """API tokens, by id. Every change is an audit line too, in the name of the record's actor."""

    def add(self, token: Token) -> None: ...

    def token(self, id: str) -> Token | None: ...

    def tokens(self) -> tuple[Token, ...]:
        """All, newest first, ended ones too."""

    def revoke(self, id: str, at: datetime) -> bool:
        """False when there is no such token, or it was revoked before."""


class Outbox(Protocol):
    """Announcements on their way. A delivery that is taken is nobody else's for as long as `hold` says."""

    def subscribe(self, subscription: Subscription) -> None: ...

    def subscriptions(self, regency: str) -> tuple[Subscription, ...]: ...

    def unsubscribe(self, id: str, at: datetime) -> bool:
        """End it; what was on its way to it is dropped. False when there is none, or it has ended."""

    def take(self, now: datetime, hold: timedelta, limit: int) -> tuple[Delivery, ...]:
        """Deliveries that are due, oldest first, of active subscriptions."""

    def delivered(self, id: str, at: datetime) -> None: ...

    def failed(self, id: str, at: datetime, again: datetime | None, why: str) -> None:
        """Try `again` then; None gives it up for good."""


class Reports(Protocol):
    """What was promised, applied and measured, by occurrence."""

    def add(self, lines: Sequence[ReportLine]) -> None:
        """Write each line in the place of an earlier one of the same occurrence, office, uplink and direction."""

    def lines(self, regency: str, purpose: str, window: str, start: datetime) -> tuple[ReportLine, ...]: ...

    def occurrences(
        self, regency: str, after: tuple[str, str, datetime] | None, limit: int
    ) -> tuple[tuple[str, str, datetime], ...]:
        """Purpose, window and start of every occurrence that has lines, latest start first; those that come after `after`."""


class Locks(Protocol):
    """Locks that hold between controllers on several machines."""

    def hold(self, regency: str, devices: Sequence[str], run: str, wait: float) -> AbstractContextManager[None]:
        """Hold all of them. Raises DeviceBusy when that takes longer than `wait` seconds."""


class AuditLog(Protocol):
    """Who did what, in a chain that shows every later change (`network.core.audit`). Nothing is ever taken out."""

    def append(self, event: AuditEvent) -> AuditEntry: ...

    def entries(self, after: int = 0, limit: int = 1000) -> tuple[AuditEntry, ...]:
        """The entries whose number is above `after`, in order."""
