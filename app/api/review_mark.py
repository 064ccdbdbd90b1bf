"""The mark that every quote and position carries: what people made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.review.correction import Status


class Review(BaseModel):
    """What people made of an annotation."""

    model_config = ConfigDict(extra="forbid")

    status: Annotated[
        Status,
        Field(
            description="`machine`: nobody looked. `confirmed`: somebody says it is right. `corrected`: somebody "
            "changed it. `added`: somebody found it, the machine did not."
        ),
    ]
    by: Annotated[str | None, Field(description="Who said so last.")]
    at: Annotated[datetime | None, Field(description="When.")]
    correction_id: Annotated[str | None, Field(description="What they said: `/corrections/{id}`.")]
    fields: Annotated[list[str], Field(description="The fields in which it is not what the machine found.")]
    machine: Annotated[
        dict[str, Any] | None,
        Field(description="What the machine found in these fields, its confidence and its method."),
    ]
