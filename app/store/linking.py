"""A story's people and organizations linked to those that the store knows, in the transaction that writes the story.

Only indexed look-ups: entities and identities by the keys of the story's names, then the names, the contexts and, where
these do not decide, the company of the few that are candidates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.annotate.lexicons.countries import country_of
from app.domain.annotation import EntityType
from app.knowledge.evidence import Likeness, likeness, may_be_one
from app.knowledge.identities import Identity, shipped_identities
from app.knowledge.link import (
    LINK,
    Candidate,
    Decision,
    LinkedEntity,
    Proposal,
    decide_all,
    named_as,
    own_id,
    with_country,
)
from app.knowledge.names import normal_name
from app.knowledge.parents import parents_told, units_told
from app.knowledge.profiles import (
    Profile,
    company_key,
    is_last_name_key,
    one_under_two_names,
    only_country,
    profiles_of,
)
from app.store.bulk import table_of
from app.store.changes import LONGEST_NAME
from app.store.known import PARENT, PART, UNIT, joined
from app.store.recall import Recall
from app.store.tables import AppearanceRow, EntityRow
from app.store.views import LinkedAnalysis

_COMPANY_FOR = 16  # candidates of one story whose company is looked at
_TOO_FAR = -2.5  # logarithms of odds that no company makes up for
_BY_HAND = "by hand"
_ENTITIES = table_of(EntityRow)
_IDENTIFY = _ENTITIES.update().where(_ENTITIES.c.id == bindparam("entity"), _ENTITIES.c.identity_id.is_(None))


@dataclass(frozen=True, slots=True)
class Linked:
    """A story's analysis with who its entities are across stories, and the links that somebody must look at."""

    analysis: LinkedAnalysis
    open: tuple[tuple[str, Proposal], ...] = ()


def link_story(recall: Recall, story: Story, article_id: str, *, fresh: bool) -> Linked:
    """Return a story's analysis with its people and organizations linked to what the store knows.

    The story has what the names alone tell. What a person decided for it before stays; ``fresh`` says that it was not
    linked before.
    """
    finder = _Finder(recall, article_id, story, fresh=fresh)
    decisions = decide_all(story.profiles, finder.candidates())
    return _Outcome(recall, story, decisions, finder).linked()


def recall_for(session: Session, stories: Sequence[Story]) -> Recall:
    """Return what is known of the entities of a few stories."""
    recall = Recall(session, len(stories))
    profiles = (profile for story in stories for profile in story.profiles.values())
    keys = sorted({key for story in stories for of in story.sought.values() for key in of})
    recall.prepare(profiles, keys, {e.id for story in stories for e in story.linked.entities.values()})
    return recall


def set_identities(session: Session, stories: Iterable[LinkedAnalysis]) -> None:
    """Note on the entities that stories found to be an authority's entry which one that is: what the first says."""
    told: dict[str, tuple[str, Sequence[tuple[str, str]]]] = {}
    for linked in stories:
        for e in linked.entities.values():
            if e.identity is not None:
                told.setdefault(e.id, (e.identity, e.identifiers))
    _set_identities(session, told)


def set_identity(session: Session, entity_id: str, identity_id: str, identifiers: Sequence[tuple[str, str]]) -> None:
    """Note which authority's entry an entity is, unless that is known."""
    _set_identities(session, {entity_id: (identity_id, identifiers)})


def _set_identities(session: Session, told: Mapping[str, tuple[str, Sequence[tuple[str, str]]]]) -> None:
    rows = [
        {"entity": entity_id, "identity_id": identity_id, "identifiers": [list(pair) for pair in identifiers]}
        for entity_id, (identity_id, identifiers) in sorted(told.items())
    ]
    if rows:
        session.execute(_IDENTIFY, rows)


class Story:
    """One story's entities with their profiles: of those that can be known by more than the name they share."""

    def __init__(self, linked: LinkedAnalysis, dated_at: datetime | None) -> None:
        self.linked = linked
        analysis = linked.analysis
        self.country = only_country(analysis)
        year = dated_at.year if dated_at is not None else None
        told = profiles_of(analysis, linked.document.text, year)
        self.all = told
        self.profiles: dict[str, Profile] = {}
        self.sought: dict[str, frozenset[str]] = {}
        self.same = one_under_two_names(analysis, linked.document.text)
        for local, profile in told.items():
            if profile.type in ("person", "organization") and local not in self.same:
                full = with_country(profile, self.country)
                for other in (told[key] for key, of in self.same.items() if of == local):
                    full = full.told_with(other)
                sought = full.sought
                if sought:
                    self.profiles[local], self.sought[local] = full, sought


