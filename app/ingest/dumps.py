"""Stories one after another in one file: messages of a mailbox, or what an agency's wire sent.

A mailbox (mbox) parts its messages by lines that begin with "From "; a wire dump parts its stories by lines that begin
with ZCZC and with NNNN, as ANPA-1312 and IPTC 7901 do. Which of the two a file is shows in its first line.

Source: RFC 4155 (mbox); ANPA-1312, the ANPA wire service transmission guidelines.
Fails on: mailboxes whose messages are not separated by an empty line before "From ".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import BinaryIO

from app.errors import SaysoError
from app.ingest.fields import StoryFields
from app.ingest.salvage import salvage_fields
from app.ingest.streams import cut_lines

_FROM = b"From "
_BEGIN = b"ZCZC"
_END = b"NNNN"


def read_dump(file: BinaryIO, most: int) -> Iterator[StoryFields | bytes | str]:
    """Yield the stories of a file: a message's fields, a wire story's text, or why there is none.

    Units: ``most`` in bytes; a story that is longer is passed over and said to be too long.
    """
    first = next((line for line in cut_lines(file, most) if line.strip()), b"")
    if first.startswith(_FROM):
        for body in _messages(file, most):
            yield body if isinstance(body, str) else _read_message(body)
    elif first.startswith(_BEGIN):
        yield from _wire_stories(file, most)
    else:
        yield 'neither a mailbox ("From " begins its first line) nor a wire dump (ZCZC does)'


def _messages(file: BinaryIO, most: int) -> Iterator[bytes | str]:
    held, blank = bytearray(), False
    for line in cut_lines(file, most):
        if blank and line.startswith(_FROM):
            yield _bounded(held, most)
            held.clear()
            continue
        blank = not line.strip()
        _hold(held, line.removeprefix(b">") if line.startswith(b">From ") else line, most)
    yield _bounded(held, most)


def _wire_stories(file: BinaryIO, most: int) -> Iterator[bytes | str]:
    held, inside = bytearray(), True
    for line in cut_lines(file, most):
        if line.startswith(_BEGIN):
            held.clear()
            inside = True
        elif line.startswith(_END) and inside:
            yield _bounded(held, most)
            held.clear()
            inside = False
        elif inside:
            _hold(held, line, most)
    if inside and held.strip():
        yield _bounded(held, most)


def _hold(held: bytearray, line: bytes, most: int) -> None:
    # One byte more than may be is kept of what is too long: enough to tell that it is.
    held += line[: max(0, most + 1 - len(held))]


def _bounded(held: bytearray, most: int) -> bytes | str:
    return bytes(held) if len(held) <= most else f"longer than {most} bytes"


def _read_message(body: bytes) -> StoryFields | str:
    """Return the story that a message is: its subject is the headline, its date the moment of publication."""
    try:
        message = message_from_bytes(body, policy=policy.default)
        part = message.get_body(("plain", "html"))
    except Exception as error:  # noqa: BLE001 (see _parsed)
        return f"a message whose parts cannot be told: {type(error).__name__}"
    try:
        content = None if part is None else part.get_content()
        kind = "html" if part is not None and part.get_content_subtype() == "html" else "text"
        sender = parseaddr(_header(message, "From") or "")
        return salvage_fields(
            {
                kind: content.replace("\r\n", "\n") if isinstance(content, str) else None,
                "title": _header(message, "Subject"),
                "byline": sender[0] or sender[1],
                "source": _header(message, "Organization"),
                "published_at": _moment(message),
                "external_id": (_header(message, "Message-ID") or "").strip("<>"),
            }
        )
    except (LookupError, UnicodeError) as error:
        return f"a message in a character set that is not known: {error}"
    except SaysoError as error:
        return str(error)


def _parsed(message: EmailMessage, name: str) -> object | None:
    """Return a header as the standard library reads it, None when there is none or it breaks on it.

    What is no header by RFC 5322 makes its parser raise whatever comes, AttributeError and TypeError among it.
    """
    try:
        return message.get(name)
    except Exception:  # noqa: BLE001 (as above)
        return None


def _header(message: EmailMessage, name: str) -> str | None:
    value = _parsed(message, name)
    return None if value is None else str(value)


def _moment(message: EmailMessage) -> datetime | None:
    found = getattr(_parsed(message, "Date"), "datetime", None)
    return found.astimezone(UTC) if isinstance(found, datetime) else None
