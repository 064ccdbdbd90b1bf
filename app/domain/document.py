"""A story as text with structure: head, paragraphs, sentences; every part an offset."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from app.domain.span import Span


@dataclass(frozen=True, slots=True)
class Head:
    """The lines that a wire puts above a story, each a span of the text, or None when absent."""

    section: Span | None = None
    title: Span | None = None
    byline: Span | None = None
    dateline: Span | None = None

    def parts(self) -> tuple[Span, ...]:
        """Return the spans that are present, in the order of the fields."""
        return tuple(s for s in (self.section, self.title, self.byline, self.dateline) if s is not None)


@dataclass(frozen=True, slots=True)
class Document:
    """One revision's canonical text and its structure.

    Shape: ``paragraphs`` and ``sentences`` are in text order and do not overlap; every sentence lies in one
    paragraph; the title is a paragraph of its own; section, byline and dateline lines belong to no paragraph
    (a dateline that opens the first body paragraph is left out of that paragraph).
    Raises: ValueError when a span leaves the text or the order is broken.
    """

    text: str
    paragraphs: tuple[Span, ...] = ()
    sentences: tuple[Span, ...] = ()
    head: Head = field(default_factory=Head)

    def __post_init__(self) -> None:
        for spans in (self.paragraphs, self.sentences):
            if any(b.start < a.end for a, b in pairwise(spans)):
                msg = "spans of a document are in order and do not overlap"
                raise ValueError(msg)
            if spans and spans[-1].end > len(self.text):
                msg = "a span ends after the text"
                raise ValueError(msg)
        if any(s.end > len(self.text) for s in self.head.parts()):
            msg = "a part of the head ends after the text"
            raise ValueError(msg)

    def field_of(self, span: Span) -> str:
        """Return "title" for a span inside the headline, else "body"."""
        title = self.head.title
        return "title" if title is not None and title.covers(span) else "body"
