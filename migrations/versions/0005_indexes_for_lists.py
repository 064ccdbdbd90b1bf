"""Indexes that lists walk: positions of an actor of either kind, the stances that a quote shows, issues by weight.

Revision: 0005, after 0004
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_positions_actor_entity_id_article_id_ordinal": ("positions", ["actor_entity_id", "article_id", "ordinal"]),
    "ix_positions_quote_id": ("positions", ["quote_id"]),
    "ix_issues_positions_id": ("issues", ["positions", "id"]),
}


def upgrade() -> None:
    """Go up."""
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Go back."""
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
