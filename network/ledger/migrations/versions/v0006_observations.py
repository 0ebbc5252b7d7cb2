"""What was observed of things that nobody decides, such as the machines that a lessor gave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
works_from = "0006"


def upgrade() -> None:
    op.create_table(
        "observation",
        *(sa.Column(name, sa.String, primary_key=True) for name in ("regency", "place", "subject")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
    )
