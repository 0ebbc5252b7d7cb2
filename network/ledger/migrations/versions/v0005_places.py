"""On whose devices a run was carried out; of earlier ones nobody wrote it down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
works_from = "0005"


def upgrade() -> None:
    op.add_column("run", sa.Column("place", sa.String, nullable=False, server_default=""))
