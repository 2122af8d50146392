"""RW311 unawaited-coroutine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from roadworthy.findings import Finding, Fix
from roadworthy.fixes import places
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop.places import FUNCTIONS, entry_at, last_name
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review

RULE = Rule(
    code="RW311",
    name="unawaited-coroutine",
    severity="error",
    summary="A coroutine function is called, and its result used as a value or dropped.",
    why=(
        "Calling a coroutine function runs nothing: it makes a coroutine object. The "
        "work is never done, and the object in its place is always true, has none of the "
        "attributes that are asked for, and cannot be sent as an answer."
    ),
    instead="`await` the call, or hand the coroutine to `asyncio.create_task` or a task group.",
    wrong="""\
from fastapi import FastAPI, HTTPException

app = FastAPI()


async def is_banned(name: str) -> bool:
    return name == "eve"


@app.get("/users/{name}")
async def read_user(name: str) -> str:
    if is_banned(name):  # expect: RW311
        raise HTTPException(403)
    return name
""",
    right="""\
from fastapi import FastAPI, HTTPException

app = FastAPI()


async def is_banned(name: str) -> bool:
    return name == "eve"


@app.get("/users/{name}")
async def read_user(name: str) -> str:
    if await is_banned(name):
        raise HTTPException(403)
    return name
""",
    fixed="""\
from fastapi import FastAPI, HTTPException

app = FastAPI()


async def is_banned(name: str) -> bool:
    return name == "eve"


@app.get("/users/{name}")
async def read_user(name: str) -> str:
    if await is_banned(name):  # expect: RW311
        raise HTTPException(403)
    return name
""",
    fix_summary="Awaits the call, where it stands in an `async def`.",
    references=(
        "https://docs.python.org/3/library/asyncio-dev.html#detect-never-awaited-coroutines",
    ),
)

_METHODS = {
    "sqlalchemy.ext.asyncio.AsyncSession": (
        "close commit connection delete execute flush get get_one invalidate merge refresh"
        " rollback run_sync scalar scalars stream stream_scalars"
    ),
    "sqlalchemy.ext.asyncio.AsyncConnection": (
        "close commit execute exec_driver_sql rollback run_sync scalar scalars"
    ),
    "sqlmodel.ext.asyncio.session.AsyncSession": (
        "close commit delete exec execute flush get merge refresh rollback scalar scalars"
    ),
    "httpx.AsyncClient": "aclose delete get head options patch post put request send",
    "fastapi.UploadFile": "close read seek write",
    "fastapi.Request": "body close form is_disconnected json",
    "fastapi.WebSocket": (
        "accept close receive receive_bytes receive_json receive_text send send_bytes"
        " send_json send_text"
    ),
    "asyncio": "sleep to_thread wait wait_for open_connection start_server",
    "asyncio.Lock": "acquire",
    "asyncio.Event": "wait",
    "asyncio.Queue": "get join put",
    "fastapi.concurrency": "run_in_threadpool",
    "starlette.concurrency": "run_in_threadpool",
}
_COROUTINES = frozenset(
    f"{owner}.{name}" for owner, names in _METHODS.items() for name in names.split()
)
"""Coroutine functions of libraries."""
_LAST = frozenset(name.rpartition(".")[2] for name in _COROUTINES)
_OWNERS = tuple(
    sorted(
        {owner.rpartition(".")[2] for owner in _METHODS if "." in owner} | {"asyncio"}
    )
)
_BUILTIN_METHODS = frozenset(name for kind in (dict, list, set) for name in dir(kind))
_PLAIN = frozenset(
    f"builtins.{name}"
    for name in [
        "bool",
        "dict",
        "enumerate",
        "float",
        "int",
        "iter",
        "len",
        "list",
        "max",
        "min",
        "print",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "sorted",
        "str",
        "sum",
        "tuple",
        "zip",
    ]
) | {"json.dumps"}
"""Functions to which a coroutine is as good as any object: none awaits it."""
_OF_COROUTINES = frozenset(
    {
        "close",
        "send",
        "throw",
        "__await__",
        "cr_await",
        "cr_code",
        "cr_frame",
        "cr_running",
    }
)


_NEVER_LOST = (
    *(ast.Await, ast.keyword, ast.withitem, ast.Starred, ast.NamedExpr, ast.Lambda),
    *(ast.Yield, ast.YieldFrom, ast.Raise),
)
"""What may hold a call whose result then goes on, or is waited for."""


def check(review: Review) -> Iterator[Finding]:
    """Flag the calls whose coroutine nothing can await any more."""
    words = _words(review)
    for file in review.files:
        for call in file.nodes(ast.Call):
            last = last_name(call.func)
            if last not in words and (last not in _LAST or not file.mentions(*_OWNERS)):
                continue
            if _is_of_builtin(review, file, call, last):
                continue
            # What the call gives is known; how a name is used may have to be asked.
            if not _may_be_lost(file, call) or not _is_coroutine(review, file, call):
                continue
            use = _use(review, file, call)
            if use is None:
                continue
            yield review.finding(
                RULE,
                file,
                call,
                f"`{file.text(call.func)}(...)` makes a coroutine that {use}: it is "
                "never awaited, so its work is not done",
                entry=entry_at(review, file, call),
            )


def _may_be_lost(file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a call stands where a coroutine can be lost, as far as the place tells."""
    parent = file.parent(call)
    if isinstance(parent, ast.Call):
        return f"builtins.{last_name(parent.func)}" in _PLAIN
    if isinstance(parent, ast.Assign):
        return len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name)
    if isinstance(parent, (*FUNCTIONS, ast.arguments, ast.ClassDef)):
        return False  # A decorator, or what a parameter is by default.
    if isinstance(parent, (ast.Dict, ast.List, ast.Tuple)):
        return isinstance(file.parent(parent), ast.Return)
    return not isinstance(parent, _NEVER_LOST)


