"""Words and punctuation marks, with the words that a column broke joined again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.span import Span
from app.text.characters import APOSTROPHE, HYPHEN, LETTER, LINE_END, MARKS, SOFT_HYPHEN
from app.text.lexicon import word_set

_UNIT = rf"(?:{LETTER}|[{MARKS}])"
_CLITIC = rf"{APOSTROPHE}[sS](?!{_UNIT})"
_WORD = (
    rf"{LETTER}(?:"
    rf"{_UNIT}"
    rf"|{SOFT_HYPHEN}+(?={LETTER})"
    rf"|{HYPHEN}(?={LETTER})"
    rf"|(?!{_CLITIC}){APOSTROPHE}(?={LETTER})"
    r"|[.,](?<=\d[.,])(?=\d)"
    r"|\.(?=[a-z])"
    rf")*+"
)
_ACRONYM = rf"(?:[^\W\d_]\.)+[^\W\d_](?!{_UNIT})\.?(?:{HYPHEN}{_WORD})?"
_SYMBOL = rf"[\U0001f1e6-\U0001f1ff]{{2}}|[^\w\s](?:[{MARKS}\U0001f3fb-\U0001f3ff]|(?<=\u200d)[^\w\s])*"
_FORMAT = "[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
_TOKEN = re.compile(
    rf"(?P<word>{_ACRONYM}|{_WORD})"
    rf"|(?P<mark>(?<=[^\W]){_CLITIC}|(?<=[.{MARKS}]){_CLITIC}"
    rf"|(?!{_FORMAT})(?:{_SYMBOL})|_)",
)
_BREAK = re.compile(
    rf"(?:{HYPHEN}|{SOFT_HYPHEN})(?P<gap>[ \t\xa0]{{0,3}}{LINE_END}[ \t\xa0]{{0,40}}|[ \xa0])(?={LETTER})",
)
_NEXT_WORD = re.compile(rf"{LETTER}{_UNIT}*")
_IN_WORD = re.compile(rf"(?P<hyphen>{HYPHEN})[ \t\xa0]*{LINE_END}[ \t\xa0]*(?=(?P<next>\w))|{SOFT_HYPHEN}\s*|\s+")

# A hyphen that hangs before one of these is a suspended one ("two- and three-year") or a dash ("over- which").
_NOT_JOINED = word_set(
    "and or to nor but as than through versus vs y und et a an the he she it they we i you in on at of for with by "
    "from that which who whose this these is are was were be been has have had not if so then while when where",
)
# Prefixes that a column may part from a name: "anti- American".
_BEFORE_NAMES = word_set(
    "anti non pre post pro ex co inter trans mid neo pan un sub semi all self counter cross afro anglo euro franco "
    "sino indo russo al el",
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark: where it stands, and its form for matching.

    ``form`` differs from the text only where a column break left a soft hyphenation:
    "co- located" is one token whose form is "co-located".
    """

    span: Span
    form: str


def find_tokens(text: str, paragraphs: Sequence[Span]) -> tuple[Token, ...]:
    """Return the words and punctuation marks of the paragraphs, in order.

    Shape: a word holds letters, digits, combining marks and inner apostrophes, hyphens and stops ("O'Brien",
    "co-operate", "U.S.", "1,200.5"); a possessive 's is a token of its own; a mark is one character, or one emoji.
    A word that a column broke ("co- locate", "inter-" at a line's end, U+00AD) is one token, whose form lacks the
    break. Characters that only format (direction marks, zero-width spaces) are in no token.
    Time is linear in the text.
    """
    return tuple(token for paragraph in paragraphs for token in _tokens_of(text, paragraph))


def mended(words: str) -> str:
    """Return ``words`` for matching: those that a column broke are whole again, all else is as it stands."""
    if not words or (_BREAK.search(words) is None and SOFT_HYPHEN not in words):
        return words
    parts: list[str] = []
    position = 0
    for token in find_tokens(words, (Span(0, len(words)),)):
        parts += (words[position : token.span.start], token.form)
        position = token.span.end
    return "".join((*parts, words[position:]))


def _tokens_of(text: str, paragraph: Span) -> Iterator[Token]:
    breaks = {m.start(): m.end() for m in _BREAK.finditer(text, paragraph.start, paragraph.end)}
    position = paragraph.start
    while (match := _TOKEN.search(text, position, paragraph.end)) is not None:
        start, position = match.span()
        if match["word"]:
            while (resumed := breaks.get(position)) and _joins(text, start, position, resumed):
                following = _TOKEN.match(text, resumed, paragraph.end)
                if following is None:  # pragma: no cover - a break is followed by a letter, which opens a word
                    break
                position = following.end()
        yield Token(Span(start, position), _form(text[start:position]))


def _joins(text: str, start: int, hyphen: int, resumed: int) -> bool:
    """Say whether the word that a break cut at ``hyphen`` goes on at ``resumed``."""
    following = _NEXT_WORD.match(text, resumed, resumed + 40)
    word = following[0] if following else ""
    if text[hyphen] == SOFT_HYPHEN:
        return True
    if word.lower() in _NOT_JOINED:
        return False
    if word[0].islower():
        return True
    return text[start:hyphen].lower() in _BEFORE_NAMES


def _form(word: str) -> str:
    """Return a token's words without the breaks that a column left in them."""
    if not word.isalnum() and (SOFT_HYPHEN in word or any(c.isspace() for c in word)):
        return _IN_WORD.sub(_mended, word)
    return word


def _mended(match: re.Match[str]) -> str:
    """Return what stays of one break: the hyphen of "Jean-" at a line's end, but not that of "inter-"."""
    return (match["hyphen"] or "") if match["next"] and not match["next"].islower() else ""
