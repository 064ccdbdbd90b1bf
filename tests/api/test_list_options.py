"""What can be asked of lists beside their filters: order, facets, what items refer to, fields, offsets."""

from __future__ import annotations

from typing import Any

import pytest

from app.store import walks
from tests.api.service import BRIDGE, FERRY, Service

pytestmark = pytest.mark.anyio


@pytest.fixture
async def stories(service_anywhere: Service) -> dict[str, str]:
    """Hand three stories in, in another order than they were published in, and return their ids."""
    add = service_anywhere.add
    ferry = await add(FERRY, section="City", source="Post", language="en", published_at="2024-03-06")
    bridge = await add(BRIDGE, section="City", source="Courier", language="en", published_at="2024-03-05")
    late = await add(FERRY + " \U0001f600 Again.", section="Port", source="Post", published_at="2024-03-07")
    return {"ferry": ferry, "bridge": bridge, "late": late}


@pytest.fixture
def short_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page look at one row only."""
    monkeypatch.setattr(walks, "STRETCH", 1)


def ids(page: dict[str, Any]) -> list[str]:
    """Return the ids of a page's items."""
    return [item["id"] for item in page["items"]]


async def test_stories_are_sorted_each_way(service_anywhere: Service, stories: dict[str, str]) -> None:
    ferry, bridge, late = stories["ferry"], stories["bridge"], stories["late"]
    for sort, expected in (
        ("-received", [late, bridge, ferry]),
        ("received", [ferry, bridge, late]),
        ("-published", [late, ferry, bridge]),
        ("published", [bridge, ferry, late]),
    ):
        assert ids(await service_anywhere.get("/articles", sort=sort)) == expected
        for path in ("/quotes", "/positions"):
            found = (await service_anywhere.get(path, sort=sort, limit=1))["items"]
            assert found[0]["article_id"] == expected[0]


async def test_filters_of_the_story_combine_with_those_of_its_items(
    service_anywhere: Service, stories: dict[str, str]
) -> None:
    [ruiz] = (await service_anywhere.get("/people", name="Ana Ruiz"))["items"]
    [port] = (await service_anywhere.get("/organizations", name="port authority"))["items"]
    [issue] = (await service_anywhere.get("/issues", q="ferry", limit=1))["items"]
    cases: list[tuple[dict[str, str], set[str]]] = [
        ({"source": "Post"}, {"ferry", "late"}),
        ({"source": "Post", "section": "City"}, {"ferry"}),
        ({"language": "en", "published_from": "2024-03-06"}, {"ferry"}),
        ({"published_to": "2024-03-06"}, {"bridge"}),
        ({"published_from": "2024-03-06", "sort": "-received"}, {"ferry", "late"}),
        ({"ingested_from": "2020-01-01", "ingested_to": "2020-02-01"}, set()),
        ({"ingested_from": "2020-01-01"}, {"ferry", "bridge", "late"}),
        ({"type": "direct", "section": "Port"}, {"late"}),
        ({"status": "resolved", "article": stories["bridge"], "sort": "-published"}, {"bridge"}),
        ({"person": ruiz["id"], "organization": port["id"]}, {"bridge"}),
        ({"person": ruiz["id"], "source": "Courier"}, {"bridge"}),
        ({"person": ruiz["id"], "sort": "published"}, {"ferry", "bridge", "late"}),
        ({"issue": issue["id"]}, set()),
        ({"issue": issue["id"], "sort": "published"}, set()),
        ({"issue": issue["id"], "article": stories["bridge"]}, set()),
        ({"speaker": ruiz["id"], "source": "Courier"}, {"bridge"}),
        ({"speaker": ruiz["id"], "person": ruiz["id"], "min_confidence": "0.5"}, {"bridge"}),
    ]
    for narrowed, expected in cases:
        found = (await service_anywhere.get("/quotes", **narrowed))["items"]
        assert {item["article_id"] for item in found} == {stories[name] for name in expected}, narrowed


