"""Records made by chance from a seed: a gold side, and a predicted side that errs in every way a scorer knows."""

from __future__ import annotations

import random
from typing import Any

from app.evaluation.matching import find_words

Record = dict[str, Any]

PEOPLE = ["Robert M. Gates", "Mayor Ana Ruiz", "Ruiz", "O'Neill", "“The Doctor", "Li Wei", "Sen. Amy Park"]
BODIES = ["the Harbor Board", "Council", "Prime Minister Office", "U.N.", "Kestrel's", "Ministry of Water"]
TITLES = ["Defense Secretary", "secretary", "mayor", "lawyer for the board", "chief of the water board"]
MARKS = ['"', '"', "“", "”", "``", "''", ",", ".", "\n\n", "’s", "the ", "The ", "An "]
LETTERS = "abcdefghij"


def make_text(chance: random.Random) -> str:
    """Return words and marks in paragraphs, with quotation marks that do and do not close."""
    parts: list[str] = []
    for _ in range(chance.randrange(60, 220)):
        parts.append("".join(chance.choices(LETTERS, k=chance.randrange(1, 6))))
        if chance.random() < 0.3:
            parts.append(chance.choice(MARKS))
        parts.append(" ")
    return "".join(parts)


def span_in(chance: random.Random, text: str, longest: int = 9) -> list[int]:
    """Return a span that begins and ends with words."""
    words = find_words(text)
    first = chance.randrange(len(words))
    last = min(first + chance.randrange(longest), len(words) - 1)
    return [words[first][0], words[last][1]]


def moved(chance: random.Random, text: str, span: list[int]) -> list[int]:
    """Return the span as it is, or with its ends moved a little."""
    if chance.random() < 0.5:
        return list(span)
    start = max(0, span[0] + chance.randrange(-12, 13))
    return [start, min(len(text), max(start + 1, span[1] + chance.randrange(-12, 13)))]


def make_attributions(seed: int, documents: int = 6) -> tuple[list[Record], list[Record]]:
    """Return gold and predicted attributions; a document of the gold ones is missing from the predicted ones."""
    chance = random.Random(seed)
    gold, predicted = [], []
    for number in range(documents):
        text = make_text(chance)
        mine = [_attribution(chance, text) for _ in range(chance.randrange(0, 9))]
        theirs = [_guess(chance, text, a) for a in mine if chance.random() < 0.8]
        theirs += [_attribution(chance, text) for _ in range(chance.randrange(0, 3))]
        chance.shuffle(theirs)
        gold.append({"id": f"d{number}", "text": text, "attributions": mine})
        if number != 1:
            predicted.append({"id": f"d{number}", "attributions": theirs})
    return gold, predicted


def _attribution(chance: random.Random, text: str) -> Record:
    return {
        "sources": [span_in(chance, text, 4) for _ in range(chance.choice([0, 1, 1, 1, 2]))],
        "cues": [span_in(chance, text, 2) for _ in range(chance.choice([0, 1, 1, 1]))],
        "contents": [span_in(chance, text, 18) for _ in range(chance.choice([0, 1, 1, 1, 2, 2]))],
    }


def _guess(chance: random.Random, text: str, gold: Record) -> Record:
    return {
        role: [moved(chance, text, span) for span in gold[role] if chance.random() < 0.9]
        for role in ("sources", "cues", "contents")
    }


def make_entities(seed: int, documents: int = 6) -> tuple[list[Record], list[Record]]:
    """Return gold and predicted named mentions, some of types that do not count."""
    chance = random.Random(seed)
    gold, predicted = [], []
    types = ["person", "organization", "place", "group", "event"]
    for number in range(documents):
        text = make_text(chance)
        mine: list[list[Any]] = [
            [*span_in(chance, text, 4), chance.choice(types)] for _ in range(chance.randrange(0, 20))
        ]
        theirs: list[list[Any]] = [
            [*moved(chance, text, e[:2]), e[2] if chance.random() < 0.8 else chance.choice(types)]
            for e in mine
            if chance.random() < 0.9
        ]
        gold.append({"id": f"d{number}", "text": text, "entities": mine})
        if number != 2:
            predicted.append({"id": f"d{number}", "entities": theirs})
    return gold, predicted


