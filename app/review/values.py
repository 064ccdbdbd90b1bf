"""Fields as a person set them, in the API's shapes, made into annotations of one text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.annotate.titles import normal_title
from app.domain.annotation import Actor, Office, Quote, Stance
from app.domain.span import Span
from app.review.anchors import find_anchor, find_anchors
from app.review.cast import Cast, GoneError
from app.review.correction import ACTORS, PLAIN, Annotation, Json, Kind, fields_of

SURE = 1.0
"""The confidence of what a person vouches for."""
BY_HAND = "hand"


def kind_of(annotation: Annotation) -> Kind:
    """Return what kind of annotation this is."""
    return "quote" if isinstance(annotation, Quote) else "office" if isinstance(annotation, Office) else "stance"


def ground_of(annotation: Annotation) -> tuple[Span, ...]:
    """Return the words by which an annotation is known again."""
    if isinstance(annotation, Quote):
        return annotation.contents
    return annotation.evidence if isinstance(annotation, Office) else (annotation.target,)


def ground_in(cast: Cast, kind: Kind, value: Json) -> tuple[Span, ...] | None:
    """Return where the words stand by which a served annotation is known again; None when they are gone."""
    anchors = value["contents"] if kind == "quote" else value["evidence"] if kind == "office" else [value["target"]]
    return find_anchors(cast.text, anchors)


def whose(annotation: Annotation) -> Actor:
    """Return the actor that an annotation is about."""
    if isinstance(annotation, Quote):
        return annotation.speaker
    return annotation.person if isinstance(annotation, Office) else annotation.holder


def build(cast: Cast, kind: Kind, annotation_id: str, value: Json) -> Annotation:
    """Return a whole annotation from all of its fields.

    Raises: GoneError when the text has not the words for it.
    """
    found = read_fields(cast, kind, {name: value.get(name) for name in fields_of(kind)})
    sure: dict[str, Any] = {"id": annotation_id, "confidence": SURE, "method": BY_HAND}
    if kind == "quote":
        return Quote(**found, **sure)
    if kind == "office":
        return Office(**found, **sure)
    return Stance(**{**found, "conditional": bool(found["conditional"])}, **sure)


def patch(cast: Cast, annotation: Annotation, value: Json) -> Annotation:
    """Return an annotation with some of its fields set; a person vouches for it now.

    Raises: GoneError when the text has not the words for a field.
    """
    kind = kind_of(annotation)
    found = read_fields(cast, kind, value)
    for name in ACTORS[kind]:
        # What the machine tells of the same actor beside who it is stays.
        if name in found and same_actor(found[name], getattr(annotation, name)):
            del found[name]
    by_hand = {"method": BY_HAND} if ACTORS[kind][0] in found else {}
    changed: Annotation = replace(annotation, **{**found, **by_hand, "confidence": SURE})
    return changed


def same_actor(one: Actor | None, other: Actor | None) -> bool:
    """Say whether two actors are one and the same, named by the same words of the story."""
    if one is None or other is None:
        return one is other
    return (one.status, one.entity_id, one.name, one.mention) == (
        other.status,
        other.entity_id,
        other.name,
        other.mention,
    )


def read_fields(cast: Cast, kind: Kind, value: Json) -> dict[str, Any]:
    """Return the fields of ``value`` as annotations of ``kind`` hold them.

    Raises: GoneError when the text has not the words for a field.
    """
    found: dict[str, Any] = {}
    for name in fields_of(kind):
        if name not in value:
            continue
        given = value[name]
        if given is None:
            found[name] = None
        elif name in ACTORS[kind]:
            found[name] = cast.actor(given)
        elif name in PLAIN[kind]:
            found[name] = given["label"] if name == "issue" else given
        elif name == "cue":
            found[name] = find_anchor(cast.text, given)
        elif name == "target":
            found[name] = _all(cast, [given])[0]
        else:
            found[name] = _all(cast, given)
    if kind == "office" and found.get("title") is not None:
        found["normal_title"] = normal_title(found["title"])
    return found


def differing(annotation: Annotation, machine: Annotation | None) -> tuple[str, ...]:
    """Return the fields in which an annotation is not what the machine found."""
    if machine is None:
        return ()
    kind = kind_of(annotation)
    return tuple(name for name in fields_of(kind) if not _same(kind, name, annotation, machine))


def _same(kind: Kind, name: str, annotation: Annotation, machine: Annotation) -> bool:
    mine, theirs = getattr(annotation, name), getattr(machine, name)
    return same_actor(mine, theirs) if name in ACTORS[kind] else bool(mine == theirs)


def _all(cast: Cast, anchors: Iterable[Json]) -> tuple[Span, ...]:
    known = list(anchors)
    found = find_anchors(cast.text, known)
    if found is None:
        words = ", ".join(repr(anchor["exact"][:80]) for anchor in known)
        msg = f"the words {words} are gone"
        raise GoneError(msg)
    return found
