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
        ("one two three four five six seven eight nine", "one two three four five six seven eight nine"),
        ("1 2 3 4 5 6 7 8 9 10 11 12 13", "1 2 3 4 5 6 7 8"),
        (
            "deploying all the strategic elements of the ballistic missile defenses",
            "deploying all the strategic elements of the ballistic missile defenses",
        ),
        (
            "to order a group of Russian and American government and military experts to address the questions",
            "order a group of Russian and American government and military experts",
        ),
        (
            "lowering American sensors into waters close to French naval ports",
            "lowering American sensors into waters close to French naval ports",
        ),
        ("have the Russians as partners in this process", "have the Russians as partners in this process"),
        ("raise taxes on the rich and cut the budgets of all the schools", "raise taxes on the rich"),
        (
            "a treaty with Poland and the Czech Republic on the new bases there",
            "treaty with Poland and the Czech Republic",
        ),
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
