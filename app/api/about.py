"""What the service is made of, and how good it was measured to be."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from typing import Any

import orjson

from app.domain.analysis import Pipeline

METRICS = "metrics.json"


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


def measured_weights() -> list[dict[str, Any]]:
    """Return the weights in ``app/annotate/weights``, by name, with the figures kept beside them."""
    folder = files("app.annotate") / "weights"
    found: list[dict[str, Any]] = []
    for weights in sorted((part for part in folder.iterdir() if part.is_dir()), key=lambda part: part.name):
        if weights.name.startswith(("_", ".")):
            continue
        metrics = weights / METRICS
        found.append(
            {"name": weights.name, "metrics": orjson.loads(metrics.read_bytes()) if metrics.is_file() else None}
        )
    return found
