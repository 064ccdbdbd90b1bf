"""What a story goes on to call a body is that body."""

from __future__ import annotations

import pytest

from app.annotate.names import Name
from app.annotate.short_names import with_short_bodies
from tests.unit.annotate.readings import span_of

KINDS = {"p": "person", "o": "organization", "l": "place"}


def kinds(text: str, *names: str) -> list[str]:
    """Return what becomes of ``names``, each given as "p:Ann Lee" with the letter of its type, in the same form."""
    spans = sorted((span_of(text, n[2:]), KINDS[n[0]]) for n in names)
    found = with_short_bodies([Name(s, kind, 0.9, marks=(s,), evidence=0.0) for s, kind in spans], text)
    return [f"{n.type[0] if n.type != 'place' else 'l'}:{n.span.of(text)}" for n in found]


@pytest.mark.parametrize(
    ("text", "names", "becomes"),
    [
        ("Oakdale Medical Center is full. Oakdale turned many away.", ["o:Oakdale Medical Center", "p:Oakdale#2"], "o"),
        ("De Wit NV sold it. De Wit is Dutch.", ["o:De Wit NV", "p:De Wit#2"], "o"),
        ("Oakdale Police came. Oakdale slept.", ["o:Oakdale Police", "p:Oakdale#2"], "l"),
        ("Westgate Rail Plc fell. Westgate said so.", ["o:Westgate Rail Plc", "l:Westgate#2"], "o"),
        ("Bremen-based Nordsee Holz fell.", ["l:Nordsee Holz"], "o"),
        ("A young Oakdale woman fell.", ["p:Oakdale"], "l"),
    ],
)
def test_short_name_is_what_the_words_and_the_longer_name_say(text: str, names: list[str], becomes: str) -> None:
    assert kinds(text, *names)[-1].partition(":")[0] == becomes


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Oakdale spoke. Oakdale Medical Center is full.", ["p:Oakdale", "o:Oakdale Medical Center"]),
        (
            "Oakdale Medical Center let Ann Oakdale in. Oakdale left.",
            ["o:Oakdale Medical Center", "p:Ann Oakdale", "p:Oakdale#3"],
        ),
        ("Oakdale Medical Center called Mr Oakdale.", ["o:Oakdale Medical Center", "p:Oakdale#2"]),
        ("Oakdale Medical Center called coach Oakdale.", ["o:Oakdale Medical Center", "p:Oakdale#2"]),
        ("Oakdale Medical Center called Oakdale, 51, back.", ["o:Oakdale Medical Center", "p:Oakdale#2"]),
        ("The Lee administration fell. Then Lee left.", ["o:Lee administration", "p:Lee#2"]),
        ("The Garda Institute met. They came at Garda.", ["o:Garda Institute", "p:Garda#2"]),
        ("Santos of the Sea sang. Santos left.", ["o:Santos of the Sea", "p:Santos#2"]),
        ("Westgate Rail Plc fell. Rain in Westgate stopped.", ["o:Westgate Rail Plc", "l:Westgate#2"]),
        ("Westgate Rail Plc fell. Westgate police came.", ["o:Westgate Rail Plc", "l:Westgate#2"]),
        ("Westgate Rail Plc fell, not Westgate.", ["o:Westgate Rail Plc", "l:Westgate#2"]),
        ("Berlin Rail Plc fell. Berlin said so.", ["o:Berlin Rail Plc", "l:Berlin#2"]),
        ("Oakdale University met. Oakdale said so.", ["o:Oakdale University", "l:Oakdale#2"]),
        ("Texas-based Ann Lee spoke.", ["p:Ann Lee"]),
        ("A bold Oakdale plan fell. The Oakdale man left.", ["p:Oakdale"]),
        ("Acme and Bolt met.", ["o:Acme", "o:Bolt"]),
    ],
)
def test_other_names_stay_what_they_are(text: str, names: list[str]) -> None:
    assert kinds(text, *names) == [name.partition("#")[0] for name in names]
