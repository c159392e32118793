"""What leaves for the firm's other systems, a message as its visitor sees it, thumbs, and calls to prepare."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("shown", sa.Text))
    op.create_table(
        "outbox",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("delivered", sa.Float),
        sa.Column("given_up", sa.Float),
    )
    op.create_index("outbox_due", "outbox", ["delivered", "given_up", "due"])
    op.create_table(
        "ratings",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("message", sa.String(36), primary_key=True),
        sa.Column("value", sa.String(4), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "calls",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("reference", sa.String(64), primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("calls_reference", "calls", ["reference"])


def downgrade() -> None:
    op.drop_table("calls")
    op.drop_table("ratings")
    op.drop_table("outbox")
    op.drop_column("inbox", "shown")
