"""Corrections over an analysis, without a store: what the store's own tests do not reach."""

from __future__ import annotations

from typing import Any

from app.domain.analysis import Analysis, check
from app.domain.annotation import Stance
from app.domain.document import Document
from app.domain.span import Span
from app.review.apply import apply_corrections
from app.review.correction import Action, Correction, Kind, Reviewed
from app.store.documents import serialise_span
from tests.api.plain_rules import PlainRules
from tests.api.service import BRIDGE

Json = dict[str, Any]


def found(text: str = BRIDGE) -> Analysis:
    """Return what the machine finds."""
    return PlainRules().annotate(Document(text))


def span(words: str, text: str = BRIDGE) -> Json:
    """Return words as an anchor."""
    start = text.index(words)
    return serialise_span(Document(text), Span(start, start + len(words)))


def somebody(name: str | None, words: str | None = None, status: str = "resolved", kind: str = "person") -> Json:
    """Return an actor in the API's shape."""
    mention = None if words is None else span(words)
    return {"status": status, "name": name, "type": kind, "entity_id": None, "mention": mention}


def said(
    action: Action, kind: Kind, annotation_id: str, value: Json | None = None, before: Json | None = None
) -> Correction:
    """Return a correction of the first revision."""
    return Correction(f"c-{annotation_id}-{action}", action, kind, annotation_id, 1, value or {}, before)


def applied(*corrections: Correction, analysis: Analysis | None = None, text: str = BRIDGE) -> Reviewed:
    """Return the analysis as corrected, checked."""
    reviewed = apply_corrections(analysis or found(text), text, corrections, salt="story", revision=1)
    check(reviewed.analysis, Document(text))
    return reviewed


def test_words_given_to_another_are_nobody_elses() -> None:
    quote = found().quotes[1]

    body = somebody("Port Authority", "a man", kind="organization")

    reviewed = applied(said("change", "quote", quote.id, {"speaker": body}))

    by_name = {e.name: e for e in reviewed.analysis.entities}
    assert [m.span.of(BRIDGE) for m in by_name["Port Authority"].mentions] == ["Port Authority", "a man"]
    assert by_name["Port Authority"].mentions[1].kind == "nominal"
    again = applied(
        said("change", "quote", quote.id, {"speaker": body}),
        said("change", "quote", quote.id, {"speaker": somebody("Ana Ruiz", "a man")}),
    )
    by_name = {e.name: e for e in again.analysis.entities}
    assert [m.span.of(BRIDGE) for m in by_name["Port Authority"].mentions] == ["Port Authority"]
    assert by_name["Ana Ruiz"].mentions[-1].span.of(BRIDGE) == "a man"


def test_somebody_new_is_of_this_story_alone() -> None:
    quote = found().quotes[1]
    correction = said("change", "quote", quote.id, {"speaker": somebody("Nadia", "man")})

    reviewed = applied(correction)

    [new] = [e for e in reviewed.analysis.entities if e.name == "Nadia"]
    other = apply_corrections(found(), BRIDGE, [correction], salt="other", revision=1)
    assert (new.mentions[0].kind, new.id.partition("_")[0]) == ("pronoun", "per")
    assert new.id not in {e.id for e in other.analysis.entities}


def test_who_is_not_named_any_more_holds_no_correction() -> None:
    quote = found().quotes[1]

    reviewed = applied(said("change", "quote", quote.id, {"speaker": {**somebody("Nadia"), "mention": None}}))

    outcome = reviewed.outcomes[f"c-{quote.id}-change"]
    assert (outcome.applied, outcome.annotation_id) == (False, None)
    assert "Nadia" in (outcome.reason or "")
    assert reviewed.analysis == found()


def test_an_unnamed_speaker_needs_the_words_that_describe_them() -> None:
    quote = found().quotes[1]
    here = somebody("a man", "a man", "anonymous")
    gone = {**here, "mention": {**here["mention"], "exact": "a woman"}}

    assert applied(said("change", "quote", quote.id, {"speaker": here})).analysis.quotes[1].speaker.name == "a man"
    assert not applied(said("change", "quote", quote.id, {"speaker": gone})).outcomes[f"c-{quote.id}-change"].applied
    unknown = applied(said("change", "quote", quote.id, {"speaker": {"status": "unresolved", "name": None}}))
    assert unknown.reviews[quote.id].status == "confirmed"


def test_what_corrects_a_rejected_annotation_holds_no_more() -> None:
    quote = found().quotes[0]

    reviewed = applied(said("reject", "quote", quote.id), said("change", "quote", quote.id, {"type": "mixed"}))

    assert quote.id not in {q.id for q in reviewed.analysis.quotes}
    assert not reviewed.outcomes[f"c-{quote.id}-change"].applied


def test_a_stance_is_carried_by_the_quote_that_it_stands_in() -> None:
    value = {
        "holder": somebody("Ana Ruiz"),
        "polarity": "opposes",
        "issue": {"label": "waiting"},
        "target": span("waited too long"),
        "evidence": [span("We have waited too long.")],
        "reporter": None,
        "change": None,
        "conditional": False,
    }
    quote = found().quotes[0]

    stances = applied(said("add", "stance", "new", value)).analysis.stances
    assert [s.quote_id for s in stances if s.id == "new"] == [quote.id]
    both = applied(said("add", "stance", "new", value), said("reject", "quote", quote.id))
    assert [s.quote_id for s in both.analysis.stances if s.id == "new"] == [None]


def test_a_country_comes_with_who_is_one() -> None:
    text = 'Officials met in Kenya. "We agree," they said.'
    place = {"status": "resolved", "name": "Kenya", "type": "place", "entity_id": None, "mention": span("they", text)}
    quote = found(text).quotes[0]

    reviewed = applied(said("change", "quote", quote.id, {"speaker": place}), text=text)

    speaker = reviewed.analysis.quotes[0].speaker
    assert (speaker.country, speaker.type) == ("Kenya", "place")


def test_the_stance_of_a_quote_follows_its_id() -> None:
    analysis = found()
    quote = analysis.quotes[0]
    stance = analysis.stances[0]
    tied = Analysis(
        analysis.pipeline,
        analysis.entities,
        analysis.quotes,
        analysis.offices,
        (Stance(**{f: getattr(stance, f) for f in Stance.__dataclass_fields__} | {"quote_id": quote.id}),),
    )
    value = {
        "type": "direct",
        "contents": [span("We have waited too long.")],
        "cue": None,
        "speaker": somebody("Ana Ruiz"),
    }

    reviewed = applied(said("add", "quote", "mine", value), analysis=tied)

    assert reviewed.analysis.quotes[0].id == "mine"
    assert reviewed.analysis.stances[0].quote_id == "mine"
    assert reviewed.reviews["mine"].machine is not None
