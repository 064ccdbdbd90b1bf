"""What a client may be told: problems (RFC 9457), as exceptions.

SaysoError
└── AnswerError             no answer that can be used
    ├── NoAnswerError       the service could not be reached, or broke off
    └── Problem             the service says what is wrong
        ├── RefusedProblem  400, 413, 415, 422: what was sent; ``errors`` names each field
        ├── NotFoundProblem 404
        └── ConflictProblem 409, 412
"""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from app.errors import SaysoError

_REFUSED = frozenset({400, 413, 415, 422})
_CONFLICT = frozenset({409, 412})
_NOT_FOUND = 404


class AnswerError(SaysoError):
    """There is no answer that can be used."""


class NoAnswerError(AnswerError):
    """The service could not be reached, or broke off its answer."""


class Problem(AnswerError):  # noqa: N818 (the word of RFC 9457)
    """The service says what is wrong. ``type`` is stable; ``errors`` are the fields at fault, with the reason."""

    def __init__(self, status: int, told: Mapping[str, object]) -> None:
        self.status = status
        self.type = str(told.get("type") or "about:blank")
        self.title = str(told.get("title") or f"status {status}")
        self.detail = str(told.get("detail") or "")
        self.request_id = str(told.get("request_id") or "")
        listed = told.get("errors")
        self.errors: tuple[tuple[str, str], ...] = tuple(
            (str(fault.get("field")), str(fault.get("reason")))
            for fault in (listed if isinstance(listed, list) else ())
            if isinstance(fault, dict)
        )
        super().__init__(f"{status} {self.title}: {self.detail}")


class RefusedProblem(Problem):
    """What was sent cannot be accepted."""


class NotFoundProblem(Problem):
    """There is no such thing."""


class ConflictProblem(Problem):
    """The change clashes with what is stored."""


def problem_of(response: httpx.Response) -> Problem:
    """Return the problem that an answer tells; one of a proxy, which is no problem document, by its status alone."""
    try:
        told = response.json()
    except ValueError:
        told = None
    kind = Problem
    if response.status_code in _REFUSED:
        kind = RefusedProblem
    elif response.status_code == _NOT_FOUND:
        kind = NotFoundProblem
    elif response.status_code in _CONFLICT:
        kind = ConflictProblem
    return kind(response.status_code, told if isinstance(told, dict) else {})
