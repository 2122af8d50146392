"""Handlers in another order: one is moved before others in its module."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from roadworthy.findings import Edit, Fix
from roadworthy.rules.files import FunctionNode, ReviewedFile


def moved_before(
    file: ReviewedFile, line: int, before: Sequence[int | None]
) -> Fix | None:
    """Return the fix that moves the handler declared on a line before some others.

    `line` and `before` are lines of decorators; a line that is None is that of another
    file, before which nothing can be moved. None where the move could change more than
    the order of the routes: a handler with several decorators, a name that is bound in
    between and needed for the declaration.
    """
    body = file.tree.body
    moved = _declared_at(body, line)
    others = [_declared_at(body, at) if at is not None else None for at in before]
    if moved is None or not others or len(moved.decorator_list) != 1:
        return None
    targets = [other for other in others if other is not None]
    if len(targets) != len(others):
        return None
    target = min(targets, key=lambda node: node.lineno)
    between = body[body.index(target) : body.index(moved)]
    if not between:
        return None
    bound = {name for statement in between for name in _bound(statement)}
    if bound & {moved.name, *_needed(moved)}:
        return None
    first, last = _first_line(file, moved), moved.end_lineno or moved.lineno
    start = _first_line(file, target)
    gap = _blank_lines_above(file, first)
    text = "\n".join((*file.lines[first - 1 : last], *[""] * gap, ""))
    return Fix(
        True,
        (
            Edit(file.relative, start, 1, start, 1, text),
            # The gap above goes along: what stands below keeps its own.
            Edit(file.relative, first - gap, 1, *_line_after(file, last), ""),
        ),
    )


def _declared_at(body: Sequence[ast.stmt], line: int) -> FunctionNode | None:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(
            decorator.lineno == line for decorator in node.decorator_list
        ):
            return node
    return None


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement of a module binds there."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0]
        waiting.extend(ast.iter_child_nodes(node))


def _needed(function: FunctionNode) -> Iterator[str]:
    """Yield the names that are looked up when a function is declared."""
    arguments = function.args
    parts: list[ast.AST | None] = [
        *function.decorator_list,
        *arguments.defaults,
        *arguments.kw_defaults,
        function.returns,
        *(
            argument.annotation
            for argument in (
                *arguments.posonlyargs,
                *arguments.args,
                *arguments.kwonlyargs,
                arguments.vararg,
                arguments.kwarg,
            )
            if argument is not None
        ),
    ]
    for part in parts:
        for node in ast.walk(part) if part is not None else ():
            if isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value  # an annotation in quotes


def _first_line(file: ReviewedFile, node: FunctionNode) -> int:
    """Return the line on which a function begins: its decorators and comments above."""
    line = min([d.lineno for d in node.decorator_list] + [node.lineno])
    while line > 1 and file.lines[line - 2].startswith("#"):
        line -= 1
    return line


def _blank_lines_above(file: ReviewedFile, line: int) -> int:
    count = 0
    while line - count > 1 and not file.lines[line - count - 2].strip():
        count += 1
    return count


def _line_after(file: ReviewedFile, line: int) -> tuple[int, int]:
    if line < len(file.lines):
        return line + 1, 1
    return line, len(file.lines[line - 1]) + 1
