"""Slack: places of conversations, answers to post, installations, and what a workspace refuses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slack_places",
        sa.Column("place", sa.String(255), primary_key=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("slack_places_conversation", "slack_places", ["conversation"])
    op.create_table(
        "slack_turns",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("turn", sa.String(36), primary_key=True),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("owner", sa.String(32)),
        sa.Column("level", sa.Integer, nullable=False, server_default="0"),
        sa.Column("messages", sa.Integer, nullable=False, server_default="0"),
        sa.Column("posts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("processing", sa.Boolean, nullable=False),
        sa.Column("done", sa.Float),
    )
    op.create_index("slack_turns_due", "slack_turns", ["done", "due"])
    op.create_table(
        "slack_installations",
        sa.Column("workspace", sa.String(80), primary_key=True),
        sa.Column("installation", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "slack_refusals",
        sa.Column("workspace", sa.String(80), primary_key=True),
        sa.Column("feature", sa.String(40), primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":  # as in 0004: no samples of what may be personal
        op.execute("ALTER TABLE slack_turns ALTER COLUMN target SET STATISTICS 0")


def downgrade() -> None:
    for table in ("slack_refusals", "slack_installations", "slack_turns", "slack_places"):
        op.drop_table(table)
