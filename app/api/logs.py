"""Logs as one JSON object a line on standard error: what happened, to which request, never a body or a secret."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

import orjson

from app.config import LogLevel
from app.ingest.request_ids import REQUEST_ID

_OWN_FIELDS = ("method", "path", "status", "ms", "article_id", "ingestion_id", "batch", "line")


class JsonLines(logging.Formatter):
    """Writes a log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": REQUEST_ID.get(),
        }
        line.update({name: getattr(record, name) for name in _OWN_FIELDS if hasattr(record, name)})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def start_logging(level: LogLevel) -> None:
    """Write the logs of Sayso and of its server to standard error, from ``level`` up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # It tells of every look at the database's version, and /readyz looks all the time.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # They tell of every address that is asked, with its query, and of every header that is sent.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
