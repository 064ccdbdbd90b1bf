"""Full text finds words that a column broke at its end, whole; as they stand they are found as before.

Revision: 0011, after 0010
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SEARCHED = {"revisions": ("title", "text"), "quotes": ("text",), "positions": ("text",)}
ONLY = {"revisions": "current"}
# As in the first migration: PostgreSQL refuses a vector of more than 1 MB. A text that is searched twice, as it stands
# and with its broken words whole, is searched half as far.
LONGEST_TITLE, LONGEST_TEXT, LONGEST_TWICE = 2_000, 200_000, 100_000


def upgrade() -> None:
    """Go up."""
    _index(whole=True)


def downgrade() -> None:
    """Go back."""
    _index(whole=False)


def _index(*, whole: bool) -> None:
    for table in SEARCHED:
        if op.get_bind().dialect.name == "sqlite":
            _index_on_sqlite(table, whole=whole)
        else:
            _index_on_postgresql(table, whole=whole)


def _index_on_sqlite(table: str, *, whole: bool) -> None:
    """Make the triggers anew, and what is indexed with them."""
    columns = SEARCHED[table]
    names = ", ".join(columns)
    index = f"{table}_search"

    def searched(column: str) -> str:
        if not whole:
            return column
        joined = f"replace(replace({column}, '-' || char(13, 10), ''), '-' || char(10), '')"
        return f"{column} || CASE WHEN {joined} <> {column} THEN ' ' || {joined} ELSE '' END"

    new, old, own = (", ".join(searched(f"{row}{c}") for c in columns) for row in ("new.", "old.", ""))
    only_new, only_old = (f" WHEN {row}.{ONLY[table]}" if table in ONLY else "" for row in ("new", "old"))
    where_new, where_old = (w.replace("WHEN", "WHERE") for w in (only_new, only_old))
    add = f"INSERT INTO {index}(rowid, {names}) SELECT new.seq, {new}{where_new};"
    drop = f"INSERT INTO {index}({index}, rowid, {names}) SELECT 'delete', old.seq, {old}{where_old};"
    watched = ", ".join(("seq", *columns, *([ONLY[table]] if table in ONLY else [])))
    for change in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER {index}_after_{change}")
    op.execute(f"INSERT INTO {index}({index}) VALUES ('delete-all')")  # noqa: S608 (the same)
    where = f" WHERE {ONLY[table]}" if table in ONLY else ""
    op.execute(f"INSERT INTO {index}(rowid, {names}) SELECT seq, {own} FROM {table}{where}")  # noqa: S608 (no input)
    op.execute(f"CREATE TRIGGER {index}_after_insert AFTER INSERT ON {table}{only_new} BEGIN {add} END")
    op.execute(f"CREATE TRIGGER {index}_after_delete AFTER DELETE ON {table}{only_old} BEGIN {drop} END")
    op.execute(f"CREATE TRIGGER {index}_after_update AFTER UPDATE OF {watched} ON {table} BEGIN {drop} {add} END")


def _index_on_postgresql(table: str, *, whole: bool) -> None:
    """Make the generated vector and the index over it anew."""

    def searched(column: str) -> str:
        longest = LONGEST_TITLE if column == "title" else LONGEST_TEXT
        plain = f"left({column}, {longest})"
        if whole:
            part = f"left({column}, {min(longest, LONGEST_TWICE)})"
            joined = f"regexp_replace({part}, '-\\r?\\n', '', 'g')"
            plain = f"CASE WHEN {column} ~ '-\\r?\\n' THEN {part} || ' ' || {joined} ELSE {plain} END"
        return f"coalesce({plain}, '')"

    words = " || ' ' || ".join(map(searched, SEARCHED[table]))
    plain = f"regexp_replace(normalize({words}, NFD), '[\\u0300-\\u036f]', '', 'g')"
    op.execute(f"ALTER TABLE {table} DROP COLUMN search")
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('english', {plain})) STORED"
    )
    where = f" WHERE {ONLY[table]}" if table in ONLY else ""
    op.execute(f"CREATE INDEX ix_{table}_search ON {table} USING gin (search){where}")
