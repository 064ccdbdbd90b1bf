"""Labels of what stances are about."""

from __future__ import annotations

import pytest

from app.annotate.issue_labels import issue_label


@pytest.mark.parametrize(
    ("target", "label"),
    [
        ("that the ban on\ncars", "ban on cars"),
        ("to the", "the"),
        ("“a ban”", "a ban"),
        ("—", "—"),
        ("one two three four five six seven eight nine", "one two three four five six seven eight"),
        (
            "American proposals for anti-missile bases in Poland and the Czech Republic",
            "anti-missile bases in Poland and the Czech Republic",
        ),
        (
            "a detailed new plan for cooperation on missile defense in Europe",
            "cooperation on missile defense in Europe",
        ),
        (
            "the government’s legislation to enshrine a reduction target by 2030 in law",
            "government’s legislation to enshrine a reduction target",
        ),
        ("the bases, which were built in haste", "bases, which were built in haste"),
        ("the new bases, which were built in haste", "new bases"),
        ("free-trade deals such as the North American Free Trade Agreement", "free-trade deals"),
    ],
)
def test_label_is_short_and_whole(target: str, label: str) -> None:
    assert issue_label(target) == label
