"""Who it was that did what the audit records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit", sa.Column("operator", sa.String(80)))


def downgrade() -> None:
    op.drop_column("audit", "operator")
