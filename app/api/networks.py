"""Networks written out: JSON, GraphML, and CSV with the statement columns of the Discourse Network Analyzer.

Source: GraphML, http://graphml.graphdrawing.org/specification.html; Leifeld, Discourse Network Analyzer manual.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as ET

from app.store.views import Json, NetworkView, StandView, TieView

GRAPHML = "application/graphml+xml"
CSV = "text/csv"
_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_NODE_KEYS = {
    "kind": "string",
    "label": "string",
    "type": "string",
    "country": "string",
    "supports": "int",
    "opposes": "int",
    "mixed": "int",
    "unclear": "int",
}
_EDGE_KEYS = {"relation": "string", "weight": "int"}
STATEMENT_COLUMNS = (
    "person",
    "organization",
    "concept",
    "agreement",
    "date",
    "source",
    "text",
    "polarity",
    "country",
    "reporter",
    "article_title",
    "article_id",
    "position_id",
)
_AGREEMENT = {"supports": "1", "opposes": "0"}


def network_shape(view: NetworkView) -> Json:
    """Return a network as nodes and edges."""
    return {
        "issue": {"id": view.issue.id, "label": view.issue.label},
        "nodes": [*_actors(view.stands), *_issue(view)],
        "edges": [_edge(tie) for tie in view.ties],
        "statements": len(view.stands),
        "complete": view.complete,
    }


def _actors(stands: Iterable[StandView]) -> list[Json]:
    holders: dict[str, Json] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for stand in stands:
        # Stances come the newest first: the latest story's name and country stand.
        holders.setdefault(stand.actor, stand.position["holder"])
        counts[stand.actor, stand.position["polarity"]] += 1
    return [
        {
            "id": key,
            "kind": "actor",
            "label": holder["name"],
            "type": holder["type"],
            "entity_id": holder["entity_id"],
            "country": holder["country"],
            **{side: counts[key, side] for side in ("supports", "opposes", "mixed", "unclear")},
        }
        for key, holder in holders.items()
    ]


def _issue(view: NetworkView) -> list[Json]:
    """Return the issue's own node when an edge leads to it."""
    if not any(tie.target == view.issue.id for tie in view.ties):
        return []
    empty = dict.fromkeys(("type", "entity_id", "country"))
    totals = Counter(stand.position["polarity"] for stand in view.stands)
    sides = {side: totals[side] for side in ("supports", "opposes", "mixed", "unclear")}
    return [{"id": view.issue.id, "kind": "issue", "label": view.issue.label, **empty, **sides}]


def _edge(tie: TieView) -> Json:
    return {"source": tie.source, "target": tie.target, "relation": tie.type, "weight": tie.weight}


def write_graphml(view: NetworkView) -> bytes:
    """Return a network as GraphML: an undirected graph with typed attributes on nodes and edges."""
    shape = network_shape(view)
    root = ET.Element("graphml", xmlns=_NAMESPACE)
    for place, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for name, kind in keys.items():
            described = {"id": f"{place}_{name}", "for": place, "attr.name": name, "attr.type": kind}
            ET.SubElement(root, "key", described)
    graph = ET.SubElement(root, "graph", id=view.issue.id, edgedefault="undirected")
    for node in shape["nodes"]:
        _attributes(ET.SubElement(graph, "node", id=node["id"]), "node", _NODE_KEYS, node)
    for edge in shape["edges"]:
        element = ET.SubElement(graph, "edge", source=edge["source"], target=edge["target"])
        _attributes(element, "edge", _EDGE_KEYS, edge)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _attributes(element: ET.Element, place: str, keys: Iterable[str], values: Json) -> None:
    for name in keys:
        if values[name] is not None:
            ET.SubElement(element, "data", key=f"{place}_{name}").text = _plain(values[name])


def _plain(value: Any) -> str:  # noqa: ANN401 (a string or a number)
    """Return ``value`` without the characters that XML cannot hold."""
    return "".join(c for c in str(value) if c in "\t\n\r" or " " <= c < "\ufffe" or c > "\uffff")


def write_statements(view: NetworkView) -> bytes:
    """Return the stances behind a network as CSV, one statement a line; ``agreement`` is 1, 0 or open."""
    out = io.StringIO()
    writer = csv.DictWriter(out, STATEMENT_COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_statement(view, stand) for stand in view.stands)
    return out.getvalue().encode()


def _statement(view: NetworkView, stand: StandView) -> dict[str, str | None]:
    position = stand.position
    holder, reporter = position["holder"], position["reporter"]
    return {
        "person": holder["name"] if holder["type"] == "person" else None,
        "organization": stand.organization,
        "concept": view.issue.label,
        "agreement": _AGREEMENT.get(position["polarity"]),
        "date": None if stand.published_at is None else stand.published_at.isoformat(),
        "source": stand.article_source,
        "text": " ".join(span["exact"] for span in position["evidence"]),
        "polarity": position["polarity"],
        "country": holder["country"],
        "reporter": None if reporter is None else reporter["name"],
        "article_title": stand.article_title,
        "article_id": position["article_id"],
        "position_id": position["id"],
    }
