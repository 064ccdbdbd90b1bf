"""The stories that came out worst, with what went wrong in each, as a page to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from app.evaluation.scores import Counts
from app.evaluation.slices import StoryResult
from app.evaluation.stories import extent_of

WORST = 20

_WIDTH = 160
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "h2{margin-top:2.5rem}li{margin:.3rem 0}.score{color:#555}"
)


@dataclass(frozen=True, slots=True)
class WorstStory:
    """A story, its score and its errors: (what kind of error, the cases of it)."""

    id: str
    headline: str
    score: Counts
    errors: tuple[tuple[str, tuple[str, ...]], ...]


def worst_stories(results: Iterable[StoryResult], most: int = WORST) -> tuple[WorstStory, ...]:
    """Return the stories with the lowest F1 of quotes with the right speaker, the one with most errors first of equals.

    A story without quotes on either side has no such figure and is left out.
    """
    scored = [(r.score.counts["quotes.speaker"], r) for r in results]
    ranked = sorted(
        ((counts.f1, -counts.missed - counts.spurious, r) for counts, r in scored if counts.f1 is not None),
        key=lambda ranked_story: ranked_story[:2],
    )
    return tuple(_worst(result) for _, _, result in ranked[:most])


def write_page(path: Path, stories: Sequence[WorstStory]) -> None:
    """Write the page: HTML where the file's name ends so, else Markdown."""
    page = html_page(stories) if path.suffix.casefold() in {".html", ".htm"} else markdown_page(stories)
    path.write_text(page, encoding="utf-8")


def markdown_page(stories: Sequence[WorstStory]) -> str:
    """Return the page as Markdown."""
    lines = [f"# {_title(stories)}", ""]
    for number, story in enumerate(stories, 1):
        lines += [f"## {number}. {_marked(story.id)}", "", _marked(story.headline), "", _score(story.score), ""]
        for kind, cases in story.errors:
            lines += [f"**{kind}** ({len(cases)})", "", *(f"- {_marked(case)}" for case in cases), ""]
    return "\n".join(lines)


def html_page(stories: Sequence[WorstStory]) -> str:
    """Return the page as HTML that needs nothing else."""
    parts = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
        f"<title>{_title(stories)}</title><style>{_STYLE}</style></head><body><h1>{_title(stories)}</h1>",
    ]
    for number, story in enumerate(stories, 1):
        parts.append(f"<h2>{number}. {escape(story.id)}</h2><p>{escape(story.headline)}</p>")
        parts.append(f'<p class="score">{_score(story.score)}</p>')
        for kind, cases in story.errors:
            items = "".join(f"<li>{escape(case)}</li>" for case in cases)
            parts.append(f"<h3>{escape(kind)} ({len(cases)})</h3><ul>{items}</ul>")
    return "\n".join([*parts, "</body></html>", ""])


def _title(stories: Sequence[WorstStory]) -> str:
    return f"The {len(stories)} stories that came out worst"


def _score(counts: Counts) -> str:
    return (
        f"Quotes with the right speaker: {counts.found} of {counts.gold}; {counts.predicted} were predicted "
        f"(F1 {100 * (counts.f1 or 0.0):.1f})."
    )


def _marked(words: str) -> str:
    """Return words that Markdown will not take for its own marks."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in words)


def _worst(result: StoryResult) -> WorstStory:
    gold, predicted, score = result.gold, result.predicted, result.score
    text = gold["text"]
    quotes, guesses = gold["quotes"], predicted["quotes"]
    missed = [_quote(text, quotes[o.gold], quotes[o.gold]["speaker"]) for o in score.quotes if o.predicted is None]
    spurious = [_quote(text, guesses[j], _speaker(guesses[j])) for j in score.spurious_quotes]
    wrong = [
        f"{_quote(text, quotes[o.gold], quotes[o.gold]['speaker'])}, but got {_named(_speaker(guesses[o.predicted]))}"
        for o in score.quotes
        if o.predicted is not None and not o.speaker
    ]
    found = {
        "Quotes missed": missed,
        "Quotes with the wrong speaker": wrong,
        "Spurious quotes": spurious,
        "People missed": score.people.missed,
        "Spurious people": score.people.spurious,
        "Organizations missed": score.organizations.missed,
        "Spurious organizations": score.organizations.spurious,
    }
    errors = tuple((kind, tuple(cases)) for kind, cases in found.items() if cases)
    return WorstStory(gold["id"], _short(text.strip().partition("\n")[0]), score.counts["quotes.speaker"], errors)


def _quote(text: str, quote: Mapping[str, Any], speaker: str | None) -> str:
    contents = " … ".join(text[start:end] for start, end in map(extent_of, quote["contents"]))
    return f"{_named(speaker)}: {_short(contents)}"


def _speaker(quote: Mapping[str, Any]) -> str | None:
    speaker: str | None = quote["speaker"]["name"]
    return speaker


def _named(speaker: str | None) -> str:
    return speaker or "nobody"


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1].rstrip() + "…"
