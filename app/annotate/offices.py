"""Offices: the posts, roles and jobs that a story states for its people, with organization and tense.

Titles are tagged by the encoder, and found by the lexicon beside names. Whose a title is, the words between the two
decide (`app.annotate.appositions`), and the learned links where these leave a choice.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.annotate.appositions import beside
from app.annotate.attribution import REACH as SEEN
from app.annotate.attribution import Links
from app.annotate.bodies_meant import body_meant
from app.annotate.cast import Cast
from app.annotate.chunks import Words, label_chunks
from app.annotate.encoder import Reading, log_softmax
from app.annotate.lexicons.titles import known_titles
from app.annotate.phrases import is_plural
from app.annotate.tenses import tense_of
from app.annotate.title_spans import is_titled, parted, titles_beside, trimmed
from app.annotate.titles import normal_title, title_head
from app.domain.annotation import Tense
from app.domain.span import Span, hull

REACH = 220  # code points between a title and its person
BIAS = 0.25  # added to the scores of a title, chosen on development data
LEXICON = 0.5  # the score of a title that only the lexicon knows
DEFINITE = 60  # code points between "the" and its title
REFERENT = 0.5  # the least share of the person that a title alone stands for, chosen on training stories
WIDE = 400  # code points around a post in which its body may be named
BEFORE, AFTER = 40, 120  # code points between a body and the phrase that it belongs to
_OF_THE = re.compile(r"\s(?:of|for|at|with)\s(?:the\s)?")
_TAIL = re.compile(r"\s(?:of|for|to|at)\s(?:the\s)?(?P<rest>[^,;]+)$")
_HEADED = re.compile(r"(?<=\w)\s+(?:of|for|at|in|to|on|with|from)\s")
_MISTER = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lord|Lady)\.?")
_UNDER = frozenset("vice deputy assistant associate under junior shadow".split())
_ONE_OF = re.compile(r"\b(?:one|some|both|all|none|among|each|two|three|four|five|six)\b[^.;:!?]{0,60}$", re.IGNORECASE)
_JUST_BEFORE = re.compile(
    r"(?:['’]s?)?(?:[ -](?:former|new|then|acting|deputy|current|ex|party|group|chief|first))*[ -]"
)
_DEFINITE = re.compile(r"(?:\b(?:the|this)\s+|[\w.]+['’]s\s+)(?:[\w.’'-]+\s+){0,4}$", re.IGNORECASE)
# Somebody else's title, by whom a person is told: "the daughter of a railway clerk, Ashdown studied".
_KIN_OF = re.compile(
    r"\b(?:son|daughter|child|children|grandson|granddaughter|wife|husband|widow|widower|brother|sister|mother|father)"
    r"\s(?:of|to)\san?\s(?:[\w-]+\s){0,3}$"
)
# After a title that stands in a sentence of its own for somebody: a name, or what somebody else is.
_NAMED_AFTER = re.compile(r"[^,.;\n]{0,60},\s(?P<word>[A-Z][\w’'-]*)")
# Who says "the captain" in a sentence of theirs is not that captain.
_SAYS = re.compile(r"\s(?:has\s)?(?:said|says|told|added|wrote|warned|announced)\b[^.!?\n]*")
_BEFORE = re.compile(r"(?:['’]s?)?(?:[ -](?:[a-z]+|then|Deputy|Acting|Vice))*[ -]?")
_AFTER = re.compile(
    r"(?:(?:\s[a-z&]+){0,4}\s(?:of|for|at)|\s(?:from|with|in|to)|,|\s\()?\s?(?:the\s)?(?:[A-Z][\w.]*\s){0,2}"
)


@dataclass(frozen=True, slots=True)
class Post:
    """An office of one group of the story before it gets its id.

    ``organization`` is a group number, ``organization_span`` the words that name the body. ``method`` says where the
    title stands: "before" or "after" the name, in a "clause" about the person, or "alone".
    """

    group: int
    name: Span
    title: Span
    organization: int | None
    organization_span: Span | None
    tense: Tense
    evidence: Span
    score: float
    method: str = "before"


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A title that may be somebody's post: its words, its first piece, and how sure the tagger is of it."""

    span: Span
    piece: int
    score: float


_Owner = tuple[int, float, str]
"""A mention by its number, the share that it has of the title, and how the two stand."""


