"""Every question that lists, filters, facets and searches can be asked: from the OpenAPI document, none is forgotten.

What is asked about (people, words, sources) is drawn from the store behind the service, through the service.
"""

from __future__ import annotations

import random
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote, urlencode

Json = dict[str, Any]
Ask = Callable[[str], Awaitable[Json]]
Samples = dict[str, list[str]]

ELSEWHERE = frozenset(
    {
        "/livez",
        "/readyz",
        "/about",
        "/problems",
        "/problems/{name}",
        # These follow work under way, one piece of it at a time.
        "/ingestions/{ingestion_id}",
        "/ingestions/{ingestion_id}/events",
        "/ingestions/{ingestion_id}/items",
        "/reannotations/{reannotation_id}",
        "/feeds/{feed_id}",
        "/webhooks/{webhook_id}",
        "/webhooks/{webhook_id}/dead-letters",
        # It takes two runs of one revision; a single row each.
        "/articles/{article_id}/runs/{before}..{after}",
    }
)
"""Routes that read no list, or whose lists are as long as one piece of work."""
TOGETHER = {
    "/quotes": (
        ("speaker", "about"),
        ("speaker", "q", "sort=relevance"),
        ("about", "sort=relevance"),
        ("q", "source", "sort=relevance"),
        ("q", "type=direct"),
        ("q", "source"),
        ("about", "status=anonymous", "sort=-published"),
        ("source", "type=indirect", "min_confidence"),
        ("speaker", "source"),
        ("person", "type=mixed"),
        ("issue", "speaker"),
        ("published_from", "published_to", "section"),
        ("q", "facet=speaker,type"),
        ("speaker", "facet=source,review"),
    ),
    "/articles": (
        ("q", "source"),
        ("q", "published_from"),
        ("person", "organization"),
        ("source", "section", "published_from"),
        ("person", "q", "facet=source"),
    ),
    "/positions": (
        ("country", "polarity=opposes"),
        ("issue", "holder"),
        ("title", "country"),
        ("kind=stance", "source", "polarity=supports"),
        ("q", "kind=stance"),
        ("q", "source"),
        ("q", "facet=issue,polarity"),
    ),
    "/people": (("country", "sort=-articles"), ("q", "title"), ("q", "facet=title,country")),
    "/organizations": (("country", "q"),),
    "/issues": (("q", "polarity=opposes", "sort=-positions"),),
    "/review": (("kind=stance", "max_confidence"),),
    "/sayings": (("speaker", "min_sightings"),),
}
"""Parameters that are asked together besides each alone."""
VARIANTS = 48
_DAYS = ("2021-03-01", "2022-06-15", "2023-09-30", "2024-11-01", "2025-01-20")
_PLAIN: Samples = {
    "published_from": list(_DAYS),
    "published_to": list(_DAYS),
    "ingested_from": list(_DAYS),
    "ingested_to": list(_DAYS),
    "min_confidence": ["0.5", "0.9"],
    "max_confidence": ["0.3", "0.8"],
    "country": ["Kenya", "United States", "Fiji", "Germany"],
    "url": ["https://example.org/none"],
    "external_id": ["none"],
    "key": ["none"],
    "since": ["0", "1000", "100000"],
    "min_sightings": ["1", "2", "5"],
    "revision": ["1"],
}
_PAGING = frozenset({"limit", "cursor"})
_CHOICES = re.compile(r"\^\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Question:
    """One way to ask a route, and addresses that ask it, each about something else where there is a choice."""

    route: str
    asked: str
    paths: tuple[str, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """Return what it is called in a table."""
        return f"{self.route}?{self.asked}" if self.asked else self.route


def questions(document: Json, samples: Mapping[str, Sequence[str]], variants: int = VARIANTS) -> Iterator[Question]:
    """Yield the questions: every route of a list alone, with each parameter, and with some together.

    Raises: LookupError when nothing is known to ask of a parameter: it is new, and belongs in here.
    """
    for route, methods in document["paths"].items():
        if "get" not in methods or route in ELSEWHERE:
            continue
        parameters = methods["get"].get("parameters", [])
        needed = [p["name"] for p in parameters if p["in"] == "query" and p.get("required")]
        yield _question(route, needed, samples, variants)
        for parameter in parameters:
            name = parameter["name"]
            if parameter["in"] != "query" or name in _PAGING or name in needed:
                continue
            for way in _ways(parameter):
                if way == "sort=relevance":
                    continue  # it is that of words, see what is asked together
                yield _question(route, [*needed, way], samples, variants)
        for together in TOGETHER.get(route, ()):
            yield _question(route, [*needed, *together], samples, variants)


async def samples_of(ask: Ask, seed: int = 5) -> Samples:
    """Return what can be asked about: of everything some that many stories have and some that few have."""
    chance = random.Random(seed)
    found: Samples = {name: [*values] for name, values in _PLAIN.items()}
    articles = await _items(ask, "/articles?limit=200", "/articles?limit=200&sort=received")
    people = await _items(ask, "/people?limit=200&sort=-articles", "/people?limit=200")
    bodies = await _items(ask, "/organizations?limit=200&sort=-articles", "/organizations?limit=200")
    issues = await _items(ask, "/issues?limit=200&sort=-positions", "/issues?limit=200")
    quotes = await _items(ask, "/quotes?limit=200", "/quotes?limit=200&sort=received&status=resolved")
    positions = await _items(ask, "/positions?limit=200")
    offices = await _items(ask, "/positions?limit=200&kind=office")
    corrections = await _items(ask, "/corrections?limit=50")
    groups = [a["id"] for a in articles]
    ids = {
        "article_id": articles,
        "entity_id": people,
        "body_id": bodies,
        "issue_id": issues,
        "quote_id": quotes,
        "position_id": positions,
        "correction_id": corrections,
    }
    for name, items in ids.items():
        found[name] = [item["id"] for item in items]
    for name in ("source", "section", "language"):
        found[name] = sorted({a[name] for a in articles if a[name]})
    found["name"] = [p["name"] for p in people]
    found["title"] = sorted({o["title"] for o in offices})
    words = [w for q in quotes for w in re.findall(r"[^\W\d_]{4,}", q["text"])]
    found["words"] = sorted(set(words))
    found["begun"] = sorted({p["name"][:n] for p in people for n in (1, 2, 4, 7)})
    found["label"] = sorted({i["label"][:n] for i in issues for n in (1, 3, 8)})
    runs = await _items(ask, "/runs?limit=1")
    found["pipeline"] = [*(r["pipeline"] for r in runs), "none"]
    found["weights"] = [*(r["weights"] for r in runs), "none"]
    found["group_id"] = await _groups(ask, groups)
    for values in found.values():
        chance.shuffle(values)
    return found


async def _items(ask: Ask, *paths: str) -> list[Json]:
    return [item for path in paths for item in (await ask(path))["items"]]


async def _groups(ask: Ask, articles: Sequence[str]) -> list[str]:
    found = []
    for key in articles[:40]:
        group = (await ask(f"/articles/{key}/similar")).get("id")
        if group is not None:
            found.append(group)
    return found


def _ways(parameter: Json) -> list[str]:
    """Return the ways to give one parameter: each value where there are few, or its name alone."""
    schema = parameter["schema"]
    choices = [choice for part in (schema, *schema.get("anyOf", ())) for choice in part.get("enum", ())]
    listed = [
        found[1].split("|") for part in schema.get("anyOf", ()) if (found := _CHOICES.match(part.get("pattern", "")))
    ]
    name = parameter["name"]
    if choices:
        return [f"{name}={choice}" for choice in choices]
    if name == "fields":
        return [f"{name}={','.join(listed[0][:2])}"]
    if name in ("facet", "include"):
        return [f"{name}={choice}" for choice in listed[0]]
    return [name]


def _question(route: str, ways: Sequence[str], samples: Mapping[str, Sequence[str]], variants: int) -> Question:
    given = {name: cycle(_values(route, name, samples)) for name in re.findall(r"{(\w+)}", route)}
    asked = [way.partition("=") for way in ways]
    choices = {name: cycle([value] if value else _values(route, name, samples)) for name, _, value in asked}

    def addresses() -> Iterator[str]:
        while True:
            path = route
            for name, values in given.items():
                path = path.replace("{" + name + "}", quote(next(values), safe=""))
            query = urlencode({name: next(values) for name, values in choices.items()})
            yield f"{path}?{query}" if query else path

    paths = tuple(dict.fromkeys(islice(addresses(), variants)))
    return Question(route, "&".join(ways), paths)


_CALLED = {
    "person": "entity_id",
    "organization": "body_id",
    "holder": "entity_id",
    "reporter": "entity_id",
    "article": "article_id",
    "issue": "issue_id",
    "about": "words",
    "story_group": "group_id",
    "entity": "entity_id",
}
_BEGUN = {"/people": "begun", "/organizations": "begun", "/suggest": "begun", "/issues": "label"}


def _values(route: str, name: str, samples: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if name == "q":
        return samples[_BEGUN.get(route, "words")]
    if name == "entity_id" and route.startswith("/organizations"):
        return samples["body_id"]
    if name == "speaker":
        # By id, and on the list of quotes by name too.
        named = samples["name"] if route == "/quotes" else []
        return [key for pair in zip(samples["entity_id"], named or samples["entity_id"], strict=False) for key in pair]
    values = samples.get(_CALLED.get(name, name))
    if not values:
        msg = f"{route} asks for {name}, and there is none"
        raise LookupError(msg)
    return values
