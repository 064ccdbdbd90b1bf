"""Lexicons of countries and titles, made from a folder of public sources: ``python -m app.training.lexicons``.

Source: The World Factbook as JSON (public domain), the agents dictionary of PETRARCH (MIT), the occupations of
dariusk/corpora (CC0), each in a folder of its own with a README that says which version it is; and what
`app.training.news_forms` adds. The output is the same for the same folder.
"""

from __future__ import annotations

import argparse
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from app.annotate.lexicons import countries
from app.annotate.titles import normal_title, title_head
from app.training.news_forms import (
    COMMON_CAPITALS,
    FACTBOOK_RANKS,
    FACTBOOK_ROLES,
    FACTBOOK_SLIPS,
    NAME_SLIPS,
    NEWS_CAPITALS,
    NEWS_FORMS,
    NEWS_TITLES,
    NO_ROLES,
    PETRARCH_SLIPS,
    ROLES,
    SHARED,
    SHORT_FORMS,
)

OUT = Path(countries.__file__).parent


def words_of(text: str | None) -> str:
    """Return a Factbook field as plain text."""
    plain = re.sub(r"<[^>]+>", " ", html.unescape(html.unescape(text or ""))).replace("\u2019", "'")
    return " ".join(plain.split())


def field(part: Any, *keys: str) -> str:  # noqa: ANN401 - JSON as it comes
    """Return a field of a Factbook country as plain text, "" where it has none."""
    for key in keys:
        part = part.get(key) if isinstance(part, dict) else None
    text = words_of(part.get("text") if isinstance(part, dict) else None)
    return "" if text.casefold() in {"none", "na"} else text


def names_in(text: str) -> list[str]:
    """Return the names in a Factbook name field, without what it adds in brackets and notes."""
    plain = re.sub(r"\([^)]*\)|\bnote\b.*", "", text.partition(";")[0])
    found = [form.strip() for form in ([plain] if " and " in plain else re.split(r",| or |/", plain))]
    tidy = [" ".join(form.split()) for form in found if form not in NAME_SLIPS and form[:1].isupper()]
    return [form for form in tidy if len(form) > len("US") or form in SHORT_FORMS]


def demonyms_in(text: str) -> Iterator[str]:
    """Yield the nouns or adjectives of a nationality field: "Frenchman(men)" are two, "Czech(s)" are two."""
    plain = re.sub(r"\((?:singular|plural|collective|colloquial|US)[^)]*\)|;? ?note\b[^,]*,?|still used.*", "", text)
    for form in re.split(r",| or |/|;|\|", plain):
        bare = form.strip().removeprefix("or ").strip(" ()")
        match = re.fullmatch(r"(.*?)(woman|man) ?\((women|men)", bare) or re.fullmatch(r"(.+)()\((s)", bare)
        if match:
            yield match[1] + match[2]
            yield match[1] + match[3]
        elif bare not in NAME_SLIPS and re.search(r"[A-Z]", bare):
            yield bare


def capitals_in(text: str) -> list[str]:
    """Return the towns in a capital field, with the other names that it gives in brackets."""
    plain = re.split(r";? ?note\b", text)[0]
    found = []
    for part in re.split(r"[;,](?![^(]*\))", plain):
        name, _, inside = part.partition("(")
        found.append(name.strip())
        if not re.search(r"\b(?:capital|seat|on|city|located|base|aka|is)\b", inside):
            found += [other.strip(" )") for other in re.split(r"[/,]", inside)]
    return [name for name in found if name]


