"""RW505 global-session."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop.definitions import Definitions
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.injection.sessions import is_handle, opens, yielded
from roadworthy.rules.review import Review

RULE = Rule(
    code="RW505",
    name="global-session",
    severity="error",
    summary="One session or connection, made at import, serves all requests.",
    why=(
        "Requests that run at the same time share one transaction: one commits half of "
        "what another does, an error in one leaves all of them in a failed transaction, "
        "and a dropped connection is never made anew."
    ),
    instead="Keep the engine or factory global, and hand out a session a request by `Depends`.",
    wrong="""\
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
factory = sessionmaker(create_engine("sqlite://"))
db = factory()  # expect: RW505


@app.get("/pens")
def count_pens() -> int:
    return db.scalar(text("SELECT count(*) FROM pens"))
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
factory = sessionmaker(create_engine("sqlite://"))


def get_db():
    with factory() as db:
        yield db


@app.get("/pens")
def count_pens(db: Annotated[Session, Depends(get_db)]) -> int:
    return db.scalar(text("SELECT count(*) FROM pens"))
""",
    references=(
        "https://docs.sqlalchemy.org/en/20/orm/session_basics.html"
        "#is-the-session-thread-safe-is-asyncsession-safe-to-share-in-concurrent-tasks",
    ),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag module-level sessions that functions on a path from a route use."""
    definitions: Definitions | None = None
    for file in review.files:
        for statement in file.nodes(ast.Assign, ast.AnnAssign):
            assert isinstance(statement, (ast.Assign, ast.AnnAssign))
            if not isinstance(file.scope(statement), ast.Module):
                continue
            if not _is_opened(review, file, statement.value):
                continue
            if definitions is None:
                definitions = Definitions(review)
            if definitions.is_used(file, statement):
                yield review.finding(
                    RULE,
                    file,
                    statement,
                    f"`{file.text(statement)}` makes one session for all requests",
                )


def _is_opened(review: Review, file: ReviewedFile, node: ast.expr | None) -> bool:
    return (
        isinstance(node, ast.Call)
        and kinds.any_is(yielded(review.value(file, node)), is_handle)
        and opens(review, file, node)
    )
