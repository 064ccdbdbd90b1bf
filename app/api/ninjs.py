"""A story as IPTC ninjs 2.1.

Source: IPTC, ninjs 2.1 (2023). What ninjs has no property for, quotes and positions, is left to the other forms.
"""

from __future__ import annotations

from app.api.linked_data import Address
from app.api.shapes import Json
from app.store.views import ArticleView

_SCHEMA = "https://www.iptc.org/std/ninjs/ninjs-schema_2.1.json"
_ROUTES = {"people": "people", "organisations": "organizations"}
_PARTS = {"people": "people", "organisations": "organizations", "places": "places"}


def ninjs_item(view: ArticleView, text: str, analysis: Json, address: Address) -> Json:
    """Return a story as a ninjs item; what is not known is left out."""
    known: Json = {
        "uri": address(f"/articles/{view.id}"),
        "standard": {"name": "ninjs", "version": "2.1", "schema": _SCHEMA},
        "type": "text",
        "version": str(view.revision),
        "pubstatus": "usable",
        "firstcreated": view.received_at,
        "versioncreated": view.updated_at,
        "contentcreated": view.published_at,
        "language": view.language,
        "by": view.byline or ("; ".join(view.authors) or None),
        "located": view.dateline,
        "headlines": [] if view.title is None else [{"value": view.title, "contenttype": "text/plain"}],
        "bodies": [
            {
                "role": "main",
                "contenttype": "text/plain",
                "charcount": len(text),
                "wordcount": len(text.split()),
                "value": text,
            }
        ],
        **{name: [_concept(e, name, address) for e in analysis[part]] for name, part in _PARTS.items()},
        "subjects": [
            {"name": p["issue"]["label"], "rel": "about", "literal": p["issue"]["id"]}
            for p in {p["issue"]["id"]: p for p in analysis["positions"] if p["kind"] == "stance"}.values()
        ],
        "infosources": [] if view.source is None else [{"name": view.source, "role": "source", "literal": view.source}],
        "altids": [] if view.external_id is None else [{"role": "sender", "value": view.external_id}],
    }
    return {name: value for name, value in known.items() if value not in (None, [])}


def _concept(entity: Json, name: str, address: Address) -> Json:
    found: Json = {"name": entity["name"], "rel": "mentions", "literal": entity["id"]}
    if name in _ROUTES:
        found["uri"] = address(f"/{_ROUTES[name]}/{entity['id']}")
    return found
