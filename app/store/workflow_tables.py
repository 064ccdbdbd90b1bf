"""DBOS's own tables, which lie beside ours: in the same file on SQLite, in a schema of their own on PostgreSQL."""

from __future__ import annotations

from sqlalchemy import Engine, make_url, text

SCHEMA = "dbos"
TABLES = frozenset(
    {
        "application_versions",
        "dbos_migrations",
        "notifications",
        "operation_outputs",
        "queues",
        "streams",
        "workflow_events",
        "workflow_events_history",
        "workflow_input",
        "workflow_output",
        "workflow_schedules",
        "workflow_status",
    }
)


def make(engine: Engine) -> None:
    """Make the tables, or bring them to the version that the installed DBOS expects."""
    from dbos import DBOS  # noqa: PLC0415 (it takes half a second to load, and migrating alone needs it)

    DBOS.migrate(make_url(engine.url).render_as_string(hide_password=False), schema=SCHEMA)


def drop(engine: Engine) -> None:
    """Take the tables away."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
            return
        for table in sorted(TABLES):
            connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
