"""Corrected stories as training data, in the format of the hand-annotated corpora: one story a line.

A line holds `id`, `sha256`, `text`, `people` with names and offices, `organizations`, `quotes` and `stances`; offsets
are `[start, end]` into `text`, names and titles are strings. `reviewed` counts the annotations that people have seen.
"""

from __future__ import annotations

from app.store.review_views import ReviewedStory
from app.store.views import Json


def story_line(story: ReviewedStory) -> Json:
    """Return one story as a line of a corpus."""
    analysis = story.analysis
    both = [*analysis["quotes"], *analysis["positions"]]
    seen = sum(shown["review"]["status"] != "machine" for shown in both)
    return {
        "id": story.article_id,
        "sha256": story.sha256,
        "text": story.text,
        "people": [{**_named(e), "offices": [_office(o) for o in e["offices"]]} for e in analysis["people"]],
        "organizations": [_named(e) for e in analysis["organizations"]],
        "quotes": [_quote(q) for q in analysis["quotes"]],
        "stances": [_stance(p) for p in analysis["positions"] if p["kind"] == "stance"],
        "reviewed": {"annotations": len(both), "seen": seen},
    }


def _named(entity: Json) -> Json:
    return {"name": entity["name"], "names": [entity["name"], *(n for n in entity["aliases"] if n != entity["name"])]}


def _office(office: Json) -> Json:
    return {"title": office["title"], "organization": office["organization"], "tense": office["tense"]}


def _quote(quote: Json) -> Json:
    speaker = quote["speaker"]
    return {
        "type": quote["type"],
        "contents": [_extent(span) for span in quote["contents"]],
        "cue": None if quote["cue"] is None else _extent(quote["cue"]),
        "source": None if speaker["mention"] is None else _extent(speaker["mention"]),
        "speaker": speaker["name"],
        "status": speaker["status"],
    }


def _stance(stance: Json) -> Json:
    evidence = stance["evidence"]
    return {
        "holder": stance["holder"]["name"],
        "polarity": stance["polarity"],
        "target": _extent(stance["target"]),
        "issue": stance["issue"]["label"],
        "evidence": [min(s["start"] for s in evidence), max(s["end"] for s in evidence)] if evidence else None,
    }


def _extent(span: Json) -> list[int]:
    return [span["start"], span["end"]]
