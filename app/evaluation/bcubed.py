"""Who is who within a document, by mentions: how far each mention's chain is that of the other side (B-cubed).

Source: Bagga and Baldwin, LREC 1998.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Mention = tuple[int, int]
Chains = list[list[Mention]]


@dataclass(frozen=True, slots=True)
class BCubed:
    """Sums over mentions, to be added over documents: of shares of chains, and of the mentions they are of."""

    right_predicted: float = 0.0
    predicted: int = 0
    right_gold: float = 0.0
    gold: int = 0

    def __add__(self, other: BCubed) -> BCubed:
        """Return the sums over both."""
        return BCubed(
            self.right_predicted + other.right_predicted,
            self.predicted + other.predicted,
            self.right_gold + other.right_gold,
            self.gold + other.gold,
        )

    @property
    def precision(self) -> float | None:
        """The mean share of a predicted mention's chain that is of its gold chain; None without mentions."""
        return self.right_predicted / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """The mean share of a gold mention's chain that is of its predicted chain; None without mentions."""
        return self.right_gold / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of the two; None when neither side has mentions."""
        if self.precision is None and self.recall is None:
            return None
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score_bcubed(gold: Iterable[Sequence[Mention]], predicted: Iterable[Sequence[Mention]]) -> BCubed:
    """Compare two clusterings of mentions; a mention that only one side has is alone on the other."""
    mine, theirs = [frozenset(c) for c in gold], [frozenset(c) for c in predicted]
    right_gold, gold_mentions = _shares(mine, theirs)
    right_predicted, predicted_mentions = _shares(theirs, mine)
    return BCubed(right_predicted, predicted_mentions, right_gold, gold_mentions)


def in_both(gold: Chains, predicted: Chains) -> tuple[Chains, Chains]:
    """Return both clusterings with the mentions that both have only: what is left is how they are clustered."""
    shared = {m for chain in gold for m in chain} & {m for chain in predicted for m in chain}
    mine, theirs = ([[m for m in chain if m in shared] for chain in side] for side in (gold, predicted))
    return [c for c in mine if c], [c for c in theirs if c]


def _shares(chains: Sequence[frozenset[Mention]], others: Sequence[frozenset[Mention]]) -> tuple[float, int]:
    home = {mention: chain for chain in others for mention in chain}
    total = sum(len(chain & home[mention]) / len(chain) for chain in chains for mention in chain if mention in home)
    return total, sum(map(len, chains))
