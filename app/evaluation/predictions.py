"""Analyses as the records that scorers take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from app.domain.analysis import Analysis, Pipeline
from app.domain.annotation import Quote
from app.domain.document import Document
from app.evaluation.entities import TYPES
from app.knowledge.link import link
from app.store.documents import serialise_analysis
from app.store.views import LinkedAnalysis

Record = dict[str, Any]


class Annotator(Protocol):
    """What is evaluated: the engine, or anything that tells the same of documents."""

    @property
    def pipeline(self) -> Pipeline:
        """Which software and weights it is."""

    def annotate_many(self, documents: Iterable[Document]) -> Iterator[Analysis]:
        """Yield the analyses of documents in their order."""


def annotation_record(document: Document, analysis: Analysis, record_id: str) -> Record:
    """Return one line of ``sayso annotate --jsonl`` with ``attributions`` beside it."""
    linked = LinkedAnalysis(analysis, document, link(analysis))
    return {
        "id": record_id,
        **serialise_analysis(document, linked),
        "entities": named_mentions(analysis),
        "attributions": [attribution_record(q) for q in analysis.quotes],
    }


def named_mentions(analysis: Analysis) -> list[tuple[int, int, str]]:
    """Return every mention by name of a person, organization or place as (start, end, type), in text order."""
    return sorted(
        (m.span.start, m.span.end, entity.type)
        for entity in analysis.entities
        if entity.type in TYPES
        for m in entity.mentions
        if m.kind == "name"
    )


def attribution_record(quote: Quote) -> Record:
    """Return a quote as an attribution: its source is the words that name the speaker where it is reported."""
    source = quote.speaker.mention
    return {
        "sources": [] if source is None else [[source.start, source.end]],
        "cues": [] if quote.cue is None else [[quote.cue.start, quote.cue.end]],
        "contents": [[c.start, c.end] for c in quote.contents],
    }


def mention_confidences(analysis: Analysis) -> Mapping[tuple[int, int, str], float]:
    """Return how sure the analysis is of each mention by name, where it says; by (start, end, type)."""
    return {
        (m.span.start, m.span.end, entity.type): m.confidence
        for entity in analysis.entities
        if entity.type in TYPES
        for m in entity.mentions
        if m.kind == "name" and m.confidence is not None
    }
