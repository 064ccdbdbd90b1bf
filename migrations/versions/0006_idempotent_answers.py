"""The first answers to requests that carry an Idempotency-Key.

Revision: 0006, after 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "idempotent_answers",
        sa.Column("caller", ID, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("fingerprint", ID, nullable=False),
        sa.Column("holder", ID, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_idempotent_answers")),
    )
    op.create_index(op.f("ix_idempotent_answers_touched_at"), "idempotent_answers", ["touched_at"])


def downgrade() -> None:
    op.drop_table("idempotent_answers")
