"""Speakers: the source of an attribution to one entity of the story, or to nobody that the text names.

A name inside the source decides when it is the head of its phrase; a pronoun or a description goes to the learned
antecedent link, which may also answer "nobody named". Nothing is guessed when the link prefers no answer.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.annotate.attribution import Attribution, Links
from app.annotate.chunks import Words
from app.annotate.encoder import log_softmax
from app.annotate.entities import Group
from app.annotate.lexicons.bodies import METONYMS
from app.annotate.lexicons.groups import BODY_NOUNS, DOCUMENTS
from app.annotate.lexicons.people import (
    FIRST_PERSON,
    NEUTER_PRONOUNS,
    PLURAL_PRONOUNS,
    PRONOUNS,
    RELATIVE_PRONOUNS,
    SINGULAR_PRONOUNS,
)
from app.annotate.names import Name
from app.annotate.phrases import core_phrase, folded_words, is_head, is_plural, segments_of
from app.domain.annotation import ActorStatus
from app.domain.span import Span

NOUN_MARGIN = 3.0  # how far "nobody named" may lead before a body noun is left open
NOBODY = 0.5  # added to the score of "nobody named" for descriptions, chosen on development data
GOES_ON = 1.5  # log-odds that a pronoun means the speaker of the attribution before it, chosen on development data


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who an attribution belongs to: a group of the story by number, or an unnamed source with a status.

    ``mention`` is the source's span; ``method`` says how it was decided; ``score`` is the decision's probability.
    """

    status: ActorStatus
    group: int | None
    mention: Span | None
    method: str
    score: float


@dataclass(frozen=True, slots=True)
class Anaphor:
    """A pronoun or description that may stand for somebody named elsewhere.

    ``piece`` is its first piece, ``method`` what a speaker found by it is said to be found by, and ``unnamed`` the
    status of the speaker when it stands for nobody named.
    """

    span: Span
    piece: int
    method: str
    unnamed: ActorStatus

    def nobody(self, score: float) -> Speaker:
        """Return the speaker that it is when it stands for nobody named."""
        return Speaker(self.unnamed, None, self.span, self.method, score)


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """The named mentions of a story in text order with the number of their group.

    ``keys`` and ``kinds`` have one entry a group: its folded parts as one string, and its type.
    """

    names: tuple[Name, ...]
    groups: tuple[int, ...]
    pieces: tuple[int, ...]
    types: tuple[str, ...]
    starts: tuple[int, ...]
    keys: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def inside(self, span: Span) -> list[int]:
        """Return the numbers of the mentions that lie in ``span``."""
        low = bisect_left(self.starts, span.start)
        found = []
        while low < len(self.names) and self.starts[low] < span.end:
            if self.names[low].span.end <= span.end:
                found.append(low)
            low += 1
        return found


def gather_cast(groups: Sequence[Group], words: Words) -> Cast:
    """Return the cast of a story."""
    rows = sorted(
        (
            (name, number, "nationality" if name.type == "nationality" else group.type)
            for number, group in enumerate(groups)
            for name in group.names
        ),
        key=lambda row: row[0].span,
    )
    pieces = []
    for name, _, _ in rows:
        covered = words.covered(name.span)
        pieces.append(int(words.pieces[covered.start]) if len(covered) else 0)
    return Cast(
        tuple(r[0] for r in rows),
        tuple(r[1] for r in rows),
        tuple(pieces),
        tuple(r[2] for r in rows),
        tuple(r[0].span.start for r in rows),
        tuple(" ".join(g.parts) for g in groups),
        tuple(g.type for g in groups),
    )


def find_speaker(
    attribution: Attribution,
    cast: Cast,
    links: Links,
    text: str,
    titles: Sequence[tuple[str, int]] = (),
    before: int | None = None,
) -> Speaker:
    """Return who speaks in ``attribution``; first person pronouns are left to the caller (``method`` "self").

    ``titles`` are (folded title, group) of the story's offices; ``before`` is the group that spoke last.
    """
    source = attribution.source
    if source is None:
        return Speaker("unresolved", None, None, "none", 1.0 - attribution.link)
    span = source.span
    words = folded_words(span.of(text))
    if len(words) == 1 and words[0] in PRONOUNS:
        return _pronoun(words[0], span, source.piece, cast, links, before)
    heads = _head_names(span, cast, text)
    if len(heads) > 1:
        return Speaker("collective", None, span, "name", 0.8)
    if heads:
        return Speaker("resolved", _stands_for(cast.groups[heads[0]], cast), span, "name", cast.names[heads[0]].score)
    return _description(span, source.piece, words, cast, links, text, titles)