def _words(review: Review) -> set[str]:
    """Return the names under which coroutine functions of the project may be called."""
    words: set[str] = set()
    files = [
        file
        for file in review.all_files
        if not review.is_test(file) and file.mentions("async def")
    ]
    for file in files:
        words.update(node.name for node in file.nodes(ast.AsyncFunctionDef))
        for imported in file.nodes(ast.ImportFrom, ast.Import):
            if isinstance(imported, (ast.ImportFrom, ast.Import)):
                words.update(a.asname for a in imported.names if a.asname)
    # A plain function may return the coroutine that another makes.
    words.update(
        function.name
        for file in files
        for returned in file.nodes(ast.Return)
        if isinstance(returned.value, ast.Call)
        and last_name(returned.value.func) in words
        and isinstance(function := file.scope(returned), ast.FunctionDef)
    )
    return words


def _is_of_builtin(
    review: Review, file: ReviewedFile, call: ast.Call, last: str
) -> bool:
    """Whether a call is, most likely, of a dictionary, list or text: `data.get("x")`.

    It is not where its owner is bound at module level or is `self`, or where a `get`
    asks for a variable or an address.
    """
    if last not in _BUILTIN_METHODS or not isinstance(call.func, ast.Attribute):
        return False
    owner = call.func.value
    if isinstance(owner, ast.Name) and owner.id == "self":
        return False
    if review.static_names(file, call):
        return False
    first = call.args[0] if call.args else None
    return last != "get" or (
        isinstance(first, ast.Constant)
        and not (isinstance(first.value, str) and "/" in first.value)
    )


