"""Statements put into a block of their own, a level deeper."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from roadworthy.findings import Edit, Fix
from roadworthy.fixes import places
from roadworthy.rules.files import ReviewedFile

_STEP = "    "


def put_into_with(
    file: ReviewedFile,
    opening: ast.stmt,
    opened: ast.expr,
    name: str,
    rest: Sequence[ast.stmt],
    word: str,
) -> Fix | None:
    """Return the fix that makes `name = opened` and what follows a `with` block.

    `word` is `with` or `async with`. A last statement that closes the name goes: leaving
    the block closes it. None where the lines cannot be moved to the right as they are.
    """
    closing = rest[-1] if _closes(rest[-1], name) else None
    kept = rest[:-1] if closing is not None else rest
    if not kept or any(_uses_lines_of_others(file, node) for node in (opening, *rest)):
        return None
    step = "\t" if places.indent_of(file, opening).startswith("\t") else _STEP
    head = f"{word} {places.source_text(file, opened)} as {name}:"
    edits = [places.replace(file, opening, head)]
    first, last = kept[0].lineno, kept[-1].end_lineno or kept[-1].lineno
    inside_text = _lines_inside_texts(kept)
    for line in range((opening.end_lineno or opening.lineno) + 1, last + 1):
        if not file.lines[line - 1].strip():
            continue
        if line in inside_text:
            return None
        edits.append(Edit(file.relative, line, 1, line, 1, step))
    if closing is not None:
        start, end = closing.lineno, closing.end_lineno or closing.lineno
        while start > first and not file.lines[start - 2].strip():
            start -= 1
        # From the end of the line above: the last line may have no end of its own.
        edits.append(
            Edit(
                file.relative,
                start - 1,
                len(file.lines[start - 2]) + 1,
                end,
                len(file.lines[end - 1]) + 1,
                "",
            )
        )
    return Fix(True, tuple(edits))


def _closes(statement: ast.stmt, name: str) -> bool:
    """Tell whether a statement is `name.close()`, awaited or not."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(value, ast.Await):
        value = value.value
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == "close"
        and isinstance(value.func.value, ast.Name)
        and value.func.value.id == name
        and not value.args
    )


def _uses_lines_of_others(file: ReviewedFile, node: ast.stmt) -> bool:
    """Tell whether a statement shares its first line with another (`a; b`)."""
    assert file.source is not None
    before = file.lines[node.lineno - 1]
    return bool(before[: file.source.column(node.lineno, node.col_offset)].strip())


def _lines_inside_texts(statements: Sequence[ast.stmt]) -> set[int]:
    """Return the lines that begin inside a string, where spaces would be part of it."""
    found: set[int] = set()
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, (ast.Constant, ast.JoinedStr)):
                found.update(range(node.lineno + 1, (node.end_lineno or 0) + 1))
    return found
