"""The head of a wire story."""

from __future__ import annotations

import pytest

from app.domain.span import Span
from app.text.bylines import is_byline, is_credit
from app.text.datelines import find_dateline, is_date_line, is_dateline_alone
from app.text.headlines import is_headline, is_section
from app.text.wire import read_head

BODY = (
    "The mayor of Kesterly pressed the council on Monday to accept a detailed new plan for the harbour that she said "
    "would make the city a full partner in the trade of the northern coast."
)


def head(text: str) -> dict[str, str]:
    found = read_head(text)
    parts = {
        "section": found.section,
        "title": found.title,
        "byline": found.byline,
        "dateline": found.dateline,
    }
    return {name: span.of(text) for name, span in parts.items() if span is not None}


FULL = {
    "section": "World and Nation",
    "title": "Northmark Cool to Kesterly Request For Cooperation on Harbour",
    "byline": "By ANN LEE and Bo Roe",
    "dateline": "KESTERLY, March 3 (Reuters) -",
}


@pytest.mark.parametrize("gap", ["\n\n", "\n", "\r\n", "\r\n\r\n", "\n\n\n"])
def test_whole_head_with_or_without_blank_lines(gap: str) -> None:
    above = gap.join([FULL["section"], FULL["title"], FULL["byline"]])
    assert head(f"{above}{gap}{FULL['dateline']} {BODY}{gap}{BODY}") == FULL


def test_head_of_section_and_headline_only() -> None:
    text = f"{FULL['section']}\n\n{FULL['title']}\n\n{BODY}\n\n{BODY}"
    assert head(text) == {"section": FULL["section"], "title": FULL["title"]}


def test_section_alone() -> None:
    assert head(f"Business\n\n{BODY}") == {"section": "Business"}


def test_deck_below_the_headline_is_not_of_the_head() -> None:
    assert head(f"Storm hits the coast\n\nThousands are without power\n\nBy Ann Lee\n\n{BODY}") == {
        "title": "Storm hits the coast",
        "byline": "By Ann Lee",
    }


def test_byline_is_found_below_a_deck_that_reads_like_a_paragraph() -> None:
    deck = "The mayor said on Monday that the city would not accept the plan that the council had made."
    assert head(f"Storm Hits the Coast\n\n{deck}\n\nBy Ann Lee\n\n{BODY}")["byline"] == "By Ann Lee"


def test_byline_goes_on_with_the_paper_below_it() -> None:
    assert head(f"Storm hits\nBy Ann Lee\nNorthmark Times\n{BODY}")["byline"] == "By Ann Lee\nNorthmark Times"


def test_second_byline_is_left_to_the_body() -> None:
    assert head(f"Storm hits\n\nBy Ann Lee\n\nBy Bo Roe\n\n{BODY}")["byline"] == "By Ann Lee"


def test_headline_may_stand_below_the_byline() -> None:
    assert head(f"By Ann Lee\n\n{BODY}") == {"byline": "By Ann Lee"}
    assert head(f"By Ann Lee\n\nStorm hits the coast\n\n{BODY}")["title"] == "Storm hits the coast"


def test_dateline_on_a_line_of_its_own() -> None:
    text = f"Storm hits\n\nBy Ann Lee\n\nKESTERLY, Northmark (NWA) —\n\n{BODY}\n\n{BODY}"
    assert head(text) == {"title": "Storm hits", "byline": "By Ann Lee", "dateline": "KESTERLY, Northmark (NWA) —"}


def test_dates_of_publication_are_passed_over() -> None:
    text = f"Storm hits\n\nMarch 3, 2026\n\nBy Ann Lee\n\n{BODY}"
    assert head(text) == {"title": "Storm hits", "byline": "By Ann Lee"}


def test_headline_with_a_final_stop() -> None:
    assert head(f"Sanders makes push for gun control.\n\n{BODY}")["title"] == "Sanders makes push for gun control."


