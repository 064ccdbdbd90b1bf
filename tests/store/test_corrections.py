"""Corrections in the store: applied, kept over new analyses and revisions, reported when words are gone, undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from app.domain.analysis import Analysis
from app.domain.annotation import Actor, Quote
from app.errors import ConflictError, InputError, NotFoundError
from app.ingest.correction_fields import OfficeFields, QuoteFields, Remarks, StanceFields
from app.ingest.corrections import Editor
from app.ingest.intake import Intake
from app.ingest.receive import receive_text
from app.knowledge.link import link
from app.store import articles, corrections, merging, positions, quotes
from app.store.entities import entities
from app.store.filters import EntityFilter, PositionFilter, QuoteFilter
from app.store.paging import PageRequest
from app.store.reannotations import begin_walk, next_articles
from app.store.review_views import CorrectionFilter, CorrectionView, ReviewFilter
from app.store.store import Store
from app.store.tables import AnalysisRow
from app.store.views import LinkedAnalysis
from app.store.waiting import waiting
from tests.api.plain_rules import PlainRules
from tests.api.service import BRIDGE, FERRY

Json = dict[str, Any]
FIRST = PageRequest()


def keep(store: Store, text: str = BRIDGE) -> str:
    """Keep a story and return its id."""
    kept, _ = Intake(store, PlainRules()).add(receive_text(text))
    return kept.view.id


def analysis(store: Store, article_id: str) -> Json:
    """Return what is served of a story."""
    with store.reading() as session:
        return articles.analysis_of(session, article_id)


def history(store: Store, article_id: str) -> tuple[CorrectionView, ...]:
    """Return what people said of a story, the latest first."""
    with store.reading() as session:
        return corrections.corrections(session, CorrectionFilter(article_id), FIRST).items


def same(analysis: Analysis) -> Analysis:
    """Return what the rules find."""
    return analysis


def reannotate(store: Store, article_id: str, change: Callable[[Analysis], Analysis] = same) -> None:
    """Annotate a story anew, by a machine that finds what ``change`` makes of what the rules find."""
    with store.writing() as session:
        document = receive_text(articles.text_of(session, article_id)).document
        found = change(PlainRules().annotate(document))
        articles.add_run(session, article_id, LinkedAnalysis(found, document, link(found)))


def revise(store: Store, article_id: str, text: str) -> None:
    """Give a story a new text."""
    Intake(store, PlainRules()).replace(article_id, receive_text(text))


def quote_fields(**given: Any) -> QuoteFields:  # noqa: ANN401 (JSON values)
    """Return the fields of a quote."""
    return QuoteFields.model_validate(given)


def renamed(analysis: Analysis) -> Analysis:
    """Return what a later machine finds: the same under other ids."""
    return replace(
        analysis,
        quotes=tuple(replace(q, id=f"new-{q.id}") for q in analysis.quotes),
        offices=tuple(replace(o, id=f"new-{o.id}") for o in analysis.offices),
        stances=tuple(replace(s, id=f"new-{s.id}") for s in analysis.stances),
    )


def blind(analysis: Analysis) -> Analysis:
    """Return what a machine finds that sees names only."""
    return replace(analysis, quotes=(), offices=(), stances=())


def without_run(shown: Json) -> Json:
    """Return an annotation without the id of the run."""
    return {name: part for name, part in shown.items() if name != "run_id"}


def test_a_corrected_speaker_is_served_beside_the_machines(store: Store) -> None:
    key = keep(store)
    before = analysis(store, key)["quotes"][1]

    view, shown = Editor(store).change(
        before["id"], quote_fields(speaker={"name": "Ana Ruiz"}), Remarks(note="she says so", author="Lena")
    )

    assert (before["speaker"]["status"], shown["speaker"]["name"]) == ("unresolved", "Ana Ruiz")
    assert (shown["id"], shown["speaker"]["entity_id"]) == (before["id"], analysis(store, key)["people"][0]["id"])
    review = shown["review"]
    assert (review["status"], review["by"], review["fields"]) == ("corrected", "Lena", ["speaker"])
    assert review["machine"]["speaker"] == before["speaker"]
    assert review["correction_id"] == view.id
    assert (view.state, view.applied_to, view.note) == ("applied", before["id"], "she says so")
    assert analysis(store, key)["quotes"][1] == shown
    with store.reading() as session:
        narrowed = QuoteFilter(speaker_id=shown["speaker"]["entity_id"])
        assert before["id"] in [q.id for q in quotes.quotes(session, narrowed, FIRST).items]


@pytest.mark.parametrize("machine", [same, renamed, blind])
def test_a_correction_outlives_annotation_anew(store: Store, machine: Callable[[Analysis], Analysis]) -> None:
    key = keep(store)
    quote_id = analysis(store, key)["quotes"][1]["id"]
    Editor(store).change(quote_id, quote_fields(speaker={"name": "Ana Ruiz"}))
    corrected = analysis(store, key)["quotes"][1]

    reannotate(store, key, machine)

    again = next(q for q in analysis(store, key)["quotes"] if q["id"] == quote_id)
    assert again["speaker"]["name"] == "Ana Ruiz"
    assert again["review"]["status"] == "corrected"
    assert again["run_id"] != corrected["run_id"]
    assert [v.state for v in history(store, key)] == ["applied"]
    if machine is not blind:
        assert without_run(again) == without_run(corrected)


def test_what_a_person_left_alone_is_the_later_machines(store: Store) -> None:
    key = keep(store)
    quote_id = analysis(store, key)["quotes"][1]["id"]
    Editor(store).change(quote_id, quote_fields(speaker={"name": "Ana Ruiz"}))

    def mixed(found: Analysis) -> Analysis:
        return replace(found, quotes=tuple(replace(q, type="mixed") for q in found.quotes))

    reannotate(store, key, mixed)

    again = analysis(store, key)["quotes"][1]
    assert (again["speaker"]["name"], again["type"], again["review"]["fields"]) == ("Ana Ruiz", "mixed", ["speaker"])


def test_a_correction_follows_its_words_into_a_new_revision(store: Store) -> None:
    key = keep(store)
    before = analysis(store, key)["quotes"][1]
    Editor(store).change(before["id"], quote_fields(speaker={"name": "Ana Ruiz"}))

    revise(store, key, "Updated on Friday.\n\n" + BRIDGE)

    again = analysis(store, key)["quotes"][1]
    assert again["contents"][0]["start"] == before["contents"][0]["start"] + len("Updated on Friday.\n\n")
    assert (again["speaker"]["name"], again["review"]["status"]) == ("Ana Ruiz", "corrected")
    assert again["id"] != before["id"]
    assert history(store, key)[0].applied_to == again["id"]
    Editor(store).change(again["id"], quote_fields(type="mixed"))
    assert analysis(store, key)["quotes"][1]["review"]["fields"] == ["speaker", "type"]
    revise(store, key, BRIDGE)
    assert analysis(store, key)["quotes"][1]["id"] == before["id"]
    assert analysis(store, key)["quotes"][1]["review"]["fields"] == ["speaker", "type"]
    reannotate(store, key, renamed)
    last = analysis(store, key)["quotes"][1]
    assert last["review"]["fields"] == ["speaker", "type"]
    assert [v.applied_to for v in history(store, key)] == [last["id"]] * 2
    assert len(analysis(store, key)["quotes"]) == 2


def test_a_correction_whose_words_are_gone_is_reported_and_comes_back_with_them(store: Store) -> None:
    key = keep(store)
    Editor(store).change(analysis(store, key)["quotes"][1]["id"], quote_fields(speaker={"name": "Ana Ruiz"}))

    revise(store, key, BRIDGE.replace("Nobody asked us", "They never listened to anyone"))

    [orphan] = history(store, key)
    assert (orphan.state, orphan.applied_to) == ("orphaned", None)
    assert orphan.reason is not None
    assert "Nobody asked us" in orphan.reason
    assert {q["review"]["status"] for q in analysis(store, key)["quotes"]} == {"machine"}
    with store.reading() as session:
        assert corrections.corrections(session, CorrectionFilter(state="orphaned"), FIRST).items == (orphan,)
        assert corrections.corrections(session, CorrectionFilter(state="undone"), FIRST).items == ()
    revise(store, key, BRIDGE)
    assert history(store, key)[0].state == "applied"


def test_what_is_taken_back_is_as_the_machine_found_it(store: Store) -> None:
    key = keep(store)
    before = analysis(store, key)
    editor = Editor(store)
    changed, _ = editor.change(before["quotes"][1]["id"], quote_fields(speaker={"name": "Ana Ruiz"}))
    rejected, nothing = editor.say(before["positions"][0]["id"], "reject")
    assert (nothing, rejected.applied_to) == ({}, None)
    assert len(analysis(store, key)["positions"]) == len(before["positions"]) - 1

    editor.undo(changed.id, "Lena")
    view = editor.undo(rejected.id)

    assert analysis(store, key) == before
    assert (view.state, view.undone_by) == ("undone", None)
    assert [v.undone_by for v in history(store, key)] == [None, "Lena"]
    with pytest.raises(ConflictError, match="already"):
        editor.undo(changed.id)
    reannotate(store, key)
    assert len(analysis(store, key)["positions"]) == len(before["positions"])


def test_a_rejected_annotation_stays_away(store: Store) -> None:
    key = keep(store)
    quote_id = analysis(store, key)["quotes"][0]["id"]
    Editor(store).say(quote_id, "reject")

    reannotate(store, key, renamed)

    assert len(analysis(store, key)["quotes"]) == 1
    with store.reading() as session, pytest.raises(NotFoundError):
        quotes.quote(session, quote_id)
    reannotate(store, key, blind)
    assert history(store, key)[0].state == "applied"


def test_a_confirmed_annotation_is_marked_and_kept(store: Store) -> None:
    key = keep(store)
    before = analysis(store, key)["quotes"][0]

    _, shown = Editor(store).say(before["id"], "confirm", Remarks(author="Lena"))

    assert (shown["review"]["status"], shown["review"]["fields"], shown["confidence"]) == ("confirmed", [], 1.0)
    assert shown["review"]["machine"] == {"confidence": before["confidence"], "method": before["method"]}
    assert shown["speaker"] == before["speaker"]

    def speechless(found: Analysis) -> Analysis:
        quotes = tuple(replace(q, speaker=Actor("unresolved"), cue=None) for q in found.quotes)
        return replace(found, quotes=quotes)

    reannotate(store, key, speechless)
    again = analysis(store, key)["quotes"][0]
    assert (again["speaker"]["mention"], again["cue"]) == (before["speaker"]["mention"], before["cue"])
    assert (again["review"]["status"], again["review"]["fields"]) == ("corrected", ["cue", "speaker"])


def test_a_missed_quote_is_added_under_an_id_that_stays(store: Store) -> None:
    key = keep(store)
    given = quote_fields(contents=[{"exact": "The Harbor bridge will close in May"}], speaker={"name": "Ana Ruiz"})

    view, shown = Editor(store).add(key, "quote", given)

    assert shown["id"] == view.annotation_id == analysis(store, key)["quotes"][0]["id"]
    assert (shown["type"], shown["confidence"], shown["review"]["status"]) == ("indirect", 1.0, "added")
    assert shown["review"]["machine"] is None
    with pytest.raises(ConflictError, match=view.annotation_id):
        Editor(store).add(key, "quote", given)
    revise(store, key, BRIDGE + " The end.")
    assert analysis(store, key)["quotes"][0]["id"] == view.annotation_id
    Editor(store).change(view.annotation_id, quote_fields(type="mixed"))
    Editor(store).undo(view.id)
    assert len(analysis(store, key)["quotes"]) == 2
    assert history(store, key)[0].state == "orphaned"


def test_what_a_later_machine_finds_too_is_not_there_twice(store: Store) -> None:
    key = keep(store)
    given = quote_fields(contents=[{"exact": "The Harbor bridge will close in May"}], speaker={"name": "Ana Ruiz"})
    view, shown = Editor(store).add(key, "quote", given)

    def keener(found: Analysis) -> Analysis:
        first = found.quotes[0]
        start = shown["contents"][0]["start"]
        span = replace(first.contents[0], start=start, end=shown["contents"][0]["end"] + 1)
        return replace(found, quotes=(Quote("late", "indirect", (span,), None, first.speaker, 0.6), *found.quotes))

    reannotate(store, key, keener)

    found = analysis(store, key)["quotes"]
    assert found[0]["id"] == view.annotation_id
    assert len(found) == 3
    assert (found[0]["review"]["status"], found[0]["review"]["machine"]["confidence"]) == ("corrected", 0.6)


def test_a_speaker_may_be_somebody_of_another_story(store: Store) -> None:
    key, other = keep(store), keep(store, FERRY)
    okafor = analysis(store, other)["people"][0]
    quote = analysis(store, key)["quotes"][1]
    given = {"entity_id": okafor["id"], "mention": {"exact": "a man"}}

    with pytest.raises(InputError) as refused:
        Editor(store).change(quote["id"], quote_fields(speaker={"entity_id": okafor["id"]}))
    _, shown = Editor(store).change(quote["id"], quote_fields(speaker=given))

    assert refused.value.field == "speaker.mention"
    assert (shown["speaker"]["entity_id"], shown["speaker"]["name"]) == (okafor["id"], "Tom Okafor")
    assert shown["speaker"]["mention"]["exact"] == "a man"
    assert okafor["id"] in [e["id"] for e in analysis(store, key)["people"]]
    with store.reading() as session:
        [known] = entities(session, EntityFilter(name="Tom Okafor"), FIRST).items
        assert known.articles == 2
    reannotate(store, key)
    assert analysis(store, key)["quotes"][1]["speaker"]["entity_id"] == okafor["id"]


def test_offices_and_stances_are_corrected_and_added(store: Store) -> None:
    key = keep(store)
    office, stance = analysis(store, key)["positions"]
    editor = Editor(store)

    _, changed = editor.change(office["id"], OfficeFields.model_validate({"title": "Lord Mayor", "tense": "former"}))
    _, turned = editor.change(stance["id"], StanceFields.model_validate({"polarity": "supports", "issue": "bridge"}))
    _, added = editor.add(
        key,
        "stance",
        StanceFields.model_validate(
            {"holder": {"name": "Ana Ruiz"}, "polarity": "supports", "target": {"exact": "close in May"}}
        ),
    )
    _, post = editor.add(
        key,
        "office",
        OfficeFields.model_validate(
            {
                "person": {"name": "Ana Ruiz"},
                "title": "announcer",
                "organization": {"name": "Port Authority", "type": "organization"},
                "evidence": [{"exact": "Ana Ruiz announced"}],
            }
        ),
    )

    assert (changed["title"], changed["normal_title"], changed["tense"]) == ("Lord Mayor", "lord mayor", "former")
    assert (turned["polarity"], turned["issue"]["label"]) == ("supports", "bridge")
    assert (added["evidence"], added["conditional"]) == ([added["target"]], False)
    assert (post["organization"]["name"], post["tense"]) == ("Port Authority", "current")
    person = analysis(store, key)["people"][0]
    assert [o["title"] for o in person["offices"]] == ["Lord Mayor", "announcer"]
    assert analysis(store, key)["quotes"][0]["speaker"]["office"] == "announcer"
    with store.reading() as session:
        narrowed = PositionFilter(issue_id=turned["issue"]["id"])
        assert [p.id for p in positions.positions(session, narrowed, FIRST).items] == [turned["id"]]
    for machine in (same, renamed, blind):
        reannotate(store, key, machine)
        assert {p["id"] for p in analysis(store, key)["positions"]} == {p["id"] for p in (office, turned, added, post)}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"contents": [{"exact": "no such words"}]}, "contents.0.exact"),
        ({"contents": [{"exact": "Ruiz"}]}, "contents.0.exact"),
        ({"contents": [{"start": 3, "end": 3}]}, "contents.0.end"),
        ({"contents": [{"start": 3, "end": 99_999}]}, "contents.0.end"),
        ({"contents": [{"start": 3}]}, "contents.0"),
        ({"contents": [{}]}, "contents.0"),
        ({"contents": [{"start": 0, "end": 3, "exact": "Xxx"}]}, "contents.0.exact"),
        ({"contents": [{"start": 62, "end": 64}]}, "contents.0"),
        ({"contents": [{"start": 0, "end": 9}, {"start": 5, "end": 12}]}, "contents"),
        ({"contents": None}, "contents"),
        ({"type": None}, "type"),
        ({"speaker": {"name": "Nobody Here"}}, "speaker.mention"),
        ({"speaker": {"entity_id": "per_none"}}, "speaker.entity_id"),
        ({"speaker": {"status": "resolved"}}, "speaker"),
        ({"speaker": {"status": "anonymous"}}, "speaker.name"),
        ({"speaker": {"status": "anonymous", "entity_id": "per_none"}}, "speaker.entity_id"),
        ({}, ""),
    ],
)
def test_what_cannot_be_applied_is_refused_by_its_field_and_leaves_nothing(
    store: Store, given: Json, field: str
) -> None:
    key = keep(store)
    before = analysis(store, key)

    with pytest.raises(InputError) as refused:
        Editor(store).change(before["quotes"][0]["id"], quote_fields(**given))

    assert refused.value.field == field
    assert analysis(store, key) == before
    assert history(store, key) == ()


def test_a_story_of_before_is_annotated_again_first(store: Store) -> None:
    key = keep(store)
    with store.writing() as session:
        session.execute(update(AnalysisRow).values(machine=None))

    with pytest.raises(ConflictError, match="annotate it again"):
        Editor(store).say(analysis(store, key)["quotes"][0]["id"], "confirm")

    assert history(store, key) == ()
    pipeline = PlainRules.pipeline
    with store.writing() as session:
        begun, _ = begin_walk(session, pipeline, None, "r")
        assert [old.id for old in next_articles(session, begun.id, pipeline, 10) or ()] == [key]
    reannotate(store, key)
    Editor(store).say(analysis(store, key)["quotes"][0]["id"], "confirm")


def test_the_least_sure_waits_first_page_by_page(store: Store) -> None:
    key, _ = keep(store), keep(store, FERRY)

    def seen(narrowed: ReviewFilter) -> list[str]:
        found: list[str] = []
        page = PageRequest(2)
        with store.reading() as session:
            while True:
                got = waiting(session, narrowed, page)
                found += got.items
                if got.next is None:
                    return found
                page = PageRequest(2, got.next)

    everything = [json.loads(item) for item in seen(ReviewFilter())]
    sure = [-1.0 if item["confidence"] is None else item["confidence"] for item in everything]
    assert sure == sorted(sure)
    assert len(everything) == 6
    assert len({item["id"] for item in everything}) == 6
    assert [json.loads(i)["kind"] for i in seen(ReviewFilter(kind="stance", article_id=key))] == ["stance"]
    assert len(seen(ReviewFilter(kind="quote"))) == 3
    assert all((json.loads(i)["confidence"] or 0) <= 0.7 for i in seen(ReviewFilter(confidence=0.7)))
    Editor(store).say(everything[0]["id"], "confirm")
    assert everything[0]["id"] not in "".join(seen(ReviewFilter()))
    assert [json.loads(i)["id"] for i in seen(ReviewFilter(status="confirmed"))] == [everything[0]["id"]]


def test_an_article_takes_its_corrections_with_it(store: Store) -> None:
    key = keep(store)
    Editor(store).say(analysis(store, key)["quotes"][0]["id"], "confirm")

    with store.writing() as session:
        articles.remove_article(session, key)

    with store.reading() as session:
        assert corrections.corrections(session, CorrectionFilter(), FIRST).items == ()


def test_a_merge_that_is_undone_keeps_what_was_said_since(store: Store) -> None:
    key = keep(store, BRIDGE + " Tom Okafor left.")
    ruiz, okafor = (p["id"] for p in analysis(store, key)["people"])
    with store.writing() as session:
        change = merging.merge(session, okafor, ruiz)
    Editor(store).say(analysis(store, key)["quotes"][0]["id"], "confirm")

    with store.writing() as session:
        merging.undo(session, change.id)

    assert analysis(store, key)["quotes"][0]["review"]["status"] == "confirmed"
