"""Signing in with a key: who is asked for one, what the cookie is, and what it opens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from app.store.keys import KeyView, Scope, create_key, revoke_key
from app.store.store import Store
from tests.api.service import FERRY, client_of, make_service

pytestmark = pytest.mark.anyio

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
async def locked(sqlite_url: str) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    """Return a service that asks everyone for a key, and a browser's client of it."""
    app = make_service(sqlite_url, access="keys", allowed_hosts=("sayso.test",))
    async with client_of(app) as client:
        client.headers.update(HTML)
        yield app, client
    app.state.parts.store.close()


def new_key(app: FastAPI, *scopes: Scope, name: str = "Lena Holt") -> tuple[KeyView, str]:
    store: Store = app.state.parts.store
    with store.writing() as session:
        return create_key(session, name, scopes, datetime.now(UTC))


async def sign_in(client: httpx.AsyncClient, key: str, to: str = "") -> httpx.Response:
    return await client.post("/read/sign-in", data={"key": key, "to": to})


async def keep(client: httpx.AsyncClient, key: str) -> str:
    answer = await client.post("/articles", json={"text": FERRY}, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 201, answer.text
    made: str = answer.json()["id"]
    return made


async def test_whoever_lacks_a_key_is_led_to_where_one_is_taken(
    locked: tuple[FastAPI, httpx.AsyncClient],
) -> None:
    _, client = locked
    asked = await client.get("/read/review?kind=quote")
    sent = await client.post("/read/articles/a/review", data={"do": "undo"})
    data = await client.get("/read/review", headers={"Accept": "application/json"})
    form = await client.get(asked.headers["location"])

    assert asked.status_code == 303
    assert asked.headers["location"] == "/read/sign-in?why=key&to=%2Fread%2Freview%3Fkind%3Dquote"
    assert sent.headers["location"] == "/read/sign-in?why=key"
    assert data.status_code == 401
    assert 'name="to" value="/read/review?kind=quote"' in form.text
    assert "for those who have a key" in form.text
    assert (await client.get("/read/files/sayso.css")).status_code == 200


async def test_a_key_signs_in_and_signs_what_is_said(locked: tuple[FastAPI, httpx.AsyncClient]) -> None:
    app, client = locked
    _, editor = new_key(app, "read", "review")
    _, feeder = new_key(app, "ingest")
    article = await keep(client, feeder)
    answer = await sign_in(client, editor, f"/read/articles/{article}/review")
    cookie = answer.headers["set-cookie"]
    desk = await client.get(answer.headers["location"])
    quote = (await client.get(f"/articles/{article}/quotes", headers={"Accept": "*/*"})).json()["items"][0]
    tag = desk.text.partition('name="tag" value="')[2].partition('"')[0]
    item = desk.text.partition('name="id" value="')[2].partition('"')[0]
    done = await client.post(f"/read/articles/{article}/review", data={"do": "confirm", "id": item, "tag": tag})
    said = (await client.get("/corrections")).json()["items"]

    assert answer.status_code == 303
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert "Max-Age" not in cookie
    assert desk.status_code == 200
    assert "signed in as Lena Holt" in desk.text
    assert quote["text"]
    assert done.status_code == 303
    assert [view["author"] for view in said] == ["Lena Holt"]


async def test_signing_out_forgets_the_key(locked: tuple[FastAPI, httpx.AsyncClient]) -> None:
    app, client = locked
    _, editor = new_key(app, "read", "review")
    await sign_in(client, editor)
    assert "Sign out" in (await client.get("/read/review")).text
    await client.post("/read/sign-out")

    assert (await client.get("/read/review")).status_code == 303


async def test_what_opens_nothing_is_told(locked: tuple[FastAPI, httpx.AsyncClient]) -> None:
    app, client = locked
    nonsense = await sign_in(client, "x", "https://elsewhere.example/")
    unknown = await sign_in(client, f"sayso_0123456789ab_{'A' * 43}", "//elsewhere.example/")
    asked = await client.get(unknown.headers["location"])
    view, revoked = new_key(app, "read", "review")
    with app.state.parts.store.writing() as session:
        revoke_key(session, view.id, datetime.now(UTC))
    await sign_in(client, revoked)
    refused = await client.get("/read/review")
    told = await client.get(refused.headers["location"])

    assert nonsense.status_code == 422
    assert 'value="/read/review"' in nonsense.text
    assert unknown.headers["location"] == "/read/review"
    assert asked.headers["location"].startswith("/read/sign-in?why=unknown")
    assert "expired or was revoked" in told.text


async def test_a_key_that_may_only_read_reviews_nothing(locked: tuple[FastAPI, httpx.AsyncClient]) -> None:
    app, client = locked
    _, reader = new_key(app, "read")
    await sign_in(client, reader)
    refused = await client.get("/read/review")

    assert (await client.get("/read/")).status_code == 200
    assert refused.headers["location"].startswith("/read/sign-in?why=scope")


async def test_a_page_of_another_site_cannot_use_the_cookie(locked: tuple[FastAPI, httpx.AsyncClient]) -> None:
    app, client = locked
    _, editor = new_key(app, "read", "review")
    await sign_in(client, editor)
    strange = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    written = await client.post("/read/articles/a/review", data={"do": "undo"}, headers=strange)
    api = await client.post("/corrections", json={}, headers={**strange, "Accept": "*/*"})
    signed = await client.post("/read/sign-in", data={"key": editor}, headers=strange)

    assert (written.status_code, api.status_code, signed.status_code) == (403, 403, 403)


async def test_a_bearer_goes_before_the_cookie(locked: tuple[FastAPI, httpx.AsyncClient]) -> None:
    app, client = locked
    _, editor = new_key(app, "read", "review")
    await sign_in(client, editor)
    answer = await client.get("/articles", headers={"Authorization": "Bearer x", "Accept": "*/*"})

    assert answer.status_code == 401


async def test_where_reads_are_public_any_key_reads(sqlite_url: str) -> None:
    app = make_service(sqlite_url, access="public-reads", allowed_hosts=("sayso.test",))
    _, editor = new_key(app, "review")
    async with client_of(app) as client:
        client.headers.update(HTML)
        await sign_in(client, f"sayso_0123456789ab_{'A' * 43}")
        assert (await client.get("/read/")).status_code == 200
        await sign_in(client, editor)
        assert (await client.get("/read/")).status_code == 200
        assert (await client.get("/read/review")).status_code == 200
    app.state.parts.store.close()


async def test_where_nobody_needs_a_key_the_cookie_means_nothing(client: httpx.AsyncClient) -> None:
    await sign_in(client, f"sayso_0123456789ab_{'A' * 43}")

    assert (await client.get("/read/review")).status_code == 200


async def test_over_https_the_cookie_is_for_https_alone(sqlite_url: str) -> None:
    app = make_service(sqlite_url, access="keys", base_url="https://sayso.test")
    async with client_of(app) as client:
        answer = await sign_in(client, f"sayso_0123456789ab_{'A' * 43}")
    app.state.parts.store.close()

    assert "Secure" in answer.headers["set-cookie"]
