"""Stories in files: one a file (text, HTML, JSON), or one a line (NDJSON), gzipped or not."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast
from zlib import error as ZlibError  # noqa: N812 (it is an exception)

from app.errors import SaysoError, TooLargeError
from app.ingest.media_types import HTML, JSON, NEWSML, PLAIN, most_json_bytes
from app.ingest.newsml import read_newsml
from app.ingest.ninjs import story_fields
from app.ingest.receive import Received, receive, receive_fields
from app.ingest.strict_json import read_object

ONE_A_FILE = {".txt": PLAIN, ".text": PLAIN, ".html": HTML, ".htm": HTML, ".json": JSON, ".xml": NEWSML}
ONE_A_LINE = frozenset({".ndjson", ".jsonl"})


@dataclass(frozen=True, slots=True)
class Item:
    """One story of a file, or why there is none. ``place`` is the file, with the line where it has many.

    Units: ``done`` in bytes of the file on the disk that have been read so far.
    """

    place: str
    story: Received | None
    failure: str | None
    done: int


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files named, and those in folders named, however deep, that may hold stories, by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and _kind(p) and not p.name.startswith("."))
        else:
            yield path


def read_stories(path: Path, limit: int) -> Iterator[Item]:
    """Yield the stories of one file. What cannot be read is an item that says why, never an error.

    Units: ``limit`` in bytes of a story's text.
    """
    kind = _kind(path)
    if kind is None:
        known = ", ".join([*ONE_A_FILE, *sorted(ONE_A_LINE)])
        yield Item(str(path), None, f"not a story by its name: {known}, each also with .gz", 0)
        return
    read = _read_lines if kind in ONE_A_LINE else _read_one
    try:
        yield from read(path, kind, limit)
    except (OSError, EOFError, ZlibError) as error:
        yield Item(str(path), None, getattr(error, "strerror", None) or str(error), 0)


def _kind(path: Path) -> str | None:
    """Return the suffix that says what a file holds, without ``.gz``, or None when it is no story's."""
    suffix = Path(path.stem).suffix if path.suffix.lower() == ".gz" else path.suffix
    return suffix.lower() if suffix.lower() in ONE_A_LINE | ONE_A_FILE.keys() else None


def _content(path: Path, raw: BinaryIO) -> BinaryIO:
    """Return what to read a file's content from, given the file as it lies on the disk."""
    return cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if path.suffix.lower() == ".gz" else raw


def _read_one(path: Path, kind: str, limit: int) -> Iterator[Item]:
    most = most_json_bytes(limit)
    with path.open("rb") as raw:
        body = _content(path, raw).read(most + 1)

    size = path.stat().st_size
    if len(body) > most:
        yield Item(str(path), None, f"larger than {most} bytes", size)
        return
    if ONE_A_FILE[kind] == NEWSML:
        yield from _read_newsml(path, body, size, limit)
        return

    def read() -> Received:
        if ONE_A_FILE[kind] == JSON:
            return receive_fields(story_fields(read_object(body)), limit=limit)
        return receive(body, ONE_A_FILE[kind], limit=limit)

    yield _item(str(path), size, read)


def _read_newsml(path: Path, body: bytes, size: int, limit: int) -> Iterator[Item]:
    """Yield the stories of a NewsML-G2 document, which may hold several."""
    try:
        stories = read_newsml(body)
    except SaysoError as error:
        yield Item(str(path), None, str(error), size)
        return
    for number, fields in enumerate(stories, 1):
        place = f"{path}:{number}" if len(stories) > 1 else str(path)
        yield _item(place, size, partial(receive_fields, fields, limit=limit))


def _read_lines(path: Path, _kind: str, limit: int) -> Iterator[Item]:
    most = most_json_bytes(limit)
    with path.open("rb") as raw:
        for number, line in enumerate(_lines(_content(path, raw), most), 1):
            if line.strip():
                yield _item(f"{path}:{number}", raw.tell(), partial(_read_line, line, most, limit))


def _lines(file: BinaryIO, most: int) -> Iterator[bytes]:
    """Yield the lines; one longer than ``most`` bytes is cut there, and the rest of it passed over."""
    while line := file.readline(most + 1):
        yield line.rstrip(b"\r\n")
        while len(line) > most and not line.endswith(b"\n"):
            line = file.readline(most + 1) or b"\n"


def _read_line(line: bytes, most: int, limit: int) -> Received:
    if len(line) > most:
        raise TooLargeError("", f"a line longer than {most} bytes")
    return receive_fields(story_fields(read_object(line)), limit=limit)


def _item(place: str, done: int, read: Callable[[], Received]) -> Item:
    try:
        return Item(place, read(), None, done)
    except SaysoError as error:
        return Item(place, None, str(error).removeprefix(": "), done)
