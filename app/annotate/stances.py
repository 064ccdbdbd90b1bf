"""Stances: who is for or against what, with the words that show it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.annotate.attribution import REACH, Links
from app.annotate.cast import Cast
from app.annotate.chunks import Chunk, Words, label_chunks
from app.annotate.encoder import Reading, log_softmax
from app.annotate.judge import Judge
from app.annotate.speakers import Speaker
from app.annotate.stance_cases import Case, gather_cases, holders_of
from app.annotate.stance_rules import (
    Ruled,
    agreements,
    attitude_held,
    attitude_noun,
    bare_target,
    cue_polarity,
    is_addressed,
    judgements,
    sentences_of,
    side_before,
    side_in_clause,
    undone,
)
from app.annotate.stance_signs import scores_of, signs_of
from app.annotate.takings import Taking, Voice, with_new
from app.domain.annotation import Change, Polarity
from app.domain.document import Document
from app.domain.span import Span, SpanIndex, hull

# In small letters, as sentences are compared.
_UNCHANGED = re.compile(
    r"\b(?:remains?|unchanged|still|continues?|maintain(?:s|ed)?|reiterat\w+"
    r"|(?:has|have|had) not (?:dropped|changed|abandoned)|stands? by|repeated(?:ly)?|insist\w*|undeterred|again)\b"
)
_REVERSED = re.compile(
    r"\b(?:no longer|dropped (?:its|his|her|their)|abandon(?:ed|s)|revers(?:ed|es)"
    r"|changed (?:its|his|her|their) (?:mind|position|stance)|backed away|u-turn|reconsider(?:ed)?"
    r"|withdrew (?:its|his|her|their) (?:support|opposition))\b"
)
_CONDITIONAL = re.compile(
    r"\b(?:if|unless|provided that|as long as|on condition that|only when|should (?:the|he|she|they|it))\b",
    re.IGNORECASE,
)
MIN_TARGET = 3
LOOSE = 3.0  # added to the scores of a stance where a target is looked for in a sentence that has one
_MARKS = '"“‘«'
# A noun for where somebody stands, which says nothing of what about: "the Russian position on this".
_POSITION = re.compile(
    r"(?:the|its|his|her|their|our|my|this|that)\s+(?:[\w.’'-]+\s+){0,2}?(?:position|stance|view|views|opinion|answer|reply|response)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:(?:him|her|them|it|us|me|you)\s+(?:of|for|over)|about|over|of|against|for|on)\s+(?=\S+\s+\S)", re.IGNORECASE
)
_SAID = re.compile(r"[\s\"“‘'«]*(?:(?:that|to|whether)\s+)?(?P<core>\w.*\w)", re.IGNORECASE | re.DOTALL)
# A noun for what is not clear: what it is about is asked, and nobody's side is shown ("confusion about the rules").
_UNCLEAR = re.compile(
    r"\b(?:misunderstandings?|confusion|questions?|uncertainty|uncertainties|ambiguity|clarity|details|information)\s+"
    r"(?:about|over|on|regarding)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
EVEN = 0.5
BIAS = 1.0  # added to the scores of a stance, chosen on development data


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
    heard = sorted((v.piece, n) for n, v in enumerate(voices) if v.speaker.mention is not None)
    read = [
        taking
        for chunk in chunks
        if is_target(chunk.span.of(document.text))
        for taking in _takings(chunk, links, cast, voices, heard, document)
    ]
    ruled = [*_judged(voices, document), *_agreed(voices, document), *_held(cast, document)]
    return with_new([], (*ruled, *sorted(read, key=lambda t: -t.score)), document.text)


def weigh_stances(
    takings: Sequence[Taking],
    voices: Sequence[Voice],
    reading: Reading,
    words: Words,
    tables: Mapping[str, Any],
    cast: Cast,
    document: Document,
    judge: Judge,
) -> tuple[Taking, ...]:
    """Return the stances of a story as a judge sees them: those by rule, and the cases that it is sure enough of.

    What a case is about is what the reader read as its holder's target, else as anybody's, else what is said.
    """
    found = [t for t in takings if t.method == "rule"]
    told: list[Taking] = []
    loose = label_chunks(reading.tags["stance"], tables["tags"]["stance"], words, bias=LOOSE)
    targets, marked, ruled = (
        SpanIndex(spans) for spans in ((t.target for t in takings), (c.span for c in loose), (t.target for t in found))
    )
    for case in gather_cases(voices, cast, document):
        around = hull((case.sentence, case.clause))
        here = [takings[n] for n in targets.overlapping(around)]
        chunks = [loose[n] for n in marked.overlapping(around)]
        if case.name is not None and not _may_hold(case, here, chunks, document.text):
            continue
        signs, scores = signs_of(case, cast, document.text), scores_of(case, here, reading, words)
        sure = judge.sure(case.kind, signs, scores)
        mine = [n for n in ruled.overlapping(case.clause) if case.is_held_by(found[n].group, found[n].mention)]
        for number in mine:
            told_outright = found[number].source is None  # by name and words: the judge knows few like it
            score = max(sure, found[number].score) if told_outright else sure
            found[number] = replace(found[number], score=score, evidence=case.clause)
        if mine or sure < judge.least[case.kind]:
            continue
        side: Polarity = "supports" if judge.supports(signs, scores) >= EVEN else "opposes"
        stance = _stance_of(case, side, here, chunks, document)
        if stance is not None and is_target(stance.target.of(document.text)):
            told.append(_told(case, stance, sure, document))
    return with_new(found, sorted(told, key=lambda t: -t.score), document.text)


def _may_hold(case: Case, takings: Sequence[Taking], loose: Sequence[Chunk], text: str) -> bool:
    """Say whether a sentence has anything that one who is only named in it may take a side on: most have nothing."""
    marked = (*(t.target for t in takings), *(c.span for c in loose))
    return (
        any(span.overlaps(case.sentence) for span in marked)
        or attitude_noun(text, case.mention, case.sentence.end) is not None
    )


def _stance_of(
    case: Case, side: Polarity, takings: Sequence[Taking], loose: Sequence[Chunk], document: Document
) -> Ruled | None:
    """Return what the holder of a case takes a side on; None for one who is only asked, or where it is unclear."""
    noun = attitude_noun(document.text, case.mention, case.sentence.end)
    if case.name is not None:
        if is_addressed(document.text, case.sentence.start, case.mention):
            return None
        if noun is not None:
            return noun
    target = _target(case, takings, loose, document)
    if target is None:
        return None
    if noun is not None and noun.target.overlaps(target):
        return Ruled(noun.polarity, target)
    told = side_before(target, document.text, case.sentence.start)
    side = side if told is None else told
    stopped = undone(target, document.text, case.sentence.start) if side == "supports" else None
    return Ruled(side, target) if stopped is None else Ruled("opposes", stopped)


def _target(case: Case, takings: Sequence[Taking], loose: Sequence[Chunk], document: Document) -> Span | None:
    """Return what the holder of a case takes a side on: what was read as such, or what is said."""
    here = [t for t in takings if case.has(t.target) and t.method != "rule"]
    mine = [t.target for t in sorted(here, key=lambda t: -t.score) if case.is_held_by(t.group, t.mention)]
    chunks = [
        c.span
        for c in sorted(loose, key=lambda c: -c.score)
        if case.sentence.covers(c.span)
        and not c.span.overlaps(case.mention)
        and (not case.parts or any(p.overlaps(c.span) for p in case.parts))
        and is_target(c.span.of(document.text))
    ]
    read = [*mine, *chunks]
    if any(_UNCLEAR.search(document.text, case.sentence.start, target.start) for target in read):
        return None
    if read:
        return bare_target(read[0], document.text)
    if not case.parts:
        return None
    return _said(max(case.parts, key=len), document.text)


def _said(part: Span, text: str) -> Span:
    """Return reported words without the marks and the conjunction around them."""
    match = _SAID.match(text, part.start, part.end)
    return part if match is None else Span(*match.span("core"))


def _told(case: Case, stance: Ruled, sure: float, document: Document) -> Taking:
    parts = (case.mention, *case.cues, *case.parts) if case.parts else ()
    said = _clause(case.sentence, parts).of(document.text)
    return Taking(
        polarity=stance.polarity,
        target=stance.target,
        evidence=case.clause,
        group=case.group,
        mention=case.mention,
        source=case.source,
        passage=case.passage,
        change=change_of(said),
        conditional=bool(_CONDITIONAL.search(said)),
        score=sure,
    )


def _clause(sentence: Span, parts: Sequence[Span]) -> Span:
    """Return the stretch of a sentence that a holder, a cue and what is reported take up, else all of it.

    What stands outside may be about others: that one is undeterred says nothing of another's position.
    """
    inside = [Span(max(p.start, sentence.start), min(p.end, sentence.end)) for p in parts if p.overlaps(sentence)]
    return hull(inside) if inside else sentence


def is_target(words: str) -> bool:
    """Say whether words name something to take a side on: more than a small word, and not just a stance's own name."""
    if _POSITION.match(words):
        return False
    return len(words.split()) > 1 or (len(words) > MIN_TARGET and words[0].isupper())


