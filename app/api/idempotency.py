"""Requests that may be sent again: with an Idempotency-Key, the first answer is given again and nothing done twice.

Source: draft-ietf-httpapi-idempotency-key-header-07. A key is kept for a day; only answers of success are, so a request
that was refused can be put right and sent again with the same key.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api.coding import decoded
from app.api.parts import parts_of
from app.api.problems import KEY_IN_USE, KEY_REUSED, Problem, RefusedError
from app.errors import InputError
from app.store import answers
from app.store.answers import Claim, KeptAnswer
from app.store.ids import new_id
from app.store.keys import KeyView

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
RETRY_SECONDS = "2"
# When whoever holds a key has been silent for so long, its process is gone: what it did is done again to no harm.
STALE_STORY = timedelta(minutes=1)
STALE_UPLOAD = timedelta(hours=1)
KEY_PATTERN = r"^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$"
_KEY = re.compile(KEY_PATTERN.strip("^$"))


def key_of(request: Request) -> str | None:
    """Return the key that a request carries, without its quotation marks; None without one.

    Raises: InputError when it is no key.
    """
    header = request.headers.get(HEADER)
    if header is None:
        return None
    key = header.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not _KEY.fullmatch(key):
        raise InputError(HEADER, "must have 1 to 255 printable ASCII characters")
    return key


def fingerprint_of(request: Request, body: bytes) -> str:
    """Return what tells two requests with one key apart."""
    return sha256(b"\0".join((*_of_head(request), body))).hexdigest()


class Fingerprint:
    """A fingerprint of a body that comes in pieces."""

    def __init__(self, request: Request) -> None:
        self._digest = sha256(b"\0".join((*_of_head(request), b"")))

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._digest.update(chunk)

    def value(self) -> str:
        """Return the fingerprint of what has been taken."""
        return self._digest.hexdigest()


def _of_head(request: Request) -> tuple[bytes, ...]:
    names = ("content-type", "content-encoding", "prefer")
    return (request.method.encode(), request.url.path.encode(), *(request.headers.get(n, "").encode() for n in names))


class Once:
    """The claim of one request on its key, if it carries one."""

    def __init__(self, request: Request, stale: timedelta) -> None:
        self.store = parts_of(request).store
        self.stale = stale
        key = key_of(request)
        self.claim = None if key is None else Claim(_caller(request), key, "", new_id())

    def first(self, fingerprint: str | None) -> Response | None:
        """Claim the key and return None, or return the answer that was given before.

        ``fingerprint`` None says that the body is still to come: then only a key that is at work is refused.
        Raises: RefusedError when the key is at work (409) or was used for another request (422).
        """
        if self.claim is None:
            return None
        self.claim = replace(self.claim, fingerprint=fingerprint or "")
        with self.store.writing() as session:
            kept = answers.claim(session, self.claim, self.stale)
        if kept is None:
            return None
        if fingerprint is not None:
            check_same(kept, fingerprint)
        if kept.status is None:
            detail = "a request with this key is being answered"
            raise RefusedError(Problem(KEY_IN_USE, detail, headers={"Retry-After": RETRY_SECONDS}))
        return replay(kept)

    def keep(self, session: Session, answer: Response, fingerprint: str | None = None) -> None:
        """Keep the answer in the caller's transaction."""
        if self.claim is not None:
            mine = self.claim if fingerprint is None else replace(self.claim, fingerprint=fingerprint)
            # Kept as it was before compression: who asks again may want another coding, or none.
            body = decoded(bytes(answer.body), answer.headers.get("content-encoding"))
            answers.keep(session, mine, answer.status_code, answer.headers.get("location"), body)

    def give_up(self) -> None:
        """Free the key: the request was not answered."""
        if self.claim is not None:
            with suppress(SQLAlchemyError), self.store.writing() as session:
                answers.give_up(session, self.claim)

    def known(self) -> KeptAnswer | None:
        """Return the answer that was given to this key before, if any."""
        if self.claim is None:
            return None
        with self.store.reading() as session:
            return answers.known(session, self.claim.caller, self.claim.key)


def _caller(request: Request) -> str:
    """Return whose keys these are: each API key has its own, and those who come without one share theirs."""
    caller: KeyView | None = request.scope["state"]["key"]
    return "" if caller is None else caller.id


def answered_once(request: Request, body: bytes, make: Callable[[], Response]) -> Response:
    """Return the answer that ``make`` makes, or the one that it made to the same request before."""
    once = Once(request, STALE_STORY)
    before = once.first(fingerprint_of(request, body))
    if before is not None:
        return before
    try:
        answer = make()
        if once.claim is not None:
            with once.store.writing() as session:
                once.keep(session, answer)
    except BaseException:
        once.give_up()
        raise
    return answer


def check_same(kept: KeptAnswer, fingerprint: str) -> None:
    """Refuse a key that was used for another request.

    Raises: RefusedError.
    """
    if kept.fingerprint not in ("", fingerprint):
        raise RefusedError(Problem(KEY_REUSED, "this key was sent with another request: use a new one for each"))


def replay(kept: KeptAnswer) -> Response:
    """Return a kept answer, marked as given again."""
    headers = {REPLAYED: "true", "Cache-Control": "no-store"}
    if kept.location is not None:
        headers["Location"] = kept.location
    return Response(kept.body or b"", kept.status or 200, headers, "application/json")
