"""Offices: the posts, roles and jobs that a story states for its people, with organization and tense."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from app.annotate.attribution import Links
from app.annotate.chunks import Chunk, Words, label_chunks
from app.annotate.encoder import Reading, log_softmax
from app.annotate.lexicons.titles import known_heads, known_titles
from app.annotate.speakers import Cast
from app.annotate.titles import title_head
from app.domain.annotation import Tense
from app.domain.span import Span, hull

REACH = 220  # code points between a title and its person
BIAS = 0.5  # added to the scores of a title, chosen on development data
_FORMER = re.compile(
    r"\b(?:former|formerly|ex|ex-|erstwhile|late|retired|past|previous|then|onetime|one-time|was|served as|outgoing"
    r"|until|resigned|ousted|deposed|fired)\W*(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_INCOMING = re.compile(
    r"\b(?:incoming|designate|president-elect|elect|newly elected|nominee|next|appointed|nominated)\W*(?:\w+\W+){0,1}$",
    re.IGNORECASE,
)
_ACTING = re.compile(r"\b(?:acting|interim|caretaker|temporary)\W*(?:\w+\W+){0,1}$", re.IGNORECASE)
_LEADING = re.compile(
    r"(?:former|ex|late|retired|incoming|acting|interim|caretaker|outgoing|new|newly elected|the|a|an|its|his|her|their"
    r"|our)[\s-]+",
    re.IGNORECASE,
)
BEFORE, AFTER = 40, 120  # code points between a body and the phrase that it belongs to
PORTFOLIO_HEADS = frozenset({"minister", "secretary", "commissioner"})
_BEFORE = re.compile(r"(?:['’]s?)?(?:[ -](?:[a-z]+|then|Deputy|Acting|Vice))*[ -]?")
_AFTER = re.compile(
    r"(?:(?:\s[a-z&]+){0,4}\s(?:of|for|at)|\s(?:from|with|in|to)|,|\s\()?\s?(?:the\s)?(?:[A-Z][\w.]*\s){0,2}"
)
_WORD_BEFORE = re.compile(r"(?<![\w'’])([A-Za-z]+) $")
_NEXT_WORD = re.compile(r" ([a-z]+)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Post:
    """An office of one group of the story before it gets its id.

    ``organization`` is a group number, ``organization_span`` the words that name the body.
    """

    group: int
    name: Span
    title: Span
    organization: int | None
    organization_span: Span | None
    tense: Tense
    evidence: Span
    score: float


def find_posts(
    reading: Reading, words: Words, links: Links, tables: Mapping[str, Any], cast: Cast, text: str
) -> tuple[Post, ...]:
    """Return the offices that the story states, in text order; one for each title and person."""
    chunks = label_chunks(reading.tags["title"], tables["tags"]["title"], words, bias=BIAS)
    people = [n for n, kind in enumerate(cast.types) if kind == "person"]
    found = []
    for chunk in chunks:
        owner = _owner(chunk, people, cast, links, text)
        if owner is None:
            continue
        number, share = owner
        name = cast.names[number].span
        body = _body(chunk, hull((chunk.span, name)), cast, links, text)
        title = _trimmed(chunk.span, text)
        if title is None:
            continue
        span = hull((title, name)) if body is None else hull((title, name, cast.names[body].span))
        found.append(
            Post(
                cast.groups[number],
                name,
                title,
                None if body is None else cast.groups[body],
                None if body is None else cast.names[body].span,
                tense_of(text, title),
                span,
                share * float(np.exp(chunk.score)),
            )
        )
    return _distinct(found, text)


def _owner(chunk: Chunk, people: Sequence[int], cast: Cast, links: Links, text: str) -> tuple[int, float] | None:
    near = [
        n
        for n in people
        if abs(cast.names[n].span.start - chunk.span.start) <= REACH
        and _same_line(text, chunk.span, cast.names[n].span)
    ]
    near = [n for n in near if not cast.names[n].span.overlaps(chunk.span)]
    if not near:
        return None
    scores = links.scores("title_person", [chunk.piece], [cast.pieces[n] for n in near])[0]
    shares = np.exp(log_softmax(scores[None, :-1])[0])
    best = int(shares.argmax())
    return near[best], float(shares[best])


def _same_line(text: str, a: Span, b: Span) -> bool:
    return "\n" not in text[min(a.start, b.start) : max(a.end, b.end)]


def _body(chunk: Chunk, said: Span, cast: Cast, links: Links, text: str) -> int | None:
    """Return the body or country of a post: named in the phrase ``said`` of title and person, or joined to it."""
    near = [n for n, kind in enumerate(cast.types) if kind != "person" and _joins(cast.names[n].span, said, text)]
    if not near:
        return None
    scores = links.scores("title_organization", [chunk.piece], [cast.pieces[n] for n in near])[0]
    best = int(scores.argmax())
    return None if best == len(near) else near[best]


def _joins(body: Span, said: Span, text: str) -> bool:
    """Say whether a body stands in the phrase of a post, just before it, or after it with "of" and its like."""
    if said.overlaps(body):
        return True
    if body.end <= said.start:
        return said.start - body.end <= BEFORE and _BEFORE.fullmatch(text, body.end, said.start) is not None
    return body.start - said.end <= AFTER and _AFTER.fullmatch(text, said.end, body.start) is not None


def _with_portfolio(start: int, end: int, text: str) -> int:
    """Return where a title begins when the words that say of what stand before it: "armed forces minister"."""
    head = text[start:end]
    if head.casefold() not in PORTFOLIO_HEADS:
        return start
    while (word := _WORD_BEFORE.search(text, max(0, start - 24), start)) is not None:
        if word[1].casefold() not in _portfolio_words() or word[1][0].isupper() != head[0].isupper():
            break
        start = word.start(1)
    return start


@cache
def _portfolio_words() -> frozenset[str]:
    ends = tuple(f" {head}" for head in PORTFOLIO_HEADS)
    known = frozenset(w for t in known_titles() if t.endswith(ends) for w in t.split()[:-1])
    return known | {"armed", "forces", "defence"}


def _trimmed(title: Span, text: str) -> Span | None:
    start, end = title.start, title.end
    while match := _LEADING.match(text, start, end):
        if match.end() >= end:
            break
        start = match.end()
    following = _NEXT_WORD.match(text, end)
    if (
        following is not None
        and following[1].casefold() in known_heads()
        and title_head(text[start:end]) not in known_heads()
    ):
        end = following.end()
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == "."):
        end -= 1
    start = _with_portfolio(start, end, text)
    return Span(start, end) if end > start else None


def tense_of(text: str, title: Span) -> Tense:
    """Return the tense that the words around a title give it."""
    before = text[max(0, title.start - 40) : title.start]
    before = re.split(r"[.;\n]\s", before)[-1]
    words = title.of(text).casefold()
    if words.startswith("acting") or _ACTING.search(before):
        return "acting"
    if words.endswith(("-elect", " elect", "-designate")) or _INCOMING.search(before):
        return "incoming"
    return "former" if _FORMER.search(before) else "current"


def _distinct(posts: Sequence[Post], text: str) -> tuple[Post, ...]:
    """Return one post a person and title, the surest."""
    kept: list[Post] = []
    for post in sorted(posts, key=lambda p: -p.score):
        title = post.title.of(text).casefold()
        if any(k.group == post.group and k.title.of(text).casefold() == title for k in kept):
            continue
        kept.append(post)
    return tuple(sorted(kept, key=lambda p: p.title))
