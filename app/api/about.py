"""What the service is made of, and how good it was measured to be."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from app.domain.analysis import Pipeline
from app.pipeline.measured import measured_weights


def describe_service(pipeline: Pipeline, max_text_bytes: int) -> dict[str, Any]:
    """Return versions, the weights that ship, and what was measured of each (null where nothing was)."""
    return {
        "name": "Sayso",
        "version": version("sayso"),
        "pipeline": pipeline.version,
        "weights": pipeline.weights,
        "measured": measured_weights(),
        "max_text_bytes": max_text_bytes,
    }
