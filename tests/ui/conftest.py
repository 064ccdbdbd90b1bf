"""The pages on a real database, and in a real browser where there is one."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from tests.api.service import client_of, make_service
from tests.ui.browsing import PATIENCE, browsing
from tests.ui.serving import serve_samples
from tests.unit.ingest.web import LOOPBACK, Web, serving


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Return the event loop that the tests run on."""
    return "asyncio"


@pytest.fixture
def app(sqlite_url: str) -> Iterator[FastAPI]:
    """Return the service on an empty SQLite database; it may fetch from loopback."""
    made = make_service(sqlite_url, allowed_networks=LOOPBACK, fetch_gap=0.0)
    yield made
    made.state.parts.pages.close()
    made.state.parts.store.close()


@pytest.fixture
def web() -> Iterator[Web]:
    """Return a web server on loopback that has stories and feeds."""
    with serving() as found:
        yield found


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the pages, and of the API beside them."""
    async with client_of(app) as made:
        yield made


@pytest.fixture(scope="session")
def reading_room(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the sample stories, read by the engine that ships, and return the address."""
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("pages") / "sayso.sqlite3")
    with serve_samples(f"sqlite:///{path}") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Debian's chromium; skip where it is not installed.

    It goes with its module: while it is there, the main thread's event loop is taken.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"], timeout=PATIENCE)
        yield opened
        opened.close()


@pytest.fixture
def tab(browser: Browser, reading_room: str) -> Iterator[Page]:
    """Return a tab that may ask this service only, and fails the test when a page's script or policy complains."""
    complaints: list[str] = []
    with browsing(browser, base_url=reading_room, viewport={"width": 1280, "height": 900}) as context:
        opened = context.new_page()
        opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        yield opened
    assert complaints == []
