"""Who is who in one story while corrections are applied: entities found again by name, added, given mentions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

from app.annotate.allegiance import country_of_actor
from app.domain.analysis import Analysis
from app.domain.annotation import Actor, Entity, EntityType, Mention
from app.domain.span import Span
from app.errors import SaysoError
from app.review.anchors import find_anchor, find_words
from app.review.correction import Json

_PREFIXES: dict[EntityType, str] = {"person": "per", "organization": "org", "place": "plc", "group": "grp"}


class GoneError(SaysoError):
    """What a correction speaks of is not in the text any more; the message says what."""


class Cast:
    """The entities of one story. ``salt`` makes the ids of added ones the story's own."""

    def __init__(self, text: str, analysis: Analysis, salt: str) -> None:
        self.text = text
        self.salt = salt
        self.entities = {e.id: e for e in analysis.entities}
        self.known_elsewhere: dict[str, str] = {}
        self._told: dict[str, Actor] = {}
        for actor in analysis.actors():
            if actor.entity_id is not None:
                told = self._told.setdefault(actor.entity_id, actor)
                self._told[actor.entity_id] = replace(
                    told, office=told.office or actor.office, country=told.country or actor.country
                )

    def actor(self, value: Json) -> Actor:
        """Return the actor that an actor in the API's shape is in this story.

        Raises: GoneError when the story does not name it, or not any more.
        """
        mention = None if value.get("mention") is None else find_anchor(self.text, value["mention"])
        name, kind = value.get("name"), value.get("type")
        if value["status"] != "resolved":
            if name is not None and mention is None and value.get("mention") is not None:
                msg = f"the words {value['mention']['exact']!r} are gone"
                raise GoneError(msg)
            country = None if name is None else country_of_actor(name, kind)
            return Actor(value["status"], name, kind, mention=mention, country=country)
        entity = self._found(value, mention) or self._added(value, mention)
        if mention is not None:
            entity = self._mentioned(entity, mention)
        told = self._told.get(entity.id)
        return Actor(
            "resolved",
            entity.name,
            entity.type,
            entity.id,
            None if told is None else told.office,
            mention,
            country_of_actor(entity.name, entity.type) if told is None else told.country,
        )

    def in_order(self) -> tuple[Entity, ...]:
        """Return the entities in the order of their first mention."""
        return tuple(sorted(self.entities.values(), key=lambda e: e.mentions[0].span))

    def _found(self, value: Json, mention: Span | None) -> Entity | None:
        names = _folded((value["name"], *value.get("aliases", ())))
        same = [e for e in self.entities.values() if e.type == value["type"] and names & _folded((e.name, *e.aliases))]

        def likeness(entity: Entity) -> tuple[bool, bool, float]:
            here = mention is not None and any(m.span == mention for m in entity.mentions)
            return entity.name.casefold() == value["name"].casefold(), here, entity.prominence or 0.0

        return max(same, key=likeness, default=None)

    def _added(self, value: Json, mention: Span | None) -> Entity:
        name = value["name"]
        place = mention or find_words(self.text, name)
        if place is None:
            msg = f"the story does not name {name!r}: say where it means them, as `mention`"
            raise GoneError(msg)
        body = f"{self.salt}\x1f{value['type']}\x1f{name}".encode()
        key = f"{_PREFIXES[value['type']]}_{blake2b(body, digest_size=13).hexdigest()}"
        entity = Entity(key, value["type"], name, (self._mention(place, (name,)),), prominence=0.0)
        self.entities[key] = entity
        if value.get("entity_id") is not None:
            self.known_elsewhere[key] = value["entity_id"]
        return entity

    def _mentioned(self, entity: Entity, span: Span) -> Entity:
        """Let ``span`` mean ``entity`` and, where others have another mention left, nobody else."""
        for other in tuple(self.entities.values()):
            left = tuple(m for m in other.mentions if m.span != span)
            if other.id != entity.id and left and len(left) < len(other.mentions):
                self.entities[other.id] = replace(other, mentions=left)
        if any(m.span.overlaps(span) for m in entity.mentions):
            return entity
        mentions = (*entity.mentions, self._mention(span, (entity.name, *entity.aliases)))
        self.entities[entity.id] = replace(entity, mentions=tuple(sorted(mentions, key=lambda m: m.span)))
        return self.entities[entity.id]

    def _mention(self, span: Span, names: Iterable[str]) -> Mention:
        words = span.of(self.text)
        if words.casefold() in _folded(names):
            return Mention(span)
        return Mention(span, "pronoun" if " " not in words else "nominal")


def _folded(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}
