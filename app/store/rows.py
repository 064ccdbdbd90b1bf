"""Columns of rows, read past the ORM: it takes longer to hand them out than the database to find them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, Row
from sqlalchemy.orm import Session

AnyRow = Row[*tuple[Any, ...]]


def read_rows(session: Session, query: Executable, values: Mapping[str, Any] | None = None) -> Sequence[AnyRow]:
    """Return the rows of a query that selects columns and no whole objects, in the session's transaction."""
    return session.connection().execute(query, values).all()
