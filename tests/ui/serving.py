"""The sample stories behind a real server, for browsers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from app.config import Settings
from app.main import create_app
from tests.unit.ingest.web import LOOPBACK

SEEDS = Path(__file__).parents[2] / "seeds" / "stories"
_KINDS = {".txt": "text/plain", ".html": "text/html", ".json": "application/json"}


@contextmanager
def serve_samples(database_url: str) -> Iterator[str]:
    """Serve the sample stories from a migrated database, on a free port, and return the address.

    The service may fetch from loopback, as fast as it likes.
    """
    with serving(
        create_app(Settings(database_url=database_url, workers=0, allowed_networks=LOOPBACK, fetch_gap=0.0))
    ) as address:
        with httpx.Client(base_url=address, timeout=60) as sender:
            for story in sorted(SEEDS.iterdir()):
                kind = {"Content-Type": _KINDS[story.suffix]}
                sender.post("/articles", content=story.read_bytes(), headers=kind).raise_for_status()
        yield address


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port and return the address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join()
