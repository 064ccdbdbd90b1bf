"""Stories in IPTC ninjs, the news item in JSON: versions 1 to 3.

Source: IPTC, ninjs (https://iptc.org/std/ninjs/). Version 1 has ``headline`` and ``body_*``, version 2 lists of them,
version 3 the same with names in camel case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.errors import InputError
from app.ingest.fields import StoryFields, read_fields
from app.ingest.salvage import as_list, salvage_fields

_Object = Mapping[str, object]
_WITHDRAWN = frozenset({"withheld", "canceled", "cancelled"})
_AUTHORS = frozenset({"author", "creator", "byline"})


def is_ninjs(value: _Object) -> bool:
    """Say whether a JSON object is a ninjs item and no story in our own fields."""
    return isinstance(value.get("uri"), str) and "text" not in value and "html" not in value


def story_fields(value: _Object) -> StoryFields:
    """Return the fields of the story in a JSON object, be it a ninjs item or in our own fields.

    Raises: InputError naming the field.
    """
    return ninjs_fields(value) if is_ninjs(value) else read_fields(value)


def ninjs_fields(value: _Object) -> StoryFields:
    """Return the fields of the story that a ninjs item holds.

    Raises: InputError naming the property when the item is withdrawn, holds no text or is not identified.
    """
    item = _lowered(value)
    uri = item.get("uri")
    if not isinstance(uri, str):
        raise InputError("uri", "must be a string: what identifies the item")
    status = str(item.get("pubstatus") or "usable").lower()
    if status in _WITHDRAWN:
        raise InputError("pubstatus", f"the item is {status}: it is not to be published")
    web = uri.startswith(("http://", "https://"))
    people = [_lowered(p) for p in as_list(item.get("people", item.get("person"))) if isinstance(p, Mapping)]
    return salvage_fields(
        {
            **_content(item),
            "title": item.get("headline") or _main(item, "headlines") or item.get("title"),
            "byline": item.get("byline") or item.get("by"),
            "authors": [p.get("name") for p in people if str(p.get("rel", "")).lower() in _AUTHORS and p.get("name")],
            "source": _named(item.get("infosources", item.get("infosource"))) or item.get("copyrightholder"),
            "language": item.get("language"),
            "published_at": item.get("firstcreated") or item.get("versioncreated") or item.get("contentcreated"),
            "url": uri if web else None,
            "external_id": uri,
        }
    )


def _content(item: _Object) -> dict[str, object]:
    """Return the body as text, else as HTML.

    Raises: InputError when there is neither.
    """
    bodies = dict(_bodies(item))
    for kind, content in bodies.items():
        if kind == "text/plain":
            return {"text": content}
    for kind, content in bodies.items():
        if "html" in kind:
            return {"html": f"<html><body><article>{content}</article></body></html>"}
    raise InputError("bodies", "the item has no body in text/plain or (X)HTML")


def _bodies(item: _Object) -> Iterator[tuple[str, str]]:
    """Yield each body with its media type, the main ones last, so that they win."""
    listed = [_lowered(body) for body in as_list(item.get("bodies")) if isinstance(body, Mapping)]
    for body in sorted(listed, key=lambda body: body.get("role") in {"main", None}):
        if isinstance(body.get("value"), str):
            yield str(body.get("contenttype") or "text/plain").lower().partition(";")[0], str(body["value"])
    for name, content in item.items():
        if name.startswith("body_") and isinstance(content, str) and content:
            kind = name.removeprefix("body_")
            yield "text/plain" if kind == "text" else kind, content


def _main(item: _Object, name: str) -> object:
    listed = [_lowered(part) for part in as_list(item.get(name)) if isinstance(part, Mapping)]
    return next((part.get("value") for part in sorted(listed, key=lambda p: p.get("role") != "main")), None)


def _named(value: object) -> object:
    return next((part["name"] for part in as_list(value) if isinstance(part, Mapping) and part.get("name")), None)


def _lowered(value: _Object) -> dict[str, object]:
    return {name.lower(): content for name, content in value.items()}
