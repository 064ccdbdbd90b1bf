"""The pages of corrections, by their forms alone: what they change, refuse, and take back."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.ingest.intake import Intake
from app.ingest.receive import receive_text
from app.store.store import Store
from tests.api.plain_rules import PlainRules
from tests.api.service import BRIDGE, FERRY
from tests.ui.test_pages import keep, read

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
HOSTILE = '<b>No</b> & {{ 7 * 7 }}. "<i>Never</i>," Tom Okafor said.'


async def story(client: httpx.AsyncClient, key: str) -> Json:
    answer = await client.get(f"/articles/{key}")
    found: Json = answer.json()
    return found


async def quote_of(client: httpx.AsyncClient, key: str, words: str) -> Json:
    quotes: list[Json] = (await story(client, key))["quotes"]
    return next(q for q in quotes if words in q["text"])


async def send(client: httpx.AsyncClient, key: str, item: str | None, **fields: str | list[str]) -> httpx.Response:
    """Send the form of the annotation ``item``, as the page has it now."""
    place = f"/read/articles/{key}/review"
    tag = {}
    if item is not None:
        page = await read(client, f"{place}?item={item}")
        tag = {"id": item, "tag": next(iter(re.findall(r'name="tag" value="(\w+)"', page)), "")}
    return await client.post(place, data={**tag, **fields})


async def test_what_waits_is_listed_and_led_to(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE, title="Bridge shuts")
    page = await read(client, "/read/review")
    quotes = await read(client, "/read/review?kind=quote")

    assert f"/read/articles/{key}/review?item=" in page
    assert page.count("Bridge shuts") > quotes.count("Bridge shuts") > 0
    assert "Every correction holds" in page


async def test_a_list_of_many_goes_on(client: httpx.AsyncClient) -> None:
    said = " ".join(f'"Number {i} it is," Tom Okafor said.' for i in range(30))
    await keep(client, said)
    first = await read(client, "/read/review?kind=quote")
    following = re.search(r'href="(/read/review\?kind=quote&amp;cursor=[^"]+)">more', first)
    assert following is not None
    second = await read(client, following[1].replace("&amp;", "&"))

    assert (first.count("data-find="), second.count("data-find=")) == (25, 5)


async def test_nothing_waits_in_an_empty_store(client: httpx.AsyncClient) -> None:
    assert "Nothing waits" in await read(client, "/read/review")


async def test_a_story_without_annotations_can_still_be_added_to(client: httpx.AsyncClient) -> None:
    key = await keep(client, "It rained on the harbor all day long, and nobody minded it.")
    page = await read(client, f"/read/articles/{key}/review")
    answer = await send(client, key, None, do="add", kind="quote", words="nobody minded it", who="")

    assert "Nothing was found here" in page
    assert answer.status_code == 303, answer.text
    assert "The machine did not find it" in await read(client, answer.headers["location"])


async def test_a_speaker_is_put_right_beside_the_machines(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE + " Tom Okafor, a lawyer, listened.")
    quote = await quote_of(client, key, "Nobody asked us")
    okafor = next(p["id"] for p in (await story(client, key))["people"] if p["name"] == "Tom Okafor")
    answer = await send(client, key, quote["id"], do="change", who=okafor, note="he told me", author="Lena Holt")
    now = await quote_of(client, key, "Nobody asked us")
    page = await read(client, answer.headers["location"])

    assert (answer.status_code, now["speaker"]["name"], now["type"]) == (303, "Tom Okafor", quote["type"])
    assert (now["review"]["status"], now["review"]["by"], now["review"]["fields"]) == (
        "corrected",
        "Lena Holt",
        ["speaker"],
    )
    assert re.search(r"Speaker</th><td>nobody named</td><td>Tom Okafor</td>", page)
    assert re.search(r"<del>nobody named</del> <ins>Tom Okafor</ins>", page)
    assert "he told me" in page


async def test_somebody_whom_the_machine_missed_is_named(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE)
    quote = await quote_of(client, key, "Nobody asked us")
    refused = await send(client, key, quote["id"], do="change", who="=", who_name="Jan Mo", who_type="person")
    answer = await send(
        client, key, quote["id"], do="change", who="other", who_name="Jan Mo", who_type="person", who_mention="a man"
    )
    now = await quote_of(client, key, "Nobody asked us")

    assert refused.status_code == 422
    assert 'value="Jan Mo"' in refused.text
    assert "say which words mean them" in refused.text
    assert answer.status_code == 303
    assert (now["speaker"]["name"], now["speaker"]["mention"]["exact"]) == ("Jan Mo", "a man")


async def test_extent_cue_and_kind_of_a_quote_are_put_right(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE)
    quote = await quote_of(client, key, "waited")
    sent: dict[str, str | list[str]] = {
        "words": ["waited   too\r\nlong"],
        "cue": "said this",
        "type": "mixed",
        "who": "=",
    }
    answer = await send(client, key, quote["id"], do="change", **sent)
    now = await quote_of(client, key, "waited")

    assert answer.status_code == 303, answer.text
    assert (now["text"], now["cue"]["exact"], now["type"]) == ("waited too long", "said this", "mixed")
    emptied = await send(client, key, quote["id"], do="change", words="waited too long", cue="", who="")
    now = await quote_of(client, key, "waited")
    assert emptied.status_code == 303
    assert (now["cue"], now["speaker"]["status"]) == (None, "unresolved")


async def test_posts_and_stances_are_put_right(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE)
    found = (await story(client, key))["positions"]
    office = next(p for p in found if p["kind"] == "office")
    stance = next(p for p in found if p["kind"] == "stance")
    body = stance["holder"]["entity_id"]
    one = await send(client, key, office["id"], do="change", title="mayor", where=body, tense="acting")
    two = await send(
        client, key, stance["id"], do="change", polarity="mixed", issue="the bridge", proof="opposes the closure"
    )
    now = {p["id"]: p for p in (await story(client, key))["positions"]}
    held, stands = now[office["id"]], now[stance["id"]]

    assert (one.status_code, two.status_code) == (303, 303), one.text + two.text
    assert (held["title"], held["organization"]["name"], held["tense"]) == ("mayor", "Port Authority", "acting")
    assert (stands["polarity"], stands["issue"]["label"]) == ("mixed", "the bridge")
    assert [span["exact"] for span in stands["evidence"]] == ["opposes the closure"]
    nowhere = await send(client, key, office["id"], do="change", title="mayor", where="")
    assert nowhere.status_code == 303
    now = {p["id"]: p for p in (await story(client, key))["positions"]}
    assert now[office["id"]]["organization"] is None


async def test_what_was_missed_is_added(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE)
    ruiz = (await story(client, key))["people"][0]["id"]
    form = await read(client, f"/read/articles/{key}/review?add=stance&words=the%20closure")
    sent = {"words": "The Harbor bridge", "who": ruiz, "polarity": "opposes", "issue": "", "author": ""}
    answer = await send(client, key, None, do="add", kind="stance", **sent)
    again = await send(client, key, None, do="add", kind="stance", **sent)
    strange = await send(client, key, None, do="add", kind="mood", words="long")
    found = (await story(client, key))["positions"]

    assert "Add a stance" in form
    assert "the closure</textarea>" in form
    assert answer.status_code == 303, answer.text
    assert [p["holder"]["name"] for p in found if p["review"]["status"] == "added"] == ["Ana Ruiz"]
    assert (again.status_code, strange.status_code) == (409, 422)
    assert "says this already" in again.text


async def test_after_a_verdict_the_next_is_the_least_sure_of_the_story(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE)
    both = await story(client, key)
    waits = sorted([*both["quotes"], *both["positions"]], key=lambda a: (a["confidence"] or 0, a["id"]))
    first = await send(client, key, waits[0]["id"], do="confirm")
    second = await send(client, key, waits[1]["id"], do="reject")
    now = await story(client, key)

    assert first.headers["location"] == f"/read/articles/{key}/review?item={waits[1]['id']}#desk"
    assert f"item={waits[2]['id']}" in second.headers["location"]
    marks = {a["id"]: a["review"]["status"] for a in [*now["quotes"], *now["positions"]]}
    assert marks[waits[0]["id"]] == "confirmed"
    assert waits[1]["id"] not in marks
    page = await read(client, f"/read/articles/{key}/review?item={waits[0]['id']}")
    assert "It stands as the machine found it" in page


async def test_the_walk_through_all_stories_ends_at_the_list(client: httpx.AsyncClient) -> None:
    keys = [await keep(client, '"Aye," Tom Okafor said.'), await keep(client, '"Nay," Ana Ruiz said.')]
    place, seen = "/read/review", []
    page = await read(client, place)
    found = re.search(r'href="/read/articles/(\w+)/review\?item=([\w-]+)&', page)
    while found is not None:
        answer = await send(client, found[1], found[2], do="confirm", all="1")
        seen.append(found[1])
        place = answer.headers["location"]
        found = re.match(r"/read/articles/(\w+)/review\?item=([\w-]+)&all=1#desk", place)

    assert sorted(seen) == sorted(keys)
    assert place == "/read/review"


async def test_the_last_of_a_story_stays_in_it(client: httpx.AsyncClient) -> None:
    key = await keep(client, '"Aye," Tom Okafor said.')
    quote = await quote_of(client, key, "Aye")
    answer = await send(client, key, quote["id"], do="confirm")

    assert answer.headers["location"] == f"/read/articles/{key}/review?item={quote['id']}#desk"
    assert "0 of 1 not looked at" in await read(client, answer.headers["location"])


async def test_what_was_said_is_taken_back(client: httpx.AsyncClient) -> None:
    key = await keep(client, FERRY)
    quote = await quote_of(client, key, "pays")
    await send(client, key, quote["id"], do="reject")
    [said] = (await client.get(f"/articles/{key}/corrections")).json()["items"]
    answer = await send(client, key, None, do="undo", correction=said["id"], author="Lena Holt")
    again = await send(client, key, None, do="undo", correction=said["id"])

    assert answer.status_code == 303
    assert (await quote_of(client, key, "pays"))["review"]["status"] == "machine"
    assert again.status_code == 409
    assert "taken back" in await read(client, f"/read/articles/{key}/review")


async def test_two_at_once_do_not_overwrite_each_other(client: httpx.AsyncClient) -> None:
    key = await keep(client, FERRY)
    quote = await quote_of(client, key, "pays")
    page = await read(client, f"/read/articles/{key}/review?item={quote['id']}")
    [tag] = set(re.findall(r'name="tag" value="(\w+)"', page))
    await send(client, key, quote["id"], do="change", type="mixed")
    late = await client.post(
        f"/read/articles/{key}/review", data={"id": quote["id"], "tag": tag, "do": "change", "type": "indirect"}
    )

    assert late.status_code == 409
    assert "somebody changed this in the meantime" in late.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"do": "change", "words": "not in the story"}, "does not stand in the story"),
        ({"do": "change"}, "changes nothing"),
        ({"do": "change", "who": "other"}, "whose name is it"),
        ({"do": "change", "who": "per_nobody"}, "nobody with this id"),
        ({"do": "change", "type": "loud"}, "type"),
        ({"do": "change", "id": "quo_gone"}, "is there no more"),
        ({"do": "confirm", "id": "quo_gone"}, "no such annotation"),
        ({"do": "undo", "correction": "x"}, "no such correction"),
        ({"do": "dance"}, "is one of"),
        ({"do": "change", "note": "a\0b"}, "NUL"),
        ({f"f{i}": "1" for i in range(101)}, "fields"),
        ({"do": "merge", "entity": "per_nobody", "into": "x"}, "no such"),
    ],
)
async def test_what_cannot_be_done_is_told_in_the_page(
    client: httpx.AsyncClient, fields: dict[str, str], told: str
) -> None:
    key = await keep(client, FERRY)
    quote = await quote_of(client, key, "pays")
    answer = await send(client, key, quote["id"], **fields)

    assert answer.status_code in {404, 409, 422}
    assert told in answer.text
    assert (await client.get(f"/articles/{key}/corrections")).json()["items"] == []


async def test_words_that_are_gone_are_reported(app: FastAPI, client: httpx.AsyncClient) -> None:
    key = await keep(client, FERRY, title="Ferry stays")
    quote = await quote_of(client, key, "pays")
    await send(client, key, quote["id"], do="change", type="mixed")
    store: Store = app.state.parts.store
    Intake(store, PlainRules()).replace(key, receive_text("The ferry goes. Nobody was asked about it at all."))
    page = await read(client, "/read/review")
    desk = await read(client, f"/read/articles/{key}/review")

    assert re.search(r"changed: a quote.+are gone", page, re.DOTALL)
    assert "does not hold" in desk


async def test_people_are_merged_split_and_put_back(client: httpx.AsyncClient) -> None:
    one = await keep(client, '"Aye," Ana Ruiz said. Tom Okafor left.')
    two = await keep(client, '"Nay," Anna Ruiz said.')
    ana, anna, tom = [
        next(p["id"] for p in (await story(client, key))["people"] if p["name"] == name)
        for key, name in ((one, "Ana Ruiz"), (two, "Anna Ruiz"), (one, "Tom Okafor"))
    ]
    merged = await send(client, two, None, do="merge", entity=anna, into_name="Ana Ruiz", note="one woman")
    assert merged.status_code == 303, merged.text
    assert [p["id"] for p in (await story(client, two))["people"]] == [ana]
    page = await read(client, f"/read/articles/{two}/review")
    assert "in 2 stories" in page
    split = await send(client, two, None, do="split", entity=ana)
    assert split.status_code == 303
    assert [p["id"] for p in (await story(client, two))["people"]] != [ana]
    page = await read(client, f"/read/articles/{one}/review")
    changes = re.findall(r'name="change" value="(\w+)"', page)
    for change in changes:
        assert (await send(client, one, None, do="undo-merge", change=change)).status_code == 303
    assert (await story(client, two))["people"][0]["id"] not in {ana, tom}
    within = await send(client, one, None, do="merge", entity=tom, into=ana)
    assert within.status_code == 303
    assert [p["name"] for p in (await story(client, one))["people"]] == ["Ana Ruiz"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [({}, "who is it"), ({"into_name": "Nobody Here"}, "nobody&#39;s name"), ({"into": "self"}, "merged")],
)
async def test_a_merge_with_nobody_is_told(client: httpx.AsyncClient, fields: dict[str, str], told: str) -> None:
    key = await keep(client, FERRY)
    tom = next(p["id"] for p in (await story(client, key))["people"] if p["name"] == "Tom Okafor")
    sent = {name: tom if value == "self" else value for name, value in fields.items()}
    answer = await send(client, key, None, do="merge", entity=tom, **sent)

    assert answer.status_code == 422
    assert told in answer.text


async def test_a_merge_outlives_a_later_correction(client: httpx.AsyncClient) -> None:
    key = await keep(client, '"Aye," Ana Ruiz said. "Nay," Tom Okafor said.')
    ana, tom = [p["id"] for p in (await story(client, key))["people"]]
    await send(client, key, None, do="merge", entity=tom, into=ana)
    quote = await quote_of(client, key, "Nay")
    answer = await send(client, key, quote["id"], do="confirm")

    assert answer.status_code == 303
    assert {q["speaker"]["entity_id"] for q in (await story(client, key))["quotes"]} == {ana}


async def test_a_page_of_another_site_may_change_nothing(client: httpx.AsyncClient) -> None:
    key = await keep(client, FERRY)
    place = f"/read/articles/{key}/review"
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        answer = await client.post(place, data={"do": "undo", "correction": "x"}, headers=headers)
        assert answer.status_code == 403


async def test_stored_markup_shows_as_text_on_the_desk(client: httpx.AsyncClient) -> None:
    key = await keep(client, HOSTILE, title="<script>alert(1)</script>")
    quote = await quote_of(client, key, "Never")
    await send(client, key, quote["id"], do="change", type="mixed", note="<img src=x>", author="<b>Lena</b>")
    page = await read(client, f"/read/articles/{key}/review?item={quote['id']}") + await read(client, "/read/review")

    for markup in ("<b>", "<i>", "<img", "<script>alert"):
        assert markup not in page
    assert "{{ 7 * 7 }}" in page


async def test_what_is_not_there_is_a_page_with_its_status(client: httpx.AsyncClient) -> None:
    assert (await client.get("/read/articles/nothing/review")).status_code == 404
    assert (await client.get("/read/review?cursor=x")).status_code == 422


async def test_who_may_be_who_is_settled(client: httpx.AsyncClient) -> None:
    await keep(client, "John Smith spoke in town.")
    await keep(client, "John Smith spoke at sea.")
    page = await read(client, "/read/review")
    assert "Nobody is in doubt" not in page
    [link] = re.findall(r'name="link" value="(\w+)"', page)
    answer = await client.post("/read/review", data={"link": link, "do": "reject"})
    again = await client.post("/read/review", data={"link": link, "do": "accept"})

    assert answer.headers["location"] == "/read/review#links-head"
    assert "Nobody is in doubt" in await read(client, "/read/review")
    assert again.status_code == 409
