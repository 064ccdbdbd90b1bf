"""Discourse: where the names of a story stand, who spoke before, and how well each fits as an antecedent.

The learned antecedent link sees one window and no speakers; what English news style adds to it are a few preferences
that the literature agrees on: the subject of the sentence before, the one who spoke last, what is near, what agrees in
form (Lappin and Leass, Computational Linguistics 1994; Muzny et al., EACL 2017). A name in the words that somebody is
reported to have said is not that somebody (Principle C of binding theory: "he said Lee was ill" is not about himself).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.annotate.attribution import Links
from app.annotate.cast import Cast
from app.annotate.encoder import Floats
from app.annotate.pieces import Bools, Ints
from app.annotate.quotation import Quotation
from app.domain.annotation import ActorStatus
from app.domain.document import Document
from app.domain.span import Span

BACK, AHEAD = 80, 8  # names before and after an anaphor that may be what it means

# Weights of the preferences, in log-odds: fitted on the annotated training stories without the link (whose training saw
# those), then rounded; the link's own weight was chosen on development stories. Those of a
# single person's pronoun (SPOKE_BEFORE, NAMED_LAST, REPORTED) were fitted later, beside the link (decision 0017).
LINK = 0.4
DISTANCE = -1.0  # times the logarithm of one more than the sentences between
PARAGRAPH = 1.0
SAME_SENTENCE = 0.7
SUBJECT = 0.7
SUBJECT_BEFORE = 0.5  # the subject of the sentence before
OWNER = -0.4  # "Lee's"
QUOTED = -1.2  # named in somebody's words, for an anaphor outside of them
AHEAD_OF_NAME = -1.5
SOURCE = 0.5  # the name is itself the source of an attribution
FIRST = 0.6  # the story's first name
NEAREST = 0.6
LAST_SPEAKER = 1.2
SPOKE_BEFORE = 1.5  # spoke in the paragraph before, and not since
NAMED_LAST = 0.7  # nobody else that may be meant is named between
REPORTED = -5.8  # named in what is reported, whichever of their names it is
AGREES, DISAGREES = 1.5, -2.5
UNNAMED = -1.0  # a source without a name is spoken of again
UNSEEN = -1e8  # the link's score of what its window does not see is below this
_LIMIT = 12.0  # a link's score is taken to be no surer than this
_FAR = -6.0  # the link's score of a name before its window

_SHE = frozenset("she her hers herself".split())
_HE = frozenset("he him his himself".split())
_MR = re.compile(r"\b(?:Mr|Sir|King|Prince|Lord|Father|Duke|Sultan|Emperor)\.?\s+(?:\w+\s+)?$")
_MS = re.compile(
    r"\b(?:Mrs|Ms|Miss|Dame|Queen|Princess|Lady|Madame?|Sister|Duchess|Baroness|Empress)\.?\s+(?:\w+\s+)?$"
)
_TITLE_REACH = 25  # code points before a name in which its form of address stands
# The word before a name, with the capitals and the article between, that takes away that the name is a subject.
_BEFORE_NAME = re.compile(
    r"(?:^|[\s(“\"])([a-z]+)\s+(?:(?:the|a|an|former|late|president|then|[A-Z][\w.’'-]*)\s+){0,8}$"
)
_NOT_SUBJECT = frozenset(
    "of to for with from by at in on against about like than between among over under near after before into toward"
    " towards via including told asked urged called met joined thanked backed and".split()
)
_OWNED = re.compile(r"['’]s?(?!\w)")
_LOOK_BACK = 120  # code points


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """Where the names of a story stand.

    Shape: the arrays have one entry a name of the cast, in its order. ``sentence`` and ``paragraph`` are numbers;
    ``subject`` is True for the first name of a sentence that nothing makes an object, ``owner`` where "'s" follows,
    ``quoted`` inside quotation marks, ``source`` where an attribution has its source.
    """

    text: str
    cast: Cast
    sentences: tuple[int, ...]
    paragraphs: tuple[int, ...]
    quotations: tuple[Span, ...]
    group: Ints
    start: Ints
    end: Ints
    sentence: Ints
    paragraph: Ints
    subject: Bools
    owner: Bools
    quoted: Bools
    source: Bools
    address: dict[int, str]

    def is_quoted(self, span: Span) -> bool:
        """Say whether ``span`` stands inside quotation marks."""
        return _is_quoted(span, self.quotations)


def set_stage(document: Document, quotations: Sequence[Quotation], cast: Cast, sources: Sequence[Span]) -> Stage:
    """Return where the names of ``cast`` stand; ``sources`` are the sources of the story's attributions."""
    text = document.text
    marks = tuple(q.outer for q in quotations if not q.single)
    sentences = tuple(s.start for s in document.sentences)
    paragraphs = tuple(p.start for p in document.paragraphs)
    spans = [n.span for n in cast.names]
    sentence = _numbers(sentences, spans)
    owner = [bool(_OWNED.match(text, s.end)) for s in spans]
    quoted = [_is_quoted(s, marks) for s in spans]
    ordered = sorted(sources)
    subject = [False] * len(spans)
    taken: set[tuple[int, str]] = set()
    for number, span in enumerate(spans):
        place = int(sentence[number]), cast.types[number]
        if place in taken or owner[number] or quoted[number] or place[1] not in {"person", "organization"}:
            continue
        low = sentences[place[0]] if place[0] >= 0 else 0
        before = _BEFORE_NAME.search(text[max(low, span.start - _LOOK_BACK) : span.start])
        if before is None or before[1] not in _NOT_SUBJECT:
            subject[number] = True
            taken.add(place)
    return Stage(
        text,
        cast,
        sentences,
        paragraphs,
        marks,
        np.array(cast.groups, dtype=np.int32),
        np.array([s.start for s in spans], dtype=np.int32),
        np.array([s.end for s in spans], dtype=np.int32),
        sentence,
        _numbers(paragraphs, spans),
        np.array(subject, dtype=np.bool_),
        np.array(owner, dtype=np.bool_),
        np.array(quoted, dtype=np.bool_),
        np.array([_touches(ordered, s) for s in spans], dtype=np.bool_),
        _addresses(text, cast),
    )


