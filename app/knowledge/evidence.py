"""How far what is told of two entities speaks for their being one: reasons, each with its weight.

Weights are natural logarithms of odds, set by hand on the decisions in ``app/evaluation/linking``'s development half;
their sum over one is the score's odds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.annotate.titles import title_head
from app.domain.annotation import EntityType
from app.knowledge.bodies import BodyName, body_name
from app.knowledge.lexicons.commonness import COMMON_FAMILY, COMMON_GIVEN
from app.knowledge.lexicons.fields import distance
from app.knowledge.names import PersonName, long_forms, normal_name, person_name, same_spelling
from app.knowledge.profiles import Profile

_PAIR = 2
_PLAIN_TITLES = frozenset(
    "president director spokesperson chief chairperson leader head member official manager secretary".split()
)
_MOST_COMPANY = 3
_GENERATION = 45


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against two entities being one. Units: ``weight`` in logarithms of odds."""

    code: str
    weight: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two entities are one, with all that speaks for it and against it."""

    reasons: tuple[Reason, ...]

    @property
    def odds(self) -> float:
        """The sum of the weights."""
        return sum(reason.weight for reason in self.reasons)

    @property
    def score(self) -> float:
        """The probability that the two are one."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.odds))))


def likeness(one: Profile, other: Profile) -> Likeness | None:
    """Compare two profiles of one type; None when their names cannot be those of one entity."""
    if one.type != other.type:
        return None
    name = _name_of_person(one, other) if one.type == "person" else _name_of_body(one, other)
    if name is None:
        return None
    return Likeness((*name, *_offices(one, other), *_countries(one, other), *_company(one, other), *_years(one, other)))


def may_be_one(kind: EntityType, names: Iterable[str], others: Sequence[str]) -> bool:
    """Say whether names of one type can be those of one entity: whether ``likeness`` has anything to say."""
    if kind == "person":
        return any(_people(a, b) is not None for a in names for b in others)
    return any(_compare_bodies(body_name(a), body_name(b)) is not None for a in names for b in others)


def _name_of_person(one: Profile, other: Profile) -> tuple[Reason, ...] | None:
    """Return the reasons of the best pair of names."""
    found = [reasons for a in one.names for b in other.names if (reasons := _people(a, b)) is not None]
    return max(found, key=lambda reasons: sum(r.weight for r in reasons), default=None)


@lru_cache(maxsize=30_000)
def _people(one: str, other: str) -> tuple[Reason, ...] | None:
    return compare_people(person_name(one), person_name(other))


def compare_people(one: PersonName, other: PersonName) -> tuple[Reason, ...] | None:
    """Compare two full names of people; None when they cannot be one person's."""
    if one.suffix and other.suffix and one.suffix != other.suffix:
        return None
    if not (one.is_full and other.is_full):
        return _last_name(one, other)
    relation = _relation(one.words, other.words)
    if relation is None:
        return None
    if {one.suffix, other.suffix} == {None, "sr"} or (one.suffix or other.suffix) in {"ii", "iii", "iv"}:
        relation = (*relation, Reason("only one has a suffix", -0.6)) if one.suffix != other.suffix else relation
    common = _commonness(one.words, other.words)
    return relation if not common else (*relation, Reason("common name", common))


def _last_name(one: PersonName, other: PersonName) -> tuple[Reason, ...] | None:
    """Compare two names of which one at least is a single word; None when it is not the other's last name."""
    if one.words == other.words:
        return (Reason("same single name", -1.0, one.words[0]),) if one.words else None
    short, long = sorted((one, other), key=lambda name: len(name.words))
    if not short.words or not long.is_full or short.words[0] != long.words[-1]:
        return None
    alone = Reason("last name alone", -3.2, f"{short.words[0]} / {' '.join(long.words)}")
    return (alone, Reason("common name", -1.0)) if short.words[0] in COMMON_FAMILY else (alone,)


