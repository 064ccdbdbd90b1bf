"""Ids of annotations: from the text and what is annotated, so the same text gives the same ids anywhere."""

from __future__ import annotations

from hashlib import blake2b


class Ids:
    """Makes the ids of one document's annotations; sortable by place in the text within a kind."""

    def __init__(self, text: str) -> None:
        self._text = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        self._given: set[str] = set()

    def make(self, kind: str, place: int, *parts: object) -> str:
        """Return the id of an annotation of ``kind`` at code point ``place`` that ``parts`` tell from others."""
        number = 0
        while True:
            body = "\x1f".join((kind, str(place), *map(str, parts), str(number)))
            digest = blake2b(body.encode("utf-8", "surrogatepass"), key=self._text, digest_size=10).hexdigest()
            made = f"{kind}_{place:06x}{digest}"
            if made not in self._given:
                self._given.add(made)
                return made
            number += 1
