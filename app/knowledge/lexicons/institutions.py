"""Bodies that every country has one of, and bodies that news names without their country.

Source: compiled for the project from general knowledge of English news style; the names of United States agencies
follow dariusk/corpora (CC0). Licence as the project.
"""

from __future__ import annotations

# A name made of nothing but such words is a body's kind, not its name: which one it is, its country says.
GENERIC = frozenset(
    """
    ministry department government parliament senate congress assembly cabinet court supreme high constitutional
    federal national state central bank treasury army navy air force forces armed military police guard coast
    border foreign affairs interior home defense defence finance justice health education agriculture energy
    environment labor labour trade commerce transport transportation economy economic development housing
    culture sports tourism industry information planning public works security council commission electoral
    election elections committee authority agency bureau office board service services house representatives
    lower upper commons lords deputies president presidency prime minister opposition party ruling union
    prosecutor prosecutors attorney general intelligence immigration customs revenue tax statistics anti
    corruption human rights parliamentary legislature administration secretariat judiciary appeals appeal
    district city town municipal county provincial regional water power electricity railway railways post postal
    disaster management emergency and of the for on hospital university school college station
    """.split()
)
# Such words name a body that belongs to a country; without one of them, a name of generic words is anybody's.
STATE_BODIES = frozenset(
    """
    ministry department government parliament senate congress assembly cabinet court treasury army navy forces
    military police guard affairs council commission legislature judiciary presidency house secretariat bank
    force service bureau agency authority office
    """.split()
)

# Bodies that are known by their name alone, and the country they belong to.
OF_COUNTRY: dict[str, str] = {
    "state department": "United States",
    "justice department": "United States",
    "treasury department": "United States",
    "commerce department": "United States",
    "homeland security department": "United States",
    "pentagon": "United States",
    "white house": "United States",
    "federal reserve": "United States",
    "federal bureau of investigation": "United States",
    "central intelligence agency": "United States",
    "national security agency": "United States",
    "environmental protection agency": "United States",
    "food and drug administration": "United States",
    "federal communications commission": "United States",
    "federal trade commission": "United States",
    "federal aviation administration": "United States",
    "securities and exchange commission": "United States",
    "internal revenue service": "United States",
    "house of representatives": "United States",
    "republican party": "United States",
    "democratic party": "United States",
    "democratic national committee": "United States",
    "republican national committee": "United States",
    "kremlin": "Russia",
    "duma": "Russia",
    "bundestag": "Germany",
    "bundesrat": "Germany",
    "knesset": "Israel",
    "israel defense forces": "Israel",
    "lok sabha": "India",
    "rajya sabha": "India",
    "house of commons": "United Kingdom",
    "house of lords": "United Kingdom",
    "downing street": "United Kingdom",
    "bank of england": "United Kingdom",
    "home office": "United Kingdom",
    "foreign office": "United Kingdom",
    "scotland yard": "United Kingdom",
    "elysee": "France",
    "elysee palace": "France",
    "politburo": "China",
    "blue house": "South Korea",
    "diet": "Japan",
}