def _judged(voices: Sequence[Voice], document: Document) -> list[Taking]:
    found = []
    for voice in voices:
        mention = voice.speaker.mention
        if voice.speaker.status == "unresolved" or mention is None:
            continue
        for rule in (*_by_cue(voice, document.text), *judgements(document, voice.contents)):
            sentence = _sentence(rule.target, document)
            cues = () if voice.cue is None else (voice.cue,)
            said = _clause(sentence, (mention, *cues, *voice.contents)).of(document.text)
            found += [
                Taking(
                    polarity=rule.polarity,
                    target=rule.target,
                    evidence=sentence,
                    group=group,
                    mention=named,
                    source=voice.speaker,
                    passage=voice.passage,
                    change=change_of(said),
                    conditional=bool(_CONDITIONAL.search(said)),
                    score=0.7,
                    method="rule",
                )
                for group, named in holders_of(voice, mention)
            ]
    return found


def _by_cue(voice: Voice, text: str) -> tuple[Ruled, ...]:
    """Return what a cue itself takes a side on: "rejected the plan", "called for a ceasefire"."""
    polarity = None if voice.cue is None else cue_polarity(voice.cue.of(text))
    content = voice.contents[0]
    if polarity is None or not is_target(content.of(text)) or text[content.start] in _MARKS:
        return ()
    about = _ABOUT.match(text, content.start, content.end - 1)
    target = bare_target(content if about is None else Span(about.end(), content.end), text)
    stopped = undone(target, text, target.start) if polarity == "supports" else None
    return (Ruled(polarity, target) if stopped is None else Ruled("opposes", stopped),)


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


