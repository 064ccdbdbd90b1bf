"""Cross-story decisions: is the one that a story names the one that is known? Measured by kind of difficulty.

Source: ``decisions.jsonl``, names, offices and places only, compiled for the project from general knowledge, the names
in its sample stories and in the development corpora, and congress-legislators (CC0). Two entries of a line are what two
stories tell. Half of the lines, told by their digest, are for development; the other half was not looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from app.domain.annotation import EntityType
from app.evaluation.scores import Counts
from app.knowledge.link import Candidate, decide
from app.knowledge.profiles import Profile

DECISIONS = Path(__file__).with_name("decisions.jsonl")
Outcome = Literal["linked", "open", "new"]


@dataclass(frozen=True, slots=True)
class Case:
    """What two stories tell, and whether it is one and the same. ``held_out`` lines are not for development."""

    kind: str
    same: bool
    known: Profile
    named: Profile
    held_out: bool

    def outcome(self) -> Outcome:
        """Return what linking makes of it."""
        decision = decide(self.named, [Candidate(self.known, "known")])
        if decision.chosen is not None:
            return "linked"
        return "open" if decision.open else "new"


def read_decisions(path: Path = DECISIONS) -> Iterator[Case]:
    """Yield the decisions."""
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        kind: EntityType = record["type"]
        yield Case(
            record["kind"],
            record["same"],
            _profile(kind, record["a"]),
            _profile(kind, record["b"]),
            int(sha256(line.encode()).hexdigest(), 16) % 2 == 1,
        )


def _profile(kind: EntityType, told: Mapping[str, Any]) -> Profile:
    titles, bodies, countries, near, company = (
        frozenset(told.get(name, ())) for name in ("titles", "bodies", "countries", "near", "company")
    )
    return Profile(kind, tuple(told["names"]), titles, bodies, countries, near, company)


def count_links(cases: Iterable[Case]) -> dict[str, tuple[Counts, int, int]]:
    """Return by kind, and for all, the counts of links, how many decisions there are, and how many stay open."""
    found: dict[str, tuple[Counts, int, int]] = {}
    for case in cases:
        outcome = case.outcome()
        linked = outcome == "linked"
        counts = Counts(int(linked and case.same), int(linked and not case.same), int(case.same and not linked))
        for name in ("all", "held out" if case.held_out else "development", case.kind):
            old, number, still = found.get(name, (Counts(), 0, 0))
            found[name] = (old + counts, number + 1, still + (outcome == "open"))
    return found
