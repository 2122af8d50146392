"""What a library hands out piece by piece: it blocks while a loop goes through it."""

from __future__ import annotations

import ast

from roadworthy.findings import Edit, Import
from roadworthy.fixes import places
from roadworthy.fixes.event_loop.grounds import needs_parentheses
from roadworthy.fixes.event_loop.outcome import Left
from roadworthy.fixes.event_loop.threads import IMPORT, TO_THREAD
from roadworthy.rules.files import ReviewedFile

LAZY = frozenset(
    {
        "glob.iglob",
        "os.fwalk",
        "os.scandir",
        "os.walk",
        "pathlib.Path.glob",
        "pathlib.Path.iterdir",
        "pathlib.Path.rglob",
        "pathlib.Path.walk",
    }
)
_GO_THROUGH = frozenset(
    {"all", "any", "frozenset", "len", "list", "max", "min", "set", "sorted", "sum"}
    | {"tuple"}
)
_STEERS = frozenset({"append", "clear", "extend", "insert", "pop", "remove", "reverse"})
_OF_ITS_PLACE = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
"""What means something else in a function of its own."""
_ELSEWHERE = (
    "it hands out an iterator, and the work is done where that is gone through; make a "
    "list of it in a thread"
)
_STEERED = "the loop tells the walk where to go while it walks"

Rewriting = tuple[tuple[Edit, ...], tuple[Import, ...]]


def rewrite(file: ReviewedFile, call: ast.Call) -> Rewriting | Left:
    """Return the edits that go through an iterator in a thread."""
    parent = file.parent(call)
    node, text = call, f"list({places.source_text(file, call)})"
    if isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is call:
        if isinstance(parent, ast.For) and _is_steered(parent):
            return Left(_STEERED)
    elif (
        isinstance(parent, ast.Call)
        and isinstance(parent.func, ast.Name)
        and parent.args == [call]
    ):
        if parent.func.id == "enumerate":
            pass
        elif parent.func.id in _GO_THROUGH:
            node, text = parent, places.source_text(file, parent)
        else:
            return Left(_ELSEWHERE)
    else:
        return Left(_ELSEWHERE)
    if any(isinstance(part, _OF_ITS_PLACE) for part in ast.walk(node)):
        return Left("its arguments wait for something, or bind a name")
    put = f"await {TO_THREAD}(lambda: {text})"
    if needs_parentheses(file, node):
        put = f"({put})"
    return (places.replace(file, node, put),), (Import(file.relative, IMPORT),)


def _is_steered(loop: ast.For) -> bool:
    """Whether a loop changes what it was handed: `os.walk` goes by that."""
    given = {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
    for statement in loop.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute):
                changed: ast.expr = node.value
                if node.attr not in _STEERS:
                    continue
            elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                changed = node.value
            elif isinstance(node, ast.AugAssign):
                changed = node.target
            else:
                continue
            if isinstance(changed, ast.Name) and changed.id in given:
                return True
    return False
