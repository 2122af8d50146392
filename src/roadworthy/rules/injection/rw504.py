"""RW504 unsafe-session-dependency."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding, Fix
from roadworthy.fixes import blocks, places
from roadworthy.rules import kinds, library_names
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.injection.functions import dependency_functions
from roadworthy.rules.injection.sessions import handed_out
from roadworthy.rules.nodes import walk
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
    fixed="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
factory = sessionmaker(create_engine("sqlite://"))


def get_db():
    with factory() as db:
        yield db  # expect: RW504


@app.get("/pens")
def count_pens(db: Annotated[Session, Depends(get_db)]) -> int:
    return db.scalar(text("SELECT count(*) FROM pens"))
""",
    fix_summary="Opens the session in a `with` (or `async with`) around the `yield`; a dependency that returns its session is left to you.",
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


def fix(review: Review, finding: Finding) -> Fix | None:
    """Open the session in a `with` around all that follows."""
    file = places.file_of(review, finding)
    place = places.node_at(file, finding, ast.Yield) if file is not None else None
    function = file.function_of(place) if file and place else None
    if file is None or place is None or function is None:
        return None
    if not isinstance(place.value, ast.Name):
        return None
    name = place.value.id
    for index, statement in enumerate(function.body):
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target, value = statement.targets[0], statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            target, value = statement.target, statement.value
        else:
            continue
        if not isinstance(target, ast.Name) or target.id != name:
            continue
        word = _context(review, file, function, value)
        rest = function.body[index + 1 :]
        if word is None or not any(place in walk(node) for node in rest):
            return None
        return blocks.put_into_with(file, statement, value, name, rest, word)
    return None


def _context(
    review: Review, file: ReviewedFile, function: FunctionNode, opened: ast.expr
) -> str | None:
    """Return with which word a session is entered; None if leaving would not close it.

    Connections differ: to leave one that `sqlite3` or `psycopg2` made ends a transaction
    and leaves it open.
    """
    atoms = kinds.known(review.value(file, opened))
    if atoms and isinstance(opened, ast.Call):
        if all(kinds.inherits(atom, library_names.SYNC_SESSIONS) for atom in atoms):
            return "with"
        if isinstance(function, ast.AsyncFunctionDef) and all(
            kinds.inherits(atom, library_names.ASYNC_SESSIONS) for atom in atoms
        ):
            return "async with"
    return None
