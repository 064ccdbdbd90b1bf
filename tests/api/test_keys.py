"""Keys and scopes: who gets in, who does not, and what it costs."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import event

from app.api.keyring import Keyring
from app.store.keys import KeyView, Scope, create_key, list_keys, revoke_key
from app.store.store import Store, open_store
from tests.api.service import BRIDGE, Service, client_of, make_service

pytestmark = pytest.mark.anyio
NOW = datetime.now(UTC)
STORY = {"text": BRIDGE}


@pytest.fixture
async def locked(sqlite_url: str) -> AsyncIterator[Service]:
    """Return a client of a service that asks everyone for a key."""
    app = make_service(sqlite_url, access="keys")
    async with client_of(app) as client:
        yield Service(app, client)
    app.state.parts.store.close()


def new_key(service: Service, *scopes: Scope) -> tuple[KeyView, dict[str, str]]:
    """Make a key and return it with the header that sends it."""
    store: Store = service.app.state.parts.store
    with store.writing() as session:
        key, sent = create_key(session, "desk", scopes, datetime.now(UTC))
    return key, {"Authorization": f"Bearer {sent}"}


async def test_without_a_key_nobody_gets_in(locked: Service) -> None:
    answer = await locked.client.get("/articles")

    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")
    assert answer.headers["www-authenticate"] == 'Bearer realm="sayso"'


@pytest.mark.parametrize(
    "sent",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        f"Bearer sayso_0123456789ab_{'A' * 43}",
        "Digest x",
        "Basic !!",
        "Basic eA==",
    ],
)
async def test_what_is_no_key_opens_nothing(locked: Service, sent: str) -> None:
    answer = await locked.client.get("/articles", headers={"Authorization": sent})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="sayso", error="invalid_token"'


async def test_a_key_opens_what_its_scopes_name(locked: Service) -> None:
    _, reader = new_key(locked, "read")
    _, feeder = new_key(locked, "ingest")

    assert (await locked.client.get("/articles", headers=reader)).status_code == 200
    assert (await locked.client.post("/articles", json=STORY, headers=feeder)).status_code == 201
    for answer, scope in (
        (await locked.client.post("/articles", json=STORY, headers=reader), "ingest"),
        (await locked.client.get("/articles", headers=feeder), "read"),
        (await locked.client.get("/audit", headers=reader), "admin"),
        (await locked.client.post("/reannotations", headers=feeder), "admin"),
        (await locked.client.delete("/reannotations/any", headers=feeder), "admin"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/forbidden")
        assert f'"{scope}"' in answer.json()["detail"]
        assert (
            answer.headers["www-authenticate"] == f'Bearer realm="sayso", error="insufficient_scope", scope="{scope}"'
        )


async def test_an_admin_may_do_everything(locked: Service) -> None:
    _, admin = new_key(locked, "admin")

    assert (await locked.client.post("/articles", json=STORY, headers=admin)).status_code == 201
    assert (await locked.client.get("/audit", headers=admin)).status_code == 200


async def test_head_needs_what_get_needs(locked: Service) -> None:
    _, reader = new_key(locked, "read")

    assert (await locked.client.head("/articles", headers=reader)).status_code == 200
    assert (await locked.client.head("/audit", headers=reader)).status_code == 403


async def test_a_revoked_and_an_expired_key_open_nothing(locked: Service) -> None:
    revoked, one = new_key(locked, "read")
    with locked.app.state.parts.store.writing() as session:
        revoke_key(session, revoked.id, NOW)
        expired, sent = create_key(session, "mirror", ["read"], NOW - timedelta(days=2), NOW - timedelta(days=1))

    for headers, told in (
        (one, f'the key {revoked.id} ("desk") was revoked on {NOW:%Y-%m-%d}'),
        (
            {"Authorization": f"Bearer {sent}"},
            f'the key {expired.id} ("mirror") expired on {NOW - timedelta(days=1):%Y-%m-%d}',
        ),
        # Whoever knows no more of it than its id is told nothing of it.
        ({"Authorization": f"Bearer {sent[:-1]}{'A' if sent[-1] != 'A' else 'B'}"}, "the key is unknown"),
    ):
        answer = await locked.client.get("/articles", headers=headers)
        assert (answer.status_code, answer.json()["detail"]) == (401, told)


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/openapi.json", "/docs", "/problems", "/problems/not-found"])
async def test_what_tells_how_the_service_is_needs_no_key(locked: Service, path: str) -> None:
    assert (await locked.client.get(path)).status_code == 200


async def test_a_path_that_is_not_there_is_told_to_holders_of_keys_only(locked: Service) -> None:
    _, reader = new_key(locked, "read")

    assert (await locked.client.get("/nothing")).status_code == 401
    assert (await locked.client.get("/nothing", headers=reader)).status_code == 404
    assert (await locked.client.post("/nothing", headers=reader)).status_code == 404


async def test_everyone_reads_where_reads_are_public(sqlite_url: str) -> None:
    app = make_service(sqlite_url, access="public-reads")
    async with client_of(app) as client:
        assert (await client.get("/articles")).status_code == 200
        assert (await client.post("/articles", json=STORY)).status_code == 401
        assert (await client.get("/audit")).status_code == 401
        assert (await client.get("/articles", headers={"Authorization": "Bearer nothing"})).status_code == 401
    app.state.parts.store.close()


async def test_where_no_key_is_needed_one_that_is_sent_is_looked_at(service: Service) -> None:
    _, reader = new_key(service, "read")

    assert (await service.client.get("/articles", headers=reader)).status_code == 200
    assert (await service.client.post("/articles", json=STORY, headers=reader)).status_code == 403
    assert (await service.client.get("/articles", headers={"Authorization": "Bearer x"})).status_code == 401
    # A proxy in front may hand on what it was sent itself.
    assert (await service.client.get("/articles", headers={"Authorization": "Digest x"})).status_code == 200


async def test_a_browser_is_asked_for_a_password_which_is_the_key(locked: Service) -> None:
    _, reader = new_key(locked, "read")
    sent = base64.b64encode(f"anyone:{reader['Authorization'].removeprefix('Bearer ')}".encode()).decode()

    asked = await locked.client.get("/articles", headers={"Accept": "text/html,*/*"})
    given = await locked.client.get("/articles", headers={"Authorization": f"Basic {sent}"})

    assert asked.headers["www-authenticate"].endswith(', Basic realm="sayso", charset="UTF-8"')
    assert given.status_code == 200


async def test_a_page_of_another_site_cannot_use_the_password_that_a_browser_remembers(locked: Service) -> None:
    _, feeder = new_key(locked, "ingest")
    sent = base64.b64encode(f":{feeder['Authorization'].removeprefix('Bearer ')}".encode()).decode()
    headers = {"Authorization": f"Basic {sent}", "Origin": "https://evil.example"}

    answer = await locked.client.post("/articles", json=STORY, headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/cross-site")
    assert (
        await locked.client.post("/articles", json=STORY, headers={**feeder, **headers, **feeder})
    ).status_code == 201


async def test_a_read_without_a_key_on_this_machine_asks_the_database_for_nothing_more(service: Service) -> None:
    statements: list[str] = []
    engine = service.app.state.parts.store.engine
    event.listen(engine, "before_cursor_execute", lambda *found: statements.append(found[2]))

    await service.client.get("/articles")

    assert statements
    assert not [s for s in statements if "api_keys" in s or "audit" in s or "rates" in s]


async def test_a_key_is_looked_up_once_in_a_while(locked: Service) -> None:
    _, reader = new_key(locked, "read")
    statements: list[str] = []
    engine = locked.app.state.parts.store.engine
    event.listen(engine, "before_cursor_execute", lambda *found: statements.append(found[2]))

    for _ in range(5):
        assert (await locked.client.get("/articles", headers=reader)).status_code == 200

    assert len([s for s in statements if "SELECT" in s and "api_keys" in s]) == 1
    assert len([s for s in statements if "UPDATE api_keys" in s]) == 1


def test_the_last_use_is_written_down_at_a_bounded_rate(store: Store) -> None:
    with store.writing() as session:
        _, sent = create_key(session, "desk", ["read"], NOW)
    keyring = Keyring(store)
    keyring.look_up(sent)
    with store.reading() as session:
        first = list_keys(session)[0].last_used_at
    keyring.look_up(sent)
    with store.reading() as session:
        assert list_keys(session)[0].last_used_at == first
    assert first is not None


def test_a_key_that_is_revoked_elsewhere_is_forgotten_in_ten_seconds(store: Store) -> None:
    now = [0.0]
    with store.writing() as session:
        key, sent = create_key(session, "desk", ["read"], NOW)
    keyring = Keyring(store, lambda: now[0])
    keyring.look_up(sent)
    with store.writing() as session:
        revoke_key(session, key.id, NOW)

    assert keyring.remembered(sent) is not None
    now[0] = 10.1
    assert keyring.remembered(sent) is None
    found = keyring.look_up(sent)
    assert found is not None
    assert not found.usable_at(datetime.now(UTC))


def test_a_use_that_cannot_be_written_down_refuses_nobody(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    store = open_store(sqlite_url)
    with store.writing() as session:
        _, sent = create_key(session, "desk", ["read"], NOW)
    with store.engine.connect() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_use BEFORE UPDATE ON api_keys BEGIN INSERT INTO absent VALUES (1); END"
        )
        connection.commit()
    caplog.clear()

    try:
        assert Keyring(store).look_up(sent) is not None
    finally:
        store.close()
    assert "is not written down" in caplog.text


async def test_a_database_that_is_away_lets_nobody_in(tmp_path: str) -> None:
    app = make_service(f"sqlite:///{tmp_path}/none/sayso.sqlite3", access="keys")
    async with client_of(app) as client:
        answer = await client.get("/articles", headers={"Authorization": f"Bearer sayso_0123456789ab_{'A' * 43}"})
    app.state.parts.store.close()

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")


async def test_writes_that_succeed_are_in_the_audit_log(locked: Service) -> None:
    key, feeder = new_key(locked, "ingest")
    _, admin = new_key(locked, "admin")
    article = (await locked.client.post("/articles", json=STORY, headers=feeder)).json()["id"]
    await locked.client.post("/articles", json={}, headers=feeder)
    await locked.client.post("/annotate", json=STORY, headers=feeder)
    deleted = await locked.client.delete(f"/articles/{article}", headers={**admin, "X-Request-ID": "r7"})

    log = (await locked.client.get("/audit", headers=admin)).json()["items"]
    own = (await locked.client.get("/audit", params={"key": key.id}, headers=admin)).json()["items"]

    assert deleted.status_code == 204
    assert [(e["action"], e["target"], e["status"]) for e in log] == [
        ("DELETE", f"/articles/{article}", 204),
        ("POST", "/articles", 201),
    ]
    assert (log[0]["request_id"], log[0]["address"]) == ("r7", "127.0.0.1")
    assert own == [log[1]]
    assert log[1]["key"] == key.id


async def test_a_write_whose_entry_is_lost_is_answered_and_logged(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with service.app.state.parts.store.writing() as session:
        session.connection().exec_driver_sql("DROP TABLE audit")

    answer: httpx.Response = await service.client.post("/articles", json=STORY)

    assert answer.status_code == 201
    assert "audit entry lost" in caplog.text