def test_wrapped_headline_is_one() -> None:
    title = "Storm hits the northern coast near Kesterly,\nleaving thousands without any power"
    assert head(f"{title}\n\n{BODY}") == {"title": title}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "One line alone",
        f"{BODY}\n\n{BODY}",
        f"Mayor Ann Lee said she would veto the bill.\n\n{BODY}",
        f"“We will win,” Ann Lee said\n\n{BODY}",
        f"It is going to be huge.\n\n{BODY}",
        f"The council met on Monday in Kesterly.\n\n{BODY}",
        f"Your daily look at the news:\n\n{BODY}",
        f"- a first point\n\n{BODY}",
        f"...\n\n{BODY}",
        "Roses are red\nViolets are blue\nSugar is sweet\nAnd so are you\nNot so the sea\nNor the sun\n",
        f"MAYOR: {BODY}\n\nREPORTER: {BODY}",
    ],
)
def test_text_without_a_head(text: str) -> None:
    assert head(text) == {}


@pytest.mark.parametrize(
    "words",
    [
        "By Ann Lee",
        "BY ANN LEE",
        "by Ann Lee and Bo Roe",
        "By: Ann M. Lee, Reuters",
        "By Ann Lee | Associated Press",
        "By Ann de la Roe, Bo O'Neill and Jean-Luc Poe in Kesterly",
        "By Ann Lee, Staff Writer",
        "By Reuters",
        "By The Associated Press",
        "Byline: Ann Lee.",
        "Reporting by Ann Lee",
        "Ann Lee | AP",
        "Ann Lee, Northmark News Agency",
        "Ann Lee, Senior Correspondent",
        "Reuters Staff",
        "Northmark News Agency Staff Writer",
    ],
)
def test_bylines(words: str) -> None:
    assert is_byline(words, opens=True)
    assert is_byline(words, opens=False)


@pytest.mark.parametrize("words", ["Agency Staff", "NWA Staff", "Staff Writer", "By Homer"])
def test_bylines_that_need_a_line_above(words: str) -> None:
    assert is_byline(words, opens=False)
    assert not is_byline(words, opens=True)


@pytest.mark.parametrize(
    "words",
    [
        "By Monday, the City Had Power",
        "By the Sea",
        "By Train Across All Lands",
        "By and large",
        "By Ann Lee, who came home",
        "By ,",
        "Storm hits, power fails",
        "World | Europe",
        "Ann Lee",
        "By " + "Ann Lee, " * 20,
        "Kesterly, Northmark",
        "By A B C D E F G",
        "By 42",
    ],
)
def test_lines_that_are_no_bylines(words: str) -> None:
    assert not is_byline(words, opens=False)


def test_credit_lines() -> None:
    assert is_credit("The Northmark Times")
    assert is_credit("Special to The Northmark Times")
    assert not is_credit("The storm hits the coast")
    assert not is_credit("X" * 200)


@pytest.mark.parametrize(
    "dateline",
    [
        "WASHINGTON, March 3 (Reuters) -",
        "KESTERLY, Northmark (NWA) —",
        "PARIS:",
        "MOSCOW —",
        "MOSCOW--",
        "NEW DELHI/ISLAMABAD (Reuters) -",
        "ST. PAUL, Minn. —",
        "PORT-AU-PRINCE, Haiti (AP) —",
        "HEMPSTEAD, N.Y., Sept. 26 (UPI) —",
        "ISLAMABAD, Mar 03:",
        "KUWAIT CITY, July 25:",
        "New York (AFP) –",
        "SÃO PAULO —",
        "McLEAN, Va. -",
        "PARIS (Reuters), 3 March —",
        "LONDON | Reuters —",
        "(Reuters) -",
        "Lagos, Monday -",
        "UNITED NATIONS ―",
    ],
)
def test_datelines(dateline: str) -> None:
    text = f"{dateline} {BODY}"
    assert find_dateline(text, Span(0, len(text))) == Span(0, len(dateline))


@pytest.mark.parametrize(
    "opening",
    [
        "BREAKING:",
        "WATCH —",
        "Politics —",
        "The mayor —",
        "Trump:",
        "UN:",
        "the (AP) —",
        "The U.S. and —",
        "and —",
    ],
)
def test_openings_that_are_no_datelines(opening: str) -> None:
    text = f"{opening} {BODY}"
    assert find_dateline(text, Span(0, len(text))) is None


