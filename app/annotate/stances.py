"""Stances: who is for or against what, with the words that show it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.annotate.attribution import REACH, Links
from app.annotate.cast import Cast
from app.annotate.chunks import Chunk, Words, label_chunks
from app.annotate.encoder import Reading, log_softmax
from app.annotate.speakers import Speaker
from app.annotate.stance_rules import Ruled, agreements, cue_polarity, judgements, sentences_of
from app.domain.annotation import Change, Polarity
from app.domain.document import Document
from app.domain.span import Span

_UNCHANGED = re.compile(
    r"\b(?:remains?|unchanged|still|continues?|maintain(?:s|ed)?|reiterat\w+"
    r"|(?:has|have|had) not (?:dropped|changed|abandoned)|stands? by|repeated(?:ly)?|insist\w*|undeterred|again)\b",
    re.IGNORECASE,
)
_REVERSED = re.compile(
    r"\b(?:no longer|dropped (?:its|his|her|their)|abandon(?:ed|s)|revers(?:ed|es)"
    r"|changed (?:its|his|her|their) (?:mind|position|stance)|backed away|u-turn|reconsider(?:ed)?"
    r"|withdrew (?:its|his|her|their) (?:support|opposition))\b",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"\b(?:if|unless|provided that|as long as|on condition that|only when|should (?:the|he|she|they|it))\b",
    re.IGNORECASE,
)
MIN_TARGET = 3
_MARKS = '"“‘«'
BIAS = 1.0  # added to the scores of a stance, chosen on development data


@dataclass(frozen=True, slots=True)
class Taking:
    """A stance before its holder gets its final form.

    ``group`` is the holder's group number, or None when the holder is the unnamed source ``source``;
    ``passage`` is the number of the passage that carries it, if one does.
    """

    polarity: Polarity
    target: Span
    evidence: Span
    group: int | None
    mention: Span
    source: Speaker | None
    passage: int | None
    change: Change | None
    conditional: bool
    score: float
    method: str = "learned"


@dataclass(frozen=True, slots=True)
class Voice:
    """A source that may hold a stance: its first piece, its speaker and the passage it speaks in."""

    piece: int
    speaker: Speaker
    passage: int
    contents: tuple[Span, ...]
    cue: Span | None = None


def find_stances(
    reading: Reading,
    words: Words,
    links: Links,
    tables: Mapping[str, Any],
    cast: Cast,
    voices: Sequence[Voice],
    document: Document,
) -> tuple[Taking, ...]:
    """Return the stances of a story in text order; one for each holder, polarity and target."""
    chunks = label_chunks(reading.tags["stance"], tables["tags"]["stance"], words, bias=BIAS)
    read = [_taking(c, links, cast, voices, document) for c in chunks if _says_something(c.span.of(document.text))]
    ruled = [*_judged(voices, document), *_agreed(voices, document)]
    found: list[Taking] = []
    for taking in (*ruled, *sorted((t for t in read if t is not None), key=lambda t: -t.score)):
        if not any(_repeats(taking, old, document.text) for old in found):
            found.append(taking)
    return tuple(sorted(found, key=lambda t: t.target))


def _says_something(target: str) -> bool:
    words = target.split()
    return len(words) > 1 or (len(target) > MIN_TARGET and target[0].isupper())


def _judged(voices: Sequence[Voice], document: Document) -> list[Taking]:
    found = []
    for voice in voices:
        if voice.speaker.status == "unresolved" or voice.speaker.mention is None:
            continue
        for rule in (*_by_cue(voice, document.text), *judgements(document, voice.contents)):
            sentence = _sentence(rule.target, document)
            found.append(
                Taking(
                    polarity=rule.polarity,
                    target=rule.target,
                    evidence=sentence,
                    group=voice.speaker.group,
                    mention=voice.speaker.mention,
                    source=voice.speaker,
                    passage=voice.passage,
                    change=change_of(sentence.of(document.text)),
                    conditional=bool(_CONDITIONAL.search(sentence.of(document.text))),
                    score=0.7,
                    method="rule",
                )
            )
    return found


def _by_cue(voice: Voice, text: str) -> tuple[Ruled, ...]:
    """Return what a cue itself takes a side on: "rejected the plan", "called for a ceasefire"."""
    polarity = None if voice.cue is None else cue_polarity(voice.cue.of(text))
    content = voice.contents[0]
    if polarity is None or not _says_something(content.of(text)) or text[content.start] in _MARKS:
        return ()
    return (Ruled(polarity, content),)


def _agreed(voices: Sequence[Voice], document: Document) -> list[Taking]:
    found = []
    for rule in agreements(document):
        sentence = _sentence(rule.target, document)
        carrier = next((v for v in voices if any(c.covers(rule.target) for c in v.contents)), None)
        found.append(
            Taking(
                polarity="supports",
                target=rule.target,
                evidence=sentence,
                group=None,
                mention=rule.holder,
                source=Speaker("collective", None, rule.holder, "nominal", 0.9),
                passage=None if carrier is None else carrier.passage,
                change=change_of(sentence.of(document.text)),
                conditional=False,
                score=0.8,
                method="rule",
            )
        )
    return found


def _sentence(span: Span, document: Document) -> Span:
    return next(sentences_of(document, span), span)


def change_of(sentence: str) -> Change | None:
    """Return whether a sentence says that a position stays or turns; a negated turn is a stay."""
    if _UNCHANGED.search(sentence):
        return "unchanged"
    return "reversed" if _REVERSED.search(sentence) else None


def _taking(chunk: Chunk, links: Links, cast: Cast, voices: Sequence[Voice], document: Document) -> Taking | None:
    near = [v for v in voices if v.speaker.mention is not None and abs(v.piece - chunk.piece) <= REACH]
    names = [
        n
        for n, piece in enumerate(cast.pieces)
        if abs(piece - chunk.piece) <= REACH and not cast.names[n].span.overlaps(chunk.span)
    ]
    pieces = [v.piece for v in near] + [cast.pieces[n] for n in names]
    if not pieces:
        return None
    shares = np.exp(log_softmax(links.scores("stance_holder", [chunk.piece], pieces)[0][None, :-1])[0])
    best = int(shares.argmax())
    sentence = _sentence(chunk.span, document)
    said = sentence.of(document.text)
    common = {
        "polarity": chunk.label,
        "target": chunk.span,
        "evidence": sentence,
        "change": change_of(said),
        "conditional": bool(_CONDITIONAL.search(said)),
        "score": float(shares[best]) * float(np.exp(chunk.score)),
    }
    if best < len(near):
        voice = near[best]
        mention = voice.speaker.mention
        carries = any(c.overlaps(chunk.span) for c in voice.contents)
        return Taking(
            group=voice.speaker.group,
            mention=mention,  # type: ignore[arg-type]
            source=voice.speaker,
            passage=voice.passage if carries else None,
            **common,  # type: ignore[arg-type]
        )
    number = names[best - len(near)]
    group = cast.groups[number]
    carrier = next(
        (v for v in voices if v.speaker.group == group and any(c.overlaps(chunk.span) for c in v.contents)), None
    )
    return Taking(
        group=group,
        mention=cast.names[number].span,
        source=None,
        passage=None if carrier is None else carrier.passage,
        **common,  # type: ignore[arg-type]
    )


def _repeats(new: Taking, old: Taking, text: str) -> bool:
    """Say whether a stance repeats one already taken: the same words, or the same side in the same sentence."""
    same_holder = new.group == old.group if new.group is not None else new.mention == old.mention
    if new.target.overlaps(old.target) and (same_holder or old.method == "rule"):
        return True
    same_words = new.target.of(text).casefold() == old.target.of(text).casefold()
    return same_holder and new.polarity == old.polarity and (same_words or new.evidence == old.evidence)
