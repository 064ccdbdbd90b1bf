"""The weights that ship, each with the figures that were measured of it and are kept beside it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import orjson

METRICS = "metrics.json"


def measured_weights() -> list[dict[str, Any]]:
    """Return the weights in ``app/annotate/weights``, by name, with the figures kept beside them, None for none."""
    folder = files("app.annotate") / "weights"
    found: list[dict[str, Any]] = []
    folders = (part for part in folder.iterdir() if part.is_dir() and not part.name.startswith(("_", ".")))
    for weights in sorted(folders, key=lambda part: part.name):
        metrics = weights / METRICS
        found.append(
            {"name": weights.name, "metrics": orjson.loads(metrics.read_bytes()) if metrics.is_file() else None}
        )
    return found
