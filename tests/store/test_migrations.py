"""The migrations: up, down and up again with rows in them, and no difference from the tables that the code declares."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from app.errors import ConfigurationError
from app.knowledge.identities import Identity
from app.store import migrate
from app.store.articles import add_article, articles
from app.store.filters import ArticleFilter, QuoteFilter
from app.store.highlights import highlights
from app.store.identities import keep_identities
from app.store.paging import PageRequest
from app.store.quotes import quotes
from app.store.search import Wanted
from app.store.store import create_store_engine, open_store
from tests.store.stories import BASES, linked, received


def test_alembic_check_finds_no_difference(database_url: str) -> None:
    engine = create_store_engine(database_url)
    with engine.begin() as connection:
        command.check(migrate.make_config(connection))
    engine.dispose()


def test_up_down_and_up_again_with_rows(empty_database_url: str) -> None:
    assert migrate.current(empty_database_url) is None
    migrate.upgrade(empty_database_url)
    assert migrate.current(empty_database_url) == migrate.head()
    _store_one(empty_database_url)
    migrate.downgrade(empty_database_url, "base")
    assert migrate.current(empty_database_url) is None
    engine = create_store_engine(empty_database_url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
    migrate.upgrade(empty_database_url)
    _store_one(empty_database_url)


def test_upgrading_twice_keeps_the_rows(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    _store_one(empty_database_url)
    migrate.upgrade(empty_database_url)
    store = open_store(empty_database_url)
    with store.reading() as session:
        assert len(articles(session, ArticleFilter(), PageRequest()).items) == 1
    store.close()


def test_alembic_runs_by_its_own_file_over_the_database_of_the_environment(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAYSO_DATABASE_URL", empty_database_url)
    command.upgrade(migrate.make_config(), "head")
    assert migrate.current(empty_database_url) == migrate.head()


def test_a_failed_migration_leaves_the_database_as_it_was(empty_sqlite_url: str) -> None:
    engine = create_store_engine(empty_sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE positions (id INTEGER)"))
    with pytest.raises(Exception, match="positions"):
        migrate.upgrade(empty_sqlite_url)
    assert inspect(engine).get_table_names() == ["positions"]
    engine.dispose()


def test_the_folder_of_the_sqlite_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "data" / "deep" / "sayso.sqlite3"
    migrate.upgrade(f"sqlite:///{path}")
    assert path.is_file()


def test_asking_for_the_revision_makes_no_file(tmp_path: Path) -> None:
    assert migrate.current(f"sqlite:///{tmp_path / 'none' / 'sayso.sqlite3'}") is None
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_revision_is_named(empty_sqlite_url: str) -> None:
    with pytest.raises(ConfigurationError, match="9999"):
        migrate.upgrade(empty_sqlite_url, "9999")


def test_absent_migrations_are_said_to_be_absent(
    empty_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "MIGRATIONS", tmp_path)
    with pytest.raises(ConfigurationError, match="migrations are not at"):
        migrate.upgrade(empty_sqlite_url)


def test_a_folder_without_a_migration_has_no_head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").touch()
    monkeypatch.setattr(migrate, "MIGRATIONS", tmp_path)
    with pytest.raises(ConfigurationError, match="no migration"):
        migrate.head()


def test_quotes_stored_before_stand_in_their_paragraph(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    _store_one(empty_database_url)
    migrate.downgrade(empty_database_url, "0017")
    migrate.upgrade(empty_database_url)
    store = open_store(empty_database_url)
    with store.reading() as session:
        for about in ("sign", "harbor bases", "Oduya"):
            found = quotes(session, QuoteFilter(about=about, relevance=True), PageRequest()).items
            shown = highlights(session, [q.document for q in found], Wanted(about=about))
            assert any(q.text == "We will not sign" and shown[q.id] for q in found), about
    store.close()


def test_parts_of_quotes_and_positions_have_rows_again_when_it_goes_back(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    _store_one(empty_database_url)
    migrate.downgrade(empty_database_url, "0021")
    engine = create_store_engine(empty_database_url)
    with engine.connect() as connection:
        said = connection.execute(
            text(
                'SELECT s.role, substr(r.text, s.start + 1, s."end" - s.start) FROM quote_spans s '
                "JOIN quotes q ON q.id = s.quote_id JOIN revisions r ON r.article_id = q.article_id"
            )
        ).all()
        roles = set(connection.scalars(text("SELECT role FROM position_spans")))
    engine.dispose()
    assert {("content", "We will not sign"), ("speaker", "Marta K. Oduya")} <= {tuple(row) for row in said}
    assert roles == {"evidence", "actor", "target"}


def test_people_stored_before_are_found_by_their_whole_names(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    _store_one(empty_database_url)
    store = open_store(empty_database_url)
    with store.writing() as session:
        keep_identities(session, [Identity("x:1", "person", "Marta Oduya", "made", aliases=("M. K. Oduya",))])
        made = _keys(session)
        for table in ("entity_keys", "identity_keys"):
            session.execute(text(f"UPDATE {table} SET key = 'p:before|' || key WHERE key LIKE 'p:%'"))
    store.close()
    assert len(made) == 2
    migrate.downgrade(empty_database_url, "0022")
    migrate.upgrade(empty_database_url)
    store = open_store(empty_database_url)
    with store.reading() as session:
        assert _keys(session) == made
    store.close()


def _keys(session: Session) -> dict[str, set[tuple[str, str]]]:
    """Return the keys of entities and of authorities' entries, with whose they are."""
    of = {"entity_keys": "entity_id", "identity_keys": "identity_id"}
    rows = {table: session.execute(text(f"SELECT key, {column} FROM {table}")) for table, column in of.items()}
    return {table: {(key, owner) for key, owner in found} for table, found in rows.items()}


def _store_one(url: str) -> None:
    store = open_store(url)
    with store.writing() as session:
        _, created = add_article(session, received(BASES), linked(BASES))
    assert created
    store.close()
