"""Named mentions: people, organizations, places and nationalities, tagged alike throughout a story."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from app.annotate.bodies import bare_spans, known_bodies
from app.annotate.chunks import Chunk, Words, label_chunks
from app.annotate.encoder import Floats, Reading
from app.annotate.surnames import are_parts, inner_surnames, with_surname
from app.domain.document import Document
from app.domain.span import Span
from app.text.tokens import mended

_POSSESSIVE = re.compile(r"(?:['’]s?|['’]S)$")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_NO_NAMES = frozenset(
    "the a an mr mrs ms dr mr. mrs. ms. dr. sir he she it they we i his her its this that and of".split()
)
# What somebody is, with the capital of a sentence that begins with it: none of these is a given name.
_ROLE = re.compile(
    r"(?:Striker|Winger|Midfielder|Defender|Goalkeeper|Quarterback|Actor|Actress|Singer|Rapper|Songwriter|Novelist"
    r"|Historian|Economist|Analyst|Astronaut|Activist|Campaigner|Lawmaker|Lawyer|Journalist|Businessman|Businesswoman"
    r"|Billionaire|Pensioner|Researcher|Scientist|Biologist)\s+(?=[A-Z])"
)
_OWNED = re.compile(r"['’]s\s+")
_EDGE = " \t\n\r\u00a0,.;:()[]\"“”‘’'«»-–—"
KNOWN = 0.95  # how sure a body is that is known by its name alone
ACTORS = ("person", "organization")  # the labels of the head for actors
# Weights of three shares: an actor of this type, a proper name of this type, any proper name.
EVIDENCE: Mapping[str, tuple[float, float, float]] = {"person": (0.5, 0.5, 0.0), "organization": (0.15, 0.15, 0.3)}
_LEAST = 1e-3
SUPPORT = 0.05  # share of the actor head below which a proper name makes no person or body
_BODY_AFTER = re.compile(r"\s(?:administration|campaign|government|cabinet|foundation|organization|team|ministry)\b")
_CAPITALIZED = re.compile(r"\b[^\W\d_a-z]\w*")
_INSIDE = re.compile(r"\w")
_OUTSIDE = re.compile(r"\W")
_SURNAME = re.compile(r"[^\W\d_][\w'’-]*[^\W\d_]")
MIN_SPREAD = 3  # letters that a one-word name has before it is looked for elsewhere in the story


@dataclass(frozen=True, slots=True)
class Name:
    """A named mention. ``type`` is person, organization, place, nationality or other; ``score`` a probability.

    ``spread`` says that a copy elsewhere in the story showed it. ``marks`` are the spans of the proper name itself,
    where the mention is wider ("the Iraqi government") or the name is given with what describes it. ``evidence`` says
    how far the heads of the encoder agree on a person or a body, in log-odds.
    """

    span: Span
    type: str
    score: float
    spread: bool = False
    marks: tuple[Span, ...] = ()
    evidence: float = math.inf


def find_names(reading: Reading, words: Words, tables: Mapping[str, Any], text: str) -> tuple[Name, ...]:
    """Return the named mentions of a document in text order.

    A name that the encoder tags in different ways is given the type that carries the most weight over the story,
    and its untagged copies are found again.
    """
    head = tables["tags"]["name"]
    labels: list[str] = head["labels"]
    scores = reading.tags["name"]
    chunks = label_chunks(scores, head, words)
    weights = _type_weights(chunks, scores, words, labels, text)
    named = _with_surnames([n for n in (_trimmed(chunk, text) for chunk in chunks) if n is not None], text)
    agreed = [_typed(n, _best_type(n, weights, labels, text)) for n in named]
    return tuple(sorted(_spread(agreed, words, text), key=lambda n: n.span))


def _typed(name: Name, kind: str) -> Name:
    return name if name.type == kind else replace(name, type=kind)


def find_actors(
    reading: Reading, words: Words, tables: Mapping[str, Any], text: str, names: Sequence[Name]
) -> tuple[Name, ...]:
    """Return the mentions that make people, organizations and places of a story, in text order.

    Bodies are named wider than proper names are ("the Iraqi government", "the Trump campaign"): a head of its own reads
    them. Proper names that it does not cover stay as they are, with a person or a body only where it does not object.
    """
    chunks = label_chunks(reading.tags["actor"], tables["tags"]["actor"], words)
    trimmed = _with_surnames([n for n in (_trimmed(c, text) for c in chunks) if n is not None], text)
    actors = [_with_body(part, text) for name in trimmed for part in bare_bodies(name, text)]
    whole = [part for a in actors for part in bare_bodies(_at_least(a, names), text)]
    agreed = _agree_with_names(_apart(whole), names, text)
    found = sorted(_spread(agreed, words, text), key=lambda n: n.span)
    marked = [replace(a, marks=_marks(a, names)) for a in found]
    rest = [
        part
        for n in names
        if not _touching(found, n.span) and _kept(n, reading, words)
        for part in bare_bodies(
            replace(n, marks=(n.span,) if n.type in {"person", "organization", "place"} else ()), text
        )
    ]
    labels = tables["tags"]["name"]["labels"]
    shares = _shares(reading, words, labels)
    weighed = [_weighed(n, words, shares) for n in sorted((*marked, *rest), key=lambda n: n.span)]
    return _with_known(weighed, text)


def _shares(reading: Reading, words: Words, labels: Sequence[str]) -> dict[str, tuple[Floats, Floats, Floats]]:
    """Return for people and bodies what each word says of them: as an actor, as a proper name, as any proper name."""
    actor, proper = np.exp(reading.tags["actor"][words.pieces]), np.exp(reading.tags["name"][words.pieces])
    found = {}
    for kind in EVIDENCE:
        own, column = 1 + 2 * ACTORS.index(kind), 1 + 2 * labels.index(kind)
        found[kind] = actor[:, own : own + 2].sum(axis=1), proper[:, column : column + 2].sum(axis=1), 1 - proper[:, 0]
    return found


def _weighed(name: Name, words: Words, shares: Mapping[str, tuple[Floats, Floats, Floats]]) -> Name:
    """Return a person or a body with the evidence for it: of the heads for actors and proper names, and of any name."""
    covered = words.covered(name.span)
    if name.type not in EVIDENCE or not covered:
        return name
    means = [np.add.reduce(s[covered.start : covered.stop]) / len(covered) for s in shares[name.type]]
    odds = [np.log((m + _LEAST) / (1 - m + _LEAST)) for m in means]
    return replace(name, evidence=float(np.dot(odds, EVIDENCE[name.type])))


def _with_known(names: Sequence[Name], text: str) -> tuple[Name, ...]:
    """Return the names with the bodies that are known by name: as bodies, wherever no longer name holds them."""
    gone: set[Name] = set()
    added: list[Name] = []
    for span in known_bodies(text):
        inside = _touching(names, span)
        if all(span.covers(n.span) for n in inside):
            gone.update(inside)
            added.append(Name(span, "organization", max((n.score for n in inside), default=KNOWN), marks=(span,)))
    return tuple(sorted((*(n for n in names if n not in gone), *added), key=lambda n: n.span))


def confirmed(names: Sequence[Name], document: Document) -> tuple[Name, ...]:
    """Return the names without people and bodies that only the capitals of a headline suggest.

    Where most words of a headline have capitals, they tell no names: what it names must come again below it.
    """
    title, text = document.head.title, document.text
    if title is None or not _is_title_case(title.of(text)):
        return tuple(names)
    body = text[title.end :]
    return tuple(
        n
        for n in names
        if n.type not in {"person", "organization"}
        or not title.covers(n.span)
        or n.span.of(text) in body
        or (n.type == "person" and n.span.of(text).split()[-1] in body)
    )


def _is_title_case(headline: str) -> bool:
    words = [w for w in headline.split() if len(w) > MIN_SPREAD]
    return 2 * sum(w[:1].isupper() for w in words) > len(words)


def bare_bodies(name: Name, text: str) -> tuple[Name, ...]:
    """Return the bodies that a mention names, without what stands around them; people stay as they are."""
    if name.type != "organization":
        return (name,)
    return tuple(name if span == name.span else replace(name, span=span) for span in bare_spans(name.span, text))


def _at_least(actor: Name, names: Sequence[Name]) -> Name:
    """Return the proper name that an actor is only a part of ("U" of "U.S."), or the actor as it is."""
    for name in _touching(names, actor.span):
        if name.span.covers(actor.span) and name.span != actor.span and name.type != "other":
            return replace(actor, span=name.span, type=name.type)
    return actor


def _apart(actors: Sequence[Name]) -> list[Name]:
    """Return the actors in text order without those that overlap one before them."""
    found: list[Name] = []
    for actor in sorted(actors, key=lambda a: (a.span.start, -a.span.end)):
        if not found or found[-1].span.end <= actor.span.start:
            found.append(actor)
    return found


def _with_body(name: Name, text: str) -> Name:
    """Return the body that a person's name and a noun make together: "the Bush administration"."""
    match = _BODY_AFTER.match(text, name.span.end)
    if match is None or name.type not in {"person", "organization"}:
        return name
    return replace(name, span=Span(name.span.start, match.end()), type="organization")


