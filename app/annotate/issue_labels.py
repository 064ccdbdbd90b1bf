"""Labels of what stances are about: the target's own words, as short as they may be and still whole.

Source: rules of English news style, written for the project; licence as the project.
"""

from __future__ import annotations

import re

_LABEL_START = re.compile(
    r"^(?:that|to|the|a|an|any|this|these|those|its|his|her|their|our|of|for|with|from|in|on|by|what|how|whether)\s+",
    re.IGNORECASE,
)
# A noun for wanting something, and what is wanted: "American proposals for anti-missile bases".
_WANTED = re.compile(
    r"^(?:[\w.’'-]+\s+){0,3}?(?:proposals?|plans?|calls?|requests?|demands?|bids?|efforts?|attempts?|moves?|idea|initiative"
    r"|push|pledges?|promises?|decisions?|support|opposition|objections?)\s+(?:for|to|of|on|about)\s+(?=\S+\s+\S)",
    re.IGNORECASE,
)
# Where a label may end: before a clause, or a phrase that only says where, when or how.
_CLAUSE = re.compile(
    r"[,;:()“”\"]|\s(?:that|which|who|whose|where|when|because|while|if|unless|after|before|since|until)\s"
    r"|(?<=\S)\sas\s(?=\S+\s+(?:\S+\s+){4})"
)
_PHRASE = re.compile(
    r"(?<!close)(?<!access)(?<!next)(?<!due)"
    r"\s(?=(?:in|on|at|by|with|from|for|to|over|under|against|between|through|across|than|such as)\s)"
)
# A second thing, once a phrase has begun: "taxes on the rich and spending". Two names belong together.
_SECOND = re.compile(r"(?<=[a-z])\s(?=(?:and|or)\s)")
_DANGLING = re.compile(
    r"\s+(?:and|or|of|for|to|in|on|at|by|with|from|the|a|an|its|his|her|their|over|under|between|against|as|that|is|are"
    r"|be|not|would|will|than|such|all)$",
    re.IGNORECASE,
)
_EDGES = " ,.;:\"“”'’—–-"
LONGEST, MOST = 8, 12  # words; the second where no phrase ends before
_LEAST = 2


def issue_label(target: str) -> str:
    """Return a short label for what a stance is about, in the target's own words.

    Leading function words go, and so does a noun that only says that something is wanted ("American proposals for
    anti-missile bases": "anti-missile bases"). Of more than eight words, what follows the last phrase that fits is left
    out, never half of a phrase: where none fits, a label has up to twelve.
    """
    whole = " ".join(target.split())
    label = _bare(whole)
    wanted = _WANTED.match(label)
    if wanted is not None:
        label = _bare(label[wanted.end() :])
    clause = _CLAUSE.search(label)
    if clause is not None and len(label[: clause.start()].split()) >= _LEAST:
        label = label[: clause.start()]
    if len(label.split()) > LONGEST:
        label = _shortened(label)
    while (shorter := _DANGLING.sub("", label)) != label:
        label = shorter
    return label.strip(_EDGES) or whole


def _shortened(label: str) -> str:
    """Return a label of many words without what follows the last phrase that fits."""
    phrases = [label[: m.start()] for m in _PHRASE.finditer(label)]
    whole = [p for p in phrases if len(p.split()) >= _LEAST]
    if whole:
        whole += [label[: m.start()] for m in _SECOND.finditer(label, len(whole[0]))]
    fits = [p for p in whole if len(p.split()) <= LONGEST]
    if fits:
        return max(fits, key=len)
    near = [p for p in (*whole, label) if len(p.split()) <= MOST]
    return min(near, key=len) if near else " ".join(label.split()[:LONGEST])


def _bare(label: str) -> str:
    while (shorter := _LABEL_START.sub("", label)) != label and shorter:
        label = shorter
    return label
