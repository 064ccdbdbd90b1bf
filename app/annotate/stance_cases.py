"""Who may take a side where: every sentence with each of those who speak or are named in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.annotate.cast import Cast
from app.annotate.speakers import Speaker
from app.annotate.stance_rules import sentences_of
from app.annotate.takings import Voice
from app.domain.document import Document
from app.domain.span import Span, SpanIndex, hull

_RELATIVE = re.compile(r"\b(?:that|which|who|whom)\s*$")
_MARKS = " \n\"“”'‘’.,;:!?"


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence and somebody who may take a side in it.

    ``group`` is the holder's group number, or None when the holder is the unnamed source ``source``. ``parts`` are
    what of the sentence are the holder's reported words, and ``cues`` what reports them; both are empty for one who is
    only named in it, where ``name`` is the number of the name in the cast. ``within`` says that the name stands in the
    words of another, ``beside`` that the sentence has another case of the same holder, by another cue.
    """

    sentence: Span
    mention: Span
    group: int | None
    source: Speaker | None = None
    parts: tuple[Span, ...] = ()
    cues: tuple[Span, ...] = ()
    passage: int | None = None
    name: int | None = None
    within: bool = False
    beside: bool = False

    @property
    def kind(self) -> str:
        """``speech`` for one who speaks in the sentence, ``name`` for one who is only named in it."""
        return "speech" if self.parts else "name"

    @property
    def clause(self) -> Span:
        """What shows the stance: the sentence; of several cases of one holder in it, this one's cue and words."""
        here = [cue for cue in self.cues if cue.overlaps(self.sentence)]
        return hull((*here, *self.parts)) if self.beside else self.sentence

    def has(self, target: Span) -> bool:
        """Say whether what a stance is about stands in the case's clause."""
        return target.overlaps(self.clause)

    def is_held_by(self, group: int | None, mention: Span) -> bool:
        """Say whether the holder is the one with this group number, or with this mention when it is unnamed."""
        return self.group == group if group is not None else self.group is None and self.mention == mention


def holders_of(voice: Voice, mention: Span) -> tuple[tuple[int | None, Span], ...]:
    """Return who holds what a voice says, each with the words for them; of several who speak together, every one."""
    return voice.speaker.joint or ((voice.speaker.group, mention),)


def gather_cases(voices: Sequence[Voice], cast: Cast, document: Document) -> tuple[Case, ...]:
    """Return the cases of a story by sentence; of those in one sentence, the speakers come first.

    One who speaks twice in a sentence, by two cues, has two cases ("urged them to act and criticized the delay").
    """
    found: dict[tuple[Span, int | None, Span | None], list[Case]] = {}
    for voice in voices:
        mention = voice.speaker.mention
        if mention is None or voice.speaker.status == "unresolved":
            continue
        for sentence, parts in _said_in(voice, document):
            cues = () if voice.cue is None else (voice.cue,)
            for group, named in holders_of(voice, mention):
                case = Case(sentence, named, group, voice.speaker, parts, cues, voice.passage)
                key = sentence, group, named if group is None else None
                found[key] = _with(case, found.get(key, []), document.text)
    contents = [content for voice in voices for content in voice.contents]
    said = SpanIndex(contents)
    for number, (name, group) in enumerate(zip(cast.names, cast.groups, strict=True)):
        at = bisect_right(document.sentences, name.span.start, key=lambda s: s.end)
        if at == len(document.sentences) or (document.sentences[at], group, None) in found:
            continue
        sentence = document.sentences[at]
        within = any(contents[n].covers(name.span) for n in said.overlapping(name.span))
        found[sentence, group, None] = [Case(sentence, name.span, group, name=number, within=within)]
    cases = [replace(c, beside=True) if len(several) > 1 else c for several in found.values() for c in several]
    return tuple(sorted(cases, key=lambda c: c.sentence))


def _said_in(voice: Voice, document: Document) -> Iterator[tuple[Span, tuple[Span, ...]]]:
    """Yield every sentence that a voice speaks in, with what of it are its words."""
    found: dict[Span, tuple[Span, ...]] = {}
    for content in voice.contents:
        for sentence in sentences_of(document, content):
            part = Span(max(sentence.start, content.start), min(sentence.end, content.end))
            if part.of(document.text).strip(_MARKS):
                found[sentence] = (*found.get(sentence, ()), part)
    yield from found.items()


def _with(new: Case, cases: Sequence[Case], text: str) -> list[Case]:
    """Return the cases of a holder in a sentence with one more; those with words, or a cue, in common are one.

    So are those of which one goes on in a relative clause ("pressed for a plan that he said would save money").
    """
    apart = []
    for old in cases:
        known = not old.cues or not new.cues or not {*old.cues}.isdisjoint(new.cues)
        on = any(_RELATIVE.search(part.of(text)) for part in (*old.parts, *new.parts))
        if known or on or any(p.overlaps(q) for p in old.parts for q in new.parts):
            cues = dict.fromkeys((*old.cues, *new.cues))
            new = replace(old, parts=(*old.parts, *new.parts), cues=tuple(cues))
        else:
            apart.append(old)
    return [*apart, new]
