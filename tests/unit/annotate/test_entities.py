"""Names of one story to entities."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotate.entities import Group, body_words, fold, group_names, initials, person_parts, same_given_name
from app.annotate.names import Name
from app.domain.span import Span
from tests.unit.annotate.readings import span_of

KINDS = {"p": "person", "o": "organization", "l": "place", "n": "nationality", "x": "other"}


def groups_of(text: str, *names: str) -> list[Group]:
    """Return the entities of ``names``, each given as "p:Ann Lee" with the letter of its type."""
    spans = [(span_of(text, n[2:]), KINDS[n[0]]) for n in names]
    return list(group_names([Name(s, kind, 0.9, marks=(s,)) for s, kind in sorted(spans)], text))


def entities(text: str, *names: str) -> list[list[str]]:
    return [[n.span.of(text) for n in g.names] for g in groups_of(text, *names)]


@pytest.mark.parametrize(
    ("full", "again"),
    [
        ("Ann Lee", "Lee"),
        ("Ann Lee", "Ann"),
        ("Ann Lee", "Ms Lee"),
        ("Ann Lee", "Ann B. Lee"),
        ("Robert M. Gates", "Bob Gates"),
        ("Robert M. Gates", "R. Gates"),
        ("Robert Gates", "Robert Gates Jr."),
        ("Ursula von der Leyen", "von der Leyen"),
        ("Abdel Fattah el-Sisi", "Sisi"),
        ("Zoë Müller", "Zoe Muller"),
        ("Kim Jong-un", "Kim Jong Un"),
        ("Park Geun-hye", "Geun-hye Park"),
        ("Ana Maria Silva Costa", "Ana Maria"),
        ("Ana Maria Silva Costa", "Silva"),
        ("Sean O'Neil", "Sean O’Neil"),
        ("Ann Lee", "Ann\nLee"),
        ("Ana Serdyu- kov", "Serdyukov"),
        ("Ana Serdyukov", "Serdyu- kov"),
        ("Ana Serdyukov", "Ana Serdyu- kov"),
    ],
)
def test_one_person_of_two_forms_is_one(full: str, again: str) -> None:
    text = f"{full} came. Then {again} left."
    names = [f"p:{full}", f"p:{again}#2" if again in full else f"p:{again}"]
    assert len(entities(text, *names)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ann Lee", "Tom Lee"), ("Ann Lee", "Ann Roe"), ("Robert Gates", "Richard Gates"), ("Ann Lee", "Roe")],
)
def test_two_people_stay_two(one: str, other: str) -> None:
    assert entities(f"{one} met {other}.", f"p:{one}", f"p:{other}") == [[one], [other]]


def test_surname_of_two_people_is_the_one_named_in_full_first() -> None:
    text = "Ann Lee met Tom Lee. Lee left."
    assert entities(text, "p:Ann Lee", "p:Tom Lee", "p:Lee#3") == [["Ann Lee", "Lee"], ["Tom Lee"]]


def test_given_name_of_two_people_is_the_one_named_last_before_it() -> None:
    text = "Ann Lee met Ann Roe. Ann left."
    assert entities(text, "p:Ann Lee", "p:Ann Roe", "p:Ann#3") == [["Ann Lee"], ["Ann Roe", "Ann"]]


def test_surname_before_its_full_name_is_that_person() -> None:
    text = "Lee wins\n\nAnn Lee won."
    assert entities(text, "p:Lee", "p:Ann Lee") == [["Lee", "Ann Lee"]]


def test_person_of_one_name_is_one_throughout() -> None:
    assert entities("Madonna and Madonna", "p:Madonna", "p:Madonna#2") == [["Madonna", "Madonna"]]


def test_full_name_that_fits_no_longer_stands_alone_and_keeps_its_copies() -> None:
    text = "Robert Gates, R. M. Gates, Richard Mark Allen Gates, Robert Gates"
    found = entities(text, "p:Robert Gates", "p:R. M. Gates", "p:Richard Mark Allen Gates", "p:Robert Gates#2")
    assert found == [["Robert Gates", "Robert Gates"], ["R. M. Gates", "Richard Mark Allen Gates"]]


@pytest.mark.parametrize("full", ["Mr Ann Lee", "Prime Minister Ann Lee", "Dr. Ann Lee", "H.E. Ann Lee", "HH Ann Lee"])
def test_honorifics_are_no_part_of_a_mention(full: str) -> None:
    assert entities(f"{full} came.", f"p:{full}") == [["Ann Lee"]]


def test_marks_shrink_with_their_mention() -> None:
    text = "Mr Lee came."
    name = Name(Span(0, 6), "person", 0.9, marks=(Span(0, 2), Span(0, 6)))
    assert group_names([name], text)[0].names[0].marks == (Span(3, 6),)


@pytest.mark.parametrize("text", ["Mr.", "General", "—"])
def test_honorific_alone_names_nobody(text: str) -> None:
    assert entities(text, f"p:{text}") == []


@pytest.mark.parametrize("surname", ["King", "Pope", "Tan"])
def test_a_surname_that_reads_like_an_honorific_is_its_bearer(surname: str) -> None:
    text = f"Ann {surname} came. {surname} left."
    assert entities(text, f"p:Ann {surname}", f"p:{surname}#2") == [[f"Ann {surname}", surname]]


def test_a_body_called_as_a_person_in_full_ends_is_that_person() -> None:
    text = "Christian Ribas Roe fled. Ribas Roe had a firm. Roe Ribas is one."
    found = groups_of(text, "p:Christian Ribas Roe", "o:Ribas Roe#2", "o:Roe Ribas")
    assert [(g.type, len(g.names)) for g in found] == [("person", 2), ("organization", 1)]


def test_name_in_another_script_in_brackets_is_the_person_before_it() -> None:
    text = "Lei Jun (雷军) spoke. 雷军 left."
    (group,) = groups_of(text, "p:Lei Jun", "p:雷军", "p:雷军#2")
    assert [n.span.of(text) for n in group.names] == ["Lei Jun", "雷军", "雷军"]
    assert group.best_surface() == "Lei Jun"


def test_name_in_brackets_that_is_no_other_script_is_a_person() -> None:
    assert entities("Ann Lee (Roe) spoke.", "p:Ann Lee", "p:Roe") == [["Ann Lee"], ["Roe"]]


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("World Health Organization", "WHO"),
        ("United Nations", "U.N."),
        ("Harbor Pilots Union", "HPU"),
        ("Republican Party", "GOP"),
        ("Acme Corp.", "Acme"),
        ("Acme Steel", "Acme"),
        ("the Ministry of Health", "the ministry"),
        ("Bank of Kesterly", "Bank"),
        ("Kesterly City Council", "City Council"),
        ("Kesterly City Council", "the Kesterly City Council"),
    ],
)
def test_one_body_of_two_forms_is_one(long: str, short: str) -> None:
    text = f"{long} met. Then {short} left."
    assert len(entities(text, f"o:{long}", f"o:{short}#2" if short in long else f"o:{short}")) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Acme", "Roe Steel"), ("University of Kesterly", "WHO"), ("Acme steel works", "Acme")]
)
def test_two_bodies_stay_two(one: str, other: str) -> None:
    text = f"{one} met. Then {other} left."
    assert len(entities(text, f"o:{one}", f"o:{other}#2" if other in one else f"o:{other}")) == 2


def test_short_name_given_first_is_no_abbreviation_of_a_product() -> None:
    text = "Acme sued Acme Steel Works."
    assert len(entities(text, "o:Acme", "o:Acme Steel Works")) == 2


def test_name_of_one_word_with_a_small_word_after_it_is_a_part_of_the_longer_name() -> None:
    text = "Kesterly of the North met. Kesterly left."
    assert len(entities(text, "o:Kesterly of the North", "o:Kesterly#2")) == 2


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("Ethics Committee of the Kesterly Harbor", "Kesterly Harbor"),
        ("Kesterly Voice to Parliament", "Parliament"),
        ("White House", "House"),
        ("United Nations Harbor Agency", "United Nations"),
    ],
)
def test_body_in_the_name_of_another_stays_one_of_its_own(long: str, short: str) -> None:
    assert len(groups_of(f"{long} met. The {short} left.", f"o:{long}", f"o:The {short}")) == 2


@pytest.mark.parametrize("short", ["KPX", "Polters"])
def test_short_name_in_brackets_is_the_body_before_it(short: str) -> None:
    text = f"The Kesterly Harbor Club ({short}) met."
    assert len(entities(text, "o:Kesterly Harbor Club", f"o:{short}")) == 1


def test_short_name_that_fits_two_bodies_stays_one_of_its_own() -> None:
    text = "Harbor Pilots Union, Hill Park Unit, HPU"
    assert len(entities(text, "o:Harbor Pilots Union", "o:Hill Park Unit", "o:HPU")) == 3


def test_short_name_that_fits_two_bodies_is_the_one_named_last_before_it() -> None:
    text = "Kesterly Council met Poltern Council. The council left."
    found = entities(text, "o:Kesterly Council", "o:Poltern Council", "o:The council")
    assert found == [["Kesterly Council"], ["Poltern Council", "The council"]]


def test_body_without_words_is_none() -> None:
    assert entities("... met.", "o:...") == []


@pytest.mark.parametrize("letter", ["l", "o", "p"])
def test_seat_of_government_is_a_body_unless_it_is_a_person(letter: str) -> None:
    (group,) = groups_of("the White House said", f"{letter}:White House")
    assert group.type == ("person" if letter == "p" else "organization")


def test_place_is_one_under_all_its_names() -> None:
    text = "Britain, the U.K. and Great Britain"
    assert len(entities(text, "l:Britain", "l:U.K.", "l:Great Britain")) == 1


def test_adjective_of_a_country_is_a_mention_of_it() -> None:
    text = "France and French farmers"
    assert entities(text, "l:France", "n:French") == [["France", "French"]]


def test_country_that_only_its_adjective_names_goes_by_its_own_name() -> None:
    (group,) = groups_of("French farmers", "n:French")
    assert (group.type, group.best_surface()) == ("place", "France")


@pytest.mark.parametrize("name", ["n:Kesterlian", "x:Storm Lee"])
def test_names_of_no_actor_make_no_entity(name: str) -> None:
    assert groups_of("A Kesterlian saw Storm Lee.", name) == []


@pytest.mark.parametrize(
    ("kind", "surface", "evidence", "kept"),
    [
        ("person", "Ann Lee", 0.6, True),
        ("person", "Ann Lee", 0.4, False),
        ("organization", "Acme Works", 0.9, True),
        ("organization", "Acme Works", 0.7, False),
        ("organization", "Acme Council", 0.2, True),
        ("organization", "Acme Council", 0.0, False),
        ("organization", "Council", 0.8, True),
        ("organization", "Council", 0.7, False),
        ("organization", "Roe administration", -3.0, True),
        ("place", "Kesterly", -3.0, True),
    ],
)
def test_entity_stays_where_enough_speaks_for_it(kind: str, surface: str, evidence: float, *, kept: bool) -> None:
    name = Name(Span(0, len(surface)), kind, 0.9, marks=(Span(0, len(surface)),), evidence=evidence)
    assert bool(group_names([name], surface)) is kept


def test_entity_is_as_sure_as_its_surest_mention() -> None:
    text = "Ann Lee met Lee."
    names = [Name(Span(0, 7), "person", 0.9, evidence=-2.0), Name(Span(12, 15), "person", 0.9, evidence=2.0)]
    assert [g.names for g in group_names(names, text)] == [names]


def test_country_that_was_taken_for_a_body_is_a_place() -> None:
    assert [g.type for g in group_names([Name(Span(0, 4), "organization", 0.9)], "Iran")] == ["place"]


def test_names_that_always_mean_one_body_are_one() -> None:
    text = "ISIS or ISIL, the Islamic State, met the U.N., or UN."
    spans = [(0, 4), (8, 12), (18, 31), (41, 45), (50, 52)]
    names = [Name(Span(*s), "organization", 0.9) for s in spans]
    assert [len(g.names) for g in group_names(names, text)] == [3, 2]


def test_entities_stand_in_the_order_of_their_first_mention() -> None:
    text = "Acme of Kesterly hired Ann Lee."
    assert [g.type for g in groups_of(text, "o:Acme", "l:Kesterly", "p:Ann Lee")] == ["organization", "place", "person"]


@pytest.mark.parametrize(
    ("surface", "parts"),
    [
        ("Dr. Ann B. Lee Jr.", ("ann", "b.", "lee")),
        ("Jean-Luc O’Neil", ("jean-luc", "o'neil")),
        ("ÉLODIE", ("elodie",)),
        ("King", ()),
        ("", ()),
    ],
)
def test_parts_of_a_persons_name(surface: str, parts: tuple[str, ...]) -> None:
    assert person_parts(surface) == parts


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("ann", "ann", True),
        ("a.", "ann", True),
        ("ann", "a", True),
        ("bill", "william", True),
        ("bob", "rob", True),
        ("pat", "patricia", True),
        ("ted", "edward", True),
        ("ann", "anna", False),
        ("b.", "ann", False),
    ],
)
def test_given_names_that_may_be_one_persons(a: str, b: str, *, same: bool) -> None:
    assert same_given_name(a, b) is same


def test_words_of_a_body_leave_article_legal_form_and_stops_out() -> None:
    assert body_words("The Acme-Roe Steel Co. Ltd.") == ("acme", "roe", "steel")
    assert body_words("Holdings") == ("holdings",)


def test_initials_leave_small_words_out() -> None:
    assert initials(("board", "of", "the", "north")) == "bn"


def test_fold_leaves_case_and_accents_out() -> None:
    assert fold("Élysée STRASSE") == "elysee strasse"


@st.composite
def named_texts(draw: st.DrawFn) -> tuple[str, list[Name]]:
    """Return any text with disjoint names of any types in it."""
    words = draw(st.lists(st.text(min_size=1, max_size=8) | st.sampled_from(WORDS), min_size=1, max_size=12))
    text, names = "", []
    for word in words:
        span = Span(len(text), len(text) + len(word))
        kind = draw(st.sampled_from(sorted(KINDS.values())))
        names.append(Name(span, kind, 0.5, marks=draw(st.sampled_from([(), (span,)]))))
        text += word + draw(st.sampled_from([" ", " (", ") ", "\n", ", "]))
    return text, names


WORDS = ("Ann Lee", "Lee", "Mr Lee", "A. B. Lee", "UN", "United Nations", "Acme Inc", "Acme", "French", "雷军", "the")


@given(named_texts())
def test_entities_verify_over_any_text(case: tuple[str, list[Name]]) -> None:
    text, names = case
    found = group_names(names, text)
    mentions = [n.span for g in found for n in g.names]
    assert len(set(mentions)) == len(mentions)
    assert all(any(n.span.covers(m) for n in names) for m in mentions)
    assert all(g.names == sorted(g.names, key=lambda n: n.span) and g.best_surface() for g in found)
    assert [g.names for g in found] == [g.names for g in group_names([replace(n) for n in names], text)]
