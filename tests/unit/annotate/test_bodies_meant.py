"""Bodies of posts that are told by a word for one named before."""

from __future__ import annotations

import pytest

from app.annotate.bodies_meant import body_meant
from tests.unit.annotate.readings import make_scene


def meant(text: str, title: str, *bodies: str) -> tuple[str, str] | None:
    """Return the body and the words that point to it; ``bodies`` are the story's, in order."""
    scene = make_scene(text)
    people = [scene.group("person", "Ann Lee")] if "Ann Lee" in text else []
    cast = scene.cast(*(scene.group("organization", body) for body in bodies), *people)
    found = body_meant(scene.span(title), cast, text)
    return None if found is None else (bodies[found[0]], found[1].of(text))


@pytest.mark.parametrize(
    ("text", "title", "bodies", "found"),
    [
        (
            "Delta Bank fell. Acme paid. A spokeswoman for the bank, Ann Lee, left.",
            "spokeswoman",
            ["Delta Bank", "Acme"],
            ("Delta Bank", "the bank"),
        ),
        (
            "Kesterly Medical Center met Acme. Ann Lee, a nurse at the hospital, left.",
            "nurse",
            ["Kesterly Medical Center", "Acme"],
            ("Kesterly Medical Center", "the hospital"),
        ),
        ("Acme fell. A spokeswoman for the bank, Ann Lee, left.", "spokeswoman", ["Acme"], None),
        ("Delta Bank fell. A spokeswoman for the river, Ann Lee, left.", "spokeswoman", ["Delta Bank"], None),
        ("Delta Bank fell. A spokeswoman for the bank owner, Ann Lee, left.", "spokeswoman", ["Delta Bank"], None),
    ],
)
def test_body_that_the_is_said_of(text: str, title: str, bodies: list[str], found: tuple[str, str] | None) -> None:
    assert meant(text, title, *bodies) == found


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("The Acme Club, which met Ann Lee, won. Its new chairman, Tom Roe, left.", "Acme Club"),
        ("It rained. Acme Club won. Its chairman, Tom Roe, left.", "Acme Club"),
        ("“Acme Club won.” Its chairman, Tom Roe, left.", "Acme Club"),
        ("Ann Lee met Acme Club. Its chairman, Tom Roe, left.", None),
        ("Acme Club won. It rained. Its chairman, Tom Roe, left.", None),
        ("They won. Its chairman, Tom Roe, left.", None),
        ("Acme Club won and its chairman, Tom Roe, left.", None),
    ],
)
def test_body_that_its_is_said_of(text: str, body: str | None) -> None:
    found = meant(text, "chairman", *(["Acme Club"] if "Acme Club" in text else []))
    assert found == (None if body is None else (body, "Its"))
