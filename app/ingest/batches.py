"""A batch of waiting stories worked off: read, annotated, kept, settled. Done twice, it does nothing the second time.

A story that raises is tried again by itself, ``MOST_TRIES`` times, and then set aside with its error. One that was
being worked on when its process ended is tried by itself too: it may be what ended the process, and is set aside when
that has happened ``MOST_CRASHES`` times. So a story that breaks something stops no other.

All batches in hand share the threads that annotate, story by story in the order in which the batches came; reading and
keeping are done beside that. Two batches more are in hand than there are such threads, so that they have work while
others are kept, also when the disk is slow for a second, and the last stories of all are shared out too.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, replace
from threading import BoundedSemaphore, Event
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from app.errors import InputError, SaysoError
from app.ingest.faults import MediaTypeError
from app.ingest.intake import Intake
from app.ingest.named_ids import named_id
from app.ingest.pages import Pages
from app.ingest.patience import AWAY, StoppedError, patiently
from app.ingest.receive import Received, receive_payload
from app.ingest.referred import fetched_item
from app.ingest.request_ids import REQUEST_ID
from app.store import articles, batches, stories
from app.store.batches import Batch, Outcome, Seconds, WaitingItem
from app.store.ingestions import ItemState
from app.store.views import LinkedAnalysis

log = logging.getLogger("sayso.ingest")

MOST_TRIES = 3
MOST_CRASHES = 8
TOGETHER = 16
MORE_IN_HAND = 2
_LONGEST_REASON = 1000
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Read:
    """A waiting story, read."""

    item: WaitingItem
    received: Received


class BatchWork:
    """Works batches off, annotating on ``threads`` threads of this process."""

    def __init__(self, intake: Intake, max_text_bytes: int, threads: int, pages: Pages) -> None:
        self.intake = intake
        self.store = intake.store
        self.max_text_bytes = max_text_bytes
        self.pages = pages
        self.stop = Event()
        self._room = BoundedSemaphore(threads + MORE_IN_HAND)
        # Its threads end with this object, or with the process; a stop leaves them to finish the stories in hand.
        self._annotators = ThreadPoolExecutor(threads, "annotate")

    def run(self, seq: int) -> None:
        """Work a batch off.

        Raises: StoppedError when told to stop before it is through.
        """
        work = self._patiently(self._look, seq)
        # Pages are fetched before there is room: who waits for another's server keeps nobody from annotating.
        work = work and self._with_pages(work)
        if work is None:
            return
        with self._room:
            token = REQUEST_ID.set(work.request_id)
            try:
                fresh = [item for item in work.items if not item.tries]
                for start in range(0, len(fresh), TOGETHER):
                    self._check_stop()
                    self._try_together(work, fresh[start : start + TOGETHER])
                for item in work.items:
                    if item.tries:
                        self._check_stop()
                        self._try_alone(work, item)
                self._patiently(self._finish, seq)
                log.info("batch", extra={"ingestion_id": work.ingestion_id, "batch": work.number})
            finally:
                REQUEST_ID.reset(token)

    def _with_pages(self, work: Batch) -> Batch:
        """Return a batch with the pages of the stories of which it has the addresses; those it cannot have fail."""
        items = []
        for item in work.items:
            self._check_stop()
            try:
                items.append(fetched_item(item, self.pages, self.stop))
            except InputError as error:
                self._check_stop()
                self._patiently(self._give_up, work, item, said(error))
        return replace(work, items=tuple(items))

    def _try_together(self, work: Batch, items: Sequence[WaitingItem]) -> None:
        self._patiently(self._begin, work, [item.line for item in items])
        try:
            self.settle(work, items)
        except StoppedError:
            # Nothing is the matter with them: who goes on takes them together again.
            with suppress(*AWAY):
                self._take_back(work, [item.line for item in items])
            raise
        except AWAY:
            raise
        except Exception:  # noqa: BLE001 (which story it was shows when each is tried by itself)
            for item in items:
                self._try_alone(work, WaitingItem(item.line, item.payload, item.content_type, item.tries + 1))

    def _try_alone(self, work: Batch, item: WaitingItem) -> None:
        reason = "the process ended each time while this story was worked on"
        for _ in range(MOST_TRIES if item.tries < MOST_CRASHES else 0):
            self._patiently(self._begin, work, [item.line])
            try:
                self.settle(work, [item])
            except (StoppedError, *AWAY):
                raise
            except Exception as error:
                reason = said(error)
                log.exception("story", extra={"ingestion_id": work.ingestion_id, "line": item.line})
            else:
                return
        self._patiently(self._give_up, work, item, reason)

    def settle(self, work: Batch, items: Sequence[WaitingItem]) -> None:
        """Read, annotate and keep stories; those that cannot be read are settled as failed."""
        clock = time.perf_counter()
        found: list[_Read] = []
        outcomes: list[Outcome] = []
        for item in items:
            try:
                found.append(_Read(item, self._read(item)))
            except _Unreadable as error:
                outcomes.append(Outcome(item.line, "failed", external_id=error.external_id, reason=error.reason))
        read = time.perf_counter()
        known = self._patiently(self._known, found)
        new = [one for one in found if one.item.line not in known]
        analyses = self._annotated([one.received for one in new])
        share = Seconds(read - clock, sum(linked.seconds or 0.0 for linked in analyses))
        outcomes += [_duplicate(one, known[one.item.line]) for one in found if one.item.line in known]
        if outcomes or not new:
            again = [one.received for one in found if one.item.line in known]
            self._patiently(self._keep, work, (), outcomes, share, again)
            share = Seconds()
        both = list(zip(new, analyses, strict=True))
        if both:
            self._patiently(self._keep, work, both, (), share)

    def _read(self, item: WaitingItem) -> Received:
        try:
            return receive_payload(item.payload, item.content_type, limit=self.max_text_bytes)
        except (InputError, MediaTypeError) as error:
            raise _Unreadable(named_id(item.payload), said(error)) from error

    def _annotated(self, stories_read: Sequence[Received]) -> list[LinkedAnalysis]:
        """Return the analyses of stories in their order; raises what annotating one of them raised.

        Raises: StoppedError when told to stop before all have begun.
        """
        waiting = [self._annotators.submit(copy_context().run, self._annotate, story) for story in stories_read]
        try:
            return [analysis.result() for analysis in waiting]
        finally:
            for analysis in waiting:
                analysis.cancel()

    def _annotate(self, story: Received) -> LinkedAnalysis:
        self._check_stop()
        return self.intake.annotate(story.document)

    def _known(self, found: Sequence[_Read]) -> dict[int, str]:
        """Return the articles that have these texts already, by line."""
        digests = {one.item.line: articles.sha256_of(one.received.article.text) for one in found}
        with self.store.reading() as session:
            known = articles.articles_of_texts(session, digests.values())
        return {line: known[digest] for line, digest in digests.items() if digest in known}

    def _keep(
        self,
        work: Batch,
        both: Sequence[tuple[_Read, LinkedAnalysis]],
        outcomes: Sequence[Outcome],
        share: Seconds,
        again: Sequence[Received] = (),
    ) -> None:
        """Keep stories and settle them, in one transaction; those that came ``again`` are noted."""
        clock = time.perf_counter()
        lines = [one.item.line for one, _ in both] + [outcome.line for outcome in outcomes]
        with self.store.writing() as session:
            open_lines = batches.still_waiting(session, work, lines)
            settled = [outcome for outcome in outcomes if outcome.line in open_lines]
            for received in again if settled else ():
                stories.see_again(session, received.article, articles.sha256_of(received.article.text))
            mine = [(one, linked) for one, linked in both if one.item.line in open_lines]
            added = articles.add_articles(session, [(one.received.article, linked) for one, linked in mine])
            for (one, _), (article_id, created) in zip(mine, added, strict=True):
                state: ItemState = "annotated" if created else "duplicate"
                settled.append(Outcome(one.item.line, state, article_id, one.received.article.external_id))
            spent = Seconds(share.reading, share.annotating, time.perf_counter() - clock)
            batches.settle(session, work, settled, spent)

    def _look(self, seq: int) -> Batch | None:
        with self.store.reading() as session:
            return batches.batch(session, seq)

    def _begin(self, work: Batch, lines: Sequence[int]) -> None:
        with self.store.writing() as session:
            batches.begin(session, work, lines)

    def _take_back(self, work: Batch, lines: Sequence[int]) -> None:
        with self.store.writing() as session:
            batches.take_back(session, work, lines)

    def _give_up(self, work: Batch, item: WaitingItem, reason: str) -> None:
        outcome = Outcome(item.line, "failed", external_id=named_id(item.payload), reason=reason)
        with self.store.writing() as session:
            if batches.still_waiting(session, work, [item.line]):
                batches.settle(session, work, [outcome], Seconds())

    def _finish(self, seq: int) -> None:
        with self.store.writing() as session:
            batches.finish(session, seq)

    def _patiently(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        return patiently(self.stop, work, *arguments, **named)

    def _check_stop(self) -> None:
        if self.stop.is_set():
            raise StoppedError


class _Unreadable(Exception):  # noqa: N818 (it never leaves this module)
    """A story that cannot be accepted."""

    def __init__(self, external_id: str | None, reason: str) -> None:
        super().__init__(reason)
        self.external_id = external_id
        self.reason = reason


def _duplicate(one: _Read, article_id: str) -> Outcome:
    return Outcome(one.item.line, "duplicate", article_id, one.received.article.external_id)


def said(error: Exception) -> str:
    """Return an error as one line. A database's own is inside SQLAlchemy's, which would repeat the statement."""
    told = error.__cause__ or error if isinstance(error, SQLAlchemyError) else error
    line = str(told).removeprefix(": ").partition("\n")[0]
    return (line if isinstance(told, SaysoError) else f"{type(told).__name__}: {line}")[:_LONGEST_REASON]
