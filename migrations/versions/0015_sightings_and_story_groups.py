"""Where stories were seen, signatures of their texts, and groups of stories that are alike.

Stories that are stored already get a sighting; their texts are compared when they come in again.

Revision: 0015, after 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sightings",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("key", ID, nullable=False),
        sa.Column("source", NAME, nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_sightings_article_id_articles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "key", name=op.f("pk_sightings")),
    )
    op.create_index(op.f("ix_sightings_source_article_id"), "sightings", ["source", "article_id"])
    op.execute(
        "INSERT INTO sightings (article_id, key, source, url, external_id, published_at, first_seen_at, last_seen_at,"
        " times) SELECT id, 'before', source, url, external_id, published_at, received_at, received_at, 1 FROM articles"
    )
    op.create_table(
        "story_bands",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_seq"], ["revisions.seq"], name=op.f("fk_story_bands_revision_seq_revisions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("band", "revision_seq", name=op.f("pk_story_bands")),
    )
    op.create_index(op.f("ix_story_bands_revision_seq"), "story_bands", ["revision_seq"])
    op.create_table(
        "story_group_members",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("like_id", ID, nullable=True),
        sa.Column("resemblance", sa.Double(), nullable=True),
        sa.Column("containment", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_story_group_members_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["like_id"], ["articles.id"], name=op.f("fk_story_group_members_like_id_articles"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_story_group_members")),
    )
    for columns in (["group_id", "article_id"], ["like_id"]):
        op.create_index(op.f(f"ix_story_group_members_{'_'.join(columns)}"), "story_group_members", columns)


def downgrade() -> None:
    for table in ("story_group_members", "story_bands", "sightings"):
        op.drop_table(table)
