"""The story at an address: its page fetched, politely, and joined to what is known of it already."""

from __future__ import annotations

from contextlib import suppress
from threading import Event
from urllib.parse import urlsplit

from app.config import Settings
from app.ingest.addresses import AddressRule, NoAddressError
from app.ingest.faults import MediaTypeError
from app.ingest.fetch import Fetched, Fetcher, FetchError, Limits, NoAnswerError, Validators
from app.ingest.fields import StoryFields
from app.ingest.media_types import HTML, PLAIN, content_type_of
from app.ingest.receive import decode_page
from app.ingest.robots import Robots
from app.store import feeds
from app.store.store import Store
from app.text.decode import decode

PATIENCE_OF_A_REQUEST = 5.0
_LONGEST_DELAY = 30.0
_FEEDS = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_TRIED_AGAIN = frozenset({429, *range(500, 600)})
_XHTML = "application/xhtml+xml"


class BusyHostError(FetchError):
    """Others are asking the host just now, and it is not asked faster than it likes."""


class Pages:
    """Fetches pages and feeds, one host at a time so often and no oftener, whichever process asks.

    Units: ``gap`` in seconds between two requests to a host; ``limit`` in bytes of a page.
    """

    def __init__(self, store: Store, rule: AddressRule, *, gap: float, limit: int) -> None:
        self.store = store
        self.gap = gap
        self.limit = limit
        self.fetcher = Fetcher(rule, Limits(size=limit))
        self.feeds = Fetcher(rule)
        self.robots = Robots(Fetcher(rule, Limits(size=1_000_000, seconds=15.0)))

    def close(self) -> None:
        """Close every connection."""
        for fetcher in (self.fetcher, self.feeds, self.robots.fetcher):
            fetcher.close()

    def story(self, fields: StoryFields, *, patience: float, stop: Event | None = None) -> StoryFields:
        """Return the story whose fields hold an address alone, with the page that is there.

        Units: ``patience`` in seconds to wait for the host's turn.
        Raises: FetchError; AddressError; InputError for a page that is no text.
        """
        url = fields.url or ""
        self._wait(url, patience, stop or Event())
        page = self.fetcher.fetch(url, accept=f"{HTML}, {_XHTML}, {PLAIN};q=0.5", permit=self.robots.permit)
        return page_fields(fields, page, self.limit)

    def check_feed(self, url: str) -> None:
        """Check that a feed may be asked for at an address. A name that has none now may get one later.

        Raises: AddressError.
        """
        parts = urlsplit(url)
        with suppress(NoAddressError):
            self.feeds.rule.resolve(parts.hostname or "", parts.port or 443)

    def feed(self, url: str, validators: Validators) -> Fetched:
        """Return a feed, or that it has not changed, when it is the host's turn.

        A feed is there to be asked by programs: robots.txt is heeded for pages.

        Raises: BusyHostError with how long to wait; FetchError; AddressError.
        """
        self._wait(url, 0.0, Event(), delay=0.0)
        return self.feeds.fetch(url, accept=_FEEDS, validators=validators)

    def document(self, url: str) -> Fetched:
        """Return a feed, or a list of addresses, that a client refers to.

        Raises: FetchError; AddressError.
        """
        self._wait(url, PATIENCE_OF_A_REQUEST, Event(), delay=0.0)
        return self.feeds.fetch(url, accept=f"{_FEEDS}, text/uri-list, text/plain;q=0.4")

    def _wait(self, url: str, patience: float, stop: Event, delay: float | None = None) -> None:
        """Wait until the host may be asked.

        Raises: BusyHostError when that is too long, or ``stop`` is set meanwhile; FetchError.
        """
        host = (urlsplit(url).hostname or "").lower()
        asked = self.robots.delay(url) if delay is None else delay
        gap = max(self.gap, min(asked, _LONGEST_DELAY))
        if not gap:
            return
        with self.store.writing() as session:
            wait = feeds.take_turn(session, host, gap, patience)
        if wait is None or (wait and stop.wait(wait)):
            msg = "the host is being asked for other pages: try again later"
            raise BusyHostError(self.fetcher.rule.field, msg, retry_after=gap)


def page_fields(fields: StoryFields, page: Fetched, limit: int) -> StoryFields:
    """Return a story's fields with what was fetched for them.

    Raises: FetchError for what is no page; InputError for one that cannot be decoded.
    """
    body = page.body or b""
    try:
        kind = content_type_of(page.content_type or HTML)
    except MediaTypeError as error:
        msg = f"is {(page.content_type or '')[:80]}: a page is {HTML} or {PLAIN}"
        raise FetchError("url", msg) from error
    if kind.name == PLAIN:
        return fields.model_copy(update={"text": decode(body, kind.charset, limit=limit)})
    return fields.model_copy(update={"html": decode_page(body, kind.charset, limit)})


def may_help(error: FetchError) -> bool:
    """Say whether asking again may help: the server was in trouble or busy, or did not answer."""
    return isinstance(error, BusyHostError | NoAnswerError) or error.status in _TRIED_AGAIN


def open_pages(store: Store, settings: Settings) -> Pages:
    """Return what fetches pages as ``settings`` say."""
    return Pages(store, AddressRule(settings.allowed_networks), gap=settings.fetch_gap, limit=settings.max_text_bytes)
