"""Bodies by their words."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotate.bodies import bare_spans, known_bodies
from app.domain.span import Span


@pytest.mark.parametrize(
    ("mention", "bodies"),
    [
        ("the libertarian Cato Institute", ["Cato Institute"]),
        ("the anti-Roe Kesterly Review", ["Kesterly Review"]),
        ("anti-war Kesterly Front", ["Kesterly Front"]),
        ("Kesterly's Harbor Ministry", ["Harbor Ministry"]),
        ("the Ministry of Harbors’ Acme Bureau", ["Ministry of Harbors’ Acme Bureau"]),
        ("Ministry of Harbors’s Acme Bureau", ["Ministry of Harbors", "Acme Bureau"]),
        ("UN's Harbor Agency", ["UN", "Harbor Agency"]),
        ("People's Harbor Party", ["People's Harbor Party"]),
        ("acme News", ["acme News"]),
        ("the Acme", ["Acme"]),
        ("Acme Steel, Roe Works", ["Acme Steel", "Roe Works"]),
        ("Chamber of Commerce, Industries and Agriculture", ["Chamber of Commerce, Industries and Agriculture"]),
        ("Ministry of Harbors, Acme Steel", ["Ministry of Harbors", "Acme Steel"]),
        ("Acme radio group", ["Acme"]),
        ("Kesterly party", ["Kesterly party"]),
        ("Council of Harbors and other state agencies", ["Council of Harbors"]),
        ("Senate Majority", ["Senate"]),
        ("U.S. Senate Minority Leader", ["U.S. Senate"]),
        ("House Democrats", ["House"]),
        ("Senate Harbor Committee", ["Senate Harbor Committee"]),
        ("the council", ["the council"]),
        ("council", []),
        ("Monday", []),
        ("Democrats", []),
        ("Acme, Monday", ["Acme"]),
        ("Harbor Ministry and Coast Guard", ["Harbor Ministry", "Coast Guard"]),
        ("Cabinet and the Harbor Board", ["Cabinet", "Harbor Board"]),
        ("Acme Airways and Roe Airways", ["Acme Airways", "Roe Airways"]),
        ("Kesterly College and Hospital", ["Kesterly College and Hospital"]),
        ("Harbor and Land Board", ["Harbor and Land Board"]),
        ("Ministry of Harbors and Land Use", ["Ministry of Harbors and Land Use"]),
        ("UN's harbor agency KHO", ["UN", "KHO"]),
        ("refugee agency KHO-ROE", ["KHO-ROE"]),
        ("ferry company Nordlink", ["Nordlink"]),
        ("Trade union Unison", ["Unison"]),
        ("Local ferry company Nordlink", ["Nordlink"]),
        ("Bank of Kesterly", ["Bank of Kesterly"]),
        ("KHO) Harbor Unit", ["KHO", "Harbor Unit"]),
        ("Kesterly Board (KHO) Harbor Unit", ["Kesterly Board (KHO) Harbor Unit"]),
    ],
)
def test_body_is_named_without_what_stands_around_it(mention: str, bodies: list[str]) -> None:
    assert [s.of(mention) for s in bare_spans(Span(0, len(mention)), mention)] == bodies


def test_name_that_begins_inside_a_sentence_stays_whole() -> None:
    text = "They met Kesterly union Roe. Kesterly union Roe met."
    begins = [Span(9, 27), Span(29, 47)]
    assert [[s.of(text) for s in bare_spans(span, text)] for span in begins] == [["Kesterly union Roe"], ["Roe"]]


def test_bodies_known_by_name_are_found_where_they_are_written_just_so() -> None:
    text = "KESTERLY (AFP) — The U.N. and NATO met ISIS, natos, an EU-wide apart and AFPX."
    assert [s.of(text) for s in known_bodies(text)] == ["AFP", "U.N.", "NATO", "ISIS"]


@given(st.lists(st.sampled_from(["Acme", "the", "House", "Senate", "Majority", ",", "'s", "of", " ", "AFP", "UN"])))
def test_bare_bodies_lie_apart_inside_their_mention(words: list[str]) -> None:
    text = " ".join(words) + "."
    found = bare_spans(Span(0, len(text)), text)
    assert all(s.of(text).strip() for s in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