def make_stories(seed: int, stories: int = 5) -> tuple[list[Record], list[Record]]:
    """Return gold stories and predicted analyses, in the two shapes that the story scorer takes."""
    chance = random.Random(seed)
    gold, predicted = [], []
    for number in range(stories):
        text = make_text(chance)
        story = {
            "id": f"s{number}",
            "text": text,
            "people": [_person(chance, name) for name in chance.sample(PEOPLE, k=4)],
            "organizations": [{"name": n, "names": [n, n.upper()]} for n in chance.sample(BODIES, k=3)],
            "quotes": [_quote(chance, text) for _ in range(chance.randrange(0, 9))],
            "stances": [_stance(chance, text) for _ in range(chance.randrange(0, 5))],
        }
        gold.append(story)
        if number != 1:
            predicted.append(_analysis(chance, story))
    return gold, predicted


def _person(chance: random.Random, name: str) -> Record:
    titles = chance.sample(TITLES, k=chance.randrange(0, 3))
    offices = [{"title": t, "organization": None, "tense": "current"} for t in titles]
    return {"name": name, "names": [name, name.rsplit(maxsplit=1)[-1]], "offices": offices}


def _quote(chance: random.Random, text: str) -> Record:
    return {
        "type": chance.choice(["direct", "indirect", "mixed"]),
        "contents": [span_in(chance, text, 14) for _ in range(chance.choice([1, 1, 2]))],
        "cue": span_in(chance, text, 1),
        "source": span_in(chance, text, 3) if chance.random() < 0.8 else None,
        "speaker": chance.choice([*PEOPLE, *BODIES, "protesters", None]),
        "status": chance.choice(["resolved", "resolved", "resolved", "anonymous", "collective", "unresolved"]),
    }


def _stance(chance: random.Random, text: str) -> Record:
    return {
        "holder": chance.choice([*PEOPLE, *BODIES]),
        "polarity": chance.choice(["supports", "opposes", "mixed"]),
        "target": span_in(chance, text, 6),
        "evidence": span_in(chance, text, 14),
        "issue": "an issue",
    }


def _analysis(chance: random.Random, story: Record) -> Record:
    text = story["text"]
    names = [e["name"] for e in story["people"]] + [chance.choice(PEOPLE)]
    offices = [
        {"kind": "office", "person": {"name": p["name"]}, "title": chance.choice([o["title"], *TITLES])}
        for p in story["people"]
        for o in p["offices"]
        if chance.random() < 0.9
    ]
    return {
        "id": story["id"],
        "people": [{"name": _said(chance, n)} for n in names if chance.random() < 0.8],
        "organizations": [{"name": _said(chance, n)} for n in chance.sample(BODIES, k=3)],
        "quotes": [_reported(chance, text, q) for q in story["quotes"] if chance.random() < 0.9],
        "positions": [*offices, *(_taken(chance, text, s) for s in story["stances"] if chance.random() < 0.9)],
    }


def _said(chance: random.Random, name: str) -> str:
    return chance.choice(
        [name, name, name.lower(), f"The {name}", f"{name}'s", name.rsplit(maxsplit=1)[-1], f"Dr. {name}"]
    )


def _reported(chance: random.Random, text: str, quote: Record) -> Record:
    source = quote["source"]
    speaker = {
        "status": quote["status"] if chance.random() < 0.8 else "unresolved",
        "name": _said(chance, quote["speaker"]) if quote["speaker"] and chance.random() < 0.8 else None,
        "mention": _object(moved(chance, text, source)) if source and chance.random() < 0.8 else None,
    }
    return {
        "type": chance.choice([quote["type"], "direct", "indirect"]),
        "contents": [_object(moved(chance, text, c)) for c in quote["contents"]],
        "cue": None,
        "speaker": speaker,
    }


def _taken(chance: random.Random, text: str, stance: Record) -> Record:
    return {
        "kind": "stance",
        "holder": {"name": _said(chance, stance["holder"])},
        "polarity": chance.choice([stance["polarity"], "opposes"]),
        "target": _object(moved(chance, text, stance["target"])) if chance.random() < 0.9 else None,
        "evidence": [_object(moved(chance, text, stance["evidence"]))],
    }


def _object(span: list[int]) -> Record:
    return {"field": "body", "start": span[0], "end": span[1]}
