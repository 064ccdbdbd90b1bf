"""Changes told to receivers as they happen: in order, at least once, signed, and tried again when they are not taken.

How far each receiver is stands in the database, and is moved on when it has taken a message: who dies in between leaves
a message that is sent again, under the same id. A receiver that takes nothing holds up its own messages only, until one
has been tried so often that it is put aside.

Source: Standard Webhooks (https://www.standardwebhooks.com), headers and signature by the package of that name.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from random import SystemRandom
from threading import Event, Lock
from urllib.parse import urlsplit

import httpx
import orjson
from sqlalchemy.exc import SQLAlchemyError
from standardwebhooks import Webhook

from app.config import Network
from app.errors import InputError, NotFoundError
from app.ingest.addresses import AddressRule, CheckedTransport, NoAddressError, until
from app.ingest.fetch import retry_after
from app.store import webhooks
from app.store.change_log import Change, changes_since
from app.store.ids import new_id
from app.store.store import Store
from app.store.webhooks import DeadLetterView, Receiver

log = logging.getLogger("sayso.webhooks")

WAITS = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0, 7200.0)
"""Seconds from a failure to the next try; after one try more than these are, a message is a dead letter."""
SECONDS = 10.0
"""How long a receiver may take to connect, and to answer."""
LONGEST_WAIT = 7200.0
TEST = "webhook.test"
_AT_ONCE = 8
_BATCH = 200
_TAKEN = range(200, 300)
_GONE = 410
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: an id that stays the same however often it is, what it tells of, and the JSON that says it."""

    id: str
    type: str
    body: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a message: ``error`` None says that it was taken. Units: seconds."""

    status: int | None
    error: str | None
    seconds: float
    retry_after: float | None = None


class Courier:
    """Sends messages, to addresses that may be asked. Safe to share between threads."""

    def __init__(self, allowed: tuple[Network, ...], seconds: float = SECONDS) -> None:
        self._rule = AddressRule(allowed)
        self._seconds = seconds
        self._client = httpx.Client(
            transport=CheckedTransport(self._rule),
            timeout=seconds,
            headers={"User-Agent": f"Sayso/{version('sayso')}", "Content-Type": "application/json"},
            trust_env=False,
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def check(self, url: str) -> None:
        """Check that messages may be sent to an address.

        Raises: InputError: it is not public nor allowed, is not HTTPS on the way through the internet, or holds a
        password.
        """
        parts = urlsplit(url)
        if parts.username is not None or parts.password is not None:
            raise InputError("url", "must hold no name or password: it is shown in answers")
        scheme, host = parts.scheme.lower(), parts.hostname or ""
        try:
            addresses = self._rule.resolve(host, parts.port or _PORTS[scheme])
        except NoAddressError:
            # A name may get its address later, and is looked up again whenever something is sent.
            addresses = ()
        if scheme == "http" and not (addresses and all(map(self._rule.is_allowed, addresses))):
            raise InputError("url", "must be https, but for the networks that SAYSO_ALLOWED_NETWORKS names")

    def send(self, to: Receiver, message: Message) -> Attempt:
        """Send a message and return what became of it. No redirect is followed, and the answer's body is not read."""
        began = time.monotonic()
        status, wait = None, None
        try:
            self.check(to.url)
            headers = signed(to, message)
            with (
                until(began + 2 * self._seconds),
                self._client.stream("POST", to.url, content=message.body, headers=headers) as response,
            ):
                status, wait = response.status_code, retry_after(response.headers)
            error = None if status in _TAKEN else f"answers with status {status}"
        except InputError as refused:
            error = refused.reason
        except httpx.TimeoutException:
            error = "no answer in time"
        except (httpx.HTTPError, httpx.InvalidURL):
            error = "no connection, or no answer that can be read"
        return Attempt(status, error, time.monotonic() - began, wait)


