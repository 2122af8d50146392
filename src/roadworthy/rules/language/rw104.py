"""RW104 sync-handler."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.fixes.event_loop.handlers import fix
from roadworthy.rules.base import Rule
from roadworthy.rules.injection.functions import each_place
from roadworthy.rules.review import Review

RULE = Rule(
    code="RW104",
    name="sync-handler",
    severity="warning",
    summary="A path operation declared with `def`.",
    why=(
        "FastAPI runs a `def` handler in a thread, and a process has 40 of them (tokens "
        "of AnyIO's limiter) for all `def` handlers, `def` dependencies and files "
        "together: when 40 requests wait for a slow database, the next one queues, "
        "whatever the machine could still do."
    ),
    instead=(
        "Declare it with `async def` and await asynchronous I/O; where a call has no "
        "asynchronous form, `await asyncio.to_thread(...)` around that call alone."
    ),
    wrong="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")  # expect: RW104
def read_item(item_id: int) -> dict[str, int]:
    return {"id": item_id}
""",
    right="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")
async def read_item(item_id: int) -> dict[str, int]:
    return {"id": item_id}
""",
    fixed="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")  # expect: RW104
async def read_item(item_id: int) -> dict[str, int]:
    return {"id": item_id}
""",
    fix_summary=(
        "`def` becomes `async def`, and calls of the handler are awaited; what blocks in "
        "it moves to a thread (then only with `--unsafe`, unless that is safe by itself). "
        "A handler that works with a database session is left: that takes "
        "`--migrate-async-db`."
    ),
    references=(
        "https://fastapi.tiangolo.com/async/",
        "https://www.starlette.io/threadpool/",
    ),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag each declaration of a handler that is a plain function."""
    for handler in each_place(review):
        if isinstance(handler.node, ast.FunctionDef) and not handler.is_websocket:
            yield review.route_finding(
                RULE,
                handler,
                f"`{handler.node.name}` is declared with `def`: each request to "
                f"{handler.label} holds one of the 40 threads of its process",
            )


__all__ = ["RULE", "check", "fix"]