def _agree_with_names(actors: Sequence[Name], names: Sequence[Name], text: str) -> list[Name]:
    """Return the actors, each of one surface with one type: what the surer readings of the story say."""
    weight: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for name in (*actors, *names):
        if name.type != "other":
            weight[name_key(name.span.of(text))][name.type] += name.score
    return [_typed(a, max(sorted(w), key=lambda t: w[t])) for a in actors if (w := weight[name_key(a.span.of(text))])]


def _marks(actor: Name, names: Sequence[Name]) -> tuple[Span, ...]:
    return tuple(n.span for n in _touching(names, actor.span) if n.type == actor.type)


def _touching(names: Sequence[Name], span: Span) -> Sequence[Name]:
    """Return which of ``names`` overlap ``span``; they stand in text order and do not overlap each other."""
    low = bisect_right(names, span.start, key=lambda n: n.span.end)
    return names[low : bisect_left(names, span.end, low, key=lambda n: n.span.start)]


def _kept(name: Name, reading: Reading, words: Words) -> bool:
    """Say whether a proper name outside every actor stays: people and bodies need some support of the actor head."""
    if name.type not in {"person", "organization"}:
        return True
    column = 1 if name.type == "person" else 3
    pieces = words.pieces[list(words.covered(name.span))]
    share = np.exp(reading.tags["actor"][pieces][:, column : column + 2]).sum(axis=1).mean()
    return bool(share > SUPPORT)


