"""Which link was proven, when and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
works_from = "0004"


def upgrade() -> None:
    op.create_table(
        "link_proof",
        *(sa.Column(name, sa.String, primary_key=True) for name in ("regency", "link")),
        sa.Column("mark", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("seen", sa.JSON, nullable=False),
    )
