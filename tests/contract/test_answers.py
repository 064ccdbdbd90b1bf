"""Every route keeps what the API promises of all routes: schemas, tags, HEAD, problems."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from tests.api.service import BRIDGE, FERRY, Service, client_of, make_service

pytestmark = pytest.mark.anyio

LISTED = [
    "/articles",
    "/articles/{article_id}",
    "/articles/{article_id}/text",
    "/articles/{article_id}/annotations",
    "/articles/{article_id}/people",
    "/articles/{article_id}/organizations",
    "/articles/{article_id}/quotes",
    "/articles/{article_id}/positions",
    "/articles/{article_id}/revisions",
    "/articles/{article_id}/corrections",
    "/articles/{article_id}/sightings",
    "/articles/{article_id}/similar",
    "/story-groups/{group_id}",
    "/quotes",
    "/quotes/{quote_id}",
    "/quotes/{quote_id}/sightings",
    "/sayings",
    "/links",
    "/merges",
    "/people",
    "/people/{entity_id}",
    "/people/{entity_id}/quotes",
    "/people/{entity_id}/positions",
    "/people/{entity_id}/offices",
    "/people/{entity_id}/articles",
    "/people/{entity_id}/links",
    "/people/{entity_id}/company",
    "/organizations",
    "/organizations/{entity_id}",
    "/organizations/{entity_id}/quotes",
    "/organizations/{entity_id}/positions",
    "/organizations/{entity_id}/articles",
    "/organizations/{entity_id}/links",
    "/organizations/{entity_id}/company",
    "/positions",
    "/positions/{position_id}",
    "/corrections",
    "/corrections/{correction_id}",
    "/review",
    "/issues",
    "/issues/{issue_id}",
    "/issues/{issue_id}/company",
    "/issues/{issue_id}/positions",
    "/issues/{issue_id}/network",
    "/ingestions",
    "/ingestions/{ingestion_id}",
    "/ingestions/{ingestion_id}/items",
    "/runs",
    "/articles/{article_id}/runs/{before}..{after}",
    "/reannotations",
    "/reannotations/{reannotation_id}",
    "/feeds",
    "/feeds/{feed_id}",
    "/webhooks",
    "/webhooks/{webhook_id}",
    "/webhooks/{webhook_id}/dead-letters",
    "/search",
    "/suggest",
    "/audit",
    "/changes",
    "/livez",
    "/readyz",
    "/about",
    "/problems",
    "/problems/{name}",
]
EMPTY = ["/webhooks/{webhook_id}/dead-letters", "/organizations/{entity_id}/quotes", "/sayings", "/links", "/merges"]
HEADERS = {
    "/articles/{article_id}/revisions": "article_id,number,current,title,media_type,received_at,length,sha256,run_id",
    "/articles/{article_id}/sightings": "source,url,external_id,published_at,first_seen_at,last_seen_at,times",
    "/sayings": "id,text,quote_id,speaker_id,sightings,articles",
    "/links": "id,type,entity_id,entity_name,candidate_kind,candidate_id,candidate_name,article_id,score,state,"
    "made_at,reasons",
    "/merges": "id,action,type,from_id,to_id,note,made_at,undone_at",
    "/people/{entity_id}/links": "article_id,name,aliases,score,reasons",
    "/people/{entity_id}/offices": "title,normal_title,organization,organization_id,tense,held_from,held_to,"
    "former_from,stories",
    "/corrections": "id,article_id,revision,action,kind,annotation_id,fields,state,applied_to,reason,note,author,"
    "made_at,undone_at,undone_by",
    "/review": "kind,id,article_id,words,confidence,method,review",
    "/ingestions": "id,state,origin,received,annotated,duplicate,failed,waiting,rate,seconds_left,request_id,"
    "created_at,started_at,finished_at,items_removed_at",
    "/ingestions/{ingestion_id}/items": "line,state,external_id,article_id,reason,tries,place",
    "/runs": "id,article_id,revision,pipeline,weights,started_at,seconds,people,organizations,places,quotes,positions",
    "/reannotations": "id,state,pipeline,weights,rate,total,done,failed,last_failure,request_id,created_at,finished_at",
    "/feeds": "id,url,source,pages,interval,state,title,language,created_at,polled_at,next_poll_at,failures,error,"
    "entries,ingestion_id",
    "/webhooks": "id,url,description,events,state,position,waiting,attempts,next_attempt_at,last_status,last_error,"
    "delivered,failed,dead_letters,created_at,delivered_at",
    "/webhooks/{webhook_id}/dead-letters": "id,position,type,body,attempts,last_status,last_error,made_at",
    "/audit": "at,key,address,action,target,status,request_id",
    "/changes": "position,at,type,article_id,revision",
    "/problems": "type,status,title,meaning",
}
DESCRIBING = ["/openapi.json", "/docs"]
WITH_AN_ID = [path for path in LISTED if "{" in path]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Return the event loop that the tests run on."""
    return "asyncio"


