"""The tables of the record, the same for every database. Holds no queries and opens nothing.

A change here needs a migration in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Named,
    String,
    Table,
    TypedColumns,
    TypeDecorator,
    UniqueConstraint,
)

RESULTS: Final = ("running", "done", "nothing", "returned", "needs_person", "refused", "abandoned")
EDGES: Final = ("open", "close")
STATUSES: Final = ("acted", "skipped")
KINDS: Final = ("boost", "window", "plan")
RELEASE_RESULTS: Final = ("running", "done", "returned", "needs_person", "abandoned")
STATES: Final = ("pending", "granted", "rejected", "cancelled", "used")

metadata: Final = MetaData()


class Utc(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive one is a mistake of ours and is refused before it is written."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a moment without a zone: {value!r}")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class RunColumns(TypedColumns):
    """`seq` is the order in which runs were begun: a clock that was set back must not reorder history."""

    seq = Column(Integer, primary_key=True)
    id: Named[str] = Column(String, unique=True)
    regency: Named[str] = Column(String, index=True)
    reason: Named[str] = Column(String)
    started: Named[datetime] = Column(Utc)
    finished: Named[datetime | None] = Column(Utc)
    result: Named[str] = Column(String)
    steps: Named[int] = Column(Integer)
    detail: Named[str] = Column(String)
    place: Named[str] = Column(String, server_default="")


class StepColumns(TypedColumns):
    """`at` counts from 0 in the order of the plan; `value` is the step as `network.core.codec` writes it."""

    run: Named[str] = Column(ForeignKey("run.id"), primary_key=True)
    at: Named[int] = Column(Integer, primary_key=True)
    value: Named[dict[str, Any]] = Column(JSON)


class MarkColumns(TypedColumns):
    seq = Column(Integer, primary_key=True)
    run: Named[str] = Column(ForeignKey("run.id"), index=True)
    phase: Named[str] = Column(String)
    at: Named[datetime] = Column(Utc)


class ClaimColumns(TypedColumns):
    """`run` is who acted, as text: a claim comes before the run and also stands for edges that were missed."""

    seq = Column(Integer, primary_key=True)
    regency: Named[str] = Column(String)
    purpose: Named[str] = Column(String)
    window: Named[str] = Column(String)
    start: Named[datetime] = Column(Utc)
    edge: Named[str] = Column(String)
    run: Named[str] = Column(String)
    at: Named[datetime] = Column(Utc)
    status: Named[str] = Column(String)


class AuditColumns(TypedColumns):
    """`number` counts from 1 without a gap; what is digested and how is said in `network.core.audit`."""

    number: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    at: Named[datetime] = Column(Utc)
    actor: Named[str] = Column(String)
    action: Named[str] = Column(String)
    regency: Named[str] = Column(String, index=True)
    subject: Named[str] = Column(String)
    detail: Named[dict[str, str | int]] = Column(JSON)
    previous: Named[str] = Column(String)
    digest: Named[str] = Column(String)


class BookingColumns(TypedColumns):
    """`seq` is the order in which they were asked for; `key` is a window's own key, else the id. `value` as
    `network.core.booking_codec` writes it."""

    seq = Column(Integer, primary_key=True)
    id: Named[str] = Column(String, unique=True)
    regency: Named[str] = Column(String)
    kind: Named[str] = Column(String)
    key: Named[str] = Column(String)
    state: Named[str] = Column(String)
    actor: Named[str] = Column(String)
    reason: Named[str] = Column(String)
    created: Named[datetime] = Column(Utc)
    changed: Named[datetime] = Column(Utc)
    ends: Named[datetime | None] = Column(Utc)
    hold_until: Named[datetime | None] = Column(Utc)
    revision: Named[int] = Column(Integer)
    value: Named[dict[str, Any]] = Column(JSON)
    needs: Named[list[dict[str, Any]]] = Column(JSON)
    approvals: Named[list[dict[str, Any]]] = Column(JSON)


class AnswerColumns(TypedColumns):
    """What was answered to a request that may be sent again. `key` is its caller's own."""

    actor: Named[str] = Column(String, primary_key=True)
    key: Named[str] = Column(String, primary_key=True)
    fingerprint: Named[str] = Column(String)
    status: Named[int] = Column(Integer)
    body: Named[str] = Column(String)
    headers: Named[dict[str, str]] = Column(JSON)
    at: Named[datetime] = Column(Utc, index=True)


class FloorColumns(TypedColumns):
    """One row: the lowest revision whose programs may still work with these tables."""

    revision: Named[str] = Column(String, primary_key=True)


class TokenColumns(TypedColumns):
    """`digest` is the SHA-256 of the secret; the secret is nowhere."""

    seq = Column(Integer, primary_key=True)
    id: Named[str] = Column(String, unique=True)
    name: Named[str] = Column(String)
    digest: Named[str] = Column(String)
    grants: Named[dict[str, list[str]]] = Column(JSON)
    actor: Named[str] = Column(String)
    created: Named[datetime] = Column(Utc)
    expires: Named[datetime] = Column(Utc)
    revoked: Named[datetime | None] = Column(Utc)


class SubscriptionColumns(TypedColumns):
    """`ended` is when it was ended, by its owner or by a receiver that is gone for good."""

    seq = Column(Integer, primary_key=True)
    id: Named[str] = Column(String, unique=True)
    regency: Named[str] = Column(String, index=True)
    url: Named[str] = Column(String)
    kinds: Named[list[str]] = Column(JSON)
    actor: Named[str] = Column(String)
    created: Named[datetime] = Column(Utc)
    ended: Named[datetime | None] = Column(Utc)


