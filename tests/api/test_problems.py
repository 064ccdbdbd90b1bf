"""Everything that can be wrong with a request: a clear problem that names it, and nothing stored."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.domain.analysis import Analysis, check
from app.domain.annotation import Actor, Quote
from app.domain.document import Document
from app.domain.span import Span
from app.store.store import Store
from tests.api.plain_rules import PlainRules
from tests.api.service import BRIDGE, FERRY, Service, client_of, make_service

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
HTML = {"Content-Type": "text/html"}


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    """Return status and name of the problem that an answer is."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    content = answer.json()
    assert content["status"] == answer.status_code
    return answer.status_code, content["type"].removeprefix("/problems/")


def fields_of(answer: httpx.Response) -> list[str]:
    """Return the fields that a problem names."""
    return [error["field"] for error in answer.json().get("errors", [])]


async def test_a_body_that_is_no_story_is_a_problem_and_nothing_is_stored(service: Service) -> None:
    cases: list[tuple[bytes, dict[str, str], int, str, list[str]]] = [
        (b"", PLAIN, 422, "empty-text", ["text"]),
        (" \n\u00a0\u200b\t".encode(), PLAIN, 422, "empty-text", ["text"]),
        (b"\xef\xbb\xbf", PLAIN, 422, "empty-text", ["text"]),
        (b"Caf\xe9.", PLAIN, 422, "charset", ["text"]),
        (b"Word.", {"Content-Type": "text/plain; charset=klingon"}, 422, "charset", ["text"]),
        (b"Word.", {"Content-Type": "text/plain; charset=base64"}, 422, "charset", ["text"]),
        (b"W", {"Content-Type": "text/plain; charset=utf-16"}, 422, "charset", ["text"]),
        (b"A\x00B", PLAIN, 422, "control-character", ["text"]),
        (b"A\x1b[0mB", PLAIN, 422, "control-character", ["text"]),
        (b"A\x7fB", PLAIN, 422, "control-character", ["text"]),
        (b"", JSON, 400, "not-json", []),
        (b'{"text": "A', JSON, 400, "not-json", []),
        (b'{"text": "A"} {}', JSON, 400, "not-json", []),
        (b'{"text": NaN}', JSON, 400, "not-json", []),
        (b'{"text": -Infinity}', JSON, 400, "not-json", []),
        (b'{"text": "A\nB"}', JSON, 400, "not-json", []),
        (b'{"text": "\xff"}', JSON, 400, "not-json", []),
        (b'{"text": ' + b"[" * 100_000, JSON, 400, "not-json", []),
        (b'{"text": ' + b"9" * 10_000 + b"}", JSON, 400, "not-json", []),
        ('{"text": "A"}'.encode("utf-16"), JSON, 400, "not-json", []),
        (b"[]", JSON, 422, "invalid-input", [""]),
        (b'"A"', JSON, 422, "invalid-input", [""]),
        (b"null", JSON, 422, "invalid-input", [""]),
        (b'{"text": "A", "text": "B"}', JSON, 422, "invalid-input", ["text"]),
        (b'{"text": "\\ud800"}', JSON, 422, "invalid-input", ["text"]),
        (b'{"text": "A", "authors": ["\\udfff"]}', JSON, 422, "invalid-input", ["authors"]),
        (b"<p></p>", HTML, 422, "unreadable-html", ["html"]),
        (b"   ", HTML, 422, "unreadable-html", ["html"]),
        (b"\xff\xfe\xff", HTML, 422, "charset", ["html"]),
        (b"Word.", {"Content-Type": "text/plain", "Content-Encoding": "gzip"}, 415, "unsupported-media-type", []),
        (b"Word.", {"Content-Type": "application/xml"}, 415, "unsupported-media-type", []),
        (b"Word.", {"Content-Type": "text"}, 415, "unsupported-media-type", []),
        (b"Word.", {"Content-Type": ""}, 415, "unsupported-media-type", []),
        (b"Word.", {}, 415, "unsupported-media-type", []),
        (b"{}", {"Content-Type": "application/json; charset=latin-1"}, 415, "unsupported-media-type", []),
    ]
    for path in ("/articles", "/annotate"):
        for body, headers, status, name, fields in cases:
            answer = await service.client.post(path, content=body, headers=headers)
            assert (problem_of(answer), fields_of(answer)) == ((status, name), fields), (body[:40], headers)
    await assert_nothing_is_stored(service)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, ["text"]),
        ({"text": None}, ["text"]),
        ({"text": "A", "html": "<p>A</p>"}, ["text"]),
        ({"text": 1}, ["text"]),
        ({"text": ["A"]}, ["text"]),
        ({"text": True}, ["text"]),
        ({"html": {}}, ["html"]),
        ({"text": "A", "titel": "B"}, ["titel"]),
        ({"text": "A", "id": "0", "title": 1, "": 2}, ["title", "id", ""]),
        ({"text": "A", "title": ""}, ["title"]),
        ({"text": "A", "title": " \u00a0"}, ["title"]),
        ({"text": "A", "title": "B\nC"}, ["title"]),
        ({"text": "A", "title": "B\u0000"}, ["title"]),
        ({"text": "A", "title": "B" * 1001}, ["title"]),
        ({"text": "A", "section": "B" * 301}, ["section"]),
        ({"text": "A", "authors": "Lena Holt"}, ["authors"]),
        ({"text": "A", "authors": ["Lena Holt", 2, ""]}, ["authors.1", "authors.2"]),
        ({"text": "A", "authors": ["B"] * 101}, ["authors"]),
        ({"text": "A", "authors": [["B"]]}, ["authors.0"]),
        ({"text": "A", "url": "courier.example"}, ["url"]),
        ({"text": "A", "url": "javascript:alert(1)"}, ["url"]),
        ({"text": "A", "url": "ftp://courier.example/x"}, ["url"]),
        ({"text": "A", "url": "http://"}, ["url"]),
        ({"text": "A", "url": "http://[::1"}, ["url"]),
        ({"text": "A", "url": "http://courier.example:99999/"}, ["url"]),
        ({"text": "A", "url": "https://courier.example/a b"}, ["url"]),
        ({"text": "A", "url": f"https://courier.example/{'a' * 2048}"}, ["url"]),
        ({"text": "A", "language": "English"}, ["language"]),
        ({"text": "A", "language": "e"}, ["language"]),
        ({"text": "A", "language": "en_GB"}, ["language"]),
        ({"text": "A", "external_id": 17}, ["external_id"]),
        ({"text": "A", "published_at": "2024-02-30"}, ["published_at"]),
        ({"text": "A", "published_at": "2023-02-29T00:00:00Z"}, ["published_at"]),
        ({"text": "A", "published_at": "2024-03-05T25:00:00Z"}, ["published_at"]),
        ({"text": "A", "published_at": "2024-03-05T09:30:60Z"}, ["published_at"]),
        ({"text": "A", "published_at": "2024-03-05T09:30:00"}, ["published_at"]),
        ({"text": "A", "published_at": "2024-03-05T09:30:00+1"}, ["published_at"]),
        ({"text": "A", "published_at": "2024-03-05T09:30:00+99:00"}, ["published_at"]),
        ({"text": "A", "published_at": "0000-01-01"}, ["published_at"]),
        ({"text": "A", "published_at": "0001-01-01T00:00:00+14:00"}, ["published_at"]),
        ({"text": "A", "published_at": "9999-12-31T23:59:59-14:00"}, ["published_at"]),
        ({"text": "A", "published_at": "yesterday"}, ["published_at"]),
        ({"text": "A", "published_at": ""}, ["published_at"]),
        ({"text": "A", "published_at": 1709627400}, ["published_at"]),
        ({"text": "A", "published_at": "\u0662\u0660\u0662\u0664-\u0660\u0663-\u0660\u0665"}, ["published_at"]),
    ],
)
async def test_a_field_that_is_wrong_is_named(service: Service, fields: dict[str, Any], named: list[str]) -> None:
    answer = await service.client.post("/articles", content=json.dumps(fields), headers=JSON)

    assert problem_of(answer) == (422, "invalid-input")
    assert fields_of(answer) == named
    assert all(error["reason"] for error in answer.json()["errors"])
    await assert_nothing_is_stored(service)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": "x" * 1001}, "title: must have at most 1000 characters"),
        ({"authors": ["A"] * 101}, "authors: must have at most 100 entries"),
        ({"published_at": "2024-03-05T09:30:00+25:00"}, "an offset such as +02:00, less than a day from UTC"),
        ({"text": "a\u0000"}, "text: control character U+0000 at position 1"),
    ],
)
async def test_an_error_tells_what_would_be_right(service: Service, fields: dict[str, Any], reason: str) -> None:
    answer = await service.client.post("/articles", content=json.dumps({"text": "A", **fields}), headers=JSON)

    assert answer.status_code == 422
    assert reason in answer.json()["detail"]


