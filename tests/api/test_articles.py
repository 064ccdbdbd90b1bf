"""Stories in and out, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.service import BRIDGE, FERRY, Service

pytestmark = pytest.mark.anyio

FIELDS = {
    "title": "Harbor Bridge to Close",
    "section": "City",
    "byline": "By Lena Holt",
    "authors": ["Lena Holt", "Jo Park"],
    "source": "The Harbor Courier",
    "url": "https://courier.example/city/bridge?x=1#top",
    "published_at": "2024-03-05T09:30:00.5+01:00",
    "language": "en-GB",
    "external_id": "c-17",
}


async def test_a_story_is_kept_with_its_fields_and_its_annotations(service_anywhere: Service) -> None:
    answer = await service_anywhere.client.post("/articles", json={"text": BRIDGE, **FIELDS})

    assert answer.status_code == 201
    article = answer.json()
    assert answer.headers["location"] == f"http://sayso.test/articles/{article['id']}"
    assert {name: article[name] for name in FIELDS} == {**FIELDS, "published_at": "2024-03-05T08:30:00.500000Z"}
    assert article["text"] == BRIDGE
    assert [person["name"] for person in article["people"]] == ["Ana Ruiz"]
    assert article["people"][0]["offices"][0]["title"] == "Mayor"
    assert [body["name"] for body in article["organizations"]] == ["Port Authority"]
    assert [quote["text"] for quote in article["quotes"]] == ["We have waited too long.", "Nobody asked us,"]
    assert article["quotes"][1]["speaker"]["status"] == "unresolved"
    assert {position["kind"] for position in article["positions"]} == {"office", "stance"}
    read = await service_anywhere.client.get(answer.headers["location"])
    assert (read.content, read.headers["etag"]) == (answer.content, answer.headers["etag"])


async def test_every_span_is_a_stretch_of_the_text(service: Service) -> None:
    key = await service.add(f"\U0001f600 {BRIDGE}")

    article = await service.get(f"/articles/{key}")

    spans = list(spans_of({name: article[name] for name in ("people", "organizations", "quotes", "positions")}))
    assert len(spans) > 10
    assert all(article["text"][s["start"] : s["end"]] == s["exact"] for s in spans)


async def test_offsets_can_be_counted_as_browsers_count(service: Service) -> None:
    text = f"\U0001f600 {BRIDGE}"
    key = await service.add(text)
    units = text.encode("utf-16-le")

    for path in ("", "/people", "/organizations", "/quotes", "/positions", "/annotations"):
        content = await service.get(f"/articles/{key}{path}", offset_unit="utf16")
        spans = list(spans_of(content))
        assert spans
        assert all(units[2 * s["start"] : 2 * s["end"]].decode("utf-16-le") == s["exact"] for s in spans)


def spans_of(value: object) -> list[dict[str, Any]]:
    """Return every span in a JSON value."""
    if isinstance(value, dict):
        own = [value] if "exact" in value else []
        return own + [span for part in value.values() for span in spans_of(part)]
    return [span for part in value for span in spans_of(part)] if isinstance(value, list) else []


async def test_the_same_text_again_is_the_same_article(service_anywhere: Service) -> None:
    first = await service_anywhere.client.post("/articles", json={"text": BRIDGE, **FIELDS})
    again = await service_anywhere.client.post(
        "/articles", content=BRIDGE.encode(), headers={"Content-Type": "text/plain"}
    )

    assert again.status_code == 200
    assert again.content == first.content
    assert len((await service_anywhere.get("/articles"))["items"]) == 1


async def test_a_new_text_is_a_new_revision(service_anywhere: Service) -> None:
    key = await service_anywhere.add(BRIDGE, **FIELDS)

    answer = await service_anywhere.client.put(f"/articles/{key}", json={"text": FERRY})

    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["revision"], answer.json()["title"]) == (key, 2, None)
    revisions = (await service_anywhere.get(f"/articles/{key}/revisions"))["items"]
    assert [(r["number"], r["current"]) for r in revisions] == [(2, True), (1, False)]
    assert (await service_anywhere.client.get(f"/articles/{key}/text")).text == FERRY
    assert (await service_anywhere.client.get(f"/articles/{key}/text?revision=1")).text == BRIDGE
    old = await service_anywhere.get(f"/articles/{key}/quotes", revision=1)
    assert [quote["text"] for quote in old["items"]] == ["We have waited too long.", "Nobody asked us,"]
    assert [quote["text"] for quote in (await service_anywhere.get("/quotes"))["items"]] == ["It pays its way,"]


async def test_the_text_that_an_article_has_changes_only_what_came_with_it(service_anywhere: Service) -> None:
    key = await service_anywhere.add(BRIDGE)
    before = await service_anywhere.get(f"/articles/{key}")

    answer = await service_anywhere.client.put(f"/articles/{key}", json={"text": BRIDGE, "section": "Harbor"})

    assert answer.status_code == 200
    after = answer.json()
    assert (after["revision"], after["section"], after["quotes"]) == (1, "Harbor", before["quotes"])


async def test_a_text_that_another_article_has_is_a_conflict(service_anywhere: Service) -> None:
    await service_anywhere.add(BRIDGE)
    key = await service_anywhere.add(FERRY)

    answer = await service_anywhere.client.put(f"/articles/{key}", json={"text": BRIDGE})

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")
    assert (await service_anywhere.client.get(f"/articles/{key}/text")).text == FERRY


async def test_a_deleted_article_is_gone_with_all_that_was_found_in_it(service_anywhere: Service) -> None:
    key = await service_anywhere.add(BRIDGE)

    answer = await service_anywhere.client.delete(f"/articles/{key}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert (await service_anywhere.client.get(f"/articles/{key}")).status_code == 404
    for path in ("/articles", "/quotes", "/people", "/organizations", "/positions", "/issues"):
        assert (await service_anywhere.get(path))["items"] == []
    assert (await service_anywhere.client.delete(f"/articles/{key}")).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_change_to_another_state_than_if_match_names_is_refused(service: Service, method: str) -> None:
    key = await service.add(BRIDGE)
    path = f"/articles/{key}"
    seen = (await service.client.get(path)).headers["etag"]
    await service.client.put(path, json={"text": BRIDGE, "section": "Harbor"})
    body = {"json": {"text": FERRY}} if method == "PUT" else {}

    refused = await service.client.request(method, path, headers={"If-Match": seen}, **body)  # type: ignore[arg-type]

    assert (refused.status_code, refused.json()["type"]) == (412, "/problems/precondition-failed")
    now = await service.client.get(path, headers={"Accept-Encoding": "identity"})
    assert refused.headers["etag"] == now.headers["etag"]
    assert (await service.get(path))["text"] == BRIDGE


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("which", ["default", "utf16", "any", "several"])
async def test_a_change_to_the_state_that_if_match_names_is_made(service: Service, method: str, which: str) -> None:
    path = f"/articles/{await service.add(BRIDGE)}"
    default = (await service.client.get(path)).headers["etag"]
    utf16 = (await service.client.get(path, params={"offset_unit": "utf16"})).headers["etag"]
    tags = {"default": default, "utf16": utf16, "any": "*", "several": f'"other", {default}'}
    body = {"json": {"text": FERRY}} if method == "PUT" else {}

    answer = await service.client.request(method, path, headers={"If-Match": tags[which]}, **body)  # type: ignore[arg-type]

    assert answer.status_code in {200, 204}


async def test_a_change_to_nothing_is_not_found(service: Service) -> None:
    for key in ("0" * 32, "no such id", "x" * 200, "%00"):
        assert (await service.client.put(f"/articles/{key}", json={"text": FERRY})).status_code == 404
        assert (await service.client.delete(f"/articles/{key}")).status_code == 404
    assert (await service.get("/articles"))["items"] == []


async def test_plain_text_off_a_wire_is_understood(service: Service) -> None:
    text = (
        "World and Nation\n\nHarbor Bridge to Close for Repairs\n\nBy LENA HOLT\n\n"
        "PORT ANSEL, March 5 - The Harbor bridge will close in May, officials said on Tuesday after a long debate.\n\n"
        "Nobody knows when it opens again, and the ferry does not run on Sundays, the officials said.\n"
    )

    answer = await service.client.post("/articles", content=text.encode(), headers={"Content-Type": "text/plain"})

    article = answer.json()
    assert answer.status_code == 201
    assert (article["section"], article["title"]) == ("World and Nation", "Harbor Bridge to Close for Repairs")
    assert article["byline"] == "By LENA HOLT"
    assert article["text"] == text
    title = article["head"]["title"]
    assert (text[title["start"] : title["end"]], title["field"]) == (article["title"], "title")


async def test_a_headline_sent_apart_is_no_part_of_the_text(service: Service) -> None:
    apart = await service.get(f"/articles/{await service.add(FERRY, title='The Ferry Stays After All')}")
    inside = await service.get(
        f"/articles/{await service.add('Ferry to Stay' + chr(10) * 2 + FERRY, title='Ferry to Stay')}"
    )

    assert (apart["title"], apart["head"]["title"], apart["text"]) == ("The Ferry Stays After All", None, FERRY)
    assert inside["title"] == "Ferry to Stay"


async def test_a_page_is_read_for_its_story(service: Service) -> None:
    paragraph = (
        "The ferry stays, the harbor council decided on Tuesday after a debate of four hours in the old town hall."
    )
    page = (
        '<!doctype html><html lang="en"><head><title>Ferry to Stay</title>'
        '<meta property="og:title" content="Ferry to Stay"><meta property="og:site_name" content="Courier">'
        '<meta property="article:published_time" content="2024-03-05T09:30:00Z">'
        '<link rel="canonical" href="https://courier.example/ferry"></head><body><article><h1>Ferry to Stay</h1>'
        f"<p>{paragraph}</p><p>It pays its way, Tom Okafor said, and nobody in the room could say otherwise.</p>"
        "</article></body></html>"
    )

    bare = await service.client.post("/articles", content=page, headers={"Content-Type": "text/html; charset=utf-8"})
    told = await service.client.put(
        f"/articles/{bare.json()['id']}", json={"html": page, "title": "Told", "url": "http://x.example/"}
    )

    assert bare.status_code == 201, bare.text
    article = bare.json()
    assert article["text"].startswith(paragraph)
    assert (article["title"], article["url"]) == ("Ferry to Stay", "https://courier.example/ferry")
    assert (article["published_at"], article["language"]) == ("2024-03-05T09:30:00Z", "en")
    assert (told.json()["title"], told.json()["url"], told.json()["revision"]) == ("Told", "http://x.example/", 1)


@pytest.mark.parametrize(
    "text",
    [
        "\u201cCurly\u201d \u2018quotes\u2019 \u2014 and a non\u2011breaking\u00a0space.",
        "Lines\r\nof a\rwire\n\twith tabs.\x0cA new page.",
        "e\u0301 combining, \U0001f468\u200d\U0001f469\u200d\U0001f467 family, \u202bright to left\u202c.",
        "\u0627\u0644\u0633\u0644\u0627\u0645 \u05e9\u05dc\u05d5\u05dd \u4f60\u597d",
        "soft\u00adhyphen, co- locate, zero\u200bwidth, \ufffd replaced.",
        "  leading and trailing  \n\n",
    ],
)
async def test_what_people_and_their_programs_write_survives_byte_for_byte(service: Service, text: str) -> None:
    for body in ({"json": {"text": text}}, {"content": text.encode(), "headers": {"Content-Type": "text/plain"}}):
        answer = await service.client.post("/articles", **body)
        assert answer.status_code in {200, 201}, answer.text
        assert (await service.client.get(f"/articles/{answer.json()['id']}/text")).content == text.encode()


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"\xef\xbb\xbfA bridge.", "text/plain", "A bridge."),
        ("Caf\u00e9.".encode("latin-1"), "text/plain; charset=ISO-8859-1", "Caf\u00e9."),
        ("\u201cYes.\u201d".encode("cp1252"), 'text/plain; charset="windows-1252"', "\u201cYes.\u201d"),
        ("Caf\u00e9.".encode("utf-16"), "text/plain; charset=utf-16", "Caf\u00e9."),
        ('\ufeff{"text": "Caf\u00e9."}'.encode(), "Application/JSON; charset=UTF-8", "Caf\u00e9."),
    ],
)
async def test_the_declared_charset_is_honoured(service: Service, body: bytes, content_type: str, text: str) -> None:
    answer = await service.client.post("/articles", content=body, headers={"Content-Type": content_type})

    assert (answer.status_code, answer.json()["text"]) == (201, text)


async def test_a_story_can_be_annotated_without_being_kept(service: Service) -> None:
    answer = await service.client.post("/annotate", json={"text": f"\U0001f600 {BRIDGE}"})
    utf16 = await service.client.post("/annotate?offset_unit=utf16", json={"text": f"\U0001f600 {BRIDGE}"})

    found = answer.json()
    assert answer.status_code == 200
    assert found["quotes"][0]["article_id"] is None
    start, end, kind = found["entities"][0]
    assert (found["text"][start:end], kind) == ("Ana Ruiz", "person")
    assert utf16.json()["entities"][0] == [start + 1, end + 1, kind]
    assert (await service.get("/articles"))["items"] == []
