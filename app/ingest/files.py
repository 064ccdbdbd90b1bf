"""Stories in files: one a file, one a line, or many one after another; gzipped or not, alone or in a zip.

What is found is the bytes of each story, not read yet: so a file of any length goes through without filling the memory.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePath
from typing import BinaryIO, cast
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 (it is an exception)

from app.errors import SaysoError
from app.ingest.dumps import read_dump
from app.ingest.faults import NotJsonError
from app.ingest.fields import StoryFields
from app.ingest.media_types import HTML, JSON, NEWSML, PLAIN, most_json_bytes
from app.ingest.newsml import read_newsml
from app.ingest.receive import Received, receive_payload
from app.ingest.streams import ArraySplitter, cut_lines

ONE_A_FILE = {".txt": PLAIN, ".text": PLAIN, ".html": HTML, ".htm": HTML, ".json": JSON, ".xml": NEWSML}
ONE_A_LINE = frozenset({".ndjson", ".jsonl"})
DUMPS = frozenset({".mbox", ".wire"})
ZIP = ".zip"
_BEFORE = b"\xef\xbb\xbf \t\r\n"
_PIECE = 1 << 20
_KNOWN = (*ONE_A_FILE, *sorted(ONE_A_LINE), *sorted(DUMPS))


@dataclass(frozen=True, slots=True)
class Found:
    """One story of a file, as its bytes are, or why there is none.

    ``place`` is the file, with the line or the number of the story where it has many; ``content_type`` None says that
    ``payload`` is a JSON object.
    """

    place: str
    payload: bytes | None
    content_type: str | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One story of a file, read, or why there is none."""

    place: str
    story: Received | None
    failure: str | None


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files named, and those in folders named, however deep, that may hold stories, by name."""
    for path in paths:
        if path.is_dir():
            found = (p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
            yield from sorted(p for p in found if _kind(p) or p.suffix.lower() == ZIP)
        else:
            yield path


def read_stories(path: Path, limit: int) -> Iterator[Item]:
    """Yield the stories of one file, read. What cannot be read is an item that says why, never an error.

    Units: ``limit`` in bytes of a story's text.
    """
    for found in find_stories(path, limit):
        try:
            if found.payload is None:
                yield Item(found.place, None, found.failure)
            else:
                yield Item(found.place, receive_payload(found.payload, found.content_type, limit=limit), None)
        except SaysoError as error:
            yield Item(found.place, None, str(error).removeprefix(": "))


def find_stories(path: Path, limit: int) -> Iterator[Found]:
    """Yield the stories of one file, as they are. What cannot be found says why, never raises.

    Units: ``limit`` in bytes of a story's text.
    """
    try:
        if path.suffix.lower() == ZIP:
            with ZipFile(path) as archive:
                yield from _find_in_zip(archive, path, limit)
        else:
            with path.open("rb") as file:
                yield from _find(file, path, str(path), limit)
    except (OSError, EOFError, ZlibError, BadZipFile) as error:
        yield Found(str(path), None, failure=getattr(error, "strerror", None) or str(error))


def _find_in_zip(archive: ZipFile, path: Path, limit: int) -> Iterator[Found]:
    """Yield the stories of the files in a zip that may hold some, by name."""
    for member in sorted(archive.infolist(), key=lambda m: m.filename):
        name = PurePath(member.filename)
        if member.is_dir() or name.name.startswith(".") or _kind(name) is None:
            continue
        place = f"{path}/{member.filename}"
        try:
            with archive.open(member) as file:
                yield from _find(cast("BinaryIO", file), name, place, limit)
        # One that is encrypted raises RuntimeError, one that is packed in an unknown way NotImplementedError.
        except (OSError, EOFError, ZlibError, BadZipFile, RuntimeError) as error:
            yield Found(place, None, failure=str(error))


def _find(file: BinaryIO, name: PurePath, place: str, limit: int) -> Iterator[Found]:
    kind = _kind(name)
    if kind is None:
        reason = f"not a story by its name: {', '.join(_KNOWN)}, each also with .gz, and .zip"
        yield Found(place, None, failure=reason)
        return
    content = cast("BinaryIO", gzip.GzipFile(fileobj=file)) if name.suffix.lower() == ".gz" else file
    most = most_json_bytes(limit)
    if kind in ONE_A_LINE:
        yield from _find_lines(content, place, most)
    elif kind in DUMPS:
        yield from _find_dumped(content, place, most)
    else:
        yield from _find_whole(content, ONE_A_FILE[kind], place, most)


def _kind(name: PurePath) -> str | None:
    """Return the suffix that says what a file holds, without ``.gz``, or None when it is no story's."""
    suffix = (PurePath(name.stem).suffix if name.suffix.lower() == ".gz" else name.suffix).lower()
    return suffix if suffix in _KNOWN else None


def _find_whole(file: BinaryIO, kind: str, place: str, most: int) -> Iterator[Found]:
    body = file.read(most + 1)
    if kind == JSON and body.lstrip(_BEFORE).startswith(b"["):
        yield from _find_in_array(chain((body,), iter(lambda: file.read(_PIECE), b"")), place, most)
    elif len(body) > most:
        yield Found(place, None, failure=f"larger than {most} bytes")
    elif kind == NEWSML:
        yield from _find_newsml(body, place)
    else:
        yield Found(place, body, None if kind == JSON else kind)


def _find_in_array(chunks: Iterable[bytes], place: str, most: int) -> Iterator[Found]:
    """Yield the stories of a JSON array; where it breaks off or has other errors, those before."""
    splitter = ArraySplitter(most)
    try:
        for item in chain(chain.from_iterable(map(splitter.feed, chunks)), splitter.close()):
            yield Found(f"{place}:{item.line}", item.payload, failure=item.reason)
    except NotJsonError as error:
        yield Found(place, None, failure=str(error))


def _find_newsml(body: bytes, place: str) -> Iterator[Found]:
    """Yield the stories of a NewsML-G2 document, which may hold several."""
    try:
        stories = read_newsml(body)
    except SaysoError as error:
        yield Found(place, None, failure=str(error))
        return
    for number, fields in enumerate(stories, 1):
        yield Found(f"{place}:{number}" if len(stories) > 1 else place, written(fields))


def _find_dumped(file: BinaryIO, place: str, most: int) -> Iterator[Found]:
    for number, dumped in enumerate(read_dump(file, most), 1):
        where = f"{place}:{number}"
        if isinstance(dumped, str):
            yield Found(where, None, failure=dumped)
        elif isinstance(dumped, bytes):
            yield Found(where, dumped, PLAIN)
        else:
            yield Found(where, written(dumped))


def _find_lines(file: BinaryIO, place: str, most: int) -> Iterator[Found]:
    for number, whole in enumerate(cut_lines(file, most), 1):
        line = whole.rstrip(b"\r\n")
        if len(line) > most:
            yield Found(f"{place}:{number}", None, failure=f"a line longer than {most} bytes")
        elif line.strip():
            yield Found(f"{place}:{number}", line)


def written(fields: StoryFields) -> bytes:
    """Return fields as the JSON that they are read from."""
    return fields.model_dump_json(exclude_none=True).encode()


def all_stories(paths: Iterable[Path], limit: int) -> Iterator[Found]:
    """Yield the stories of files and of all files in folders."""
    return chain.from_iterable(find_stories(path, limit) for path in find_files(paths))
