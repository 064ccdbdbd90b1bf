"""People are found by whole first names instead of first letters: their keys are made anew.

Revision: 0023, after 0022

The keys are those that the version at hand makes, whichever it is, so that a later change of them needs no more than
the same again. Going back leaves them: ``sayso knowledge relink`` of the version before adds its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.knowledge.profiles import keys_of

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TOGETHER = 1_000
LONGEST = 200
FULL_NAMES = ("name", "alias")


def upgrade() -> None:
    """Go up."""
    entities, names = _table("entities", "id", "type"), _table("entity_names", "entity_id", "kind", "name")
    named = sa.select(names.c.entity_id, names.c.name).where(names.c.kind.in_(FULL_NAMES))
    kept = _emptied("entity_keys", "entity_id")
    for ids in _people(entities):
        found = op.get_bind().execute(named.where(names.c.entity_id.in_(ids)))
        _keep(kept, "entity_id", {(key, entity) for entity, name in found for key in keys_of("person", [name])})
    identities = sa.table("identities", sa.column("id"), sa.column("type"), sa.column("record", sa.JSON()))
    recorded = sa.select(identities.c.id, identities.c.record)
    kept = _emptied("identity_keys", "identity_id")
    for ids in _people(identities):
        found = op.get_bind().execute(recorded.where(identities.c.id.in_(ids)))
        told = [(key, (record["name"], *record.get("aliases", ()))) for key, record in found]
        _keep(kept, "identity_id", {(key, entry) for entry, forms in told for key in keys_of("person", forms)})


def downgrade() -> None:
    """Go back."""


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *map(sa.column, columns))


def _emptied(name: str, of: str) -> sa.TableClause:
    """Return a table of keys, without those of people."""
    table = _table(name, "key", of)
    op.execute(sa.delete(table).where(table.c.key >= "p:", table.c.key < "p;"))
    return table


def _people(table: sa.TableClause) -> Iterator[Sequence[str]]:
    """Yield the ids of people, some at a time."""
    last = ""
    while True:
        page = sa.select(table.c.id).where(table.c.id > last, table.c.type == "person")
        ids = op.get_bind().scalars(page.order_by(table.c.id).limit(TOGETHER)).all()
        if not ids:
            return
        yield ids
        last = ids[-1]


def _keep(table: sa.TableClause, of: str, keys: set[tuple[str, str]]) -> None:
    rows: list[dict[str, Any]] = [{"key": key, of: owner} for key, owner in sorted({(k[:LONGEST], o) for k, o in keys})]
    if rows:
        op.get_bind().execute(sa.insert(table), rows)
