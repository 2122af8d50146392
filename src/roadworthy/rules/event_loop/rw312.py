"""RW312 dangling-task."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop.places import called_names, entry_at, last_name
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.trees import targets_of

RULE = Rule(
    code="RW312",
    name="dangling-task",
    severity="warning",
    summary="A task that nothing keeps a reference to.",
    why=(
        "The event loop holds only weak references to tasks: one that nobody keeps can "
        "be garbage-collected halfway, so that the work silently never finishes, and "
        "its exception is told to nobody."
    ),
    instead=(
        "Keep it (`tasks.add(task); task.add_done_callback(tasks.discard)`), start it in "
        "an `asyncio.TaskGroup`, or hand the work to `BackgroundTasks`."
    ),
    wrong="""\
import asyncio

from fastapi import FastAPI

app = FastAPI()


async def rebuild_index() -> None: ...


@app.post("/index", status_code=202)
async def start_rebuild() -> None:
    asyncio.create_task(rebuild_index())  # expect: RW312
""",
    right="""\
import asyncio

from fastapi import FastAPI

app = FastAPI()
tasks: set[asyncio.Task[None]] = set()


async def rebuild_index() -> None: ...


@app.post("/index", status_code=202)
async def start_rebuild() -> None:
    task = asyncio.create_task(rebuild_index())
    tasks.add(task)
    task.add_done_callback(tasks.discard)
""",
    references=(
        "https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task",
        "https://docs.astral.sh/ruff/rules/asyncio-dangling-task/",
    ),
)

_STARTS = frozenset(
    {
        "asyncio.create_task",
        "asyncio.ensure_future",
        "asyncio.AbstractEventLoop.create_task",
        "asyncio.events.AbstractEventLoop.create_task",
    }
)


def check(review: Review) -> Iterator[Finding]:
    """Flag tasks that are started and dropped."""
    for file in review.files:
        if not file.mentions("create_task", "ensure_future"):
            continue
        for call in file.nodes(ast.Call):
            name = last_name(call.func)
            if name not in ("create_task", "ensure_future") or not _is_dropped(
                file, call
            ):
                continue
            if name == "ensure_future" and _is_task(review, file, call):
                continue
            names = called_names(review, file, call, ("create_task",))
            if names and names <= _STARTS:
                yield review.finding(
                    RULE,
                    file,
                    call,
                    f"nothing keeps the task that `{file.text(call.func)}(...)` starts; "
                    "it can be garbage-collected before it has run",
                    entry=entry_at(review, file, call),
                )


def _is_task(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether `ensure_future` is given a task: it gives back the very same."""
    if not call.args:
        return False
    given = call.args[0]
    function = file.function_of(call)
    if isinstance(given, ast.Name) and function is not None:
        # A name that is put into a set or list as well holds a task, no coroutine.
        for node in own_nodes(function):
            if (
                isinstance(node, ast.Call)
                and last_name(node.func) in ("add", "append")
                and any(isinstance(a, ast.Name) and a.id == given.id for a in node.args)
            ):
                return True
    return kinds.any_is(
        review.value(file, given),
        lambda atom: (kinds.path_of(atom) or "").rpartition(".")[2]
        in ("Task", "Future", "create_task"),
    )


def _is_dropped(file: ReviewedFile, call: ast.Call) -> bool:
    parent = file.parent(call)
    if isinstance(parent, ast.Expr):
        return True
    if isinstance(parent, ast.Attribute) and parent.attr == "add_done_callback":
        outer = file.parent(parent)
        return isinstance(outer, ast.Call) and isinstance(file.parent(outer), ast.Expr)
    targets = targets_of(parent) if parent is not None else []
    if len(targets) != 1:
        return False
    target = targets[0]
    function = file.scope(call)
    if not isinstance(target, ast.Name) or not isinstance(
        function, (ast.FunctionDef, ast.AsyncFunctionDef)
    ):
        return False
    return _is_never_read(function, target.id, call)


def _is_never_read(function: FunctionNode, name: str, call: ast.Call) -> bool:
    """Whether a local name is never read, and the function soon ends.

    While a function waits or yields, its frame keeps what its names hold.
    """
    for node in walk(function):
        if isinstance(node, ast.Name) and node.id == name:
            if not isinstance(node.ctx, ast.Store):
                return False
        elif isinstance(node, (ast.Global, ast.Nonlocal)) and name in node.names:
            return False
    for node in own_nodes(function):
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return False
        if (
            isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith))
            and node.lineno >= call.lineno
        ):
            return False
    return True
