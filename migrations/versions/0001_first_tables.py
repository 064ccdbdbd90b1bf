"""The first tables: articles, what is found in them, what stories share; and their full-text indexes.

Revision: 0001, the first
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A migration says for itself what it makes: the application's types may change after it.
ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
CODE = sa.String(16)
MOMENT = sa.DateTime(timezone=True)
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES = (
    "articles",
    "revisions",
    "runs",
    "analyses",
    "corrections",
    "entities",
    "entity_names",
    "appearances",
    "mentions",
    "quotes",
    "quote_spans",
    "issues",
    "positions",
    "position_spans",
)

# What is searched in each table, and the condition under which a row is, if not always.
SEARCHED = {"revisions": ("title", "text"), "quotes": ("text",), "positions": ("text",)}
ONLY = {"revisions": "current"}
# PostgreSQL refuses a vector of more than 1 MB; so many characters never come to one.
LONGEST_TITLE, LONGEST_TEXT = 2_000, 200_000


def upgrade() -> None:
    """Go up."""
    _create_articles()
    _create_entities()
    _create_quotes()
    _create_positions()
    for table in SEARCHED:
        if op.get_bind().dialect.name == "sqlite":
            _index_on_sqlite(table)
        else:
            _index_on_postgresql(table)


def downgrade() -> None:
    """Go back to nothing."""
    if op.get_bind().dialect.name == "sqlite":
        for table in SEARCHED:
            for change in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_search_after_{change}")
            op.execute(f"DROP TABLE {table}_search")
    for table in reversed(TABLES):
        op.drop_table(table)


def _index_on_sqlite(table: str) -> None:
    """Make an FTS5 table that keeps no text of its own, and the triggers that keep it in step."""
    columns = SEARCHED[table]
    names = ", ".join(columns)
    op.execute(
        f"CREATE VIRTUAL TABLE {table}_search USING fts5({names}, content='{table}', content_rowid='seq', "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    index = f"{table}_search"
    new, old = (", ".join(f"{row}.{c}" for c in columns) for row in ("new", "old"))
    only_new, only_old = (f" WHEN {row}.{ONLY[table]}" if table in ONLY else "" for row in ("new", "old"))
    where_new, where_old = (w.replace("WHEN", "WHERE") for w in (only_new, only_old))
    add = f"INSERT INTO {index}(rowid, {names}) SELECT new.seq, {new}{where_new};"
    drop = f"INSERT INTO {index}({index}, rowid, {names}) SELECT 'delete', old.seq, {old}{where_old};"
    watched = ", ".join(("seq", *columns, *([ONLY[table]] if table in ONLY else [])))
    op.execute(f"CREATE TRIGGER {index}_after_insert AFTER INSERT ON {table}{only_new} BEGIN {add} END")
    op.execute(f"CREATE TRIGGER {index}_after_delete AFTER DELETE ON {table}{only_old} BEGIN {drop} END")
    op.execute(f"CREATE TRIGGER {index}_after_update AFTER UPDATE OF {watched} ON {table} BEGIN {drop} {add} END")


def _index_on_postgresql(table: str) -> None:
    """Make a generated vector of the words without their accents, and the index over it."""
    parts = [f"left({c}, {LONGEST_TITLE if c == 'title' else LONGEST_TEXT})" for c in SEARCHED[table]]
    words = " || ' ' || ".join(f"coalesce({part}, '')" for part in parts)
    plain = f"regexp_replace(normalize({words}, NFD), '[\\u0300-\\u036f]', '', 'g')"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('english', {plain})) STORED"
    )
    where = f" WHERE {ONLY[table]}" if table in ONLY else ""
    op.execute(f"CREATE INDEX ix_{table}_search ON {table} USING gin (search){where}")


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sha256", ID, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("section", sa.Text()),
        sa.Column("byline", sa.Text()),
        sa.Column("dateline", sa.Text()),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("published_at", MOMENT),
        sa.Column("dated_at", MOMENT, nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("sha256", name="uq_articles_sha256"),
    )
    op.create_index("ix_articles_dated_at_id", "articles", ["dated_at", "id"])
    op.create_index("ix_articles_external_id_id", "articles", ["external_id", "id"])
    op.create_index("ix_articles_language_id", "articles", ["language", "id"])
    op.create_index("ix_articles_section_id", "articles", ["section", "id"])
    op.create_index("ix_articles_source_id", "articles", ["source", "id"])
    op.create_index("ix_articles_url_id", "articles", ["url", "id"])
    op.create_table(
        "revisions",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("sha256", ID, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_revisions_article_id_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_revisions"),
        sa.UniqueConstraint("article_id", "number", name="uq_revisions_article_id_number"),
    )
    op.create_table(
        "runs",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("pipeline_version", sa.Text(), nullable=False),
        sa.Column("weights", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Double()),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("organizations", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("quotes", sa.Integer(), nullable=False),
        sa.Column("positions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "revision"],
            ["revisions.article_id", "revisions.number"],
            name="fk_runs_article_id_revision_revisions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_article_id_revision", "runs", ["article_id", "revision"])
    op.create_table(
        "analyses",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "revision"],
            ["revisions.article_id", "revisions.number"],
            name="fk_analyses_article_id_revision_revisions",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_analyses_run_id_runs", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "revision", name="pk_analyses"),
    )
    op.create_index("ix_analyses_run_id", "analyses", ["run_id"])
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


def _create_entities() -> None:
    op.create_table(
        "entities",
        sa.Column("id", ID, nullable=False),
        sa.Column("type", CODE, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", NAME, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("identifiers", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entities"),
    )
    op.create_index("ix_entities_folded_id", "entities", ["folded", "id"])
    op.create_index("ix_entities_type_folded_id", "entities", ["type", "folded", "id"])
    op.create_table(
        "entity_names",
        sa.Column("entity_id", ID, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("folded", NAME, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id"], ["entities.id"], name="fk_entity_names_entity_id_entities", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entity_id", "kind", "name", name="pk_entity_names"),
    )
    op.create_index("ix_entity_names_folded_entity_id", "entity_names", ["folded", "entity_id"])
    op.create_table(
        "appearances",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("entity_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("prominence", sa.Double()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_appearances_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="fk_appearances_entity_id_entities"),
        sa.PrimaryKeyConstraint("article_id", "entity_id", name="pk_appearances"),
    )
    op.create_index("ix_appearances_entity_id_article_id", "appearances", ["entity_id", "article_id"])
    op.create_table(
        "mentions",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("entity_id", ID, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("confidence", sa.Double()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_mentions_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="fk_mentions_entity_id_entities"),
        sa.PrimaryKeyConstraint("seq", name="pk_mentions"),
    )
    op.create_index("ix_mentions_article_id_start", "mentions", ["article_id", "start"])
    op.create_index("ix_mentions_entity_id_article_id", "mentions", ["entity_id", "article_id"])


def _create_quotes() -> None:
    op.create_table(
        "quotes",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("type", CODE, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("speaker_status", CODE, nullable=False),
        sa.Column("speaker_name", sa.Text()),
        sa.Column("speaker_entity_id", ID),
        sa.Column("confidence", sa.Double()),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_quotes_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_quotes_run_id_runs", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["speaker_entity_id"], ["entities.id"], name="fk_quotes_speaker_entity_id_entities"),
        sa.PrimaryKeyConstraint("seq", name="pk_quotes"),
        sa.UniqueConstraint("id", name="uq_quotes_id"),
    )
    op.create_index("ix_quotes_article_id_ordinal", "quotes", ["article_id", "ordinal"])
    op.create_index("ix_quotes_run_id", "quotes", ["run_id"])
    op.create_index(
        "ix_quotes_speaker_entity_id_article_id_ordinal", "quotes", ["speaker_entity_id", "article_id", "ordinal"]
    )
    op.create_index(
        "ix_quotes_speaker_status_article_id_ordinal", "quotes", ["speaker_status", "article_id", "ordinal"]
    )
    op.create_index("ix_quotes_type_article_id_ordinal", "quotes", ["type", "article_id", "ordinal"])
    op.create_table(
        "quote_spans",
        sa.Column("quote_id", ID, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name="fk_quote_spans_quote_id_quotes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("quote_id", "role", "ordinal", name="pk_quote_spans"),
    )


def _create_positions() -> None:
    op.create_table(
        "issues",
        sa.Column("id", ID, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("folded", NAME, nullable=False),
        sa.Column("positions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_issues"),
    )
    op.create_index("ix_issues_folded_id", "issues", ["folded", "id"])
    op.create_table(
        "positions",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("actor_name", sa.Text()),
        sa.Column("actor_entity_id", ID),
        sa.Column("organization_entity_id", ID),
        sa.Column("title", sa.Text()),
        sa.Column("tense", CODE),
        sa.Column("polarity", CODE),
        sa.Column("issue_id", ID),
        sa.Column("quote_id", ID),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double()),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_entity_id"], ["entities.id"], name="fk_positions_actor_entity_id_entities"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_positions_article_id_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_positions_issue_id_issues"),
        sa.ForeignKeyConstraint(
            ["organization_entity_id"], ["entities.id"], name="fk_positions_organization_entity_id_entities"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_positions_run_id_runs", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("seq", name="pk_positions"),
        sa.UniqueConstraint("id", name="uq_positions_id"),
    )
    op.create_index(
        "ix_positions_actor_entity_id_kind_article_id_ordinal",
        "positions",
        ["actor_entity_id", "kind", "article_id", "ordinal"],
    )
    op.create_index("ix_positions_article_id_ordinal", "positions", ["article_id", "ordinal"])
    op.create_index("ix_positions_issue_id_article_id_ordinal", "positions", ["issue_id", "article_id", "ordinal"])
    op.create_index("ix_positions_kind_article_id_ordinal", "positions", ["kind", "article_id", "ordinal"])
    op.create_index(
        "ix_positions_organization_entity_id_article_id_ordinal",
        "positions",
        ["organization_entity_id", "article_id", "ordinal"],
    )
    op.create_index("ix_positions_polarity_article_id_ordinal", "positions", ["polarity", "article_id", "ordinal"])
    op.create_index("ix_positions_run_id", "positions", ["run_id"])
    op.create_index("ix_positions_tense_article_id_ordinal", "positions", ["tense", "article_id", "ordinal"])
    op.create_table(
        "position_spans",
        sa.Column("position_id", ID, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["position_id"], ["positions.id"], name="fk_position_spans_position_id_positions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("position_id", "role", "ordinal", name="pk_position_spans"),
    )
