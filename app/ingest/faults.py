"""What can be wrong with a story as it is handed in, beyond its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.errors import InputError, SaysoError


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that cannot be accepted, and why."""

    field: str
    reason: str


def told(faults: Iterable[Fault]) -> str:
    """Return faults in one line; of a body as a whole, which has no name, the reason alone."""
    return "; ".join(f"{fault.field}: {fault.reason}" if fault.field else fault.reason for fault in faults)


class FieldsError(InputError):
    """One or more fields cannot be accepted; all of them are named."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(first.field, first.reason)

    def __str__(self) -> str:
        """Return every fault in one line."""
        return told(self.faults)


class NotJsonError(InputError):
    """The bytes are not one JSON value in UTF-8. The reason says where."""

    def __init__(self, reason: str) -> None:
        super().__init__("", reason)

    def __str__(self) -> str:
        """Return the reason alone: no field is at fault."""
        return self.reason


class MediaTypeError(SaysoError):
    """Nothing here reads that media type, character set or content encoding."""
