"""Telling syntax trees that are too deep to be walked recursively."""

from __future__ import annotations

import ast
import re
from itertools import accumulate

MAX_DEPTH = 300
"""Levels of nodes. With up to three calls a level, a recursive walk stays within
Python's usual limit of 1,000 calls. Code written by hand seldom has more than 50."""

_MAX_LINKS = 190
_HOP = 1000
_LINK_BYTES = b".([{+-*/%@&|^~<>"
_STATEMENT = re.compile(
    rb"\n[ \t]*(?:assert|break|class|continue|def|del|except|finally|global|import"
    rb"|nonlocal|pass|raise|return|try|while|with)\b"
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_OVERHEAD = 20
"""Levels allowed for nodes that stand for no character of their own, such as an
expression statement or a name's context."""


def is_too_deep(tree: ast.Module, text: str) -> bool:
    """Return whether the tree of this text has a branch of over `MAX_DEPTH` nodes.

    The tree is measured only where the text leaves room for such a branch, since even a
    walk over the statements alone would cost a fifth of the parsing. A text made to
    deceive (statements in multi-line strings, inside of one long expression) may pass
    with a deeper tree, so a recursive walk still has to expect a `RecursionError`.
    """
    return _could_be_deep(text) and _is_deep(tree, text)


def _could_be_deep(text: str) -> bool:
    """Return whether some stretch without a new statement has many operators."""
    # Each `elif` is a level below the one before, however many lines lie between.
    if text.count("elif") > _MAX_LINKS // 2:
        return True
    data = text.encode(errors="replace")
    start, size = 0, len(data)
    while start < size:
        boundary = _STATEMENT.search(data, start + _HOP)
        end = boundary.start() if boundary else size
        part = data[start:end]
        if _links(part) > _MAX_LINKS and any(
            _links(statement) > _MAX_LINKS for statement in _STATEMENT.split(part)
        ):
            return True
        start = end
    return False


def _links(part: bytes) -> int:
    """Return about how many levels the operators and brackets of some text may make."""
    marks = len(part) - len(part.translate(None, _LINK_BYTES))
    return marks + part.count(b"not") + part.count(b"else") + part.count(b"lambda")


def _is_deep(tree: ast.Module, text: str) -> bool:
    """Measure the tree level by level, opening only nodes of enough characters."""
    starts = [0, *accumulate(map(len, _LINE_END.split(text)))]
    last = len(starts) - 1
    room = MAX_DEPTH - _OVERHEAD
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        room -= 1
        below: list[ast.AST] = []
        for node in level:
            for value in vars(node).values():
                for child in value if isinstance(value, list) else (value,):
                    if not isinstance(child, ast.AST) or not child._fields:
                        continue
                    line: int | None = getattr(child, "lineno", None)
                    if line is None:
                        below.append(child)
                        continue
                    end: int = child.end_lineno  # type: ignore[attr-defined]
                    size: int
                    if line == end:
                        size = child.end_col_offset - child.col_offset  # type: ignore[attr-defined]
                    else:
                        size = starts[min(end, last)] - starts[min(line, last) - 1]
                    if size > room:
                        below.append(child)
        if not below:
            return False
        level = below
    return True
