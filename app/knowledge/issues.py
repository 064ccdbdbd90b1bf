"""Issues across stories: labels that speak of one thing, by their words, the words around them, and who is in both.

A lexical model. Labels meet when they share telling words, weighted by rarity, or when the words of each stand around
the other while the same countries, people or bodies do; they do not when each names what the other's story does not.
Words for one thing are in ``app.knowledge.lexicons.topics``. It costs a look-up or two of indexed words a stance; a
sentence encoder would cost a pass of the encoder over each label, which is as much as a sentence of annotation.

Accuracy: ``sayso evaluate``, ``app.evaluation.linking.issues``.
Fails on: two names of one thing that share no word and no surroundings; two things of one name in one country; two
things that one place or body has ("the toll on the bridge", "repairs to the bridge").
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.annotate.lexicons.bodies import ACRONYMS
from app.annotate.lexicons.countries import country_of
from app.knowledge.evidence import Reason
from app.knowledge.lexicons.topics import SAME_THING
from app.knowledge.names import plain_words

SAME = 0.55
"""The least score at which a label is of an issue."""
_NEAR_KEPT = 14
_WORDS = re.compile(r"\b\w(?:[.'\u2019]?\w)*")
_ENDINGS = sorted(
    "ment ments ation ations ating ated ates ate ion ions ing ings er ers or ors ed es s al ally ure ures e".split(),
    key=len,
    reverse=True,
)
_LONGEST_COUNTRY = 4  # words
_SHORTEST = 4  # letters of a stem
_SMALL = frozenset(
    """
    a about after all also an and any are as at be been before being between by can could did do does down during for
    from further had has have having he her his how i if in into is it its just more most must my no nor not now of off
    on once only or other our out over own said same say says she should so some such than that the their them then
    there these they this those through to too under until up us very was we were what when where which while who whom
    why will with would you your anti pro new next last first many much may might two three one against toward towards
    """.split()
)
_GENERIC = frozenset(
    """
    plan proposal bill move decision measure issue policy idea effort deal agreement law legislation project step action
    initiative program programme request call demand support opposition position statement argument claim thing way part
    people person member country nation government state world matter case fact question change use need make take give
    keep put get go come work help want try start end day week month year time statement comment report series set
    number kind sort view situation process result role point group official authority it him her them
    """.split()
)
# Of something: "the travel ban" tells what is banned, "the ban" is each story's own.
_VAGUE = frozenset(
    """
    ban offer vote rule order ruling amendment reform cut resolution referendum campaign protest strike attack
    investment budget talk meeting negotiation investigation inquiry probe charge allegation criticism approach strategy
    option condition extension delay closure study video comment remark outcome tactic appointment nomination sanction
    threat freeze suspension lockdown restriction regulation reopening increase reduction rise raise increment tax
    penalty fine fund funding aid loan grant scheme pact accord treaty compromise boycott walkout candidacy election
    choice team group company build play run pay stay leave stop drop hold meet find set look speak hear watch let
    """.split()
)
_LABEL, _AROUND, _COMPANY = 0.6, 0.25, 0.15
_OTHER_NAMES = -0.4  # each label names what the other's story does not
_ONE_WORD = 0.5  # how much one word in common tells among strangers
_NAME_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class IssueText:
    """What is known of an issue, or of one label: telling words, words around them, names of who is around.

    ``words`` and ``near`` are stems; ``names`` are the stems of names, which alone make no issue.
    """

    words: frozenset[str]
    near: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@lru_cache(maxsize=10_000)
def stem(word: str) -> str:
    """Return what "deploy", "deploys", "deployed" and "deployment" share."""
    for _ in range(2):
        ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST), None)
        if ending is None:
            break
        word = word.removesuffix(ending)
    return word


_GENERIC_STEMS = frozenset(map(stem, _GENERIC)) | _GENERIC
_VAGUE_STEMS = frozenset(map(stem, _VAGUE)) | _VAGUE


def _key(words: Iterable[str]) -> str:
    return " ".join(map(stem, words))


_THINGS = {_key(form.split()): tuple(map(stem, head.replace("-", " ").split())) for form, head in SAME_THING.items()}
_BODIES = {" ".join(plain_words(long)): short for short, long in ACRONYMS.items() if "." not in short}
_LONGEST = max(len(words.split()) for words in (*_BODIES, *_THINGS))


def telling_words(text: str, names: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return what the words of a label tell it is about, without function words and words like "plan".

    Each word as its stem; a country, under whatever name or nationality, and a body known by its letters as one; words
    for one thing as the first of them; an adjective made of one of ``names`` ("Catalan") as the name.
    """
    return frozenset(_told(tuple(_WORDS.findall(text)), names))


def _told(parts: tuple[str, ...], names: frozenset[str]) -> Iterator[str]:
    start = 0
    while start < len(parts):
        for length in range(min(_LONGEST, len(parts) - start), 0, -1):
            found = _thing(parts[start : start + length])
            if found is not None:
                yield from found
                start += length
                break
        else:
            yield from _one(parts[start], names)
            start += 1