@pytest.fixture(scope="module")
def app(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """Return the service on a database that these tests read only."""
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("answers") / "sayso.sqlite3")
    made = make_service(f"sqlite:///{path}")
    yield made
    made.state.parts.store.close()


@pytest.fixture(scope="module")
async def paths(app: FastAPI) -> AsyncIterator[tuple[httpx.AsyncClient, dict[str, str]]]:
    """Return a client of a service that holds two stories, and an address that exists for every route."""
    async with client_of(app) as client:
        service = Service(app, client)
        article = await service.add(BRIDGE, title="Bridge", authors=["Lena Holt"], published_at="2024-03-05")
        await service.add(FERRY)
        await service.add(f"{BRIDGE} Nobody answered him that evening.")
        group = (await service.get(f"/articles/{article}/similar"))["id"]
        read = await service.get(f"/articles/{article}")
        sent = await client.post("/ingestions", json=[{"text": FERRY}])
        said = {"action": "confirm", "annotation_id": read["quotes"][0]["id"]}
        corrected = await client.post(f"/articles/{article}/corrections", json=said)
        followed = await client.post("/feeds", json={"url": "https://courier.example/feed"})
        told = await client.post("/webhooks", json={"url": "https://mirror.invalid/hook"})
        ids = {
            "/story-groups/{group_id}": group,
            "/feeds/{feed_id}": followed.json()["id"],
            "/webhooks/{webhook_id}": told.json()["id"],
            "/ingestions/{ingestion_id}": sent.json()["id"],
            "/reannotations/{reannotation_id}": (await client.post("/reannotations")).json()["id"],
            "/runs/{before}..{after}": "{0}..{0}".format(read["run"]["id"]),
            "/articles/{article_id}": article,
            "/quotes/{quote_id}": read["quotes"][0]["id"],
            "/positions/{position_id}": read["positions"][0]["id"],
            "/corrections/{correction_id}": corrected.json()["id"],
            "/people/{entity_id}": read["people"][0]["id"],
            "/organizations/{entity_id}": read["organizations"][0]["id"],
            "/issues/{issue_id}": next(p["issue"]["id"] for p in read["positions"] if p["kind"] == "stance"),
            "/problems/{name}": "empty-text",
        }
        addresses = {path: path for path in (*LISTED, *DESCRIBING)}
        for pattern, key in ids.items():
            noun, name = pattern.rsplit("/", 1)
            addresses = {p: a.replace(pattern, f"{noun}/{key}") for p, a in addresses.items()}
            assert name.startswith("{")
        yield client, {**addresses, "/search": "/search?q=bridge", "/suggest": "/suggest?q=r"}


def schema_of(app: FastAPI, path: str, method: str, status: int) -> Draft202012Validator:
    """Return the validator of what OpenAPI says that a route answers."""
    described = app.openapi()
    forms = described["paths"][path][method]["responses"][str(status)]["content"]
    content = forms.get("application/json") or next(iter(forms.values()))
    return Draft202012Validator({**content["schema"], "components": strict(described["components"])})


