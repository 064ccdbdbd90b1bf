"""Normal forms of titles, so that the ways news writes one post meet: "minister of defence", "Defense Minister".

Source: rules compiled for the project from general knowledge of English news style, licence as the project; which
titles are known comes from `app.annotate.lexicons.titles`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from app.annotate.lexicons.countries import country_of, fold
from app.annotate.lexicons.titles import known_heads, known_titles


def _table(text: str) -> dict[str, str]:
    entries = (entry.split(" = ") for entry in text.strip().split("|"))
    return {word.strip(): form.strip() for words, form in entries for word in words.split(",")}


# Spelling, forms for one gender, abbreviations. No form holds a word of the table, so that what is rewritten stays so.
WORDS: dict[str, str] = _table("""
defence = defense|offence = offense|licence = license|labour = labor|harbour = harbor|colour = color|honour = honor
|neighbourhood = neighborhood|centre = center|theatre = theater|programme = program|programmes = programs
|councillor, councillors = councilor|counsellor, counsellors = counselor|advisor, advisors = adviser
|jeweller = jeweler|traveller = traveler|modelling = modeling|enrolment = enrollment|archaeologist = archeologist
|gynaecologist = gynecologist|paediatrician = pediatrician|paediatric = pediatric|anaesthetist = anesthetist
|orthopaedic = orthopedic|behavioural = behavioral|organiser, organisers = organizer|amir = emir
|spokesman, spokeswoman, spokesmen, spokeswomen, spokespeople = spokesperson
|chairman, chairwoman, chairperson, chairmen, chairwomen = chair
|congressman, congresswoman, congressperson, congressmen, congresswomen = representative
|businessman, businesswoman, businessmen, businesswomen, businesspeople = businessperson
|policeman, policewoman, policemen = police officer|fireman, firemen = firefighter
|councilman, councilwoman = council member|assemblyman, assemblywoman = assembly member
|committeeman, committeewoman = committee member|actress, actresses = actor|headmistress = headmaster|poetess = poet
|salesman, saleswoman = salesperson|cofounder = co-founder|frontrunner = front runner
|pm = prime minister|vp = vice president|evp = executive vice president|svp = senior vice president
|mp, mps = member of parliament|mep, meps = member of european parliament|da = district attorney
|mla, mlas = member of legislative assembly|ceo, ceos = chief executive officer|cfo = chief financial officer
|coo = chief operating officer|cto = chief technology officer|cio = chief information officer
|rep, reps = representative|sen, sens = senator|gov, govs = governor|pres, prez = president
|gen, gens = general|lt, lieut = lieutenant|maj = major|col = colonel|capt = captain|sgt = sergeant|cpl = corporal
|adm = admiral|cmdr = commander|brig = brigadier|det = detective|ch = chief|insp = inspector|supt = superintendent
|dr, drs = doctor|prof, profs = professor|rev = reverend|amb = ambassador|atty = attorney|asst = assistant
|assoc = associate|dep = deputy|exec = executive|sec, secy = secretary|dir = director|mgr = manager|min = minister
|dpp = director of public prosecutions|dgp = director general of police
|govt = government|natl = national|intl = international|dept = department
""")

# Titles of several words. What one pattern makes, none of them matches.
PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"\b(\w+)isation(s?)\b", r"\1ization\2"),
        (r"\bchief executives?(?! officer)\b", "chief executive officer"),
        (r"^((?:deputy|assistant) )?ag$", r"\1attorney general"),
        (r"\battorney at law\b", "attorney"),
        (r"\bd' affaires\b", "d'affaires"),
        (r"\bunder secretary\b", "undersecretary"),
        (r"\bspeaker of (?:the )?house(?: of representatives)?\b", "house speaker"),
        (r"\bleader of (?:the )?opposition\b", "opposition leader"),
        (r"\bmember of (?:the )?(?:us )?(?:congress|house of representatives)\b", "representative"),
        (r"(?<!white )\b(?:congress|us house|house) (?:member|representative)\b", "representative"),
        (r"\bmember of the parliament\b|\bparliament member\b", "member of parliament"),
        (r"\b(chief|commissioner|director) of (?:the )?police(?= (?:of|for|in|at)\b|$)", r"police \1"),
        (r"\bforeign affairs minister\b", "foreign minister"),
        (r"\bforeign (?:and commonwealth )?(?:and development )?(?:affairs|office) secretary\b", "foreign secretary"),
        (r"\bhome affairs minister\b", "home minister"),
        (r"\bhome (?:affairs|department|office) secretary\b", "home secretary"),
        (r"\binternal affairs minister\b", "interior minister"),
        (r"\bnational defense minister\b", "defense minister"),
        (r"\beconomics minister\b", "economy minister"),
        (r"(?<=\w) of (?:the )?republic$", ""),
        (r"(?<=\w) (?:elect|designate|designee)$", ""),
        (r"^(?:federal|union) (?=.+ minister$)", ""),
    )
)

# Posts whose portfolio may follow them, and the ranks that may stand before them. "Secretary of state" and "minister of
# state" are posts of their own.
_RANK = r"(?P<rank>(?:(?:first deputy|deputy|vice|assistant|associate|junior|shadow|federal|union) )*)"
_PORTFOLIO = r" (?:the )?(?P<portfolio>\S.*?)(?P<rest> (?:in|at|from|to|under|with|on) .+)?$"
_NOT_STATE = r"(?! (?:the )?state(?:$| (?:of|for|in|at|from|to|under|with|on|and)\b))"
_POSTS = (
    re.compile(rf"^{_RANK}(?P<post>minister|secretary) (?:of|for){_NOT_STATE}{_PORTFOLIO}"),
    re.compile(rf"^(?P<rank>(?:shadow )?)(?P<post>secretary) of state for{_PORTFOLIO}"),
)
_NO_PORTFOLIO = frozenset(
    "minister secretary president chair director speaker leader adviser head chief spokesperson officer".split()
)

# Words before a title that say when or whose it is. Those of the second kind begin names too ("New York governor",
# "late night host"), and go only where a title follows at once.
_LEADING = re.compile(
    r"^(?:(?:former|formerly|ex|erstwhile|onetime|one time|acting|interim|caretaker|incoming|outgoing|ousted|deposed"
    r"|retired|newly elected|newly appointed|recently appointed|then|the|a|an|his|her|its|their|our|my|your) )+(?=\S)"
)
_LOOSE = re.compile(
    r"^(?:new|current|late|past|previous|sitting|present|serving|longtime|long time) (?=(?:prime|vice|deputy|foreign"
    r"|defense|finance|chief|president|minister|secretary|governor|senator|mayor|chair|director|leader|head|king|queen"
    r"|spokesperson|representative|ambassador|chancellor|premier|attorney|commander|coach|captain)\b)"
)
_UNDER = re.compile(r"^(?:first )?(?:deputy|vice|assistant|associate|shadow) ")
_TONGUES = frozenset("teacher tutor lecturer instructor translator interpreter".split())  # "English teacher"
_JOINED = frozenset("and of for at in to city".split())  # "England and Wales", "Mexico City"
_US_POSTS = frozenset("attorney marshal".split())  # a U.S. attorney is no attorney
_COUNTRY_WORDS = 6
_OF_PARTS = 2  # "of the United States of America": no name of a country holds more than one "of"
LONGEST = 200

_STOP = re.compile(r"(?<=\w\w)\.(?=\w)")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | {"&": " and ", ".": None})
_OTHER = re.compile(r"[^\w',/ -]+|_+")
_HYPHEN = re.compile(r"(?<!\bco)(?<!\banti)(?<!\bnon)(?<!\bself)(?<!\bcounter)\s*-\s*")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_EDGES = " -,'/"

_PREPOSITIONS = frozenset("of for at in to on with from".split())
_AFTER = frozenset("emeritus elect designate plenipotentiary extraordinary d'affaires".split())
_BEFORE_GENERAL = frozenset(
    "attorney secretary director inspector governor solicitor consul auditor surgeon comptroller prosecutor"
    " commissioner undersecretary postmaster adjutant advocate administrator accountant superintendent supervisor"
    " registrar".split()
)
_PLURALS = (
    (re.compile(r"(?<=\w\w\w)ies$"), "y"),
    (re.compile(r"(?<=\w\w(?:ch|sh|ss))es$"), ""),
    (re.compile(r"(?<=\w\w)men$"), "man"),
    (re.compile(r"(?<=\w\w[^\Wsui'])s$"), ""),
)
_NO_PLURAL = frozenset(
    "affairs affaires arts commons communications economics ethics events forces logistics media mines movies"
    " news operations physics politics relations resources rights sales series services sports statistics studies"
    " works".split()
)


@lru_cache(maxsize=4096)
def normal_title(title: str) -> str:
    """Return the form in which the ways to write a post meet.

    Lower case, American spelling, no accents; abbreviations and forms for one gender resolved ("Sen.": "senator",
    "spokeswoman": "spokesperson"); the portfolio before the post ("minister for defence": "defense minister", but
    "secretary of state" stays); without articles, words of tense (former, acting, elect), the country at the head
    ("Russian", "US") or the end ("of Honduras"), and without plural. A normal form is its own normal form. Only an
    empty title has an empty one; what holds no letter or digit comes back as it is, casefolded.

    Units: what is longer than 200 code points is no title, and is only put in lower case without accents and signs.

    Fails on: titles whose first word only looks like tense or country ("acting coach", "turkey farmer"); "chief
    executive" of a government (Hong Kong); posts that countries call by different names.
    """
    form = _letters(title)
    if not form:
        return title.casefold()
    if len(form) > LONGEST:
        return form
    # Ends: each rule shortens the form or uses up words that no rule brings back.
    while (changed := _rewritten(form)) != form:
        form = changed
    return form


@lru_cache(maxsize=10_000)
def title_head(title: str) -> str:
    """Return the noun that heads a title, in normal form: "minister", "secretary", "director".

    The last word before the first preposition ("commander in chief": "commander") that is not an
    adjective after its noun ("attorney general": "attorney", but "major general": "general").
    """
    form = normal_title(title)
    return _head(form) if form.strip() else form


def is_known_title(title: str) -> bool:
    """Say whether ``title`` stands in the lexicon, or its head is one that titles of the lexicon have."""
    return normal_title(title) in known_titles() or title_head(title).removeprefix("co-") in known_heads()


def _letters(title: str) -> str:
    """Return ``title`` folded, stops and signs gone, hyphens as spaces except after prefixes ("co-founder")."""
    plain = _STOP.sub(" ", fold(title)).translate(_DASHES)
    return " ".join(_HYPHEN.sub(" ", _OTHER.sub(" ", plain)).split()).strip(_EDGES)


def _rewritten(form: str) -> str:
    form = _WORD.sub(lambda m: WORDS.get(m[0], m[0]), form)
    form = _LOOSE.sub("", _LEADING.sub("", form))
    form = _portfolio_first(_singular(_without_country(form)))
    for pattern, replacement in PHRASES:
        form = pattern.sub(replacement, form)
    return form.strip(_EDGES)


def _without_country(form: str) -> str:
    """Return ``form`` without the country at its head, or after "deputy" and the like, and without one at its end."""
    under = _UNDER.match(form)
    start = under.end() if under else 0
    words = form[start:].split()
    for count in range(min(_COUNTRY_WORDS, len(words) - 1), 0, -1):
        if _stands_for_country(words, count):
            return form[:start] + " ".join(words[count:])
    parts = form.split(" of ")
    for count in range(max(1, len(parts) - _OF_PARTS), len(parts)):
        if _is_country(" of ".join(parts[count:])):
            return " of ".join(parts[:count])
    return form


def _stands_for_country(words: list[str], count: int) -> bool:
    after = words[count]
    if after in _JOINED or words[-1] in _TONGUES:
        return False
    if words[0] == "us" and after in _US_POSTS and words[count + 1 :][:1] != ["general"]:
        return False
    return _is_country(" ".join(words[:count]))


def _is_country(words: str) -> bool:
    return country_of("US" if words in {"us", "the us"} else words) is not None


def _portfolio_first(form: str) -> str:
    for pattern in _POSTS:
        match = pattern.match(form)
        if match and not _is_post(match["portfolio"]):
            return f"{match['rank']}{match['portfolio']} {match['post']}{match['rest'] or ''}"
    return form


def _is_post(portfolio: str) -> bool:
    """Say whether what follows "minister of" is more than a portfolio: another post, or a phrase with its own "of"."""
    return _head(portfolio) in _NO_PORTFOLIO or re.search(r" (?:of|for)(?: |$)", portfolio) is not None


def _singular(form: str) -> str:
    words = form.split()
    at = _head_index(words)
    if words[at] not in _NO_PLURAL:
        for pattern, ending in _PLURALS:
            words[at] = pattern.sub(ending, words[at])
    return " ".join(words)


def _head(form: str) -> str:
    words = form.split()
    return words[_head_index(words)]


def _head_index(words: list[str]) -> int:
    end = next((i for i, word in enumerate(words) if i and word in _PREPOSITIONS), len(words)) - 1
    while end and (words[end] in _AFTER or (words[end] == "general" and _is_officer(words[end - 1]))):
        end -= 1
    return end


def _is_officer(word: str) -> bool:
    return any(word == noun or word in {noun + "s", noun.removesuffix("y") + "ies"} for noun in _BEFORE_GENERAL)
