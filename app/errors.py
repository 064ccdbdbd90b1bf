"""Every error that Sayso raises on purpose. No HTTP here: ``app.api.problems`` maps these to answers.

SaysoError
├── ConfigurationError          a setting is wrong or missing
├── InputError                  what came in cannot be accepted; names the field and the reason
│   ├── EmptyTextError
│   ├── TooLargeError
│   ├── CharsetError
│   ├── ControlCharacterError
│   ├── UnreadableHtmlError
│   └── CursorError
├── NotFoundError               no such article, quote, person ...
│   └── MovedError              it has another id now
├── ConflictError               the change clashes with what is stored
└── BrokenAnalysisError         an annotator returned something that does not verify (a defect)
"""

from __future__ import annotations


class SaysoError(Exception):
    """Base of every error that Sayso raises on purpose."""


class ConfigurationError(SaysoError):
    """A setting is wrong or missing."""


class InputError(SaysoError):
    """Something that came in cannot be accepted.

    ``field`` names the part of the input at fault, ``reason`` says what is wrong and what would be right.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class EmptyTextError(InputError):
    """The text is empty or only white space."""


class TooLargeError(InputError):
    """The input is larger than the limit."""


class CharsetError(InputError):
    """The bytes are not what the declared charset says."""


class ControlCharacterError(InputError):
    """The text holds a NUL or another control character that no text carries."""


class UnreadableHtmlError(InputError):
    """No article text could be found in the HTML."""


class CursorError(InputError):
    """A paging cursor was not made by this list."""


class NotFoundError(SaysoError):
    """There is no such thing. ``kind`` and ``key`` say which was asked for."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"there is no {kind} {key!r}")
        self.kind = kind
        self.key = key


class MovedError(NotFoundError):
    """The thing has another id now: it was merged into what ``place`` names."""

    def __init__(self, kind: str, key: str, place: str) -> None:
        super().__init__(kind, key)
        self.place = place


class ConflictError(SaysoError):
    """The change clashes with what is stored."""


class BrokenAnalysisError(SaysoError):
    """An annotator returned something that does not verify: a defect, never the client's fault."""
