"""RW507 shared-mutable-state."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.injection.functions import each_function
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.words import words
from roadworthy.values.atoms import (
    Atom,
    ClassAtom,
    Const,
    ExternalInstance,
    Mapping,
    ModuleAtom,
    Sequence,
    Value,
)

RULE = Rule(
    code="RW507",
    name="shared-mutable-state",
    severity="warning",
    summary="A handler changes a list, dict, set or counter of the module.",
    why=(
        "Each worker process has its own copy: what one request writes, the next may not "
        "see. A deployment empties it, nothing bounds it, and `def` handlers change it "
        "from several threads at once."
    ),
    instead="Keep it in the database or in Redis; what belongs to the process, in `app.state`.",
    wrong="""\
from fastapi import FastAPI

app = FastAPI()
pens: dict[int, str] = {}


@app.put("/pens/{pen_id}")
async def put_pen(pen_id: int, colour: str) -> None:
    pens[pen_id] = colour  # expect: RW507
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from redis.asyncio import Redis

app = FastAPI()
client = Redis()


async def get_redis() -> Redis:
    return client


@app.put("/pens/{pen_id}")
async def put_pen(
    pen_id: int, colour: str, redis: Annotated[Redis, Depends(get_redis)]
) -> None:
    await redis.hset("pens", str(pen_id), colour)
""",
    references=(
        "https://fastapi.tiangolo.com/deployment/concepts/#memory-per-process",
    ),
)

_CHANGES_WORDS = """
    append extend insert remove pop popitem clear add discard update setdefault
    appendleft popleft extendleft rotate sort reverse difference_update
    intersection_update symmetric_difference_update subtract move_to_end
    """
_CHANGES = frozenset(_CHANGES_WORDS.split())
_CONTAINERS = frozenset(
    {
        "builtins.list",
        "builtins.dict",
        "builtins.set",
        "collections.defaultdict",
        "collections.deque",
        "collections.OrderedDict",
        "collections.Counter",
        "itertools.count",
    }
)
_LIVE = frozenset(
    {
        "asyncio.Task",
        "asyncio.Future",
        "asyncio.Event",
        "asyncio.Queue",
        "asyncio.Lock",
        "asyncio.Condition",
        "asyncio.Semaphore",
        "concurrent.futures.Future",
        "threading.Thread",
        "threading.Event",
        "asyncio.subprocess.Process",
        "subprocess.Popen",
    }
)
"""What belongs to this process alone and can be kept nowhere else."""
_LOCKS = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "FileLock")
_CACHES = frozenset({"cache", "cached", "caches", "memo"})


def check(review: Review) -> Iterator[Finding]:
    """Flag statements of handlers that change module-level containers and counters."""
    for handler in each_function(review):
        file = handler.file
        if not review.is_application_file(file):
            continue
        seen: set[ast.stmt] = set()
        for root, node in _changed(file, handler.node):
            statement = file.statement_of(node)
            if statement in seen:
                continue
            if not _is_shared(review, file, root):
                continue
            if _is_locked(review, file, handler.node, node):
                continue
            if _is_cache(root) or _is_live(review, file, root):
                continue
            seen.add(statement)
            yield review.finding(
                RULE,
                file,
                statement,
                f"`{file.text(root)}` is shared by all requests of one process only",
                entry=handler,
            )


def _changed(
    file: ReviewedFile, function: FunctionNode
) -> Iterator[tuple[ast.expr, ast.AST]]:
    """Yield what a handler changes, with the node that does: `x` for `x["a"] = 1`."""
    outer = {
        name
        for node in own_nodes(function)
        if isinstance(node, ast.Global)
        for name in node.names
    }
    for node in own_nodes(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _CHANGES:
                yield _held(node.func.value), node
        elif isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Subscript):
                yield _held(node.target), node
            elif isinstance(node.target, ast.Attribute) or (
                isinstance(node.target, ast.Name) and node.target.id in outer
            ):
                yield node.target, node
        elif isinstance(node, (ast.Assign, ast.Delete)):
            for target in node.targets:
                if isinstance(target, ast.Subscript):
                    yield _held(target), node
                elif isinstance(target, ast.Name) and target.id in outer:
                    if isinstance(node, ast.Assign) and _reads(node.value, target.id):
                        yield target, node


def _held(node: ast.expr) -> ast.expr:
    """Return the container at the root of `x[…][…]`."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def _reads(value: ast.expr, name: str) -> bool:
    """Whether a global is made from itself: `total = total + 1`, `[x for x in items]`."""
    return any(isinstance(node, ast.Name) and node.id == name for node in walk(value))


