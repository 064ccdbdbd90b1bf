"""Speech over several paragraphs."""

from __future__ import annotations

from app.annotate.chains import find_chains, join_chains
from app.annotate.quotes import Passage
from app.annotate.speakers import Speaker
from tests.unit.annotate.readings import Scene, make_scene

NOBODY = Speaker("unresolved", None, None, "none", 0.5)


def passage(scene: Scene, cue: str | None, *contents: str, speaker: Speaker = NOBODY) -> Passage:
    return Passage(tuple(scene.span(c) for c in contents), None if cue is None else scene.span(cue), speaker, 0.9)


def chains(text: str) -> list[list[str]]:
    scene = make_scene(text)
    return [[q.outer.of(text) for q in row] for row in find_chains(scene.document, scene.pieces.quotations)]


def wholes(scene: Scene, *passages: Passage) -> list[tuple[str | None, list[str]]]:
    found = join_chains(scene.document, scene.pieces.quotations, passages)
    return [(None if p.cue is None else p.cue.of(scene.text), [c.of(scene.text) for c in p.contents]) for p in found]


def test_quotation_left_open_goes_on_where_the_next_paragraph_opens_with_one() -> None:
    assert chains("“It rained.\n\n“It poured.\n\n“It froze.”\n\n“It snowed.”") == [
        ["“It rained.", "“It poured.", "“It froze.”"]
    ]
    assert chains("“It rained.\n\nLee said “it poured.”") == []
    assert chains("“It rained.\n\nLee left.\n\n“It poured.”") == []
    assert chains("“It rained.\n\n“It poured.") == [["“It rained.", "“It poured."]]
    assert chains("It rained.") == []


def test_speech_over_paragraphs_is_one_quote_of_the_cue_beside_its_end() -> None:
    scene = make_scene("It froze, Lee said. “It rained.\n\n“It poured,” he added.")
    first = passage(scene, "said", "It froze", "“It rained.")
    last = passage(scene, "added", "“It poured,”")
    assert wholes(scene, first, last) == [("said", ["It froze"]), ("added", ["“It rained.", "“It poured,”"])]


def test_speech_over_paragraphs_without_a_cue_at_its_end_stays_with_its_first_words() -> None:
    scene = make_scene("Lee said: “It rained.\n\n“It poured.”")
    assert wholes(scene, passage(scene, "said", "“It rained."), passage(scene, None, "“It poured.”")) == [
        ("said", ["“It rained.", "“It poured.”"])
    ]


def test_speech_over_paragraphs_in_one_quote_stays_as_it_is() -> None:
    scene = make_scene("Lee said: “It rained.\n\n“It poured.”")
    assert wholes(scene, passage(scene, "said", "“It rained.", "“It poured.”")) == [
        ("said", ["“It rained.", "“It poured.”"])
    ]


def test_forgotten_mark_joins_no_quotes() -> None:
    scene = make_scene("“It rained, Lee said.\n\n“It poured,” Roe added.")
    inside = passage(scene, "said", "“It rained"), passage(scene, "added", "“It poured,”")
    assert len(wholes(scene, *inside)) == 2
    scene = make_scene("It rained, said Lee. “It froze.\n\n“It poured,” Roe added.")
    lee, roe = scene.speaker(0, "Lee"), scene.speaker(1, "Roe")
    two = passage(scene, "said", "“It froze.", speaker=lee), passage(scene, "added", "“It poured,”", speaker=roe)
    assert len(wholes(scene, *two)) == 2