def find_posts(
    reading: Reading, words: Words, links: Links, tables: Mapping[str, Any], cast: Cast, text: str
) -> tuple[Post, ...]:
    """Return the offices that the story states, in text order; one for each title and person."""
    people = [n for n, kind in enumerate(cast.types) if kind == "person"]
    candidates = [
        c
        for c in _candidates(reading, words, tables, cast, people, text)
        if is_titled(c.span.of(text)) and not _KIN_OF.search(text, max(0, c.span.start - DEFINITE), c.span.start)
    ]
    found: list[Post] = []
    alone: list[_Candidate] = []
    for candidate in candidates:
        owners = list(_owners(candidate, people, cast, links, text))
        found += [_post(candidate, owner, cast, links, text) for owner in owners]
        if not owners:
            alone.append(candidate)
    known = {normal_title(post.title.of(text)) for post in found}
    for candidate in alone:
        if normal_title(candidate.span.of(text)) not in known:
            referent = _referent(candidate, people, words, cast, links, text)
            found += [] if referent is None else [_post(candidate, referent, cast, links, text)]
    return _distinct(found, text)


def _post(candidate: _Candidate, owner: _Owner, cast: Cast, links: Links, text: str) -> Post:
    number, share, manner = owner
    title, name = candidate.span, cast.names[number].span
    body = _body(candidate.piece, title, hull((title, name)), cast, links, text)
    near = _same_line(text, title, name) and max(title.start - name.end, name.start - title.end) <= REACH
    named = None if body is None else (cast.groups[body], cast.names[body].span)
    meant = named or body_meant(title, cast, text)
    shown = [title, *([name] if near else []), *([] if meant is None else [meant[1]])]
    return Post(
        cast.groups[number],
        name,
        title,
        None if meant is None else meant[0],
        None if meant is None else meant[1],
        tense_of(text, title, clause=manner == "clause"),
        hull(shown),
        share * candidate.score,
        manner,
    )


def _referent(
    candidate: _Candidate, people: Sequence[int], words: Words, cast: Cast, links: Links, text: str
) -> _Owner | None:
    """Return the person whom a title alone stands for ("the Vermont senator"), as the antecedent link says."""
    title = candidate.span
    opening = _DEFINITE.search(text, max(0, title.start - DEFINITE), title.start)
    named = _NAMED_AFTER.match(text, title.end)
    named_after = named is not None and not is_titled(named["word"])
    if opening is None or named_after or is_plural(title.of(text).split()[-1].casefold()):
        return None
    first = int(words.pieces[words.covered(Span(opening.start(), title.end)).start])
    low = bisect_left(people, first - SEEN, key=lambda n: cast.pieces[n])
    people = people[low : bisect_right(people, first + SEEN, low, key=lambda n: cast.pieces[n])]
    scores = links.scores("antecedent", [first], [cast.pieces[n] for n in people])[0]
    shares = np.exp(log_softmax(scores[None, :])[0])
    totals: dict[int, float] = {}
    for number, share in zip(people, shares[:-1], strict=True):
        totals[cast.groups[number]] = totals.get(cast.groups[number], 0.0) + float(share)
    best = max(totals, key=lambda g: totals[g], default=-1)
    if totals.get(best, 0.0) < REFERENT:
        return None
    mentions = [(float(share), n) for n, share in zip(people, shares[:-1], strict=True) if cast.groups[n] == best]
    if any(_SAYS.fullmatch(text, cast.names[n].span.end, title.start) for _, n in mentions):
        return None
    return max(mentions)[1], totals[best], "alone"


def _candidates(
    reading: Reading, words: Words, tables: Mapping[str, Any], cast: Cast, people: Sequence[int], text: str
) -> Iterator[_Candidate]:
    """Yield the titles that are tagged, then those that only the lexicon knows."""
    taken: list[Span] = []
    for chunk in label_chunks(reading.tags["title"], tables["tags"]["title"], words, bias=BIAS):
        whole = trimmed(chunk.span, text)
        for part in () if whole is None else parted(whole, text):
            for span in _without_tail(part, cast, text):
                taken.append(span)
                piece = chunk.piece if span.start <= chunk.span.start else int(words.pieces[words.covered(span).start])
                yield _Candidate(span, piece, float(np.exp(chunk.score)))
    for span in titles_beside([cast.names[n].span for n in people], text):
        place = bisect_left(taken, span.end, key=lambda t: t.start)
        if not place or taken[place - 1].end <= span.start:
            taken.insert(place, span)
            covered = words.covered(span)
            yield _Candidate(span, int(words.pieces[covered.start]), LEXICON)


