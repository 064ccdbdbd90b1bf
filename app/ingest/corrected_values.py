"""What a client says of an annotation, made whole against the story: words found, people known, defaults filled."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from app.annotate.issue_labels import issue_label
from app.domain.span import Span
from app.errors import InputError, NotFoundError
from app.ingest.correction_fields import ActorFields, AnyFields, SpanFields
from app.review.anchors import find_words
from app.review.correction import ACTORS, Kind, fields_of
from app.store.documents import serialise_span
from app.store.entities import entity
from app.store.issues import issue_id
from app.store.review_views import HeldStory
from app.store.views import Json

_MARKS = "\"“”„«»‘’'"
_MOST_PLACES = 100
_PARTS = ("people", "organizations", "places", "groups")
_NEEDED: dict[Kind, tuple[str, ...]] = {
    "quote": ("contents",),
    "office": ("person", "title", "evidence"),
    "stance": ("holder", "polarity", "target"),
}
_NULLABLE = {"cue", "organization", "reporter", "change"}
_UNRESOLVED = ActorFields(status="unresolved")


def value_of(
    session: Session, held: HeldStory, kind: Kind, given: AnyFields, before: Json | None, within: str = ""
) -> Json:
    """Return the fields that ``given`` sets, in the shapes that the API serves; all fields when nothing was before.

    Raises: InputError naming the field whose words or people are not in the story, or that is missing.
    """
    return _Reader(session, held, within).value(kind, given, before)


class _Reader:
    def __init__(self, session: Session, held: HeldStory, within: str) -> None:
        self.session, self.held, self.document, self.within = session, held, held.document, within

    def value(self, kind: Kind, given: AnyFields, before: Json | None) -> Json:
        """Return the fields in the API's shapes."""
        fields = {name: getattr(given, name) for name in fields_of(kind) if name in given.model_fields_set}
        empty = [name for name, part in fields.items() if part is None and name not in _NULLABLE]
        if before is None:
            empty += [name for name in _NEEDED[kind] if name not in fields]
        if empty:
            raise InputError(self.within + empty[0], "is missing" if before is None else "must not be null")
        if not fields:
            raise InputError(self.within.rstrip("."), "names no field to change")
        value = {name: self._part(kind, name, part, before) for name, part in fields.items()}
        return value if before is not None else self._whole(kind, value)

    def _part(self, kind: Kind, name: str, part: Any, before: Json | None) -> Any:  # noqa: ANN401 (a field of any type)
        where = f"{self.within}{name}"
        if part is None:
            return None
        if name in ACTORS[kind]:
            return self._actor(part, (before or {}).get(name), where)
        if name in ("contents", "evidence"):
            spans = sorted(self._span(span, f"{where}.{i}") for i, span in enumerate(part))
            if any(a.overlaps(b) for a, b in pairwise(spans)):
                raise InputError(where, "its parts overlap")
            return [serialise_span(self.document, span) for span in spans]
        if name in ("cue", "target"):
            return serialise_span(self.document, self._span(part, where))
        return {"id": issue_id(part), "label": part} if name == "issue" else part

    def _whole(self, kind: Kind, value: Json) -> Json:
        if kind == "quote":
            defaults: Json = {"cue": None, "speaker": self._actor(_UNRESOLVED, None, ""), "type": self._type(value)}
        elif kind == "office":
            defaults = {"organization": None, "tense": "current"}
        else:
            label = issue_label(" ".join(value["target"]["exact"].split()))
            defaults = {
                "issue": {"id": issue_id(label), "label": label},
                "evidence": [value["target"]],
                "reporter": None,
                "change": None,
                "conditional": False,
            }
        return {**defaults, **value}

    def _type(self, value: Json) -> str:
        """Return how contents are reported, by the quotation marks in or around them."""
        marked = [
            span["exact"][0] in _MARKS or span["prefix"][-1:] in tuple(_MARKS) or span["exact"][-1] in _MARKS
            for span in value["contents"]
        ]
        return "direct" if all(marked) else "mixed" if any(marked) else "indirect"

    def _span(self, given: SpanFields, where: str) -> Span:
        text = self.document.text
        if given.start is not None or given.end is not None:
            return _by_offsets(text, given, where)
        if given.exact is None:
            raise InputError(where, "says no words: give start and end, or exact")
        places = _places(text, given)
        if len(places) != 1:
            reason = "does not stand in the story" if not places else "stands there several times: give start and end"
            raise InputError(_at(where, "exact"), reason)
        return places[0]

    def _actor(self, given: ActorFields, before: Json | None, where: str) -> Json:
        status = given.status or ("resolved" if given.entity_id or given.name else "unresolved")
        mention = self._mention(given, before, where)
        known: Json = {"name": given.name, "type": given.type, "entity_id": None, "aliases": []}
        if status == "resolved":
            known = self._known(given, where)
            if known["entity_id"] is None or not self._of_story(known["entity_id"]):
                self._check_named(known["name"], mention, where)
        elif given.entity_id is not None:
            raise InputError(_at(where, "entity_id"), f"an actor who is {status} has none")
        elif status == "unresolved":
            known |= {"name": None, "type": None}
        elif given.name is None:
            raise InputError(_at(where, "name"), "is missing: the words of the description")
        else:
            known["type"] = given.type or ("person" if status == "anonymous" else "group")
        return {"status": status, **known, "office": None, "country": None, "mention": mention}

    def _mention(self, given: ActorFields, before: Json | None, where: str) -> Json | None:
        if given.mention is not None:
            return serialise_span(self.document, self._span(given.mention, f"{where}.mention"))
        mention: Json | None = (before or {}).get("mention")
        if "mention" in given.model_fields_set or mention is None or before is None:
            return None
        if before["entity_id"] is None:
            return mention
        # "he said" still is how the story means the new speaker; the name of the old one is not.
        old = self._of_story(before["entity_id"]) or before
        named = {n.casefold() for n in (old["name"], *old.get("aliases", ()))}
        words = mention["exact"].casefold()
        return None if any(name in words for name in named) and given.entity_id != before["entity_id"] else mention

    def _known(self, given: ActorFields, where: str) -> Json:
        if given.entity_id is None:
            if given.name is None:
                raise InputError(where, "says nobody: give entity_id or name")
            kind = given.type or "person"
            folded = given.name.casefold()
            entries = (e for part in _PARTS for e in self.held.analysis[part] if e["type"] == kind)
            found = next((e for e in entries if folded in {n.casefold() for n in (e["name"], *e["aliases"])}), None)
            return _named(found) if found else {"name": given.name, "type": kind, "entity_id": None, "aliases": []}
        found = self._of_story(given.entity_id)
        if found is not None:
            return _named(found)
        try:
            view = entity(self.session, given.entity_id)
        except NotFoundError as error:
            raise InputError(_at(where, "entity_id"), "there is nobody with this id") from error
        return {"name": view.name, "type": view.type, "entity_id": view.id, "aliases": list(view.aliases)}

    def _of_story(self, entity_id: str) -> Json | None:
        entries = (e for part in _PARTS for e in self.held.analysis[part])
        return next((e for e in entries if e["id"] == entity_id), None)

    def _check_named(self, name: str, mention: Json | None, where: str) -> None:
        if mention is None and find_words(self.document.text, name) is None:
            reason = f"the story does not name {name!r}: say which words mean them"
            raise InputError(_at(where, "mention"), reason)


def _at(where: str, name: str) -> str:
    return f"{where}.{name}"


def _named(entry: Json) -> Json:
    return {"name": entry["name"], "type": entry["type"], "entity_id": entry["id"], "aliases": entry["aliases"]}


def _by_offsets(text: str, given: SpanFields, where: str) -> Span:
    if given.start is None or given.end is None:
        raise InputError(where, "start and end go together")
    if not given.start < given.end <= len(text):
        raise InputError(_at(where, "end"), f"lies after start and not after the end of the text, {len(text)}")
    words = text[given.start : given.end]
    if given.exact is not None and given.exact != words:
        raise InputError(_at(where, "exact"), f"is not what stands there: {words[:200]!r}")
    if not words.strip():
        raise InputError(where, "holds no words")
    return Span(given.start, given.end)


def _places(text: str, given: SpanFields) -> list[Span]:
    exact = given.exact or ""
    before, after = given.prefix or "", given.suffix or ""
    found: list[Span] = []
    if not exact.strip():
        return found
    whole = f"{before}{exact}{after}"
    at = text.find(whole)
    while at >= 0 and len(found) < _MOST_PLACES:
        start = at + len(before)
        found.append(Span(start, start + len(exact)))
        at = text.find(whole, at + 1)
    return found
