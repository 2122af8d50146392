"""Edits laid into a text; all that lies outside of them stays as it is."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

from roadworthy.findings import Edit, Fix

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_END = re.compile(r"\r\n|\r|\n")


class EditError(ValueError):
    """An edit that does not fit its text."""


def split(text: str) -> list[str]:
    """Return the lines of a text with their ends, split as Python splits them."""
    return _LINE.findall(text)


def newline_of(text: str) -> str:
    """Return the line end that most lines of a text have; `\\n` if it has none."""
    ends = _END.findall(text)
    return max(("\n", "\r\n", "\r"), key=ends.count) if ends else "\n"


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits of one file laid into it.

    Equal edits count once. Replacements take on the line ends of the text.

    Raises:
        EditError: two edits overlap, or one lies outside the text.
    """
    starts = _starts(text)
    spans = [(*_span(starts, text, edit), edit) for edit in dict.fromkeys(edits)]
    newline = newline_of(text)
    parts: list[str] = []
    at = 0
    last: tuple[int, int] | None = None
    for begin, end, edit in sorted(spans, key=lambda span: span[:2]):
        if begin < at or (begin, end) == last:
            raise EditError(
                f"two edits overlap at {edit.path}:{edit.line}:{edit.column}"
            )
        parts += [text[at:begin], _END.sub(newline, edit.replacement)]
        at, last = end, (begin, end)
    return "".join((*parts, text[at:]))


def _starts(text: str) -> list[int]:
    starts = [0]
    starts.extend(match.end() for match in _END.finditer(text))
    return starts


def _span(starts: Sequence[int], text: str, edit: Edit) -> tuple[int, int]:
    begin = _offset(starts, text, edit.line, edit.column)
    end = _offset(starts, text, edit.end_line, edit.end_column)
    if begin is None or end is None or end < begin:
        raise EditError(
            f"an edit lies outside its file: {edit.path}:{edit.line}:{edit.column}"
            f"-{edit.end_line}:{edit.end_column}"
        )
    return begin, end


def _offset(starts: Sequence[int], text: str, line: int, column: int) -> int | None:
    if not 0 < line <= len(starts) or column < 1:
        return None
    offset = starts[line - 1] + column - 1
    limit = starts[line] if line < len(starts) else len(text)
    return offset if offset <= limit else None


def conflict(one: Fix, other: Fix) -> bool:
    """Tell whether two fixes change the same place, each in its own way."""
    return any(
        _overlap(a, b) for a in one.edits for b in other.edits if a.path == b.path
    )


def _overlap(a: Edit, b: Edit) -> bool:
    if a == b:
        return False
    (a_begin, a_end), (b_begin, b_end) = _range(a), _range(b)
    if a_begin == b_begin:
        # Two insertions at one place, or two changes of what begins there: which comes
        # first would be chance.
        return True
    return a_begin < b_end and b_begin < a_end


def _range(edit: Edit) -> tuple[tuple[int, int], tuple[int, int]]:
    return (edit.line, edit.column), (edit.end_line, edit.end_column)


def between(path: str, old: str, new: str) -> tuple[Edit, ...]:
    """Return edits, line by line, that turn one text into another."""
    before, after = split(old), split(new)
    edits: list[Edit] = []
    for a, b, c, d in changed_blocks(before, after):
        edits.append(
            Edit(
                path,
                *_at(before, a),
                *_at(before, b),
                _END.sub("\n", "".join(after[c:d])),
            )
        )
    return tuple(edits)


def _at(lines: Sequence[str], index: int) -> tuple[int, int]:
    """Return line and column (from 1) at which a line begins, or the text ends."""
    if index < len(lines) or not lines or _END.search(lines[-1]):
        return index + 1, 1
    return index, len(lines[-1]) + 1


def changed_blocks(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield the blocks of lines that differ: `before[a:b]` has become `after[c:d]`."""
    same = 0
    most = min(len(before), len(after))
    while same < most and before[same] == after[same]:
        same += 1
    tail = 0
    while tail < most - same and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    old = before[same : len(before) - tail]
    new = after[same : len(after) - tail]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            yield a + same, b + same, c + same, d + same
