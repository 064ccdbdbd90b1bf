"""When a request is sent again, and after how long."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from app.client.calls import Call

_AGAIN = frozenset({429, 502, 503, 504})
_BEING_ANSWERED = 409


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a request is sent again, and how long a client waits.

    A request is sent again when the service is busy or away, and when there was no answer if sending it twice does no
    harm: reads, a story that replaces another whatever that is, and what carries an Idempotency-Key. ``Retry-After`` is
    heeded; one that is longer than ``longest`` is left to the caller, as the problem that came with it.
    Units: ``first`` and ``longest`` in seconds.
    """

    most: int = 4
    first: float = 0.5
    longest: float = 60.0

    def pause(self, call: Call, answer: httpx.Response | None, done: int) -> float | None:
        """Return how long to wait before a call is sent again, None when it is not.

        ``answer`` None says that there was none; ``done`` is how often it has been sent again already.
        Units: seconds.
        """
        if done >= self.most:
            return None
        if answer is None:
            return self._growing(done) if call.harmless else None
        asked = retry_after(answer)
        # 409 with a time: the first try of the same call is being answered still, and will be the answer to this one.
        if answer.status_code not in _AGAIN and (asked is None or answer.status_code != _BEING_ANSWERED):
            return None
        if asked is None:
            # A gateway may have passed the call on before it gave up.
            return self._growing(done) if call.harmless else None
        return None if asked > self.longest else asked

    def _growing(self, done: int) -> float:
        # Not all clients at once: each waits between half and all of the time.
        return min(self.first * 2.0**done, self.longest) * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)


def retry_after(answer: httpx.Response) -> float | None:
    """Return how long an answer asks to wait, None where it does not say.

    Units: seconds. Source: RFC 9110, section 10.2.3.
    """
    value = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
