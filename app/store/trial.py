"""What a story's links would be, without writing anything: what a benchmark measures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.store.linking import Linked, link_story
from app.store.views import LinkedAnalysis

_NO_ARTICLE = "none"


def trial_links(session: Session, linked: LinkedAnalysis, dated_at: datetime | None) -> Linked:
    """Return a story's links as they would be if it came in now."""
    return link_story(session, _NO_ARTICLE, linked, dated_at)
