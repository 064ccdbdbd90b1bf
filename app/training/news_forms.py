"""What the public sources of the lexicons leave to news style: names, nationalities, capitals, titles, and slips.

Source: compiled for the project from general knowledge of English news style; licence as the project. Countries go by
the codes of The World Factbook, which are the names of its files.
"""

from __future__ import annotations

from app.text.lexicon import word_set


def forms_of(text: str) -> frozenset[str]:
    """Return the forms that bars part, over lines."""
    return frozenset(form.strip() for form in text.strip().replace("\n", "").split("|"))


def _rows(text: str) -> dict[str, tuple[str, ...]]:
    rows = ([field.strip() for field in line.split(";")] for line in text.strip().splitlines())
    return {code: tuple(fields) for code, *fields in rows}


# A country's code; what news calls it where that is not the Factbook's short form; further names; further demonyms,
# after "-" instead of the Factbook's.
NEWS_FORMS = _rows("""
ac;; Antigua;
ae; United Arab Emirates; U.A.E.|U.A.E|Emirates; Emirian(s)
af;; Islamic Republic of Afghanistan|Islamic Emirate of Afghanistan; Afghani(s)
aj;;; Azeri(s)
ar;;; Argentinian(s)|Argentinean(s)
bc;;; Botswanan(s)
bf; Bahamas;;
bk;; Bosnia|Bosnia-Herzegovina|Bosnia & Herzegovina;
bm; Myanmar; Republic of the Union of Myanmar|Burma; Myanmarese
bo;; Belorussia; Belarussian(s)|Belorussian(s)
bp;; Solomons;
cf; Republic of Congo; Congo-Brazzaville|Congo Republic;
cg; Democratic Republic of Congo; Congo|D.R.C.|DR Congo|D.R. Congo|Congo-Kinshasa|Congo (Kinshasa)|Zaire;
ch;; P.R.C.|Mainland China|Communist China;
cn;;; Comorian(s)
ct; Central African Republic; C.A.R.;
cv; Cape Verde;; Cape Verdean(s)
dr; Dominican Republic;;
ee; European Union; E.U.|E.U;
ei;; Republic of Ireland|Irish Republic|Eire;
es;;; Salvadorean(s)|Salvadorian(s)
ez; Czech Republic; Czechia;
fk; Falkland Islands; Falklands|Islas Malvinas;
fm; Micronesia;;
ga; Gambia;;
gz; Palestinian Territories; Palestine|State of Palestine|Palestinian Territory; Palestinian(s)|Gazan(s)
hk;; HK; -|Hong Konger(s)|Hongkonger(s)
io; British Indian Ocean Territory; Chagos Islands;
iv; Ivory Coast; Cote d'Ivoire; Ivorian(s)
kg;; Kirghizia|Kyrgyz Republic; Kyrgyz
kn;; N. Korea|N Korea|D.P.R.K.; -|North Korean(s)|N. Korean(s)|N Korean(s)
ks;; S. Korea|S Korea|R.O.K.|Korea; South Korean(s)|S. Korean(s)|S Korean(s)
kv;;; Kosovar(s)|Kosovan(s)
kz;;; Kazakh(s)
lu;;; Luxembourgish
ma;;; Madagascan(s)
mc;; Macao; -|Macanese
mk;; Macedonia|Former Yugoslav Republic of Macedonia; North Macedonian(s)
nh;;; Vanuatuan(s)
nl;; Holland; Hollander(s)|Netherlander(s)
np;;; Nepalese|Nepali(s)
nz;; N.Z.|Aotearoa;
ri;;; Serbian(s)
rm;; Marshalls;
rp;;; Filipina(s)|Philippine
sa;; KSA;
sc;; St. Kitts and Nevis|St Kitts and Nevis|St. Kitts|Saint Kitts;
sh; Saint Helena; St. Helena;
si;;; Slovenian(s)
st;; St. Lucia|St Lucia;
sv; Svalbard; Spitsbergen;
td;; Trinidad;
th;;; Thai(s)
ti;; Tadzhikistan; Tajik(s)
tp;; São Tomé and Príncipe; Santomean(s)
tt; East Timor;; East Timorese
tu;; Türkiye;
tw;; Republic of China|R.O.C.; -|Taiwanese
tx;;; Turkmen
uk;; U.K.|U.K|Britain|Great Britain|England|Scotland|Wales|Northern Ireland;\
 Brit(s)|Britisher(s)|English|Englishman(men)|Englishwoman(women)\
|Scottish|Scot(s)|Scots|Scotsman(men)|Welsh|Welshman(men)|Northern Irish
us;; U.S.|U.S|U.S.A.|U.S.A|America|United States of America;
uz;;; Uzbek(s)|Uzbekistani(s)
vc;; St. Vincent and the Grenadines|St. Vincent;
vm;; Viet Nam;
vq; US Virgin Islands; U.S. Virgin Islands|Virgin Islands;
vt; Vatican; Holy See|Vatican City|Vatican City State;
we; Palestinian Territories; West Bank;
wz;; Swaziland; -|Swazi(s)|Swati
""")

