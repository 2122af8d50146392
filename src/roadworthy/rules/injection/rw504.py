"""RW504 unsafe-session-dependency."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.injection.functions import dependency_functions
from roadworthy.rules.injection.sessions import handed_out
from roadworthy.rules.review import Review

RULE = Rule(
    code="RW504",
    name="unsafe-session-dependency",
    severity="error",
    summary="A dependency hands out a session that may never be closed.",
    why=(
        "When the handler fails, what stands after a bare `yield` does not run, and a "
        "session that was returned is closed by nobody: each error keeps a connection "
        "until the pool is empty and every request waits for one."
    ),
    instead="`async with session_factory() as session: yield session`.",
    wrong="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
factory = sessionmaker(create_engine("sqlite://"))


def get_db():
    db = factory()
    yield db  # expect: RW504
    db.close()


@app.get("/pens")
def count_pens(db: Annotated[Session, Depends(get_db)]) -> int:
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
        "https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/",
    ),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag the places where dependencies hand out what they opened, unguarded."""
    for info, handler in dependency_functions(review).items():
        file, node = review.file_of(info.module), review.node_of(info)
        if file is None or node is None or not review.is_application_file(file):
            continue
        for place in handed_out(review, info):
            if isinstance(place, ast.Return):
                what = "returns a session that nobody closes"
            elif not _is_closed(file, node, place):
                what = "yields a session outside `with` and `try … finally`"
            else:
                continue
            yield review.finding(
                RULE, file, place, f"`{node.name}` {what}", entry=handler
            )


def _is_closed(file: ReviewedFile, node: FunctionNode, place: ast.AST) -> bool:
    child = place
    for parent in file.ancestors(place):
        if parent is node:
            return False
        if isinstance(parent, (ast.With, ast.AsyncWith)) and child in parent.body:
            return True
        if isinstance(parent, ast.Try) and parent.finalbody:
            if child not in parent.finalbody:
                return True
        child = parent
    return False
