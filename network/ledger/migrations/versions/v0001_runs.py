"""Runs, their steps and phases, and the claims on slots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
works_from = "0001"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("regency", sa.String, nullable=False, index=True),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("started", _MOMENT, nullable=False),
        sa.Column("finished", _MOMENT),
        sa.Column("result", sa.String, nullable=False),
        sa.Column("steps", sa.Integer, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.CheckConstraint(
            "result IN ('running', 'done', 'nothing', 'returned', 'needs_person', 'refused', 'abandoned')", name="run_result"
        ),
        sa.CheckConstraint("(result = 'running') = (finished IS NULL)", name="run_finished"),
    )
    op.create_table(
        "step",
        sa.Column("run", sa.String, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("at", sa.Integer, primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
    )
    op.create_table(
        "mark",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("run", sa.String, sa.ForeignKey("run.id"), nullable=False, index=True),
        sa.Column("phase", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )
    op.create_table(
        "claim",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("regency", sa.String, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("window", sa.String, nullable=False),
        sa.Column("start", _MOMENT, nullable=False),
        sa.Column("edge", sa.String, nullable=False),
        sa.Column("run", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.UniqueConstraint("regency", "purpose", "window", "start", "edge", name="claim_slot"),
        sa.CheckConstraint("edge IN ('open', 'close')", name="claim_edge"),
        sa.CheckConstraint("status IN ('acted', 'skipped')", name="claim_status"),
    )