def _is_coroutine(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    value = review.value(file, node)
    if kinds.all_are(value, kinds.is_coroutine):
        return True
    if isinstance(node, ast.Call) and last_name(node.func) in _LAST:
        names = review.names(file, node)
        return bool(names) and names <= _COROUTINES
    return False


def _use(review: Review, file: ReviewedFile, node: ast.expr) -> str | None:
    """Return how an expression is used if no coroutine survives that; None if one may."""
    parent = file.parent(node)
    if isinstance(parent, ast.Expr):
        return "is dropped"
    if isinstance(parent, ast.Return):
        return _returned(review, file, node)
    if isinstance(parent, (ast.Assign, ast.AnnAssign)):
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        if len(targets) == 1 and isinstance(targets[0], ast.Name):
            return _named(review, file, parent, targets[0].id)
        return None
    return _as_value(review, file, node)


def _as_value(review: Review, file: ReviewedFile, node: ast.expr) -> str | None:
    """Return how an expression is used where only its value is."""
    parent = file.parent(node)
    if isinstance(parent, ast.Attribute):
        if parent.attr in _OF_COROUTINES:
            return None
        return f"is asked for its attribute `{parent.attr}`"
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return "is subscripted"
    if isinstance(parent, (ast.If, ast.While, ast.Assert)) and parent.test is node:
        return "is tested for truth"
    if isinstance(parent, ast.IfExp):
        return "is tested for truth" if parent.test is node else None
    if isinstance(parent, ast.comprehension):
        if parent.iter is node:
            return "is iterated over"
        return "is tested for truth"
    if isinstance(parent, (ast.For, ast.AsyncFor)) and parent.iter is node:
        return "is iterated over"
    if isinstance(parent, ast.UnaryOp):
        return "is tested for truth"
    if isinstance(parent, ast.BoolOp):
        if parent.values[-1] is not node:
            return "is tested for truth"
        return _as_value(review, file, parent)
    if isinstance(parent, ast.Compare):
        return "is compared"
    if isinstance(parent, ast.FormattedValue):
        return "is formatted into a text"
    if isinstance(parent, ast.BinOp):
        return "is calculated with"
    if isinstance(parent, ast.Call) and node in parent.args:
        names = review.static_names(file, parent)
        if names and names <= _PLAIN:
            return f"is passed to `{file.text(parent.func)}`"
        return None
    if isinstance(parent, (ast.Dict, ast.List, ast.Tuple)):
        outer = file.parent(parent)
        if isinstance(outer, ast.Return) and _handler(review, file, outer):
            return "is returned as data"
    return None


def _handler(review: Review, file: ReviewedFile, node: ast.AST) -> bool:
    function = file.scope(node)
    if not isinstance(function, FUNCTIONS):
        return False
    info = review.function_info(file, function)
    return info is not None and review.handler_of(info) is not None


def _returned(review: Review, file: ReviewedFile, node: ast.expr) -> str | None:
    """Return why nobody awaits what a function returns.

    FastAPI awaits what an `async def` handler is, not what it gives. Any other function
    counts by those who await it: what they get must be used as a value everywhere.
    """
    function = file.scope(node)
    if not isinstance(function, FUNCTIONS):
        return None
    if _handler(review, file, node):
        return "is returned as the answer"
    if not isinstance(function, ast.AsyncFunctionDef):
        return None
    info = review.function_info(file, function)
    if info is None:
        return None
    uses: list[str | None] = []
    for caller in review.callers(info):
        where = review.file_of(caller.module)
        body = review.node_of(caller)
        if where is None or body is None:
            return None
        uses.extend(
            _use(review, where, inner)
            for inner in own_nodes(body)
            if isinstance(inner, ast.Await)
            and isinstance(inner.value, ast.Call)
            and any(
                kinds.is_function(a) and getattr(a, "function", None) is info
                for a in review.callees(where, inner.value)
            )
        )
    if uses and all(use is not None for use in uses):
        return "is returned to callers who await only the function itself"
    return None


def _named(
    review: Review, file: ReviewedFile, assignment: ast.stmt, name: str
) -> str | None:
    """Return how a coroutine under a local name is used, if nothing awaits it."""
    function = file.scope(assignment)
    if not isinstance(function, FUNCTIONS) or name not in file.local_names(function):
        return None
    uses: list[str] = []
    written, bound_outside = _names_in(function)
    if name in bound_outside:
        return None
    for node in written.get(name, ()):
        if isinstance(node.ctx, ast.Del):
            return None
        if isinstance(node.ctx, ast.Store):
            continue
        if file.scope(node) is not function:
            return None
        use = _load(review, file, function, node)
        if use is None:
            return None
        uses.append(use)
    return uses[0] if uses else "is kept under a name that nothing reads"


@lru_cache(maxsize=256)
def _names_in(
    function: FunctionNode,
) -> tuple[dict[str, list[ast.Name]], frozenset[str]]:
    """Return the names that are written in a function, and those it binds outside."""
    written: dict[str, list[ast.Name]] = {}
    outside: set[str] = set()
    for node in walk(function):
        if isinstance(node, ast.Name):
            written.setdefault(node.id, []).append(node)
        elif isinstance(node, (ast.Nonlocal, ast.Global)):
            outside.update(node.names)
    return written, frozenset(outside)


def _load(
    review: Review, file: ReviewedFile, function: FunctionNode, node: ast.Name
) -> str | None:
    parent = file.parent(node)
    if isinstance(parent, ast.Return):
        return "is returned as the answer" if _handler(review, file, node) else None
    if isinstance(parent, ast.Expr):
        return "is dropped"
    use = _as_value(review, file, node)
    if use is None or not _is_coroutine(review, file, node):
        # A name that may stand for something else as well: nothing can be said.
        return (
            use if use is not None and _is_plain_library(review, file, node) else None
        )
    return use


def _is_plain_library(review: Review, file: ReviewedFile, node: ast.Name) -> bool:
    """Whether a name only ever holds one call, of a library's coroutine function."""
    function = file.scope(node)
    calls = [
        inner.value
        for inner in own_nodes(function)
        if isinstance(inner, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == node.id for t in inner.targets)
    ]
    stores = [
        inner
        for inner in own_nodes(function)
        if isinstance(inner, ast.Name)
        and inner.id == node.id
        and isinstance(inner.ctx, ast.Store)
    ]
    return (
        len(calls) == 1
        and len(stores) == 1
        and isinstance(calls[0], ast.Call)
        and _is_coroutine(review, file, calls[0])
    )


def fix(review: Review, finding: Finding) -> Fix | None:
    """Await the call; in a lambda, or a plain function, nothing can."""
    file = places.file_of(review, finding)
    call = places.node_at(file, finding, ast.Call) if file is not None else None
    if file is None or call is None:
        return None
    child: ast.AST = call
    for parent in file.ancestors(call):
        if isinstance(parent, ast.GeneratorExp) and child is not parent.generators[0]:
            return None  # it would become an asynchronous generator
        if isinstance(parent, ast.comprehension) and child is not parent.iter:
            return None
        if isinstance(parent, (ast.Lambda, ast.FunctionDef, ast.ClassDef)):
            return None
        if isinstance(parent, ast.AsyncFunctionDef):
            if child not in parent.body:
                return None  # a decorator, a default
            break
        child = parent
    else:
        return None
    holder = file.parent(call)
    tight = (
        isinstance(holder, (ast.Attribute, ast.Await))
        or (isinstance(holder, ast.Subscript) and holder.value is call)
        or (isinstance(holder, ast.Call) and holder.func is call)
    )
    if not tight:
        return Fix(True, (places.before(file, call, "await "),))
    return Fix(
        True, (places.before(file, call, "(await "), places.after(file, call, ")"))
    )
