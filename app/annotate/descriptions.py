"""Descriptions: whom "the minister", "the company", "the report" and "the Illinois senator" mean in a story."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.annotate.attribution import Attribution
from app.annotate.cast import Cast
from app.annotate.discourse import BACK, Stage, Unnamed
from app.annotate.documents import document_speaker
from app.annotate.introductions import PARAGRAPHS, introduced
from app.annotate.kinds import is_of_kind, may_be_called
from app.annotate.lexicons.groups import BODY_NOUNS, DOCUMENTS, PERSON_NOUNS, PLACE_NOUNS
from app.annotate.lexicons.people import PRONOUNS
from app.annotate.phrases import core_phrase, folded_words, is_crowd, is_plural, segments_of
from app.annotate.speakers import (
    ANYBODY,
    BODY,
    NOBODY,
    PERSON,
    PLACE,
    Anaphor,
    Reader,
    Speaker,
    head_names,
    pronoun_speaker,
    stands_for,
)
from app.annotate.titles import is_known_title, normal_title, title_head
from app.domain.annotation import ActorStatus
from app.domain.span import Span

BODY_NOBODY = -0.5  # worth of "nobody named" for "the ministry", beside the link's own word for it
# Words of headlines for whoever leads a body, and the nouns that head the titles of those who do.
CHIEFS = frozenset("chief head boss leader supremo".split())
LEADERS = CHIEFS | frozenset("president chairman chairperson chair director commander secretary executive ceo".split())
_WITH_ANOTHER = re.compile(r"^(?:he|she|they|it|we|i)\s+and\s|\sand\s+(?:he|she|they|it|i|me|others)$", re.IGNORECASE)
_ANAPHORIC = re.compile(r"(?:the|this|that)\b", re.IGNORECASE)
_UNNAMED: Mapping[str, ActorStatus] = {
    **dict.fromkeys(("he", "she", "it", "his", "her", "its"), "unresolved"),
    "one": "anonymous",
}
_SUBJECT = re.compile(
    r"(?P<body>[Tt]he (?:[a-z-]+ )?(?P<noun>[a-z]+)) (?:has|had|is|was|will|would|expects|plans|also|[a-z]+s) "
)
_NO_PRONOUNS = frozenset({"WHO", "US", "IT"})
_DEFINITE = frozenset("the this that his her their its".split())
_INDEFINITE = frozenset("a an some many several one another two other most".split())


@dataclass(frozen=True, slots=True, eq=False)
class Holders:
    """Who of a story holds which title: (words of the normal title, group), by the noun that heads the title.

    ``bodies`` are the bodies and countries of a group's posts.
    """

    by_head: Mapping[str, tuple[tuple[frozenset[str], int], ...]]
    bodies: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def of(self, description: str) -> list[int]:
        """Return the groups whose title ``description`` may mean, those that share most of its words.

        The nouns at the head are the same; of the other words one side has none that the other lacks, or two in common.
        """
        if not description:
            return []
        words = frozenset(normal_title(description).split())
        best, found = 0, list[int]()
        for title, group in self.by_head.get(title_head(description), ()):
            common = len(words & title)
            if not (words <= title or title <= words or common > 2):  # noqa: PLR2004 (the head is one of them)
                continue
            if common > best:
                best, found = common, []
            if common == best:
                found.append(group)
        return found

    def fitting(self, groups: Sequence[int], named: frozenset[int], bodies: frozenset[int]) -> list[int]:
        """Return those of ``groups`` whose post is at one of the ``named`` bodies and places.

        Where none's is, those whose post is nowhere that is known are left of them if ``bodies`` are named, else all.
        """
        at_home = [g for g in groups if self.bodies.get(g, frozenset()) & named]
        return at_home or [g for g in groups if not bodies or g not in self.bodies]

    def leader_of(self, bodies: frozenset[int]) -> int | None:
        """Return the one person of the story who leads one of ``bodies``, by their title: "the SEIU chief"."""
        found = {
            group
            for head in LEADERS
            for _, group in self.by_head.get(head, ())
            if self.bodies.get(group, frozenset()) & bodies
        }
        return found.pop() if len(found) == 1 else None


def gather_holders(titles: Iterable[tuple[str, int]], bodies: Iterable[tuple[int, int]] = ()) -> Holders:
    """Return who holds which of ``titles``, pairs of title and group; ``bodies`` pairs a group and its post's body."""
    of_group: dict[int, set[int]] = defaultdict(set)
    for group, body in bodies:
        of_group[group].add(body)
    by_head: dict[str, list[tuple[frozenset[str], int]]] = defaultdict(list)
    for title, group in titles:
        by_head[title_head(title)].append((frozenset(normal_title(title).split()), group))
    return Holders(
        {head: tuple(dict.fromkeys(rows)) for head, rows in by_head.items()},
        {group: frozenset(found) for group, found in of_group.items()},
    )


