"""Identities that ship, made from a folder of public sources: ``python -m app.training.identities FOLDER``.

Source: congress-legislators (CC0), The World Factbook as JSON (public domain), the international actors of PETRARCH
(MIT), NASDAQ and Dow Jones companies of dariusk/corpora (CC0), each in a folder of its own with a README that says
which version it is. Wikidata ids of countries (CC0) come from the package rigour (MIT). Those of leaders, international
bodies and large companies are in ``wikidata.csv`` beside this module, compiled by the project (CC0): facts that are
known to be so, ids of bodies and companies held against Wikidata's own labels where a public package carries them.
One who is in several sources is one identity. The output is the same for the same folder.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from rigour.territories import lookup_territory

from app.annotate.lexicons.countries import country_of
from app.annotate.titles import is_known_title
from app.knowledge.authority_files import read_authority
from app.knowledge.bodies import body_name, is_acronym
from app.knowledge.identities import SHIPPED, Identity, IdentityOffice, record_of
from app.knowledge.names import normal_name, person_name
from app.training.lexicons import field, words_of

_TERMS = {"sen": "Senator", "rep": "Representative", "prez": "President", "viceprez": "Vice President"}
_CHAMBERS = {"sen": "United States Senate", "rep": "House of Representatives", "prez": "", "viceprez": ""}
_TERMS_KEPT = 2
_OLDEST = "1945"  # whoever left office before is seldom whom the news names
_STATES = dict(
    pair.split(":")
    for pair in (
        "AL:Alabama|AK:Alaska|AZ:Arizona|AR:Arkansas|CA:California|CO:Colorado|CT:Connecticut|DE:Delaware|FL:Florida|"
        "GA:Georgia|HI:Hawaii|ID:Idaho|IL:Illinois|IN:Indiana|IA:Iowa|KS:Kansas|KY:Kentucky|LA:Louisiana|ME:Maine|"
        "MD:Maryland|MA:Massachusetts|MI:Michigan|MN:Minnesota|MS:Mississippi|MO:Missouri|MT:Montana|NE:Nebraska|"
        "NV:Nevada|NH:New Hampshire|NJ:New Jersey|NM:New Mexico|NY:New York|NC:North Carolina|ND:North Dakota|OH:Ohio|"
        "OK:Oklahoma|OR:Oregon|PA:Pennsylvania|RI:Rhode Island|SC:South Carolina|SD:South Dakota|TN:Tennessee|"
        "TX:Texas|UT:Utah|VT:Vermont|VA:Virginia|WA:Washington|WV:West Virginia|WI:Wisconsin|WY:Wyoming"
    ).split("|")
)
_BODY_WORDS = frozenset(
    """
    union bank organization organisation agency council commission association fund committee programme program
    league court forum group conference community office institute federation international nations tribunal
    watch society alliance secretariat assembly parliament treaty network monitors reporters doctors foundation
    """.split()
)
_ROLES = re.compile(
    r"\b(?:chief|official|officials|secretary|president|director|spokes\w+|envoy|troops|peacekeepers?|soldiers?|"
    r"delegates?|delegation|representatives?|workers?|mission|members?|experts?|general|ambassador|commissioner|"
    r"leaders?|ministers?|contingent|summit|meeting|staff|inspectors?|head|monitors|convoy|forces?|for|and)\b"
)
_LONGEST_ACRONYM = 7
_COMPILED = Path(__file__).with_name("wikidata.csv")
# Whose head of state is the head of state of other countries too.
_REALMS = ("uk", "fr", "us", "ch", "nl", "da")
_NUMERAL = re.compile(r"[IVX]+")
_MERGED_OFFICES = 6


def legislators(folder: Path) -> Iterator[Identity]:
    """Yield the legislators in office, and the presidents and vice presidents, of the United States."""
    seen: set[str] = set()
    for name in ("executive.yaml", "legislators-current.yaml"):
        for entry in yaml.safe_load((folder / name).read_text(encoding="utf-8")):
            ids = [(k, str(entry["id"][k])) for k in ("wikidata", "bioguide", "govtrack") if k in entry["id"]]
            key = ":".join(ids[0])
            if key in seen or all(term["end"] < _OLDEST for term in entry["terms"]):
                continue
            seen.add(key)
            names = list(dict.fromkeys(_forms(entry["name"])))
            born = entry.get("bio", {}).get("birthday")
            yield Identity(
                id=key,
                type="person",
                name=names[0],
                source="congress-legislators",
                aliases=tuple(names[1:]),
                identifiers=tuple(ids),
                offices=tuple(_terms(entry["terms"])),
                countries=("United States",),
                born=int(born[:4]) if born else None,
            )


def _forms(name: dict[str, str]) -> Iterator[str]:
    suffix = f" {name['suffix']}" if "suffix" in name else ""
    middle = f" {name['middle']}" if "middle" in name else ""
    yield f"{name['first']} {name['last']}{suffix}"
    if middle:
        yield f"{name['first']}{middle} {name['last']}{suffix}"
    if "nickname" in name:
        yield f"{name['nickname']} {name['last']}{suffix}"
    official = name.get("official_full", "")
    if official and '"' not in official and "(" not in official:
        yield official.replace(",", "")


def _terms(terms: list[dict[str, Any]]) -> Iterator[IdentityOffice]:
    latest: dict[tuple[str, str], IdentityOffice] = {}
    for term in terms:
        kind, state = term["type"], _STATES.get(term.get("state", ""), "")
        for body in filter(None, (state, _CHAMBERS[kind])):
            first = latest.pop((kind, body), None)
            start = first.start if first is not None else term["start"]
            latest[kind, body] = IdentityOffice(_TERMS[kind], body, "United States", start, term["end"])
        if not state and not _CHAMBERS[kind]:
            latest[kind, ""] = IdentityOffice(_TERMS[kind], None, "United States", term["start"], term["end"])
    yield from list(latest.values())[-2 * _TERMS_KEPT :]


def office_holders(folder: Path) -> Iterator[Identity]:
    """Yield chiefs of state, heads of government and chiefs of mission of the countries of the Factbook."""
    found: dict[str, Identity] = {}
    for path in sorted(folder.glob("*/*.json"), key=lambda p: p.stem):
        government = json.loads(path.read_text(encoding="utf-8")).get("Government", {})
        country = country_of(field(government, "Country name", "conventional short form")) or ""
        if not country:
            continue
        for section, key in (
            ("Executive branch", "chief of state"),
            ("Executive branch", "head of government"),
            ("Diplomatic representation in the US", "chief of mission"),
        ):
            for part in re.split(r";|represented by", field(government, section, key)):
                holder = _holder(part, country, path.stem)
                if holder is not None:
                    place = normal_name(holder.name, "person")
                    first = found.get(place)
                    found[place] = holder if first is None else _of_several(first, holder)
    yield from found.values()


def _of_several(first: Identity, second: Identity) -> Identity:
    """Return one who holds offices in several countries: a king of many realms."""
    main, other = (first, second) if _realm(first) <= _realm(second) else (second, first)
    known = {(o.title, o.country) for o in main.offices}
    offices = (*main.offices, *(o for o in other.offices if (o.title, o.country) not in known))
    return replace(
        main,
        aliases=tuple(dict.fromkeys((*main.aliases, *other.aliases))),
        offices=offices[:_MERGED_OFFICES],
        countries=tuple(dict.fromkeys((*main.countries, *other.countries)))[:_MERGED_OFFICES],
    )


def _realm(holder: Identity) -> int:
    code = holder.id.split(":")[1]
    return _REALMS.index(code) if code in _REALMS else len(_REALMS)


def _holder(part: str, country: str, code: str) -> Identity | None:
    """Return who a part of a Factbook field names: "President William RUTO (since 13 September 2022)"."""
    plain = re.sub(r'"[^"]*"', "", words_of(part))
    since = re.search(r"\(since ([^)]*)\)", plain)
    spoken = re.sub(r"\([^)]*\)|\bof (?:the )?(?:Netherlands|Denmark)\b", "", plain)
    words = re.sub(r",\s*(?!Jr)[^,]*$", "", spoken).replace(",", "").split()
    capitals = [i for i, w in enumerate(words) if len(w) > 1 and w.upper() == w and any(c.isalpha() for c in w)]
    if not capitals or "vacant" in plain.casefold() or since is None:
        return None
    start = 0
    for i in range(min(capitals[0], len(words) - 1), 0, -1):
        if is_known_title(" ".join(words[:i])):
            start = i
            break
    title, name = " ".join(words[:start]), words[start:]
    shown = " ".join(_capitalized(w) for w in name).strip(" ,.")
    if not title or not person_name(shown).is_full or any(c.isdigit() for c in shown):
        return None
    family = [_capitalized(w) for w in name if len(w) > 1 and w.upper() == w]
    aliases = []
    if len(name) > 2 and _capitalized(name[0]) != family[0]:  # noqa: PLR2004 (a name between first and last)
        aliases.append(f"{_capitalized(name[0])} {' '.join(family)}")
    slug = normal_name(shown, "person").replace(" ", "-")
    return Identity(
        id=f"factbook:{code}:{slug}",
        type="person",
        name=shown,
        source="factbook",
        aliases=tuple(a for a in aliases if a != shown),
        offices=(IdentityOffice(title, None, country, since[1]),),
        countries=(country,),
    )


def _capitalized(word: str) -> str:
    if _NUMERAL.fullmatch(word):
        return word
    return "-".join(p[:1] + p[1:].lower() for p in word.split("-")) if word.upper() == word and len(word) > 1 else word


def countries(folder: Path) -> Iterator[Identity]:
    """Yield the countries with the codes that the Factbook gives and Wikidata ids by their names."""
    for path in sorted(folder.glob("*/*.json"), key=lambda p: p.stem):
        content = json.loads(path.read_text(encoding="utf-8"))
        name = country_of(field(content.get("Government", {}), "Country name", "conventional short form"))
        code = re.match(r"\.([a-z]{2})\b", field(content, "Communications", "Internet country code"))
        if name is not None:
            ids = [("factbook", path.stem), *([("internet-country-code", code[1])] if code else [])]
            territory = lookup_territory(name)
            if territory is not None and territory.qid and territory.is_ftm:
                ids.insert(0, ("wikidata", territory.qid))
            yield Identity(f"country:{name.casefold()}", "place", name, "factbook", identifiers=tuple(ids))


def international_bodies(path: Path) -> Iterator[Identity]:
    """Yield the international bodies of PETRARCH with their acronyms and other names."""
    names: list[str] = []
    seen: set[str] = set()
    for raw in path.read_text(encoding="utf-8", errors="replace").splitlines():
        line = raw.split("#")[0].rstrip()
        code = re.match(r"\s+\[(\w+)", line)
        if code is not None:
            body = _body(names) if re.match(r"(?:IGO|NGO|IMG)", code[1]) and "ELI" not in line else None
            if body is not None and body.id not in seen:
                seen.add(body.id)
                yield body
            names = [] if names and not line.startswith("+") else names
        elif line and not line.startswith((" ", "\t")):
            word = line.lstrip("+").split(";")[0].split("[")[0].replace("_", " ").strip()
            names = [*names, word] if line.startswith("+") else [word]


def _body(names: list[str]) -> Identity | None:
    plain = [re.sub(r"^THE ", "", n.upper()) for n in names if n and not _ROLES.search(n.lower())]
    long = [n for n in plain if " " in n and _BODY_WORDS & set(n.lower().split())]
    if not long:
        return None
    short = [n.replace(".", "") for n in plain if " " not in n and len(n.replace(".", "")) <= _LONGEST_ACRONYM]
    small = frozenset(["of", "the", "for", "and", "in", "on", "to", "de"])
    shown = [" ".join(w.lower() if w.lower() in small else w.capitalize() for w in n.split()) for n in long]
    key = normal_name(shown[0], "organization").replace(" ", "-")
    aliases = tuple(dict.fromkeys((*shown[1:], *short)))
    return Identity(f"petrarch:{key}", "organization", shown[0], "petrarch", aliases)


def companies(folder: Path) -> Iterator[Identity]:
    """Yield large companies with the symbols under which their shares are traded."""
    seen: set[str] = set()
    for name, exchange in (("djia.json", "nyse"), ("nasdaq.json", "nasdaq")):
        for entry in json.loads((folder / name).read_text(encoding="utf-8"))["corporations"]:
            key = f"ticker:{entry['symbol'].casefold()}"
            if key not in seen:
                seen.add(key)
                ids = (("ticker", f"{exchange}:{entry['symbol']}"),)
                yield Identity(key, "organization", entry["name"], "corpora", identifiers=ids)


def compiled() -> Iterator[Identity]:
    """Yield the entries whose Wikidata ids the project compiled."""
    return read_authority(_COMPILED)


def one_of_each(sources: Mapping[str, Iterable[Identity]]) -> dict[str, list[Identity]]:
    """Return the identities of each source, each one once: in the first source that has it, with what the others tell.

    A person is the same when a full name and a country are, a body when a name that is no acronym is.
    """
    found: dict[str, Identity] = {}
    places: dict[str, str] = {}
    by_name: dict[tuple[str, str], list[str]] = {}
    for source, identities in sources.items():
        for identity in identities:
            first = next(
                (f for name in _keys(identity) for f in by_name.get(name, ()) if _same(found[f], identity)), None
            )
            key = first or identity.id
            found[key] = identity if first is None else _joined(found[first], identity)
            places.setdefault(key, source)
            for name in _keys(found[key]):
                by_name.setdefault(name, []).append(key)
    return {source: [i for key, i in found.items() if places[key] == source] for source in sources}


def _keys(identity: Identity) -> list[tuple[str, str]]:
    if identity.type == "person":
        return [("person", normal_name(n, "person")) for n in identity.names if " " in n or "-" in n]
    if identity.type == "organization":
        return [("organization", body_name(n).key) for n in identity.names if n == identity.name or not is_acronym(n)]
    return []


def _same(one: Identity, other: Identity) -> bool:
    if one.type == "organization":
        return True
    years = one.born is None or other.born is None or one.born == other.born
    return bool(set(one.countries) & set(other.countries)) and years


def _joined(one: Identity, other: Identity) -> Identity:
    """Return what two sources tell of one, under the first one's id."""
    titles = {(o.title, o.country) for o in one.offices}
    names = (*one.aliases, other.name, *other.aliases)
    schemes = {scheme for scheme, _ in one.identifiers}
    ids = (*one.identifiers, *(pair for pair in other.identifiers if pair[0] not in schemes))
    return replace(
        one,
        aliases=tuple(dict.fromkeys(n for n in names if n != one.name)),
        identifiers=tuple(sorted(ids, key=lambda pair: pair[0] != "wikidata")),
        offices=(*one.offices, *(o for o in other.offices if (o.title, o.country) not in titles)),
        countries=tuple(dict.fromkeys((*one.countries, *other.countries))),
        born=one.born or other.born,
        died=one.died or other.died,
    )


