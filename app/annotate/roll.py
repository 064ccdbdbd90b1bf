"""A roll of what was named so far: found again by words, so that a name is compared with few others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable


class Roll:
    """Numbers in the order in which they were put on the roll, by the keys that they were put there under."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, list[int]] = defaultdict(list)

    def put(self, number: int, keys: Iterable[Hashable]) -> None:
        """Put ``number`` on the roll under each of ``keys``."""
        for key in set(keys):
            self._numbers[key].append(number)

    def under(self, keys: Iterable[Hashable]) -> list[int]:
        """Return the numbers under any of ``keys``, each once, the smallest first."""
        return sorted({number for key in set(keys) for number in self._numbers.get(key, ())})
