"""A stream of bytes cut into the stories it holds, as they come: NDJSON or one JSON array, gzipped or not.

Nothing here holds more than one story, so memory stays flat whatever the stream's length. The stories are cut out, not
read: what is wrong with one is found when it is worked on, and stops no other.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Protocol

from app.ingest.faults import NotJsonError
from app.ingest.named_ids import LOOKED_AT, named_id
from app.store.ingestions import NewItem

_PIECE = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS
_MARK = re.compile(rb'["\\\[\]{},]')
_IN_STRING = re.compile(rb'["\\]')
_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"


def cut_lines(file: BinaryIO, most: int) -> Iterator[bytes]:
    """Yield the lines of a file with their ends; one longer than ``most`` bytes is cut there, the rest passed over."""
    while line := file.readline(most + 1):
        yield line
        while len(line) > most and not line.endswith(b"\n"):
            line = file.readline(most + 1) or b"\n"


class Splitter(Protocol):
    """Cuts stories out of a stream."""

    def feed(self, chunk: bytes) -> Iterator[NewItem]:
        """Yield the stories that end in the next bytes."""

    def close(self) -> Iterator[NewItem]:
        """Yield what is left at the end of the stream.

        Raises: NotJsonError when the stream ends too early.
        """


class LineSplitter:
    """Cuts NDJSON at its line ends. A line longer than ``most`` bytes is passed over and said to be too long."""

    def __init__(self, most: int) -> None:
        self._number = 1
        self._held = _Held(most)

    def feed(self, chunk: bytes) -> Iterator[NewItem]:
        """Yield the lines that end in the next bytes, blank ones left out."""
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            self._held.add(chunk[start:end])
            yield from self._line()
            start = end + 1
        self._held.add(chunk[start:])

    def close(self) -> Iterator[NewItem]:
        """Yield the last line, where no line end follows it."""
        yield from self._line()

    def _line(self) -> Iterator[NewItem]:
        number = self._number
        item = self._held.item(number)
        line = item.payload or b""
        if item.reason is not None or (line.removeprefix(_BOM) if number == 1 else line).strip():
            yield item
        self._number += 1
        self._held.clear()


class ArraySplitter:
    """Cuts one JSON array into its elements, which count as lines; one longer than ``most`` bytes is passed over."""

    def __init__(self, most: int) -> None:
        self._number = 0
        self._held = _Held(most)
        self._depth = 0
        self._string = False
        self._escaped = False
        self._started = False
        self._ended = False

    def feed(self, chunk: bytes) -> Iterator[NewItem]:
        """Yield the elements that end in the next bytes.

        Raises: NotJsonError when this is no array.
        """
        start = place = self._open(chunk)
        while place < len(chunk):
            if self._escaped:
                self._escaped = False
                place += 1
                continue
            match = (_IN_STRING if self._string else _MARK).search(chunk, place)
            if match is None:
                break
            mark, place = match[0], match.end()
            if self._at_end_of_element(mark):
                self._hold(chunk[start : match.start()])
                yield from self._element(last=mark == b"]")
                start = place
            if self._ended:
                break
        self._hold(chunk[start:])

    def close(self) -> Iterator[NewItem]:
        """Yield nothing: an array says itself where it ends.

        Raises: NotJsonError when it has not ended.
        """
        if not self._ended:
            msg = "the JSON array does not end" if self._started else "the body is empty"
            raise NotJsonError(msg)
        yield from ()

    def _open(self, chunk: bytes) -> int:
        """Return where the elements begin in the chunk."""
        if self._started:
            return 0
        bare = chunk.lstrip(_BOM + _SPACE)
        if not bare:
            return len(chunk)
        if not bare.startswith(b"["):
            msg = "the body is not a JSON array: send [ ... ], or one story a line as application/x-ndjson"
            raise NotJsonError(msg)
        self._started = True
        return len(chunk) - len(bare) + 1

    def _at_end_of_element(self, mark: bytes) -> bool:
        """Follow one mark of JSON's structure, and say whether an element of the array ends before it."""
        if mark == b"\\":
            self._escaped = self._string
        elif mark == b'"':
            self._string = not self._string
        elif mark in b"[{":
            self._depth += 1
        elif mark in b"]}" and self._depth:
            self._depth -= 1
        elif not self._depth:
            return True
        return False

    def _hold(self, part: bytes) -> None:
        if self._ended or not self._started:
            if part.strip(_BOM + _SPACE):
                msg = "something follows the end of the JSON array"
                raise NotJsonError(msg)
            return
        self._held.add(part)

    def _element(self, *, last: bool) -> Iterator[NewItem]:
        item = self._held.item(self._number + 1, _SPACE)
        self._ended = last
        # "[]" has no element; "[1,]" has an empty one, which is no story and is said to be none.
        if item.payload or item.reason is not None or self._number or not last:
            self._number += 1
            yield item
        self._held.clear()


class _Held:
    """The bytes of a story so far; of one longer than ``most`` nothing but the id that it names at its beginning."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = bytearray()
        self._too_long = False
        self._id: str | None = None

    def add(self, part: bytes) -> None:
        """Hold more."""
        if self._too_long:
            return
        if len(self._bytes) + len(part) > self._most:
            self._too_long = True
            self._id = named_id(bytes(self._bytes[:LOOKED_AT]) + part[:LOOKED_AT])
            self._bytes.clear()
        else:
            self._bytes += part

    def clear(self) -> None:
        """Begin with the next story."""
        self._bytes.clear()
        self._too_long = False

    def item(self, number: int, around: bytes = b"") -> NewItem:
        """Return the story without the bytes ``around`` it, or what it leaves behind."""
        if self._too_long:
            reason = f"longer than {self._most} bytes"
            return NewItem(number, None, reason=reason, external_id=self._id)
        return NewItem(number, bytes(self._bytes).strip(around))


class Gunzip:
    """Unpacks a gzipped stream a piece at a time, so that what is packed tight does not fill the memory."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(_GZIP)
        self._begun = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what the next bytes unpack to.

        Raises: NotJsonError when they are not gzip.
        """
        while chunk:
            self._begun = True
            try:
                piece = self._unpacker.decompress(chunk, _PIECE)
            except zlib.error as error:
                msg = "the body is not gzip, as Content-Encoding says it is"
                raise NotJsonError(msg) from error
            if piece:
                yield piece
            chunk = self._unpacker.unconsumed_tail
            if self._unpacker.eof:
                chunk = self._unpacker.unused_data
                self._unpacker = zlib.decompressobj(_GZIP)
                self._begun = False

    def close(self) -> None:
        """Check that the stream is whole.

        Raises: NotJsonError when it breaks off.
        """
        if self._begun:
            msg = "the gzipped body breaks off"
            raise NotJsonError(msg)


def unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what a gzipped stream holds.

    Raises: NotJsonError when it is not gzip or breaks off.
    """
    gunzip = Gunzip()
    for chunk in chunks:
        yield from gunzip.feed(chunk)
    gunzip.close()
