"""A folder with a small corpus of every kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

STORY = (
    'Ana Ruiz met the Harbor Board in Oslo. "We waited too long for this bridge," Ana Ruiz said.\n\n'
    '"It was never going to be cheap," she said. According to Bo Lind, the bridge will close in May.\n\n'
    '"Nobody asked the fishermen," Bo Lind said.'
)


def at(words: str) -> list[int]:
    """Return where ``words`` stand last in the story."""
    start = STORY.rindex(words)
    return [start, start + len(words)]


def write_corpora(folder: Path) -> Path:
    """Write one document for each corpus that is known, and return the folder."""
    _write(folder / "polnear" / "dev.jsonl", [{"id": "p", "text": STORY, "attributions": attributions()}])
    sentence = {
        "tokens": ["Ana", "Ruiz", "left", "Oslo", "on", "Monday", "."],
        "tags": ["B-Person", "I-Person", "O", "B-Location", "O", "B-Date", "O"],
    }
    _write(folder / "worldwide" / "dev.jsonl", [{"id": "w", "sentences": [sentence]}])
    _write(folder / "stories" / "dev.jsonl", [gold_story("polnear/a"), gold_story("worldwide/kenya_thestandard_1")])
    _write_gum(folder / "gum" / "GUM_news_bridge.conllu")
    return folder


def attributions() -> list[dict[str, Any]]:
    """Return the story's attributions as PolNeAR writes them."""
    return [
        {"sources": [at("Ana Ruiz")], "cues": [at("said")], "contents": [at('"We waited too long for this bridge,"')]},
        {"sources": [at("Bo Lind,")], "cues": [at("According to")], "contents": [at("the bridge will close in May")]},
        {"sources": [], "cues": [at("going")], "contents": [at("to be cheap")]},
        {"sources": [], "cues": [], "contents": [at("this bridge")]},
    ]


def gold_story(story_id: str) -> dict[str, Any]:
    """Return the story as hand annotations hold it."""
    return {
        "id": story_id,
        "text": STORY,
        "people": [{"name": "Ana Ruiz", "names": ["Ana Ruiz"], "offices": []}],
        "organizations": [{"name": "Harbor Board", "names": ["Harbor Board"]}, {"name": "Port", "names": ["Port"]}],
        "quotes": [
            _quote("direct", '"We waited too long for this bridge,"', "Ana Ruiz", "Ana Ruiz", "resolved"),
            _quote("direct", '"It was never going to be cheap,"', "she said", "Ana Ruiz", "resolved"),
            _quote("indirect", "the bridge will close in May", "Bo Lind,", "Bo Lind", "resolved"),
            _quote("mixed", "will close", None, None, "unresolved"),
        ],
        "stances": [],
    }


def _quote(kind: str, contents: str, source: str | None, speaker: str | None, status: str) -> dict[str, Any]:
    return {
        "type": kind,
        "contents": [at(contents)],
        "cue": None,
        "source": None if source is None else at(source),
        "speaker": speaker,
        "status": status,
    }


def _write(path: Path, records: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def _write_gum(path: Path) -> None:
    path.parent.mkdir(parents=True)
    words = [
        ("Ana", "Entity=(1-person-new-sssss-cf1-1,2-coref"),
        ("Ruiz", "Entity=1)"),
        ("saw", "_"),
        ("Ana", "Entity=(1-person-giv-sssss-cf1-1,2-coref"),
        ("Ruiz", "Entity=1)"),
    ]
    lines = ["\t".join([str(n), word, *["_"] * 7, misc]) for n, (word, misc) in enumerate(words, 1)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
