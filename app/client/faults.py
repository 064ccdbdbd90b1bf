"""What a client may be told: problems (RFC 9457), as exceptions.

SaysoError
└── AnswerError             no answer that can be used
    ├── NoAnswerError       the service could not be reached, or broke off
    └── Problem             the service says what is wrong
        ├── RefusedProblem  400, 413, 415, 422: what was sent; ``errors`` names each field
        ├── KeyProblem      401, 403: the key, or what it lets one do
        ├── NotFoundProblem 404
        ├── ConflictProblem 409, 412, 428: what is stored is not as the change takes it to be
        └── BusyProblem     429, 503: too much or too soon, and still so after the last try
"""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from app.client.calls import Call
from app.errors import SaysoError


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


class KeyProblem(Problem):
    """The service wants a key, or one that may do this."""


class NotFoundProblem(Problem):
    """There is no such thing."""


class ConflictProblem(Problem):
    """The change clashes with what is stored."""


class BusyProblem(Problem):
    """The service has too much to do, or was asked too often."""


_KINDS: dict[int, type[Problem]] = {
    **dict.fromkeys((400, 413, 415, 422), RefusedProblem),
    **dict.fromkeys((401, 403), KeyProblem),
    404: NotFoundProblem,
    **dict.fromkeys((409, 412, 428), ConflictProblem),
    **dict.fromkeys((429, 503), BusyProblem),
}


def problem_of(answer: httpx.Response) -> Problem:
    """Return the problem that an answer tells; one of a proxy, which is no problem document, by its status alone."""
    try:
        told = answer.json()
    except ValueError:
        told = None
    kind = _KINDS.get(answer.status_code, Problem)
    return kind(answer.status_code, told if isinstance(told, dict) else {})


def no_answer(call: Call, error: httpx.TransportError | None) -> NoAnswerError:
    """Return what to say of a call that was not answered."""
    return NoAnswerError(f"{call.method} {call.path}: {error}")


def failure(call: Call, answer: httpx.Response | None, error: httpx.TransportError | None) -> AnswerError:
    """Return what to raise for a call that failed: its problem, or that there was no answer, and why."""
    if answer is not None:
        return problem_of(answer)
    raised = no_answer(call, error)
    raised.__cause__ = error
    return raised