def signed(to: Receiver, message: Message) -> dict[str, str]:
    """Return the headers that name and sign a message, with each secret that holds now."""
    now = datetime.now(UTC)
    signatures = (Webhook(secret).sign(message.id, now, message.body) for secret in to.secrets)
    return {
        "webhook-id": message.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def message_of(webhook_id: str, change: Change) -> Message:
    """Return the message that tells a receiver of a change."""
    kind = f"story.{change.kind}"
    data = {"position": change.position, "article_id": change.article_id, "revision": change.revision}
    return Message(f"msg_{webhook_id}_{change.position}", kind, _body(kind, change.at, data))


def trial_message() -> Message:
    """Return a message that tells of nothing, to try a receiver with."""
    return Message(f"msg_{new_id()}", TEST, _body(TEST, datetime.now(UTC), {}))


def _body(kind: str, at: datetime, data: dict[str, object]) -> str:
    return orjson.dumps({"type": kind, "timestamp": at, "data": data}, option=orjson.OPT_UTC_Z).decode()


class WebhookWork:
    """Delivers what changed. ``waits`` and ``jitter`` say when it is tried again."""

    def __init__(
        self,
        store: Store,
        courier: Courier,
        holder: str,
        waits: Sequence[float] = WAITS,
        jitter: Callable[[], float] = lambda: SystemRandom().uniform(0.8, 1.2),
    ) -> None:
        self.store = store
        self.courier = courier
        self.stop = Event()
        self._holder = holder
        self._waits = waits
        self._jitter = jitter
        self._pool: ThreadPoolExecutor | None = None
        self._lock = Lock()
        self._in_hand: set[str] = set()

    def begin_due(self) -> None:
        """Begin the deliveries whose time has come, in threads; returns at once."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sayso-webhooks")
        for webhook_id in self._claim(_AT_ONCE - len(self._in_hand)):
            with self._lock:
                mine = webhook_id not in self._in_hand
                self._in_hand.add(webhook_id)
            if mine:
                self._pool.submit(self._deliver_safely, webhook_id)

    def run_due(self) -> None:
        """Do the deliveries whose time has come, in this thread."""
        for webhook_id in self._claim(_AT_ONCE):
            self.deliver(webhook_id)

    def close(self) -> None:
        """Finish the messages in hand, and leave the rest to others."""
        self.stop.set()
        if self._pool is not None:
            self._pool.shutdown()
        self.courier.close()

    def _claim(self, most: int) -> list[str]:
        with self.store.reading() as session:
            if most < 1 or not webhooks.is_any_due(session):
                return []
        with self.store.writing() as session:
            return webhooks.claim_due(session, self._holder, most)

    def _deliver_safely(self, webhook_id: str) -> None:
        try:
            self.deliver(webhook_id)
        except SQLAlchemyError as error:
            # Somebody takes it up when the lease is over.
            log.warning("webhook %s: %s", webhook_id, str(error.__cause__ or error).partition("\n")[0])
        except Exception:
            log.exception("webhook %s", webhook_id)
        finally:
            with self._lock:
                self._in_hand.discard(webhook_id)

    def deliver(self, webhook_id: str) -> None:
        """Tell one receiver of what changed, until it knows all or takes a message not."""
        try:
            with self.store.reading() as session:
                at = webhooks.receiver(session, webhook_id)
        except NotFoundError:
            return
        while not self.stop.is_set():
            with self.store.reading() as session:
                found = changes_since(session, at.position, _BATCH)
            following = self._deliver_all(at, found)
            if following is None:
                return
            at = following
            if len(found) < _BATCH:
                break
        with self.store.writing() as session:
            webhooks.let_go(session, at)

    def _deliver_all(self, at: Receiver, found: Sequence[Change]) -> Receiver | None:
        """Return how far the receiver is after these changes; None when it is no longer in hand."""
        seen = at.position
        for change in found:
            if self.stop.is_set():
                break
            seen = change.position
            if at.events is not None and change.kind not in at.events:
                continue
            message = message_of(at.id, change)
            attempt = self.courier.send(at, message)
            if attempt.error is not None:
                self._failed(at, change, message, attempt)
                return None
            with self.store.writing() as session:
                if not webhooks.pass_by(session, at, seen, status=attempt.status):
                    return None
            at = replace(at, position=seen, attempts=0)
        if seen > at.position:
            with self.store.writing() as session:
                if not webhooks.pass_by(session, at, seen):
                    return None
            at = replace(at, position=seen, attempts=0)
        return at

    def _failed(self, at: Receiver, change: Change, message: Message, attempt: Attempt) -> None:
        error, tries = attempt.error or "", at.attempts + 1
        log.info("webhook %s: change %d, try %d: %s", at.id, change.position, tries, error)
        with self.store.writing() as session:
            if attempt.status != _GONE and tries > len(self._waits):
                letter = DeadLetterView(
                    new_id(),
                    at.id,
                    change.position,
                    message.type,
                    message.body,
                    tries,
                    attempt.status,
                    error,
                    datetime.now(UTC),
                )
                webhooks.bury(session, at, letter)
                return
            wait = self._waits[min(at.attempts, len(self._waits) - 1)] * self._jitter()
            wait = max(wait, min(attempt.retry_after or 0.0, LONGEST_WAIT))
            webhooks.note_failure(
                session,
                at,
                error,
                status=attempt.status,
                wait=timedelta(seconds=wait),
                gone=attempt.status == _GONE,
            )

    def try_receiver(self, webhook_id: str) -> Attempt:
        """Send a receiver a message that tells of nothing.

        Raises: NotFoundError.
        """
        with self.store.reading() as session:
            at = webhooks.receiver(session, webhook_id)
        return self.courier.send(at, trial_message())

    def redeliver(self, webhook_id: str, letter_id: str) -> Attempt:
        """Send a dead letter once more; it is forgotten when it is taken.

        Raises: NotFoundError.
        """
        with self.store.reading() as session:
            at = webhooks.receiver(session, webhook_id)
            letter = webhooks.dead_letter(session, webhook_id, letter_id)
        message = Message(f"msg_{webhook_id}_{letter.position}", letter.type, letter.body)
        attempt = self.courier.send(at, message)
        with self.store.writing() as session:
            if attempt.error is None:
                webhooks.remove_dead_letter(session, letter_id)
            else:
                webhooks.note_redelivery(session, letter_id, status=attempt.status, error=attempt.error)
        return attempt
