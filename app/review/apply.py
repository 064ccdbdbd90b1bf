"""Corrections applied over an analysis: over the one that they were made on, or over a later one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.domain.analysis import Analysis
from app.domain.annotation import Actor, Office, Quote, Stance
from app.domain.span import Span
from app.review.anchors import shared
from app.review.cast import Cast, GoneError
from app.review.correction import (
    ACTORS,
    Annotation,
    Correction,
    Json,
    Kind,
    Outcome,
    Review,
    Reviewed,
    Status,
    fields_of,
)
from app.review.values import build, differing, ground_in, ground_of, kind_of, patch, whose

_SAME = 0.5
_PREFIXES = {"quote": "quo", "office": "off", "stance": "sta"}
_TAKEN_BACK = "what it corrects was added by a person and is not there any more"
_REJECTED = "what it corrects was rejected"


def apply_corrections(
    analysis: Analysis, text: str, corrections: Iterable[Correction], *, salt: str, revision: int
) -> Reviewed:
    """Return ``analysis`` as people corrected it, in the order in which they did.

    A correction finds its annotation by the id, else by the words; where the machine does not find the annotation any
    more, it is made anew from what was said of it. A correction whose words are gone does not hold, and the outcome
    says so. ``salt`` names the story, ``revision`` is the one that ``text`` is of.
    """
    work = _Work(Cast(text, analysis, salt), analysis, revision)
    for correction in corrections:
        work.apply(correction)
    return work.reviewed(analysis)


class _Work:
    def __init__(self, cast: Cast, analysis: Analysis, revision: int) -> None:
        self.cast = cast
        self.revision = revision
        found: tuple[Annotation, ...] = (*analysis.quotes, *analysis.offices, *analysis.stances)
        self.now: dict[str, Annotation] = {a.id: a for a in found}
        self.machine: dict[str, Annotation] = dict(self.now)
        self.moved: dict[str, str] = {}
        self.rejected: set[str] = set()
        self.added: set[str] = set()
        self.last: dict[str, Correction] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.retitled: set[str] = set()

    def apply(self, correction: Correction) -> None:
        """Apply one correction, or note why it does not hold."""
        try:
            key = self._added(correction) if correction.action == "add" else self._changed(correction)
        except GoneError as error:
            self.outcomes[correction.id] = Outcome(applied=False, reason=str(error))
            return
        if key is not None:
            self.last[key] = correction
        self.outcomes[correction.id] = Outcome(applied=True, annotation_id=key)

    def reviewed(self, analysis: Analysis) -> Reviewed:
        """Return what came of it."""
        for key, annotation in self.now.items():
            if isinstance(annotation, Stance) and annotation.quote_id is not None:
                quote_id = self._place(annotation.quote_id)
                self.now[key] = replace(annotation, quote_id=quote_id if quote_id in self.now else None)
        self._retitle()
        found = sorted(self.now.values(), key=lambda a: ground_of(a)[0])
        by_evidence = sorted(self.now.values(), key=_first_evidence)
        corrected = replace(
            analysis,
            entities=self.cast.in_order(),
            quotes=tuple(a for a in found if isinstance(a, Quote)),
            offices=tuple(a for a in by_evidence if isinstance(a, Office)),
            stances=tuple(a for a in by_evidence if isinstance(a, Stance)),
        )
        reviews = {key: self._review(key, self.last[key]) for key in self.now if key in self.last}
        outcomes = {
            key: replace(found, annotation_id=found.annotation_id and self._place(found.annotation_id))
            for key, found in self.outcomes.items()
        }
        return Reviewed(corrected, reviews, outcomes, self.cast.known_elsewhere)

    def _place(self, key: str) -> str:
        """Return the id under which an annotation is now."""
        while key in self.moved:
            key = self.moved[key]
        return key

    def _added(self, correction: Correction) -> str:
        made = build(self.cast, correction.kind, correction.annotation_id, correction.value)
        found = self._counterpart(correction.kind, ground_of(made), correction.value, free=True)
        if found is not None:
            self._rename(found, made.id)
        else:
            self.added.add(made.id)
        self._set(self._carried(made))
        return made.id

    def _changed(self, correction: Correction) -> str | None:
        key = self._place(correction.annotation_id)
        if key in self.rejected:
            raise GoneError(_REJECTED)
        if key not in self.now:
            key = self._found_again(correction) or key
        if correction.action == "reject":
            if key in self.now:
                self.rejected.add(key)
                self._touch(self.now.pop(key))
            return None
        if key not in self.now:
            return self._made_anew(correction)
        value = correction.value
        if correction.action == "confirm":
            before = correction.before or {}
            value = {name: before.get(name) for name in fields_of(correction.kind)}
        self._touch(self.now[key])
        self._set(patch(self.cast, self.now[key], value))
        return key

    def _found_again(self, correction: Correction) -> str | None:
        """Return the id of what the machine found in the place of what was corrected; under the old id if it may."""
        before = correction.before or {}
        if (before.get("review") or {}).get("status") == "added":
            raise GoneError(_TAKEN_BACK)
        ground = ground_in(self.cast, correction.kind, before)
        found = None if ground is None else self._counterpart(correction.kind, ground, before)
        if found is None:
            return None
        if correction.revision == self.revision:
            self._rename(found, correction.annotation_id)
            return correction.annotation_id
        self.moved[correction.annotation_id] = found
        return found

    def _made_anew(self, correction: Correction) -> str:
        same_text = correction.revision == self.revision
        key = correction.annotation_id if same_text else f"{_PREFIXES[correction.kind]}_{correction.id}"
        self._set(self._carried(build(self.cast, correction.kind, key, correction.whole())))
        if not same_text:
            self.moved[correction.annotation_id] = key
        return key

    def _counterpart(self, kind: Kind, ground: tuple[Span, ...], value: Json, *, free: bool = False) -> str | None:
        """Return the id of what stands on the same words now, or None; with ``free``, of what nobody has corrected."""
        name, title = value[ACTORS[kind][0]]["name"], value.get("title")

        def likeness(key: str) -> tuple[bool, bool, float]:
            other = self.now[key]
            same_title = isinstance(other, Office) and other.title == title
            return same_title, whose(other).name == name, grounds[key]

        alike = [k for k, a in self.now.items() if kind_of(a) == kind and not (free and k in self.last)]
        grounds = {key: shared(ground_of(self.now[key]), ground) for key in alike}
        return max((key for key in alike if grounds[key] >= _SAME), key=likeness, default=None)

    def _rename(self, old: str, new: str) -> None:
        self.now[new] = replace(self.now.pop(old), id=new)
        self.moved[old] = new
        if old in self.machine:
            self.machine[new] = self.machine.pop(old)
        if old in self.last:
            self.last[new] = self.last.pop(old)

    def _carried(self, made: Annotation) -> Annotation:
        """Return a stance with the quote that its target stands in."""
        if not isinstance(made, Stance):
            return made
        quotes = (a for a in self.now.values() if isinstance(a, Quote))
        carrier = next((q.id for q in quotes if any(c.covers(made.target) for c in q.contents)), None)
        return replace(made, quote_id=carrier)

    def _set(self, annotation: Annotation) -> None:
        self.now[annotation.id] = annotation
        self._touch(annotation)

    def _touch(self, annotation: Annotation) -> None:
        if isinstance(annotation, Office) and annotation.person.entity_id is not None:
            self.retitled.add(annotation.person.entity_id)

    def _retitle(self) -> None:
        """Let people whose offices were corrected carry the first that they have now."""
        titles: dict[str, str] = {}
        for office in sorted((a for a in self.now.values() if isinstance(a, Office)), key=_first_evidence):
            if office.tense != "former" and office.person.entity_id is not None:
                titles.setdefault(office.person.entity_id, office.title)

        def retitled(actor: Actor | None) -> Actor | None:
            if actor is None or actor.entity_id not in self.retitled:
                return actor
            return replace(actor, office=titles.get(str(actor.entity_id)))

        for store in (self.now, self.machine):
            for key, annotation in store.items():
                actors: dict[str, Any] = {
                    name: retitled(getattr(annotation, name)) for name in ACTORS[kind_of(annotation)]
                }
                changed: Annotation = replace(annotation, **actors)
                store[key] = changed

    def _review(self, key: str, correction: Correction) -> Review:
        machine = self.machine.get(key)
        fields = differing(self.now[key], machine)
        status: Status = "added" if key in self.added else "corrected" if fields or machine is None else "confirmed"
        return Review(status, correction.id, correction.by, correction.at, fields, machine)


def _first_evidence(annotation: Annotation) -> tuple[int, int]:
    spans = annotation.contents if isinstance(annotation, Quote) else annotation.evidence
    first = min(spans or ground_of(annotation))
    return first.start, first.end
