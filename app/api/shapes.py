"""What the store's views look like in answers. What an analysis looks like is ``app.store.documents``' to say."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from app.domain.document import Document, Head
from app.domain.span import Span
from app.store.documents import serialise_span
from app.store.review_views import CorrectionView
from app.store.views import ArticleView, EntityView, IssueView, OfficeView, RevisionView, RunView, TenureView

Json = dict[str, Any]


def article_shape(view: ArticleView, text: str, analysis: Json) -> Json:
    """Return an article whole: what came with it, its text, everything annotated in it."""
    return {**summary_shape(view), "head": head_shape(text, view.head), "text": text, **analysis}


def summary_shape(view: ArticleView) -> Json:
    """Return an article as lists show it: without text and annotations."""
    return {
        "id": view.id,
        "revision": view.revision,
        "title": view.title,
        "section": view.section,
        "byline": view.byline,
        "dateline": view.dateline,
        "authors": view.authors,
        "source": view.source,
        "url": view.url,
        "language": view.language,
        "published_at": view.published_at,
        "external_id": view.external_id,
        "media_type": view.media_type,
        "received_at": view.received_at,
        "updated_at": view.updated_at,
        "length": view.length,
        "sha256": view.sha256,
        "run": run_shape(view.run),
    }


def head_shape(text: str, head: Head) -> Json:
    """Return where the text holds the lines above the story."""
    document = Document(text, head=head)

    def span(part: Span | None) -> Json | None:
        return None if part is None else serialise_span(document, part)

    return {
        "section": span(head.section),
        "title": span(head.title),
        "byline": span(head.byline),
        "dateline": span(head.dateline),
    }


def revision_shape(view: RevisionView) -> Json:
    """Return one revision, without its text."""
    return {
        "article_id": view.article_id,
        "number": view.number,
        "current": view.current,
        "title": view.title,
        "media_type": view.media_type,
        "received_at": view.received_at,
        "length": view.length,
        "sha256": view.sha256,
        "run": run_shape(view.run),
    }


def run_shape(view: RunView) -> Json:
    """Return the run of the pipeline that annotated a revision."""
    return {
        "id": view.id,
        "pipeline": view.pipeline_version,
        "weights": view.weights,
        "started_at": view.started_at,
        "seconds": view.seconds,
        "counts": {
            "people": view.counts.people,
            "organizations": view.counts.organizations,
            "places": view.counts.places,
            "quotes": view.counts.quotes,
            "positions": view.counts.positions,
        },
    }


def entity_shape(view: EntityView) -> Json:
    """Return a person or an organization across stories."""
    return {
        "id": view.id,
        "type": view.type,
        "name": view.name,
        "aliases": view.aliases,
        "identifiers": [{"scheme": scheme, "id": key} for scheme, key in view.identifiers],
        "same_as": [url for pair in view.identifiers if (url := same_as(*pair)) is not None],
        "offices": [office_shape(office) for office in view.offices],
        "parents": [{"id": p.id, "name": p.name, "relation": p.relation} for p in view.parents],
        "parts": [{"id": p.id, "name": p.name, "country": p.country} for p in view.parts],
        "articles": view.articles,
        "quotes": view.quotes,
        "prominence": view.prominence,
        "first_seen": view.first_seen,
        "last_seen": view.last_seen,
    }


_ADDRESSES = {
    "wikidata": "https://www.wikidata.org/entity/{}",
    "bioguide": "https://bioguide.congress.gov/search/bio/{}",
    "isni": "https://isni.org/isni/{}",
    "viaf": "https://viaf.org/viaf/{}",
    "lei": "https://search.gleif.org/#/record/{}",
}


def same_as(scheme: str, key: str) -> str | None:
    """Return the address at which an authority tells of what it calls ``key``; None for schemes without one."""
    pattern = _ADDRESSES.get(scheme.casefold())
    return None if pattern is None else pattern.format(quote(key, safe=""))


def office_shape(view: OfficeView) -> Json:
    """Return a post that a story states."""
    return {
        "position_id": view.position_id,
        "article_id": view.article_id,
        "title": view.title,
        "organization": view.organization,
        "organization_id": view.organization_id,
        "tense": view.tense,
    }


def issue_shape(view: IssueView) -> Json:
    """Return an issue across stories."""
    return {
        "id": view.id,
        "label": view.label,
        "positions": view.positions,
        "prominence": view.prominence,
        "first_seen": view.first_seen,
        "last_seen": view.last_seen,
    }


def tenure_shape(view: TenureView) -> Json:
    """Return a post over time."""
    return {
        "title": view.title,
        "normal_title": view.normal_title,
        "organization": view.organization,
        "organization_id": view.organization_id,
        "tense": view.tense,
        "held_from": view.held_from,
        "held_to": view.held_to,
        "former_from": view.former_from,
        "stories": view.stories,
        "statements": [
            {
                "position_id": s.position_id,
                "article_id": s.article_id,
                "published_at": s.published_at,
                "title": s.title,
                "tense": s.tense,
            }
            for s in view.statements
        ],
    }


def correction_shape(view: CorrectionView) -> Json:
    """Return a correction and what became of it."""
    return {
        "id": view.id,
        "article_id": view.article_id,
        "revision": view.revision,
        "action": view.action,
        "kind": view.kind,
        "annotation_id": view.annotation_id,
        "value": view.value,
        "before": view.before,
        "state": view.state,
        "applied_to": view.applied_to,
        "reason": view.reason,
        "note": view.note,
        "author": view.author,
        "made_at": view.made_at,
        "undone_at": view.undone_at,
        "undone_by": view.undone_by,
    }
