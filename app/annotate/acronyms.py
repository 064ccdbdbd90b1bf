"""Acronyms of titles, which look like names of bodies: "the chief election commissioner (CEC)", "the CEO"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.annotate.cast import Cast
from app.annotate.lexicons.bodies import ACRONYMS, SMALL_WORDS
from app.annotate.lexicons.titles import known_heads
from app.annotate.names import Name
from app.annotate.titles import title_head

_GIVEN = re.compile(r"(?<![\w’'.&-])(?P<words>(?:[\w’'.&-]++[ \n]){1,8}+)\((?P<acronym>[A-Z]{2,6})\)")
_AFTER = re.compile(r"\)?,? ")
# Those that stories use without spelling them out.
_COMMON = frozenset("CEO CEOs CFO COO CTO CIO DGP DPP IGP MEP MEPs MLA MLAs MP MPs OC PM VP".split())


def title_acronyms(text: str) -> frozenset[str]:
    """Return the acronyms that stand for titles in a story: the common ones, and those it gives after a title."""
    return _COMMON | {m["acronym"] for m in _GIVEN.finditer(text) if _is_title(m["words"].split(), m["acronym"])}


def _is_title(words: Sequence[str], acronym: str) -> bool:
    """Say whether the last of ``words`` are a title with the letters of ``acronym``."""
    if acronym.casefold() in ACRONYMS:
        return False
    for start in range(len(words)):
        parts = [p for w in words[start:] if w.casefold() not in SMALL_WORDS for p in w.split("-")]
        if "".join(p[:1] for p in parts).upper() == acronym:
            return title_head(" ".join(words[start:])) in known_heads()
    return False


def without_titles(names: Sequence[Name], acronyms: frozenset[str], text: str) -> tuple[Name, ...]:
    """Return the names without the bodies that are acronyms of titles."""
    return tuple(n for n in names if n.type != "organization" or n.span.of(text) not in acronyms)


def acronym_holders(acronyms: frozenset[str], cast: Cast, text: str) -> tuple[tuple[str, int], ...]:
    """Return the acronyms with the people named right after them: "DP Ruto", "Officer in Charge (OC) Islam"."""
    people = {
        name.span.start: group for name, group in zip(cast.names, cast.groups, strict=True) if name.type == "person"
    }
    found = []
    for match in re.finditer(rf"\b(?:{'|'.join(sorted(acronyms))})\b", text):
        gap = _AFTER.match(text, match.end())
        if gap is not None and gap.end() in people:
            found.append((match[0].casefold(), people[gap.end()]))
    return tuple(dict.fromkeys(found))
