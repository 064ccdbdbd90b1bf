"""A story annotated and not kept, as `sayso annotate` prints it."""

from __future__ import annotations

from app.domain.analysis import Analysis
from app.domain.document import Document
from app.ingest.receive import Received
from app.knowledge.link import link
from app.store.documents import serialise_analysis
from app.store.views import Json, LinkedAnalysis


def annotated_story(received: Received, analysis: Analysis) -> Json:
    """Return the head lines, the text and everything annotated in it."""
    article = received.article
    head = {
        "section": article.section,
        "title": article.title,
        "byline": article.byline,
        "dateline": article.dateline,
        "text": article.text,
    }
    return {**head, **analysis_shape(received.document, analysis)}


def analysis_shape(document: Document, analysis: Analysis) -> Json:
    """Return everything annotated in a text, with every mention by name as [start, end, type]."""
    linked = LinkedAnalysis(analysis, document, link(analysis))
    return {**serialise_analysis(document, linked), "entities": named_mentions(analysis)}


def named_mentions(analysis: Analysis) -> list[list[int | str]]:
    """Return every mention by name as [start, end, type], in text order."""
    found = sorted((m.span, e.type) for e in analysis.entities for m in e.mentions if m.kind == "name")
    return [[span.start, span.end, kind] for span, kind in found]