def _stands_for(group: int, cast: Cast) -> int:
    """Return the country of the story that a capital stands for when it speaks, or the group itself."""
    country = METONYMS.get(cast.keys[group]) if cast.kinds[group] == "place" else None
    if country is None:
        return group
    return next((g for g, key in enumerate(cast.keys) if key == country.casefold() and cast.kinds[g] == "place"), group)


def _head_names(span: Span, cast: Cast, text: str) -> list[int]:
    """Return the named mentions that head the source phrase: one, several joined by "and", or none.

    The phrase is read segment by segment, as commas, brackets and relative clauses cut it; in a segment the head stands
    last, so of "Trump campaign spokesman Jason Miller" it is Miller, and of "Rubio's manager, Rich Beeson, who ..."
    it is Beeson. A body or a place heads only the first segment.
    """
    segments = segments_of(span, text)
    for segment in segments:
        heads = [
            n
            for n in cast.inside(segment)
            if cast.types[n] == "person" and is_head(segment, cast.names[n].span, "person", text)
        ]
        if heads:
            return _joined(heads, cast, text)
    first = segments[0] if segments else span
    for kind in ("organization", "place"):
        heads = [
            n for n in cast.inside(first) if cast.types[n] == kind and is_head(first, cast.names[n].span, kind, text)
        ]
        if heads:
            return _joined(heads, cast, text)
    for segment in segments[1:2]:
        heads = [
            n for n in cast.inside(segment) if cast.names[n].span.end == len(segment.of(text).rstrip()) + segment.start
        ]
        if heads and cast.types[heads[0]] == "organization":
            return heads[:1]
    return []


def _joined(heads: list[int], cast: Cast, text: str) -> list[int]:
    last = heads[-1]
    if len(heads) > 1 and cast.groups[heads[-2]] != cast.groups[last]:
        between = text[cast.names[heads[-2]].span.end : cast.names[last].span.start]
        if re.match(r"\s*(?:and|&)\b", between):
            return heads[-2:]
    return [last]


def _pronoun(word: str, span: Span, piece: int, cast: Cast, links: Links, before: int | None) -> Speaker:
    if word in FIRST_PERSON:
        return Speaker("unresolved", None, span, "self", 0.5)
    if word in SINGULAR_PRONOUNS:
        anaphor = Anaphor(span, piece, "pronoun", "unresolved")
        return _antecedent(anaphor, cast, links, frozenset({"person"}), none=False, before=before)
    if word in NEUTER_PRONOUNS:
        anaphor = Anaphor(span, piece, "pronoun", "unresolved")
        return _antecedent(anaphor, cast, links, frozenset({"organization", "place"}), none=True, before=before)
    anaphor = Anaphor(span, piece, "pronoun", "collective")
    if word in RELATIVE_PRONOUNS:
        return _antecedent(anaphor, cast, links, frozenset({"person", "organization"}), none=True)
    kinds = frozenset({"organization", "place"} if word in PLURAL_PRONOUNS else {"person"})
    return _antecedent(anaphor, cast, links, kinds, none=True, before=before)


def _antecedent(
    anaphor: Anaphor, cast: Cast, links: Links, kinds: frozenset[str], *, none: bool, before: int | None = None
) -> Speaker:
    """Return the group that the learned link prefers for ``anaphor``; only where ``none`` may it be nobody named."""
    numbers = [
        n
        for n, p in enumerate(cast.pieces)
        if cast.types[n] in kinds and p != anaphor.piece and not anaphor.span.covers(cast.names[n].span)
    ]
    if not numbers:
        return anaphor.nobody(0.5)
    scores = links.scores("antecedent", [anaphor.piece], [cast.pieces[n] for n in numbers])[0]
    if anaphor.method == "nominal":
        scores[-1] += NOBODY
    if not none:
        scores[-1] = -1e9
        if scores.max() < -1e8:  # noqa: PLR2004
            return _nearest_before(anaphor, numbers, cast)
    scores[:-1] += [GOES_ON * (cast.groups[n] == before) for n in numbers]
    shares = np.exp(log_softmax(scores[None, :])[0])
    totals: dict[int, float] = {}
    for number, share in zip(numbers, shares[:-1], strict=True):
        totals[cast.groups[number]] = totals.get(cast.groups[number], 0.0) + float(share)
    best = max(totals, key=lambda g: totals[g])
    if none and shares[-1] >= totals[best]:
        return anaphor.nobody(float(shares[-1]))
    return Speaker("resolved", best, anaphor.span, anaphor.method, totals[best])


