"""RW202 no-response-model."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.review import Review
from roadworthy.rules.schemas import shapes
from roadworthy.values.atoms import ANY, Function, Value

RULE = Rule(
    code="RW202",
    name="no-response-model",
    severity="warning",
    summary="A route whose response no schema describes.",
    why=(
        "Without a schema, every field of whatever the handler returns goes to the "
        "client, secrets included; nothing checks the answer, and the generated "
        "documentation and clients know nothing of it."
    ),
    instead=(
        "Return a Pydantic model and say so: `response_model=...` on the decorator, or "
        "the handler's return annotation."
    ),
    wrong="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/{user_id}")  # expect: RW202
async def read_user(user_id: int):
    return {"id": user_id, "name": "Ada"}
""",
    right="""\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    id: int
    name: str


@app.get("/users/{user_id}")
async def read_user(user_id: int) -> User:
    return User(id=user_id, name="Ada")
""",
    references=("https://fastapi.tiangolo.com/tutorial/response-model/",),
)

_DEEPEST = 3
_RESPONSES = re.compile(r"response|redirect|stream|proxy|forward", re.IGNORECASE)


def check(review: Review) -> Iterator[Finding]:
    """Flag JSON routes with neither a response model nor an annotation with one."""
    for handler in review.handlers():
        if _is_exempt(handler) or handler.option("response_model") is not None:
            continue
        types = review.returned_types(handler.function)
        if not types:
            missing = "neither `response_model=` nor a return annotation"
        elif _says_nothing(types):
            written = handler.file.text(handler.node.returns or handler.node)
            missing = f"no schema: `{written}` says nothing of the answer"
        else:
            continue
        if not _answers_by_itself(review, handler):
            yield review.route_finding(RULE, handler, f"{handler.label} has {missing}")


def _is_exempt(handler: Handler) -> bool:
    return (
        handler.is_websocket
        or handler.function.code.is_generator
        or not shapes.is_of_fastapi(handler)
        or not shapes.has_body(handler)
        or not shapes.is_in_schema(handler)
        or not shapes.answers_json(handler)
    )


def _says_nothing(types: Value) -> bool:
    if ANY in types:
        return False
    plain = kinds.plain_types(types)
    return bool(plain) and all(shapes.is_untyped(atom) for atom in plain)


def _answers_by_itself(review: Review, handler: Handler) -> bool:
    """Whether the handler returns response objects only, as far as can be told."""
    known = kinds.known(shapes.returned(review, handler))
    if known:
        return all(kinds.is_response(atom) for atom in known)
    return _may_return_response(review, handler.file, handler.node, 0)


def _may_return_response(
    review: Review, file: ReviewedFile, function: FunctionNode, depth: int
) -> bool:
    """Whether what a function returns may be a response, by the look of its code.

    For functions of which the run could not tell what they return.
    """
    for node in own_nodes(function):
        if not isinstance(node, ast.Return) or node.value is None:
            continue
        value = node.value.value if isinstance(node.value, ast.Await) else node.value
        if _RESPONSES.search(file.text(value)):
            return True
        if not isinstance(value, ast.Call):
            continue
        for atom in review.callees(file, value):
            if kinds.is_response(atom):
                return True
            if isinstance(atom, Function) and depth < _DEEPEST:
                other = review.file_of(atom.function.module)
                inner = review.node_of(atom.function)
                if other is None or inner is None:
                    continue
                if _may_return_response(review, other, inner, depth + 1):
                    return True
    return False
