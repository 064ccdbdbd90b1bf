"""Where and when a story was filed: the words before the dash that opens its first paragraph."""

from __future__ import annotations

import re

from app.domain.span import Span
from app.text.lexicon import AGENCIES, MONTHS, WEEKDAYS, word_set

_WINDOW = 160
_MAX_LINE = 80
_MIN_LETTERS = 3
_MIN_COLON = 110
_MONTH = "(?:" + "|".join(MONTHS) + ")"
_DAY = "(?:" + "|".join(w + "|" + w.upper() for w in WEEKDAYS) + ")"
_DATE = (
    rf"(?:(?:{_MONTH}|{_MONTH.upper()})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH}|{_MONTH.upper()})\.?(?:,?\s+\d{{4}})?|{_DAY})"
)
_NAME = r"[^\W\d_](?:[^\W\d_]|['\u2019.-]){0,30}"
_PLACE = rf"{_NAME}(?:(?:\s?/\s?|\s(?:and\s)?){_NAME}){{0,6}}"
_AGENCY = rf"(?:\([^()\n]{{2,60}}\)|[|/]\s?{AGENCIES})"
_DASH = r"(?:\s*[\u2012\u2013\u2014\u2015]|\s*--|\s+-(?=\s)|:(?=\s))"
_HEAD = (
    rf"(?P<place>{_PLACE})(?:,\s(?!{_DAY}\b){_PLACE}){{0,2}}"
    rf"(?:,?\s(?P<date>{_DATE}))?(?:,?\s?(?P<agency>{_AGENCY}))?(?:,?\s(?P<later>{_DATE}))?"
)
_DATELINE = re.compile(rf"(?:{_HEAD})(?P<dash>{_DASH})(?=\s*\S)")
_AGENCY_ALONE = re.compile(rf"\((?:{AGENCIES}|[A-Z]{{2,6}})\)(?P<dash>{_DASH})(?=\s*\S)")
_LINE_ALONE = re.compile(rf"(?:{_HEAD})(?P<dash>{_DASH}?)\s*")
_DATE_LINE = re.compile(
    rf"(?:(?:Published|Updated|Posted|Last updated|PUBLISHED|UPDATED|Date)\b\s*:?\s*(?:at\s|on\s)?.{{0,60}}"
    rf"|(?:{_DAY},?\s+)?{_DATE}(?:[,\s]+\d{{4}})?(?:[,\s|-]+(?:at\s)?\d{{1,2}}[:.]\d{{2}}.{{0,20}})?"
    r"|\d{4}-\d{2}-\d{2}.{0,30}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}.{0,30})",
)
_LABEL = re.compile(r"[^\W\d_a-z][^\Wa-z]*(?:[ .'\u2019-]{1,2}[^\W_a-z]+){0,4}\s?:")
_CONNECTIVES = word_set("and de del di da do dos la le les el al of the upon on sur an der den am und")
_NOT_PLACES = word_set(
    "update updated breaking exclusive watch note correction clarification opinion analysis report reports poll live "
    "video photos photo listen read developing alert flash urgent fact file factbox explainer timeline review "
    "transcript question answer editorial comment commentary first look brief briefs sports weather headline headlines "
    "abstract summary synopsis background profile interview obituary warning editor's editors editor\u2019s",
)


def find_dateline(text: str, paragraph: Span, following: str = "") -> Span | None:
    """Return the dateline that opens ``paragraph``, from the place to the dash, or None.

    ``following`` is the start of the next paragraph: where that opens with a label in capitals too, the text is a
    transcript and its labels are speakers. Capitals and a colon over a short line are a headline's ("WATCH: ...").
    """
    end = min(paragraph.end, paragraph.start + _WINDOW)
    agency = _AGENCY_ALONE.match(text, paragraph.start, end)
    if agency is not None:
        return Span(paragraph.start, agency.end("dash"))
    match = _DATELINE.match(text, paragraph.start, end)
    if match is None or not _is_place(match):
        return None
    colon = match["dash"] == ":"
    plain = not (match["date"] or match["agency"] or match["later"])
    if plain and not _in_capitals(match["place"]):
        return None
    rest = text[match.end() : paragraph.end].lstrip()
    labels = _LABEL.match(following) or _LABEL.match(rest) or len(paragraph) < _MIN_COLON
    if plain and (rest.split(maxsplit=1)[0].islower() or (colon and labels)):
        return None
    return Span(paragraph.start, match.end("dash"))


def is_dateline_alone(words: str) -> bool:
    """Say whether a whole line is a dateline, with or without its dash."""
    match = _LINE_ALONE.fullmatch(words) if len(words) <= _MAX_LINE else None
    if match is None or not _is_place(match):
        return False
    if match["date"] or match["agency"] or match["later"]:
        return bool(match["dash"]) or _in_capitals(match["place"])
    return _in_capitals(match["place"]) and bool(match["dash"])


def is_date_line(words: str) -> bool:
    """Say whether a line says only when the story was published."""
    return len(words) <= _MAX_LINE and _DATE_LINE.fullmatch(words) is not None


def _in_capitals(place: str) -> bool:
    """Say whether a place is set in capitals, as wires do, and is more than a label."""
    letters = sum(c.isalpha() for c in place)
    return letters >= _MIN_LETTERS and all(w.isupper() or w.startswith("Mc") for w in _names_of(place))


def _is_place(match: re.Match[str]) -> bool:
    """Say whether the words before the dash can be a place: names, joined by small words, none of them a label."""
    names = _names_of(match["place"])
    ends_in_name = match["place"].rsplit(maxsplit=1)[-1] not in _CONNECTIVES
    return ends_in_name and not any(w[0].islower() or w.lower() in _NOT_PLACES for w in names)


def _names_of(place: str) -> list[str]:
    """Return the words of a place without the small words between its names."""
    return [w for w in re.split(r"[\s/]+", place) if w not in _CONNECTIVES]
