"""From a story received to a story kept. No transaction is open while a story is annotated."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from app.domain.analysis import Analysis, Pipeline
from app.domain.document import Document
from app.errors import ConflictError
from app.ingest.receive import Received
from app.knowledge.link import link
from app.store import articles, stories
from app.store.store import Store
from app.store.views import ArticleView, Json, LinkedAnalysis

Check = Callable[["KeptArticle"], None]
"""Raises when a change may not be made to the article as it stands."""

_ATTEMPTS = 5


class Annotator(Protocol):
    """What annotates: the engine, or a stand-in that tells the same of the same document."""

    @property
    def pipeline(self) -> Pipeline:
        """Which software and weights it is."""

    def annotate(self, document: Document) -> Analysis:
        """Return the checked analysis of one document."""

    def annotate_many(self, documents: Iterable[Document]) -> Iterable[Analysis]:
        """Return the analyses of many documents in their order."""


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article as it stands in the store: what is known of it, its text, its analysis as served."""

    view: ArticleView
    text: str
    analysis: Json

    @property
    def state(self) -> tuple[int, str, datetime]:
        """Return what changes whenever the article does."""
        return self.view.revision, self.view.run.id, self.view.updated_at


def read_article(session: Session, article_id: str) -> KeptArticle:
    """Return an article whole.

    Raises: NotFoundError.
    """
    view = articles.article(session, article_id)
    return KeptArticle(view, articles.text_of(session, article_id), articles.analysis_of(session, article_id))


def accept_any(_kept: KeptArticle) -> None:
    """Let every change be made."""


class Intake:
    """Takes stories in: the only writer of articles."""

    def __init__(self, store: Store, annotator: Annotator) -> None:
        self.store = store
        self.annotator = annotator

    def annotate(self, document: Document) -> LinkedAnalysis:
        """Return the analysis of a document, with who its entities are across stories."""
        started_at = datetime.now(UTC)
        clock = time.perf_counter()
        analysis = self.annotator.annotate(document)
        seconds = time.perf_counter() - clock
        return LinkedAnalysis(analysis, document, link(analysis), started_at, seconds)

    def add(self, received: Received) -> tuple[KeptArticle, bool]:
        """Keep a story and return it with True, or what is kept already with False when its text is known."""
        known = self._known(received)
        if known is not None:
            with self.store.writing() as session:
                stories.see_again(session, received.article, known.view.sha256)
            return known, False
        linked = self.annotate(received.document)
        with self.store.writing() as session:
            view, created = articles.add_article(session, received.article, linked)
            kept = read_article(session, view.id)
        return kept, created

    def add_many(self, handed_in: Sequence[Received]) -> list[tuple[ArticleView, bool]]:
        """Keep several stories in one transaction: all of them or none. Each comes back as from ``add``."""
        with self.store.reading() as session:
            known = [articles.article_by_text(session, articles.sha256_of(s.article.text)) for s in handed_in]
        new = [story for story, view in zip(handed_in, known, strict=True) if view is None]
        analyses = self.annotate_many([story.document for story in new])
        both = [(story.article, linked) for story, linked in zip(new, analyses, strict=True)]
        with self.store.writing() as session:
            for story, view in zip(handed_in, known, strict=True):
                if view is not None:
                    stories.see_again(session, story.article, view.sha256)
            added = articles.add_articles(session, both)
            views = articles.articles_by_id(session, [article_id for article_id, _ in added])
        kept = ((views[article_id], created) for article_id, created in added)
        return [next(kept) if view is None else (view, False) for view in known]

    def annotate_many(self, documents: Sequence[Document]) -> list[LinkedAnalysis]:
        """Return the analyses of many documents in their order, each with its share of the time."""
        started_at = datetime.now(UTC)
        clock = time.perf_counter()
        analyses = list(self.annotator.annotate_many(documents))
        seconds = (time.perf_counter() - clock) / max(1, len(documents))
        return [
            LinkedAnalysis(analysis, document, link(analysis), started_at, seconds)
            for analysis, document in zip(analyses, documents, strict=True)
        ]

    def replace(self, article_id: str, received: Received, check: Check = accept_any) -> KeptArticle:
        """Make a story the new revision of an article; a text that it has already only changes what came with it.

        Raises: NotFoundError; ConflictError when another article has the text; what ``check`` raises.
        """
        for _ in range(_ATTEMPTS):
            seen = self._may_replace(article_id, received, check)
            same = seen.text == received.article.text
            linked = _unread(self.annotator, received.document) if same else self.annotate(received.document)
            try:
                return self._write_revision(seen, received, linked, seen.view.revision + (not same))
            except _ChangedMeanwhileError:
                continue
        msg = "the article keeps changing while this change is made: try again"
        raise ConflictError(msg)

    def _write_revision(
        self, seen: KeptArticle, received: Received, linked: LinkedAnalysis, number: int
    ) -> KeptArticle:
        """Write what becomes revision ``number`` of an article that still is as it was seen."""
        with self.store.writing() as session:
            if read_article(session, seen.view.id).state != seen.state:
                raise _ChangedMeanwhileError
            # PostgreSQL locks the article only now: another change may have come between.
            if articles.add_revision(session, seen.view.id, received.article, linked).revision != number:
                raise _ChangedMeanwhileError
            return read_article(session, seen.view.id)

    def remove(self, article_id: str, check: Check = accept_any) -> None:
        """Delete an article and everything found in it.

        Raises: NotFoundError; what ``check`` raises.
        """
        with self.store.writing() as session:
            check(read_article(session, article_id))
            articles.remove_article(session, article_id)

    def _known(self, received: Received) -> KeptArticle | None:
        with self.store.reading() as session:
            view = articles.article_by_text(session, articles.sha256_of(received.article.text))
            return None if view is None else read_article(session, view.id)

    def _may_replace(self, article_id: str, received: Received, check: Check) -> KeptArticle:
        with self.store.reading() as session:
            seen = read_article(session, article_id)
            check(seen)
            holder = articles.article_by_text(session, articles.sha256_of(received.article.text))
        if holder is not None and holder.id != article_id:
            msg = f"article {holder.id} has this text"
            raise ConflictError(msg)
        return seen


class _ChangedMeanwhileError(Exception):
    """The article changed between the look at it and the change: look again."""


def _unread(annotator: Annotator, document: Document) -> LinkedAnalysis:
    """Return an analysis that is not going to be kept, for a text that is annotated already."""
    return LinkedAnalysis(Analysis(annotator.pipeline), document, {})
