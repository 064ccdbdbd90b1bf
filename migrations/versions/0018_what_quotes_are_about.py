"""What quotes are about: the words around them beside their own in full text, and entities by their weight.

Revision: 0018, after 0017

Around a quote of a story that was stored before stands its paragraph, without the names of who is meant there, until
the story is annotated again.
"""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# As in the migrations before: PostgreSQL refuses a vector of more than 1 MB, and a text that is searched twice, as it
# stands and with its broken words whole, is searched half as far.
LONGEST, LONGEST_TWICE, LONGEST_AROUND = 200_000, 100_000, 10_000
TOGETHER = 1_000
NEAR = 600


def upgrade() -> None:
    """Go up."""
    op.add_column("quotes", sa.Column("window_start", sa.Integer()))
    op.add_column("quotes", sa.Column("window_end", sa.Integer()))
    op.add_column("quotes", sa.Column("about", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("quotes", sa.Column("named", sa.JSON()))
    op.create_index("ix_entities_type_weight_id", "entities", ["type", "weight", "id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        _drop_on_sqlite()
    _fill()
    if sqlite:
        _index_on_sqlite(("text", "about"))
    else:
        _index_on_postgresql(about=True)


def downgrade() -> None:
    """Go back."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        _drop_on_sqlite()
    else:
        _index_on_postgresql(about=False)
    for name in ("named", "about", "window_end", "window_start"):
        op.drop_column("quotes", name)
    if sqlite:
        _index_on_sqlite(("text",))
    op.drop_index("ix_entities_type_weight_id", "entities")


def _fill() -> None:
    """Put the paragraph that a quote stands in around each quote."""
    bind = op.get_bind()
    quotes = sa.table("quotes", *(sa.column(c) for c in ("seq", "id", "article_id", *_FILLED)))
    spans = sa.table("quote_spans", *(sa.column(c) for c in ("quote_id", "start", "end")))
    texts = sa.table("revisions", *(sa.column(c) for c in ("article_id", "current", "text")))
    fill = sa.update(quotes).where(quotes.c.seq == sa.bindparam("key"))
    fill = fill.values({name: sa.bindparam(name) for name in _FILLED})
    last = 0
    while True:
        page = (
            sa.select(quotes.c.seq, quotes.c.id, quotes.c.article_id)
            .where(quotes.c.seq > last)
            .order_by(quotes.c.seq)
            .limit(TOGETHER)
        )
        found = bind.execute(page).all()
        if not found:
            return
        last = found[-1].seq
        placed = sa.select(spans.c.quote_id, spans.c.start, spans.c.end).order_by(spans.c.start)
        places = defaultdict(list)
        for key, start, end in bind.execute(placed.where(spans.c.quote_id.in_([row.id for row in found]))):
            places[key].append((start, end))
        wanted = sa.select(texts.c.article_id, texts.c.text).where(
            texts.c.article_id.in_({row.article_id for row in found}), texts.c.current == sa.true()
        )
        text_of = {key: text for key, text in bind.execute(wanted)}  # noqa: C416 (a row is no pair to a type checker)
        rows = [
            {"key": row.seq, **_around(text_of[row.article_id], places[row.id])}
            for row in found
            if row.id in places and row.article_id in text_of
        ]
        if rows:
            bind.execute(fill, rows)


_FILLED = ("window_start", "window_end", "about")


def _around(text: str, own: list[tuple[int, int]]) -> dict[str, object]:
    start, end = own[0][0], max(end for _, end in own)
    first = max(text.rfind("\n\n", max(0, start - NEAR), start) + 2, start - NEAR, 0)
    last = text.find("\n\n", end, end + NEAR)
    last = min(len(text), end + NEAR) if last < 0 else last
    rest, at = [], first
    for begin, stop in own:
        rest.append(text[at:begin])
        at = max(at, stop)
    about = " ".join(part.strip() for part in (*rest, text[at:last]))
    return {"window_start": first, "window_end": last, "about": about.strip()[:LONGEST_AROUND]}


def _searched(column: str) -> str:
    joined = f"replace(replace({column}, '-' || char(13, 10), ''), '-' || char(10), '')"
    return f"{column} || CASE WHEN {joined} <> {column} THEN ' ' || {joined} ELSE '' END"


def _drop_on_sqlite() -> None:
    for change in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER quotes_search_after_{change}")
    op.execute("DROP TABLE quotes_search")


def _index_on_sqlite(columns: tuple[str, ...]) -> None:
    names = ", ".join(columns)
    op.execute(
        f"CREATE VIRTUAL TABLE quotes_search USING fts5({names}, content='quotes', content_rowid='seq', "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    new, old, own = (", ".join(_searched(f"{row}{c}") for c in columns) for row in ("new.", "old.", ""))
    add = f"INSERT INTO quotes_search(rowid, {names}) SELECT new.seq, {new};"
    drop = f"INSERT INTO quotes_search(quotes_search, rowid, {names}) SELECT 'delete', old.seq, {old};"
    op.execute(f"INSERT INTO quotes_search(rowid, {names}) SELECT seq, {own} FROM quotes")  # noqa: S608 (the same)
    op.execute(f"CREATE TRIGGER quotes_search_after_insert AFTER INSERT ON quotes BEGIN {add} END")
    op.execute(f"CREATE TRIGGER quotes_search_after_delete AFTER DELETE ON quotes BEGIN {drop} END")
    watched = f"seq, {names}"
    op.execute(f"CREATE TRIGGER quotes_search_after_update AFTER UPDATE OF {watched} ON quotes BEGIN {drop} {add} END")


def _index_on_postgresql(*, about: bool) -> None:
    def vector(column: str, longest: int) -> str:
        part = f"left({column}, {min(longest, LONGEST_TWICE)})"
        joined = f"regexp_replace({part}, '-\\r?\\n', '', 'g')"
        words = f"CASE WHEN {column} ~ '-\\r?\\n' THEN {part} || ' ' || {joined} ELSE left({column}, {longest}) END"
        plain = f"regexp_replace(normalize(coalesce({words}, ''), NFD), '[\\u0300-\\u036f]', '', 'g')"
        return f"to_tsvector('english', {plain})"

    made = vector("text", LONGEST)
    if about:
        made = f"setweight({made}, 'A') || setweight({vector('about', LONGEST_AROUND)}, 'B')"
    op.execute("ALTER TABLE quotes DROP COLUMN search")
    op.execute(f"ALTER TABLE quotes ADD COLUMN search tsvector GENERATED ALWAYS AS ({made}) STORED")
    op.execute("CREATE INDEX ix_quotes_search ON quotes USING gin (search)")
