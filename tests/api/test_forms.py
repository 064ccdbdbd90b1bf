"""The same answers in other forms: CSV, lines of JSON, schema.org, ninjs, Web Annotations."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard
from jsonschema import Draft202012Validator, FormatChecker
from pyld import jsonld

from app.api import exports
from app.api.exports import compressed
from app.store.paging import PageRequest
from tests.api.service import BRIDGE, FERRY, Service

pytestmark = pytest.mark.anyio

NINJS = "application/vnd.iptc.ninjs+json"
STANDARDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "standards" / "iptc-ninjs" / "specification"
SCHEMA_ORG = "https://schema.org/"
OA = "http://www.w3.org/ns/oa#"
HEADERS = {
    "/quotes": "id,article_id,type,text,speaker,speaker_id,speaker_status,speaker_office,cue,start,end,"
    "confidence,method",
    "/positions": "id,article_id,kind,actor,actor_id,actor_status,title,organization,organization_id,"
    "organization_status,tense,polarity,issue,issue_id,evidence,start,end,quote_id,confidence,method",
    "/articles": "id,revision,title,section,byline,dateline,authors,source,url,language,published_at,external_id,"
    "media_type,received_at,updated_at,length,sha256,people,organizations,places,quotes,positions",
    "/people": "id,type,name,aliases,identifiers,articles",
    "/organizations": "id,type,name,aliases,identifiers,articles",
    "/issues": "id,label,positions,prominence,first_seen,last_seen",
    "/articles/{id}/quotes": "id,article_id,type,text,speaker,speaker_id,speaker_status,speaker_office,cue,start,end,"
    "confidence,method",
    "/articles/{id}/people": "id,type,name,aliases,mentions,prominence,confidence",
}


@pytest.fixture
async def article(service: Service) -> str:
    """Hand two stories in and return the id of the first."""
    key = await service.add(
        BRIDGE,
        title="Bridge",
        section="City",
        source="Courier",
        authors=["Lena Holt"],
        language="en",
        published_at="2024-03-05",
        external_id="c-1",
        url="https://courier.example/1",
    )
    await service.add(FERRY, title="Ferry, again")
    return key


@pytest.mark.parametrize("path", HEADERS)
async def test_a_list_is_csv_with_a_header_that_stays(service: Service, article: str, path: str) -> None:
    asked = path.format(id=article)
    by_ending = await service.client.get(f"{asked}.csv")
    by_accept = await service.client.get(asked, headers={"Accept": "text/csv"})

    assert by_ending.headers["content-type"] == "text/csv; charset=utf-8"
    assert by_ending.text == by_accept.text
    header, *rows = by_ending.text.split("\r\n")[:-1]
    assert header == HEADERS[path]
    assert len(rows) == len((await service.get(asked))["items"])


async def test_a_line_of_csv_says_what_the_item_says(service: Service, article: str) -> None:
    [row] = csv.DictReader(io.StringIO((await service.client.get("/quotes.csv?status=unresolved")).text))
    [item] = (await service.get("/quotes", status="unresolved"))["items"]
    assert (row["id"], row["text"], row["speaker"], row["confidence"]) == (item["id"], item["text"], "", "")
    assert BRIDGE[int(row["start"]) : int(row["end"])] == item["text"]
    some = await service.client.get("/quotes.csv?fields=id,speaker")
    assert some.text.split("\r\n")[0] == "id,speaker,speaker_id,speaker_status,speaker_office"


@pytest.mark.parametrize("path", ["/quotes", "/positions", "/articles", "/people", "/issues"])
async def test_a_list_is_lines_of_json(service: Service, article: str, path: str) -> None:
    answer = await service.client.get(f"{path}.ndjson")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in answer.text.splitlines()] == (await service.get(path))["items"]


async def test_an_export_goes_on_to_the_end_a_page_at_a_time(
    service: Service, article: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (await service.client.get("/quotes.ndjson")).text
    monkeypatch.setattr(exports, "FULL", PageRequest(1))
    assert (await service.client.get("/quotes.ndjson?sort=received")).text.count("\n") == whole.count("\n")
    assert (await service.client.get("/quotes.csv")).text.count("\r\n") == whole.count("\n") + 1


async def test_a_page_is_sent_where_one_is_asked_for(service: Service, article: str) -> None:
    first = await service.client.get("/quotes.csv?limit=1")
    link = first.headers["link"]
    second = await service.client.get(link[1 : link.index(">")])
    again = await service.client.get("/quotes.csv?limit=1", headers={"If-None-Match": first.headers["etag"]})

    assert link.startswith("<http://sayso.test/quotes.csv?limit=1&cursor=")
    assert (first.text.count("\r\n"), second.text.count("\r\n")) == (2, 2)
    assert again.status_code == 304
    fields = (await service.client.get("/quotes.ndjson?limit=1&fields=id")).json()
    assert fields.keys() == {"id"}


async def test_the_json_of_an_ending_leads_on_with_it(service: Service, article: str) -> None:
    page = (await service.client.get("/quotes.json?limit=1&facet=type")).json()
    assert page["next"].startswith("http://sayso.test/quotes.json?")
    assert page["facets"]["type"]["values"][0]["url"].startswith("http://sayso.test/quotes.json?")


async def test_only_json_has_what_stands_beside_the_items(service: Service, article: str) -> None:
    for name, value in (("facet", "type"), ("include", "article")):
        answer = await service.client.get("/quotes.csv", params={name: value})
        assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [name])


async def test_head_of_an_export_reads_nothing(service: Service, article: str) -> None:
    head = await service.client.head("/quotes.ndjson")
    assert "content-length" not in head.headers
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == "application/x-ndjson"


async def test_an_ending_that_is_not_served_is_refused(service: Service, article: str) -> None:
    for path in (f"/articles/{article}.csv", "/quotes.jsonld", f"/articles/{article}/text.csv", "/search.csv?q=a"):
        assert (await service.client.get(path)).status_code == 406
    assert (await service.client.get("/nothing.csv")).status_code == 404


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", None])
def test_a_stream_is_compressed_as_it_comes(coding: str | None) -> None:
    body = b"".join(compressed((bytes([i % 7]) * 5_000 for i in range(50)), coding))
    plain = {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": lambda b: zstandard.ZstdDecompressor().decompressobj().decompress(b),
        None: bytes,
    }[coding](body)
    assert plain == b"".join(bytes([i % 7]) * 5_000 for i in range(50))


def expanded(content: Any) -> list[Any]:  # noqa: ANN401 (a JSON value)
    """Return what a JSON-LD processor reads; nothing is fetched."""

    def load(url: str, _options: object) -> dict[str, Any]:
        assert url == "http://www.w3.org/ns/anno.jsonld", url
        # As much of the published context as the service uses.
        terms = {
            "oa": OA,
            "as": "http://www.w3.org/ns/activitystreams#",
            "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
            "id": "@id",
            "type": "@type",
            "Annotation": "oa:Annotation",
            "AnnotationCollection": "as:OrderedCollection",
            "AnnotationPage": "as:OrderedCollectionPage",
            "SpecificResource": "oa:SpecificResource",
            "TextualBody": "oa:TextualBody",
            "TextPositionSelector": "oa:TextPositionSelector",
            "TextQuoteSelector": "oa:TextQuoteSelector",
            "body": {"@id": "oa:hasBody", "@type": "@id"},
            "target": {"@id": "oa:hasTarget", "@type": "@id"},
            "source": {"@id": "oa:hasSource", "@type": "@id"},
            "selector": {"@id": "oa:hasSelector", "@type": "@id"},
            "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
            "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
            **{m: f"oa:{m}" for m in ("identifying", "describing", "classifying", "tagging")},
            "value": "rdf:value",
            **{n: f"oa:{n}" for n in ("start", "end", "exact", "prefix", "suffix")},
            "first": {"@id": "as:first", "@type": "@id"},
            "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
            "total": "as:totalItems",
            "startIndex": "as:startIndex",
            "label": "http://www.w3.org/2000/01/rdf-schema#label",
        }
        return {"document": {"@context": terms}, "documentUrl": url, "contextUrl": None, "contentType": None}

    found: list[Any] = jsonld.expand(content, {"documentLoader": load})
    return found


async def test_a_story_is_a_news_article_of_schema_org(service: Service, article: str) -> None:
    answer = await service.client.get(f"/articles/{article}.jsonld")
    [story] = expanded(answer.json())

    assert answer.headers["content-type"] == "application/ld+json"
    assert story["@type"] == [f"{SCHEMA_ORG}NewsArticle"]
    assert story["@id"] == f"http://sayso.test/articles/{article}"
    assert story[f"{SCHEMA_ORG}headline"] == [{"@value": "Bridge"}]
    quotes = story[f"{SCHEMA_ORG}hasPart"]
    assert [q["@type"] for q in quotes] == [[f"{SCHEMA_ORG}Quotation"]] * 2
    [speaker] = quotes[0][f"{SCHEMA_ORG}spokenByCharacter"]
    assert speaker["@type"] == [f"{SCHEMA_ORG}Person"]
    assert speaker["@id"].startswith("http://sayso.test/people/per_")
    assert f"{SCHEMA_ORG}spokenByCharacter" not in quotes[1]
    assert {m["@type"][0].removeprefix(SCHEMA_ORG) for m in story[f"{SCHEMA_ORG}mentions"]} == {
        "Person",
        "Organization",
    }


async def test_annotations_are_web_annotations(service: Service, article: str) -> None:
    answer = await service.client.get(f"/articles/{article}/annotations", headers={"Accept": "application/ld+json"})
    [collection] = expanded(answer.json())
    text = (await service.client.get(f"/articles/{article}/text")).text

    items = answer.json()["first"]["items"]
    assert answer.json()["total"] == len(items) > 4
    assert f"{OA}Annotation" in json.dumps(collection)
    for item in items:
        assert item["target"]
        for target in item["target"]:
            position, words = target["selector"]
            assert text[position["start"] : position["end"]] == words["exact"]
            assert text[: position["start"]].endswith(words["prefix"])
            assert target["source"] == f"http://sayso.test/articles/{article}/text?revision=1"
    assert {item["motivation"] for item in items} == {"identifying", "describing", "classifying"}


async def test_a_story_is_a_ninjs_item(service: Service, article: str) -> None:
    answer = await service.client.get(f"/articles/{article}", headers={"Accept": NINJS})
    item = answer.json()

    assert answer.headers["content-type"] == NINJS
    assert item["uri"] == f"http://sayso.test/articles/{article}"
    assert item["standard"]["version"] == "2.1"
    assert (item["headlines"], item["by"], item["language"]) == (
        [{"value": "Bridge", "contenttype": "text/plain"}],
        "Lena Holt",
        "en",
    )
    assert item["bodies"][0]["value"] == BRIDGE
    assert [p["name"] for p in item["people"]] == ["Ana Ruiz"]
    assert [s["name"] for s in item["subjects"]] == ["closure"]
    assert item["altids"] == [{"role": "sender", "value": "c-1"}]


@pytest.mark.skipif(not STANDARDS.is_dir(), reason="the standards are not beside this checkout")
async def test_a_ninjs_item_is_valid(service: Service, article: str) -> None:
    schema = json.loads((STANDARDS / "ninjs-schema_2.1.json").read_text(encoding="utf-8"), strict=False)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    plain = await service.add("Nothing is said here.")
    for key in (article, plain):
        item = (await service.client.get(f"/articles/{key}.ninjs")).json()
        assert [error.message for error in validator.iter_errors(item)] == []


async def test_a_story_of_which_little_is_known_has_its_forms_too(service: Service) -> None:
    key = await service.add("Nothing is said here by anybody.", title="T")
    [story] = expanded((await service.client.get(f"/articles/{key}.jsonld")).json())
    assert f"{SCHEMA_ORG}hasPart" not in story
    assert (await service.client.get(f"/articles/{key}/annotations.jsonld")).json()["total"] == 0
