"""Analyses that later runs have replaced, and what changed between two. None of the functions commits."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import orjson
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.store.filters import storable
from app.store.queue_tables import PastAnalysisRow
from app.store.tables import AnalysisRow, RunRow
from app.store.views import Json

KINDS = ("people", "organizations", "places", "groups", "quotes", "positions")


def keep_past(session: Session, article_id: str, revision: int) -> None:
    """Keep the analysis that a revision has: another is about to take its place."""
    query = select(AnalysisRow.run_id, AnalysisRow.document)
    row = session.execute(query.where(AnalysisRow.article_id == article_id, AnalysisRow.revision == revision)).one()
    session.execute(
        insert(PastAnalysisRow), [{"run_id": row.run_id, "document": zlib.compress(orjson.dumps(row.document))}]
    )


def analysis_of_run(session: Session, article_id: str, run_id: str) -> Json:
    """Return what one run found, as it was served.

    Raises: NotFoundError.
    """
    if storable(article_id) and storable(run_id):
        of_run = (RunRow.id == run_id, RunRow.article_id == article_id)
        present = select(AnalysisRow.document).join(RunRow, RunRow.id == AnalysisRow.run_id).where(*of_run)
        document: Json | None = session.scalars(present).one_or_none()
        if document is not None:
            return document
        past = select(PastAnalysisRow.document).join(RunRow, RunRow.id == PastAnalysisRow.run_id).where(*of_run)
        packed = session.scalars(past).one_or_none()
        if packed is not None:
            found: Json = orjson.loads(zlib.decompress(packed))
            return found
    raise NotFoundError("run", run_id)


def difference(before: Json, after: Json) -> Json:
    """Return what one analysis has that another has not, kind by kind; annotations are the same by their ids.

    ``fields`` of what changed are the names of those that differ; that the run is another is no change.
    """
    return {kind: _difference(_by_id(before[kind]), _by_id(after[kind])) for kind in KINDS}


def _difference(before: Mapping[str, Json], after: Mapping[str, Json]) -> Json:
    both = [key for key in before if key in after]
    changed = []
    for key in both:
        names = [name for name in after[key] if name != "run_id" and before[key].get(name) != after[key][name]]
        if names:
            changed.append({"id": key, "fields": names, "before": before[key], "after": after[key]})
    return {
        "added": [after[key] for key in after if key not in before],
        "removed": [before[key] for key in before if key not in after],
        "changed": changed,
        "unchanged": len(both) - len(changed),
    }


def _by_id(found: list[Json]) -> dict[str, Json]:
    return {annotation["id"]: annotation for annotation in found}
