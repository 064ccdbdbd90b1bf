"""Readers of the corpora that figures are measured on and weights are learned from.

The corpora stay outside the project; ``../shared/data/README.md`` beside a checkout describes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLAIN_TYPES = {"Person": "person", "Organization": "organization", "Location": "place"}

_GLUED_LEFT = frozenset(",.;:!?%)]}”’…") | {"...", "n't", "n’t"}
_CLITIC = re.compile(r"['’](s|S|re|ve|ll|d|m|t)")
_BARE_CLITIC = re.compile(r"s|S|re|ve|ll|d|m|t")
_GLUED_RIGHT = frozenset("([{“‘$£€#")
_INITIAL = re.compile(r"[A-Z]")


@dataclass(frozen=True, slots=True)
class TaggedStory:
    """A story with its named mentions: ``entities`` are (start, end, corpus type) in text order."""

    id: str
    text: str
    entities: tuple[tuple[int, int, str], ...]


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of a file that holds one a line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def read_worldwide(path: Path) -> Iterator[TaggedStory]:
    """Yield the stories of English Worldwide Newswire as running text with offsets.

    The corpus is tokens; they are joined again as a newspaper would print them, its sentence units as paragraphs.
    """
    for record in read_lines(path):
        units: list[str] = []
        entities: list[tuple[int, int, str]] = []
        position = 0
        for unit in record["sentences"]:
            text, extents = join_tokens(unit["tokens"])
            entities.extend((position + a, position + b, kind) for a, b, kind in _chunks(extents, unit["tags"]))
            units.append(text)
            position += len(text) + 2
        yield TaggedStory("worldwide/" + record["id"], "\n\n".join(units), tuple(entities))


def join_tokens(tokens: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Return running text for ``tokens`` and where each token stands in it."""
    parts: list[str] = []
    extents: list[tuple[int, int]] = []
    length = 0
    quoted = False
    glue = True
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else ""
        after = tokens[index + 1] if index + 1 < len(tokens) else ""
        left, right = glue or _glues_left(tokens, index), token in _GLUED_RIGHT
        if token == '"':
            left, right = (glue or quoted), not quoted
            quoted = not quoted
        elif (token in {"-", "/"} and before[-1:].isalnum() and after[:1].isalnum()) or (
            token in {"'", "’"} and _BARE_CLITIC.fullmatch(after) and before[-1:].isalnum()
        ):
            left = right = True
        if not left and length:
            parts.append(" ")
            length += 1
        extents.append((length, length + len(token)))
        parts.append(token)
        length += len(token)
        glue = right
    return "".join(parts), extents


def _glues_left(tokens: list[str], index: int) -> bool:
    token = tokens[index]
    before = tokens[index - 1] if index else ""
    if token in _GLUED_LEFT or _CLITIC.fullmatch(token) or (token == "'" and before.endswith("s")):
        return True
    if token == "." and _INITIAL.fullmatch(before):
        return True
    return bool(
        _INITIAL.fullmatch(token) and before == "." and index > 1 and _INITIAL.fullmatch(tokens[index - 2]),
    )


def _chunks(extents: list[tuple[int, int]], tags: list[str]) -> Iterator[tuple[int, int, str]]:
    current: tuple[int, int, str] | None = None
    for (start, end), tag in zip(extents, tags, strict=True):
        if tag.startswith("I-") and current is not None and current[2] == tag[2:]:
            current = (current[0], end, current[2])
            continue
        if current is not None:
            yield current
        current = None if tag == "O" else (start, end, tag[2:])
    if current is not None:
        yield current
