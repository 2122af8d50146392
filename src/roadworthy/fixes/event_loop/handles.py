"""A file that is opened and used on the loop: each operation on it, in a thread.

This is for `with open(...)` blocks that also await, which no function can take whole.
"""

from __future__ import annotations

import ast

from roadworthy.findings import Edit, Import
from roadworthy.fixes.event_loop.grounds import obstacle
from roadworthy.fixes.event_loop.outcome import Left
from roadworthy.fixes.event_loop.threads import IMPORT, awaited_call
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review

Rewriting = tuple[tuple[Edit, ...], tuple[Import, ...]]

_METHODS = frozenset(
    {"read", "readline", "readlines", "write", "writelines", "seek", "flush"}
    | {"truncate", "readinto", "read1"}
)
_QUICK = frozenset({"close", "closed", "name", "mode", "fileno", "encoding", "tell"})
_FUNCTIONS = frozenset(
    {
        "json.load",
        "json.dump",
        "pickle.load",
        "pickle.dump",
        "tomllib.load",
        "yaml.safe_load",
        "yaml.safe_dump",
        "yaml.load",
        "yaml.dump",
        "shutil.copyfileobj",
    }
)


def rewrite(
    review: Review,
    file: ReviewedFile,
    call: ast.Call,
    handle: str,
    function: FunctionNode,
    becoming: FunctionNode | None,
) -> Rewriting | Left:
    """Return the edits that open a file and use its handle in threads."""
    edits = list(awaited_call(file, call))
    for inner in own_nodes(function):
        if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if handle not in file.local_names(inner) and any(
                isinstance(name, ast.Name) and name.id == handle
                for name in ast.walk(inner)
            ):
                return Left(f"`{handle}` is used in `{inner.name}` too")
    for node in own_nodes(function):
        if not isinstance(node, ast.Name) or node.id != handle:
            continue
        if not isinstance(node.ctx, ast.Load):
            continue
        used = _use(review, file, node)
        if used is None:
            return Left(f"`{handle}` is used in a way that may block again")
        if isinstance(used, ast.Call):
            reason = obstacle(file, used, becoming)
            if reason:
                return Left(reason)
            edits.extend(awaited_call(file, used))
    return tuple(edits), (Import(file.relative, IMPORT),)


def _use(
    review: Review, file: ReviewedFile, name: ast.Name
) -> ast.Call | ast.expr | None:
    """Return the call that works on a handle, the handle where nothing is to be done,
    and None for a use that cannot be told."""
    parent = file.parent(name)
    if isinstance(parent, ast.Attribute):
        above = file.parent(parent)
        if parent.attr in _QUICK:
            return name
        if isinstance(above, ast.Call) and above.func is parent:
            return above if parent.attr in _METHODS else None
        # `await asyncio.to_thread(handle.read, size)`
        if isinstance(above, ast.Call) and isinstance(file.parent(above), ast.Await):
            return name if parent.attr in _METHODS else None
        return None
    if isinstance(parent, ast.Call) and name in parent.args:
        if isinstance(file.parent(parent), ast.Await):
            return name
        if review.static_names(file, parent) & _FUNCTIONS:
            return parent
    return None