def _relation(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[Reason, ...] | None:  # noqa: PLR0911 (a return a case)
    shown = f"{' '.join(a)} / {' '.join(b)}"
    if a == b:
        return (Reason("same name", 2.7 if len(a) == _PAIR else 3.6, " ".join(a)),)
    if "".join(a) == "".join(b):
        return (Reason("same letters", 2.2, shown),)
    if a[-1] == b[-1]:
        return _by_given(a, b, shown)
    if sorted(a) == sorted(b):
        return (Reason("other order", 1.6, shown),)
    short, long = sorted((a, b), key=len)
    if len(short) < len(long) and short[0] == long[0] and len(short[0]) > 1 and _within(short, long):
        return (Reason("part of a longer name", 1.7, shown),)
    if len(a) == len(b) and all(x == y or same_spelling(x, y) for x, y in zip(a, b, strict=True)):
        return (Reason("other spelling", 1.3, shown),)
    if same_spelling(a[-1], b[-1]) and (a[0] == b[0] or same_spelling(a[0], b[0])) and _PAIR in (len(a), len(b)):
        return (Reason("other spelling", 0.9, shown),)
    return None


def _by_given(  # noqa: PLR0911 (a return a case)
    a: tuple[str, ...], b: tuple[str, ...], shown: str
) -> tuple[Reason, ...] | None:
    """Compare two names with one last name by the names before it."""
    first, second = a[0], b[0]
    middle = _middles(a[1:-1], b[1:-1])
    if first == second and len(first) > 1:
        if middle == "differ":
            return (Reason("other middle name", -1.6, shown),)
        return (
            Reason("same name and middle initial", 3.4, shown)
            if middle == "agree"
            else Reason("same name", 2.4, shown),
        )
    if middle == "differ":
        return None
    plus = 0.8 if middle == "agree" else 0.0
    if 1 in (len(first), len(second)):
        return (Reason("initial", 0.2 + plus, shown),) if first[0] == second[0] else None
    if long_forms(first) & long_forms(second):
        return (Reason("short form", 1.5 + plus, shown),)
    if first in b[1:-1] or second in a[1:-1]:
        return (Reason("known by a middle name", 1.2, shown),)
    if same_spelling(first, second):
        return (Reason("other spelling", 1.3 + plus, shown),)
    return None


def _middles(a: tuple[str, ...], b: tuple[str, ...]) -> str:
    """Say whether what stands between first and last name agrees, differs, or is missing on a side."""
    if not a or not b:
        return "missing"
    same = all(any(x == y or (1 in (len(x), len(y)) and x[0] == y[0]) for y in b) for x in a)
    if same:
        return "agree"
    return "differ" if len(a) == len(b) else "missing"


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    rest = iter(long)
    return all(word in rest for word in short)


def _commonness(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Return how much less a name says because many have it; a middle name on both sides tells them apart again."""
    if len(a) > _PAIR and len(b) > _PAIR:
        return 0.0
    family = -1.0 if a[-1] in COMMON_FAMILY or a[0] in COMMON_FAMILY else 0.0
    given = -0.7 if a[0] in COMMON_GIVEN or b[0] in COMMON_GIVEN or a[-1] in COMMON_GIVEN else 0.0
    return family + given


def _name_of_body(one: Profile, other: Profile) -> tuple[Reason, ...] | None:
    found = [
        reason
        for a in map(body_name, one.names)
        for b in map(body_name, other.names)
        if (reason := _compare_bodies(a, b)) is not None
    ]
    if not found:
        return None
    best = max(found, key=lambda reason: reason.weight)
    spelled = _spelled(one), _spelled(other)
    if all(spelled) and not spelled[0] & spelled[1] and best.code == "same name" and " " not in best.detail:
        return (Reason("same acronym, other names", -0.3, f"{min(spelled[0])} / {min(spelled[1])}"),)
    return (best,)


def _spelled(profile: Profile) -> frozenset[str]:
    """Return the names of several words that a body has."""
    return frozenset(words for name in profile.names if " " in (words := body_name(name).words))


def _compare_bodies(a: BodyName, b: BodyName) -> Reason | None:
    if a.generic != b.generic or (a.country and b.country and a.country != b.country):
        return None
    if a.words == b.words:
        if a.generic:
            return Reason("same body of one country", 3.2, a.key) if a.country and a.country == b.country else None
        return Reason("same name", 3.2 if " " in a.words else 2.4, a.words)
    short, long = sorted((a.words, b.words), key=len)
    if " " not in short and len(short) > _PAIR and short == "".join(w[0] for w in long.split() if w not in _SMALL):
        return Reason("acronym", 1.0, f"{short} / {long}")
    return None


_SMALL = frozenset(["of", "the", "for", "and", "in", "on", "at", "to", "a", "an", "de", "la", "du", "des"])


def _offices(one: Profile, other: Profile) -> list[Reason]:
    if one.type != "person":
        return []
    found = []
    same = one.titles & other.titles
    telling = {title for title in same if title not in _PLAIN_TITLES}
    if telling:
        found.append(Reason("same office", 1.7, min(telling)))
    elif same:
        found.append(Reason("same office", 0.8, min(same)))
    elif heads := {title_head(t) for t in one.titles} & {title_head(t) for t in other.titles} - {None, ""}:
        found.append(Reason("like office", 0.4, str(min(map(str, heads)))))
    found += _bodies(one, other, same_title=bool(same))
    if one.fields and other.fields:
        away = max(distance(a, b) for a in one.fields for b in other.fields)
        if away:
            found.append(Reason("other line of work", away, f"{min(one.fields)} / {min(other.fields)}"))
        elif not same:
            found.append(Reason("same line of work", 0.5, min(one.fields & other.fields)))
    return found


def _bodies(one: Profile, other: Profile, *, same_title: bool) -> list[Reason]:
    bodies = one.bodies & other.bodies
    if bodies:
        return [Reason("same organization", 1.7, min(bodies))]
    beside = _beside(one.bodies, other.company) | _beside(other.bodies, one.company)
    if beside:
        return [Reason("organization in its stories", 0.9, min(beside))]
    if same_title and one.bodies and other.bodies:
        return [Reason("same office elsewhere", -1.9, f"{min(one.bodies)} / {min(other.bodies)}")]
    return []


def _countries(one: Profile, other: Profile) -> list[Reason]:
    same = one.countries & other.countries
    if same:
        return [Reason("same country", 0.8, min(same))]
    if one.countries and other.countries:
        return [Reason("other country", -1.8, f"{min(one.countries)} / {min(other.countries)}")]
    near = (one.countries | one.near) & (other.countries | other.near)
    if near:
        return [Reason("stories of one country", 0.4, min(near))]
    if (one.countries | one.near) and (other.countries | other.near):
        return [Reason("stories of other countries", -0.4)]
    return []


def _company(one: Profile, other: Profile) -> list[Reason]:
    counted = one.countries | one.near | other.countries | other.near
    shared = (one.company & other.company) - {f"l:{normal_name(country, 'place')}" for country in counted}
    telling = sorted(key for key in shared if normal_name(key[2:], "place") not in _EVERYWHERE)
    if telling:
        weight = 0.7 * min(len(telling), _MOST_COMPANY)
        return [Reason("same company", round(weight, 1), ", ".join(key[2:] for key in telling[:_MOST_COMPANY]))]
    return []


_EVERYWHERE = frozenset(
    ["united states", "united kingdom", "china", "russia", "europe", "washington", "united nations", "reuters"]
)


def _beside(bodies: frozenset[str], company: frozenset[str]) -> frozenset[str]:
    return bodies.intersection(key[2:] for key in company) if bodies and company else frozenset()


def _years(one: Profile, other: Profile) -> list[Reason]:
    for known, story in ((one, other), (other, one)):
        if story.year is not None:
            if known.born is not None and story.year < known.born:
                return [Reason("not born yet", -8.0, str(known.born))]
            if known.died is not None and story.year > known.died + _GENERATION:
                return [Reason("long dead", -1.5, str(known.died))]
    return []
