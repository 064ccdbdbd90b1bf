"""How much time of a processor a service used: its own process and, on PostgreSQL, the database's."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.store.store import open_store

_OWN = slice(11, 13)  # utime and stime, counted from behind the name
_WITH_CHILDREN = slice(11, 15)


def used_seconds(pids: Sequence[int]) -> float:
    """Return the seconds of a processor that these processes and their children used so far; 0 without /proc."""
    return sum(_ticks(pid, _WITH_CHILDREN) + sum(_ticks(c, _OWN) for c in _children(pid)) for pid in pids) / _hertz()


def database_process(url: str) -> list[int]:
    """Return the process that a PostgreSQL on this machine runs under; none for SQLite, which has none."""
    store = open_store(url)
    try:
        if store.engine.dialect.name == "sqlite":
            return []
        with store.reading() as session:
            backend: int = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
            told = _stat(backend)  # while it is there
    finally:
        store.close()
    return [int(told[1])] if told else []


def backend_of(session: Session) -> list[int]:
    """Return the process of a PostgreSQL on this machine that answers a session; none for SQLite, which has none."""
    if session.get_bind().dialect.name == "sqlite":
        return []
    return [session.execute(text("SELECT pg_backend_pid()")).scalar_one()]


def _children(pid: int) -> list[int]:
    try:
        entries = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    except OSError:
        return []
    return [entry for entry in entries if (told := _stat(entry)) and int(told[1]) == pid]


def _ticks(pid: int, which: slice) -> int:
    return sum(map(int, _stat(pid)[which]))


def _stat(pid: int) -> list[str]:
    """Return what /proc tells of a process behind its name: state, parent and so on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="latin-1").rpartition(")")[2].split()
    except OSError:
        return []


def _hertz() -> int:
    return os.sysconf("SC_CLK_TCK")
