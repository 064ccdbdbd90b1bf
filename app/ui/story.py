"""One story as a page shows it: its text with everything found in it, and who speaks, holds office, takes a stand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from app.domain.document import Head
from app.store.views import Json
from app.text.segment import find_paragraphs
from app.ui.marks import Mark, mark_up

VOICES = 6
"""How many speakers have a colour of their own: those who speak most."""

_SURE = 0.5
_WORDS_SHOWN = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of the page. ``kind``: "section", "title", "byline" or "body"."""

    kind: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Said:
    """A quote as the margin lists it. ``opening`` is its first words."""

    id: str
    type: str
    opening: str
    text: str
    attribution: str
    cue: str | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks in a story, and how much of what is said.

    ``key`` is short and of the page, ``actor`` tells actors apart; ``tone`` is 1 to VOICES, 0 for the rest's colour.
    """

    key: str
    actor: str
    name: str
    status: str
    type: str | None
    entity_id: str | None
    office: str | None
    initials: str
    words: int
    share: float
    tone: int
    quotes: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class StoryPage:
    """All that the template of a story asks for."""

    lines: tuple[Line, ...]
    voices: tuple[Voice, ...]
    offices: tuple[Json, ...]
    stances: tuple[Json, ...]
    people: tuple[Json, ...]
    organizations: tuple[Json, ...]
    places: tuple[Json, ...]


def story_page(text: str, head: Head, analysis: Json, here: Sequence[Json] = (), *, desk: bool = False) -> StoryPage:
    """Return the page of a text and its analysis in the API's shapes.

    ``here`` are the spans that the reader is led to. On a ``desk`` the note behind a quote leads to its corrections.
    """
    voices = _voices(analysis["quotes"])
    note = "?item={}#desk" if desk else "#note-{}"
    marks = [*_quote_marks(analysis["quotes"], voices, note), *_position_marks(analysis["positions"])]
    marks += _mention_marks(analysis)
    marks += [Mark(span["start"], span["end"], tag="mark", attributes={"class": "here"}, rank=-2) for span in here]
    return StoryPage(
        lines=tuple(_lines(text, head, marks)),
        voices=voices,
        offices=tuple(p for p in analysis["positions"] if p["kind"] == "office"),
        stances=tuple(p for p in analysis["positions"] if p["kind"] == "stance"),
        people=_by_weight(analysis["people"]),
        organizations=_by_weight(analysis["organizations"]),
        places=_by_weight(analysis["places"]),
    )


def attribution(speaker: Json) -> str:
    """Return who said it, as a reader is told: a name with the office, a description, or that it is not said."""
    if speaker["name"] is None:
        return "speaker not named"
    return f"{speaker['name']}, {speaker['office']}" if speaker["office"] else str(speaker["name"])


def _lines(text: str, head: Head, marks: list[Mark]) -> Iterator[Line]:
    # A dateline stays where it stands: at the start of its paragraph.
    paragraphs = find_paragraphs(text, replace(head, dateline=None))
    ordered = sorted(marks, key=lambda m: m.start)
    starts, longest = [m.start for m in ordered], max((m.end - m.start for m in marks), default=0)
    title = head.title
    found = [("title" if title is not None and title.covers(p) else "body", p) for p in paragraphs]
    found += [(kind, span) for kind, span in (("section", head.section), ("byline", head.byline)) if span is not None]
    for kind, span in sorted(found, key=lambda part: part[1]):
        near = ordered[bisect_left(starts, span.start - longest) : bisect_left(starts, span.end)]
        yield Line(kind, mark_up(text, span.start, span.end, near))


def _key(actor: Json) -> str:
    return str(actor["entity_id"] or f"{actor['status']}:{actor['name']}")


def _voices(quotes: Iterable[Json]) -> tuple[Voice, ...]:
    groups: dict[str, list[Json]] = {}
    for quote in quotes:
        groups.setdefault(_key(quote["speaker"]), []).append(quote)
    words = {key: sum(len(q["text"].split()) for q in found) for key, found in groups.items()}
    total = sum(words.values()) or 1
    ranked = sorted(groups, key=lambda key: (groups[key][0]["speaker"]["status"] == "unresolved", -words[key]))
    return tuple(_voice(key, groups[key], words[key], total, place) for place, key in enumerate(ranked, start=1))


def _voice(key: str, quotes: list[Json], words: int, total: int, place: int) -> Voice:
    speaker = next((q["speaker"] for q in quotes if q["speaker"]["office"]), quotes[0]["speaker"])
    named = speaker["status"] != "unresolved"
    return Voice(
        key=str(place),
        actor=key,
        name=speaker["name"] or "Not named",
        status=speaker["status"],
        type=speaker["type"],
        entity_id=speaker["entity_id"],
        office=speaker["office"],
        initials=_initials(speaker["name"]) if named else "?",
        words=words,
        share=words / total,
        tone=place if named and place <= VOICES else 0,
        quotes=tuple(_said(quote) for quote in quotes),
    )


def _said(quote: Json) -> Said:
    words = quote["text"].split()
    return Said(
        id=quote["id"],
        type=quote["type"],
        opening=" ".join(words[:_WORDS_SHOWN]) + (" …" if len(words) > _WORDS_SHOWN else ""),
        text=" ".join(words),
        attribution=attribution(quote["speaker"]),
        cue=None if quote["cue"] is None else quote["cue"]["exact"],
        confidence=quote["confidence"],
    )


def _initials(name: str | None) -> str:
    words = [word for word in (name or "").replace("-", " ").split() if word[:1].isalnum()]
    letters = [word[0] for word in words if word[0].isupper()] or [word[0] for word in words]
    return "".join(letters if len(letters) <= 2 else (letters[0], letters[-1])).upper() or "?"  # noqa: PLR2004


def _quote_marks(quotes: Iterable[Json], voices: Iterable[Voice], note: str) -> Iterator[Mark]:
    by_key = {voice.actor: voice for voice in voices}
    for quote in quotes:
        voice = by_key[_key(quote["speaker"])]
        sure = quote["confidence"] is None or quote["confidence"] >= _SURE
        shared = {"data-voice": voice.key}
        tone = f"voice-{voice.tone}"
        kind = f"quote {quote['type']} {tone}" + ("" if sure else " unsure")
        for number, span in enumerate(quote["contents"]):
            last = number == len(quote["contents"]) - 1
            yield Mark(
                span["start"],
                span["end"],
                id=quote["id"] if number == 0 else None,
                attributes={"class": kind, **shared},
                note=_note(note.format(quote["id"]), voice) if last else None,
            )
        if quote["cue"] is not None:
            yield Mark(
                quote["cue"]["start"], quote["cue"]["end"], attributes={"class": f"cue {tone}", **shared}, rank=2
            )
        mention = quote["speaker"]["mention"]
        if mention is not None:
            yield Mark(mention["start"], mention["end"], attributes={"class": f"speaker {tone}", **shared}, rank=1)


def _note(address: str, voice: Voice) -> Markup:
    return Markup('<a class="note voice-{tone}" href="{address}" aria-label="Said by {name}">{initials}</a>').format(
        tone=voice.tone, address=address, name=voice.name, initials=voice.initials
    )


def _position_marks(positions: Iterable[Json]) -> Iterator[Mark]:
    for position in positions:
        spans = position["evidence"] or ([position["target"]] if position["kind"] == "stance" else [])
        kind = "office" if position["kind"] == "office" else f"stance {position['polarity']}"
        for number, span in enumerate(spans):
            named = position["id"] if number == 0 else None
            yield Mark(
                span["start"],
                span["end"],
                id=named,
                attributes={"class": kind},
                rank=3 if kind == "office" else -1,
            )


def _mention_marks(analysis: Json) -> Iterator[Mark]:
    for group, kind, folder in (
        ("people", "person", "people"),
        ("organizations", "organization", "organizations"),
        ("places", "place", "places"),
    ):
        for entity in analysis[group]:
            shared = {"class": f"name {kind}", "href": f"/read/{folder}/{entity['id']}"}
            for number, span in enumerate(entity["mentions"]):
                yield Mark(
                    span["start"],
                    span["end"],
                    tag="a",
                    id=entity["id"] if number == 0 else None,
                    attributes=shared,
                    rank=4,
                )


def _by_weight(entities: Iterable[Json]) -> tuple[Json, ...]:
    return tuple(sorted(entities, key=lambda e: -(e["prominence"] or 0)))