def strict(components: dict[str, Any]) -> dict[str, Any]:
    """Return the components with items whole: a list of which no fields were picked holds nothing else."""
    made: dict[str, Any] = copy.deepcopy(components)
    for name, schema in made["schemas"].items():
        if name.startswith("ListPage"):
            options = schema["properties"]["items"]["items"]["anyOf"]
            options.remove({"$ref": "#/components/schemas/Selection"})
    return made


def test_the_list_of_routes_is_complete(app: FastAPI) -> None:
    described = app.openapi()["paths"]

    told = sorted(path for path, item in described.items() if "get" in item)
    assert told == sorted([*LISTED, "/ingestions/{ingestion_id}/events", "/corrections/export"])


@pytest.mark.parametrize("path", LISTED)
async def test_an_answer_is_as_openapi_says(
    paths: tuple[httpx.AsyncClient, dict[str, str]], app: FastAPI, path: str
) -> None:
    client, addresses = paths

    answer = await client.get(addresses[path])

    assert answer.status_code == 200
    content: Any = answer.text if path.endswith("/text") else answer.json()
    assert [e.message for e in schema_of(app, path, "get", 200).iter_errors(content)] == []
    if isinstance(content, dict) and "items" in content:
        assert content["items"] or path in EMPTY


@pytest.mark.parametrize("path", LISTED)
async def test_every_list_is_csv_and_lines_of_json_too(
    paths: tuple[httpx.AsyncClient, dict[str, str]], app: FastAPI, path: str
) -> None:
    client, addresses = paths
    found = await client.get(addresses[path])
    described = app.openapi()["paths"][path]["get"]["responses"]["200"]["content"]
    if path == "/articles/{article_id}/text" or not {"items", "next"} <= found.json().keys():
        assert "application/x-ndjson" not in described
        return

    told = await client.get(f"{addresses[path]}.csv")
    as_lines = await client.get(addresses[path], headers={"Accept": "application/x-ndjson"})
    missing = await client.get(f"{path.replace('{', '-').replace('}', '-')}.csv")

    assert {"text/csv", "application/x-ndjson"} <= described.keys()
    header, *rows = csv.reader(io.StringIO(told.text))
    assert ",".join(header) == HEADERS.get(path.replace("/organizations", "/people"), ",".join(header))
    assert [json.loads(line) for line in as_lines.text.splitlines()] == found.json()["items"]
    assert len(rows) == len(found.json()["items"])
    assert all(len(row) == len(header) == len(set(header)) for row in rows)
    assert missing.status_code == (404 if "{" in path else 200)