class _Finder:
    """Finds the candidates for the entities of one story."""

    def __init__(self, recall: Recall, article_id: str, story: Story, *, fresh: bool) -> None:
        self.recall = recall
        self.story = story
        self.before = {} if fresh else _linked_before(recall.session, article_id)
        self.looked_at: dict[str, set[str]] = {}
        self.founded: set[str] = set()
        self.compared: dict[tuple[str, str], Likeness | None] = {}

    def candidates(self) -> dict[str, list[Candidate]]:
        """Return the candidates by the entities' ids in the story."""
        sought = self.story.sought
        wanted = sorted({key for keys in sought.values() for key in keys})
        if not wanted:
            return {}
        by_key = self.recall.by_key(wanted)
        having = self.recall.identities(wanted)
        identities = {i.id: i for of in having.values() for i in of}
        ids = {entity for found in by_key.values() for entity in found} | set(self.before)
        known = self.recall.profiles(ids, identities)
        being: dict[str, list[str]] = defaultdict(list)
        for entity_id, (_, identity) in known.items():
            if identity is not None:
                being[identity].append(entity_id)
        fitting = {local: _fitting(keys, having, identities) for local, keys in sought.items()}
        pairs: dict[str, list[str]] = {}
        for local, profile in self.story.profiles.items():
            near = {e for key in sought[local] for e in by_key[key]} | set(self.before)
            near.update(e for i in fitting[local] for e in being.get(i, ()))
            self.looked_at[local] = near
            pairs[local] = [e for e in sorted(near) if e in known and self._may_be(profile, *known[e])]
        full = self.recall.with_contexts({e: known[e][0] for found in pairs.values() for e in found})
        for entity_id, profile in full.items():
            full[entity_id] = joined(profile, self._identity(known[entity_id][1]))
        self._add_company(pairs, full)
        return {
            local: [
                *self._all_known(local, pairs[local], full, known),
                *(Candidate(identities[i].profile, identity=i) for i in fitting[local] if i not in being),
            ]
            for local in self.story.profiles
        }

    def _all_known(
        self,
        local: str,
        ids: Iterable[str],
        full: Mapping[str, Profile],
        known: Mapping[str, tuple[Profile, str | None]],
    ) -> list[Candidate]:
        """Return the entities of the store that one of the story may be."""
        found = [self._known(local, e, full[e], known[e][1]) for e in ids]
        own = own_id(self.story.linked.entities[local], local)
        if own in self.before and self.recall.is_open(own):
            # This story founded one that waits for review: it stays that one unless it is found to be a settled one.
            self.founded.add(local)
            found = [c for c in found if c.by_hand or not c.open]
        return found

    def _known(self, local: str, entity_id: str, profile: Profile, identity: str | None) -> Candidate:
        names = {normal_name(n, profile.type) for n in self.story.profiles[local].names}
        before, by_hand = self.before.get(entity_id, (frozenset(), False))
        same = bool(names & before)
        waits = self.recall.is_open(entity_id)
        compared = self.compared.get((local, entity_id))
        return Candidate(profile, entity_id, identity, same, same and by_hand, waits, compared)

    def _may_be(self, profile: Profile, known: Profile, identity: str | None) -> bool:
        if profile.type != known.type:
            return False
        entry = self._identity(identity)
        names = known.names if entry is None else (*known.names, *entry.names)
        return may_be_one(profile.type, profile.names, names)

    def _identity(self, identity_id: str | None) -> Identity | None:
        return None if identity_id is None else self.recall.identity(identity_id)

    def _add_company(self, pairs: Mapping[str, Sequence[str]], full: dict[str, Profile]) -> None:
        """Look at who stands beside the candidates in their latest stories, where that may decide."""
        others = {
            e.id: key
            for local, e in self.story.linked.entities.items()
            if (key := company_key(e.type, e.name)) and local in self.story.all
        }
        unsure = [
            entity_id
            for local, ids in pairs.items()
            if self.story.profiles[local].type == "person"
            for entity_id in ids
            if self._unsure(local, entity_id, full[entity_id], len(ids))
        ]
        for entity_id, beside in self.recall.company_of(list(dict.fromkeys(unsure))[:_COMPANY_FOR]).items():
            company = frozenset(others[e] for e in beside & others.keys())
            if company:
                full[entity_id] = replace(full[entity_id], company=company)
                for local in pairs:
                    self.compared.pop((local, entity_id), None)

    def _unsure(self, local: str, entity_id: str, candidate: Profile, candidates: int) -> bool:
        found = self.compared[local, entity_id] = likeness(self.story.profiles[local], candidate)
        return found is not None and found.odds > _TOO_FAR and (candidates > 1 or found.score < LINK)


def _fitting(
    sought: Iterable[str], having: Mapping[str, Sequence[Identity]], found: Mapping[str, Identity]
) -> dict[str, None]:
    """Return the ids of the entries found that have one of the keys an entity of the story is sought by."""
    fitting = {i.id: None for key in sought for i in having[key]}
    # A last name that many have finds nobody, but fits whom another key found.
    alone = [key for key in sought if is_last_name_key(key)]
    if alone:
        fitting |= {i.id: None for i in found.values() if not i.keys.isdisjoint(alone)}
    return fitting


