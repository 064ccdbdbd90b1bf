"""Stories with hand annotations that live in the project: strings copied from the story, turned into offsets.

The seeds say how their strings are found (``seeds/SOURCES.md``): contents first, then, for a cue and a source that
occur several times, the occurrences nearest to the contents and to each other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.errors import InputError
from app.evaluation.matching import Extent
from app.ingest.receive import Received, receive

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
HEAD_PARTS = ("section", "title", "byline", "dateline")

Record = dict[str, Any]

_MEDIA_TYPES = {"txt": "text/plain; charset=utf-8", "html": "text/html; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class GoldStory:
    """A story as it is received, and its annotations with offsets into its text, in the shape scorers take.

    ``head`` are the lines above the story by hand; ``left_out`` are strings that stand in a headline which came apart
    from the text, where nothing is annotated.
    """

    received: Received
    head: Mapping[str, str | None]
    record: Record
    left_out: tuple[str, ...] = ()


def read_seeds(folder: Path = SEEDS) -> tuple[GoldStory, ...]:
    """Return the stories of ``folder``/stories with the annotations of ``folder``/gold, by id.

    Raises: InputError naming the story and the string that does not stand in it.
    """
    annotations = sorted((folder / "gold").glob("*.json"))
    if not annotations:
        reason = f"{folder} holds no gold/*.json"
        raise InputError("folder", reason)
    return tuple(_read_seed(folder, path) for path in annotations)


def gold_digest(folder: Path = SEEDS) -> str:
    """Return the SHA-256 over stories and annotations, which tells one state of the gold corpus from another."""
    digest = sha256()
    for path in sorted([*(folder / "stories").iterdir(), *(folder / "gold").glob("*.json")]):
        content = path.read_bytes()
        digest.update(f"{path.parent.name}/{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def gold_attributions(record: Mapping[str, Any]) -> Record:
    """Return the quotes of a gold story as attributions."""
    return {
        "id": record["id"],
        "text": record["text"],
        "attributions": [
            {
                "sources": [q["source"]] if q["source"] else [],
                "cues": [q["cue"]] if q["cue"] else [],
                "contents": q["contents"],
            }
            for q in record["quotes"]
        ],
    }


def locate_quote(text: str, quote: Mapping[str, Any]) -> Record:
    """Return a quote whose strings have become offsets.

    Raises: InputError naming the string that does not stand in the text.
    """
    contents = _locate_contents(text, quote["contents"])
    cue, source = _locate_pair(text, contents, quote["cue"], quote["source"])
    return {**quote, "contents": [list(c) for c in contents], "cue": cue, "source": source}


def locate_stance(text: str, stance: Mapping[str, Any]) -> Record:
    """Return a stance whose evidence and target have become offsets; the target lies in the evidence if it can.

    Raises: InputError naming the string that does not stand in the text.
    """
    start, end = _first(text, stance["evidence"], "evidence")
    inside = _occurrences(text, stance["target"], (start, end))
    target = inside[0] if inside else _first(text, stance["target"], "target")
    return {**stance, "evidence": [start, end], "target": list(target)}


def _read_seed(folder: Path, path: Path) -> GoldStory:
    gold = json.loads(path.read_text(encoding="utf-8"))
    kind = gold["text_kind"]
    story = folder / "stories" / f"{gold['id']}.{kind}"
    received = receive(story.read_bytes(), _MEDIA_TYPES[kind])
    text = received.article.text
    title = (received.article.title or "") if received.document.head.title is None else ""
    try:
        quotes, without = _locatable(gold["quotes"], text, title)
        record = {
            "id": gold["id"],
            "text": text,
            "people": gold["people"],
            "organizations": gold["organizations"],
            "quotes": [locate_quote(text, quote) for quote in quotes],
            "stances": [locate_stance(text, stance) for stance in gold["stances"]],
        }
    except InputError as error:
        raise InputError(gold["id"], str(error)) from error
    return GoldStory(received, {part: gold[part] for part in HEAD_PARTS}, record, without)


def _locatable(quotes: Sequence[Record], text: str, title: str) -> tuple[list[Record], tuple[str, ...]]:
    """Return the quotes that stand in the text, and the contents of those that only a separate title holds."""
    inside: list[Record] = []
    outside: list[str] = []
    for quote in quotes:
        only_in_title = [c for c in quote["contents"] if not _occurrences(text, c) and _occurrences(title, c)]
        outside += only_in_title
        if not only_in_title:
            inside.append(quote)
    return inside, tuple(outside)


def _locate_contents(text: str, contents: Iterable[str]) -> tuple[Extent, ...]:
    """Return where contents stand: each at its first occurrence after the one before it, else at its first."""
    found: list[Extent] = []
    for words in contents:
        after = found[-1][1] if found else 0
        later = _occurrences(text, words, (after, len(text)))
        found.append(later[0] if later else _first(text, words, "contents"))
    return tuple(found)


def _locate_pair(
    text: str, contents: Sequence[Extent], cue: str | None, source: str | None
) -> tuple[list[int] | None, list[int] | None]:
    """Return the occurrences of cue and source that lie nearest to the contents and to each other."""
    cues = _outside(text, contents, cue, "cue")
    sources = _outside(text, contents, source, "source")
    pairs = [(c, s) for c in cues for s in sources if c is None or s is None or not _overlap(c, s)]
    if not pairs:
        raise InputError("source", f"{source!r} and the cue {cue!r} stand on each other")
    best_cue, best_source = min(pairs, key=lambda pair: _total_distance(contents, *pair))
    return (None if best_cue is None else list(best_cue)), (None if best_source is None else list(best_source))


def _outside(text: str, contents: Sequence[Extent], words: str | None, role: str) -> list[Extent] | list[None]:
    """Return where ``words`` stand outside the contents; [None] when there are no words to find."""
    if not words:
        return [None]
    found = [o for o in _occurrences(text, words) if not any(_overlap(o, c) for c in contents)]
    if not found:
        raise InputError(role, f"{words!r} does not stand outside its contents")
    return found


def _total_distance(contents: Sequence[Extent], cue: Extent | None, source: Extent | None) -> int:
    present = [part for part in (cue, source) if part is not None]
    nearest = sum(min(_gap(part, content) for content in contents) for part in present)
    return nearest + (_gap(*present) if cue is not None and source is not None else 0)


def _gap(first: Extent, second: Extent) -> int:
    return max(0, first[0] - second[1], second[0] - first[1])


def _overlap(first: Extent, second: Extent) -> bool:
    return first[0] < second[1] and second[0] < first[1]


def _first(text: str, words: str, role: str) -> Extent:
    found = _occurrences(text, words)
    if not found:
        raise InputError(role, f"{words!r} does not stand in the text")
    return found[0]


def _occurrences(text: str, words: str, within: Extent | None = None) -> list[Extent]:
    """Return where ``words`` stand as whole words; any white space between them matches any other."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    bounded = rf"(?<!\w){pattern}" if words[:1].isalnum() else pattern
    bounded = rf"{bounded}(?!\w)" if words[-1:].isalnum() else bounded
    start, end = within or (0, len(text))
    return [match.span() for match in re.compile(bounded).finditer(text, start, end)]
