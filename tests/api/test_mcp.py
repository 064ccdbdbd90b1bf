"""A real client of the Model Context Protocol asks over both transports, and gets what the API answers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from click.testing import CliRunner
from mcp import Client, StdioServerParameters, stdio_client

from app.cli import main
from app.ingest.intake import Intake
from app.ingest.receive import receive_text
from app.store.store import open_store
from tests.api.plain_rules import PlainRules
from tests.api.service import BRIDGE, FERRY
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
TOOLS = {
    "search_news",
    "find_quotes",
    "find_positions",
    "find_issues",
    "find_people",
    "find_organizations",
    "read_article",
}


@pytest.fixture
def environment(sqlite_url: str) -> dict[str, str]:
    """Return the environment of a command whose database holds two stories."""
    store = open_store(sqlite_url)
    Intake(store, PlainRules()).add_many([receive_text(BRIDGE), receive_text(FERRY)])
    store.close()
    return {**os.environ, "SAYSO_DATABASE_URL": sqlite_url}


async def ask(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON values)
    """Return what a tool answers."""
    answer = await client.call_tool(tool, arguments)
    assert not answer.is_error, answer
    assert answer.structured_content is not None
    found: dict[str, Any] = answer.structured_content
    return found


async def converse(client: Client) -> None:
    """Ask what an assistant would ask."""
    tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations is not None and tool.annotations.read_only_hint for tool in tools)
    said = await ask(client, "find_quotes", speaker="Ana Ruiz", about="bridge", limit=1)
    [quote] = said["items"]
    assert quote["speaker"]["name"] == "Ana Ruiz"
    story = await ask(client, "read_article", article=quote["article_id"])
    assert all(story["text"][s["start"] : s["end"]] == s["exact"] for s in quote["contents"])
    assert {"id", "type", "name", "aliases", "offices"} == story["people"][0].keys()
    [person] = (await ask(client, "find_people", name="Ruiz"))["items"]
    by_id = await ask(client, "find_quotes", speaker=person["id"], limit=50)
    assert quote in by_id["items"]
    assert (await ask(client, "find_organizations", name="Port"))["items"][0]["name"] == "Port Authority"
    stances = (await ask(client, "find_positions", holder="Ana Ruiz", kind="stance"))["items"]
    assert [stance["polarity"] for stance in stances] == ["supports"]
    offices = (await ask(client, "find_positions", holder="Ana Ruiz", kind="office"))["items"]
    assert [office["title"] for office in offices] == ["Mayor"]
    opposed = (await ask(client, "find_positions", holder="Port Authority"))["items"]
    assert (await ask(client, "find_positions", country="Fiji"))["items"] == []
    unknown = (await client.call_tool("find_positions", {"holder": "Fiji"})).content[0]
    assert "a country is asked for as country" in str(unknown)
    [issue] = (await ask(client, "find_issues", start="clos"))["items"]
    assert opposed == (await ask(client, "find_positions", issue=issue["id"]))["items"]
    assert (await ask(client, "search_news", words="bridge"))["articles"]
    for tool, arguments in (
        ("find_quotes", {"speaker": "Nobody Known"}),
        ("read_article", {"article": "nothing"}),
        ("search_news", {"words": ""}),
        ("find_people", {"name": ""}),
        ("find_quotes", {"limit": 0}),
        ("find_quotes", {"published_from": "yesterday"}),
        ("find_quotes", {"speeker": "Ana Ruiz"}),
    ):
        assert (await client.call_tool(tool, arguments)).is_error, tool
    told = (await client.call_tool("find_quotes", {"published_from": "yesterday"})).content[0]
    assert "published_from" in str(told)


def test_over_standard_input(environment: dict[str, str]) -> None:
    async def speak() -> None:
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "app.cli", "mcp"], env=environment, cwd=str(ROOT)
        )
        with anyio.fail_after(PATIENCE):
            async with Client(stdio_client(command)) as client:
                await converse(client)

    anyio.run(speak)


def test_over_http(environment: dict[str, str]) -> None:
    port = free_port()
    command = [sys.executable, "-m", "app.cli", "mcp", "--http", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, cwd=ROOT)  # noqa: S603 (our own command)
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)

        async def speak() -> None:
            with anyio.fail_after(PATIENCE):
                async with Client(f"http://127.0.0.1:{port}/mcp") as client:
                    await converse(client)

        anyio.run(speak)
        headers = {"Host": "courier.example", "Accept": "application/json, text/event-stream"}
        strange = httpx.post(f"http://127.0.0.1:{port}/mcp", json={}, headers=headers, timeout=PATIENCE)
        assert strange.status_code == 421
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def test_a_service_elsewhere_is_asked_when_it_is_named() -> None:
    async def speak() -> None:
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "app.cli", "mcp", "--api", "http://127.0.0.1:9"], cwd=str(ROOT)
        )
        with anyio.fail_after(PATIENCE):
            async with Client(stdio_client(command)) as client:
                answer = await client.call_tool("search_news", {"words": "bridge"})
                assert answer.is_error

    anyio.run(speak)


def test_the_extra_that_is_not_installed_is_named(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "app.mcp.server", None)

    result = CliRunner().invoke(main, ["mcp"], env={"SAYSO_DATABASE_URL": sqlite_url})

    assert (result.exit_code, "sayso[mcp]" in result.output) == (2, True)
