"""Lines of JSON, out of bytes that come in pieces."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


class Lines:
    """Puts lines together. A line ends with a line feed and nothing else: texts hold other separators as they are."""

    def __init__(self) -> None:
        self._begun: list[bytes] = []

    def of(self, chunk: bytes) -> Iterator[dict[str, Any]]:
        """Yield the objects whose lines a piece ends."""
        first, *others = chunk.split(b"\n")
        self._begun.append(first)
        for other in others:
            yield from self.rest()
            self._begun = [other]

    def rest(self) -> Iterator[dict[str, Any]]:
        """Yield the object of the line that is begun, if one is."""
        line = b"".join(self._begun)
        self._begun = []
        if line:
            found: dict[str, Any] = json.loads(line)
            yield found
