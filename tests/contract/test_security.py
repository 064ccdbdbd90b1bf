"""docs/security.md says what holds: every test that it names is there, and those that nothing else holds are here."""

from __future__ import annotations

import ast
import gzip
import logging
import re
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.api.parts import Parts
from app.api.scopes import declared_routes
from app.store.keys import create_key
from tests.api.service import BRIDGE, FERRY, Service, client_of, make_service

ROOT = Path(__file__).resolve().parents[2]
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[a-z_/]+\.py)::(test_\w+)`", SECURITY)))
JSON = {"Content-Type": "application/json"}
PAGES = re.compile(r"/(read(/.*)?|embed/.*|docs(/.*)?|static/.*|openapi\.json|metrics|)")

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """Return the event loop that the tests run on."""
    return "asyncio"


@pytest.fixture
async def service(sqlite_url: str) -> AsyncIterator[Service]:
    """Return a client of the service."""
    app = make_service(sqlite_url)
    async with client_of(app) as client:
        yield Service(app, client)
    parts: Parts = app.state.parts
    parts.store.close()


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_is_named_is_there(path: str, name: str) -> None:
    module = ast.parse((ROOT / path).read_text(encoding="utf-8"))

    assert name in {node.name for node in module.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_point_says_what_holds_it() -> None:
    points = re.split(r"^### ", SECURITY, flags=re.MULTILINE)[1:]

    assert [point.partition(" ")[0] for point in points] == [f"API{number}:2023" for number in range(1, 11)]
    assert all("\nHeld by: `tests/" in point for point in points)
    assert len(NAMED) > 40


async def test_a_part_is_found_under_its_own_whole_only(service: Service) -> None:
    mine, others = await service.add(BRIDGE), await service.add(FERRY)
    read = await service.get(f"/articles/{mine}")
    run, quote = read["run"]["id"], read["quotes"][0]["id"]
    said = {"action": "confirm", "annotation_id": quote}

    assert (await service.client.get(f"/articles/{mine}/runs/{run}..{run}")).status_code == 200
    assert (await service.client.get(f"/articles/{others}/runs/{run}..{run}")).status_code == 404
    assert (await service.client.post(f"/articles/{others}/corrections", json=said)).status_code == 422
    assert (await service.client.post(f"/articles/{mine}/corrections", json=said)).status_code == 201
    person = (await service.get("/people"))["items"][0]["id"]
    assert (await service.client.get(f"/organizations/{person}")).status_code == 404


@pytest.mark.parametrize("field", ["id", "revision", "received_at", "updated_at", "run", "sha256", "quotes"])
async def test_what_the_service_sets_itself_cannot_be_sent(service: Service, field: str) -> None:
    key = await service.add(BRIDGE)
    before = await service.get(f"/articles/{key}")

    made = await service.client.post("/articles", json={"text": FERRY, field: before[field]})
    changed = await service.client.put(f"/articles/{key}", json={"text": BRIDGE, field: before[field]})

    for answer in (made, changed):
        assert answer.status_code == 422
        assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert await service.get(f"/articles/{key}") == before


async def test_what_is_packed_tight_fills_no_memory(service: Service) -> None:
    size = 60_000_000
    bomb = gzip.compress(b'{"text": "' + b" " * size + b'"}\n', 9)
    headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
    assert size > 500 * len(bomb)

    tracemalloc.start()
    answer = await service.client.post("/ingestions", content=bomb, headers=headers)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert answer.status_code == 202
    assert answer.json()["failed"] == 1
    assert peak < size / 10


async def test_a_key_that_reads_does_nothing_else(sqlite_url: str) -> None:
    app = make_service(sqlite_url, access="keys")
    parts: Parts = app.state.parts
    with parts.store.writing() as session:
        key = create_key(session, "reader", ["read"], datetime.now(UTC))[1]
    writes = [
        (method, re.sub(r"\{[^}]+\}", "x", path), needs.scope)
        for path, methods, needs in declared_routes(app)
        for method in methods - {"GET", "HEAD", "OPTIONS"}
        if needs.scope != "open"
    ]

    async with client_of(app) as client:
        for method, path, scope in writes:
            answer = await client.request(method, path, headers={"Authorization": f"Bearer {key}"})
            assert (answer.status_code == 403) == (scope != "read"), (method, path)
        for path in ("/audit", "/webhooks", "/webhooks/x", "/webhooks/x/dead-letters"):
            assert (await client.get(path, headers={"Authorization": f"Bearer {key}"})).status_code == 403
    parts.store.close()
    assert len(writes) > 30


async def test_the_log_holds_neither_keys_nor_what_is_searched_for(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="sayso")
    app = make_service(sqlite_url, access="keys")
    parts: Parts = app.state.parts
    with parts.store.writing() as session:
        key = create_key(session, "reader", ["read"], datetime.now(UTC))[1]

    async with client_of(app) as client:
        for sent in (key, f"{key[:-1]}x"):
            await client.get("/quotes?q=scandal", headers={"Authorization": f"Bearer {sent}"})
    parts.store.close()

    told = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records if record.name.startswith("sayso")]
    assert any("/quotes" in line for line in told)
    assert not any("scandal" in line or key[-20:-1] in line for line in told)


def test_every_route_is_described_or_a_page(sqlite_url: str) -> None:
    app: FastAPI = make_service(sqlite_url)
    described = app.openapi()["paths"]

    hidden = {path for path, _, _ in declared_routes(app)} - described.keys()

    assert {path for path in hidden if not PAGES.fullmatch(path)} == set()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/people/x/merge", b'{"into": "y"}'),
        ("POST", "/ingestions", b'[{"text": "A"}]'),
        ("POST", "/feeds", b'{"url": "https://courier.example/feed"}'),
        ("POST", "/webhooks", b'{"url": "https://mirror.invalid/hook"}'),
        ("POST", "/corrections", b'{"action": "confirm", "annotation_id": "q"}'),
    ],
)
async def test_a_form_of_another_site_can_send_no_json(
    service: Service, method: str, path: str, body: bytes, kind: str | None
) -> None:
    headers = {} if kind is None else {"Content-Type": kind}

    answer: httpx.Response = await service.client.request(method, path, content=body, headers=headers)

    assert answer.status_code in {415, 422}
    for listed in ("/ingestions", "/feeds", "/webhooks"):
        assert (await service.get(listed))["items"] == []
