"""People, organizations, places and groups across stories, by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import cast

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.annotate.lexicons.countries import country_of
from app.annotate.titles import normal_title
from app.domain.annotation import EntityType
from app.errors import MovedError, NotFoundError
from app.knowledge.bodies import body_name, stands_for
from app.knowledge.link import id_of
from app.knowledge.names import normal_name
from app.knowledge.parents import unit_country
from app.store.among import is_among
from app.store.asked import Ways
from app.store.changes import WEIGHT
from app.store.filters import EntityFilter, storable
from app.store.folding import folded
from app.store.issues import LAST
from app.store.knowledge_tables import EntityContextRow
from app.store.known import PARENT, PART, UNIT
from app.store.latest import Latest
from app.store.paging import Page, PageRequest
from app.store.positions import known_country
from app.store.redirects import moved_to, redirected
from app.store.rows import AnyRow, read_rows
from app.store.search import among_newest
from app.store.tables import AppearanceRow, EntityNameRow, EntityRow, PositionRow
from app.store.views import EntityView, Facet, OfficeView, ParentView, PartView
from app.store.walks import SortKey, Walk, held

# Of a name that thousands of stories write, only so many forms and offices are worth showing.
_ALIASES_SHOWN = 50
_OFFICES_READ = 10
_PARENTS_SHOWN = 5
_PARTS_SHOWN = 20
_BODY = aliased(EntityRow)
_OFFICES = Latest(
    EntityRow.id,
    PositionRow,
    "actor_entity_id",
    (
        PositionRow.id,
        PositionRow.title,
        PositionRow.tense,
        PositionRow.organization_entity_id,
        # Taken out of the whole position where nobody is known under the name: that takes a while.
        case(
            (PositionRow.organization_entity_id.is_(None), PositionRow.document[("organization", "name")].as_string()),
            else_=select(_BODY.name).where(_BODY.id == PositionRow.organization_entity_id).scalar_subquery(),
        ).label("organization"),
    ),
    _OFFICES_READ,
    {"kind": "office"},
)
FEW = 500
"""Names that one beginning may have for all of them to be looked at."""
_FIRST, _LATEST = (
    select(way(AppearanceRow.dated_at)).where(AppearanceRow.entity_id == EntityRow.id).scalar_subquery()
    for way in (func.min, func.max)
)
_SEEN = select(EntityRow.id, _FIRST, _LATEST).where(is_among(EntityRow.id, "ids"))
_COLUMNS = (
    EntityRow.id,
    EntityRow.type,
    EntityRow.key,
    EntityRow.name,
    EntityRow.identifiers,
    EntityRow.articles,
    EntityRow.quotes,
    EntityRow.weight,
)
_WIDTH = len(_COLUMNS)
# Statements are made once: making one takes longer than running it.
_BY_ID = select(*_COLUMNS).where(is_among(EntityRow.id, "ids"))
_IDENTIFIERS = select(EntityRow.id, EntityRow.identifiers).where(
    is_among(EntityRow.id, "ids"), EntityRow.identity_id.is_not(None)
)
_NAMES = (
    select(EntityNameRow.entity_id, EntityNameRow.name)
    .where(is_among(EntityNameRow.entity_id, "ids"), EntityNameRow.kind.in_(("name", "alias")))
    .order_by(EntityNameRow.articles.desc(), EntityNameRow.name)
)
_RELATED = (
    select(EntityContextRow.entity_id, EntityContextRow.kind, EntityContextRow.value)
    .where(is_among(EntityContextRow.entity_id, "ids"), EntityContextRow.kind.in_((PARENT, PART, UNIT)))
    .order_by(EntityContextRow.articles.desc(), EntityContextRow.value)
)
_NEVER: tuple[datetime | None, datetime | None] = (None, None)


def entity(session: Session, entity_id: str, kind: EntityType | None = None) -> EntityView:
    """Return one entity, of one type when ``kind`` is given.

    Raises: NotFoundError; MovedError when it was merged into another.
    """
    row = _row(session, entity_id, kind)
    return _views(session, [row])[row.id]


def entity_key(session: Session, entity_id: str, kind: EntityType | None = None) -> str:
    """Return the id of an entity that is known, of one type when ``kind`` is given.

    Raises: NotFoundError; MovedError when it was merged into another.
    """
    return str(_row(session, entity_id, kind).id)


def entities(session: Session, narrowed: EntityFilter, page: PageRequest) -> Page[EntityView]:
    """Return entities by name.

    Raises: CursorError.
    """
    walk, given = _WAYS.of(session, _canonical(narrowed))
    rows, following = walk.page(session, _COLUMNS, page, given)
    views = _views(session, rows)
    return Page(tuple(views[row.id] for row in rows), following)


def entity_facets(session: Session, narrowed: EntityFilter, names: Sequence[str]) -> dict[str, Facet]:
    """Return how many of the list's first entities hold an office of each title, or act for each country."""
    walk, given = _WAYS.of(session, _canonical(narrowed))
    through = (EntityRow.id, PositionRow.actor_entity_id)
    found = {
        "title": lambda: walk.facet_through(
            session, *through, PositionRow.title, PositionRow.kind == "office", form=_post, given=given
        ),
        "country": lambda: walk.facet_through(session, *through, PositionRow.country, given=given),
    }
    return {name: found[name]() for name in names}


