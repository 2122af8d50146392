"""What asks the database, and what becomes asynchronous with it: the data."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from roadworthy.fixes.async_db.kept import Keeping
from roadworthy.fixes.async_db.queries import Chain
from roadworthy.fixes.async_db.values import Kind
from roadworthy.rules.files import FunctionNode, ReviewedFile, ScopeNode, own_nodes

_CLIENT_METHODS = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "request", "send"}
)
AWAITED: dict[Kind, frozenset[str]] = {
    "session": frozenset(
        {
            "execute",
            "exec",
            "scalar",
            "scalars",
            "get",
            "get_one",
            "commit",
            "flush",
            "refresh",
            "delete",
            "merge",
            "rollback",
            "close",
            "connection",
            "begin",
            "begin_nested",
            "reset",
            "invalidate",
        }
    ),
    "connection": frozenset(
        {
            "execute",
            "scalar",
            "scalars",
            "exec_driver_sql",
            "commit",
            "rollback",
            "close",
            "begin",
            "begin_nested",
            "invalidate",
        }
    ),
    "engine": frozenset({"connect", "begin", "dispose", "raw_connection"}),
    "transaction": frozenset({"commit", "rollback", "close"}),
    "client": _CLIENT_METHODS,
}
STREAMED = {"execute": "stream", "exec": "stream", "scalars": "stream_scalars"}
"""Methods of a session, and what gives their rows part by part."""
AWAITED["registry"] = AWAITED["session"] | {"remove"}
BY_RUN_SYNC = frozenset(
    {"bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"}
)
"""Methods of a session that only the synchronous one has."""


@dataclass(frozen=True, slots=True)
class Operation:
    """Something in the code that has to be awaited."""

    file: ReviewedFile
    node: ast.expr
    what: str
    """``call`` of an asynchronous method, ``chain``, ``with``, ``run sync``,
    ``metadata``, ``function``, ``loop``, ``next``, ``offload``, ``bulk``, ``late``: a
    relationship that stays lazy, or ``enter``: what runs synchronous code that asks."""
    item: ast.withitem | None = None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why something stays synchronous."""

    file: ReviewedFile
    node: ast.AST
    reason: str


@dataclass(slots=True)
class Colouring:
    """What becomes asynchronous."""

    functions: dict[FunctionNode, ReviewedFile] = field(default_factory=dict)
    operations: dict[ScopeNode, list[Operation]] = field(default_factory=dict)
    """What is awaited, by the scope in which it stands."""
    chains: dict[ast.AST, Chain] = field(default_factory=dict)
    obstacles: list[Obstacle] = field(default_factory=list)
    bridged: dict[FunctionNode, ReviewedFile] = field(default_factory=dict)
    """Functions that stay synchronous for those who call them, and run a loop."""
    threads: set[FunctionNode] = field(default_factory=set)
    """Those of them that run in threads beside the application's own loop."""
    dunders: dict[FunctionNode, str] = field(default_factory=dict)
    islands: dict[ScopeNode, ReviewedFile] = field(default_factory=dict)
    """Functions and lambdas that stay synchronous and ask the asynchronous session:
    they are run by `run_sync`, in which awaiting needs no `await`."""
    handed: set[ast.expr] = field(default_factory=set)
    """Sessions that are handed to a library, which asks their synchronous side."""
    keeping: Keeping = field(default_factory=Keeping)


def loops_over(file: ReviewedFile, call: ast.Call) -> list[ast.For]:
    """Return the loops over the result of a call; none if it is used otherwise."""
    parent = file.parent(call)
    if isinstance(parent, ast.For) and parent.iter is call:
        return [parent]
    if not (
        isinstance(parent, ast.Assign)
        and len(parent.targets) == 1
        and isinstance(parent.targets[0], ast.Name)
    ):
        return []
    name = parent.targets[0].id
    found: list[ast.For] = []
    for node in own_nodes(file.scope(call)):
        if (
            isinstance(node, ast.Name)
            and node.id == name
            and node is not (parent.targets[0])
        ):
            loop = file.parent(node)
            if not (isinstance(loop, ast.For) and loop.iter is node):
                return []
            found.append(loop)
    return found


def last(node: ast.AST) -> str:
    """Return the last part of a dotted name; empty for what is none."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def bind_of(call: ast.Call) -> ast.expr | None:
    """Return the engine or connection that `create_all` is given."""
    if call.args:
        return call.args[0]
    return next((k.value for k in call.keywords if k.arg == "bind"), None)


def is_generator(node: FunctionNode) -> bool:
    """Whether a function yields."""
    return any(
        isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in own_nodes(node)
    )


def is_context_manager(node: FunctionNode) -> bool:
    """Whether a function is decorated with `contextmanager`."""
    return any(last(decorator) == "contextmanager" for decorator in node.decorator_list)
