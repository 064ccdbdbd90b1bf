"""Links that sentences and paragraphs show and the encoder did not see, and such as they show to be none.

"He called the vote a disgrace and accused the council": what a second verb of one subject tells is that one's too. What
stands paragraphs away from a cue, with nothing of its report between, is not what that cue tells.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from app.annotate.attribution import Attribution
from app.annotate.chunks import Chunk
from app.domain.span import Span

_AND = re.compile(r"[\s\"”’'»](?:and|but|or)\s(?:(?:also|then|later|again|even|still|\w+ly)\s)*$")
_PASSIVE = re.compile(r"(?:was|were|been|being|is|are)\b")
_LONGEST = 40


def with_shared_sources(
    attributions: Sequence[Attribution], sentences: Sequence[Span], text: str
) -> tuple[Attribution, ...]:
    """Return the attributions, one without a source whose cue goes on from another's in its sentence with its source.

    ``sentences`` are those of the text, in order.
    """
    leading: dict[int, list[Attribution]] = defaultdict(list)
    for attribution in attributions:
        if attribution.cue is not None and attribution.source is not None:
            leading[_holding(sentences, attribution.cue.span.start)].append(attribution)
    return tuple(_with_source(a, leading, sentences, text) for a in attributions)


def _with_source(
    attribution: Attribution, leading: Mapping[int, Sequence[Attribution]], sentences: Sequence[Span], text: str
) -> Attribution:
    """Return an attribution with the source whose verb it goes on from; ``leading`` has others by their sentences."""
    cue = attribution.cue
    if cue is None or attribution.source is not None or _PASSIVE.match(text, cue.span.start):
        return attribution
    number = _holding(sentences, cue.span.start)
    start = sentences[number].start
    if _AND.search(text, max(start, cue.span.start - _LONGEST), cue.span.start) is None:
        return attribution
    before = [a for a in leading.get(number, ()) if _leads(a, start, cue.span.start)]
    last = max(before, key=lambda a: _end_of(a.cue), default=attribution)
    return attribution if last is attribution else replace(attribution, source=last.source, link=last.link)


def without_the_far(attributions: Sequence[Attribution], paragraphs: Sequence[Span]) -> tuple[Attribution, ...]:
    """Return the attributions, their contents in paragraphs that nothing joins to the cue's as ones without a cue.

    ``paragraphs`` are those of the text, in order; the ones next to each other are joined.
    """
    return tuple(part for a in attributions for part in _parted(a, paragraphs))


def _parted(attribution: Attribution, paragraphs: Sequence[Span]) -> Iterator[Attribution]:
    cue = attribution.cue
    if cue is None or not attribution.contents:
        yield attribution
        return
    first = last = _holding(paragraphs, cue.span.start)
    near: list[Chunk] = []
    held = {c: (_holding(paragraphs, c.span.start), _holding(paragraphs, c.span.end - 1)) for c in attribution.contents}
    for content in sorted(held, key=lambda c: min(abs(held[c][0] - first), abs(held[c][1] - first))):
        begins, ends = held[content]
        if begins <= last + 1 and ends >= first - 1:
            near.append(content)
            first, last = min(first, begins), max(last, ends)
    yield replace(attribution, contents=tuple(sorted(near, key=lambda c: c.span.start)))
    for content in attribution.contents:
        if content not in near:
            yield Attribution(None, (content,), None, 1.0, attribution.content_link)


def _leads(attribution: Attribution, start: int, end: int) -> bool:
    """Say whether an attribution's subject and verb stand between ``start`` and ``end``, none of its contents there."""
    cue, source = attribution.cue, attribution.source
    if cue is None or source is None or not start <= source.span.start < source.span.end <= cue.span.start:
        return False
    return cue.span.end <= end and not any(c.span.start <= end < c.span.end for c in attribution.contents)


def _end_of(chunk: Chunk | None) -> int:
    return 0 if chunk is None else chunk.span.end


def _holding(spans: Sequence[Span], place: int) -> int:
    """Return the number of the span that holds a place, or of the one before it."""
    return max(0, bisect_right(spans, place, key=lambda s: s.start) - 1)
