"""From what a person says of an annotation to the story as it is with it: one transaction, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import uuid_utils
from sqlalchemy.orm import Session

from app.errors import ConflictError, InputError, NotFoundError
from app.ingest.corrected_values import value_of
from app.ingest.correction_fields import FIELDS, AnyFields, CorrectionFields, Remarks, read_as
from app.review.correction import Action, Kind
from app.store import corrections
from app.store.review_views import CorrectionView, HeldStory, NewCorrection
from app.store.store import Store
from app.store.views import Json

Check = Callable[[HeldStory, Json], None]
"""Raises when an annotation may not be changed as it stands."""

_PREFIXES: Mapping[Kind, str] = {"quote": "quo", "office": "off", "stance": "sta"}
_GROUNDS: Mapping[Kind, tuple[str, ...]] = {
    "quote": ("contents",),
    "office": ("evidence", "title"),
    "stance": ("target", "polarity"),
}
_NO_REMARKS = Remarks()


def accept_any(_held: HeldStory, _annotation: Json) -> None:
    """Let every change be made."""


class Editor:
    """Keeps what people say of annotations."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def change(
        self, annotation_id: str, given: AnyFields, remarks: Remarks = _NO_REMARKS, check: Check = accept_any
    ) -> tuple[CorrectionView, Json]:
        """Set some fields of an annotation; return the correction and the annotation as it is served now.

        Raises: NotFoundError; InputError naming the field; what ``check`` raises.
        """
        with self.store.writing() as session:
            held, kind, before = _found(session, annotation_id)
            check(held, before)
            value = value_of(session, held, kind, given, before)
            return self._keep(session, held, NewCorrection("change", kind, annotation_id, value, before), remarks)

    def say(
        self,
        annotation_id: str,
        action: Action,
        remarks: Remarks = _NO_REMARKS,
        check: Check = accept_any,
        article_id: str | None = None,
    ) -> tuple[CorrectionView, Json]:
        """Confirm or reject an annotation as it stands; return the correction and what is served of it now, if any.

        Raises: NotFoundError; what ``check`` raises.
        """
        with self.store.writing() as session:
            held, kind, before = _found(session, annotation_id, article_id)
            check(held, before)
            return self._keep(session, held, NewCorrection(action, kind, annotation_id, {}, before), remarks)

    def add(
        self, article_id: str, kind: Kind, given: AnyFields, remarks: Remarks = _NO_REMARKS, within: str = ""
    ) -> tuple[CorrectionView, Json]:
        """Add what the machine missed; return the correction and the annotation as it is served.

        Raises: NotFoundError; InputError naming the field; ConflictError when it is there already.
        """
        with self.store.writing() as session:
            held = corrections.hold_story(session, article_id)
            value = value_of(session, held, kind, given, None, within)
            _check_new(held, kind, value)
            key = f"{_PREFIXES[kind]}_{uuid_utils.uuid7().hex}"
            return self._keep(session, held, NewCorrection("add", kind, key, value), remarks)

    def submit(self, given: CorrectionFields, article_id: str | None) -> tuple[CorrectionView, Json]:
        """Keep a correction of any kind.

        Raises: NotFoundError when there is no such story; InputError naming the field; ConflictError.
        """
        try:
            return self._submit(given, article_id)
        except NotFoundError as error:
            if error.kind == "annotation":
                raise InputError("annotation_id", "the story has no such quote or position") from error
            raise

    def _submit(self, given: CorrectionFields, article_id: str | None) -> tuple[CorrectionView, Json]:
        if given.action == "add":
            if given.kind is None or article_id is None:
                raise InputError("kind" if given.kind is None else "article_id", "is missing")
            fields = read_as(FIELDS[given.kind], given.value or {}, "value.")
            return self.add(article_id, given.kind, fields, given, "value.")
        if given.annotation_id is None:
            raise InputError("annotation_id", "is missing")
        if given.action != "change":
            if given.value:
                raise InputError("value", f"goes with change and add, not with {given.action}")
            return self.say(given.annotation_id, given.action, given, article_id=article_id)
        with self.store.writing() as session:
            held, kind, before = _found(session, given.annotation_id, article_id)
            if given.kind not in (None, kind):
                raise InputError("kind", f"the annotation is of kind {kind}")
            fields = read_as(FIELDS[kind], given.value or {}, "value.")
            value = value_of(session, held, kind, fields, before, "value.")
            return self._keep(session, held, NewCorrection("change", kind, given.annotation_id, value, before), given)

    def undo(self, correction_id: str, by: str | None = None) -> CorrectionView:
        """Take a correction back.

        Raises: NotFoundError; ConflictError when it is undone already.
        """
        with self.store.writing() as session:
            return corrections.undo_correction(session, correction_id, by)

    def _keep(
        self, session: Session, held: HeldStory, made: NewCorrection, remarks: Remarks
    ) -> tuple[CorrectionView, Json]:
        told = NewCorrection(
            made.action, made.kind, made.annotation_id, made.value, made.before, remarks.note, remarks.author
        )
        view = corrections.add_correction(session, held, told)
        shown = corrections.hold_story(session, held.article_id).annotation(view.applied_to or "")
        return view, {} if shown is None else shown[1]


def _found(session: Session, annotation_id: str, article_id: str | None = None) -> tuple[HeldStory, Kind, Json]:
    _, place = corrections.story_of(session, annotation_id)
    if article_id not in (None, place):
        raise NotFoundError("annotation", annotation_id)
    held = corrections.hold_story(session, place)
    found = held.annotation(annotation_id)
    if found is None:  # gone between the look at it and the hold on its story
        raise NotFoundError("annotation", annotation_id)
    return held, *found


def _check_new(held: HeldStory, kind: Kind, value: Json) -> None:
    part = "quotes" if kind == "quote" else "positions"
    for other in held.analysis[part]:
        same = all(other.get(name) == value[name] for name in _GROUNDS[kind])
        if same and _whose(kind, other) == _whose(kind, value):
            msg = f"{other['id']} says this already: change or confirm that one"
            raise ConflictError(msg)


def _whose(kind: Kind, shown: Json) -> str | None:
    if kind == "quote":
        return None
    return cast("str | None", shown["person" if kind == "office" else "holder"]["name"])
