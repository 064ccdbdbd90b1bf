"""The least that can answer a read: one Starlette route that returns the same bytes from memory."""

from __future__ import annotations

import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BODY_FILE = "SAYSO_BENCH_BODY"


def bare_app() -> Starlette:
    """Return an application that answers every path with the bytes of the file that ``SAYSO_BENCH_BODY`` names."""
    body = Path(os.environ[BODY_FILE]).read_bytes()

    async def answer(_request: Request) -> Response:
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route("/{path:path}", answer)])
