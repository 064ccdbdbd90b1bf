"""Who is who across stories, over HTTP: links, merges, splits, redirects, the same words again."""

from __future__ import annotations

import pytest

from app.knowledge.identities import Identity
from app.store.identities import import_identities
from tests.api.service import BRIDGE, FERRY, Service
from tests.store.stories import Story
from tests.store.test_linking import BODIES, minister, put

pytestmark = pytest.mark.anyio

HELD = 'Mayor Zora Lindqvist came. "The ferry will stay as long as the harbor has water in it" Zora Lindqvist said.'
AGAIN = 'She repeated it. "The ferry will stay, as long as the harbor has water" Zora Lindqvist said.'


async def person(service: Service, name: str) -> str:
    [found] = (await service.get("/people", name=name))["items"]
    key: str = found["id"]
    return key


async def test_a_person_is_shown_with_what_all_stories_tell(service: Service) -> None:
    await service.add(BRIDGE, published_at="2024-03-05")
    await service.add(FERRY, published_at="2024-04-05")

    found = await service.get(f"/people/{await person(service, 'Ana Ruiz')}")

    assert (found["articles"], found["quotes"]) == (2, 1)
    assert (found["first_seen"], found["last_seen"]) == ("2024-03-05T00:00:00Z", "2024-04-05T00:00:00Z")
    assert found["same_as"] == []


async def test_what_authorities_call_somebody_is_told_with_their_addresses(service: Service) -> None:
    ids = (("wikidata", "Q1"), ("viaf", "2"), ("roster", "3"))
    with service.app.state.parts.store.writing() as session:
        import_identities(session, [Identity("local:1", "person", "Ana Ruiz", "people", identifiers=ids)])
    article = await service.add(BRIDGE)

    found = await service.get(f"/people/{await person(service, 'Ana Ruiz')}")
    assert found["same_as"] == ["https://www.wikidata.org/entity/Q1", "https://viaf.org/viaf/2"]
    story = (await service.client.get(f"/articles/{article}.jsonld")).json()
    [ruiz] = [thing for thing in story["mentions"] if thing["name"] == "Ana Ruiz"]
    assert ruiz["sameAs"] == ["http://www.wikidata.org/entity/Q1", "https://viaf.org/viaf/2"]


