"""An analysis on its way into the tables: the finished document, and the rows that lists are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.analysis import Analysis
from app.domain.annotation import Office, Stance
from app.domain.document import Document
from app.errors import ConflictError
from app.knowledge.link import Proposal, link
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
from app.store.doubts import reasons_of, write_open_links
from app.store.heads import head_of
from app.store.ids import new_id
from app.store.issue_links import Issues
from app.store.linking import Story, link_story, recall_for, set_identities
from app.store.machine import machine_analysis, machine_values
from app.store.reviewing import review_story, with_given_ids
from app.store.sayings import Sayings, count_sightings, sayings_of_article
from app.store.subjects import Subjects
from app.store.tables import (
    AnalysisRow,
    AppearanceRow,
    ArticleRow,
    MentionRow,
    PositionRow,
    QuoteRow,
    RevisionRow,
    RunRow,
)
from app.store.views import Json, LinkedAnalysis

__all__ = ["Place", "new_id", "write_analysis", "write_new_analyses"]

Row = dict[str, Any]
_OF_ARTICLE = (QuoteRow, PositionRow, MentionRow, AppearanceRow)
_OF_REVISION = (RevisionRow.article_id == AnalysisRow.article_id) & (RevisionRow.number == AnalysisRow.revision)
_TENTHS = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where an analysis belongs: a revision of an article, and its run, which is made when it is None.

    ``dated_at`` is when the article was published, or else received.
    """

    article_id: str
    revision: int
    dated_at: datetime
    run_id: str | None = None


def write_new_analyses(session: Session, found: Sequence[tuple[Place, LinkedAnalysis]]) -> None:
    """Store runs and what they found in articles that have no annotations yet, as if one after another.

    Each analysis tells who entities are by their names alone; here they are linked to those that are known.
    """
    _write(session, [_Draft(place, linked, linked.analysis) for place, linked in found], fresh=True)


