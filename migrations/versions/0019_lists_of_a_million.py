"""Lists of runs, links, sayings, corrected stories, people and issues walk an index however they are narrowed.

Revision: 0019, after 0018
"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ADDED = (
    ("runs", ("pipeline_version", "id")),
    ("runs", ("weights", "id")),
    ("runs", ("pipeline_version", "weights", "id")),
    ("open_links", ("state", "type", "id")),
    ("sayings", ("speaker_entity_id", "sightings", "id")),
    ("corrections", ("applied", "article_id")),
    ("positions", ("actor_entity_id", "country")),
    ("positions", ("issue_id", "polarity")),
    ("positions", ("review", "kind", "review_rank", "id")),
)
DROPPED = ("sayings", ("speaker_entity_id", "id"))


def upgrade() -> None:
    """Go up."""
    for table, columns in ADDED:
        op.create_index(_name(table, columns), table, list(columns))
    op.drop_index(_name(*DROPPED), DROPPED[0])


def downgrade() -> None:
    """Go back."""
    op.create_index(_name(*DROPPED), DROPPED[0], list(DROPPED[1]))
    for table, columns in ADDED:
        op.drop_index(_name(table, columns), table)


def _name(table: str, columns: tuple[str, ...]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"
