"""Everything annotated in one revision by one run, checked as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.annotation import Actor, Entity, Office, Quote, Stance
from app.domain.document import Document
from app.domain.span import Span
from app.errors import BrokenAnalysisError


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Which software and which weights made an analysis."""

    version: str
    weights: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """The annotations of one document.

    Shape: entities ordered by first mention, quotes by first content, offices and stances by first evidence;
    ids unique over the whole analysis.
    """

    pipeline: Pipeline
    entities: tuple[Entity, ...] = ()
    quotes: tuple[Quote, ...] = ()
    offices: tuple[Office, ...] = ()
    stances: tuple[Stance, ...] = ()

    def of_type(self, kind: str) -> tuple[Entity, ...]:
        """Return the entities of one type."""
        return tuple(e for e in self.entities if e.type == kind)

    def actors(self) -> Iterator[Actor]:
        """Yield every actor of every annotation."""
        for quote in self.quotes:
            yield quote.speaker
        for office in self.offices:
            yield office.person
            if office.organization is not None:
                yield office.organization
        for stance in self.stances:
            yield stance.holder
            if stance.reporter is not None:
                yield stance.reporter

    def spans(self) -> Iterator[Span]:
        """Yield every span of every annotation."""
        for entity in self.entities:
            yield from (m.span for m in entity.mentions)
        for quote in self.quotes:
            yield from quote.contents
            if quote.cue is not None:
                yield quote.cue
        for office in self.offices:
            yield from office.evidence
        for stance in self.stances:
            yield stance.target
            yield from stance.evidence
        yield from (a.mention for a in self.actors() if a.mention is not None)


def check(analysis: Analysis, document: Document) -> Analysis:
    """Return ``analysis`` when every span lies in the text and every reference resolves.

    Raises: BrokenAnalysisError naming the first fault; an analysis that fails is a defect of an annotator.
    """
    if any(span.end > len(document.text) for span in analysis.spans()):
        msg = "a span ends after the text"
        raise BrokenAnalysisError(msg)
    entities = {e.id for e in analysis.entities}
    quotes = {q.id for q in analysis.quotes}
    if any(a.entity_id is not None and a.entity_id not in entities for a in analysis.actors()):
        msg = "an actor names an entity that is not in the analysis"
        raise BrokenAnalysisError(msg)
    if any(s.quote_id is not None and s.quote_id not in quotes for s in analysis.stances):
        msg = "a stance names a quote that is not in the analysis"
        raise BrokenAnalysisError(msg)
    ids = [x.id for group in (analysis.entities, analysis.quotes, analysis.offices, analysis.stances) for x in group]
    if len(set(ids)) != len(ids):
        msg = "two annotations share an id"
        raise BrokenAnalysisError(msg)
    return analysis