def _held(cast: Cast, document: Document) -> list[Taking]:
    """Return the stances that somebody is said to hold, voice or drop, or a clause says of them: all by their names."""
    found = []
    for name, group in zip(cast.names, cast.groups, strict=True):
        sentence = _sentence(name.span, document)
        rule = attitude_held(document.text, name.span, sentence.end)
        rule = rule or side_in_clause(document.text, name.span, sentence.end)
        if rule is None or not is_target(rule.target.of(document.text)):
            continue
        said = sentence.of(document.text)
        found.append(
            Taking(
                polarity=rule.polarity,
                target=rule.target,
                evidence=sentence,
                group=group,
                mention=name.span,
                source=None,
                passage=None,
                change=rule.change,
                conditional=bool(_CONDITIONAL.search(said)),
                score=0.8,
                method="rule",
            )
        )
    return found


def _sentence(span: Span, document: Document) -> Span:
    return next(sentences_of(document, span), span)


def change_of(sentence: str) -> Change | None:
    """Return whether a sentence says that a position stays or turns; a negated turn is a stay."""
    words = sentence.lower()
    if _UNCHANGED.search(words):
        return "unchanged"
    return "reversed" if _REVERSED.search(words) else None


def _takings(
    chunk: Chunk,
    links: Links,
    cast: Cast,
    voices: Sequence[Voice],
    heard: Sequence[tuple[int, ...]],
    document: Document,
) -> tuple[Taking, ...]:
    """Return the stances on what was read as a target; ``heard`` are the pieces and numbers of the voices in order."""
    first, last = chunk.piece - REACH, chunk.piece + REACH
    near = [
        voices[n] for n in sorted(n for _, n in heard[bisect_left(heard, (first,)) : bisect_left(heard, (last + 1,))])
    ]
    low, high = bisect_left(cast.pieces, first), bisect_right(cast.pieces, last)
    names = [n for n in range(low, high) if not cast.names[n].span.overlaps(chunk.span)]
    pieces = [v.piece for v in near] + [cast.pieces[n] for n in names]
    if not pieces:
        return ()
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
        carries = any(c.overlaps(chunk.span) for c in voice.contents)
        return tuple(
            Taking(
                group=group,
                mention=named,
                source=voice.speaker,
                passage=voice.passage if carries else None,
                **common,  # type: ignore[arg-type]
            )
            for group, named in holders_of(voice, voice.speaker.mention)  # type: ignore[arg-type]
        )
    number = names[best - len(near)]
    group = cast.groups[number]
    carrier = next(
        (v for v in voices if v.speaker.group == group and any(c.overlaps(chunk.span) for c in v.contents)), None
    )
    held = Taking(
        group=group,
        mention=cast.names[number].span,
        source=None,
        passage=None if carrier is None else carrier.passage,
        **common,  # type: ignore[arg-type]
    )
    return (held,)
