"""What is to be done, said to DBOS: workflows put into its queue in the transaction that makes them necessary.

Saying it needs no worker in the process: an API replica only writes rows, a worker anywhere finds them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from dbos import DBOSClient, DBOSPortableJSONSerializer
from sqlalchemy.orm import Session

from app.store.batches import Ticket
from app.store.ids import new_id
from app.store.reannotations import WalkTicket
from app.store.store import Store

if TYPE_CHECKING:
    from dbos import EnqueueOptions

APPLICATION = "sayso"
QUEUE = "stories"
RELEASE = "release_ingestion"
ANNOTATE = "annotate_batch"
WALKS = "walks"
REANNOTATE = "reannotate"
FEEDS = "feeds"
POLL = "poll_feed"
_ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


class Jobs:
    """Puts workflows into the queue. The id of each says what it is for, so that it is put there once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.client = DBOSClient(
            system_database_engine=store.writer,
            serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
            lazy=True,
            retry_connection_errors=False,
        )

    def release(self, session: Session, ingestion_id: str) -> None:
        """Let an accepted ingestion be worked on, once this transaction is on disk."""
        self._enqueue(session, RELEASE, f"{RELEASE}:{new_id()}", ingestion_id)

    def annotate(self, session: Session, ticket: Ticket) -> None:
        """Let a batch be worked on, once this transaction is on disk."""
        self._enqueue(session, ANNOTATE, annotation_of(ticket), ticket.seq, ticket.attempt)

    def walk(self, session: Session, ticket: WalkTicket) -> None:
        """Let a walk be gone on with, once this transaction is on disk."""
        self._enqueue(session, REANNOTATE, walk_of(ticket), ticket.id, ticket.attempt, queue=WALKS)

    def poll(self, session: Session, feed_id: str) -> None:
        """Let a feed be polled, once this transaction is on disk."""
        self._enqueue(session, POLL, f"{POLL}:{new_id()}", feed_id, queue=FEEDS)

    def forget_finished(self, age: timedelta, most: int) -> int:
        """Delete the workflows that ended so long ago, ``most`` at once, and return how many they were.

        What they did stands in our own tables; DBOS keeps its rows until it is told otherwise.
        """
        before = (datetime.now(UTC) - age).isoformat()
        found = self.client.list_workflows(
            status=list(_ENDED), completed_before=before, limit=most, load_input=False, load_output=False
        )
        if found:
            self.client.delete_workflows([workflow.workflow_id for workflow in found])
        return len(found)

    def close(self) -> None:
        """Let go of the database."""
        self.client.destroy()

    def _enqueue(
        self, session: Session, workflow: str, workflow_id: str, *subject: str | int, queue: str = QUEUE
    ) -> None:
        options: EnqueueOptions = {"workflow_name": workflow, "queue_name": queue, "workflow_id": workflow_id}
        self.client.enqueue_in_transaction(session, options, *subject)


def annotation_of(ticket: Ticket) -> str:
    """Return the id of the workflow that is this attempt at a batch."""
    return f"{ANNOTATE}:{ticket.seq}:{ticket.attempt}"


def walk_of(ticket: WalkTicket) -> str:
    """Return the id of the workflow that is this attempt at a walk."""
    return f"{REANNOTATE}:{ticket.id}:{ticket.attempt}"
