"""Corrections by people: what they say, what became of it, and what the machine itself had found.

Revision: 0013, after 0012

Nothing wrote the table of corrections before, so it is made anew. Stories annotated before have no analysis of the
machine's own kept: they are annotated again before they are corrected.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
CODE = sa.String(16)

REVIEWED = ("quotes", "positions")


def upgrade() -> None:
    """Go up."""
    op.drop_table("corrections")
    op.create_table(
        "corrections",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("action", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("annotation_id", ID, nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("note", sa.Text()),
        sa.Column("author", sa.Text()),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT),
        sa.Column("undone_by", sa.Text()),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column("applied_to", ID),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_corrections_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_corrections"),
        sa.UniqueConstraint("id", name="uq_corrections_id"),
    )
    op.create_index("ix_corrections_annotation_id", "corrections", ["annotation_id"])
    op.create_index("ix_corrections_article_id_id", "corrections", ["article_id", "id"])
    op.create_index("ix_corrections_applied_id", "corrections", ["applied", "id"])
    op.add_column("analyses", sa.Column("machine", sa.JSON()))
    for table in REVIEWED:
        op.add_column(table, sa.Column("review", CODE, nullable=False, server_default="machine"))
        op.add_column(table, sa.Column("review_rank", sa.Integer(), nullable=False, server_default="-1"))
        rank = "CAST(ROUND(CAST(confidence * 10000 AS NUMERIC)) AS INTEGER)"
        op.execute(f"UPDATE {table} SET review_rank = {rank} WHERE confidence IS NOT NULL")  # noqa: S608 (no input)
        op.create_index(f"ix_{table}_review_review_rank_id", table, ["review", "review_rank", "id"])


def downgrade() -> None:
    """Go back."""
    for table in REVIEWED:
        op.drop_index(f"ix_{table}_review_review_rank_id", table)
        op.drop_column(table, "review_rank")
        op.drop_column(table, "review")
    op.drop_column("analyses", "machine")
    op.drop_table("corrections")
    op.create_table(
        "corrections",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("annotation_id", ID),
        sa.Column("author", sa.Text()),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_corrections_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_corrections"),
    )
    op.create_index("ix_corrections_annotation_id", "corrections", ["annotation_id"])
    op.create_index("ix_corrections_article_id_revision", "corrections", ["article_id", "revision"])
