"""Blocking code that is entered without a call: `d[k]`, `x in d`, `obj.name`, `for`.

Each has a function that does the same, and that function is called in a thread.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from roadworthy.findings import Edit, Import
from roadworthy.fixes import places
from roadworthy.fixes.event_loop.grounds import is_plain, needs_parentheses
from roadworthy.fixes.event_loop.outcome import Left
from roadworthy.fixes.event_loop.threads import IMPORT, TO_THREAD
from roadworthy.rules.files import ReviewedFile

Rewriting = tuple[tuple[Edit, ...], tuple[Import, ...]]

OPERATOR = "import operator"
DJANGO = "from asgiref.sync import sync_to_async"
_HARD = "it is entered by an operator; assign what it needs to names first"


def rewrite(
    file: ReviewedFile, node: ast.expr, operation: str, *, django: bool = False
) -> Rewriting | Left:
    """Return the edits that do an implicit operation in a thread.

    `operation` is the special method that blocks, or the name of a property. Django's
    ORM keeps to threads of its own.
    """
    found = _rewrite(file, node, operation)
    if isinstance(found, Left) or not django:
        return found
    edits, _ = found
    if len(edits) > 1:
        return Left(_HARD)
    return (through_django(edits[0]),), (Import(file.relative, DJANGO),)


def through_django(edit: Edit) -> Edit:
    """Return an edit with `sync_to_async` in the place of `asyncio.to_thread`."""
    head, _, rest = edit.replacement.partition(f"{TO_THREAD}(")
    if rest.startswith("lambda: "):
        end = rest.rindex(")") if not rest.endswith("))") else len(rest) - 2
        return replace(
            edit, replacement=f"{head}sync_to_async({rest[:end]})(){rest[end + 1 :]}"
        )
    function, _comma, rest = rest.partition(", ")
    return replace(edit, replacement=f"{head}sync_to_async({function})({rest}")


def _rewrite(file: ReviewedFile, node: ast.expr, operation: str) -> Rewriting | Left:
    parent = file.parent(node)
    if isinstance(node, ast.Subscript):
        return _subscript(file, node)
    if isinstance(node, ast.Compare):
        return _membership(file, node)
    if isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node:
        return iteration(file, node)
    if isinstance(parent, ast.withitem):
        return Left(
            "it is entered by `with`; what the block guards has to be looked at"
        )
    if operation in ("__bool__", "__len__") and _is_tested(file, node):
        return _done(file, node, "bool", places.source_text(file, node))
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        if operation.startswith("__"):
            return Left(_HARD)
        text = places.source_text(file, node)
        if is_plain(node):
            return _done(file, node, f"lambda: {text}")
        owner = places.source_text(file, node.value)
        if '"' in owner or isinstance(parent, ast.FormattedValue):
            return Left(_HARD)
        return _done(file, node, "getattr", owner, f'"{node.attr}"')
    return Left(_HARD)


def iteration(file: ReviewedFile, node: ast.expr, *, django: bool = False) -> Rewriting:
    """Return the edits that read a whole iteration in a thread, before the loop."""
    edits, imports = _done(file, node, "list", places.source_text(file, node))
    if django:
        return (through_django(edits[0]),), (Import(file.relative, DJANGO),)
    return edits, imports


def _subscript(file: ReviewedFile, node: ast.Subscript) -> Rewriting | Left:
    if isinstance(node.slice, ast.Slice) or (
        isinstance(node.slice, ast.Tuple)
        and any(isinstance(e, (ast.Slice, ast.Starred)) for e in node.slice.elts)
    ):
        return Left(_HARD)
    owner = places.source_text(file, node.value)
    key = places.source_text(file, node.slice)
    if isinstance(node.slice, ast.Tuple) and not key.startswith("("):
        key = f"({key})"
    statement = file.parent(node)
    if isinstance(node.ctx, ast.Load):
        return _done(file, node, "operator.getitem", owner, key)
    if not (is_plain(node.value) and is_plain(node.slice)):
        return Left(_HARD)
    if isinstance(node.ctx, ast.Del):
        if isinstance(statement, ast.Delete) and len(statement.targets) == 1:
            return _statement(file, statement, "operator.delitem", owner, key)
        return Left("it is one of several deletions; write one statement for each")
    if (
        isinstance(statement, ast.Assign)
        and statement.targets == [node]
        and not isinstance(statement.value, ast.Yield)
    ):
        # The value keeps its lines: only what stands around it is written anew.
        value = statement.value
        head = f"await {TO_THREAD}(operator.setitem, {owner}, {key}, "
        unpacked = isinstance(value, ast.Tuple)
        if unpacked and not places.source_text(file, value).startswith("("):
            return Left(_HARD)
        start = places.before(file, statement, "")
        begin = places.before(file, value, "")
        gap = _text_between(file, node, value)
        if gap.strip() not in ("=",):
            return Left("its value stands in parentheses of its own")
        return (
            (
                Edit(
                    file.relative,
                    start.line,
                    start.column,
                    begin.line,
                    begin.column,
                    head,
                ),
                places.after(file, value, ")"),
            ),
            _imports(file, head),
        )
    return Left("it is part of a larger assignment; write a statement of its own")


def _membership(file: ReviewedFile, node: ast.Compare) -> Rewriting | Left:
    if len(node.ops) != 1 or not isinstance(node.ops[0], (ast.In, ast.NotIn)):
        return Left(_HARD)
    left, right = node.left, node.comparators[0]
    if not (is_plain(left) or is_plain(right)):
        return Left(_HARD)
    texts = (places.source_text(file, right), places.source_text(file, left))
    if isinstance(left, ast.Tuple) and not texts[1].startswith("("):
        return Left(_HARD)
    # `not` may stand wherever a comparison may.
    negation = "not " if isinstance(node.ops[0], ast.NotIn) else ""
    put = f"{negation}await {TO_THREAD}(operator.contains, {', '.join(texts)})"
    return (places.replace(file, node, put),), _imports(file, put)


def _is_tested(file: ReviewedFile, node: ast.expr) -> bool:
    """Whether an expression's truth alone matters."""
    child: ast.AST = node
    for parent in file.ancestors(node):
        if isinstance(parent, (ast.If, ast.While, ast.IfExp, ast.Assert)):
            return parent.test is child
        if isinstance(parent, ast.UnaryOp):
            return isinstance(parent.op, ast.Not)
        if isinstance(parent, ast.comprehension):
            return child in parent.ifs
        if not isinstance(parent, ast.BoolOp):
            return False
        child = parent
    return False


