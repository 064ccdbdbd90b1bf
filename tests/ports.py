"""Ports for servers that tests start as processes of their own."""

from __future__ import annotations

import os
import random
import socket
from itertools import cycle

_FIRST, _EACH, _WORKERS = 20_000, 700, 16
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
_START = random.randrange(_EACH)
_NUMBERS = cycle(_FIRST + _WORKER * _EACH + (_START + i) % _EACH for i in range(_EACH))


def free_port() -> int:
    """Return a port that nothing listens on, and that nobody is given before the server is there.

    The system deals out ports from 32768 on to whoever connects or asks for any; each process of tests has its own
    below, and takes one after another.
    """
    for port in _NUMBERS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError  # pragma: no cover
