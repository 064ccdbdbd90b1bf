"""Documents that speak: whose "the report", "the letter" and "the poll" are."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from app.annotate.discourse import Stage
from app.annotate.speakers import BODY, NOBODY, Anaphor, Reader, Speaker
from app.domain.span import Span

REACH, MENTIONS = 4000, 6  # code points and mentions of the noun before "the report" that are looked at
NEAR = 3  # sentences back in which who spoke last is named, for a letter to be theirs
# What somebody writes or says whose words a story goes on with.
WRITTEN = frozenset("letter email speech statement book document memo post tweet note message".split())
_DEFINITE = re.compile(r"(?:the|this|that)\b", re.IGNORECASE)
_ACTORS = frozenset({"person", "organization"})
_BY = re.compile(
    r"\s(?:[\w’'-]+\s){0,4}?(?:by|from|of)\s(?:the\s|a\s|an\s|its\s|his\s|her\s)?(?:[\w.’'-]+\s){0,3}?", re.IGNORECASE
)
_WRITTEN = re.compile(r"\s(?:\w+\s){0,3}?by\s(?:the\s|[A-Z][\w.’'-]*\s){0,6}")
_OF = re.compile(r"(?:['’]s?|/[\w .]{1,40})?\s(?:(?!(?:an?|the|his|her|its|their|that|this)\s)[\w-]+\s){0,2}")
_IN = re.compile(r"\b(?:in|through|via|with)\s(?:an?|the|his|her|its|their)\s(?:[\w-]+\s){0,2}$", re.IGNORECASE)


def document_speaker(noun: str, anaphor: Anaphor, reader: Reader) -> Speaker:
    """Return whose document speaks: who is named in the phrase, else where the story told of it, else who fits."""
    cast = reader.cast
    inside = [n for n in cast.inside(anaphor.span) if cast.types[n] in _ACTORS]
    if inside:
        return anaphor.is_group(cast.groups[inside[0]], 0.8)
    known = reader.thread.papers.get(noun)
    if known is not None:
        return anaphor.is_group(known, 0.7)
    after = _author_after(anaphor.span, reader.stage)
    if after is not None:
        return anaphor.is_group(after, 0.8)
    author = _author(noun, anaphor.span, reader.stage)
    if author is not None:
        return anaphor.is_group(author, 0.7)
    speaker = reader.antecedent(anaphor, BODY, NOBODY["document"])
    if speaker.group is None and noun in WRITTEN and _DEFINITE.match(anaphor.span.of(reader.stage.text)):
        writer = _writer(anaphor.span, reader)
        return speaker if writer is None else anaphor.is_group(writer, 0.6)
    return speaker


def _writer(span: Span, reader: Reader) -> int | None:
    """Return who spoke last, whose "the letter" and "the statement" are when nobody else spoke and it is near."""
    last, stage = reader.thread.last, reader.stage
    if last is None or reader.thread.unnamed is not None or reader.cast.kinds[last] not in _ACTORS:
        return None
    low = bisect_left(reader.cast.starts, stage.sentences[max(0, bisect_right(stage.sentences, span.start) - 1 - NEAR)])
    high = bisect_left(reader.cast.starts, span.start)
    return last if last in reader.cast.groups[low:high] else None


def _author(noun: str, span: Span, stage: Stage) -> int | None:
    """Return the group that the story gave as the author of a document of this name before ``span``."""
    low = max(0, span.start - REACH)
    pattern = re.compile(rf"\b{re.escape(noun)}\b", re.IGNORECASE)
    found = [Span(*m.span()) for m in pattern.finditer(stage.text, low, span.start)]
    for mention in reversed(found[-MENTIONS:]):
        author = _author_at(mention, stage)
        if author is not None:
            return author
    return None


def _author_after(span: Span, stage: Stage) -> int | None:
    """Return who is named right after the document as its author: "an article by Lee"."""
    cast = stage.cast
    number = bisect_left(cast.starts, span.end)
    for named in range(number, min(number + 2, len(cast.names))):
        if cast.types[named] == "person" and _WRITTEN.fullmatch(stage.text, span.end, cast.starts[named]):
            return cast.groups[named]
    return None


def _author_at(mention: Span, stage: Stage) -> int | None:
    """Return who is named right before the document ("the Fox poll") or after it ("by Lee"), or said it "in" it."""
    cast, text = stage.cast, stage.text
    after = bisect_left(cast.starts, mention.start)
    before = after - 1
    if before >= 0 and cast.types[before] in _ACTORS:
        end = cast.names[before].span.end
        if end <= mention.start and _OF.fullmatch(text, end, mention.start):
            return cast.groups[before]
    named = after < len(cast.names) and cast.types[after] in _ACTORS
    if named and _BY.fullmatch(text, mention.end, cast.starts[after]):
        return cast.groups[after]
    sentence = bisect_right(stage.sentences, mention.start) - 1
    if sentence < 0 or not _IN.search(text[stage.sentences[sentence] : mention.start]):
        return None
    low = bisect_left(cast.starts, stage.sentences[sentence])
    high = bisect_right(stage.sentence, sentence)
    return next((cast.groups[n] for n in range(low, high) if stage.source[n] and cast.types[n] in _ACTORS), None)
