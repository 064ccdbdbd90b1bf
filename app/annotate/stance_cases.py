"""Who may take a side where: every sentence with each of those who speak or are named in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.annotate.cast import Cast
from app.annotate.speakers import Speaker
from app.annotate.stance_rules import sentences_of
from app.annotate.takings import Voice
from app.domain.document import Document
from app.domain.span import Span

_MARKS = " \n\"“”'‘’.,;:!?"


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence and somebody who may take a side in it.

    ``group`` is the holder's group number, or None when the holder is the unnamed source ``source``. ``parts`` are
    what of the sentence are the holder's reported words, and ``cues`` what reports them; both are empty for one who is
    only named in it, where ``name`` is the number of the name in the cast. ``within`` says that the name stands in the
    words of another.
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

    @property
    def kind(self) -> str:
        """``speech`` for one who speaks in the sentence, ``name`` for one who is only named in it."""
        return "speech" if self.parts else "name"

    def is_held_by(self, group: int | None, mention: Span) -> bool:
        """Say whether the holder is the one with this group number, or with this mention when it is unnamed."""
        return self.group == group if group is not None else self.group is None and self.mention == mention


def holders_of(voice: Voice, mention: Span) -> tuple[tuple[int | None, Span], ...]:
    """Return who holds what a voice says, each with the words for them; of several who speak together, every one."""
    return voice.speaker.joint or ((voice.speaker.group, mention),)


def gather_cases(voices: Sequence[Voice], cast: Cast, document: Document) -> tuple[Case, ...]:
    """Return the cases of a story by sentence; of those in one sentence, the speakers come first."""
    found: dict[tuple[Span, int | None, Span | None], Case] = {}
    for voice in voices:
        mention = voice.speaker.mention
        if mention is None or voice.speaker.status == "unresolved":
            continue
        for content in voice.contents:
            for sentence in sentences_of(document, content):
                part = Span(max(sentence.start, content.start), min(sentence.end, content.end))
                if not part.of(document.text).strip(_MARKS):
                    continue
                for group, named in holders_of(voice, mention):
                    key = (sentence, group, named if group is None else None)
                    case = found.get(key) or Case(sentence, named, group, voice.speaker, passage=voice.passage)
                    cues = () if voice.cue is None or voice.cue in case.cues else (voice.cue,)
                    found[key] = replace(case, parts=(*case.parts, part), cues=(*case.cues, *cues))
    contents = [content for voice in voices for content in voice.contents]
    for number, (name, group) in enumerate(zip(cast.names, cast.groups, strict=True)):
        at = bisect_right(document.sentences, name.span.start, key=lambda s: s.end)
        if at == len(document.sentences) or (document.sentences[at], group, None) in found:
            continue
        sentence = document.sentences[at]
        within = any(content.covers(name.span) for content in contents)
        found[sentence, group, None] = Case(sentence, name.span, group, name=number, within=within)
    return tuple(sorted(found.values(), key=lambda c: c.sentence))
