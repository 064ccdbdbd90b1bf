"""Where titles begin and end: what stands around one taken off, several told apart, known ones beside names found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest

from app.annotate.lexicons.titles import known_heads, known_titles
from app.annotate.phrases import is_plural
from app.annotate.titles import WORDS, normal_title, title_head
from app.domain.span import Span

_LEADING = re.compile(
    r"(?:former|formerly|ex|late|retired|incoming|acting|interim|caretaker|outgoing|new|newly elected|the|a|an|its|his"
    r"|her|their|our|current|then|longtime|veteran|fellow|top|senior)[\s-]+",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"(?:\s+(?:of|for|the|at|in|on|to|and|a|an|named|&))+$|[^\w.]+$", re.IGNORECASE)
PORTFOLIO_HEADS = frozenset({"minister", "secretary", "commissioner"})
# An abbreviation whose stop was left outside.
_CUT_SHORT = re.compile(
    r"(?:Lt\.? )?(?:Sens?|Reps?|Govs?|Gen|Col|Capt|Maj|Sgt|Adm|Rev|Prof|Supt|Cmdr|Cpl|Det|Atty|Amb|Lt|Brig)\."
)
# Legislators of a state, whose title begins with what they are of: "State Sen.".
_STATE_BEFORE = re.compile(r"\b[Ss]tate $")
_LEGISLATOR = re.compile(r"(?:Sens?|[Ss]enators?|Reps?|[Rr]epresentatives?|[Ll]egislators?|[Ll]awmakers?)\b")
# Chiefs of a force, which the reader may have read as the end of a body's name: "Oakfield Police Chief".
_FORCE_BEFORE = re.compile(r"\b(?:[Pp]olice|[Ff]ire) $")
_CHIEF = re.compile(r"[Cc]hiefs?\b")
# A rank of the police in its several words, of which the reader may have read one: "Det Insp", "Chief Supt.".
_RANK = re.compile(
    r"\b(?:(?:Det|Detective|Ch|Chief)\.?[ \xa0])*(?:Insp|Inspector|Supt|Superintendent|Sgt|Sergeant|Constable)\b\.?"
    r"(?=[ \xa0][A-Z])"
)
_LONGEST_RANK = 40
_WORD_BEFORE = re.compile(r"(?<![\w'’])([A-Za-z]+)(?: and| &|,)? $")
_NEXT_WORD = re.compile(r" ([a-z]+)\b", re.IGNORECASE)
_FURTHER = re.compile(r"\s(?:of|in|for|to)\s(?:the\s)?[A-Za-z]+(?:\s[A-Za-z]+)?(?:\s[A-Za-z]+)?")
_PREPOSITION = re.compile(r"\s(?:of|for|in|to)\s")
_SEEKERS = frozenset({"nominee", "candidate", "contender"})
_SOUGHT = re.compile(r"\sfor\s(?:the\s)?([A-Za-z]+(?:\spresident|\sminister)?)")
_AND = re.compile(r"\s+(?:and|&)\s+|\s*[,/]\s*(?:and\s+)?")
# What stands before a name and is an address rather than a post.
_ADDRESSES = frozenset(
    "doctor sir lady lord reverend mister sheikh prince princess imam pastor colonel general captain lieutenant major"
    " sergeant corporal brigadier admiral father brother sister saint mullah baron baroness".split()
)
# Nouns that tell of kinship or of a state that somebody is in: none is a post, a role or a job.
_NO_POSTS = frozenset(
    "father mother son daughter brother sister wife husband widow widower uncle aunt cousin nephew niece grandfather"
    " grandmother friend neighbor resident tenant native citizen victim suspect survivor supporter fan hero idol rival"
    " counterpart graduate veteran arsonist murderer killer defendant plaintiff witness person man woman".split()
)
_FIELDED = frozenset({"star", "seal"})  # a role only with what of: "film star", "Navy SEAL"
# Endings that make a noun one of a trade.
_TRADE = re.compile(
    r"\w{3,}(?:ologist|ician|grapher|maker|keeper|smith|wright|monger|worker)"
    r"|(?!terror|rac|tour|extrem|commun|social|national|femin|islam|fasc|sex|lef?t|right|popul)\w{3,}ist"
)
_LONGEST = 5  # words of a known title
REACH = 80  # code points between a title that only the lexicon knows and its name
_GAP = r"[ \xa0]"
_OPENING = rf"(?P<opening>\b(?:the|a|an|its|his|her|their|our){_GAP}|['’]s?{_GAP}|^)"
_PHRASE = rf"(?P<phrase>(?:[^\W\d_][\w.’'&-]*+{_GAP}){{0,5}}[^\W\d_][\w.’'-]*+)"
_BEFORE_NAME = re.compile(rf"(?:{_OPENING})?{_PHRASE}(?(opening),?){_GAP}$", re.IGNORECASE)
_AFTER_NAME = re.compile(
    rf"(?:{_GAP}\([^()\n]{{1,30}}\))?,{_GAP}(?:\d{{1,3}},{_GAP})?(?:the|a|an|its|their|his|her|[\w.]+['’]s?){_GAP}{_PHRASE}",
    re.IGNORECASE,
)
# A form of address right after another post: "law expert Professor", "Minister of Education Dr".
_ADDRESS_LAST = re.compile(
    rf"(?<! to)(?<! for)(?<! of)(?<! the)(?<!\bLt)(?<!\bLt\.)(?<!\bLieutenant){_GAP}"
    rf"(?:(?P<post>Professor|Prof\.?|Sen\.|Rep\.|Gov\.)|Dr\.?|(?:(?:Lt|Maj|Brig|Col|Gen|Capt|Adm)\.?{_GAP}?)+"
    rf"|(?:Major|Brigadier|Lieutenant){_GAP}(?:General|Colonel))$"
)
_HYPHEN_BEFORE = re.compile(r"\w+-$")
_HYPHEN_AFTER = re.compile(r"-\w+")
_PART = re.compile(r"[^\W\d_][\w.’'&-]*")


def trimmed(span: Span, text: str) -> Span | None:
    """Return a title without what stands around it, with what belongs to it; None when nothing is left."""
    start, end = _whole_words(span, text)
    while (match := _LEADING.match(text, start, end)) is not None and match.end() < end:
        start = match.end()
    while (match := _TRAILING.search(text, start, end)) is not None:
        end = match.start()
    if end <= start:
        return None
    if _is_stopped(text[start:end]):
        end -= 1
    elif _CUT_SHORT.fullmatch(text, start, end + 1):
        end += 1
    chamber = _STATE_BEFORE.search(text, max(0, start - len("State ")), start)
    if chamber is not None and _LEGISLATOR.match(text, start, end):
        start = chamber.start()
    force = _FORCE_BEFORE.search(text, max(0, start - len("Police ")), start)
    if force is not None and _CHIEF.match(text, start, end):
        start = force.start()
    following = _NEXT_WORD.match(text, end)
    if (
        following is not None
        and following[1].casefold() in known_heads()
        and title_head(text[start:end]) not in known_heads()
    ):
        end = following.end()
    start, end = _with_rank(start, _at_last_head(start, end, text), text)
    start = _with_portfolio(start, end, text)
    return Span(start, _with_further(start, end, text))


def _with_rank(start: int, end: int, text: str) -> tuple[int, int]:
    """Return where the whole rank begins and ends of which a title is a part, else the title's own."""
    for match in _RANK.finditer(text, max(0, start - _LONGEST_RANK), end + _LONGEST_RANK):
        if match.start() <= start < end <= match.end():
            return match.span()
    return start, end


