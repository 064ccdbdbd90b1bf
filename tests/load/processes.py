"""Processes of Sayso for the tests that kill them: the service and the worker, with an annotator without weights.

``python -m tests.load.processes serve|worker URL PORT THREADS [STORIES THAT MAY WAIT]``
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from app.api.logs import start_logging
from app.cli.worker import run_worker
from app.config import Settings
from app.main import create_app
from tests.api.plain_rules import PlainRules
from tests.ports import free_port
from tests.unit.ingest.web import LOOPBACK

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0


class Process:
    """One process of Sayso, which can be killed and started again. ``log`` is where its standard error goes."""

    def __init__(self, kind: str, url: str, threads: int, log: Path, *, most_queued: int | None = None) -> None:
        self.kind = kind
        self.port = free_port()
        self._command = [sys.executable, "-m", "tests.load.processes", kind, url, str(self.port), str(threads)]
        self._command += [] if most_queued is None else [str(most_queued)]
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Return where the service answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the process; it is not waited for."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stderr=log, cwd=ROOT)  # noqa: S603 (our own module)

    def most_memory(self) -> int:
        """Return the bytes that the process has held at once so far."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return 1024 * int(status.partition("VmHWM:")[2].split()[0])

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask the process to end, and wait until it has."""
        self._end(signal.SIGTERM)

    def wait_ready(self) -> None:
        """Return when the service answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.address}/readyz", timeout=60).status_code == httpx.codes.OK:
                    return
            time.sleep(0.1)
        msg = f"{self.kind} does not answer: {self._log.read_text()[-2000:]}"
        raise AssertionError(msg)

    def _end(self, number: int) -> None:
        if self._process is not None:
            os.kill(self._process.pid, number)
            self._process.wait(PATIENCE)
            self._process = None


def stay_here() -> None:
    """Let no host but this machine be found: requests made at random name hosts at random."""
    find = socket.getaddrinfo

    def find_here(host: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 (the standard library's own parameters)
        if host not in {None, "localhost", "127.0.0.1", "::1"}:
            raise socket.gaierror(socket.EAI_NONAME, "no network in the tests")
        return find(host, *args, **options)

    socket.getaddrinfo = find_here


def main(kind: str, url: str, port: str, threads: str, most_queued: str = "1000000") -> None:
    """Be one process of Sayso."""
    settings = Settings(
        database_url=url,
        workers=int(threads),
        log_level="warning",
        allowed_networks=LOOPBACK,
        max_queued_stories=int(most_queued),
    )
    start_logging(settings.log_level)
    stay_here()
    if kind == "worker":
        run_worker(settings, PlainRules())
    else:
        uvicorn.run(create_app(settings, PlainRules()), port=int(port), log_config=None, access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
