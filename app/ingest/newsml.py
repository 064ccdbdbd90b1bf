"""Stories in IPTC NewsML-G2: a news item alone, or a news message with several.

Source: IPTC, NewsML-G2 (https://iptc.org/std/NewsML-G2/), the text in ``inlineXML`` (XHTML or NITF) or ``inlineData``.
XML is read with entities refused, so that no document can unfold or reach for another.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.errors import InputError
from app.ingest.fields import StoryFields
from app.ingest.salvage import salvage_fields

_FIELD = "newsml"
_MOST_DEPTH = 200
_WITHDRAWN = frozenset({"withheld", "canceled"})
_BLOCK_NAMES = """
    address article aside blockquote body body.content caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6
    header hl1 hl2 html li main nitf ol p pre section table td th tr ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_UNREAD = frozenset({"head", "script", "style", "body.head", "media", "body.end"})


class NewsMlError(InputError):
    """The document is not NewsML-G2 that can be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(_FIELD, reason)


def read_newsml(body: bytes) -> list[StoryFields]:
    """Return the stories of a NewsML-G2 document, in its order; items that are no text are passed over.

    Raises: NewsMlError when it cannot be read or holds no story; InputError naming what one item lacks.
    """
    try:
        root: Element = fromstring(body)
    except DefusedXmlException as error:
        msg = "declares entities, which are not read"
        raise NewsMlError(msg) from error
    except (ParseError, ValueError, LookupError) as error:
        msg = f"is not well-formed XML: {error}"
        raise NewsMlError(msg) from error
    items = [element for element in root.iter() if _name(element) == "newsItem"]
    stories = [fields for item in items for fields in _stories(item)]
    if not stories:
        msg = "holds no newsItem with a text" if items else "is no NewsML-G2: there is no newsItem in it"
        raise NewsMlError(msg)
    return stories


def _stories(item: Element) -> Iterator[StoryFields]:
    status = _attribute(item, "itemMeta/pubStatus", "qcode").rpartition(":")[2]
    text = next((text for content in _all(item, "contentSet") for text in map(_text, content) if text), None)
    if status in _WITHDRAWN or text is None:
        return
    guid = item.get("guid") or ""
    authors = [_words(_first(creator, "name")) for creator in _all(item, "contentMeta/creator")]
    yield salvage_fields(
        {
            "text": text,
            "title": _words(_first(item, "contentMeta/headline")) or _words(_first(item, "itemMeta/title")),
            "byline": _words(_first(item, "contentMeta/by")),
            "authors": [author for author in authors if author],
            "source": _provider(item),
            "language": _attribute(item, "contentMeta/language", "tag"),
            "published_at": _words(_first(item, "itemMeta/firstCreated"))
            or _words(_first(item, "itemMeta/versionCreated"))
            or _words(_first(item, "contentMeta/contentCreated")),
            "url": guid if guid.startswith(("http://", "https://")) else None,
            "external_id": guid,
        }
    )


def _provider(item: Element) -> str | None:
    provider = _first(item, "itemMeta/provider")
    if provider is None:
        return None
    return _words(_first(provider, "name")) or provider.get("literal") or provider.get("qcode", "").rpartition(":")[2]


def _text(content: Element) -> str | None:
    """Return the text of one part of a content set, None for one that is no text."""
    kind = _name(content)
    if kind == "inlineData" and (content.get("contenttype") or "text/plain").startswith("text/plain"):
        return (content.text or "").strip() or None
    if kind != "inlineXML":
        return None
    paragraphs = [""]
    _gather(content, paragraphs, 0)
    return "\n\n".join(filter(None, (" ".join(p.split()) for p in paragraphs))) or None


def _gather(element: Element, paragraphs: list[str], depth: int) -> None:
    """Add the words of an element to the paragraphs; a block begins and ends one.

    Raises: NewsMlError for markup nested deeper than any story's.
    """
    if depth > _MOST_DEPTH:
        msg = "is nested too deep"
        raise NewsMlError(msg)
    for child in element:
        name = _name(child).lower()
        if name not in _UNREAD:
            if name in _BLOCKS or name == "br":
                paragraphs.append("")
            paragraphs[-1] += child.text or ""
            _gather(child, paragraphs, depth + 1)
            if name in _BLOCKS:
                paragraphs.append("")
        paragraphs[-1] += child.tail or ""


def _name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _all(element: Element, path: str) -> list[Element]:
    found = [element]
    for step in path.split("/"):
        found = [child for parent in found for child in parent if _name(child) == step]
    return found


def _first(element: Element, path: str) -> Element | None:
    return next(iter(_all(element, path)), None)


def _attribute(element: Element, path: str, name: str) -> str:
    found = _first(element, path)
    return "" if found is None else found.get(name, "")


def _words(element: Element | None) -> str | None:
    return None if element is None else " ".join("".join(element.itertext()).split()) or None