def entities_by_id(session: Session, ids: Iterable[str]) -> dict[str, EntityView]:
    """Return the entities that have one of ``ids``, by id; one that is gone is left out."""
    return _views(session, read_rows(session, _BY_ID, {"ids": list(ids)}))


def identifiers_known(session: Session, ids: Iterable[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what authorities call entities by now, by their ids; those that no authority knows are left out."""
    rows = read_rows(session, _IDENTIFIERS, {"ids": list(ids)})
    return {key: tuple((scheme, of) for scheme, of in identifiers) for key, identifiers in rows}


def _row(session: Session, entity_id: str, kind: EntityType | None) -> AnyRow:
    row = next(iter(read_rows(session, _BY_ID, {"ids": [entity_id]})), None) if storable(entity_id) else None
    place = moved_to(session, entity_id) if row is None and storable(entity_id) else None
    if place is not None:
        raise MovedError(kind or "entity", entity_id, place)
    if row is None or (kind is not None and row.type != kind):
        raise NotFoundError(kind or "entity", entity_id)
    return row


def _canonical(narrowed: EntityFilter) -> EntityFilter:
    """Return a filter with the country under the name that actors carry.

    Raises: InputError when there is no such country.
    """
    return narrowed if narrowed.country is None else replace(narrowed, country=known_country(narrowed.country))


def _walk(session: Session, narrowed: EntityFilter, _with_story: bool) -> Walk:  # noqa: FBT001 (as Ways calls it)
    wanted: list[ColumnElement[bool]] = []
    checked: list[ColumnElement[bool]] = []
    if narrowed.type is not None:
        wanted.append(EntityRow.type == narrowed.type)
    named = select(EntityNameRow.entity_id)
    if narrowed.name is not None:
        whole = EntityNameRow.kind.in_(("name", "alias", "short"))
        wanted.append(EntityRow.id.in_(named.where(EntityNameRow.folded == folded(narrowed.name), whole)))
    if narrowed.prefix is not None:
        start = folded(narrowed.prefix)
        within = (EntityNameRow.folded >= start, EntityNameRow.folded < start + LAST)
        few = select(EntityNameRow.folded).where(*within).limit(FEW + 1).subquery()
        if (session.scalar(select(func.count()).select_from(few)) or 0) <= FEW:
            wanted.append(EntityRow.id.in_(named.where(*within)))
        else:
            # So many have such a name that some are found soon in any order.
            checked.append(exists().where(EntityNameRow.entity_id == EntityRow.id, *within))
    if narrowed.title is not None:
        served = (
            held(session, PositionRow.kind) == "office",
            among_newest(session, PositionRow.seq, normal_title(narrowed.title)),
        )
        wanted.append(EntityRow.id.in_(select(PositionRow.actor_entity_id).where(*served)))
    if narrowed.country is not None:
        theirs = (PositionRow.actor_entity_id == EntityRow.id, PositionRow.country == narrowed.country)
        checked.append(exists().where(*theirs))
    if narrowed.article_id is not None:
        inside = select(AppearanceRow.entity_id).where(AppearanceRow.article_id == narrowed.article_id)
        wanted.append(EntityRow.id.in_(inside))
    keys = (SortKey(EntityRow.folded, str), SortKey(EntityRow.id, str))
    tag = "entities"
    if narrowed.sort == "-articles":
        keys = (SortKey(EntityRow.articles, int, descending=True), SortKey(EntityRow.id, str, descending=True))
        tag = "entities by articles"
    return Walk(tag, EntityRow, lambda query: query, keys, len(keys), wanted, checked)


_WAYS = Ways(frozenset({"article_id", "country"}), frozenset({"type", "sort"}), _walk)


def _views(session: Session, rows: Sequence[AnyRow]) -> dict[str, EntityView]:
    ids = [row.id for row in rows]
    names = _names(session, ids)
    offices = _offices(session, ids)
    seen = _seen(session, ids)
    parents, parts = _related(session, [row.id for row in rows if row.type == "organization"])
    views = {}
    for row in rows:
        # A row is slow to tell a value by its name.
        entity_id, kind, key, name, identifiers, articles, quotes, weight = row[:_WIDTH]
        since, until = seen.get(entity_id, _NEVER)
        views[entity_id] = EntityView(
            id=entity_id,
            type=cast(EntityType, kind),
            name=name,
            aliases=tuple(n for n in names[entity_id] if n != name)[:_ALIASES_SHOWN],
            identifiers=tuple((scheme, of) for scheme, of in identifiers),
            offices=offices[entity_id],
            articles=articles,
            quotes=quotes,
            prominence=round(weight / (WEIGHT * articles), 4) if articles else None,
            first_seen=since,
            last_seen=until,
            parents=(*parents_of(name, key), *parents.get(entity_id, ())) if kind == "organization" else (),
            parts=tuple(parts.get(entity_id, ())),
        )
    return views


def _seen(session: Session, ids: list[str]) -> dict[str, tuple[datetime | None, datetime | None]]:
    """Return the dates of the first and the last story of each entity: two steps along an index for each."""
    rows = read_rows(session, _SEEN, {"ids": ids}) if ids else ()
    return {entity_id: (since, until) for entity_id, since, until in rows}


@lru_cache(maxsize=20_000)
def _post(title: str) -> str:
    """Return what two titles of one post have in common."""
    return folded(normal_title(title))


def parents_of(name: str, key: str = "") -> tuple[ParentView, ...]:
    """Return what an organization's name says that it is part of, or acts for.

    ``key`` is the one that founds it: "the ministry" is of the country that its story is about.
    """
    body = body_name(name)
    country = body.country or stands_for(name) or country_of(key.partition("@")[2])
    found = []
    if country is not None:
        relation = "acts for" if stands_for(name) is not None else "part of"
        key = f"place:{normal_name(country, 'place')}"
        found.append(ParentView(id_of("place", key), country, relation))
    if body.parent is not None:
        key = f"organization:{body_name(body.parent).key}"
        found.append(ParentView(id_of("organization", key), body.parent, "part of"))
    return tuple(found)


def _related(session: Session, ids: list[str]) -> tuple[dict[str, list[ParentView]], dict[str, list[PartView]]]:
    """Return what stories say that organizations are part of, and what is part of them, what most say first."""
    if not ids:
        return {}, {}
    told = read_rows(session, _RELATED, {"ids": ids})
    others = {value for _, kind, value in told if kind != UNIT}
    moved = redirected(session, others)
    places = sorted({moved.get(value, value) for value in others})
    names = {row.id: row.name for row in read_rows(session, _BY_ID, {"ids": places})} if places else {}
    parents: dict[str, list[ParentView]] = defaultdict(list)
    parts: dict[str, list[PartView]] = defaultdict(list)
    for entity_id, kind, value in told:
        if kind == UNIT:
            parts[entity_id].append(PartView(None, value, unit_country(value)))
            continue
        place = moved.get(value, value)
        if place in names and place != entity_id:
            if kind == PART:
                parts[entity_id].append(PartView(place, names[place]))
            else:
                parents[entity_id].append(ParentView(place, names[place], "part of"))
    return (
        {key: list(dict.fromkeys(of))[:_PARENTS_SHOWN] for key, of in parents.items()},
        {key: list(dict.fromkeys(of))[:_PARTS_SHOWN] for key, of in parts.items()},
    )


def _names(session: Session, ids: list[str]) -> dict[str, dict[str, None]]:
    """Return the names of each entity, each once, the most used first."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for entity_id, name in read_rows(session, _NAMES, {"ids": ids}) if ids else ():
        names[entity_id][name] = None
    return names


def _offices(session: Session, ids: list[str]) -> dict[str, tuple[OfficeView, ...]]:
    """Return the offices that the latest stories state for each entity: each title at an organization once."""
    offices: dict[str, dict[tuple[str, str | None], OfficeView]] = defaultdict(dict)
    for key, position_id, title, tense, organization_id, organization, article_id, _ in _OFFICES.rows(session, ids):
        posts = offices[key]
        post = (_post(title), organization_id or folded(organization or ""))
        if post not in posts:
            posts[post] = OfficeView(position_id, article_id, title, organization, organization_id, tense)
    return {entity_id: tuple(offices[entity_id].values()) for entity_id in ids}
