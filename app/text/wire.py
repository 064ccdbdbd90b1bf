"""The head of a wire story: section line, headline, byline, dateline, with or without blank lines between them."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.document import Head
from app.domain.span import Span
from app.text.blocks import Block, find_blocks
from app.text.bylines import is_byline, is_credit
from app.text.datelines import find_dateline, is_date_line, is_dateline_alone
from app.text.headlines import is_headline, is_section

_MAX_BLOCKS = 8
_MAX_LINES = 4
_MAX_DECK = 250
_ADJACENT = 2  # one line end, of one or two characters


def read_head(text: str) -> Head:
    """Return the head of ``text``; every part is None where the text does not have it.

    Section line and headline stand above the first paragraph, the byline among or below them; the dateline opens
    the first paragraph, or has a line of its own above it. Lines with a date of publication are passed over.
    Accuracy: see ``app.text.headlines``.
    Fails on: a deck above the headline; a headline broken into two lines that both begin with a capital; a first
    sentence as short and as terse as a headline and set apart from what follows.
    """
    return _HeadReader(text, find_blocks(text)).read()


class _HeadReader:
    """Walks down the first blocks of one text until the first paragraph of the body."""

    def __init__(self, text: str, blocks: Sequence[Block]) -> None:
        self._text = text
        self._blocks = blocks
        self._lines: list[Span] = []
        self._byline: Span | None = None
        self._dateline: Span | None = None

    def read(self) -> Head:
        body = 0
        while body < min(len(self._blocks) - 1, _MAX_BLOCKS) and self._takes(body):
            body += 1
        if len(self._lines) > _MAX_LINES:  # a list, a poem: nothing here is a headline
            self._lines.clear()
        if self._dateline is None and self._blocks:
            following = self._words(body + 1)[:80] if body + 1 < len(self._blocks) else ""
            self._dateline = find_dateline(self._text, self._blocks[body].span, following)
        section, title = self._headline()
        return Head(section=section, title=title, byline=self._byline, dateline=self._dateline)

    def _words(self, index: int) -> str:
        return self._blocks[index].span.of(self._text)

    def _takes(self, index: int) -> bool:
        """Take the block into the head, or say that the body begins with it."""
        span, words, following = self._blocks[index].span, self._words(index), self._words(index + 1)
        if self._dateline is not None:
            return False
        if is_byline(words, opens=not self._lines):
            if self._byline is not None:
                return False
            self._byline = span
        elif self._byline is not None and span.start - self._byline.end <= _ADJACENT and is_credit(words):
            self._byline = Span(self._byline.start, span.end)
        elif (self._lines or self._byline is not None) and is_dateline_alone(words):
            self._dateline = span
        elif is_date_line(words):
            return True
        elif find_dateline(self._text, span, following) is not None:
            return False
        elif not self._titled() and is_headline(words, following):
            self._lines.append(span)
        else:
            return bool(self._lines) and len(words) <= _MAX_DECK and is_byline(following, opens=False)
        return True

    def _titled(self) -> bool:
        """Say whether the headline must be above already: a byline below a line ends the headlines."""
        return bool(self._lines) and self._byline is not None

    def _headline(self) -> tuple[Span | None, Span | None]:
        """Return section line and headline among the lines that were taken."""
        if not self._lines:
            return None, None
        first, *others = self._lines
        if is_section(first.of(self._text), others[0].of(self._text) if others else None):
            return first, others[0] if others else None
        return None, first
