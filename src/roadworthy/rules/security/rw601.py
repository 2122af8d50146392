"""RW601 unauthenticated-write."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.app.model import Router
from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.asking import changes_something, is_named_for_asking
from roadworthy.rules.security.authentication import Guards, guards
from roadworthy.rules.security.optional import is_optional
from roadworthy.rules.security.routes import is_open_by_name, is_webhook, is_writing
from roadworthy.rules.security.words import words
from roadworthy.values.program import FunctionInfo

RULE = Rule(
    code="RW601",
    name="unauthenticated-write",
    severity="error",
    summary="A route that writes, without authentication, in an application that has it.",
    why=(
        "Anybody who can reach the service can call this route and change its data. "
        "Where the other routes ask who is there, a missing dependency is seldom meant: "
        "one forgotten `Depends` is all that it takes. Where a `POST` route's name says "
        "that it asks (`/quote`, `check_name`), what it changes may be beside the point: "
        "that is advice."
    ),
    instead=(
        "Depend on the current user: `Annotated[User, Depends(get_current_user)]` as a "
        "parameter, or `dependencies=[Depends(get_current_user)]` on the router."
    ),
    wrong="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


@app.get("/items")
async def read_items(token: Annotated[str, Depends(oauth2_scheme)]) -> list[str]:
    return []


@app.post("/items")  # expect: RW601
async def create_item(name: str) -> str:
    return name
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


@app.post("/items")
async def create_item(
    name: str, token: Annotated[str, Depends(oauth2_scheme)]
) -> str:
    return name
""",
    references=(
        "https://fastapi.tiangolo.com/tutorial/security/",
        "https://owasp.org/API-Security/editions/2023/en/0xa2-broken-authentication/",
    ),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag writing routes with no security at any level, where others have it."""
    guard = guards(review)
    secured: dict[Router, bool] = {}
    for handler in review.handlers():
        if not is_writing(handler) or is_open_by_name(review, handler):
            continue
        application = handler.routes[0].application
        if application not in secured:
            secured[application] = has_scheme(review, guard, application)
        if not secured[application]:
            continue
        if guard.refuses(handler) or _is_guarded(review, guard, handler):
            continue
        if _changes_nothing(review, handler):
            continue
        # What a question changes (a cache, a log, a count) is mostly beside the point.
        asks = is_named_for_asking(handler)
        if asks and not changes_something(review, handler):
            continue
        if _verifies(review, handler, _TOLD if is_webhook(handler) else _SIGNATURE):
            continue
        yield review.route_finding(
            RULE,
            handler,
            f"`{handler.label}` {'may change' if asks else 'changes'} data and asks "
            "nobody who they are",
            severity="advice" if asks else None,
        )


def has_scheme(review: Review, guard: Guards, application: Router) -> bool:
    """Whether some route of an application is behind a security dependency."""
    if guard.has_authenticating_middleware(application):
        return True
    return any(
        guard.is_authenticating(use) and kinds.known(use.target)
        for route in review.routes
        if route.application is application
        for use in review.dependencies(route)
    )


def _is_guarded(review: Review, guard: Guards, handler: Handler) -> bool:
    for route in handler.routes:
        if any(guard.has_authenticating_middleware(router) for router in route.chain):
            continue
        uses = [
            use for use in review.dependencies(route) if guard.is_authenticating(use)
        ]
        if any(not is_optional(review, guard, use) for use in uses):
            continue
        if not uses or not any(
            _is_checked(handler, parameter.name)
            for parameter in review.parameters(handler)
            if parameter.kind == "depends"
        ):
            return False
    return True


def _is_checked(handler: Handler, name: str) -> bool:
    """Whether a handler tests a parameter, or hands it to something that may."""
    for part in own_nodes(handler.node):
        tested: list[ast.expr] = []
        if isinstance(part, (ast.If, ast.Assert)):
            tested = [part.test]
        elif isinstance(part, ast.Call):
            tested = [*part.args, *(keyword.value for keyword in part.keywords)]
        for node in tested:
            for inner in walk(node):
                if isinstance(inner, ast.Name) and inner.id == name:
                    return True
    return False


def _changes_nothing(review: Review, handler: Handler) -> bool:
    """Whether a handler only redirects, or gives one and the same answer."""
    body = [
        statement
        for statement in handler.node.body
        if not isinstance(statement, ast.Expr)
        or not isinstance(statement.value, ast.Constant)
        or statement.value.value is ...
    ]
    if len(body) != 1 or not isinstance(body[0], ast.Return):
        return False
    answer = body[0].value
    if isinstance(answer, ast.Call):
        return any(
            name.endswith(".RedirectResponse")
            for name in review.static_names(handler.file, answer)
        )
    return isinstance(answer, ast.Dict) and not any(
        isinstance(part, (ast.Name, ast.Call, ast.Attribute)) for part in walk(answer)
    )


def _verifies(review: Review, handler: Handler, telling: frozenset[str]) -> bool:
    """Whether a handler checks who signed the call, by the names that it uses."""
    seen: set[FunctionInfo] = set()
    level = [handler.function]
    for use in review.dependencies(handler):
        level.extend(function.function for function in use.functions)
    for _ in range(4):
        following: list[FunctionInfo] = []
        for function in level:
            if function in seen:
                continue
            seen.add(function)
            node = review.node_of(function)
            for part in own_nodes(node) if node is not None else ():
                name = ""
                if isinstance(part, ast.Attribute):
                    name = part.attr
                elif isinstance(part, ast.Name):
                    name = part.id
                said = words(name)
                if not telling.isdisjoint(said) or (
                    "compare" in said and "digest" in said
                ):
                    return True
            following.extend(review.called(function))
        level = following
    return False


_SIGNATURE = frozenset({"hmac", "signature", "signatures", "signed"})
_TOLD = _SIGNATURE | {"verify", "secret"}
"""What tells in a handler whose name says that another service calls it."""
