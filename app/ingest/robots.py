"""What a site lets programs fetch: its robots.txt, read once in a while.

Source: RFC 9309, Robots Exclusion Protocol: no such file allows all, a server in trouble forbids all for now.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from urllib.parse import urlsplit

from protego import Protego

from app.ingest.fetch import Fetched, Fetcher, FetchError, NoAnswerError

NAME = "Sayso"
_LARGEST = 512_000
_MOST_SITES = 2_000
_FRESH_SECONDS = 3_600.0
_CLIENT_ERRORS = range(400, 500)
_TOO_MANY = 429


class RobotsError(FetchError):
    """The site's robots.txt does not let this program fetch the page."""


class Robots:
    """The rules of the sites, each fetched when it is first needed and kept for an hour. Safe between threads."""

    def __init__(self, fetcher: Fetcher, *, most_sites: int = _MOST_SITES) -> None:
        self.fetcher = fetcher
        self._most_sites = most_sites
        self._kept: OrderedDict[str, tuple[float, Protego]] = OrderedDict()
        self._lock = Lock()

    def permit(self, url: str) -> None:
        """Refuse an address that its site's robots.txt forbids.

        Raises: RobotsError; FetchError when robots.txt cannot be had; AddressError.
        """
        if not self.rules(url).can_fetch(url, NAME):
            raise RobotsError(self.fetcher.rule.field, "the site's robots.txt forbids programs to fetch this")

    def delay(self, url: str) -> float:
        """Return how long the site asks to wait between requests, 0 where it does not say.

        Units: seconds.
        """
        return self.rules(url).crawl_delay(NAME) or 0.0

    def rules(self, url: str) -> Protego:
        """Return the rules of the site that ``url`` belongs to.

        Raises: as ``permit``.
        """
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        now = time.monotonic()
        with self._lock:
            kept = self._kept.get(site)
        if kept is not None and kept[0] > now:
            return kept[1]
        rules = self._read(f"{site}/robots.txt")
        with self._lock:
            self._kept[site] = (now + _FRESH_SECONDS, rules)
            self._kept.move_to_end(site)
            if len(self._kept) > self._most_sites:
                self._kept.popitem(last=False)
        return rules

    def _read(self, url: str) -> Protego:
        try:
            found = self.fetcher.fetch(url, accept="text/plain, */*;q=0.1")
        except FetchError as error:
            if error.status in _CLIENT_ERRORS and error.status != _TOO_MANY:
                found = Fetched(url, b"")
            else:
                msg = f"the site's robots.txt, which says what may be fetched, {error.reason}"
                kind = NoAnswerError if isinstance(error, NoAnswerError) else FetchError
                raise kind(error.field, msg, status=error.status, retry_after=error.retry_after) from error
        return Protego.parse((found.body or b"")[:_LARGEST].decode("utf-8", "replace"))
