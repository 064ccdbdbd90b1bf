"""Schemathesis finds no 5xx, no status that is not described, no answer and no request that its schema lies about.

The long run, thousands of cases on each kind of database: ``make fuzz``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.service import BRIDGE, FERRY
from tests.load.processes import ROOT, Process

LONG = "SAYSO_LONG_RUN" in os.environ
CASES = 150 if LONG else 3
PHASES = "examples,coverage,fuzzing,stateful" if LONG else "fuzzing"
SEED = [] if LONG else ["--seed", "20240305"]
CONFIGURATION = Path(__file__).parent / "schemathesis.toml"
# Cancelling is a DELETE too, and what was cancelled can still be read; tests/api deletes stories.
NOT_CHECKED = "use_after_free"


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Process]:
    """Return the service on an empty database, with two stories in it."""
    process = Process("serve", database_url, 1, tmp_path / "log")
    process.start()
    try:
        process.wait_ready()
        for text in (BRIDGE, FERRY):
            answer = httpx.post(f"{process.address}/articles", json={"text": text}, timeout=60)
            assert answer.status_code == 201
        yield process
    finally:
        process.kill()


def test_the_api_does_what_its_description_says(server: Process, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION), "run"]
    told = [f"{server.address}/openapi.json", "--checks", "all", "--exclude-checks", NOT_CHECKED, "--no-color"]
    asked = [
        "--phases",
        PHASES,
        "--max-examples",
        str(CASES),
        "--continue-on-failure",
        "--generation-database",
        "none",
        *SEED,
    ]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks", "PYTHONPATH": str(ROOT)}

    done = subprocess.run(  # noqa: S603 (an installed tool)
        [*command, *told, *asked], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    )

    if LONG:
        sys.stdout.write(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "generated, " in done.stdout
    assert httpx.get(f"{server.address}/readyz", timeout=60).status_code == httpx.codes.OK
