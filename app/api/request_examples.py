"""Examples of what is sent, by operation; a test sends them."""

from __future__ import annotations

from typing import Any

from app.api import examples
from app.api import knowledge_shapes as known
from app.ingest.fields import StoryFields

_MERGE = {"into": known.CHANGE["to_id"], "note": "the same person"}
_SPLIT = {"articles": [examples.ARTICLE_ID], "note": "another of the name"}
_CONFIRM = {"action": "confirm", "annotation_id": examples.QUOTE["id"], "note": "as printed"}
_STORY: Any = StoryFields.model_json_schema()["examples"][0]

REQUESTS: dict[str, Any] = {
    "annotate": _STORY,
    "addArticle": _STORY,
    "replaceArticle": _STORY,
    "addArticleCorrection": _CONFIRM,
    "addCorrection": {**_CONFIRM, "article_id": examples.ARTICLE_ID},
    "changeQuote": {"type": "indirect", "note": "no words of hers"},
    "changePosition": {"title": "Mayor", "note": "as printed"},
    "followFeed": {"url": "https://courier.example/feeds/city", "interval": 900},
    "mergePerson": _MERGE,
    "mergeOrganization": {"into": known.COMPANY["items"][0]["id"], "note": "its older name"},
    "mergeIssue": {"into": examples.ISSUE["id"], "note": "the same question"},
    "splitPerson": _SPLIT,
    "splitOrganization": _SPLIT,
    "splitIssue": {"labels": [known.LABEL["label"]], "note": "another bridge"},
    "decideLink": {"decision": "accept"},
    "addWebhook": {"url": "https://mirror.example/hooks/sayso", "events": ["story.created", "story.deleted"]},
    "changeWebhook": {"state": "paused"},
}
"""What the JSON body of an operation may hold."""

PATH_PARAMETERS = {
    "after": "The id of the later run.",
    "article_id": "The id of an article.",
    "before": "The id of the earlier run.",
    "change_id": "The id of a merge or a split.",
    "correction_id": "The id of a correction.",
    "entity_id": "The id of a person or an organization, as the path says.",
    "feed_id": "The id of a feed.",
    "group_id": "The id of a group of stories that are alike.",
    "ingestion_id": "The id of an ingestion.",
    "issue_id": "The id of an issue.",
    "letter_id": "The id of a message that a webhook did not take.",
    "link_id": "The id of a link to review.",
    "name": "The last part of a problem's `type`.",
    "position_id": "The id of a position.",
    "quote_id": "The id of a quote.",
    "reannotation_id": "The id of a reannotation.",
    "webhook_id": "The id of a webhook.",
}
"""What the parts of paths are that are left open."""