@pytest.mark.parametrize("path", LISTED + DESCRIBING)
async def test_an_answer_has_a_strong_tag_and_is_not_sent_twice(
    paths: tuple[httpx.AsyncClient, dict[str, str]], path: str
) -> None:
    client, addresses = paths
    first = await client.get(addresses[path])
    tag = first.headers["etag"]

    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await client.get(addresses[path], headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await client.get(addresses[path], headers={"If-None-Match": '"other"'})
    assert tag.startswith('"')
    assert (other.status_code, other.content) == (200, first.content)


@pytest.mark.parametrize("path", LISTED + DESCRIBING)
async def test_head_says_what_get_would(paths: tuple[httpx.AsyncClient, dict[str, str]], path: str) -> None:
    client, addresses = paths
    read = await client.get(addresses[path])

    head = await client.head(addresses[path])

    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-type", "content-length"):
        assert head.headers[name] == read.headers[name]


@pytest.mark.parametrize("path", LISTED + DESCRIBING)
async def test_a_parameter_that_is_not_known_is_named(
    paths: tuple[httpx.AsyncClient, dict[str, str]], path: str
) -> None:
    client, addresses = paths

    answer = await client.get(addresses[path], params={"q": "bridge", "limti": 1})

    check_problem(answer, 422, "invalid-input")
    assert "limti" in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("path", LISTED + DESCRIBING)
async def test_a_media_type_that_is_not_served_is_refused(
    paths: tuple[httpx.AsyncClient, dict[str, str]], path: str
) -> None:
    client, addresses = paths

    check_problem(await client.get(addresses[path], headers={"Accept": "image/png"}), 406, "not-acceptable")
    assert (await client.get(addresses[path], headers={"Accept": "image/png, */*;q=0.1"})).status_code == 200


@pytest.mark.parametrize("path", LISTED + DESCRIBING)
async def test_a_method_that_is_not_there_is_refused_with_those_that_are(
    paths: tuple[httpx.AsyncClient, dict[str, str]], path: str
) -> None:
    client, addresses = paths

    others = {
        "/articles": ["POST"],
        "/articles/{article_id}": ["DELETE", "PUT"],
        "/articles/{article_id}/corrections": ["POST"],
        "/corrections": ["POST"],
        "/feeds": ["POST"],
        "/feeds/{feed_id}": ["DELETE"],
        "/webhooks": ["POST"],
        "/webhooks/{webhook_id}": ["DELETE", "PATCH"],
        "/ingestions": ["POST"],
        "/reannotations": ["POST"],
        "/reannotations/{reannotation_id}": ["DELETE"],
        "/ingestions/{ingestion_id}": ["DELETE"],
        "/positions/{position_id}": ["DELETE", "PATCH"],
        "/quotes/{quote_id}": ["DELETE", "PATCH"],
    }.get(path, [])
    method = "PUT" if "PATCH" in others else "PATCH"

    answer = await client.request(method, addresses[path].partition("?")[0])

    check_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == ", ".join(sorted(["GET", "HEAD", *others]))


@pytest.mark.parametrize("path", WITH_AN_ID)
@pytest.mark.parametrize("key", ["nothing", "no%00thing", "%F0%9F%98%80", "x" * 300, "..%2f", "'%20or%201=1"])
async def test_what_is_not_there_is_not_found(
    paths: tuple[httpx.AsyncClient, dict[str, str]], path: str, key: str
) -> None:
    client, _ = paths
    start, _, rest = path.partition("{")

    answer = await client.get(start + key + rest.partition("}")[2])

    assert answer.status_code == 404
    check_problem(answer, 404, answer.json()["type"].removeprefix("/problems/"))


@pytest.mark.parametrize("path", ["/none/at/all", "/nothing", "/articles/", "/quotes/x/y", "//articles"])
async def test_a_path_that_no_route_has_is_a_problem_too(
    paths: tuple[httpx.AsyncClient, dict[str, str]], path: str
) -> None:
    client, _ = paths

    check_problem(await client.get(f"http://sayso.test{path}"), 404, "unknown-route")


def test_every_route_is_described_with_its_errors(app: FastAPI) -> None:
    names: list[str] = []
    for path, item in app.openapi()["paths"].items():
        for method, told in item.items():
            names.append(told["operationId"])
            assert told["tags"]
            assert told["summary"]
            assert told["description"]
            assert {"422", "500", "503"} <= told["responses"].keys(), path
            assert ("404" in told["responses"]) == ("{" in path), path
            events = "text/event-stream" in told["responses"].get("200", {}).get("content", {})
            assert method != "get" or events or {"304", "406"} <= told["responses"].keys()
            for status, answer in told["responses"].items():
                if int(status) >= 400 and (path, status) != ("/readyz", "503"):
                    assert list(answer["content"]) == ["application/problem+json"]
    assert len(set(names)) == len(names)


def test_every_example_is_of_the_shape_that_is_described(app: FastAPI) -> None:
    described = app.openapi()
    examples = 0
    for item in described["paths"].values():
        for told in item.values():
            for answer in told["responses"].values():
                for content in answer.get("content", {}).values():
                    validator = Draft202012Validator({**content["schema"], "components": described["components"]})
                    shown = [described["components"]["examples"][name]["value"] for name in content.get("examples", {})]
                    for example in [*shown, *([content["example"]] if "example" in content else [])]:
                        assert [e.message for e in validator.iter_errors(example)] == []
                        examples += 1
    story = described["components"]["schemas"]["Story"]
    assert [e.message for e in Draft202012Validator(story).iter_errors(story["examples"][0])] == []
    assert examples > 100


def test_every_parameter_is_described(app: FastAPI) -> None:
    for path, item in app.openapi()["paths"].items():
        for told in item.values():
            assert all(parameter["description"] for parameter in told.get("parameters", ())), path


def test_every_example_of_a_body_is_of_the_shape_that_is_described(app: FastAPI) -> None:
    described = app.openapi()
    for path, item in described["paths"].items():
        for told in item.values():
            for kind, content in told.get("requestBody", {}).get("content", {}).items():
                validator = Draft202012Validator({**content["schema"], "components": described["components"]})
                assert [e.message for e in validator.iter_errors(content["example"])] == [], (path, kind)


@pytest.mark.parametrize("path", LISTED)
async def test_an_example_is_like_a_real_answer(
    paths: tuple[httpx.AsyncClient, dict[str, str]], app: FastAPI, path: str
) -> None:
    client, addresses = paths
    content = app.openapi()["paths"][path]["get"]["responses"]["200"]["content"]
    if "application/json" in content:
        check_like(content["application/json"]["example"], [(await client.get(addresses[path])).json()], path)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/annotate", 200),
        ("/articles", 201),
        ("/ingestions", 202),
        ("/feeds", 201),
        ("/webhooks", 201),
        ("/webhooks/{webhook_id}/secret", 200),
        ("/webhooks/{webhook_id}/test", 200),
        ("/reannotations", 202),
    ],
)
async def test_an_example_of_a_request_is_answered_like_its_example(
    paths: tuple[httpx.AsyncClient, dict[str, str]], app: FastAPI, path: str, status: int
) -> None:
    client, addresses = paths
    told = app.openapi()["paths"][path]["post"]
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    start, _, rest = path.partition("/{webhook_id}")
    address = f"{addresses['/webhooks/{webhook_id}']}{rest}" if "{" in path else start

    answer = await client.post(address, json=body)

    assert answer.status_code == status, answer.text
    check_like(told["responses"][str(status)]["content"]["application/json"]["example"], [answer.json()], path)


