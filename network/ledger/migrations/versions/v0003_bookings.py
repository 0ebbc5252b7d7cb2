"""What people and systems ask for, what was answered, who may ask, who is told, and what was measured."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
works_from = "0003"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _bookings()
    _callers()
    _announcements()
    _reports()


def _bookings() -> None:
    op.create_table(
        "booking",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("regency", "kind", "key", "state", "actor", "reason")),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("changed", _MOMENT, nullable=False),
        sa.Column("ends", _MOMENT),
        sa.Column("hold_until", _MOMENT),
        sa.Column("revision", sa.Integer, nullable=False),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("value", "needs", "approvals")),
        sa.CheckConstraint("kind IN ('boost', 'window', 'plan')", name="booking_kind"),
        sa.CheckConstraint("state IN ('pending', 'granted', 'rejected', 'cancelled', 'used')", name="booking_state"),
    )
    op.create_index("booking_live", "booking", ["regency", "kind", "state", "ends"])


def _callers() -> None:
    op.create_table(
        "answer",
        sa.Column("actor", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("at", _MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "token",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("grants", sa.JSON, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("expires", _MOMENT, nullable=False),
        sa.Column("revoked", _MOMENT),
    )


def _announcements() -> None:
    op.create_table(
        "subscription",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("regency", sa.String, nullable=False, index=True),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("ended", _MOMENT),
    )
    op.create_table(
        "delivery",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("subscription", sa.String, sa.ForeignKey("subscription.id"), nullable=False, index=True),
        sa.Column("payload", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("due", _MOMENT, index=True),
        sa.Column("ended", _MOMENT, index=True),
        sa.Column("outcome", sa.String, nullable=False),
    )


def _reports() -> None:
    key = ("regency", "purpose", "window")
    rest = ("office", "uplink", "direction")
    op.create_table(
        "report_line",
        *(sa.Column(name, sa.String, primary_key=True) for name in key),
        sa.Column("start", _MOMENT, primary_key=True),
        *(sa.Column(name, sa.String, primary_key=True) for name in rest),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("minutes", "wanting", "below")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("promised", "applied", "measured")),
        sa.Column("least", sa.BigInteger),
        sa.Column("updated", _MOMENT, nullable=False),
    )