def write_analysis(session: Session, article_id: str, revision: int, linked: LinkedAnalysis) -> None:
    """Store a run and what it found in the current revision, in place of what was found before.

    ``linked`` tells who entities are by their names alone; here they are linked to those that are known, after what
    people said of the story was applied.
    """
    place = Place(article_id, revision, _dated_at(session, article_id))
    machine = linked.analysis
    linked, given = review_story(session, article_id, revision, linked)
    _write(session, [_Draft(place, linked, machine, given)], fresh=False)


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
    place = Place(article_id, stored.number, _dated_at(session, article_id), stored.run_id)
    _write(session, [_Draft(place, linked, machine, given)], fresh=False)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An analysis that is to be written: as it is shown, as the machine made it; ``given`` are ids that people gave."""

    place: Place
    linked: LinkedAnalysis
    machine: Analysis
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Made:
    """An analysis that is linked, as it is served, with what it adds to the rows that stories share."""

    place: Place
    run_id: str
    linked: LinkedAnalysis
    machine: Analysis
    document: Json
    shared: Shared
    open: tuple[tuple[str, Proposal], ...]


def _write(session: Session, drafts: Sequence[_Draft], *, fresh: bool) -> None:
    """Write analyses, each to its place; ``fresh`` says that the articles have none yet. There is one when not.

    Whatever is locked is locked table by table and in the order of keys, so that no two such transactions wait for each
    other in a circle.
    """
    issues = Issues(session, [draft.linked for draft in drafts])
    made = _linked(session, drafts, issues, fresh=fresh)
    ids = [one.place.article_id for one in made]
    before = set() if fresh else {saying for key in ids for saying in sayings_of_article(session, key)}
    old = [Shared() if fresh else shared_of_article(session, key) for key in ids]
    apply_changes(session, *zip(old, (one.shared for one in made), strict=True))
    issues.write()
    if not fresh:
        _clear(session, made)
    insert_rows(session, RunRow, [_run_row(one) for one in made if one.place.run_id is None])
    insert_rows(session, AnalysisRow, [_analysis_row(one) for one in made])
    before |= _insert_found(session, made)
    count_sightings(session, before)
    set_identities(session, [one.linked for one in made])
    write_open_links(session, [(one.place.article_id, one.open) for one in made], fresh=fresh)
    for shared in old:
        prune(session, shared)


def _linked(session: Session, drafts: Sequence[_Draft], issues: Issues, *, fresh: bool) -> list[_Made]:
    """Link analyses one after another; each sees what those before it will write."""
    stories = [Story(draft.linked, draft.place.dated_at) for draft in drafts]
    recall = recall_for(session, stories)
    made = []
    for draft, story in zip(drafts, stories, strict=True):
        place, run_id = draft.place, draft.place.run_id or new_id()
        found = link_story(recall, story, place.article_id, fresh=fresh)
        named = replace(found.analysis, issues=issues.find(place.article_id, found.analysis))
        linked = with_given_ids(session, named, draft.given)
        document = serialise_analysis(linked.document, linked, article_id=place.article_id, run_id=run_id)
        shared = shared_of_analysis(document, linked)
        recall.note(place.article_id, linked, shared)
        made.append(_Made(place, run_id, linked, draft.machine, document, shared, found.open))
    return made


def _clear(session: Session, made: Sequence[_Made]) -> None:
    """Take away what articles have, and bring the runs that stay to what is found now."""
    for one in made:
        article_id, revision = one.place.article_id, one.place.revision
        for table in _OF_ARTICLE:
            session.execute(delete(table).where(table.article_id == article_id))
        session.execute(
            delete(AnalysisRow).where(AnalysisRow.article_id == article_id, AnalysisRow.revision == revision)
        )
        if one.place.run_id is not None:
            session.execute(update(RunRow).where(RunRow.id == one.run_id).values(_counts(one.document)))


def _insert_found(session: Session, made: Sequence[_Made]) -> set[str]:
    """Write the rows of what was found and return the sayings of the quotes."""
    sayings = Sayings(session, [one.document["quotes"] for one in made])
    rows = [_Rows(one, sayings.find(place)) for place, one in enumerate(made)]
    said = [saying for of in rows for saying in of.sayings.values()]
    sayings.write(said)
    insert_rows(session, AppearanceRow, [row for of in rows for row in of.appearances()])
    insert_rows(session, MentionRow, [row for of in rows for row in of.mentions()])
    insert_rows(session, QuoteRow, [row for of in rows for row in of.quotes()])
    insert_rows(session, PositionRow, [row for of in rows for row in of.positions()])
    return set(said)


def _dated_at(session: Session, article_id: str) -> datetime:
    return session.scalars(select(ArticleRow.dated_at).where(ArticleRow.id == article_id)).one()


def _analysis_row(made: _Made) -> Row:
    kept = {"run_id": made.run_id, "document": made.document, "machine": machine_values(made.machine)}
    return {"article_id": made.place.article_id, "revision": made.place.revision, **kept}


def _run_row(made: _Made) -> Row:
    linked = made.linked
    return {
        "id": made.run_id,
        "article_id": made.place.article_id,
        "revision": made.place.revision,
        "pipeline_version": linked.analysis.pipeline.version,
        "weights": linked.analysis.pipeline.weights,
        "started_at": linked.started_at or datetime.now(UTC),
        "seconds": linked.seconds,
        **_counts(made.document),
    }


def _counts(document: Json) -> Row:
    return {key: len(document[key]) for key in ("people", "organizations", "places", "quotes", "positions")}


def _reviewed(shown: Json) -> Row:
    sure = shown["confidence"]
    return {"review": shown["review"]["status"], "review_rank": -1 if sure is None else round(_TENTHS * sure)}


class _Rows:
    """The rows of one analysis, table by table."""

    def __init__(self, made: _Made, sayings: Mapping[str, str]) -> None:
        self.dated_at = made.place.dated_at
        self.sayings = sayings
        self.of_article = {"article_id": made.place.article_id}
        self.of_run = {"article_id": made.place.article_id, "run_id": made.run_id}
        self.linked = made.linked
        self.analysis = made.linked.analysis
        self.document = made.document

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
