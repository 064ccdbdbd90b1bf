"""The log of changes that mirrors follow. It begins with the stories that are there.

Revision: 0010, after 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "changes",
        sa.Column("position", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_changes"),
    )
    op.execute(
        "INSERT INTO changes (position, at, kind, article_id, revision) "
        "SELECT row_number() OVER (ORDER BY received_at, id), received_at, 'created', id, revision FROM articles"
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table("changes")
