"""A story out of a web page: its text, and what the page says about it. Nothing is ever fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.errors import UnreadableHtmlError

_Tree = Any  # lxml ships no types

_FIELD = "html"
_MAX_ELEMENTS = 30_000
_MAX_ATTRIBUTE = 4_000
_MAX_LINKED_DATA = 200_000
_MAX_DEPTH = 6
_MAX_VALUE = 300
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ISO_DATE = re.compile(r"\s*\d{4}-\d{2}")
_DATE_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "publishdate",
    "pubdate",
    "dc.date.issued",
    "dc.date",
    "date",
)
_SECTION_NAMES = ("article:section", "og:article:section", "articlesection", "parsely-section", "section")


@dataclass(frozen=True, slots=True)
class HtmlStory:
    """What a page holds of a story; None, or no author, where the page does not say.

    ``text`` is the story's paragraphs, two line ends between them, without its title. ``published_at`` carries a
    time zone: the page's, or UTC where it names none (a date alone is its midnight).
    """

    text: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    url: str | None = None
    language: str | None = None
    source: str | None = None
    section: str | None = None


def read_html(html: str) -> HtmlStory:
    """Return the story of a web page.

    Raises: UnreadableHtmlError when no article text is found, or the page has more elements than any article.
    Source: trafilatura (Barbaresi, ACL 2021), set to prefer precision.
    Fails on: pages that hold their text in scripts; several stories on one page.
    """
    try:
        return _read(html)
    except UnreadableHtmlError:
        raise
    except Exception as error:  # hostile markup breaks parsers in ways that no list covers
        raise UnreadableHtmlError(_FIELD, f"the page cannot be parsed ({type(error).__name__})") from error


def _read(html: str) -> HtmlStory:
    from trafilatura import bare_extraction, load_html  # noqa: PLC0415 (a service that starts need not wait for it)

    tree = load_html(html) if html.strip() else None
    if tree is None:
        raise UnreadableHtmlError(_FIELD, "this is not an HTML page")
    _bound(tree)
    facts = _facts(tree)
    linked = tuple(_linked_data(tree))
    heading = _clean(" ".join(tree.xpath("string((//h1)[1])").split()))
    language = _language(tree)
    document = bare_extraction(
        tree,
        favor_precision=True,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={
            "original_date": True,
            "extensive_search": False,
            "max_date": (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d"),
        },
    )
    if document is None or isinstance(document, dict):
        raise UnreadableHtmlError(_FIELD, "no article text was found in the page")
    title = _clean(document.title)
    text = _text(document.text or "", {_folded(t) for t in (title, heading) if t})
    if not text:
        raise UnreadableHtmlError(_FIELD, "no article text was found in the page")
    return HtmlStory(
        text=text,
        title=title,
        authors=_authors(document.author),
        published_at=_published_at(facts, linked, document.date),
        url=document.url if document.url and document.url.startswith(("http://", "https://")) else None,
        language=language,
        source=_clean(document.sitename),
        section=_section(facts, linked),
    )


def _bound(tree: _Tree) -> None:
    """Refuse a page of too many elements, and drop attributes too long to mean anything (embedded images)."""
    for count, element in enumerate(tree.iter()):
        if count >= _MAX_ELEMENTS:
            raise UnreadableHtmlError(_FIELD, f"more than {_MAX_ELEMENTS} elements; send the article's own part")
        for name, value in element.attrib.items():
            if len(value) > _MAX_ATTRIBUTE:
                del element.attrib[name]


def _text(raw: str, titles: set[str]) -> str:
    """Return the paragraphs, two line ends apart, without a title that is repeated above them."""
    paragraphs = [line.strip() for line in raw.splitlines() if line.strip()]
    while paragraphs and _folded(paragraphs[0]) in titles:
        del paragraphs[0]
    return "\n\n".join(paragraphs)


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())


def _clean(value: object) -> str | None:
    """Return a short string without white space around it, else None."""
    words = " ".join(value.split()) if isinstance(value, str) else ""
    return words[:_MAX_VALUE] or None


def _authors(joined: str | None) -> tuple[str, ...]:
    """Return the authors that trafilatura joined by semicolons, each once, without links."""
    names = (_clean(name) for name in (joined or "").split(";"))
    return tuple(dict.fromkeys(name for name in names if name and "://" not in name))


def _facts(tree: _Tree) -> dict[str, str]:
    """Return the first content of every named meta element, by its name in lower case."""
    facts: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = _clean(element.get("content"))
        if name and content:
            facts.setdefault(name.strip().lower(), content)
    return facts


def _linked_data(tree: _Tree) -> Iterator[dict[str, Any]]:
    """Yield the objects of the page's JSON-LD."""
    for element in tree.iter("script"):
        source = element.text or ""
        if element.get("type", "").lower() != "application/ld+json" or len(source) > _MAX_LINKED_DATA:
            continue
        try:
            data = json.loads(source)
        except (ValueError, RecursionError):
            continue
        yield from _objects(data, _MAX_DEPTH)


def _objects(data: object, depth: int) -> Iterator[dict[str, Any]]:
    """Yield ``data`` and the objects of its lists and graphs."""
    if isinstance(data, dict):
        yield data
        data = data.get("@graph")
    if isinstance(data, list) and depth:
        for item in data:
            yield from _objects(item, depth - 1)


def _language(tree: _Tree) -> str | None:
    """Return the language that the page declares for itself, as BCP 47 writes it."""
    root = tree.getroottree().getroot()
    declared = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""
    declared = declared.strip().replace("_", "-")
    return declared if _LANGUAGE.fullmatch(declared) else None


def _section(facts: dict[str, str], linked: tuple[dict[str, Any], ...]) -> str | None:
    values: list[object] = [facts.get(name) for name in _SECTION_NAMES]
    for item in linked:
        value = item.get("articleSection")
        values.append(value[0] if isinstance(value, list) and value else value)
    return next(filter(None, map(_clean, values)), None)


def _published_at(facts: dict[str, str], linked: tuple[dict[str, Any], ...], found: str | None) -> datetime | None:
    """Return when the story was published: as the page's metadata says, else the date that was found in it."""
    values: list[object] = [facts.get(name) for name in _DATE_NAMES]
    values += [item.get("datePublished") for item in linked]
    stated = [value for value in values if isinstance(value, str)]
    if not any(map(_ISO_DATE.match, stated)):  # htmldate would make a date of an impossible one
        stated.append(found or "")
    return next(filter(None, map(_moment, stated)), None)


def _moment(value: str) -> datetime | None:
    """Return an ISO 8601 date or time with its zone, UTC where it names none; None where it is no date."""
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)  # an OverflowError where the zone carries it out of the calendar
    except (ValueError, OverflowError):
        return None
    return moment
