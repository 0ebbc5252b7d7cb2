"""How far back the program may go that works with this database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
works_from = "0008"


def upgrade() -> None:
    op.create_table("schema_floor", sa.Column("revision", sa.String, primary_key=True))
