"""Stories and who is in them as linked data: what schema.org knows of them, and W3C Web Annotations.

Source: schema.org (NewsArticle, Quotation, spokenByCharacter, sameAs, subOrganization); Web Annotation Data Model and
Vocabulary (W3C Recommendations of 2017), whose text positions count code points. The context of schema.org is a
vocabulary written out here, so that no reader has to fetch one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.api.shapes import Json, same_as
from app.store.views import ArticleView

ANNOTATION_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
CONTEXT: Mapping[str, Any] = {
    "@vocab": "https://schema.org/",
    "url": {"@type": "@id"},
    "sameAs": {"@type": "@id"},
    "datePublished": {"@type": "DateTime"},
    "dateCreated": {"@type": "DateTime"},
    "dateModified": {"@type": "DateTime"},
}
_TYPES = {"person": "Person", "organization": "Organization", "place": "Place", "group": "Organization"}
_ROUTES = {"person": "people", "organization": "organizations"}
_PARTS = ("people", "organizations", "places", "groups")
_WIKIDATA = "http://www.wikidata.org/entity/"
Address = Callable[[str], str]
"""Makes a path of this service an absolute address."""
KnownAs = Mapping[str, Sequence[tuple[str, str]]]
"""What authorities call entities, by id: (scheme, id) pairs."""


def entity_ids(analysis: Json) -> list[str]:
    """Return the ids of everybody in a story, as ``news_article`` tells of them."""
    return [entity["id"] for part in _PARTS for entity in analysis[part]]


def news_article(view: ArticleView, text: str, analysis: Json, address: Address, known_as: KnownAs) -> Json:
    """Return a story as a schema.org NewsArticle.

    ``known_as`` is what authorities call those in it by now, by id: what the analysis holds is of when it was made.
    """
    home = address(f"/articles/{view.id}")
    known: Json = {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "@id": home,
        "identifier": view.external_id,
        "url": view.url or home,
        "headline": view.title,
        "articleSection": view.section,
        "dateline": view.dateline,
        "author": [{"@type": "Person", "name": name} for name in view.authors],
        "publisher": None if view.source is None else {"@type": "Organization", "name": view.source},
        "inLanguage": view.language,
        "datePublished": view.published_at,
        "dateCreated": view.received_at,
        "dateModified": view.updated_at,
        "articleBody": text,
        "mentions": [_thing(_known_by_now(e, known_as), address) for part in _PARTS for e in analysis[part]],
        "hasPart": [_quotation(quote, home, address) for quote in analysis["quotes"]],
    }
    return {name: value for name, value in known.items() if value not in (None, [])}


def _known_by_now(entity: Json, known_as: KnownAs) -> Json:
    pairs = known_as.get(entity["id"])
    return entity if pairs is None else {**entity, "identifiers": [{"scheme": s, "id": key} for s, key in pairs]}


def known_thing(entity: Json, address: Address) -> Json:
    """Return a person or an organization across stories as a schema.org Person or Organization.

    ``entity`` is the answer in JSON. Posts are those that stories state as held now.
    """
    found: Json = {"@context": CONTEXT, **_thing(entity, address)}
    titles = list(dict.fromkeys(o["title"] for o in entity["offices"] if o["tense"] == "current"))
    if entity["type"] == "person" and titles:
        found["jobTitle"] = titles
    wholes = [p for p in entity["parents"] if p["relation"] == "part of" and p["id"].startswith("org_")]
    for name, related in (("parentOrganization", wholes), ("subOrganization", entity["parts"])):
        if related:
            found[name] = [_body(other, address) for other in related]
    return found


def _body(other: Json, address: Address) -> Json:
    found: Json = {"@type": "Organization", "name": other["name"]}
    if other["id"] is not None:
        found["@id"] = address(f"/organizations/{other['id']}")
    return found


def _thing(entity: Json, address: Address) -> Json:
    found: Json = {"@type": _TYPES[entity["type"]], "name": entity["name"]}
    route = _ROUTES.get(entity["type"])
    if route is not None:
        found["@id"] = address(f"/{route}/{entity['id']}")
    if entity["aliases"]:
        found["alternateName"] = entity["aliases"]
    same = [
        f"{_WIKIDATA}{i['id']}" if i["scheme"] == "wikidata" else known
        for i in entity["identifiers"]
        if (known := same_as(i["scheme"], i["id"])) is not None
    ]
    if same:
        found["sameAs"] = same
    return found


def _quotation(quote: Json, home: str, address: Address) -> Json:
    found: Json = {
        "@type": "Quotation",
        "@id": address(f"/quotes/{quote['id']}"),
        "text": quote["text"],
        "isPartOf": {"@id": home},
    }
    speaker = quote["speaker"]
    if speaker["name"] is not None and speaker["type"] is not None:
        spoken: Json = {"@type": _TYPES[speaker["type"]], "name": speaker["name"]}
        route = _ROUTES.get(speaker["type"])
        if route is not None and speaker["entity_id"] is not None:
            spoken["@id"] = address(f"/{route}/{speaker['entity_id']}")
        if speaker["office"] is not None and speaker["type"] == "person":
            spoken["jobTitle"] = speaker["office"]
        found["spokenByCharacter"] = spoken
    return found


def web_annotations(article_id: str, revision: int, analysis: Json, address: Address) -> Json:
    """Return the annotations of one revision as a Web Annotation collection with one page."""
    text = address(f"/articles/{article_id}/text") + f"?revision={revision}"
    items = [
        *(_of_entity(entity, text, address) for part in _PARTS for entity in analysis[part]),
        *(_of_quote(quote, text, address) for quote in analysis["quotes"]),
        *(_of_position(position, text) for position in analysis["positions"]),
    ]
    home = address(f"/articles/{article_id}/annotations") + f"?revision={revision}"
    return {
        "@context": ANNOTATION_CONTEXT,
        "id": home,
        "type": "AnnotationCollection",
        "label": f"Annotations of article {article_id}, revision {revision}",
        "total": len(items),
        "first": {"id": f"{home}#page", "type": "AnnotationPage", "startIndex": 0, "items": items},
    }


def _of_entity(entity: Json, text: str, address: Address) -> Json:
    route = _ROUTES.get(entity["type"])
    bodies: list[Json] = [{"type": "TextualBody", "purpose": "tagging", "value": entity["name"]}]
    if route is not None:
        source = address(f"/{route}/{entity['id']}")
        bodies.append({"type": "SpecificResource", "purpose": "identifying", "source": source})
    return _annotation(f"{text}#{entity['id']}", "identifying", bodies, entity["mentions"], text)


def _of_quote(quote: Json, text: str, address: Address) -> Json:
    speaker = quote["speaker"]
    told = f"{quote['type']} quote" + (f" of {speaker['name']}" if speaker["name"] is not None else "")
    bodies: list[Json] = [{"type": "TextualBody", "purpose": "describing", "value": told}]
    route = _ROUTES.get(speaker["type"] or "")
    if route is not None and speaker["entity_id"] is not None:
        source = address(f"/{route}/{speaker['entity_id']}")
        bodies.append({"type": "SpecificResource", "purpose": "identifying", "source": source})
    return _annotation(address(f"/quotes/{quote['id']}"), "describing", bodies, quote["contents"], text)


def _of_position(position: Json, text: str) -> Json:
    if position["kind"] == "stance":
        told = f"{position['holder']['name'] or 'somebody'} {position['polarity']} {position['issue']['label']}"
    else:
        told = f"{position['person']['name'] or 'somebody'}: {position['title']}"
    bodies = [{"type": "TextualBody", "purpose": "classifying", "value": told}]
    return _annotation(f"{text}#{position['id']}", "classifying", bodies, position["evidence"], text)


def _annotation(key: str, motivation: str, bodies: list[Json], spans: Iterable[Json], text: str) -> Json:
    return {
        "id": key,
        "type": "Annotation",
        "motivation": motivation,
        "body": bodies,
        "target": [
            {
                "type": "SpecificResource",
                "source": text,
                "selector": [
                    {"type": "TextPositionSelector", "start": span["start"], "end": span["end"]},
                    {
                        "type": "TextQuoteSelector",
                        "exact": span["exact"],
                        "prefix": span["prefix"],
                        "suffix": span["suffix"],
                    },
                ],
            }
            for span in spans
        ],
    }
