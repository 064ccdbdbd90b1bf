"""``sayso mcp``: the read queries for assistants."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from dataclasses import replace

import click
import httpx

from app.cli import UsageProblem, settings_here
from app.client import AsyncSayso, Retries
from app.domain.analysis import Analysis, Pipeline
from app.domain.document import Document

LOOPBACK = "127.0.0.1"


@click.command()
@click.option("--http", is_flag=True, help="Serve over HTTP on this machine, at /mcp, instead of standard input.")
@click.option("--port", type=click.IntRange(1, 65_535), default=8765, show_default=True, help="The port for --http.")
@click.option("--api", metavar="URL", help="Ask the service at this address instead of the database here.")
@click.option("--key", envvar="SAYSO_API_KEY", help="The API key for --api; better in SAYSO_API_KEY.")
def mcp(http: bool, port: int, api: str | None, key: str | None) -> None:  # noqa: FBT001 (click passes flags so)
    """Let an assistant ask who said what, by the Model Context Protocol.

    Over standard input and output by default. Over HTTP it listens on this machine only, and asks nobody for a key.
    """
    try:
        from app.mcp.server import make_server  # noqa: PLC0415 (an extra that need not be installed)
    except ImportError as error:
        msg = "the extra is not installed: pip install 'sayso[mcp]'"
        raise UsageProblem(msg) from error
    # Standard output is the protocol's.
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    server = make_server(_sayso(api, key))
    if http:
        server.run("streamable-http", host=LOOPBACK, port=port, stateless_http=True)
    else:
        server.run("stdio")


class Unread:
    """Stands where the engine does in a service that only answers questions, so that no weights are loaded."""

    pipeline = Pipeline("none", "none")

    def annotate(self, document: Document) -> Analysis:
        """Raise: nothing is handed in here."""
        raise NotImplementedError

    def annotate_many(self, documents: Iterable[Document]) -> Iterable[Analysis]:
        """Raise: nothing is handed in here."""
        raise NotImplementedError


def _sayso(api: str | None, key: str | None) -> AsyncSayso:
    """Return a client of the service at ``api``, or of the service on the database here, within this process."""
    if api is not None:
        return AsyncSayso(api, key=key, retries=Retries(most=2, longest=10.0))
    # They load the whole service, of which nothing is needed to ask another one.
    from app.cli.serve import check_migrated  # noqa: PLC0415 (see above)
    from app.main import create_app  # noqa: PLC0415 (see above)

    settings = settings_here()
    check_migrated(settings)
    # Whoever starts this has the database itself: a key would guard nothing.
    app = create_app(replace(settings, access="open"), Unread())
    return AsyncSayso(f"http://{LOOPBACK}", transport=httpx.ASGITransport(app))
