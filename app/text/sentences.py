"""Where sentences end: stops, abbreviations, initials, ellipses, quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.span import Span
from app.text.characters import CLOSERS, CLOSING_QUOTES, DASH, OPENERS, OPENING_QUOTES, WHITE
from app.text.lexicon import (
    AFTER_CLOCK,
    CLOCK,
    LOWER_ABBREVIATIONS,
    NEVER_FINAL,
    NUMBER_ABBREVIATIONS,
    PLAIN_ABBREVIATIONS,
    SPEECH,
    STARTERS,
    TITLES,
)

_STOPS = ".!?\u2026\u061f\u06d4\u0964\u0965"
_WIDE_STOPS = "\u3002\uff01\uff1f"
_WINDOW = 60
_MAX_NUMBER = 3
_MAX_NAME = 5
_PARTICLES = frozenset({"of", "the", "de", "van", "von", "al", "bin"})

_END = re.compile(
    rf"(?<![{re.escape(_STOPS)}])(?:\.(?:[ \xa0]\.){{1,5}}+|[{re.escape(_STOPS)}]++)[{re.escape(CLOSERS)}]*+(?=\s)"
    rf"|[{_WIDE_STOPS}]++[{re.escape(CLOSERS)}]*+",
)
_NEXT = re.compile(rf"(?:[{re.escape(OPENERS)}\s]|{DASH}|-|\.\.\.|\u2026)*+")
_WORD_BEFORE = re.compile(r"[\w.'\u2019&-]*\Z")
_WORD_AFTER = re.compile(r"[^\W_](?:[\w'\u2019-]|\.(?=\w))*")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\Z")


def find_sentences(text: str, paragraph: Span) -> tuple[Span, ...]:
    """Return the sentences of one paragraph, trimmed, in order; together they hold all of its words.

    A quotation mark or bracket that closes after the stop belongs to the sentence. Inside a quotation sentences
    part as they do outside. Time is linear in the paragraph.
    """
    return tuple(_pieces(text, paragraph))


def _pieces(text: str, paragraph: Span) -> Iterator[Span]:
    start = paragraph.start
    for match in _END.finditer(text, paragraph.start, paragraph.end):
        if _ends_sentence(text, start, match, paragraph.end):
            yield Span(start, match.end())
            start = match.end()
            while start < paragraph.end and text[start] in WHITE:
                start += 1
    if start < paragraph.end:
        yield Span(start, paragraph.end)


def _ends_sentence(text: str, start: int, match: re.Match[str], end: int) -> bool:
    """Say whether the stop at ``match`` ends the sentence that began at ``start``."""
    mark = match[0]
    if mark[0] in _WIDE_STOPS:
        return True
    lead = _NEXT.match(text, match.end(), min(end, match.end() + _WINDOW))
    at = lead.end() if lead else match.end()
    if at >= end:
        return True
    if text[at].islower():
        return False
    quoted = any(c in CLOSING_QUOTES for c in mark)
    if quoted and mark.rstrip(CLOSERS) != "." and _names_speaker(text, at, end):
        return False
    if mark.rstrip(CLOSERS) != ".":
        return True
    return _full_stop_ends(text, Span(start, match.start() + 1), Span(match.end(), at + 1), end)


def _full_stop_ends(text: str, sentence: Span, gap: Span, end: int) -> bool:
    """Say whether the full stop that closes ``sentence`` is more than the mark of an abbreviation.

    ``gap`` runs from behind the stop and its closing marks to the first character of what follows.
    """
    stop, at = sentence.end - 1, gap.end - 1
    before = _WORD_BEFORE.search(text[max(sentence.start, stop - _WINDOW) : stop])
    word = before[0].strip("'\u2019-.&") if before else ""
    after = _WORD_AFTER.match(text, at, min(end, at + _WINDOW))
    following = after[0].lower() if after else ""
    low = word.lower()
    capital = word[:1].isupper()
    if low in NEVER_FINAL or (low in TITLES and capital):
        return False
    if word.isdecimal() and len(word) <= _MAX_NUMBER and stop - len(word) == sentence.start:
        return False
    if following[:1].isdigit() and low in NUMBER_ABBREVIATIONS:
        return False
    if low in CLOCK:
        return following not in AFTER_CLOCK
    initial = len(word) == 1 and capital and word != "I"
    if initial or _ACRONYM.match(word) or (low in PLAIN_ABBREVIATIONS and (capital or low in LOWER_ABBREVIATIONS)):
        quoted = any(c in OPENING_QUOTES + CLOSING_QUOTES for c in text[stop:at])
        return quoted or following in STARTERS
    return True


def _names_speaker(text: str, at: int, end: int) -> bool:
    """Say whether what follows is a name and a verb of speech, as in ``"Why?" Gates asked``."""
    words = _WORD_AFTER.finditer(text, at, min(end, at + _WINDOW))
    for count, match in zip(range(_MAX_NAME + 1), words, strict=False):
        word = match[0]
        if word.lower() in SPEECH:
            return count > 0
        if not word[0].isupper() and word not in _PARTICLES:
            return False
    return False
