"""Issues across stories: are the labels of two stories of one issue? Measured by kind of difficulty.

Source: ``issues.jsonl``, compiled for the project: fifty-four topics that news takes sides on, each under two to four
labels as stories word them, with a sentence around each and the names in it, all written for the purpose. Two entries
of a line are what two stories tell. Pairs of one topic are the same; pairs of topics that are alike are not: the same
kind of thing in another place, another thing of the same field, another thing among the same company, a word in common.
Half of the topics, told by their digest, are for development; the errors in the other half were not looked at.
Fails on: nothing is known of how topics and labels are spread in the news; one hand wrote all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.evaluation.scores import Counts
from app.knowledge.issues import SAME, IssueText, is_telling, issue_likeness, issue_text

ISSUES = Path(__file__).with_name("issues.jsonl")


@dataclass(frozen=True, slots=True)
class IssueCase:
    """Two labels, and whether they are of one issue. ``held_out`` topics are not for development."""

    kind: str
    same: bool
    known: IssueText
    named: IssueText
    telling: bool
    held_out: bool

    def meets(self) -> bool:
        """Say whether the two labels are found to be of one issue."""
        return self.telling and issue_likeness(self.named, self.known)[0] >= SAME


def read_issues(path: Path = ISSUES) -> Iterator[IssueCase]:
    """Yield the decisions."""
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield IssueCase(
            record["kind"],
            record["same"],
            _text(record["a"]),
            _text(record["b"]),
            is_telling(record["a"]["label"]) and is_telling(record["b"]["label"]),
            sha256(record["topic"].encode()).digest()[0] % 2 == 1,
        )


def _text(told: Mapping[str, Any]) -> IssueText:
    return issue_text(told["label"], told["around"], told["names"])


def count_issues(cases: Iterable[IssueCase]) -> dict[str, tuple[Counts, int]]:
    """Return by kind, and for all, the counts of labels that meet, and how many decisions there are."""
    found: dict[str, tuple[Counts, int]] = {}
    for case in cases:
        met = case.meets()
        counts = Counts(int(met and case.same), int(met and not case.same), int(case.same and not met))
        for name in ("all", "held out" if case.held_out else "development", case.kind):
            old, number = found.get(name, (Counts(), 0))
            found[name] = (old + counts, number + 1)
    return found
