"""Countries found by name, nationality and capital."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.annotate.lexicons import countries
from app.annotate.lexicons.countries import capital_of, country_of, fold, is_demonym, kind_of

FILE = Path(countries.__file__).with_name("countries.json")
ENTRIES = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("word", "country"),
    [
        ("Russia", "Russia"),
        ("Russian", "Russia"),
        ("Russians", "Russia"),
        ("Russian Federation", "Russia"),
        ("the Russian Federation", "Russia"),
        ("russian", "Russia"),
        ("Russia's", "Russia"),
        ("Russians’", "Russia"),
        ("U.S.", "United States"),
        ("u.s.", "United States"),
        ("U.S.'s", "United States"),
        ("US", "United States"),
        ("the US", "United States"),
        ("USA", "United States"),
        ("America", "United States"),
        ("Americans", "United States"),
        ("the United States of America", "United States"),
        ("UK", "United Kingdom"),
        ("U.K.", "United Kingdom"),
        ("Britain", "United Kingdom"),
        ("British", "United Kingdom"),
        ("Scottish", "United Kingdom"),
        ("English", "United Kingdom"),
        ("Welsh", "United Kingdom"),
        ("Holland", "Netherlands"),
        ("Dutch", "Netherlands"),
        ("Dutchwomen", "Netherlands"),
        ("Burma", "Myanmar"),
        ("Burmese", "Myanmar"),
        ("Ivorian", "Ivory Coast"),
        ("Côte d’Ivoire", "Ivory Coast"),
        ("Cote d'Ivoire", "Ivory Coast"),
        ("Emirati", "United Arab Emirates"),
        ("Palestinian", "Palestinian Territories"),
        ("Gaza", "Palestinian Territories"),
        ("Taiwanese", "Taiwan"),
        ("South Korean", "South Korea"),
        ("Korean", "South Korea"),
        ("S. Korea", "South Korea"),
        ("North Koreans", "North Korea"),
        ("Congo", "Democratic Republic of Congo"),
        ("Republic of the Congo", "Republic of Congo"),
        ("Dominican", "Dominican Republic"),
        ("Dominica", "Dominica"),
        ("Germans", "Germany"),
        ("Poles", "Poland"),
        ("Frenchman", "France"),
        ("French", "France"),
        ("Irishwomen", "Ireland"),
        ("Nigerien", "Niger"),
        ("Nigerian", "Nigeria"),
        ("Türkiye", "Turkey"),
        ("Turks", "Turkey"),
        ("Czechia", "Czech Republic"),
        ("Saudi", "Saudi Arabia"),
        ("EU", "European Union"),
        ("European Union", "European Union"),
        ("CAR", "Central African Republic"),
    ],
)
def test_names_and_nationalities_are_of_a_country(word: str, country: str) -> None:
    assert country_of(word) == country


@pytest.mark.parametrize(
    "word", ["", "the", "us", "Us", "car", "Kurdish", "Moscow", "European", "Kremlin", "AS", "NA", "'s", "Islander"]
)
def test_other_words_are_of_none(word: str) -> None:
    assert country_of(word) is None


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Moscow", "Russia"),
        ("Washington", "United States"),
        ("Washington, D.C.", "United States"),
        ("Kiev", "Ukraine"),
        ("Kyiv", "Ukraine"),
        ("Bogota", "Colombia"),
        ("Bogotá", "Colombia"),
        ("The Hague", "Netherlands"),
        ("Amsterdam", "Netherlands"),
        ("Cotonou", "Benin"),
        ("Brussels", "Belgium"),
        ("Kingston", "Jamaica"),
        ("Singapore", "Singapore"),
        ("Tehran's", "Iran"),
    ],
)
def test_capitals_have_a_country(name: str, country: str) -> None:
    assert capital_of(name) == country


@pytest.mark.parametrize("name", ["", "Russia", "Hamilton", "Geneva", "note"])
def test_other_towns_are_no_capitals(name: str) -> None:
    assert capital_of(name) is None


@pytest.mark.parametrize("word", ["Russian", "Russians", "british", "Dutch", "Saudi", "Burkinabé", "Swiss"])
def test_words_of_nationality_are_demonyms(word: str) -> None:
    assert is_demonym(word)


@pytest.mark.parametrize("word", ["Russia", "US", "New Zealand", "Singapore", "Kurdish", "Moscow", ""])
def test_names_of_countries_and_other_words_are_no_demonyms(word: str) -> None:
    assert not is_demonym(word)


@pytest.mark.parametrize(
    ("country", "kind"),
    [
        ("Russia", "country"),
        ("Greenland", "territory"),
        ("European Union", "body"),
        ("Moscow", None),
        ("Russian", None),
    ],
)
def test_kind_tells_countries_territories_and_bodies(country: str, kind: str | None) -> None:
    assert kind_of(country) == kind


@settings(deadline=None)
@given(st.text())
def test_any_text_is_looked_up(text: str) -> None:
    country = country_of(text)
    assert country is None or country_of(country) == country
    assert capital_of(text) is None or kind_of(str(capital_of(text))) is not None
    assert not is_demonym(text) or country is not None


@settings(deadline=None)
@given(st.text())
def test_folding_folded_words_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_form_leads_to_its_entry() -> None:
    for name, entry in ENTRIES["countries"].items():
        assert country_of(name) == name
        assert {country_of(form) for form in (*entry["names"], *entry["demonyms"])} <= {name}
        assert {capital_of(form) for form in entry["capitals"]} <= {name}
        assert all(is_demonym(form) for form in entry["demonyms"])


def test_the_file_is_small_in_order_and_says_its_source() -> None:
    assert FILE.stat().st_size < 150_000
    assert list(ENTRIES["countries"]) == sorted(ENTRIES["countries"])
    assert len(ENTRIES["countries"]) > 230
    assert {"factbook", "licence", "date", "news"} == ENTRIES["about"].keys()


def test_no_form_holds_what_fields_say_besides_names() -> None:
    forms = [f for e in ENTRIES["countries"].values() for kind in ("names", "demonyms", "capitals") for f in e[kind]]
    assert [f for f in forms if not f.strip() or any(mark in f for mark in ";<&[") or "note" in f.split()] == [
        "Bosnia & Herzegovina"
    ]
