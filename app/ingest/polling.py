"""Feeds asked what is new, and their new entries handed on as an ingestion, which annotates them like any other.

A poll that a crash cuts short is done again when its lease is over; what it handed on by then is known by its text.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import orjson

from app.errors import InputError, NotFoundError
from app.ingest.feed_documents import FeedDocument, FeedEntry, read_feed
from app.ingest.fetch import Fetched, FetchError, Validators
from app.ingest.jobs import Jobs
from app.ingest.pages import BusyHostError, Pages
from app.ingest.salvage import salvage_fields
from app.ingest.spool import QueueFullError, Spool
from app.store import feeds
from app.store.feeds import FeedView, Polled
from app.store.ingestions import NewItem

log = logging.getLogger("sayso.feeds")

_GONE = 410
_ROOM_SECONDS = 60.0


class FeedWork:
    """Polls feeds."""

    def __init__(self, pages: Pages, jobs: Jobs, most_queued: int) -> None:
        self.pages = pages
        self.jobs = jobs
        self.store = jobs.store
        self.most_queued = most_queued

    def enqueue_due(self, most: int = 100) -> None:
        """Put the polls whose time has come into the queue."""
        with self.store.reading() as session:
            if not feeds.is_any_due(session):
                return
        with self.store.writing() as session:
            for feed_id in feeds.claim_due(session, most):
                self.jobs.poll(session, feed_id)
            feeds.forget_hosts(session)

    def poll(self, feed_id: str) -> None:
        """Ask one feed what is new and hand it on. Whatever goes wrong is kept with the feed, and tried again later."""
        try:
            with self.store.reading() as session:
                view = feeds.feed(session, feed_id)
        except NotFoundError:
            return
        try:
            self._poll(view)
        except BusyHostError as error:
            self._later(feed_id, error.retry_after or 1.0)
        except QueueFullError:
            self._later(feed_id, _ROOM_SECONDS)
        except FetchError as error:
            self._failed(feed_id, error.reason, error.retry_after, gone=error.status == _GONE)
        except InputError as error:
            self._failed(feed_id, error.reason)
        log.info("polled", extra={"feed_id": feed_id})

    def _poll(self, view: FeedView) -> None:
        validators = Validators(view.etag, view.last_modified)
        found = self.pages.feed(view.url, validators)
        if found.body is None:
            unchanged = Polled(None, None, found.validators.etag or view.etag, found.validators.last_modified)
            with self.store.writing() as session:
                feeds.poll_succeeded(session, view.id, unchanged)
            return
        document = read_feed(found.body, found.url, found.content_type)
        marks = {entry.key: entry.mark for entry in document.entries}
        with self.store.reading() as session:
            fresh = feeds.unknown_entries(session, view.id, marks)
        entries = [entry for entry in document.entries if entry.key in fresh]
        ingestion_id = self._hand_on(view, document, entries) if entries else None
        with self.store.writing() as session:
            feeds.keep_entries(session, view.id, marks, new=len(entries), ingestion_id=ingestion_id)
            feeds.poll_succeeded(session, view.id, _polled(document, found))

    def _hand_on(self, view: FeedView, document: FeedDocument, entries: list[FeedEntry]) -> str | None:
        items = list(entry_items(entries, view.source or document.title, pages=view.pages))
        if not items:
            return None
        spool = Spool(self.jobs, f"feed {view.id}", self.most_queued)
        try:
            spool.take(items)
            return spool.accept().id
        except BaseException:
            spool.abandon()
            raise

    def _later(self, feed_id: str, seconds: float) -> None:
        with self.store.writing() as session:
            feeds.poll_later(session, feed_id, seconds)

    def _failed(self, feed_id: str, reason: str, retry_after: float | None = None, *, gone: bool = False) -> None:
        with self.store.writing() as session:
            feeds.poll_failed(session, feed_id, reason, retry_after=retry_after, gone=gone)


def entry_items(entries: list[FeedEntry], source: str | None, *, pages: bool) -> Iterator[NewItem]:
    """Yield entries as stories that wait: by their addresses, to be fetched, or with what the feed holds of them.

    An entry that leads nowhere and holds nothing is passed over. The oldest comes first: feeds begin with the newest.
    """
    line = 0
    for entry in reversed(entries):
        content = entry_content(entry, pages=pages)
        if content is None:
            continue
        line += 1
        fields = salvage_fields(
            {
                **content,
                "title": entry.title,
                "authors": entry.authors,
                "published_at": entry.published_at or entry.updated_at,
                "section": entry.section,
                "language": entry.language,
                "source": source,
                "url": entry.url,
                "external_id": entry.key,
            },
            by_address=True,
        )
        yield NewItem(line, orjson.dumps(fields.model_dump(mode="json", exclude_none=True)), place=fields.url)


def entry_content(entry: FeedEntry, *, pages: bool) -> dict[str, str] | None:
    """Return the text or HTML that a feed holds of an entry; nothing for its page to be fetched, None for no way."""
    if pages and entry.url:
        return {}
    if entry.content:
        return {"html": f"<html><body><article>{entry.content}</article></body></html>"}
    if entry.text:
        return {"text": entry.text}
    return {} if entry.url else None


def _polled(document: FeedDocument, found: Fetched) -> Polled:
    return Polled(
        title=document.title,
        language=document.language,
        etag=found.validators.etag,
        last_modified=found.validators.last_modified,
        ttl=document.ttl,
    )
