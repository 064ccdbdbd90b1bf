"""Quotes and stories inside other people's pages: cards for frames, and oEmbed that says how to embed them.

Source: oEmbed 1.0 (https://oembed.com), type "rich": HTML without a script.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import orjson
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import InputError
from app.store import articles, quotes, revisions
from app.store.views import Json
from app.ui import reading
from app.ui.parts import address, page, parts_of
from app.ui.story import attribution, story_page

_QUOTE = re.compile(r"/read/articles/[^/]+#(?P<a>[\w-]+)|/(?:read/)?quotes/(?P<b>[\w-]+)(?:/card)?")
_STORY = re.compile(r"/(?:read/)?articles/(?P<id>\w+)(?:/sidebar)?")
_WIDTH, _CARD_HEIGHT, _SIDEBAR_HEIGHT, _LEAST = 560, 220, 480, 120
_DAY_SECONDS = 86_400
_NOT_IMPLEMENTED, _SEE_OTHER = 501, 303


def go_to_quote(request: Request) -> Response:
    """Lead to a quote in its story."""
    with parts_of(request).store.reading() as session:
        quote = quotes.quote(session, request.path_params["quote_id"])
    return RedirectResponse(f"/read/articles/{quote.article_id}#{quote.id}", _SEE_OTHER)


def show_card(request: Request) -> Response:
    """Show one quote as a card that may stand in a frame."""
    with parts_of(request).store.reading() as session:
        (said,) = reading.sayings_of(session, [quotes.quote(session, request.path_params["quote_id"])])
    return page(request, "card.html", {"said": said, "base": address(request, "")}, embedded=True)


def show_sidebar(request: Request) -> Response:
    """Show who speaks in a story and where they stand, for a frame beside the story."""
    article_id = request.path_params["article_id"]
    with parts_of(request).store.reading() as session:
        article = articles.article(session, article_id)
        shown = story_page(
            revisions.text_of(session, article_id), article.head, revisions.analysis_of(session, article_id)
        )
    values = {"article": article, "story": shown, "base": address(request, "")}
    return page(request, "sidebar.html", values, embedded=True)


def show_example(request: Request) -> Response:
    """Show a page that embeds the latest quote and its story in every way there is."""
    with parts_of(request).store.reading() as session:
        front = reading.front_page(session)
    said = front.sayings[0] if front.sayings else None
    return page(request, "embedding.html", {"said": said, "base": address(request, ""), "q": ""}, framing=True)


def send_oembed(request: Request) -> Response:
    """Say how to embed what ``url`` shows: a quote or a story.

    Raises: InputError for a parameter that cannot be used; NotFoundError; HTTPException (404, 501).
    """
    asked = request.query_params
    if asked.get("format", "json") != "json":
        raise HTTPException(_NOT_IMPLEMENTED, "Only format=json is served.")
    if not asked.get("url"):
        raise InputError("url", "names no page of this service")
    parts = urlsplit(asked["url"])
    place = f"{parts.path}#{parts.fragment}" if parts.fragment else parts.path
    width = _size(asked.get("maxwidth"), "maxwidth", _WIDTH)
    quote = _QUOTE.fullmatch(place)
    if quote is not None:
        content = _quote_embed(request, quote["a"] or quote["b"], width)
    else:
        story = _STORY.fullmatch(parts.path)
        if story is None:
            raise HTTPException(404, "There is no such page to embed.")
        content = _story_embed(request, story["id"], width)
    height = _size(asked.get("maxheight"), "maxheight", content["height"])
    headers = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    return Response(orjson.dumps({**content, "height": height}), media_type="application/json", headers=headers)


def _quote_embed(request: Request, quote_id: str, width: int) -> Json:
    with parts_of(request).store.reading() as session:
        (said,) = reading.sayings_of(session, [quotes.quote(session, quote_id)])
    link = address(request, f"/read/articles/{said.story.id}#{said.quote['id']}")
    html = Markup(
        '<blockquote class="sayso-quote" cite="{link}"><p>{text}</p>'
        '<footer>{by}, <a href="{link}">{title}</a></footer></blockquote>'
    ).format(link=link, text=said.quote["text"], by=attribution(said.quote["speaker"]), title=_title(said.story.title))
    return _rich(request, attribution(said.quote["speaker"]), html, width, _CARD_HEIGHT)


def _story_embed(request: Request, article_id: str, width: int) -> Json:
    with parts_of(request).store.reading() as session:
        article = articles.article(session, article_id)
    link = address(request, f"/read/articles/{article.id}/sidebar")
    title = _title(article.title)
    html = Markup(
        '<iframe src="{}" title="Who speaks in “{}”" width="{}" height="{}" loading="lazy" '
        'sandbox="allow-popups"></iframe>'
    ).format(link, title, width, _SIDEBAR_HEIGHT)
    return _rich(request, title, html, width, _SIDEBAR_HEIGHT)


def _rich(request: Request, title: str, html: Markup, width: int, height: int) -> Json:
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "Sayso",
        "provider_url": address(request, "/read/"),
        "cache_age": _DAY_SECONDS,
        "html": str(html),
        "width": width,
        "height": height,
    }


def _title(title: str | None) -> str:
    return title or "Untitled story"


def _size(sent: str | None, name: str, most: int) -> int:
    """Return the size wished for, between what can be read and what is needed."""
    if sent is None:
        return most
    if not re.fullmatch(r"[0-9]{1,5}", sent):
        raise InputError(name, "is a number of pixels")
    return max(_LEAST, min(most, int(sent)))
