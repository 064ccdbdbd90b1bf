"""Where titles begin and end, and those that only the lexicon knows."""

from __future__ import annotations

import pytest

from app.annotate.title_spans import is_titled, parted, titles_beside, trimmed
from tests.unit.annotate.readings import span_of


@pytest.mark.parametrize(
    ("text", "tagged", "whole"),
    [
        ("the former director", "the former director", "director"),
        ("secretary of the union", "secretary of the", "secretary"),
        ("said the lawmakers.", "lawmakers.", "lawmakers"),
        ("Sen. Lee", "Sen.", "Sen."),
        ("the front-runner fell", "front", "front-runner"),
        ("a vice-chairman", "chairman", "vice-chairman"),
        ("prime minister", "prime", "prime minister"),
        ("defence minister", "minister", "defence minister"),
        ("the secretary of state spoke", "secretary", "secretary of state"),
        ("the president of Honduras", "president", "president"),
        ("the nominee for president spoke", "nominee", "nominee for president"),
        ("the candidate for change spoke", "candidate", "candidate"),
        ("commander in chief of all", "commander", "commander in chief"),
        (
            "the National Director of Public Prosecutions",
            "National Director of Public",
            "National Director of Public Prosecutions",
        ),
        (
            "Natural Resources and Environment Minister",
            "Environment Minister",
            "Natural Resources and Environment Minister",
        ),
        ("the legal aid lawyer leading it", "legal aid lawyer leading", "legal aid lawyer"),
        ("the wholly unknown", "wholly unknown", "wholly unknown"),
        ("State Sen. Lee", "Sen.", "State Sen."),
        ("Oakfield Police Chief Dana Orr", "Chief", "Police Chief"),
        ("the Milbridge fire chief, Ana Ruiz", "chief", "fire chief"),
        ("the police commander, Ana Ruiz", "commander", "commander"),
        ("Det Insp Ann Lee", "Det", "Det Insp"),
        ("the Det. Ch. Supt. Ann Lee", "Supt.", "Det. Ch. Supt."),
        ("an inspector Ann Lee", "inspector", "inspector"),
        ("Insp Roe met the director", "director", "director"),
        ("a state senator", "senator", "state senator"),
        ("the state director", "director", "director"),
        ("Gov. Lee", "Gov", "Gov."),
        ("Lt. Gov. Lee", "Lt. Gov", "Lt. Gov."),
    ],
)
def test_title_is_taken_whole_and_bare(text: str, tagged: str, whole: str) -> None:
    span = trimmed(span_of(text, tagged), text)
    assert span is not None
    assert span.of(text) == whole


@pytest.mark.parametrize("text", ["—", "the —"])
def test_marks_are_no_title(text: str) -> None:
    assert trimmed(span_of(text, "—"), text) is None


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("director", ["director"]),
        ("founder and CEO", ["founder", "CEO"]),
        ("actor, director and writer", ["actor", "director", "writer"]),
        ("minister of labour and employment", ["minister of labour and employment"]),
        ("law expert Professor", ["law expert", "Professor"]),
        ("police spokesperson Lt. Col.", ["police spokesperson"]),
        ("Minister of Education Dr", ["Minister of Education"]),
        ("Attorney General", ["Attorney General"]),
        ("Lt. Gov.", ["Lt. Gov."]),
        ("Associate Professor", ["Associate Professor"]),
    ],
)
def test_several_titles_are_told_apart(title: str, parts: list[str]) -> None:
    assert [p.of(title) for p in parted(span_of(title, title), title)] == parts


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("his running mate Ann Lee won", ["running mate"]),
        ("the manager, Ann Lee, won", ["manager"]),
        ("the unknown manager, Ann Lee, won", ["manager"]),
        ("unknown runner Ann Lee won", []),
        ("the local officials, Ann Lee said", []),
        ("said the lawmaker. Ann Lee won", []),
        ("he saw the bridge, Ann Lee won", []),
        ("Sheikh Ann Lee won", []),
        ("Ch Supt Ann Lee won", ["Ch Supt"]),
        ("Supt. Ann Lee won", ["Supt."]),
        ("Sgt Ann Lee won", []),
        ("Insp Roe met Ann Lee", []),
        ("said Detective Inspector Ann Lee, the mayor of Acme", ["Detective Inspector", "mayor"]),
        ("the priest\nAnn Lee won", []),
        ("Ann Lee, the vice president of Acme, won", ["vice president"]),
        ("Ann Lee (left), 51, a local police chief, won", ["police chief"]),
        ("Ann Lee, a friend of mine, won", []),
        ("Ann Lee, a Cook Islands sailor, won", ["sailor"]),
        ("Ann Lee, Roe's lawyer, won", ["lawyer"]),
    ],
)
def test_known_titles_beside_names(text: str, titles: list[str]) -> None:
    assert [t.of(text) for t in titles_beside([span_of(text, "Ann Lee")], text)] == titles


def test_description_all_in_capitals_holds_no_title() -> None:
    text = "Ann Lee, the United States Senator"
    assert list(titles_beside([span_of(text, "Ann Lee")], text)) == []


@pytest.mark.parametrize(
    ("title", "known"),
    [
        ("co-founder", True),
        ("marine seismologist", True),
        ("cabinetmaker", True),
        ("flautist", True),
        ("tourist", False),
        ("widow", False),
        ("bridge", False),
    ],
)
def test_a_title_is_headed_by_a_noun_of_a_post_or_a_trade(title: str, known: bool) -> None:  # noqa: FBT001
    assert is_titled(title) is known


@pytest.mark.parametrize(("title", "is_one"), [("film star", True), ("star", False), ("Navy SEAL", True)])
def test_a_star_is_one_of_something(title: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_titled(title) is is_one