async def test_a_list_without_entries_is_told_of_in_our_words(service: Service) -> None:
    answer = await service.client.post("/ingestions", content=b'{"urls": []}', headers=JSON)

    assert answer.json()["errors"] == [{"field": "urls", "reason": "must have entries, 1 or more"}]


async def test_an_order_that_is_none_is_told_under_its_name_with_all_there_are(service: Service) -> None:
    answer = await service.client.get("/quotes?sort=newest")

    (error,) = answer.json()["errors"]
    assert error["field"] == "sort"
    assert "'-received'" in error["reason"]
    assert "'relevance'" in error["reason"]


async def test_an_error_tells_where_json_breaks(service: Service) -> None:
    answer = await service.client.post("/articles", content=b'{"text":\n "A",}', headers=JSON)

    assert problem_of(answer) == (400, "not-json")
    assert "line 2" in answer.json()["detail"]


async def test_many_wrong_fields_are_not_all_repeated(service: Service) -> None:
    fields = {f"field{i}{'x' * 500}": i for i in range(5000)}

    answer = await service.client.post("/articles", json={"text": "A", **fields})

    assert problem_of(answer) == (422, "invalid-input")
    assert len(answer.content) < 10_000


@pytest.mark.parametrize("headers", [PLAIN, HTML, JSON])
async def test_a_story_above_the_limit_is_too_large(sqlite_url: str, headers: dict[str, str]) -> None:
    app = make_service(sqlite_url, max_text_bytes=1000)
    inside, outside = "\u00e9" * 500, "\u00e9" * 501

    def body(story: str) -> bytes:
        page = f"<html><body><article><p>{story}</p></article></body></html>" if headers is HTML else story
        return json.dumps({"text": story}).encode() if headers is JSON else page.encode()

    async with client_of(app) as client:
        refused = await client.post("/articles", content=body(outside), headers=headers)
        assert problem_of(refused) == (413, "too-large")
        assert fields_of(refused) == ["html" if headers is HTML else "text"]
        await assert_nothing_is_stored(Service(app, client))
        if headers is not HTML:
            assert (await client.post("/articles", content=body(inside), headers=headers)).status_code == 201
    app.state.parts.store.close()


