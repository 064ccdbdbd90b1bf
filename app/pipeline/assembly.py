"""Findings of the annotators assembled into one Analysis: ids given, references made, order fixed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.annotate.allegiance import country_of_actor
from app.annotate.chunks import Words
from app.annotate.confidence import quote_signs, weigh
from app.annotate.entities import Group
from app.annotate.issue_labels import issue_label
from app.annotate.lexicons.countries import country_of
from app.annotate.names import name_key
from app.annotate.offices import Post
from app.annotate.phrases import called
from app.annotate.quotation import Quotation
from app.annotate.quotes import Passage, quote_type
from app.annotate.speakers import Speaker
from app.annotate.takings import Taking
from app.annotate.titles import normal_title
from app.domain.analysis import Analysis, Pipeline
from app.domain.annotation import Actor, Entity, EntityType, Mention, Office, Quote, QuoteType, Stance
from app.domain.document import Document
from app.domain.span import Span
from app.pipeline.ids import Ids
from app.text.tokens import mended

_KIND = {"person": "per", "organization": "org", "place": "plc", "group": "grp"}
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What the annotators found in one document, still by group numbers.

    Quotes with less confidence than ``least_sure`` are left out of the analysis, but not those that a label marks.
    """

    groups: tuple[Group, ...]
    passages: tuple[Passage, ...]
    posts: tuple[Post, ...]
    takings: tuple[Taking, ...]
    quotations: tuple[Quotation, ...]
    words: Words
    calibration: Mapping[str, Sequence[Sequence[float]]] = field(default_factory=dict)
    quote_weights: Mapping[str, float] = field(default_factory=dict)
    least_sure: float = 0.0

    def confidence(self, kind: str, score: float) -> float:
        """Return how often annotations of ``kind`` with this score were right on development stories."""
        table = self.calibration.get(kind)
        if not table:
            return round(min(1.0, score), 4)
        return round(float(np.interp(score, [x for x, _ in table], [y for _, y in table])), 4)

    def quote_confidence(self, passage: Passage, kind: QuoteType, text: str) -> float:
        """Return how often quotes with such signs were right on development texts, or their score without weights.

        Of what a label or a signature marks it is their score: too few are annotated to learn how often that is right.
        """
        if passage.method == "label":
            return round(passage.score * passage.speaker.score, 4)
        if not self.quote_weights:
            return self.confidence("quote", passage.score * passage.speaker.score)
        return round(weigh(quote_signs(passage, kind, text), self.quote_weights), 4)


def assemble(document: Document, findings: Findings, pipeline: Pipeline) -> Analysis:
    """Return the analysis that ``findings`` make up."""
    return _Assembly(document, findings).analysis(pipeline)


