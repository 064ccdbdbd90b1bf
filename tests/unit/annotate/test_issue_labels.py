"""Labels of what stances are about."""

from __future__ import annotations

import pytest

from app.annotate.issue_labels import issue_label


@pytest.mark.parametrize(
    ("target", "label"),
    [
        ("that the ban on\ncars", "ban on cars"),
        ("to the", "the"),
        ("“a ban”", "ban"),
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
        ("the bases, which were built in haste", "bases"),
        ("the new bases, which were built in haste", "new bases"),
        ("the referee, Anneke Vos, who sent two players off", "referee"),
        ("the taskforce, led by the home minister", "taskforce"),
        ("Roe, a member of the council", "Roe"),
        ("the meeting, requested by Lee", "meeting"),
        ("it, arguing that the new toll hurts small firms", "new toll hurts small firms"),
        ("one country, two systems", "one country, two systems"),
        ("a total, absolute control of the harbour by one firm", "total, absolute control of the harbour"),
        ("Sen. Ann Lee, D-Ohio", "Sen. Ann Lee"),
        ("open borders, free trade in all goods and lower taxes", "open borders"),
        ("In the past, we had more food than we could keep", "we had more food than we could keep"),
        ("he will recalculate the price of beef", "recalculate the price of beef"),
        ("they'll vote for Roe", "vote for Roe"),
        ("him to vacate their home", "vacate their home"),
        ("There should be a summit of chiefs", "summit of chiefs"),
        ("it is considering whether to expel him", "considering whether to expel him"),
        ("she might win", "she might win"),
        ('he had a "prior engagement" in Bogotá', "he had a prior engagement in Bogotá"),
        ("the silent (Catholic) church", "silent church"),
        ("ban all cars — a million machines — from the old town", "ban all cars"),
        ("The toll is working well. It stays until May", "toll is working well"),
        ("free-trade deals such as the North American Free Trade Agreement", "free-trade deals"),
    ],
)
def test_label_is_short_and_whole(target: str, label: str) -> None:
    assert issue_label(target) == label
