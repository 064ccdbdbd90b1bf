"""Walks that annotate all articles again, and the analyses that they replace.

Revision: 0007, after 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
CODE = sa.String(16)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reannotations",
        sa.Column("id", ID, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("attempt", ID, nullable=False),
        sa.Column("pipeline_version", sa.Text(), nullable=False),
        sa.Column("weights", sa.Text(), nullable=False),
        sa.Column("rate", sa.Double(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("last_failure", sa.Text(), nullable=True),
        sa.Column("after", ID, nullable=False),
        sa.Column("in_hand", ID, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reannotations")),
    )
    op.create_index(op.f("ix_reannotations_state"), "reannotations", ["state"])
    op.create_table(
        "past_analyses",
        sa.Column("run_id", ID, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_past_analyses_run_id_runs"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_past_analyses")),
    )


def downgrade() -> None:
    op.drop_table("past_analyses")
    op.drop_table("reannotations")
