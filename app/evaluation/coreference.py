"""Who is who within a document, compared with annotations by the links between mentions.

LEA weighs each entity by its size and asks which share of its links the other side has too, so that an entity of one
mention counts for nothing and a wrong merge costs as much as what it merges.

Source: Moosavi and Strube, ACL 2016.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from app.evaluation.scores import Counts, share

Mention = tuple[int, int]
Chain = frozenset[Mention]

_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class LinkShares:
    """Weighed shares of links, to be added over documents: those resolved, and the weights they are shares of."""

    resolved_gold: float = 0.0
    gold: int = 0
    resolved_predicted: float = 0.0
    predicted: int = 0

    def __add__(self, other: LinkShares) -> LinkShares:
        """Return the shares over both."""
        return LinkShares(
            self.resolved_gold + other.resolved_gold,
            self.gold + other.gold,
            self.resolved_predicted + other.resolved_predicted,
            self.predicted + other.predicted,
        )

    @property
    def precision(self) -> float | None:
        """The share of predicted links that are right; None when none was predicted."""
        return self.resolved_predicted / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """The share of gold links that were found; None when there are none."""
        return self.resolved_gold / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of the two; None when there are no links on either side."""
        if self.precision is None and self.recall is None:
            return None
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True, slots=True)
class CoreferenceScore:
    """How the mentions and the links of one document compare."""

    mentions: Counts
    links: LinkShares


def score_chains(gold: Iterable[Sequence[Mention]], predicted: Iterable[Sequence[Mention]]) -> CoreferenceScore:
    """Compare the chains of one document; those of a single mention are left out on both sides."""
    mine, theirs = _linked(gold), _linked(predicted)
    mentions, guesses = frozenset().union(*mine), frozenset().union(*theirs)
    resolved_gold, size_gold = _resolved(mine, theirs)
    resolved_predicted, size_predicted = _resolved(theirs, mine)
    return CoreferenceScore(
        Counts.of(len(mentions & guesses), predicted=len(guesses), gold=len(mentions)),
        LinkShares(resolved_gold, size_gold, resolved_predicted, size_predicted),
    )


def _linked(chains: Iterable[Sequence[Mention]]) -> list[Chain]:
    return [chain for mentions in chains if len(chain := frozenset(mentions)) > 1]


def _resolved(chains: Sequence[Chain], others: Sequence[Chain]) -> tuple[float, int]:
    """Return the weighed share of the chains' links that ``others`` have, and the weight of the chains."""
    owners: Mapping[Mention, frozenset[int]] = _owners(others)
    resolved = 0.0
    for chain in chains:
        links = [bool(owners.get(a, _NONE) & owners.get(b, _NONE)) for a, b in combinations(sorted(chain), 2)]
        resolved += len(chain) * (share(sum(links), len(links)) or 0.0)
    return resolved, sum(map(len, chains))


def _owners(chains: Sequence[Chain]) -> dict[Mention, frozenset[int]]:
    owners: dict[Mention, frozenset[int]] = {}
    for number, chain in enumerate(chains):
        for mention in chain:
            owners[mention] = owners.get(mention, _NONE) | {number}
    return owners