def test_capitals_and_a_dash_before_a_lower_case_word_are_no_dateline() -> None:
    text = "NATO — the alliance of the north — met."
    assert find_dateline(text, Span(0, len(text))) is None


def test_name_that_opens_with_a_small_letter_may_follow_a_dateline() -> None:
    text = f"PETALING JAYA: eCommerce grew. {BODY}"
    assert find_dateline(text, Span(0, len(text))) == Span(0, 14)


def test_label_of_a_speaker_is_no_dateline() -> None:
    text = f"MAYOR LEE: {BODY}"
    assert find_dateline(text, Span(0, len(text)), "REPORTER: Why?") is None
    assert find_dateline(text, Span(0, len(text)), "Why?") == Span(0, 10)


def test_capitals_and_colon_over_a_short_line_are_no_dateline() -> None:
    assert head(f"BOOM: Mayor Hits Back At Council\n\n{BODY}")["title"] == "BOOM: Mayor Hits Back At Council"


@pytest.mark.parametrize("words", ["PARIS —", "PARIS, March 3", "Paris (AFP) —", "KESTERLY, Northmark (NWA)"])
def test_datelines_alone(words: str) -> None:
    assert is_dateline_alone(words)


@pytest.mark.parametrize("words", ["PARIS", "Paris (AFP)", "Paris —", "the —", "BREAKING —", "P" * 90, "?"])
def test_lines_that_are_no_datelines_alone(words: str) -> None:
    assert not is_dateline_alone(words)


@pytest.mark.parametrize(
    "words",
    ["March 3, 2026", "3 March 2026", "Monday, March 3, 2026 10:45 GMT", "Updated at 3 p.m.", "2026-03-03", "3/3/2026"],
)
def test_lines_with_a_date_of_publication(words: str) -> None:
    assert is_date_line(words)
    assert not is_date_line(words + " and then it rained" * 9)


@pytest.mark.parametrize(
    "words",
    [
        "Storm hits the coast",
        "Storm Hits Coast.",
        "Obama Returns to the U.S.",
        "Trump: My plans aren't set.",
        "Can the council stop the mayor?",
        "Paris attacks test strategy;",
        "Mayor ‘not sure’ about ‘plan.’",
    ],
)
def test_headlines(words: str) -> None:
    assert is_headline(words, BODY)


@pytest.mark.parametrize(
    "words",
    [
        "X" * 300,
        "“”",
        "1234",
        "One. Two. Three. Four.",
        "He said “no” and he told them “never” when they asked him",
        "Sen. Ann Lee, who was told, had an answer on Monday.",
    ],
)
def test_lines_that_are_no_headlines(words: str) -> None:
    assert not is_headline(words, BODY)


@pytest.mark.parametrize(
    ("words", "headline"),
    [
        ("World and Nation", "Storm hits the northern coast"),
        ("World | Europe", "Storm hits the northern coast"),
        ("SPECIAL", "Storm hits the northern coast"),
        ("Letter Home", "Storm Hits the Northern Coast Again"),
        ("Politics", None),
    ],
)
def test_sections(words: str, headline: str | None) -> None:
    assert is_section(words, headline)


@pytest.mark.parametrize(
    ("words", "headline"),
    [
        ("World and Nation", "Storm"),
        ("World.", "Storm hits the northern coast"),
        ("Storm Hits", None),
        ("Storm Hits", "Thousands are without power on the coast"),
        ("STORM HITS", "THOUSANDS ARE WITHOUT POWER"),
        ("Storm hits", "Thousands Are Without Power on the Coast"),
        ("Storm Hits the Northern Coast", "Thousands Are Without Power on the Northern Coast of All the Land"),
        ("Storm Hits Coast", "Power Fails in North"),
        ("World " * 9, None),
        ("|", None),
    ],
)
def test_lines_that_are_no_sections(words: str, headline: str | None) -> None:
    assert not is_section(words, headline)
