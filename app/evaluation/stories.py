"""Whole stories compared with hand annotations: people, organizations, offices, quotes, speakers, stances.

Gold records hold ``people`` and ``organizations`` with their names, ``quotes`` with offsets, speaker and status, and
``stances``; predicted ones are as ``sayso annotate --jsonl`` prints them. An entity is right when its name is one of
the gold entity's. A quote is found when its contents share at least half of their words with the gold ones;
it is attributed when the source words agree too, and its speaker is right when it names the same one, or when neither
side knows who it is. A stance needs the right holder and a target or evidence that overlaps, then the polarity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.evaluation.matching import (
    NO_WORDS,
    WORD,
    Extent,
    Pair,
    Words,
    cover,
    find_words,
    jaccard,
    match_by_words,
    match_one_to_one,
)
from app.evaluation.names import Names, plain_name, plain_names
from app.evaluation.scores import Counts, add_scores

FIGURES = (
    "people",
    "organizations",
    "offices",
    "quotes.found",
    "quotes.attributed",
    "quotes.speaker",
    "direct.speaker",
    "stances.found",
    "stances",
)

_DIRECT = frozenset({"direct", "mixed"})
_SAME_TITLE = 0.5
_SAME_TARGET = 0.3
_SAME_EVIDENCE = 0.5

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reported:
    """A quote as the scorer sees it: the words of its contents and source, and who speaks."""

    type: str | None
    contents: Words
    source: Words
    speaker: str | None
    status: str


@dataclass(frozen=True, slots=True)
class QuoteOutcome:
    """What became of one gold quote: the number of the predicted one it was paired with, or None, and what is right."""

    gold: int
    predicted: int | None
    attributed: bool
    speaker: bool


@dataclass(frozen=True, slots=True)
class EntityOutcome:
    """The names of a kind of entity that were missed, and those predicted that are no such entity."""

    missed: tuple[str, ...]
    spurious: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryScore:
    """The counts of one story, and what became of each of its gold quotes and of the predicted ones left over.

    ``right_offices`` and ``right_stances`` number the predicted positions of their kind that are right.
    """

    counts: Mapping[str, Counts]
    quotes: tuple[QuoteOutcome, ...]
    spurious_quotes: tuple[int, ...]
    people: EntityOutcome
    organizations: EntityOutcome
    right_offices: frozenset[int] = frozenset()
    right_stances: frozenset[int] = frozenset()


def score_story(gold: Record, predicted: Record | None) -> StoryScore:
    """Compare one story; offsets of both records point into the gold record's text.

    ``predicted`` None stands for a story that nothing was predicted for.
    """
    guess = predicted if predicted is not None else {}
    words = find_words(gold["text"])
    names = Names([*gold["people"], *gold["organizations"]])
    mine = [_read_gold_quote(words, q) for q in gold["quotes"]]
    theirs = [_read_quote(words, q) for q in guess.get("quotes", ())]
    outcomes = _judge_quotes(mine, theirs, names)
    paired = {o.predicted for o in outcomes}
    positions = guess.get("positions", ())
    people, organizations = (_judge_entities(gold[key], guess.get(key, ())) for key in ("people", "organizations"))
    offices, right_offices = _match_offices(gold["people"], _of_kind(positions, "office"), names)
    stances, right_stances = _match_stances(words, gold["stances"], _of_kind(positions, "stance"), names)
    counts = {
        "people": _count_entities(people, gold["people"]),
        "organizations": _count_entities(organizations, gold["organizations"]),
        "offices": offices,
        **_count_quotes(outcomes, len(theirs)),
        "direct.speaker": _count_direct(mine, theirs, names),
        **stances,
    }
    spurious = tuple(j for j in range(len(theirs)) if j not in paired)
    return StoryScore(counts, outcomes, spurious, people, organizations, right_offices, right_stances)


def _of_kind(positions: Iterable[Record], kind: str) -> list[Record]:
    return [p for p in positions if p.get("kind") == kind]


def score_stories(gold: Iterable[Record], predicted: Mapping[str, Record]) -> dict[str, Counts]:
    """Return the counts behind every figure over a corpus; predictions are found by the gold records' ids."""
    return add_scores((score_story(record, predicted.get(record["id"])).counts for record in gold), FIGURES)


def extent_of(span: Any) -> Extent:  # noqa: ANN401 (JSON: gold has [start, end], the API's shape has an object)
    """Return a span's offsets."""
    return (span["start"], span["end"]) if isinstance(span, Mapping) else (span[0], span[1])


def _read_gold_quote(words: Sequence[Extent], quote: Record) -> Reported:
    return Reported(
        quote["type"],
        _cover(words, quote["contents"]),
        _cover(words, [quote["source"]] if quote["source"] else ()),
        quote["speaker"],
        quote["status"],
    )


def _read_quote(words: Sequence[Extent], quote: Record) -> Reported:
    speaker = quote.get("speaker") or {}
    mention = speaker.get("mention")
    return Reported(
        quote.get("type"),
        _cover(words, quote["contents"]),
        _cover(words, [mention] if mention else ()),
        speaker.get("name"),
        speaker.get("status", "unresolved"),
    )


def _cover(words: Sequence[Extent], spans: Iterable[Any]) -> Words:
    return cover(words, [extent_of(s) for s in spans])


def _judge_entities(gold: Sequence[Record], predicted: Sequence[Record]) -> EntityOutcome:
    guesses = [plain_name(e["name"]) for e in predicted]
    forms = [plain_names(e) for e in gold]
    pairs = match_one_to_one(
        Pair(len(guess), i, j) for i, names in enumerate(forms) for j, guess in enumerate(guesses) if guess in names
    )
    right = set(pairs.values())
    return EntityOutcome(
        tuple(e["name"] for i, e in enumerate(gold) if i not in pairs),
        tuple(e["name"] for j, e in enumerate(predicted) if j not in right),
    )


