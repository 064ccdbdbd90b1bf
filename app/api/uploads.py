"""Stories in the body of one request, taken in while the body comes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.api.idempotency import RETRY_SECONDS, STALE_UPLOAD, Fingerprint, Once, check_same, replay
from app.api.ingestion_shapes import ACCEPTED, ingestion_shape
from app.api.parts import Parts, parts_of
from app.api.problems import KEY_IN_USE, Problem, RefusedError
from app.api.representations import address, answer_json
from app.ingest.faults import MediaTypeError
from app.ingest.media_types import JSON, charset_of, check_utf8, most_json_bytes
from app.ingest.references import JsonSplitter, UriListSplitter
from app.ingest.spool import Also, Spool
from app.ingest.streams import Gunzip, LineSplitter, Splitter
from app.store.ingestions import IngestionView, NewItem

NDJSON = "application/x-ndjson"
URI_LIST = "text/uri-list"
_ORIGINS = {LineSplitter: "ndjson", JsonSplitter: "json", UriListSplitter: "uri-list"}
_LINES = frozenset({NDJSON, "application/ndjson", "application/jsonl", "application/x-jsonlines"})


async def answer_upload(request: Request) -> Response:
    """Put every story of the body on disk and return the answer that says so; with a key that is known, the first one.

    Raises: MediaTypeError; NotJsonError; QueueFullError; ClientDisconnect; RefusedError. Nothing is left of the upload
    then.
    """
    once = Once(request, STALE_UPLOAD)
    fingerprint = Fingerprint(request)
    if await run_in_threadpool(once.first, None) is not None:
        async for chunk in request.stream():
            fingerprint.feed(chunk)
        return await run_in_threadpool(_again, once, fingerprint.value())
    upload = None
    try:
        upload = await run_in_threadpool(_open, parts_of(request), request)
        async for chunk in request.stream():
            fingerprint.feed(chunk)
            await run_in_threadpool(upload.feed, chunk)

        def also(session: Session, view: IngestionView) -> None:
            once.keep(session, accepted(request, view), fingerprint.value())

        return accepted(request, await run_in_threadpool(upload.close, also))
    except BaseException:
        # Whatever it was, the stories that came are forgotten; should the database be away, a worker does it later.
        await run_in_threadpool(once.give_up)
        if upload is not None:
            with suppress(SQLAlchemyError):
                await run_in_threadpool(upload.spool.abandon)
        raise


def accepted(request: Request, view: IngestionView) -> Response:
    """Return the answer that an ingestion is accepted."""
    headers = {"Location": address(request, f"/ingestions/{view.id}")}
    return answer_json(request, ingestion_shape(view, (), view.created_at), status=ACCEPTED, headers=headers)


def spool_story(request: Request, body: bytes) -> Response:
    """Put one story on disk, as it came, and return the answer that it will be annotated.

    Raises: QueueFullError.
    """
    parts = parts_of(request)
    spool = Spool(parts.jobs, "article", parts.settings.max_queued_stories)
    try:
        spool.take([NewItem(1, body, request.headers.get("content-type"))])
        answer = accepted(request, spool.accept())
    except BaseException:
        spool.abandon()
        raise
    answer.headers["Preference-Applied"] = "respond-async"
    return answer


def prefers_async(request: Request) -> bool:
    """Say whether the client would rather not wait.

    Source: RFC 7240, section 4.1.
    """
    asked = ",".join(request.headers.getlist("prefer")).lower()
    return any(part.partition(";")[0].strip() == "respond-async" for part in asked.split(","))


def _again(once: Once, fingerprint: str) -> Response:
    kept = once.known()
    if kept is None or kept.status is None:
        detail = "the answer to this key has just been forgotten: send the request with a new one"
        raise RefusedError(Problem(KEY_IN_USE, detail, headers={"Retry-After": RETRY_SECONDS}))
    check_same(kept, fingerprint)
    return replay(kept)


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

    def close(self, also: Also) -> IngestionView:
        """Accept what has come: the body is whole."""
        if self._gunzip is not None:
            self._gunzip.close()
        self.spool.take(self._splitter.close())
        return self.spool.accept(also)

    def _unpacked(self, chunk: bytes) -> Iterator[bytes]:
        if self._gunzip is None:
            yield chunk
        else:
            yield from self._gunzip.feed(chunk)


def _open(parts: Parts, request: Request) -> Upload:
    splitter = _splitter(request.headers.get("content-type", ""), parts)
    encoding = request.headers.get("content-encoding", "identity").strip().lower() or "identity"
    if encoding not in {"identity", "gzip"}:
        msg = f"stories come as they are or with Content-Encoding: gzip, not {encoding[:40]}"
        raise MediaTypeError(msg)
    origin = _ORIGINS[type(splitter)]
    spool = Spool(parts.jobs, origin, parts.settings.max_queued_stories)
    return Upload(spool, splitter, Gunzip() if encoding == "gzip" else None)


def _splitter(content_type: str, parts: Parts) -> Splitter:
    most = most_json_bytes(parts.settings.max_text_bytes)
    name = content_type.partition(";")[0].strip().lower()
    if name in _LINES or name in {JSON, URI_LIST}:
        check_utf8(charset_of(content_type), "a list of addresses" if name == URI_LIST else "JSON")
    if name in _LINES:
        return LineSplitter(most)
    if name == JSON:
        return JsonSplitter(most, parts.pages)
    if name == URI_LIST:
        return UriListSplitter()
    found = f"not {name[:80]}" if name else "and Content-Type must say which"
    msg = f"stories are {NDJSON} (one a line), {JSON} (an array) or {URI_LIST} (their addresses), {found}"
    raise MediaTypeError(msg)
