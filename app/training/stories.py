"""Annotated training stories as examples: quotes, speakers, names, offices and stances by the project's guide.

The annotations are stand-off: names and offsets beside a document id and the text's SHA-256; the texts come from the
corpora. Strings that the guide keeps as strings (names, titles) are found again in the text here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from app.evaluation.corpora import read_lines, read_worldwide
from app.training.examples import (
    IGNORED,
    NAME_CLASSES,
    NOWHERE,
    Example,
    label_attributions,
    make_example,
)

REMOTE = 400  # code points beyond which a mention is not taken for a stance's holder
NEAR = 160  # code points between a title and the name that it belongs to


def corpus_texts(data: Path) -> dict[str, str]:
    """Return the texts of the training corpora by the ids that annotations use."""
    texts = {"polnear/" + r["id"]: r["text"] for r in read_lines(data / "polnear" / "train.jsonl")}
    return texts | {s.id: s.text for s in read_worldwide(data / "worldwide" / "train.jsonl")}


def read_stories(tokenizer: Tokenizer, path: Path, data: Path, *, repeat: int = 1) -> Iterator[Example]:
    """Yield the annotated stories of ``path``, each ``repeat`` times, texts taken from the corpora in ``data``."""
    texts = corpus_texts(data)
    named = {s.id: s.entities for s in read_worldwide(data / "worldwide" / "train.jsonl")}
    for record in read_lines(path):
        text = texts[record["id"]]
        if hashlib.sha256(text.encode()).hexdigest() != record["sha256"]:
            continue
        example = make_example(tokenizer, record["id"], text)
        label_story(example, text, record, named.get(record["id"]))
        for _ in range(repeat):
            yield example


def label_story(
    example: Example, text: str, record: dict[str, Any], named: tuple[tuple[int, int, str], ...] | None
) -> None:
    """Add every label that a story's annotation gives."""
    people = {p["name"]: _found(text, [p["name"], *p["names"]]) for p in record["people"]}
    bodies = {o["name"]: _found(text, [o["name"], *o["names"]]) for o in record["organizations"]}
    label_attributions(example, [_as_attribution(q) for q in record["quotes"] if q["cue"] is not None])
    for quote in record["quotes"]:
        if quote["cue"] is None:
            for start, end in quote["contents"]:
                for piece in example.firsts(start, end):
                    example.tags["attribution"][piece] = IGNORED
    _label_actors(example, people, bodies)
    if named is not None:
        example.open_tags("name")
        for start, end, kind in named:
            if kind in NAME_CLASSES:
                example.tag("name", NAME_CLASSES[kind], start, end)
    _label_speakers(example, text, record, people | bodies)
    _label_offices(example, text, record, people)
    _label_stances(example, text, record, people | bodies)


def _as_attribution(quote: dict[str, Any]) -> dict[str, Any]:
    return {
        "sources": [quote["source"]] if quote["source"] else [],
        "cues": [quote["cue"]],
        "contents": quote["contents"],
    }


