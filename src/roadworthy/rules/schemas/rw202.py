"""RW202 no-response-model."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from roadworthy.findings import Edit, Finding, Fix
from roadworthy.fixes import places
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.injection.functions import each_place
from roadworthy.rules.review import Review
from roadworthy.rules.schemas import shapes
from roadworthy.values.atoms import (
    ANY,
    Atom,
    ClassAtom,
    Const,
    Function,
    Instance,
    Sequence,
    Value,
)

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
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    id: int
    name: str


@app.get("/users/{user_id}")  # expect: RW202
async def read_user(user_id: int):
    return User(id=user_id, name="Ada")


@app.get("/users")  # expect: RW202
async def list_users():
    return {"users": [1, 2]}
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
    fixed="""\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    id: int
    name: str


@app.get("/users/{user_id}")  # expect: RW202
async def read_user(user_id: int) -> User:
    return User(id=user_id, name="Ada")


@app.get("/users")  # expect: RW202
async def list_users():
    return {"users": [1, 2]}
""",
    fix_summary="Annotates the result where the handler returns one known model (or a list of it) and its class has a name in the module; other answers need a schema that is still to be written.",
    references=("https://fastapi.tiangolo.com/tutorial/response-model/",),
)

_DEEPEST = 3
_PROXY = 3
"""A route for so many methods passes requests on; no one schema fits its answers."""
_NOTHING = (
    "It returns nothing: say so with `-> None` and `status_code=204`, for which FastAPI "
    "sends no body."
)
_RESPONSES = re.compile(r"response|redirect|stream|proxy|forward", re.IGNORECASE)


def check(review: Review) -> Iterator[Finding]:
    """Flag JSON routes with neither a response model nor an annotation with one."""
    for handler in each_place(review):
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
            yield review.route_finding(
                RULE,
                handler,
                f"{handler.label} has {missing}",
                instead=None if _returns_something(handler) else _NOTHING,
            )


def _returns_something(handler: Handler) -> bool:
    return any(
        isinstance(node, ast.Return) and node.value is not None
        for node in own_nodes(handler.node)
    )


def _is_exempt(handler: Handler) -> bool:
    return (
        handler.is_websocket
        or len(handler.methods) >= _PROXY
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
    if handler.atom.function is not handler.function:
        # A decorator's wrapper returns what all the handlers do that it wraps.
        own = kinds.known(review.returned(handler.function))
        if own and all(kinds.is_response(atom) for atom in own):
            return True
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


def fix(review: Review, finding: Finding) -> Fix | None:
    """Annotate the handler with the one model that it returns."""
    file = places.file_of(review, finding)
    for handler in review.handlers():
        if (
            handler.file is file
            and handler.place.position.line == finding.line
            and review.file_of(handler.place.module) is file
        ):
            break
    else:
        return None
    written = _written_type(review, handler, shapes.returned(review, handler))
    if written is None:
        return None
    returns = handler.node.returns
    if returns is not None:
        edit: Edit | None = places.replace(handler.file, returns, written)
    else:
        edit = places.result_annotation(handler.file, handler.node, written)
    return Fix(True, (edit,)) if edit is not None else None


def _written_type(review: Review, handler: Handler, value: Value) -> str | None:
    """Return how the handler's module names the type of a value; None if it cannot."""
    names: dict[str, None] = {}
    optional = False
    for atom in value:
        if isinstance(atom, Const) and atom.value is None:
            optional = True
            continue
        if isinstance(atom, Sequence) and atom.kind == "list":
            parts = atom.items if atom.items is not None else (atom.element,)
            inner = {_written_type(review, handler, part) for part in parts if part}
            name = inner.pop() if len(inner) == 1 else None
            name = f"list[{name}]" if name is not None else None
        else:
            name = _model_name(review, handler, atom)
        if name is None:
            return None
        names[name] = None
    if len(names) != 1:
        return None
    return " | ".join((*names, *(["None"] if optional else [])))


def _model_name(review: Review, handler: Handler, atom: Atom) -> str | None:
    """Return the name by which a module knows the class of a model, above a handler."""
    if not isinstance(atom, Instance) or not kinds.is_model(atom):
        return None
    if kinds.is_table_model(atom) or "typing.Generic" in kinds.lineage(atom):
        return None
    if not atom.exact and _has_subclass(review, atom):
        return None  # more than the model's fields may be returned
    for node in handler.file.tree.body:
        if node.lineno >= handler.node.lineno:
            break
        if isinstance(node, ast.ClassDef):
            if review.class_info(handler.file, node) is atom.cls:
                return node.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == atom.cls.name:
                    name = alias.asname or alias.name
                    known = ast.copy_location(ast.Name(name, ast.Load()), node)
                    if any(
                        isinstance(found, ClassAtom) and found.cls is atom.cls
                        for found in review.static(handler.file, known) or ()
                    ):
                        return name
    return None


def _has_subclass(review: Review, atom: Instance) -> bool:
    return any(
        cls is not atom.cls and atom.cls in cls.mro
        for cls in review.evaluator.classes_met()
    )
