"""What a quote is about, as far as its story's words tell: what stands in it and around it, and who is meant there.

Around a quote stand the sentences that hold any part of it (contents, cue, speaker) and the one before them. Who is
named or meant there counts by name, also where the story says "she" or "the mayor"; that the speaker speaks does not.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.analysis import Analysis
from app.domain.annotation import Quote
from app.domain.document import Document
from app.domain.span import Span
from app.store.folding import folded
from app.text.segment import find_paragraphs, find_sentences

FARTHEST = 2_000
"""So many code points before a quote and behind it are around it, at most."""
_MOST = 10_000

Named = list[int | str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a quote: where, in which words but its own, and who is meant there by other words than a name.

    Shape: ``named`` are [start, end, name].
    """

    window: Span
    about: str
    named: list[Named]


class Subjects:
    """Tells what the quotes of one story are about."""

    def __init__(self, document: Document, analysis: Analysis) -> None:
        self.text = document.text
        self.sentences = document.sentences or tuple(_sentences(document))
        self._starts = [sentence.start for sentence in self.sentences]
        mentions = ((m.span, e.id, e.name) for e in analysis.entities for m in e.mentions)
        self.mentions = sorted(mentions, key=lambda mention: mention[0])
        self._places = [mention[0].start for mention in self.mentions]

    def around(self, quote: Quote) -> Surroundings:
        """Return what stands around a quote."""
        own = [*quote.contents, *(s for s in (quote.cue, quote.speaker.mention) if s is not None)]
        window = self._window(own)
        # Only those that begin there: of a long story, thousands of quotes would look at thousands of mentions each.
        first, end = bisect_left(self._places, window.start), bisect_left(self._places, window.end)
        inside = [mention for mention in self.mentions[first:end] if window.covers(mention[0])]
        speaking = [span for span, entity, _ in inside if entity == quote.speaker.entity_id]
        rest = " ".join(_outside(self.text, window, [*own, *speaking]))
        named: list[Named] = [
            [span.start, span.end, name]
            for span, entity, name in inside
            if folded(name) != folded(span.of(self.text))
            and (entity != quote.speaker.entity_id or any(part.covers(span) for part in quote.contents))
        ]
        names = dict.fromkeys(str(name) for _, _, name in named)
        return Surroundings(window, " ".join((*names, rest))[:_MOST].strip(), named)

    def _window(self, own: Sequence[Span]) -> Span:
        start, end = min(s.start for s in own), max(s.end for s in own)
        first = max(0, bisect_right(self._starts, start) - 2)
        last = bisect_right(self._starts, end - 1) - 1
        if last < 0:
            return Span(start, end)
        before, behind = self.sentences[first].start, self.sentences[last].end
        return Span(max(min(start, before), start - FARTHEST), min(max(end, behind), end + FARTHEST))


def _sentences(document: Document) -> Iterator[Span]:
    for paragraph in find_paragraphs(document.text, document.head):
        yield from find_sentences(document.text, paragraph)


def _outside(text: str, window: Span, taken: Sequence[Span]) -> Iterator[str]:
    at = window.start
    for span in sorted(taken):
        if at < span.start:
            yield text[at : span.start].strip()
        at = max(at, span.end)
    yield text[at : window.end].strip()
