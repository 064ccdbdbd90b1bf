"""What an entry of the audit log looks like in answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.api.examples import RECEIVED_AT, as_json
from app.api.schemas import Shape
from app.api.shapes import Json
from app.store import audit


class Audited(Shape):
    """A write, or a change of the keys."""

    at: Annotated[datetime, Field(description="When it was done.")]
    key: Annotated[str | None, Field(description="The id of the key that was used; null where none was needed.")]
    address: Annotated[str | None, Field(description="Where the request came from; of IPv6 the network.")]
    action: Annotated[str, Field(description="The method of the request, or what was done with a key.")]
    target: Annotated[str, Field(description="The path of the request, or the id of the key.")]
    status: Annotated[int | None, Field(description="The status of the answer.")]
    request_id: Annotated[str | None, Field(description="The id that the request was given, as in the logs.")]


def audited_shape(entry: audit.Audited) -> Json:
    """Return an entry of the audit log."""
    return {
        "at": entry.at,
        "key": entry.actor,
        "address": entry.address,
        "action": entry.action,
        "target": entry.target,
        "status": entry.status,
        "request_id": entry.request_id,
    }


AUDITED = as_json(
    audited_shape(
        audit.Audited(
            RECEIVED_AT, "5c1d0b7e9a42", "203.0.113.7", "POST", "/articles", 201, "5f0c7a1e8d2b4c6f9a3e1d7b5c8f2a40"
        )
    )
)
