"""Identities that a user imports, and entities that stories know linked to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from app.knowledge.evidence import likeness
from app.knowledge.identities import Identity, identity_of, record_of, shipped_identities
from app.knowledge.link import Candidate, decide
from app.store.bulk import table_of
from app.store.changes import add_keys, insert_for
from app.store.doubts import add_open_links
from app.store.knowledge_tables import EntityKeyRow, IdentityKeyRow, IdentityRow
from app.store.known import chunks, identities_found, profiles_known, with_contexts
from app.store.linking import set_identity
from app.store.merging import merge
from app.store.open_links import settle
from app.store.tables import EntityNameRow, EntityRow

_TOGETHER = 200
_READ = 1_000
_ENTITIES = table_of(EntityRow)
_IDENTIFIERS = _ENTITIES.update().where(_ENTITIES.c.id == bindparam("entity"))


@dataclass(slots=True)
class Imported:
    """What an import did: how many identities it has, how many entities it linked, merged, and left for review."""

    identities: int = 0
    linked: int = 0
    merged: int = 0
    open: int = 0


def import_identities(session: Session, identities: Sequence[Identity]) -> Imported:
    """Keep identities, in place of those of the same ids, and link the entities that stories know to them.

    One that has the Wikidata id of another is that one: it adds to what the package says, and takes the place of what
    was imported. Two entities that both are one identity are merged. What is likely but not sure is put up for review.
    """
    done = Imported(len(identities))
    for part in keep_identities(session, _as_known(session, identities)):
        _tell_known(session, part)
        _link_known(session, part, done)
    return done


def _as_known(session: Session, identities: Sequence[Identity]) -> list[Identity]:
    """Return identities, those with the Wikidata id of one that is known already under that one's id."""
    asked = {i.wikidata for i in identities if i.wikidata is not None}
    if not asked:
        return list(identities)
    stored = map(identity_of, session.scalars(select(IdentityRow.record).execution_options(yield_per=_READ)))
    imported: dict[str | None, Identity] = {i.wikidata: i for i in stored if i.wikidata in asked}
    return [_known_as(identity, imported) for identity in identities]


def _known_as(identity: Identity, imported: Mapping[str | None, Identity]) -> Identity:
    shipped = shipped_identities().by_wikidata.get(identity.wikidata or "")
    if shipped is not None and shipped.type == identity.type:
        return identity.with_what(shipped)
    before = imported.get(identity.wikidata)
    return identity if before is None or before.type != identity.type else replace(identity, id=before.id)


def _tell_known(session: Session, identities: Sequence[Identity]) -> None:
    """Give the entities that are one of these identities the ids that it has by now."""
    by_id = {i.id: i for i in identities}
    rows = session.execute(select(EntityRow.id, EntityRow.identity_id).where(EntityRow.identity_id.in_(sorted(by_id))))
    told = [{"entity": key, "identifiers": list(map(list, by_id[i].identifiers))} for key, i in rows if i is not None]
    if told:
        session.connection().execute(_IDENTIFIERS, told)


def keep_identities(session: Session, identities: Sequence[Identity]) -> list[list[Identity]]:
    """Keep identities, in place of those of the same ids, and return them in handfuls; nothing is linked."""
    now = datetime.now(UTC)
    kept = []
    for start in range(0, len(identities), _TOGETHER):
        part = {i.id: i for i in identities[start : start + _TOGETHER]}
        kept.append(list(part.values()))
        session.execute(delete(IdentityKeyRow).where(IdentityKeyRow.identity_id.in_(sorted(part))))
        statement = insert_for(session)(IdentityRow)
        changed = {n: statement.excluded[n] for n in ("type", "name", "source", "record", "imported_at")}
        rows = [
            {
                "id": i.id,
                "type": i.type,
                "name": i.name,
                "source": i.source,
                "record": record_of(i),
                "imported_at": now,
            }
            for i in part.values()
        ]
        session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)
        keys = [{"key": key[:200], "identity_id": i.id} for i in part.values() for key in sorted(i.keys)]
        if keys:
            session.execute(insert(IdentityKeyRow), keys)
    return kept


def relink(session: Session) -> Imported:
    """Make the keys of all entities anew, and link those that are no identity's yet to identities.

    For a database that was filled before there were keys, and after a new version with other identities.
    """
    done = Imported()
    last = ""
    while True:
        rows = session.execute(
            select(EntityRow.id, EntityRow.type)
            .where(EntityRow.id > last, EntityRow.type.in_(("person", "organization")))
            .order_by(EntityRow.id)
            .limit(_TOGETHER)
        ).all()
        if not rows:
            return done
        last = rows[-1][0]
        known = {key: {"type": kind} for key, kind in rows}
        names = session.execute(
            select(EntityNameRow.entity_id, EntityNameRow.name).where(
                EntityNameRow.entity_id.in_(sorted(known)), EntityNameRow.kind.in_(("name", "alias"))
            )
        )
        add_keys(session, [(key, name) for key, name in names], known)
        profiles = profiles_known(session, set(known))
        keys = {key for profile, _ in profiles.values() for key in profile.sought}
        found = identities_found(session, keys)
        done.identities += len(found)
        _link_known(session, found, done, only=set(known))


def _link_known(session: Session, identities: Iterable[Identity], done: Imported, only: set[str] | None = None) -> None:
    by_id = {i.id: i for i in identities}
    keys = sorted({key for i in by_id.values() for key in i.sought})
    entities = {
        entity
        for chunk in chunks(keys)
        for entity in session.scalars(select(EntityKeyRow.entity_id).where(EntityKeyRow.key.in_(chunk)))
    }
    entities = entities if only is None else entities & only
    known = profiles_known(session, entities)
    full = with_contexts(session, {e: profile for e, (profile, _) in known.items()})
    candidates = [Candidate(i.profile, identity=i.id) for i in by_id.values()]
    for entity_id in sorted(full, key=lambda e: (_articles(session, e), e), reverse=True):
        if known[entity_id][1] is not None:
            continue
        near = [c for c in candidates if likeness(full[entity_id], c.profile) is not None]
        decision = decide(full[entity_id], near)
        if decision.chosen is not None:
            _be(session, entity_id, by_id[str(decision.chosen.candidate.identity)], done)
        elif decision.open:
            done.open += add_open_links(session, [(entity_id, p) for p in decision.open])


def _be(session: Session, entity_id: str, identity: Identity, done: Imported) -> None:
    """Let an entity be an identity; when another is it already, the two are one."""
    other = session.scalar(select(EntityRow.id).where(EntityRow.identity_id == identity.id).limit(1))
    if other is None:
        set_identity(session, entity_id, identity.id, identity.identifiers)
        settle(session, entity_id)
        done.linked += 1
    elif other != entity_id:
        merge(session, entity_id, other, f"both are {identity.id} of {identity.source}")
        done.merged += 1


def _articles(session: Session, entity_id: str) -> int:
    return session.scalar(select(EntityRow.articles).where(EntityRow.id == entity_id)) or 0
