"""The database's schema brought to the version that this code expects, or back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from app.errors import ConfigurationError
from app.store import workflow_tables
from app.store.search import INDEX_COLUMN, INDEX_SUFFIX, INDEXED
from app.store.store import create_store_engine

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
# Held while migrating, so that replicas which start together take turns; the number means nothing.
_LOCK = 7_396_501
_VERSIONS = "alembic_version"
_FILE = re.compile(r"(?P<revision>[0-9]{4})_\w+\.py")


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring the database up to ``revision``; SQLite's file and its folder are made when absent.

    Raises: ConfigurationError when the migrations are not there or know no such revision.
    """
    _run(database_url, revision, up=True)


def downgrade(database_url: str, revision: str) -> None:
    """Take the database back to ``revision``; "base" leaves no table of ours.

    Raises: ConfigurationError when the migrations are not there or know no such revision.
    """
    _run(database_url, revision, up=False)


def current(database_url: str) -> str | None:
    """Return the revision that the database is at, or None before the first; a file that is not there stays so."""
    engine = create_store_engine(database_url)
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        return None
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table(_VERSIONS):
                return None
            found: str | None = connection.scalar(text(f"SELECT version_num FROM {_VERSIONS}"))  # noqa: S608 (our own name)
            return found
    finally:
        engine.dispose()


def head() -> str:
    """Return the revision that this code expects: the last of the files, which bear their numbers.

    Alembic would read every one of them; this is asked whenever somebody looks whether the service is ready.
    Raises: ConfigurationError when the migrations are not there.
    """
    _check_there()
    names = (_FILE.fullmatch(path.name) for path in (MIGRATIONS / "versions").iterdir())
    found = max((name["revision"] for name in names if name is not None), default=None)
    if found is None:
        msg = f"there is no migration in {MIGRATIONS}"
        raise ConfigurationError(msg)
    return found


def make_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, to work over ``connection`` when one is given.

    Raises: ConfigurationError when the migrations are not there.
    """
    from alembic.config import Config  # noqa: PLC0415 (a service that starts need not wait for Alembic)

    _check_there()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def is_ours(kind: str, name: str | None) -> bool:
    """Say whether Alembic is to compare this object: not what full-text search and DBOS keep beside the tables."""
    if kind == "table" and name in workflow_tables.TABLES:
        return False
    if kind == "table":
        return not any((name or "").startswith(f"{table}{INDEX_SUFFIX}") for table in INDEXED)
    return name != INDEX_COLUMN and not (name or "").endswith(INDEX_SUFFIX)


def _check_there() -> None:
    if not (MIGRATIONS / "env.py").is_file():
        msg = f"the migrations are not at {MIGRATIONS}: run from a checkout, or install with its migrations folder"
        raise ConfigurationError(msg)


def _run(database_url: str, revision: str, *, up: bool) -> None:
    from alembic import command  # noqa: PLC0415 (as above)
    from alembic.util.exc import CommandError  # noqa: PLC0415 (as above)

    engine = create_store_engine(database_url, foreign_keys=False)
    if engine.dialect.name == "sqlite":
        Path(str(engine.url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = engine.execution_options(sayso_begin="BEGIN IMMEDIATE")
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            config = make_config(connection)
            (command.upgrade if up else command.downgrade)(config, revision)
        if up:
            workflow_tables.make(engine)
        elif revision == "base":
            workflow_tables.drop(engine)
    except CommandError as error:
        raise ConfigurationError(str(error)) from error
    finally:
        engine.dispose()
