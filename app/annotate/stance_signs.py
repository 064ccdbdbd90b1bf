"""What shows that somebody takes a side in a sentence: words and their families, cues, and the reader's own scores."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from app.annotate.cast import Cast
from app.annotate.chunks import Words
from app.annotate.encoder import Reading
from app.annotate.lexicons.leanings import leanings_of
from app.annotate.stance_cases import Case
from app.annotate.stance_rules import attitude_noun, cue_polarity, judges
from app.annotate.takings import Taking

BEFORE = 3  # words before a name that tell of it
AFTER = 6  # words after a name that count for its own
MOST = 4  # of a family, more words say no more
_SHORT, _LONG = 4, 40  # words
_LEAST = 1e-4  # the least probability of a tag that is told from none
_WORD = re.compile(r"\w+(?:[’'\-.]\w+)*|[!?:]")
# Who does what the sentence says of another: "condemned by", "backed by Prime Minister".
_PASSIVE = re.compile(r"\b(?P<verb>\w+(?:ed|en|ght|ld|de))\s+(?:\w+ly\s+)?by\s+(?:the\s+)?(?:[\w.’'-]+\s+){0,4}$")
_SIGN = {"supports": 1.0, "opposes": -1.0}


def signs_of(case: Case, cast: Cast, text: str) -> dict[str, float]:
    """Return the signs that the words of a case give, by name."""
    found: dict[str, float] = {}
    if case.name is None:
        body = " ".join(part.of(text) for part in case.parts)
        _speech(case, text, found)
    else:
        body = text[case.mention.end : case.sentence.end]
        _naming(case, cast, text, body, found)
    words = _folded(body)
    for word in words:
        found["w=" + word] = 1.0
    if case.name is None:
        for left, right in pairwise(words):
            found[f"b={left}_{right}"] = 1.0
        for word in words[:2]:
            found["first=" + word] = 1.0
    _families("", words, found)
    found["length"] = min(len(words), _LONG) / (_LONG / 2)
    found["short"] = float(len(words) < _SHORT)
    found["quoted"] = float("“" in body or '"' in body)
    found["judges"] = float(judges(body))
    found[f"body={cue_polarity(body)}"] = 1.0
    return found


def _speech(case: Case, text: str, found: dict[str, float]) -> None:
    source = case.source
    if source is not None:
        found["status=" + source.status] = found["how=" + source.method] = 1.0
    here = [cue for cue in case.cues if cue.overlaps(case.sentence)]
    found["cue here"] = float(bool(here))
    for cue in here or case.cues[:1]:
        words = _folded(cue.of(text))
        for word in words:
            found[("cue=" if here else "far=") + word] = 1.0
        _families("cue ", words, found)
        found[f"side={cue_polarity(cue.of(text))}"] = 1.0


def _naming(case: Case, cast: Cast, text: str, body: str, found: dict[str, float]) -> None:
    before = text[case.sentence.start : case.mention.start]
    found["within"] = float(case.within)
    found["type=" + cast.types[case.name or 0]] = 1.0
    found["opens"] = float(not before.strip())
    after = _folded(body)[:AFTER]
    for place, word in enumerate(after[:3]):
        found[f"after{place}={word}"] = 1.0
    for word in after:
        found["after=" + word] = 1.0
    for word in _folded(before)[-2:]:
        found["before=" + word] = 1.0
    _families("after ", after, found)
    _families("before ", _folded(before)[-BEFORE:], found)
    found[f"near={cue_polarity(' '.join(after))}"] = 1.0
    passive = _PASSIVE.search(before)
    if passive is not None:
        found["passive"] = 1.0
        found[f"by={cue_polarity(passive['verb'])}"] = 1.0
        _families("by ", [passive["verb"].lower()], found)
    noun = attitude_noun(text, case.mention, case.sentence.end)
    if noun is not None:
        found["noun=" + noun.polarity] = 1.0


def _folded(words: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(words)]


def _families(where: str, words: Sequence[str], found: dict[str, float]) -> None:
    for family, count in Counter(family for word in words for family in leanings_of(word)).items():
        found[f"{where}has {family}"] = 1.0
        found[f"{where}much {family}"] = min(count, MOST) / 2


def scores_of(case: Case, takings: Sequence[Taking], reading: Reading, words: Words) -> dict[str, float]:
    """Return what the reader says of a case: its tags there, and the stances it found in the sentence.

    ``takings`` are those of the story; each counts for its holder, and differently for the others in its sentence.
    """
    spans = case.parts or (case.sentence,)
    rows = np.concatenate([words.pieces[found.start : found.stop] for found in map(words.covered, spans)])
    tags = np.exp(reading.tags["stance"][rows]) if len(rows) else np.zeros((1, reading.tags["stance"].shape[1]))
    supports, opposes = float(tags[:, 1:3].sum()), float(tags[:, 3:5].sum())
    here = [t for t in takings if t.target.overlaps(case.sentence)]
    mine = [t for t in here if case.is_held_by(t.group, t.mention) and case.has(t.target)]
    read = [t.score for t in mine if t.method != "rule"]
    others = [t.score for t in here if not case.is_held_by(t.group, t.mention)]
    return {
        "opens": float(np.log(_LEAST + tags[:, 1:4:2].max())) / 5,
        "marked": float(np.log(_LEAST + tags[:, 1:].max())) / 5,
        "mass": (supports + opposes) / 5,
        "held": float(bool(read)),
        "held surely": max(read, default=0.0),
        "ruled": float(len(mine) > len(read)),
        "of another": float(bool(others)),
        "surely of another": max(others, default=0.0),
        "leans": (supports - opposes) / max(supports + opposes, _LEAST),
        "held side": max((t.score * _SIGN.get(t.polarity, 0.0) for t in mine), key=abs, default=0.0),
    }


def sides_of(signs: Mapping[str, float]) -> dict[str, float]:
    """Return what the cue lexicons say of the side, 1 for and -1 against, by where they say it."""
    return {
        name: sum(sign * signs.get(f"{name}={side}", 0.0) for side, sign in _SIGN.items())
        for name in ("side", "body", "noun", "near", "by")
    }