@lru_cache(maxsize=4096)
def name_key(surface: str) -> str:
    """Return the form by which two surfaces of one name are told to be the same."""
    bare = _ARTICLE.sub("", _POSSESSIVE.sub("", mended(surface).strip(_EDGE)), count=1)
    return " ".join(bare.casefold().replace("’", "'").split())


def _trimmed(chunk: Chunk, text: str) -> Name | None:
    start, end = chunk.span.start, chunk.span.end
    owned = _OWNED.match(text, start, end)
    if owned is not None:
        start = owned.end()
        if text[start:end].islower():
            return None
    role = _ROLE.match(text, start, end) if chunk.label == "person" else None
    start = start if role is None else role.end()
    while start < end and (text[start] in _EDGE or text[start].isspace()):
        start += 1
    while end > start and (
        text[end - 1].isspace() or (text[end - 1] in _EDGE and not _is_abbreviation(text, start, end))
    ):
        end -= 1
    possessive = _POSSESSIVE.search(text, start, end)
    if possessive is not None and possessive.start() > start:
        end = start + len(text[start : possessive.start()].rstrip())
    bracket = text.find("(", start, end)
    if bracket > start and text.find(")", bracket, end) < 0:
        end = len(text[:bracket].rstrip(_EDGE))
    if start >= end or not any(c.isalnum() for c in text[start:end]) or text[start:end].casefold() in _NO_NAMES:
        return None
    return Name(Span(start, end), chunk.label, float(np.exp(chunk.score)))


