"""Paragraphs and sentences of a text, as spans."""

from __future__ import annotations

from app.domain.document import Head
from app.domain.span import Span
from app.text.blocks import find_blocks
from app.text.characters import WHITE
from app.text.sentences import find_sentences

__all__ = ["find_paragraphs", "find_sentences"]


def find_paragraphs(text: str, head: Head) -> tuple[Span, ...]:
    """Return the paragraphs of ``text``: the headline, then the body; trimmed, in order.

    Blank lines part paragraphs, and so do line ends, unless the lines were wrapped at a column. The headline is
    a paragraph of its own; section, byline and dateline lie in none. Time is linear in the text.
    """
    parts = sorted(head.parts())
    paragraphs: list[Span] = [] if head.title is None else [head.title]
    for block in find_blocks(text):
        start = block.span.start
        for part in parts:
            if part.overlaps(block.span):
                paragraphs += _trimmed(text, start, part.start)
                start = max(start, part.end)
        paragraphs += _trimmed(text, start, block.span.end)
    return tuple(sorted(paragraphs))


def _trimmed(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the stretch without white space at its ends, or nothing when it holds nothing else."""
    if start >= end:
        return ()
    words = text[start:end]
    start += len(words) - len(words.lstrip(WHITE))
    end -= len(words) - len(words.rstrip(WHITE))
    return (Span(start, end),) if start < end else ()
