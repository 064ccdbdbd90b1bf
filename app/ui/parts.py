"""What the pages work with: templates, the parts of the service, and how a page is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.config import Settings
from app.ingest.intake import Intake
from app.ingest.jobs import Jobs
from app.ingest.pages import Pages
from app.store.keys import COOKIE, KeyView
from app.store.store import Store

# Pages load their own style and script and nothing else; stored text could not run even if it came out as markup.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src {frames}; form-action 'self'; base-uri 'self'; frame-ancestors {ancestors}"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_OK, _FORBIDDEN = 200, 403
_OWN = {"same-origin", "none"}
_MONTHS = ("", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything behind the pages."""

    settings: Settings
    store: Store
    intake: Intake
    jobs: Jobs
    pages: Pages


def make_templates() -> Environment:
    """Return the templates; a name that a page does not give is an error, and everything is escaped."""
    templates = Environment(
        loader=PackageLoader("app.ui"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(day=write_day, minute=write_minute, percent=write_percent, count=write_count)
    return templates


def write_day(moment: datetime | str | None) -> str:
    """Return a day as a newspaper writes it, "24 November 2026"; nothing for no day."""
    if moment is None:
        return ""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{at.day} {_MONTHS[at.month]} {at.year}"


def write_minute(moment: datetime | None) -> str:
    """Return a moment to the minute, "24 November 2026, 09:30", in UTC as the store has it; nothing for none."""
    return "" if moment is None else f"{write_day(moment)}, {moment:%H:%M}"


def write_percent(share: float | None) -> str:
    """Return a share of 1 as a percentage; nothing for an unknown one."""
    return "" if share is None else f"{round(share * 100)} %"


def write_count(number: int, word: str, several: str | None = None) -> str:
    """Return a number with its word: "1 story", "2 stories"."""
    return f"{number:,} {word if number == 1 else several or word + 's'}"


def parts_of(request: Request) -> Parts:
    """Return the parts of the service behind the pages."""
    parts: Parts = request.app.state.parts
    return parts


def check_own(request: Request) -> None:
    """Refuse a change that a page of another site asks for: browsers say where a request comes from.

    Raises: HTTPException (403).
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None and origin is not None:
        # A browser that is too old to say so says at least of which origin the page is.
        site = "none" if urlsplit(origin).netloc == request.headers.get("host") else "cross-site"
    if (site or "none") not in _OWN:
        raise HTTPException(_FORBIDDEN, "A page of another site may not change anything here.")


def signer_of(request: Request) -> str | None:
    """Return the name of the key that was used, None where none was needed."""
    key: KeyView | None = getattr(request.state, "key", None)
    return None if key is None else key.name


def is_secure(request: Request) -> bool:
    """Say whether readers reach this service by HTTPS."""
    return request.url.scheme == "https" or (parts_of(request).settings.base_url or "").startswith("https:")


def address(request: Request, path: str) -> str:
    """Return the absolute address of a path, as readers reach this service."""
    base = parts_of(request).settings.base_url
    place = path.partition("#")
    return f"{base}{path}" if base else str(request.url.replace(path=place[0], query="", fragment=place[2]))


def page(
    request: Request,
    template: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    embedded: bool = False,
    framing: bool = False,
) -> Response:
    """Return a page with its entity tag, or 304 to a reader that has it.

    An ``embedded`` page may stand in frames of others; a ``framing`` one holds frames of this service.
    """
    templates: Environment = request.app.state.templates
    leaves = COOKIE in request.cookies and signer_of(request) is not None
    body = templates.get_template(template).render(leaves=leaves, **values).encode()
    # Weak: the same page is sent compressed to some and as it is to others.
    tag = f'W/"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = {
        **_HEADERS,
        "Content-Security-Policy": POLICY.format(
            ancestors="*" if embedded else "'none'", frames="'self'" if framing else "'none'"
        ),
        "ETag": tag,
        "Cache-Control": "no-cache",
    }
    if status == _OK and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(body, status, headers)