@lru_cache(maxsize=10_000)
def _thing(parts: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return what words are together: a country, a body, a thing of several names; None for anything else."""
    plain = [word for part in parts for word in plain_words(part)]
    words = " ".join(plain)
    if parts[0][:1].isupper():
        country = country_of(" ".join(parts)) if len(parts) <= _LONGEST_COUNTRY else None
        if country is not None:
            return (_BODIES.get(country.casefold(), country.casefold()),)
        if len(parts) == 1 and parts[0].isupper() and words in ACRONYMS:
            return (words,)
        if words in _BODIES:
            return (_BODIES[words],)
    return _THINGS.get(_key(plain))


def _one(part: str, names: frozenset[str]) -> Iterator[str]:
    for word in plain_words(part):
        root = stem(word)
        if word in _SMALL or root in _GENERIC_STEMS or len(word) == 1:
            continue
        yield (_name_of(root, names) if part[:1].isupper() else None) or root


def _name_of(root: str, names: frozenset[str]) -> str | None:
    """Return the name that an adjective is made of."""
    start = root[:_SHORTEST]
    return next((n for n in sorted(names) if n.startswith(start)), None) if len(root) > _SHORTEST else None


def name_words(names: Iterable[str]) -> frozenset[str]:
    """Return what names are in labels: a country or a body known by its letters as one, others word by word."""
    found: set[str] = set()
    for name in names:
        parts = tuple(_WORDS.findall(name))
        whole = _thing(parts) if parts and parts[0][:1].isupper() and len(parts) <= _LONGEST else None
        found |= set(whole or (stem(w) for w in plain_words(name) if w not in _SMALL))
    return frozenset(found)


def issue_text(label: str, around: str, names: Iterable[str]) -> IssueText:
    """Return what a label tells, with the sentences around it and the names in the story."""
    known = name_words(names)
    words = telling_words(label, known)
    near = sorted(telling_words(around, known) - words)[:_NEAR_KEPT]
    return IssueText(words, frozenset(near), known)


def is_telling(label: str) -> bool:
    """Say whether a label can name an issue of several stories: "the move" and "the ban" are any story's own."""
    return bool(telling_words(label) - _VAGUE_STEMS)


def issue_likeness(
    one: IssueText, issue: IssueText, spread: Mapping[str, int] | None = None
) -> tuple[float, tuple[Reason, ...]]:
    """Return how likely a label is of an issue, 0 to 1, with the reasons.

    ``spread`` tells in how many issues a word is; a word that many have weighs less. Reasons weigh what they add.
    """
    weight = _Weights(spread or {}, one.names | issue.names)
    shared = one.words & issue.words
    smaller = min(weight.of(one.words), weight.of(issue.words)) or 1.0
    label = min(1.0, weight.of(shared) / smaller)
    mine, theirs = one.words & (issue.near | issue.words), issue.words & (one.near | one.words)
    both = [weight.of(part) / (weight.of(whole) or 1.0) for part, whole in ((mine, one.words), (theirs, issue.words))]
    around = min(1.0, sum(both) / len(both))
    common = one.names & issue.names
    company = min(1.0, len(common) / 2)
    plain = shared - weight.names
    crossed = len(mine - weight.names) >= 1 and len(theirs - weight.names) >= 1 and company > 0
    if not plain and not crossed:
        return 0.0, ()
    if shared == one.words == issue.words:
        label = around = company = 1.0
    elif not common and len(plain) == 1:
        label = min(label, _ONE_WORD)
    if not plain:
        label = around  # each is spoken of around the other, under other words
    apart = _apart(one, issue), _apart(issue, one)
    parts = (
        ("words in common", _LABEL * label, shared),
        ("words around", _AROUND * around, (mine | theirs) - shared),
        ("company in common", _COMPANY * company, common),
        ("other names", _OTHER_NAMES if all(apart) else 0.0, apart[0] | apart[1]),
    )
    reasons = tuple(Reason(code, round(w, 2), ", ".join(sorted(words)[:5])) for code, w, words in parts if w)
    return max(0.0, sum(w for _, w, _ in parts)), reasons


def _apart(one: IssueText, other: IssueText) -> frozenset[str]:
    """Return the names in a label that the other label's story does not have."""
    return (one.words & one.names) - other.words - other.names - other.near


class _Weights:
    """How much words tell: less when many issues have them, and less when they are names."""

    def __init__(self, spread: Mapping[str, int], names: frozenset[str]) -> None:
        self.spread = spread
        self.names = names

    def of(self, words: Iterable[str]) -> float:
        return sum(
            (_NAME_WEIGHT if w in self.names else 1.0) / (1.0 + math.log1p(self.spread.get(w, 0) / 5) / 4)
            for w in words
        )


def best_label(labels: Iterable[tuple[str, int]]) -> str:
    """Return the label by which an issue is known best: of those most used, one of two to six words, the shortest."""
    fewest_words, many_words = 2, 6
    found = list(labels)
    most = max(number for _, number in found)
    often = [label for label, number in found if 2 * number >= most]
    return min(often, key=lambda label: (not fewest_words <= len(label.split()) <= many_words, len(label), label))
