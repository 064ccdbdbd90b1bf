"""Articles annotated again by the present pipeline, one after another; readers see the old analysis until then."""

from __future__ import annotations

import logging
from threading import Event

from app.errors import ConflictError, NotFoundError
from app.ingest.batches import MOST_CRASHES, MOST_TRIES, said
from app.ingest.intake import Intake
from app.ingest.patience import AWAY, StoppedError, patiently
from app.ingest.receive import kept_document
from app.ingest.request_ids import REQUEST_ID
from app.store import articles, reannotations
from app.store.reannotations import OldArticle, WalkView

log = logging.getLogger("sayso.ingest")

_TOGETHER = 16


class WalkWork:
    """Goes on with walks."""

    def __init__(self, intake: Intake, stop: Event) -> None:
        self.intake = intake
        self.store = intake.store
        self.stop = stop

    def run(self, walk_id: str) -> None:
        """Bring every article to the present pipeline, at the walk's rate.

        Raises: StoppedError when told to stop before it is through.
        """
        walk = patiently(self.stop, self._look, walk_id)
        # Another pipeline's walk is for a worker that has it; whoever looks after lost work gives it to the next.
        if walk.state != "queued" or walk.pipeline != self.intake.annotator.pipeline:
            return
        token = REQUEST_ID.set(walk.request_id)
        try:
            while old := patiently(self.stop, self._next, walk_id):
                for one in old:
                    self._pace(walk)
                    self._bring_up(walk_id, one)
            patiently(self.stop, self._end, walk_id)
        finally:
            REQUEST_ID.reset(token)

    def _pace(self, walk: WalkView) -> None:
        """Wait as long as the rate asks for between two stories."""
        if self.stop.wait(0 if walk.rate is None else 1 / walk.rate):
            raise StoppedError

    def _bring_up(self, walk_id: str, one: OldArticle) -> None:
        failure = "the process ended each time while this story was worked on"
        tries = patiently(self.stop, self._take_in_hand, walk_id, one.id)
        for _ in range(MOST_TRIES if tries < MOST_CRASHES else 0):
            try:
                patiently(self.stop, self.replace, walk_id, one)
            except (StoppedError, *AWAY):
                raise
            except Exception as error:
                failure = said(error)
                log.exception("story", extra={"article_id": one.id})
            else:
                return
        patiently(self.stop, self._pass_by, walk_id, one.id, f"{one.id}: {failure}")

    def replace(self, walk_id: str, one: OldArticle) -> None:
        """Annotate one article again and put the new analysis in the old one's place, with the walk's own."""
        linked = self.intake.annotate(kept_document(one.text, one.title, one.media_type))
        with self.store.writing() as session:
            if reannotations.may_replace(session, walk_id, self.intake.annotator.pipeline, one.id):
                try:
                    articles.add_run(session, one.id, linked)
                except (NotFoundError, ConflictError):
                    # Deleted or changed meanwhile: what it is now, the present pipeline annotated.
                    log.info("overtaken", extra={"article_id": one.id})
            reannotations.pass_by(session, walk_id, one.id)

    def _look(self, walk_id: str) -> WalkView:
        with self.store.reading() as session:
            return reannotations.walk(session, walk_id)

    def _next(self, walk_id: str) -> list[OldArticle] | None:
        with self.store.reading() as session:
            return reannotations.next_articles(session, walk_id, self.intake.annotator.pipeline, _TOGETHER)

    def _take_in_hand(self, walk_id: str, article_id: str) -> int:
        with self.store.writing() as session:
            return reannotations.take_in_hand(session, walk_id, article_id)

    def _pass_by(self, walk_id: str, article_id: str, failure: str) -> None:
        with self.store.writing() as session:
            reannotations.pass_by(session, walk_id, article_id, failure)

    def _end(self, walk_id: str) -> None:
        with self.store.writing() as session:
            reannotations.end_walk(session, walk_id, "done")
