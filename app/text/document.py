"""A text into a Document: head, paragraphs, sentences."""

from __future__ import annotations

from app.domain.document import Document, Head
from app.domain.span import Span
from app.text.datelines import find_dateline
from app.text.segment import find_paragraphs, find_sentences
from app.text.wire import read_head


def build_document(text: str, *, wire: bool = True) -> Document:
    """Return the structure of ``text``; every span of it indexes ``text`` as it was received.

    ``wire=False`` looks for no section line, headline or byline: they came apart from the text, as from a page.
    A dateline opens the first paragraph either way.
    """
    head = read_head(text) if wire else Head(dateline=_opening_dateline(text))
    paragraphs = find_paragraphs(text, head)
    return Document(
        text=text,
        paragraphs=paragraphs,
        sentences=tuple(s for p in paragraphs for s in find_sentences(text, p)),
        head=head,
    )


def _opening_dateline(text: str) -> Span | None:
    paragraphs = find_paragraphs(text, Head())
    if not paragraphs:
        return None
    following = paragraphs[1].of(text) if len(paragraphs) > 1 else ""
    return find_dateline(text, paragraphs[0], following)
