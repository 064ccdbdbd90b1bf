"""The network of an issue in its three forms, and a person's offices."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree as ET

import pytest

from app.api.networks import STATEMENT_COLUMNS, write_graphml
from app.store.networks import sides
from app.store.views import IssueView, NetworkView, StandView
from tests.api.service import Service

pytestmark = pytest.mark.anyio

GRAPH = "{http://graphml.graphdrawing.org/xmlns}"
TOLL = "Mayor Ana Ruiz came. Ana Ruiz supports the toll road. Tom Okafor opposes the toll road."


@pytest.fixture
async def address(service: Service) -> str:
    """Hand a story in and return where the network of its issue is."""
    await service.add(TOLL, title="Toll", source="Courier", published_at="2024-03-05")
    [issue] = (await service.get("/issues"))["items"]
    return f"/issues/{issue['id']}/network"


async def test_network_has_actors_the_issue_and_their_ties(service: Service, address: str) -> None:
    found = await service.get(address)
    labels = {node["id"]: node["label"] for node in found["nodes"]}
    assert sorted(labels.values()) == ["Ana Ruiz", "Tom Okafor", "toll road"]
    assert {(labels[e["source"]], labels[e["target"]], e["relation"], e["weight"]) for e in found["edges"]} >= {
        ("Ana Ruiz", "toll road", "supports", 1),
        ("Tom Okafor", "toll road", "opposes", 1),
    }
    assert [e["relation"] for e in found["edges"]].count("conflict") == 1
    assert (found["statements"], found["complete"]) == (2, True)


async def test_actors_alone_come_without_the_issue(service: Service, address: str) -> None:
    found = await service.get(address, edges="actor-actor", min_confidence=0.5)
    assert {node["kind"] for node in found["nodes"]} == {"actor"}
    assert [e["relation"] for e in found["edges"]] == ["conflict"]


@pytest.mark.parametrize(
    "asked", [{"headers": {"Accept": "application/graphml+xml"}}, {"params": {"format": "graphml"}}]
)
async def test_network_as_graphml(service: Service, address: str, asked: dict[str, dict[str, str]]) -> None:
    answer = await service.client.get(address, **asked)  # type: ignore[arg-type]
    assert answer.headers["content-type"] == "application/graphml+xml"
    root = ET.fromstring(answer.text)  # noqa: S314 (what the service itself wrote)
    keys = {k.get("id"): k.get("attr.name") for k in root.iter(f"{GRAPH}key")}
    nodes = {n.get("id"): {keys[d.get("key")]: d.text for d in n} for n in root.iter(f"{GRAPH}node")}
    edges = list(root.iter(f"{GRAPH}edge"))
    assert sorted(str(n["label"]) for n in nodes.values()) == ["Ana Ruiz", "Tom Okafor", "toll road"]
    assert len(edges) == 3
    assert all(e.get("source") in nodes and e.get("target") in nodes for e in edges)


@pytest.mark.parametrize("asked", [{"headers": {"Accept": "text/csv"}}, {"params": {"format": "csv"}}])
async def test_statements_as_csv(service: Service, address: str, asked: dict[str, dict[str, str]]) -> None:
    answer = await service.client.get(address, **asked)  # type: ignore[arg-type]
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = {row["person"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert answer.text.split("\r\n", 1)[0] == ",".join(STATEMENT_COLUMNS)
    ruiz = rows["Ana Ruiz"]
    assert (ruiz["concept"], ruiz["agreement"], rows["Tom Okafor"]["agreement"]) == ("toll road", "1", "0")
    assert (ruiz["date"], ruiz["source"]) == ("2024-03-05T00:00:00+00:00", "Courier")
    assert ruiz["text"] == "Ana Ruiz supports the toll road"


async def test_the_form_that_is_wanted_most_is_served(service: Service, address: str) -> None:
    answer = await service.client.get(address, headers={"Accept": "text/csv;q=0.4, application/json;q=0.5"})
    assert answer.headers["content-type"] == "application/json"
    refused = await service.client.get(address, params={"format": "csv"}, headers={"Accept": "application/json"})
    assert refused.status_code == 406


async def test_a_country_that_is_none_is_refused(service: Service, address: str) -> None:
    answer = await service.client.get("/positions", params={"country": "Atlantis"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "country")
    assert (await service.get("/positions", country="Moscow"))["items"] == []
    assert (await service.get(address.replace("/network", "/positions"), country="Chad"))["items"] == []


async def test_offices_of_a_person(service: Service, address: str) -> None:
    assert address
    [ruiz] = (await service.get("/people", name="Ana Ruiz"))["items"]
    [tenure] = (await service.get(f"/people/{ruiz['id']}/offices"))["items"]
    assert (tenure["title"], tenure["held_from"], tenure["former_from"]) == ("Mayor", "2024-03-05T00:00:00Z", None)
    assert (await service.client.get(f"/organizations/{ruiz['id']}/offices")).status_code == 404


def test_what_xml_cannot_hold_is_left_out() -> None:
    holder = {"name": "Ana\x0b \ufffeRuiz \U0001f600", "type": "person", "entity_id": None, "country": None}
    stand = StandView({"holder": holder, "polarity": "mixed"}, "words:ana", None, None, None, None)
    issue = IssueView("iss", "toll", 1)
    written = write_graphml(NetworkView(issue, (stand,), sides((stand,), "iss"), complete=True))
    labels = [d.text for d in ET.fromstring(written).iter(f"{GRAPH}data") if d.get("key") == "node_label"]  # noqa: S314
    assert labels == ["Ana Ruiz \U0001f600", "toll"]
