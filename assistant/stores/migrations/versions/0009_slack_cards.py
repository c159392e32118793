"""The cards of leads in the firm's channel of Slack."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slack_cards",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("ts", sa.String(40), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("claimed_by", sa.String(40)),
        sa.Column("held_by", sa.String(40)),
        sa.Column("held_as", sa.String(80)),
    )


def downgrade() -> None:
    op.drop_table("slack_cards")
