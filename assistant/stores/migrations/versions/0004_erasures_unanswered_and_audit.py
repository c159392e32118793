"""Tombstones of erased conversations, questions without an answer, and what operators did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WORDS = {"events": ["event"], "inbox": ["text", "shown", "answer"], "outbox": ["content"], "unanswered": ["asked"]}


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("erasures_at", "erasures", ["at"])
    op.create_table(
        "unanswered",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("nearest", sa.Text, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("command", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        # ANALYZE copies samples of a column into pg_statistic, where no erasure reaches them. Naming the type again
        # drops the samples that are there.
        for table, columns in _WORDS.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE text")
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("audit")
    op.drop_table("unanswered")
    op.drop_table("erasures")
