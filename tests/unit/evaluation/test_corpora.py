from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.evaluation.corpora import TaggedStory, join_tokens, read_lines, read_worldwide


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (["He", "left", ",", "then", "came", "back", "."], "He left, then came back."),
        (["She", "said", ":", '"', "Not", "now", ".", '"', "Later"], 'She said: "Not now." Later'),
        (["the", "mayor", "'s", "office"], "the mayor's office"),
        (["the", "mayor", "’", "s", "office"], "the mayor’s office"),
        (["the", "boys", "'", "school"], "the boys' school"),
        (["a", "well", "-", "known", "yes", "/", "no"], "a well-known yes/no"),
        (["he", "-", "who", "else", "-"], "he-who else -"),
        (["J", ".", "R", ".", "Smith"], "J.R. Smith"),
        (["J", ".", "Smith"], "J. Smith"),
        (["it", "does", "n't"], "it doesn't"),
        (["(", "in", "Oslo", ")", "$", "5"], "(in Oslo) $5"),
        ([], ""),
    ],
)
def test_tokens_become_text_as_a_newspaper_prints_it(tokens: list[str], text: str) -> None:
    joined, extents = join_tokens(tokens)

    assert joined == text
    assert [joined[a:b] for a, b in extents] == tokens


def test_tags_become_mentions_with_offsets_over_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "dev.jsonl"
    units = [
        {"tokens": ["Ana", "Ruiz", "Oslo", "."], "tags": ["B-Person", "I-Person", "B-Location", "O"]},
        {"tokens": ["The", "Port", "Board"], "tags": ["O", "I-Organization", "I-Organization"]},
    ]
    path.write_text(json.dumps({"id": "x", "sentences": units}) + "\n", encoding="utf-8")

    assert list(read_worldwide(path)) == [
        TaggedStory(
            "worldwide/x",
            "Ana Ruiz Oslo.\n\nThe Port Board",
            ((0, 8, "Person"), (9, 13, "Location"), (20, 30, "Organization")),
        )
    ]


def test_empty_lines_are_no_records(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n\n  \n{"a": 2}\n', encoding="utf-8")

    assert list(read_lines(path)) == [{"a": 1}, {"a": 2}]