def read_countries(factbook: Path) -> dict[str, dict[str, Any]]:
    """Return the entries of the countries lexicon by their names."""
    raw: dict[str, dict[str, Any]] = {}
    for path in sorted(factbook.glob("*/*.json"), key=lambda p: p.stem):
        content = json.loads(path.read_text(encoding="utf-8"))
        government, code = content.get("Government", {}), path.stem
        named = government.get("Country name") or government.get("Union name") or {}
        prefixes = ("conventional", "official")
        short = [n for p in prefixes for n in names_in(field(named, f"{p} short form"))]
        long = [n for p in prefixes for n in names_in(field(named, f"{p} long form"))]
        nation = content.get("People and Society", {}).get("Nationality", {})
        peoples = [d for kind in ("noun", "adjective") for d in demonyms_in(field(nation, kind))]
        capitals = capitals_in(field(government, "Capital", "name"))
        if code in NEWS_CAPITALS:
            capitals = NEWS_CAPITALS[code][0].split("|")
        news, more_names, more_demonyms = NEWS_FORMS.get(code, ("", "", ""))
        if not (news or peoples or capitals):
            continue  # seas, and islands where nobody lives
        name = news or short[0]
        entry = raw.setdefault(code, {"name": name})
        entry["kind"] = "body" if code == "ee" else "territory" if is_territory(government, code) else "country"
        entry["names"] = [*short, *long, *names_in(field(named, "abbreviation")), *filter(None, more_names.split("|"))]
        own, extra = ([], more_demonyms[2:]) if more_demonyms.startswith("-|") else (peoples, more_demonyms)
        entry["demonyms"] = [*own, *demonyms_in(extra)]
        entry["capitals"] = [c for c in capitals if c and not (entry["kind"] == "territory" and c in COMMON_CAPITALS)]
    return settled(raw)


def is_territory(government: dict[str, Any], code: str) -> bool:
    """Say whether an entry is no sovereign country."""
    return bool(government.get("Dependency status")) or code in {"gz", "we", "wi", "hk", "mc"}


def settled(raw: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the entries with every form in one entry only: a country's before a territory's, else by `SHARED`."""
    names = {form_key(form) for entry in raw.values() for form in (entry["name"], *entry["names"])}
    made: dict[str, dict[str, Any]] = {}
    for kind in ("names", "demonyms", "capitals"):
        owners: dict[str, set[str]] = defaultdict(set)
        for code, entry in raw.items():
            for form in entry[kind]:
                owners[form_key(form)].add(code)
        for code, entry in raw.items():
            empty = {"kind": entry["kind"], "names": [], "demonyms": [], "capitals": []}
            target = made.setdefault(entry["name"], empty)
            seen = {form_key(form) for form in target[kind]} | ({form_key(entry["name"])} if kind == "names" else set())
            for form in entry[kind]:
                key = form_key(form)
                if key in seen or (kind == "demonyms" and key in names) or owner(key, owners[key], raw) != code:
                    continue
                seen.add(key)
                target[kind].append(form)
    return dict(sorted(made.items()))


def owner(key: str, codes: set[str], raw: dict[str, dict[str, Any]]) -> str | None:
    """Return the one code that a form belongs to, or None where it cannot be told."""
    sovereign = {code for code in codes if raw[code]["kind"] != "territory"} or codes
    one: str | None = SHARED.get(key)
    if one is None and len(sovereign) == 1:
        (one,) = sovereign
    return one


def form_key(form: str) -> str:
    """Return the key by which `country_of` finds a form."""
    return countries.fold(form).removeprefix("the ")


def factbook_roles(factbook: Path) -> Iterator[str]:
    """Yield the titles before the names of chiefs of state, of governments and of missions.

    A title ends where names begin: it is the longest run of ranks and heads from the start that ends in a head.
    """
    heads = ROLES | FACTBOOK_ROLES
    for path in sorted(factbook.glob("*/*.json"), key=lambda p: p.stem):
        government = json.loads(path.read_text(encoding="utf-8")).get("Government", {})
        for section, key in (
            ("Executive branch", "chief of state"),
            ("Executive branch", "head of government"),
            ("Diplomatic representation in the US", "chief of mission"),
            ("Diplomatic representation from the US", "chief of mission"),
        ):
            for part in re.split(r"[;)]|represented by|\(vacant", field(government, section, key)):
                run = re.match(r"(?:\s*[A-Za-z][a-z'-]+(?=\s|$)|\s*Charg\u00e9)*", part)
                tokens = [t for t in normal_tokens(run[0] if run else "") if t]
                known = next((i for i, t in enumerate(tokens) if t not in FACTBOOK_RANKS | heads), len(tokens))
                while known and tokens[known - 1] not in heads | {"d'affaires"}:
                    known -= 1
                run_of_titles = " ".join(tokens[:known])
                if known and run_of_titles not in FACTBOOK_SLIPS:
                    yield from run_of_titles.split(" and ")


def normal_tokens(text: str) -> list[str]:
    """Return the folded words of ``text``, hyphens as spaces."""
    return countries.fold(text).replace("-", " ").split()


def petrarch_roles(path: Path) -> Iterator[str]:
    """Yield the roles of people among PETRARCH's agents."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        match = re.match(r"([!A-Z][A-Z!_'., -]*?)_?\s*(?:\{[^}]*\})?\s*\[[^\]]*\]", line)
        if match and "~CRM" not in line:
            words = match[1].replace("!MINIST!", "MINISTER").replace("!PERSON!", "MAN").replace("_", " ").casefold()
            words = re.sub(r" (?:at|for|to)$", "", re.sub(r"\bminist\b", "minister", words).strip())
            title = normal_title(words)
            if title_head(title) in ROLES and not re.search(PETRARCH_SLIPS, words):
                yield title


