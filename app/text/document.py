"""A text into a Document: head, paragraphs, sentences, tokens."""

from __future__ import annotations

from app.domain.document import Document, Head
from app.text.segment import find_paragraphs, find_sentences
from app.text.tokens import find_tokens
from app.text.wire import read_head


def build_document(text: str, *, wire: bool = True) -> Document:
    """Return the structure of ``text``; every span of it indexes ``text`` as it was received.

    ``wire=False`` looks for no section, headline, byline or dateline (HTML has told them apart already).
    """
    head = read_head(text) if wire else Head()
    paragraphs = find_paragraphs(text, head)
    return Document(
        text=text,
        paragraphs=paragraphs,
        sentences=tuple(s for p in paragraphs for s in find_sentences(text, p)),
        tokens=find_tokens(text, paragraphs),
        head=head,
    )
