"""Corrections over HTTP: changed under If-Match, confirmed, rejected, added, taken back, listed, exported."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.store.keys import create_key
from app.store.store import Store
from tests.api.service import BRIDGE, FERRY, Service, client_of, make_service

pytestmark = pytest.mark.anyio

Json = dict[str, Any]


async def read(service: Service, path: str) -> tuple[Json, dict[str, str]]:
    """Return what is at ``path``, and the header that says it was read."""
    answer = await service.client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json(), {"If-Match": answer.headers["etag"]}


async def unsaid(service: Service, article_id: str) -> str:
    """Return the address of the quote whose speaker nobody knows."""
    items = (await service.get(f"/articles/{article_id}/quotes"))["items"]
    return f"/quotes/{next(q['id'] for q in items if q['speaker']['status'] == 'unresolved')}"


def problem(answer: httpx.Response, status: int, name: str) -> list[str]:
    """Return the fields that a problem names."""
    assert (answer.status_code, answer.json().get("type")) == (status, f"/problems/{name}"), answer.text
    return [fault["field"] for fault in answer.json().get("errors", [])]


async def test_a_quote_is_changed_as_it_was_read(service_anywhere: Service) -> None:
    service = service_anywhere
    key = await service.add(BRIDGE)
    path = await unsaid(service, key)
    _, tag = await read(service, path)

    answer = await service.client.patch(path, json={"speaker": {"name": "Ana Ruiz"}, "author": "Lena"}, headers=tag)

    assert answer.status_code == 200
    assert answer.json()["speaker"]["name"] == "Ana Ruiz"
    assert (await read(service, path))[0] == answer.json()
    assert (await service.client.get(path)).headers["etag"] == answer.headers["etag"]
    assert (await service.get(f"/articles/{key}"))["quotes"][1] == answer.json()
    stale = await service.client.patch(path, json={"type": "mixed"}, headers=tag)
    assert problem(stale, 412, "precondition-failed") == []
    assert stale.headers["etag"] == answer.headers["etag"]
    missing = await service.client.patch(path, json={"type": "mixed"})
    assert problem(missing, 428, "precondition-required") == []
    assert (await read(service, path))[0] == answer.json()


async def test_a_tag_of_the_other_offsets_is_one_too(service: Service) -> None:
    key = await service.add("\U0001f600 " + BRIDGE)
    path = await unsaid(service, key)
    answer = await service.client.get(path, params={"offset_unit": "utf16"})
    tag = {"If-Match": answer.headers["etag"]}

    assert (await service.client.patch(path, json={"type": "mixed"}, headers=tag)).status_code == 200


async def test_a_position_is_changed_and_rejected(service: Service) -> None:
    key = await service.add(BRIDGE)
    office, stance = (await service.get(f"/articles/{key}/positions"))["items"]
    _, tag = await read(service, f"/positions/{office['id']}")

    changed = await service.client.patch(f"/positions/{office['id']}", json={"tense": "former"}, headers=tag)
    _, tag = await read(service, f"/positions/{stance['id']}")
    rejected = await service.client.delete(f"/positions/{stance['id']}", headers=tag)

    assert (changed.status_code, changed.json()["tense"]) == (200, "former")
    assert (rejected.status_code, rejected.json()["action"], rejected.json()["before"]) == (200, "reject", stance)
    assert [p["id"] for p in (await service.get("/positions"))["items"]] == [office["id"]]
    gone = await service.client.delete(f"/positions/{stance['id']}", headers=tag)
    assert problem(gone, 404, "not-found") == []
    undone = await service.client.post(f"/corrections/{rejected.json()['id']}/undo")
    assert (undone.status_code, undone.json()["state"]) == (200, "undone")
    assert (await read(service, f"/positions/{stance['id']}"))[0] == stance
    again = await service.client.post(f"/corrections/{rejected.json()['id']}/undo")
    assert problem(again, 409, "conflict") == []


async def test_a_quote_is_no_position(service: Service) -> None:
    key = await service.add(BRIDGE)
    quote = (await unsaid(service, key)).removeprefix("/quotes/")
    office = (await service.get("/positions", kind="office"))["items"][0]["id"]

    for path in (f"/positions/{quote}", f"/quotes/{office}", "/quotes/none", "/quotes/%F0%9F%98%80"):
        for method in ("PATCH", "DELETE"):
            body = {"json": {"type": "mixed"}} if method == "PATCH" else {}
            answer = await service.client.request(method, path, headers={"If-Match": "*"}, **body)  # type: ignore[arg-type]
            assert problem(answer, 404, "not-found") == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"speeker": {}}, "speeker"),
        ({"type": "spoken"}, "type"),
        ({"speaker": None}, "speaker"),
        ({"speaker": {"name": "\n"}}, "speaker.name"),
        ({"contents": []}, "contents"),
        ({"contents": [{"exact": "never said"}]}, "contents.0.exact"),
        ({"contents": [{"start": "1", "end": 4}]}, "contents.0.start"),
        ({"cue": {"exact": "never said"}}, "cue.exact"),
        ({"note": 5}, "note"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_written(service: Service, body: Json, field: str) -> None:
    key = await service.add(BRIDGE)
    path = await unsaid(service, key)
    before, tag = await read(service, path)

    answer = await service.client.patch(path, json=body, headers=tag)

    assert field in problem(answer, 422, "invalid-input")
    assert (await read(service, path))[0] == before
    assert (await service.get(f"/articles/{key}/corrections"))["items"] == []


async def test_a_body_that_is_no_json_is_refused(service: Service) -> None:
    await service.add(BRIDGE)
    plain = {"Content-Type": "text/plain", "If-Match": "*"}

    answer = await service.client.patch("/quotes/none", content=b"x", headers=plain)

    assert problem(answer, 415, "unsupported-media-type") == []


async def test_every_kind_of_correction_is_taken(service_anywhere: Service) -> None:
    service = service_anywhere
    key = await service.add(BRIDGE)
    first, second = [q["id"] for q in (await service.get(f"/articles/{key}/quotes"))["items"]]
    path = f"/articles/{key}/corrections"

    confirmed = await service.client.post(path, json={"action": "confirm", "annotation_id": first, "author": "Lena"})
    changed = await service.client.post(
        "/corrections", json={"action": "change", "annotation_id": second, "value": {"type": "mixed"}, "note": "why"}
    )
    added = await service.client.post(
        "/corrections",
        json={
            "action": "add",
            "article_id": key,
            "kind": "quote",
            "value": {"contents": [{"exact": "The Harbor bridge will close in May"}], "cue": {"exact": "announced"}},
        },
    )

    assert [a.status_code for a in (confirmed, changed, added)] == [201, 201, 201]
    assert confirmed.headers["location"] == f"http://sayso.test/corrections/{confirmed.json()['id']}"
    quotes = (await service.get(f"/articles/{key}/quotes"))["items"]
    assert [q["review"]["status"] for q in quotes] == ["added", "confirmed", "corrected"]
    assert quotes[0]["id"] == added.json()["applied_to"]
    listed = (await service.get(path))["items"]
    assert listed == [added.json(), changed.json(), confirmed.json()]
    assert await service.get(f"/corrections/{changed.json()['id']}") == changed.json()
    assert (await service.get("/corrections", article=key, state="applied"))["items"] == listed
    assert (await service.get("/corrections", state="orphaned"))["items"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "action"),
        ({"action": "change"}, "annotation_id"),
        ({"action": "add"}, "kind"),
        ({"action": "add", "kind": "quote"}, "value.contents"),
        ({"action": "add", "kind": "office", "value": {"title": "Mayor"}}, "value.person"),
        ({"action": "add", "kind": "stance", "value": {"side": "for"}}, "value.side"),
        ({"action": "confirm", "annotation_id": "QUOTE", "value": {"type": "mixed"}}, "value"),
        ({"action": "change", "annotation_id": "QUOTE", "kind": "stance", "value": {}}, "kind"),
        ({"action": "change", "annotation_id": "QUOTE"}, "value"),
        ({"action": "change", "annotation_id": "QUOTE", "value": {"cue": {"exact": "whispered"}}}, "value.cue.exact"),
    ],
)
async def test_a_correction_that_lacks_something_is_refused_by_its_field(
    service: Service, body: Json, field: str
) -> None:
    key = await service.add(BRIDGE)
    quote = (await unsaid(service, key)).removeprefix("/quotes/")
    sent = {name: quote if part == "QUOTE" else part for name, part in body.items()}

    answer = await service.client.post(f"/articles/{key}/corrections", json=sent)

    assert field in problem(answer, 422, "invalid-input")


async def test_a_correction_is_of_the_story_that_is_named(service: Service) -> None:
    key, other = await service.add(BRIDGE), await service.add(FERRY)
    quote = (await unsaid(service, key)).removeprefix("/quotes/")
    said = {"action": "confirm", "annotation_id": quote}

    elsewhere = await service.client.post(f"/articles/{other}/corrections", json=said)
    assert problem(elsewhere, 422, "invalid-input") == ["annotation_id"]
    add = {"action": "add", "kind": "quote", "value": {"contents": [{"start": 0, "end": 3}]}}
    assert problem(await service.client.post("/articles/none/corrections", json=add), 404, "not-found") == []
    for named in (add, {**add, "article_id": "none"}):
        assert problem(await service.client.post("/corrections", json=named), 422, "invalid-input") == ["article_id"]


async def test_the_least_sure_is_next(service: Service) -> None:
    key = await service.add(BRIDGE)
    await service.add(FERRY)

    first = await service.get("/review", limit=2)

    assert [item["kind"] for item in first["items"]] == ["quote", "stance"]
    assert first["items"][0]["annotation"]["confidence"] is None
    rest = (await service.client.get(first["next"])).json()
    assert len(rest["items"]) == 2
    narrowed = await service.get("/review", article=key, kind="office", max_confidence=0.8)
    assert [item["annotation"]["kind"] for item in narrowed["items"]] == ["office"]
    assert (await service.get("/review", review="confirmed"))["items"] == []


async def test_what_waits_is_shown_as_browsers_count(service: Service) -> None:
    await service.add(f"\U0001f600 {BRIDGE}")
    counted = {unit: await service.get("/review", offset_unit=unit) for unit in ("codepoint", "utf16")}

    points, units = (
        sorted(item["annotation"]["contents"][0]["start"] for item in page["items"] if item["kind"] == "quote")
        for page in counted.values()
    )
    assert points
    assert units == [start + 1 for start in points]


async def test_corrected_stories_come_out_as_training_data(service: Service) -> None:
    keys = [await service.add(text) for text in (BRIDGE, FERRY, FERRY + " And more.")]
    for key in keys[:2]:
        quote = (await service.get(f"/articles/{key}/quotes"))["items"][0]["id"]
        said = {"action": "confirm", "annotation_id": quote}
        assert (await service.client.post(f"/articles/{key}/corrections", json=said)).status_code == 201

    page = await service.client.get("/corrections/export", params={"limit": 1})
    rest = await service.client.get(page.links["next"]["url"])

    assert page.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in (page.text + rest.text).splitlines()]
    assert [line["id"] for line in lines] == keys[:2]
    assert "next" not in rest.links
    line = lines[0]
    assert line["text"] == BRIDGE
    assert line["people"] == [
        {
            "name": "Ana Ruiz",
            "names": ["Ana Ruiz"],
            "offices": [{"title": "Mayor", "organization": None, "tense": "current"}],
        }
    ]
    [start, end] = line["quotes"][0]["contents"][0]
    assert BRIDGE[start:end] == "We have waited too long."
    assert (line["quotes"][0]["speaker"], line["quotes"][1]["source"]) == ("Ana Ruiz", None)
    assert [BRIDGE[slice(*line["stances"][0][name])] for name in ("target", "evidence")] == [
        "closure",
        "Port Authority opposes the closure",
    ]
    assert line["reviewed"] == {"annotations": 4, "seen": 1}


async def test_a_key_signs_what_it_says(sqlite_url: str) -> None:
    app = make_service(sqlite_url, access="keys")
    store: Store = app.state.parts.store
    with store.writing() as session:
        _, desk = create_key(session, "desk", ["read", "ingest"], datetime.now(UTC))
        _, editor = create_key(session, "Lena", ["read", "review"], datetime.now(UTC))
    async with client_of(app) as client:
        sent = {"Authorization": f"Bearer {desk}"}
        article = (await client.post("/articles", json={"text": BRIDGE}, headers=sent)).json()
        said = {"action": "confirm", "annotation_id": article["quotes"][0]["id"], "author": "somebody"}
        refused = await client.post("/corrections", json=said, headers=sent)
        taken = await client.post("/corrections", json=said, headers={"Authorization": f"Bearer {editor}"})
    store.close()

    assert problem(refused, 403, "forbidden") == []
    assert (taken.status_code, taken.json()["author"]) == (201, "Lena")


async def test_lists_are_narrowed_and_counted_by_what_people_made_of_them(service_anywhere: Service) -> None:
    service = service_anywhere
    key = await service.add(BRIDGE)
    await service.add(FERRY)
    path = await unsaid(service, key)
    stance = next(p for p in (await service.get(f"/articles/{key}"))["positions"] if p["kind"] == "stance")
    await service.client.patch(path, json={"speaker": {"name": "Ana Ruiz"}}, headers={"If-Match": "*"})
    said = {"action": "confirm", "annotation_id": stance["id"]}
    assert (await service.client.post("/corrections", json=said)).status_code == 201

    whole = await service.get("/quotes", facet="review")
    assert {v["value"]: v["count"] for v in whole["facets"]["review"]["values"]} == {"machine": 2, "corrected": 1}
    narrowed = await service.get("/quotes", review="corrected", type="direct")
    assert [f"/quotes/{quote['id']}" for quote in narrowed["items"]] == [path]
    assert [p["id"] for p in (await service.get("/positions", review="confirmed"))["items"]] == [stance["id"]]
    of_story = await service.get(f"/articles/{key}/quotes", review="machine", facet="review")
    assert [q["review"]["status"] for q in of_story["items"]] == ["machine"]
    ruiz = next(p["id"] for p in (await service.get("/people"))["items"] if p["name"] == "Ana Ruiz")
    assert len((await service.get(f"/people/{ruiz}/quotes", review="corrected"))["items"]) == 1
    assert (await service.get("/positions", review="added"))["items"] == []


async def test_a_note_holds_no_character_that_no_text_carries(service_anywhere: Service) -> None:
    key = await service_anywhere.add(FERRY)
    quote = (await service_anywhere.get(f"/articles/{key}/quotes"))["items"][0]["id"]
    said = {"action": "confirm", "annotation_id": quote, "note": "a\0b"}
    answer = await service_anywhere.client.post("/corrections", json=said)

    assert problem(answer, 422, "invalid-input") == ["note"]
