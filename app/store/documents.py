"""An analysis as the API serves it: one JSON document, made once when the analysis is stored."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.annotation import Actor, Entity, EntityType, Office, Quote, Stance
from app.domain.document import Document
from app.domain.span import Span
from app.store.folding import folded
from app.store.issues import issue_id
from app.store.views import Json, LinkedAnalysis

CONTEXT = 32
_UNSEEN: Json = {"status": "machine", "by": None, "at": None, "correction_id": None, "fields": [], "machine": None}
_KEYS: dict[EntityType, str] = {
    "person": "people",
    "organization": "organizations",
    "place": "places",
    "group": "groups",
}


def serialise_analysis(
    document: Document, linked: LinkedAnalysis, *, article_id: str | None = None, run_id: str | None = None
) -> Json:
    """Return the analysis in the API's shapes, under people, organizations, places, groups, quotes and positions.

    Entities carry their ids across stories; those of the story that are one across stories come out as one.
    """
    return _Serialiser(document, linked, article_id, run_id).analysis()


def serialise_span(document: Document, span: Span) -> Json:
    """Return a span with the words it covers and 32 code points on either side."""
    text = document.text
    return {
        "field": document.field_of(span),
        "start": span.start,
        "end": span.end,
        "exact": span.of(text),
        "prefix": text[max(0, span.start - CONTEXT) : span.start],
        "suffix": text[span.end : span.end + CONTEXT],
    }


class _Serialiser:
    """What every part of one analysis needs to be written out."""

    def __init__(self, document: Document, linked: LinkedAnalysis, article_id: str | None, run_id: str | None) -> None:
        self.document = document
        self.linked = linked
        self.article_id = article_id
        self.run_id = run_id

    def analysis(self) -> Json:
        """Return the whole document."""
        analysis = self.linked.analysis
        positions = [self.position(p) for p in positions_in_order(analysis.offices, analysis.stances)]
        result: Json = {key: [] for key in _KEYS.values()}
        for entities in self.same_across_stories():
            result[_KEYS[entities[0].type]].append(self.entity(entities, positions))
        result["quotes"] = [self.quote(q) for q in analysis.quotes]
        result["positions"] = positions
        return result

    def same_across_stories(self) -> list[list[Entity]]:
        """Return the entities grouped by their id across stories, in the order of their first mention."""
        groups: dict[str, list[Entity]] = {}
        for entity in self.linked.analysis.entities:
            groups.setdefault(self.linked.entities[entity.id].id, []).append(entity)
        return list(groups.values())

    def entity(self, entities: list[Entity], positions: list[Json]) -> Json:
        """Return one entity, from all of the story's that it stands for."""
        first = entities[0]
        linked_id = self.linked.entities[first.id].id
        name = max((e.name for e in entities), key=len)
        names = dict.fromkeys(n for e in entities for n in (e.name, *e.aliases) if n != name)
        shares = [e.prominence for e in entities if e.prominence is not None]
        sure = [e.confidence for e in entities if e.confidence is not None]
        mentions = sorted({m.span for e in entities for m in e.mentions})
        return {
            "id": linked_id,
            "type": first.type,
            "name": name,
            "aliases": list(names),
            "identifiers": [
                {"scheme": scheme, "id": key} for scheme, key in self.linked.entities[first.id].identifiers
            ],
            "offices": [
                {
                    "position_id": p["id"],
                    "title": p["title"],
                    "organization": (p["organization"] or {}).get("name"),
                    "organization_id": (p["organization"] or {}).get("entity_id"),
                    "tense": p["tense"],
                }
                for p in positions
                if p["kind"] == "office" and p["person"]["entity_id"] == linked_id
            ],
            "mentions": self.spans(mentions),
            "prominence": min(sum(shares), 1.0) if shares else None,
            "confidence": max(sure) if sure else None,
        }

    def quote(self, quote: Quote) -> Json:
        """Return one quote; its text is that of its contents, joined by a space."""
        return {**self._quote(quote), "review": self.review(quote.id)}

    def position(self, position: Office | Stance) -> Json:
        """Return one office or stance."""
        return {**self._position(position), "review": self.review(position.id)}

    def _quote(self, quote: Quote) -> Json:
        return {
            "id": quote.id,
            "article_id": self.article_id,
            "type": quote.type,
            "text": " ".join(c.of(self.document.text) for c in quote.contents),
            "contents": self.spans(quote.contents),
            "cue": self.span(quote.cue),
            "speaker": self.actor(quote.speaker),
            "confidence": quote.confidence,
            "method": quote.method,
            "run_id": self.run_id,
        }

    def _position(self, position: Office | Stance) -> Json:
        if isinstance(position, Office):
            return {
                "id": position.id,
                "article_id": self.article_id,
                "kind": "office",
                "person": self.actor(position.person),
                "title": position.title,
                "normal_title": position.normal_title,
                "organization": None if position.organization is None else self.actor(position.organization),
                "tense": position.tense,
                "evidence": self.spans(position.evidence),
                "confidence": position.confidence,
                "method": position.method,
                "run_id": self.run_id,
            }
        return {
            "id": position.id,
            "article_id": self.article_id,
            "kind": "stance",
            "holder": self.actor(position.holder),
            "polarity": position.polarity,
            "issue": {
                "id": self.linked.issues.get(folded(position.issue)) or issue_id(position.issue),
                "label": position.issue,
            },
            "target": self.span(position.target),
            "evidence": self.spans(position.evidence),
            "quote_id": position.quote_id,
            "reporter": None if position.reporter is None else self.actor(position.reporter),
            "change": position.change,
            "conditional": position.conditional,
            "confidence": position.confidence,
            "method": position.method,
            "run_id": self.run_id,
        }

    def review(self, annotation_id: str) -> Json:
        """Return what people made of an annotation, with what the machine had in the fields that differ."""
        review = self.linked.reviews.get(annotation_id)
        if review is None:
            return dict(_UNSEEN)
        machine = None
        if review.machine is not None:
            found = review.machine
            shown = self._quote(found) if isinstance(found, Quote) else self._position(found)
            machine = {name: shown[name] for name in (*review.fields, "confidence", "method")}
        return {
            "status": review.status,
            "by": review.by,
            "at": None if review.at is None else review.at.isoformat().replace("+00:00", "Z"),
            "correction_id": review.correction_id,
            "fields": list(review.fields),
            "machine": machine,
        }

    def actor(self, actor: Actor) -> Json:
        """Return who speaks, holds or serves."""
        return {
            "status": actor.status,
            "name": actor.name,
            "type": actor.type,
            "entity_id": None if actor.entity_id is None else self.linked.entities[actor.entity_id].id,
            "office": actor.office,
            "country": actor.country,
            "mention": self.span(actor.mention),
        }

    def span(self, span: Span | None) -> Json | None:
        """Return a span, or None for none."""
        return None if span is None else serialise_span(self.document, span)

    def spans(self, spans: Iterable[Span]) -> list[Json]:
        """Return spans."""
        return [serialise_span(self.document, s) for s in spans]


def positions_in_order(offices: Iterable[Office], stances: Iterable[Stance]) -> tuple[Office | Stance, ...]:
    """Return offices and stances together, by their first evidence."""
    found: list[Office | Stance] = [*offices, *stances]
    return tuple(sorted(found, key=_first_evidence))


def _first_evidence(position: Office | Stance) -> int:
    spans = position.evidence or ((position.target,) if isinstance(position, Stance) else ())
    return min((s.start for s in spans), default=0)