# Capitals and seats of government where the Factbook's field says more than their names, or none.
NEWS_CAPITALS = _rows("""
ax;
bm; Naypyidaw|Naypyitaw|Nay Pyi Taw|Rangoon|Yangon
ci; Santiago
dx;
ee;
ek; Malabo
fp; Papeete
gz; Ramallah
hk;
in; New Delhi|Delhi
io;
ir; Tehran|Teheran
iv; Yamoussoukro|Abidjan
kn; Pyongyang
kt;
kz; Astana|Nur-Sultan
md; Chisinau|Kishinev
mg; Ulaanbaatar|Ulan Bator
my; Kuala Lumpur|Putrajaya
nh; Port Vila
nl; Amsterdam|The Hague
nr; Yaren
sa; Riyadh
tz; Dodoma|Dar es Salaam
up; Kyiv|Kiev
us; Washington|Washington, D.C.|Washington D.C.|Washington DC|Washington, DC
vt;
ym; Sanaa|Sana'a
""")

# Capitals of territories that have the names of better known places or people.
COMMON_CAPITALS = forms_of("""
Adamstown|Douglas|George Town|Grand Turk|Hamilton|Jamestown|Kingston|Longyearbyen|Marigot|Plymouth|Road Town
|Saint-Pierre|Stanley|The Settlement|The Valley|West Island
""")

# A form that several countries share is the one's that news means by it.
SHARED = {
    "congo": "cg",
    "congolese": "cg",
    "dominican": "dr",
    "dominicans": "dr",
    "korean": "ks",
    "koreans": "ks",
}

# The names of two letters that are told from words and initials; the Factbook has AS, CH and PR too.
SHORT_FORMS = word_set("US UK EU NZ HK")

# Not names, although the Factbook's fields have them.
NAME_SLIPS = frozenset({"NA", "The Dominican"})

# Nouns that head the roles among PETRARCH's agents, which are also bodies, vehicles and kinds of people.
ROLES = word_set(
    "abbot academic academician activist admiral adviser advocate aide ambassador anesthesiologist anesthetist"
    " archbishop archimandrite archpriest athlete attorney banker barrister bishop blogger boss broker businessperson"
    " cabinetmaker campaigner candidate cantor captain cardinal cardiologist caregiver caseworker chair chancellor"
    " chief clergyman cleric colonel columnist commandant commander commentator commissioner constable consul"
    " consultant contractor corporal correspondent counsel counselor dealer dean delegate dentist deputy detective"
    " dictator diplomat director dissident doc doctor ecologist economist editor editorialist educator elector"
    " emissary emperor empress engineer ensign entrepreneur environmentalist envoy executive expert exporter farmer"
    " filmmaker firefighter fisherman gastroenterologist general generalissimo governor gynecologist headmaster"
    " historian imam inspector intellectual internist investor journalist judge justice king lady landowner lawmaker"
    " lawyer leader lecturer legate legislator lieutenant lord magistrate manager manufacturer marshal medic member"
    " merchant midwife minister missionary monarch monk mufti mullah nanny neurologist neurosurgeon newspaperman nun"
    " nurse officer official oncologist operative orthopedist parliamentarian patriarch pediatrician photographer"
    " physician pilot politician pope practitioner preacher prelate premier president priest prince princess"
    " principal producer professional professor prosecutor psychiatrist publisher queen rabbi rancher reformer"
    " regulator reporter representative ruler scholar schoolteacher scientist secretary senator sergeant serviceman"
    " sheriff shopkeeper sociologist soldier sovereign speaker specialist spokesperson spy steelworker student"
    " sublieutenant sultan superintendent surgeon teacher trader trainer treasurer undersecretary urologist vicar"
    " warden worker writer"
)

# Heads that the Factbook has besides, and the words before heads and between them.
FACTBOOK_ROLES = word_set("premier taoiseach emir administrator prefect bailiff")
FACTBOOK_RANKS = word_set(
    "prime vice high lieutenant deputy interim acting supreme crown grand chief transitional of the and d'affaires"
)

# Heads of occupations that name no person.
NO_ROLES = word_set("compressor door mover movers occupation patrol police")

