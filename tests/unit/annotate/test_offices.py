"""Offices: posts, their people and bodies, and their tense."""

from __future__ import annotations

import pytest

from app.annotate.entities import Group
from app.annotate.offices import Post, find_posts, tense_of
from tests.unit.annotate.readings import TABLES, Pairs, Scene, make_scene, span_of


def posts_of(scene: Scene, *groups: Group) -> tuple[Post, ...]:
    return find_posts(scene.reading, scene.words, scene.links, TABLES, scene.cast(*groups), scene.text)


def titled(text: str, *titles: str, pairs: Pairs | None = None) -> Scene:
    return make_scene(text, {"title": [(t, "title") for t in titles]}, pairs)


def test_post_has_its_person_and_its_body() -> None:
    scene = titled(
        "Acme director Ann Lee met Tom Roe.",
        "director",
        pairs={"title_person": [("director", "Ann", 5.0)], "title_organization": [("director", "Acme", 5.0)]},
    )
    (post,) = posts_of(
        scene, scene.group("person", "Ann Lee"), scene.group("organization", "Acme"), scene.group("person", "Tom Roe")
    )
    assert (post.group, post.name, post.title) == (0, scene.span("Ann Lee"), scene.span("director"))
    assert (post.organization, post.organization_span) == (1, scene.span("Acme"))
    assert post.evidence == scene.span("Acme director Ann Lee")
    assert post.tense == "current"
    assert post.score > 0.5


def test_post_may_have_no_body() -> None:
    scene = titled("Acme director Ann Lee.", "director", pairs={"title_organization": [("director", None, 5.0)]})
    (post,) = posts_of(scene, scene.group("person", "Ann Lee"), scene.group("organization", "Acme"))
    assert post.organization is None
    assert post.evidence == scene.span("director Ann Lee")


def test_post_in_a_story_without_bodies_has_none() -> None:
    scene = titled("director Ann Lee.", "director")
    assert posts_of(scene, scene.group("person", "Ann Lee"))[0].organization is None


@pytest.mark.parametrize(
    ("text", "title", "joined"),
    [
        ("Acme's new director, Ann Lee, left.", "director", True),
        ("Ann Lee, a director of research at Acme, left.", "director", True),
        ("Ann Lee (director, Acme) left.", "director", True),
        ("Director Ann Lee pressed Acme.", "Director", False),
        ("Acme fell. The director, Ann Lee, left.", "director", False),
    ],
)
def test_body_counts_where_it_joins_the_phrase_of_the_post(text: str, title: str, joined: bool) -> None:  # noqa: FBT001
    scene = titled(text, title, pairs={"title_organization": [(title, "Acme", 5.0)]})
    (post,) = posts_of(scene, scene.group("person", "Ann Lee"), scene.group("organization", "Acme"))
    assert (post.organization == 1) is joined


@pytest.mark.parametrize(
    ("text", "title", "whole"),
    [
        ("France's new armed forces minister, Ann Lee, left.", "minister", "armed forces minister"),
        ("Defence Minister Ann Lee left.", "Minister", "Defence Minister"),
        ("He told minister Ann Lee.", "minister", "minister"),
        ("Said Minister Ann Lee.", "Minister", "Minister"),
        ("Our director Ann Lee.", "director", "director"),
    ],
)
def test_a_minister_has_a_portfolio(text: str, title: str, whole: str) -> None:
    scene = titled(text, title)
    (post,) = posts_of(scene, scene.group("person", "Ann Lee"))
    assert post.title.of(text) == whole


@pytest.mark.parametrize(
    "text",
    [
        "The director left.",
        "The director left.\nAnn Lee stayed.",
        f"The director left. {'It rained. ' * 25}Ann Lee stayed.",
    ],
)
def test_title_without_a_person_near_it_is_no_post(text: str) -> None:
    scene = titled(text, "director")
    assert posts_of(scene, *([scene.group("person", "Ann Lee")] if "Lee" in text else [])) == ()


def test_person_inside_the_title_does_not_hold_it() -> None:
    scene = titled("Ann Lee fellow", "Ann Lee fellow")
    assert posts_of(scene, scene.group("person", "Ann Lee")) == ()


@pytest.mark.parametrize(
    ("tagged", "title"),
    [
        ("the former director", "director"),
        ("acting director", "director"),
        ("director,", "director"),
        ("his deputy director", "deputy director"),
        ("director", "director"),
        ("ex-", "ex"),
    ],
)
def test_title_is_trimmed_of_what_stands_around_it(tagged: str, title: str) -> None:
    scene = titled(f"{tagged} Ann Lee", tagged)
    assert posts_of(scene, scene.group("person", "Ann Lee"))[0].title.of(scene.text) == title


def test_title_cut_before_its_head_takes_it_in() -> None:
    scene = titled("prime minister Ann Lee", "prime")
    assert posts_of(scene, scene.group("person", "Ann Lee"))[0].title.of(scene.text) == "prime minister"


def test_title_of_marks_only_is_no_post() -> None:
    scene = titled("— Ann Lee", "—")
    assert posts_of(scene, scene.group("person", "Ann Lee")) == ()


def test_same_title_of_one_person_is_one_post() -> None:
    scene = titled("director Ann Lee, Director", "director", "Director")
    scene.reading.tags["title"][-1, 1] += 0.05
    assert [p.title.of(scene.text) for p in posts_of(scene, scene.group("person", "Ann Lee"))] == ["Director"]


def test_two_titles_of_one_person_are_two_posts_in_text_order() -> None:
    scene = titled("director and judge Ann Lee", "director", "judge")
    scene.reading.tags["title"][2, 1] += 0.05
    found = posts_of(scene, scene.group("person", "Ann Lee"))
    assert [p.title.of(scene.text) for p in found] == ["director", "judge"]


@pytest.mark.parametrize(
    ("text", "tense"),
    [
        ("director", "current"),
        ("the acting director", "acting"),
        ("the former director", "former"),
        ("who was director", "former"),
        ("the incoming director", "incoming"),
        ("He was ill. The director", "current"),
    ],
)
def test_words_before_a_title_give_its_tense(text: str, tense: str) -> None:
    assert tense_of(text, span_of(text, "director")) == tense


@pytest.mark.parametrize(("title", "tense"), [("Acting director", "acting"), ("president-elect", "incoming")])
def test_title_may_say_its_own_tense(title: str, tense: str) -> None:
    assert tense_of(title, span_of(title, title)) == tense
