"""What waits to be annotated: ingestions, their batches and items; and the workers.

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
CODE = sa.String(16)
MOMENT = sa.DateTime(timezone=True)
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of_ingestion(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_ingestion_id_ingestions")
    return sa.ForeignKeyConstraint(["ingestion_id"], ["ingestions.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "ingestions",
        sa.Column("id", ID, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingestions")),
    )
    op.create_index(op.f("ix_ingestions_state_id"), "ingestions", ["state", "id"])
    op.create_table(
        "ingestion_batches",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("ingestion_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("attempt", ID, nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.Column("annotated", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("seconds_reading", sa.Double(), nullable=False),
        sa.Column("seconds_annotating", sa.Double(), nullable=False),
        sa.Column("seconds_storing", sa.Double(), nullable=False),
        _of_ingestion("ingestion_batches"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ingestion_batches")),
        sa.UniqueConstraint("ingestion_id", "number", name=op.f("uq_ingestion_batches_ingestion_id_number")),
    )
    op.create_index(op.f("ix_ingestion_batches_state_queued_at"), "ingestion_batches", ["state", "queued_at"])
    op.create_table(
        "ingestion_items",
        sa.Column("ingestion_id", ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        _of_ingestion("ingestion_items"),
        sa.PrimaryKeyConstraint("ingestion_id", "line", name=op.f("pk_ingestion_items")),
    )
    for column in ("state", "batch"):
        name = op.f(f"ix_ingestion_items_ingestion_id_{column}_line")
        op.create_index(name, "ingestion_items", ["ingestion_id", column, "line"])
    op.create_table(
        "workers",
        sa.Column("id", ID, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )


def downgrade() -> None:
    for table in ("workers", "ingestion_items", "ingestion_batches", "ingestions"):
        op.drop_table(table)
