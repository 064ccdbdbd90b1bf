"""Pages of other sites that borrow a visitor's place in the network: they are refused where no key is asked for.

Where the address alone opens the service, a web page that somebody on this machine looks at could write to it, and one
that makes its own name resolve to this machine (DNS rebinding) could read from it. Two checks stop that. The Host must
be one that no stranger can own: an address, a name without a dot, a name under a top-level domain that is never
delegated, or one that the owner named. And a page of another origin may not write, nor read by script, unless the owner
named it (``cors_origins``; "*" lets all read).

Source: Go's net/http CrossOriginProtection and "Cross-Site Request Forgery" by Filippo Valsorda (2025); RFC 6761,
RFC 8375 and ICANN's .internal for the domains.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit

from app.api.scopes import SAFE_METHODS
from app.config import Settings

_UNDELEGATED = ("localhost", "test", "internal", "home.arpa")
_OWN = frozenset({"same-origin", "none"})


class Strangers:
    """Tells requests that pages of other sites make."""

    def __init__(self, settings: Settings) -> None:
        base = None if settings.base_url is None else urlsplit(settings.base_url).hostname
        names = (settings.host, base, *settings.allowed_hosts)
        self._names = frozenset(name.lower() for name in names if name)
        self._origins = frozenset(settings.cors_origins)
        self._knows = lru_cache(maxsize=1000)(self._knows_host)

    def owns(self, host: str | None) -> bool:
        """Say whether a Host header names this service and cannot be a stranger's name; a browser always sends one."""
        return host is None or self._knows(host)

    def may_enter(self, method: str, host: str | None, origin: str | None, site: str | None) -> bool:
        """Say whether no page of another site is behind a request, as far as the browser tells."""
        if (origin is None and site is None) or origin in self._origins:
            return True
        own = site in _OWN if site is not None else origin is None or urlsplit(origin).netloc == host
        if method in SAFE_METHODS:
            # A link from another page may lead here; reading the answer by script sends an Origin.
            return own or origin is None or "*" in self._origins
        return own

    def _knows_host(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        return name is not None and (name in self._names or is_nobodys(name, _UNDELEGATED))


def is_nobodys(name: str, undelegated: Collection[str]) -> bool:
    """Say whether no stranger can make ``name`` resolve to where he likes."""
    if "." not in name.rstrip("."):
        return True
    if name.endswith(tuple(f".{domain}" for domain in undelegated)):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
