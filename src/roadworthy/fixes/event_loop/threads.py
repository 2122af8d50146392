"""Edits that move a call to a thread: `f(a, b=c)` to `await asyncio.to_thread(f, a, b=c)`.

The arguments stay where they are, evaluated on the loop and in the order they had.
"""

from __future__ import annotations

import ast
import re

from roadworthy.findings import Edit
from roadworthy.fixes import places
from roadworthy.fixes.event_loop.grounds import needs_parentheses
from roadworthy.rules.files import ReviewedFile

TO_THREAD = "asyncio.to_thread"
IMPORT = "import asyncio"

_SPACE = re.compile(r"(?:\s|\\\n|#[^\n]*\n|\))*\(")
_LINE_ENDS = re.compile(r"[ \t]*(#[^\n]*)?\n")


def awaited_call(
    file: ReviewedFile, call: ast.Call, through: str = TO_THREAD
) -> tuple[Edit, ...]:
    """Return the edits that make a call the awaited call of a function in a thread."""
    text = places.source_text(file, call)
    opening = _opening(file, call)
    function, rest = text[:opening].rstrip(), text[opening + 1 :]
    head = f"await {through}("
    edits: list[Edit] = []
    has_arguments = bool(call.args or call.keywords)
    generator = call.args[0] if call.args else None
    bare_generator = (
        isinstance(generator, ast.GeneratorExp)
        and len(call.args) == 1
        and not call.keywords
        and generator.end_col_offset == call.end_col_offset
        and generator.end_lineno == call.end_lineno
    )
    closing = ")" if needs_parentheses(file, call) else ""
    before = "(" if closing else ""
    line_end = _LINE_ENDS.match(rest)
    if bare_generator:
        replaced, put = opening, f"{before}{head}{function}, "
        closing = ")" + closing
    elif not has_arguments:
        replaced, put = opening + 1, f"{before}{head}{function}"
    elif line_end is not None:
        # The arguments stand on lines of their own, and so does the function.
        following = rest[line_end.end() :]
        indent = following[: len(following) - len(following.lstrip(" \t"))]
        kept = rest[: line_end.end()]
        replaced = opening + 1 + line_end.end()
        put = f"{before}{head}{kept}{indent}{function},\n"
    else:
        replaced, put = opening + 1, f"{before}{head}{function}, "
    start = _begin(file, call)
    edits.append(Edit(file.relative, *start, *_advance(start, text[:replaced]), put))
    if closing:
        edits.append(places.after(file, call, closing))
    return tuple(edits)


def named_call(file: ReviewedFile, call: ast.Call, function: str) -> tuple[Edit, ...]:
    """Return the edits that await another function with the same arguments."""
    text = places.source_text(file, call)
    opening = _opening(file, call)
    closing = ")" if needs_parentheses(file, call) else ""
    start = _begin(file, call)
    put = f"{'(' if closing else ''}await {function}"
    edits = [Edit(file.relative, *start, *_advance(start, text[:opening]), put)]
    if closing:
        edits.append(places.after(file, call, closing))
    return tuple(edits)


def awaited(file: ReviewedFile, node: ast.expr) -> tuple[Edit, ...]:
    """Return the edits that put `await` before an expression."""
    if needs_parentheses(file, node):
        return (places.before(file, node, "(await "), places.after(file, node, ")"))
    return (places.before(file, node, "await "),)


def function_text(file: ReviewedFile, call: ast.Call) -> str:
    """Return what a call calls, as written."""
    return places.source_text(file, call)[: _opening(file, call)].rstrip()


def _opening(file: ReviewedFile, call: ast.Call) -> int:
    """Return where in the text of a call its arguments' parenthesis opens."""
    text = places.source_text(file, call)
    end = places.after(file, call.func, "")
    begin = _begin(file, call)
    offset = 0
    for _ in range(end.line - begin[0]):
        offset = text.index("\n", offset) + 1
    offset += end.column - 1 - (begin[1] - 1 if end.line == begin[0] else 0)
    match = _SPACE.match(text, offset)
    if match is None:
        raise ValueError(f"no call at {file.relative}:{call.lineno}")
    return match.end() - 1


def _begin(file: ReviewedFile, node: ast.expr) -> tuple[int, int]:
    edit = places.before(file, node, "")
    return edit.line, edit.column


def _advance(start: tuple[int, int], text: str) -> tuple[int, int]:
    """Return the position that lies a text further on."""
    lines = text.split("\n")
    if len(lines) == 1:
        return start[0], start[1] + len(text)
    return start[0] + len(lines) - 1, len(lines[-1]) + 1
