"""Words of organizations: legal forms, head words, acronyms and seats of government that stand for a body.

Source: acronyms of international bodies follow the PETRARCH dictionaries (MIT); head words, legal forms and seats of
government compiled for the project; licence as the project.
"""

from __future__ import annotations

LEGAL_FORMS = frozenset(
    "inc incorporated corp corporation co company ltd limited llc llp plc gmbh ag sa nv bv pty pte bhd"
    " sdn group holdings".split()
)

SMALL_WORDS = frozenset("of the for and in on at to a an de la du des del von & 's".split())

# Full names of bodies that stories give by acronym without spelling it out.
ACRONYMS: dict[str, str] = {
    "un": "united nations",
    "u.n.": "united nations",
    "eu": "european union",
    "e.u.": "european union",
    "au": "african union",
    "nato": "north atlantic treaty organization",
    "who": "world health organization",
    "imf": "international monetary fund",
    "wto": "world trade organization",
    "iaea": "international atomic energy agency",
    "opec": "organization of the petroleum exporting countries",
    "asean": "association of southeast asian nations",
    "fbi": "federal bureau of investigation",
    "cia": "central intelligence agency",
    "epa": "environmental protection agency",
    "fda": "food and drug administration",
    "doj": "department of justice",
    "gop": "republican party",
    "dnc": "democratic national committee",
    "rnc": "republican national committee",
    "nra": "national rifle association",
    "idf": "israel defense forces",
    "bbc": "british broadcasting corporation",
    "ecb": "european central bank",
    "icc": "international criminal court",
    "unhcr": "united nations high commissioner for refugees",
    "unicef": "united nations children's fund",
}

# Names that mean the same body wherever they stand.
BODY_ALIASES: dict[str, str] = {
    "un": "united nations",
    "u.n": "united nations",
    "eu": "european union",
    "e.u": "european union",
    "isis": "islamic state",
    "isil": "islamic state",
    "daesh": "islamic state",
    "ap": "associated press",
    "afp": "agence france presse",
    "gop": "republican party",
    "nbc": "nbc news",
    "cbs": "cbs news",
    "abc": "abc news",
    "fox": "fox news",
}

PLACE_ALIASES: dict[str, str] = {
    "us": "united states",
    "u.s": "united states",
    "u.s.": "united states",
    "usa": "united states",
    "u.s.a.": "united states",
    "america": "united states",
    "united states of america": "united states",
    "uk": "united kingdom",
    "u.k": "united kingdom",
    "u.k.": "united kingdom",
    "britain": "united kingdom",
    "great britain": "united kingdom",
    "uae": "united arab emirates",
    "u.a.e.": "united arab emirates",
    "prc": "china",
    "drc": "democratic republic of congo",
    "dr congo": "democratic republic of congo",
    "nyc": "new york city",
    "dc": "washington",
    "d.c.": "washington",
}

# Buildings, streets and capitals that stand for a government when they act or speak.
METONYMS: dict[str, str] = {
    "kremlin": "Russia",
    "moscow": "Russia",
    "white house": "United States",
    "washington": "United States",
    "pentagon": "United States",
    "downing street": "United Kingdom",
    "number 10": "United Kingdom",
    "london": "United Kingdom",
    "whitehall": "United Kingdom",
    "elysee": "France",
    "élysée": "France",
    "elysee palace": "France",
    "paris": "France",
    "quai d'orsay": "France",
    "berlin": "Germany",
    "beijing": "China",
    "zhongnanhai": "China",
    "tokyo": "Japan",
    "seoul": "South Korea",
    "pyongyang": "North Korea",
    "tehran": "Iran",
    "ankara": "Turkey",
    "kyiv": "Ukraine",
    "kiev": "Ukraine",
    "riyadh": "Saudi Arabia",
    "new delhi": "India",
    "islamabad": "Pakistan",
    "canberra": "Australia",
    "ottawa": "Canada",
    "brussels": "European Union",
    "jerusalem": "Israel",
    "cairo": "Egypt",
    "damascus": "Syria",
    "baghdad": "Iraq",
    "kabul": "Afghanistan",
    "malacanang": "Philippines",
    "malacañang": "Philippines",
    "blue house": "South Korea",
    "aso rock": "Nigeria",
}

# Names that are bodies although they look like places or buildings.
BODY_NAMES = frozenset(
    "kremlin|white house|pentagon|downing street|elysee palace|elysee|élysée|capitol hill|wall street|whitehall"
    "|malacañang|malacanang|blue house|quai d'orsay|aso rock|number 10".split("|")
)

# Names that are always bodies, written just so.
KNOWN_BODIES = frozenset(
    "ISIS|ISIL|Daesh|Islamic State|Taliban|Hamas|Hezbollah|Hizbullah|Boko Haram|Al Qaeda|al Qaeda|al-Qaeda|Al-Qaeda"
    "|al-Shabab|Al-Shabaab|al-Shabaab|AP|UPI|AFP|Reuters|Associated Press|Agence France-Presse|Xinhua|Interfax|Bernama"
    "|Tasnim|QNA|ANSA|Anadolu Agency|Kyodo|Yonhap|CNN|CNBC|MSNBC|BBC|NBC News|CBS News|ABC News|Fox News"
    "|Al Jazeera|Al Arabiya|Haaretz"
    "|Politico|Breitbart|WikiLeaks|Wikileaks|GOP|FBI|CIA|NATO|UN|U.N.|EU|UNESCO|UNICEF|UNHCR|UNDP|OPEC|ASEAN|Interpol"
    "|INTERPOL|IMF|WTO|World Bank|Democratic National Convention|Republican National Convention|Casa Rosada|Komeito"
    "|Federal Reserve|European Union|United Nations|Wall Street|Executive Yuan|Legislative Yuan|Control Yuan"
    "|Judicial Yuan|Examination Yuan|Kuomintang|Drudge Report|Real Clear Politics|RealClearPolitics|TheBlaze|The Hill"
    "|The Guardian|The Economist|The Intercept|The Telegraph|BuzzFeed|BuzzFeed News|HuffPost|Huffington Post|Axios"
    "|ProPublica|Snopes|PolitiFact|Gallup|YouGov|Ipsos|Quinnipiac University|Pew Research Center|Rasmussen Reports"
    "|Sky News|ITV News|Channel 4 News|Deutsche Welle|Le Monde|Der Spiegel|El País|La Nación|Asahi Shimbun"
    "|Yomiuri Shimbun|Mainichi Shimbun|NHK|People's Daily|Global Times|TASS|RIA Novosti|EFE|IRNA|Twitter|Facebook"
    "|Google|Microsoft|Amnesty International|Human Rights Watch|Greenpeace|Oxfam|Transparency International"
    "|Doctors Without Borders|Red Cross|Mossad|Shin Bet|MI5|MI6|FSB|KGB|ECOWAS|SADC|Mercosur|Fatah|Likud".split("|")
)

# Chambers whose name is a part of other names: "White House", "Voice to Parliament".
CHAMBERS = frozenset("house senate parliament congress".split())

# Single words with a capital that name no body.
NO_BODIES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september"
    " october november december constitution mps mp mou covid republican republicans democrat democrats democratic"
    " bible koran quran tv pvc fta mous".split()
)
