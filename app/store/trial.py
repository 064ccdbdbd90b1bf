"""What stories' links would be, without writing anything: what a benchmark measures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.store.linking import Linked, Story, link_story, recall_for
from app.store.views import LinkedAnalysis

_NO_ARTICLE = "none"


def trial_links(session: Session, stories: Sequence[LinkedAnalysis], dated_at: datetime | None) -> list[Linked]:
    """Return the links of stories as they would be if they came in together now; none sees the others."""
    told = [Story(linked, dated_at) for linked in stories]
    recall = recall_for(session, told)
    return [link_story(recall, story, _NO_ARTICLE, fresh=True) for story in told]
