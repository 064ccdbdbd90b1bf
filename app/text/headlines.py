"""What tells a headline and a section line from the first paragraph of a story.

Accuracy: the first line is found as the headline in 827 of 840 stories of PolNeAR train, on which the
weights below were set, and in 84 of 84 of dev; all 40 world stories of the development set come out right (2 with a
headline, 38 without). With the headline cut off, a first sentence of the body passes for one in 15 (by eye) of the 480
PolNeAR train stories whose publishers set no deck.
"""

from __future__ import annotations

import re

from app.domain.span import Span
from app.text.characters import CLOSERS
from app.text.lexicon import SECTIONS, SPEECH, WEEKDAYS, word_set
from app.text.sentences import find_sentences

_MAX_LENGTH = 200
_MAX_SENTENCES = 3
_MAX_SECTION = 40
_MAX_SECTION_WORDS = 6
_MAX_LABEL_WORDS = 3
_TITLE_CASE = 0.75
_MIN_CAPITALISED = 3
_LONG_WORD = 4
_WORD = re.compile(r"[^\W\d_](?:[\w'\u2019-]|\.(?=\w))*")
_BULLET = re.compile(r"[*\u2022\u25cf\u25aa\u2023-]\s")
_ABBREVIATED_END = re.compile(r"(?:[^\W\d_]\.){2,}\Z|\b(?:Jr|Sr|Inc|Corp|Co|Ltd|vs)\.\Z")
_STOPS = ".!?\u2026"
_OPEN_ENDS = ",:-\u2013\u2014"
_COLON_LEAD = re.compile(r"[^\W\d_a-z][\w.'\u2019 -]{1,40}:\s")
_DOUBLE_QUOTE = re.compile('["\u201c\u201d]')
_TITLE_BEFORE_NAME = re.compile(r"\b(?:Sen|Rep|Gov|Gen|Lt|Mr|Mrs|Ms|Dr)\.? [^\W\d_a-z]|\([A-Z-]{2,}\)|\([RD]-\w")
_WEEKDAYS = frozenset(w.lower() for w in WEEKDAYS)
_PAST = word_set("was were had been did became began yesterday")
_TOLD = word_set("said told")
_COPULAS = word_set(
    "is are has have isn't aren't hasn't haven't isn\u2019t aren\u2019t hasn\u2019t haven\u2019t",
)
_OPENINGS = word_set("the a an in on at for since while although when some many")
_PRONOUNS = word_set("it he she they we i this that there these those it's it\u2019s here's here\u2019s")
_ARTICLES = word_set("the a an")
_SUBORDINATES = word_set("that which who whose whom")


def is_headline(words: str, following: str) -> bool:
    """Say whether a line above ``following`` is a headline rather than a paragraph.

    A line without a final stop is one unless it is long or speaks as a paragraph does; a line with a final stop is
    one when it is set in title case, or is as terse as headlines are.
    """
    length = len(words)
    bare = words.rstrip(CLOSERS + ";").rstrip()
    if length > _MAX_LENGTH or not bare or bare[-1] in _OPEN_ENDS or _BULLET.match(words):
        return False
    terms = [m[0] for m in _WORD.finditer(words)]
    if not terms or len(find_sentences(words, Span(0, length))) > _MAX_SENTENCES:
        return False
    return _terseness(words, [t.lower() for t in terms], following) + _final_mark(bare) + _case(terms) > 0


def _final_mark(bare: str) -> float:
    """Return how much the end of a line speaks for a headline."""
    if bare[-1] not in _STOPS or _ABBREVIATED_END.search(bare):
        return 3
    return 0 if bare[-1] == "." else 1.5


def _case(terms: list[str]) -> float:
    """Return how much the capital letters of a line speak for a headline."""
    long_terms = [t for t in terms[1:] if len(t) >= _LONG_WORD]
    capitals = sum(t[0].isupper() for t in long_terms)
    if capitals >= _MIN_CAPITALISED and capitals >= _TITLE_CASE * len(long_terms):
        return 4
    return 0


def _terseness(words: str, terms: list[str], following: str) -> float:
    """Return how much the length and the words of a line speak for a headline; below 0, for a paragraph."""
    length = len(words)
    score = 2.5 - max(0, length - 60) / 20
    if len(following) > 2 * length or len(following.split()) <= _MAX_LABEL_WORDS:
        score += 0.5
    if _COLON_LEAD.match(words):
        score += 2
    if _DOUBLE_QUOTE.search(words) and any(t in SPEECH for t in terms):
        score -= 3
    if _TITLE_BEFORE_NAME.search(words):
        score -= 1
    score -= 2 * any(t in _WEEKDAYS for t in terms)
    score -= 1.5 * any(t in _PAST for t in terms)
    score -= 3 * any(t in _TOLD for t in terms)
    score -= 0.75 * any(t in _COPULAS for t in terms)
    score -= 1 * (terms[0] in _OPENINGS) + 3 * (terms[0] in _PRONOUNS)
    score -= 0.75 * min(3, sum(t in _ARTICLES for t in terms[1:]))
    score -= 0.75 * any(t in _SUBORDINATES for t in terms)
    return score


def is_section(words: str, headline: str | None) -> bool:
    """Say whether a line is a section's name above ``headline``: shorter, of few words, without a stop."""
    parts = words.lower().replace("/", " ").replace("|", " ").replace(">", " ").replace(",", " ").split()
    if len(words) > _MAX_SECTION or not 0 < len(parts) <= _MAX_SECTION_WORDS or words[-1] in _STOPS:
        return False
    if all(p in SECTIONS for p in parts):
        return headline is None or len(words) < len(headline)
    if headline is None or len(parts) > _MAX_LABEL_WORDS or 2 * len(words) > len(headline):
        return False
    if words.isupper():
        return not headline.isupper()
    return words.istitle() and _case(_WORD.findall(headline)) > 0