def occupations(path: Path) -> Iterator[str]:
    """Yield the occupations of people."""
    for words in json.loads(path.read_text(encoding="utf-8"))["occupations"]:
        if title_head(words) not in NO_ROLES:
            yield words


def read_titles(knowledge: Path) -> dict[str, list[str]]:
    """Return the normal forms of titles by source, each under the first source that has it."""
    sources: dict[str, Iterable[str]] = {
        "factbook": factbook_roles(knowledge / "factbook"),
        "petrarch": petrarch_roles(knowledge / "oeda-dictionaries" / "Phoenix.agents.txt"),
        "occupations": occupations(knowledge / "dariusk-corpora" / "data" / "humans" / "occupations.json"),
        "news": NEWS_TITLES,
    }
    seen: set[str] = set()
    titles: dict[str, list[str]] = {}
    for source, given in sources.items():
        titles[source] = sorted({normal_title(title) for title in given} - seen)
        seen.update(titles[source])
    return titles


def origin(folder: Path) -> str:
    """Return the line of a source's README that says where it comes from."""
    return (folder / "README").read_text(encoding="utf-8").splitlines()[0].removeprefix("origin: ")


def write(path: Path, about: dict[str, str], parts: dict[str, Any]) -> None:
    """Write a lexicon, an entry a line, so that changes to it can be read."""
    lines = [f'"about": {json.dumps(about, ensure_ascii=False, indent=1)}']
    for name, part in parts.items():
        if isinstance(part, dict):
            pairs = ((json.dumps(key), json.dumps(value, ensure_ascii=False)) for key, value in part.items())
            rows = ",\n".join(f"{key}: {value}" for key, value in pairs)
            lines.append(f'"{name}": {{\n{rows}\n}}')
        else:
            lines.append(f'"{name}": {json.dumps(part, ensure_ascii=False)}')
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(path.name, path.stat().st_size)


def main() -> None:
    """Make both files anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--knowledge", type=Path, required=True, help="folder of the sources")
    knowledge = parser.parse_args().knowledge
    factbook = knowledge / "factbook"
    news = "forms of English news style compiled for the project, licence as the project"
    entries = read_countries(factbook)
    write(
        OUT / "countries.json",
        {"factbook": origin(factbook), "licence": "public domain (CC0 1.0)", "date": "early 2026", "news": news},
        {"countries": entries},
    )
    titles = read_titles(knowledge)
    heads = sorted({title_head(title) for source in titles.values() for title in source})
    write(
        OUT / "titles.json",
        {
            "factbook": origin(factbook),
            "petrarch": origin(knowledge / "oeda-dictionaries") + "; Copyright (c) 2014 Open Event Data Alliance",
            "occupations": origin(knowledge / "dariusk-corpora"),
            "news": news,
            "date": "early 2026",
        },
        {"titles": titles, "heads": heads},
    )


if __name__ == "__main__":
    main()
