"""Reads that are answered without the framework's own steps: the same as with them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session

from app.api import reads
from app.api.reads import Turn, read_of
from tests.api.service import BRIDGE, Service

pytestmark = pytest.mark.anyio

BY_THE_FRAMEWORK = {"Content-Length": "0"}
"""A read that announces a body is left to the framework, which limits bodies."""


def test_every_read_but_the_stream_is_called_directly(app: FastAPI) -> None:
    ours = [route for route in app.routes if isinstance(route, APIRoute) and "GET" in (route.methods or ())]
    assert [route.path for route in ours if read_of(route) is None] == ["/ingestions/{ingestion_id}/events"]
    others = [route for route in app.routes if isinstance(route, APIRoute) and "GET" not in (route.methods or ())]
    assert any(read_of(route) is None for route in others)


@pytest.mark.parametrize(
    "path",
    [
        "/articles",
        "/articles/{id}",
        "/articles/{id}/quotes?limit=1",
        "/articles/none",
        "/articles/{id}/",
        "/articles/{id}/runs/a..b",
        "/quotes?limit=0",
        "/quotes?limit=1&limit=2",
        "/quotes?speakr=x",
        "/quotes?q=%zz",
        "/quotes?q=bridge&sort=relevance&facet=type",
        "/quotes.csv",
        "/nothing",
        "/livez",
        "/problems/not-found",
    ],
)
async def test_answers_are_the_frameworks(service_anywhere: Service, path: str) -> None:
    path = path.replace("{id}", await service_anywhere.add(BRIDGE))
    ours = await service_anywhere.client.get(path)
    theirs = await service_anywhere.client.get(path, headers=BY_THE_FRAMEWORK)
    assert ours.status_code == theirs.status_code
    assert _told(ours) == _told(theirs)


async def test_a_service_below_a_path_is_left_to_the_framework(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, root_path="/news")
    async with httpx.AsyncClient(transport=transport, base_url="http://sayso.test") as client:
        answer = await client.get("/news/livez")
    assert answer.status_code == 200


async def test_a_defect_is_answered(app: FastAPI, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.state.parts.store, "reading", None)
    answer = await service.client.get("/quotes")
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal-error")
    assert answer.headers["x-request-id"] == answer.json()["request_id"]


async def test_a_turn_is_given_on_when_it_is_over_or_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = asyncio.Semaphore(1)
    await turns.acquire()
    over = Turn(turns, asyncio.get_running_loop())
    assert turns.locked()
    over.give()
    over.give()
    await turns.acquire()
    assert turns.locked()
    monkeypatch.setattr(reads, "LONG", 0)
    long = Turn(turns, asyncio.get_running_loop())
    async with asyncio.timeout(60):
        await turns.acquire()
    long.give()
    assert turns.locked()


async def test_a_long_read_keeps_no_other_waiting(
    app: FastAPI, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, begun, end = app.state.parts.store, threading.Event(), threading.Event()
    reading = store.reading

    @contextmanager
    def slowly() -> Iterator[Session]:
        monkeypatch.setattr(store, "reading", reading)
        begun.set()
        assert end.wait(60)
        with reading() as session:
            yield session

    monkeypatch.setattr(store, "reading", slowly)
    long = asyncio.create_task(service.client.get("/quotes"))
    await asyncio.to_thread(begun.wait, 60)
    short = await service.client.get("/articles")
    end.set()
    assert (short.status_code, (await long).status_code) == (200, 200)


def _told(answer: httpx.Response) -> tuple[object, dict[str, str]]:
    body: object = answer.text
    if answer.headers["content-type"] == "application/problem+json":
        body = {name: value for name, value in answer.json().items() if name != "request_id"}
    return body, {name: value for name, value in answer.headers.items() if name != "x-request-id"}
