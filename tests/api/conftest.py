"""The service on a real database, with an annotator that needs no weights."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi import FastAPI

from tests.api.service import Service, client_of, make_service


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Return the event loop that the tests run on."""
    return "asyncio"


@pytest.fixture
def app(sqlite_url: str) -> Iterator[FastAPI]:
    """Return the service on an empty SQLite database."""
    made = make_service(sqlite_url)
    yield made
    made.state.parts.store.close()


@pytest.fixture
def app_anywhere(database_url: str) -> Iterator[FastAPI]:
    """Return the service on an empty database: the test runs once on each kind."""
    made = make_service(database_url)
    yield made
    made.state.parts.store.close()


@pytest.fixture
async def service(app: FastAPI) -> AsyncIterator[Service]:
    """Return a client of the service on SQLite."""
    async with client_of(app) as client:
        yield Service(app, client)


@pytest.fixture
async def service_anywhere(app_anywhere: FastAPI) -> AsyncIterator[Service]:
    """Return a client of the service: the test runs once on each kind of database."""
    async with client_of(app_anywhere) as client:
        yield Service(app_anywhere, client)