def find_speaker(attribution: Attribution, reader: Reader, holders: Holders) -> Speaker:
    """Return who speaks in ``attribution``; first person pronouns are left to the caller (``method`` "self")."""
    source, text = attribution.source, reader.stage.text
    if source is None:
        return Speaker("unresolved", None, None, "none", 1.0 - attribution.link)
    span = source.span
    contents = tuple(c.span for c in attribution.contents)
    words = folded_words(span.of(text))
    if len(words) == 1 and words[0] in PRONOUNS and span.of(text) not in _NO_PRONOUNS:
        status: ActorStatus = _UNNAMED.get(words[0], "collective")
        anaphor = Anaphor(span, source.piece, "pronoun", status, contents, words[0])
        return _body_itself(attribution, anaphor, reader, holders) or pronoun_speaker(words[0], anaphor, reader)
    heads = head_names(span, reader.cast, text)
    crowd = bool(heads) and (is_crowd(span, text) or _WITH_ANOTHER.search(span.of(text)) is not None)
    if len(heads) > 1 or crowd:
        named = () if crowd else tuple((reader.cast.groups[n], reader.cast.names[n].span) for n in heads)
        return Speaker("collective", None, span, "name", 0.8, joint=named)
    if heads:
        group = stands_for(reader.cast.groups[heads[0]], reader.cast)
        return Speaker("resolved", group, span, "name", reader.cast.names[heads[0]].score)
    return _introduced(Anaphor(span, source.piece, "nominal", "anonymous", contents), words, reader, holders)


def _body_itself(attribution: Attribution, anaphor: Anaphor, reader: Reader, holders: Holders) -> Speaker | None:
    """Return the body that "it" is when it ends a report that begins with it: "The company will pay, it said"."""
    text, contents = reader.stage.text, attribution.contents
    if anaphor.word != "it" or not contents or contents[0].span.start > anaphor.span.start:
        return None
    subject = _SUBJECT.match(text, contents[0].span.start, contents[0].span.end)
    if subject is None or subject["noun"] not in BODY_NOUNS:
        return None
    called = Anaphor(Span(*subject.span("body")), contents[0].piece, "nominal", "collective")
    speaker = _description(called, folded_words(subject["body"]), reader, holders)
    return None if speaker.group is None else anaphor.is_group(speaker.group, speaker.score)


def remember(speaker: Speaker, reader: Reader) -> None:
    """Note in the reader's thread who spoke."""
    text, mention = reader.stage.text, speaker.mention
    if mention is None:
        return
    reader.thread.paper = speaker.method == "document" or (reader.thread.paper and speaker.method == "pronoun")
    if speaker.method == "document" and speaker.group is not None:
        reader.thread.papers[core_phrase(mention.of(text))[-1]] = speaker.group
    if speaker.group is not None:
        reader.thread.note_named(speaker.group, mention.of(text).casefold(), mention.start)
    elif speaker.status in {"anonymous", "collective"}:
        reader.thread.note_unnamed(Unnamed(speaker.status, speaker.described or mention, mention))


def _introduced(anaphor: Anaphor, words: Sequence[str], reader: Reader, holders: Holders) -> Speaker:
    """Return whom a description means: somebody named before, else one whom it introduces, else nobody named."""
    speaker = _description(anaphor, words, reader, holders)
    if speaker.group is not None or speaker.method != "nominal":
        return speaker
    core = core_phrase(anaphor.span.of(reader.stage.text))
    if words and words[0] in _DEFINITE and not _is_person(core[1:]):
        return speaker
    group = introduced(core, anaphor.span, anaphor.contents, reader.stage)
    return speaker if group is None else anaphor.is_group(group, 0.7)


def _description(anaphor: Anaphor, words: Sequence[str], reader: Reader, holders: Holders) -> Speaker:
    cast, span = reader.cast, anaphor.span
    phrase = span.of(reader.stage.text)
    core = core_phrase(phrase)
    head = core[-1] if core else ""
    status: ActorStatus = "collective" if is_plural(head) or head in PLACE_NOUNS else "anonymous"
    anaphor = Anaphor(span, anaphor.piece, "nominal", status, anaphor.contents)
    definite = bool(words) and words[0] in _DEFINITE
    if head in DOCUMENTS:
        return document_speaker(head, Anaphor(span, anaphor.piece, "document", status, anaphor.contents), reader)
    called = _side(head, anaphor, cast) or (_body_called(core[1:], anaphor, reader) if definite else None)
    if called is not None:
        return called
    if words and words[0] in _INDEFINITE:
        return anaphor.nobody(0.9)
    if head in BODY_NOUNS and definite:
        return _body_meant(core, anaphor, reader)
    if status == "anonymous":
        return _person_called(core[1:] if definite else core, anaphor, reader, holders)
    return reader.antecedent(anaphor, PLACE if head in PLACE_NOUNS else ANYBODY, NOBODY["nominal"])