class DeliveryColumns(TypedColumns):
    """`due` is when it is tried next, None when it is over; whoever takes it moves `due` on, so that nobody else does."""

    seq = Column(Integer, primary_key=True)
    id: Named[str] = Column(String, unique=True)
    subscription: Named[str] = Column(ForeignKey("subscription.id"), index=True)
    payload: Named[str] = Column(String)
    attempts: Named[int] = Column(Integer)
    created: Named[datetime] = Column(Utc)
    due: Named[datetime | None] = Column(Utc, index=True)
    ended: Named[datetime | None] = Column(Utc, index=True)
    outcome: Named[str] = Column(String)


class ReportColumns(TypedColumns):
    """Rates in bit/s, averaged; what each figure means is said in `network.core.booking.ReportLine`."""

    regency: Named[str] = Column(String, primary_key=True)
    purpose: Named[str] = Column(String, primary_key=True)
    window: Named[str] = Column(String, primary_key=True)
    start: Named[datetime] = Column(Utc, primary_key=True)
    office: Named[str] = Column(String, primary_key=True)
    uplink: Named[str] = Column(String, primary_key=True)
    direction: Named[str] = Column(String, primary_key=True)
    minutes: Named[int] = Column(Integer)
    wanting: Named[int] = Column(Integer)
    below: Named[int] = Column(Integer)
    promised: Named[int] = Column(BigInteger)
    applied: Named[int] = Column(BigInteger)
    measured: Named[int] = Column(BigInteger)
    least: Named[int | None] = Column(BigInteger)
    updated: Named[datetime] = Column(Utc)


class ProofColumns(TypedColumns):
    regency: Named[str] = Column(String, primary_key=True)
    link: Named[str] = Column(String, primary_key=True)
    mark: Named[str] = Column(String)
    at: Named[datetime] = Column(Utc)
    actor: Named[str] = Column(String)
    seen: Named[Any] = Column(JSON)


class ObservationColumns(TypedColumns):
    """`value` in JSON's types, as whoever observed it says it."""

    regency: Named[str] = Column(String, primary_key=True)
    place: Named[str] = Column(String, primary_key=True)
    subject: Named[str] = Column(String, primary_key=True)
    at: Named[datetime] = Column(Utc)
    value: Named[dict[str, Any]] = Column(JSON)


class ReleaseColumns(TypedColumns):
    """One run of `network.core.releases.record.ReleaseRecord`; `seq` is the order in which they were begun."""

    seq = Column(Integer, primary_key=True)
    id: Named[str] = Column(String, unique=True)
    regency: Named[str] = Column(String)
    place: Named[str] = Column(String)
    workload: Named[str] = Column(String)
    task: Named[str] = Column(String)
    release: Named[str] = Column(String)
    before: Named[str] = Column(String)
    servers: Named[list[str]] = Column(JSON)
    actor: Named[str] = Column(String)
    started: Named[datetime] = Column(Utc)
    version: Named[str] = Column(String)
    sha256: Named[str] = Column(String)
    reason: Named[str] = Column(String)
    finished: Named[datetime | None] = Column(Utc)
    result: Named[str] = Column(String)
    detail: Named[dict[str, Any]] = Column(JSON)


class ReleaseMarkColumns(TypedColumns):
    seq = Column(Integer, primary_key=True)
    run: Named[str] = Column(ForeignKey("release.id"), index=True)
    phase: Named[str] = Column(String)
    at: Named[datetime] = Column(Utc)
    detail: Named[dict[str, Any]] = Column(JSON)


runs: Final = Table(
    "run",
    metadata,
    RunColumns,
    CheckConstraint(f"result IN {RESULTS}", name="run_result"),
    CheckConstraint("(result = 'running') = (finished IS NULL)", name="run_finished"),
)

steps: Final = Table("step", metadata, StepColumns)

marks: Final = Table("mark", metadata, MarkColumns)

claims: Final = Table(
    "claim",
    metadata,
    ClaimColumns,
    UniqueConstraint("regency", "purpose", "window", "start", "edge", name="claim_slot"),
    CheckConstraint(f"edge IN {EDGES}", name="claim_edge"),
    CheckConstraint(f"status IN {STATUSES}", name="claim_status"),
)

audit: Final = Table("audit", metadata, AuditColumns)

bookings: Final = Table(
    "booking",
    metadata,
    BookingColumns,
    Index("booking_live", "regency", "kind", "state", "ends"),
    CheckConstraint(f"kind IN {KINDS}", name="booking_kind"),
    CheckConstraint(f"state IN {STATES}", name="booking_state"),
)

answers: Final = Table("answer", metadata, AnswerColumns)

tokens: Final = Table("token", metadata, TokenColumns)

subscriptions: Final = Table("subscription", metadata, SubscriptionColumns)

deliveries: Final = Table("delivery", metadata, DeliveryColumns)

reports: Final = Table("report_line", metadata, ReportColumns)

proofs: Final = Table("link_proof", metadata, ProofColumns)

observations: Final = Table("observation", metadata, ObservationColumns)

releases: Final = Table(
    "release",
    metadata,
    ReleaseColumns,
    Index("release_of", "regency", "place", "workload"),
    CheckConstraint(f"result IN {RELEASE_RESULTS}", name="release_result"),
    CheckConstraint("(result = 'running') = (finished IS NULL)", name="release_finished"),
)

release_marks: Final = Table("release_mark", metadata, ReleaseMarkColumns)

floors: Final = Table("schema_floor", metadata, FloorColumns)
