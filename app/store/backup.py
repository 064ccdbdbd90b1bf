"""A copy of a SQLite database, whole while others write. PostgreSQL has its own way: pg_dump."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from app.errors import ConfigurationError


def back_up(database_url: str, target: Path) -> int:
    """Copy the database into a new file and return its size in bytes.

    The copy is one moment's: what is committed while it runs is in it whole or not at all. It is checked before it
    gets its name.

    Raises: ConfigurationError for another database, one that is not there, or a file that is; sqlite3.Error.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        msg = "this backs up SQLite only: use pg_dump for PostgreSQL"
        raise ConfigurationError(msg)
    source = Path(url.database or "")
    if not source.is_file():
        msg = f"there is no database at {source}"
        raise ConfigurationError(msg)
    if target.exists():
        msg = f"{target} is there already: give a new name"
        raise ConfigurationError(msg)
    made = target.with_name(f"{target.name}.part")
    made.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(made)) as writing:
        # In one step: in pieces it would begin anew with every commit. Writers do not wait: they have the log (WAL).
        reading.backup(writing)
        # Alone in its file, a copy needs no log beside it.
        writing.execute("PRAGMA journal_mode = DELETE")
        (found,) = writing.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        msg = f"the copy is broken, and so may the database be: {found}"
        raise ConfigurationError(msg)
    made.rename(target)
    return target.stat().st_size