@pytest.mark.parametrize(
    ("asked", "ending"), [({}, ".jsonld"), ({"accept": "application/ld+json"}, ""), ({"accept": "*/*"}, ".jsonld")]
)
async def test_a_person_is_linked_data_too(service: Service, asked: dict[str, str], ending: str) -> None:
    ids = (("wikidata", "Q1"), ("viaf", "2"), ("roster", "3"))
    with service.app.state.parts.store.writing() as session:
        import_identities(session, [Identity("local:1", "person", "Ana Ruiz", "people", identifiers=ids)])
    await service.add(BRIDGE)
    key = await person(service, "Ana Ruiz")

    answer = await service.client.get(f"/people/{key}{ending}", headers=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/ld+json")
    found = answer.json()
    assert (found["@type"], found["name"]) == ("Person", "Ana Ruiz")
    assert found["@id"].endswith(f"/people/{key}")
    assert found["sameAs"] == ["http://www.wikidata.org/entity/Q1", "https://viaf.org/viaf/2"]
    assert found["@context"]["@vocab"] == "https://schema.org/"
    again = await service.client.get(f"/people/{key}.jsonld", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_a_story_tells_what_an_authority_says_that_was_imported_since(service: Service) -> None:
    article = await service.add(BRIDGE)
    before = await service.client.get(f"/articles/{article}.jsonld")
    with service.app.state.parts.store.writing() as session:
        ids = (("wikidata", "Q1"),)
        import_identities(session, [Identity("local:1", "person", "Ana Ruiz", "people", identifiers=ids)])

    asked = {"if-none-match": before.headers["etag"]}
    after = await service.client.get(f"/articles/{article}.jsonld", headers=asked)
    assert after.status_code == 200
    [ruiz] = [thing for thing in after.json()["mentions"] if thing["name"] == "Ana Ruiz"]
    assert ruiz["sameAs"] == ["http://www.wikidata.org/entity/Q1"]


async def test_an_organization_is_linked_data_with_its_parts(service: Service) -> None:
    for text in ("Pesa Direct, a unit of Savanna Telecom, cut its fees.", "Savanna Telecom's Kenyan unit did not."):
        told = Story(text=text, entities=tuple(body for body in BODIES if body[1] in text))
        put(service.app.state.parts.store, told)
    ids = {item["name"]: item["id"] for item in (await service.get("/organizations"))["items"]}
    whole = (await service.client.get(f"/organizations/{ids['Savanna Telecom']}.jsonld")).json()
    assert whole["@type"] == "Organization"
    named, unnamed = sorted(whole["subOrganization"], key=lambda part: "@id" not in part)
    assert (named["name"], named["@id"]) == ("Pesa Direct", f"{whole['@id'].rpartition('/')[0]}/{ids['Pesa Direct']}")
    assert unnamed == {"@type": "Organization", "name": "Kenyan unit"}
    part = (await service.client.get(f"/organizations/{ids['Pesa Direct']}.jsonld")).json()
    assert [body["name"] for body in part["parentOrganization"]] == ["Savanna Telecom"]


async def test_a_post_held_now_is_linked_data_too(service: Service) -> None:
    put(service.app.state.parts.store, minister("Zora Lindqvist"))
    found = (await service.client.get(f"/people/{await person(service, 'Zora Lindqvist')}.jsonld")).json()
    assert found["jobTitle"] == ["Defense Minister"]


async def test_each_link_has_its_score_and_reasons(service: Service) -> None:
    await service.add(BRIDGE)
    await service.add(FERRY)

    later, first = (await service.get(f"/people/{await person(service, 'Ana Ruiz')}/links"))["items"]

    assert (first["score"], first["reasons"]) == (None, [])
    assert later["score"] >= 0.8
    assert later["reasons"][0]["code"] == "same name"


async def test_company_is_counted(service: Service) -> None:
    await service.add(BRIDGE)
    found = await service.get(f"/people/{await person(service, 'Ana Ruiz')}/company")
    assert [(c["name"], c["articles"]) for c in found["items"]] == [("Port Authority", 1)]


async def test_a_merge_redirects_and_can_be_undone(service_anywhere: Service) -> None:
    service = service_anywhere
    key = await service.add(FERRY)
    await service.add(HELD)
    source, target = await person(service, "Zora Lindqvist"), await person(service, "Tom Okafor")

    made = await service.client.post(f"/people/{source}/merge", json={"into": target, "note": "one of them"})
    assert (made.status_code, made.json()["action"]) == (200, "merge")

    moved = await service.client.get(f"/people/{source}/quotes?limit=5")
    assert moved.status_code == 301
    assert moved.headers["location"] == f"http://sayso.test/people/{target}/quotes?limit=5"
    for ending in (".jsonld", "/quotes.csv"):
        moved = await service.client.get(f"/people/{source}{ending}")
        assert (moved.status_code, moved.headers["location"]) == (301, f"http://sayso.test/people/{target}{ending}")
    assert moved.json()["type"] == "/problems/moved"
    led_on = await service.client.post(f"/people/{source}/split", json={"articles": [key]})
    assert (led_on.status_code, led_on.json()["type"]) == (308, "/problems/moved-write")
    assert led_on.headers["location"] == f"http://sayso.test/people/{target}/split"
    assert len((await service.get(f"/people/{target}/quotes"))["items"]) == 2

    undone = await service.client.post(f"/merges/{made.json()['id']}/undo")
    assert undone.json()["undone_at"] is not None
    assert (await service.get(f"/people/{source}"))["articles"] == 1
    assert [c["id"] for c in (await service.get("/merges", entity=source))["items"]] == [made.json()["id"]]
    again = await service.client.post(f"/merges/{made.json()['id']}/undo")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")


async def test_a_split_gives_some_articles_to_another(service: Service) -> None:
    await service.add(BRIDGE)
    second = await service.add(FERRY)
    key = await person(service, "Ana Ruiz")

    made = await service.client.post(f"/people/{key}/split", json={"articles": [second]})

    assert made.status_code == 200
    found = await service.get(f"/people/{made.json()['to_id']}/articles")
    assert [article["id"] for article in found["items"]] == [second]


async def test_a_link_to_review_is_settled(service: Service) -> None:
    await service.add("John Smith spoke in town.")
    await service.add("John Smith spoke at sea.")
    [link] = (await service.get("/links", state="open", type="person"))["items"]

    settled = await service.client.post(f"/links/{link['id']}", json={"decision": "accept"})

    assert (settled.status_code, settled.json()["state"]) == (200, "accepted")
    assert (await service.get(f"/people/{link['candidate_id']}"))["articles"] == 2
    again = await service.client.post(f"/links/{link['id']}", json={"decision": "reject"})
    assert again.status_code in {404, 409}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/merge", {}, "into"),
        ("/merge", {"into": "x", "why": "y"}, "why"),
        ("/split", {"articles": []}, "articles"),
        ("/split", {"articles": ["nothing"]}, "articles"),
    ],
)
async def test_a_wish_that_cannot_be_met_names_the_field(
    service: Service, path: str, body: dict[str, object], field: str
) -> None:
    await service.add(BRIDGE)
    answer = await service.client.post(f"/people/{await person(service, 'Ana Ruiz')}{path}", json=body)
    assert answer.status_code == 422
    assert any(field in error["field"] for error in answer.json()["errors"])


