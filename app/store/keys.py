"""API keys: made, found by what a client sends, listed, revoked.

A key reads ``sayso_<id>_<secret>``. The secret has 256 random bits, so nothing about it can be guessed and one round of
SHA-256 hides it as well as a slow hash hides a password; see docs/decisions.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal, cast, get_args

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.errors import InputError, NotFoundError
from app.store.access_tables import KeyRow

Scope = Literal["read", "ingest", "review", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
COOKIE = "sayso_key"
"""The cookie in which a browser sends the key that somebody signed in with."""

_KEY = re.compile(r"sayso_([0-9a-f]{12})_[A-Za-z0-9_-]{43}", re.ASCII)
_SECRET_BYTES = 32
_LONGEST_NAME = 100
# Compared with when there is no such key, so that one that is there takes no longer.
_NO_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as it may be shown: everything but the secret."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def usable_at(self, now: datetime) -> bool:
        """Say whether the key is neither revoked nor expired."""
        return self.ended(now) is None

    def ended(self, now: datetime) -> str | None:
        """Return how the key became useless, in words; None while it opens something."""
        if self.revoked_at is not None:
            return f"was revoked on {self.revoked_at:%Y-%m-%d}"
        if self.expires_at is not None and now >= self.expires_at:
            return f"expired on {self.expires_at:%Y-%m-%d}"
        return None

    def allows(self, scope: Scope) -> bool:
        """Say whether the key may do what needs ``scope``: "admin" may do everything."""
        return scope in self.scopes or "admin" in self.scopes


def create_key(
    session: Session, name: str, scopes: Collection[Scope], now: datetime, expires_at: datetime | None = None
) -> tuple[KeyView, str]:
    """Store a new key and return it with what its holder sends: that is shown once and kept nowhere.

    Raises: InputError for a name, a scope or an expiry that cannot be.
    """
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise InputError("name", f"must be 1 to {_LONGEST_NAME} printable characters")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise InputError("scope", f"must be one or more of {', '.join(SCOPES)}")
    if expires_at is not None and expires_at <= now:
        raise InputError("expires", "must lie in the future")
    key_id = secrets.token_hex(6)
    sent = f"sayso_{key_id}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    row = KeyRow(
        id=key_id,
        name=name.strip(),
        sha256=_digest(sent),
        scopes=" ".join(scope for scope in SCOPES if scope in scopes),
        created_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return _view(row), sent


def find_key(session: Session, sent: str) -> KeyView | None:
    """Return the key that a client sent, revoked and expired ones too, or None when there is none such."""
    parts = _KEY.fullmatch(sent)
    row = None if parts is None else session.get(KeyRow, parts[1])
    known = hmac.compare_digest(_digest(sent), _NO_DIGEST if row is None else row.sha256)
    return _view(row) if known and row is not None else None


def looks_like_key(sent: str) -> bool:
    """Say whether ``sent`` has the form of a key; whether there is such a one, ``find_key`` tells."""
    return _KEY.fullmatch(sent) is not None


def list_keys(session: Session) -> tuple[KeyView, ...]:
    """Return every key, the oldest first."""
    return tuple(_view(row) for row in session.scalars(select(KeyRow).order_by(KeyRow.created_at, KeyRow.id)))


def revoke_key(session: Session, key_id: str, now: datetime) -> KeyView:
    """Make a key useless from now on; one that is revoked already stays as it is.

    Raises: NotFoundError.
    """
    row = session.get(KeyRow, key_id)
    if row is None:
        raise NotFoundError("key", key_id)
    row.revoked_at = row.revoked_at or now
    return _view(row)


def note_use(session: Session, key_id: str, now: datetime) -> None:
    """Write down that a key was used, unless a later use is written down already."""
    earlier = or_(KeyRow.last_used_at.is_(None), KeyRow.last_used_at < now)
    session.execute(update(KeyRow).where(KeyRow.id == key_id, earlier).values(last_used_at=now))


def any_usable(session: Session, now: datetime) -> bool:
    """Say whether there is a key that opens anything."""
    return any(key.usable_at(now) for key in list_keys(session))


def _digest(sent: str) -> str:
    return sha256(sent.encode("utf-8", "surrogatepass")).hexdigest()


def _view(row: KeyRow) -> KeyView:
    return KeyView(
        row.id,
        row.name,
        tuple(cast("Scope", scope) for scope in row.scopes.split()),
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
    )
