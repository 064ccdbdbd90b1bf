"""A user's own authority file, read into identities: CSV, JSON lines, or Popolo.

CSV has a header; the columns are those of JSON lines, several values of one parted by ";": ``id`` and ``name``, then
``type`` (person or organization, person by default), ``aliases``, ``identifiers`` (``scheme=id``), ``offices``
(``title|organization|country|start|end``), ``countries``, ``born`` and ``died`` (years or dates).

Source: Popolo, http://www.popoloproject.com/specs.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from app.domain.annotation import EntityType
from app.errors import InputError
from app.knowledge.identities import Identity, IdentityOffice

_TYPES: dict[str, EntityType] = {"person": "person", "organization": "organization"}
_FIELDS = frozenset({"id", "name", "type", "aliases", "identifiers", "offices", "countries", "born", "died"})
_LONGEST_ID, _LONGEST_NAME = 60, 200
_YEAR = re.compile(r"(\d{4})(?:-\d{2}(?:-\d{2})?)?")
_OFFICE_PARTS = 5
_NO_POPOLO = ("the file", "is not Popolo: it has neither persons nor organizations")


def read_authority(path: Path) -> Iterator[Identity]:
    """Yield the identities of a file, by its name's end: ``.csv``, ``.jsonl`` or ``.ndjson``, ``.json`` (Popolo).

    Raises: InputError naming the line or the entry at fault.
    """
    source = path.stem[:_LONGEST_NAME]
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(path.name, "is not UTF-8") from error
    suffix = path.suffix.casefold()
    if suffix == ".csv":
        yield from _read_csv(text, source)
    elif suffix in (".jsonl", ".ndjson"):
        yield from _read_lines(text, source)
    elif suffix == ".json":
        yield from _read_popolo(text, source)
    else:
        raise InputError(path.name, "is none of .csv, .jsonl, .ndjson and .json (Popolo)")


def identity_from(record: Mapping[str, Any], source: str, place: str) -> Identity:
    """Return the identity that a record of a file holds.

    Raises: InputError naming ``place`` and the field at fault.
    """
    strange = sorted(set(record) - _FIELDS)
    if strange:
        raise InputError(place, f"has a field that is not known: {strange[0][:40]}")
    key, name = _words(record, "id", place), _words(record, "name", place)
    if len(key) > _LONGEST_ID or not re.fullmatch(r"[\w.:/-]+", key):
        raise InputError(place, f"id is made of at most {_LONGEST_ID} letters, digits and . : / - _")
    kind = str(record.get("type") or "person")
    if kind not in _TYPES:
        raise InputError(place, "type is person or organization")
    return Identity(
        id=key,
        type=_TYPES[kind],
        name=name,
        source=source,
        aliases=tuple(dict.fromkeys(_strings(record, "aliases", place))),
        identifiers=tuple(_identifiers(record, place)),
        offices=tuple(_offices(record, place)),
        countries=tuple(_strings(record, "countries", place)),
        born=_year(record, "born", place),
        died=_year(record, "died", place),
    )


def _read_csv(text: str, source: str) -> Iterator[Identity]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    for number, row in enumerate(rows, 2):
        place = f"line {number}"
        if None in row:
            raise InputError(place, "has more values than the header has columns")
        record: dict[str, Any] = {key: value for key, value in row.items() if value}
        for name in ("aliases", "countries", "identifiers", "offices"):
            if name in record:
                record[name] = [part.strip() for part in record[name].split(";") if part.strip()]
        if "identifiers" in record:
            record["identifiers"] = [_pair(part, place) for part in record["identifiers"]]
        if "offices" in record:
            record["offices"] = [_office_of(part, place) for part in record["offices"]]
        yield identity_from(record, source, place)


def _pair(part: str, place: str) -> dict[str, str]:
    scheme, equals, key = part.partition("=")
    if not equals:
        raise InputError(place, "identifiers are scheme=id")
    return {"scheme": scheme, "id": key}


def _office_of(part: str, place: str) -> dict[str, str]:
    parts = [p.strip() for p in part.split("|")]
    if len(parts) > _OFFICE_PARTS:
        raise InputError(place, "offices are title|organization|country|start|end")
    names = ("title", "organization", "country", "start", "end")
    return {name: value for name, value in zip(names, parts, strict=False) if value}


def _read_lines(text: str, source: str) -> Iterator[Identity]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield identity_from(_object(line, f"line {number}"), source, f"line {number}")


def _object(text: str, place: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError(place, "is not JSON") from error
    if not isinstance(found, dict):
        raise InputError(place, "is not an object")
    return found


def _read_popolo(text: str, source: str) -> Iterator[Identity]:
    content = _object(text, "the file")
    if not isinstance(content.get("persons", content.get("organizations")), list):
        raise InputError(*_NO_POPOLO)
    names = {o.get("id"): o.get("name") for o in content.get("organizations", ())}
    offices: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for membership in content.get("memberships", ()):
        title = membership.get("label") or membership.get("role")
        if title:
            offices[membership.get("person_id", "")].append(
                _present(
                    title=title,
                    organization=names.get(membership.get("organization_id")),
                    start=membership.get("start_date"),
                    end=membership.get("end_date"),
                )
            )
    for kind, plural in (("person", "persons"), ("organization", "organizations")):
        for number, entry in enumerate(content.get(plural, ()), 1):
            record = _present(
                id=entry.get("id"),
                type=kind,
                name=entry.get("name"),
                aliases=[n["name"] for n in entry.get("other_names", ()) if n.get("name")],
                identifiers=[
                    {"scheme": i.get("scheme"), "id": i.get("identifier")} for i in entry.get("identifiers", ())
                ],
                offices=offices.get(entry.get("id", ""), []),
                born=entry.get("birth_date"),
                died=entry.get("death_date"),
            )
            yield identity_from(record, source, f"{plural} {number}")


def _present(**values: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    return {name: value for name, value in values.items() if value is not None}


def _words(record: Mapping[str, Any], name: str, place: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_NAME or "\0" in value:
        raise InputError(place, f"{name} is missing, or is no text of at most {_LONGEST_NAME} letters")
    return " ".join(value.split())


def _strings(record: Mapping[str, Any], name: str, place: str) -> Iterable[str]:
    values = record.get(name) or []
    if not isinstance(values, list):
        raise InputError(place, f"{name} is a list of texts")
    return [_words({name: value}, name, place) for value in values]


def _identifiers(record: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    for value in _dicts(record, "identifiers", place):
        yield _words(value, "scheme", place), _words(value, "id", place)


def _offices(record: Mapping[str, Any], place: str) -> Iterator[IdentityOffice]:
    for value in _dicts(record, "offices", place):
        strange = sorted(set(value) - {"title", "organization", "country", "start", "end"})
        if strange:
            raise InputError(place, f"an office has a field that is not known: {strange[0][:40]}")
        yield IdentityOffice(**{name: _words(value, name, place) for name in {"title", *value}})


def _dicts(record: Mapping[str, Any], name: str, place: str) -> list[dict[str, Any]]:
    values = record.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise InputError(place, f"{name} is a list of objects")
    return values


def _year(record: Mapping[str, Any], name: str, place: str) -> int | None:
    value = record.get(name)
    if value is None:
        return None
    match = _YEAR.fullmatch(str(value))
    if match is None:
        raise InputError(place, f"{name} is a year or a date (YYYY-MM-DD)")
    return int(match[1])