class _Assembly:
    def __init__(self, document: Document, findings: Findings) -> None:
        self.document, self.findings, self.text = document, findings, document.text
        self.ids = Ids(document.text)
        self.names = [display_name(g) for g in findings.groups]
        self.group_ids = [
            self.ids.make(_KIND[g.type], g.names[0].span.start, name)
            for g, name in zip(findings.groups, self.names, strict=True)
        ]
        self.titles: dict[int, str] = {}
        self.countries = {
            number: country
            for number, group in enumerate(findings.groups)
            if (country := country_of_actor(self.names[number], group.type)) is not None  # type: ignore[arg-type]
        }
        for post in findings.posts:
            if post.tense != "former":
                self.titles.setdefault(post.group, flat(post.title.of(self.text)))
                if post.organization in self.countries:
                    self.countries.setdefault(post.group, self.countries[post.organization])

    def analysis(self, pipeline: Pipeline) -> Analysis:
        quotes = self._quotes()
        return Analysis(
            pipeline,
            self._entities(quotes),
            tuple(q for q in quotes if q is not None),
            tuple(self._offices()),
            tuple(self._stances(quotes)),
        )

    def _entities(self, quotes: Sequence[Quote | None]) -> tuple[Entity, ...]:
        extra: dict[int, set[Span]] = defaultdict(set)
        for passage, quote in zip(self.findings.passages, quotes, strict=True):
            speaker = passage.speaker
            if quote is None:
                continue
            if speaker.group is not None and speaker.mention is not None and speaker.method != "name":
                extra[speaker.group].add(speaker.mention)
        weights = [
            sum(2.0 if n.span.start < len(self.text) // 4 else 1.0 for n in g.names) for g in self.findings.groups
        ]
        total = sum(weights) or 1.0
        found = [
            Entity(
                id=self.group_ids[number],
                type=group.type,  # type: ignore[arg-type]
                name=self.names[number],
                mentions=self._mentions(group, extra[number]),
                aliases=tuple(s for s in aliases(group) if s != self.names[number]),
                prominence=round(weights[number] / total, 4),
                confidence=self.findings.confidence("name", max(n.score for n in group.names)),
            )
            for number, group in enumerate(self.findings.groups)
        ]
        return tuple(sorted(found, key=lambda e: e.mentions[0].span))

    def _mentions(self, group: Group, extra: set[Span]) -> tuple[Mention, ...]:
        named: dict[Span, Mention] = {}
        for name in (*group.names, *group.within):
            for span in name.marks or (name.span,):
                named[span] = Mention(
                    span, "name" if name.marks else "nominal", self.findings.confidence("name", name.score)
                )
        taken = sorted(named)
        for span in sorted(extra):
            place = bisect_left(taken, span.end, key=lambda s: s.start)
            if not place or taken[place - 1].end <= span.start:
                taken.insert(place, span)
                named[span] = Mention(span, "pronoun" if " " not in span.of(self.text) else "nominal")
        return tuple(named[s] for s in sorted(named))

    def _actor(self, speaker: Speaker) -> Actor:
        mention = speaker.mention
        if speaker.group is not None:
            return self._group_actor(speaker.group, mention)
        words = speaker.described or mention
        name = called(flat(words.of(self.text))) if words is not None and speaker.status != "unresolved" else None
        if speaker.joint:
            name = self._joined(speaker.joint)
        kind: EntityType | None = {"anonymous": "person", "collective": "group"}.get(speaker.status)  # type: ignore[assignment]
        country = None if name is None else country_of_actor(name, kind)
        return Actor(speaker.status, name, kind, mention=mention, country=country)

    def _joined(self, joint: Sequence[tuple[int, Span]]) -> str:
        """Return the names of several who speak together, as one: "Ann Lee, Tom Roe and Acme"."""
        *first, last = dict.fromkeys(self.names[group] for group, _ in joint)
        return f"{', '.join(first)} and {last}" if first else last

    def _group_actor(self, number: int, mention: Span | None) -> Actor:
        group = self.findings.groups[number]
        return Actor(
            "resolved",
            self.names[number],
            group.type,  # type: ignore[arg-type]
            self.group_ids[number],
            self.titles.get(number),
            mention,
            self.countries.get(number),
        )

    def _quotes(self) -> list[Quote | None]:
        """Return the quotes that the passages are, None for one that is too unsure."""
        found: list[Quote | None] = []
        for passage in self.findings.passages:
            contents = passage.contents
            speaker = passage.speaker
            kind = quote_type(contents, self.findings.quotations, self.findings.words)
            confidence = self.findings.quote_confidence(passage, kind, self.text)
            if confidence < self.findings.least_sure and passage.method != "label":
                found.append(None)
                continue
            found.append(
                Quote(
                    id=self.ids.make("quo", contents[0].start, *[(c.start, c.end) for c in contents], passage.cue),
                    type=kind,
                    contents=contents,
                    cue=passage.cue,
                    speaker=self._actor(speaker),
                    confidence=confidence,
                    method=passage.method or speaker.method,
                )
            )
        return found

    def _offices(self) -> list[Office]:
        found = []
        for post in self.findings.posts:
            title = flat(post.title.of(self.text))
            body = None if post.organization is None else self._group_actor(post.organization, post.organization_span)
            found.append(
                Office(
                    id=self.ids.make("off", post.title.start, post.group, title),
                    person=self._group_actor(post.group, post.name),
                    title=title,
                    normal_title=normal_title(title),
                    organization=body,
                    tense=post.tense,
                    evidence=(post.evidence,),
                    confidence=self.findings.confidence("office", post.score),
                    method=post.method,
                )
            )
        return sorted(found, key=lambda o: o.evidence[0])

    def _carrier(self, taking: Taking) -> int | None:
        """Return the passage that a stance stands in although another than its holder speaks there."""
        for number, passage in enumerate(self.findings.passages):
            if any(c.covers(taking.target) for c in passage.contents):
                return number
        return None

    def _reporter(self, taking: Taking, carrier: int | None) -> Actor | None:
        """Return who reports a stance, when that is another than its holder."""
        if carrier is None:
            return None
        speaker = self.findings.passages[carrier].speaker
        if speaker.group is None or speaker.group == taking.group:
            return None
        return self._actor(speaker)

    def _stances(self, quotes: Sequence[Quote | None]) -> list[Stance]:
        found = []
        for taking in self.findings.takings:
            if taking.group is not None:
                holder = self._group_actor(taking.group, taking.mention)
            elif taking.source is not None and taking.source.status in {"anonymous", "collective"}:
                holder = self._actor(taking.source)
            else:
                continue
            carrier = taking.passage if taking.passage is not None else self._carrier(taking)
            quote = None if carrier is None else quotes[carrier]
            carrier = None if quote is None else carrier
            found.append(
                Stance(
                    id=self.ids.make("sta", taking.target.start, taking.polarity, holder.name, taking.target.end),
                    holder=holder,
                    polarity=taking.polarity,
                    issue=issue_label(flat(taking.target.of(self.text))),
                    target=taking.target,
                    evidence=(taking.evidence,),
                    quote_id=None if quote is None else quote.id,
                    reporter=self._reporter(taking, carrier),
                    change=taking.change,
                    conditional=taking.conditional,
                    confidence=self.findings.confidence("stance", taking.score),
                    method=taking.method,
                )
            )
        return sorted(found, key=lambda s: s.evidence[0])


def flat(words: str) -> str:
    """Return words on one line, with those that a column broke made whole."""
    return _SPACE.sub(" ", mended(words)).strip()


def display_name(group: Group) -> str:
    """Return the name that an entity is shown by: its fullest form without a leading article.

    A country that the story calls by its common name too is shown by that ("Iran", not "Islamic Republic of Iran").
    """
    surface = group.best_surface()
    country = country_of(surface) if group.type == "place" else None
    if country in group.surfaces:
        return country
    bare = re.sub(r"^(?:the|a|an)\s+(?=\S)", "", surface, flags=re.IGNORECASE)
    return bare if name_key(bare) else surface


def aliases(group: Group) -> tuple[str, ...]:
    """Return the distinct surface forms, the most frequent first."""
    return tuple(sorted(group.surfaces, key=lambda s: (-group.surfaces[s], s)))
