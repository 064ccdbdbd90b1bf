"""Attributions, transcript labels and continued quotations joined into the passages of a story."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from app.annotate.attribution import Attribution, Links
from app.annotate.cast import Cast
from app.annotate.chains import join_chains
from app.annotate.chunks import Words
from app.annotate.descriptions import find_speaker, gather_holders, remember
from app.annotate.discourse import Thread, set_stage
from app.annotate.entities import person_parts
from app.annotate.quotation import Quotation
from app.annotate.quotes import Held, Passage, as_passage, continue_speech, find_labels
from app.annotate.signatures import find_signatures
from app.annotate.speakers import Reader, Speaker
from app.domain.document import Document
from app.domain.span import Span, hull

# Labels of those who ask and of those who answer in an interview.
ASKS = frozenset({"q", "question"})
ANSWERS = frozenset({"a", "answer"})


def find_passages(
    document: Document,
    quotations: Sequence[Quotation],
    words: Words,
    attributions: Sequence[Attribution],
    cast: Cast,
    links: Links,
    titles: Sequence[tuple[str, int]],
    bodies: Sequence[tuple[int, int]] = (),
) -> tuple[tuple[Passage, ...], tuple[tuple[int, int], ...]]:
    """Return the passages in text order, and (passage number, source piece) of those that have a source."""
    labels = find_labels(document)
    speaker_of = LabelReader(cast, document.text, [hull((label, contents)) for label, _, contents in labels])
    labelled = [Passage((contents,), cue, speaker_of(label), 0.95, "label") for label, cue, contents in labels]
    labelled += [
        Passage(contents, cue, speaker_of(label), 0.95, "label")
        for label, cue, contents in find_signatures(document, quotations)
    ]
    taken = sorted(c for p in labelled for c in p.contents)
    passages: list[Passage] = list(labelled)
    pieces: dict[Span, int] = {}
    sources_of = [a.source.span for a in attributions if a.source is not None]
    reader = Reader(set_stage(document, quotations, cast, sources_of), links, Thread())
    holders = gather_holders(titles, bodies)
    for attribution in sorted(attributions, key=_place):
        if any(_lies_in(c.span, taken) for c in attribution.contents) and (
            attribution.cue is None or not _lies_in(attribution.cue.span, taken)
        ):
            continue
        speaker = find_speaker(attribution, reader, holders)
        remember(speaker, reader)
        if attribution.cue is None and not any(_is_marked(c.span, quotations) for c in attribution.contents):
            continue
        passages.append(as_passage(attribution, speaker, quotations, document.text))
        if attribution.source is not None:
            pieces[attribution.source.span] = attribution.source.piece
    passages = [*join_chains(document, quotations, passages)]
    held = Held.of(passages)
    passages = [_own_speaker(n, passages, held) for n in range(len(passages))]
    whole = continue_speech(document, quotations, passages, words)
    sources = []
    for number, passage in enumerate(whole):
        mention = passage.speaker.mention
        if mention is not None:
            piece = pieces.get(mention)
            sources.append((number, int(words.pieces[words.covered(mention).start]) if piece is None else piece))
    return whole, tuple(sources)


def _place(attribution: Attribution) -> int:
    """Return where an attribution is read: at its source, else at its cue, else at its contents."""
    anchor = attribution.source or attribution.cue or attribution.contents[0]
    return anchor.span.start


def _lies_in(span: Span, paragraphs: Sequence[Span]) -> bool:
    """Say whether one of ``paragraphs``, in text order, covers ``span``."""
    place = bisect_right(paragraphs, span.start, key=lambda p: p.start) - 1
    return place >= 0 and paragraphs[place].covers(span)


def _is_marked(span: Span, quotations: Sequence[Quotation]) -> bool:
    """Say whether quotation marks stand around some of ``span``."""
    place = bisect_left(quotations, span.end, key=lambda q: q.outer.start) - 1
    return place >= 0 and quotations[place].outer.end > span.start


class LabelReader:
    """Finds whom a transcript's labels name; each surface of a label is looked for once.

    "Q" asks and "A" answers: the person whom a label named last, else the one of whom the story speaks most outside of
    the ``spoken`` paragraphs, else in all of it.
    """

    def __init__(self, cast: Cast, text: str, spoken: Sequence[Span] = ()) -> None:
        self._cast, self._text, self._spoken = cast, text, spoken
        self._people = [n for n, kind in enumerate(cast.types) if kind == "person"]
        self._named: dict[tuple[str, ...], int | None] = {}
        self._last: int | None = None

    def __call__(self, label: Span) -> Speaker:
        """Return the speaker that ``label`` names."""
        cast, words = self._cast, label.of(self._text).casefold()
        if words in ASKS:
            return Speaker("anonymous", None, label, "label", 0.7)
        if words in ANSWERS:
            answers = self._last if self._last is not None else self._foremost()
            return Speaker("unresolved" if answers is None else "resolved", answers, label, "label", 0.6)
        wanted = person_parts(label.of(self._text))
        if wanted not in self._named:
            self._named[wanted] = self._find(frozenset(wanted))
        inside = next((n for n in cast.touching(label) if cast.types[n] == "person"), None)
        number = min((n for n in (inside, self._named[wanted]) if n is not None), default=None)
        if number is not None:
            self._last = cast.groups[number]
            return Speaker("resolved", self._last, label, "label", 0.95)
        body = next((n for n in cast.touching(label) if cast.types[n] == "organization"), None)
        if body is not None:
            return Speaker("resolved", cast.groups[body], label, "label", 0.8)
        return Speaker("unresolved", None, label, "label", 0.5)

    def _find(self, wanted: frozenset[str]) -> int | None:
        names = self._cast.names
        return next(
            (n for n in self._people if wanted and wanted <= set(person_parts(names[n].span.of(self._text)))), None
        )

    def _foremost(self) -> int | None:
        told = [n for n in self._people if not _lies_in(self._cast.names[n].span, self._spoken)]
        counts = Counter(self._cast.groups[n] for n in told or self._people)
        return max(counts, key=lambda group: counts[group], default=None)


def _own_speaker(number: int, passages: Sequence[Passage], held: Held) -> Passage:
    """Return a passage with "I" and "we" resolved to the speaker of the quotation that it stands in."""
    passage = passages[number]
    mention = passage.speaker.mention
    if passage.speaker.method != "self" or mention is None:
        return passage
    around = next(
        (n for n in held.numbers(mention) if n != number and any(c.covers(mention) for c in passages[n].contents)), None
    )
    host = None if around is None else passages[around].speaker
    if host is None or host.group is None:
        return passage
    return replace(passage, speaker=Speaker("resolved", host.group, mention, "pronoun", host.score))
