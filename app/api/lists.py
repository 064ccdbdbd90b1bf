"""How a list is answered: its items, their facets, what they refer to, the address of the next page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app.api.columns import Column
from app.api.exports import Paged, Read, answer_rows, exported
from app.api.extensions import CSV, JSON, NDJSON
from app.api.offsets import in_utf16
from app.api.parts import reading
from app.api.representations import answer_page, own_address, preferred
from app.api.selection import names_in, selected
from app.api.shapes import Json, entity_shape, issue_shape, summary_shape
from app.store import articles, entities, issues, quotes
from app.store.highlights import highlights
from app.store.revisions import parts_of_analyses, texts_of
from app.store.search import Wanted
from app.store.views import Facet, QuoteView

Labels = Mapping[str, str]
_LABELLED = {"speaker": "entities", "issue": "issues"}


def written(session: Session, items: Iterable[str], offset_unit: str) -> list[Any]:
    """Return stored items as they are to be written: as they are stored, or with offsets in UTF-16."""
    if offset_unit == "codepoint":
        return [orjson.Fragment(item) for item in items]
    shown = [orjson.loads(item) for item in items]
    texts = texts_of(session, {item["article_id"] for item in shown})
    return [in_utf16(item, texts[item["article_id"]]) for item in shown]


def highlighted(session: Session, views: Sequence[QuoteView], wanted: Wanted | None, offset_unit: str) -> Json | None:
    """Return where quotes hold the words that are wanted, by the quote's id; None when no words are."""
    if wanted is None:
        return None
    found = highlights(session, [view.document for view in views], wanted)
    if offset_unit == "codepoint":
        return found
    texts = texts_of(session, {view.article_id for view in views})
    return {view.id: in_utf16(found[view.id], texts[view.article_id]) for view in views}


def answer_list(
    request: Request,
    items: Sequence[Any],
    following: str | None,
    fields: str | None = None,
    *,
    beside: Mapping[str, object | None] | None = None,
    modified: datetime | None = None,
    columns: Sequence[Column] = (),
) -> Response:
    """Return one page of a list, with only some ``fields`` of each item when they are named.

    ``beside`` is what stands beside the items where it is not None, such as ``facets`` and what is ``included``. With
    ``columns`` the list is also served as CSV and as lines of JSON.
    """
    if columns:
        form = preferred(request, (JSON, NDJSON, CSV))
        if form != JSON:
            return answer_rows(request, form, items, following, fields, columns)
    told = {name: part for name, part in (beside or {}).items() if part is not None}
    if fields is not None:
        items = [selected(read(item), names_in(fields)) for item in items]
    return answer_page(request, items, following, told, modified=modified)


def answer_pages(request: Request, question: Paged, columns: Sequence[Column], read_page: Read) -> Response:
    """Return a list in the form that the client wants; ``read_page`` reads one page."""
    export = exported(request, question, columns, read_page)
    if export is not None:
        return export
    with reading(request) as session:
        items, following = read_page(session, question.page())
    return answer_page(request, items, following)


def read(item: Any) -> Json:  # noqa: ANN401 (a fragment or a value)
    """Return an item as a value."""
    shown: Json = orjson.loads(orjson.dumps(item)) if isinstance(item, orjson.Fragment) else item
    return shown


def counted(
    request: Request, session: Session, asked: str | None, count: Callable[[tuple[str, ...]], Mapping[str, Facet]]
) -> Json | None:
    """Return the facets that are asked for: each value with its number and the address of the list narrowed to it."""
    names = names_in(asked)
    if not names:
        return None
    return {name: facet_shape(request, session, name, facet) for name, facet in count(names).items()}


def facet_shape(request: Request, session: Session, name: str, facet: Facet) -> Json:
    """Return one facet. A value that stands for something with a name of its own comes with that as its label."""
    known = [value for value, _ in facet.values if value is not None]
    labels: Labels = {}
    if _LABELLED.get(name) == "entities":
        labels = {key: view.name for key, view in entities.entities_by_id(session, known).items()}
    elif _LABELLED.get(name) == "issues":
        labels = {key: view.label for key, view in issues.issues_by_id(session, known).items()}
    return {
        "counted": facet.counted,
        "capped": facet.capped,
        "values": [
            {
                "value": value,
                "label": labels.get(value or "", value),
                "count": number,
                "url": None if value is None else narrowed_url(request, name, value),
            }
            for value, number in facet.values
        ],
    }


def narrowed_url(request: Request, name: str, value: str) -> str:
    """Return the address of the list's first page, narrowed to one value."""
    kept = [(n, v) for n, v in request.query_params.multi_items() if n not in {"cursor", name}]
    return f"{own_address(request)}?{urlencode([*kept, (name, value)])}"


def included_with(session: Session, asked: str | None, items: Sequence[Any]) -> Json | None:
    """Return what quotes or positions refer to, by kind and id, each once."""
    names = names_in(asked)
    if not names:
        return None
    shown = [read(item) for item in items]
    actors: list[Json] = [item.get(key) or {} for item in shown for key in _actors(names)]
    entity_ids = {actor["entity_id"] for actor in actors if actor.get("entity_id") is not None}
    found: Json = {}
    if "article" in names:
        views = articles.articles_by_id(session, {item["article_id"] for item in shown})
        found["articles"] = {key: summary_shape(view) for key, view in views.items()}
    if _actors(names):
        known = entities.entities_by_id(session, entity_ids)
        found["entities"] = {key: entity_shape(view) for key, view in known.items()}
    if "issue" in names:
        ids = {item["issue"]["id"] for item in shown if "issue" in item}
        found["issues"] = {key: issue_shape(view) for key, view in issues.issues_by_id(session, ids).items()}
    if "quote" in names:
        ids = {item["quote_id"] for item in shown if item.get("quote_id") is not None}
        found["quotes"] = {key: orjson.Fragment(v.json) for key, v in quotes.quotes_by_id(session, ids).items()}
    return found


def annotations_with(session: Session, asked: str | None, ids: Sequence[str]) -> Json | None:
    """Return the annotations of articles that are asked for, by the article's id."""
    names = names_in(asked)
    if not names:
        return None
    found = parts_of_analyses(session, ids, names)
    parts = {key: {name: orjson.Fragment(part) for name, part in of.items()} for key, of in found.items()}
    return {"annotations": parts}


def _actors(names: Sequence[str]) -> list[str]:
    """Return under which keys items hold the actors that are asked for."""
    keys = {"speaker": ["speaker"], "actor": ["holder", "person"], "organization": ["organization"]}
    return [key for name in names for key in keys.get(name, ())]
