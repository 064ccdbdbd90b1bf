"""What the words in and around a name say it is."""

from __future__ import annotations

import pytest

from app.annotate.name_signs import put_right
from app.annotate.names import Name
from tests.unit.annotate.readings import span_of

KINDS = {"p": "person", "o": "organization", "l": "place"}


def kinds(text: str, *names: str) -> list[str]:
    """Return what becomes of ``names``, each given as "p:Ann Lee" with the letter of its type, in the same form."""
    spans = [(span_of(text, n[2:]), KINDS[n[0]]) for n in names]
    found = put_right([Name(s, kind, 0.9, marks=(s,), evidence=0.0) for s, kind in sorted(spans)], text)
    assert all(s.span.covers(m) for s in found for m in s.marks)
    return [f"{n.type[0] if n.type != 'place' else 'l'}:{n.span.of(text)}" for n in found]


@pytest.mark.parametrize(
    "text",
    [
        "The Swiss drugmaker Novara cut jobs.",
        "Shares in Novara fell.",
        "Novara shares fell.",
        "Novara's workforce shrinks.",
        "Novara, the farm lobby, is angry.",
        "Novara, Switzerland's largest trade union, is angry.",
        "Novara, which makes drugs, cut jobs.",
        "Novara (NOV.S) cut jobs.",
    ],
)
def test_a_new_name_is_a_body_by_the_words_beside_it(text: str) -> None:
    assert kinds(text, "p:Novara") == ["o:Novara"]


@pytest.mark.parametrize("between", ["'s ", " analyst ", " chief executive "])
def test_a_name_right_before_somebody_and_what_one_is_there_is_a_body(between: str) -> None:
    assert kinds(f"Syna{between}Peter Graf left.", "p:Syna", "p:Peter Graf") == ["o:Syna", "p:Peter Graf"]


def test_the_first_word_of_a_body_with_a_legal_form_is_that_body() -> None:
    assert kinds("Novara AG cut jobs; Novara is Swiss.", "o:Novara AG", "p:Novara#2") == ["o:Novara AG", "o:Novara"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mr Novara, which is odd, left.", ["p:Novara"]),
        ("Novara, 51, the lender, left.", ["p:Novara"]),
        ("Coach Novara, which is odd, left.", ["p:Novara"]),
        ("Ann Tanaka left. Tanaka's workforce wept.", ["p:Ann Tanaka", "p:Tanaka#2"]),
        ("Obama aide Peter Graf left.", ["p:Obama", "p:Peter Graf"]),
        ("They told police Miller left.", ["p:Miller"]),
    ],
)
def test_who_is_somebody_stays_it(text: str, names: list[str]) -> None:
    assert kinds(text, *names) == [name.partition("#")[0] for name in names]


def test_a_capital_or_a_country_is_a_place() -> None:
    assert kinds("Warsaw will ask Paris.", "p:Warsaw", "o:Paris") == ["l:Warsaw", "l:Paris"]


def test_a_share_at_an_exchange_is_no_name() -> None:
    assert kinds("Novara (NYSE: NOV) fell.", "o:Novara", "o:NOV") == ["o:Novara"]


def test_what_ends_like_a_place_or_an_event_is_no_body() -> None:
    assert kinds("The Iraq War and Acme Bank.", "o:Iraq War", "o:Acme Bank") == ["o:Acme Bank"]


@pytest.mark.parametrize(
    ("longer", "left"),
    [
        ("AFL-CIO labor federation", "AFL-CIO"),
        ("Mesa de Enlace industry", "Mesa de Enlace"),
        ("AFL-CIO agency", "AFL-CIO agency"),
        ("Other labor federation", "Other labor federation"),
    ],
)
def test_what_only_describes_a_body_is_no_part_of_its_name(longer: str, left: str) -> None:
    text = f"The {longer} met. See AFL-CIO. See Mesa de Enlace."
    found = kinds(text, f"o:{longer}", "o:AFL-CIO.", "o:Mesa de Enlace.")
    assert found[0] == f"o:{left}"


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("Rep. Tom Hale, R-Ohio, left.", ["p:Tom Hale", "l:R-Ohio"], ["p:Tom Hale", "l:Ohio"]),
        ("City officials of Ohio left.", ["l:City", "l:Ohio"], ["l:Ohio"]),
    ],
)
def test_a_place_is_told_from_a_party_and_from_a_word_that_names_none_alone(
    text: str, names: list[str], found: list[str]
) -> None:
    assert kinds(text, *names) == found


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("Baker & Lowe sued; Mr Lowe left.", ["p:Baker", "p:Lowe", "p:Lowe#2"], ["o:Baker & Lowe", "p:Lowe"]),
        ("Smith, Hart & Co. sued.", ["p:Smith", "p:Hart"], ["o:Smith, Hart & Co."]),
        ("Ann Baker & Lowe left.", ["p:Ann Baker", "p:Lowe"], ["p:Ann Baker", "p:Lowe"]),
        ("AT&T and Baker & Lowe left.", [], []),
    ],
)
def test_a_firm_called_by_its_owners_is_one_body(text: str, names: list[str], found: list[str]) -> None:
    assert kinds(text, *names) == found


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee, CEO of Alford Hughes, left. Alford Hughes is new.",
        "Members of the Alford Hughes left. Alford Hughes is new.",
        "The organisation “Alford Hughes” left. Alford Hughes is new.",
    ],
)
def test_a_name_in_full_that_the_words_before_call_a_body_is_one(text: str) -> None:
    found = kinds(text, "p:Alford Hughes", "p:Alford Hughes#2")
    assert found == ["o:Alford Hughes", "o:Alford Hughes"]


@pytest.mark.parametrize("other", ["Mr Alford Hughes left.", "Alford Hughes, who left, wept."])
def test_who_is_addressed_is_nobody_but_a_person(other: str) -> None:
    text = f"Members of Alford Hughes met. {other}"
    assert kinds(text, "p:Alford Hughes", "p:Alford Hughes#2") == ["p:Alford Hughes"] * 2


def test_body_whose_name_is_a_genitive_keeps_it() -> None:
    text = "Brody's said it cut Brody's rating. Acme's said so, and Acme fell."
    assert kinds(text, "o:Brody", "o:Brody#2", "o:Acme", "o:Acme#2") == [
        "o:Brody's",
        "o:Brody's",
        "o:Acme",
        "o:Acme",
    ]


def test_firm_of_two_owners_is_one_where_one_of_them_reads_like_a_body() -> None:
    assert kinds("Broker Hale & Price fell.", "p:Hale", "o:Price") == ["o:Hale & Price"]
    assert kinds("Acme & Bolt fell.", "o:Acme", "o:Bolt") == ["o:Acme", "o:Bolt"]
