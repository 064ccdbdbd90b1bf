"""What works the queue off in this process: DBOS, which hands out the workflows, and a watch over all workers.

DBOS recovers what it was doing when its process starts again under the same name. Workers of Sayso have no lasting
names, so each says now and then that it is there (``workers``), and any of them takes over what one that is gone left.
What is to be done stands in our own tables; a batch whose workflow is lost for whatever reason gets a new one.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Lock, Thread

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.errors import ConfigurationError
from app.ingest.batches import MORE_IN_HAND, BatchWork
from app.ingest.intake import Intake
from app.ingest.jobs import (
    ANNOTATE,
    APPLICATION,
    FEEDS,
    POLL,
    QUEUE,
    REANNOTATE,
    RELEASE,
    WALKS,
    Jobs,
    annotation_of,
    walk_of,
)
from app.ingest.pages import Pages
from app.ingest.patience import StoppedError
from app.ingest.polling import FeedWork
from app.ingest.walks import WalkWork
from app.ingest.webhooks import Courier, WebhookWork
from app.store import answers, batches, ingestions, reannotations, retention, webhooks, workers
from app.store.batches import Ticket
from app.store.ids import new_id
from app.store.reannotations import WalkTicket
from app.store.workflow_tables import SCHEMA

log = logging.getLogger("sayso.ingest")

BEAT_SECONDS = 2.0
SEEN_SECONDS = 10.0
"""A worker that idles says so rarely that what was read in between can be kept: every commit makes answers old."""
GONE_AFTER = timedelta(seconds=30)
STRANDED_SECONDS = 10.0
STALE_AFTER = timedelta(minutes=10)
ANSWERS_KEPT = timedelta(days=1)
WORKFLOWS_KEPT = timedelta(days=1)
TIDY_SECONDS = 60.0
# Each look into a queue takes 5 ms of a processor, work or no work.
_POLL_SECONDS = 0.5
_POLL_OTHERS_SECONDS = 2.0
_POLLS_AT_ONCE = 4
_PATIENCE = 60
_AT_ONCE = 100
_LOOKED_AT = 500
_FORGOTTEN_AT_ONCE = 500
_TIDIED_AT_ONCE = 20
_ITEMS_AT_ONCE = 2_000
_ACTIVE = frozenset({"ENQUEUED", "PENDING", "DELAYED"})
# What DBOS has to say goes with our own lines; by itself it would hold on to the stream that it found first.
logging.getLogger("dbos").addHandler(logging.NullHandler())
# DBOS is one to a process.
_ONE = Lock()


class Worker:
    """Works batches off in threads of this process until it is stopped."""

    def __init__(self, intake: Intake, jobs: Jobs, pages: Pages, settings: Settings) -> None:
        threads = max(1, settings.workers)
        self.id = f"{socket.gethostname()[:20]}-{os.getpid()}-{new_id()}"[:64]
        self.jobs = jobs
        self.store = jobs.store
        self.work = BatchWork(intake, settings.max_text_bytes, threads, pages)
        self.walks = WalkWork(intake, self.work.stop)
        self.feeds = FeedWork(pages, jobs, settings.max_queued_stories)
        self.webhooks = WebhookWork(self.store, Courier(settings.allowed_networks), self.id)
        self._items_kept = timedelta(days=settings.ingestions_kept_days)
        self._database_url = settings.database_url
        self._threads = threads
        self._stop = Event()
        self._ready = Event()
        self._thread: Thread | None = None
        self._tidied = -TIDY_SECONDS
        self._seen = -SEEN_SECONDS
        self._at_work: set[str] = set()
        self._stranded: dict[str, dict[str, float]] = {}

    def start(self) -> None:
        """Begin, as soon as the database can be reached; returns at once.

        Raises: ConfigurationError when this process has a worker already.
        """
        if not _ONE.acquire(blocking=False):
            msg = "this process has a worker already"
            raise ConfigurationError(msg)
        self._thread = Thread(target=self._watch, name="sayso-worker", daemon=True)
        self._thread.start()

    def wait_ready(self, seconds: float) -> bool:
        """Say whether the worker takes work within so many seconds."""
        return self._ready.wait(seconds)

    def stop(self) -> None:
        """Finish the stories in hand, leave the rest to others, and end. Does nothing when it never began."""
        if self._thread is None:
            return
        self.work.stop.set()
        self._stop.set()
        self.webhooks.stop.set()
        self._thread.join()
        self._thread = None
        _ONE.release()

    def _watch(self) -> None:
        wait = 0.0
        while not self._stop.wait(wait):
            wait = BEAT_SECONDS
            try:
                if not self._ready.is_set():
                    self._begin()
                if time.monotonic() - self._seen >= SEEN_SECONDS:
                    self._beat()
                self.webhooks.begin_due()
                self.sweep()
            except Exception as error:  # noqa: BLE001 (whatever it is, the watch goes on)
                log.warning("worker: %s", str(error.__cause__ or error).partition("\n")[0])
        self.webhooks.close()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=_PATIENCE)
        try:
            with self.store.writing() as session:
                workers.leave(session, self.id)
        except SQLAlchemyError as error:
            log.warning("worker: %s", str(error.__cause__ or error).partition("\n")[0])

    def _begin(self) -> None:
        try:
            self._launch()
        except Exception:
            # A launch that failed, for want of a database, leaves half a DBOS behind.
            DBOS.destroy(destroy_registry=True)
            raise
        self._ready.set()

    def _launch(self) -> None:
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self._database_url,
            "dbos_system_schema": SCHEMA,
            "serializer": DBOSPortableJSONSerializer(),
            # All versions of Sayso do each other's work: what a workflow is given never changes its meaning.
            "application_version": "1",
            "executor_id": self.id,
            "run_migrations": False,
            "log_level": "ERROR",
            "enable_otlp": False,
            # Nobody waits for what others tell: it would wake up a hundred times a second for it on PostgreSQL.
            "use_listen_notify": False,
            "max_executor_threads": 2 * self._threads + MORE_IN_HAND + 4 + _POLLS_AT_ONCE,
            "sys_db_pool_size": 5,
        }
        self._beat()
        DBOS(config=config)

        def release_ingestion(ingestion_id: str) -> None:
            with self.at_work(DBOS.workflow_id):
                self.release(ingestion_id)

        def annotate_batch(seq: int, attempt: str) -> None:
            with self.at_work(DBOS.workflow_id):
                self.annotate(Ticket(seq, attempt))

        def poll_feed(feed_id: str) -> None:
            self.feeds.poll(feed_id)

        DBOS.workflow(name=POLL)(poll_feed)
        DBOS.workflow(name=RELEASE)(release_ingestion)

        def reannotate(walk_id: str, attempt: str) -> None:
            with self.at_work(DBOS.workflow_id):
                self.walk(WalkTicket(walk_id, attempt))

        DBOS.workflow(name=ANNOTATE)(annotate_batch)
        DBOS.workflow(name=REANNOTATE)(reannotate)
        DBOS.launch()
        # More than can be worked on at once: the next is at hand when one is through.
        at_hand = 2 * self._threads + MORE_IN_HAND
        DBOS.register_queue(QUEUE, worker_concurrency=at_hand, polling_interval_sec=_POLL_SECONDS)
        DBOS.register_queue(WALKS, worker_concurrency=1, polling_interval_sec=_POLL_OTHERS_SECONDS)
        DBOS.register_queue(FEEDS, worker_concurrency=_POLLS_AT_ONCE, polling_interval_sec=_POLL_OTHERS_SECONDS)

    @contextmanager
    def at_work(self, workflow_id: str | None) -> Iterator[None]:
        """Note that a thread of this process is doing a workflow."""
        self._at_work.add(workflow_id or "")
        try:
            yield
        finally:
            self._at_work.discard(workflow_id or "")

    def release(self, ingestion_id: str) -> None:
        """Let the batches of an ingestion be worked on."""
        while not self._stop.is_set():
            with self.store.writing() as session:
                tickets = batches.queue_held(session, ingestion_id, _AT_ONCE)
                for ticket in tickets:
                    self.jobs.annotate(session, ticket)
            if not tickets:
                return

    def annotate(self, ticket: Ticket) -> None:
        """Work a batch off; what is left when the worker is told to stop goes back into the queue."""
        try:
            self.work.run(ticket.seq)
        except StoppedError:
            self._hand_on(ticket)

    def _hand_on(self, ticket: Ticket) -> None:
        with self.store.writing() as session:
            following = batches.next_attempt(session, ticket)
            if following is not None:
                self.jobs.annotate(session, following)

    def walk(self, ticket: WalkTicket) -> None:
        """Go on with a walk; when the worker is told to stop, the rest of it goes back into the queue."""
        try:
            self.walks.run(ticket.id)
        except StoppedError:
            self._hand_on_walk(ticket)

    def _hand_on_walk(self, ticket: WalkTicket) -> None:
        with self.store.writing() as session:
            following = reannotations.next_attempt(session, ticket)
            if following is not None:
                self.jobs.walk(session, following)

    def _beat(self) -> None:
        with self.store.writing() as session:
            workers.beat(session, self.id, socket.gethostname(), os.getpid())
        self._seen = time.monotonic()

    def sweep(self) -> None:
        """Take over what nobody does any more."""
        self.feeds.enqueue_due()
        with self.store.reading() as session:
            seen = workers.seen_since(session, GONE_AFTER)
            tickets = {annotation_of(ticket): ticket for ticket in batches.oldest_queued(session, _LOOKED_AT)}
            unreleased = batches.unreleased(session)
            walks = {walk_of(ticket): ticket for ticket in reannotations.under_way(session)}
        alive = {worker_id for worker_id, (host, pid) in seen.items() if not _is_gone(host, pid)}
        for queue in (QUEUE, WALKS):
            self._take_over(queue, alive)
        active = self._active([*tickets, *walks])
        for workflow_id, ticket in tickets.items():
            if workflow_id not in active:
                self._hand_on(ticket)
        for workflow_id, walk in walks.items():
            if workflow_id not in active:
                self._hand_on_walk(walk)
        for ingestion_id in unreleased:
            self.release(ingestion_id)
        with self.store.writing() as session:
            ingestions.discard_stale(session, STALE_AFTER)
            workers.forget(session, 10 * GONE_AFTER)
            webhooks.take_over(session, alive)
            answers.forget(session, ANSWERS_KEPT)
        if time.monotonic() - self._tidied >= TIDY_SECONDS:
            self._tidied = time.monotonic()
            self.tidy()

    def tidy(self) -> None:
        """Delete what ended long ago, in short transactions, so that those who write wait for none of them long."""
        for _ in range(_TIDIED_AT_ONCE):
            if self.jobs.forget_finished(WORKFLOWS_KEPT, _FORGOTTEN_AT_ONCE) < _FORGOTTEN_AT_ONCE:
                break
        for _ in range(_TIDIED_AT_ONCE if self._items_kept else 0):
            with self.store.writing() as session:
                if not retention.remove_items(session, self._items_kept, _ITEMS_AT_ONCE):
                    break

    def _take_over(self, queue: str, alive: set[str]) -> None:
        """Put what workers that are gone were doing back into its queue, and what this one took and never began.

        DBOS takes a workflow, reads it again, and begins it: when the database fails in between, it stays taken.
        """
        pending = self.jobs.client.list_workflows(
            queue_name=queue, status="PENDING", load_input=False, load_output=False
        )
        lost = [workflow.workflow_id for workflow in pending if workflow.executor_id not in alive]
        lost += self._never_begun(queue, {one.workflow_id for one in pending if one.executor_id == self.id})
        if lost:
            log.info("taking over %d workflows that nobody does", len(lost))
            self.jobs.client.resume_workflows(lost, queue_name=queue)

    def _never_begun(self, queue: str, taken: set[str]) -> list[str]:
        """Return which of the workflows that this process took no thread of it has been doing for some time."""
        now = time.monotonic()
        since = self._stranded.get(queue, {})
        self._stranded[queue] = {one: since.get(one, now) for one in taken - self._at_work}
        return [one for one, began in self._stranded[queue].items() if now - began >= STRANDED_SECONDS]

    def _active(self, ids: list[str]) -> set[str]:
        """Return which of these workflows are queued or at work."""
        if not ids:
            return set()
        found = self.jobs.client.list_workflows(workflow_ids=ids, load_input=False, load_output=False)
        return {workflow.workflow_id for workflow in found if workflow.status in _ACTIVE}


def _is_gone(host: str, pid: int) -> bool:
    """Say whether a process of this machine has ended; of other machines only their silence tells."""
    if host != socket.gethostname():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
