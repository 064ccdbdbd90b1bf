"""Authority files: CSV, JSON lines and Popolo, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.errors import InputError
from app.knowledge.authority_files import read_authority
from app.knowledge.identities import (
    Identity,
    IdentityOffice,
    identity_of,
    record_of,
    shipped_identities,
    shipped_sources,
)

ODUYA = Identity(
    id="local:1",
    type="person",
    name="Marta Oduya",
    source="people",
    aliases=("Marta K. Oduya",),
    identifiers=(("wikidata", "Q1"),),
    offices=(IdentityOffice("Defense Minister", "Ministry of Defense", "Kenya", "2020-01-02", None),),
    countries=("Kenya",),
    born=1960,
    died=None,
)


def written(folder: Path, name: str, text: str) -> list[Identity]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return list(read_authority(path))


def test_csv(tmp_path: Path) -> None:
    text = (
        "id,name,aliases,identifiers,offices,countries,born\n"
        "local:1,Marta Oduya,Marta K. Oduya,wikidata=Q1,"
        "Defense Minister|Ministry of Defense|Kenya|2020-01-02|,Kenya,1960-05-06\n"
    )
    assert written(tmp_path, "people.csv", text) == [ODUYA]


def test_json_lines(tmp_path: Path) -> None:
    record = {
        "id": "local:1",
        "name": "Marta Oduya",
        "aliases": ["Marta K. Oduya"],
        "identifiers": [{"scheme": "wikidata", "id": "Q1"}],
        "offices": [
            {
                "title": "Defense Minister",
                "organization": "Ministry of Defense",
                "country": "Kenya",
                "start": "2020-01-02",
            }
        ],
        "countries": ["Kenya"],
        "born": 1960,
    }
    assert written(tmp_path, "people.jsonl", json.dumps(record) + "\n\n") == [ODUYA]


def test_popolo(tmp_path: Path) -> None:
    content = {
        "persons": [
            {
                "id": "local:1",
                "name": "Marta Oduya",
                "other_names": [{"name": "Marta K. Oduya"}],
                "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
                "birth_date": "1960-05-06",
            }
        ],
        "organizations": [{"id": "o1", "name": "Ministry of Defense"}],
        "memberships": [
            {"person_id": "local:1", "organization_id": "o1", "role": "Defense Minister", "start_date": "2020-01-02"}
        ],
    }
    person, body = written(tmp_path, "people.json", json.dumps(content))
    assert person.offices == (IdentityOffice("Defense Minister", "Ministry of Defense", None, "2020-01-02", None),)
    assert (person.name, person.aliases, person.born) == ("Marta Oduya", ("Marta K. Oduya",), 1960)
    assert (body.id, body.type) == ("o1", "organization")


def test_a_post_of_popolo_says_what_a_membership_leaves_out(tmp_path: Path) -> None:
    content = {
        "persons": [{"id": "a", "name": "Marta Oduya", "birth_date": "", "death_date": None}],
        "organizations": [{"id": "o1", "name": "City Council"}],
        "posts": [{"id": "p1", "label": "Councilor", "organization_id": "o1"}],
        "memberships": [
            {"person_id": "a", "post_id": "p1", "start_date": "2020", "end_date": "2020-05"},
            {"person_id": "a", "post_id": "p2"},
        ],
    }
    person, _ = written(tmp_path, "people.json", json.dumps(content))
    assert person.offices == (IdentityOffice("Councilor", "City Council", None, "2020", "2020-05"),)
    assert person.born is None


def test_a_line_of_json_may_hold_signs_that_end_a_line_elsewhere(tmp_path: Path) -> None:
    text = '{"id": "a", "name": "Marta\u2028Oduya"}\r\n{"id": "b", "name": "Ana Ruiz"}\r\n'
    assert [found.name for found in written(tmp_path, "people.jsonl", text)] == ["Marta Oduya", "Ana Ruiz"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("x.txt", "", "none of"),
        ("x.csv", "id,name\na,b,c\n", "more values"),
        ("x.csv", "id,name,identifiers\na,B C,Q1\n", "scheme=id"),
        ("x.csv", "id,name,offices\na,B C,a|b|c|d|e|f\n", "title"),
        ("x.jsonl", "{", "line 1: is not JSON"),
        ("x.jsonl", "[]", "not an object"),
        ("x.jsonl", '{"name": "A B"}', "id is missing"),
        ("x.jsonl", '{"id": "a b", "name": "A B"}', "id is made of"),
        ("x.jsonl", '{"id": "a", "name": ""}', "name is missing"),
        ("x.jsonl", '{"id": "a", "name": "A B", "type": "place"}', "type is"),
        ("x.jsonl", '{"id": "a", "name": "A B", "gender": "f"}', "not known: gender"),
        ("x.jsonl", '{"id": "a", "name": "A B", "aliases": "x"}', "list of texts"),
        ("x.jsonl", '{"id": "a", "name": "A B", "offices": ["x"]}', "list of objects"),
        ("x.jsonl", '{"id": "a", "name": "A B", "offices": [{"role": "x"}]}', "not known: role"),
        ("x.jsonl", '{"id": "a", "name": "A B", "offices": [{"country": "x"}]}', "title is missing"),
        ("x.jsonl", '{"id": "a", "name": "A B", "born": "soon"}', "born is a year"),
        ("x.json", '{"people": []}', "not Popolo"),
        ("x.csv", "", "line 1: the header has no column id"),
        ("x.csv", "Marta Oduya,Kenya\n", "line 1: the header has no column id"),
        ("x.csv", "id,name,born,born\n", "line 1: the header has born twice"),
        ("x.csv", 'id,name\na,"B C" D\n', "line 2: is not CSV"),
        ("x.csv", 'id,name\na,"B C\n', "line 2: is not CSV"),
        ("x.csv", 'id,name\na,"B\nC"\n\nb,\n', "line 5: name is missing"),
        ("x.csv", "id,name,identifiers\na,B C,wikidata=567\n", "line 2: identifiers: a Wikidata id is Q and a number"),
        ("x.csv", "id,name,identifiers\na,B C,wikidata=\n", "line 2: identifiers: id is missing"),
        ("x.jsonl", '{"id": "a", "name": "A B", "identifiers": [{"scheme": "Wikidata", "id": "q7"}]}', "Q42, not q7"),
        ("x.jsonl", '{"id": "a", "name": "A B", "identifiers": [{"type": "x", "id": "q7"}]}', "not known: type"),
        ("x.jsonl", '{"id": "a", "name": "A B"}\n\n{"id": "a", "name": "A C"}', "line 3: id: a is that of line 1"),
        (
            "x.csv",
            "id,name,identifiers\na,B,wikidata=Q7\nb,C,wikidata=Q7\n",
            "line 3: identifiers: Q7 is that of line 2",
        ),
        ("x.jsonl", '{"id": "a", "name": "--"}', "name has no letter"),
        ("x.jsonl", '{"id": "a", "name": "A B", "aliases": [""]}', "aliases is missing"),
        ("x.jsonl", '{"id": "a", "name": "A B", "aliases": false}', "list of texts"),
        ("x.jsonl", '{"id": "a", "name": "A B", "offices": 0}', "list of objects"),
        ("x.jsonl", '{"id": "a", "name": "A B", "born": "1960-13-01"}', "born is a year or a date .*, not 1960-13-01"),
        ("x.jsonl", '{"id": "a", "name": "A B", "born": "2001-02-29"}', "born is a year"),
        ("x.jsonl", '{"id": "a", "name": "A B", "born": true}', "born is a year"),
        ("x.jsonl", '{"id": "a", "name": "A B", "born": 0}', "born is a year"),
        ("x.jsonl", '{"id": "a", "name": "A B", "born": "1960-05", "died": 1959}', "died is before born"),
        ("x.csv", "id,name,offices\na,B C,Mayor|||soon|\n", "line 2: offices: start is a year"),
        ("x.csv", "id,name,offices\na,B C,Mayor|||2020-05-02|2020-05-01\n", "line 2: offices: end is before start"),
        ("x.json", '{"persons": {}}', "persons is a list of objects"),
        ("x.json", '{"persons": ["x"]}', "persons is a list of objects"),
        ("x.json", '{"persons": [], "memberships": [7]}', "memberships is a list of objects"),
        ("x.json", '{"persons": [{"name": "A B"}]}', "persons 1: id is missing"),
        (
            "x.json",
            '{"persons": [{"id": "a", "name": "A B", "other_names": ["C"]}]}',
            "persons 1: other_names is a list",
        ),
        (
            "x.json",
            '{"persons": [{"id": "a", "name": "A B", "identifiers": [{"scheme": "wikidata"}]}]}',
            "id is missing",
        ),
        ("x.json", '{"persons": [{"id": "a", "name": "A B", "birth_date": "May"}]}', "persons 1: born is a year"),
        (
            "x.json",
            '{"persons": [{"id": "a", "name": "A"}], "organizations": [{"id": "a", "name": "B"}]}',
            "organizations 1: id",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        written(tmp_path, name, text)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        list(read_authority(tmp_path / "x.csv"))


def test_a_record_gives_its_identity_back() -> None:
    assert identity_of(record_of(ODUYA)) == ODUYA


def test_what_ships_says_source_date_and_licence() -> None:
    sources = {source["name"]: source for source in shipped_sources()}
    assert set(sources) == {"compiled", "congress-legislators", "corpora", "factbook", "petrarch"}
    licences = {"CC0-1.0", "MIT; ids CC0-1.0", "public domain; ids CC0-1.0"}
    assert all(source["licence"] in licences for source in sources.values())
    assert all(source["date"] and source["identities"] for source in sources.values())


def test_legislators_ship_with_wikidata_ids() -> None:
    found = [i for i in shipped_identities().by_id.values() if i.source == "congress-legislators"]
    assert sum(dict(i.identifiers).get("wikidata", "").startswith("Q") for i in found) > 500


def test_countries_ship_with_wikidata_ids() -> None:
    found = {i.name: dict(i.identifiers) for i in shipped_identities().by_id.values() if i.id.startswith("country:")}
    assert (found["France"]["wikidata"], found["Kenya"]["wikidata"]) == ("Q142", "Q114")
    assert sum("wikidata" in identifiers for identifiers in found.values()) > 0.95 * len(found)


@pytest.mark.parametrize(
    ("name", "wikidata"),
    [
        ("Emmanuel Macron", "Q3052772"),
        ("Angela Merkel", "Q567"),
        ("Barack Obama", "Q76"),
        ("Charles III", "Q43274"),
        ("North Atlantic Treaty Organization", "Q7184"),
        ("UN refugee agency", "Q132551"),
        ("Toyota Motor Corp.", "Q53268"),
        ("Microsoft", "Q2283"),
    ],
)
def test_leaders_bodies_and_companies_ship_once_with_wikidata_ids(name: str, wikidata: str) -> None:
    found = [i for i in shipped_identities().by_id.values() if name in i.names]
    assert [dict(i.identifiers).get("wikidata") for i in found] == [wikidata]


def test_no_wikidata_id_is_that_of_two() -> None:
    ids = [dict(i.identifiers).get("wikidata") for i in shipped_identities().by_id.values()]
    known = [key for key in ids if key is not None]
    assert len(known) == len(set(known)) > 1_100
    assert all(key.startswith("Q") and key[1:].isdigit() for key in known)
