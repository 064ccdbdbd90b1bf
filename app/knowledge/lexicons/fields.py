"""What line of work a title belongs to: a senator and a quarterback of one name are seldom one person.

Source: compiled for the project from general knowledge of English news style; licence as the project.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Field: TypeAlias = Literal["public", "sport", "arts", "business", "science", "religion", "media", "crime", "labour"]

_WORDS: dict[Field, str] = {
    "public": """
        senator representative congressman congresswoman congressperson governor mayor minister chancellor premier
        lawmaker legislator councillor councilman councilwoman alderman assemblyman assemblywoman parliament
        ambassador diplomat envoy consul secretary undersecretary nominee candidate presidential vice-president
        king queen prince emir sultan president judge justice prosecutor attorney solicitor sheriff police inspector
        detective constable superintendent commissioner general colonel admiral brigadier sergeant lieutenant
        commander soldier marine deputy mp mep politician statesman magistrate treasurer delegate speaker whip
        democrat republican governor-general taoiseach
    """,
    "sport": """
        quarterback footballer striker midfielder defender goalkeeper winger linebacker receiver cornerback halfback
        fullback lineman pitcher catcher outfielder infielder shortstop batsman bowler cricketer golfer boxer sprinter
        swimmer cyclist athlete gymnast skater skier jockey wrestler coach player teammate midfield tennis football
        soccer basketball baseball hockey rugby cricket batter wicketkeeper racer driver referee umpire olympian
        medalist medallist forward guard
    """,
    "arts": """
        singer songwriter musician rapper actor actress comedian filmmaker painter sculptor novelist poet playwright
        author guitarist drummer pianist violinist composer conductor dancer choreographer artist model cartoonist
        screenwriter photographer illustrator cellist bassist saxophonist dj director-of-photography architect
        designer producer chef
    """,
    "business": """
        entrepreneur banker investor financier developer chief-executive ceo cfo executive chairman chairwoman
        chairperson founder co-founder shopkeeper trader broker economist analyst retailer billionaire industrialist
        businessman businesswoman businessperson owner hotelier
    """,
    "science": """
        professor scientist physicist chemist biologist researcher doctor surgeon physician psychologist historian
        epidemiologist astronomer geologist mathematician engineer astronaut nurse dentist veterinarian cardiologist
        sociologist lecturer neurologist oncologist meteorologist climatologist academic paediatrician
    """,
    "religion": """
        bishop archbishop cardinal pope imam rabbi pastor priest reverend ayatollah cleric theologian monk nun
    """,
    "media": """
        reporter journalist columnist anchor broadcaster correspondent blogger presenter editor commentator host
    """,
    "crime": "murderer killer arsonist gunman suspect inmate fugitive hijacker kidnapper rapist drug-lord fraudster",
    "labour": "plumber carpenter teacher farmer fisherman welder miner student pensioner electrician firefighter",
}
FIELD_OF: dict[str, Field] = {word: field for field, words in _WORDS.items() for word in words.split()}

# How much it speaks against two being one that their lines of work are these, in natural logarithms of odds.
FAR = -3.2
NEAR = -0.7
OTHERWISE = -1.3
_NEAR = (
    {"public", "business"},
    {"public", "science"},
    {"public", "media"},
    {"public", "labour"},
    {"public", "crime"},
    {"business", "science"},
    {"business", "media"},
    {"business", "crime"},
    {"arts", "media"},
    {"arts", "business"},
    {"science", "media"},
    {"science", "labour"},
    {"sport", "media"},
)


def distance(one: Field, other: Field) -> float:
    """Return how much it speaks against two being one that they work in these fields; 0.0 for the same."""
    if one == other:
        return 0.0
    pair = {one, other}
    if pair in _NEAR:
        return NEAR
    return FAR if "sport" in pair or pair in ({"arts", "public"}, {"arts", "science"}) else OTHERWISE