def _found(text: str, names: list[str]) -> list[tuple[int, int]]:
    """Return where the names stand, the longest first, without overlap, in text order."""
    taken: list[tuple[int, int]] = []
    for name in sorted(set(names), key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            if not any(match.start() < b and a < match.end() for a, b in taken):
                taken.append(match.span())
    return sorted(taken)


def _label_actors(
    example: Example, people: dict[str, list[tuple[int, int]]], bodies: dict[str, list[tuple[int, int]]]
) -> None:
    example.open_tags("actor")
    spans = [
        (b - a, a, b, kind)
        for kind, group in (("person", people), ("organization", bodies))
        for found in group.values()
        for a, b in found
    ]
    taken: list[tuple[int, int]] = []
    for _, start, end, kind in sorted(spans, reverse=True):
        if not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            example.tag("actor", kind, start, end)


def _label_speakers(
    example: Example, text: str, record: dict[str, Any], actors: dict[str, list[tuple[int, int]]]
) -> None:
    asks = np.zeros(len(example.pieces), dtype=np.int32)
    clusters = np.zeros(len(example.pieces), dtype=np.int32)
    speakers = {q["speaker"] for q in record["quotes"] if q["status"] == "resolved" and q["speaker"]}
    known = dict(actors) | {s: _found(text, [s]) for s in speakers if s not in actors}
    numbers = {name: n for n, name in enumerate(known, start=1)}
    for name, found in known.items():
        for start, end in found:
            piece = example.first_piece(start, end)
            if piece is not None:
                clusters[piece] = numbers[name]
    for quote in record["quotes"]:
        if quote["source"] is None:
            continue
        start, end = quote["source"]
        piece = example.first_piece(start, end)
        own = known.get(quote["speaker"] or "", [])
        if piece is None or any(start <= a and b <= end for a, b in own):
            continue
        if quote["status"] == "resolved" and own:
            asks[piece] = numbers[quote["speaker"]]
        elif quote["status"] in {"anonymous", "collective"}:
            asks[piece] = -1
    example.asks, example.clusters = asks, clusters


def _label_offices(
    example: Example, text: str, record: dict[str, Any], people: dict[str, list[tuple[int, int]]]
) -> None:
    tags = example.open_tags("title")
    owners, bodies = example.open_link("title_person"), example.open_link("title_organization")
    for person in record["people"]:
        for office in person.get("offices", []):
            places = _found(text, [office["title"]])
            pairs = [(max(0, a - d, c - b), (a, b), (c, d)) for a, b in places for c, d in people[person["name"]]]
            for place in places:
                for piece in example.firsts(*place):
                    if tags[piece] == 0:
                        tags[piece] = IGNORED
            near = [
                p for p in pairs if p[0] <= NEAR and "\n" not in text[min(p[1][0], p[2][0]) : max(p[1][1], p[2][1])]
            ]
            if not near:
                continue
            _, title, name = min(near)
            example.tag("title", "title", *title)
            piece, owner = example.first_piece(*title), example.first_piece(*name)
            if piece is None or owner is None:
                continue
            owners[piece] = owner
            if office["organization"] is None:
                bodies[piece] = NOWHERE
            else:
                where = [p for p in _found(text, [office["organization"]]) if abs(p[0] - title[0]) < 2 * NEAR]
                body = example.first_piece(*min(where, key=lambda p: abs(p[0] - title[0]))) if where else None
                bodies[piece] = IGNORED if body is None else body


def _label_stances(
    example: Example, text: str, record: dict[str, Any], actors: dict[str, list[tuple[int, int]]]
) -> None:
    tags, holders = example.open_tags("stance"), example.open_link("stance_holder")
    for stance in record["stances"]:
        start, end = stance["target"]
        if stance["polarity"] not in {"supports", "opposes"}:
            for piece in example.firsts(start, end):
                tags[piece] = IGNORED
            continue
        if any(tags[p] > 0 for p in example.firsts(start, end)):
            continue
        example.tag("stance", stance["polarity"], start, end)
        holder = _holder(text, record, stance, actors)
        piece = example.first_piece(start, end)
        if piece is not None and holder is not None:
            owner = example.first_piece(*holder)
            holders[piece] = IGNORED if owner is None else owner


def _holder(
    text: str, record: dict[str, Any], stance: dict[str, Any], actors: dict[str, list[tuple[int, int]]]
) -> tuple[int, int] | None:
    """Return the mention of the holder that the stance hangs on: the quote's source, else the nearest mention."""
    start, end = stance["target"]
    for quote in record["quotes"]:
        if (
            quote["speaker"] == stance["holder"]
            and quote["source"]
            and any(a < end and start < b for a, b in quote["contents"])
        ):
            source: tuple[int, int] = tuple(quote["source"])
            return source
    found = actors.get(stance["holder"]) or _found(text, [stance["holder"]])
    low, high = stance["evidence"]
    inside = [p for p in found if low <= p[0] and p[1] <= high] or [p for p in found if abs(p[0] - start) < REMOTE]
    return min(inside, key=lambda p: abs(p[0] - start)) if inside else None
