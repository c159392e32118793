"""Leads, bookings, records of verdicts, private links, held conversations; several destinations of the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_PERSONAL = {"outbox": ["content", "reason"], "inbox": ["contact"], "records": ["body"], "leads": ["details"]}
_KEPT = "conversation, number, kind, content, created, due, attempts, delivered, given_up, channel"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("contact", sa.Text))
    op.drop_index("outbox_due", "outbox")
    op.create_table(
        "outbox_of_destinations",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("destination", sa.String(20), primary_key=True, server_default="webhook"),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("delivered", sa.Float),
        sa.Column("given_up", sa.Float),
        sa.Column("reason", sa.Text),
        sa.Column("channel", sa.String(40), nullable=False, server_default="web"),
    )
    op.execute(f"INSERT INTO outbox_of_destinations ({_KEPT}, destination) SELECT {_KEPT}, 'webhook' FROM outbox")
    op.drop_table("outbox")
    op.rename_table("outbox_of_destinations", "outbox")
    op.create_index("outbox_due", "outbox", ["delivered", "given_up", "due"])
    op.create_table(
        "records",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("conversation", sa.String(255)),
        sa.Column("event", sa.Integer),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("records_conversation", "records", ["conversation"])
    op.create_table(
        "leads",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("consent", sa.String(40), nullable=False),
        sa.Column("consented", sa.Float, nullable=False),
        sa.Column("answers_included", sa.Boolean, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("updated", sa.Float, nullable=False),
        sa.Column("claimed_by", sa.String(80)),
        sa.Column("claimed", sa.Float),
        sa.Column("call", sa.Float),
        sa.Column("call_state", sa.String(20)),
        sa.Column("call_sequence", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_table(
        "bookings",
        sa.Column("uid", sa.String(255), primary_key=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("start", sa.Float, nullable=False),
        sa.Column("end", sa.Float, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
    )
    op.create_index("bookings_conversation", "bookings", ["conversation"])
    op.create_table(
        "links",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("revoked", sa.Float),
    )
    op.create_index("links_conversation", "links", ["conversation"])
    op.create_table(
        "holds",
        sa.Column("conversation", sa.String(255), primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("held_by", sa.String(80), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":  # as in 0004: no samples of what may be personal
        for table, columns in _PERSONAL.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    for table in ("holds", "links", "bookings", "leads", "records"):
        op.drop_table(table)
    op.execute("DELETE FROM outbox WHERE destination != 'webhook'")
    with op.batch_alter_table("outbox") as batch:
        batch.drop_column("reason")
    op.drop_column("inbox", "contact")
