"""A user's own authority file, read into identities: CSV, JSON lines, or Popolo.

CSV has a header; the columns are those of JSON lines, several values of one parted by ";": ``id`` and ``name``, then
``type`` (person or organization, person by default), ``aliases``, ``identifiers`` (``scheme=id``), ``offices``
(``title|organization|country|start|end``), ``countries``, ``born`` and ``died`` (years or dates).

Nothing is taken for right that cannot be: a Wikidata id is Q and a number, a date is one of the calendar, nobody died
before being born, no id and no Wikidata id is that of two entries.

Source: Popolo, http://www.popoloproject.com/specs.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from app.domain.annotation import EntityType
from app.errors import InputError
from app.knowledge.identities import Identity, IdentityOffice

_TYPES: dict[str, EntityType] = {"person": "person", "organization": "organization"}
_FIELDS = frozenset({"id", "name", "type", "aliases", "identifiers", "offices", "countries", "born", "died"})
_LONGEST_ID, _LONGEST_NAME = 60, 200
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)
_ID = re.compile(r"[\w.:/-]+")
_WIKIDATA = re.compile(r"Q[1-9]\d{0,11}", re.ASCII)
_OFFICE_PARTS = 5
_HEADER = "line 1"
_NO_POPOLO = ("the file", "is not Popolo: it has neither persons nor organizations")


def read_authority(path: Path) -> Iterator[Identity]:
    """Yield the identities of a file, by its name's end: ``.csv``, ``.jsonl`` or ``.ndjson``, ``.json`` (Popolo).

    Raises: InputError naming the line or the entry at fault, and the field.
    """
    first: dict[tuple[str, str], str] = {}
    for place, identity in _read(path):
        keys = [("id", identity.id), *(pair for pair in identity.identifiers if pair[0] == "wikidata")]
        for name, value in keys:
            if first.setdefault((name, value), place) != place:
                field = "id" if name == "id" else "identifiers"
                raise InputError(place, f"{field}: {value[:_LONGEST_ID]} is that of {first[name, value]} already")
        yield identity


def _read(path: Path) -> Iterator[tuple[str, Identity]]:
    """Yield the identities of a file, each with its place there."""
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
    if len(key) > _LONGEST_ID or _ID.fullmatch(key) is None:
        raise InputError(place, f"id is made of at most {_LONGEST_ID} letters, digits and . : / - _")
    kind = str(record.get("type") or "person")
    if kind not in _TYPES:
        raise InputError(place, "type is person or organization")
    born, died = _date(record, "born", place), _date(record, "died", place)
    _check_order(born, died, place, "died is before born")
    return Identity(
        id=key,
        type=_TYPES[kind],
        name=name,
        source=source,
        aliases=tuple(dict.fromkeys(_strings(record, "aliases", place))),
        identifiers=tuple(dict.fromkeys(_identifiers(record, place))),
        offices=tuple(_offices(record, place)),
        countries=tuple(_strings(record, "countries", place)),
        born=None if born is None else int(born[:4]),
        died=None if died is None else int(died[:4]),
    )


def _read_csv(text: str, source: str) -> Iterator[tuple[str, Identity]]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        header = [name.strip() for name in next(rows, ())]
        _check_header(header)
        number = rows.line_num + 1
        for values in rows:
            place = f"line {number}"
            number = rows.line_num + 1  # a value may hold lines of its own
            if values:
                yield place, identity_from(_csv_record(header, values, place), source, place)
    except csv.Error as error:
        place = f"line {number}"
        raise InputError(place, f"is not CSV: {error}") from error


def _check_header(names: list[str]) -> None:
    for name in ("id", "name"):
        if name not in names:
            raise InputError(_HEADER, f"the header has no column {name}")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(_HEADER, f"the header has {twice[:40]} twice")


def _csv_record(header: list[str], values: list[str], place: str) -> dict[str, Any]:
    if len(values) > len(header):
        raise InputError(place, "has more values than the header has columns")
    record: dict[str, Any] = {name: value.strip() for name, value in zip(header, values, strict=False) if value.strip()}
    for name in ("aliases", "countries", "identifiers", "offices"):
        if name in record:
            record[name] = [part.strip() for part in record[name].split(";") if part.strip()]
    if "identifiers" in record:
        record["identifiers"] = [_pair(part, place) for part in record["identifiers"]]
    if "offices" in record:
        record["offices"] = [_office_of(part, place) for part in record["offices"]]
    return record


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


def _read_lines(text: str, source: str) -> Iterator[tuple[str, Identity]]:
    # JSON may hold signs that end a line elsewhere, such as U+2028.
    for number, line in enumerate(text.split("\n"), 1):
        place = f"line {number}"
        if line.strip():
            yield place, identity_from(_object(line, place), source, place)


def _object(text: str, place: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError(place, "is not JSON") from error
    if not isinstance(found, dict):
        raise InputError(place, "is not an object")
    return found


def _read_popolo(text: str, source: str) -> Iterator[tuple[str, Identity]]:
    content = _object(text, "the file")
    if content.get("persons") is None and content.get("organizations") is None:
        raise InputError(*_NO_POPOLO)
    parts = {name: _dicts(content, name, "the file") for name in ("persons", "organizations", "memberships", "posts")}
    names = {_key(o, "id"): o.get("name") for o in parts["organizations"]}
    posts = {_key(post, "id"): post for post in parts["posts"]}
    offices: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for membership in parts["memberships"]:
        post = posts.get(_key(membership, "post_id"), {})
        title = membership.get("label") or membership.get("role") or post.get("label") or post.get("role")
        body = _key(membership, "organization_id") or _key(post, "organization_id")
        if title:
            offices[_key(membership, "person_id")].append(
                _present(
                    title=title,
                    organization=names.get(body),
                    start=membership.get("start_date"),
                    end=membership.get("end_date"),
                )
            )
    for kind, plural in (("person", "persons"), ("organization", "organizations")):
        for number, entry in enumerate(parts[plural], 1):
            place = f"{plural} {number}"
            record = _present(
                id=entry.get("id"),
                type=kind,
                name=entry.get("name"),
                aliases=[name for n in _dicts(entry, "other_names", place) if (name := n.get("name"))],
                identifiers=[
                    _present(scheme=i.get("scheme"), id=i.get("identifier"))
                    for i in _dicts(entry, "identifiers", place)
                ],
                offices=offices.get(_key(entry, "id"), []),
                born=entry.get("birth_date"),
                died=entry.get("death_date"),
            )
            yield place, identity_from(record, source, place)


def _key(record: Mapping[str, Any], name: str) -> str:
    """Return an id that a record of Popolo names, "" when it names none."""
    value = record.get(name)
    return value if isinstance(value, str) else ""


def _present(**values: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    return {name: value for name, value in values.items() if value not in (None, "")}


def _words(record: Mapping[str, Any], name: str, place: str, field: str = "") -> str:
    """Return a text of a record; ``field`` is the list that the record is of, for what is said of it."""
    value = record.get(name)
    called = f"{field}: {name}" if field else name
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_NAME or "\0" in value:
        raise InputError(place, f"{called} is missing, or is no text of at most {_LONGEST_NAME} letters")
    if not any(map(str.isalnum, value)):
        raise InputError(place, f"{called} has no letter and no digit")
    return " ".join(value.split())


def _strings(record: Mapping[str, Any], name: str, place: str) -> Iterable[str]:
    values = record.get(name)
    if values is not None and not isinstance(values, list):
        raise InputError(place, f"{name} is a list of texts")
    return [_words({name: value}, name, place) for value in values or ()]


def _identifiers(record: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    for value in _dicts(record, "identifiers", place):
        strange = sorted(set(value) - {"scheme", "id"})
        if strange:
            raise InputError(place, f"identifiers: a field is not known: {strange[0][:40]}")
        scheme, key = (_words(value, name, place, "identifiers") for name in ("scheme", "id"))
        if (scheme := scheme.casefold()) == "wikidata" and _WIKIDATA.fullmatch(key) is None:
            raise InputError(place, f"identifiers: a Wikidata id is Q and a number, such as Q42, not {key[:40]}")
        yield scheme, key


def _offices(record: Mapping[str, Any], place: str) -> Iterator[IdentityOffice]:
    for value in _dicts(record, "offices", place):
        strange = sorted(set(value) - {"title", "organization", "country", "start", "end"})
        if strange:
            raise InputError(place, f"an office has a field that is not known: {strange[0][:40]}")
        told = {name: kept for name, kept in value.items() if kept is not None}
        title, organization, country = (
            _words(told, name, place, "offices") if name in {"title", *told} else None
            for name in ("title", "organization", "country")
        )
        start, end = (_date(told, name, place, "offices") for name in ("start", "end"))
        _check_order(start, end, place, "offices: end is before start")
        yield IdentityOffice(str(title), organization, country, start, end)


def _dicts(record: Mapping[str, Any], name: str, place: str) -> list[dict[str, Any]]:
    values = record.get(name)
    if values is None:
        return []
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise InputError(place, f"{name} is a list of objects")
    return values


def _date(record: Mapping[str, Any], name: str, place: str, field: str = "") -> str | None:
    """Return a year, a month or a day of the calendar as ISO 8601 writes it, or None."""
    value = record.get(name)
    if value is None:
        return None
    words = str(value).strip()
    try:
        date.fromisoformat(f"{words}-01-01"[:10] if _DATE.fullmatch(words) else "")
    except ValueError as error:
        called = f"{field}: {name}" if field else name
        raise InputError(place, f"{called} is a year or a date (YYYY-MM-DD), not {words[:40]}") from error
    return words


def _check_order(first: str | None, last: str | None, place: str, wrong: str) -> None:
    # What both say is compared: 2020 is not before 2020-05.
    if first is not None and last is not None:
        length = min(len(first), len(last))
        if last[:length] < first[:length]:
            raise InputError(place, wrong)