def _rank_before(name: Span, text: str) -> Span | None:
    """Return the rank of the police right before a name, where it is more than a form of address."""
    for match in _RANK.finditer(text, max(0, name.start - _LONGEST_RANK), name.start + 1):
        if match.end() + 1 == name.start and normal_title(match.group()) not in _ADDRESSES:
            return Span(*match.span())
    return None


def _at_last_head(start: int, end: int, text: str) -> int:
    """Return where the last noun that heads titles ends, for a stretch that goes on after it: "lawyer leading"."""
    if is_titled(text[start:end]):
        return end
    stops = [m.end() for m in _PART.finditer(text, start, end)]
    return next((stop for stop in reversed(stops[:-1]) if is_titled(text[start:stop])), end)


def _is_stopped(title: str) -> bool:
    """Say whether the stop at the end of ``title`` is the sentence's, not an abbreviation's."""
    return title.endswith(".") and title.rsplit(maxsplit=1)[-1].casefold().strip(".") not in WORDS


def _whole_words(span: Span, text: str) -> tuple[int, int]:
    """Return a stretch widened to the words that a hyphen joins: "front" in "front-runner"."""
    start, end = span.start, span.end
    while (before := _HYPHEN_BEFORE.search(text, max(0, start - 24), start)) is not None:
        start = before.start()
    while (after := _HYPHEN_AFTER.match(text, end)) is not None:
        end = after.end()
    return start, end


def parted(span: Span, text: str) -> tuple[Span, ...]:
    """Return the titles that one stretch names: "founder and CEO" is two, "minister of labour and employment" one."""
    address = _ADDRESS_LAST.search(text, span.start, span.end)
    if address is not None and is_titled(text[span.start : address.start()]):
        posts = parted(Span(span.start, address.start()), text)
        return (*posts, Span(*address.span("post"))) if address["post"] else posts
    cuts = [m.span() for m in _AND.finditer(text, span.start, span.end)]
    if not cuts:
        return (span,)
    starts = [span.start, *(b for _, b in cuts)]
    ends = [*(a for a, _ in cuts), span.end]
    parts = [Span(a, b) for a, b in zip(starts, ends, strict=True) if b > a]
    return tuple(parts) if all(title_head(p.of(text)).removeprefix("co-") in known_heads() for p in parts) else (span,)


