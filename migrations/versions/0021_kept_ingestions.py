"""When the items of an ingestion that is over were removed.

Revision: 0021, after 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ingestions", sa.Column("items_removed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_ingestions_items_removed_at_finished_at", "ingestions", ["items_removed_at", "finished_at"])


def downgrade() -> None:
    op.drop_index("ix_ingestions_items_removed_at_finished_at", "ingestions")
    op.drop_column("ingestions", "items_removed_at")
