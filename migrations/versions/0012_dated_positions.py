"""The date of its story beside each position, for when an issue was first and last seen.

Revision: 0012, after 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.add_column("positions", sa.Column("dated_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE positions SET dated_at = (SELECT dated_at FROM articles WHERE articles.id = positions.article_id)"
    )
    op.create_index("ix_positions_issue_id_dated_at", "positions", ["issue_id", "dated_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_positions_issue_id_dated_at", "positions")
    op.drop_column("positions", "dated_at")
