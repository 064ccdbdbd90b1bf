"""The pieces that line ends and blank lines cut a text into: lines, joined again where they were hard-wrapped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from app.domain.span import Span
from app.text.characters import CLOSERS, HYPHEN, LINE_END, SOFT_HYPHEN, WHITE

_MAX_COLUMNS = 100
_MIN_WRAPPED = 40
_SLACK = 8
_SHARE_WRAPPED = 1 / 3
_INDENT = 2
_TERMINALS = ".!?:\u2026\u3002\uff01\uff1f"
_LINE = re.compile(rf"([^\n\v\f\r\x85\u2028\u2029]*)({LINE_END}|\Z)")
_BROKEN_WORD = re.compile(rf"[^\W\d_](?:{HYPHEN}|{SOFT_HYPHEN})\Z")
_FIRST_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch between line ends that may be a paragraph or a line of the head.

    ``gap_before`` says whether a blank line (or the start of the text) parts it from what stands above.
    """

    span: Span
    gap_before: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank, trimmed; ``indent`` counts the columns of white space before it."""

    start: int
    end: int
    indent: int
    gap_before: bool


def find_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of ``text`` in order: a line each, or several lines that were wrapped at a column.

    Units: spans are trimmed of white space. Time is linear in the text.
    """
    lines = _find_lines(text)
    width = _wrap_width(text, lines)
    blocks: list[Block] = []
    for i, line in enumerate(lines):
        if blocks and not line.gap_before and _is_wrap(text, lines[i - 1], line, width):
            last = blocks.pop()
            blocks.append(Block(Span(last.span.start, line.end), last.gap_before))
        else:
            blocks.append(Block(Span(line.start, line.end), line.gap_before))
    return tuple(blocks)


def _find_lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    gap = True
    for match in _LINE.finditer(text):
        raw = match[1]
        left = raw.lstrip(WHITE)
        words = left.rstrip(WHITE)
        if words:
            indent = len(raw) - len(left)
            columns = len(raw[:indent].expandtabs(4))
            start = match.start() + indent
            lines.append(_Line(start, start + len(words), columns, gap))
        gap = not words or match[2] in {"\f", "\u2029"}
    return lines


def _wrap_width(text: str, lines: list[_Line]) -> int:
    """Return the column at which the text was wrapped by hand or machine, 0 when it was not."""
    breaks = [(a, b) for a, b in pairwise(lines) if not b.gap_before]
    if not breaks:
        return 0
    width = max(a.indent + a.end - a.start for a, _ in breaks)
    carried = sum(_runs_on(text, a, b) for a, b in breaks)
    return width if width <= _MAX_COLUMNS and carried >= len(breaks) * _SHARE_WRAPPED else 0


def _runs_on(text: str, line: _Line, after: _Line) -> bool:
    """Say whether the sentence of ``line`` plainly goes on in the line after it."""
    if _BROKEN_WORD.search(text, max(line.start, line.end - 2), line.end) and text[after.start].isalpha():
        return True
    last = text[line.start : line.end].rstrip(CLOSERS)[-1:]
    return text[after.start].islower() and last not in _TERMINALS and line.end - line.start >= _MIN_WRAPPED


def _is_wrap(text: str, line: _Line, after: _Line, width: int) -> bool:
    if _runs_on(text, line, after):
        return True
    if not width or after.indent >= line.indent + _INDENT:
        return False
    if text[after.start].islower():
        return True
    word = _FIRST_WORD.match(text, after.start, after.end)
    full = line.indent + line.end - line.start + 1 + len(word[0] if word else "")
    return full > width - _SLACK
