"""Pages of other sites, and what a head and a body may be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.api.guard import MOST_ADDRESS_BYTES
from app.store.keys import create_key
from tests.api.service import BRIDGE, Service, client_of, make_service

pytestmark = pytest.mark.anyio
STORY = {"text": BRIDGE}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://sayso.test"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Origin": "http://sayso.test"}, 201),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://sayso.test"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://sayso.test:81"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_a_page_of_another_site_cannot_write(service: Service, headers: dict[str, str], status: int) -> None:
    answer = await service.client.post("/articles", json=STORY, headers=headers)

    assert answer.status_code == status
    assert status == 201 or answer.json()["type"] == "/problems/cross-site"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://sayso.test"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}, 403),
        ({"Origin": "http://evil.example"}, 403),
    ],
)
async def test_a_script_of_another_site_cannot_read(service: Service, headers: dict[str, str], status: int) -> None:
    assert (await service.client.get("/articles", headers=headers)).status_code == status


async def test_pages_that_the_owner_named_may_do_both_and_every_page_may_read_where_he_says_so(sqlite_url: str) -> None:
    for origins, read, write in (((), 403, 403), (("https://news.example",), 200, 201), (("*",), 200, 403)):
        app = make_service(sqlite_url, cors_origins=origins)
        headers = {"Origin": "https://news.example", "Sec-Fetch-Site": "cross-site"}
        async with client_of(app) as client:
            assert (await client.get("/articles", headers=headers)).status_code == read
            written = await client.post("/articles", json={"text": f"{BRIDGE} {origins}"}, headers=headers)
            assert written.status_code == write
        app.state.parts.store.close()


ASKED = (
    "authorization, content-encoding, content-type, idempotency-key, if-match, if-modified-since, if-none-match, "
    "prefer, x-request-id"
)


@pytest.mark.parametrize(
    ("origin", "headers", "status"),
    [
        ("https://news.example", ASKED, 200),
        ("https://news.example", "x-other", 403),
        ("https://other.example", ASKED, 403),
    ],
)
async def test_a_browser_is_told_what_a_page_of_another_origin_may_ask(
    sqlite_url: str, origin: str, headers: str, status: int
) -> None:
    app = make_service(sqlite_url, cors_origins=("https://news.example",))
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": headers}
    async with client_of(app) as client:
        told = await client.options("/articles", headers={"Origin": origin, **asked})
    app.state.parts.store.close()

    assert told.status_code == status
    allowed = "https://news.example" if origin == "https://news.example" else None
    assert told.headers.get("access-control-allow-origin") == allowed
    if status != 200:
        assert told.headers["content-type"] == "application/problem+json"
        assert told.json()["type"] == "/problems/cross-site"


async def test_shared_caches_keep_nothing_that_needs_a_key(sqlite_url: str) -> None:
    app = make_service(sqlite_url, access="keys", cache_seconds=60)
    with app.state.parts.store.writing() as session:
        _, sent = create_key(session, "desk", ["read"], datetime.now(UTC))
    async with client_of(app) as client:
        answer = await client.get("/articles", headers={"Authorization": f"Bearer {sent}"})
    app.state.parts.store.close()

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("api", 200),
        ("sayso.internal", 200),
        ("Known.example:8000", 200),
        ("sayso.example", 200),
        ("evil.example:8000", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example", 421),
        ("[nonsense", 421),
        ("", 421),
    ],
)
async def test_a_name_that_a_stranger_can_own_is_not_answered(sqlite_url: str, host: str, status: int) -> None:
    app = make_service(sqlite_url, access="open", allowed_hosts=("known.example",), base_url="https://sayso.example")
    async with client_of(app) as client:
        answer = await client.get("/articles", headers={"Host": host})
    app.state.parts.store.close()

    assert answer.status_code == status
    assert status == 200 or answer.json()["type"] == "/problems/misdirected"


async def test_a_key_that_a_program_sends_works_under_any_name_and_from_any_page(sqlite_url: str) -> None:
    app = make_service(sqlite_url, access="public-reads")
    async with client_of(app) as client:
        answer = await client.get("/articles", headers={"Host": "any.example", "Origin": "https://other.example"})
    app.state.parts.store.close()

    assert answer.status_code == 200


@pytest.mark.parametrize("headers", [{f"X-{i}": "1" for i in range(101)}, {"X-Long": "x" * 33_000}])
async def test_a_head_that_is_too_large_is_refused(service: Service, headers: dict[str, str]) -> None:
    answer = await service.client.get("/articles", headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (431, "/problems/headers-too-large")


async def test_an_address_that_is_too_long_is_refused(service: Service) -> None:
    answer = await service.client.get("/articles", params={"q": "x" * MOST_ADDRESS_BYTES})

    assert (answer.status_code, answer.json()["type"]) == (414, "/problems/address-too-long")


async def test_every_answer_says_that_it_is_data(service: Service) -> None:
    for path in ("/articles", "/nothing"):
        headers = (await service.client.get(path)).headers
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "strict-transport-security" not in headers


async def test_scripts_and_styles_may_be_put_into_pages_of_others(service: Service) -> None:
    for path in ("/docs/files/swagger-ui.css", "/read/files/sayso-embed.js"):
        headers = (await service.client.get(path)).headers
        assert headers["cross-origin-resource-policy"] == "cross-origin"


async def test_a_page_says_itself_who_may_frame_it(service: Service) -> None:
    headers = (await service.client.get("/read/")).headers

    assert "frame-ancestors" in headers["content-security-policy"]
    assert "x-frame-options" not in headers
    assert len(headers.get_list("referrer-policy")) == 1


async def test_an_answer_of_the_guard_is_secured_too(service: Service) -> None:
    headers = (await service.client.get("/articles", headers={"Host": "evil.example"})).headers

    assert headers["x-content-type-options"] == "nosniff"


async def test_the_page_at_docs_runs_its_own_scripts_and_no_others(service: Service) -> None:
    policy = (await service.client.get("/docs")).headers["content-security-policy"]

    assert "script-src 'self' 'sha256-" in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy


async def test_what_is_served_by_https_stays_there(sqlite_url: str) -> None:
    app = make_service(sqlite_url, base_url="https://sayso.example", access="public-reads")
    async with client_of(app) as client:
        answer = await client.get("/articles")
    app.state.parts.store.close()

    assert answer.headers["strict-transport-security"] == "max-age=31536000"
