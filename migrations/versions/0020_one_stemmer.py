"""PostgreSQL cuts words to their stems as SQLite does and leaves none out, so that both find the same.

Revision: 0020, after 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = ("revisions", "quotes", "positions")
BEFORE, AFTER = "english", "sayso"
STEMMER = "sayso_stem"
_EXPRESSION = sa.text(
    "SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d "
    "JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
    "WHERE d.adrelid = CAST(:name AS regclass) AND a.attname = 'search'"
)
_INDEXES = sa.text(
    "SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i "
    "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) "
    "WHERE i.indrelid = CAST(:name AS regclass) AND a.attname = 'search'"
)


def upgrade() -> None:
    """Go up."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"CREATE TEXT SEARCH DICTIONARY {STEMMER} (TEMPLATE = snowball, LANGUAGE = porter)")
    op.execute(f"CREATE TEXT SEARCH CONFIGURATION {AFTER} (COPY = pg_catalog.{BEFORE})")
    op.execute(f"ALTER TEXT SEARCH CONFIGURATION {AFTER} ALTER MAPPING REPLACE english_stem WITH {STEMMER}")
    _index(BEFORE, AFTER)


def downgrade() -> None:
    """Go back."""
    if op.get_bind().dialect.name != "postgresql":
        return
    _index(AFTER, BEFORE)
    op.execute(f"DROP TEXT SEARCH CONFIGURATION {AFTER}")
    op.execute(f"DROP TEXT SEARCH DICTIONARY {STEMMER}")


def _index(before: str, after: str) -> None:
    """Make the vectors anew, by the same rule but for the stems, and what is indexed of them."""
    bind = op.get_bind()
    for table in TABLES:
        made: str = bind.scalar(_EXPRESSION, {"name": table})
        indexes = bind.scalars(_INDEXES, {"name": table}).all()
        made = made.replace(f"'{before}'::regconfig", f"'{after}'::regconfig")
        bind.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN search")
        bind.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN search tsvector GENERATED ALWAYS AS ({made}) STORED")
        for index in indexes:
            bind.exec_driver_sql(index)
