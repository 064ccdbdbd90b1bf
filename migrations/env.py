"""How Alembic meets the database: over the connection it is given, else over the one SAYSO_DATABASE_URL names."""

from __future__ import annotations

import os
from typing import Any

from alembic import context
from sqlalchemy import Connection

from app.store import (  # noqa: F401 (their tables register themselves)
    access_tables,
    feed_tables,
    knowledge_tables,
    queue_tables,
    story_tables,
    webhook_tables,
)
from app.store.migrate import is_ours
from app.store.store import create_store_engine
from app.store.tables import Base


def include_object(_object: object, name: str | None, kind: str, _reflected: object, _other: object) -> bool:
    """Say whether Alembic compares an object of the database."""
    return is_ours(kind, name)


def run(connection: Connection) -> None:
    """Run the migrations over ``connection``, in the transaction that it has or in one of their own."""
    options: dict[str, Any] = {
        "connection": connection,
        "target_metadata": Base.metadata,
        "render_as_batch": connection.dialect.name == "sqlite",
        "include_object": include_object,
        "compare_server_default": True,
        "transactional_ddl": True,
    }
    context.configure(**options)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = create_store_engine(
        os.environ.get("SAYSO_DATABASE_URL", "sqlite:///data/sayso.sqlite3"), foreign_keys=False
    )
    with engine.connect() as own:
        run(own)
    engine.dispose()