async def test_positions_are_narrowed_by_their_stories(service_anywhere: Service, stories: dict[str, str]) -> None:
    [ruiz] = (await service_anywhere.get("/people", name="Ana Ruiz"))["items"]
    own = f"/people/{ruiz['id']}/positions"
    for path, narrowed, expected in (
        ("/positions", {"source": "Post"}, {"ferry", "late"}),
        ("/positions", {"section": "City", "kind": "stance"}, {"ferry", "bridge"}),
        ("/positions", {"holder": ruiz["id"], "person": ruiz["id"]}, set[str]()),
        (own, {}, {"ferry", "bridge", "late"}),
        (own, {"sort": "published", "kind": "office"}, {"bridge"}),
        (own, {"source": "Post", "facet": "kind"}, {"ferry", "late"}),
    ):
        found = (await service_anywhere.get(path, **narrowed))["items"]
        assert {item["article_id"] for item in found} == {stories[name] for name in expected}, narrowed


async def test_a_facet_counts_values_and_leads_to_each(service_anywhere: Service, stories: dict[str, str]) -> None:
    page = await service_anywhere.get("/quotes", facet="speaker,type,source", limit=1)
    speakers = page["facets"]["speaker"]
    [okafor] = (await service_anywhere.get("/people", q="okaf"))["items"]

    assert (speakers["counted"], speakers["capped"]) == (4, False)
    assert speakers["values"][0] == {
        "value": okafor["id"],
        "label": "Tom Okafor",
        "count": 2,
        "url": f"http://sayso.test/quotes?facet=speaker%2Ctype%2Csource&limit=1&speaker={okafor['id']}",
    }
    assert [v for v in speakers["values"] if v["value"] is None] == [
        {"value": None, "label": None, "count": 1, "url": None}
    ]
    assert [(v["value"], v["count"]) for v in page["facets"]["type"]["values"]] == [("direct", 4)]
    narrowed = (await service_anywhere.client.get(page["facets"]["source"]["values"][0]["url"])).json()
    assert narrowed["facets"]["source"]["counted"] == page["facets"]["source"]["values"][0]["count"]


@pytest.mark.parametrize(
    ("path", "facet", "expected"),
    [
        ("/articles", "section", [("City", 2), ("Port", 1)]),
        ("/articles?source=Post", "language", [("en", 1), (None, 1)]),
        ("/positions", "kind", [("stance", 3), ("office", 1)]),
        ("/positions?kind=stance", "polarity", [("supports", 2), ("opposes", 1)]),
        ("/positions", "section", [("City", 3), ("Port", 1)]),
        ("/articles/{bridge}/quotes", "status", [("resolved", 1), ("unresolved", 1)]),
        ("/articles/{bridge}/positions", "kind", [("office", 1), ("stance", 1)]),
    ],
)
async def test_every_list_counts(
    service_anywhere: Service,
    stories: dict[str, str],
    path: str,
    facet: str,
    expected: list[tuple[str | None, int]],
) -> None:
    path = path.format(**stories)
    answer = await service_anywhere.client.get(f"{path}{'&' if '?' in path else '?'}facet={facet}")
    assert [(v["value"], v["count"]) for v in answer.json()["facets"][facet]["values"]] == expected


async def test_an_issue_is_counted_under_its_label(service_anywhere: Service, stories: dict[str, str]) -> None:
    page = await service_anywhere.get("/positions", facet="issue", kind="stance")
    assert page["facets"]["issue"]["values"][0]["label"] == "ferry"


async def test_what_items_refer_to_comes_once(service_anywhere: Service, stories: dict[str, str]) -> None:
    quotes = await service_anywhere.get("/quotes", include="article,speaker")
    positions = await service_anywhere.get("/positions", include="actor,organization,issue,quote,article")
    articles = await service_anywhere.get("/articles", include="quotes,people", limit=1)

    assert quotes["included"]["articles"].keys() == set(stories.values())
    assert {e["name"] for e in quotes["included"]["entities"].values()} == {"Ana Ruiz", "Tom Okafor"}
    assert {i["label"] for i in positions["included"]["issues"].values()} == {"ferry", "closure"}
    assert "Port Authority" in {e["name"] for e in positions["included"]["entities"].values()}
    assert positions["included"]["quotes"] == {}
    assert articles["included"]["annotations"][stories["late"]]["quotes"][0]["text"] == "It pays its way,"


