"""What people and systems ask for ahead of time: boosts, windows and plans, with who asked, who agreed and until when.

Values only. A booking never changes in place: each change is a new value with the next `revision`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from inventory.policy import Window
from network.core.intent import Boost
from network.core.reason import Reason


class Kind(StrEnum):
    BOOST = "boost"
    WINDOW = "window"
    PLAN = "plan"


class State(StrEnum):
    """`pending`: admitted, holds its place and waits for a second person. `granted`: acts at its time.

    `used`: a plan that was carried out. The rest never act: `rejected` by an approver, `cancelled` by whoever may.
    """

    PENDING = "pending"
    GRANTED = "granted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    USED = "used"


class Phase(StrEnum):
    """Where a booking stands at a moment. `waiting` for a second person; `lapsed`: nobody came in time.

    A boost that is granted is `scheduled`, then `active`, then `ended`. A window stays `granted` until its last end: when it
    takes place, its calendar says. So does a plan until its last moment of use.
    """

    WAITING = "waiting"
    LAPSED = "lapsed"
    GRANTED = "granted"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    ENDED = "ended"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Approval:
    """A second person's word. `agreed` False is a rejection, and `note` says why."""

    actor: str
    at: datetime
    agreed: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """A plan as it was shown: `digest` of its steps (SHA-256 of their canonical JSON), and what a person reads.

    `rows` are the lines of the preview as JSON values. `run` is the run that carried it out. `unproven`: links that nobody had
    proven, by the office to which it gives more over them.
    """

    digest: str
    steps: int
    rows: tuple[Mapping[str, Any], ...]
    run: str | None = None
    unproven: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One request and what became of it.

    `ends`: when it says nothing more (a boost's expiry, a plan's last moment of use, a window's last end or None).
    `needs`: why a second person is asked; empty when nobody is. `hold_until`: when a pending one lets go of its place.
    `key`: what the value is called by people (a window's key, else the id).
    """

    id: str
    regency: str
    kind: Kind
    value: Boost | Window | Previewed
    state: State
    actor: str
    created: datetime
    changed: datetime
    ends: datetime | None
    reason: str = ""
    hold_until: datetime | None = None
    needs: tuple[Reason, ...] = ()
    approvals: tuple[Approval, ...] = ()
    revision: int = 1

    def live(self, now: datetime) -> bool:
        """Whether it acts or may still act: granted, or pending and its place still held; and not over."""
        held = self.state is State.GRANTED or (self.state is State.PENDING and (self.hold_until is None or now < self.hold_until))
        return held and (self.ends is None or now < self.ends)

    def phase(self, now: datetime) -> Phase:
        if self.state not in (State.PENDING, State.GRANTED):
            return Phase(self.state.value)
        if self.ends is not None and self.ends <= now:
            return Phase.ENDED
        if self.state is State.PENDING:
            return Phase.WAITING if self.live(now) else Phase.LAPSED
        if not isinstance(self.value, Boost):
            return Phase.GRANTED
        return Phase.SCHEDULED if now < self.value.starts else Phase.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered to a request with an Idempotency-Key, to be given again. `fingerprint`: SHA-256 of the request."""

    fingerprint: str
    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """Whose request: the caller and the key that they chose."""

    actor: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """Something that happened, as subscribers are told: `kind` such as `boost.granted`, `subject` its id or key."""

    kind: str
    subject: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who is told of what. `kinds` empty: of everything. A subscription that answered 410, or was ended, is not `active`."""

    id: str
    regency: str
    url: str
    kinds: tuple[str, ...]
    actor: str
    created: datetime
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One announcement on its way to one subscription. `payload` is the CloudEvent as JSON text, signed as it is sent."""

    id: str
    subscription: Subscription
    payload: str
    attempts: int
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An API token. `digest` is the SHA-256 of its secret, which nobody keeps. `grants`: rights by regency (`*`: all)."""

    id: str
    name: str
    digest: str
    grants: Mapping[str, tuple[str, ...]]
    actor: str
    created: datetime
    expires: datetime
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One office on one uplink and direction during one occurrence of a window (or one boost), added up over minutes.

    Rates in bit/s, averaged over `minutes`; `promised` by the allocation, `applied` as read back from the device,
    `measured` by the class meter. `wanting` are the minutes in which the office wanted at least its promise, `below` those of
    them in which it got less than 98 % of it. `least` is the smallest measured rate of a wanting minute.
    """

    regency: str
    purpose: str
    window: str
    start: datetime
    office: str
    uplink: str
    direction: str
    minutes: int
    wanting: int
    below: int
    promised: int
    applied: int
    measured: int
    least: int | None
    updated: datetime
