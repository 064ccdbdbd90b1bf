"""Attributions: sources, cues and contents linked to each other."""

from __future__ import annotations

import numpy as np
import pytest

from app.annotate.attribution import BESIDE, Attribution, Settings, find_attributions
from app.annotate.encoder import Reading, View
from tests.unit.annotate.readings import BUCKETS, LINKS, TABLES, Pairs, Scene, make_scene

TEXT = "Rain falls, Ann said. Snow melts, Tom added."
TAGS = {
    "attribution": [
        ("Rain falls", "content"),
        ("Ann", "source"),
        ("said", "cue"),
        ("Snow melts", "content"),
        ("Tom", "source"),
        ("added", "cue"),
    ]
}
PAIRS: Pairs = {
    "content": [("Rain", "said", 5.0), ("falls", "said", 5.0), ("Snow", "added", 5.0), ("melts", "added", 5.0)],
    "source": [("said", "Ann", 5.0), ("added", "Tom", 5.0)],
}
UNBIASED = Settings(0.0, 0.0, 0.0)


def attributions(scene: Scene, settings: Settings = UNBIASED) -> tuple[Attribution, ...]:
    return find_attributions(scene.reading, scene.words, scene.links, TABLES, settings, scene.text)


def words(scene: Scene, settings: Settings = UNBIASED) -> list[tuple[str | None, list[str], str | None]]:
    return [
        (
            None if a.cue is None else a.cue.span.of(scene.text),
            [c.span.of(scene.text) for c in a.contents],
            None if a.source is None else a.source.span.of(scene.text),
        )
        for a in attributions(scene, settings)
    ]


def test_contents_go_with_their_cue_and_cues_with_their_source() -> None:
    assert words(make_scene(TEXT, TAGS, PAIRS)) == [
        ("said", ["Rain falls"], "Ann"),
        ("added", ["Snow melts"], "Tom"),
    ]


def test_links_say_how_sure_they_are() -> None:
    found = attributions(make_scene(TEXT, TAGS, PAIRS))[0]
    # Five for the answer, zero for the other source and minus one for nobody.
    assert found.link == pytest.approx(np.exp(5) / (np.exp(5) + 1 + np.exp(-1)), rel=1e-3)
    assert found.content_link == pytest.approx(found.link, rel=1e-3)


def test_contents_of_one_cue_are_one_attribution() -> None:
    pairs: Pairs = {**PAIRS, "content": [(w, "said", 5.0) for w in ("Rain", "falls", "Snow", "melts")]}
    assert words(make_scene(TEXT, TAGS, pairs)) == [
        ("said", ["Rain falls", "Snow melts"], "Ann"),
        ("added", [], "Tom"),
    ]


def test_cue_may_have_no_source() -> None:
    pairs: Pairs = {**PAIRS, "source": [("said", None, 5.0), ("added", "Tom", 5.0)]}
    assert words(make_scene(TEXT, TAGS, pairs))[0] == ("said", ["Rain falls"], None)


def test_contents_may_have_no_cue() -> None:
    pairs: Pairs = {**PAIRS, "content": [*PAIRS["content"][2:], ("Rain", None, 5.0), ("falls", None, 5.0)]}
    assert words(make_scene(TEXT, TAGS, pairs))[0] == (None, ["Rain falls"], None)


def test_contents_in_a_story_without_cues_have_none() -> None:
    scene = make_scene("Rain falls.", {"attribution": [("Rain falls", "content")]})
    assert words(scene) == [(None, ["Rain falls"], None)]
    assert attributions(scene)[0].content_link == 1.0


def test_orphan_setting_keeps_contents_with_a_weaker_cue() -> None:
    pairs: Pairs = {**PAIRS, "content": [*PAIRS["content"][2:], ("Rain", None, 2.0), ("falls", None, 2.0)]}
    assert words(make_scene(TEXT, TAGS, pairs), Settings(0.0, 0.0, 0.0, orphan=3.0))[0][0] == "said"


@pytest.mark.parametrize(
    ("settings", "label"),
    [(Settings(9.0, 0.0, 0.0), 0), (Settings(0.0, 9.0, 0.0), 1), (Settings(0.0, 0.0, 9.0), 2)],
)
def test_biases_open_sources_cues_and_contents(settings: Settings, label: int) -> None:
    scene = make_scene("Rain")
    assert len(attributions(scene)) == 0
    assert [(a.cue is not None, len(a.contents)) for a in attributions(scene, settings)] == [
        [],
        [(True, 0)],
        [(False, 1)],
    ][label]


def test_cue_without_contents_is_told_with_its_source() -> None:
    scene = make_scene(
        "Ann said", {"attribution": [("Ann", "source"), ("said", "cue")]}, {"source": [("said", "Ann", 5.0)]}
    )
    assert words(scene) == [("said", [], "Ann")]
    assert attributions(scene)[0].content_link == 0


def test_scores_add_the_bucket_of_the_distance() -> None:
    scene = make_scene("a b c", pairs={"source": [("a", "c", 2.0)]})
    links = scene.links
    tables = {**TABLES["links"], "source": {"distance": [float(n) for n in range(2 * BUCKETS + 1)], "none": 0.0}}
    far = type(links)(links.reading, tables, links.names, links.buckets)
    assert far.scores("source", [0], [1, 2]).tolist() == [[11.0, 14.0, -1.0]]


def test_piece_that_opens_nothing_is_out_of_reach() -> None:
    scene = make_scene("a b c")
    view = scene.reading.views[0]
    some = View(0, np.array([0], dtype=np.int32), view.vectors[:1], view.none[:1], view.dense, view.dense_none)
    links = type(scene.links)(Reading(scene.pieces, scene.reading.tags, (some,), (0,)), TABLES["links"], LINKS, BUCKETS)
    assert (links.scores("source", [0], [1, 2])[0, :-1] < -1e8).all()
    assert links.scores("source", [2], [0]).tolist() == [[pytest.approx(-1e9), 0.0]]
    assert links.scores("content", [2], [0])[0, 0] == 0.0


@pytest.mark.parametrize("anchors", [0, 1])
def test_window_without_openings_answers_nothing(anchors: int) -> None:
    scene = make_scene("a b")
    view = scene.reading.views[0]
    none = View(0, view.anchors[:anchors], view.vectors[:anchors], view.none[:anchors], view.dense, view.dense_none)
    links = type(scene.links)(Reading(scene.pieces, scene.reading.tags, (none,), (0,)), TABLES["links"], LINKS, BUCKETS)
    assert links.scores("content", [1], [1])[0, 0] < -1e8
    assert links.scores("content", [1], []).tolist() == [[-1.0]]


def test_quotation_goes_to_the_cue_right_beside_it_whatever_the_link_says() -> None:
    text = "“Rain falls,” Ann said. “Snow melts,” Tom added."
    tags = {
        "attribution": [
            ("“Rain falls,”", "content"),
            ("Ann", "source"),
            ("said", "cue"),
            ("“Snow melts,”", "content"),
            ("Tom", "source"),
            ("added", "cue"),
        ]
    }
    pairs: Pairs = {**PAIRS, "content": [(w, "added", 5.0) for w in ("Rain", "falls", "Snow", "melts")]}
    scene = make_scene(text, tags, pairs)
    assert words(scene) == [("said", ["“Rain falls,”"], "Ann"), ("added", ["“Snow melts,”"], "Tom")]
    assert attributions(scene)[0].content_link == BESIDE
