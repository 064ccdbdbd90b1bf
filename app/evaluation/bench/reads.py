"""Reads a second over HTTP, beside a bare route that returns the same bytes."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.evaluation.bench.bare import BODY_FILE
from app.evaluation.bench.load import LoadError, get, get_body, request_rate
from app.evaluation.bench.rows import Row
from app.store import articles
from app.store.filters import ArticleFilter
from app.store.paging import PageRequest
from app.store.store import open_store

_PATIENCE = 60.0
_READS = ("/articles/{id}", "/articles/{id}/quotes")


def measure_reads(database: str, url: str, folder: Path, seconds: float) -> list[Row]:
    """Return the rates of reading a story and its quotes from a served database that holds at least one.

    Before them how long the service took to be ready, after them the memory that it has in use.
    """
    article_id = fullest_article(url)
    rows: list[Row] = []
    body_file = folder / "body.json"
    serve = [sys.executable, "-m", "app.cli", "serve"]
    # Compiled, as a program is that is installed: the first start sees to it.
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment = {**compiled, "SAYSO_DATABASE_URL": url, "SAYSO_LOG_LEVEL": "error"}
    with serving(serve, environment, "/readyz"):
        pass
    started = time.perf_counter()
    with serving(serve, environment, "/readyz") as (port, process):
        ready = time.perf_counter() - started
        rows.append(Row(f"start to ready, {database}", ready, "seconds", "with weights loaded"))
        for pattern in _READS:
            path = pattern.format(id=article_id)
            headers, body = asyncio.run(get(port, path))
            body_file.write_bytes(body)
            real = asyncio.run(request_rate(port, path, seconds))
            unchanged = asyncio.run(request_rate(port, path, seconds, known=headers["etag"]))
            bare_server = [
                *(sys.executable, "-m", "uvicorn", "app.evaluation.bench.bare:bare_app", "--factory"),
                *("--log-level", "error", "--no-access-log"),
            ]
            with serving(bare_server, {BODY_FILE: str(body_file)}, "/") as (bare_port, _):
                bare = asyncio.run(request_rate(bare_port, path, seconds))
            name = f"GET {pattern}, {database}"
            rows.append(Row(name, real, "requests/s", f"bare route, {len(body):,} bytes", bare))
            rows.append(Row(f"{name}, 304", unchanged, "requests/s", f"bare route, {len(body):,} bytes", bare))
        rows.append(Row(f"memory, {database}", resident_megabytes(process.pid), "MB", "resident, after the reads"))
    return rows


def resident_megabytes(pid: int) -> float | None:
    """Return the memory that a process has in use, None where the system does not tell (it has no /proc)."""
    try:
        told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"^VmRSS:\s*(\d+) kB$", told, re.MULTILINE)
    return None if found is None else int(found[1]) * 1024 / 1_000_000


def fullest_article(url: str) -> str:
    """Return the id of the story with the most quotes among the newest, the longest of equals."""
    store = open_store(url)
    try:
        with store.reading() as session:
            page = articles.articles(session, ArticleFilter(), PageRequest())
    finally:
        store.close()
    return max(page.items, key=lambda view: (view.run.counts.quotes, view.length)).id


@contextmanager
def serving(
    command: Sequence[str], environment: dict[str, str], ready: str
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run a server on a free port of this machine and yield the port and the process once ``ready`` answers.

    Raises: LoadError when it does not come up.
    """
    port = free_port()
    with subprocess.Popen(  # noqa: S603 (our own command)
        [*command, "--port", str(port)],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            asyncio.run(_wait_for(port, ready, process))
            yield port, process
        finally:
            process.terminate()


def free_port() -> int:
    """Return a port that nothing on this machine listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _wait_for(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            await get_body(port, path)
        except (OSError, asyncio.IncompleteReadError, LoadError):
            await asyncio.sleep(0.05)
        else:
            return
    msg = f"the server on port {port} did not come up"
    raise LoadError(msg)
