"""Attributions, transcript labels and continued quotations joined into the passages of a story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.annotate.attribution import Attribution, Links
from app.annotate.cast import Cast
from app.annotate.chunks import Words
from app.annotate.descriptions import find_speaker, gather_holders, remember
from app.annotate.discourse import Thread, set_stage
from app.annotate.entities import person_parts
from app.annotate.quotation import Quotation
from app.annotate.quotes import Passage, as_passage, continue_speech, find_labels
from app.annotate.speakers import Reader, Speaker
from app.domain.document import Document
from app.domain.span import Span


def find_passages(
    document: Document,
    quotations: Sequence[Quotation],
    words: Words,
    attributions: Sequence[Attribution],
    cast: Cast,
    links: Links,
    titles: Sequence[tuple[str, int]],
) -> tuple[tuple[Passage, ...], tuple[tuple[int, int], ...]]:
    """Return the passages in text order, and (passage number, source piece) of those that have a source."""
    labelled = [
        Passage((contents,), cue, _label_speaker(label, cast, document.text), 0.95, "label")
        for label, cue, contents in find_labels(document)
    ]
    taken = [p.contents[0] for p in labelled]
    passages: list[Passage] = list(labelled)
    pieces: dict[Span, int] = {}
    sources_of = [a.source.span for a in attributions if a.source is not None]
    reader = Reader(set_stage(document, quotations, cast, sources_of), links, Thread())
    holders = gather_holders(titles)
    for attribution in sorted(attributions, key=_place):
        if any(t.covers(c.span) for t in taken for c in attribution.contents) and (
            attribution.cue is None or not any(t.covers(attribution.cue.span) for t in taken)
        ):
            continue
        speaker = find_speaker(attribution, reader, holders)
        remember(speaker, reader)
        if attribution.cue is None and not any(
            q.outer.overlaps(c.span) for q in quotations for c in attribution.contents
        ):
            continue
        passages.append(as_passage(attribution, speaker, quotations))
        if attribution.source is not None:
            pieces[attribution.source.span] = attribution.source.piece
    passages = [_own_speaker(p, passages) for p in passages]
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


def _label_speaker(label: Span, cast: Cast, text: str) -> Speaker:
    wanted = person_parts(label.of(text))
    for number, name in enumerate(cast.names):
        if cast.types[number] == "person" and (
            label.overlaps(name.span) or (wanted and set(wanted) <= set(person_parts(name.span.of(text))))
        ):
            return Speaker("resolved", cast.groups[number], label, "label", 0.95)
    return Speaker("unresolved", None, label, "label", 0.5)


def _own_speaker(passage: Passage, passages: Sequence[Passage]) -> Passage:
    """Return ``passage`` with "I" and "we" resolved to the speaker of the quotation that it stands in."""
    if passage.speaker.method != "self" or passage.speaker.mention is None:
        return passage
    mention = passage.speaker.mention
    around = [p for p in passages if p is not passage and any(c.covers(mention) for c in p.contents)]
    if not around or around[0].speaker.group is None:
        return passage
    host = around[0].speaker
    return replace(passage, speaker=Speaker("resolved", host.group, mention, "pronoun", host.score))
