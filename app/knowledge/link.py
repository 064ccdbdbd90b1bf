"""The entities of one story, linked to the same entities of other stories.

What makes an entity known across stories is decided in two steps. ``link`` looks at one story alone and gives every
entity the id that its name would found: a type and a normal name; a country is one under all its names, a person of a
single word and a body whose name is only a kind of body stay the story's own. ``decide`` looks at the entities that are
known already and that a person or an organization may be, and says which of them it is, if any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Literal

from app.annotate.lexicons.countries import country_of
from app.domain.analysis import Analysis
from app.domain.annotation import Entity, EntityType
from app.knowledge.bodies import body_name
from app.knowledge.evidence import Likeness, Reason, likeness
from app.knowledge.names import normal_name
from app.knowledge.profiles import Profile, only_country

_PREFIXES: dict[EntityType, str] = {"person": "per", "organization": "org", "place": "plc", "group": "grp"}
_DIGEST_BYTES = 10
# Of one whose name is too little to go by, the id is the story's own, with digits for the place in front.
_ID = re.compile(rf"(?:{'|'.join(_PREFIXES.values())})_[0-9a-f]{{{2 * _DIGEST_BYTES},32}}")

LINK = 0.8
"""The least score at which two are taken for one."""
OPEN = 0.3
"""The least score at which a link is put up for review."""
_AHEAD = 0.9  # logarithm of odds by which the best candidate must lead the next
_BEFORE = 2.0  # what it counts that this story was linked so before

State = Literal["settled", "open"]


@dataclass(frozen=True, slots=True)
class LinkedEntity:
    """Who an entity of a story is across stories.

    ``key`` is what its name would found, ``id`` who it is. ``score`` and ``reasons`` tell of the link; both are empty
    for the story that founds an entity. ``identity`` is the authority's entry that it was found to be.
    """

    id: str
    type: EntityType
    name: str
    key: str
    score: float | None = None
    reasons: tuple[Reason, ...] = ()
    identity: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    state: State = "settled"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody known whom an entity may be: an entity of the store, an authority's entry, or both as one.

    ``before`` says that this very story was linked to it before; ``by_hand`` that a person did it; ``open`` that it
    waits for review itself, since it may be another. ``compared`` is how likely it is the one, where that was asked
    already.
    """

    profile: Profile
    entity_id: str | None = None
    identity: str | None = None
    before: bool = False
    by_hand: bool = False
    open: bool = False
    compared: Likeness | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate with how likely it is the one."""

    candidate: Candidate
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Decision:
    """Whom an entity was found to be, and whom it might be.

    ``chosen`` None with ``open`` means that somebody must look; None without means somebody new. ``same`` is an
    authority's entry that the chosen one was found to be as well.
    """

    chosen: Proposal | None
    open: tuple[Proposal, ...] = ()
    same: tuple[Proposal, ...] = ()


def link(analysis: Analysis) -> dict[str, LinkedEntity]:
    """Return who each entity of ``analysis`` is across stories, by its id in the story, as its name alone tells."""
    country = only_country(analysis)
    return {e.id: link_entity(e, country) for e in analysis.entities}


def link_entity(entity: Entity, country: str | None = None) -> LinkedEntity:
    """Return who one entity is across stories; its own id when the name is too little to go by.

    ``country`` is the one that the story is about: whose ministry "the Interior Ministry" is.
    """
    name = _normal(entity, country)
    if not name or (entity.type == "person" and " " not in name):
        return LinkedEntity(entity.id, entity.type, entity.name, entity.id)
    key = f"{entity.type}:{name}"
    return LinkedEntity(id_of(entity.type, key), entity.type, entity.name, key)


def id_of(kind: EntityType, key: str) -> str:
    """Return the id of the entity that ``key`` founds."""
    return f"{_PREFIXES[kind]}_{blake2b(key.encode(), digest_size=_DIGEST_BYTES).hexdigest()}"


def named_as(linked: LinkedEntity, name: str) -> LinkedEntity:
    """Return an entity whose own name is too little to go by under the key and the id that a full name makes."""
    key = f"{linked.type}:{normal_name(name, linked.type)}"
    return replace(linked, key=key, id=id_of(linked.type, key))


def is_entity_id(value: str) -> bool:
    """Say whether ``value`` has the form of an entity's id, and is no name."""
    return _ID.fullmatch(value) is not None


def own_id(linked: LinkedEntity, local_id: str) -> str:
    """Return the id of another entity of the same name, founded by the story in which it has ``local_id``."""
    return id_of(linked.type, f"{linked.key}#{local_id}")


