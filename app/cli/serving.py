"""``sayso serve`` with several processes: they answer, and the one that was started works the queue off.

Each is what a replica without a worker is. They share one listening socket, and a folder that lasts as long as the
command: there the figures for ``/metrics`` are added up, and on SQLite requests are counted.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn

from app.api.logs import start_logging
from app.api.patience import ImpatientProtocol
from app.cli import no_collection, settings_here
from app.cli.working import at_work
from app.config import Settings
from app.ingest.processes import annotators
from app.main import Service, create_app
from app.store.rates import begin_counts

# The client library for Prometheus looks for it when it is loaded, and writes there instead of into memory.
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_PATIENCE = 60
"""Seconds in which a process must show that it lives. One that is stopped, or hangs, is ended and replaced."""


def serve_here(settings: Settings) -> None:
    """Serve and work in this process until it is told to stop."""
    with no_collection():
        app = create_app(settings)
    # What stands now stands until the end: no collection looks through it again.
    gc.freeze()
    uvicorn.run(app, **_options(settings))


def serve_together(settings: Settings) -> None:
    """Serve by several processes, and work in this one, until it is told to stop."""
    with tempfile.TemporaryDirectory(prefix="sayso-") as folder:
        begin_counts(Path(folder))
        told = {"SAYSO_HOST": settings.host, "SAYSO_PORT": str(settings.port), "SAYSO_WORKERS": "0", _FOLDER: folder}
        with _environment(told), _working(settings):
            uvicorn.run(
                "app.cli.serving:serve_beside",
                factory=True,
                workers=settings.processes,
                timeout_worker_healthcheck=_PATIENCE,
                **_options(settings),
            )


def serve_beside() -> Service:
    """Return the service as one of several processes has it: without a worker."""
    settings = settings_here()
    start_logging(settings.log_level)
    _end_with_parent()
    with no_collection():
        app = create_app(settings, beside=Path(os.environ[_FOLDER]))
    gc.freeze()
    return app


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": 30,
        "http": ImpatientProtocol,
        # Who else says for whom it speaks is not believed. Uvicorn takes None for its own environment variable.
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": [str(network) for network in settings.trusted_proxies],
    }


@contextmanager
def _working(settings: Settings) -> Iterator[None]:
    """Work the queue off meanwhile, unless a ``sayso worker`` is to do so."""
    if not settings.workers:
        yield
        return
    with annotators(settings) as annotator, at_work(settings, annotator):
        yield


@contextmanager
def _environment(told: Mapping[str, str]) -> Iterator[None]:
    """Let processes that are started meanwhile find these variables."""
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def _end_with_parent() -> None:
    """End as SIGTERM ends it, as soon as the process that would begin it anew is gone: however that ended."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, name="sayso-parent", daemon=True).start()