def _without_tail(title: Span, cast: Cast, text: str) -> tuple[Span, ...]:
    """Return a title without the name that its end was cut out of: "aide to Sen." before "Ted Cruz" is "aide".

    What the end says of that name is a title of its own. One that the lexicon knows as a whole stays as it is.
    """
    tail = _TAIL.search(text, title.start, title.end)
    if tail is None or normal_title(title.of(text)) in known_titles():
        return (title,)
    rest = Span(*tail.span("rest"))
    bare = Span(title.start, tail.start())
    number = next(iter(cast.touching(Span(rest.start, title.end + len(". R")))), None)
    if number is None or cast.names[number].span.end <= title.end:
        return (title,)
    if cast.names[number].span.start < title.end:
        return (bare,)
    if _MISTER.fullmatch(rest.of(text)):
        return (bare,)
    return (bare, rest) if is_titled(rest.of(text)) else (title,)


def _owners(candidate: _Candidate, people: Sequence[int], cast: Cast, links: Links, text: str) -> Iterator[_Owner]:
    """Yield whose a title is, with the share that the links give, and how the two stand."""
    title = candidate.span
    low = bisect_left(people, title.start - REACH, key=lambda n: cast.starts[n])
    high = bisect_right(people, title.start + REACH, low, key=lambda n: cast.starts[n])
    near = [
        n
        for n in people[low:high]
        if _same_line(text, title, cast.names[n].span) and not cast.names[n].span.overlaps(title)
    ]
    if not near:
        return
    scores = links.scores("title_person", [candidate.piece], [cast.pieces[n] for n in near])[0]
    shares = np.exp(log_softmax(scores[None, :-1])[0])
    several = _is_several(title.of(text))
    ways = beside(title, [cast.names[n].span for n in near], text, several=several)
    if several and not (_ONE_OF.search(text, max(0, title.start - DEFINITE), title.start)):
        ways = tuple(w for w in ways if len(w.people) > 1)  # a plural of one is somebody else's: "with activists, Roe"
    if ways:
        best = max(ways, key=lambda w: float(shares[w.people[0]]))
        for n in best.people:
            yield near[n], 0.5 + 0.5 * float(shares[n]), best.manner


def _is_several(title: str) -> bool:
    """Say whether a title is one of several: the noun at its head is a plural, as in "members of the Assembly"."""
    return is_plural(_HEADED.split(title, maxsplit=1)[0].split()[-1].casefold())


def _same_line(text: str, a: Span, b: Span) -> bool:
    return "\n" not in text[min(a.start, b.start) : max(a.end, b.end)]


def _body(piece: int, title: Span, said: Span, cast: Cast, links: Links, text: str) -> int | None:
    """Return the body or country of a post: beside the title, else one that the links choose in its phrase ``said``."""
    around = range(bisect_left(cast.starts, said.start - WIDE), bisect_right(cast.starts, said.end + WIDE))
    bodies = [n for n in around if cast.types[n] != "person"]
    tied = [n for n in bodies if not cast.names[n].span.overlaps(title) and _is_tied(cast.names[n].span, title, text)]
    if tied:
        return max(tied, key=lambda n: cast.names[n].span)
    near = [n for n in bodies if _joins(cast.names[n].span, said, text)]
    if not near:
        return None
    scores = links.scores("title_organization", [piece], [cast.pieces[n] for n in near])[0]
    best = int(scores.argmax())
    return None if best == len(near) else near[best]


def _is_tied(body: Span, title: Span, text: str) -> bool:
    """Say whether nothing but "of the", or an adjective, parts a title and a body: "president of the Assembly"."""
    if body.start >= title.end:
        return _OF_THE.fullmatch(text, title.end, body.start) is not None
    return _JUST_BEFORE.fullmatch(text, body.end, title.start) is not None


def _joins(body: Span, said: Span, text: str) -> bool:
    """Say whether a body stands in the phrase of a post, just before it, or after it with "of" and its like."""
    if said.overlaps(body):
        return True
    if body.end <= said.start:
        return said.start - body.end <= BEFORE and _BEFORE.fullmatch(text, body.end, said.start) is not None
    return body.start - said.end <= AFTER and _AFTER.fullmatch(text, said.end, body.start) is not None


def _distinct(posts: Sequence[Post], text: str) -> tuple[Post, ...]:
    """Return one post a person and title, the surest; a title inside a longer one of the same person is that one."""
    kept: dict[int, list[Post]] = defaultdict(list)
    for post in sorted(posts, key=lambda p: -p.score):
        if not any(_same_title(k.title.of(text), post.title.of(text)) for k in kept[post.group]):
            kept[post.group].append(post)
    return tuple(sorted((p for own in kept.values() for p in own), key=lambda p: (p.title, -p.score)))


def _same_title(one: str, other: str) -> bool:
    """Say whether two titles are one: alike in normal form, or one a shorter form of the other ("minister")."""
    first, second = normal_title(one), normal_title(other)
    if first == second:
        return True
    short, long = sorted((set(first.split()), set(second.split())), key=len)
    return short < long and not (long - short) & _UNDER and title_head(one) == title_head(other)
