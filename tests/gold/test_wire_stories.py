"""The story that the project was started from, and an original one of the same build, come out as they read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.analysis import Analysis
from app.domain.document import Document
from app.pipeline.engine import Engine, load_engine
from app.text.document import build_document

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Expected:
    """What a story of this build says. ``quoted`` holds the openings of its quoted passages and their speakers.

    ``stances`` are those that it is there to show, ``also`` those that it shows besides: no other may come out.
    """

    path: Path
    section: str
    title: str
    people: dict[str, tuple[str, str | None]]
    organizations: frozenset[str]
    no_actors: frozenset[str]
    quoted: tuple[tuple[str, str], ...]
    split: tuple[tuple[str, str], ...]
    indirect: tuple[tuple[str, str], ...]
    stances: tuple[tuple[str, str, str], ...]
    also: tuple[tuple[str, str, str], ...]


STARTED_FROM = Expected(
    path=ROOT.parent / "shared" / "seed" / "000_b4ad33aef8afb2bf.txt",
    section="World and Nation",
    title="Russia Cool to U.S. Request For Cooperation on Missile Defense",
    people={
        "Robert M. Gates": ("Defense Secretary", None),
        "Anatoly E. Serdyukov": ("defense minister", "Russia"),
    },
    organizations=frozenset({"Kremlin", "Bush administration"}),
    no_actors=frozenset(
        {"Russia", "U.S.", "United States", "Poland", "Moscow", "Cooperation", "Missile Defense", "Bush"}
    ),
    quoted=(
        ('"The Russian position', "Anatoly E. Serdyukov"),
        ('"We do believe', "Anatoly E. Serdyukov"),
        ('"on a very positive tone."', "Robert M. Gates"),
        ('"We made some real headway', "Robert M. Gates"),
        ('"The key to this', "Robert M. Gates"),
        ('"We would like to have the Russians', "Robert M. Gates"),
        ('"some real opportunity', "Robert M. Gates"),
        ('"And that involves', "Robert M. Gates"),
    ),
    split=(
        ('"The Russian position', '"We do believe'),
        ('"The key to this', '"We would like to have'),
        ('"some real opportunity', '"And that involves'),
    ),
    indirect=(
        ("would make Russia a full partner", "Robert M. Gates"),
        ("the Kremlin had not dropped", "Anatoly E. Serdyukov"),
        ("the bases are necessary", "United States"),
        ("the missile defense system is meant", "Russia"),
        ("the two sides agreed", "Robert M. Gates"),
    ),
    stances=(
        ("Kremlin", "opposes", "anti-missile bases"),
        ("Anatoly E. Serdyukov", "opposes", "deploying all the strategic elements"),
        ("United States", "supports", "the bases"),
        ("Robert M. Gates", "supports", "cooperation"),
        ("the two sides", "supports", "experts"),
    ),
    also=(
        ("Robert M. Gates", "supports", "the Russians as partners"),
        ("Robert M. Gates", "supports", "share information with them"),
        ("Russia", "opposes", "placing American missile defenses"),
        ("Russia", "opposes", "the missile defense system"),
    ),
)

ORIGINAL = Expected(
    path=ROOT / "seeds" / "stories" / "13-undersea-cables.txt",
    section="Nation and World",
    title="France Unmoved by U.S. Plea for Joint Watch Over Undersea Cables",
    people={
        "Walter P. Hanley": ("Defense Secretary", None),
        "Lucien F. Daubrac": ("armed forces minister", "France"),
    },
    organizations=frozenset({"Elysee", "Pruett administration"}),
    no_actors=frozenset({"France", "U.S.", "United States", "Portugal", "Paris", "Plea", "Undersea Cables", "Pruett"}),
    quoted=(
        ('"The French view', "Lucien F. Daubrac"),
        ('"Putting permanent listening posts', "Lucien F. Daubrac"),
        ('"with a good deal more hope', "Walter P. Hanley"),
        ('"We cleared up', "Walter P. Hanley"),
        ('"The heart of this', "Walter P. Hanley"),
        ('"We would like the French', "Walter P. Hanley"),
        ('"an honest opening', "Walter P. Hanley"),
        ('"And that calls for', "Walter P. Hanley"),
    ),
    split=(
        ('"The French view', '"Putting permanent'),
        ('"The heart of this', '"We would like the French'),
        ('"an honest opening', '"And that calls for'),
    ),
    indirect=(
        ("would give France an equal seat", "Walter P. Hanley"),
        ("the Elysee had not softened", "Lucien F. Daubrac"),
        ("the stations are necessary", "United States"),
        ("the network is intended", "France"),
        ("the two sides agreed", "Walter P. Hanley"),
    ),
    stances=(
        ("Lucien F. Daubrac", "opposes", "Putting permanent listening posts"),
        ("United States", "supports", "the stations"),
        ("the two sides", "supports", "panel"),
        ("Elysee", "opposes", "monitoring stations in Portugal and Ireland"),
        ("Walter P. Hanley", "supports", "guarding the Atlantic's undersea cables"),
    ),
    also=(
        ("Walter P. Hanley", "supports", "the French beside us"),
        ("Walter P. Hanley", "supports", "train with them"),
        ("Walter P. Hanley", "supports", "co- manage the stations"),
        ("France", "opposes", "lowering American sensors"),
        ("France", "opposes", "the network"),
    ),
)

STORIES = [
    pytest.param(
        STARTED_FROM,
        id="started from",
        marks=pytest.mark.skipif(not STARTED_FROM.path.is_file(), reason="../shared is not beside this checkout"),
    ),
    pytest.param(ORIGINAL, id="original"),
]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load_engine()


def read(expected: Expected, engine: Engine) -> tuple[Document, Analysis]:
    document = build_document(expected.path.read_text(encoding="utf-8"))
    return document, engine.annotate(document)


@pytest.mark.parametrize("expected", STORIES)
def test_section_and_headline_stand_apart_from_the_body(expected: Expected, engine: Engine) -> None:
    document, _ = read(expected, engine)
    assert document.head.section is not None
    assert document.head.section.of(document.text) == expected.section
    assert document.head.title is not None
    assert document.head.title.of(document.text) == expected.title


@pytest.mark.parametrize("expected", STORIES)
def test_exactly_the_two_people_are_found_each_with_the_office_the_story_gives(
    expected: Expected, engine: Engine
) -> None:
    _, analysis = read(expected, engine)
    assert {e.name for e in analysis.of_type("person")} == set(expected.people)
    offices = {
        o.person.name: (o.title, o.organization.name if o.organization is not None else None) for o in analysis.offices
    }
    assert offices == expected.people


@pytest.mark.parametrize("expected", STORIES)
def test_organizations_are_bodies_and_no_country_or_headline_word_is_an_actor(
    expected: Expected, engine: Engine
) -> None:
    _, analysis = read(expected, engine)
    names = {e.name for e in (*analysis.of_type("organization"), *analysis.of_type("person"))}
    assert expected.organizations <= names
    assert not names & expected.no_actors


@pytest.mark.parametrize("expected", STORIES)
def test_every_quoted_passage_is_a_quote_of_the_right_speaker(expected: Expected, engine: Engine) -> None:
    document, analysis = read(expected, engine)
    for opening, speaker in expected.quoted:
        start = document.text.index(opening)
        holders = [q for q in analysis.quotes if any(c.start <= start < c.end for c in q.contents)]
        assert [q.speaker.name for q in holders] == [speaker], opening


@pytest.mark.parametrize("expected", STORIES)
def test_a_quotation_split_by_its_cue_is_one_quote_with_what_continues_it(expected: Expected, engine: Engine) -> None:
    document, analysis = read(expected, engine)
    for first, second in expected.split:
        starts = [document.text.index(first), document.text.index(second)]
        assert any(all(any(c.start <= s < c.end for c in q.contents) for s in starts) for q in analysis.quotes), first


@pytest.mark.parametrize("expected", STORIES)
def test_reported_speech_without_marks_has_its_speaker(expected: Expected, engine: Engine) -> None:
    document, analysis = read(expected, engine)
    for words, speaker in expected.indirect:
        start = document.text.index(words)
        holders = [q.speaker.name for q in analysis.quotes if any(c.start <= start < c.end for c in q.contents)]
        assert speaker in holders, words


@pytest.mark.parametrize("expected", STORIES)
def test_who_supports_and_who_opposes_and_nobody_else(expected: Expected, engine: Engine) -> None:
    document, analysis = read(expected, engine)
    found = [(s.holder.name, s.polarity, s.target.of(document.text)) for s in analysis.stances]
    for holder, polarity, words in expected.stances:
        assert any(h == holder and p == polarity and words in t for h, p, t in found), (holder, polarity, words)
    right = (*expected.stances, *expected.also)
    assert [f for f in found if not any(f[:2] == r[:2] and r[2] in f[2] for r in right)] == []


def test_opposition_that_was_not_dropped_is_the_kremlins_and_another_reports_it(engine: Engine) -> None:
    text = (
        "Ann Lee, a minister, said on Monday that the Kremlin had not dropped its opposition to the bases.\n\n"
        "Tom Roe said that Moscow had dropped its opposition to the talks."
    )
    stances = engine.annotate(build_document(text)).stances
    told = [(s.holder.name, s.polarity, s.change, s.reporter and s.reporter.name) for s in stances]
    assert ("Kremlin", "opposes", "unchanged", "Ann Lee") in told
    assert any(t[1:] == ("supports", "reversed", "Tom Roe") for t in told), told
