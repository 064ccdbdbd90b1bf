"""Speakers: the source of an attribution to one entity of the story, or to nobody that the text names.

A name inside the source decides when it is the head of its phrase. A pronoun or a description means who fits best of
those named near it: by the learned antecedent link and by where they stand and who spoke before. Descriptions are read
in ``descriptions``. Nothing is guessed when "nobody named" fits better.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.annotate.attribution import Links
from app.annotate.cast import Cast
from app.annotate.discourse import UNSEEN, Stage, Thread, Unnamed, candidates, fitness, unnamed_fitness
from app.annotate.encoder import log_softmax
from app.annotate.kinds import may_be_called
from app.annotate.lexicons.bodies import METONYMS
from app.annotate.lexicons.people import (
    FIRST_PERSON,
    NEUTER_PRONOUNS,
    PLURAL_PRONOUNS,
    RELATIVE_PRONOUNS,
    SINGULAR_PRONOUNS,
)
from app.annotate.phrases import is_head, segments_of
from app.domain.annotation import ActorStatus
from app.domain.span import Span

PERSON, BODY, PLACE = frozenset({"person"}), frozenset({"organization"}), frozenset({"place"})
STATE = BODY | PLACE
ANYBODY = PERSON | STATE
# What "nobody named" is worth beside the link's own word for it, by what asks; chosen on training and dev stories.
NOBODY = {"it": 0.0, "they": 3.0, "who": 0.0, "nominal": 2.5, "definite": 1.5, "document": 2.0}
_JOINT = re.compile(
    r"\s*(?:\([^()]{0,60}\)\s*)?,?\s*(?:and|&|along with|together with)\s+(?:[\w.’'-]+\s+){0,6}", re.IGNORECASE
)
_COMMA = re.compile(r"\s*(?:\([^()]{0,60}\)\s*)?,\s*(?:the\s+)?")
_AND = re.compile(r"(?:(?!\b(?:that|has|have|had|was|is|are)\b).)*(?:\band|&)\s(?:[\w.’'-]+,?\s){0,7}", re.DOTALL)
_TOLD_BY = re.compile(r"\b(?:for|of|to|with)\s(?:[A-Z][\w.’'-]*\s){0,4}$")
# What may stand between a name and the "who" that goes with it: a bracket, an age, a description in commas.
_BETWEEN = re.compile(r"\s*(?:\([^()]{0,60}\))?,?\s*(?:\d{1,3},\s*)?(?:(?:an?|the|its|his|her)\s[^,.;\n]{3,80},\s*)?")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who an attribution belongs to: a group of the story by number, or an unnamed source with a status.

    ``mention`` is the source's span; ``method`` says how it was decided; ``score`` is the decision's probability.
    ``described`` are the words by which the story first speaks of an unnamed source, where those are others; ``joint``
    are the groups of several who speak together, each with its name.
    """

    status: ActorStatus
    group: int | None
    mention: Span | None
    method: str
    score: float
    described: Span | None = None
    joint: tuple[tuple[int, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class Anaphor:
    """A pronoun or description that may stand for somebody named elsewhere.

    ``piece`` is its first piece, ``method`` what a speaker found by it is said to be found by, and ``unnamed`` the
    status of the speaker when it stands for nobody named. ``word`` is the pronoun, ``contents`` what is reported.
    """

    span: Span
    piece: int
    method: str
    unnamed: ActorStatus
    contents: tuple[Span, ...] = ()
    word: str = ""

    def nobody(self, score: float) -> Speaker:
        """Return the speaker that it is when it stands for nobody named."""
        return Speaker(self.unnamed, None, self.span, self.method, score)

    def is_group(self, group: int, score: float) -> Speaker:
        """Return the speaker that it is when it stands for ``group``."""
        return Speaker("resolved", group, self.span, self.method, score)


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """What a speaker is found by: the stage of the story, its links, and who spoke so far."""

    stage: Stage
    links: Links
    thread: Thread

    @property
    def cast(self) -> Cast:
        """The named mentions of the story."""
        return self.stage.cast

    def antecedent(
        self, anaphor: Anaphor, kinds: frozenset[str], nobody: float | None, called: str | None = None
    ) -> Speaker:
        """Return who fits best as what ``anaphor`` means; ``nobody`` is the worth of no answer, None if it is none.

        ``called`` is the noun by which a body is called, which keeps out those that it is never said of.
        """
        numbers = candidates(self.stage, anaphor.span, kinds, anaphor.contents)
        if called is not None:
            keys, groups = self.cast.keys, self.cast.groups
            numbers = np.array([n for n in numbers if may_be_called(called, keys[groups[n]])], dtype=np.int32)
        unnamed = self._unnamed(anaphor)
        if unnamed is not None and unnamed.status == "anonymous":
            numbers = numbers[~np.isin(self.stage.group[numbers], self._told_of(unnamed, anaphor.span))]
        asked = anaphor.span, anaphor.piece, anaphor.word
        if len(numbers):
            scores = fitness(self.stage, self.thread, self.links, asked, numbers, anaphor.contents)
        else:
            scores = np.zeros(1, dtype=np.float32)
        if unnamed is None and scores[:-1].max(initial=-np.inf) < UNSEEN:
            return anaphor.nobody(0.5)
        scores[-1] = -1e9 if nobody is None else scores[-1] + nobody
        again = -1e9 if unnamed is None else unnamed_fitness(self.stage, unnamed, anaphor.span)
        shares = np.exp(log_softmax(np.append(scores, again)[None, :])[0])
        totals: dict[int, float] = {}
        for number, share in zip(numbers, shares[:-2], strict=True):
            group = self.cast.groups[number]
            totals[group] = totals.get(group, 0.0) + float(share)
        best = max(totals, key=lambda g: totals[g], default=-1)
        other = float(max(shares[-2:]))
        if other < totals.get(best, 0.0):
            return anaphor.is_group(best, totals[best])
        words = None if unnamed is None else unnamed.words
        status = anaphor.unnamed if unnamed is None else unnamed.status
        return Speaker(status, None, anaphor.span, anaphor.method, other, words)

    def _told_of(self, unnamed: Unnamed, span: Span) -> list[int]:
        """Return those by whom an unnamed person is told and whom nothing names since: "a spokesman for Lee"."""
        cast, text, seen = self.cast, self.stage.text, unnamed.seen
        owners = {
            cast.groups[n]
            for n in cast.inside(seen)
            if self.stage.owner[n] or _TOLD_BY.search(text, seen.start, cast.starts[n])
        }
        since = range(bisect_left(cast.starts, seen.end), bisect_left(cast.starts, span.start))
        return [*owners.difference(cast.groups[n] for n in since)]

    def _unnamed(self, anaphor: Anaphor) -> Unnamed | None:
        """Return the unnamed source that spoke last, when ``anaphor`` may mean it: one person, or several."""
        unnamed = self.thread.unnamed
        paper = self.thread.paper and anaphor.word in SINGULAR_PRONOUNS
        if (
            unnamed is None
            or paper
            or anaphor.method != "pronoun"
            or anaphor.word in NEUTER_PRONOUNS | RELATIVE_PRONOUNS
        ):
            return None
        wanted: ActorStatus = "anonymous" if anaphor.word in SINGULAR_PRONOUNS else "collective"
        return unnamed if unnamed.status == wanted else None


def stands_for(group: int, cast: Cast) -> int:
    """Return the country of the story that a capital stands for when it speaks, or the group itself."""
    country = METONYMS.get(cast.keys[group]) if cast.kinds[group] == "place" else None
    if country is None:
        return group
    return next((g for g, key in enumerate(cast.keys) if key == country.casefold() and cast.kinds[g] == "place"), group)


def head_names(span: Span, cast: Cast, text: str) -> list[int]:
    """Return the named mentions that head the source phrase: one, several joined by "and", or none.

    The phrase is read segment by segment, as commas, brackets and relative clauses cut it, but never inside a name; in
    a segment the head stands last, so of "Trump campaign spokesman Jason Miller" it is Miller, and of "Rubio's manager,
    Rich Beeson, who ..." it is Beeson. A body or a place heads only the first segment.
    """
    inside = cast.inside(span)
    segments = segments_of(span, text, [cast.names[n].span for n in inside])
    heads = [
        [
            n
            for n in cast.inside(segment)
            if cast.types[n] == "person" and is_head(segment, cast.names[n].span, "person", text)
        ]
        for segment in segments
    ]
    people = next((found for found in heads if found), [])
    if people:
        return _joined(people, [n for found in heads for n in found], inside, cast, text)
    first = segments[0] if segments else span
    for kind in ("organization", "place"):
        found = [
            n for n in cast.inside(first) if cast.types[n] == kind and is_head(first, cast.names[n].span, kind, text)
        ]
        if found:
            return _joined(found, found, inside, cast, text)
    for segment in segments[1:2]:
        found = [
            n for n in cast.inside(segment) if cast.names[n].span.end == len(segment.of(text).rstrip()) + segment.start
        ]
        if found and cast.types[found[0]] == "organization":
            return found[:1]
    return []


def _joined(heads: list[int], people: list[int], inside: list[int], cast: Cast, text: str) -> list[int]:
    """Return the head, or the heads where "and" joins the name of another to it: "Lee, Roe and the Kesterly Police"."""
    last = heads[-1]
    row = {*people, last}
    listed: list[int] = []
    for one, other in pairwise(inside):
        if one not in row or cast.groups[one] == cast.groups[other]:
            continue
        joint = text[cast.names[one].span.end : cast.names[other].span.start]
        if _JOINT.fullmatch(joint):
            return [*listed, one, other]
        if _COMMA.fullmatch(joint):
            row.add(other)
            listed.append(one)
        else:
            listed.clear()
    for one, other in pairwise(people):
        joint = text[cast.names[one].span.end : cast.names[other].span.start]
        if cast.groups[one] != cast.groups[other] and _AND.fullmatch(joint):
            return [one, other]
    return [last]


def pronoun_speaker(word: str, anaphor: Anaphor, reader: Reader) -> Speaker:
    """Return who a pronoun means; first person pronouns are left to the caller (``method`` "self")."""
    if word in FIRST_PERSON:
        return Speaker("unresolved", None, anaphor.span, "self", 0.5)
    if word in SINGULAR_PRONOUNS:
        return reader.antecedent(anaphor, PERSON, None)
    if word in NEUTER_PRONOUNS:
        return _paper(anaphor, reader.thread) or _body(anaphor, reader)
    if word in RELATIVE_PRONOUNS:
        return _relative(anaphor, reader)
    return reader.antecedent(anaphor, STATE if word in PLURAL_PRONOUNS else PERSON, NOBODY["they"])


def _body(anaphor: Anaphor, reader: Reader) -> Speaker:
    """Return which body or country "it" means: the best fit, else the one that spoke last."""
    speaker = reader.antecedent(anaphor, STATE, NOBODY["it"])
    last = reader.thread.last
    if speaker.group is None and last is not None and reader.cast.kinds[last] == "organization":
        return anaphor.is_group(last, 0.6)
    return speaker


def _paper(anaphor: Anaphor, thread: Thread) -> Speaker | None:
    """Return the speaker of the document that spoke last, which "it" goes on with."""
    if thread.paper and thread.unnamed is not None:
        return Speaker(thread.unnamed.status, None, anaphor.span, anaphor.method, 0.7, thread.unnamed.words)
    return anaphor.is_group(thread.last, 0.7) if thread.paper and thread.last is not None else None


def _relative(anaphor: Anaphor, reader: Reader) -> Speaker:
    """Return who "who" and "which" go with: the name or the source that ends right before, else the best fit."""
    cast, start = reader.cast, anaphor.span.start
    before = bisect_left(cast.starts, start) - 1
    if before >= 0 and cast.types[before] in {"person", "organization"}:
        end = cast.names[before].span.end
        if _BETWEEN.fullmatch(reader.stage.text, end, start):
            return anaphor.is_group(cast.groups[before], 0.9)
    unnamed = reader.thread.unnamed
    if unnamed is not None and 0 <= start - unnamed.seen.end <= 2:  # noqa: PLR2004 (a comma and a space)
        return Speaker(unnamed.status, None, anaphor.span, anaphor.method, 0.8, unnamed.words)
    return reader.antecedent(anaphor, PERSON | BODY, NOBODY["who"])