def _body_meant(core: Sequence[str], anaphor: Anaphor, reader: Reader) -> Speaker:
    """Return which body "the company" means; "the governor's office" is none but itself."""
    if any(word.endswith(("'s", "’s")) for word in core[:-1]):
        return replace(anaphor, unnamed="collective").nobody(0.8)
    return reader.antecedent(anaphor, BODY, BODY_NOBODY, core[-1])


def _side(head: str, anaphor: Anaphor, cast: Cast) -> Speaker | None:
    """Return the country that "the Russian side" means."""
    inside = [n for n in cast.inside(anaphor.span) if cast.types[n] == "nationality"]
    return anaphor.is_group(cast.groups[inside[0]], 0.8) if head == "side" and inside else None


def _body_called(core: Sequence[str], anaphor: Anaphor, reader: Reader) -> Speaker | None:
    """Return the body that "the foreign ministry" means: that with most of the words in its name, or None."""
    cast, wanted = reader.cast, set(core)
    if not core:
        return None
    low = bisect_left(cast.starts, anaphor.span.start)
    shared: dict[int, int] = {}
    told: Counter[int] = Counter()
    for number in range(max(0, low - BACK), low):
        if cast.types[number] != "organization":
            continue
        key = cast.keys[cast.groups[number]]
        words = set(key.split())
        told[cast.groups[number]] += may_be_called(core[-1], key)
        if core[-1] in words or is_of_kind(core[-1], key):
            shared[number] = len(wanted & words)
    # By its kind alone, only one that no other body it may mean is named more often than.
    most = max(told.values(), default=0)
    shared = {n: common for n, common in shared.items() if common or told[cast.groups[n]] == most}
    if not shared:
        return None
    best = max(shared.values())
    groups = {cast.groups[n] for n, common in shared.items() if common == best}
    last = reader.thread.last
    nearest = next(cast.groups[n] for n in reversed(shared) if cast.groups[n] in groups)
    return anaphor.is_group(last if last in groups and last is not None else nearest, 0.7)


def _person_called(core: Sequence[str], anaphor: Anaphor, reader: Reader, holders: Holders) -> Speaker:
    """Return whose title the description is: the one who spoke last, else the one named last; else the best fit."""
    cast = reader.cast
    reported = {cast.groups[n] for c in anaphor.contents for n in cast.inside(c)}
    core_span = segments_of(anaphor.span, reader.stage.text)[0]
    named = frozenset(cast.groups[n] for n in cast.inside(core_span) if cast.types[n] != "person")
    bodies = frozenset(g for g in named if cast.kinds[g] == "organization")
    titled = [g for g in holders.of(" ".join(core)) if g not in reported and _is_known(g, anaphor.span, reader.stage)]
    groups = holders.fitting(titled, named, bodies)
    last = reader.thread.last
    holder = last if last in groups else groups[0] if len(groups) == 1 else _named_last(groups, anaphor, cast)
    if holder is not None and groups:
        return Speaker("resolved", holder, anaphor.span, "title", 0.9)
    leader = holders.leader_of(named) if core[-1:] and core[-1] in CHIEFS else None
    if leader is not None:
        return Speaker("resolved", leader, anaphor.span, "title", 0.8)
    person = _is_person(core)
    definite = person and _ANAPHORIC.match(anaphor.span.of(reader.stage.text)) is not None
    return reader.antecedent(anaphor, PERSON if person else ANYBODY, NOBODY["definite" if definite else "nominal"])


def _is_known(group: int, span: Span, stage: Stage) -> bool:
    """Say whether a group is named before ``span``, which only a story's first paragraphs need not wait for."""
    early = bisect_right(stage.paragraphs, span.start) <= PARAGRAPHS
    return early or group in stage.cast.groups[: bisect_left(stage.cast.starts, span.start)]


def _is_person(core: Sequence[str]) -> bool:
    """Say whether a description is of a person by the noun at its head."""
    return bool(core) and (core[-1] in PERSON_NOUNS or is_known_title(" ".join(core)))


def _named_last(groups: Sequence[int], anaphor: Anaphor, cast: Cast) -> int | None:
    if not groups:
        return None
    wanted, last = set(groups), bisect_left(cast.starts, anaphor.span.start)
    return next(
        (
            cast.groups[n]
            for n in range(last - 1, -1, -1)
            if cast.groups[n] in wanted and cast.names[n].span.end <= anaphor.span.start
        ),
        None,
    )
