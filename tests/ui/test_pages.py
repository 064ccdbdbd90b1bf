"""What the pages say, without a browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import anyio
import httpx
import pytest
from fastapi import FastAPI

from app.store.keys import create_key, revoke_key
from tests.api.service import BRIDGE, FERRY, client_of, make_service, work_off
from tests.unit.ingest.web import LOOPBACK, Web

pytestmark = pytest.mark.anyio

HOSTILE = (
    '<script>alert(1)</script> "><img src=x onerror=alert(2)> Ana Ruiz opposes the toll.\n\n'
    '"<b>No</b> & never {{ 7 * 7 }}" Ana Ruiz said.'
)


async def keep(client: httpx.AsyncClient, text: str, **fields: str) -> str:
    answer = await client.post("/articles", json={"text": text, **fields})
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["id"]
    return key


async def read(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


async def first_id(client: httpx.AsyncClient, path: str) -> str:
    key: str = (await client.get(path)).json()["items"][0]["id"]
    return key


async def test_the_front_page_works_without_a_story(client: httpx.AsyncClient) -> None:
    assert "Paste a story" in await read(client, "/read/")


@pytest.mark.parametrize("path", ["/", "/read"])
async def test_home_leads_to_the_front_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert (answer.status_code, answer.headers["location"]) == (303, "/read/")


async def test_the_front_page_shows_stories_and_what_is_said(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE, title="Bridge shuts", source="Port Post")
    await keep(client, 'The ferry stays open. "It has paid its way for nineteen years in a row," Tom Okafor said.')
    page = await read(client, "/read/")

    assert f'href="/read/articles/{key}"' in page
    assert "Port Post" in page
    assert "It has paid its way" in page


async def test_the_front_page_shows_short_quotes_where_there_are_no_others(client: httpx.AsyncClient) -> None:
    assert "sayso seed" in await read(client, "/read/")
    await keep(client, "The pier stays.")
    assert "Nobody in the latest stories" in await read(client, "/read/")
    await keep(client, '"It stays," Tom Okafor said.')

    assert "It stays," in await read(client, "/read/")


async def test_a_story_shows_each_annotation_under_its_id(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE)
    found = (await client.get(f"/articles/{key}")).json()
    page = await read(client, f"/read/articles/{key}")

    for item in (*found["quotes"], *found["positions"], *found["people"], *found["organizations"]):
        assert page.count(f' id="{item["id"]}"') == 1
    for quote in found["quotes"]:
        assert f'id="note-{quote["id"]}"' in page


async def test_what_is_unknown_is_said_to_be(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE)

    assert "Not named" in await read(client, f"/read/articles/{key}")


async def test_stored_markup_shows_as_text_under_a_strict_policy(client: httpx.AsyncClient) -> None:
    key = await keep(client, HOSTILE, title="<script>alert(3)</script>", source="<i>x</i>")
    answer = await client.get(f"/read/articles/{key}")

    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert "{{ 7 * 7 }}" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"\sstyle=|\son\w+=\"", answer.text)


async def test_a_person_page_holds_quotes_posts_and_positions(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE)
    await keep(client, FERRY + ' "The bridge can wait," Ana Ruiz said.')
    person = await first_id(client, "/people?name=Ana+Ruiz")
    page = await read(client, f"/read/people/{person}")

    assert "The bridge can wait" in page
    assert "Mayor" in page
    assert "supports" in page
    assert "Tom Okafor" in page
    assert f"/read/articles/{key}" in page


async def test_quotes_of_a_person_can_be_narrowed(client: httpx.AsyncClient) -> None:
    await keep(client, '"The bridge can wait," Ana Ruiz said. "Ferries cannot," Ana Ruiz said.')
    person = await first_id(client, "/people?name=Ana+Ruiz")
    page = await read(client, f"/read/people/{person}?q=ferries")

    assert "<mark>Ferries</mark> cannot" in page
    assert "can wait" not in page
    assert "Nothing said with these words" in await read(client, f"/read/people/{person}?q=nowhere")


async def test_quotes_of_a_person_can_be_narrowed_to_days(client: httpx.AsyncClient) -> None:
    await keep(client, '"The bridge can wait," Ana Ruiz said.', published_at="2026-03-05T09:00:00Z")
    await keep(client, '"Ferries cannot," Ana Ruiz said.', published_at="2026-03-09T23:30:00Z")
    person = await first_id(client, "/people?name=Ana+Ruiz")

    for asked, found in (
        ("from=2026-03-06", "Ferries cannot"),
        ("to=2026-03-05", "The bridge can wait"),
        ("from=2026-03-09&to=2026-03-09", "Ferries cannot"),
        ("to=9999-12-31&q=bridge", "can wait"),
        ("from=2026-03-06&to=2026-03-08", "Nothing said with these words in these days"),
    ):
        assert found in await read(client, f"/read/people/{person}?{asked}"), asked
    assert 'name="from" type="date" value="2026-03-06"' in await read(client, f"/read/people/{person}?from=2026-03-06")
    refused = await client.get(f"/read/people/{person}?from=yesterday")
    assert (refused.status_code, "must be a day" in refused.text) == (422, True)


async def test_an_organization_has_its_page(client: httpx.AsyncClient) -> None:
    await keep(client, BRIDGE)
    body = await first_id(client, "/organizations")

    assert "Port Authority" in await read(client, f"/read/organizations/{body}")


async def test_an_issue_shows_both_sides(client: httpx.AsyncClient) -> None:
    await keep(
        client, "Ana Ruiz supports the ferry. Tom Okafor opposes the ferry.", published_at="2026-01-01T00:00:00Z"
    )
    await keep(client, "Ida Bly opposes the ferry, again and again.", published_at="2026-03-01T00:00:00Z")
    issue = await first_id(client, "/issues")
    page = await read(client, f"/read/issues/{issue}")

    assert page.index("▲ For") < page.index("Ana Ruiz</a></p>")
    assert "Ida Bly" in page
    assert page.count("<svg viewBox") == 2
    picture = await client.get(f"/read/issues/{issue}.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')


async def test_what_is_likely_wrong_stands_apart(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.reading._UNSURE", 1.0)
    await keep(client, "Ana Ruiz supports the ferry. Tom Okafor opposes the ferry.")
    page = await read(client, f"/read/issues/{await first_id(client, '/issues')}")

    assert "<summary>2 readings less sure</summary>" in page
    assert page.index("less sure") < page.index("Ana Ruiz</a></p>")
    assert "<svg viewBox" not in page


async def test_a_search_finds_stories_quotes_people_and_issues(client: httpx.AsyncClient) -> None:
    await keep(client, 'Ferry news. "The ferry pays," Tom Okafor said. Ana Ruiz supports the ferry.')
    page = await read(client, "/read/search?q=ferry")

    assert "Said</h2>" in page
    assert "Issues</h2>" in page
    assert "The <mark>ferry</mark> pays," in page
    assert "Tom Okafor" in await read(client, "/read/search?q=okafor")
    assert "Nothing found" in await read(client, "/read/search?q=zzz")
    assert "What are you looking for?" in await read(client, "/read/search")


async def test_a_pasted_story_is_shown_and_not_kept(client: httpx.AsyncClient) -> None:
    answer = await client.post("/read/annotate", data={"text": BRIDGE.replace("\n", "\r\n")})

    assert answer.status_code == 200
    assert "not kept" in answer.text
    assert "Ana Ruiz" in answer.text
    assert (await client.get("/articles")).json()["items"] == []


async def test_a_pasted_story_can_be_kept(client: httpx.AsyncClient) -> None:
    answer = await client.post("/read/annotate", data={"text": BRIDGE, "keep": "1"})
    kept = await first_id(client, "/articles")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/read/articles/{kept}")


async def test_an_empty_paste_is_told_why(client: httpx.AsyncClient) -> None:
    answer = await client.post("/read/annotate", data={"text": "  "})

    assert answer.status_code == 422
    assert 'id="fault"' in answer.text


def web_page(text: str) -> str:
    return f"<html><head><title>Bridge</title></head><body><article><p>{text}</p></article></body></html>"


async def test_a_story_is_fetched_from_its_address(client: httpx.AsyncClient, web: Web) -> None:
    url = web.says("/bridge", web_page(BRIDGE), Content_Type="text/html")

    shown = await client.post("/read/annotate", data={"url": f" {url} "})
    pasted = await client.post("/read/annotate", data={"text": f"{url}\n"})
    kept = await client.post("/read/annotate", data={"url": url, "keep": "1"})

    assert "Read just now, not kept" in shown.text
    assert "We have waited too long" in shown.text
    assert pasted.text == shown.text
    assert (kept.status_code, kept.headers["location"][:15]) == (303, "/read/articles/")
    assert f'href="{url}"' in await read(client, kept.headers["location"])


async def test_an_address_that_cannot_be_read_is_told_why(client: httpx.AsyncClient, web: Web) -> None:
    empty = web.says("/empty", "", Content_Type="text/plain")
    told = {
        f"{web.url}/gone": "The address cannot be read: answers with status 404.",
        "http://10.0.0.1/": "The address cannot be read: the host 10.0.0.1 is not at a public address.",
        "ftp://courier.example/a": "The address cannot be read: must be an absolute http or https address.",
        empty: "The page at this address cannot be read: there is nothing to read",
    }

    for url, words in told.items():
        answer = await client.post("/read/annotate", data={"url": url})
        assert answer.status_code == 422
        assert words in answer.text, answer.text
        assert f'value="{url}" aria-invalid="true"' in answer.text
    assert (await client.get("/articles")).json()["items"] == []


async def test_a_busy_host_is_told_with_when_to_come_back(sqlite_url: str, web: Web) -> None:
    url = web.says("/bridge", web_page(BRIDGE), Content_Type="text/html")
    app = make_service(sqlite_url, allowed_networks=LOOPBACK, fetch_gap=300.0)
    async with client_of(app) as client:
        first = await client.post("/read/annotate", data={"url": url})
        second = await client.post("/read/annotate", data={"url": url})
    app.state.parts.pages.close()
    app.state.parts.store.close()

    assert (first.status_code, second.status_code) == (200, 503)
    assert second.headers["retry-after"] == "300"
    assert "asked for other pages" in second.text


async def test_another_sites_page_may_not_paste(client: httpx.AsyncClient) -> None:
    answer = await client.post("/read/annotate", data={"text": BRIDGE}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert "another site" in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/read/articles/nothing", 404),
        ("/read/people/nothing", 404),
        ("/read/issues/nothing", 404),
        ("/read/issues/nothing.svg", 404),
        ("/read/nothing", 404),
        ("/read/search?q=" + "x" * 501, 422),
        ("/read/oembed", 422),
        ("/read/oembed?url=/nothing", 404),
        ("/read/oembed?url=/quotes/quo_1&format=xml", 501),
        ("/read/oembed?url=/quotes/quo_1", 404),
        ("/read/oembed?url=/quotes/quo_1&maxwidth=wide", 422),
    ],
)
async def test_what_is_wrong_is_a_page_with_its_status(client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)

    assert answer.status_code == status
    assert "To the front page" in answer.text


async def test_a_page_that_the_reader_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/read/")
    again = await client.get("/read/", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


async def test_a_quote_can_be_embedded(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE + ' "<b>Bold</b> words," Ana Ruiz said.', title="Bridge shuts")
    quote = (await client.get(f"/articles/{key}/quotes")).json()["items"][-1]["id"]

    lead = await client.get(f"/read/quotes/{quote}")
    assert lead.headers["location"] == f"/read/articles/{key}#{quote}"
    card = await client.get(f"/read/quotes/{quote}/card")
    assert "frame-ancestors *" in card.headers["content-security-policy"]
    assert "<script" not in card.text
    for url in (f"http://sayso.test/read/articles/{key}%23{quote}", f"http://sayso.test/read/quotes/{quote}"):
        found = (await client.get(f"/read/oembed?url={url}&maxwidth=300&maxheight=200")).json()
        assert (found["type"], found["version"], found["width"], found["height"]) == ("rich", "1.0", 300, 200)
        assert "&lt;b&gt;Bold" in found["html"]
        assert f"http://sayso.test/read/articles/{key}#{quote}" in found["html"]


async def test_a_story_can_be_embedded(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE)
    found = (await client.get(f"/read/oembed?url=http://sayso.test/read/articles/{key}")).json()

    assert f'<iframe src="http://sayso.test/read/articles/{key}/sidebar"' in found["html"]
    sidebar = await client.get(f"/read/articles/{key}/sidebar")
    assert "frame-ancestors *" in sidebar.headers["content-security-policy"]
    assert "Who speaks" in sidebar.text


async def test_the_example_of_embedding_works_with_and_without_a_story(client: httpx.AsyncClient) -> None:
    assert "No quote is kept yet" in await read(client, "/read/embedding")
    await keep(client, 'The ferry stays open. "It has paid its way for nineteen years in a row," Tom Okafor said.')

    assert "<sayso-quote" in await read(client, "/read/embedding")


async def test_the_operations_page_shows_ingestions_and_their_failures(app: FastAPI, client: httpx.AsyncClient) -> None:
    lines = '{"text": "The ferry stays."}\n{"text": ""}\n'
    sent = await client.post("/ingestions", content=lines, headers={"Content-Type": "application/x-ndjson"})
    key = sent.json()["id"]
    assert f'data-follow="{key}"' in await read(client, "/read/operations")
    work_off(app)
    page = await read(client, "/read/operations")

    assert "1 failure" in page
    assert "line 2" in page
    assert f'action="/read/operations/ingestions/{key}/retry"' in page
    again = await client.post(f"/read/operations/ingestions/{key}/retry")
    assert (again.status_code, again.headers["location"]) == (303, "/read/operations")
    refused = await client.post(f"/read/operations/ingestions/{key}/retry", headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403


async def test_the_operations_page_shows_keys_to_those_who_may_know(app: FastAPI, client: httpx.AsyncClient) -> None:
    assert "sayso keys create" in await read(client, "/read/operations")
    now = datetime.now(UTC)
    with app.state.parts.store.writing() as session:
        _, admin = create_key(session, "the desk", ["admin"], now, now + timedelta(days=1))
        reader, sent = create_key(session, "a reader", ["read"], now)
        revoke_key(session, reader.id, now)
        _, sent = create_key(session, "a mirror", ["read"], now)
    page = await read(client, "/read/operations")

    assert "<td>revoked</td>" in page
    assert page.count("<td>usable</td>") == 2
    assert admin not in page
    for key, seen in ((admin, True), (sent, False)):
        answer = await client.get("/read/operations", headers={"Authorization": f"Bearer {key}"})
        assert (answer.status_code, "the desk" in answer.text) == (200, seen)


async def test_the_operations_page_shows_feeds_and_how_they_went(
    app: FastAPI, client: httpx.AsyncClient, web: Web
) -> None:
    assert "None yet. <code>POST /feeds</code>" in await read(client, "/read/operations")
    good = web.says("/feed", '{"version": "https://jsonfeed.org/version/1.1", "title": "Courier", "items": []}')
    keys = [
        (await client.post("/feeds", json={"url": url})).json()["id"]
        for url in (good, f"{web.url}/missing", f"{web.url}/later")
    ]
    for key in keys[:2]:
        await anyio.to_thread.run_sync(app.state.parts.worker.feeds.poll, key)
    page = await read(client, "/read/operations")

    for cell in ("polled", "failing", "new"):
        assert f"<td>{cell}</td>" in page
    assert "Courier" in page
    assert "answers with status 404" in page
    before = (await client.get(f"/feeds/{keys[1]}")).json()["next_poll_at"]
    again = await client.post(f"/read/operations/feeds/{keys[1]}/poll")
    assert (again.status_code, again.headers["location"]) == (303, "/read/operations#feeds-head")
    assert (await client.get(f"/feeds/{keys[1]}")).json()["next_poll_at"] < before
    assert (await client.post("/read/operations/feeds/none/poll")).status_code == 404
    refused = await client.post(f"/read/operations/feeds/{keys[1]}/poll", headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403


async def test_the_operations_page_shows_measured_accuracy(client: httpx.AsyncClient) -> None:
    page = await read(client, "/read/operations")

    assert "None yet" in page
    assert "quotes with the right speaker" in page
    assert page.count('class="measure"') > 5


async def test_a_story_is_one_click_away_as_data(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE)
    page = await read(client, f"/read/articles/{key}")

    links = re.findall(rf'href="(/articles/{key}[^"#]*)"', page)
    assert {link.removeprefix(f"/articles/{key}") for link in links} > {".json", ".jsonld", "/quotes.csv", "/text"}
    for link in links:
        assert (await client.get(link)).status_code == 200, link


async def test_the_posts_of_a_person_are_drawn_over_time(client: httpx.AsyncClient) -> None:
    await keep(client, "Mayor Ana Ruiz opened the bridge.", published_at="2024-03-01T00:00:00Z")
    page = await read(client, f"/read/people/{await first_id(client, '/people')}")
    assert "Posts: full" not in page
    await keep(client, "Mayor Ana Ruiz closed the bridge.", published_at="2026-03-01T00:00:00Z")
    page = await read(client, f"/read/people/{await first_id(client, '/people')}")

    assert "Posts: full" in page
    assert 'aria-label="Mayor: held 1 March 2024 to 1 March 2026"' in page


async def test_pages_are_sent_compressed(client: httpx.AsyncClient) -> None:
    key = await keep(client, BRIDGE)
    packed = await client.get(f"/read/articles/{key}", headers={"Accept-Encoding": "gzip"})
    plain = await client.get(f"/read/articles/{key}", headers={"Accept-Encoding": "identity"})
    again = await client.get(f"/read/articles/{key}", headers={"If-None-Match": packed.headers["etag"]})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert again.status_code == 304
