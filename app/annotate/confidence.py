"""How sure a quote is: signs of what was read, weighed by how often quotes with such signs were right."""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.annotate.lexicons.speech import is_speech_cue
from app.annotate.quotes import Passage
from app.domain.annotation import QuoteType

LEAST = 1e-3
UNTAGGED = -1.0  # the score of a cue or a content that the tagger did not give
UNLINKED = 0.5  # the share of a link that was not asked


def log_odds(share: float) -> float:
    """Return the logarithm of the odds of a share, kept from the infinite."""
    return math.log((share + LEAST) / (1 - share + LEAST))


def quote_signs(passage: Passage, kind: QuoteType, text: str) -> dict[str, float]:
    """Return the signs by which a quote is weighed, by name; 1 or 0 for those that hold or do not.

    Units: links and the speaker in log-odds, tags in mean log-probabilities.
    """
    found, method = passage.attribution, passage.speaker.method
    cued = found if found is not None and found.cue is not None else None
    cue = "" if passage.cue is None else passage.cue.of(text)
    return {
        "bias": 1.0,
        "source link": log_odds(UNLINKED if cued is None else cued.link),
        "content link": log_odds(UNLINKED if cued is None else cued.content_link),
        "speaker": log_odds(passage.speaker.score),
        "cue tags": UNTAGGED if cued is None or cued.cue is None else cued.cue.score,
        "content tags": UNTAGGED if cued is None else sum(c.score for c in cued.contents) / len(cued.contents),
        "no cue": float(passage.cue is None),
        "no source": float(cued is None or cued.source is None),
        "direct": float(kind == "direct"),
        "mixed": float(kind == "mixed"),
        "document": float(method == "document"),
        "description": float(method == "nominal"),
        "pronoun": float(method == "pronoun"),
        "speech cue": float(bool(cue) and is_speech_cue(cue)),
    }


def weigh(signs: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the probability that ``weights`` give to ``signs``; a sign without a weight says nothing."""
    total = sum(weights.get(name, 0.0) * value for name, value in signs.items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))
