"""Work on the database that is worth waiting for: done again and again while the database is away or busy."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

log = logging.getLogger("sayso.ingest")

AWAY = (OperationalError, InterfaceError, PoolTimeoutError)
_FIRST_WAIT = 0.05
_LONGEST_WAIT = 10.0
P = ParamSpec("P")
T = TypeVar("T")


class StoppedError(Exception):
    """The worker is told to stop: what is not settled stays for the next."""


def patiently(stop: Event, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Return what ``work`` returns as soon as the database lets it.

    Raises: StoppedError when told to stop meanwhile; whatever else ``work`` raises.
    """
    wait = _FIRST_WAIT
    while True:
        try:
            return work(*arguments, **named)
        except AWAY as error:
            log.warning("database away: %s", str(error.__cause__ or error).partition("\n")[0])
            if stop.wait(wait):
                raise StoppedError from error
            wait = min(2 * wait, _LONGEST_WAIT)