def _numbers(starts: Sequence[int], spans: Sequence[Span]) -> Ints:
    return np.array([bisect_right(starts, s.start) - 1 for s in spans], dtype=np.int32)


def _is_quoted(span: Span, marks: Sequence[Span]) -> bool:
    at = bisect_right(marks, span.start, key=lambda m: m.start) - 1
    return at >= 0 and span.end <= marks[at].end


def _touches(spans: Sequence[Span], span: Span) -> bool:
    at = bisect_left(spans, span.end, key=lambda s: s.start) - 1
    return at >= 0 and spans[at].end > span.start


def _addresses(text: str, cast: Cast) -> dict[int, str]:
    """Return the pronoun that goes with the form of address by which the text calls a group ("Mr", "Ms")."""
    found: dict[int, str] = {}
    for name, group in zip(cast.names, cast.groups, strict=True):
        before = text[max(0, name.span.start - _TITLE_REACH) : name.span.start]
        if _MR.search(before):
            found[group] = "he"
        elif _MS.search(before):
            found[group] = "she"
    return found


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A source without a name: the words that describe it, and where it was last spoken of."""

    status: ActorStatus
    words: Span
    seen: Span


@dataclass(slots=True, eq=False)
class Thread:
    """Who spoke so far, as a story is read on.

    ``last`` is the group that spoke last, ``unnamed`` the source that spoke after it without a name. ``forms`` holds by
    which pronoun the text has spoken of a group: it serves agreement between pronouns inside one story and goes nowhere
    else. ``paper`` says that a document was the last to speak; ``papers`` whose the documents are that spoke, by noun;
    ``spoke`` where each group was last a source, as a code point.
    """

    last: int | None = None
    paper: bool = False
    papers: dict[str, int] = field(default_factory=dict)
    unnamed: Unnamed | None = None
    forms: dict[int, str] = field(default_factory=dict)
    spoke: dict[int, int] = field(default_factory=dict)

    def note_named(self, group: int, word: str, start: int) -> None:
        """Remember that ``group`` spoke, by which source from ``start`` on, and by which pronoun if it is one."""
        self.last, self.unnamed, self.spoke[group] = group, None, start
        form = pronoun_form(word)
        if form is not None:
            self.forms.setdefault(group, form)

    def note_unnamed(self, source: Unnamed) -> None:
        """Remember that somebody without a name spoke."""
        self.unnamed = source


def pronoun_form(word: str) -> str | None:
    """Return "he" or "she" for a pronoun that has a form of its own, else None."""
    return "she" if word in _SHE else "he" if word in _HE else None


def candidates(stage: Stage, span: Span, kinds: frozenset[str], contents: Sequence[Span]) -> Ints:
    """Return the numbers of the names near ``span`` that an anaphor there may mean.

    Names in the anaphor itself are none; names in the words that it reports are none unless there are no others.
    """
    place = bisect_left(stage.cast.starts, span.start)
    low = max(0, place - BACK)
    near = [
        n
        for n in range(low, min(len(stage.cast.names), place + AHEAD))
        if stage.cast.types[n] in kinds and not span.covers(stage.cast.names[n].span)
    ]
    others = [n for n in near if not any(c.covers(stage.cast.names[n].span) for c in contents)]
    return np.array(others or near, dtype=np.int32)


def fitness(
    stage: Stage,
    thread: Thread,
    links: Links,
    anaphor: tuple[Span, int, str],
    numbers: Ints,
    contents: Sequence[Span] = (),
) -> Floats:
    """Return how well each name of ``numbers`` fits as what an anaphor (span, piece, pronoun) means, then nobody.

    ``contents`` is what is reported where the anaphor is the source.

    Shape: one entry more than ``numbers``; log-odds up to a constant.
    """
    span, piece, word = anaphor
    learned = links.scores("antecedent", [piece], [stage.cast.pieces[n] for n in numbers])[0]
    heard = np.where(learned < UNSEEN, _FAR, np.clip(learned, -_LIMIT, _LIMIT))
    result: Floats = (LINK * heard).astype(np.float32)
    sentence = bisect_right(stage.sentences, span.start) - 1
    paragraph = bisect_right(stage.paragraphs, span.start) - 1
    gap = sentence - stage.sentence[numbers]
    before = stage.end[numbers] <= span.start
    group = stage.group[numbers]
    nearest = bisect_left(stage.cast.starts, span.start) - 1
    form = pronoun_form(word)
    parts: tuple[tuple[float, npt.NDArray[np.bool_]], ...] = (
        (PARAGRAPH, stage.paragraph[numbers] == paragraph),
        (SAME_SENTENCE, (gap == 0) & before),
        (SUBJECT, stage.subject[numbers]),
        (SUBJECT_BEFORE, stage.subject[numbers] & (gap == 1)),
        (OWNER, stage.owner[numbers]),
        (0.0 if stage.is_quoted(span) else QUOTED, stage.quoted[numbers]),
        (AHEAD_OF_NAME, ~before),
        (SOURCE, stage.source[numbers]),
        (FIRST, group == stage.group[0]),
        (NEAREST, numbers == nearest),
        (LAST_SPEAKER, group == (-1 if thread.last is None else thread.last)),
        *(() if form is None else _of_person(stage, thread, span, numbers, contents)),
    )
    result[:-1] += DISTANCE * np.log1p(np.abs(gap))
    for weight, holds in parts:
        result[:-1] += weight * holds
    result[:-1][~before & (learned[:-1] < UNSEEN)] = 2 * UNSEEN
    if form is not None:
        known = [stage.address.get(int(g)) or thread.forms.get(int(g)) for g in group]
        result[:-1] += [0.0 if k is None else AGREES if k == form else DISAGREES for k in known]
    return result


def _of_person(
    stage: Stage, thread: Thread, span: Span, numbers: Ints, contents: Sequence[Span]
) -> Iterator[tuple[float, npt.NDArray[np.bool_]]]:
    """Yield the preferences that "he" and "she" have beside those of every anaphor."""
    group, before = stage.group[numbers], stage.end[numbers] <= span.start
    reported = {stage.cast.groups[n] for c in contents for n in stage.cast.inside(c)}
    place = bisect_right(stage.paragraphs, span.start) - 1
    spoke = {g for g, start in thread.spoke.items() if bisect_right(stage.paragraphs, start) == place}
    named = group[before]
    yield REPORTED, np.array([g in reported for g in group.tolist()], dtype=np.bool_)
    yield SPOKE_BEFORE, np.array([g in spoke for g in group.tolist()], dtype=np.bool_)
    yield NAMED_LAST, group == (named[-1] if len(named) else -1)


def unnamed_fitness(stage: Stage, unnamed: Unnamed, span: Span) -> float:
    """Return how well the unnamed source that spoke last fits as what an anaphor at ``span`` means."""
    sentence, paragraph = (
        [bisect_right(starts, s.start) for s in (unnamed.seen, span)] for starts in (stage.sentences, stage.paragraphs)
    )
    gap = sentence[1] - sentence[0]
    same = SAME_SENTENCE if gap == 0 else SUBJECT_BEFORE if gap == 1 else 0.0
    near = PARAGRAPH * (paragraph[0] == paragraph[1]) + DISTANCE * float(np.log1p(abs(gap)))
    return LAST_SPEAKER + SOURCE + SUBJECT + same + near + UNNAMED
