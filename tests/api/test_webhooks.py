"""Webhooks: a real receiver on loopback, which the tests allow, is told of every change; on both databases."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.api.parts import Parts
from app.ingest.webhooks import WAITS, Courier, WebhookWork
from app.store import webhooks
from app.store.store import Store
from app.store.webhook_tables import WebhookRow
from tests.api.inbox import Inbox, receiving
from tests.api.service import BRIDGE, FERRY, Service, client_of, make_service
from tests.unit.ingest.web import LOOPBACK

pytestmark = pytest.mark.anyio

Json = dict[str, Any]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with receiving() as found:
        yield found


@pytest.fixture
async def service(database_url: str) -> AsyncIterator[Service]:
    """Return a client of a service that may deliver to loopback: the test runs once on each kind of database."""
    app = make_service(database_url, allowed_networks=LOOPBACK)
    async with client_of(app) as client:
        yield Service(app, client)
    parts: Parts = app.state.parts
    parts.worker.webhooks.close()
    parts.store.close()


def store_of(service: Service) -> Store:
    parts: Parts = service.app.state.parts
    return parts.store


def work_of(service: Service) -> WebhookWork:
    parts: Parts = service.app.state.parts
    return parts.worker.webhooks


def hasty(service: Service, tries: int = 3, *, seconds: float = 60.0) -> WebhookWork:
    """Return what delivers, and tries again without waiting."""
    return WebhookWork(store_of(service), Courier(LOOPBACK, seconds), "hasty", [0.0] * (tries - 1), lambda: 1.0)


async def add(service: Service, url: str, **fields: Any) -> Json:  # noqa: ANN401 (a JSON value)
    answer = await service.client.post("/webhooks", json={"url": url, **fields})
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    made: Json = answer.json()
    assert answer.headers["location"].endswith(f"/webhooks/{made['id']}")
    return made


async def test_changes_are_told_in_order_and_signed(service: Service, inbox: Inbox) -> None:
    made = await add(service, inbox.url)
    key = await service.add(BRIDGE)
    await service.client.put(f"/articles/{key}", json={"text": FERRY})
    await service.client.delete(f"/articles/{key}")

    work_of(service).run_due()

    told = inbox.read(made["secret"])
    changes = (await service.get("/changes"))["items"]
    assert [message["type"] for message in told] == [f"story.{change['type']}" for change in changes]
    assert [message["timestamp"] for message in told] == [change["at"] for change in changes]
    wanted = ("position", "article_id", "revision")
    assert [message["data"] for message in told] == [{name: change[name] for name in wanted} for change in changes]
    assert inbox.positions() == [change["position"] for change in changes]
    assert inbox.came[0][0]["content-type"] == "application/json"
    seen = await service.get(f"/webhooks/{made['id']}")
    assert (seen["position"], seen["waiting"], seen["delivered"]) == (len(told), 0, len(told))
    assert (seen["last_status"], seen["last_error"], seen["next_attempt_at"]) == (204, None, None)


async def test_what_changed_before_is_told_when_a_position_is_named_only(service: Service, inbox: Inbox) -> None:
    await service.add(BRIDGE)
    late = await add(service, inbox.url)
    work_of(service).run_due()
    assert inbox.came == []

    await service.client.patch(f"/webhooks/{late['id']}", json={"position": 0})
    work_of(service).run_due()

    assert inbox.positions() == [1]


async def test_only_the_events_that_are_wanted_are_told(service: Service, inbox: Inbox) -> None:
    made = await add(service, inbox.url, events=["story.deleted", "story.deleted"])
    key = await service.add(BRIDGE)
    await service.client.delete(f"/articles/{key}")
    await service.add(FERRY)

    work_of(service).run_due()

    assert [message["type"] for message in inbox.read(made["secret"])] == ["story.deleted"]
    seen = await service.get(f"/webhooks/{made['id']}")
    assert (seen["events"], seen["waiting"]) == (["story.deleted"], 0)


async def test_a_message_that_is_not_taken_is_tried_again_before_any_other(service: Service, inbox: Inbox) -> None:
    made = await add(service, inbox.url)
    await service.add(BRIDGE)
    await service.add(FERRY)
    inbox.says(500)

    before = datetime.now(UTC)
    work_of(service).run_due()
    waits = await service.get(f"/webhooks/{made['id']}")
    work_of(service).run_due()

    assert inbox.positions() == [1]
    assert (waits["attempts"], waits["last_status"], waits["failed"]) == (1, 500, 1)
    assert waits["last_error"] == "answers with status 500"
    wait = (datetime.fromisoformat(waits["next_attempt_at"]) - before).total_seconds()
    assert 0.8 * WAITS[0] <= wait <= 1.2 * WAITS[0] + 30
    end_wait(service, made["id"])
    work_of(service).run_due()
    assert inbox.positions() == [1, 1, 2]
    assert inbox.came[0][1] == inbox.came[1][1]
    assert (await service.get(f"/webhooks/{made['id']}"))["attempts"] == 0


async def test_a_receiver_says_how_long_to_wait(service: Service, inbox: Inbox) -> None:
    made = await add(service, inbox.url)
    await service.add(BRIDGE)
    inbox.says(429, retry_after="600")

    before = datetime.now(UTC)
    work_of(service).run_due()

    waits = await service.get(f"/webhooks/{made['id']}")
    assert datetime.fromisoformat(waits["next_attempt_at"]) >= before + timedelta(seconds=599)


async def test_what_is_never_taken_is_put_aside_and_can_be_sent_again(service: Service, inbox: Inbox) -> None:
    made = await add(service, inbox.url)
    await service.add(BRIDGE)
    await service.add(FERRY)
    inbox.says(500, 400, 503)
    work = hasty(service, tries=3)
    for _ in range(4):
        work.run_due()
    path = f"/webhooks/{made['id']}"

    assert inbox.positions() == [1, 1, 1, 2]
    [letter] = (await service.get(f"{path}/dead-letters"))["items"]
    assert (letter["position"], letter["attempts"], letter["last_status"]) == (1, 3, 503)
    assert json.loads(letter["body"])["data"]["position"] == 1
    assert (await service.get(path))["dead_letters"] == 1

    inbox.says(500)
    again = await service.client.post(f"{path}/dead-letters/{letter['id']}/redeliver")
    assert (again.status_code, again.json()["delivered"], again.json()["status"]) == (200, False, 500)
    [letter] = (await service.get(f"{path}/dead-letters"))["items"]
    assert letter["attempts"] == 4

    again = await service.client.post(f"{path}/dead-letters/{letter['id']}/redeliver")
    assert (again.json()["delivered"], again.json()["error"]) == (True, None)
    assert inbox.positions()[-2:] == [1, 1]
    assert inbox.read(made["secret"])[-1] == json.loads(letter["body"])
    assert (await service.get(f"{path}/dead-letters"))["items"] == []


async def test_a_dead_letter_can_be_forgotten(service: Service, inbox: Inbox) -> None:
    made, other = await add(service, inbox.url), await add(service, inbox.url, events=["story.deleted"])
    for text in (BRIDGE, FERRY):
        await service.add(text)
    inbox.says(500, 500)
    work = hasty(service, tries=1)
    for _ in range(3):
        work.run_due()
    path = f"/webhooks/{made['id']}/dead-letters"
    first = await service.get(path, limit=1)
    second = (await service.client.get(first["next"])).json()

    letter = first["items"][0]["id"]
    assert second["items"][0]["position"] == 2
    strange = await service.client.delete(f"/webhooks/{other['id']}/dead-letters/{letter}")
    assert strange.status_code == 404
    assert (await service.client.delete(f"{path}/{letter}")).status_code == 204
    assert (await service.get(path))["items"] == second["items"]


async def test_a_receiver_that_is_gone_is_told_nothing_until_it_is_woken(service: Service, inbox: Inbox) -> None:
    made = await add(service, inbox.url)
    await service.add(BRIDGE)
    inbox.says(410)
    work = hasty(service)
    work.run_due()
    work.run_due()

    assert (await service.get(f"/webhooks/{made['id']}"))["state"] == "gone"
    assert len(inbox.came) == 1
    await service.client.patch(f"/webhooks/{made['id']}", json={"state": "active"})
    work.run_due()
    assert inbox.positions() == [1, 1]


async def test_a_webhook_that_is_paused_waits_and_misses_nothing(service: Service, inbox: Inbox) -> None:
    made = await add(service, inbox.url, description="the mirror")
    path = f"/webhooks/{made['id']}"
    paused = await service.client.patch(path, json={"state": "paused"})
    await service.add(BRIDGE)
    work_of(service).run_due()
    assert (paused.json()["state"], paused.json()["description"], inbox.came) == ("paused", "the mirror", [])

    woken = await service.client.patch(path, json={"state": "active", "description": None, "events": None, "url": None})
    work_of(service).run_due()

    assert (woken.json()["description"], woken.json()["url"]) == (None, inbox.url)
    assert inbox.positions() == [1]


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"url": "https://10.1.2.3/hook"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"url": "http://192.0.2.1/hook"}, "url"),
        ({"url": "http://name.invalid/hook"}, "url"),
        ({"url": "https://me:secret@mirror.example/"}, "url"),
        ({"url": "ftp://mirror.example/"}, "url"),
        ({}, "url"),
        ({"url": "https://mirror.example/", "events": []}, "events"),
        ({"url": "https://mirror.example/", "events": ["story.read"]}, "events.0"),
        ({"url": "https://mirror.example/", "position": 1}, "position"),
        ({"url": "https://mirror.example/", "secret": "whsec_mine"}, "secret"),
    ],
)
async def test_what_cannot_be_delivered_to_is_refused(service: Service, fields: Json, at_fault: str) -> None:
    answer = await service.client.post("/webhooks", json=fields)

    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [at_fault]
    assert (await service.get("/webhooks"))["items"] == []


async def test_an_address_is_checked_when_it_is_changed_and_whenever_something_is_sent(
    service: Service, inbox: Inbox
) -> None:
    made = await add(service, inbox.url)
    refused = await service.client.patch(f"/webhooks/{made['id']}", json={"url": "https://10.1.2.3/hook"})
    await service.add(BRIDGE)

    # An owner who no longer allows loopback: the receiver is where it was.
    WebhookWork(store_of(service), Courier(()), "strict").run_due()

    assert refused.status_code == 422
    assert inbox.came == []
    seen = await service.get(f"/webhooks/{made['id']}")
    assert (seen["last_status"], seen["last_error"]) == (None, "the host 127.0.0.1 is not at a public address")


async def test_a_name_that_has_no_address_yet_is_tried_again(service: Service) -> None:
    made = await add(service, "https://mirror.invalid/hook")
    await service.add(BRIDGE)

    work_of(service).run_due()

    seen = await service.get(f"/webhooks/{made['id']}")
    assert (seen["attempts"], seen["last_error"]) == (1, "the host mirror.invalid has no address")


async def test_the_secret_is_shown_once_and_stands_in_no_log(
    service: Service, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = await add(service, inbox.url)
    path = f"/webhooks/{made['id']}"
    await service.add(BRIDGE)
    inbox.says(500)
    work_of(service).run_due()
    changed = await service.client.patch(path, json={"description": "mirror"})
    rotated = await service.client.post(f"{path}/secret")
    with store_of(service).reading() as session:
        shown = repr(webhooks.receiver(session, made["id"]))

    answers = [
        (await service.client.get(path)).text,
        (await service.client.get("/webhooks")).text,
        (await service.client.get("/audit")).text,
        changed.text,
    ]
    for secret in (made["secret"], rotated.json()["secret"]):
        assert secret.startswith("whsec_")
        assert not any(secret in text for text in [*answers, caplog.text, shown])
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("sayso")]
    assert any(made["id"] in line for line in ours)
    assert not any(inbox.url in line for line in ours)


async def test_a_new_secret_is_signed_with_beside_the_old_one_for_a_while(service: Service, inbox: Inbox) -> None:
    made = await add(service, inbox.url)
    path = f"/webhooks/{made['id']}"
    new = (await service.client.post(f"{path}/secret")).json()
    await service.add(BRIDGE)
    work_of(service).run_due()

    assert new["secret"] != made["secret"]
    assert inbox.read(made["secret"]) == inbox.read(new["secret"])
    assert len(inbox.came[0][0]["webhook-signature"].split(" ")) == 2

    newest = (await service.client.post(f"{path}/secret?overlap_hours=0")).json()
    await service.add(FERRY)
    work_of(service).run_due()
    [_, (headers, _)] = inbox.came
    assert len(headers["webhook-signature"].split(" ")) == 1
    inbox.came = inbox.came[1:]
    assert len(inbox.read(newest["secret"])) == 1


async def test_a_receiver_can_be_tried(service: Service, inbox: Inbox) -> None:
    made = await add(service, inbox.url)
    inbox.says(204, 302, location="https://10.1.2.3/")

    well = (await service.client.post(f"/webhooks/{made['id']}/test")).json()
    elsewhere = (await service.client.post(f"/webhooks/{made['id']}/test")).json()

    assert (well["delivered"], well["status"], well["error"]) == (True, 204, None)
    assert (elsewhere["delivered"], elsewhere["status"]) == (False, 302)
    assert [message["type"] for message in inbox.read(made["secret"])] == ["webhook.test"] * 2
    assert (await service.get(f"/webhooks/{made['id']}"))["delivered"] == 0


async def test_no_answer_is_said_to_be_none(service: Service) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        made = await add(service, f"http://127.0.0.1:{silent.getsockname()[1]}/")
        closed = hasty(service).try_receiver(made["id"])
        silent.listen()
        slow = hasty(service, seconds=0.5).try_receiver(made["id"])

    assert (closed.status, closed.error) == (None, "no connection, or no answer that can be read")
    assert (slow.status, slow.error) == (None, "no answer in time")


async def test_there_are_so_many_webhooks_and_no_more(
    service: Service, monkeypatch: pytest.MonkeyPatch, inbox: Inbox
) -> None:
    monkeypatch.setattr(webhooks, "MOST", 2)
    newest = [(await add(service, inbox.url))["id"] for _ in range(2)]

    refused = await service.client.post("/webhooks", json={"url": inbox.url})

    assert refused.status_code == 409
    first = await service.get("/webhooks", limit=1)
    second = (await service.client.get(first["next"])).json()
    assert [item["id"] for item in first["items"] + second["items"]] == newest[::-1]
    assert (await service.client.delete(f"/webhooks/{newest[0]}")).status_code == 204
    assert (await service.client.get(f"/webhooks/{newest[0]}")).status_code == 404


async def test_one_worker_at_a_time_has_a_webhook_in_hand(service: Service, inbox: Inbox) -> None:
    made = await add(service, inbox.url)
    await service.add(BRIDGE)
    store = store_of(service)
    with store.writing() as session:
        assert webhooks.claim_due(session, "one", 10) == [made["id"]]
        assert webhooks.claim_due(session, "two", 10) == []
    with store.reading() as session:
        of_one = webhooks.receiver(session, made["id"])
    with store.writing() as session:
        webhooks.take_over(session, {"one"})
        assert webhooks.claim_due(session, "two", 10) == []
        webhooks.take_over(session, {"two"})
        assert webhooks.claim_due(session, "two", 10) == [made["id"]]
        # What the one that was taken for gone still has to say counts no more.
        assert not webhooks.pass_by(session, of_one, 1, status=204)
        webhooks.let_go(session, of_one)
        assert webhooks.claim_due(session, "three", 10) == []
    work_of(service).deliver("nobody")
    assert inbox.came == []


async def test_a_delivery_whose_webhook_is_changed_meanwhile_says_no_more(service: Service, inbox: Inbox) -> None:
    made = await add(service, inbox.url)
    for text in (BRIDGE, FERRY):
        await service.add(text)
    with store_of(service).writing() as session:
        webhooks.claim_due(session, "lost", 10)
        webhooks.take_over(session, ())
    with store_of(service).writing() as session:
        webhooks.claim_due(session, "mine", 10)

    class Rewinding(Courier):
        """Its owner rewinds the webhook while a message is on its way."""

        def send(self, to: Any, message: Any) -> Any:  # noqa: ANN401 (as it is)
            with store_of(service).writing() as session:
                session.execute(update(WebhookRow).values(holder=None))
            return super().send(to, message)

    WebhookWork(store_of(service), Rewinding(LOOPBACK), "mine").deliver(made["id"])

    assert inbox.positions() == [1]
    assert (await service.get(f"/webhooks/{made['id']}"))["position"] == 0


async def test_threads_deliver_what_is_due(service: Service, inbox: Inbox) -> None:
    for _ in range(3):
        await add(service, inbox.url)
    await service.add(BRIDGE)

    end = time.monotonic() + 60
    while len(inbox.came) < 3 and time.monotonic() < end:
        work_of(service).begin_due()
        time.sleep(0.05)  # noqa: ASYNC251 (the threads are others)
    work_of(service).close()

    assert inbox.positions() == [1, 1, 1]


async def test_figures_tell_of_webhooks(service: Service, inbox: Inbox) -> None:
    await add(service, inbox.url)
    await service.add(BRIDGE)
    await service.add(FERRY)
    inbox.says(500)
    hasty(service, tries=1).run_due()
    hasty(service, tries=1).run_due()
    await service.add(f"{BRIDGE} Again.")

    figures = (await service.client.get("/metrics")).text

    assert 'sayso_webhook_attempts_total{outcome="delivered"} 1.0' in figures
    assert 'sayso_webhook_attempts_total{outcome="failed"} 1.0' in figures
    assert "sayso_webhook_dead_letters 1.0" in figures
    assert "sayso_webhook_behind 1.0" in figures


def end_wait(service: Service, webhook_id: str) -> None:
    """Let the time of the next try have come."""
    with store_of(service).writing() as session:
        session.execute(update(WebhookRow).where(WebhookRow.id == webhook_id).values(next_at=datetime.now(UTC)))
