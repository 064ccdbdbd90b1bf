"""Introductions: a headline or a first paragraph describes somebody whom the sentences after it name.

"A county judge has struck down the levy. ... Judge Ann Roe wrote": news style tells first what somebody is, then who.
Of 24 descriptions in the annotated training and development stories that this reads, 14 are read right, and 5 of the
other 10 are of somebody else who is named.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from app.annotate.discourse import Stage
from app.annotate.lexicons.groups import BODY_NOUNS, DOCUMENTS
from app.annotate.phrases import folded_words, is_plural
from app.domain.span import Span

PARAGRAPHS = 2  # of a story, the headline among them, whose descriptions may be introductions
AHEAD = 3  # sentences in which the name may follow
BEFORE, AFTER = 90, 110  # code points around a name in which words tell what its bearer is
LEAST = 0.5  # worth of somebody who is only a subject, which is not enough
_OWNED = frozenset({("his",), ("her",), ("their",), ("its",)})
_NEVER = frozenset({"source", "spokesperson"})
_PLAIN = frozenset("the a an of in on at for and who his her its their new former top senior another one".split())


def introduced(core: Sequence[str], span: Span, contents: Sequence[Span], stage: Stage) -> int | None:
    """Return the group that a description at ``span`` introduces, ``core`` its words up to the head noun, or None.

    It is a person named for the first time in the next sentences, as a source or beside a word of the description: of
    "her lawyer" the latter. It is not one named in what is reported.
    """
    head = core[-1] if core else ""
    if bisect_right(stage.paragraphs, span.start) > PARAGRAPHS or not _may_introduce(head, span.of(stage.text)):
        return None
    cast, after = stage.cast, bisect_left(stage.cast.starts, span.end)
    known = {*cast.groups[:after], *(cast.groups[n] for c in contents for n in cast.inside(c))}
    last = bisect_right(stage.sentences, span.start) - 1 + AHEAD
    owned = folded_words(span.of(stage.text))[:1] in _OWNED
    best, found = LEAST, None
    for number in range(after, len(cast.names)):
        if stage.sentence[number] > last:
            break
        if cast.types[number] != "person" or cast.groups[number] in known or stage.owner[number]:
            continue
        around = _words_around(number, stage)
        shared = 2.0 * (head in around) + (not around.isdisjoint(w for w in core if w not in _PLAIN))
        worth = shared + float(stage.source[number]) + 0.5 * float(stage.subject[number])
        if worth > best and (shared or not owned):
            best, found = worth, cast.groups[number]
    return found


def _may_introduce(head: str, phrase: str) -> bool:
    """Say whether a description with this head noun may be of one person who is named later."""
    if not head or head in DOCUMENTS or head in BODY_NOUNS or head in _NEVER:
        return False
    return not is_plural(head) and " and " not in phrase


def _words_around(number: int, stage: Stage) -> frozenset[str]:
    """Return the words that stand before and after a name in its sentence, without case."""
    sentence, span, text = int(stage.sentence[number]), stage.cast.names[number].span, stage.text
    starts = (*stage.sentences, len(text))
    low, high = max(starts[sentence], span.start - BEFORE), min(starts[sentence + 1], span.end + AFTER)
    return frozenset(folded_words(text[low : span.start]) + folded_words(text[span.end : high]))