# Two titles run together, and spellings and states of people among PETRARCH's agents that make no title.
FACTBOOK_SLIPS = frozenset(
    {"prime minister crown prince", "governor general grand chief", "ambassador dean", "king sultan"}
)
PETRARCH_SLIPS = (
    r"provincal|parlai|extemist|administer|adminsit|\bent\b|minister de\b|ministers and|minister for state$"
    r"|general minister|agitated|strik|protesting|students and|top (?:left|right)|law and order|high?ly ranking"
    r"|high official|ngos"
)

# Titles that news gives every day, and that the sources may leave out.
NEWS_TITLES = forms_of("""
prime minister|deputy prime minister|vice president|first lady|crown prince|head of state|head of government
|chief minister|home secretary|foreign secretary|defense secretary|secretary of state|secretary general
|general secretary|director general|attorney general|solicitor general|inspector general|surgeon general
|auditor general|comptroller general|consul general|high commissioner|special envoy|special representative
|special rapporteur|charge d'affaires|permanent representative|press secretary|private secretary
|permanent secretary|chief of staff|deputy chief of staff|national security adviser|chief justice
|associate justice|district attorney|public defender|police chief|police commissioner|fire chief|coroner|speaker
|house speaker|majority leader|minority leader|majority whip|opposition leader|party leader|whip|chief whip
|caucus chair|senator|representative|member of parliament|member of european parliament
|member of legislative assembly|state senator|council member|assembly member|councilor|alderman|mayor
|deputy mayor|governor|lieutenant governor|treasurer|comptroller|nominee|running mate|candidate
|presidential candidate|presidential nominee|mayoral candidate|front-runner|incumbent|campaign manager
|strategist|pollster|surrogate|fundraiser|lobbyist|organizer|activist|spokesperson|press officer|aide|adviser
|chief executive officer|chief financial officer|chief operating officer|chief technology officer
|chief information officer|chief economist|managing director|executive director|executive chair|chair|vice chair
|deputy chair|board member|trustee|founder|co-founder|owner|partner|shareholder|analyst|banker|investor
|entrepreneur|businessperson|trader|broker|consultant|chancellor|vice chancellor|provost|rector|dean|principal
|headmaster|professor|associate professor|lecturer|researcher|fellow|commander in chief|chief of defense
|chief of the general staff|field marshal|major general|lieutenant general|brigadier general|rear admiral
|vice admiral|lieutenant colonel|lieutenant commander|brigadier|major|captain|sergeant major|coach|head coach
|assistant coach|manager|goalkeeper|defender|midfielder|striker|forward|quarterback|pitcher|batsman|bowler
|player|skipper|referee|umpire|athlete|swimmer|sprinter|boxer|golfer|cyclist|racer|champion|scout
|physiotherapist|actor|singer|rapper|songwriter|drummer|guitarist|comedian|dancer|musician|composer|conductor
|director|filmmaker|screenwriter|playwright|novelist|poet|author|writer|artist|painter|designer|curator|model
|host|co-host|anchor|presenter|broadcaster|editor|managing editor|columnist|correspondent|journalist|reporter
|blogger|critic|photographer|publisher|commentator|producer|pope|cardinal|archbishop|bishop|pastor|reverend
|priest|imam|rabbi|ayatollah|patriarch|evangelist|dalai lama|nun|monk|mufti|king|queen|prince|princess|emperor
|emir|sultan|sheikh|duke|duchess|lord|baron|baroness|sovereign|premier|taoiseach|ombudsman|registrar|arbitrator
|mediator|negotiator|chief negotiator|coordinator|facilitator|moderator|supervisor|inspector|magistrate|judge
|jurist|barrister|solicitor|counsel|lawyer|paralegal|prosecutor|investigator|detective|ranger|warden|sheriff
|doctor|physician|surgeon|nurse|midwife|paramedic|psychologist|epidemiologist|virologist|meteorologist
|seismologist|geologist|biologist|physicist|chemist|astronomer|astronaut|cosmonaut|scientist|historian
|political scientist|sociologist|expert|astrophysicist|contributor|patron|winger|skater|star|tycoon|mogul
|convener|contender|hopeful|challenger|footballer|magnate|director of public prosecutions|chief of mission
|speechwriter|staffer|overseer|contestant|custodian|elder|volunteer|student|teacher|farmer|fisherman|driver
|engineer|developer|programmer|technician|resident|veteran|philanthropist|state trooper|headteacher|head teacher
|vicar|deacon|landlord|proprietor|steward|jockey|gymnast|miner|trucker|intern|influencer|linebacker|fullback
|shortstop|goalie|bursar|realtor|regent|viceroy|chair of governors
""")
