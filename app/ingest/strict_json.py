"""JSON read strictly: one value, UTF-8, no doubled names, no NaN, no half surrogate pairs, no bottomless nesting."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NoReturn

from app.ingest.faults import Fault, FieldsError, NotJsonError

MOST_FAULTS = 20
MOST_DEPTH = 64
_TOO_DEEP = f"nested deeper than {MOST_DEPTH}"
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def read_object(body: bytes) -> dict[str, object]:
    """Return the JSON object that ``body`` holds.

    Raises: NotJsonError saying where the JSON breaks; FieldsError when it is no object, names a field twice or
    escapes half a surrogate pair.
    """
    value = read_value(body)
    if not isinstance(value, dict):
        raise FieldsError((Fault("", "must be a JSON object"),))
    broken = tuple(islice(_surrogate_faults(value), MOST_FAULTS))
    if broken:
        raise FieldsError(broken)
    return value


def read_value(body: bytes) -> object:
    """Return the JSON value that ``body`` holds.

    Raises: NotJsonError saying where the JSON breaks; FieldsError when an object names a field twice.
    """
    try:
        source = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"not UTF-8 at byte {error.start}"
        raise NotJsonError(msg) from error
    try:
        value: object = json.loads(source, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in source.rstrip() else ""
        msg = f"not JSON: {error.msg.removesuffix(' at')} at {line}column {error.colno}"
        raise NotJsonError(msg) from error
    except RecursionError:
        raise NotJsonError(_TOO_DEEP) from None
    except ValueError as error:
        # Python refuses to read an integer of thousands of digits.
        msg = "a number is too long"
        raise NotJsonError(msg) from error
    if _deeper(value, MOST_DEPTH):
        raise NotJsonError(_TOO_DEEP)
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        doubled = (name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise FieldsError(Fault(shown(name), "is given twice") for name in islice(doubled, MOST_FAULTS))
    return found


def _deeper(value: object, most: int) -> bool:
    """Say whether more than ``most`` arrays and objects lie in each other."""
    level: list[object] = [value]
    for _ in range(most + 1):
        inside = [part.values() if isinstance(part, dict) else part for part in level if isinstance(part, dict | list)]
        if not inside:
            return False
        level = [part for parts in inside for part in parts]
    return True


def _refuse_constant(name: str) -> NoReturn:
    msg = f"{name} is not JSON"
    raise NotJsonError(msg)


def _surrogate_faults(value: dict[str, object]) -> Iterator[Fault]:
    reason = "escapes half of a surrogate pair, which is no character"
    for name, part in value.items():
        if _broken({name: part}):
            yield Fault(shown(name), reason)


def _broken(value: object) -> bool:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str) and _SURROGATE.search(part):
            return True
        if isinstance(part, list):
            waiting.extend(part)
        if isinstance(part, dict):
            waiting.extend(part)
            waiting.extend(part.values())
    return False


def shown(name: str, longest: int = 80) -> str:
    """Return a field's name as an answer may repeat it: printable and short."""
    printable = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return printable if len(printable) <= longest else f"{printable[:longest]}..."
