"""Labels of what stances are about: the target's own words, as short as they may be and still whole.

Source: rules of English news style, written for the project; licence as the project.
"""

from __future__ import annotations

import re

_LABEL_START = re.compile(
    r"^(?:that|to|the|a|an|any|this|these|those|its|his|her|their|our|of|for|with|from|in|on|by|what|how|whether)\s+",
    re.IGNORECASE,
)
# What opens a clause and is no part of what it is about: "in the past, we", "unfortunately, the".
_ASIDE = re.compile(
    r"^(?:(?:in|at|on|during|since|after|before|under|to date)\b[^,;:]{0,30}|\w+ly|and|but|so|yet|well|yes|no|now|today"
    r"|then|indeed|however|moreover|also|instead|here),\s+"
    r"(?=(?:an?|the|i|you|he|she|it|we|they|there|this|that|these|those|my|our|your|his|her|its|their|no)\s)",
    re.IGNORECASE,
)
# A pronoun with what it brings about another's words: "it, arguing that the ban would hurt" is about the ban.
_ARGUED = re.compile(
    r"^(?:it|this|that|him|her|them|he|she|they|these|those),\s+\w+ing\s+(?:that\s+)?(?=\S+\s+\S)", re.IGNORECASE
)
_WHO = r"(?:i|you|he|she|it|we|they|who|this|that|there)"
# Who does something, where only a pronoun says so, and the verb that helps: "he will", "she should not", "him to".
_DOER = re.compile(
    rf"^(?:{_WHO}\s+(?:will|would|should|must|can|cannot|could|may|might|shall|won['’]t|wouldn['’]t|shouldn['’]t|can['’]t"
    r"|couldn['’]t|mustn['’]t|(?:ha(?:s|ve|d)|needs?|wants?|ought)\s+to)"
    rf"|{_WHO}['’](?:ll|d)|(?:him|her|them|us|me|you|it)\s+(?:not\s+)?to"
    rf"|(?:{_WHO}\s+(?:is|are|was|were|am)|{_WHO}['’](?:s|re|m))(?=\s+(?:not\s+)?(?:\w{{3,}}ing|an?|the|no)\b)"
    r"|there\s+(?:has|have|had|should|must|will|would|can|could)\s+be(?:en)?)\s+"
    r"(?:(?:not|never|also|still|only|now|just|definitely|be)\s+)*(?=\S+\s+\S)",
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
    r"[,;:]|\s[(–—-](?=\s|\w)|(?<=[a-z]{4})[.!?][’']?\s"
    r"|\s(?:that|which|who|whose|where|when|because|while|if|unless|after|before|since|until)\s"
    r"|(?<=\S)\sas\s(?=\S+\s+(?:\S+\s+){4})"
)
_PHRASE = re.compile(
    r"(?<!close)(?<!access)(?<!next)(?<!due)"
    r"\s(?=(?:in|on|at|by|with|from|for|to|over|under|against|between|through|across|than|such as)\s)"
)
# What tells more of one word before a comma, where no list goes on: "referee, Anneke Vos, who", "meeting, held in".
_TOLD = re.compile(
    r"[\w’'-]+,\s+(?:(?:who|which|whose|whom|where|an?|the|his|her|its|their|as|including|such)\s"
    r"|(?:\w+ing|\w*ed|held)(?:\s+(?:by|in|on|at|for|from|to|with|as|that)\s|$))"
    r"|[a-z][\w’'-]*,\s+[A-Z]"
)
_SHORT = 5  # words of a label that a comma parts and that may stay whole: "one country, two systems"
# A second thing, once a phrase has begun: "taxes on the rich and spending". Two names belong together.
_SECOND = re.compile(r"(?<=[a-z])\s(?=(?:and|or)\s)")
_DANGLING = re.compile(
    r"\s+(?:and|or|of|for|to|in|on|at|by|with|from|the|a|an|its|his|her|their|over|under|between|against|as|that|is|are"
    r"|be|not|would|will|than|such|all)$",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[“”\"]|\s\([^()]*\)")
_EDGES = " ,.;:\"“”‘'’—–-"
LONGEST, MOST = 8, 12  # words; the second where no phrase ends before
_LEAST = 2


def issue_label(target: str) -> str:
    """Return a short label for what a stance is about, in the target's own words.

    Leading function words go, asides, a pronoun that does it ("he will cut the toll": "cut the toll"), quotation marks,
    brackets, and a noun that only says that something is wanted ("American proposals for anti-missile bases":
    "anti-missile bases"). A label ends before a clause and before a description in commas. Of more than eight
    words, what follows the last phrase that fits is left out, never half of a phrase: where none fits, a label has up
    to twelve.
    """
    whole = " ".join(target.split())
    label = _bare(_MARKS.sub("", whole))
    wanted = _WANTED.match(label)
    if wanted is not None:
        label = _bare(label[wanted.end() :])
    clause = next((c for c in _CLAUSE.finditer(label) if _ends_before(label, c)), None)
    if clause is not None:
        label = label[: clause.start()].rstrip()
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


def _ends_before(label: str, clause: re.Match[str]) -> bool:
    """Say whether a label may end where a clause begins: after one word only where what follows tells more of it."""
    told = _TOLD.match(label)
    if told is not None and clause[0] == ",":
        return True
    short = clause[0] == "," and len(label.split()) <= _SHORT and label[clause.end() :].lstrip()[:1].islower()
    return not short and len(label[: clause.start()].split()) >= _LEAST


def _bare(label: str) -> str:
    """Return a label without what stands before what it is about: small words, asides, and a pronoun that does it."""
    label = label.strip(_EDGES)
    for opening in (_ASIDE, _ARGUED, _LABEL_START, _DOER, _LABEL_START):
        while (shorter := opening.sub("", label)) != label and shorter:
            label = shorter
    return label
