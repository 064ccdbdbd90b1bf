"""Words around people's names: honorifics, suffixes, short forms of given names, pronouns.

Source: compiled for the project from general knowledge of English news style; licence as the project.
"""

from __future__ import annotations

HONORIFICS = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady madam madame hon rev reverend fr father"
    " sister brother sheikh sheik shaikh imam rabbi pastor bishop archbishop cardinal pope saint st"
    " ayatollah maulana mullah datuk dato tan sri tun puan haji alhaji hajia chief king queen prince"
    " princess emperor sultan emir duke duchess baron baroness pol h.e he capt captain col colonel gen"
    " general lt lieutenant maj major sgt sergeant cpl adm admiral cmdr commander brig brigadier marshal"
    " officer detective det ch inspector insp dci superintendent supt constable sheriff judge justice"
    " magistrate president vice prime minister premier chancellor secretary sen senator rep representative congressman"
    " congresswoman gov governor mayor ambassador envoy deputy speaker chairman chairwoman chairperson"
    " coach seri datin tengku comrade cde shri smt engr hrh apostle evangelist hojjat al-islam hojatoleslam tate"
    " excellency highness".split()
)

SUFFIXES = frozenset("jr sr ii iii iv esq phd md qc kc mp mep obe cbe".split())

# Short forms of given names and the forms that they stand for; used only to join names inside one story.
_SHORT = """
abby abigail|al albert alan|alex alexander alexandra|andy andrew|barb barbara|ben benjamin|bernie bernard
beth elizabeth|bill william|billy william|bob robert|bobby robert|cathy catherine|charlie charles
chris christopher christine|chuck charles|dan daniel|danny daniel|dave david|deb deborah|dick richard|don donald
donnie donald|doug douglas|ed edward edwin|eddie edward|frank francis franklin|fred frederick|gabe gabriel|gene eugene
greg gregory|hank henry|harry harold henry|jack john|jake jacob|jamie james|jeff jeffrey|jen jennifer
jerry gerald jerome|jim james|jimmy james|joe joseph|john jonathan|johnny john|jon jonathan|josh joshua|judy judith
kate katherine catherine|kathy katherine|katie katherine|ken kenneth|larry lawrence|leo leonard|liz elizabeth
lou louis|maggie margaret|manny manuel|marty martin|matt matthew|max maxwell|meg margaret|mick michael|mike michael
mitch mitchell|nancy ann|nate nathan nathaniel|ned edward|nick nicholas|pat patrick patricia|patty patricia
peggy margaret|pete peter|phil philip phillip|ray raymond|rich richard|rick richard|rob robert|ron ronald|russ russell
sam samuel samantha|sandy alexander sandra|stan stanley|steve stephen steven|sue susan|ted theodore edward
terry terence|tim timothy|tom thomas|tommy thomas|tony anthony|val valerie|vicky victoria|vince vincent|walt walter
will william|zach zachary
"""
SHORT_FORMS: dict[str, frozenset[str]] = {
    words[0]: frozenset(words[1:])
    for words in (entry.split() for entry in _SHORT.replace("\n", "|").split("|"))
    if len(words) > 1
}

SINGULAR_PRONOUNS = frozenset("he she him her his hers himself herself".split())
FIRST_PERSON = frozenset("i me my mine myself we us our ours ourselves".split())
PLURAL_PRONOUNS = frozenset("they them their theirs themselves those these some many others both all most".split())
NEUTER_PRONOUNS = frozenset("it its itself".split())
RELATIVE_PRONOUNS = frozenset("who whom whose which that".split())
PRONOUNS = (
    SINGULAR_PRONOUNS | FIRST_PERSON | PLURAL_PRONOUNS | NEUTER_PRONOUNS | RELATIVE_PRONOUNS | frozenset(["one", "you"])
)
