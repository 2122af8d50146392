"""What an `await` in the middle of a step lets other requests do.

A coroutine runs alone from one `await` to the next. Where it looks at something shared and
changes it later, with no `await` between, nobody has changed it meanwhile; an `await` that
a fix puts between the two ends that.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Sequence

from roadworthy.fixes.event_loop.grounds import names_lock
from roadworthy.fixes.event_loop.shared import Access, Position, accesses
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review

_WAITS = (ast.Await, ast.Yield, ast.YieldFrom, ast.AsyncFor, ast.AsyncWith)
_CONDITIONS = (
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.Match,
    ast.ExceptHandler,
    ast.IfExp,
    ast.BoolOp,
)


def warning(review: Review, file: ReviewedFile, node: ast.expr) -> str:
    """Return what other requests may do at an `await` in a node's place that they
    cannot do now; empty where all stays one step, or was none."""
    function = file.function_of(node)
    if not isinstance(function, ast.AsyncFunctionDef):
        return ""
    moved = _moved(file, node)
    found = accesses(review, file, function)
    sides = [(_side(file, access, node, moved), access) for access in found]
    related: dict[str, list[tuple[int, Access]]] = {}
    for side, access in sides:
        related.setdefault(access.group, []).append((side, access))
    for side, access in sides:
        for other_side, other in related[access.group]:
            if side < other_side and access.is_torn_from(other):
                if _was_one_step(file, function, access, other, moved):
                    return (
                        f"between its uses of `{_label(access, other)}`, one step up to "
                        "now, other requests may run: hold an `asyncio.Lock` around them"
                    )
    inside = [access for side, access in sides if side == 0]
    if moved is node and _works_twice(inside):
        label = next(a.label for a in inside if a.is_file and a.is_write)
        return (
            f"it reads and writes `{label}`, and two requests may now do so at once: "
            "hold an `asyncio.Lock` around it"
        )
    return ""


def _moved(file: ReviewedFile, node: ast.expr) -> ast.AST:
    """Return what goes to the thread: an expression, or a whole `with` statement."""
    parent = file.parent(node)
    if isinstance(parent, ast.withitem):
        statement = file.parent(parent)
        if isinstance(statement, ast.With):
            return statement
    return node


def _side(file: ReviewedFile, access: Access, node: ast.expr, moved: ast.AST) -> int:
    """Return whether an access is made before (-1), in (0) or after (1) a thread."""
    if access.node is node:
        return 0
    is_inside = any(around is moved for around in file.ancestors(access.node))
    if moved is not node and is_inside:
        return 0
    if is_inside:
        return -1  # An argument: the loop works it out before.
    return -1 if access.place <= _end(moved) else 1


def _works_twice(inside: Sequence[Access]) -> bool:
    """Whether a file is read and then written by what goes to the thread as one."""
    return any(
        first.is_file and first.is_torn_from(second)
        for at, first in enumerate(inside)
        for second in inside[at + 1 :]
    )


def _was_one_step(
    file: ReviewedFile,
    function: FunctionNode,
    first: Access,
    second: Access,
    moved: ast.AST,
) -> bool:
    around_first = [first.node, *file.ancestors(first.node)]
    around_second = [second.node, *file.ancestors(second.node)]
    if _in_other_branch(around_first, set(around_second)):
        return False
    both = set(around_first) & set(around_second)
    for node in file.ancestors(moved):
        if isinstance(node, ast.AsyncWith) and node in both:
            if any(names_lock(item.context_expr) for item in node.items):
                return False  # An asynchronous lock keeps the others out.
    known = {*around_first, *around_second}
    return not any(
        isinstance(wait, _WAITS)
        and first.place < _end_of_wait(wait) <= second.place
        and all(
            around in known
            for around in file.ancestors(wait)
            if isinstance(around, _CONDITIONS)
        )
        for wait in own_nodes(function)
    )


def _in_other_branch(
    around_first: Sequence[ast.AST], around_second: set[ast.AST]
) -> bool:
    """Whether of two places only one is come to: the branches of one `if`."""
    for child, parent in itertools.pairwise(around_first):
        if parent not in around_second:
            continue
        if isinstance(parent, ast.If):
            branches = (parent.body, parent.orelse)
        elif isinstance(parent, ast.Match):
            others = [case for case in parent.cases if case is not child]
            return child in parent.cases and any(c in around_second for c in others)
        else:
            continue
        for branch, other in (branches, branches[::-1]):
            if child in branch and any(node in around_second for node in other):
                return True
    return False


def _label(first: Access, second: Access) -> str:
    label = first.label if first.is_write else second.label
    return label if len(label) <= 40 else f"{label[:39]}…"


def _end_of_wait(node: ast.AST) -> Position:
    """Return when a wait is over: that of a block is at its beginning."""
    if isinstance(node, (ast.AsyncFor, ast.AsyncWith)):
        return node.lineno, node.col_offset
    return _end(node)


def _end(node: ast.AST) -> Position:
    return getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0