def with_country(profile: Profile, country: str | None) -> Profile:
    """Return the profile of an organization whose name is only a kind of body as that of the story's country."""
    if profile.type != "organization" or country is None or profile.countries:
        return profile
    if not all((found := body_name(n)).generic and found.country is None for n in profile.names):
        return profile
    return replace(profile, names=tuple(f"{country} {n}" for n in profile.names), countries=frozenset({country}))


def decide(profile: Profile, candidates: Iterable[Candidate]) -> Decision:
    """Return which of the candidates an entity is: the likeliest, when it is likely enough and no other is near.

    One that waits for review itself counts where none of the others is it, and never as somebody to wait for: later
    stories that agree with it join it, whatever comes of the doubt about it.
    """
    found = sorted(
        (p for c in candidates if (p := _propose(profile, c)) is not None),
        key=lambda p: (-p.likeness.odds, p.candidate.entity_id or "", p.candidate.identity or ""),
    )
    by_hand = next((p for p in found if p.candidate.by_hand), None)
    if by_hand is not None:
        return Decision(by_hand)
    near = tuple(p for p in found if p.likeness.score >= OPEN)
    settled = tuple(p for p in near if not p.candidate.open)
    decision = _decide_settled(settled)
    waiting = next((p for p in near if p.candidate.open), None)
    if waiting is None or (decision.chosen is not None and not waiting.candidate.before):
        return decision
    clear = all(p is waiting or waiting.likeness.odds - p.likeness.odds >= _AHEAD for p in near)
    return Decision(waiting, settled) if clear and waiting.likeness.score >= LINK else decision


def _decide_settled(near: tuple[Proposal, ...]) -> Decision:
    if not near or near[0].likeness.score < LINK:
        return Decision(None, near)
    first, same, others = _with_identity(near)
    if others and first.likeness.odds - others[0].likeness.odds < _AHEAD:
        return Decision(None, near)
    return Decision(first, same=same)


def _with_identity(near: tuple[Proposal, ...]) -> tuple[Proposal, tuple[Proposal, ...], tuple[Proposal, ...]]:
    """Return the best proposal, the entry of an authority that is the same one, and the others.

    An entity that stories know and an entry that no story was linked to yet do not compete when they are one.
    """
    known = next((p for p in near if p.candidate.entity_id is not None), None)
    entry = next((p for p in near if p.candidate.entity_id is None), None)
    if known is not None and entry is not None and known.candidate.identity is None and near[0] in (known, entry):
        both = likeness(known.candidate.profile, entry.candidate.profile)
        if both is not None and both.score >= LINK and known.likeness.score >= OPEN:
            best = known if known.likeness.odds >= entry.likeness.odds else replace(known, likeness=entry.likeness)
            return best, (entry,), tuple(p for p in near if p not in (known, entry))
    return near[0], (), near[1:]


def decide_all(profiles: Mapping[str, Profile], candidates: Mapping[str, Sequence[Candidate]]) -> dict[str, Decision]:
    """Return the decisions for the entities of one story, by their ids there.

    Two people whom the story keeps apart are not one: who is likelier to be a candidate takes it from the others.
    """
    decisions = {local: decide(profile, candidates.get(local, ())) for local, profile in profiles.items()}
    taken: dict[str, str] = {}
    order = sorted(decisions, key=lambda local: -(c.likeness.odds if (c := decisions[local].chosen) else 0.0))
    for local in order:
        chosen = decisions[local].chosen
        if chosen is None or chosen.candidate.by_hand:
            continue
        key = chosen.candidate.entity_id or chosen.candidate.identity or ""
        first = taken.setdefault(key, local)
        if first != local and not _one_name(profiles[first], profiles[local]):
            decisions[local] = Decision(None, decisions[local].open)
    return decisions


def _propose(profile: Profile, candidate: Candidate) -> Proposal | None:
    if candidate.by_hand:
        return Proposal(candidate, Likeness((Reason("by hand", 9.0),)))
    found = candidate.compared or likeness(profile, candidate.profile)
    if found is not None and candidate.before:
        found = Likeness((*found.reasons, Reason("linked so before", _BEFORE)))
    return None if found is None else Proposal(candidate, found)


def _one_name(one: Profile, other: Profile) -> bool:
    return normal_name(one.names[0], one.type) == normal_name(other.names[0], other.type)


def _normal(entity: Entity, country: str | None) -> str:
    if entity.type == "organization":
        body = body_name(entity.name)
        if body.generic and body.country is None:
            return f"{body.words}@{country.casefold()}" if country is not None else ""
        return body.key
    place = country_of(entity.name) if entity.type == "place" else None
    return normal_name(place or entity.name, entity.type)
