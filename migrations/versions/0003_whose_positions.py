"""Positions say which country their actor is of, and who reports them.

Revision: 0003, after 0002

The new columns of positions that are stored already are filled from the finished documents, as far as these tell;
a country is in them only after the story is annotated again. The reporter has no foreign key: SQLite drops no column
that has one, and the entity stays as long as its story does.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

INDEXED = ("country", "reporter_entity_id")
_REPORTER = {
    "sqlite": "json_extract(document, '$.reporter.entity_id')",
    "postgresql": "document #>> '{reporter,entity_id}'",
}


def upgrade() -> None:
    """Go up."""
    op.add_column("positions", sa.Column("country", NAME))
    op.add_column("positions", sa.Column("reporter_entity_id", ID))
    reporter = _REPORTER[op.get_bind().dialect.name]
    op.execute(f"UPDATE positions SET reporter_entity_id = {reporter} WHERE kind = 'stance'")  # noqa: S608 (no input)
    for column in INDEXED:
        op.create_index(f"ix_positions_{column}_article_id_ordinal", "positions", [column, "article_id", "ordinal"])


def downgrade() -> None:
    """Go back."""
    for column in INDEXED:
        op.drop_index(f"ix_positions_{column}_article_id_ordinal", "positions")
        op.drop_column("positions", column)
