"""RW506 dependency-called-directly."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.injection.functions import dependency_functions, each_function
from roadworthy.rules.injection.sessions import handed_out
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.values.atoms import ClassAtom, Function
from roadworthy.values.program import FunctionInfo

RULE = Rule(
    code="RW506",
    name="dependency-called-directly",
    severity="error",
    summary="A generator dependency is called like a function.",
    why=(
        "The call gives a generator, not what it yields: the first use of it fails with "
        "`AttributeError: 'generator' object has no attribute …`, and what stands after "
        "the `yield` never runs."
    ),
    instead="Take it as a parameter: `db: Annotated[Session, Depends(get_db)]`.",
    wrong="""\
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
factory = sessionmaker(create_engine("sqlite://"))


def get_db():
    with factory() as db:
        yield db


@app.get("/pens")
def count_pens() -> int:
    db = get_db()  # expect: RW506
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

_CONSUMERS = (ast.For, ast.AsyncFor, ast.comprehension, ast.YieldFrom, ast.Starred)


def check(review: Review) -> Iterator[Finding]:
    """Flag calls whose generator is used as if it were what the dependency yields."""
    dependencies: frozenset[FunctionInfo] | None = None
    for handler in each_function(review):
        file = handler.file
        if not review.is_application_file(file):
            continue
        for call in own_nodes(handler.node):
            if not isinstance(call, ast.Call):
                continue
            taker = _taker(file, call)
            if taker is None and not _may_be(file, handler.node, call):
                continue
            callees = review.callees(file, call)
            if not callees:
                continue
            if dependencies is None:
                dependencies = frozenset(dependency_functions(review))
            if all(
                isinstance(atom, Function)
                and atom.function.code.is_generator
                and _is_dependency(review, atom.function, dependencies)
                and (taker is None or _takes_session(review, file, taker, atom))
                for atom in callees
            ):
                yield review.finding(
                    RULE,
                    file,
                    call,
                    f"`{file.text(call)}` gives a generator, not what it yields",
                    entry=handler,
                )


def _is_dependency(
    review: Review, info: FunctionInfo, dependencies: frozenset[FunctionInfo]
) -> bool:
    return info in dependencies or any(True for _ in handed_out(review, info))


def _taker(file: ReviewedFile, call: ast.Call) -> ast.Call | None:
    """Return the call to which the result of a call is handed."""
    parent = file.parent(call)
    if isinstance(parent, ast.keyword):
        parent = file.parent(parent)
    if isinstance(parent, ast.Call) and parent.func is not call:
        return parent
    return None


def _takes_session(
    review: Review, file: ReviewedFile, taker: ast.Call, dependency: Function
) -> bool:
    """Whether the project's own code is handed the generator in place of a session."""
    callees = review.callees(file, taker)
    return (
        bool(callees)
        and all(
            isinstance(atom, ClassAtom)
            or (isinstance(atom, Function) and not _iterates(review, atom.function))
            for atom in callees
        )
        and any(True for _ in handed_out(review, dependency.function))
    )


def _iterates(review: Review, info: FunctionInfo) -> bool:
    """Whether a function has loops over, or `next` of, one of its parameters."""
    file, node = review.file_of(info.module), review.node_of(info)
    if file is None or node is None:
        return True
    names = {parameter.name for parameter in info.code.parameters}
    return any(
        isinstance(inner, ast.Name)
        and inner.id in names
        and isinstance(inner.ctx, ast.Load)
        and _is_consumed(file, inner)
        for inner in walk(node)
    )


def _may_be(file: ReviewedFile, handler: FunctionNode, call: ast.Call) -> bool:
    """Whether the result of a call is used as it is, and never iterated."""
    parent = file.parent(call)
    if isinstance(parent, ast.Await):
        parent = file.parent(parent)
    if isinstance(parent, (ast.Attribute, ast.withitem, ast.Subscript)):
        if isinstance(parent, ast.Attribute):
            return not parent.attr.startswith(
                ("__", "send", "asend", "close", "aclose")
            )
        return True
    if isinstance(parent, ast.Assign):
        names = {t.id for t in parent.targets if isinstance(t, ast.Name)}
    elif isinstance(parent, (ast.AnnAssign, ast.NamedExpr)):
        names = {parent.target.id} if isinstance(parent.target, ast.Name) else set()
    else:
        return False
    return bool(names) and not any(
        node.id in names and isinstance(node.ctx, ast.Load) and _is_consumed(file, node)
        for node in walk(handler, ast.Name)
    )


def _is_consumed(file: ReviewedFile, node: ast.Name) -> bool:
    """Whether a generator is iterated, or handed on to what may iterate over it."""
    parent = file.parent(node)
    if isinstance(parent, _CONSUMERS):
        return True
    if isinstance(parent, ast.Attribute):
        return parent.attr in (
            "__next__",
            "__anext__",
            "send",
            "asend",
            "close",
            "aclose",
        )
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
        return parent.func.id in ("next", "anext", "list", "iter", "aiter", "tuple")
    return isinstance(parent, ast.Call) and "Response" in file.text(parent.func)
