"""The documentation names what there is, and its examples run."""

from __future__ import annotations

import re
import shlex
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.api.parts import Parts
from app.api.problems import TABLE
from app.cli import COMMANDS, main
from app.config import Settings, read_settings
from app.errors import ConfigurationError
from app.store import webhooks
from app.store.ids import new_id
from app.store.webhooks import DeadLetterView
from tests.api.service import Service, client_of, make_service

ROOT = Path(__file__).resolve().parents[2]
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.fixture
def anyio_backend() -> str:
    """Return the event loop that the tests run on."""
    return "asyncio"


@pytest.fixture
def app(sqlite_url: str) -> FastAPI:
    """Return the service on an empty database."""
    return make_service(sqlite_url)


@pytest.fixture
async def service(app: FastAPI) -> AsyncIterator[Service]:
    """Return a client of the service."""
    async with client_of(app) as client:
        yield Service(app, client)
    app.state.parts.store.close()


def test_every_route_is_in_the_guide(app: FastAPI) -> None:
    told = re.sub(r"\$\w+", "{id}", API.replace("$base", "")).replace("/problems/empty-text", "/problems/{id}")
    for path in app.openapi()["paths"]:
        shown = re.escape(re.sub(r"\{\w+\}", "{id}", path))
        assert re.search(rf"(?<![\w}}]){shown}(?![\w/{{])", told), path


def test_every_filter_is_in_the_guide(app: FastAPI) -> None:
    for item in app.openapi()["paths"].values():
        for parameter in item.get("get", {}).get("parameters", []):
            if parameter["in"] == "query" and parameter["name"] != "cursor":
                assert f"`{parameter['name']}`" in API or f"?{parameter['name']}=" in API, parameter["name"]


def test_every_field_of_a_story_and_every_problem_is_in_the_guide(app: FastAPI) -> None:
    for name in app.openapi()["components"]["schemas"]["Story"]["properties"]:
        assert f"`{name}`" in API
    for kind in TABLE.values():
        assert f"| `{kind.name}` | {kind.status} |" in API


def test_every_setting_is_in_the_guide_and_is_one() -> None:
    told = set(re.findall(r"^\| `(SAYSO_\w+)` \|", OPERATIONS, re.MULTILINE))

    assert told == {f"SAYSO_{field.name.upper()}" for field in fields(Settings)}
    for name in told - {"SAYSO_BASE_URL"}:
        with pytest.raises(ConfigurationError, match=name):
            read_settings({name: "\x01"})


def test_every_command_and_its_options_are_in_the_guide() -> None:
    for name in COMMANDS:
        row = next(line for line in OPERATIONS.splitlines() if line.startswith(f"| `sayso {name}"))
        command = main.get_command(main.make_context("sayso", [name]), name)
        assert command is not None
        for option in command.params:
            if option.param_type_name == "option":
                assert option.opts[0] in row, (name, option.opts)


def examples() -> list[str]:
    """Return the curl commands of the guide, in their order."""
    blocks = re.findall(r"```sh\n(.*?)```", API, re.DOTALL)
    return [
        command
        for block in blocks
        for command in re.split(r"^(?=curl )", block, flags=re.MULTILINE)
        if "curl " in command
    ]


@pytest.mark.anyio
async def test_every_example_runs(service: Service) -> None:
    article = await service.add('The harbor is calm. Tom Okafor supports the ferry. "It pays," Tom Okafor said.')
    quote = (await service.get(f"/articles/{article}/quotes"))["items"][0]["id"]
    sent = await service.client.post("/ingestions", content=b"[]", headers={"Content-Type": "application/json"})
    ingestion = sent.json()["id"]
    run = (await service.get("/runs"))["items"][0]["id"]
    walk = (await service.client.post("/reannotations")).json()["id"]
    followed = await service.client.post("/feeds", json={"url": "https://courier.example/feed"})
    feed = followed.json()["id"]
    told = await service.client.post("/webhooks", json={"url": "https://mirror.invalid/hook"})
    webhook = told.json()["id"]
    letters = [dead_letter(service, webhook) for _ in range(2)]
    for command in examples():
        words = iter(
            shlex.split(
                command.replace("$base", "http://sayso.test")
                .replace("$article", article)
                .replace("$ingestion", ingestion)
                .replace("$reannotation", walk)
                .replace("$run", run)
                .replace("$quote", quote)
                .replace("$feed", feed)
                .replace("$webhook", webhook)
                .replace("$letter", letters[0])
                .replace("$other_letter", letters[1])
            )[1:]
        )
        method, url, headers, body = "", "", {}, b""
        for word in words:
            if word == "-X":
                method = next(words)
            elif word == "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            elif word in {"-d", "--data-binary"}:
                given = next(words)
                body = (ROOT / given[1:]).read_bytes() if given.startswith("@") else given.encode()
            elif word != "-i":
                url = word
        answer = await service.client.request(method or ("POST" if body else "GET"), url, headers=headers, content=body)
        assert answer.is_success, (command, answer.text)
    assert len(examples()) > 25


def dead_letter(service: Service, webhook_id: str) -> str:
    """Put a message among those that a webhook did not take, and return its id."""
    parts: Parts = service.app.state.parts
    letter_id = new_id()
    letter = DeadLetterView(letter_id, webhook_id, 0, "story.created", "{}", 8, 500, "no", datetime.now(UTC))
    with parts.store.writing() as session:
        at = webhooks.receiver(session, webhook_id)
        assert webhooks.bury(session, at, replace(letter, position=at.position))
    return letter_id
