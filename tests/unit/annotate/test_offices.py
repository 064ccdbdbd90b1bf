"""Offices: posts, their people and bodies, and their tense."""

from __future__ import annotations

import pytest

from app.annotate.entities import Group
from app.annotate.offices import Post, find_posts
from tests.unit.annotate.readings import TABLES, Pairs, Scene, make_scene


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
    scene = titled("director Ann Lee of old Acme.", "director", pairs={"title_organization": [("director", None, 5.0)]})
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
        ("Ann Lee, an Acme research director, left.", "director", True),
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
        "A director left.\nAnn Lee stayed.",
        "The directors left.\nAnn Lee stayed.",
        "Ann Lee said that a director left.",
        f"A director left. {'It rained. ' * 25}Ann Lee stayed.",
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


def test_title_alone_stands_for_the_person_that_the_link_prefers() -> None:
    text = "Ann Lee met Tom Roe.\n\nThe Acme director left."
    scene = titled(text, "director", pairs={"antecedent": [("The", "Ann", 5.0)]})
    (post,) = posts_of(scene, scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"))
    assert (post.group, post.method, post.evidence.of(text)) == (0, "alone", "director")
    assert post.score > 0.5


def test_title_alone_that_nobody_is_sure_of_is_no_post() -> None:
    scene = titled("Ann Lee met Tom Roe.\n\nThe director left.", "director", pairs={"antecedent": [("The", None, 3.0)]})
    assert posts_of(scene, scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe")) == ()


def test_title_alone_that_somebody_holds_is_not_given_twice() -> None:
    text = "Director Ann Lee met Tom Roe.\n\nThe director left."
    scene = titled(text, "Director", "director", pairs={"antecedent": [("The", "Tom", 5.0)]})
    (post,) = posts_of(scene, scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"))
    assert post.group == 0


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee said that the director of the ship had left.",
        "Ann Lee left. The ship's director, Bolt-based Norda, fell.",
    ],
)
def test_title_alone_is_not_of_who_speaks_of_it_nor_of_who_is_named_after_it(text: str) -> None:
    the = "The" if "The ship" in text else "the"
    scene = titled(text, "director", pairs={"antecedent": [(the, "Ann", 5.0)]})
    assert posts_of(scene, scene.group("person", "Ann Lee")) == ()


def test_title_of_somebody_of_the_family_is_not_the_persons() -> None:
    scene = titled("The daughter of a railway clerk, Ann Lee left.", "clerk")
    assert posts_of(scene, scene.group("person", "Ann Lee")) == ()


def test_title_that_only_the_lexicon_knows() -> None:
    scene = titled("running mate Ann Lee, a judge, left.", "judge")
    found = posts_of(scene, scene.group("person", "Ann Lee"))
    assert [(p.title.of(scene.text), p.method) for p in found] == [("running mate", "before"), ("judge", "after")]


def test_plural_title_is_of_each() -> None:
    scene = titled("senators Ann Lee and Tom Roe left.", "senators")
    found = posts_of(scene, scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"))
    assert [p.group for p in found] == [0, 1]


@pytest.mark.parametrize(
    ("text", "title", "held"),
    [
        ("Standing with activists, Ann Lee spoke.", "activists", False),
        ("Ann Lee, one of the members of the Assembly, spoke.", "members", True),
        ("The adviser for regional affairs, Ann Lee, spoke.", "adviser for regional affairs", True),
    ],
)
def test_plural_title_of_one_person_is_one_of_several(text: str, title: str, held: bool) -> None:  # noqa: FBT001
    scene = titled(text, title)
    assert bool(posts_of(scene, scene.group("person", "Ann Lee"))) is held


@pytest.mark.parametrize(
    ("text", "tagged", "found"),
    [
        ("Tom Roe, an aide to Sen. Ann Lee, left.", "aide to Sen.", [("aide", 1), ("Sen.", 0)]),
        ("Tom Roe, a spokesman for Mrs. Ann Lee, left.", "spokesman for Mrs", [("spokesman", 1)]),
        ("Tom Roe, secretary of Kesterly Maps, left.", "secretary of Kesterly", [("secretary", 1)]),
        ("secretary of state Ann Lee", "secretary of state", [("secretary of state", 0)]),
        ("director of research Ann Lee", "director of research", [("director of research", 0)]),
        ("Ann Lee, a director of research, left.", "director of research", [("director of research", 0)]),
    ],
)
def test_title_ends_before_a_name_that_its_end_belongs_to(text: str, tagged: str, found: list[tuple[str, int]]) -> None:
    scene = titled(text, tagged)
    groups = [
        scene.group(kind, name)
        for kind, name in (("person", "Ann Lee"), ("person", "Tom Roe"), ("organization", "Kesterly Maps"))
        if name in text
    ]
    whose = "Ann Lee" in text
    assert [(p.title.of(text), p.group) for p in posts_of(scene, *groups)] == [(t, who * whose) for t, who in found]


def test_deputy_is_another_post() -> None:
    scene = titled("President Ann Lee. The vice president, Ann Lee, left.", "President", "vice president")
    found = posts_of(scene, scene.group("person", "Ann Lee", "Ann Lee#2"))
    assert [p.title.of(scene.text) for p in found] == ["President", "vice president"]


def test_short_form_of_a_title_is_the_same_post() -> None:
    scene = titled("Defence Minister Ann Lee. Minister Lee left.", "Defence Minister", "Minister#2")
    found = posts_of(scene, scene.group("person", "Ann Lee", "Lee#2"))
    assert [p.title.of(scene.text) for p in found] == ["Defence Minister"]


@pytest.mark.parametrize(
    ("text", "title"),
    [("president of the Assembly, Ann Lee", "president"), ("Assembly deputy president Ann Lee", "president")],
)
def test_body_that_stands_at_the_title_needs_no_link(text: str, title: str) -> None:
    scene = titled(text, title, pairs={"title_organization": [(title, None, 9.0)]})
    (post,) = posts_of(scene, scene.group("person", "Ann Lee"), scene.group("organization", "Assembly"))
    assert post.organization == 1
