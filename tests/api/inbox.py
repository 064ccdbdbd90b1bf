"""A receiver of webhooks on loopback: it keeps what it is sent, and answers as a test says."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass
class Inbox:
    """Where to send to, what came, and what the next answers are: statuses with their headers; then 204 for ever."""

    url: str = ""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: deque[tuple[int, dict[str, str]]] = field(default_factory=deque)

    def says(self, *statuses: int, **headers: str) -> None:
        """Set the next answers; ``retry_after=`` is the header Retry-After."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.extend((status, named) for status in statuses)

    def read(self, secret: str) -> list[dict[str, Any]]:
        """Return the messages that came, each checked against its signature."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.came]

    def positions(self) -> list[int]:
        """Return which changes were told, in the order in which the messages came."""
        return [int(headers["webhook-id"].rpartition("_")[2]) for headers, _ in self.came]


@contextmanager
def receiving() -> Iterator[Inbox]:
    """Receive on a free port of 127.0.0.1."""
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            inbox.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status, headers = inbox.answers.popleft() if inbox.answers else (204, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # A sender that is killed breaks its connections off.
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    inbox.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield inbox
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
