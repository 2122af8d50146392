"""RW617 unchecked-object-access."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.review import Review
from roadworthy.rules.security.authentication import Guards, guards
from roadworthy.rules.security.bindings import arguments_for
from roadworthy.rules.security.words import is_credential
from roadworthy.values.atoms import Atom, ClassAtom, Function, Instance
from roadworthy.values.program import ClassInfo

RULE = Rule(
    code="RW617",
    name="unchecked-object-access",
    severity="warning",
    summary="An object of some user, loaded by an id of the path for any user.",
    why=(
        "That a client is logged in does not make the object theirs. By counting the "
        "id up, each user reads, changes and deletes what belongs to all the others: "
        "the most common hole of APIs."
    ),
    instead=(
        "Ask for the object and its owner in one query "
        "(`.where(Item.id == item_id, Item.owner_id == user.id)`), or check the owner."
    ),
    wrong="""\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("postgresql://db/shop")
app = FastAPI()
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


class Order(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int


def get_current_user(token: Annotated[str, Depends(oauth2_scheme)]) -> int:
    return int(token)


@app.get("/orders/{order_id}")  # expect: RW617
def read_order(
    order_id: int, user_id: Annotated[int, Depends(get_current_user)]
) -> Order:
    with Session(engine) as session:
        order = session.get(Order, order_id)
    if order is None:
        raise HTTPException(404)
    return order
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("postgresql://db/shop")
app = FastAPI()
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


class Order(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int


def get_current_user(token: Annotated[str, Depends(oauth2_scheme)]) -> int:
    return int(token)


@app.get("/orders/{order_id}")
def read_order(
    order_id: int, user_id: Annotated[int, Depends(get_current_user)]
) -> Order:
    with Session(engine) as session:
        order = session.get(Order, order_id)
    if order is None or order.owner_id != user_id:
        raise HTTPException(404)
    return order
""",
    references=(
        "https://owasp.org/API-Security/editions/2023/en/"
        "0xa1-broken-object-level-authorization/",
    ),
)

_OWNERS = frozenset(
    {
        "owner_id",
        "user_id",
        "author_id",
        "created_by",
        "created_by_id",
        "created_by_user_id",
        "creator_id",
        "owner",
        "customer_id",
        "account_id",
    }
)
_LOGGING = frozenset({"debug", "info", "warning", "error", "exception", "log"})


def check(review: Review) -> Iterator[Finding]:
    """Flag authenticated routes that load an owned object and never look at the user."""
    guard = guards(review)
    for handler in review.handlers():
        if handler.is_websocket or "{" not in handler.path:
            continue
        users = _users(review, guard, handler)
        if users is None or guard.is_administrators(handler):
            continue
        if _uses_any(handler.file, handler.node, users):
            continue
        parameters = [p.name for p in review.parameters(handler) if p.kind == "path"]
        for name in parameters:
            cls = _loaded(review, handler.file, handler.node, name, 0)
            if cls is not None:
                yield review.route_finding(
                    RULE,
                    handler,
                    f"any user may have the `{cls.name}` of `{name}`, whoever owns it",
                )
                break


def _users(review: Review, guard: Guards, handler: Handler) -> frozenset[str] | None:
    """Return the parameters that say who calls; None if no dependency asks, or if one
    looks at the object by itself."""
    found: set[str] = set()
    authenticated = False
    names = {p.name for p in review.parameters(handler) if p.kind == "path"}
    for use in review.dependencies(handler):
        if guard.is_authenticating(use):
            if not kinds.known(use.target):
                return None
            authenticated = True
            if use.depth == 0 and use.parameter:
                found.add(use.parameter)
        for function in use.functions:
            inner = {p.name for p in review.parameters_of(function, handler.path)}
            if not names.isdisjoint(inner):
                return None  # a dependency that knows the object may check it
            for parameter in review.parameters_of(function, handler.path):
                if parameter.kind == "special" and guard.is_authenticating(use):
                    node = review.node_of(function.function)
                    if node is not None and any(
                        isinstance(part, ast.Attribute)
                        and part.attr in ("path_params", "state")
                        for part in own_nodes(node)
                    ):
                        return None
    if not authenticated:
        return None
    # What else comes in by injection may hold the user as well.
    for parameter in review.parameters(handler):
        if parameter.kind in ("header", "cookie") and is_credential(parameter.name):
            found.add(parameter.name)  # who calls is found out by the handler itself
        if parameter.kind == "special" and any(
            kinds.is_request(atom) or "Request" in repr(atom)
            for atom in parameter.plain_types
        ):
            found.add(parameter.name)
    for use in review.dependencies(handler):
        if use.depth == 0 and use.parameter and not guard.is_authenticating(use):
            for function in use.functions:
                if any(
                    guard.is_authenticating(inner)
                    for inner in review.dependencies(function)
                ):
                    found.add(use.parameter)
    return frozenset(found)


def _uses_any(file: ReviewedFile, node: FunctionNode, names: frozenset[str]) -> bool:
    for part in own_nodes(node):
        if isinstance(part, ast.Name) and part.id in names:
            if not _is_logged(file, part):
                return True
    return False


def _is_logged(file: ReviewedFile, node: ast.AST) -> bool:
    for parent in file.ancestors(node):
        if isinstance(parent, ast.Call):
            function = parent.func
            return isinstance(function, ast.Attribute) and function.attr in _LOGGING
        if isinstance(parent, ast.stmt):
            return False
    return False


def _loaded(
    review: Review,
    file: ReviewedFile,
    node: FunctionNode,
    name: str,
    depth: int,
    receiver: Atom | None = None,
) -> ClassInfo | None:
    """Return the owned table from which a function loads a row by a parameter.

    `receiver` is the object whose method the function is, in this very call: a generic
    repository has one model for each object.
    """
    for part in own_nodes(node):
        if not isinstance(part, ast.Call):
            continue
        given = (*part.args, *(k.value for k in part.keywords))
        if not any(_is_named(argument, name) for argument in given):
            continue
        function = part.func
        if isinstance(function, ast.Attribute) and function.attr in ("get", "get_one"):
            if kinds.any_is(review.value(file, function.value), kinds.is_session):
                if part.args:
                    cls = _owned_of(review, file, part.args[0], receiver)
                    if cls is not None:
                        return cls
            else:
                cls = _selected(review, file, function.value, receiver)
                if cls is not None:
                    return cls
        if isinstance(function, ast.Attribute) and function.attr in (
            "where",
            "filter",
            "filter_by",
        ):
            cls = _compared(review, file, part, name, receiver)
            if cls is not None:
                return cls
        if depth < 3:
            for atom in review.callees(file, part):
                if not isinstance(atom, Function):
                    continue
                inner = review.node_of(atom.function)
                inner_file = review.file_of(atom.function.module)
                if inner is None or inner_file is None:
                    continue
                for parameter in atom.function.code.parameters:
                    if any(
                        _is_named(argument, name)
                        for argument in arguments_for(part, atom, parameter.name)
                    ):
                        cls = _loaded(
                            review,
                            inner_file,
                            inner,
                            parameter.name,
                            depth + 1,
                            atom.receiver,
                        )
                        if cls is not None:
                            return cls
    return None


def _compared(
    review: Review,
    file: ReviewedFile,
    call: ast.Call,
    name: str,
    receiver: Atom | None,
) -> ClassInfo | None:
    """Return the owned table whose key a query compares with a parameter, and only it."""
    for argument in call.args:
        if not isinstance(argument, ast.Compare):
            continue
        sides = (argument.left, *argument.comparators)
        if not any(_is_named(side, name) for side in sides):
            continue
        for side in sides:
            if isinstance(side, ast.Attribute) and side.attr in ("id", "uuid", "pk"):
                cls = _owned_of(review, file, side.value, receiver)
                if cls is not None:
                    return cls
    if len(call.keywords) == 1 and isinstance(call.func, ast.Attribute):
        keyword = call.keywords[0]
        if keyword.arg in ("id", "uuid", "pk") and _is_named(keyword.value, name):
            return _selected(review, file, call.func.value, receiver)
    return None


def _selected(
    review: Review, file: ReviewedFile, node: ast.expr, receiver: Atom | None
) -> ClassInfo | None:
    """Return the owned table that `select(Model)` or `session.query(Model)` is about."""
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    last = function.attr if isinstance(function, ast.Attribute) else ""
    if isinstance(function, ast.Name):
        last = function.id
    if last in ("select", "query", "delete", "update") and node.args:
        cls = _owned_of(review, file, node.args[0], receiver)
        if cls is not None:
            return cls
    if isinstance(function, ast.Attribute) and last in ("options", "join", "outerjoin"):
        return _selected(review, file, function.value, receiver)
    return None


def _is_named(node: ast.expr, name: str) -> bool:
    if isinstance(node, ast.Compare):
        return any(_is_named(side, name) for side in (node.left, *node.comparators))
    if isinstance(node, ast.Call) and len(node.args) == 1:
        return _is_named(node.args[0], name)
    return isinstance(node, ast.Name) and node.id == name


def _owned_of(
    review: Review, file: ReviewedFile, node: ast.expr, receiver: Atom | None
) -> ClassInfo | None:
    """Return the owned table that an expression certainly names."""
    value = review.value(file, node)
    if (
        isinstance(receiver, Instance)
        and isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    ):
        value = review.attribute_of(receiver, node.attr) or value
    found = [_owned(atom) for atom in kinds.known(value)]
    return found[0] if found and None not in found else None


def _owned(atom: Atom) -> ClassInfo | None:
    if not isinstance(atom, (ClassAtom, Instance)) or not kinds.is_table_model(atom):
        return None
    for base in atom.cls.mro:
        if isinstance(base, ClassInfo) and not _OWNERS.isdisjoint(
            {*base.annotations, *base.namespace}
        ):
            return atom.cls
    return None
