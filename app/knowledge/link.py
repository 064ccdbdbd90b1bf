"""The entities of one story, linked to the same entities of other stories.

Two entities are the same when their type and their normal name agree; a country is one under all its names.
A person known by a single word ("Gates")
stays the story's own: too many share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from app.annotate.lexicons.countries import country_of
from app.domain.analysis import Analysis
from app.domain.annotation import Entity, EntityType
from app.knowledge.names import normal_name

_PREFIXES: dict[EntityType, str] = {"person": "per", "organization": "org", "place": "plc", "group": "grp"}
_DIGEST_BYTES = 10


@dataclass(frozen=True, slots=True)
class LinkedEntity:
    """Who an entity of a story is across stories. ``key`` is what makes two the same, ``id`` is made from it."""

    id: str
    type: EntityType
    name: str
    key: str


def link(analysis: Analysis) -> dict[str, LinkedEntity]:
    """Return who each entity of ``analysis`` is across stories, by its id in the story."""
    return {e.id: link_entity(e) for e in analysis.entities}


def link_entity(entity: Entity) -> LinkedEntity:
    """Return who one entity is across stories; its own id when the name is too little to go by."""
    country = country_of(entity.name) if entity.type == "place" else None
    name = normal_name(country or entity.name, entity.type)
    if not name or (entity.type == "person" and " " not in name):
        return LinkedEntity(entity.id, entity.type, entity.name, entity.id)
    key = f"{entity.type}:{name}"
    digest = blake2b(key.encode(), digest_size=_DIGEST_BYTES).hexdigest()
    return LinkedEntity(f"{_PREFIXES[entity.type]}_{digest}", entity.type, entity.name, key)