async def test_the_same_words_are_one_saying(service: Service) -> None:
    await service.add(HELD)
    article = await service.add(AGAIN)
    [quote] = (await service.get(f"/articles/{article}/quotes"))["items"]

    found = await service.get(f"/quotes/{quote['id']}/sightings")

    assert (found["sightings"], len(found["places"])) == (2, 2)
    assert found["text"] == "The ferry will stay as long as the harbor has water in it"
    assert (await service.get("/sayings"))["items"] == [found]


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b'{"into": "\xff"}', 400, "not-json"),
        (b'{"into": ', 400, "not-json"),
        (b'{"into": NaN}', 400, "not-json"),
        (b'{"into":' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400, "not-json"),
        (b'{"into": "a", "into": "b"}', 422, "invalid-input"),
        (b'["into"]', 422, "invalid-input"),
        (b'{"into": "\\ud800"}', 422, "invalid-input"),
        (b'{"into": "%s"}' % (b"a" * 3_100_000), 413, "too-large"),
    ],
)
async def test_a_small_body_is_read_as_strictly_as_a_story(
    service: Service, body: bytes, status: int, kind: str
) -> None:
    json = {"Content-Type": "application/json"}

    answer = await service.client.post("/people/nobody/merge", content=body, headers=json)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")


@pytest.mark.parametrize("noun", ["people", "issues"])
async def test_what_a_merge_names_that_is_not_there_is_the_bodys_fault(service: Service, noun: str) -> None:
    await service.add(FERRY)
    [known, *_] = (await service.get(f"/{noun}"))["items"]

    answer = await service.client.post(f"/{noun}/{known['id']}/merge", json={"into": "nobody"})

    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == ["into"]


async def test_what_a_merge_names_that_was_merged_itself_is_told_by_its_new_id(service: Service) -> None:
    await service.add(FERRY)
    await service.add(HELD)
    gone, there = await person(service, "Zora Lindqvist"), await person(service, "Tom Okafor")
    await service.client.post(f"/people/{gone}/merge", json={"into": there})

    answer = await service.client.post(f"/people/{await person(service, 'Ana Ruiz')}/merge", json={"into": gone})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "into", "reason": f"{gone} was merged into {there}: name that"}]
