"""Every route says which scope it needs, and refuses whoever has none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from shutil import copy

import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.api.scopes import Rules, UndeclaredScopeError, declared_routes
from app.config import Settings
from app.main import create_app
from app.store.scopes import requires
from tests.api.plain_rules import PlainRules
from tests.api.service import client_of, make_service

OPEN = {
    "/livez",
    "/readyz",
    "/openapi.json",
    "/docs",
    "/docs/files/{path:path}",
    "/problems",
    "/problems/{name}",
    "/read/files/{path:path}",
    "/read/sign-in",
    "/read/sign-out",
}
"""What needs no key anywhere. A route is added here after its authors have thought about it."""
ROUTES = declared_routes(create_app(Settings(database_url="sqlite:///nowhere.sqlite3"), PlainRules()))
GUARDED = sorted((method, path) for path, methods, needs in ROUTES if needs.scope != "open" for method in methods)


async def unknown(request: Request) -> Response:
    """Answer a request, in a way that nothing is declared of."""
    return Response(request.method)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Return the event loop that the tests run on."""
    return "asyncio"


@pytest.fixture(scope="module")
def app(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """Return a service that asks everyone for a key."""
    path = copy(migrated_sqlite, tmp_path_factory.mktemp("scopes") / "sayso.sqlite3")
    made = make_service(f"sqlite:///{path}", access="keys", rate_per_address=0)
    yield made
    made.state.parts.store.close()


@pytest.fixture(scope="module")
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client without a key."""
    async with client_of(app) as made:
        yield made


@pytest.mark.anyio
@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_a_route_refuses_whoever_has_no_key(client: httpx.AsyncClient, method: str, path: str) -> None:
    assert (await client.request(method, path)).status_code == 401


def test_the_routes_that_need_no_key_are_these() -> None:
    assert {path for path, _, needs in ROUTES if needs.scope == "open"} == OPEN


def test_openapi_says_which_scope_every_route_needs(app: FastAPI) -> None:
    told = {
        (path, method.upper()): operation["security"]
        for path, item in app.openapi()["paths"].items()
        for method, operation in item.items()
    }

    assert told[("/articles", "POST")] == [{"key": ["ingest"]}, {}]
    assert told[("/articles", "GET")] == [{"key": ["read"]}, {}]
    assert told[("/audit", "GET")] == [{"key": ["admin"]}, {}]
    assert told[("/livez", "GET")] == []


def test_a_route_that_writes_and_declares_nothing_stops_the_start() -> None:
    app = FastAPI()
    app.post("/things")(lambda: None)

    with pytest.raises(UndeclaredScopeError, match="POST /things says nothing of the scope"):
        Rules(app)


def test_an_application_that_is_mounted_and_declares_nothing_stops_the_start() -> None:
    app = FastAPI()
    app.mount("/things", Response())

    with pytest.raises(UndeclaredScopeError, match=r"GET POST /things/\{path:path\} says"):
        Rules(app)


def test_the_routes_of_an_application_that_is_mounted_are_looked_at() -> None:
    app = FastAPI(openapi_url=None)
    app.mount("/pages", Starlette(routes=[Route("/send", unknown, methods=["POST"])]))

    with pytest.raises(UndeclaredScopeError, match="POST /pages/send says"):
        Rules(app)


def test_a_rule_is_found_by_method_and_path() -> None:
    app = FastAPI(openapi_url=None)
    app.mount("/pages", Starlette(routes=[Route("/send", requires("ingest")(lambda _: Response()), methods=["POST"])]))
    app.get("/things")(lambda: None)
    app.get("/things/{key}")(requires("admin")(lambda: None))
    app.put("/things/{key}")(requires("review", audited=True)(lambda: None))
    rules = Rules(app)

    assert [
        rules.of(method, path).scope
        for method, path in (
            ("GET", "/things"),
            ("HEAD", "/things/1"),
            ("PUT", "/things/1"),
            ("POST", "/things"),
            ("GET", "*"),
            ("POST", "/pages/send"),
        )
    ] == ["read", "admin", "review", "read", "read", "ingest"]
    assert rules.of("PUT", "/things/1").audited
