"""RW201 untyped-body."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds, library_names
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.handlers import Handler, HandlerParameter
from roadworthy.rules.review import Review
from roadworthy.rules.schemas.shapes import is_untyped
from roadworthy.values.atoms import ANY
from roadworthy.values.program import FunctionInfo

RULE = Rule(
    code="RW201",
    name="untyped-body",
    severity="error",
    summary="A request body that no schema describes or checks.",
    why=(
        "Whatever a client sends goes through: a missing key becomes a 500 deep in the "
        "code, a wrong type reaches the database, and the OpenAPI schema tells clients "
        "nothing."
    ),
    instead=(
        "Declare a `BaseModel` in `schemas/` with the fields that the route reads, and "
        "take it as the parameter."
    ),
    wrong="""\
from fastapi import FastAPI

app = FastAPI()


@app.post("/users")
async def create_user(data: dict) -> str:  # expect: RW201
    return data["name"]
""",
    right="""\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class UserCreate(BaseModel):
    name: str


@app.post("/users")
async def create_user(data: UserCreate) -> str:
    return data.name
""",
    references=("https://fastapi.tiangolo.com/tutorial/body/",),
)

_READERS = ("json", "form")
_VALIDATES = ("model_validate", "validate_python", "parse_obj")


def check(review: Review) -> Iterator[Finding]:
    """Flag untyped body parameters, and handlers that read the body by hand."""
    seen: set[FunctionInfo] = set()
    for handler in review.handlers():
        if handler.is_websocket or handler.function in seen:
            continue
        seen.add(handler.function)
        for parameter in review.parameters(handler):
            if _is_untyped_body(handler, parameter):
                assert parameter.node is not None
                yield review.finding(
                    RULE,
                    handler.file,
                    parameter.node,
                    f"the body `{handler.file.text(parameter.node)}` of "
                    f"{handler.label} has no schema",
                    entry=handler,
                )
        for call in _reads_of_request(review, handler):
            text = handler.file.text(call)
            yield review.finding(
                RULE,
                handler.file,
                call,
                (
                    f"`{text}` reads the body of {handler.label} by hand: what the "
                    "schema refuses is not answered with 422 by itself, and the "
                    "API's description does not tell of it"
                    if _is_validated(handler.file, call)
                    else f"`{text}` reads the body of {handler.label} without a schema"
                ),
                entry=handler,
            )


def _is_validated(file: ReviewedFile, call: ast.Call) -> bool:
    """Whether what is read goes to a schema at once, in the handler."""
    parent = file.parent(call)
    if isinstance(parent, ast.Await):
        parent = file.parent(parent)
    return (
        isinstance(parent, ast.Call)
        and isinstance(parent.func, ast.Attribute)
        and parent.func.attr in _VALIDATES
    )


def _is_untyped_body(handler: Handler, parameter: HandlerParameter) -> bool:
    if parameter.kind != "body" or parameter.node is None or ANY in parameter.types:
        return False
    plain = parameter.plain_types
    if not plain:
        # `data = Body()`: whatever JSON there is.
        return not parameter.types and parameter.marker is not None
    if all(is_untyped(atom) for atom in plain):
        return True
    # A mapping whose keys the code knows is a record without a schema.
    return all(kinds.is_dict_type(atom) for atom in plain) and _has_known_keys(
        handler.node, parameter.name
    )


def _has_known_keys(function: ast.AST, name: str) -> bool:
    for node in own_nodes(function):
        if isinstance(node, ast.Subscript):
            owner, key = node.value, node.slice
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("get", "pop")
            and node.args
        ):
            owner, key = node.func.value, node.args[0]
        else:
            continue
        if (
            isinstance(owner, ast.Name)
            and owner.id == name
            and isinstance(key, ast.Constant)
            and isinstance(key.value, str)
        ):
            return True
    return False


def _reads_of_request(review: Review, handler: Handler) -> Iterator[ast.Call]:
    requests = {
        parameter.name
        for parameter in review.parameters(handler)
        if parameter.kind == "special"
        and any(
            kinds.inherits(atom, library_names.REQUESTS)
            for atom in parameter.plain_types
        )
    }
    requests -= _read_raw(handler, requests)
    if not requests:
        return
    for node in own_nodes(handler.node):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _READERS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in requests
        ):
            yield node


def _read_raw(handler: Handler, requests: set[str]) -> set[str]:
    """Return the requests whose raw body is read: what is signed is bytes, not a model."""
    return {
        node.func.value.id
        for node in own_nodes(handler.node)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "body"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in requests
    }