async def test_a_body_is_not_read_beyond_the_limit(service: Service) -> None:
    sent = 0

    async def endless() -> Any:  # noqa: ANN401 (an async iterator of bytes)
        nonlocal sent
        while True:
            sent += 100_000
            yield b"word " * 20_000

    for headers, limit in ((PLAIN, 1_000_000), (JSON, 3_065_536)):
        sent = 0
        answer = await service.client.post("/articles", content=endless(), headers=headers)
        assert problem_of(answer) == (413, "too-large")
        assert sent <= limit + 200_000
    declared = await service.client.post("/articles", content=b"A", headers={**PLAIN, "Content-Length": "1000001"})
    assert problem_of(declared) == (413, "too-large")
    await assert_nothing_is_stored(service)


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/articles?limit=0", "limit"),
        ("/articles?limit=201", "limit"),
        ("/articles?limit=99999999999999999999999999", "limit"),
        ("/articles?limit=ten", "limit"),
        ("/articles?limit=", "limit"),
        ("/articles?limit=1&limit=2", "limit"),
        ("/articles?published_from=2024-02-30", "published_from"),
        ("/articles?published_to=2024-03-05T09:30:00", "published_to"),
        ("/articles?order=random", "order"),
        ("/articles?sort=random", "sort"),
        ("/articles?facet=author", "facet"),
        ("/quotes?fields=id,words", "fields"),
        ("/quotes?include=", "include"),
        ("/articles?q=", "q"),
        ("/articles?source=a%00b", "source"),
        ("/quotes?type=shouted", "type"),
        ("/quotes?status=known", "status"),
        ("/quotes?min_confidence=1.1", "min_confidence"),
        ("/quotes?min_confidence=nan", "min_confidence"),
        ("/quotes?min_confidence=high", "min_confidence"),
        ("/quotes?article=" + "x" * 200, "article"),
        ("/positions?kind=opinion", "kind"),
        ("/positions?polarity=for", "polarity"),
        ("/positions?tense=past", "tense"),
        ("/search?q=a&limit=51", "limit"),
        ("/search", "q"),
        ("/people?page=2", "page"),
        ("/articles/x?offset_unit=bytes", "offset_unit"),
        ("/articles/x/text?revision=0", "revision"),
        ("/articles/x/text?revision=99999999999", "revision"),
    ],
)
async def test_a_parameter_that_is_wrong_is_named(service: Service, path: str, named: str) -> None:
    answer = await service.client.get(path)

    assert problem_of(answer) == (422, "invalid-input")
    assert fields_of(answer) == [named]


