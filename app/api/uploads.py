"""Stories in the body of one request, taken in while the body comes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from app.api.parts import Parts, parts_of
from app.ingest.faults import MediaTypeError
from app.ingest.media_types import JSON, most_json_bytes
from app.ingest.spool import Spool
from app.ingest.streams import ArraySplitter, Gunzip, LineSplitter, Splitter
from app.store.ingestions import IngestionView

NDJSON = "application/x-ndjson"
_LINES = frozenset({NDJSON, "application/ndjson", "application/jsonl", "application/x-jsonlines"})


async def take_upload(request: Request) -> IngestionView:
    """Put every story of the body on disk and return the ingestion, accepted.

    Raises: MediaTypeError; NotJsonError; QueueFullError; ClientDisconnect. Nothing is left of the upload then.
    """
    parts = parts_of(request)
    upload = await run_in_threadpool(_open, parts, request)
    try:
        async for chunk in request.stream():
            await run_in_threadpool(upload.feed, chunk)
        return await run_in_threadpool(upload.close)
    except BaseException:
        # Whatever it was, the stories that came are forgotten; should the database be away, a worker does it later.
        with suppress(SQLAlchemyError):
            await run_in_threadpool(upload.spool.abandon)
        raise


class Upload:
    """The way of one body onto the disk."""

    def __init__(self, spool: Spool, splitter: Splitter, gunzip: Gunzip | None) -> None:
        self.spool = spool
        self._splitter = splitter
        self._gunzip = gunzip

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        for piece in self._unpacked(chunk):
            self.spool.take(self._splitter.feed(piece))

    def close(self) -> IngestionView:
        """Accept what has come: the body is whole."""
        if self._gunzip is not None:
            self._gunzip.close()
        self.spool.take(self._splitter.close())
        return self.spool.accept()

    def _unpacked(self, chunk: bytes) -> Iterator[bytes]:
        if self._gunzip is None:
            yield chunk
        else:
            yield from self._gunzip.feed(chunk)


def _open(parts: Parts, request: Request) -> Upload:
    splitter = _splitter(request.headers.get("content-type", ""), most_json_bytes(parts.settings.max_text_bytes))
    encoding = request.headers.get("content-encoding", "identity").strip().lower() or "identity"
    if encoding not in {"identity", "gzip"}:
        msg = f"stories come as they are or with Content-Encoding: gzip, not {encoding[:40]}"
        raise MediaTypeError(msg)
    origin = "json" if isinstance(splitter, ArraySplitter) else "ndjson"
    spool = Spool(parts.jobs, origin, parts.settings.max_queued_stories)
    return Upload(spool, splitter, Gunzip() if encoding == "gzip" else None)


def _splitter(content_type: str, most: int) -> Splitter:
    name = content_type.partition(";")[0].strip().lower()
    if name in _LINES:
        return LineSplitter(most)
    if name == JSON:
        return ArraySplitter(most)
    found = f"not {name[:80]}" if name else "and Content-Type must say which"
    msg = f"stories are {NDJSON} (one a line) or {JSON} (an array), {found}"
    raise MediaTypeError(msg)
