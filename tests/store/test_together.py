"""Stories that are written together are written as if one after another, also beside others that are."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import text

from app.domain.annotation import EntityType, Polarity
from app.store.articles import add_articles
from app.store.store import Store, open_store
from tests.store.stories import Story, linked, received

PEOPLE = (
    "Marta Oduya", "Marta K. Oduya", "Ines Oduya", "Tom Okafor", "T. Okafor", "Thomas Okafor", "Ana Ruiz",
)  # fmt: skip
BODIES = ("Coastal Council", "Harbor Board", "the Harbor Board", "Ministry of Fisheries", "United Nations", "UN")
TITLES = ("Defense Minister", "Mayor", "Fisheries Minister", "spokesman")
ISSUES = (
    "the harbor bases",
    "new harbor bases",
    "a ban on trawling",
    "the trawling ban",
    "the plan",
    "ferry subsidies",
)
WORDS = (
    "We will not sign until every cable of the harbor bridge has been replaced",
    "until every cable of the harbor bridge has been replaced",
    "The ferry company can start its summer timetable once the lease is signed by everybody",
    "Not this year",
)
CONTENTS = {
    "entities": "SELECT id, type, key, name, articles, quotes, weight, state, identity_id FROM entities",
    "names": "SELECT entity_id, kind, name, folded, articles FROM entity_names",
    "contexts": "SELECT entity_id, kind, value, articles FROM entity_contexts",
    "keys": "SELECT key, entity_id FROM entity_keys",
    "appearances": "SELECT a.sha256, p.entity_id, p.name, p.score, p.quotes FROM appearances p"
    " JOIN articles a ON a.id = p.article_id",
    "labels": "SELECT l.folded, l.label, i.label, l.positions, l.score FROM issue_labels l"
    " JOIN issues i ON i.id = l.issue_id WHERE l.folded NOT LIKE '%#%'",
    "issues": "SELECT label, positions FROM issues",
    "words": "SELECT w.word, w.kind, i.label, w.count FROM issue_words w JOIN issues i ON i.id = w.issue_id",
    "quotes": "SELECT id, speaker_entity_id, saying_id, about FROM quotes",
    "sayings": "SELECT id, text, quote_id, speaker_entity_id, sightings FROM sayings",
    "shingles": "SELECT shingle, saying_id FROM saying_shingles",
    "positions": "SELECT p.id, p.actor_entity_id, i.label FROM positions p LEFT JOIN issues i ON i.id = p.issue_id",
    "alike": "SELECT a.sha256, b.sha256, m.resemblance FROM story_group_members m"
    " JOIN articles a ON a.id = m.article_id LEFT JOIN articles b ON b.id = m.like_id",
    "groups": "SELECT count(DISTINCT group_id) FROM story_group_members",
    "sightings": "SELECT a.sha256, s.source, s.times FROM sightings s JOIN articles a ON a.id = s.article_id",
    "open": "SELECT entity_id, candidate_kind, candidate_id FROM open_links",
    "log": "SELECT c.position, c.kind, a.sha256 FROM changes c JOIN articles a ON a.id = c.article_id",
}


def made_up(number: int, seed: int = 7) -> list[Story]:
    """Return stories about the same few people, bodies and issues; some of them are alike, and some the same."""
    chance = random.Random(seed)
    stories: list[Story] = []
    for place in range(number):
        if stories and chance.random() < 0.2:
            again = chance.choice(stories)
            more = chance.choice(("", f" It was told {place} times."))
            stories.append(Story(again.text + more, None, again.entities, again.quotes, again.offices, again.stances))
            continue
        one, other = chance.sample(PEOPLE, 2)
        body, title, issue, words = (chance.choice(of) for of in (BODIES, TITLES, ISSUES, WORDS))
        polarity: Polarity = chance.choice(("supports", "opposes"))
        entities: tuple[tuple[EntityType, str, tuple[str, ...]], ...] = (
            ("person", one, ()),
            ("person", other, ()),
            ("organization", body, ()),
            ("place", chance.choice(("Varna", "Russia")), ()),
        )
        place_name = entities[-1][1]
        told = (
            f"{title} {one} of {body} {polarity} {issue}, {other} heard in {place_name} on day {place}. "
            f'"{words}," {one} said there, and everybody who was in the hall that evening heard it quite well.'
        )
        stories.append(
            Story(told, None, entities, ((one, words),), ((one, title, body),), ((one, polarity, issue),))
        )  # fmt: skip
    return stories


def put(store: Store, stories: Sequence[Story], together: int) -> list[bool]:
    """Add stories, so many in a transaction, and return which were new."""
    new = []
    for start in range(0, len(stories), together):
        both = [(received(s, source=f"source {i % 3}"), linked(s)) for i, s in enumerate(stories)]
        with store.writing() as session:
            new += [created for _, created in add_articles(session, both[start : start + together])]
    return new


def contents(store: Store) -> dict[str, list[str]]:
    """Return what the store holds, without what is drawn by chance."""
    with store.reading() as session:
        return {
            name: sorted(str(tuple(row)) for row in session.execute(text(query))) for name, query in CONTENTS.items()
        }


def test_together_is_as_if_one_after_another(store: Store, migrated_sqlite: Path, tmp_path: Path) -> None:
    stories = made_up(70)
    alone = open_store(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'alone.sqlite3')}")
    new = put(alone, stories, 1)
    assert put(store, stories, 16) == new
    assert not all(new)
    expected = contents(alone)
    alone.close()
    found = contents(store)
    assert {name: rows for name, rows in found.items() if rows != expected[name]} == {}
    assert all(expected[name] for name in CONTENTS if name != "open")


def test_many_at_once_wait_for_nobody_in_a_circle(postgres_store: Store) -> None:
    stories = made_up(48)

    def put_mixed(seed: int) -> list[bool]:
        mine = stories.copy()
        random.Random(seed).shuffle(mine)
        return put(postgres_store, mine, 8)

    with ThreadPoolExecutor(4) as pool:
        new = [created for of in pool.map(put_mixed, range(4)) for created in of]
    found = contents(postgres_store)
    assert sum(new) == len(found["log"]) == len({story.text for story in stories})
