"""Nouns that name unnamed sources: one person, several, or a document.

Source: compiled for the project from general knowledge of English news style; licence as the project.
"""

from __future__ import annotations

# Nouns without a plural ending that stand for several people.
COLLECTIVE_NOUNS = frozenset(
    "police people public crowd crew staff team family couple pair duo trio group panel jury majority"
    " minority media press military army government opposition council committee board union coalition"
    " party leadership management audience community youth personnel faculty men women children folk"
    " clergy elderly side camp administration industry market prosecution defence defense quorum"
    " delegation cabinet parliament congress senate house court agency ministry".split()
)

# Singular nouns that end in s.
SINGULAR_IN_S = frozenset(
    "boss witness actress waitress hostess heiress princess duchess alumnus consensus analysis".split()
)

# Documents and utterances that carry words but do not speak for themselves.
DOCUMENTS = frozenset(
    "report statement study survey poll document letter paper article book memo email tweet post message"
    " note ruling complaint lawsuit indictment affidavit order bill law act resolution treaty website"
    " site page headline ad advertisement video clip transcript filing release brief briefing review"
    " audit analysis data figures statistics rumor rumour story editorial column sign banner placard"
    " script plan proposal speech address filings records findings results average index words remarks comments"
    " policy declaration investigation announcement publication commentary database tallies polls surveys reports"
    " statements statistics decree rules regulations communique text inquiry probe testimony census yearbook".split()
)

# Nouns by which a story calls a body that it has named: "the company", "the ministry".
BODY_NOUNS = frozenset(
    "company firm carrier airline group organization organisation agency institution bank union party"
    " team club newspaper university college school hospital outlet campaign association body council"
    " commission committee authority watchdog charity foundation ministry department court board bureau"
    " office network institute federation league alliance coalition government army military"
    " administration nonprofit corporation operator developer manufacturer retailer giant startup"
    " platform regulator force police tribunal parliament assembly senate chamber embassy daily station"
    " channel broadcaster magazine publisher thinktank society centre center cabinet fund clinic church lender brewer"
    " insurer carmaker automaker chipmaker drugmaker".split()
)

# Nouns by which a story calls a place that it has named; of people and bodies they are not said.
PLACE_NOUNS = frozenset(
    "county city town village borough municipality district province region state country nation republic kingdom"
    " island territory".split()
)

# Nouns that name one person without being the title of a post.
PERSON_NOUNS = frozenset(
    "man woman boy girl person official accused defendant suspect victim witness leader politician lawmaker legislator"
    " candidate nominee contender front-runner frontrunner hopeful mogul billionaire businessman businesswoman tycoon"
    " magnate dictator strongman driver pilot rider racer player star singer author writer expert native veteran"
    " resident activist blogger user fan rival opponent critic ally colleague friend father mother son daughter brother"
    " sister husband wife widow spouse partner ex-wife ex-husband neighbour neighbor teenager pensioner youngster"
    " survivor caller host anchor moderator interviewer narrator reader commenter whistleblower insider source".split()
)

# Nouns of bodies that are named after who leads them or where: "the Bush administration".
GOVERNING = frozenset("government administration campaign".split())

# Nouns in the names of bodies that only nouns of their own kind, or the general ones, stand for: no company is a court,
# and "the government" is no company.
BODY_KINDS = (
    frozenset("government administration cabinet regime junta".split()),
    frozenset("ministry".split()),
    frozenset("police constabulary".split()),
    frozenset("army military navy forces force guards guard corps".split()),
    frozenset("court tribunal justices".split()),
    frozenset("parliament senate assembly congress house knesset duma diet sabha".split()),
    frozenset("agency".split()),
)
GENERAL_NOUNS = frozenset("agency authority body institution office department service".split())

# Kinds of bodies that are often named without the noun ("Barclays" is a bank): nouns that are said of one another's
# names, and the general nouns that are said of them.
_COMPANY = "company firm group corporation institution"
OPEN_KINDS = tuple(
    (frozenset(nouns.split()), frozenset(general.split()))
    for nouns, general in (
        ("hospital clinic infirmary hospice", "company institution organization organisation center centre facility"),
        ("university college school academy polytechnic", "institution organization organisation center"),
        ("church cathedral diocese archdiocese", "organization organisation institution body"),
        ("bank lender", _COMPANY),
        ("airline carrier", _COMPANY + " operator giant"),
        ("newspaper daily paper magazine", _COMPANY + " publisher outlet publication"),
        ("club team franchise", "company organization organisation side"),
        ("union federation", "group organization organisation body"),
        ("charity nonprofit", "group organization organisation body fund trust"),
    )
)