def _nearest_before(anaphor: Anaphor, numbers: list[int], cast: Cast) -> Speaker:
    before = [n for n in numbers if cast.names[n].span.end <= anaphor.span.start]
    if not before:
        return anaphor.nobody(0.3)
    return Speaker("resolved", cast.groups[before[-1]], anaphor.span, anaphor.method, 0.3)


def _description(
    span: Span, piece: int, words: Sequence[str], cast: Cast, links: Links, text: str, titles: Sequence[tuple[str, int]]
) -> Speaker:
    core = core_phrase(span.of(text))
    head = core[-1] if core else ""
    status: ActorStatus = "collective" if is_plural(head) else "anonymous"
    definite = bool(words) and words[0] in {"the", "this", "that", "his", "her", "their", "its"}
    if head in DOCUMENTS:
        return _document(Anaphor(span, piece, "document", status), cast, links)
    if head == "side":
        country = next((cast.groups[n] for n in cast.inside(span) if cast.types[n] == "nationality"), None)
        if country is not None:
            return Speaker("resolved", country, span, "nominal", 0.8)
    if head in BODY_NOUNS and definite:
        body = _body_called(head, span, piece, cast, links)
        if body is not None:
            return Speaker("resolved", body, span, "nominal", 0.7)
    named = definite or (words and "'" in words[0].replace("\u2019", "'")) or span.of(text)[:1].isupper()
    if named and status == "anonymous":
        holder = _title_holder(core[1:] if definite else core, span, cast, titles)
        if holder is not None:
            return Speaker("resolved", holder, span, "title", 0.9)
    if (
        not definite
        and words
        and words[0] in {"a", "an", "some", "many", "several", "one", "another", "two", "other", "most"}
    ):
        return Speaker(status, None, span, "nominal", 0.9)
    anaphor = Anaphor(span, piece, "nominal", status)
    return _antecedent(anaphor, cast, links, frozenset({"person", "organization", "place"}), none=True)


def _document(anaphor: Anaphor, cast: Cast, links: Links) -> Speaker:
    """Return whose document speaks: the person or body named in the phrase, else the link's choice of bodies."""
    inside = [n for n in cast.inside(anaphor.span) if cast.types[n] in {"person", "organization"}]
    if inside:
        return Speaker("resolved", cast.groups[inside[0]], anaphor.span, anaphor.method, 0.8)
    return _antecedent(anaphor, cast, links, frozenset({"organization"}), none=True)


def _body_called(noun: str, span: Span, piece: int, cast: Cast, links: Links) -> int | None:
    """Return the body that "the ministry" means: one with that word in its name, else the link's choice of bodies."""
    before = [
        n for n, p in enumerate(cast.pieces) if cast.types[n] == "organization" and cast.names[n].span.end <= span.start
    ]
    same = [n for n in before if noun in cast.keys[cast.groups[n]].split()]
    if same:
        return cast.groups[same[-1]]
    if not before:
        return None
    scores = links.scores("antecedent", [piece], [cast.pieces[n] for n in before])[0]
    best = int(scores[:-1].argmax())
    return cast.groups[before[best]] if scores[best] > scores[-1] - NOUN_MARGIN else None


def _title_holder(core: Sequence[str], span: Span, cast: Cast, titles: Sequence[tuple[str, int]]) -> int | None:
    """Return the person whose title the description is: the one named last before it, or None."""
    holders = set()
    for title, group in titles:
        words = folded_words(title)
        if not words:
            continue
        longer, shorter = (words, tuple(core)) if len(words) >= len(core) else (tuple(core), words)
        if shorter and longer[-len(shorter) :] == shorter:
            holders.add(group)
    seen = [n for n, g in enumerate(cast.groups) if g in holders]
    before = [n for n in seen if cast.names[n].span.end <= span.start]
    if len(holders) == 1:
        return holders.pop()
    return cast.groups[before[-1]] if before else None
