"""Who may do what, before any route is looked for: keys, scopes, rates, strangers, and the audit log of writes."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import logging
from asyncio import to_thread
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, urlencode

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import problems
from app.api.handlers import AWAY, problem_of_exception
from app.api.heads import Named, named_fields
from app.api.keyring import Keyring
from app.api.problems import Problem
from app.api.rates import Rates, Standing
from app.api.scopes import SAFE_METHODS, Rules
from app.api.strangers import Strangers
from app.config import Access, Settings
from app.ingest.request_ids import REQUEST_ID
from app.store.audit import Audited, add_entry
from app.store.keys import COOKIE, KeyView
from app.store.scopes import Needs
from app.store.store import Store

log = logging.getLogger("sayso.http")

MOST_HEADERS = 100
MOST_HEADER_BYTES = 32_768
MOST_ADDRESS_BYTES = 16_384
_FIRST_FAILURE = 400
_SEE_OTHER = 303
_SUBNET = 64
_BEARER = 'Bearer realm="sayso"'
_BASIC = 'Basic realm="sayso", charset="UTF-8"'


@dataclass(slots=True)
class Sent:
    """What a request says of itself, as far as the guard looks."""

    named: Named

    def field(self, name: bytes) -> str | None:
        """Return a header field."""
        value = self.named.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def authorization(self) -> str | None:
        """Return what it authorizes itself by."""
        return self.field(b"authorization")

    @property
    def asks_for_page(self) -> bool:
        """Say whether a browser asks, which shows pages."""
        return b"text/html" in self.named.get(b"accept", b"")

    @property
    def bearer(self) -> str | None:
        """Return the key of a Bearer credential."""
        return _credential(self.authorization, "bearer")

    @property
    def signed_in(self) -> str | None:
        """Return the key that somebody signed in with, for a browser that has not sent one otherwise."""
        cookie = self.field(b"cookie")
        if cookie is None or self.authorization is not None:
            return None
        return cookie_parser(cookie).get(COOKIE) or None

    @property
    def basic(self) -> str | None:
        """Return the password of a Basic credential: how a browser, which asks for one, sends a key."""
        sent = _credential(self.authorization, "basic")
        try:
            return None if sent is None else base64.b64decode(sent, validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            return ""


class RefusalError(Exception):
    """A request that goes no further, with the problem that says why."""

    def __init__(self, problem: Problem, standing: Standing | None = None) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.standing = standing


class Guard:
    """Lets a request through to the routes, or answers it.

    On a service that asks nobody for a key, a read costs no look at the database. ``sign_in`` is the address of the
    page that takes a key; whoever lacks one for a page beside it is led there. ``rates`` counts requests.
    """

    def __init__(
        self, app: ASGIApp, rules: Rules, settings: Settings, store: Store, rates: Rates, sign_in: str
    ) -> None:
        self.app = app
        self._sign_in = sign_in
        self._access: Access = settings.access_here()
        self._settings = settings
        self._store = store
        self._rules = rules
        self._keyring = Keyring(store)
        self._rates = rates
        self._strangers = Strangers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        needs = self._rules.of(scope["method"], scope["path"])
        sent = None
        try:
            sent = read_head(scope)
            key, standing = await self._enter(scope, sent, needs)
        except RefusalError as refusal:
            response = self._answer(scope, sent, refusal.problem)
            response.raw_headers.extend(refusal.standing.fields if refusal.standing is not None else ())
            await response(scope, receive, send)
            return
        except AWAY as error:
            log.error("database away: %s", str(error.__cause__ or type(error).__name__).partition("\n")[0])  # noqa: TRY400 (the statement stays out of the log)
            await problem_of_exception(error).response(REQUEST_ID.get())(scope, receive, send)
            return
        scope.setdefault("state", {})["key"] = key
        fields = [] if standing is None else standing.fields
        if not fields and not needs.audited:
            await self.app(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                if needs.audited and message["status"] < _FIRST_FAILURE:
                    await to_thread(self._audit, scope, key, message["status"], REQUEST_ID.get())
                message["headers"] = [*message["headers"], *fields]
            await send(message)

        await self.app(scope, receive, send_on)

    async def _enter(self, scope: Scope, sent: Sent, needs: Needs) -> tuple[KeyView | None, Standing | None]:
        """Return the key that opens this request, and how its holder or its address stands.

        Raises: RefusalError; what the database raises when it is away.
        """
        if needs.scope == "open":
            return None, None
        # A cookie goes to every port of a machine: where nobody needs a key, one from elsewhere means nothing.
        cookie = None if self._access == "open" else sent.signed_in
        authorization = sent.authorization
        credential = cookie if authorization is None else sent.bearer or sent.basic
        if credential is None and (self._access == "open" or authorization is None):
            return None, await self._enter_without_key(scope, sent, needs)
        key = None if credential is None else self._keyring.remembered(credential)
        if key is None:
            # Guessing is slow: each key that is not known yet counts against the address that sends it.
            standing = await self._take("address", address_of(scope), self._settings.rate_per_address)
            found = None if credential is None else await to_thread(self._keyring.look_up, credential)
            ended = None if found is None else found.ended(datetime.now(UTC))
            key = found if ended is None else None
            if key is None and cookie is not None:
                return None, self._without_key(sent, needs, standing)
            if key is None:
                detail = "the key is unknown" if credential else "send the key as a Bearer token"
                if found is not None:
                    detail = f'the key {found.id} ("{found.name}") {ended}'
                raise RefusalError(unauthenticated(sent, detail, "invalid_token"), standing)
        standing = await self._take("key", key.id, self._settings.rate_per_key)
        if sent.bearer is None:
            # A browser sends Basic credentials and cookies with every request, whoever's page made it.
            self._check_strangers(scope, sent)
        everyones = self._access == "public-reads" and needs.scope == "read"
        if not everyones and not key.allows(needs.scope):
            raise RefusalError(without_scope(needs.scope), standing)
        return key, standing

    async def _enter_without_key(self, scope: Scope, sent: Sent, needs: Needs) -> Standing | None:
        if self._access == "open":
            self._check_strangers(scope, sent)
            return None
        standing = await self._take("address", address_of(scope), self._settings.rate_per_address)
        return self._without_key(sent, needs, standing)

    def _without_key(self, sent: Sent, needs: Needs, standing: Standing | None) -> Standing | None:
        """Let a read through where everyone may read.

        Raises: RefusalError.
        """
        if self._access == "public-reads" and needs.scope == "read":
            return standing
        raise RefusalError(unauthenticated(sent, "this needs a key: send it as a Bearer token", None), standing)

    def _answer(self, scope: Scope, sent: Sent | None, problem: Problem) -> Response:
        """Return the answer to a request that goes no further; one for a page is led to where a key is taken."""
        why = {problems.UNAUTHENTICATED: "key", problems.FORBIDDEN: "scope"}.get(problem.kind)
        pages = self._sign_in.rpartition("/")[0]
        if sent is None or why is None or not sent.asks_for_page or not scope["path"].startswith(f"{pages}/"):
            return problem.response(REQUEST_ID.get())
        asked = {"why": "unknown" if why == "key" and sent.signed_in is not None else why}
        if scope["method"] in SAFE_METHODS:
            query = scope["query_string"].decode("latin-1")
            asked["to"] = quote(scope["path"]) + (f"?{query}" if query else "")
        return RedirectResponse(f"{self._sign_in}?{urlencode(asked)}", _SEE_OTHER)

    async def _take(self, policy: str, subject: str, limit: int) -> Standing | None:
        if not limit:
            return None
        standing = await self._rates.take(policy, subject, limit)
        if not standing.allowed:
            detail = f"more than {limit} requests a minute: try again in {standing.reset} seconds"
            refused = Problem(problems.RATE_LIMITED, detail, headers={"Retry-After": str(standing.reset)})
            raise RefusalError(refused, standing)
        return standing

    def _check_strangers(self, scope: Scope, sent: Sent) -> None:
        host = sent.field(b"host")
        if not self._strangers.owns(host):
            name = (host or "")[:100]
            detail = f"this service does not answer to the name {name}; SAYSO_ALLOWED_HOSTS names those it does"
            raise RefusalError(Problem(problems.MISDIRECTED, detail))
        if not self._strangers.may_enter(scope["method"], host, sent.field(b"origin"), sent.field(b"sec-fetch-site")):
            detail = "a page of another site may not use this service in its visitor's name"
            raise RefusalError(Problem(problems.CROSS_SITE, detail))

    def _audit(self, scope: Scope, key: KeyView | None, status: int, request_id: str) -> None:
        """Write down that a write was done. It is done: when the log cannot be written, the answer still says so."""
        entry = Audited(
            datetime.now(UTC),
            None if key is None else key.id,
            address_of(scope),
            scope["method"],
            scope["path"],
            status,
            request_id,
        )
        try:
            with self._store.writing() as session:
                add_entry(session, entry)
        except SQLAlchemyError:
            log.exception("audit entry lost: %s", entry)


def read_head(scope: Scope) -> Sent:
    """Return what the guard looks at of a request's head.

    Raises: RefusalError when the head or the address is larger than any of ours.
    """
    named = named_fields(scope)
    size = len(b"".join(named)) + len(b"".join(named.values()))
    if size > MOST_HEADER_BYTES or len(scope["headers"]) > MOST_HEADERS:
        detail = f"a request has at most {MOST_HEADERS} header fields and {MOST_HEADER_BYTES} bytes of them"
        raise RefusalError(Problem(problems.HEADERS_TOO_LARGE, detail))
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MOST_ADDRESS_BYTES:
        detail = f"an address has at most {MOST_ADDRESS_BYTES} bytes"
        raise RefusalError(Problem(problems.ADDRESS_TOO_LONG, detail))
    if b"," in named.get(b"host", b""):
        raise RefusalError(Problem(problems.BAD_REQUEST, "a request names one Host"))
    return Sent(named)


def unauthenticated(sent: Sent, detail: str, error: str | None) -> Problem:
    """Return the problem of a request without a key that opens it (RFC 6750, 3); a browser is asked for a password."""
    challenge = _BEARER if error is None else f'{_BEARER}, error="{error}"'
    if sent.asks_for_page:
        challenge = f"{challenge}, {_BASIC}"
    return Problem(problems.UNAUTHENTICATED, detail, headers={"WWW-Authenticate": challenge})


def without_scope(scope: str) -> Problem:
    """Return the problem of a key that may not do this, with the scope that it lacks."""
    challenge = f'{_BEARER}, error="insufficient_scope", scope="{scope}"'
    return Problem(
        problems.FORBIDDEN, f'this needs a key with the scope "{scope}"', headers={"WWW-Authenticate": challenge}
    )


@lru_cache(maxsize=10_000)
def counted_as(address: str) -> str:
    """Return what an address counts as: a subscriber has 2^64 addresses of IPv6, so its network is counted."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:50]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), _SUBNET), strict=False))
    return address


def address_of(scope: Scope) -> str:
    """Return the address that a request came from, as it is counted."""
    client = scope.get("client")
    return counted_as(client[0]) if client else "unknown"


def _credential(authorization: str | None, scheme: str) -> str | None:
    """Return what follows the scheme of an Authorization header, None for another scheme."""
    if authorization is None:
        return None
    name, _, credential = authorization.partition(" ")
    return credential.strip() if name.lower() == scheme else None
