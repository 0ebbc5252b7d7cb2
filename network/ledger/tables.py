"""The tables of the record, the same for every database. Holds no queries and opens nothing.

A change here needs a migration in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
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
