"""Parameters that hold several names, with commas between: ``fields``, ``facet``, ``include``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, slots=True)
class Several:
    """Lets a parameter hold some of ``names``, with commas between them, and says which there are when it does not."""

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        """Return the schema that checks a value."""
        return core_schema.no_info_after_validator_function(self.checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema that tells clients."""
        one = f"({'|'.join(self.names)})"
        return {**handler(schema), "pattern": f"^{one}(,{one})*$", "examples": [",".join(self.names[:2])]}

    def checked(self, value: str) -> str:
        """Return ``value`` when it names what is there.

        Raises: ValueError naming what is not, and what is.
        """
        for name in value.split(","):
            if name not in self.names:
                msg = f"{name[:50]!r} is none of {', '.join(self.names)}"
                raise ValueError(msg)
        return value


def names_in(value: str | None) -> tuple[str, ...]:
    """Return the names that a parameter holds, each once."""
    return () if value is None else tuple(dict.fromkeys(value.split(",")))


def selected(item: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return the fields of an item that are asked for, in the item's own order."""
    return {name: value for name, value in item.items() if name in names}
