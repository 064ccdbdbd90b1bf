"""What is made once for each way to ask."""

from __future__ import annotations

import pytest
from sqlalchemy import BindParameter
from sqlalchemy.orm import Session

from app.store import asked
from app.store.asked import Ways
from app.store.filters import StoryFilter
from app.store.store import Store


def _made(_session: Session, narrowed: StoryFilter, with_story: bool) -> tuple[StoryFilter, bool]:  # noqa: FBT001 (as Ways calls it)
    return narrowed, with_story


@pytest.fixture
def ways() -> Ways[StoryFilter, tuple[StoryFilter, bool]]:
    """Return ways to ask for stories by source and by whom they mention."""
    return Ways(frozenset({"source", "mentions"}), frozenset({"sort"}), _made)


def test_one_way_is_made_once(store: Store, ways: Ways[StoryFilter, tuple[StoryFilter, bool]]) -> None:
    with store.reading() as session:
        first, given = ways.of(session, StoryFilter(source="A", mentions=("per_1", "org_1")))
        second, other = ways.of(session, StoryFilter(source="B", mentions=("per_2", "org_2")))
    assert first is second
    assert (given, other) == (
        {"source": "A", "mentions_0": "per_1", "mentions_1": "org_1"},
        {"source": "B", "mentions_0": "per_2", "mentions_1": "org_2"},
    )
    source: object = first[0].source
    assert isinstance(source, BindParameter)


@pytest.mark.parametrize(
    "narrowed",
    [
        StoryFilter(source="A", sort="received"),
        StoryFilter(source="A", mentions=("per_1",)),
        StoryFilter(),
        StoryFilter(section="A"),
    ],
)
def test_other_ways_have_their_own(
    store: Store, ways: Ways[StoryFilter, tuple[StoryFilter, bool]], narrowed: StoryFilter
) -> None:
    with store.reading() as session:
        first, _ = ways.of(session, StoryFilter(source="A"))
        assert ways.of(session, narrowed)[0] is not first
        assert ways.of(session, StoryFilter(source="A"), with_story=True)[0] is not first


def test_what_is_no_plain_value_stays(store: Store, ways: Ways[StoryFilter, tuple[StoryFilter, bool]]) -> None:
    narrowed = StoryFilter(source="A", section="Sport")
    with store.reading() as session:
        assert ways.of(session, narrowed, with_story=True) == ((narrowed, True), {})


def test_no_more_is_kept_than_there_is_room(
    store: Store, ways: Ways[StoryFilter, tuple[StoryFilter, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "_MOST", 2)
    with store.reading() as session:
        for narrowed in (StoryFilter(), StoryFilter(source="A"), StoryFilter(sort="received")):
            ways.of(session, narrowed)
    assert len(ways.made) == 1
