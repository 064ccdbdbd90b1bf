"""A small annotator for the tests of the API: real analyses of real documents, without weights.

People are two capitalised words, bodies are named ("the Port Authority"), a quotation mark opens a quote whose speaker
is the person named after it, "Mayor X Y" is an office, "X opposes the Z" is a stance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from app.domain.analysis import Analysis, Pipeline, check
from app.domain.annotation import Actor, Entity, EntityType, Mention, Office, Polarity, Quote, Stance
from app.domain.document import Document
from app.domain.span import Span

PERSON = re.compile(r"\b(?!The |Mayor )[A-Z][a-zé]+ [A-Z][a-zé]+\b")
BODY = re.compile(r"\b[A-Z][a-z]+ (?:Authority|Council|Union)\b")
QUOTE = re.compile(r'"(?P<words>[^"]+)"(?: (?P<who>[A-Z][a-zé]+ [A-Z][a-zé]+) (?P<cue>said))?')
OFFICE = re.compile(r"\bMayor (?P<who>[A-Z][a-zé]+ [A-Z][a-zé]+)")
STANCE = re.compile(r"(?P<who>[A-Z][a-z]+ (?:[A-Z][a-z]+)) (?P<side>opposes|supports) the (?P<what>[a-z]+(?: [a-z]+)?)")


class PlainRules:
    """Annotates by a handful of patterns."""

    pipeline = Pipeline("plain-1", "none")

    def annotate(self, document: Document) -> Analysis:
        """Return the checked analysis of one document."""
        return check(_Reader(document.text).analysis(), document)

    def annotate_many(self, documents: Iterable[Document]) -> Iterable[Analysis]:
        """Return the analyses of many documents in their order."""
        return [self.annotate(document) for document in documents]


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.digest = sha256(text.encode()).hexdigest()[:12]
        self.entities: dict[str, Entity] = {}

    def analysis(self) -> Analysis:
        bodies = list(BODY.finditer(self.text))
        inside = {match.start() for match in bodies}
        people = [match for match in PERSON.finditer(self.text) if match.start() not in inside]
        for match in people:
            self._add("person", match[0], Span(*match.span()))
        for match in bodies:
            self._add("organization", match[0], Span(*match.span()))
        ordered = sorted(self.entities.values(), key=lambda e: e.mentions[0].span)
        return Analysis(
            PlainRules.pipeline, tuple(ordered), tuple(self._quotes()), tuple(self._offices()), tuple(self._stances())
        )

    def _add(self, kind: EntityType, name: str, span: Span) -> None:
        known = self.entities.get(name)
        key = known.id if known else f"e{len(self.entities)}-{self.digest}"
        mentions = (*(known.mentions if known else ()), Mention(span))
        self.entities[name] = Entity(key, kind, name, mentions, confidence=0.9)

    def _actor(self, name: str | None, span: Span | None, office: str | None = None) -> Actor:
        entity = self.entities.get(name or "")
        if entity is None or name is None:
            return Actor("unresolved")
        return Actor("resolved", name, entity.type, entity.id, office, span)

    def _quotes(self) -> Iterable[Quote]:
        for i, m in enumerate(QUOTE.finditer(self.text)):
            named = m["who"] is not None
            yield Quote(
                f"q{i}-{self.digest}",
                "direct",
                (Span(*m.span("words")),),
                Span(*m.span("cue")) if named else None,
                self._actor(m["who"], Span(*m.span("who")) if named else None),
                0.9 if named else None,
                "name" if named else "none",
            )

    def _offices(self) -> Iterable[Office]:
        for i, m in enumerate(OFFICE.finditer(self.text)):
            person = self._actor(m["who"], Span(*m.span("who")), "Mayor")
            yield Office(f"o{i}-{self.digest}", person, "Mayor", "mayor", None, "current", (Span(*m.span()),), 0.8)

    def _stances(self) -> Iterable[Stance]:
        for i, m in enumerate(STANCE.finditer(self.text)):
            side: Polarity = "opposes" if m["side"] == "opposes" else "supports"
            holder = self._actor(m["who"], Span(*m.span("who")))
            yield Stance(
                f"s{i}-{self.digest}",
                holder,
                side,
                m["what"],
                Span(*m.span("what")),
                (Span(*m.span()),),
                confidence=0.7,
            )
