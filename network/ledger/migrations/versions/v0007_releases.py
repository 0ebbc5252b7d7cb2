"""Releases of workloads: each run, and what it was about to do or found out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
works_from = "0007"

RESULTS = ("running", "done", "returned", "needs_person", "abandoned")


def upgrade() -> None:
    texts = ("regency", "place", "workload", "task", "release", "before", "actor", "version", "sha256", "reason", "result")
    op.create_table(
        "release",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        *(sa.Column(name, sa.String, nullable=False) for name in texts),
        sa.Column("servers", sa.JSON, nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True)),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.CheckConstraint(f"result IN {RESULTS}", name="release_result"),
        sa.CheckConstraint("(result = 'running') = (finished IS NULL)", name="release_finished"),
    )
    op.create_index("release_of", "release", ["regency", "place", "workload"])
    op.create_table(
        "release_mark",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("run", sa.String, sa.ForeignKey("release.id"), nullable=False),
        sa.Column("phase", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
    )
    op.create_index("ix_release_mark_run", "release_mark", ["run"])
