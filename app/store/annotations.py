"""An analysis on its way into the tables: the finished document, and the rows that lists are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.analysis import Analysis
from app.domain.annotation import Office, Stance
from app.domain.document import Document
from app.domain.span import Span
from app.errors import ConflictError
from app.knowledge.link import link
from app.store.bulk import insert_rows
from app.store.changes import (
    ENTITY_KEYS,
    Shared,
    apply_changes,
    prune,
    quotes_spoken,
    shared_of_analysis,
    shared_of_article,
)
from app.store.documents import positions_in_order, serialise_analysis
from app.store.heads import head_of
from app.store.ids import new_id
from app.store.issue_links import find_issues
from app.store.linking import link_story, reasons_of, set_identities, write_open_links
from app.store.machine import machine_analysis, machine_values
from app.store.reviewing import review_story, with_given_ids
from app.store.sayings import count_sightings, find_sayings, sayings_of_article
from app.store.subjects import Subjects
from app.store.tables import (
    AnalysisRow,
    AppearanceRow,
    ArticleRow,
    MentionRow,
    PositionRow,
    PositionSpanRow,
    QuoteRow,
    QuoteSpanRow,
    RevisionRow,
    RunRow,
)
from app.store.views import Json, LinkedAnalysis

__all__ = ["new_id", "write_analysis"]

Row = dict[str, Any]
_OF_ARTICLE = (QuoteRow, PositionRow, MentionRow, AppearanceRow)
_OF_REVISION = (RevisionRow.article_id == AnalysisRow.article_id) & (RevisionRow.number == AnalysisRow.revision)
_TENTHS = 10_000


def write_analysis(session: Session, article_id: str, revision: int, linked: LinkedAnalysis, *, fresh: bool) -> None:
    """Store a run and what it found in the current revision, in place of what was found before.

    ``linked`` tells who entities are by their names alone; here they are linked to those that are known, after what
    people said of the story was applied. ``fresh`` says that the article has no annotations yet.
    """
    machine = linked.analysis
    given: Mapping[str, str] = {}
    if not fresh:
        linked, given = review_story(session, article_id, revision, linked)
    _write(session, (article_id, revision, None), linked, given, machine, fresh=fresh)


def rewrite_analysis(session: Session, article_id: str) -> None:
    """Write what the latest run found in a story anew, as people correct it by now; the run stays.

    Raises: ConflictError when what the run itself found is not kept: then the story is annotated again first.
    """
    stored = session.execute(
        select(AnalysisRow.machine, AnalysisRow.run_id, RevisionRow.number, RevisionRow.text, RevisionRow.head)
        .join(RevisionRow, _OF_REVISION)
        .where(RevisionRow.article_id == article_id, RevisionRow.current)
    ).one()
    if stored.machine is None:
        msg = "the story was annotated by a version that kept no corrections: annotate it again first"
        raise ConflictError(msg)
    machine = machine_analysis(stored.machine)
    found = LinkedAnalysis(machine, Document(stored.text, head=head_of(stored.head)), link(machine))
    linked, given = review_story(session, article_id, stored.number, found)
    _write(session, (article_id, stored.number, stored.run_id), linked, given, machine, fresh=False)


def _write(
    session: Session,
    place: tuple[str, int, str | None],
    linked: LinkedAnalysis,
    given: Mapping[str, str],
    machine: Analysis,
    *,
    fresh: bool,
) -> None:
    """Write an analysis to its article, revision and run, a new run for none; ``given`` are ids that people gave."""
    article_id, revision, known_run = place
    dated_at = session.scalar(select(ArticleRow.dated_at).where(ArticleRow.id == article_id))
    found = link_story(session, article_id, linked, dated_at)
    issues = find_issues(session, article_id, found.analysis)
    linked = with_given_ids(session, replace(found.analysis, issues=issues.ids), given)
    run_id = known_run or new_id()
    document = serialise_analysis(linked.document, linked, article_id=article_id, run_id=run_id)
    before = set() if fresh else sayings_of_article(session, article_id)
    old = Shared() if fresh else shared_of_article(session, article_id)
    apply_changes(session, old, shared_of_analysis(document, linked))
    issues.write(session)
    if not fresh:
        for table in _OF_ARTICLE:
            session.execute(delete(table).where(table.article_id == article_id))
        session.execute(
            delete(AnalysisRow).where(AnalysisRow.article_id == article_id, AnalysisRow.revision == revision)
        )
    if known_run is None:
        insert_rows(session, RunRow, [_run_row(run_id, article_id, revision, linked, document)])
    else:
        session.execute(update(RunRow).where(RunRow.id == run_id).values(_counts(document)))
    kept = {"run_id": run_id, "document": document, "machine": machine_values(machine)}
    insert_rows(session, AnalysisRow, [{"article_id": article_id, "revision": revision, **kept}])
    rows = _Rows(article_id, run_id, linked, document, dated_at)
    rows.sayings = find_sayings(session, document["quotes"])
    insert_rows(session, AppearanceRow, rows.appearances())
    insert_rows(session, MentionRow, rows.mentions())
    insert_rows(session, QuoteRow, rows.quotes())
    insert_rows(session, QuoteSpanRow, rows.quote_spans())
    insert_rows(session, PositionRow, rows.positions())
    insert_rows(session, PositionSpanRow, rows.position_spans())
    count_sightings(session, before | set(rows.sayings.values()))
    set_identities(session, linked)
    write_open_links(session, article_id, found.open)
    prune(session, old)


def _run_row(run_id: str, article_id: str, revision: int, linked: LinkedAnalysis, document: Json) -> Row:
    return {
        "id": run_id,
        "article_id": article_id,
        "revision": revision,
        "pipeline_version": linked.analysis.pipeline.version,
        "weights": linked.analysis.pipeline.weights,
        "started_at": linked.started_at or datetime.now(UTC),
        "seconds": linked.seconds,
        **_counts(document),
    }


def _counts(document: Json) -> Row:
    return {key: len(document[key]) for key in ("people", "organizations", "places", "quotes", "positions")}


def _reviewed(shown: Json) -> Row:
    sure = shown["confidence"]
    return {"review": shown["review"]["status"], "review_rank": -1 if sure is None else round(_TENTHS * sure)}


class _Rows:
    """The rows of one analysis, table by table."""

    def __init__(
        self, article_id: str, run_id: str, linked: LinkedAnalysis, document: Json, dated_at: datetime | None
    ) -> None:
        self.dated_at = dated_at
        self.sayings: dict[str, str] = {}
        self.of_article = {"article_id": article_id}
        self.of_run = {"article_id": article_id, "run_id": run_id}
        self.linked = linked
        self.analysis = linked.analysis
        self.document = document

    def appearances(self) -> list[Row]:
        """Return one row an entity across stories."""
        spoken = quotes_spoken(self.document)
        links = {e.id: e for e in self.linked.entities.values()}
        return [
            {
                **self.of_article,
                "entity_id": e["id"],
                "name": e["name"],
                "aliases": e["aliases"],
                "prominence": e["prominence"],
                "quotes": spoken[e["id"]],
                "dated_at": self.dated_at,
                "context": [list(pair) for pair in self.linked.contexts.get(e["id"], ())],
                "score": links[e["id"]].score,
                "reasons": reasons_of(links[e["id"]].reasons),
            }
            for key in ENTITY_KEYS
            for e in self.document[key]
        ]

    def mentions(self) -> list[Row]:
        """Return one row a mention."""
        return [
            {
                **self.of_article,
                "entity_id": self.linked.entities[e.id].id,
                "start": m.span.start,
                "end": m.span.end,
                "kind": m.kind,
                "confidence": m.confidence,
            }
            for e in self.analysis.entities
            for m in e.mentions
        ]

    def quotes(self) -> list[Row]:
        """Return one row a quote."""
        if not self.analysis.quotes:
            return []
        subjects = Subjects(self.linked.document, self.analysis)
        around = {quote.id: subjects.around(quote) for quote in self.analysis.quotes}
        return [
            {
                **self.of_run,
                "id": q["id"],
                "ordinal": i,
                "type": q["type"],
                "text": q["text"],
                "speaker_status": q["speaker"]["status"],
                "speaker_name": q["speaker"]["name"],
                "speaker_entity_id": q["speaker"]["entity_id"],
                "confidence": q["confidence"],
                "method": q["method"],
                "document": q,
                "saying_id": self.sayings.get(q["id"]),
                "window_start": around[q["id"]].window.start,
                "window_end": around[q["id"]].window.end,
                "about": around[q["id"]].about,
                "named": around[q["id"]].named or None,
                **_reviewed(q),
            }
            for i, q in enumerate(self.document["quotes"])
        ]

    def quote_spans(self) -> list[Row]:
        """Return one row a part of a quote."""
        return [
            row
            for q in self.analysis.quotes
            for role, spans in (("content", q.contents), ("cue", (q.cue,)), ("speaker", (q.speaker.mention,)))
            for row in _span_rows("quote_id", q.id, role, spans)
        ]

    def positions(self) -> list[Row]:
        """Return one row an office or a stance."""
        ordered = positions_in_order(self.analysis.offices, self.analysis.stances)
        both = zip(ordered, self.document["positions"], strict=True)
        dated = {**self.of_run, "dated_at": self.dated_at}
        return [{**dated, "ordinal": i, **self._position(p, shown)} for i, (p, shown) in enumerate(both)]

    def _position(self, position: Office | Stance, shown: Json) -> Row:
        if isinstance(position, Office):
            actor, issue = shown["person"], None
            words = [position.title, position.normal_title]
        else:
            actor, issue = shown["holder"], shown["issue"]["id"]
            words = [position.issue, *(span["exact"] for span in shown["evidence"])]
        organization = shown.get("organization") or {}
        return {
            "id": position.id,
            "kind": shown["kind"],
            "actor_name": actor["name"],
            "actor_entity_id": actor["entity_id"],
            "organization_entity_id": organization.get("entity_id"),
            "country": actor["country"],
            "reporter_entity_id": (shown.get("reporter") or {}).get("entity_id"),
            "title": shown.get("title"),
            "tense": shown.get("tense"),
            "polarity": shown.get("polarity"),
            "issue_id": issue,
            "quote_id": shown.get("quote_id"),
            "text": " ".join(dict.fromkeys(words)),
            "confidence": position.confidence,
            "method": position.method,
            "document": shown,
            **_reviewed(shown),
        }

    def position_spans(self) -> list[Row]:
        """Return one row a stretch of words that shows a position."""
        rows = []
        for office in self.analysis.offices:
            rows += _span_rows("position_id", office.id, "evidence", office.evidence)
            rows += _span_rows("position_id", office.id, "actor", (office.person.mention,))
        for stance in self.analysis.stances:
            rows += _span_rows("position_id", stance.id, "evidence", stance.evidence)
            rows += _span_rows("position_id", stance.id, "target", (stance.target,))
            rows += _span_rows("position_id", stance.id, "actor", (stance.holder.mention,))
        return rows


def _span_rows(key: str, annotation_id: str, role: str, spans: tuple[Span | None, ...]) -> list[Row]:
    return [
        {key: annotation_id, "role": role, "ordinal": i, "start": s.start, "end": s.end}
        for i, s in enumerate(spans)
        if s is not None
    ]
