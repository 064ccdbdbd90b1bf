"""Offsets counted as browsers count."""

from __future__ import annotations

from typing import Any

from app.text.utf16 import Utf16Index


def in_utf16(content: Any, text: str) -> Any:  # noqa: ANN401 (any JSON value)
    """Return a JSON value with the start and end of every span in it counted in UTF-16 code units of ``text``."""
    return _moved(content, Utf16Index(text))


def named_in_utf16(entities: list[list[int | str]], text: str) -> list[list[int | str]]:
    """Return [start, end, type] triples counted in UTF-16 code units of ``text``."""
    index = Utf16Index(text)
    return [[index.offset(int(start)), index.offset(int(end)), kind] for start, end, kind in entities]


def _moved(value: Any, index: Utf16Index) -> Any:  # noqa: ANN401 (as above)
    if isinstance(value, list | tuple):
        return [_moved(part, index) for part in value]
    if not isinstance(value, dict):
        return value
    if "start" in value and "end" in value:
        return {**value, "start": index.offset(value["start"]), "end": index.offset(value["end"])}
    return {name: _moved(part, index) for name, part in value.items()}
