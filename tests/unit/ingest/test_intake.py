"""Stories on their way into a real store: once, in one transaction, with none open while they are annotated."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domain.analysis import Analysis
from app.domain.document import Document
from app.errors import ConflictError, NotFoundError
from app.ingest.intake import Intake
from app.ingest.receive import receive_text
from app.store import articles
from app.store.filters import ArticleFilter
from app.store.paging import PageRequest
from app.store.store import Store
from tests.api.plain_rules import PlainRules
from tests.api.service import BRIDGE, FERRY


class Counting(PlainRules):
    """Counts what it annotates, and does something in the middle of it."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.texts: list[str] = []
        self.meanwhile = meanwhile

    def annotate(self, document: Document) -> Analysis:
        """Return the analysis of one document."""
        self.texts.append(document.text)
        self.meanwhile()
        return super().annotate(document)


def texts(store: Store) -> list[str]:
    """Return the texts that are kept, the newest first."""
    with store.reading() as session:
        page = articles.articles(session, ArticleFilter(), PageRequest())
        return [articles.text_of(session, view.id) for view in page.items]


def test_a_known_text_is_not_annotated_again(store: Store) -> None:
    annotator = Counting()
    intake = Intake(store, annotator)

    first, created = intake.add(receive_text(BRIDGE))
    again, created_again = intake.add(receive_text(BRIDGE))
    intake.replace(first.view.id, receive_text(BRIDGE))

    assert (created, created_again, again) == (True, False, first)
    assert annotator.texts == [BRIDGE]


def test_a_handful_goes_in_together_each_text_once(store: Store) -> None:
    intake = Intake(store, Counting())
    known, _ = intake.add(receive_text(BRIDGE))

    outcomes = intake.add_many([receive_text(text) for text in (FERRY, BRIDGE, "A third.", FERRY)])

    assert [created for _, created in outcomes] == [True, False, True, False]
    assert (outcomes[1][0].id, outcomes[3][0].id) == (known.view.id, outcomes[0][0].id)
    assert texts(store) == ["A third.", FERRY, BRIDGE]


def test_a_handful_that_fails_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        if annotator.texts[-1] == FERRY:
            raise ZeroDivisionError

    annotator = Counting(fail)

    with pytest.raises(ZeroDivisionError):
        Intake(store, annotator).add_many([receive_text(BRIDGE), receive_text(FERRY)])

    assert texts(store) == []


def test_others_can_write_while_a_story_is_annotated(store: Store) -> None:
    other = Intake(store, Counting())
    intake = Intake(store, Counting(lambda: other.add_many([receive_text(FERRY)])))

    kept, _ = intake.add(receive_text(BRIDGE))

    assert texts(store) == [BRIDGE, FERRY]
    assert kept.text == BRIDGE


def test_the_same_text_that_comes_in_meanwhile_is_kept_once(store: Store) -> None:
    other = Intake(store, Counting())
    intake = Intake(store, Counting(lambda: other.add_many([receive_text(BRIDGE)])))

    _, created = intake.add(receive_text(BRIDGE))

    assert not created
    assert texts(store) == [BRIDGE]


def test_a_change_looks_again_when_the_article_changed_meanwhile(store: Store) -> None:
    other = Intake(store, Counting())
    key = other.add(receive_text(BRIDGE))[0].view.id

    def change_once() -> None:
        if len(annotator.texts) == 1:
            other.replace(key, receive_text(FERRY))

    annotator = Counting(change_once)
    checked: list[str] = []

    kept = Intake(store, annotator).replace(key, receive_text("A third."), lambda seen: checked.append(seen.text))

    assert (kept.text, kept.view.revision) == ("A third.", 3)
    assert checked == [BRIDGE, FERRY]


def test_a_change_to_an_article_that_never_rests_gives_up(store: Store) -> None:
    other = Intake(store, Counting())
    key = other.add(receive_text(BRIDGE))[0].view.id
    intake = Intake(store, Counting(lambda: other.replace(key, receive_text(f"{FERRY}{len(texts_seen)}"))))
    texts_seen = intake.annotator.texts  # type: ignore[attr-defined]

    with pytest.raises(ConflictError, match="keeps changing"):
        intake.replace(key, receive_text("A third."))


def test_what_is_not_there_is_neither_changed_nor_removed(store: Store) -> None:
    intake = Intake(store, Counting())

    with pytest.raises(NotFoundError):
        intake.replace("0" * 32, receive_text(BRIDGE))
    with pytest.raises(NotFoundError):
        intake.remove("0" * 32)