async def test_only_the_fields_that_are_asked_for_come(service_anywhere: Service, stories: dict[str, str]) -> None:
    for path, fields in (
        ("/quotes", "text,id"),
        ("/articles", "id,title"),
        ("/people", "name"),
        ("/issues", "label"),
        ("/positions", "kind"),
        (f"/articles/{stories['bridge']}/quotes", "id"),
        (f"/articles/{stories['bridge']}/people", "id,name"),
    ):
        page = await service_anywhere.get(path, fields=fields)
        assert page["items"]
        assert all(item.keys() == set(fields.split(",")) for item in page["items"])


async def test_offsets_are_counted_as_browsers_count(service_anywhere: Service, stories: dict[str, str]) -> None:
    story = "\U0001f600 " + BRIDGE
    key = await service_anywhere.add(story)
    found = (await service_anywhere.get("/quotes", article=key, offset_unit="utf16"))["items"]
    units = story.encode("utf-16-le")

    for quote in found:
        [span] = quote["contents"]
        assert units[2 * span["start"] : 2 * span["end"]].decode("utf-16-le") == span["exact"]
    one = await service_anywhere.get(f"/quotes/{found[0]['id']}", offset_unit="utf16")
    assert one == found[0]


async def test_a_storys_own_lists_are_narrowed_and_paged(service_anywhere: Service, stories: dict[str, str]) -> None:
    path = f"/articles/{stories['bridge']}/quotes"
    whole = ids(await service_anywhere.get(path))

    first = await service_anywhere.get(path, limit=1)
    second = (await service_anywhere.client.get(first["next"])).json()
    assert (ids(first) + ids(second), second["next"]) == (whole, None)
    assert ids(await service_anywhere.get(path, status="unresolved")) == whole[1:]
    assert ids(await service_anywhere.get(path, min_confidence=0.5)) == whole[:1]
    stances = await service_anywhere.get(f"/articles/{stories['bridge']}/positions", polarity="opposes")
    assert [p["kind"] for p in stances["items"]] == ["stance"]


async def test_a_parameter_that_is_not_known_is_told_from_those_that_are(service_anywhere: Service) -> None:
    answer = await service_anywhere.client.get("/issues?labl=x")
    [error] = answer.json()["errors"]
    assert error == {
        "field": "labl",
        "reason": "is not a field that is known here: there are limit, cursor, q, article, polarity, "
        "sort, fields, facet",
    }


async def test_an_issue_is_that_of_the_path(service_anywhere: Service, stories: dict[str, str]) -> None:
    [issue] = (await service_anywhere.get("/issues", q="ferry"))["items"]
    path = f"/issues/{issue['id']}/positions"
    assert ids(await service_anywhere.get(path)) == ids(await service_anywhere.get(path, issue=issue["id"]))
    answer = await service_anywhere.client.get(path, params={"issue": "iss_other"})
    assert [error["field"] for error in answer.json()["errors"]] == ["issue"]


@pytest.mark.usefixtures("short_stretch")
@pytest.mark.parametrize(
    "path",
    [
        "/quotes?status=unresolved&type=direct",
        "/quotes?source=Courier",
        "/quotes?source=Courier&status=unresolved&sort=published",
        "/articles?source=Courier&section=City",
        "/positions?section=City&kind=office",
    ],
)
async def test_short_pages_lead_to_everything(service_anywhere: Service, stories: dict[str, str], path: str) -> None:
    found: list[str] = []
    url: str | None = path
    pages = 0
    while url is not None:
        page = (await service_anywhere.client.get(url)).json()
        found += [item.get("article_id", item["id"]) for item in page["items"]]
        url = page["next"]
        pages += 1
        assert pages < 20
    assert set(found) == {stories["bridge"]}
    assert pages > 1


