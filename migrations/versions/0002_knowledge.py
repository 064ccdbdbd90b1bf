"""What is known across stories: keys and contexts of entities, links to review, changes, identities, sayings, labels.

Revision: 0002, after 0001
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
CODE = sa.String(16)
MOMENT = sa.DateTime(timezone=True)

# Added one by one: a table of SQLite that is rebuilt would lose the triggers of its full-text index.
COLUMNS: tuple[tuple[str, str, Any, bool, Any], ...] = (
    ("entities", "quotes", sa.Integer(), False, sa.text("0")),
    ("entities", "weight", sa.Integer(), False, sa.text("0")),
    ("entities", "state", CODE, False, "settled"),
    ("entities", "identity_id", ID, True, None),
    ("appearances", "quotes", sa.Integer(), False, sa.text("0")),
    ("appearances", "dated_at", MOMENT, True, None),
    ("appearances", "context", sa.JSON(), True, None),
    ("appearances", "score", sa.Double(), True, None),
    ("appearances", "reasons", sa.JSON(), True, None),
    ("quotes", "saying_id", ID, True, None),
)
INDEXES = (
    ("entities", ("type", "articles", "id")),
    ("entities", ("identity_id",)),
    ("appearances", ("entity_id", "dated_at")),
    ("quotes", ("saying_id", "article_id", "ordinal")),
)
TABLES = (
    "entity_keys",
    "entity_contexts",
    "redirects",
    "open_links",
    "changed_articles",
    "knowledge_changes",
    "identity_keys",
    "identities",
    "saying_shingles",
    "sayings",
    "issue_labels",
    "issue_words",
)


def upgrade() -> None:
    """Go up. Entities that are there are found as candidates once ``sayso knowledge relink`` has run."""
    for table, name, kind, nullable, default in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=nullable, server_default=default))
    for table, names in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(names)}", table, list(names))
    op.execute(
        "UPDATE appearances SET dated_at = (SELECT dated_at FROM articles WHERE articles.id = appearances.article_id)"
    )
    op.execute(
        "UPDATE appearances SET quotes = (SELECT count(*) FROM quotes WHERE quotes.article_id = appearances.article_id"
        " AND quotes.speaker_entity_id = appearances.entity_id)"
    )
    op.execute(
        "UPDATE entities SET quotes = (SELECT count(*) FROM quotes WHERE quotes.speaker_entity_id = entities.id)"
    )
    op.execute(
        "UPDATE entities SET weight = (SELECT coalesce(sum(cast(round(prominence * 10000) AS integer)), 0)"
        " FROM appearances WHERE appearances.entity_id = entities.id)"
    )
    _create_links()
    _create_changes()
    _create_identities()
    _create_sayings()
    _create_labels()


def downgrade() -> None:
    """Go down."""
    for table in TABLES:
        op.drop_table(table)
    for table, names in INDEXES:
        op.drop_index(f"ix_{table}_{'_'.join(names)}", table)
    for table, name, *_ in COLUMNS:
        op.drop_column(table, name)


def _create_links() -> None:
    op.create_table(
        "entity_keys",
        sa.Column("key", NAME, primary_key=True),
        sa.Column("entity_id", ID, sa.ForeignKey("entities.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("ix_entity_keys_entity_id", "entity_keys", ["entity_id"])
    op.create_table(
        "entity_contexts",
        sa.Column("entity_id", ID, sa.ForeignKey("entities.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("kind", CODE, primary_key=True),
        sa.Column("value", NAME, primary_key=True),
        sa.Column("articles", sa.Integer(), nullable=False),
    )
    op.create_table(
        "redirects",
        sa.Column("old_id", ID, primary_key=True),
        sa.Column("new_id", ID, nullable=False),
        sa.Column("change_id", ID, nullable=False),
    )
    op.create_index("ix_redirects_new_id", "redirects", ["new_id"])
    op.create_table(
        "open_links",
        sa.Column("id", ID, primary_key=True),
        sa.Column("article_id", ID, sa.ForeignKey("articles.id", ondelete="CASCADE"), nullable=True),
        sa.Column("entity_id", ID, sa.ForeignKey("entities.id", ondelete="CASCADE"), nullable=False),
        sa.Column("candidate_kind", CODE, nullable=False),
        sa.Column("candidate_id", ID, nullable=False),
        sa.Column("type", CODE, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.UniqueConstraint("entity_id", "candidate_id", name="uq_open_links_entity_id_candidate_id"),
    )
    op.create_index("ix_open_links_state_id", "open_links", ["state", "id"])
    op.create_index("ix_open_links_article_id", "open_links", ["article_id"])
    op.create_index("ix_open_links_candidate_id", "open_links", ["candidate_id"])


def _create_changes() -> None:
    op.create_table(
        "knowledge_changes",
        sa.Column("id", ID, primary_key=True),
        sa.Column("action", CODE, nullable=False),
        sa.Column("type", CODE, nullable=False),
        sa.Column("from_id", ID, nullable=False),
        sa.Column("to_id", ID, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
    )
    op.create_index("ix_knowledge_changes_from_id", "knowledge_changes", ["from_id"])
    op.create_index("ix_knowledge_changes_to_id", "knowledge_changes", ["to_id"])
    op.create_table(
        "changed_articles",
        sa.Column("change_id", ID, sa.ForeignKey("knowledge_changes.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("article_id", ID, sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("detail", sa.JSON(), nullable=False),
    )
    op.create_index("ix_changed_articles_article_id", "changed_articles", ["article_id"])


def _create_identities() -> None:
    op.create_table(
        "identities",
        sa.Column("id", ID, primary_key=True),
        sa.Column("type", CODE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
    )
    op.create_table(
        "identity_keys",
        sa.Column("key", NAME, primary_key=True),
        sa.Column("identity_id", ID, sa.ForeignKey("identities.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("ix_identity_keys_identity_id", "identity_keys", ["identity_id"])


def _create_sayings() -> None:
    op.create_table(
        "sayings",
        sa.Column("id", ID, primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quote_id", ID, nullable=False),
        sa.Column("speaker_entity_id", ID, nullable=True),
        sa.Column("sightings", sa.Integer(), nullable=False),
    )
    op.create_index("ix_sayings_sightings_id", "sayings", ["sightings", "id"])
    op.create_index("ix_sayings_speaker_entity_id_id", "sayings", ["speaker_entity_id", "id"])
    op.create_table(
        "saying_shingles",
        sa.Column("shingle", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("saying_id", ID, sa.ForeignKey("sayings.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("ix_saying_shingles_saying_id", "saying_shingles", ["saying_id"])


def _create_labels() -> None:
    op.create_table(
        "issue_labels",
        sa.Column("folded", NAME, primary_key=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("issue_id", ID, sa.ForeignKey("issues.id", ondelete="CASCADE"), nullable=False),
        sa.Column("positions", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("fixed", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_issue_labels_issue_id_folded", "issue_labels", ["issue_id", "folded"])
    op.create_table(
        "issue_words",
        sa.Column("word", NAME, primary_key=True),
        sa.Column("kind", CODE, primary_key=True),
        sa.Column("issue_id", ID, sa.ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_index("ix_issue_words_issue_id", "issue_words", ["issue_id"])
    op.execute(
        "INSERT INTO issue_labels (folded, label, issue_id, positions, score, reasons, fixed)"
        " SELECT folded, label, id, positions, NULL, '[]', false FROM issues"
    )