def _with_surnames(names: Sequence[Name], text: str) -> list[Name]:
    """Return the names in text order, people with a surname that reads like a common word and went unseen."""
    found: list[Name] = []
    for name in names:
        start = with_surname(name.span, text) if name.type == "person" else name.span.start
        before = found[-1] if found and found[-1].type == name.type == "person" else None
        if before is not None and are_parts(before.span, Span(start, name.span.end), name.span.start, text):
            start = found.pop().span.start
        if start != name.span.start and (not found or found[-1].span.end <= start):
            name = replace(name, span=Span(start, name.span.end))  # noqa: PLW2901 (the same name, wider)
        found.append(name)
    return found


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    """Say whether what ends with a stop has one before it as well ("U.S.")."""
    return text[end - 1] == "." and "." in text[start : end - 1]


def _type_weights(
    chunks: Iterable[Chunk], scores: Floats, words: Words, labels: list[str], text: str
) -> dict[str, Floats]:
    """Return for every name of the story its summed log-probability of each type."""
    weights: dict[str, Floats] = defaultdict(lambda: np.zeros(len(labels), dtype=np.float32))
    for chunk in chunks:
        own = scores[words.pieces[chunk.first : chunk.last + 1]]
        total = own[0, 1::2] + own[1:, 2::2].sum(axis=0)
        weights[name_key(chunk.span.of(text))] += np.maximum(total / len(own), -8.0)
    return weights


def _best_type(name: Name, weights: Mapping[str, Floats], labels: Sequence[str], text: str) -> str:
    found = weights.get(name_key(name.span.of(text)))
    return name.type if found is None else labels[int(found.argmax())]


def _add_surnames(surfaces: dict[str, Name], text: str) -> None:
    """Add the last names of people in full, where the story does not use the word in small letters as well."""
    written: frozenset[str] | None = None
    for surface, name in tuple(surfaces.items()):
        last = surface.rsplit(maxsplit=1)[-1]
        if name.type != "person" or last == surface or last in surfaces or not _SURNAME.fullmatch(last):
            continue
        if last.lower() in text:
            written = frozenset(_SURNAME.findall(text)) if written is None else written
            if last.lower() in written:
                continue
        surfaces[last] = name


def _copies(surfaces: Sequence[str], text: str) -> Iterator[tuple[Span, str]]:
    """Yield where the text holds which of ``surfaces`` between word ends, the longest first, without overlap.

    All of them begin with a capital.
    """
    by_word: dict[str, list[str]] = defaultdict(list)
    for surface in sorted(surfaces, key=len, reverse=True):
        by_word[_OUTSIDE.split(surface, maxsplit=1)[0]].append(surface)
    end = 0
    for word in _CAPITALIZED.finditer(text):
        start = word.start()
        if start < end:
            continue
        for surface in by_word.get(word[0], ()):
            end_of_copy = start + len(surface)
            if text.startswith(surface, start) and not _INSIDE.match(text, end_of_copy):
                yield Span(start, end_of_copy), surface
                end = end_of_copy
                break


def _spread(names: list[Name], words: Words, text: str) -> list[Name]:
    """Return the names and their untagged copies elsewhere in the text."""
    surfaces: dict[str, Name] = {}
    counts: dict[str, int] = defaultdict(int)
    for name in names:
        surface = name.span.of(text)
        counts[surface] += 1
        if surface not in surfaces or surfaces[surface].score < name.score:
            surfaces[surface] = name
    _add_surnames(surfaces, text)
    wanted = [
        s
        for s, n in surfaces.items()
        if s[0].isupper() and len(s) >= MIN_SPREAD and (" " in s or counts[s] != 1) and n.type != "other"
    ]
    people = [s for s, n in surfaces.items() if n.type == "person" and " " in s]
    copies = [*_copies(wanted, text), *inner_surnames(people, text)] if wanted else []
    taken = sorted(n.span for n in names)
    found = list(names)
    starts = [s.start for s in taken]
    for span, surface in sorted(copies):
        place = bisect_left(starts, span.end)
        if (place and taken[place - 1].end > span.start) or found[-1].span.end > span.start >= found[-1].span.start:
            continue
        if not words.covered(span):
            continue
        model = surfaces[surface]
        found.append(Name(span, model.type, model.score * 0.9, spread=True))
    return found
