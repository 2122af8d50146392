"""Whether a route only asks, though by `POST`: a search, a quote, a check."""

from __future__ import annotations

import ast

from roadworthy.rules.files import own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.review import Review
from roadworthy.rules.security.routes import segments
from roadworthy.rules.security.words import words
from roadworthy.rules.trees import last_name
from roadworthy.values.program import FunctionInfo

_ASKING = frozenset(
    {
        "calculate",
        "check",
        "compare",
        "count",
        "estimate",
        "fetch",
        "find",
        "get",
        "list",
        "lookup",
        "preview",
        "query",
        "quote",
        "read",
        "search",
    }
)
_CHANGING = frozenset(
    {
        "add",
        "append",
        "apply",
        "approve",
        "assign",
        "cancel",
        "clear",
        "commit",
        "create",
        "delay",
        "delete",
        "drop",
        "enqueue",
        "execute",
        "flush",
        "generate",
        "import",
        "insert",
        "invalidate",
        "make",
        "mark",
        "patch",
        "pay",
        "persist",
        "post",
        "publish",
        "purge",
        "push",
        "put",
        "reload",
        "remove",
        "replace",
        "reset",
        "restart",
        "restore",
        "revoke",
        "run",
        "save",
        "send",
        "set",
        "start",
        "stop",
        "store",
        "submit",
        "sync",
        "trigger",
        "truncate",
        "unlink",
        "update",
        "upload",
        "upsert",
        "write",
    }
)
_DEEPEST = 4
_MOST = 80


def is_named_for_asking(handler: Handler) -> bool:
    """Whether a route's name or path says that it only asks, though by `POST`."""
    if set(handler.methods) != {"POST"}:
        return False
    fixed = segments(handler.path)
    last = words(fixed[-1]) if fixed and not handler.path.endswith("}") else ()
    name = words(handler.node.name)
    if name[:1] and not _CHANGING.isdisjoint(name):
        return False
    return not _ASKING.isdisjoint((*name[:1], *last[-1:]))


def changes_something(review: Review, handler: Handler) -> bool:
    """Whether something that a handler calls is named for changing."""
    seen: set[FunctionInfo] = {handler.function}
    level = [handler.function]
    for _ in range(_DEEPEST):
        following: list[FunctionInfo] = []
        for function in level:
            node = review.node_of(function)
            for part in own_nodes(node) if node is not None else ():
                if isinstance(part, ast.Call) and _changes(part):
                    return True
            for called in review.called(function):
                if called.module.is_library or called in seen:
                    continue
                if len(seen) >= _MOST:
                    return True
                seen.add(called)
                following.append(called)
        level = following
    return False


def _changes(call: ast.Call) -> bool:
    said = words(last_name(call.func))
    if said[:1] == ("replace",) or said in (("set",), ("append",), ("add",)):
        # Of a text or a collection; a session's `add` comes with a `commit`.
        return False
    return not _CHANGING.isdisjoint(said[:1])
