"""Closed word lists of news style: abbreviations, months, section names, verbs of speech. Our own, lower case."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """Return the words that white space parts."""
    return frozenset(words.split())


TITLES = word_set(
    "mr mrs ms mx dr gov sen rep gen lt col maj sgt capt cmdr adm prof rev hon pres supt atty det insp pvt cpl "
    "messrs mmes mme mlle sens reps govs gens profs drs fr br sr msgr brig ald amb asst assoc lieut "
    "sec treas spc cllr",
)
"""Abbreviations that stand before a name: the stop after one of them never ends a sentence."""

PLAIN_ABBREVIATIONS = word_set(
    "st mt ft jr sr inc corp co ltd llc plc bros dept univ assn ave blvd rd hwy sq bldg est dist div intl natl govt "
    "u.s u.k u.n e.u d.c u.s.a u.a.e n.y n.j n.h n.c n.d n.m s.c s.d r.i w.va l.a p.o a.d b.c ph.d m.d b.a m.a j.d "
    "ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa tenn "
    "tex vt va wash wis wyo ont que alta jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur "
    "thurs fri sat sun et al cf pct sec min max approx tel ext vol eds ed op art figs",
)
"""Abbreviations that may end a sentence: they do when a common opening word or a quotation comes next."""

NUMBER_ABBREVIATIONS = word_set(
    "no nos p pp vol sec ch fig art jan feb mar apr jun jul aug sept sep oct nov dec",
)
"""Abbreviations that stand before a number."""

LOWER_ABBREVIATIONS = word_set("al cf pct approx dept govt ft inc corp ltd")
"""Abbreviations that are no word of their own when they are set in lower case."""

NEVER_FINAL = word_set("e.g i.e vs v viz")
"""Abbreviations inside a sentence, whatever follows."""

CLOCK = word_set("a.m p.m")

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "Sept",
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
"""Months and their abbreviations, the longest first, as a pattern wants them."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

AFTER_CLOCK = frozenset(w.lower() for w in (*MONTHS, *WEEKDAYS)) | word_set(
    "est edt et cst cdt ct mst mdt mt pst pdt pt gmt utc bst cet ist eastern central mountain pacific local",
)

STARTERS = word_set(
    "a an the he she it they we i you his her its their our my your this that these those there here who what when "
    "where why how which in on at by for from with without of to as if but and or so yet because since while after "
    "before during under over between among despite although though however meanwhile moreover then now also asked "
    "speaking according some many most several few all both each every no not one two three last next earlier later "
    "until unless instead still even only just once again such other another is are was were do does did can could "
    "will would should may might let mr mrs ms",
)
"""Words that open sentences and seldom begin a name."""

SPEECH = word_set(
    "said says say asked asks ask told tells added adds replied replies wrote writes tweeted tweets demanded demands "
    "shouted shouts exclaimed exclaims cried yelled yells declared declares responded responds continued continues "
    "concluded concludes noted notes wondered wonders quipped joked jokes remarked recalled insisted explained "
    "warned warns argued argues stated states announced answered answers inquired queried screamed thundered mused "
    "retorted snapped commented",
)

SECTIONS = word_set(
    "world nation national international politics business sports sport metro local opinion opinions editorial "
    "editorials letters arts culture entertainment science health technology tech economy economics finance markets "
    "money lifestyle life style travel food education environment climate weather obituaries obituary obits news "
    "briefs brief features feature region regional state city europe asia africa americas america mideast elections "
    "election campaign court courts crime law justice defense security diplomacy foreign affairs home analysis "
    "commentary column columnists features books film movies music theater tv media society religion fashion auto "
    "real estate magazine week review front page latest breaking top stories story us u.s uk u.k middle east pacific "
    "latin south north and of the in & canada australia india china",
)

AGENCIES = (
    r"(?:The )?(?:Associated Press|AP|Reuters|Agence France-Presse|AFP|UPI|United Press International|"
    r"Bloomberg(?: News)?|Xinhua|Tass|TASS|Interfax|Kyodo(?: News)?|ANI|PTI|IANS|EFE|DPA|dpa|ANSA|PA|"
    r"Press Association|Canadian Press|"
    r"[A-Z][\w.'\u2019-]*(?: (?:of|the|and|[A-Z][\w.'\u2019-]*)){0,4} "
    r"(?:News Agency|News Service|News|Press|Times|Post|Journal|Tribune|Herald|Wire|Agency|Service|Bureau|Magazine|"
    r"Network|Globe|Star|Gazette|Chronicle|Guardian))"
)
"""Pattern: a news agency or a paper."""
