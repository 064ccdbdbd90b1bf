"""Requests over a few connections that stay open, as many as fit into a time: no client library in the way."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

CONNECTIONS = 4


class LoadError(Exception):
    """A server answered something else than 200."""


@dataclass(slots=True)
class Tally:
    """How many requests were answered."""

    answered: int = 0


async def request_rate(port: int, path: str, seconds: float, connections: int = CONNECTIONS) -> float:
    """Return how many GETs of ``path`` a second a server on this machine answers.

    Raises: LoadError when an answer is not 200; OSError when nobody answers.
    """
    tally = Tally()
    clock = time.perf_counter()
    until = clock + seconds
    await asyncio.gather(*(_ask(port, path, until, tally) for _ in range(connections)))
    return tally.answered / (time.perf_counter() - clock)


async def get_body(port: int, path: str) -> bytes:
    """Return the body of one answer.

    Raises: LoadError when it is not 200; OSError when nobody answers.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        return await _get(reader, writer, path)
    finally:
        writer.close()


async def _ask(port: int, path: str, until: float, tally: Tally) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while time.perf_counter() < until:
            await _get(reader, writer, path)
            tally.answered += 1
    finally:
        writer.close()


async def _get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> bytes:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    if " 200 " not in f"{status} ":
        msg = f"{path}: {status}"
        raise LoadError(msg)
    headers = dict(line.lower().split(": ", 1) for line in lines if line)
    return await reader.readexactly(int(headers["content-length"]))
