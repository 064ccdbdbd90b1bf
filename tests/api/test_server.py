"""The service behind a real server: what only a socket shows."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from tests.api.service import BRIDGE, FERRY, make_service

PLAIN = {"Content-Type": "text/plain"}


@pytest.fixture
def address(sqlite_url: str) -> Iterator[tuple[str, int]]:
    """Serve on a free port of this machine and return where."""
    app = make_service(sqlite_url, workers=0)
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False, server_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()
    server.should_exit = True
    thread.join()


def test_a_connection_stays_open_over_answers_and_errors(address: tuple[str, int]) -> None:
    connection = http.client.HTTPConnection(*address)
    seen = set()
    for method, path, body, status in (
        ("GET", "/livez", None, 200),
        ("POST", "/articles", json.dumps({"text": BRIDGE}), 201),
        ("POST", "/articles", "{", 400),
        ("HEAD", "/articles", None, 200),
        ("GET", "/nothing", None, 404),
        ("GET", "/articles", None, 200),
        ("DELETE", "/articles/nothing", None, 404),
    ):
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == status
        assert answer.getheader("Server") is None
        assert (content == b"") == (method == "HEAD")
        if method == "HEAD":
            assert int(answer.getheader("Content-Length") or 0) > 0
        seen.add(connection.sock.getsockname() if connection.sock else None)
    connection.close()

    assert len(seen) == 1
    assert None not in seen


def test_a_304_has_no_body_on_the_wire(address: tuple[str, int]) -> None:
    connection = http.client.HTTPConnection(*address)
    connection.request("GET", "/livez")
    first = connection.getresponse()
    first.read()
    connection.request("GET", "/livez", headers={"If-None-Match": first.getheader("ETag") or ""})
    again = connection.getresponse()

    assert (again.status, again.read()) == (304, b"")
    connection.close()


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_above_the_limit_is_answered_while_it_is_sent(address: tuple[str, int], chunked: bool) -> None:  # noqa: FBT001 (a case)
    body = b"word " * 2_000_000

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    with httpx.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=60) as client:
        answer = client.post("/articles", content=chunks() if chunked else body, headers=PLAIN)
        assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
        assert client.get("/articles").json()["items"] == []


def test_a_body_that_waits_to_be_asked_for_is_not_asked_for_when_it_is_too_large(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as sock:
        sock.sendall(
            b"POST /articles HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
            b"Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"
        )
        assert sock.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_a_connection_that_breaks_in_the_middle_of_a_story_stores_nothing(
    address: tuple[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(address) as sock:
        sock.sendall(
            b"POST /articles HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 500\r\n\r\nThe bridge"
        )
        time.sleep(0.2)
    with httpx.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=60) as client:
        assert client.get("/articles").json()["items"] == []
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_stories_that_come_at_once_are_kept_once(address: tuple[str, int]) -> None:
    statuses: list[int] = []

    def send(text: str) -> None:
        with httpx.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=60) as client:
            statuses.append(client.post("/articles", content=text.encode(), headers=PLAIN).status_code)

    threads = [threading.Thread(target=send, args=(text,)) for text in (BRIDGE, FERRY) * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200] * 14 + [201] * 2
