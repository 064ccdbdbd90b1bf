"""What a story's links would be, without writing anything: what a benchmark measures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.store.linking import Linked, Story, link_story, recall_for
from app.store.views import LinkedAnalysis

_NO_ARTICLE = "none"


def trial_links(session: Session, linked: LinkedAnalysis, dated_at: datetime | None) -> Linked:
    """Return a story's links as they would be if it came in now."""
    story = Story(linked, dated_at)
    return link_story(recall_for(session, [story]), story, _NO_ARTICLE, fresh=True)
