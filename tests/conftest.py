"""Databases for the tests: a SQLite file copied from a migrated one, a PostgreSQL database made from a migrated one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from app.store import migrate
from app.store.store import Store, open_store
from tests.postgres import start_postgres

# A busy machine is no defect: no example has a deadline. In CI the same examples run every time.
settings.register_profile(
    "sayso", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("sayso")

_TEMPLATE = "sayso_template"
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file that has been migrated and holds nothing else."""
    path = tmp_path_factory.mktemp("migrated") / "sayso.sqlite3"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """Return the URL of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'empty.sqlite3'}"


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """Return the URL of a migrated SQLite file of the test's own."""
    path = shutil.copy(migrated_sqlite, tmp_path / "sayso.sqlite3")
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """Start a PostgreSQL for the session and return the URL of its maintenance database."""
    server = start_postgres()
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        # What a test stored need not outlive a power cut.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        # Nobody commits or gathers figures but the tests.
        connection.execute("ALTER SYSTEM SET autovacuum = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {_TEMPLATE}")
    migrate.upgrade(_database(url, _TEMPLATE))
    yield url
    server.cleanup()


@pytest.fixture
def empty_postgres_url(postgres_cluster: str) -> Iterator[str]:
    """Return the URL of an empty PostgreSQL database of the test's own."""
    yield from _made(postgres_cluster, "template1")


@pytest.fixture
def postgres_url(postgres_cluster: str) -> Iterator[str]:
    """Return the URL of a migrated PostgreSQL database of the test's own."""
    yield from _made(postgres_cluster, _TEMPLATE)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a migrated database: the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database: the test runs once on each kind."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Return an empty store: the test runs once on each kind of database."""
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    """Return an empty store on PostgreSQL."""
    opened = open_store(postgres_url)
    yield opened
    opened.close()


def _made(cluster: str, template: str) -> Iterator[str]:
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield _database(cluster, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _database(cluster: str, name: str) -> str:
    # A busy machine may take long to let somebody in.
    url = make_url(cluster).set(database=name).update_query_dict({"connect_timeout": "120"})
    return url.render_as_string(hide_password=False)