def write(out: Path, name: str, about: dict[str, str], found: Iterable[Identity]) -> int:
    """Write one file of identities and return how many it holds."""
    records = [{k: v for k, v in record_of(i).items() if k != "source"} for i in sorted(found, key=lambda i: i.id)]
    lines = ",\n".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in records)
    head = json.dumps(about, ensure_ascii=False)
    (out / f"{name}.json").write_text(f'{{"about": {head},\n"identities": [\n{lines}\n]}}\n', encoding="utf-8")
    return len(records)


def main() -> None:
    """Write every file."""
    parser = argparse.ArgumentParser(prog="identities", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of sources")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    asked = parser.parse_args()
    knowledge: Path = asked.folder
    asked.out.mkdir(exist_ok=True)
    sources = {
        "congress-legislators": legislators(knowledge / "congress-legislators"),
        "factbook": [*office_holders(knowledge / "factbook"), *countries(knowledge / "factbook")],
        "petrarch": international_bodies(knowledge / "oeda-dictionaries" / "Phoenix.International.actors.txt"),
        "corpora": companies(knowledge / "dariusk-corpora" / "data" / "corporations"),
        "compiled": compiled(),
    }
    for name, found in one_of_each(sources).items():
        print(name, write(asked.out, name, _ABOUT[name], found))


_IDS = "Wikidata ids of leaders, bodies and companies compiled by the project, 2026-11, CC0-1.0"
_ABOUT = {
    "congress-legislators": {
        "source": f"github.com/unitedstates/congress-legislators, commit dfa9622; {_IDS}",
        "date": "2026-06",
        "licence": "CC0-1.0",
    },
    "factbook": {
        "source": "The World Factbook as JSON, github.com/factbook/factbook.json, commit 8662a8b; Wikidata ids of "
        f"countries from rigour 2.6.1, CC0-1.0; {_IDS}",
        "date": "2026-01",
        "licence": "public domain; ids CC0-1.0",
    },
    "petrarch": {
        "source": "PETRARCH international actors, github.com/openeventdata/Dictionaries, commit aa75b79; " + _IDS,
        "date": "2014-01",
        "licence": "MIT; ids CC0-1.0",
    },
    "corpora": {
        "source": f"NASDAQ 100 and Dow Jones companies, github.com/dariusk/corpora, commit cf30ca2; {_IDS}",
        "date": "2014",
        "licence": "CC0-1.0",
    },
    "compiled": {
        "source": "Compiled by the project: leaders, international bodies and large companies with their Wikidata ids",
        "date": "2026-11",
        "licence": "CC0-1.0",
    },
}


if __name__ == "__main__":
    main()