def _is_shared(review: Review, file: ReviewedFile, root: ast.expr) -> bool:
    """Whether an expression names a container or counter at the top of a module."""
    if isinstance(root, ast.Name) and isinstance(root.ctx, ast.Store):
        held = _value_in(file.tree.body, root.id)
        return held is not None and (
            _is_number(held) or all_containers(review.value(file, held))
        )
    if isinstance(root, ast.Attribute):
        owner = review.static(file, root.value) or ()
        bodies = [_body(review, atom) for atom in owner]
        if not bodies or None in bodies:
            return False
        if isinstance(root.ctx, ast.Store):
            return all(
                (held := _value_in(body or (), root.attr)) is not None
                and _is_number(held)
                for body in bodies
            )
    elif not isinstance(root, ast.Name):
        return False
    return all_containers(review.static(file, root) or ())


def all_containers(value: Value) -> bool:
    """Whether a value is a container of the module's own, whatever is in it."""
    known = kinds.known(value)
    return bool(known) and all(_is_container(atom) for atom in known)


def _is_number(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float))
        and not isinstance(node.value, bool)
    )


def _body(review: Review, atom: Atom) -> list[ast.stmt] | None:
    """Return the statements of a module or class of the project; None for others."""
    if isinstance(atom, ModuleAtom) and not atom.module.is_library:
        file = review.file_of(atom.module)
        return file.tree.body if file is not None else None
    if isinstance(atom, ClassAtom) and not kinds.is_table_model(atom):
        node = review.class_node(atom.cls)
        return node.body if node is not None else None
    return None


def _value_in(body: Iterable[ast.stmt], name: str) -> ast.expr | None:
    for statement in body:
        if isinstance(statement, ast.Assign):
            if any(isinstance(t, ast.Name) and t.id == name for t in statement.targets):
                return statement.value
        elif isinstance(statement, ast.AnnAssign):
            if isinstance(statement.target, ast.Name) and statement.target.id == name:
                return statement.value
    return None


def _is_container(atom: Atom) -> bool:
    if isinstance(atom, Mapping):
        return True
    if isinstance(atom, Sequence):
        return atom.kind in ("list", "set")
    return isinstance(atom, ExternalInstance) and atom.path in _CONTAINERS


def _is_cache(root: ast.expr) -> bool:
    """Whether the name says that it is a cache: it may be lost at any time."""
    name = root.id if isinstance(root, ast.Name) else getattr(root, "attr", "")
    return not _CACHES.isdisjoint(words(name))


def _is_locked(
    review: Review, file: ReviewedFile, function: FunctionNode, node: ast.AST
) -> bool:
    for parent in file.ancestors(node):
        if parent is function:
            break
        if isinstance(parent, (ast.With, ast.AsyncWith)):
            for item in parent.items:
                if _is_lock(review, file, item.context_expr):
                    return True
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "acquire"
        for call in own_nodes(function)
    )


def _is_lock(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    value: Value = review.value(file, node)
    if any((kinds.path_of(atom) or "").endswith(_LOCKS) for atom in kinds.known(value)):
        return True
    name = getattr(node, "attr", getattr(node, "id", file.text(node)))
    return not {"lock", "mutex", "semaphore"}.isdisjoint(words(str(name)))


def _is_live(review: Review, file: ReviewedFile, root: ast.expr) -> bool:
    """Whether the container holds websockets, tasks and the like somewhere."""
    name = root.id if isinstance(root, ast.Name) else getattr(root, "attr", "")
    for function in file.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        assert isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in own_nodes(function):
            for value in _given(node, name):
                if any(
                    _is_process_object(atom) for atom in _parts(review, file, value)
                ):
                    return True
    return any(_is_process_object(a) for a in _inner(review.static(file, root) or ()))


def _given(node: ast.AST, name: str) -> Iterator[ast.expr]:
    """Yield what a node puts into the container of a name."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        held = _held(node.func.value)
        if node.func.attr in _CHANGES and _is_named(held, name):
            yield from node.args
    elif isinstance(node, ast.Assign):
        if any(
            isinstance(t, ast.Subscript) and _is_named(_held(t), name)
            for t in node.targets
        ):
            yield node.value


def _is_named(node: ast.expr, name: str) -> bool:
    return getattr(node, "id", getattr(node, "attr", None)) == name


def _parts(review: Review, file: ReviewedFile, node: ast.expr) -> Iterator[Atom]:
    for inner in (node, *ast.iter_child_nodes(node)):
        if isinstance(inner, ast.expr):
            yield from kinds.known(review.value(file, inner))


def _inner(value: Value) -> Iterator[Atom]:
    for atom in value:
        if isinstance(atom, (Sequence, Mapping)):
            yield from kinds.known(atom.element)
            if isinstance(atom, Sequence):
                for item in atom.items or ():
                    yield from kinds.known(item)
            else:
                for _, held in atom.items or ():
                    yield from kinds.known(held)


def _is_process_object(atom: Atom) -> bool:
    if isinstance(atom, Const):
        return False
    return kinds.is_request(atom) or (
        isinstance(atom, ExternalInstance)
        and (
            atom.path in _LIVE
            or atom.path in ("fastapi.WebSocket", "starlette.websockets.WebSocket")
        )
    )
