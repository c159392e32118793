"""Which channel a message came in by, and the channel of the conversation that a webhook tells about.

Up to version 0.3.0 there was the web channel alone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("inbox", "outbox"):
        op.add_column(table, sa.Column("channel", sa.String(40), nullable=False, server_default="web"))


def downgrade() -> None:
    for table in ("outbox", "inbox"):
        op.drop_column(table, "channel")
