"""Issues across stories: labels that meet, labels that do not, merged and split by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.annotation import Polarity
from app.errors import ConflictError, InputError, MovedError, NotFoundError
from app.store.articles import add_article, add_revision, add_run, analysis_of, remove_article
from app.store.company import issue_company
from app.store.filters import IssueFilter, PositionFilter
from app.store.issue_merging import labels_of, merge_issues, split_issue, undo_issue_change
from app.store.issues import issue, issues
from app.store.paging import PageRequest
from app.store.positions import positions
from app.store.store import Store
from app.store.views import IssueView
from tests.store.stories import Story, linked, received

ALL = PageRequest()
BASES = "anti-missile bases in Poland and the Czech Republic"
SHIELD = "missile bases near its borders"
TOLL = "the toll on the harbor bridge"


def taken(label: str, places: tuple[str, ...] = (), side: Polarity = "opposes", more: str = "") -> Story:
    words = label.lower()
    return Story(
        text=f"Amara Venn and {', '.join(places) or 'others'} took a side: {words}. {more}",
        entities=(("person", "Amara Venn", ()), *(("place", place, ()) for place in places)),
        stances=(("Amara Venn", side, label),),
    )


def put(store: Store, story: Story) -> str:
    with store.writing() as session:
        return add_article(session, received(story), linked(story))[0].id


def known(store: Store) -> list[IssueView]:
    with store.reading() as session:
        return list(issues(session, IssueFilter(), ALL).items)


def test_two_names_of_one_thing_meet(store: Store) -> None:
    put(store, taken(BASES, ("Russia", "Poland")))
    put(store, taken(SHIELD, ("Russia", "Poland")))
    [found] = known(store)
    assert found.positions == 2
    with store.reading() as session:
        labels = {view.label: view for view in labels_of(session, found.id)}
    assert set(labels) == {BASES, SHIELD}
    assert labels[BASES].reasons == ()
    assert "words in common" in [reason.code for reason in labels[SHIELD].reasons]


def test_three_names_of_the_missile_shield_are_one_issue(store: Store) -> None:
    stories: tuple[tuple[str, str, Polarity], ...] = (
        (BASES, "The Kremlin keeps up its opposition to missile bases in Poland and the Czech Republic", "opposes"),
        ("the missile shield", "Russia says the missile shield in Poland is aimed at its rockets", "opposes"),
        (
            "the U.S. plan to deploy interceptors",
            "Prague backs the plan of the United States to deploy interceptors against missiles",
            "supports",
        ),
    )
    for label, title, side in stories:
        words = f"{title}.\n\nAmara Venn took a side in Russia, Poland and the Czech Republic: {label.lower()}."
        story = Story(
            text=words,
            title=title,
            entities=(
                ("person", "Amara Venn", ()),
                *(("place", place, ()) for place in ("Russia", "Poland", "Czech Republic")),
            ),
            stances=(("Amara Venn", side, label),),
        )
        put(store, story)
    [found] = known(store)
    assert found.positions == 3
    with store.reading() as session:
        labels = {view.label: view for view in labels_of(session, found.id)}
    assert set(labels) == {label for label, _, _ in stories}
    founding, *joined = (labels[label] for label, _, _ in stories)
    assert (founding.score, founding.reasons) == (None, ())
    for view in joined:
        assert (view.score or 0.0) >= 0.55
        assert "missil" in " ".join(reason.detail for reason in view.reasons)


def test_the_same_kind_of_thing_in_another_place_is_another_issue(store: Store) -> None:
    put(store, taken("membership of NATO for Finland", ("Finland", "Turkey")))
    put(store, taken("membership of NATO for Georgia", ("Georgia", "Germany")))
    assert len(known(store)) == 2


def test_an_issue_was_seen_first_and_last_when_its_stories_say(store: Store) -> None:
    early, late, later = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 5, 9))
    with store.writing() as session:
        add_article(session, received(taken(BASES), published_at=early), linked(taken(BASES)))
        story = taken(BASES, more="Again.")
        second = add_article(session, received(story, published_at=late), linked(story))[0].id
    assert [(found.first_seen, found.last_seen) for found in known(store)] == [(early, late)]
    with store.writing() as session:
        add_revision(session, second, received(story, published_at=later), linked(story))
    assert [(found.first_seen, found.last_seen) for found in known(store)] == [(early, later)]


def test_an_issue_has_its_share_of_its_stories_and_their_company(store: Store) -> None:
    both = Story(
        text="Amara Venn backed the ban on trawling in Norway. Ilka Roon opposed the toll on the harbor bridge.",
        entities=(("person", "Amara Venn", ()), ("person", "Ilka Roon", ()), ("place", "Norway", ())),
        stances=(("Amara Venn", "supports", "ban on trawling"), ("Ilka Roon", "opposes", TOLL)),
    )
    put(store, both)
    put(store, taken(TOLL))
    found = {issue.label: issue for issue in known(store)}
    assert (found["ban on trawling"].prominence, found[TOLL].prominence) == (0.5, 0.75)
    with store.reading() as session:
        company = issue_company(session, found[TOLL].id)
    assert next((c.name, c.articles) for c in company) == ("Amara Venn", 2)
    assert {c.name for c in company} == {"Amara Venn", "Ilka Roon", "Norway"}


def test_two_things_stay_two(store: Store) -> None:
    put(store, taken(BASES, ("Russia",)))
    put(store, taken(TOLL, ("Russia",)))
    put(store, taken("Russia", ("Russia",)))
    assert len(known(store)) == 3


def test_a_label_that_tells_nothing_is_the_storys_own(store: Store) -> None:
    put(store, taken("the move", more="One."))
    put(store, taken("the move", more="Two."))
    assert [found.positions for found in known(store)] == [1, 1]


def test_a_ban_is_the_storys_own_unless_the_story_says_of_what(store: Store) -> None:
    put(store, taken("the ban", more="One."))
    put(store, taken("the ban", more="Two."))
    assert [found.positions for found in known(store)] == [1, 1]
    both = Story(
        text="Amara Venn backed the ban on trawling. Ilka Roon opposed the ban.",
        entities=(("person", "Amara Venn", ()), ("person", "Ilka Roon", ())),
        stances=(("Amara Venn", "supports", "ban on trawling"), ("Ilka Roon", "opposes", "the ban")),
    )
    put(store, both)
    assert sorted(found.positions for found in known(store)) == [1, 1, 2]


def test_annotating_again_and_removing_leave_what_others_share(store: Store) -> None:
    story = taken(SHIELD, ("Russia", "Poland"))
    first = put(store, taken(BASES, ("Russia", "Poland")))
    second = put(store, story)
    before = known(store)
    with store.writing() as session:
        add_run(session, second, linked(story))
    assert known(store) == before
    with store.writing() as session:
        remove_article(session, first)
    assert [found.positions for found in known(store)] == [1]
    with store.writing() as session:
        remove_article(session, second)
    assert known(store) == []


def test_a_merge_moves_stances_redirects_and_is_undone(store: Store) -> None:
    put(store, taken(BASES))
    second = put(store, taken(TOLL))
    by_label = {found.label: found.id for found in known(store)}
    source, target = by_label[TOLL], by_label[BASES]
    with store.writing() as session:
        made = merge_issues(session, source, target, "one fight")
    with store.reading() as session:
        assert issue(session, target).positions == 2
        assert len(positions(session, PositionFilter(issue_id=target), ALL).items) == 2
        assert analysis_of(session, second)["positions"][0]["issue"]["id"] == target
        with pytest.raises(MovedError):
            issue(session, source)
    put(store, taken(TOLL, more="Again."))
    with store.writing() as session:
        undo_issue_change(session, made.id)
        with pytest.raises(ConflictError):
            undo_issue_change(session, made.id)
    with store.reading() as session:
        assert (issue(session, source).positions, issue(session, target).positions) == (2, 1)
        assert analysis_of(session, second)["positions"][0]["issue"]["id"] == source


def test_a_split_takes_labels_out_and_is_undone(store: Store) -> None:
    put(store, taken(BASES, ("Russia", "Poland")))
    put(store, taken(SHIELD, ("Russia", "Poland")))
    [whole] = known(store)
    with store.writing() as session:
        made = split_issue(session, whole.id, [SHIELD])
    assert [found.positions for found in known(store)] == [1, 1]
    put(store, taken(SHIELD, ("Russia", "Poland"), more="Again."))
    with store.reading() as session:
        assert issue(session, made.to_id).positions == 2
    with store.writing() as session:
        undo_issue_change(session, made.id)
    [again] = known(store)
    assert (again.id, again.positions) == (whole.id, 3)


def test_what_cannot_be_changed_is_refused(store: Store) -> None:
    put(store, taken(BASES))
    [found] = known(store)
    with store.writing() as session:
        with pytest.raises(InputError):
            merge_issues(session, found.id, found.id)
        with pytest.raises(NotFoundError):
            merge_issues(session, found.id, "iss_none")
        with pytest.raises(InputError, match="no label"):
            split_issue(session, found.id, ["nothing"])
        with pytest.raises(InputError, match="some labels move"):
            split_issue(session, found.id, [BASES])
        with pytest.raises(NotFoundError):
            undo_issue_change(session, "none")