def _count_entities(outcome: EntityOutcome, gold: Sequence[Record]) -> Counts:
    return Counts(len(gold) - len(outcome.missed), len(outcome.spurious), len(outcome.missed))


def _match_offices(
    people: Iterable[Record], predicted: Sequence[Record], names: Names
) -> tuple[Counts, frozenset[int]]:
    """Return the counts of offices and which of the predicted ones are right."""
    mine = [(person["name"], _title_words(o["title"])) for person in people for o in person.get("offices", ())]
    theirs = [((p.get("person") or {}).get("name"), _title_words(p.get("title"))) for p in predicted]
    pairs = match_one_to_one(
        Pair(likeness, i, j)
        for i, (person, title) in enumerate(mine)
        for j, (guess, guessed_title) in enumerate(theirs)
        if (likeness := jaccard(title, guessed_title)) >= _SAME_TITLE and names.same(person, guess)
    )
    return Counts.of(len(pairs), predicted=len(theirs), gold=len(mine)), frozenset(pairs.values())


def _title_words(title: str | None) -> frozenset[str]:
    return frozenset(WORD.findall((title or "").casefold()))


def _judge_quotes(gold: Sequence[Reported], predicted: Sequence[Reported], names: Names) -> tuple[QuoteOutcome, ...]:
    pairs = match_by_words([q.contents for q in gold], [q.contents for q in predicted])
    return tuple(
        QuoteOutcome(
            i,
            pairs.get(i),
            i in pairs and _same_source(quote, predicted[pairs[i]]),
            i in pairs and _same_speaker(quote, predicted[pairs[i]], names),
        )
        for i, quote in enumerate(gold)
    )


def _count_quotes(outcomes: Sequence[QuoteOutcome], predicted: int) -> dict[str, Counts]:
    right = {
        "quotes.found": sum(o.predicted is not None for o in outcomes),
        "quotes.attributed": sum(o.attributed for o in outcomes),
        "quotes.speaker": sum(o.speaker for o in outcomes),
    }
    return {name: Counts.of(found, predicted=predicted, gold=len(outcomes)) for name, found in right.items()}


def _count_direct(gold: Sequence[Reported], predicted: Sequence[Reported], names: Names) -> Counts:
    """Count speakers over direct and mixed quotes; a predicted one counts when it is of these or paired with one."""
    mine = [q for q in gold if q.type in _DIRECT]
    pairs = match_by_words([q.contents for q in mine], [q.contents for q in predicted])
    counted = {*pairs.values(), *(j for j, q in enumerate(predicted) if q.type in _DIRECT)}
    right = sum(_same_speaker(mine[i], predicted[j], names) for i, j in pairs.items())
    return Counts.of(right, predicted=len(counted), gold=len(mine))


def _same_source(gold: Reported, predicted: Reported) -> bool:
    return bool(gold.source & predicted.source) if gold.source and predicted.source else gold.source == predicted.source


def _same_speaker(gold: Reported, predicted: Reported, names: Names) -> bool:
    """Say whether the speaker is right: the same one where gold knows who it is, else nobody in particular."""
    if gold.status != "resolved":
        return predicted.status != "resolved"
    return predicted.status == "resolved" and names.same(gold.speaker, predicted.speaker)


def _match_stances(
    words: Sequence[Extent], gold: Sequence[Record], predicted: Sequence[Record], names: Names
) -> tuple[dict[str, Counts], frozenset[int]]:
    """Return the counts of stances and which of the predicted ones are right, polarity included."""
    mine = [_Stance(s["holder"], s["polarity"], *_ground(words, s["target"], [s["evidence"]])) for s in gold]
    theirs = [
        _Stance(
            (s.get("holder") or {}).get("name"),
            s.get("polarity"),
            *_ground(words, s.get("target"), s.get("evidence", ())),
        )
        for s in predicted
    ]
    pairs = match_one_to_one(
        Pair(a.likeness(b), i, j)
        for i, a in enumerate(mine)
        for j, b in enumerate(theirs)
        if names.same(a.holder, b.holder) and a.on_the_same(b)
    )
    right = frozenset(j for i, j in pairs.items() if mine[i].polarity == theirs[j].polarity)
    totals = {"predicted": len(theirs), "gold": len(mine)}
    return {"stances.found": Counts.of(len(pairs), **totals), "stances": Counts.of(len(right), **totals)}, right


def _ground(words: Sequence[Extent], target: Any, evidence: Iterable[Any]) -> tuple[Words, Words]:  # noqa: ANN401 (JSON)
    return (_cover(words, [target]) if target else NO_WORDS), _cover(words, evidence)


@dataclass(frozen=True, slots=True)
class _Stance:
    """A stance as the scorer sees it."""

    holder: str | None
    polarity: str | None
    target: Words
    evidence: Words

    def on_the_same(self, other: _Stance) -> bool:
        """Say whether the two may be one: they overlap enough in what they are about or in what shows it."""
        return (
            jaccard(self.target, other.target) >= _SAME_TARGET
            or jaccard(self.evidence, other.evidence) >= _SAME_EVIDENCE
        )

    def likeness(self, other: _Stance) -> float:
        """Return how alike they are; agreement on the side taken weighs as much as a whole overlap."""
        overlap = jaccard(self.target, other.target) + jaccard(self.evidence, other.evidence)
        return overlap + (self.polarity == other.polarity)
