"""Accuracy by kind: what the totals hide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.annotate.lexicons.speech import is_speech_cue
from app.evaluation.attributions import AttributionScore, Outcome
from app.evaluation.matching import WORD, Extent, find_words
from app.evaluation.names import plain_name
from app.evaluation.scores import Counts, add_scores, share
from app.evaluation.stories import QuoteOutcome, StoryScore, extent_of
from app.evaluation.tables import Table, Value

Record = Mapping[str, Any]

REGIONS = {
    "Africa": "af afs alg eg ghana kenya mauritius nm panaf",
    "Middle East": "iran israel jr kw oman qt saud uae",
    "Asia and the Pacific": "aus bangladesh cn in jp kr mong my nz pk th tw",
    "Latin America and the Caribbean": (
        "arg chile cosric cosrica cuba ecuador elsalv guyana hond mex nic pan paraguay peru uruguay ven"
    ),
    "North America": "canada",
}
_REGION_OF = {outlet: region for region, outlets in REGIONS.items() for outlet in outlets.split()}
_PRONOUNS = frozenset(
    "he she they it we i you him her them us me who his hers their its that this one both".split()  # noqa: SIM905 (a word list)
)
_DISTANCES = ((3, "within 3 words"), (10, "4 to 10 words"), (30, "11 to 30 words"))
_LENGTHS = ((400, "up to 400 words"), (550, "401 to 550 words"))
_FARTHER, _LONGER = "farther", "longer"
_BRACKETS = [*(name for _, name in _DISTANCES), _FARTHER, *(name for _, name in _LENGTHS), _LONGER]
_STORY_FIGURES = ("people", "organizations", "quotes.found", "quotes.attributed", "quotes.speaker")
_RECALL_COLUMNS = ("found", "attributed", "speaker", "gold")


@dataclass(frozen=True, slots=True)
class StoryResult:
    """A gold story, what was predicted for it, and how the two compare."""

    gold: Record
    predicted: Record
    score: StoryScore


def attribution_kinds(results: Iterable[tuple[Record, AttributionScore]]) -> Table:
    """Return recall by kind: direct or indirect, with a cue of speech, another or none.

    Direct is an attribution with at least half of its content's words in quotation marks.
    """
    groups: dict[str, list[Outcome]] = {}
    for record, score in results:
        for outcome in score.outcomes:
            groups.setdefault(_kind(record, outcome), []).append(outcome)
    rows: dict[str, tuple[Value, ...]] = {}
    for kind in sorted(groups):
        outcomes = groups[kind]
        found = sum(o.predicted is not None for o in outcomes)
        right = sum(o.attributed for o in outcomes)
        rows[kind] = (share(found, len(outcomes)), share(right, len(outcomes)), len(outcomes))
    return Table("attributions by kind (recall)", ("found", "attributed", "gold"), rows)


def story_slices(results: Sequence[StoryResult]) -> tuple[Table, ...]:
    """Return the tables of whole stories by publisher, region and length, and of quotes by what they are like."""
    return (
        _by_story("stories (F1) by publisher group", results, lambda r: str(r.gold["id"]).partition("/")[0]),
        _by_story("stories (F1) by region", results, lambda r: region_of(r.gold["id"])),
        _by_story(
            "stories (F1) by length", results, lambda r: _bracket(len(r.gold["text"].split()), _LENGTHS, _LONGER)
        ),
        _by_quote("quotes by type (recall)", results, lambda _, q: str(q["type"])),
        _by_quote("quotes by form of the source (recall)", results, source_form),
        _by_quote("quotes by distance of the source (recall)", results, lambda r, q: source_distance(r["text"], q)),
    )


def region_of(story_id: str) -> str:
    """Return the region of a story's publisher, by the corpora's names of outlets."""
    group, _, rest = story_id.partition("/")
    if group == "polnear":
        return "North America"
    return _REGION_OF.get((rest or group).split("_")[0].casefold(), "other")


def source_form(story: Record, quote: Record) -> str:
    """Return how a gold quote names its source: by name, by pronoun, by description, or not at all."""
    if not quote["source"]:
        return "none"
    start, end = extent_of(quote["source"])
    words = [w.casefold() for w in WORD.findall(story["text"][start:end])]
    if words and words[0] in _PRONOUNS and len(words) == 1:
        return "pronoun"
    names = [n for e in (*story["people"], *story["organizations"]) for n in (e["name"], *e["names"])]
    if quote["status"] == "resolved":
        names.append(quote["speaker"])
    source = f" {' '.join(words)} "
    return "name" if any(plain and f" {plain} " in source for plain in map(plain_name, names)) else "description"


def source_distance(text: str, quote: Record) -> str:
    """Return how many words lie between a gold quote's source and the nearest of its contents."""
    if not quote["source"]:
        return "no source"
    start, end = extent_of(quote["source"])
    gap = min(_words_between(text, (start, end), extent_of(c)) for c in quote["contents"])
    return _bracket(gap, _DISTANCES, _FARTHER)


def _words_between(text: str, first: Extent, second: Extent) -> int:
    left, right = sorted((first, second))
    return len(find_words(text[left[1] : right[0]]))


def _bracket(number: int, brackets: Iterable[tuple[int, str]], beyond: str) -> str:
    return next((name for most, name in brackets if number <= most), beyond)


def _kind(record: Record, outcome: Outcome) -> str:
    text, attribution = record["text"], record["attributions"][outcome.gold.record]
    direct = 2 * len(outcome.quoted) >= len(outcome.gold.content)
    cues = [text[start:end] for start, end in attribution["cues"]]
    cue = "no cue" if not cues else "speech cue" if is_speech_cue(" ".join(cues)) else "other cue"
    return f"{'direct' if direct else 'indirect'}, {cue}"


def _by_story(title: str, results: Iterable[StoryResult], slice_of: Callable[[StoryResult], str]) -> Table:
    groups: dict[str, list[Mapping[str, Counts]]] = {}
    for result in results:
        counts = {name: result.score.counts[name] for name in _STORY_FIGURES}
        groups.setdefault(slice_of(result), []).append(counts)
    rows: dict[str, tuple[Value, ...]] = {}
    for name in sorted(groups, key=_place):
        total = add_scores(groups[name], _STORY_FIGURES)
        rows[name] = (*(counts.f1 for counts in total.values()), len(groups[name]), total["quotes.found"].gold)
    return Table(title, (*_STORY_FIGURES, "stories", "gold quotes"), rows)


def _by_quote(title: str, results: Iterable[StoryResult], slice_of: Callable[[Record, Record], str]) -> Table:
    groups: dict[str, list[QuoteOutcome]] = {}
    for result in results:
        for outcome in result.score.quotes:
            quote = result.gold["quotes"][outcome.gold]
            groups.setdefault(slice_of(result.gold, quote), []).append(outcome)
    rows: dict[str, tuple[Value, ...]] = {}
    for name in sorted(groups, key=_place):
        outcomes = groups[name]
        right = (
            sum(o.predicted is not None for o in outcomes),
            sum(o.attributed for o in outcomes),
            sum(o.speaker for o in outcomes),
        )
        rows[name] = (*(share(number, len(outcomes)) for number in right), len(outcomes))
    return Table(title, _RECALL_COLUMNS, rows)


def _place(name: str) -> tuple[int, str]:
    """Return where a slice stands in its table: brackets by size, the rest by name."""
    return (_BRACKETS.index(name) if name in _BRACKETS else len(_BRACKETS)), name
