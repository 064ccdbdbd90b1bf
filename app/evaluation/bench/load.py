"""Requests over a few connections that stay open, as many as fit into a time: no client library in the way."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice

CONNECTIONS = 16
HTTP_OK, HTTP_NOT_MODIFIED = 200, 304


class LoadError(Exception):
    """A server answered something else than 200."""


@dataclass(slots=True)
class Tally:
    """How long each request took, and how long all of them."""

    took: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Return requests a second."""
        return len(self.took) / self.seconds

    def within(self, share: float) -> float:
        """Return the seconds within which this share of the requests was answered."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def request_rate(
    port: int, path: str, seconds: float, connections: int = CONNECTIONS, known: str | None = None
) -> float:
    """Return how many GETs of ``path`` a second a server on this machine answers.

    ``known`` is the entity tag of what the client has already: the server is to answer that it is unchanged.
    Raises: LoadError when an answer is another; OSError when nobody answers.
    """
    return (await ask_for(port, path, seconds, connections, known)).rate


async def ask_for(port: int, path: str, seconds: float, connections: int, known: str | None = None) -> Tally:
    """Return what asking for ``path`` again and again over so many connections came to."""
    tally = Tally()
    clock = time.perf_counter()
    until = clock + seconds
    await asyncio.gather(*(_ask(port, path, until, tally, known) for _ in range(connections)))
    tally.seconds = time.perf_counter() - clock
    return tally


async def ask_each(
    port: int, paths: Sequence[str], connections: int, requests: int, seconds: float = math.inf
) -> Tally:
    """Return what asking for these paths in turn came to, so many requests over so many connections.

    After so many ``seconds`` no more are sent; the first always is.
    """
    tally = Tally()
    clock = time.perf_counter()
    turns = turns_until(paths, requests, clock + seconds)
    await asyncio.gather(*(_ask_in_turn(port, turns, tally) for _ in range(connections)))
    tally.seconds = time.perf_counter() - clock
    return tally


def turns_until(paths: Sequence[str], requests: int, until: float) -> Iterator[str]:
    """Yield the paths in turn, as many as there are ``requests``; after the first, none once the clock is past."""
    for number, path in enumerate(islice(cycle(paths), requests)):
        if number and time.perf_counter() > until:
            return
        yield path


async def get_body(port: int, path: str) -> bytes:
    """Return the body of one answer.

    Raises: LoadError when it is not 200; OSError when nobody answers.
    """
    return (await get(port, path))[1]


async def get(port: int, path: str, coding: str = "identity") -> tuple[dict[str, str], bytes]:
    """Return the headers, by their names in small letters, and the body of one answer, as ``coding`` sends it.

    Raises: LoadError when it is not 200; OSError when nobody answers.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        return await _get(reader, writer, _request(path, coding=coding), HTTP_OK)
    finally:
        writer.close()


async def _ask(port: int, path: str, until: float, tally: Tally, known: str | None) -> None:
    request = _request(path, known)
    status = HTTP_OK if known is None else HTTP_NOT_MODIFIED
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        clock = -math.inf
        while clock < until:  # once however little time there is
            clock = time.perf_counter()
            await _get(reader, writer, request, status)
            tally.took.append(time.perf_counter() - clock)
    finally:
        writer.close()


async def _ask_in_turn(port: int, turns: Iterator[str], tally: Tally) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for path in turns:
            clock = time.perf_counter()
            await _get(reader, writer, _request(path), HTTP_OK)
            tally.took.append(time.perf_counter() - clock)
    finally:
        writer.close()


def _request(path: str, known: str | None = None, coding: str = "identity") -> bytes:
    condition = "" if known is None else f"If-None-Match: {known}\r\n"
    wanted = f"Accept: application/json, */*;q=0.5\r\nAccept-Encoding: {coding}\r\n"
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{wanted}{condition}\r\n".encode()


async def _get(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, expected: int
) -> tuple[dict[str, str], bytes]:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    if f" {expected} " not in f"{status} ":
        msg = f"{request.split()[1].decode()}: {status}"
        raise LoadError(msg)
    headers = dict(line.split(": ", 1) for line in lines if line)
    headers = {name.lower(): value for name, value in headers.items()}
    length = int(headers.get("content-length", "0")) if expected == HTTP_OK else 0
    return headers, await reader.readexactly(length)
