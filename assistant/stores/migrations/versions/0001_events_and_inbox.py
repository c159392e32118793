"""Conversations by their events, and the messages that came in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
    )
    op.create_table(
        "inbox",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("message", sa.String(36), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("received", sa.Float, nullable=False),
        sa.Column("taken", sa.Float, nullable=False),
        sa.Column("done", sa.Float),
        sa.Column("answer", sa.Text),
    )
    op.create_index("inbox_pending", "inbox", ["done", "taken"])


def downgrade() -> None:
    op.drop_table("inbox")
    op.drop_table("events")