def titles_beside(names: Sequence[Span], text: str) -> Iterator[Span]:
    """Yield the known titles beside names: "running mate Martha Karua", "Denzil Roskilly, the vicar of St. Piran's"."""
    for name in names:
        rank = _rank_before(name, text)
        if rank is not None:
            yield rank
        before = None if rank is not None else _BEFORE_NAME.search(text, max(0, name.start - REACH), name.start)
        if before is not None:
            span = Span(*before.span("phrase"))
            known = _known_at_end(span, text)
            # Without an article or a possessive, only a title that is known as a whole; with one, only of one person.
            sure = known is not None and (
                not is_plural(known.of(text).split()[-1].casefold())
                if before["opening"]
                else normal_title(known.of(text)) in known_titles()
            )
            if known is not None and sure:
                yield Span(*_with_rank(known.start, known.end, text))
        after = _AFTER_NAME.match(text, name.end, name.end + REACH)
        if after is not None and (known := _known_inside(Span(*after.span("phrase")), text)) is not None:
            yield known


def _known_at_end(phrase: Span, text: str) -> Span | None:
    """Return the longest known title that ends a phrase, or the noun that heads titles at its end."""
    starts = [m.start() for m in _PART.finditer(text, phrase.start, phrase.end)][-_LONGEST:]
    for start in starts:
        said = text[start : phrase.end]
        normal = normal_title(said)
        # A country at its head is no part of a title, and is gone from the normal form.
        whole = len(normal.split()) >= len(said.split())
        if whole and normal in known_titles() and not _is_stopped(said) and _is_post(said):
            return Span(start, phrase.end)
    last = text[starts[-1] : phrase.end]
    return Span(starts[-1], phrase.end) if not _is_stopped(last) and is_titled(last) and _is_post(last) else None


def _known_inside(phrase: Span, text: str) -> Span | None:
    """Return the first known title in a phrase: its head is the first noun that heads titles and no longer one does."""
    ends = [m.end() for m in _PART.finditer(text, phrase.start, phrase.end) if m[0].islower()]
    for end, following in zip_longest(ends, ends[1:]):
        found = _known_at_end(Span(phrase.start, end), text)
        if found is not None and (following is None or _known_at_end(Span(phrase.start, following), text) is None):
            return found
    return None


def _is_post(title: str) -> bool:
    """Say whether a title is one of a post, and not a mere form of address."""
    return title_head(title) not in _ADDRESSES or normal_title(title) != title_head(title)


def is_titled(title: str) -> bool:
    """Say whether a noun that heads titles heads this one, and not one of kinship or state."""
    head = title_head(title).removeprefix("co-")
    if head in _FIELDED:
        return normal_title(title) != head
    return (head in known_heads() or _TRADE.fullmatch(head) is not None) and head not in _NO_POSTS


def _with_further(start: int, end: int, text: str) -> int:
    """Return where a title ends when it goes on as a known one: "secretary" in "secretary of state"."""
    if title_head(text[start:end]) in _SEEKERS and (sought := _SOUGHT.match(text, end)) is not None:
        return sought.end() if normal_title(sought[1]) in known_titles() else end
    inside = _PREPOSITION.search(text, start, end)
    base = end if inside is None else inside.start()
    starts = [start, *(m.start() for m in _PART.finditer(text, start, base) if m.start() > start)]
    match = _FURTHER.match(text, base)
    while match is not None and match.end() > end:
        stop = match.end()
        if any(_is_further(at, base, stop, text) for at in starts):
            return stop
        shorter = text.rfind(" ", base + 1, stop)
        match = _FURTHER.match(text, base, shorter) if shorter > base else None
    return end


def _is_further(start: int, base: int, stop: int, text: str) -> bool:
    """Say whether a title that goes on to ``stop`` is known, and another than that which ends at ``base``."""
    longer = normal_title(text[start:stop])
    return longer in known_titles() and longer != normal_title(text[start:base])


def _with_portfolio(start: int, end: int, text: str) -> int:
    """Return where a title begins when the words that say of what stand before it: "armed forces minister"."""
    head = text[start:end].rsplit(maxsplit=1)[-1]
    if head.casefold() not in PORTFOLIO_HEADS:
        return start
    while (word := _WORD_BEFORE.search(text, max(0, start - 24), start)) is not None:
        if word[1].casefold() not in _portfolio_words() or word[1][0].isupper() != head[0].isupper():
            break
        start = word.start(1)
    return start


@cache
def _portfolio_words() -> frozenset[str]:
    ends = tuple(f" {head}" for head in PORTFOLIO_HEADS)
    known = frozenset(w for t in known_titles() if t.endswith(ends) for w in t.split()[:-1])
    return known | {"armed", "forces", "defence"}