@pytest.mark.parametrize("sort", ["published", "-published"])
async def test_what_few_there_are_is_found_at_once_in_the_order_of_dates(
    service_anywhere: Service, stories: dict[str, str], monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    [ruiz] = (await service_anywhere.get("/people", name="Ana Ruiz"))["items"]
    [port] = (await service_anywhere.get("/organizations", name="port authority"))["items"]
    [issue] = (await service_anywhere.get("/issues", q="ferry", limit=1))["items"]
    monkeypatch.setattr(walks, "STRETCH", len(stories) + 1)
    for n in range(2 * len(stories)):
        text = f"Tom Okafor supports tram line {n}."
        for year in (2020, 2029):
            await service_anywhere.add(f"{text} It is {year}.", published_at=f"{year}-01-{n + 1:02}")
    for path in (
        f"/people/{ruiz['id']}/quotes",
        f"/people/{ruiz['id']}/positions",
        f"/organizations/{port['id']}/positions",
        f"/issues/{issue['id']}/positions",
    ):
        page = await service_anywhere.get(path, sort=sort)
        arrived = await service_anywhere.get(path)
        assert page["items"]
        assert page["next"] is None
        assert sorted(ids(page)) == sorted(ids(arrived))
        found = [item["article_id"] for item in page["items"]]
        dated = [stories[name] for name in ("bridge", "ferry", "late")]
        order = dated if sort == "published" else dated[::-1]
        assert found == sorted(found, key=order.index)
        assert ids(await service_anywhere.get(path, sort=sort, min_confidence=0)) == ids(page)


@pytest.mark.usefixtures("short_stretch")
async def test_the_pages_of_an_entity_lose_nothing(service_anywhere: Service, stories: dict[str, str]) -> None:
    [ruiz] = (await service_anywhere.get("/people", name="Ana Ruiz"))["items"]
    walked: list[str] = []
    url: str | None = f"/people/{ruiz['id']}/positions?min_confidence=0.1&limit=1"
    while url is not None:
        page = (await service_anywhere.client.get(url)).json()
        walked += [item["article_id"] for item in page["items"]]
        url = page["next"]
    assert walked == [stories["late"], stories["bridge"], stories["ferry"]]


async def test_people_are_counted_by_their_posts_and_issues_by_the_sides_taken(service_anywhere: Service) -> None:
    await service_anywhere.add(BRIDGE)
    await service_anywhere.add(FERRY)
    await service_anywhere.add("Mayor Ana Ruiz opposes the ferry. Tom Okafor of France listened.")
    people = await service_anywhere.get("/people", facet="title,country")
    issues = await service_anywhere.get("/issues", facet="polarity")

    [title] = people["facets"]["title"]["values"]
    assert (title["value"], title["count"]) == ("Mayor", 1)
    narrowed = (await service_anywhere.client.get(title["url"])).json()
    assert [person["name"] for person in narrowed["items"]] == ["Ana Ruiz"]
    assert (people["facets"]["country"]["counted"], people["facets"]["country"]["capped"]) == (2, False)
    sides = {value["value"]: value["count"] for value in issues["facets"]["polarity"]["values"]}
    assert sides == {"opposes": 2, "supports": 1}
    supported = await service_anywhere.get("/issues", polarity="supports")
    assert [issue["label"] for issue in supported["items"]] == ["ferry"]
    assert (await service_anywhere.get("/people", country="Russia"))["items"] == []
    assert (await service_anywhere.get("/organizations", facet="country"))["facets"]["country"]["values"] == []


async def test_a_post_is_counted_once_however_it_is_written(service_anywhere: Service) -> None:
    for name in ("Ana Ruiz", "Tom Okafor", "Ben Holt"):
        await service_anywhere.add(f"Mayor {name} opposes the ferry.")
    last = (await service_anywhere.get("/positions", kind="office"))["items"][0]
    changed = await service_anywhere.client.patch(
        f"/positions/{last['id']}", json={"title": "the MAYOR"}, headers={"If-Match": "*"}
    )
    assert changed.status_code == 200, changed.text

    [title] = (await service_anywhere.get("/people", facet="title"))["facets"]["title"]["values"]
    assert (title["value"], title["count"]) == ("Mayor", 3)
    assert len((await service_anywhere.client.get(title["url"])).json()["items"]) == 3