async def test_a_cursor_that_no_list_made_is_refused(service_anywhere: Service) -> None:
    await service_anywhere.add(BRIDGE)
    await service_anywhere.add(FERRY)
    own = (await service_anywhere.get("/articles", limit=1))["next"].partition("cursor=")[2]

    for path in ("/articles", "/articles?sort=-published", "/quotes", "/people", "/positions", "/issues"):
        for cursor in (
            "x",
            "%00",
            "e30",
            "W10",
            "bnVsbA",
            "\u00e9",
            "A" * 1999,
            *([own] if path != "/articles" else []),
        ):
            answer = await service_anywhere.client.get(f"{path}{'&' if '?' in path else '?'}cursor={cursor}")
            assert (problem_of(answer), fields_of(answer)) == ((422, "cursor"), ["cursor"]), (path, cursor)


@pytest.mark.parametrize(
    ("query", "named", "reason"),
    [
        ("q=%ff", "q", "is not UTF-8, percent-encoded"),
        ("q=bridge&source=%C3%28", "source", "is not UTF-8, percent-encoded"),
        ("q=100%", "q", "has a % without two hexadecimal digits: a percent sign itself is %25"),
        ("q=%zz", "q", "has a % without two hexadecimal digits: a percent sign itself is %25"),
    ],
)
async def test_a_parameter_that_is_no_text_is_named(service: Service, query: str, named: str, reason: str) -> None:
    answer = await service.client.get(httpx.URL("http://sayso.test/quotes", query=query.encode()))

    assert problem_of(answer) == (422, "invalid-input")
    assert answer.json()["errors"] == [{"field": named, "reason": reason}]


async def test_a_percent_sign_can_be_asked_for(service: Service) -> None:
    assert (await service.client.get("/quotes?q=5%25+of+caf%C3%A9s")).status_code == 200


async def test_a_character_that_no_words_have_is_told_in_words(service: Service) -> None:
    answer = await service.client.get("/quotes?q=%00")
    assert answer.json()["errors"] == [{"field": "q", "reason": "holds a character that it may not have"}]


async def test_a_body_that_is_wrong_as_a_whole_has_no_name(service: Service) -> None:
    answer = await service.client.post("/articles", content=b"[]", headers=JSON)
    assert (problem_of(answer), answer.json()["detail"]) == ((422, "invalid-input"), "must be a JSON object")


async def test_a_request_names_one_host(service: Service) -> None:
    answer = await service.client.get("/articles", headers=[("Host", "localhost"), ("Host", "evil.example")])
    assert problem_of(answer) == (400, "bad-request")


async def test_writing_takes_no_parameters(service: Service) -> None:
    answer = await service.client.post("/articles?dry_run=1", json={"text": BRIDGE})

    assert (problem_of(answer), fields_of(answer)) == ((422, "invalid-input"), ["dry_run"])
    await assert_nothing_is_stored(service)


