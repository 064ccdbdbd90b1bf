"""Titles in normal form, their heads, and which are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.annotate import titles
from app.annotate.lexicons import titles as lexicon
from app.annotate.lexicons.titles import known_heads, known_titles
from app.annotate.titles import is_known_title, normal_title, title_head
from app.text.lexicon import word_set

FILE = Path(lexicon.__file__).with_name("titles.json")
WORDS = st.sampled_from(
    sorted(
        word_set(
            "minister ministers secretary secretaries Minister of for the state defence Defense foreign affairs deputy"
            " vice ex- former acting new late Russian US U.S. us president President-elect general attorney chief"
            " executive officer police Sen. PM MPs chairman spokeswomen and & in at to , - ' . New York Zealand Congo"
            " republic Korea South elect member parliament congress house speaker federal union men ss ies d' affaires"
        )
    )
)


@pytest.mark.parametrize(
    ("title", "normal"),
    [
        ("minister of defence", "defense minister"),
        ("Defence Minister", "defense minister"),
        ("defense minister", "defense minister"),
        ("Minister for Defense", "defense minister"),
        ("minister for national defence", "defense minister"),
        ("Russian defense minister", "defense minister"),
        ("the former Russian defence minister", "defense minister"),
        ("ministers of defence", "defense minister"),
        ("Minister of Foreign Affairs", "foreign minister"),
        ("foreign affairs minister", "foreign minister"),
        ("Deputy Minister of Foreign Affairs of Ukraine", "deputy foreign minister"),
        ("deputy Russian foreign minister", "deputy foreign minister"),
        ("minister of home affairs", "home minister"),
        ("minister of internal affairs", "interior minister"),
        ("Minister of the Interior", "interior minister"),
        ("economics minister", "economy minister"),
        ("Federal Minister for Transport", "transport minister"),
        ("Union minister", "union minister"),
        ("Secretary for Culture, Sports and Tourism", "culture, sports and tourism secretary"),
        ("minister of health in Bavaria", "health minister in bavaria"),
        ("foreign secretary", "foreign secretary"),
        ("Secretary of State for Foreign and Commonwealth Affairs", "foreign secretary"),
        ("Secretary of State for the Home Department", "home secretary"),
        ("secretary of state", "secretary of state"),
        ("U.S. Secretary of State", "secretary of state"),
        ("secretary of state of Texas", "secretary of state of texas"),
        ("minister of state for labour", "minister of state for labor"),
        ("secretary of defense", "defense secretary"),
        ("Defence Secretary", "defense secretary"),
        ("assistant secretary of defense", "assistant defense secretary"),
        ("assistant secretary of state for Africa", "assistant secretary of state for africa"),
        ("secretary of the Treasury", "treasury secretary"),
        ("minister of defense and deputy prime minister", "minister of defense and deputy prime minister"),
        ("Minister of Policies and Supervision of Development", "minister of policies and supervision of development"),
        ("chief minister of Kerala", "chief minister of kerala"),
        ("spokesman", "spokesperson"),
        ("spokeswomen", "spokesperson"),
        ("Chairwoman", "chair"),
        ("vice-chairman", "vice chair"),
        ("co-chairman", "co-chair"),
        ("Rep.", "representative"),
        ("Congresswoman", "representative"),
        ("members of Congress", "representative"),
        ("White House representative", "white house representative"),
        ("Sen.", "senator"),
        ("Sens.", "senator"),
        ("Gov.", "governor"),
        ("Lt. Gov.", "lieutenant governor"),
        ("Maj.Gen.", "major general"),
        ("CEO", "chief executive officer"),
        ("C.E.O.", "chief executive officer"),
        ("chief executive", "chief executive officer"),
        ("chief executive officer", "chief executive officer"),
        ("Chairman & CEO", "chair and chief executive officer"),
        ("vice-president", "vice president"),
        ("Vice- President", "vice president"),
        ("Vice–President", "vice president"),
        ("PM", "prime minister"),
        ("MP", "member of parliament"),
        ("members of the parliament", "member of parliament"),
        ("DA", "district attorney"),
        ("AG", "attorney general"),
        ("deputy AG", "deputy attorney general"),
        ("attorneys general", "attorney general"),
        ("ex-president", "president"),
        ("acting president", "president"),
        ("interim President", "president"),
        ("incoming US president", "president"),
        ("president-elect", "president"),
        ("ambassador-designate", "ambassador"),
        ("new president", "president"),
        ("New York governor", "new york governor"),
        ("late-night host", "late night host"),
        ("deputy governor", "deputy governor"),
        ("US president", "president"),
        ("us president", "president"),
        ("Britain's prime minister", "prime minister"),
        ("South Korean President", "president"),
        ("President of Honduras", "president"),
        ("President of the United States of America", "president"),
        ("Prime Minister of the Republic of Korea", "prime minister"),
        ("president of the Republic", "president"),
        ("U.S. attorney", "us attorney"),
        ("US Attorney General", "attorney general"),
        ("English teacher", "english teacher"),
        ("Mexico City mayor", "mexico city mayor"),
        ("Speaker of the House", "house speaker"),
        ("Leader of the Opposition", "opposition leader"),
        ("chief of police", "police chief"),
        ("Under-Secretary-General", "undersecretary general"),
        ("Chargé d’ Affaires", "charge d'affaires"),
        ("councillor", "councilor"),
        ("head of privatisation", "head of privatization"),
        ("deputies", "deputy"),
        ("coaches", "coach"),
        ("fishermen", "fisherman"),
        ("head of sales", "head of sales"),
        ("vice president, operations", "vice president, operations"),
        ("boss", "boss"),
        ("American", "american"),
        ("former", "former"),
        ("the", "the"),
        ("of", "of"),
        ("minister of", "minister of"),
    ],
)
def test_ways_to_write_a_post_meet(title: str, normal: str) -> None:
    assert normal_title(title) == normal


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("minister of defence", "minister"),
        ("Secretary of State", "secretary"),
        ("art director", "director"),
        ("executive vice president for policy", "president"),
        ("commander in chief", "commander"),
        ("editor-at-large", "editor"),
        ("ambassador to Jordan", "ambassador"),
        ("Special Rapporteur on arbitrary executions", "rapporteur"),
        ("Attorney General", "attorney"),
        ("attorneys general", "attorney"),
        ("Secretary-General", "secretary"),
        ("major general", "general"),
        ("general", "general"),
        ("professor emeritus", "professor"),
        ("chargé d'affaires", "charge"),
        ("MPs", "member"),
        ("in charge", "charge"),
        ("of", "of"),
        ("...", "..."),
        (" ", " "),
        ("", ""),
    ],
)
def test_head_is_the_noun_before_the_first_preposition(title: str, head: str) -> None:
    assert title_head(title) == head


@pytest.mark.parametrize(
    "title",
    [
        "Defence Minister",
        "Sen.",
        "art director",
        "co-author",
        "executive vice president for policy",
        "taoiseach",
        "CFO",
    ],
)
def test_titles_of_the_lexicon_and_of_its_heads_are_known(title: str) -> None:
    assert is_known_title(title)


@pytest.mark.parametrize("title", ["", " ", "...", "Moscow", "the weather", "defence", "in the morning"])
def test_other_words_are_no_known_titles(title: str) -> None:
    assert not is_known_title(title)


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join), st.lists(WORDS).map("".join)))
@example("İ")
@example("℻")
@example("\u0345")
@example("⒈president")
@example("ministers of ministers of ministers")
@example("secretary of state for secretary of state for the")
def test_a_normal_form_is_its_own_and_never_empty(title: str) -> None:
    normal = normal_title(title)
    assert normal_title(normal) == normal
    assert bool(normal) == bool(title)
    assert bool(title_head(title)) == bool(title)
    assert is_known_title(title) == is_known_title(normal)


def test_what_is_longer_than_a_title_is_only_folded() -> None:
    assert normal_title("Ex-Minister of Defence " * 3000) == ("ex minister of defence " * 3000).strip()


def test_no_rule_makes_what_another_takes() -> None:
    made = {word for form in titles.WORDS.values() for word in form.replace("-", " ").split()}
    assert made.isdisjoint(titles.WORDS)


def test_titles_of_the_lexicon_are_normal_forms_and_known() -> None:
    assert [title for title in sorted(known_titles()) if normal_title(title) != title] == []
    assert {title_head(title) for title in known_titles()} == known_heads()


def test_the_file_is_small_and_says_its_sources() -> None:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    assert FILE.stat().st_size < 200_000
    assert content["titles"].keys() == {"factbook", "petrarch", "occupations", "news"}
    assert content["about"].keys() == {*content["titles"], "date"}
    for source in content["titles"].values():
        assert source == sorted(source)
