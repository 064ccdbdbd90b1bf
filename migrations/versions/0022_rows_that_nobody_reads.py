"""Parts of quotes and positions have no rows of their own: nobody reads them, and the documents say the same.

On PostgreSQL long values are compressed by LZ4 where it was built with it, which takes a fraction of the time.

Revision: 0022, after 0021
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
TOGETHER = 500
LONG = {
    "revisions": ("text", "search"),
    "analyses": ("document", "machine"),
    "quotes": ("text", "about", "document", "search"),
    "positions": ("text", "document", "search"),
    "ingestion_items": ("payload",),
}
_HAS_LZ4 = sa.text("SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'")


def upgrade() -> None:
    """Go up."""
    op.drop_table("quote_spans")
    op.drop_table("position_spans")
    _compress("lz4")


def downgrade() -> None:
    """Go back."""
    for one in ("quote", "position"):
        name, key = f"{one}_spans", f"{one}_id"
        op.create_table(
            name,
            sa.Column(key, ID, nullable=False),
            sa.Column("role", sa.String(16), nullable=False),
            sa.Column("ordinal", sa.Integer(), nullable=False),
            sa.Column("start", sa.Integer(), nullable=False),
            sa.Column("end", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint([key], [f"{one}s.id"], name=f"fk_{name}_{key}_{one}s", ondelete="CASCADE"),
            sa.PrimaryKeyConstraint(key, "role", "ordinal", name=f"pk_{name}"),
        )
        _fill(one)
    _compress("default")


def _compress(how: str) -> None:
    """Let values that are written from now on be compressed so; those that are there stay as they are."""
    bind = op.get_bind()
    if bind.dialect.name != "postgresql" or not bind.scalar(_HAS_LZ4):
        return
    for table, names in LONG.items():
        op.execute(f"ALTER TABLE {table} {', '.join(f'ALTER {name} SET COMPRESSION {how}' for name in names)}")


def _fill(one: str) -> None:
    """Write the parts that the documents tell of."""
    bind = op.get_bind()
    found = sa.table(f"{one}s", sa.column("seq"), sa.column("id"), sa.column("document", sa.JSON()))
    spans = sa.table(f"{one}_spans", *(sa.column(c) for c in (f"{one}_id", "role", "ordinal", "start", "end")))
    last = 0
    while True:
        page = sa.select(found).where(found.c.seq > last).order_by(found.c.seq).limit(TOGETHER)
        rows = bind.execute(page).all()
        if not rows:
            return
        last = rows[-1].seq
        parts = [
            {f"{one}_id": row.id, "role": role, "ordinal": place, "start": span["start"], "end": span["end"]}
            for row in rows
            for role, of in _parts(row.document)
            for place, span in enumerate(of)
            if span is not None
        ]
        if parts:
            bind.execute(sa.insert(spans), parts)


def _parts(document: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the roles of a quote's or a position's parts with their spans; None stands for one that is not there."""
    if "speaker" in document:
        yield "content", document["contents"]
        yield "cue", [document["cue"]]
        yield "speaker", [document["speaker"]["mention"]]
        return
    yield "evidence", document["evidence"]
    yield "actor", [(document.get("person") or document["holder"])["mention"]]
    yield "target", [document.get("target")]