async def test_a_client_that_takes_no_json_gets_nothing_stored(service: Service) -> None:
    for path in ("/articles", "/annotate"):
        answer = await service.client.post(path, json={"text": BRIDGE}, headers={"Accept": "text/html"})
        assert problem_of(answer) == (406, "not-acceptable")
    await assert_nothing_is_stored(service)


@pytest.mark.parametrize("ending", [".csv", ".jsonld"])
async def test_a_form_that_an_address_has_not_is_refused_by_its_ending(service: Service, ending: str) -> None:
    answer = await service.client.get(f"/search{ending}", params={"q": "bridge"})

    assert problem_of(answer) == (406, "not-acceptable")
    assert answer.json()["detail"] == f"this is served as application/json, and the address asks for {ending}"


async def test_a_wrong_revision_changes_nothing(service: Service) -> None:
    path = f"/articles/{await service.add(BRIDGE)}"
    before = (await service.client.get(path)).content

    for body, headers in ((b"", PLAIN), (b"{", JSON), (b'{"text": "A", "url": "x"}', JSON), (b"A\x00", PLAIN)):
        assert (await service.client.put(path, content=body, headers=headers)).status_code in {400, 422}

    assert (await service.client.get(path)).content == before


class Broken(PlainRules):
    """An annotator with a defect."""

    def annotate(self, document: Document) -> Analysis:
        """Fail on every document."""
        msg = f"secret inside: {document.text}"
        raise ZeroDivisionError(msg)


async def test_a_defect_is_answered_without_its_inside(sqlite_url: str) -> None:
    app = make_service(sqlite_url, annotator=Broken())
    async with client_of(app) as client:
        service = Service(app, client)
        answer = await client.post("/articles", json={"text": BRIDGE}, headers={"X-Request-ID": "abc-123"})
        assert problem_of(answer) == (500, "internal-error")
        assert "secret" not in answer.text
        assert answer.json()["request_id"] == answer.headers["x-request-id"] == "abc-123"
        await assert_nothing_is_stored(service)
    app.state.parts.store.close()


class Untrue(PlainRules):
    """An annotator whose analysis does not verify."""

    def annotate(self, document: Document) -> Analysis:
        """Name an entity that is not there."""
        quote = Quote("q", "direct", (Span(0, 1),), None, Actor("resolved", "Nobody", "person", "nobody"))
        return check(Analysis(self.pipeline, quotes=(quote,)), document)


async def test_an_analysis_that_does_not_verify_is_a_defect_and_not_stored(sqlite_url: str) -> None:
    app = make_service(sqlite_url, annotator=Untrue())
    async with client_of(app) as client:
        answer = await client.post("/articles", json={"text": BRIDGE})
        assert problem_of(answer) == (500, "internal-error")
        assert "entity" not in answer.text
        await assert_nothing_is_stored(Service(app, client))
    app.state.parts.store.close()


async def test_a_database_that_is_away_is_unavailable() -> None:
    app = make_service("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    async with client_of(app) as client:
        for answer in (
            await client.get("/articles"),
            await client.get("/search?q=a"),
            await client.post("/articles", json={"text": BRIDGE}),
        ):
            assert problem_of(answer) == (503, "unavailable")
            assert answer.headers["retry-after"] == "5"
        assert (await client.get("/livez")).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["database"]) == (503, "unreachable")


async def test_a_database_that_is_not_migrated_is_not_ready(empty_database_url: str) -> None:
    app = make_service(empty_database_url)
    async with client_of(app) as client:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "not ready")
        assert ready.json()["database"] == "not migrated"
    app.state.parts.store.close()


async def assert_nothing_is_stored(service: Service) -> None:
    """Check every table that a story could have left a row in."""
    store: Store = service.app.state.parts.store
    with store.reading() as session:
        for table in ("articles", "revisions", "runs", "analyses", "entities", "quotes", "positions", "issues"):
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table


async def test_a_request_id_of_no_sane_form_is_not_repeated(service: Service, app: FastAPI) -> None:
    del app
    for sent in ("a b", "x" * 129, "<script>", ""):
        answer = await service.client.get("/livez", headers={"X-Request-ID": sent})
        assert answer.headers["x-request-id"] != sent
        assert len(answer.headers["x-request-id"]) == 32
