"""``sayso annotate``: a filter, no database."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

import click
import orjson

from app.cli import settings_here
from app.domain.document import Document
from app.errors import InputError, TooLargeError
from app.ingest.annotated import analysis_shape, annotated_story
from app.ingest.faults import Fault, FieldsError
from app.ingest.receive import receive
from app.ingest.strict_json import read_object
from app.pipeline.engine import Engine, load_engine
from app.text.document import build_document

_TOGETHER = 32
Line = tuple[str | int, Document]


@click.command()
@click.option("--jsonl", is_flag=True, help='Read lines {"id", "text"} and write one line of JSON each.')
@click.option("--html", is_flag=True, help="The story is a web page.")
def annotate(jsonl: bool, html: bool) -> None:  # noqa: FBT001 (click passes flags so)
    """Annotate a story on standard input and print it as JSON.

    With --jsonl the text of each line is taken as it is, and the offsets of the answer point into it.
    """
    limit = settings_here().max_text_bytes
    source, target = sys.stdin.buffer, sys.stdout.buffer
    if jsonl:
        if html:
            msg = "--html and --jsonl do not go together"
            raise click.UsageError(msg)
        for line in annotated_lines(load_engine(threads=os.cpu_count() or 1), read_lines(source, limit)):
            target.write(line)
            target.flush()
        return
    story = receive(source.read(), "text/html" if html else "text/plain", limit=limit)
    content = annotated_story(story, load_engine().annotate(story.document))
    target.write(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    target.flush()


def read_lines(source: BinaryIO, limit: int) -> Iterator[Line]:
    """Yield id and document of each line.

    Raises: InputError naming the line and what is wrong with it.
    """
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            yield _read_line(line, limit)
        except InputError as error:
            raise FieldsError((Fault(f"line {number}", str(error).removeprefix(": ")),)) from error


def _read_line(line: bytes, limit: int) -> Line:
    value = read_object(line)
    key, text = value.get("id"), value.get("text")
    if not isinstance(key, str | int) or isinstance(key, bool):
        raise FieldsError((Fault("id", "must be a string or a whole number"),))
    if not isinstance(text, str):
        raise FieldsError((Fault("text", "must be a string"),))
    if len(text) > limit:
        raise TooLargeError("text", f"{len(text)} characters; at most {limit} bytes are accepted")
    return key, build_document(text)


def annotated_lines(engine: Engine, lines: Iterable[Line]) -> Iterator[bytes]:
    """Yield one line of JSON for each line read, in their order."""
    waiting = iter(lines)
    while handful := list(islice(waiting, _TOGETHER)):
        analyses = engine.annotate_many([document for _, document in handful])
        for (key, document), analysis in zip(handful, analyses, strict=True):
            found = {"id": key, **analysis_shape(document, analysis)}
            yield orjson.dumps(found, option=orjson.OPT_APPEND_NEWLINE)
