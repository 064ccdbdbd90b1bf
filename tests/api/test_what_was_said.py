"""What somebody said about something: the same on both databases, with the words where they stand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.service import Service

pytestmark = pytest.mark.anyio

TOLL = (
    "Council members met on Monday. The Harbor bridge needs repairs, an engineer wrote.\n\n"
    '"We have waited too long." Ana Ruiz said this on Tuesday. Nothing else was decided.\n\n'
    "Ferries were full.\n\n"
    '"The bridges are safe." Tom Okafor said so. Ana Ruiz left early.\n\n'
    '"A café opens." Ana Ruiz said. The Coastal Union was silent.'
)
OTHER = '"Every bridge has a price." Ana Ruiz said. "Bridges, bridges, bridges." Ben Okafor said.'


@pytest.fixture
async def texts(service_anywhere: Service) -> dict[str, str]:
    """Hand two stories in and return their texts by id."""
    return {await service_anywhere.add(text): text for text in (TOLL, OTHER)}


def said(page: dict[str, Any]) -> list[str]:
    return [quote["text"] for quote in page["items"]]


def shown(page: dict[str, Any], texts: dict[str, str]) -> list[list[str]]:
    """Return the highlights of each quote, which stand in the text as they say."""
    for quote in page["items"]:
        text = texts[quote["article_id"]]
        for found in page["highlights"][quote["id"]]:
            assert text[found["start"] : found["end"]] == found["exact"]
    return [[found["exact"] for found in page["highlights"][quote["id"]]] for quote in page["items"]]


async def test_somebody_by_name_about_something(service_anywhere: Service, texts: dict[str, str]) -> None:
    page = await service_anywhere.get("/quotes", speaker="ana ruíz", about="bridge", sort="received")

    assert said(page) == ["We have waited too long.", "Every bridge has a price."]
    assert shown(page, texts) == [["bridge"], ["bridge"]]
    assert [person["name"] for person in page["speakers"]] == ["Ana Ruiz"]
    by_id = await service_anywhere.get("/quotes", speaker=page["speakers"][0]["id"], about="bridge", sort="received")
    assert said(by_id) == said(page)
    assert "speakers" not in by_id


async def test_a_name_that_fits_several_is_all_of_them(service_anywhere: Service, texts: dict[str, str]) -> None:
    page = await service_anywhere.get("/quotes", speaker="Okafor", facet="speaker")

    assert sorted(said(page)) == ["Bridges, bridges, bridges.", "The bridges are safe."]
    assert {person["name"] for person in page["speakers"]} == {"Tom Okafor", "Ben Okafor"}
    assert {value["label"] for value in page["facets"]["speaker"]["values"]} == {"Tom Okafor", "Ben Okafor"}
    one = await service_anywhere.get("/quotes", speaker="Okafor", limit=1)
    rest = (await service_anywhere.client.get(one["next"])).json()
    assert [*said(one), *said(rest)] == said(page)
    nobody = await service_anywhere.get("/quotes", speaker="Nobody Known", about="bridge")
    assert (nobody["items"], nobody["speakers"], nobody["highlights"]) == ([], [], {})
    nobody = await service_anywhere.get("/quotes", speaker="Nobody Known", about="bridge", sort="relevance")
    assert nobody["items"] == []


async def test_what_fits_best_comes_first_page_after_page(service_anywhere: Service, texts: dict[str, str]) -> None:
    page = await service_anywhere.get("/quotes", about="bridge", sort="relevance")
    walked = await service_anywhere.get("/quotes", about="bridge", sort="relevance", limit=2)
    first = said(walked)
    await service_anywhere.add('"Bridges and bridges." Eva Lang said.')
    rest = (await service_anywhere.client.get(walked["next"])).json()

    assert said(page)[0] == "Bridges, bridges, bridges."
    assert set(said(page)) == {
        "Bridges, bridges, bridges.",
        "The bridges are safe.",
        "Every bridge has a price.",
        "We have waited too long.",
    }
    assert said(page)[-1] == "We have waited too long."
    assert [*first, *said(rest)] == said(page)
    assert rest["next"] is None
    assert shown(page, texts)[0] == ["Bridges", "bridges", "bridges"]


async def test_where_the_words_stand_is_described_wherever_it_is_told(service: Service) -> None:
    described = service.app.openapi()
    asked = [item["get"] for item in described["paths"].values() if "get" in item]
    told = [
        read["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for read in asked
        if "about" in {parameter["name"] for parameter in read.get("parameters", ())}
    ]
    assert len(told) >= 3
    for name in told:
        assert {"highlights", "speakers"} <= described["components"]["schemas"][name]["properties"].keys()


async def test_relevance_with_everything_else(service_anywhere: Service, texts: dict[str, str]) -> None:
    article = next(key for key, text in texts.items() if text == TOLL)
    cases: tuple[tuple[dict[str, str | float], set[str]], ...] = (
        ({"article": article}, {"The bridges are safe.", "We have waited too long."}),
        ({"speaker": "Ana Ruiz"}, {"Every bridge has a price.", "We have waited too long."}),
        ({"q": "price"}, {"Every bridge has a price."}),
        ({"type": "indirect"}, set()),
        ({"min_confidence": 0.95}, set()),
        ({"issue": "iss_none"}, set()),
        ({"about": "the of"}, set()),
        ({"about": "zeppelin"}, set()),
    )
    for narrowed, expected in cases:
        page = await service_anywhere.get("/quotes", **({"about": "bridge", "sort": "relevance"} | narrowed))
        assert set(said(page)) == expected, narrowed


async def test_only_the_words_of_the_quote_are_its_contents(service_anywhere: Service, texts: dict[str, str]) -> None:
    for q, expected in (("bridge", 3), ("engineer", 0), ("waited", 1), ("Ruiz", 0), ("the bridge", 3)):
        assert len((await service_anywhere.get("/quotes", q=q))["items"]) == expected, q
        ranked = await service_anywhere.get("/quotes", q=q, sort="relevance")
        assert len(ranked["items"]) == expected, q
        assert all(shown(ranked, texts))


@pytest.mark.parametrize(
    ("about", "expected", "words"),
    [
        ("engineer", {"We have waited too long."}, {"engineer"}),
        ("HARBOR bridge", {"We have waited too long."}, {"Harbor", "bridge"}),
        ('"harbor bridge"', {"We have waited too long."}, {"Harbor bridge"}),
        ('"bridge harbor"', set(), set()),
        ("cafe", {"A café opens."}, {"café"}),
        ("council", set(), set()),
        ("ferries", {"The bridges are safe."}, {"Ferries"}),
        ("Ana Ruiz", {"Bridges, bridges, bridges."}, {"Ana", "Ruiz"}),
        ("coastal", set(), set()),
    ],
)
async def test_what_a_quote_is_about(
    service_anywhere: Service, texts: dict[str, str], about: str, expected: set[str], words: set[str]
) -> None:
    """It stands in the quote, in its sentences or in the one before; that the speaker speaks is no subject."""
    page = await service_anywhere.get("/quotes", about=about, sort="relevance")

    assert set(said(page)) == expected
    assert {word for found in shown(page, texts) for word in found} == words


async def test_highlights_as_browsers_count(service_anywhere: Service) -> None:
    await service_anywhere.add('😀 "The pier stays." Ana Ruiz said.')
    page = await service_anywhere.get("/quotes", q="pier", offset_unit="utf16")

    [[found]] = page["highlights"].values()
    assert (found["start"], found["end"], found["exact"]) == (8, 12, "pier")
    everywhere = await service_anywhere.get("/search", q="pier", offset_unit="utf16")
    assert everywhere["highlights"] == page["highlights"]
    assert everywhere["quotes"] == page["items"]


async def test_relevance_needs_words(service_anywhere: Service) -> None:
    answer = await service_anywhere.client.get("/quotes", params={"sort": "relevance"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "sort", "reason": "relevance is that of words: give q or about too"}]


async def test_what_is_exported_comes_in_the_same_order(service_anywhere: Service, texts: dict[str, str]) -> None:
    page = await service_anywhere.get("/quotes", about="bridge", sort="relevance")
    lines = await service_anywhere.client.get("/quotes.ndjson?about=bridge&sort=relevance")

    assert [line["id"] for line in map(__import__("json").loads, lines.text.splitlines())] == [
        quote["id"] for quote in page["items"]
    ]


async def test_names_as_they_are_typed(service_anywhere: Service, texts: dict[str, str]) -> None:
    await service_anywhere.add("Mayor José Ruiz Álvarez met Ana Ruiz. Ana Ruiz left.")
    for q, names in (
        ("oka", {"Tom Okafor", "Ben Okafor"}),
        ("OKAFOR", {"Tom Okafor", "Ben Okafor"}),
        ("tom oka", {"Tom Okafor"}),
        ("jose", {"José Ruiz"}),
        ("coastal", {"Coastal Union"}),
        ("kafor", set()),
    ):
        found = (await service_anywhere.get("/suggest", q=q))["items"]
        assert {item["name"] for item in found} == names, q
    assert [i["name"] for i in (await service_anywhere.get("/suggest", q="ruiz"))["items"]] == ["Ana Ruiz", "José Ruiz"]
    assert (await service_anywhere.get("/suggest", q="coastal", type="person"))["items"] == []
    assert (await service_anywhere.get("/suggest", q="o", limit=1))["items"][0]["match"].endswith("Okafor")
    [mayor] = (await service_anywhere.get("/suggest", q="jos"))["items"]
    assert (mayor["office"], mayor["type"], mayor["articles"]) == ("Mayor", "person", 1)


async def test_a_search_finds_issues_too(service_anywhere: Service) -> None:
    await service_anywhere.add("Ana Ruiz supports the harbor bridge. Tom Okafor opposes the ferry.")
    found = await service_anywhere.get("/search", q="harbor")

    assert [issue["label"] for issue in found["issues"]] == ["harbor bridge"]
    assert [issue["label"] for issue in (await service_anywhere.get("/search", q="bridge"))["issues"]] == [
        "harbor bridge"
    ]
    assert len(found["articles"]) == 1
    assert (await service_anywhere.get("/search", q="the"))["articles"] == []
