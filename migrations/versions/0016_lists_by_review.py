"""Quotes and positions can be listed by what people made of them.

Revision: 0016, after 0015
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

REVIEWED = ("quotes", "positions")


def upgrade() -> None:
    """Go up."""
    for table in REVIEWED:
        op.create_index(f"ix_{table}_review_article_id_ordinal", table, ["review", "article_id", "ordinal"])


def downgrade() -> None:
    """Go back."""
    for table in REVIEWED:
        op.drop_index(f"ix_{table}_review_article_id_ordinal", table)
