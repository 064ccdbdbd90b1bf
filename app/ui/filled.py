"""What a person filled in on the page of corrections, made into the fields of a correction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from app.errors import InputError
from app.ingest.correction_fields import FIELDS, AnyFields, Remarks, read_as
from app.review.correction import Kind
from app.ui.desk import KINDS, WHO, WORDS, Desk, Item, told

Form = Mapping[str, Sequence[str]]
AS_IT_IS, NOBODY, OTHER = "=", "", "other"
"""What is chosen of an actor besides the id of one: no change, nobody known, one whose name is filled in."""
_MOST_FIELDS = 100
_CHOICES: Mapping[Kind, tuple[str, ...]] = {
    "quote": ("type",),
    "office": ("title", "tense"),
    "stance": ("polarity", "issue"),
}


def read_form(body: bytes) -> Form:
    """Return the fields of a form as a browser sends them.

    Raises: InputError for more fields than any form of ours has, and for a NUL, which no text carries.
    """
    try:
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise InputError("form", f"has more than {_MOST_FIELDS} fields") from error
    if any("\0" in value for values in form.values() for value in values):
        raise InputError("form", "holds a NUL, which no text carries")
    return form


def one(form: Form, name: str) -> str:
    """Return the value of a field without the white space around it; nothing when the form has none."""
    return (form.get(name) or [""])[0].strip()


def kind_in(form: Form) -> Kind:
    """Return the kind that a form adds.

    Raises: InputError.
    """
    kind = next((k for k in KINDS if k == one(form, "kind")), None)
    if kind is None:
        raise InputError("kind", f"is one of {', '.join(KINDS)}")
    return kind


def remarks_in(form: Form, signer: str | None) -> Remarks:
    """Return what goes with a correction, signed with the name of the key, or as the form says where there is none.

    Raises: InputError.
    """
    author = signer or one(form, "author") or None
    return read_as(Remarks, {"note": one(form, "note") or None, "author": author})


def fields_in(desk: Desk, kind: Kind, form: Form, item: Item | None) -> AnyFields:
    """Return the fields that a form sets: what it does not hold, or holds as it was, is left alone.

    Raises: InputError naming the field.
    """
    value: dict[str, object] = {}
    near = item.words[0]["start"] if item is not None else 0
    words = [_lines(part) for part in form.get("words", ()) if part.strip()]
    if words and (item is None or words != [span["exact"] for span in item.words]):
        spans = [_span(desk.text, part, near) for part in words]
        value[WORDS[kind]] = spans[0] if kind == "stance" else spans
        near = _start(spans[0]) if item is None else near
    for name in ("cue", "proof"):
        _set_words(value, desk, (name, kind, near), form, item)
    _set_actor(value, desk, (WHO[kind], "who", near), form)
    if kind == "office":
        _set_actor(value, desk, ("organization", "where", near), form)
    for name in _CHOICES[kind]:
        given = one(form, name)
        if given and (item is None or given != told(item.shown[name])):
            value[name] = given
    return read_as(FIELDS[kind], value)


def _set_words(
    value: dict[str, object], desk: Desk, place: tuple[str, Kind, int], form: Form, item: Item | None
) -> None:
    """Set the words that report a quote, or that show a stance, where they are others than before."""
    name, kind, near = place
    field = {"cue": "cue" if kind == "quote" else None, "proof": "evidence" if kind == "stance" else None}[name]
    if field is None or name not in form:
        return
    given = [_lines(part) for part in form[name] if part.strip()]
    was = [] if item is None else item.shown[field] or []
    if given == [span["exact"] for span in ([was] if isinstance(was, dict) else was)]:
        return
    spans = [_span(desk.text, part, near) for part in given]
    if field == "cue":
        value["cue"] = spans[0] if spans else None
    elif spans:
        value["evidence"] = spans


def _set_actor(value: dict[str, object], desk: Desk, place: tuple[str, str, int], form: Form) -> None:
    """Set an actor where another is chosen, or other words that mean the same one."""
    field, name, near = place
    chosen = one(form, name) if name in form else AS_IT_IS
    typed = one(form, f"{name}_name")
    if chosen == AS_IT_IS and not typed:
        return
    if chosen == NOBODY and not typed:
        value[field] = None if field == "organization" else {"status": "unresolved"}
        return
    mention = one(form, f"{name}_mention")
    words = {"mention": _span(desk.text, mention, near)} if mention else {}
    if typed:
        kind = one(form, f"{name}_type") or ("organization" if field == "organization" else "person")
        value[field] = {"name": typed, "type": kind, **words}
    elif chosen == OTHER:
        missing = f"{name}_name"
        raise InputError(missing, "is missing: whose name is it?")
    else:
        value[field] = {"entity_id": chosen, **words}


def _lines(words: str) -> str:
    return words.replace("\r\n", "\n").strip()


def _start(span: Mapping[str, object]) -> int:
    start = span.get("start")
    return start if isinstance(start, int) else 0


def _span(text: str, words: str, near: int) -> dict[str, object]:
    """Return the place of ``words`` that is nearest to ``near``, white space aside; the words where they do not stand.

    What is said of words that do not stand in the story is the same that the API says.
    """
    pattern = r"\s+".join(map(re.escape, words.split()))
    places = [match.span() for match in re.finditer(pattern, text)]
    if not places:
        return {"exact": words}
    start, end = min(places, key=lambda place: abs(place[0] - near))
    return {"start": start, "end": end}