def _linked_before(session: Session, article_id: str) -> dict[str, tuple[frozenset[str], bool]]:
    """Return the entities that a story had, each with its names there and whether a person put it there."""
    rows = (
        select(
            AppearanceRow.entity_id,
            EntityRow.type,
            AppearanceRow.name,
            AppearanceRow.aliases,
            AppearanceRow.reasons,
        )
        .join(EntityRow, EntityRow.id == AppearanceRow.entity_id)
        .where(AppearanceRow.article_id == article_id)
    )
    return {
        entity_id: (
            frozenset(normal_name(n, cast(EntityType, kind)) for n in (name, *aliases)),
            any(reason[0] == _BY_HAND for reason in reasons or ()),
        )
        for entity_id, kind, name, aliases, reasons in session.execute(rows)
        if kind in ("person", "organization")
    }


class _Outcome:
    """Makes the story's links from the decisions."""

    def __init__(
        self,
        recall: Recall,
        story: Story,
        decisions: Mapping[str, Decision],
        finder: _Finder,
    ) -> None:
        self.recall = recall
        self.story = story
        self.decisions = decisions
        self.looked_at = finder.looked_at
        self.founded = finder.founded

    def linked(self) -> Linked:
        """Return the story with its links."""
        entities: dict[str, LinkedEntity] = {}
        found: list[tuple[str, Proposal]] = []
        for local, prior in self.story.linked.entities.items():
            decision = self.decisions.get(local)
            entity = self._by_name(prior) if decision is None else self._decided(local, prior, decision)
            entities[local] = entity
            if decision is not None and decision.chosen is None and entity.score is None:
                found += [(entity.id, p) for p in decision.open]
        for local, other in self.story.same.items():
            entities[local] = replace(entities[other], name=self.story.linked.entities[local].name)
        contexts: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for local, profile in self.story.all.items():
            contexts[entities[local].id] |= profile.context() if profile.type in ("person", "organization") else set()
        for part, whole in parents_told(self.story.linked.analysis, self.story.linked.document.text):
            if entities[part].id != entities[whole].id:
                contexts[entities[part].id].add((PARENT, entities[whole].id))
                contexts[entities[whole].id].add((PART, entities[part].id))
        for whole, words in units_told(self.story.linked.analysis, self.story.linked.document):
            contexts[entities[whole].id].add((UNIT, words[:LONGEST_NAME]))
        told = {key: tuple(sorted(values)) for key, values in contexts.items()}
        return Linked(replace(self.story.linked, entities=entities, contexts=told), tuple(found))

    def _by_name(self, prior: LinkedEntity) -> LinkedEntity:
        country = country_of(prior.name) if prior.type == "place" else None
        known = shipped_identities().by_id.get(f"country:{country.casefold()}") if country is not None else None
        place = self.recall.redirect(prior.id)
        if known is None:
            return replace(prior, id=place)
        return replace(prior, id=place, identity=known.id, identifiers=known.identifiers)

    def _decided(self, local: str, prior: LinkedEntity, decision: Decision) -> LinkedEntity:
        chosen = decision.chosen
        if chosen is not None:
            return self._chosen(local, prior, chosen, decision)
        doubtful = any(p.candidate.entity_id is not None for p in decision.open)
        if doubtful or local in self.founded:
            return replace(prior, id=own_id(prior, local), state="open")
        founded = self.recall.redirect(prior.id)
        return replace(prior, id=founded if self._is_free(local, founded) else own_id(prior, local))

    def _chosen(self, local: str, prior: LinkedEntity, chosen: Proposal, decision: Decision) -> LinkedEntity:
        candidate = chosen.candidate
        identity = candidate.identity
        if candidate.entity_id is not None and identity is None:
            identity = next((p.candidate.identity for p in decision.same if p.candidate.entity_id is None), None)
        found = self.recall.identity(identity) if identity is not None else None
        entity_id = candidate.entity_id
        if entity_id is None:
            if prior.key == prior.id and found is not None:
                prior = named_as(prior, found.name)  # the story's name is too little to go by
            founded = self.recall.redirect(prior.id)
            entity_id = founded if self._is_free(local, founded) else own_id(prior, local)
        return replace(
            prior,
            id=entity_id,
            score=round(chosen.likeness.score, 4),
            reasons=chosen.likeness.reasons,
            identity=identity,
            identifiers=found.identifiers if found is not None else (),
            state="open" if candidate.open else "settled",
        )

    def _is_free(self, local: str, entity_id: str) -> bool:
        """Say whether an entity of the id that a name makes is not one that the story's was found not to be."""
        return entity_id not in self.looked_at.get(local, ())
