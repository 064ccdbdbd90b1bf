"""Pages and feeds by their address: over HTTP, within limits, from addresses that may be asked.

Every step of a redirect is a request of its own: its scheme, its host's address and its robots.txt are checked again.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version

import httpx

from app.errors import InputError
from app.ingest.addresses import AddressRule, CheckedTransport, until
from app.ingest.fields import check_url

USER_AGENT = f"Sayso/{version('sayso')}"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED = 304
_OK = range(200, 300)
_CHUNK = 65_536
_LONGEST_WAIT = 30 * 86_400.0


class FetchError(InputError):
    """What is at an address could not be had.

    ``status`` is the answer's, None where there was none; ``retry_after`` is what the server asks to wait.
    Units: ``retry_after`` in seconds.
    """

    def __init__(self, field: str, reason: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(field, reason)
        self.status = status
        self.retry_after = retry_after


class NoAnswerError(FetchError):
    """A server did not answer, or not to the end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may take. Units: ``size`` in bytes, unpacked; ``seconds`` for all of one fetch."""

    size: int = 10_000_000
    seconds: float = 30.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Validators:
    """What the answer before said of its version, for a conditional request."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that ask for another version only."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: where it came from in the end, and its body; ``body`` is None when nothing has changed."""

    url: str
    body: bytes | None
    content_type: str | None = None
    validators: Validators = field(default_factory=Validators)


Permit = Callable[[str], None]
"""Raises when an address may not be asked for."""


def permit_any(_url: str) -> None:
    """Let every address be asked for."""


class Fetcher:
    """Asks for what is at addresses. Safe to share between threads."""

    def __init__(self, rule: AddressRule, limits: Limits | None = None) -> None:
        self.rule = rule
        self.limits = limits or Limits()
        self._client = httpx.Client(
            transport=CheckedTransport(rule),
            timeout=httpx.Timeout(min(10.0, self.limits.seconds)),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
            trust_env=False,
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def fetch(
        self,
        url: str,
        *,
        accept: str = "*/*",
        validators: Validators | None = None,
        permit: Permit = permit_any,
    ) -> Fetched:
        """Return what is at ``url``, after at most so many redirects. ``permit`` is asked before every step.

        Raises: FetchError; AddressError; what ``permit`` raises.
        """
        ends_at = time.monotonic() + self.limits.seconds
        headers = {"Accept": accept, **(validators or Validators()).headers}
        for _ in range(self.limits.redirects + 1):
            url = self._checked(url)
            permit(url)
            try:
                with until(ends_at), self._client.stream("GET", url, headers=headers) as response:
                    location = response.headers.get("location")
                    if response.status_code in _REDIRECTS and location:
                        url = str(response.url.join(location))
                        continue
                    return self._read(url, response, ends_at)
            except httpx.InvalidURL as error:
                raise FetchError(self.rule.field, "is no address that can be asked") from error
            except (httpx.HTTPError, httpx.StreamError) as error:
                late = time.monotonic() >= ends_at
                msg = self._too_slow() if late else f"could not be fetched: {_told(error)}"
                raise NoAnswerError(self.rule.field, msg) from error
        raise FetchError(self.rule.field, f"leads on to more than {self.limits.redirects} other addresses")

    def _checked(self, url: str) -> str:
        try:
            return check_url(url.partition("#")[0])
        except ValueError as error:
            raise FetchError(self.rule.field, str(error)) from error

    def _too_slow(self) -> str:
        return f"takes longer than {self.limits.seconds:g} seconds"

    def _read(self, url: str, response: httpx.Response, ends_at: float) -> Fetched:
        status = response.status_code
        validators = Validators(_short(response, "etag"), _short(response, "last-modified"))
        if status == _NOT_MODIFIED:
            return Fetched(url, None, validators=validators)
        if status not in _OK:
            msg = f"answers with status {status}"
            raise FetchError(self.rule.field, msg, status=status, retry_after=retry_after(response.headers))
        body = bytearray()
        for part in _unpacked(response, self.rule.field):
            body += part
            if len(body) > self.limits.size:
                raise FetchError(self.rule.field, f"is larger than {self.limits.size} bytes")
            if time.monotonic() > ends_at:
                raise FetchError(self.rule.field, self._too_slow())
        return Fetched(url, bytes(body), response.headers.get("content-type"), validators)


def retry_after(headers: httpx.Headers) -> float | None:
    """Return how long Retry-After asks to wait, None where it does not.

    Units: seconds. Source: RFC 9110, section 10.2.3.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return min(float(value), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), _LONGEST_WAIT)


def _unpacked(response: httpx.Response, name: str) -> Iterator[bytes]:
    """Yield the body in parts of bounded size: httpx would unpack what came at once, however large that is."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"identity", ""}:
        yield from response.iter_raw()
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise FetchError(name, f"is packed as {encoding[:40]}, which was not asked for")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        for packed in response.iter_raw():
            rest = packed
            while rest and not unpacker.eof:
                yield unpacker.decompress(rest, _CHUNK)
                rest = unpacker.unconsumed_tail
    except zlib.error as error:
        raise FetchError(name, f"is not packed as {encoding}") from error
    if not unpacker.eof:
        raise NoAnswerError(name, "ends before it is whole")


def _short(response: httpx.Response, name: str, longest: int = 500) -> str | None:
    value: str | None = response.headers.get(name)
    return value if value and len(value) <= longest else None


def _told(error: Exception) -> str:
    """Return what went wrong in a few words; the network's own words stay in the log."""
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpx.ConnectError):
        return "no connection"
    return "the answer cannot be read"
