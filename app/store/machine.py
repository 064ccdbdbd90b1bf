"""The machine's own analysis as a column: the domain's objects by their fields, with offsets and without words."""

from __future__ import annotations

from typing import Any

import orjson

from app.domain.analysis import Analysis, Pipeline
from app.domain.annotation import Actor, Entity, Mention, Office, Quote, Stance
from app.domain.span import Span
from app.store.views import Json


def machine_values(analysis: Analysis) -> orjson.Fragment:
    """Return the column's value, which is JSON already."""
    return orjson.Fragment(orjson.dumps(analysis))


def machine_analysis(values: Json) -> Analysis:
    """Return the analysis that the column holds."""
    return Analysis(
        Pipeline(**values["pipeline"]),
        tuple(
            Entity(**{**e, "mentions": tuple(map(_mention, e["mentions"])), "aliases": tuple(e["aliases"])})
            for e in values["entities"]
        ),
        tuple(
            Quote(**{**q, "contents": _spans(q["contents"]), "cue": _span(q["cue"]), "speaker": _actor(q["speaker"])})
            for q in values["quotes"]
        ),
        tuple(
            Office(**{**o, **_actors(o, "person", "organization"), "evidence": _spans(o["evidence"])})
            for o in values["offices"]
        ),
        tuple(
            Stance(
                **{
                    **s,
                    **_actors(s, "holder", "reporter"),
                    "target": Span(**s["target"]),
                    "evidence": _spans(s["evidence"]),
                }
            )
            for s in values["stances"]
        ),
    )


def _mention(values: Json) -> Mention:
    return Mention(**{**values, "span": Span(**values["span"])})


def _actors(values: Json, *names: str) -> dict[str, Actor | None]:
    return {name: None if values[name] is None else _actor(values[name]) for name in names}


def _actor(values: Json) -> Actor:
    return Actor(**{**values, "mention": _span(values["mention"])})


def _span(values: Json | None) -> Span | None:
    return None if values is None else Span(**values)


def _spans(values: list[Any]) -> tuple[Span, ...]:
    return tuple(Span(**v) for v in values)
