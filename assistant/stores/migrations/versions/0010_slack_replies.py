"""What is posted below the cards of leads in Slack, so that an erasure can take it back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slack_replies",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("ts", sa.String(40), primary_key=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("slack_replies")