OF_DATA = {"facets", "highlights", "included", "metrics", "before", "after", "labels", "value"}
"""Fields whose own fields are named by what is in them."""
FORMS = [
    r"[0-9a-f]{32}",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}Z",
    r"(per|org|iss|say)_[0-9a-f]{20}",
    r"https?://.+",
]


def check_like(example: Any, real: list[Any], where: str) -> None:  # noqa: ANN401 (JSON values)
    """Check that an example has the fields that real answers have, with values of their type and form."""
    known = [value for value in real if value is not None]
    if example is None or not known or where.rpartition(".")[2] in OF_DATA:
        return
    if isinstance(example, dict):
        # An office is like an office, not like a stance.
        alike = [value for value in known if value.get("kind") == example.get("kind")]
        same = [value for value in alike if value.keys() == example.keys()]
        assert same or not alike, (where, sorted(example), [sorted(value) for value in alike])
        for name, value in example.items():
            check_like(value, [other[name] for other in same], f"{where}.{name}")
    elif isinstance(example, list):
        items = [item for value in known for item in value]
        for item in example if items else ():
            check_like(item, items, where)
    else:
        assert type_of(example) in set(map(type_of, known)), (where, example, known[:3])
        for form in FORMS if isinstance(example, str) else ():
            if all(re.fullmatch(form, value) for value in known if isinstance(value, str)):
                assert re.fullmatch(form, example), (where, example, known[:3])


def type_of(value: object) -> str:
    """Return JSON's name of a value's type."""
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "string" if isinstance(value, str) else "other"


def check_problem(answer: httpx.Response, status: int, name: str) -> None:
    """Check that an answer is a problem of the one shape that all have."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    content = answer.json()
    assert {"type", "title", "status", "detail", "request_id"} <= content.keys()
    assert content.keys() <= {"type", "title", "status", "detail", "request_id", "errors"}
    assert (content["type"], content["status"]) == (f"/problems/{name}", status)
    assert content["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text


def test_every_body_is_described_with_what_can_be_wrong_with_it(app: FastAPI) -> None:
    for path, item in app.openapi()["paths"].items():
        for told in item.values():
            if "requestBody" in told:
                assert {"400", "408", "413", "422"} <= told["responses"].keys(), path