def _done(file: ReviewedFile, node: ast.expr, *arguments: str) -> Rewriting:
    put = f"await {TO_THREAD}({', '.join(arguments)})"
    if needs_parentheses(file, node):
        put = f"({put})"
    return (places.replace(file, node, put),), _imports(file, put)


def _statement(file: ReviewedFile, node: ast.stmt, *arguments: str) -> Rewriting:
    put = f"await {TO_THREAD}({', '.join(arguments)})"
    return (places.replace(file, node, put),), _imports(file, put)


def _imports(file: ReviewedFile, put: str) -> tuple[Import, ...]:
    statements = [IMPORT] + ([OPERATOR] if "operator." in put else [])
    return tuple(Import(file.relative, statement) for statement in statements)


def _text_between(file: ReviewedFile, first: ast.expr, last: ast.expr) -> str:
    """Return what stands between two expressions."""
    whole = places.between(file, first, last, "")
    begin = places.after(file, first, "")
    lines = file.lines[begin.line - 1 : whole.end_line]
    stop = places.before(file, last, "")
    if begin.line == stop.line:
        return lines[0][begin.column - 1 : stop.column - 1]
    middle = lines[1 : stop.line - begin.line]
    return "\n".join(
        (
            lines[0][begin.column - 1 :],
            *middle,
            lines[stop.line - begin.line][: stop.column - 1],
        )
    )
