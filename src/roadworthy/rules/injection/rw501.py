"""RW501 session-in-handler."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.injection.functions import each_function
from roadworthy.rules.injection.sessions import is_handle, opens, yielded
from roadworthy.rules.review import Review

RULE = Rule(
    code="RW501",
    name="session-in-handler",
    severity="warning",
    summary="A handler opens its own database session or connection.",
    why=(
        "A test cannot replace the session, so that it reaches the real database; each "
        "handler decides anew when to commit, roll back and close, and one that forgets "
        "leaks connections until the pool is empty."
    ),
    instead="Take the session as a parameter: `db: Annotated[AsyncSession, Depends(get_db)]`.",
    wrong="""\
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

app = FastAPI()
factory = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


@app.get("/pens")
async def count_pens() -> int:
    async with factory() as db:  # expect: RW501
        return await db.scalar(text("SELECT count(*) FROM pens"))
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
factory = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_db():
    async with factory() as db:
        yield db


@app.get("/pens")
async def count_pens(db: Annotated[AsyncSession, Depends(get_db)]) -> int:
    return await db.scalar(text("SELECT count(*) FROM pens"))
""",
    references=("https://fastapi.tiangolo.com/tutorial/sql-databases/",),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag calls in handlers that open sessions; a websocket outlives an injected one."""
    for handler in each_function(review):
        file = handler.file
        if not review.is_application_file(file) or handler.is_websocket:
            continue
        given = _given(handler, {p.name for p in review.parameters(handler)})
        for call in own_nodes(handler.node):
            if not isinstance(call, ast.Call) or _root(call.func) in given:
                continue
            if not kinds.any_is(yielded(review.value(file, call)), is_handle):
                if not _is_on_pool(call):
                    continue
            if opens(review, file, call):
                yield review.finding(
                    RULE,
                    file,
                    call,
                    f"`{file.text(call)}` opens a session inside the handler",
                    entry=handler,
                )


def _given(handler: Handler, parameters: set[str]) -> set[str]:
    """Return the names that hold what is injected, or a part of it: a pool of
    `request.app.state` is the application's own."""
    given = parameters | {"self"}
    for node in own_nodes(handler.node):
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        if isinstance(value, ast.Attribute) and _root(value) in given:
            given |= {t.id for t in targets if isinstance(t, ast.Name)}
    return given


def _is_on_pool(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in (
        "acquire",
        "connection",
        "getconn",
        "connect",
    )


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Call)):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""
