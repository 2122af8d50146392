"""RW508 default-style-depends.

Ruff's FAST002 says the same of every marker and by the spelling of `Depends`; which
parameters are injected is known here already, so that no second pass over the files is
needed, and aliases and re-exports of `Depends` are told too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding, Fix, Unfixed
from roadworthy.fixes import parameters, places
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.handlers import Handler, HandlerParameter
from roadworthy.rules.review import Review
from roadworthy.values.atoms import Function, Wrapped

RULE = Rule(
    code="RW508",
    name="default-style-depends",
    severity="advice",
    advice=True,
    summary="A dependency is declared as the default of its parameter.",
    why=(
        "The default is not one: called in a test or from other code, the function gets "
        "the `Depends` object, and type checkers see a default of the wrong type. "
        "`Annotated` keeps both right, and can be given a name and used again."
    ),
    instead="`x: Annotated[T, Depends(f)]`.",
    wrong="""\
from fastapi import Depends, FastAPI

app = FastAPI()


async def get_limit() -> int:
    return 10


@app.get("/pens")
async def read_pens(limit: int = Depends(get_limit)) -> int:  # expect: RW508
    return limit
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


async def get_limit() -> int:
    return 10


@app.get("/pens")
async def read_pens(limit: Annotated[int, Depends(get_limit)]) -> int:
    return limit
""",
    fixed="""\
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


async def get_limit() -> int:
    return 10


@app.get("/pens")
async def read_pens(limit: Annotated[int, Depends(get_limit)]) -> int:  # expect: RW508
    return limit
""",
    fix_summary="Moves the dependency into `Annotated`, for all parameters of a function at once; those without a default move before those with one. Unsafe: who calls the function directly, without the parameter, gets an error instead of the `Depends` object.",
    fix_safe=False,
    references=(
        "https://fastapi.tiangolo.com/tutorial/dependencies/",
        "https://docs.astral.sh/ruff/rules/fast-api-non-annotated-dependency/",
    ),
)


_NOTE = (
    "called directly without it, the function fails instead of getting the `Depends` "
    "object; parameters may change their order"
)


def check(review: Review) -> Iterator[Finding]:
    """Flag the parameters of handlers and dependencies whose default is `Depends(...)`."""
    seen: set[tuple[str, int, int]] = set()
    for handler in review.handlers():
        yield from _of(
            review, handler, review.parameters(handler), handler.signature, seen
        )
        for route in handler.routes:
            for use in review.dependencies(route):
                for function in use.functions:
                    parameters = review.parameters_of(function)
                    yield from _of(review, handler, parameters, function, seen)


def _of(
    review: Review,
    handler: Handler,
    parameters: list[HandlerParameter],
    function: Function,
    seen: set[tuple[str, int, int]],
) -> Iterator[Finding]:
    file = review.file_of(function.function.module)
    if file is None or not review.is_application_file(file):
        return
    for parameter in parameters:
        node = parameter.node
        if node is None or not _is_default(parameter):
            continue
        key = (file.relative, node.lineno, node.col_offset)
        if key not in seen:
            seen.add(key)
            yield review.finding(
                RULE,
                file,
                node,
                f"`{parameter.name}` has `Depends(...)` for its default",
                entry=handler,
            )


def _is_default(parameter: HandlerParameter) -> bool:
    return any(
        isinstance(atom, Wrapped) and atom.kind == "depends"
        for atom in parameter.default
    )


def fix(review: Review, finding: Finding) -> Fix | Unfixed | None:
    """Move all dependencies of the function into `Annotated`."""
    file = places.file_of(review, finding)
    node = places.node_at(file, finding, ast.arg) if file is not None else None
    function = parameters.function_with(file, node) if file and node else None
    if file is None or function is None:
        return None
    every = (*parameters.positional(function), *parameters.by_keyword(function))
    if not any(p.node is node and parameters.can_be_annotated(file, p) for p in every):
        return Unfixed("`Annotated` needs a type that is written out beside it")
    wanted = {p.node for p in every if _is_marked(review, file, p.default)}
    name = function.name
    return parameters.with_dependencies_annotated(
        file, function, wanted, _NOTE, lambda: not _is_called_by_position(review, name)
    )


def _is_marked(review: Review, file: ReviewedFile, default: ast.expr | None) -> bool:
    return default is not None and any(
        isinstance(atom, Wrapped) and atom.kind == "depends"
        for atom in review.value(file, default)
    )


def _is_called_by_position(review: Review, name: str) -> bool:
    """Whether something calls a function of this name with arguments by position."""
    for file in review.all_files:
        if not file.mentions(f"{name}("):
            continue
        for used in file.named(name):
            call = file.parent(used)
            if isinstance(call, ast.Call) and call.func is used and call.args:
                return True
    return False
