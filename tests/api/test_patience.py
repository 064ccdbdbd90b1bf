"""How long a client may take."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from fastapi import FastAPI

from app.api.patience import ImpatientProtocol, TimeBody
from tests.api.service import client_of, make_service

PLAIN = {"Content-Type": "text/plain"}


class Hasty(ImpatientProtocol):
    """Waits for next to nothing."""

    head_seconds = 0.2


@contextmanager
def serving(url: str, protocol: type[ImpatientProtocol], listening: socket.socket) -> Iterator[None]:
    """Serve whoever connects, or has done so."""
    app = make_service(url, workers=0)
    # This loop takes up what has come before it looks at the clock.
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, http=protocol, loop="asyncio"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield
    finally:
        while not server.started:
            time.sleep(0.01)
        server.should_exit = True
        thread.join()


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """Return a free port of this machine, which keeps who connects until it is served."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


@pytest.fixture
def address(sqlite_url: str, listening: socket.socket) -> Iterator[tuple[str, int]]:
    """Return where is served with as much time as users have."""
    with serving(sqlite_url, ImpatientProtocol, listening):
        yield listening.getsockname()


@pytest.mark.parametrize("begun", [b"", b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Dripping: "])
def test_a_head_that_does_not_come_is_not_waited_for(sqlite_url: str, listening: socket.socket, begun: bytes) -> None:
    with socket.create_connection(listening.getsockname()) as sock:
        sock.settimeout(60)
        sock.sendall(begun)
        with serving(sqlite_url, Hasty, listening):
            assert sock.recv(100) == b""


@pytest.mark.parametrize(
    "sent",
    [b"NONSENSE\r\n\r\n", b"BREW /articles HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /livez HTTP/7.0\r\nHost: x\r\n\r\n"],
)
def test_what_is_no_http_is_a_problem_too(address: tuple[str, int], sent: bytes) -> None:
    with socket.create_connection(address) as sock:
        sock.settimeout(60)
        sock.sendall(sent)
        answer = http.client.HTTPResponse(sock)
        answer.begin()
        problem = json.loads(answer.read())
        assert (answer.status, answer.getheader("content-type")) == (400, "application/problem+json")
        assert (problem["type"], problem["status"]) == ("/problems/bad-request", 400)
        assert problem["request_id"] == answer.getheader("x-request-id")
        assert answer.getheader("x-content-type-options") == "nosniff"
        assert sock.recv(100) == b""


def answer_to(address: tuple[str, int], sent: bytes) -> tuple[bytes, bytes]:
    """Return the head and the rest of what comes until the connection ends."""
    with socket.create_connection(address) as sock:
        sock.settimeout(60)
        sock.sendall(sent)
        received = b""
        while piece := sock.recv(10_000):
            received += piece
    head, _, rest = received.partition(b"\r\n\r\n")
    return head.lower(), rest


def test_a_client_of_the_first_http_gets_a_stream_without_chunks(address: tuple[str, int]) -> None:
    head, rest = answer_to(address, b"GET /articles.csv HTTP/1.0\r\nHost: x\r\n\r\n")

    assert b"connection: close" in head
    assert b"transfer-encoding" not in head
    assert rest.startswith(b"id,revision,")
    assert rest.endswith(b",positions\r\n")


@pytest.mark.parametrize("expecting", [b"", b"Expect: 100-continue\r\n"])
def test_a_client_of_the_first_http_gets_other_answers_as_they_are(address: tuple[str, int], expecting: bytes) -> None:
    body = b"Content-Type: text/plain\r\nContent-Length: 3\r\n" + expecting + b"\r\n   "
    head, rest = answer_to(address, b"POST /annotate HTTP/1.0\r\nHost: x\r\n" + body)

    assert head.startswith(b"http/1.1 422 ")
    assert json.loads(rest)["type"] == "/problems/empty-text"


def test_a_head_that_does_not_end_is_not_read_on(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as sock:
        sock.settimeout(60)
        sock.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 20_000)
        received = b""
        try:
            for _ in range(20):
                sock.sendall(b"x" * 20_000)
            while piece := sock.recv(10_000):
                received += piece
        except (BrokenPipeError, ConnectionResetError):
            return
        assert received.startswith(b"HTTP/1.1 400 ")


def test_after_an_answer_the_next_head_is_not_waited_for_either(sqlite_url: str, listening: socket.socket) -> None:
    with socket.create_connection(listening.getsockname()) as sock:
        sock.settimeout(60)
        # All is there before anybody is in haste, however busy the machine.
        sock.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HTTP/1.1\r\n")
        received = b""
        with serving(sqlite_url, Hasty, listening):
            while piece := sock.recv(10_000):
                received += piece
        assert received.startswith(b"HTTP/1.1 200 ")
        assert received.count(b"HTTP/1.1") == 1


@pytest.mark.anyio
async def test_a_body_that_drips_is_not_waited_for(app: FastAPI) -> None:
    never = threading.Event()

    async def dripping() -> AsyncIterator[bytes]:
        yield b"The bridge"
        while not never.is_set():
            await_forever = __import__("asyncio").get_running_loop().create_future()
            await await_forever
            yield b"."

    async with client_of(TimeBody(app, 0.05)) as client:  # type: ignore[arg-type]
        answer = await client.post("/articles", content=dripping(), headers=PLAIN)

    assert (answer.status_code, answer.json()["type"]) == (408, "/problems/too-slow")
    assert answer.headers["connection"] == "close"
