"""One small story with its annotations, written out as the service writes them: the examples of the documentation.

They are made by the code that makes real answers, so an example cannot show a shape that is not served.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import orjson

from app.api.networks import network_shape
from app.api.representations import write_json
from app.api.shapes import (
    article_shape,
    correction_shape,
    entity_shape,
    issue_shape,
    revision_shape,
    run_shape,
    summary_shape,
    tenure_shape,
)
from app.domain.analysis import Analysis, Pipeline, check
from app.domain.annotation import Actor, Entity, Mention, Office, Quote, Stance
from app.domain.document import Document, Head
from app.domain.span import Span
from app.ingest.annotated import named_mentions
from app.knowledge.link import link
from app.store.articles import sha256_of
from app.store.documents import serialise_analysis
from app.store.networks import sides
from app.store.review_views import CorrectionView
from app.store.views import (
    ArticleView,
    Counts,
    EntityView,
    IssueView,
    LinkedAnalysis,
    NetworkView,
    OfficeView,
    RevisionView,
    RunView,
    StandView,
    StatementView,
    TenureView,
)

TEXT = (
    "The Harbor Bridge will close in May, Mayor Ana Ruiz said on Tuesday.\n\n"
    '"We have waited too long," Ruiz said. The Port Authority opposes the closure.'
)
ARTICLE_ID = "018e0f3a5c7d7b1e9a4f2c6d8e0b1a35"
RUN_ID = "018e0f3a5c8a7d3f8b6e1f0a2c4d6e81"
MOMENT = "2024-03-05T08:30:00Z"


def _span(words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return Span(start, start + len(words))


def _analysis() -> Analysis:
    ruiz, port, bridge = "e1f0c2", "e2a9b4", "e3d7c8"
    mayor = Actor("resolved", "Ana Ruiz", "person", ruiz, "Mayor", _span("Mayor Ana Ruiz"))
    ruiz_again = Actor("resolved", "Ana Ruiz", "person", ruiz, "Mayor", _span("Ruiz", 1))
    authority = Actor("resolved", "Port Authority", "organization", port, None, _span("The Port Authority"))
    return Analysis(
        Pipeline("1", "none"),
        entities=(
            Entity(bridge, "place", "Harbor Bridge", (Mention(_span("Harbor Bridge")),), prominence=0.2),
            Entity(
                ruiz,
                "person",
                "Ana Ruiz",
                (Mention(_span("Ana Ruiz")), Mention(_span("Ruiz", 1))),
                ("Ruiz",),
                prominence=0.5,
                confidence=0.97,
            ),
            Entity(port, "organization", "Port Authority", (Mention(_span("Port Authority")),), prominence=0.3),
        ),
        quotes=(
            Quote(
                "q_5b1d0c",
                "indirect",
                (_span("The Harbor Bridge will close in May"),),
                _span("said"),
                mayor,
                0.91,
                "name",
            ),
            Quote(
                "q_8e2f47", "direct", (_span('"We have waited too long,"'),), _span("said", 1), ruiz_again, 0.96, "name"
            ),
        ),
        offices=(Office("o_3c9a10", mayor, "Mayor", "mayor", None, "current", (_span("Mayor Ana Ruiz"),), 0.88),),
        stances=(
            Stance(
                "s_7d4e21",
                authority,
                "opposes",
                "closure of the Harbor Bridge",
                _span("the closure"),
                (_span("The Port Authority opposes the closure"),),
                confidence=0.72,
            ),
        ),
    )


_document = Document(TEXT)
_checked = check(_analysis(), _document)
ANALYSIS: dict[str, Any] = serialise_analysis(
    _document,
    LinkedAnalysis(_checked, _document, link(_checked)),
    article_id=ARTICLE_ID,
    run_id=RUN_ID,
)
PERSON: dict[str, Any] = ANALYSIS["people"][0]
ORGANIZATION: dict[str, Any] = ANALYSIS["organizations"][0]
QUOTE: dict[str, Any] = ANALYSIS["quotes"][1]
OFFICE: dict[str, Any] = ANALYSIS["positions"][0]
STANCE: dict[str, Any] = ANALYSIS["positions"][1]
RECEIVED_AT = datetime.fromisoformat(MOMENT).astimezone(UTC)


def as_json(content: object) -> Any:  # noqa: ANN401 (any JSON value)
    """Return plain data as it reads when written and read again."""
    return orjson.loads(write_json(content))


def page_of(*items: object) -> dict[str, Any]:
    """Return the example of a list with these items."""
    return {"items": list(items), "next": None}


RUN = RunView(RUN_ID, ARTICLE_ID, 1, "1", "none", RECEIVED_AT, 0.012, Counts(1, 1, 1, 2, 2))
VIEW = ArticleView(
    id=ARTICLE_ID,
    revision=1,
    sha256=sha256_of(TEXT),
    length=len(TEXT),
    title="Harbor Bridge to Close for Repairs",
    section="City",
    byline="By Lena Holt",
    dateline=None,
    authors=("Lena Holt",),
    source="The Harbor Courier",
    url="https://courier.example/city/bridge",
    language="en",
    published_at=RECEIVED_AT,
    external_id="courier-20240305-17",
    media_type="text/plain",
    lines={},
    received_at=RECEIVED_AT,
    updated_at=RECEIVED_AT,
    run=RUN,
)
ARTICLE = as_json(article_shape(VIEW, TEXT, ANALYSIS))
SUMMARY = as_json(summary_shape(VIEW))
ANNOTATIONS = {"article_id": ARTICLE_ID, "revision": 1, "run": as_json(run_shape(RUN)), **ANALYSIS}
REVISION = as_json(
    revision_shape(
        RevisionView(
            ARTICLE_ID, 1, VIEW.sha256, len(TEXT), VIEW.title, "text/plain", Head(), RECEIVED_AT, current=True, run=RUN
        )
    )
)
_MAYOR = OfficeView(OFFICE["id"], ARTICLE_ID, "Mayor", None, None, "current")
KNOWN_PERSON = as_json(entity_shape(EntityView(PERSON["id"], "person", "Ana Ruiz", ("Ruiz",), (), (_MAYOR,), 1)))
KNOWN_ORGANIZATION = as_json(
    entity_shape(EntityView(ORGANIZATION["id"], "organization", "Port Authority", (), (), (), 1))
)
_ISSUE = IssueView(STANCE["issue"]["id"], STANCE["issue"]["label"], 1, RECEIVED_AT, RECEIVED_AT, 1.0)
ISSUE = as_json(issue_shape(_ISSUE))
_STAND = StandView(STANCE, ORGANIZATION["id"], "Port Authority", VIEW.title, VIEW.source, RECEIVED_AT)
NETWORK = as_json(network_shape(NetworkView(_ISSUE, (_STAND,), sides((_STAND,), _ISSUE.id), complete=True)))
_STATED = StatementView(OFFICE["id"], ARTICLE_ID, RECEIVED_AT, "Mayor", "current")
TENURE = as_json(
    tenure_shape(
        TenureView("Mayor", "mayor", None, None, "current", RECEIVED_AT, RECEIVED_AT, None, 1, (_STATED,)),
    )
)
_HIGHLIGHTS = [
    {"start": found.start(), "end": found.end(), "exact": found[0]}
    for found in re.finditer("bridge", TEXT, re.IGNORECASE)
    if any(part["start"] <= found.start() < part["end"] for part in ANALYSIS["quotes"][0]["contents"])
]
FOUND = {
    "query": "bridge",
    "articles": [SUMMARY],
    "people": [],
    "organizations": [],
    "quotes": [ANALYSIS["quotes"][0]],
    "issues": [],
    "highlights": {ANALYSIS["quotes"][0]["id"]: _HIGHLIGHTS},
}
SUGGESTIONS = {
    "items": [
        {
            "id": PERSON["id"],
            "type": "person",
            "name": "Ana Ruiz",
            "match": "Ana Ruiz",
            "office": "Mayor",
            "articles": 12,
        }
    ]
}
ANNOTATED = {
    "section": None,
    "title": None,
    "byline": None,
    "dateline": None,
    "text": TEXT,
    **serialise_analysis(_document, LinkedAnalysis(_checked, _document, link(_checked))),
    "entities": named_mentions(_checked),
}

NINJS: dict[str, Any] = {
    "uri": "https://courier.example/items/20240305-17",
    "headline": "Harbor Bridge to Close for Repairs",
    "byline": "By Lena Holt",
    "versioncreated": MOMENT,
    "language": "en",
    "body_text": "The Harbor Bridge will close in May, Mayor Ana Ruiz said on Tuesday.",
}
NEWSML = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:example:20240305-17" version="1">'
    "<contentMeta><headline>Harbor Bridge to Close for Repairs</headline></contentMeta>"
    '<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>'
    "<p>The Harbor Bridge will close in May, Mayor Ana Ruiz said on Tuesday.</p></body></html></inlineXML></contentSet>"
    "</newsItem>"
)
CORRECTION = as_json(
    correction_shape(
        CorrectionView(
            id="018e0f4b8c1d7a2f9b3e6d5c4a7f8e90",
            article_id=ARTICLE_ID,
            revision=1,
            action="change",
            kind="quote",
            annotation_id=QUOTE["id"],
            value={"type": "direct"},
            before=QUOTE,
            note="The words stand in quotation marks.",
            author="Lena Holt",
            made_at=RECEIVED_AT,
            state="applied",
            applied_to=QUOTE["id"],
            reason=None,
            undone_at=None,
            undone_by=None,
        )
    )
)
REVIEW_ITEM = {"kind": "quote", "annotation": QUOTE}
