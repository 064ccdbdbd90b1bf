"""``sayso corrections``: what people said of annotations, as training data."""

from __future__ import annotations

import sys

import click
import orjson

from app.api.training_lines import story_line
from app.cli import settings_here
from app.cli.serve import check_migrated
from app.store.corrections import reviewed_stories
from app.store.paging import MAX_LIMIT, PageRequest
from app.store.store import open_store


@click.group()
def corrections() -> None:
    """Take out what people said of annotations: export."""


@corrections.command()
def export() -> None:
    """Print every story that people corrected as a line of JSON, in the format of the hand-annotated corpora."""
    settings = settings_here()
    check_migrated(settings)
    store = open_store(settings.database_url)
    out = sys.stdout.buffer
    try:
        cursor: str | None = None
        while True:
            with store.reading() as session:
                page = reviewed_stories(session, PageRequest(MAX_LIMIT, cursor))
            for story in page.items:
                out.write(orjson.dumps(story_line(story), option=orjson.OPT_APPEND_NEWLINE))
            cursor = page.next
            if cursor is None:
                break
    finally:
        store.close()
